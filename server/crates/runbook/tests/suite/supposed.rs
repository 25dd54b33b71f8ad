//! Code spans that only say what would happen if somebody ran them, or who may; and what sounds like it and orders.

use crate::intros::INTROS;
use crate::typed::typed;

/// A sentence alone, and as an item beside another.
fn both(language: usize, words: &str) -> [String; 2] {
    [format!("# X\n\n{}\n\n{words}\n", INTROS[language]), format!("# X\n\n{}\n\n- {words}\n", INTROS[language])]
}

#[test]
fn what_running_something_would_do_orders_nothing() {
    for (language, words) in [
        (0, "No data is lost unless you run `docker volume prune` without looking first."),
        (0, "Nothing is lost, except if you run `docker volume prune`."),
        (0, "If you run `docker volume prune`, the data is gone."),
        (0, "When somebody runs `docker volume prune`, the data is gone."),
        (0, "Whoever runs `docker volume prune` loses the data."),
        (0, "Careful: running `docker volume prune` deletes everything."),
        (0, "Make sure that nobody runs `docker volume prune`."),
        (0, "Prevent anybody from running `docker volume prune`."),
        (0, "This is the same as running `docker volume prune`."),
        (0, "The risk of running `docker volume prune` is high."),
        (0, "A user who may not run `docker volume prune`."),
        (0, "Yesterday it was necessary to run `docker volume prune`."),
        (0, "Before running `docker volume prune`, make a copy."),
        (0, "A colleague forgot to run `docker volume prune`."),
        (1, "Não perde dados, a menos que você execute `docker volume prune` sem verificar primeiro."),
        (1, "Nada se perde, a não ser que rode `docker volume prune`."),
        (1, "Se você executar `docker volume prune`, perde os dados."),
        (1, "Caso alguém execute `docker volume prune`, avise a equipe."),
        (1, "Quem executar `docker volume prune` perde os dados."),
        (1, "Cuidado: executar `docker volume prune` apaga tudo."),
        (1, "Ao executar `docker volume prune`, os volumes somem."),
        (1, "É o mesmo que rodar `docker volume prune`."),
        (1, "O risco de executar `docker volume prune` é alto."),
        (1, "Usuário sem permissão para executar `docker volume prune`."),
        (1, "Ontem foi preciso executar `docker volume prune`."),
        (1, "Antes de executar `docker volume prune`, faça uma cópia."),
        (1, "O colega esqueceu de executar `docker volume prune`."),
        (2, "No se pierden datos, a menos que ejecutes `docker volume prune` sin verificar antes."),
        (2, "No se pierde nada, salvo que ejecute `docker volume prune`."),
        (2, "Si ejecutas `docker volume prune`, se pierden los datos."),
        (2, "Si alguien ejecuta `docker volume prune`, avise al equipo."),
        (2, "Quien ejecute `docker volume prune` pierde los datos."),
        (2, "Cuidado: ejecutar `docker volume prune` borra todo."),
        (2, "Al ejecutar `docker volume prune`, los volúmenes desaparecen."),
        (2, "Es lo mismo que ejecutar `docker volume prune`."),
        (2, "El riesgo de ejecutar `docker volume prune` es alto."),
        (2, "Un usuario sin permiso para ejecutar `docker volume prune`."),
        (2, "Ayer fue necesario ejecutar `docker volume prune`."),
        (2, "Antes de ejecutar `docker volume prune`, haga una copia."),
        (2, "Un compañero olvidó ejecutar `docker volume prune`."),
    ] {
        for text in both(language, words) {
            assert!(typed(&text).is_empty(), "{text}");
        }
    }
}

#[test]
fn an_order_behind_a_condition_is_one() {
    for (language, words) in [
        (0, "From then on run `docker volume ls`."),
        (0, "If the check fails run `docker volume ls`."),
        (0, "You have to run `docker volume ls`."),
        (0, "The next step is to run `docker volume ls`."),
        (0, "Unless you ran it before, run `docker volume ls`."),
        (0, "Before, run `docker volume ls`."),
        (1, "Antes execute `docker volume ls`."),
        (1, "Se a verificação falhar rode `docker volume ls`."),
        (1, "É preciso executar `docker volume ls`."),
        (1, "Certifique-se de executar `docker volume ls`."),
        (1, "Se alguém já parou o serviço, execute `docker volume ls`."),
        (2, "Antes ejecute `docker volume ls`."),
        (2, "Si la verificación falla ejecute `docker volume ls`."),
        (2, "Es necesario ejecutar `docker volume ls`."),
        (2, "Asegúrese de ejecutar `docker volume ls`."),
        (2, "Si alguien ya detuvo el servicio, ejecute `docker volume ls`."),
    ] {
        let [_, item] = both(language, words);
        assert_eq!(typed(&item), ["docker volume ls"], "{item}");
    }
}

