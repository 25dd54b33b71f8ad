//! How the command line speaks.

use std::fmt::Display;
use std::io::{ErrorKind, Write};

use farol_api::text::{Locale, Localized};

/// How something is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Says something to who watches, apart from what is printed for who reads on. That nobody can be told ends nothing.
pub fn complain(sentence: &impl Display) {
    let _ = writeln!(std::io::stderr(), "farol: {sentence}");
}

/// Prints for who reads on. A reader that went away (`| head`) has seen enough, which is no error.
pub fn print(text: &[u8]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text).and_then(|()| out.flush());
    written.or_else(|error| if error.kind() == ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })
}

/// A number with its noun: 1 file, 2 files.
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A number of files.
pub fn files(number: usize, lang: Locale) -> String {
    match lang {
        Locale::En => count(number, "file", "files"),
        Locale::PtBr => count(number, "arquivo", "arquivos"),
    }
}

/// Complains in a language of each sentence.
pub fn complain_of(sentences: &[Localized], lang: Locale) {
    sentences.iter().for_each(|sentence| complain(&sentence.get(lang)));
}

/// Reads a tag of a language.
pub fn locale(tag: &str) -> Result<Locale, String> {
    Locale::from_tag(tag).ok_or_else(|| format!("{tag}: no language of Farol; en or pt-BR"))
}
