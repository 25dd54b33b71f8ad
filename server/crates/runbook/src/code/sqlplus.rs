//! What SQL*Plus and RMAN take beside statements.

use super::sql_words::Lower;
use crate::words::{split, trim};

/// `SHUTDOWN IMMEDIATE;`, `STARTUP MOUNT`, `ARCHIVE LOG LIST`: what SQL*Plus and RMAN take beside statements.
pub fn is_of_sqlplus(line: &str) -> bool {
    let line = trim(line).trim_end_matches(';').trim_end();
    let mut words = split(line);
    let (first, second) = (Lower::of(words.next().unwrap_or("")), Lower::of(words.next().unwrap_or("")));
    let modes = match first.as_str() {
        "startup" => &["", "nomount", "mount", "open", "force", "restrict", "upgrade", "migrate", "pfile"][..],
        "shutdown" => &["", "immediate", "abort", "normal", "transactional"],
        "archive" => &["log"],
        "recover" => &["database", "standby", "managed", "tablespace", "datafile", "automatic"],
        "conn" | "connect" => return connects(line),
        _ => return false,
    };
    modes.iter().any(|mode| second.as_str().split('=').next() == Some(mode)) && !is_punctuated(line)
}

/// `show parameter audit`, `startup`, `@upgrade.sql`: what SQL*Plus takes without a semicolon.
pub fn is_a_line_of_sqlplus(line: &str) -> bool {
    const WORDS: [&str; 10] = ["show", "set", "col", "column", "desc", "describe", "spool", "define", "host", "prompt"];
    let first = Lower::of(split(line).next().unwrap_or(""));
    is_of_sqlplus(line) || line.trim_start().starts_with('@') || WORDS.contains(&first.as_str())
}

/// `connect / as sysdba`, `conn shop/***@db-1:1521/shop`; "connect to http://x first" is a sentence.
fn connects(line: &str) -> bool {
    let mut words = split(line).skip(1);
    let who = words.next().unwrap_or("");
    who.contains('/')
        && !who.contains("://")
        && !who.ends_with([':', '.', '!', '?', ','])
        && words.all(|word| !is_punctuated(word))
        && line.len() < 120
}

fn is_punctuated(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b':' | b'.' | b'!' | b'?'))
}
