//! What a runbook has to run, for tests of what it must not.

use farol_api::graph::NodeKind;
use farol_runbook::parse;

/// The commands that somebody could run or is asked to type.
pub fn typed(text: &str) -> Vec<String> {
    let shown = |kind: NodeKind| matches!(kind, NodeKind::Prohibition | NodeKind::Reference);
    let nodes = parse(text, None).graph.nodes.into_iter().filter(|node| !shown(node.kind));
    nodes.filter_map(|node| node.command.map(|command| command.text)).collect()
}

/// CommonMark knows no list with letters, and everybody who writes one means it.
#[test]
fn lines_with_letters_are_the_items_of_a_list() {
    let text = "# Deploy\n\n## Se der errado\n\na) Restaure o backup: `psql -h localhost app < backup.sql`\nb) Volte o código: `git checkout <tag-anterior>`\n\
                c) Ligue para o João\n";
    let runbook = farol_runbook::parse(text, None);
    let nodes: Vec<_> = runbook.graph.nodes.iter().map(|node| (node.title.as_str(), node.command.is_some())).collect();
    assert_eq!(nodes, [("Restaure o backup", true), ("Volte o código", true), ("Ligue para o João", false)]);
    for node in &runbook.graph.nodes {
        let command = node.command.iter().all(|command| command.text == text[command.span.start..command.span.end]);
        assert!(command, "{node:?}");
    }
    let led = farol_runbook::parse(
        "# Q\n\n## If it fails\n\nThen:\nA) Restart the pod\nB) Call the DBA and\ntell them why\n",
        None,
    );
    let nodes: Vec<_> = led.graph.nodes.iter().map(|node| node.title.as_str()).collect();
    assert_eq!(nodes, ["Restart the pod", "Call the DBA and tell them why"]);
    for marks in [
        ["1º ", "2º ", "3º "],
        ["1ª - ", "2ª - ", "3ª - "],
        ["1\u{fe0f}\u{20e3} ", "2\u{fe0f}\u{20e3} ", "3\u{fe0f}\u{20e3} "],
    ] {
        let [one, two, three] = marks;
        let text = format!(
            "# Chave\n\nA chave não está segura e precisa ser trocada.\n\n## Passos\n\n{one}Identifique a chave\n{two}Revogue a chave: `aws iam list-users`\n{three}Gere outra\n"
        );
        let runbook = farol_runbook::parse(&text, None);
        let nodes: Vec<_> = runbook.graph.nodes.iter().map(|node| node.title.as_str()).collect();
        assert_eq!(nodes, ["Identifique a chave", "Revogue a chave", "Gere outra"], "{text}");
    }
    let within = farol_runbook::parse(
        "# Q\n\n## Steps\n\n1. If it fails:\n   a) Restart the pod\n   b) Call the DBA\n2. Close it\n",
        None,
    );
    let nodes: Vec<_> = within.graph.nodes.iter().map(|node| node.title.as_str()).collect();
    assert_eq!(nodes, ["If it fails: Restart the pod", "If it fails: Call the DBA", "Close it"]);
    let alone = farol_runbook::parse("# Q\n\n## Steps\n\na) Restart the pod\n", None);
    assert_eq!(alone.graph.nodes.len(), 0, "one letter is no list");
}

#[test]
fn what_is_assigned_first_is_typed_with_what_runs_behind_it() {
    for text in [
        "NS=shop; kubectl get pods -n $NS",
        "NS=loja && kubectl get pods -n loja",
        "A=1; B=\"2 3\"; ./restaura.sh",
        "NS=<namespace>; kubectl get pods -n $NS",
    ] {
        assert_eq!(typed(&format!("# X\n\n1. Faça:\n\n```bash\n{text}\n```\n")), [text]);
    }
    for text in ["PORT=80\nHOST=db-1", "PORT=80 ; the port of the shop\nHOST=db-1", "NS=shop;"] {
        assert_eq!(typed(&format!("# X\n\n1. Faça:\n\n```bash\n{text}\n```\n")), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_block_without_a_label_below_an_order_is_typed() {
    for lead in [
        "O que fazer quando o serviço cai.\n\n1. Execute:",
        "Qué hacer cuando se cae el servicio.\n\n1. Ejecute:",
        "What to do when the service is down.\n\n1. Run:",
    ] {
        for text in [
            "consul catalog nodes",
            "adb devices",
            "ovn-sbctl show",
            "( for zone in b c; do echo $zone; done )",
            "go mod tidy",
            "ip link show",
            "COMMENT ON TABLE t IS 'Pedidos';",
            "REASSIGN OWNED BY a TO b;",
            "grant pg_monitor to pgwatch;",
            "LOCK TABLE t;",
            "select a, b from\nt where a = 1;",
            "COPY (\n  SELECT 1\n) TO '/tmp/t.csv' WITH CSV;",
        ] {
            assert_eq!(typed(&format!("# X\n\n{lead}\n\n```\n{text}\n```\n")), [text], "{lead}");
        }
        for text in ["find the pod that fails", "go on with the next part", "comment on the ticket"] {
            assert_eq!(typed(&format!("# X\n\n{lead}\n\n```\n{text}\n```\n")), Vec::<String>::new(), "{lead} {text}");
        }
    }
}

/// The names of env files are capitals; a shell's own are not, and one that is used tells them apart.
#[test]
fn small_names_of_which_one_is_used_are_assigned_in_a_shell() {
    let document = |first: &str, used: &str| {
        format!(
            "# Restore\n\nStore the output:\n\n```sh\n{first}=\"<from above>\"\nsubnet=\"<from above>\"\ngroup=\"<from above>\"\n```\n\n\
             ```sh\naws rds restore --to ${used}\n```\n"
        )
    };
    assert_eq!(typed(&document("security_group", "group")).len(), 4);
    assert_eq!(typed(&document("security_group", "other")).len(), 1);
    assert_eq!(typed(&document("SECURITY_GROUP", "group")).len(), 1);
}
