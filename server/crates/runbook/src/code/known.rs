//! Which words are programs.

use std::collections::HashSet;
use std::sync::OnceLock;

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

struct Known {
    sure: HashSet<&'static str>,
    maybe: HashSet<&'static str>,
}

fn known() -> &'static Known {
    static KNOWN: OnceLock<Known> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let mut sets = Known { sure: HashSet::new(), maybe: HashSet::new() };
        for line in include_str!("commands.txt").lines() {
            match line.split_once(" = ") {
                Some(("maybe", words)) => sets.maybe.extend(words.split(' ')),
                Some(("sure" | "powershell", words)) => sets.sure.extend(words.split(' ')),
                _ => {}
            }
        }
        sets.sure.retain(|word| !sets.maybe.contains(word));
        sets
    })
}

const SYNTAX: [&str; 14] =
    ["for", "while", "until", "if", "case", "select", "function", "do", "then", "else", "fi", "done", "esac", "[["];

/// Ends of the names of files that nobody starts.
const FILES: [&str; 16] = [
    ".jar", ".log", ".txt", ".yaml", ".yml", ".json", ".md", ".conf", ".pem", ".csv", ".gz", ".zip", ".xml", ".html",
    ".tf", ".sql",
];

/// Tells how sure a line's first word makes it a command.
pub fn word(word: &str) -> Word {
    let known = known();
    if known.sure.contains(word) || SYNTAX.contains(&word) && !matches!(word, "if" | "for" | "while" | "select") {
        return Word::Sure;
    }
    if known.maybe.contains(word) || matches!(word, "if" | "for" | "while") {
        return Word::Maybe;
    }
    if is_program_path(word) {
        return Word::Sure;
    }
    if is_cmdlet(word) || super::windows::is_script(word) {
        return Word::Sure;
    }
    let plain = word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'+'))
        && !word.ends_with(['.', '-', '+'])
        && !FILES.iter().any(|end| word.ends_with(end));
    let client = ["ctl", "-cli", "-admin"].iter().any(|end| word.len() > end.len() + 2 && word.ends_with(end));
    if plain && client {
        return Word::Sure;
    }
    if plain { Word::Unknown } else { Word::No }
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
    let word = text.split_whitespace().next().unwrap_or("");
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
    let name = file.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-+\"".contains(&b));
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