#[test]
fn a_platform_is_told_what_to_start() {
    for (language, words, typed_too) in [
        (0, "## Start command", false),
        (0, "Check that the build command is right:", false),
        (0, "Set the start command to:", false),
        (0, "Run the build command:", true),
        (1, "## Comando de início", false),
        (1, "Verifique que o comando de build esteja correto:", false),
        (1, "Defina o comando de início:", false),
        (1, "Rode o comando de build:", true),
        (2, "## Comando de inicio", false),
        (2, "Verifica que el comando de inicio sea correcto:", false),
        (2, "Ejecute el comando de build:", true),
    ] {
        let text = format!("# X\n\n{}\n\n{words}\n\n```bash\nnpm start\n```\n", INTROS[language]);
        assert_eq!(typed(&text).len(), usize::from(typed_too), "{text}");
    }
    // Where a person starts to work there is more than one line.
    for (language, words) in [(0, "## Start command"), (1, "## Comando de início"), (2, "## Comando de inicio")] {
        let text = format!("# X\n\n{}\n\n{words}\n\n```bash\ncd /srv/shop\nmake test\n```\n", INTROS[language]);
        assert_eq!(typed(&text), ["cd /srv/shop", "make test"], "{text}");
    }
}

#[test]
fn what_a_comment_adds_to_an_opened_file_is_not_typed() {
    for comment in ["# Add or edit:", "# Adicione/edite:", "# Agregue:"] {
        let text = format!(
            "# X\n\n```bash\nsudo nano /etc/systemd/journald.conf\n\n{comment}\nSystemMaxUse=100M\n\nsudo systemctl restart systemd-journald\n```\n"
        );
        let wanted = ["sudo nano /etc/systemd/journald.conf", "sudo systemctl restart systemd-journald"];
        assert_eq!(typed(&text), wanted, "{text}");
        // Without an editor it is set for what follows.
        let text = format!("# X\n\n```bash\ncd /srv\n\n{comment}\nNAME=shop\n\n./start.sh\n```\n");
        assert_eq!(typed(&text), ["cd /srv", "NAME=shop", "./start.sh"], "{text}");
    }
}

#[test]
fn a_block_that_nobody_is_to_run_or_others_ran_is_shown() {
    let asked = |language: usize, words: &str| {
        let text = format!("# X\n\n{}\n\n{words}\n\n```bash\ndocker rm web\n```\n", INTROS[language]);
        !typed(&text).is_empty()
    };
    for (language, words) in [
        (0, "Make sure that nobody runs this:"),
        (0, "Prevent anybody from running this in production:"),
        (0, "Keep anybody from running this:"),
        (0, "The risk of running this is high:"),
        (0, "The attacker managed to run:"),
        (1, "Garanta que ninguém execute isto:"),
        (1, "Impeça que alguém execute isto:"),
        (1, "O risco de executar isto é alto:"),
        (1, "O atacante conseguiu executar:"),
        (2, "Asegúrese de que nadie ejecute esto:"),
        (2, "Impida que alguien ejecute esto:"),
        (2, "El riesgo de ejecutar esto es alto:"),
        (2, "El atacante logró ejecutar:"),
    ] {
        assert!(!asked(language, words), "{words}");
    }
    for (language, words) in [
        (0, "Check that nobody is connected and run this:"),
        (0, "Stop the worker and run it again:"),
        (0, "Keep running it until nothing is left:"),
        (0, "If somebody tried to run it, clean up:"),
        (0, "To reduce the risk, run this:"),
        (1, "Veja que ninguém está conectado e execute isto:"),
        (1, "Para reduzir o risco, execute isto:"),
        (2, "Vea que nadie está conectado y ejecute esto:"),
        (2, "Para reducir el riesgo, ejecute esto:"),
    ] {
        assert!(asked(language, words), "{words}");
    }
}

