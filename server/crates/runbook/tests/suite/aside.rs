//! What is said beside an order: warnings of another way, remarks below a command, conditions in passing; in three languages.

use crate::each::each;
use crate::intros::INTROS;
use farol_api::graph::{Node, NodeKind};
use farol_runbook::parse;

fn nodes(language: usize, text: &str) -> Vec<Node> {
    parse(&format!("# X\n\n{}\n\n## Restore\n\n{text}\n", INTROS[language]), None).graph.nodes
}

fn bash(text: &str) -> String {
    format!("```bash\n{text}\n```\n")
}

#[test]
fn a_comment_that_warns_of_another_way_leaves_the_command() {
    let read: [&[&str]; 3] = [
        &[
            "# Cut out the line that names the shop — with awk, NEVER with grep",
            "# The very copy that was chosen (never --latest in a real recovery)",
            "# Put them in place (mode 0600; NEVER print them to the screen or logs):",
        ],
        &[
            "# Tirar a linha que nomeia a loja — com awk, NUNCA com grep",
            "# A cópia que foi escolhida (nunca --latest numa recuperação real)",
            "# Colocar no lugar (modo 0600; NUNCA exibi-los na tela):",
        ],
        &[
            "# Quitar la línea que nombra la tienda — con awk, NUNCA con grep",
            "# La copia que se eligió (nunca --latest en una recuperación real)",
            "# Colocarlos (modo 0600; NUNCA volcarlos a pantalla/logs):",
        ],
    ];
    each(read, 1, |comment| bash(&format!("{comment}\nawk '!/shop/' /tmp/all.sql > /tmp/safe.sql")));
    let shown: [&[&str]; 3] = [
        &["# Cut it out, never with awk", "# Never with production data", "# Cut it out (never in production)"],
        &["# Tirar, nunca com awk", "# Nunca com dados de produção", "# Tirar (nunca em produção)"],
        &["# Quitarla, nunca con awk", "# Nunca con datos de producción", "# Quitarla (nunca en producción)"],
    ];
    each(shown, 0, |comment| bash(&format!("{comment}\nawk '!/shop/' /tmp/all.sql > /tmp/safe.sql")));
    let printed: [&[&str]; 3] = [
        &["# Put it in place; never print it to the screen"],
        &["# Colocar no lugar; nunca exibir na tela"],
        &["# Colocarlo; nunca mostrarlo en pantalla"],
    ];
    each(printed, 0, |comment| bash(&format!("{comment}\ncat /run/secrets/token")));
}

#[test]
fn the_order_before_such_a_warning_is_the_title() {
    for (language, comment, title) in [
        (0, "Cut the line out — with awk, NEVER with grep", "Cut the line out — with awk"),
        (1, "Tirar a linha (modo 0600; NUNCA com grep)", "Tirar a linha"),
        (2, "Quitar la línea, NUNCA con grep", "Quitar la línea"),
    ] {
        let nodes = nodes(language, &bash(&format!("# {comment}\nawk 1 /tmp/all.sql")));
        let titles: Vec<_> = nodes.iter().map(|node| (node.kind, node.title.as_str())).collect();
        assert_eq!(titles, [(NodeKind::Prohibition, comment), (NodeKind::Shell, title)]);
    }
}

#[test]
fn what_only_looks_is_read_where_a_change_is_forbidden() {
    let read: [&[&str]; 3] = [
        &[
            "The other copy — verify that it exists, do not restore from it:",
            "Check the copies. Do not delete any yet:",
        ],
        &["A outra cópia — verifique que existe, não restaure dela:", "Verifique as cópias. Não apague nenhuma ainda:"],
        &["La otra copia — verifique que exista, no restaure de ella:", "Verifique las copias. No las borre todavía:"],
    ];
    each(read, 1, |lead| format!("{lead}\n\n{}", bash("aws backup list-backup-jobs \\\n  --query \"a | [0]\"")));
    each(read, 0, |lead| format!("{lead}\n\n{}", bash("aws backup delete-recovery-point --name a")));
    let shown: [&[&str]; 3] = [
        &[
            "Do not restore from it:",
            "Verify it. Do not restore, delete or run:",
            "Check them. Never delete from it with this:",
            "Verify that it exists, do not run this:",
            "Verify it; never run it in production:",
        ],
        &["Não restaure dela:", "Verifique que existe, não execute isto:", "Verifique; nunca rode em produção:"],
        &[
            "No restaure de ella:",
            "Verifique que exista, no ejecute esto:",
            "Verifique; nunca lo ejecute en producción:",
        ],
    ];
    each(shown, 0, |lead| format!("{lead}\n\n{}", bash("aws backup list-backup-jobs")));
}

