//! The word for each value of a shared type, in both languages: one word for one thing, on every page, picture and document.
//!
//! A value without words does not compile. Each type has a table of its own, so that a part of the interface that never
//! shows it does not carry its words.

use crate::text::Locale;

/// Says what a shared value is called.
pub trait Term: Copy {
    /// Returns its word in a language.
    fn term(self, locale: Locale) -> &'static str;
}

/// Writes `Type { Variant: "English", "Português"; }` as the type's words.
macro_rules! terms {
    ($($type:ident { $($variant:ident: $en:literal, $pt:literal;)* })*) => {
        $(impl Term for $type {
            fn term(self, locale: Locale) -> &'static str {
                match self { $(Self::$variant => pick(locale, $en, $pt),)* }
            }
        })*
    };
}

mod after;
mod incident;
mod runbook;
mod running;
#[cfg(not(target_arch = "wasm32"))]
mod undo;

pub use after::formula;
pub use incident::shape;
#[cfg(not(target_arch = "wasm32"))]
pub use undo::after_commit;

/// Chooses a word.
const fn pick(locale: Locale, en: &'static str, pt: &'static str) -> &'static str {
    match locale {
        Locale::En => en,
        Locale::PtBr => pt,
    }
}
