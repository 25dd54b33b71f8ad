//! Step lists that are drawn in a block of words.

use farol_api::graph::NodeKind;
use farol_runbook::parse;

/// The titles of what a person does, and how many blocks run.
fn by_hand(text: &str) -> (Vec<String>, usize) {
    let runbook = parse(text, None);
    let runs = runbook.blocks.iter().filter(|block| block.kind.is_exec()).count();
    let manual = runbook.graph.nodes.into_iter().filter(|node| node.kind == NodeKind::Manual);
    (manual.map(|node| node.title).collect(), runs)
}

#[test]
fn a_list_in_a_block_is_done_by_a_person() {
    for (text, titles) in [
        (
            "# API fora do ar\n\nO que fazer quando a API não responde.\n\n```\n1. Verifique o painel da API\n2. Reinicie o serviço pelo console\n   kubectl rollout restart deploy/api\n3. Avise o time no canal\n```\n",
            ["Verifique o painel da API", "Reinicie o serviço pelo console", "Avise o time no canal"],
        ),
        (
            "# API caída\n\nQué hacer cuando la API no responde.\n\n```text\n┌──────────────────────────┐\n│ 1) Revise el panel       │\n│ 2) Reinicie el servicio  │\n│ 3) Avise al equipo       │\n└──────────────────────────┘\n```\n",
            ["Revise el panel", "Reinicie el servicio", "Avise al equipo"],
        ),
        (
            "# API down\n\nWhat to do when the API does not answer.\n\n```txt\n1. Check the dashboard\n2. Restart the service from the console\n3. Tell the team\n```\n",
            ["Check the dashboard", "Restart the service from the console", "Tell the team"],
        ),
    ] {
        assert_eq!(by_hand(text), (titles.map(str::to_owned).to_vec(), 0), "{text}");
    }
}

#[test]
fn what_only_looks_like_one_stays_text() {
    for text in [
        // A diagram, a result, a log, one line.
        "# A\n\nHow it works.\n\n```\n1. API GATEWAY\n   |\n2. ROUTER\n   |\n3. WORKER\n```\n",
        "# A\n\nThe answer.\n\n```\n1. shop-1   healthy\n2. shop-2   healthy\n```\n",
        "# A\n\nThe log.\n\n```log\n1. Restart the worker\n2. Tell the team\n```\n",
        "# A\n\nA note.\n\n```\n1. Restart the worker\n```\n",
        "# A\n\n## Never do this\n\nDo not do any of this:\n\n```\n1. Restart the worker\n2. Drop the table\n```\n",
    ] {
        assert_eq!(by_hand(text).0, Vec::<String>::new(), "{text}");
    }
}

#[test]
fn conditions_and_prohibitions_in_it_are_kept() {
    let text = "# A\n\nWhat to do.\n\n```\n1. Check the queue\n2. If it grows, restart the worker\n3. Never purge the queue\n```\n";
    let nodes = parse(text, None).graph.nodes;
    let guards: Vec<_> = nodes.iter().filter_map(|node| node.guard.as_deref()).collect();
    assert_eq!(guards, ["If it grows"]);
    let never: Vec<_> = nodes.iter().filter(|node| node.kind == NodeKind::Prohibition).collect();
    assert_eq!(never.len(), 1);
    assert_eq!(never[0].title, "Never purge the queue");
    let at = never[0].span;
    assert_eq!(&text[at.start..at.end], "3. Never purge the queue", "it says where it stands");
}