#[test]
fn what_a_code_span_says_forbids_nothing() {
    let read: [&[&str]; 3] = [
        &["If it answers `Error: cannot delete a protected base`, run `shopctl unprotect --base shop` first."],
        &["Se responder `Erro: não pode apagar a base`, execute `lojactl liberar --base loja` antes."],
        &["Si responde `Error: no se puede borrar la base`, ejecute `tiendactl liberar --base tienda` antes."],
    ];
    each(read, 1, |text| format!("{text}\n"));
    let shown: [&[&str]; 3] = [
        &["If it answers `Error: gone`, do not run `shopctl unprotect --base shop`."],
        &["Se responder `Erro: sumiu`, não execute `lojactl liberar --base loja`."],
        &["Si responde `Error: falta`, no ejecute `tiendactl liberar --base tienda`."],
    ];
    each(shown, 0, |text| format!("{text}\n"));
}

#[test]
fn a_command_in_a_paragraph_keeps_its_condition() {
    for (language, text, guard) in [
        (0, "It may be protected — if the delete fails, run `shopctl unprotect --all` first.", "if the delete fails"),
        (1, "Pode estar protegida. Se a exclusão falhar, execute `lojactl liberar --tudo`.", "Se a exclusão falhar"),
        (2, "Puede estar protegida; si el borrado falla, ejecute `tiendactl liberar --todo`.", "si el borrado falla"),
    ] {
        let nodes = nodes(language, text);
        let guards: Vec<_> = nodes.iter().map(|node| node.guard.as_deref()).collect();
        assert_eq!(guards, [Some(guard)], "{text}");
    }
    let both = nodes(0, "If it fails, run `shopctl stop web` and `shopctl start web`. Run `shopctl status --all`.");
    let guards: Vec<_> = both.iter().map(|node| node.guard.as_deref()).collect();
    assert_eq!(guards, [Some("If it fails"), Some("If it fails"), None]);
}

#[test]
fn a_remark_right_below_a_command_is_no_title_of_the_next() {
    for (language, remark, heading) in [
        (0, "no errors, all three are up", "Restore"),
        (1, "sem erros, os três no ar", "Restore"),
        (2, "sin errores, los tres arriba", "Restore"),
    ] {
        let text = bash(&format!("docker ps\n# {remark}\n\ndocker logs web\n# {remark}"));
        let titles: Vec<_> = nodes(language, &text).into_iter().map(|node| node.title).collect();
        assert_eq!(titles, [heading.to_owned(), format!("{heading} (2)")], "{remark}");
    }
    // What orders, leads or warns is heeded as ever.
    for (comment, title) in [
        ("Restart the other one", "Restart the other one"),
        ("Then the base", "Then the base"),
        ("The base:", "The base"),
    ] {
        let text = bash(&format!("docker ps\n# {comment}\n\ndocker restart web"));
        assert_eq!(nodes(0, &text)[1].title, title);
    }
    let forbidden = nodes(0, &bash("docker ps\n# never run this in production\n\ndocker rm web"));
    assert_eq!(forbidden.last().map(|node| node.kind), Some(NodeKind::Prohibition));
}

