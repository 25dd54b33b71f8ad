//! Every word of the interface, in both languages, in typed tables: a missing word does not compile.
//!
//! The language of a page never changes while it is open (the switch loads it anew), so words are plain texts and
//! cost nothing at run time. See `docs/decisions/0010-words.md`.

/// Declares a table of words, and `words()`, which returns them in the language of the page.
macro_rules! words {
    ($($table:tt)*) => {
        farol_api::words! { $($table)* }
        /// Returns them in the language of the page.
        pub fn words() -> &'static Words {
            of(crate::visit::locale())
        }
    };
}

pub mod after;
pub mod break_glass;
pub mod common;
#[cfg(not(target_arch = "wasm32"))]
pub mod dry_run;
#[cfg(not(target_arch = "wasm32"))]
pub mod erasure;
pub mod events;
pub mod facts;
pub mod hold;
pub mod library;
pub mod people;
pub mod problems;
pub mod room;
pub mod runbooks;
pub mod targets;
pub mod terms;

pub use farol_api::text::fill;

/// Says a count with its noun: `one` for 1, `many` (with `{}`) for all else.
pub fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { one.to_owned() } else { fill(many, &[&number.to_string()]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_every_word_and_every_gap() {
        let tables = [
            common::ALL,
            events::ALL,
            facts::ALL,
            hold::ALL,
            library::ALL,
            people::ALL,
            problems::ALL,
            room::ALL,
            runbooks::ALL,
            targets::ALL,
            terms::ALL,
            after::ALL,
            break_glass::ALL,
        ];
        for (key, en, pt) in tables.into_iter().flatten() {
            assert!(!en.trim().is_empty() && !pt.trim().is_empty(), "{key} is empty");
            assert_eq!(en.matches("{}").count(), pt.matches("{}").count(), "{key} has other gaps in Portuguese");
        }
    }

    #[test]
    fn a_count_has_its_noun() {
        assert_eq!(count(1, "1 row", "{} rows"), "1 row");
        assert_eq!(count(0, "1 row", "{} rows"), "0 rows");
    }
}
