//! What nobody writes and somebody sends: bombs, ten megabytes, every trap of Unicode. Counted in bytes, never in time.

mod counting;

use std::sync::Mutex;

use farol_api::runbook::Runbook;
use farol_runbook::{parse, to_html};

/// One test reads at a time, or the counts would be of several.
static ALONE: Mutex<()> = Mutex::new(());

/// Reads a text, and returns what was made of it and the most memory that reading it took, in bytes.
fn read(text: &str) -> (Runbook, usize) {
    counting::peak(|| parse(text, None))
}

fn alone() -> std::sync::MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// A runbook of `bytes` or a little more, as people write them.
fn runbook_of(bytes: usize) -> String {
    let whole = concat!(
        include_str!("fixtures/pt-fila.md"),
        include_str!("fixtures/en-failover.md"),
        include_str!("fixtures/es-disco.md"),
        include_str!("fixtures/en-consoles.md"),
    );
    whole.repeat(bytes.div_ceil(whole.len()))
}

/// What is refused, what is one long line: never more than twenty times the text.
#[test]
fn memory_is_bounded_by_the_text() {
    let _alone = alone();
    read(&runbook_of(1000));
    let mut texts: Vec<(&str, String)> = ["a\n", "- a\n", "|a|\n", "`a`\n", "#\n", "[a]\n", "> a\n", "1. a\n\n"]
        .into_iter()
        .flat_map(|line| [(line, line.repeat(1_000_000 / line.len())), (line, line.repeat(10_000_000 / line.len()))])
        .collect();
    texts.push(("a fence of short lines", format!("```sh\n{}```\n", "a\n".repeat(500_000))));
    texts.push(("one line of 10 MB", "word ".repeat(2_000_000)));
    for (name, text) in texts {
        holds(name, &text, 20.0, 0);
    }
}

/// Runbooks stay below twenty times. Texts of nothing but short steps do not yet: a step is kept as some three hundred bytes.
#[test]
fn memory_for_nothing_but_steps_is_what_it_was_measured_to_be() {
    let _alone = alone();
    read(&runbook_of(1000));
    let commands = format!("```sh\n{}```\n", "kubectl get pods -n shop\n".repeat(20_000));
    let statements = format!("```sql\n{}```\n", "select 1 from orders;\n\n".repeat(20_000));
    let lines = |line: &str| line.repeat(500_000 / line.len());
    for (name, text, most) in [
        ("runbooks of 500 KB", runbook_of(500_000), 20.0),
        ("commands alone", commands, 25.0),
        ("statements alone", statements, 27.0),
        ("boxes to tick", lines("- [ ] Restart the api\n"), 35.0),
        ("short boxes to tick", lines("- [ ] Check lag\n"), 53.0),
        ("numbered orders", lines("1. Restart the api\n"), 57.0),
        ("numbered headings", lines("## 1. Restart api\n\n"), 75.0),
    ] {
        holds(name, &text, most, 0);
    }
}

/// What is dense and so short that it is read takes no more than twenty times the text and 16 MB.
#[test]
fn memory_for_short_dense_texts_is_bounded() {
    let _alone = alone();
    read(&runbook_of(1000));
    for line in [
        "a\n",
        "- a\n",
        "- [ ] a\n",
        "|a|\n",
        "`a`\n",
        "#\n",
        "# a\n",
        "[a](b)\n",
        "1. a\n\n",
        "```\na\n```\n",
        "- [ ] `a b -c`\n",
        "a\n\n",
    ] {
        holds(line, &line.repeat(64 * 1024 / line.len()), 20.0, 16 << 20);
    }
}

fn holds(name: &str, text: &str, most: f64, constant: usize) {
    let (_, peak) = read(text);
    let factor = peak.saturating_sub(constant) as f64 / text.len() as f64;
    println!("{:6.2} times {:9} bytes: {name:?}", peak as f64 / text.len() as f64, text.len());
    assert!(factor <= most, "{factor} times the memory for {name:?} of {} bytes", text.len());
}

