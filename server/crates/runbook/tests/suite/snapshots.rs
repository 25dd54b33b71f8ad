//! What the reader makes of whole documents, as outlines that a reviewer can read.

use farol_runbook::{inspect, outline_text, parse};

fn outline(text: &str) -> String {
    let (runbook, counts) = inspect(text, None);
    format!("{}\n{}", outline_text(&runbook), serde_json::to_string_pretty(&counts).unwrap())
}

#[test]
fn a_portuguese_runbook() {
    insta::assert_snapshot!(outline(include_str!("../fixtures/pt-fila.md")));
}

#[test]
fn an_english_runbook() {
    insta::assert_snapshot!(outline(include_str!("../fixtures/en-failover.md")));
}

#[test]
fn a_spanish_runbook() {
    insta::assert_snapshot!(outline(include_str!("../fixtures/es-disco.md")));
}

#[test]
fn a_portuguese_runbook_with_options_tables_and_consoles() {
    insta::assert_snapshot!(outline(include_str!("../fixtures/pt-cache.md")));
}

#[test]
fn a_spanish_runbook_with_lifted_sql_and_ways() {
    insta::assert_snapshot!(outline(include_str!("../fixtures/es-consultas.md")));
}

#[test]
fn a_portuguese_runbook_of_symptoms_and_remedies() {
    insta::assert_snapshot!(outline(include_str!("../fixtures/pt-sintomas.md")));
}

#[test]
fn a_portuguese_runbook_for_windows() {
    insta::assert_snapshot!(outline(include_str!("../fixtures/pt-powershell.md")));
}

#[test]
fn a_spanish_runbook_of_conditions() {
    insta::assert_snapshot!(outline(include_str!("../fixtures/es-tienda.md")));
}

#[test]
fn consoles_of_every_kind_and_what_only_looks_like_them() {
    insta::assert_snapshot!(outline(include_str!("../fixtures/en-consoles.md")));
}

#[test]
fn blocks_that_are_typed_and_blocks_that_only_look_like_it() {
    insta::assert_snapshot!(outline(include_str!("../fixtures/en-blocks.md")));
}

#[test]
fn shells_that_change_hands_and_orders_around_them() {
    insta::assert_snapshot!(outline(include_str!("../fixtures/en-shells.md")));
}

#[test]
fn a_portuguese_runbook_of_consoles_and_english_orders() {
    insta::assert_snapshot!(outline(include_str!("../fixtures/pt-consolas.md")));
}

#[test]
fn ids_stay_when_another_part_is_edited() {
    let before = include_str!("../fixtures/pt-fila.md");
    let first = parse(before, None);
    let after = before
        .replace("## Sintomas", "## Novidade\n\n1. Abrir o painel\n2. Verificar se o processo responde\n\n## Sintomas")
        .replace("sudo systemctl restart trabalhador", "sudo systemctl restart trabalhador-novo");
    let second = parse(&after, Some(&first));
    let id = |r: &farol_api::runbook::Runbook, text: &str| {
        let found = r.graph.nodes.iter().find(|n| n.command.as_ref().is_some_and(|c| c.text.contains(text)));
        found.map(|n| n.id.clone()).unwrap()
    };
    for command in ["systemctl status", "systemctl restart", "llen", "vacuum analyze", "pg_terminate"] {
        assert_eq!(id(&first, command), id(&second, command), "{command}");
    }
    assert!(parse(&after, Some(&second)) == second, "reading again changes nothing");
}

#[test]
fn a_document_that_is_too_large_is_refused_with_one_diagnostic() {
    let text = "a\n".repeat(farol_runbook::MAX_BYTES / 2 + 1);
    let runbook = parse(&text, None);
    assert_eq!(runbook.diagnostics.len(), 1);
    assert_eq!(runbook.diagnostics[0].code, "too-large");
    assert!(runbook.graph.nodes.is_empty());
}
