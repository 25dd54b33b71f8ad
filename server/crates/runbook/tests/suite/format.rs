//! docs/runbook-format.md shows every key, as the table of keys has it, and its examples are read without a word.

use std::fs;
use std::path::Path;

use farol_api::graph::{EdgeKind, NodeKind};
use farol_runbook::attributes::{catalogue, front_matter, parameter};
use farol_runbook::diagnose::keys;
use farol_runbook::parse;

/// A runbook with the steps that examples speak of, and one more fence with the attributes given.
fn runbook(front: &str, info: &str) -> String {
    format!(
        "{front}\n# Lag\n\n```sql {{id=check-lag target=shop-primary}}\nSELECT pg_cancel_backend(<pid>);\n```\n\n\
         ```sql {info}\nSELECT now();\n```\n\n```sql {{id=escalate target=shop-primary}}\nSELECT 1;\n```\n\n\
         After 15 minutes, call the DBA.\n"
    )
}

fn said(text: &str) -> Vec<String> {
    let found = parse(text, None).diagnostics;
    let asked = |code: &str| code == "placeholder-unfilled";
    found.into_iter().filter(|d| !asked(&d.code)).map(|d| format!("{}: {}", d.code, d.message.en)).collect()
}

/// `FAROL_WRITE_PAGES=1 cargo test -p farol-runbook --test format` writes the tables anew.
#[test]
fn the_page_has_the_tables_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/runbook-format.md");
    let page = fs::read_to_string(&path).unwrap();
    let mut want = page.clone();
    for (mark, table) in keys::tables() {
        let start = want.find(mark).expect(mark) + mark.len();
        let end = want[start..].find("\n<!-- end -->").map_or(start, |end| start + end);
        let rest = want[end..].trim_start_matches("\n<!-- end -->").to_owned();
        want = format!("{}\n\n{table}\n<!-- end -->{rest}", &want[..start]);
    }
    if std::env::var_os("FAROL_WRITE_PAGES").is_some() {
        fs::write(&path, &want).unwrap();
    } else {
        assert_eq!(page, want, "FAROL_WRITE_PAGES=1 writes the tables anew");
    }
}

#[test]
fn every_example_of_an_attribute_is_read_without_a_word() {
    for key in catalogue() {
        let target = if key.name == "target" { "" } else { "target=shop-primary " };
        let text = runbook("", &format!("{{{target}{}}}", key.example));
        assert_eq!(said(&text), [""; 0], "{text}");
        let json = runbook("", &format!("{{\"target\":\"a\",\"{}\":{}}}", key.name, json_value(key.example)));
        assert_eq!(said(&json), [""; 0], "{json}");
        assert!(parse(&text, None).graph.nodes.iter().any(|n| n.attributes.raw.contains_key(key.name)));
    }
}

fn json_value(example: &str) -> String {
    let value = example.split_once('=').map_or("", |(_, value)| value.trim_matches('"'));
    serde_json::to_string(value).unwrap()
}

#[test]
fn every_example_of_front_matter_is_read_without_a_word() {
    for key in front_matter() {
        let text = runbook(&format!("---\n{}\n---\n", key.example), "{target=shop-primary}");
        assert_eq!(said(&text), [""; 0], "{text}");
        assert!(parse(&text, None).front_matter.is_some());
    }
    for key in parameter() {
        let name = if key.name == "name" { "" } else { "name: pid\n    " };
        let text = runbook(&format!("---\nparameters:\n  - {name}{}\n---\n", key.example), "{target=shop-primary}");
        assert_eq!(said(&text), [""; 0], "{text}");
    }
    let whole = keys::yaml().replace("```yaml\n", "").replace("```\n", "");
    assert_eq!(said(&runbook(&whole, "{target=shop-primary}")), [""; 0]);
}

#[test]
fn a_link_leads_to_what_html_names_and_may_be_written_as_addresses_are() {
    let text = "# T\n\n## Ação rápida\n\n<a name=\"Here\"></a>\n\n- [a](#a%C3%A7%C3%A3o-r%C3%A1pida) [b](#ação-rápida) [c](#here) [d](#top) [e](#nowhere) [f](#)\n";
    let runbook = farol_runbook::parse(text, None);
    let broken = runbook.diagnostics.iter().filter(|d| d.code == "broken-cross-reference");
    assert_eq!(broken.map(|d| d.message.en.as_str()).collect::<Vec<_>>(), ["#nowhere leads nowhere in this document."]);
    let section = |text: &str| runbook.references.iter().find(|r| r.text == text).unwrap().section.as_deref();
    assert_eq!((section("a"), section("b"), section("c")), (Some("ação-rápida"), Some("ação-rápida"), None));
}

