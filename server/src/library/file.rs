//! One file: whether its path and its bytes can be a runbook's.

use std::path::PathBuf;

use farol_api::library::SkipReason;
use farol_api::text::Localized;

/// A file of a source, with its bytes or why they are not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its path in the source, with `/` between its parts.
    pub path: String,
    /// Its bytes, which are UTF-8.
    pub content: Result<String, Skipped>,
    /// Where it is on this machine, all links resolved; absent for what was sent or unpacked.
    pub place: Option<PathBuf>,
}

/// Why a file is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The kind of reason.
    pub reason: SkipReason,
    /// The reason in words.
    pub note: Localized,
}

/// The files of one source.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// The name of the folder or archive.
    pub source: String,
    /// What was found in it.
    pub files: Vec<Found>,
    /// Whether these are all files of the source, so that one that is missing was renamed or removed.
    pub complete: bool,
}

/// Why nothing of a source is taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.en)]
pub struct Refused(pub Localized);

/// The most files and folders that one source may hold.
pub const MOST_ENTRIES: usize = 50_000;
/// The most bytes of Markdown that one import takes.
pub const MOST_BYTES: usize = 256 * 1024 * 1024;

/// The longest path, in bytes.
const LONGEST_PATH: usize = 500;
/// Folders of other people's code: what is written there is no runbook of the team.
const VENDORED: [&str; 8] =
    ["node_modules", "vendor", "third_party", "bower_components", "site-packages", "target", "venv", "__MACOSX"];

impl Skipped {
    /// Puts a reason into its words.
    pub fn because(reason: SkipReason) -> Self {
        let (en, pt) = match reason {
            SkipReason::NotMarkdown => ("Not Markdown.", "Não é Markdown."),
            SkipReason::TooLarge => ("Larger than a runbook may be.", "Maior do que um runbook pode ser."),
            SkipReason::NotText => ("Not text: it holds NUL bytes.", "Não é texto: contém bytes NUL."),
            SkipReason::NotUtf8 => ("Not UTF-8.", "Não é UTF-8."),
            SkipReason::Empty => ("There is nothing in it.", "Não há nada nele."),
            SkipReason::HostilePath => (
                "Its path leads out of the source, or is no path that a file can have.",
                "O caminho sai da origem, ou não é um caminho que um arquivo possa ter.",
            ),
            SkipReason::Link => ("A link; links are not followed.", "É um link; links não são seguidos."),
            SkipReason::NotAFile => ("Not a file.", "Não é um arquivo."),
            SkipReason::Duplicate => {
                ("Another file here has the same path.", "Outro arquivo aqui tem o mesmo caminho.")
            }
            SkipReason::Unreadable => ("It cannot be read.", "Não pode ser lido."),
            SkipReason::Conflict => (
                "Both the file and the runbook were changed since the last import. The runbook was left as it is.",
                "O arquivo e o runbook foram alterados desde a última importação. O runbook ficou como está.",
            ),
        };
        Self { reason, note: Localized::new(en, pt) }
    }

    /// Says what stopped the reading.
    pub fn unreadable(error: &impl std::fmt::Display) -> Self {
        let note = Localized::new(format!("It cannot be read: {error}."), format!("Não pode ser lido: {error}."));
        Self { reason: SkipReason::Unreadable, note }
    }
}

/// Tells whether a path is of a Markdown file, by its ending.
pub fn is_markdown(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.')
        .is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("md") || ending.eq_ignore_ascii_case("markdown"))
}

/// Tells whether a file or folder of this name is passed over: hidden, or of other people's code.
pub fn is_passed_over(name: &str) -> bool {
    name.starts_with('.') || VENDORED.contains(&name)
}

/// Brings a path of an archive or an upload into one form: relative, `/` between its parts, and nothing that leads out.
pub fn clean_path(raw: &str) -> Result<String, SkipReason> {
    let path = raw.replace('\\', "/");
    let drive = path.as_bytes().get(1) == Some(&b':');
    if path.starts_with('/') || drive || path.len() > LONGEST_PATH || path.chars().any(char::is_control) {
        return Err(SkipReason::HostilePath);
    }
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    if parts.is_empty() || parts.contains(&"..") {
        return Err(SkipReason::HostilePath);
    }
    Ok(parts.join("/"))
}

