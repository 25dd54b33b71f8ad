//! Every word of the document in both languages, in typed tables: a missing word does not compile.

/// Declares a table of words: `name: "English", "Português";`.
macro_rules! words {
    ($($key:ident: $en:literal, $pt:literal;)*) => {
        pub struct Words { $(pub $key: &'static str,)* }
        static EN: Words = Words { $($key: $en,)* };
        static PT: Words = Words { $($key: $pt,)* };
        /// Returns them in a language.
        pub const fn of(locale: farol_api::text::Locale) -> &'static Words {
            match locale {
                farol_api::text::Locale::En => &EN,
                farol_api::text::Locale::PtBr => &PT,
            }
        }
        #[cfg(test)]
        pub const ALL: &[(&str, &str, &str)] = &[$((stringify!($key), $en, $pt),)*];
    };
}

pub mod document;
pub mod events;
pub mod terms;

/// Puts values in the place of `{}`, in order; a `{}` inside a value stays as it is.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_every_word_and_every_gap() {
        for (key, en, pt) in [document::ALL, events::ALL, terms::ALL].into_iter().flatten() {
            assert!(!en.trim().is_empty() && !pt.trim().is_empty(), "{key} is empty");
            assert_eq!(en.matches("{}").count(), pt.matches("{}").count(), "{key} has other gaps in Portuguese");
        }
    }

    #[test]
    fn a_gap_inside_a_value_is_not_filled() {
        assert_eq!(fill("{}: {}", &["{}", "b"]), "{}: b");
    }
}