/// What leads to a number that nobody gave is said with the author's own words, and stays where it stands.
#[test]
fn numbers_that_lead_nowhere_are_said() {
    let text = "# Fila\n\n## 1. Primeiro\n\n1. Reinicie o worker: `systemctl restart worker`\n2. Se persistir, ver seção 99.\n\
                3. Se falhar, ver Cenário 7.\n4. Reinicie o pod (ver **seção 96**).\n5. Volte ao passo 44.\n\
                6. Volte ao passo 2 do [guia](https://exemplo.com.br/guia).\n7. Repita os passos 1 e 2.\n\
                8. Ver a seção 1.\n9. Se persistir, ver a opção 2.\n\n## Cenário 1: disco cheio\n\n1. Apague os logs.\n";
    let runbook = farol_runbook::parse(text, None);
    let broken = runbook.diagnostics.iter().filter(|d| d.code == "broken-cross-reference");
    let broken: Vec<_> = broken.map(|d| d.message.en.trim_end_matches(" leads nowhere in this document.")).collect();
    assert_eq!(broken, ["seção 99", "Cenário 7", "seção 96", "passo 44"]);
    let kinds: Vec<_> = runbook.graph.nodes.iter().map(|node| (node.kind, node.title.as_str())).collect();
    assert!(kinds.contains(&(NodeKind::Goto, "ver seção 99")), "{kinds:?}");
    assert!(kinds.contains(&(NodeKind::Goto, "ver Cenário 7")), "{kinds:?}");
    assert!(kinds.contains(&(NodeKind::Manual, "Reinicie o pod (ver seção 96)")), "{kinds:?}");
    let again = runbook.graph.edges.iter().filter(|edge| edge.kind == EdgeKind::Goto);
    assert_eq!(again.count(), 1, "from the seventh to the first");
}

/// Of two numbers that are the same, the one that leads there is told.
#[test]
fn what_leads_elsewhere_is_called_as_its_author_calls_it() {
    let text = "# Fila\n\n## 1. Primeiro\n\n1. Reinicie o worker\n2. Se falhar no passo 2, ver seção 2.\n3. Se o passo 9 falhar, volte ao passo 1\n\n\
                ## 2. Segundo\n\n1. Avise o time\n";
    let runbook = farol_runbook::parse(text, None);
    let told: Vec<_> = runbook.graph.nodes.iter().filter_map(|node| node.goto.as_deref()).collect();
    assert_eq!(told, ["seção 2", "passo 1"]);
}

/// What is known of a runbook stands in a table of labels and values as often as in bold lines.
#[test]
fn a_table_of_labels_and_values_is_metadata() {
    use farol_api::runbook::MetadataKind as Kind;
    let known = |text: &str| {
        let runbook = farol_runbook::parse(text, None);
        runbook.metadata.into_iter().map(|known| (known.kind, known.value, known.seconds)).collect::<Vec<_>>()
    };
    let told = |value: &str| value.to_owned();
    let pt = "# API fora do ar\n\n| Campo | Valor |\n|---|---|\n| **Severidade** | SEV1 |\n| **RTO** | 30 min |\n| Canal Slack | #pagamentos |\n";
    assert_eq!(
        known(pt),
        [
            (Kind::Severity, told("SEV1"), None),
            (Kind::Rto, told("30 min"), Some(1800)),
            (Kind::Contact, told("#pagamentos"), None)
        ]
    );
    // The first pair where others name their columns.
    let en = "# API down\n\n## Overview\n\n| Severity | SEV2 |\n|---|---|\n| Owner | Platform team |\n| RPO | 5 min |\n\n1. Restart it\n";
    assert_eq!(
        known(en),
        [
            (Kind::Severity, told("SEV2"), None),
            (Kind::Owner, told("Platform team"), None),
            (Kind::Rpo, told("5 min"), Some(300))
        ]
    );
    let es = "# API caída\n\n## Objetivos\n\n| Métrica | Objetivo |\n|---|---|\n| RTO | 1 hora |\n| RPO | 5 min |\n";
    assert_eq!(known(es), [(Kind::Rto, told("1 hora"), Some(3600)), (Kind::Rpo, told("5 min"), Some(300))]);
    for other in [
        "# A\n\n| Severity | Response time |\n|---|---|\n| SEV1 | 15 min |\n| SEV2 | 1 h |\n",
        "# A\n\n| Service | Owner |\n|---|---|\n| payments | Ana |\n| orders | Bia |\n",
        "# A\n\n| Severity | Owner | RTO |\n|---|---|---|\n| SEV1 | Ana | 1 h |\n",
        "# A\n\n## Columns\n\n| Column | Meaning |\n|---|---|\n| status | of the order |\n| type | of the order |\n",
    ] {
        assert_eq!(known(other), [], "{other}");
    }
}

