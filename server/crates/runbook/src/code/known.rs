//! Which words are programs.

use std::sync::LazyLock;

use crate::words::split;
use rustc_hash::FxHashMap;

/// How sure the first word of a line makes it a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    /// Cannot start a command.
    No,
    /// Could be a program that nobody here knows.
    Unknown,
    /// A program, but an everyday word too.
    Maybe,
    /// A program, a path to one, or shell syntax.
    Sure,
}

/// The words of programs and of the shell, each with how sure it makes a command.
fn known() -> &'static FxHashMap<&'static str, Word> {
    static KNOWN: LazyLock<FxHashMap<&'static str, Word>> = LazyLock::new(|| {
        let mut known = FxHashMap::default();
        for line in include_str!("commands.txt").lines() {
            match line.split_once(" = ") {
                // An everyday word stays one, whatever else it is.
                Some(("maybe", words)) => known.extend(words.split(' ').map(|word| (word, Word::Maybe))),
                Some(("sure" | "powershell", words)) => {
                    for word in words.split(' ') {
                        known.entry(word).or_insert(Word::Sure);
                    }
                }
                Some(("no", words)) => known.extend(words.split(' ').map(|word| (word, Word::No))),
                _ => {}
            }
        }
        let syntax = |word: &&&str| !matches!(**word, "if" | "for" | "while" | "select");
        known.extend(SYNTAX.iter().filter(syntax).map(|word| (*word, Word::Sure)));
        for word in ["if", "for", "while"] {
            known.entry(word).or_insert(Word::Maybe);
        }
        known
    });
    &KNOWN
}

const SYNTAX: [&str; 14] =
    ["for", "while", "until", "if", "case", "select", "function", "do", "then", "else", "fi", "done", "esac", "[["];

/// Ends of the names of files that nobody starts.
const FILES: [&str; 28] = [
    ".jar", ".log", ".txt", ".yaml", ".yml", ".json", ".md", ".conf", ".pem", ".csv", ".gz", ".zip", ".xml", ".html",
    ".tf", ".sql", ".crt", ".key", ".cer", ".pfx", ".p12", ".pub", ".ini", ".env", ".bak", ".dump", ".png", ".pdf",
];

/// Tells how sure a line's first word makes it a command.
pub fn word(word: &str) -> Word {
    if let Some(known) = known().get(word) {
        return *known;
    }
    if is_program_path(word) {
        return Word::Sure;
    }
    if is_cmdlet(word) || super::windows::is_script(word) || is_windows_program(word) {
        return Word::Sure;
    }
    let plain = word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'+'))
        && !word.ends_with(['.', '-', '+'])
        && !(memchr::memchr(b'.', word.as_bytes()).is_some() && FILES.iter().any(|end| word.ends_with(end)))
        && !is_version(word);
    let client = ["ctl", "-cli", "-admin"].iter().any(|end| word.len() > end.len() + 2 && word.ends_with(end));
    if plain && client {
        return Word::Sure;
    }
    if plain && is_plugin(word) {
        return Word::Maybe;
    }
    if plain { Word::Unknown } else { Word::No }
}

/// `heat.exe`: a program by its ending.
fn is_windows_program(word: &str) -> bool {
    word.strip_suffix(".exe").is_some_and(|name| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
    })
}

/// `kubectl-shop`: a plugin, or what a team calls the client of one of its clusters; a pod's name has digits.
pub fn is_plugin(word: &str) -> bool {
    let name = word.strip_prefix("kubectl-");
    name.is_some_and(|name| name.bytes().all(|b| b.is_ascii_lowercase() || matches!(b, b'_' | b'-')))
}

/// `v1.0.0`: the name of a release.
fn is_version(word: &str) -> bool {
    let number = word.strip_prefix('v').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    number.is_some_and(|number| number.bytes().filter(|byte| *byte == b'.').count() > 1)
}

const CMDLET_VERBS: [&str; 52] = [
    "Add",
    "Backup",
    "Clear",
    "Compare",
    "Compress",
    "Connect",
    "Convert",
    "ConvertFrom",
    "ConvertTo",
    "Copy",
    "Disable",
    "Disconnect",
    "Dismount",
    "Enable",
    "Expand",
    "Export",
    "ForEach",
    "Format",
    "Get",
    "Import",
    "Install",
    "Invoke",
    "Join",
    "Measure",
    "Mount",
    "Move",
    "New",
    "Out",
    "Read",
    "Register",
    "Remove",
    "Rename",
    "Repair",
    "Reset",
    "Resolve",
    "Restart",
    "Restore",
    "Resume",
    "Select",
    "Set",
    "Sort",
    "Split",
    "Start",
    "Stop",
    "Suspend",
    "Test",
    "Uninstall",
    "Unregister",
    "Update",
    "Wait",
    "Where",
    "Write",
];

/// `Get-Service x`: PowerShell, whatever the label says.
pub fn is_cmdlet(text: &str) -> bool {
    if !text.trim_start().starts_with(|c: char| c.is_ascii_uppercase()) {
        return false;
    }
    let word = split(text).next().unwrap_or("");
    let noun = word.split_once('-').filter(|(verb, _)| CMDLET_VERBS.contains(verb)).map_or("", |(_, noun)| noun);
    noun.len() > 2
        && noun.starts_with(|c: char| c.is_ascii_uppercase())
        && noun.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn is_program_path(word: &str) -> bool {
    let Some((folder, file)) = word.rsplit_once('/') else {
        return [".sh", ".bash"].iter().any(|end| word.ends_with(end)) && !word.starts_with('-');
    };
    let folders = folder.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-~/<>$\"{}@+".contains(&b));
    // `./restore_{{BASE}}.sh`: what is to be filled in is part of a script's name, and elsewhere of an address.
    let filled = |b: &u8| b"{}<>$".contains(b) && (file.ends_with(".sh") || file.ends_with(".bash"));
    let name = file.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-+\"".contains(&b) || filled(&b))
        && !file.bytes().all(|b| b == b'.');
    let starts = folder.is_empty() || folder.starts_with(|c: char| c.is_ascii_alphabetic() || "./~<$\"".contains(c));
    let document = [".md", ".txt", ".yml", ".yaml", ".json", ".conf", ".log", ".html", ".tf", ".sql", ".ini", ".env"];
    let script = file.ends_with(".sh") || file.ends_with(".bash");
    let rooted =
        word.starts_with(['/', '.', '~', '<', '$']) || folder.contains("bin") || folder.contains("script") || script;
    folders && name && starts && !file.is_empty() && !document.iter().any(|d| file.ends_with(d)) && rooted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_told_from_words() {
        assert_eq!(word("kubectl"), Word::Sure);
        assert_eq!(word("./run.sh"), Word::Sure);
        assert_eq!(word("<chef-repo>/bin/gkms-vault-show"), Word::Sure);
        assert_eq!(word("find"), Word::Maybe);
        assert_eq!(word("frobnicate"), Word::Unknown);
        for no in ["Failed", "I0428", "1", "shared_buffers:", "docs/FINANCIAL.md", "a/b", "┌─"] {
            assert_eq!(word(no), Word::No, "{no}");
        }
    }
}
