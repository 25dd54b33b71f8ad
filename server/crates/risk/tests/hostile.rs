//! Texts that were written to hurt a parser.

use farol_api::risk::{Dialect, RiskClass};
use farol_risk::{classify, is_single_statement};

const ALL: [Dialect; 4] = [Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite, Dialect::Shell];

#[test]
fn huge_and_deep_texts_are_unknown() {
    let texts = [
        "(".repeat(1024 * 1024),
        format!("SELECT {}1{}", "(".repeat(200), ")".repeat(200)),
        format!("SELECT {}", "[".repeat(5000)),
        "{".repeat(5000),
        "$(".repeat(5000),
        "SELECT 1\0; DROP TABLE t".to_owned(),
        "\0".to_owned(),
        "x".repeat(1024 * 1024),
    ];
    for dialect in ALL {
        for text in &texts {
            let class = classify(dialect, text).class;
            assert_eq!(class, RiskClass::Unknown, "{dialect:?} {}", &text[..20.min(text.len())]);
            assert!(!is_single_statement(dialect, text));
        }
    }
}

/// Brackets that do not end are tried twice each.
#[test]
fn open_brackets_of_a_script_are_not_tried_again_and_again() {
    for text in [format!("((v{}elero x", "(v".repeat(38)), format!("{}{}", "(v".repeat(30), " done)".repeat(30))] {
        assert_eq!(classify(Dialect::Shell, &text).class, RiskClass::Unknown, "{text}");
    }
}

fn many(part: &str, bytes: usize) -> String {
    part.repeat(bytes / part.len())
}

/// Depth that no bracket shows: operators, prefixes, keywords, here-documents. None may overrun the stack.
#[test]
fn depth_without_brackets_is_survived() {
    let parts = [
        "1+",
        "NOT ",
        "- ",
        "a OR ",
        "x.",
        "SELECT 1 UNION ",
        "CASE WHEN ",
        "a JOIN b ON ",
        "EXPLAIN ",
        "1;",
        "'",
        "/*",
        "--",
        "$$",
        "::int",
        "@",
        "EXISTS ",
        "WITH a AS ",
        "`",
        "é",
        "/*!",
    ];
    for part in parts {
        for dialect in [Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite] {
            let _ = classify(dialect, &format!("SELECT {}1", many(part, 4000)));
            let _ = classify(dialect, &many(part, 4000));
        }
    }
}

/// The same at the largest size, for what really nests.
#[test]
fn the_deepest_texts_are_survived() {
    for part in ["1+", "NOT ", "- ", "a OR ", "SELECT 1 UNION "] {
        for dialect in [Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite] {
            let _ = classify(dialect, &format!("SELECT {}1", many(part, 64_000)));
        }
    }
    for part in ["! ", "a | ", "sudo ", "\\", "$"] {
        let _ = classify(Dialect::Shell, &format!("{}ls", many(part, 64_000)));
    }
}

#[test]
fn shells_without_brackets_are_survived() {
    let parts = [
        "if ",
        "while ",
        "! ",
        "a | ",
        "a && ",
        "a;",
        "case x in ",
        "`",
        "'",
        "\"",
        "$'",
        "<<E ",
        "\\",
        "$",
        "a=",
        "> ",
        "é",
        "f() ",
        "sudo ",
        "sh -c ",
        "${",
        "\n",
        "#",
        "&",
        "time ",
        "for i in ",
    ];
    for part in parts {
        let _ = classify(Dialect::Shell, &many(part, 2000));
        let _ = classify(Dialect::Shell, &format!("{}ls", many(part, 2000)));
        let _ = classify(Dialect::Shell, &format!("ls \"{}\"", many(part, 2000)));
    }
}

#[test]
fn nested_scripts_end() {
    let mut script = "rm x".to_owned();
    for _ in 0..12 {
        script = format!("sh -c {}", quote(&script));
    }
    assert_eq!(classify(Dialect::Shell, &script).class, RiskClass::Unknown);
    let nested = format!("{}rm x{}", "echo $(".repeat(4), ")".repeat(4));
    assert_eq!(classify(Dialect::Shell, &nested).class, RiskClass::Destructive);
}

fn quote(script: &str) -> String {
    format!("'{}'", script.replace('\'', r"'\''"))
}

#[test]
fn empty_texts_are_not_reads_of_a_database() {
    for dialect in [Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite] {
        for text in ["", " ", ";", "-- x", "/* x */"] {
            assert_eq!(classify(dialect, text).class, RiskClass::Unknown, "{dialect:?} {text:?}");
        }
    }
}
