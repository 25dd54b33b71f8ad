#![doc = include_str!("../README.md")]

mod added;
mod bounds;
mod change;
mod dialects;
mod dry;
mod finding;
mod part;
mod postgres;
mod raise;
mod row_counts;
pub mod service;
mod shell;
mod sql;

use std::panic::{AssertUnwindSafe, catch_unwind};

use farol_api::risk::{Dialect, RiskClass, RiskVerdict};

pub use change::{Change, Verb, block, change, is_change, names, unquoted};
pub use dry::{explain, rows};
pub use part::Part;
pub use postgres::{TargetFunctions, Volatility};
pub use raise::raise;
pub use row_counts::row_counts;
pub use shell::{Table, TableError, TableFault};

use finding::Finding;

/// Names the rules that made a verdict; it changes whenever a verdict can change.
///
/// It is part of the digest that an approval binds, so that an approval under older rules is void.
pub const CLASSIFIER_VERSION: &str = "19";

/// Texts up to this many bytes cannot nest deeply enough to overrun an ordinary stack.
const SHALLOW: usize = 512;
/// The stack for longer texts, in bytes; only what is used costs memory.
pub(crate) const STACK: usize = 256 * 1024 * 1024;

/// Returns the risk class of a statement or script, with its reason.
///
/// Pure and in-process. It never panics; whatever it cannot read is [`RiskClass::Unknown`]. Hostile text can still
/// overwhelm a parser written in C: a server calls [`service::Classifier`], which does this in a limited subprocess.
pub fn classify(dialect: Dialect, text: &str) -> RiskVerdict {
    classify_with(Table::shipped(), dialect, text)
}

/// Returns the risk class as [`classify`] does, with a team's commands.
pub fn classify_with(table: &Table, dialect: Dialect, text: &str) -> RiskVerdict {
    on_deep_stack(text, || classify_here(table, None, dialect, text)).unwrap_or_else(|| no_thread().into_verdict(text))
}

/// Returns the risk class of a text for PostgreSQL as [`classify`] does, knowing the functions of the target.
///
/// A function that is no built-in is a read where the target says that it is immutable or stable. A volatile one of the
/// target makes a call unknown even where a built-in has its name.
pub fn classify_for_target(target: &TargetFunctions, text: &str) -> RiskVerdict {
    let read = || classify_here(Table::shipped(), Some(target), Dialect::Postgres, text);
    on_deep_stack(text, read).unwrap_or_else(|| no_thread().into_verdict(text))
}

/// Tells whether the dialect's real parser found exactly one statement in the text.
///
/// `false` wherever there is doubt; always `false` for [`Dialect::Shell`].
pub fn is_single_statement(dialect: Dialect, text: &str) -> bool {
    if bounds::refusal(text, false).is_some() {
        return false;
    }
    let single = || match dialect {
        Dialect::Postgres => postgres::is_single(text),
        Dialect::Mysql => dialects::mysql::count(text) == Some(1),
        Dialect::Sqlite => dialects::sqlite::count(text) == 1,
        Dialect::Shell => false,
    };
    on_deep_stack(text, || catch_unwind(AssertUnwindSafe(single)).unwrap_or(false)).unwrap_or(false)
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

/// Classifies on the calling thread's stack, which must be a deep one for long texts.
///
/// `functions` are those of the target, where it is known and has some.
pub(crate) fn classify_here(
    table: &Table,
    functions: Option<&TargetFunctions>,
    dialect: Dialect,
    text: &str,
) -> RiskVerdict {
    guarded(dialect, text, || read(table, functions, dialect, text)).into_verdict(text)
}

/// Keeps from a parser what would overwhelm it, and survives where it panics.
fn guarded(dialect: Dialect, text: &str, read: impl FnOnce() -> Finding) -> Finding {
    bounds::refusal(text, dialect == Dialect::Shell).unwrap_or_else(|| {
        catch_unwind(AssertUnwindSafe(read))
            .unwrap_or_else(|_| failed("the parser failed on it", "o analisador falhou"))
    })
}

fn read(table: &Table, functions: Option<&TargetFunctions>, dialect: Dialect, text: &str) -> Finding {
    // A block is held as one transaction that Farol itself begins and ends: its statements decide.
    let framed = change::without_frame(dialect, text);
    let text = framed.as_deref().unwrap_or(text);
    match dialect {
        Dialect::Postgres => postgres::classify(text, functions),
        Dialect::Mysql => dialects::mysql::classify(text),
        Dialect::Sqlite => dialects::sqlite::classify(text),
        Dialect::Shell => shell::classify(table, text),
    }
}

fn no_thread() -> Finding {
    failed("no thread could be started", "não foi possível iniciar uma thread")
}

fn failed(en: &str, pt: &str) -> Finding {
    Finding::unknown(None, format!("It could not be classified: {en}."), format!("Não foi possível classificar: {pt}."))
}

fn on_deep_stack<T: Send>(text: &str, work: impl FnOnce() -> T + Send) -> Option<T> {
    if text.len() <= SHALLOW {
        return Some(work());
    }
    std::thread::scope(|scope| {
        std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).ok()?.join().ok()
    })
}
