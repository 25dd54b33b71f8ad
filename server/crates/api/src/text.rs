//! Places in a source text, and texts in two languages.

use serde::{Deserialize, Serialize};

/// A half-open range of bytes in a source text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One after the last byte.
    pub end: usize,
}

impl Span {
    /// Makes a span; the caller guarantees `start <= end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Returns the text it covers, or nothing where it does not fit that text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

impl From<std::ops::Range<usize>> for Span {
    fn from(range: std::ops::Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

/// The interface's languages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Locale {
    /// English.
    #[default]
    #[serde(rename = "en")]
    En,
    /// Brazilian Portuguese.
    #[serde(rename = "pt-BR")]
    PtBr,
}

impl Locale {
    /// Returns the BCP 47 tag: `en` or `pt-BR`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::PtBr => "pt-BR",
        }
    }

    /// Reads a BCP 47 tag: any Portuguese is `pt-BR`, any English is `en`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let language = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
        match language.as_str() {
            "pt" => Some(Self::PtBr),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// Chooses from an `Accept-Language` header; English where nothing fits.
    pub fn negotiate(header: &str) -> Self {
        let mut best: (f32, Self) = (0.0, Self::En);
        for item in header.split(',') {
            let (tag, quality) = item.split_once(";q=").unwrap_or((item, "1"));
            let quality: f32 = quality.trim().parse().unwrap_or(0.0);
            if let Some(locale) = Self::from_tag(tag).filter(|_| quality > best.0) {
                best = (quality, locale);
            }
        }
        best.1
    }
}

/// One sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Localized {
    /// English.
    pub en: String,
    /// Brazilian Portuguese.
    pub pt: String,
}

impl Localized {
    /// Makes one from its two texts.
    pub fn new(en: impl Into<String>, pt: impl Into<String>) -> Self {
        Self { en: en.into(), pt: pt.into() }
    }

    /// Returns the text in a language.
    pub fn get(&self, locale: Locale) -> &str {
        match locale {
            Locale::En => &self.en,
            Locale::PtBr => &self.pt,
        }
    }
}

/// Declares a table of words in a module: `name: "English", "Português";` for each.
///
/// It makes the struct `Words`, `of(locale)`, and for tests `ALL`. A word that is missing in one language does not compile.
#[macro_export]
macro_rules! words {
    ($($key:ident: $en:literal, $pt:literal;)*) => {
        /// The words of this part, in one language.
        pub struct Words { $(pub $key: &'static str,)* }
        static EN: Words = Words { $($key: $en,)* };
        static PT: Words = Words { $($key: $pt,)* };
        /// Returns them in a language.
        pub const fn of(locale: $crate::text::Locale) -> &'static Words {
            match locale {
                $crate::text::Locale::En => &EN,
                $crate::text::Locale::PtBr => &PT,
            }
        }
        #[cfg(test)]
        pub const ALL: &[(&str, &str, &str)] = &[$((stringify!($key), $en, $pt),)*];
    };
}

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
    fn the_preferred_language_wins_over_the_first() {
        assert_eq!(Locale::negotiate("en;q=0.5, pt-PT;q=0.9"), Locale::PtBr);
        assert_eq!(Locale::negotiate("fr, de"), Locale::En);
        assert_eq!(Locale::negotiate("pt-BR,pt;q=0.9,en;q=0.8"), Locale::PtBr);
    }

    #[test]
    fn gaps_are_filled_in_order_and_one_inside_a_value_is_not() {
        assert_eq!(fill("{} of {}", &["1", "2"]), "1 of 2");
        assert_eq!(fill("{}: {}", &["{}", "b"]), "{}: b");
    }
}