#[test]
fn what_a_long_remark_says_in_passing_is_no_condition() {
    for (language, lines) in [
        (
            0,
            "The names are those of the compose file, and a source that was\n# empty has no folder there. What is gone if one is missing is\n# skipped without a word",
        ),
        (
            1,
            "Os nomes são os do compose, e uma fonte que estava vazia na cópia\n# não tem pasta ali. O que falta e se perde se uma delas não está\n# salta sem copiar nada",
        ),
        (
            2,
            "Los nombres son los del compose, y una fuente que estaba vacía ahí\n# no tiene carpeta en la copia. Lo que falta y se pierde si una no está\n# salta sin copiar nada",
        ),
    ] {
        let nodes = nodes(language, &bash(&format!("# {lines}\ncp -a /tmp/a /srv/a")));
        assert_eq!(nodes.len(), 1);
        assert_eq!(nodes[0].guard, None, "{lines}");
        assert!(nodes[0].title.starts_with(lines.lines().next().unwrap_or_default()), "{}", nodes[0].title);
    }
    let led = nodes(
        0,
        &bash(
            "# Nothing else works here without the certificate of the shop\n# If it is gone, copy it\ncp -a /tmp/a /srv/a",
        ),
    );
    assert_eq!(led[0].guard.as_deref(), Some("If it is gone"));
}

#[test]
fn a_sentence_does_not_end_at_the_number_of_an_article() {
    for (language, text) in [
        (0, "Tell the regulator (72 hours, Art. 33)"),
        (1, "Comunicar a autoridade (prazo: 72 horas, LGPD Art. 48)"),
        (2, "Avisar a la autoridad (plazo: 72 horas, art. 33)"),
    ] {
        assert_eq!(nodes(language, &format!("1. {text}."))[0].title, text);
    }
}

#[test]
fn a_condition_behind_a_bold_label_is_that_of_the_order() {
    for (language, text, guard) in [
        (0, "**Away from the office.** If you are at home, tell the team.", "If you are at home"),
        (1, "**Fora do escritório.** Se você está em casa, avise a equipe.", "Se você está em casa"),
        (2, "**Fuera de la oficina.** Si está en casa, avise al equipo.", "Si está en casa"),
    ] {
        let nodes = nodes(language, text);
        let found: Vec<_> = nodes.iter().map(|node| (node.kind, node.guard.as_deref())).collect();
        assert_eq!(found, [(NodeKind::Manual, Some(guard))], "{text}");
    }
    // What orders in bold is the step.
    assert_eq!(nodes(0, "**Stop the shop.** If it is down, tell the team.")[0].title, "Stop the shop");
}

#[test]
fn what_is_ordered_beside_on_a_condition_is_read() {
    let read: [&[&str]; 3] = [
        &["Restart the pod and, if it still hangs, `kubectl delete pod web-0` to get a new one."],
        &["Reinicie o pod e, se ainda travar, `kubectl delete pod web-0` para ter outro."],
        &["Reinicie el pod y, si sigue colgado, `kubectl delete pod web-0` para tener otro."],
    ];
    each(read, 1, |text| format!("{text}\n"));
    let told: [&[&str]; 3] = [
        &["The pod hangs and, if it is old, `kubectl delete pod web-0` would lose it."],
        &["O pod trava e, se for antigo, `kubectl delete pod web-0` o perderia."],
        &["El pod se cuelga y, si es viejo, `kubectl delete pod web-0` lo perdería."],
    ];
    each(told, 0, |text| format!("{text}\n"));
}

#[test]
fn a_check_alone_in_its_clause_asks_for_the_command() {
    let read: [&[&str]; 3] = [
        &["The process exits (it is started again; check `kubectl describe pods` for the loop)."],
        &["O processo sai (ele é iniciado de novo; verifique `kubectl describe pods`)."],
        &["El proceso sale (se inicia de nuevo; revise `kubectl describe pods`)."],
    ];
    each(read, 1, |text| format!("- {text}\n"));
    let told: [&[&str]; 3] = [
        &["The process exits (the operator will check `kubectl describe pods` by itself)."],
        &["O processo sai (o operador vai olhar `kubectl describe pods` sozinho)."],
        &["El proceso sale (el operador va a mirar `kubectl describe pods` solo)."],
    ];
    each(told, 0, |text| format!("- {text}\n"));
}

