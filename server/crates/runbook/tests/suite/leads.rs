//! Where a step leads: to a scenario behind a condition, to a section by its title, to what a table's threshold asks for, and
//! to a function that its own block defines.

use farol_api::graph::{EdgeKind, NodeKind, StepGraph};
use farol_runbook::{inspect, parse};

use crate::typed::typed;

/// Each go-to: the title of the step that it starts from, and of the one that it leads to.
fn gotos(text: &str) -> Vec<(String, String)> {
    let StepGraph { nodes, edges, .. } = parse(text, None).graph;
    let title = |id| nodes.iter().find(|node| node.id == id).map(|node| node.title.clone()).unwrap_or_default();
    edges
        .into_iter()
        .filter(|edge| edge.kind == EdgeKind::Goto)
        .map(|edge| (title(edge.from), title(edge.to)))
        .collect()
}

/// The conditions of the steps that a person does.
fn guarded(text: &str) -> Vec<(String, String)> {
    let nodes = parse(text, None).graph.nodes.into_iter().filter(|node| node.kind == NodeKind::Manual);
    nodes.filter_map(|node| Some((node.guard?, node.title))).collect()
}

#[test]
fn a_scenario_that_a_condition_points_to_is_gone_to() {
    for (scenario, words, intro) in [
        ("Scenario", "If it fails, see Scenario 2", "What to do when the queue of the shop is stuck."),
        ("Cenário", "Se falhar, ver Cenário 2", "O que fazer quando a fila da loja não anda."),
        ("Escenario", "Si falla, ver Escenario 2", "Qué hacer cuando la cola de la tienda no avanza."),
    ] {
        let text = format!(
            "# X\n\n{intro}\n\n## {scenario} 1: a\n\n1. `systemctl restart a`\n2. {words}\n\n## {scenario} 2: b\n\n1. `systemctl restart b`\n"
        );
        let found = gotos(&text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert!(found[0].1.contains('b'), "{found:?}");
        // Where there is no such scenario, nobody is sent there.
        assert_eq!(gotos(&text.replace(&format!("{scenario} 2\n"), &format!("{scenario} 7\n"))), [], "{text}");
    }
}

#[test]
fn a_title_that_a_step_sends_to_is_gone_to() {
    for (words, intro) in [
        ("Skip to Rollback", "What to do when the queue of the shop is stuck."),
        ("Go back to the section Rollback", "What to do when the queue of the shop is stuck."),
        ("Siga para a seção Rollback", "O que fazer quando a fila da loja não anda."),
        ("Pule para Rollback", "O que fazer quando a fila da loja não anda."),
        ("Volte para a seção Rollback", "O que fazer quando a fila da loja não anda."),
        ("Salte a Rollback", "Qué hacer cuando la cola de la tienda no avanza."),
        ("Regrese a la sección Rollback", "Qué hacer cuando la cola de la tienda no avanza."),
    ] {
        let text = format!(
            "# X\n\n{intro}\n\n## Deploy\n\n1. `systemctl restart a`\n2. {words}\n\n## Rollback\n\n1. `systemctl stop a`\n"
        );
        assert_eq!(gotos(&text).len(), 1, "{text}");
    }
}

#[test]
fn a_threshold_in_a_short_document_says_what_to_do() {
    for (header, orders) in [
        ("Lag | Action", ["Page the DBA", "Restart the consumer"]),
        ("Atraso | Ação", ["Acionar o DBA", "Reiniciar o consumidor"]),
        ("Retraso | Acción", ["Llamar al DBA", "Reiniciar el consumidor"]),
    ] {
        let [first, second] = orders;
        let text = format!("# T\n\n| {header} |\n|---|---|\n| > 300s | {first} |\n| > 60s | {second} |\n");
        let wanted = [("> 300s".to_owned(), first.to_owned()), ("> 60s".to_owned(), second.to_owned())];
        assert_eq!(guarded(&text), wanted, "{text}");
    }
}

#[test]
fn what_calls_a_function_runs_with_its_definition() {
    for define in ["clean() {", "function clean {", "function clean() {"] {
        let script = format!("{define}\n  rm -f \"$1\"\n}}\n\n# now\nclean /tmp/x");
        let text = format!("# X\n\n```bash\ndate\n{script}\nuptime\n```\n");
        assert_eq!(typed(&text), ["date", &script, "uptime"], "{text}");
        assert_eq!(inspect(&text, None).1.commands, 4, "a person counts the definition and the call");
    }
    let apart = "# X\n\n```bash\nclean() {\n  rm -f /tmp/x\n}\nls clean\n```\n";
    assert_eq!(typed(apart), ["clean() {\n  rm -f /tmp/x\n}", "ls clean"]);
}

#[test]
fn what_is_done_again_is_an_order() {
    for (intro, words) in [
        ("O que fazer quando a fila da loja não anda.", ["Religue o nó", "Reabra a conexão"]),
        ("Qué hacer cuando la cola de la tienda no avanza.", ["Si sigue fallando, llama al DBA", "Reintenta la carga"]),
    ] {
        let [first, second] = words;
        let text = format!("# X\n\n{intro}\n\n1. {first}\n2. {second}\n");
        let nodes = parse(&text, None).graph.nodes;
        assert_eq!(nodes.iter().filter(|node| node.kind == NodeKind::Manual).count(), 2, "{text}");
    }
}
