//! Paragraphs that name the file whose source the block behind them is.

use crate::doc::{self, Doc, LeafKind, RunKind};
use crate::lexicon::{Category, Lexicon};
use crate::words::{first_word, fold};

/// Endings of files beside the labels that their source may stand under; without labels, under any.
const SOURCES: [(&[&str], &[&str]); 5] = [
    (&[".sql", ".psql"], &["sql", "postgresql", "postgres", "psql", "pgsql", "plpgsql", "mysql", "tsql"]),
    (&[".ps1", ".psm1"], &["powershell", "ps1", "pwsh", "ps"]),
    (&[".sh", ".bash"], &["bash", "sh", "shell", "zsh"]),
    (&[".ts", ".js", ".php", ".rb", ".java", ".go", ".cs"], &["sql", "ts", "js", "typescript", "javascript", "php"]),
    (&[".service", ".timer", ".socket"], &[]),
];

/// What opens, makes or moves a file, so that its block is typed.
const TYPED: [&str; 24] = [
    "echo",
    "cat",
    "tee",
    "sed",
    "printf",
    "sudo",
    "nano",
    "vi",
    "vim",
    "nvim",
    "crontab",
    "cp",
    "mv",
    "touch",
    "mkdir",
    "chmod",
    "cd",
    "code",
    "notepad",
    "new-item",
    "copy-item",
    "git",
    "systemctl",
    "psql",
];

/// "**File:** `db/clean.sql`", "Create `start.ps1`:", or the name alone, before a block that does not name it.
pub fn is_of_a_file(doc: &Doc<'_>, lexicon: &Lexicon, before: usize, leaf: usize) -> bool {
    let Some(code) = doc.code(leaf).filter(|_| matches!(doc.leaves[before].kind, LeafKind::Paragraph)) else {
        return false;
    };
    let runs = doc.runs(before);
    let Some(at) = runs.iter().rposition(|run| run.kind == RunKind::Code) else { return false };
    let name = runs[at].text.trim();
    let label = code.info.split([' ', ',', '{']).next().unwrap_or("").to_ascii_lowercase();
    let holds = |(ends, labels): &(&[&str], &[&str])| {
        ends.iter().any(|end| name.len() > end.len() && name.ends_with(end))
            && (labels.is_empty() || labels.contains(&&*label))
    };
    if name.contains(char::is_whitespace) || name.starts_with("./") || !SOURCES.iter().any(holds) {
        return false;
    }
    if doc::plain(&runs[at + 1..]).contains(char::is_alphanumeric) {
        return false;
    }
    let lead = fold(&doc::plain(&runs[..at])).into_owned();
    let lead = lead.trim_start_matches(|c: char| !c.is_alphabetic()).trim_end();
    let told = lead.is_empty() || lead.split(' ').count() <= 4 && lexicon.label_starts(Category::Filed, lead).is_some();
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let typed = || {
        let line = code.text.lines().find(|line| !line.trim().is_empty() && !line.trim().starts_with('#'));
        let first = line.map(|line| first_word(line.trim().trim_start_matches(['$', ' '])).to_ascii_lowercase());
        first.is_some_and(|word| TYPED.contains(&&*word))
    };
    told && !code.text.contains(file) && !typed()
}

/// "Put this into your `$PROFILE`:", before a block that does not name that file itself.
pub fn is_of_a_profile(doc: &Doc<'_>, lexicon: &Lexicon, leaf: usize, sentence: &str) -> bool {
    let named = |name: &str| doc.code(leaf).is_some_and(|code| code.text.contains(name));
    profile_of(lexicon, sentence).is_some_and(|name| !named(name))
}

/// "Aliases (colocar no ~/.bashrc)": the file that a folded sentence says the block goes into, which every shell of a
/// person begins with.
fn profile_of<'t>(lexicon: &Lexicon, sentence: &'t str) -> Option<&'t str> {
    const FILES: [&str; 6] = [".bashrc", ".zshrc", "profile", ".bash_aliases", "config.fish", "perfil"];
    // As many words as stand before such a file.
    const FAR: usize = 7;
    let (at, file) = FILES.iter().find_map(|file| Some((crate::words::find(sentence, file)?, *file)))?;
    let start = sentence[..at].rfind([' ', '(', '`', '"', '\'']).map_or(0, |space| space + 1);
    // A profile of another program is none: "o perfil do usuário", "the AWS profile".
    let named = file.starts_with(['.', 'c']) || sentence[start..at].ends_with(['.', '$', '_']);
    let rest = &sentence[at + file.len()..];
    let shell = [" do powershell", " de powershell", " del powershell"].iter().find(|words| rest.starts_with(**words));
    let owned = sentence[..start].trim_end().ends_with("powershell");
    let rest = &rest[shell.map_or(0, |words| words.len())..];
    if !(named || shell.is_some() || owned) || rest.contains(char::is_alphanumeric) {
        return None;
    }
    let clause = sentence[..start].rsplit(['(', ',', ';', ':', '.', '—', '–']).next().unwrap_or("");
    let words: Vec<&str> = clause.split(' ').map(first_word).filter(|word| !word.is_empty()).take(FAR + 1).collect();
    let placed = |word: &&str| lexicon.label_is(Category::Place, word) || matches!(*word, "into" | "al" | "a");
    let puts = words.first().is_some_and(|word| lexicon.label_is(Category::Puts, word));
    let small = |word: &&str| lexicon.label_is(Category::Small, word) || *word == "powershell";
    let labels = words.first().is_some_and(placed) && words[1..].iter().all(small);
    let told = words.len() <= FAR && (puts && words.iter().any(placed) || labels);
    told.then_some(&sentence[start..at + file.len()])
}
