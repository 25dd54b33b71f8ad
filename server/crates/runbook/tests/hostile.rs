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

/// Texts of nothing but one kind of thing, as short as it is read.
fn kinds(bytes: usize) -> Vec<(&'static str, String)> {
    let lines = |line: &str| line.repeat(bytes / line.len());
    vec![
        ("runbooks", runbook_of(bytes)),
        ("commands alone", format!("```sh\n{}```\n", lines("kubectl get pods -n shop\n"))),
        ("statements alone", format!("```sql\n{}```\n", lines("select 1 from orders;\n\n"))),
        ("boxes to tick", lines("- [ ] Restart the api\n")),
        ("boxes with a command", lines("- [ ] `kubectl get pods`\n")),
        ("numbered orders", lines("1. Restart the shop\n")),
        ("orders", lines("- Restart the shop's api\n")),
        ("orders apart", lines("Restart the shop's api.\n\n")),
        ("numbered headings", lines("## 1. Restart the api\n\n")),
        ("headings", lines("## The shop and its api\n\n")),
        ("headings and orders", lines("## The shop and its api\n\n- Restart it at once\n\n")),
        ("rows with a command", format!("| a | b |\n|---|---|\n{}", lines("| pods | `kubectl get pods` |\n"))),
        ("rows of many cells", format!("| a | b | c |\n|---|---|---|\n{}", lines("| the | first | lag of it |\n"))),
        ("links", lines("[the api](https://a.b)\n")),
        ("links apart", lines("[the api](https://a.b)\n\n")),
        ("placeholders", format!("```sh\n{}```\n", lines("kubectl get po <pod>\n"))),
        ("fences", lines("```bash\ncat /srv/shop/logs/worker/today.log\ncat /srv/shop/logs/worker/week.log\n```\n\n")),
        ("choices", lines("## Option A: the shop\n\n- Restart the api of it\n\n")),
        ("conditions", lines("- If it hangs, restart it\n")),
        ("warnings", lines("- Never restart the db\n")),
        ("escalations", lines("- After 5 minutes call Ana\n")),
        ("names", lines("**Owner:** the team of Ana\n\n")),
        ("indented", format!("- a\n{}", lines("  - Restart the shop api\n"))),
        ("quoted", lines("> Restart the shop's api\n")),
        ("bold", lines("Do **a** and *b* at once\n")),
    ]
}

/// As many steps as anybody could work through are read, the rest is text.
#[test]
fn memory_for_nothing_but_steps_is_bounded_by_the_text() {
    let _alone = alone();
    read(&runbook_of(1000));
    // The parser holds a list without end as one until 72 KB of it are read.
    for (bytes, constant) in [(50_000, 1_200_000), (120_000, 800_000), (500_000, 0)] {
        for (name, text) in kinds(bytes) {
            holds(name, &text, 20.0, constant);
        }
    }
    for bytes in [50_000, 120_000, 500_000, 5_000_000] {
        holds("runbooks", &runbook_of(bytes), 20.0, 0);
    }
}

/// What nobody could read ends as text, and is told where.
#[test]
fn what_has_too_many_steps_or_headings_ends_as_text() {
    let _alone = alone();
    let (steps, _) = read(&"- Restart the shop's api\n".repeat(4000));
    let said = |runbook: &Runbook, code: &str| {
        let found = runbook.diagnostics.iter().find(|found| found.code == code);
        found.map(|found| (found.line, found.message.en.contains(&format!("{} ", 100_000 / 80))))
    };
    assert_eq!(steps.graph.nodes.len(), 1250);
    assert_eq!(said(&steps, "too-many-steps"), Some((1251, true)));
    let (headings, _) = read(&"## The shop and its api\n\n".repeat(4000));
    assert_eq!(headings.sections.len(), 100_000 / 128);
    assert_eq!(said(&headings, "too-many-headings").map(|(line, _)| line), Some(2 * (100_000 / 128) + 1));
    let (rows, _) = read(&format!("| a | b | c |\n|---|---|---|\n{}", "| the | first | lag |\n".repeat(20_000)));
    assert_eq!(said(&rows, "long-block").map(|(line, _)| line > 3000), Some(true));
    // Whatever is short may have as many as it likes.
    let (short, _) = read(&"- Restart the shop's api\n".repeat(1900));
    assert_eq!((short.graph.nodes.len(), said(&short, "too-many-steps")), (1900, None));
}

/// What is dense and so short that it is read takes no more than twenty times the text and 12 MB.
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
        holds(line, &line.repeat(48 * 1024 / line.len()), 20.0, 12 << 20);
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
        "lert".repeat(10 * deep),
        "Alerta: FilaParada ".repeat(deep),
        "a) b\n".repeat(deep),
        format!("{}{}", "## Cenário 1: a\n".repeat(deep / 10), "- Se cair, ver Cenário 7\n".repeat(deep / 2)),
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
