//! Whatever stands in a code block is split into commands that lie in it; the first byte chooses the block's label.

#![no_main]

use libfuzzer_sys::fuzz_target;

const LABELS: [&str; 8] = ["bash", "", "console", "sql", "python", "promql", "powershell", "redis"];

fuzz_target!(|data: (u8, &str)| {
    let (label, body) = (LABELS[usize::from(data.0) % LABELS.len()], data.1);
    let text = format!("# Steps\n\n~~~~~~{label}\n{body}\n~~~~~~\n");
    let runbook = farol_runbook::parse(&text, None);
    for command in runbook.graph.nodes.iter().filter_map(|node| node.command.as_ref()) {
        assert!(text.get(command.span.start..command.span.end).is_some(), "{:?}", command.span);
        for used in &command.placeholders {
            assert_eq!(command.text.get(used.span.start..used.span.end), Some(used.token.as_str()));
        }
    }
});