#[test]
fn a_text_that_is_too_dense_is_refused_with_one_diagnostic_and_shown_as_it_stands() {
    let _alone = alone();
    let text = "<b>\n".repeat(100_000);
    let (runbook, _) = read(&text);
    let codes: Vec<_> = runbook.diagnostics.iter().map(|found| found.code.as_str()).collect();
    assert_eq!(codes, ["too-dense"]);
    assert!(runbook.graph.nodes.is_empty());
    assert!(to_html(&text).starts_with("<pre>&lt;b&gt;\n"));
}

#[test]
fn bombs_of_ten_thousand_are_read_and_rendered() {
    let _alone = alone();
    let deep = 10_000;
    let nested: String = (0..1000).map(|depth| format!("{}- a\n", "  ".repeat(depth % 300))).collect();
    for bomb in [
        "> ".repeat(deep),
        "- ".repeat(deep),
        "1. ".repeat(deep),
        "[".repeat(deep),
        "![".repeat(deep),
        "](".repeat(deep),
        "*a_".repeat(deep),
        "**".repeat(deep),
        "`".repeat(deep),
        "` ".repeat(deep),
        "<!--".repeat(deep),
        "<details>\n".repeat(deep),
        "```\n".repeat(deep),
        "```sh\n~~~\n".repeat(deep / 2),
        "|".repeat(deep),
        "$(".repeat(deep),
        format!("```sh\n{}\n```\n", "$(".repeat(deep)),
        format!("```sh\n{}\n```\n", "echo '\n".repeat(deep)),
        format!("```sh\n{}\n```\n", "cat <<EOF\n".repeat(deep)),
        format!("```sql\n{}\n```\n", "select ( $x$ '".repeat(deep)),
        "## 1. A\n".repeat(deep),
        "- [ ] a\n\n".repeat(deep),
        "se se se ".repeat(deep),
        nested,
    ] {
        let (runbook, _) = read(&bomb);
        assert!(runbook.graph.nodes.iter().all(|node| bomb.get(node.span.start..node.span.end).is_some()));
        assert!(to_html(&bomb).len() < 8_000_000, "{}", &bomb[..20]);
    }
}

/// What texts hold that people do not see.
const TRAPS: [&str; 33] = [
    "\u{301}",
    "e\u{301}\u{323}",
    "\u{202e}abc\u{202c}",
    "\u{200b}",
    "\u{200d}",
    "\u{feff}",
    "\r",
    "\r\n",
    "\n\r",
    "\0",
    "\u{2028}",
    "\u{2029}",
    "\u{85}",
    "\u{a0}",
    "\u{3000}",
    "\\ud800",
    "&#xd800;",
    "&#0;",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{fffd}",
    "\u{10ffff}",
    "\u{1f469}\u{200d}\u{1f692}",
    "İ",
    "ß",
    "ﬁ",
    "Ǆ",
    "한",
    "ℵ",
    "\u{e0001}",
    "é",
    "—",
    "🙂",
];

/// Where a trap is put.
const FRAMES: [&str; 12] = [
    "# X{}Y\n\n1. Check {} it\n",
    "- [ ] {}Se {}, restart{}\n",
    "```bash\n{}ls {}-l # {}\n{}\n```\n",
    "```sql\nselect '{}';{}\n```\n",
    "**Owner{}:** {}me\n",
    "| {} | b |\n|---|---|\n| {}> 5 | `ls {}-l` |\n",
    "{}---\ntitle: {}\n---\n{}",
    "Run `kubectl {}get <a{}b>`{}.\n",
    "ver Cenário {}4{}\n",
    "$ ls{}\n\u{2764} x",
    "[a{}](#b{})",
    "After {}15{} minutes call {}\n",
];

#[test]
fn every_trap_of_unicode_is_read_where_it_stands() {
    let _alone = alone();
    for (trap, frame) in TRAPS.iter().flat_map(|trap| FRAMES.iter().map(move |frame| (trap, frame))) {
        let text = frame.replace("{}", trap);
        let (runbook, _) = read(&text);
        for node in &runbook.graph.nodes {
            assert!(text.get(node.span.start..node.span.end).is_some(), "{text:?}");
            let command = node.command.iter().find(|c| text.get(c.span.start..c.span.end).is_none());
            assert!(command.is_none(), "{text:?}");
        }
        assert_eq!(parse(&text, Some(&runbook)), runbook, "{text:?}");
        assert!(!to_html(&text).contains("<script"));
    }
}
