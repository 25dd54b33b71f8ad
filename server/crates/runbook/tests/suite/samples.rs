//! Values that only show what belongs there are asked for, though nothing marks them.

use std::collections::BTreeMap;

use farol_api::risk::Dialect;
use farol_api::runbook::{ParameterKind, Runbook};
use farol_runbook::{bind, direct, inspect, parse};

/// Name, kind, default and example of what a document asks for.
fn asked(runbook: &Runbook) -> Vec<(&str, ParameterKind, Option<&str>, Option<&str>)> {
    let parameters = runbook.parameters.iter();
    parameters.map(|p| (p.name.as_str(), p.kind, p.default.as_deref(), p.example.as_deref())).collect()
}

fn in_shell(command: &str) -> Runbook {
    parse(&format!("# X\n\n1. Faça:\n\n```bash\n{command}\n```\n"), None)
}

fn in_sql(statement: &str) -> Runbook {
    parse(&format!("# X\n\n1. Hágalo:\n\n```sql\n{statement}\n```\n"), None)
}

/// What runs with all of it filled in, and the values beside the text.
fn filled(runbook: &Runbook, dialect: Dialect, value: &str) -> (String, Vec<String>) {
    let node = runbook.graph.nodes.iter().find(|node| node.command.is_some()).unwrap();
    let command = node.command.as_ref().unwrap();
    let values: BTreeMap<_, _> =
        command.placeholders.iter().map(|used| (used.parameter.clone(), value.to_owned())).collect();
    let bound = bind(command, dialect, &values).unwrap();
    (bound.text, bound.binds.into_iter().map(|bind| bind.value).chain(bound.env.into_values()).collect())
}

#[test]
fn a_process_of_the_day_on_which_it_was_written_is_not_killed() {
    let runbook = in_shell("kill -9 12345");
    assert_eq!(asked(&runbook), [("pid", ParameterKind::Pid, None, Some("12345"))]);
    assert_eq!(
        filled(&runbook, Dialect::Shell, "777"),
        ("kill -9 \"${FAROL_P_PID}\"".to_owned(), vec!["777".to_owned()])
    );
    let runbook = in_sql("SELECT pg_terminate_backend(pid);");
    assert_eq!(asked(&runbook), [("pid", ParameterKind::Pid, None, Some("pid"))]);
    assert_eq!(filled(&runbook, Dialect::Postgres, "777").1, ["777"]);
    // The first process of a container is what is meant.
    assert_eq!(asked(&in_shell("docker exec web kill -HUP 1")), []);
}

#[test]
fn what_is_marked_in_one_step_and_not_in_another_is_asked_once() {
    let text = "# X\n\n1. Cancel it:\n\n```sql\nSELECT pg_cancel_backend(<pid>);\n```\n\n2. Still there? End it:\n\n\
        ```sql\nSELECT pg_terminate_backend(pid);\n```\n";
    let runbook = parse(text, None);
    assert_eq!(asked(&runbook), [("pid", ParameterKind::Pid, None, None)]);
    assert_eq!(runbook.parameters[0].steps.len(), 2);
}

#[test]
fn hosts_moments_logins_and_copies_are_asked_for_with_what_the_text_shows() {
    use ParameterKind::{Host, Name, Path, Secret, Text, Timestamp};
    for (command, want) in [
        (
            "curl -f https://api.example.com/health && curl -f https://api.example.com/ready",
            ("host", Host, None, Some("api.example.com")),
        ),
        (
            "pitr restore --restore-time \"2024-12-29 14:30:00\"",
            ("restore_time", Timestamp, None, Some("2024-12-29 14:30:00")),
        ),
        ("./restore.sh copias/loja_20250109.sql.gz", ("file", Path, None, Some("copias/loja_20250109.sql.gz"))),
        ("psql postgresql://user:senha@db.loja.io/loja -c 'select 1'", ("login", Secret, None, None)),
        ("./avisa.sh --to ana@exemplo.com.br", ("email", Text, None, Some("ana@exemplo.com.br"))),
        // It may be the very name of it.
        ("kubectl get pods -n my-shop", ("my_shop", Name, Some("my-shop"), None)),
    ] {
        assert_eq!(asked(&in_shell(command)), [want], "{command}");
    }
}

