//! What holds for every text, however broken.

use std::collections::{HashMap, HashSet};

use farol_api::graph::{EdgeKind, NodeKind};
use farol_api::runbook::Runbook;
use farol_api::text::Span;
use farol_runbook::{parse, to_html};
use proptest::prelude::*;

/// Pieces that mean something to the reader, to be put together at random.
const PIECES: [&str; 62] = [
    "# Título\n",
    "## 1. Check the pods\n",
    "### Cenário 1: Falha\n",
    "### Cenário 2: Outra\n",
    "## Verificação\n",
    "\n",
    "\n\n",
    "1. Verificar se está de pé\n",
    "1) Check\n",
    "- [ ] done\n",
    "- Se falhar, reiniciar\n",
    "  - sub\n",
    "    1. fundo\n",
    "> ",
    "```bash\n",
    "```\n",
    "````\n",
    "~~~\n",
    "```sql {id=x needs=y}\n",
    "kubectl get pods -n <ns>\n",
    "psql -c \"select 1\n",
    "\"\n",
    "select * from t where a = '<x>';\n",
    "# 1. Comentário\n",
    "-- fim\n",
    "cat <<EOF\n",
    "EOF\n",
    "for x in y; do\n",
    "done\n",
    "$ ls -l | \\\n",
    "shop=> select 1;\n",
    "**Severidade:** Alta\n",
    "Nunca apague.\n",
    "| a | b |\n|---|---|\n| `ls -l` | x |\n",
    "[a](#b)",
    "`rm -rf x`",
    "ver Cenário 1\n",
    "---\n",
    "<!-- x -->\n",
    "<details>\n",
    "\t",
    "é🙂",
    "\r\n",
    "\0",
    "\u{feff}",
    "Local:\n",
    "Produção:\n",
    "{{ x }} ${Y} [NOME] ... xxx\n",
    "kubectl exec -it pg-0 -- psql -c \"select 'é' from <t>; select 2\"\n",
    "psql <<EOF\nselect 1;\n",
    "# Opção A: um\n",
    "# Opção B: outra\n",
    "ssh db-1\n",
    "exit\n",
    "X=$(date)\necho $X user:pass@h pg_cancel_backend(pid)\n",
    "## Rollback\n",
    "### Checklist\n",
    "| Sintoma | Ação |\n|---|---|\n| lag > 5 | Reiniciar o `x` |\n",
    "sum(rate(x_total[5m]))\n/\n",
    "> info replication\n",
    "# systemctl restart x\n",
    "Quando usar: só se 2024-12-29 14:30\n",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => proptest::sample::select(&PIECES[..]).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "[ -~\n]{0,20}",
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn inside(span: Span, text: &str) -> bool {
    span.start <= span.end && text.get(span.start..span.end).is_some()
}

fn check(runbook: &Runbook, text: &str) {
    let ids: HashMap<_, _> = runbook.graph.nodes.iter().enumerate().map(|(i, n)| (n.id.clone(), i)).collect();
    assert_eq!(ids.len(), runbook.graph.nodes.len(), "ids are unique");
    for node in &runbook.graph.nodes {
        assert!(inside(node.span, text), "{:?}", node.span);
        for arm in &node.arms {
            assert!(arm.first.as_ref().is_none_or(|f| ids.contains_key(f)));
        }
        let Some(command) = &node.command else { continue };
        assert!(inside(command.span, text));
        assert!(command.line >= 1);
        for used in &command.placeholders {
            assert_eq!(command.text.get(used.span.start..used.span.end), Some(used.token.as_str()));
        }
        assert!(!(node.kind.is_executable() && command.text.trim().is_empty()));
    }
    let spans = runbook.sections.iter().map(|s| s.span).chain(runbook.blocks.iter().map(|b| b.span));
    let spans = spans.chain(runbook.metadata.iter().map(|m| m.span)).chain(runbook.references.iter().map(|r| r.span));
    let spans = spans.chain(runbook.checklists.iter().map(|c| c.span)).chain(runbook.tables.iter().map(|t| t.span));
    let fixes = runbook.diagnostics.iter().filter_map(|d| d.fix.as_ref()).map(|f| f.span);
    for span in spans.chain(runbook.diagnostics.iter().map(|d| d.span)).chain(fixes) {
        assert!(inside(span, text), "{span:?}");
    }
    facts(runbook, text, &ids);
    graph(runbook, &ids);
}

/// What is told of steps names steps that exist, and lies in the text.
fn facts(runbook: &Runbook, text: &str, ids: &HashMap<farol_api::id::StepId, usize>) {
    let lifted = runbook.lifted.iter().map(|l| &l.step);
    let contexts = runbook.contexts.iter().flat_map(|c| c.steps.iter().chain([&c.opened_by]));
    let captures = runbook.captures.iter().flat_map(|c| c.used_by.iter().chain([&c.step]));
    let links = runbook.links.iter().flat_map(|l| [&l.from, &l.to]);
    let samples = runbook.samples.iter().flat_map(|s| &s.steps);
    for id in lifted.chain(contexts).chain(captures).chain(links).chain(samples) {
        assert!(ids.contains_key(id), "{id}");
    }
    for lifted in &runbook.lifted {
        let command = runbook.graph.nodes[ids[&lifted.step]].command.as_ref().unwrap();
        for statement in &lifted.statements {
            assert!(inside(statement.span, &command.text));
            assert!(!statement.text.trim().is_empty());
        }
    }
    for span in runbook.samples.iter().map(|s| s.span).chain(runbook.alerts.iter().map(|a| a.span)) {
        assert!(inside(span, text), "{span:?}");
    }
    for link in &runbook.links {
        assert!(ids[&link.to] < ids[&link.from], "one verifies and undoes what came before");
    }
}

/// Every end exists, the start reaches all, and only a go-to leads back.
fn graph(runbook: &Runbook, ids: &HashMap<farol_api::id::StepId, usize>) {
    let mut next: HashMap<usize, Vec<usize>> = HashMap::new();
    for edge in &runbook.graph.edges {
        let (from, to) = (ids[&edge.from], ids[&edge.to]);
        if edge.kind != EdgeKind::Goto {
            assert!(from < to, "only a go-to leads back: {edge:?}");
            next.entry(from).or_default().push(to);
        }
    }
    let mut seen = HashSet::new();
    let mut open: Vec<usize> = runbook.graph.start.iter().map(|s| ids[s]).collect();
    while let Some(node) = open.pop() {
        if seen.insert(node) {
            open.extend(next.get(&node).into_iter().flatten());
        }
    }
    assert_eq!(seen.len(), runbook.graph.nodes.len(), "the start reaches all");
    for node in runbook.graph.nodes.iter().filter(|n| n.kind == NodeKind::Decision) {
        assert!(node.arms.len() > 1, "a choice has two arms at least");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text_is_read_whole(text in text()) {
        let runbook = parse(&text, None);
        check(&runbook, &text);
        let again = parse(&text, Some(&runbook));
        prop_assert_eq!(&again, &runbook);
        let html = to_html(&text);
        prop_assert!(!html.contains("<script"));
    }

    #[test]
    fn steps_keep_their_ids_when_text_is_added_before_and_after(text in text(), extra in "[a-z ]{0,30}") {
        let first = parse(&text, None);
        let edited = format!("{text}\n\n# Anhang {extra}\n\n1. Open the {extra} door\n");
        let second = parse(&edited, Some(&first));
        check(&second, &edited);
        // What was read the same way has the same id.
        let second_ids: HashMap<_, _> = second.graph.nodes.iter().map(|n| (n.span.start, (n.id.clone(), n.title.clone(), n.command.clone()))).collect();
        for node in &first.graph.nodes {
            if let Some((id, title, command)) = second_ids.get(&node.span.start)
                && *title == node.title && *command == node.command && node.kind != NodeKind::Decision
                && second.graph.nodes.iter().filter(|n| n.title == node.title).count() == 1
            {
                prop_assert_eq!(id, &node.id);
            }
        }
    }
}
