//! Any text is read, its spans lie in it, its ids are unique, and reading it again changes nothing.

#![no_main]

use std::collections::HashSet;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let runbook = farol_runbook::parse(text, None);
    let ids: HashSet<_> = runbook.graph.nodes.iter().map(|node| &node.id).collect();
    assert_eq!(ids.len(), runbook.graph.nodes.len(), "ids are unique");
    for node in &runbook.graph.nodes {
        assert!(text.get(node.span.start..node.span.end).is_some(), "{:?}", node.span);
    }
    for edge in &runbook.graph.edges {
        assert!(ids.contains(&edge.from) && ids.contains(&edge.to), "{edge:?}");
    }
    for found in &runbook.diagnostics {
        assert!(text.get(found.span.start..found.span.end).is_some(), "{found:?}");
    }
    assert_eq!(farol_runbook::parse(text, Some(&runbook)), runbook, "reading again changes nothing");
});
