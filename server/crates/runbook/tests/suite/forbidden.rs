//! What a runbook forbids, quotes or shows is never something to run, however it says so.

use crate::typed::typed;
use farol_runbook::{inspect, outline_text};

/// Checks that no forbidden command can be run, and that all others can.
fn check(text: &str, forbidden: &str, allowed: &str) {
    let commands = typed(text);
    let wrong: Vec<&String> = commands.iter().filter(|command| command.contains(forbidden)).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    let spans = text.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    let written = spans.filter(|span| span.contains(allowed) && span.contains(' ')).count();
    let read = commands.iter().filter(|command| command.contains(allowed)).count();
    assert!(written > 0 && read >= written, "{read} of {written} allowed commands: {commands:#?}");
}

#[test]
fn portuguese_warnings_are_never_run() {
    check(include_str!("../fixtures/pt-avisos.md"), "proibido", "permitido");
    insta::assert_snapshot!(outline(include_str!("../fixtures/pt-avisos.md")));
}

#[test]
fn spanish_warnings_are_never_run() {
    check(include_str!("../fixtures/es-avisos.md"), "prohibido", "permitido");
    insta::assert_snapshot!(outline(include_str!("../fixtures/es-avisos.md")));
}

#[test]
fn english_warnings_are_never_run() {
    check(include_str!("../fixtures/en-warnings.md"), "forbidden", "allowed");
    insta::assert_snapshot!(outline(include_str!("../fixtures/en-warnings.md")));
}

fn outline(text: &str) -> String {
    let (runbook, counts) = inspect(text, None);
    format!("{}\n{}", outline_text(&runbook), serde_json::to_string_pretty(&counts).unwrap())
}

/// Two blocks and a heading in one fold, a box whose body follows its title, and a fold that is closed at once.
#[test]
fn what_a_fold_or_a_box_forbids_reaches_as_far_as_it_does() {
    let fold = "# X\n\n1. Start:\n\n```bash\ndf -h\n```\n\n<details>\n<summary>Notes</summary>\n\ntext\n\n</details>\n<details>\n<summary>Never run</summary>\n\n```bash\nrm -rf /forbidden/a\n```\n\n### More\n\n```bash\nrm -rf /forbidden/b\n```\n\n</details>\n\nThen look:\n\n```bash\nuptime\n```\n";
    let commands = typed(fold);
    assert!(!commands.iter().any(|command| command.contains("forbidden")), "{commands:?}");
    assert!(commands.iter().any(|command| command == "uptime"), "{commands:?}");
    let boxed = "# X\n\n!!! warning \"Production\"\n    Never run this:\n\n```bash\nrm -rf /forbidden\n```\n";
    assert_eq!(typed(boxed), Vec::<String>::new());
}