/// Makes a path that cannot be one fit to be shown.
pub fn shown_path(raw: &str) -> String {
    raw.chars().take(200).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// Checks the bytes of a Markdown file; they are kept as they are or not at all.
pub fn text(bytes: Vec<u8>, largest: usize) -> Result<String, Skipped> {
    if bytes.len() > largest {
        return Err(Skipped::because(SkipReason::TooLarge));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        let note = Localized::new(
            "It is UTF-16; save it as UTF-8, for example with iconv -f utf-16 -t utf-8.",
            "É UTF-16; salve como UTF-8, por exemplo com iconv -f utf-16 -t utf-8.",
        );
        return Err(Skipped { reason: SkipReason::NotUtf8, note });
    }
    if bytes.contains(&0) {
        return Err(Skipped::because(SkipReason::NotText));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let line = error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        let note = Localized::new(
            format!("It is not UTF-8 at line {line}; convert it, for example with iconv -f latin1 -t utf-8."),
            format!("Não é UTF-8 na linha {line}; converta, por exemplo com iconv -f latin1 -t utf-8."),
        );
        Skipped { reason: SkipReason::NotUtf8, note }
    })?;
    if text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').is_empty() {
        return Err(Skipped::because(SkipReason::Empty));
    }
    Ok(text)
}

/// Refuses a source of more entries than are gone through.
pub fn too_many() -> Refused {
    Refused(Localized::new(
        format!("It holds more than {MOST_ENTRIES} files. Nothing of it was imported; import it in parts."),
        format!("Contém mais de {MOST_ENTRIES} arquivos. Nada foi importado; importe por partes."),
    ))
}

/// Refuses a source of more text than is taken at once.
pub fn too_much() -> Refused {
    let mib = MOST_BYTES / (1024 * 1024);
    Refused(Localized::new(
        format!("It unpacks to more than {mib} MiB. Nothing of it was imported; import it in parts."),
        format!("Descompactado passa de {mib} MiB. Nada foi importado; importe por partes."),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_never_leads_out_of_its_source() {
        for bad in
            ["", "/etc/x.md", "../x.md", "a/../../x.md", "a\\..\\x.md", "C:\\x.md", "a\0.md", "\\\\host\\x.md", "./"]
        {
            assert_eq!(clean_path(bad), Err(SkipReason::HostilePath), "{bad:?}");
        }
        assert_eq!(clean_path("./db//fail over.md").unwrap(), "db/fail over.md");
        assert_eq!(clean_path("db\\réplica.md").unwrap(), "db/réplica.md");
    }

    #[test]
    fn bytes_are_kept_or_refused_and_never_altered() {
        for kept in ["\u{feff}# T\r\n\r\nx  \r\n", "# T\n\n\tx \n\n", "# T\u{b}\u{2028}\u{ad}"] {
            assert_eq!(text(kept.as_bytes().to_vec(), 100).unwrap(), kept);
        }
        let reason = |bytes: &[u8]| text(bytes.to_vec(), 20).unwrap_err().reason;
        assert_eq!(reason(b"# T\xedtulo\n"), SkipReason::NotUtf8);
        assert_eq!(reason(b"\xff\xfe#\0"), SkipReason::NotUtf8);
        assert_eq!(reason(b"# T\0"), SkipReason::NotText);
        assert_eq!(reason("\u{feff}\r\n ".as_bytes()), SkipReason::Empty);
        assert_eq!(reason(&[b'a'; 21]), SkipReason::TooLarge);
        let note = text(b"# T\n\nx\xed".to_vec(), 20).unwrap_err().note;
        assert!(note.en.contains("line 3") && note.pt.contains("linha 3"), "{note:?}");
    }
}
