//! Every word of the interface, in both languages, in typed tables: a missing word does not compile.
//!
//! The language of a page never changes while it is open (the switch loads it anew), so words are plain texts and
//! cost nothing at run time. See `docs/decisions/0010-words.md`.

/// Declares a table of words: `name: "English", "Português";`.
macro_rules! words {
    ($($key:ident: $en:literal, $pt:literal;)*) => {
        /// The words of this part of the interface, in one language.
        pub struct Words { $(pub $key: &'static str,)* }
        static EN: Words = Words { $($key: $en,)* };
        static PT: Words = Words { $($key: $pt,)* };
        /// Returns them in the language of the page.
        pub fn words() -> &'static Words {
            of(crate::visit::locale())
        }
        /// Returns them in a language.
        pub fn of(locale: farol_api::text::Locale) -> &'static Words {
            match locale {
                farol_api::text::Locale::En => &EN,
                farol_api::text::Locale::PtBr => &PT,
            }
        }
        #[cfg(test)]
        pub const ALL: &[(&str, &str, &str)] = &[$((stringify!($key), $en, $pt),)*];
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

/// Puts values in the place of `{}`, in order.
pub fn fill(template: &str, values: &[&str]) -> String {
    let mut filled = String::with_capacity(template.len() + 16);
    let mut values = values.iter();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{}") {
        filled.push_str(before);
        filled.push_str(values.next().unwrap_or(&""));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

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
    fn gaps_are_filled_in_order() {
        assert_eq!(fill("{} of {}", &["1", "2"]), "1 of 2");
        assert_eq!(count(1, "1 row", "{} rows"), "1 row");
        assert_eq!(count(0, "1 row", "{} rows"), "0 rows");
    }
}
