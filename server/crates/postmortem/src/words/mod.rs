//! Every word of the document in both languages, in typed tables: a missing word does not compile.

pub mod document;
pub mod events;
pub mod failures;

pub use farol_api::text::fill;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_every_word_and_every_gap() {
        for (key, en, pt) in [document::ALL, events::ALL, failures::ALL].into_iter().flatten() {
            assert!(!en.trim().is_empty() && !pt.trim().is_empty(), "{key} is empty");
            assert_eq!(en.matches("{}").count(), pt.matches("{}").count(), "{key} has other gaps in Portuguese");
        }
    }
}