#[test]
fn a_command_as_a_text_or_warned_of_is_not_run() {
    for (language, words) in [
        (0, "Remove `docker volume prune` from the crontab."),
        (0, "Remove the `docker volume prune` from the cron (Ana)"),
        (1, "Remover o `docker volume prune` do cron (Ana)"),
        (2, "Quitar el `docker volume prune` del cron"),
        (0, "Replace `docker volume prune` with `docker volume ls`."),
        (0, "Check whether the script calls `docker volume prune`."),
        (0, "Review the cron that runs `docker volume prune`."),
        (0, "Beware of `docker volume prune`."),
        (1, "Remova `docker volume prune` do crontab."),
        (1, "Trocar `docker volume prune` por `docker volume ls`."),
        (1, "Verificar se o script chama `docker volume prune`."),
        (1, "Revisar o cron que roda `docker volume prune`."),
        (1, "Cuidado com o `docker volume prune`."),
        (2, "Quite `docker volume prune` del crontab."),
        (2, "Cambiar `docker volume prune` por `docker volume ls`."),
        (2, "Verificar si el script llama a `docker volume prune`."),
        (2, "Revisar el cron que corre `docker volume prune`."),
        (2, "Buscar `docker volume prune` en los scripts."),
        (2, "Cuidado con `docker volume prune`."),
    ] {
        let [_, item] = both(language, words);
        assert!(typed(&item).is_empty(), "{item}");
        let boxed = format!("# X\n\n{}\n\n- [ ] {words}\n", INTROS[language]);
        assert!(typed(&boxed).is_empty(), "{boxed}");
    }
    for (language, words) in [
        (0, "Remove it: `docker volume prune`"),
        (0, "Delete what is left with `docker volume prune`"),
        (1, "Remover os volumes: `docker volume prune`"),
        (2, "Eliminar los volúmenes con `docker volume prune`"),
    ] {
        let [_, item] = both(language, words);
        assert_eq!(typed(&item), ["docker volume prune"], "{item}");
    }
}

#[test]
fn labels_of_what_was_done_or_went_wrong_order_nothing() {
    for (language, label) in [
        (0, "Trigger"),
        (0, "Executed by mistake"),
        (0, "The user typed"),
        (0, "Irreversible"),
        (0, "Malicious command"),
        (0, "Already run"),
        (1, "Gatilho"),
        (1, "Executado por engano"),
        (1, "O usuário digitou"),
        (1, "⚠️ Irreversível"),
        (1, "Comando malicioso"),
        (1, "Já executado"),
        (2, "Disparador"),
        (2, "Ejecutado por error"),
        (2, "El usuario escribió"),
        (2, "Peligroso"),
        (2, "Comando malicioso"),
        (2, "Ya ejecutado"),
    ] {
        for text in [
            format!("# X\n\n{}\n\n- **{label}:** `docker rm web`\n- {label}: `docker rm web`\n", INTROS[language]),
            format!("# X\n\n{}\n\n**{label}:**\n\n```bash\ndocker rm web\n```\n", INTROS[language]),
        ] {
            assert!(typed(&text).is_empty(), "{text}");
        }
    }
    for (language, label) in [
        (0, "Command to be executed"),
        (0, "Logs"),
        (1, "Comando a ser executado"),
        (1, "Causa provável e o que fazer"),
        (2, "Comando a ejecutar"),
        (2, "Yo ejecuto"),
    ] {
        let text = format!("# X\n\n{}\n\n- {label}: `docker rm web`\n", INTROS[language]);
        assert_eq!(typed(&text), ["docker rm web"], "{text}");
    }
}

#[test]
fn what_an_outage_began_with_is_told() {
    for (language, words) in [
        (0, "The outage started with `docker rm web`."),
        (1, "A queda começou com `docker rm web`."),
        (2, "La caída empezó con `docker rm web`."),
        // In Portuguese "o" joins nothing.
        (1, "Sem o `docker rm web` nada muda."),
    ] {
        for text in both(language, words) {
            assert!(typed(&text).is_empty(), "{text}");
        }
    }
}
