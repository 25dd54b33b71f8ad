#![doc = include_str!("../README.md")]

pub mod service;

use farol_api::risk::{Dialect, RiskClass, RiskVerdict};
use farol_api::text::Localized;

/// Names the rules that made a verdict; it changes whenever a verdict can change.
///
/// It is part of the digest that an approval binds, so that an approval under older rules is void.
pub const CLASSIFIER_VERSION: &str = "1";

/// Returns the risk class of a statement or script, with its reason.
///
/// Pure and in-process. It never panics; whatever it cannot read is [`RiskClass::Unknown`]. Hostile text can still
/// overwhelm a parser written in C: a server calls [`service::Classifier`], which does this in a limited subprocess.
pub fn classify(dialect: Dialect, text: &str) -> RiskVerdict {
    let _ = (dialect, text);
    RiskVerdict {
        class: RiskClass::Unknown,
        why: Localized::new("The classifier does not read this yet.", "O classificador ainda não lê isto."),
        span: None,
    }
}

/// Tells whether the dialect's real parser found exactly one statement in the text.
///
/// `false` wherever there is doubt; always `false` for [`Dialect::Shell`].
pub fn is_single_statement(dialect: Dialect, text: &str) -> bool {
    let _ = (dialect, text);
    false
}

/// Returns the object that `farol risk --format json` prints: `class` in the words of the tables (letters for SQL,
/// words for shell), `why` with `en` and `pt`, `span` with `start` and `end` in bytes, or null.
pub fn to_json(dialect: Dialect, verdict: &RiskVerdict) -> serde_json::Value {
    serde_json::json!({ "class": class_word(dialect, verdict.class), "why": verdict.why, "span": verdict.span })
}

/// Returns the class in the words of the tables: `R S W X D A U C` for SQL, `read` to `unknown` for shell.
pub fn class_word(dialect: Dialect, class: RiskClass) -> String {
    match dialect {
        Dialect::Shell => class.shell_word().to_owned(),
        Dialect::Postgres | Dialect::Mysql | Dialect::Sqlite => class.letter().to_string(),
    }
}
