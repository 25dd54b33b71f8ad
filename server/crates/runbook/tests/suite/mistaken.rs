//! What goes wrong and what people do wrong: failures as one may see them, lists of mistakes, questions.

use crate::intros::INTROS;
use crate::typed::typed;
use farol_api::graph::NodeKind;
use farol_runbook::{inspect, parse};

fn document(language: usize, text: &str) -> String {
    format!("# X\n\n{}\n\n## A\n\n{text}", INTROS[language])
}

#[test]
fn a_failure_that_one_may_see_is_not_run_again() {
    let transcript = "```\nroot@db-1:~# mount /dev/shop/base /mnt\nmount: Structure needs cleaning\n```\n";
    for (language, words) in [
        (0, "If you see an error like the following, please proceed to the next section."),
        (0, "If you get an error similar to this:"),
        (0, "When the following error appears:"),
        (1, "Se aparecer um erro como o seguinte:"),
        (1, "Caso apareça a seguinte mensagem:"),
        (2, "Si ves un error como este:"),
        (2, "Si aparece el siguiente error:"),
        (0, "You might see the following error:"),
        (0, "The command fails with:"),
        (0, "Sometimes the mount fails with an error:"),
        (0, "What it looks like when it fails:"),
        (1, "Pode aparecer um erro parecido com este:"),
        (1, "O comando falha com a seguinte mensagem:"),
        (1, "Exemplo de execução com erro:"),
        (2, "Puede aparecer el siguiente error:"),
        (2, "El comando falla con el siguiente mensaje:"),
        (2, "Recibirá este error:"),
    ] {
        let text = document(language, &format!("{words}\n\n{transcript}"));
        assert_eq!(typed(&text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn what_helps_against_a_failure_is_run() {
    let transcript = "```\n$ rm /var/run/shop.pid\nremoved '/var/run/shop.pid'\n```\n";
    for (language, words) in [
        (0, "If you get an error like this, delete the file:"),
        (0, "If you get an error like the one above, run:"),
        (0, "If the service does not start:"),
        (1, "Se aparecer o seguinte erro, apague o arquivo:"),
        (1, "Se aparecer um erro como este, rode:"),
        (2, "Si aparece el siguiente error, borre el archivo:"),
        (0, "The fix for this error:"),
        (0, "To get around this error:"),
        (0, "It fails with an error, so delete the file:"),
        (0, "Failed pods:"),
        (1, "Para contornar este erro:"),
        (2, "La solución de este error:"),
    ] {
        let text = document(language, &format!("{words}\n\n{transcript}"));
        assert_eq!(typed(&text), ["rm /var/run/shop.pid"], "{text}");
    }
    // Without an answer below it, what stands there is what helps.
    let bare = document(0, "If you see an error like this:\n\n```\n$ rm /var/run/shop.pid\n```\n");
    assert_eq!(typed(&bare), ["rm /var/run/shop.pid"]);
}

#[test]
fn what_people_do_wrong_is_no_step() {
    for (language, name, items) in [
        (0, "Common mistakes", "- Running `docker compose down -v` in production\n- Forgetting the copy\n"),
        (0, "Common operator mistakes", "- Run `docker compose down -v` in production\n- Forget the copy\n"),
        (0, "Pitfalls", "1. Run `docker compose down -v` in production\n2. Mix the servers\n"),
        (1, "Erros frequentes", "- Executar `docker compose down -v` em produção\n- Esquecer a cópia\n"),
        (2, "⚠️ Errores comunes", "1. Ejecutar `docker compose down -v` en producción\n2. Mezclar entornos\n"),
        (2, "Errores Comunes", "- No documentar el incidente\n- Correr `docker compose down -v`\n"),
    ] {
        for head in [format!("## {name}"), format!("## A\n\n**{name}:**"), format!("## 3. {name}")] {
            let text = format!("# X\n\n{}\n\n{head}\n\n{items}", INTROS[language]);
            let counts = inspect(&text, None).1;
            assert_eq!((typed(&text).len(), counts.manual_steps), (0, 0), "{text}");
        }
    }
}

#[test]
fn problems_and_what_to_do_about_them_stay_steps() {
    for (language, text) in [
        (0, "## Common mistakes\n\n- **The disk is full**: run `df -h`\n"),
        (0, "## Common mistakes\n\n- Guessing the space: look it up with `df -h`\n- Filling the disk\n"),
        (0, "## Recovering from mistakes\n\n1. Run `df -h`\n2. Tell the owner\n"),
        (0, "## A\n\n**Common mistakes:**\n\n- Running it twice\n\n**Steps:**\n\n- Run `df -h`\n"),
        (0, "## Common mistakes\n\n- Verify that nobody works\n- Run `df -h`\n"),
        (1, "## Erros comuns\n\n### Erro: disco cheio\n\n- Executar `df -h`\n"),
        (1, "## Erros comuns e soluções\n\n- **Disco cheio**: executar `df -h`\n"),
        (2, "## Errores comunes\n\n- **Disco lleno**: ejecutar `df -h`\n"),
        (2, "## Errores comunes\n\n### Disco lleno\n\n- Ejecutar `df -h`\n"),
    ] {
        let text = format!("# X\n\n{}\n\n{text}", INTROS[language]);
        assert_eq!(typed(&text), ["df -h"], "{text}");
    }
}

#[test]
fn a_question_calls_nobody() {
    for (language, name, question) in [
        (0, "Escalation", "When would you reach out to support within 10 minutes?"),
        (1, "Escalonamento", "Quando acionar o suporte?"),
        (2, "Escalamiento", "¿Cuándo se pondría en contacto con el soporte?"),
    ] {
        let text = format!("# X\n\n{}\n\n## {name}\n\n- {question}\n", INTROS[language]);
        let (runbook, counts) = inspect(&text, None);
        let escalates = runbook.graph.nodes.iter().any(|node| node.kind == NodeKind::Escalation);
        assert_eq!((escalates, counts.conditionals), (false, 0), "{text}");
    }
    let call = format!("# X\n\n{}\n\n## Escalation\n\n- After 10 minutes, call the owner\n", INTROS[0]);
    assert!(parse(&call, None).graph.nodes.iter().any(|node| node.kind == NodeKind::Escalation));
}