/// What a number is of stands beside it, and what only leads elsewhere is nothing to tick.
#[test]
fn a_limit_says_what_it_is_of() {
    let text = "# Loja\n\n## Ver\n\n| Caso | Quantos | Ação |\n|---|---|---|\n| órfãos | > 0 | siga o cenário 1 |\n| repetidos | > 5 | Avise o time |\n";
    let runbook = farol_runbook::parse(text, None);
    let told: Vec<_> =
        runbook.graph.nodes.iter().map(|node| (node.kind, node.guard.as_deref().unwrap_or(""))).collect();
    assert_eq!(told, [(NodeKind::Goto, "órfãos: > 0"), (NodeKind::Manual, "repetidos: > 5")]);
}

/// A condition is known by what stands in its column, whatever that is called.
#[test]
fn thresholds_with_what_to_do_are_guarded_steps() {
    let text = "# Banco\n\n## 1. Ver\n\n| Conexões ativas | Ação |\n|---|---|\n| < 80 | Siga para a seção 2 |\n\
                | 80 - 150 | Aumente o pool: `kubectl scale deploy/pool --replicas=4` |\n| > 150 | Mate as ociosas (ver Cenário A) |\n\n\
                ## 2. Resolver\n\nSe a fila crescer → reinicie o worker.\n\n❌ **Se o banco cair de vez:** vá para [o fim](#3-fim).\n\n\
                ### Cenário A: cheio\n\n> **Nunca** apague o volume.\n\n1. Liste: `psql -c 'select 1'`\n\n### Cenário B: parado\n\n1. Reinicie\n\n## 3. Fim\n\n1. Avise\n";
    let runbook = farol_runbook::parse(text, None);
    let guards: Vec<_> =
        runbook.graph.nodes.iter().filter_map(|node| Some((node.guard.as_deref()?, node.title.as_str()))).collect();
    assert_eq!(guards.len(), 5, "{guards:?}");
    assert_eq!((guards[0].0, guards[1].0, guards[2].0), ("< 80", "80 - 150", "> 150"));
    assert_eq!(guards[3], ("Se a fila crescer", "reinicie o worker"));
    assert_eq!(guards[4], ("Se o banco cair de vez", "vá para o fim"));
    let to = |from: &str| {
        let from = runbook.graph.nodes.iter().find(|node| node.title.starts_with(from)).unwrap();
        let edge = runbook.graph.edges.iter().find(|edge| edge.from == from.id && edge.kind == EdgeKind::Goto);
        let to = runbook.graph.node(&edge.unwrap().to).unwrap();
        (from.goto.clone().unwrap(), to.title.clone())
    };
    // What it is called by its author, and the first that is to be done there.
    assert_eq!(to("Mate"), ("Cenário A".to_owned(), "Liste".to_owned()));
    assert_eq!(to("Siga").0, "seção 2");
    assert!(runbook.tables.iter().all(|table| table.kind == farol_api::runbook::TableKind::Thresholds));
}

/// The same in lines that are not bold, one a line or several.
#[test]
fn lines_of_labels_that_are_known_are_metadata_without_marks() {
    use farol_api::runbook::MetadataKind as Kind;
    let known = |text: &str| {
        let runbook = farol_runbook::parse(text, None);
        runbook.metadata.into_iter().map(|known| (known.kind, known.value)).collect::<Vec<_>>()
    };
    let told = |value: &str| value.to_owned();
    let one = "# Disk full\n\nOwner: Data Platform · Severity: SEV-2 · Slack: #db-oncall\n\n1. Look\n";
    let pairs =
        [(Kind::Owner, told("Data Platform")), (Kind::Severity, told("SEV-2")), (Kind::Contact, told("#db-oncall"))];
    assert_eq!(known(one), pairs);
    let many = "# Fila parada\n\nResponsável: Time X\nSeveridade: SEV2\nVersão: 3\n\n## Passos\n\n1. Veja\n";
    let pairs = [(Kind::Owner, told("Time X")), (Kind::Severity, told("SEV2")), (Kind::Other, told("3"))];
    assert_eq!(known(many), pairs);
    for other in [
        "# A\n\nContact: call the DBA on duty\n",
        "# A\n\nStatus: it was down. Nobody knew.\n",
        "# A\n\nNote: the owner of it left\n",
        "# A\n\n## Steps\n\nOwner: Platform\n",
    ] {
        assert_eq!(known(other), [], "{other}");
    }
}

/// Names right beside the word, in marks of their own or in none.
#[test]
fn alerts_are_named_without_marks_too() {
    let named = |text: &str| {
        let runbook = farol_runbook::parse(text, None);
        runbook.alerts.into_iter().map(|alert| alert.name).collect::<Vec<_>>()
    };
    assert_eq!(
        named("# Fila\n\n## Sintomas\n\n- Alerta: FilaParada\n- Alerta `FilaCheia` dispara\n"),
        ["FilaParada", "FilaCheia"]
    );
    assert_eq!(named("# Q\n\nUse it when the alert QueueStuck fires in Grafana.\n"), ["QueueStuck"]);
    assert_eq!(named("# Q\n\nAlerts go to PagerDuty by AlertManager of OpenShift, PagerDuty alerts too.\n"), [""; 0]);
}