#[test]
fn what_one_is_not_to_assume_forbids_no_command() {
    let read: [&[&str]; 3] = [
        &["Confirm the name (`shopctl list --all` — don't assume; it has changed)."],
        &["Confirme o nome (`lojactl listar --tudo` — não presuma; ele mudou)."],
        &["Confirme el nombre (`tiendactl listar --todo` — no suponga; cambió)."],
    ];
    each(read, 1, |text| format!("1. {text}\n"));
    let joined: [&[&str]; 3] = [
        &[
            "Do not assume that it works and do not run it:",
            "Never assume; never use this:",
            "**`do not run in production`**",
        ],
        &["Não presuma nada e não execute:"],
        &["No suponga nada y no ejecute:"],
    ];
    each(joined, 0, |lead| format!("{lead}\n\n{}", bash("rm -rf /srv/shop")));
    let shown: [&[&str]; 3] = [
        &["Confirm the name (`shopctl drop --all` — don't run; it has changed)."],
        &["Confirme o nome (`lojactl apagar --tudo` — não execute; ele mudou)."],
        &["Confirme el nombre (`tiendactl borrar --todo` — no ejecute; cambió)."],
    ];
    each(shown, 0, |text| format!("1. {text}\n"));
    let family: [&[&str]; 3] = [
        &["Stop them (`shopctl secrets set STOP_*`)"],
        &["Pare todos (`lojactl secrets set PARAR_*`)"],
        &["Detenga todos (`tiendactl secrets set PARAR_*`)"],
    ];
    each(family, 0, |text| format!("1. {text}\n"));
}

#[test]
fn what_something_is_orders_nothing() {
    for (language, text) in [
        (0, "Drain is one-way, and the pod keeps it."),
        (0, "Restore was tried twice."),
        (1, "Rollback é um passo do deploy."),
        (2, "Borrar es definitivo."),
    ] {
        assert_eq!(nodes(language, text).len(), 0, "{text}");
    }
    for (language, text) in
        [(0, "Drain the node that is old."), (1, "Drenar o nó que está velho."), (2, "Borrar el nodo que es viejo.")]
    {
        assert_eq!(nodes(language, text).len(), 1, "{text}");
    }
}

#[test]
fn what_a_bracket_adds_to_a_condition_is_no_part_of_it() {
    for (language, text, guard) in [
        (
            0,
            "Tell the regulator if personal data is affected (within 72 hours, see the law)",
            "if personal data is affected",
        ),
        (1, "Comunicar a autoridade se houver dado afetado (prazo: 72 horas)", "se houver dado afetado"),
        (2, "Avisar a la autoridad si hay datos afectados (plazo: 72 horas)", "si hay datos afectados"),
    ] {
        assert_eq!(nodes(language, &format!("1. {text}."))[0].guard.as_deref(), Some(guard));
    }
}

#[test]
fn what_an_image_starts_with_is_run_by_itself() {
    let told: [&[&str]; 3] = [
        &["The image starts with:", "In production the container starts with:"],
        &["A imagem inicia com:", "O contêiner sobe com:"],
        &["La imagen arranca con:", "El contenedor inicia con:"],
    ];
    each(told, 0, |lead| format!("{lead}\n\n{}", bash("python -m shop.run")));
    let read: [&[&str]; 3] = [
        &["Start the image with:", "When the container starts, run:"],
        &["Inicie a imagem com:", "Quando o contêiner iniciar, execute:"],
        &["Inicie la imagen con:", "El contenedor se inicia con:"],
    ];
    each(read, 1, |lead| format!("{lead}\n\n{}", bash("docker run -d shop")));
}

/// CommonMark ends the numbered list there.
#[test]
fn bullets_right_below_a_numbered_item_that_opens_onto_them_are_its_own() {
    for (language, item, bullets) in [
        (0, "If it fails:", ["stop the deploy", "call Ana"]),
        (1, "Se falhar:", ["parar o deploy", "chamar a Ana"]),
        (2, "Si falla:", ["detener el despliegue", "llamar a Ana"]),
    ] {
        let text = format!("1. df -h\n2. {item}\n- {}\n- {}\n", bullets[0], bullets[1]);
        let titles: Vec<_> = nodes(language, &text).into_iter().map(|node| node.title).collect();
        assert_eq!(titles, bullets.map(|bullet| format!("{item} {bullet}")), "{text}");
        let apart = nodes(language, &text.replace(":\n-", ":\n\n-"));
        assert_eq!(apart.last().map(|node| node.title.as_str()), Some(bullets[1]), "a blank line between");
    }
}
