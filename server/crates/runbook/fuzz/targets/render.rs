//! Any text is rendered, and nothing in the result runs or loads.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let html = farol_runbook::to_html(text);
    for element in ["<script", "<style", "<iframe", "<object", "<embed", "<svg", "<math", "<img", "<form", "<base", "<link"] {
        assert!(!html.contains(element), "{element} in {html}");
    }
});