#[test]
fn the_text_runs_as_it_stands_where_no_value_can_be_put() {
    let runbook = in_shell("cat > nginx.conf <<'EOF'\nserver_name shop.example.com;\nEOF");
    assert_eq!(asked(&runbook), []);
    assert_eq!(runbook.samples.len(), 1);
    assert_eq!(runbook.samples[0].parameter, None);
    assert!(filled(&runbook, Dialect::Shell, "x").0.contains("server_name shop.example.com;"));
    for text in [
        "SELECT E'see ana@example.com' FROM orders;",
        "SELECT 1 /* pg_cancel_backend(pid) */ FROM orders;",
        "SELECT 1 -- until 2024-12-29 14:30:00\nFROM orders;",
    ] {
        assert_eq!(asked(&in_sql(text)), [], "{text}");
    }
    let typed = in_sql("SELECT * FROM orders WHERE at > timestamp '2024-12-29 14:30:00';");
    let (text, binds) = filled(&typed, Dialect::Postgres, "2026-11-30 03:00:00");
    assert!(text.contains("timestamp '2026-11-30 03:00:00'") && binds.is_empty(), "{text}");
}

#[test]
fn the_statement_of_a_client_asks_for_the_same() {
    let runbook = in_shell("psql -d loja -c \"SELECT pg_terminate_backend(pid)\"");
    let node = runbook.graph.nodes.iter().find(|node| node.command.is_some()).unwrap();
    let (command, dialect) = direct(&runbook, node).unwrap();
    assert_eq!(command.placeholders[0].parameter, "pid");
    let values = BTreeMap::from([("pid".to_owned(), "777".to_owned())]);
    let bound = bind(&command, dialect, &values).unwrap();
    assert_eq!(bound.binds[0].value, "777");
}

#[test]
fn an_author_says_what_is_meant_and_prohibitions_ask_for_nothing() {
    let front = "---\nparameters:\n  - name: host\n    default: api.loja.io\n---\n# X\n\n1. Veja:\n\n```bash\ncurl https://api.exemplo.com/saude\n```\n";
    assert_eq!(asked(&parse(front, None))[0].2, Some("api.loja.io"));
    let never = "# X\n\nNunca execute:\n\n```bash\nkill -9 12345\n```\n";
    assert_eq!(asked(&parse(never, None)), []);
}

#[test]
fn what_nothing_marks_is_counted_apart() {
    let counts = inspect("# X\n\n1. Mate:\n\n```bash\nkill -9 12345\n```\n", None).1;
    assert_eq!((counts.placeholders, counts.implicit_placeholders), (0, 1));
}

#[test]
fn what_the_text_gives_beside_a_placeholder_is_its_default_or_its_example() {
    for text in [
        "# X\n\nTroque `<bucket>` pelo nome do bucket (ex.: `loja-copias`) e `<porta>` pela porta (padrão: 5432).\n\n```bash\nrestaura <bucket> --porta <porta>\n```\n",
        "# X\n\n- `<bucket>`: el nombre, por ejemplo `loja-copias`\n- `<porta>` – por defecto es 5432\n\n```bash\nrestaura <bucket> --porta <porta>\n```\n",
        "# X\n\n```bash\nrestore <bucket>   # e.g. loja-copias\nrestore --port <porta>   # default 5432\n```\n",
    ] {
        let runbook = parse(text, None);
        let of = |name: &str| runbook.parameters.iter().find(|parameter| parameter.name == name).unwrap();
        assert_eq!(of("bucket").example.as_deref(), Some("loja-copias"), "{text}");
        assert_eq!(of("porta").default.as_deref(), Some("5432"), "{text}");
    }
    let secret = "# X\n\n`<senha>` (ex.: `hunter2`)\n\n```bash\nentra --password <senha>\n```\n";
    assert_eq!(parse(secret, None).parameters[0].example, None, "no secret is shown");
}

#[test]
fn what_an_address_and_an_option_leave_open_is_asked_for() {
    for words in ["Copy one table:", "Copie uma tabela:", "Copie una tabla:"] {
        let text = format!(
            "# X\n\n{words}\n\n```bash\nexport DB='postgresql://app.REF:PASSWORD@db-REGION.acme.io:5432/shop'\npg_dump --table=NOMBRE --data-only\n```\n"
        );
        let counts = farol_runbook::inspect(&text, None).1;
        assert_eq!(counts.placeholder_list, ["REF", "PASSWORD", "REGION", "NOMBRE"], "{text}");
    }
}
