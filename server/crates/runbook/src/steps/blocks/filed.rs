//! Paragraphs that name the file whose source the block behind them is.

use crate::doc::{self, Doc, LeafKind, RunKind};
use crate::lexicon::{Category, Lexicon};
use crate::words::{first_word, fold};

/// Endings of files beside the labels that their source may stand under; without labels, under any.
const SOURCES: [(&[&str], &[&str]); 6] = [
    (&[".sql", ".psql"], &["sql", "postgresql", "postgres", "psql", "pgsql", "plpgsql", "mysql", "tsql"]),
    (&[".ps1", ".psm1"], &["powershell", "ps1", "pwsh", "ps"]),
    (&[".sh", ".bash"], &["bash", "sh", "shell", "zsh"]),
    (&[".bat", ".cmd"], &["batch", "bat", "cmd", "dos"]),
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
    let Some(code) = doc.code(leaf) else { return false };
    if !matches!(doc.leaves[before].kind, LeafKind::Paragraph | LeafKind::Heading(_)) {
        return false;
    }
    let runs = doc.runs(before);
    let (lead, name) = match runs.iter().rposition(|run| run.kind == RunKind::Code) {
        Some(at) if !says_where(lexicon, &doc::plain(&runs[at + 1..])) => return false,
        Some(at) => (doc::plain(&runs[..at]), runs[at].text.trim()),
        None => match named_last(doc.plain(before)) {
            Some((lead, name)) => (lead.into(), name),
            None => return false,
        },
    };
    let label = code.info.split([' ', ',', '{']).next().unwrap_or("").to_ascii_lowercase();
    let holds = |(ends, labels): &(&[&str], &[&str])| {
        ends.iter().any(|end| name.len() > end.len() && name.ends_with(end))
            && (labels.is_empty() || labels.contains(&&*label))
    };
    if name.contains(char::is_whitespace) || name.starts_with("./") || !SOURCES.iter().any(holds) {
        return false;
    }
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    tells_of_a_file(lexicon, &lead) && !code.text.contains(file) && !is_typed(code.text, &[])
}

/// Tells whether a block begins with what opens, makes or moves a file, or with one of some more words.
pub fn is_typed(text: &str, more: &[&str]) -> bool {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    let first = line.map(|line| first_word(line.trim_start_matches(['$', ' '])).to_ascii_lowercase());
    first.is_some_and(|word| TYPED.contains(&&*word) || more.contains(&&*word))
}

/// "### Table `orders`" over `CREATE TABLE orders (…)`: how it is made up, unless the headings above are about setting it up.
pub fn is_of_a_table(doc: &Doc<'_>, before: usize, leaf: usize) -> bool {
    const TABLES: [&str; 8] = ["table", "tabela", "tabla", "schema", "esquema", "structure", "estrutura", "estructura"];
    const FEW: usize = 4;
    let (LeafKind::Heading(level), Some(code)) = (doc.leaves[before].kind, doc.code(leaf)) else { return false };
    let name = doc.plain(before);
    let mut words = name.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
    let first = words.next().unwrap_or("");
    if !TABLES.iter().any(|word| word.eq_ignore_ascii_case(first)) || words.clone().count() > FEW {
        return false;
    }
    let text = code.text.to_ascii_lowercase();
    let made = text.split_once("create table ").map_or("", |(_, rest)| rest);
    let made = made.strip_prefix("if not exists ").unwrap_or(made).trim_start_matches(['"', '`']);
    let named = words.next_back().is_some_and(|last| {
        let made = made.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).next().unwrap_or("");
        made.rsplit('.').next() == Some(&*last.to_ascii_lowercase())
    });
    named && !is_set_up_above(doc, before, level)
}

/// "## 2. Create the tables", "## Setup": a heading above that asks for what stands below it.
fn is_set_up_above(doc: &Doc<'_>, from: usize, level: u8) -> bool {
    const STEMS: [&str; 18] = [
        "creat",
        "crea",
        "criar",
        "crie",
        "criac",
        "setup",
        "set up",
        "instal",
        "configur",
        "step",
        "passo",
        "paso",
        "migra",
        "inicia",
        "initial",
        "provision",
        "execut",
        "run",
    ];
    let mut level = level;
    (0..from).rev().any(|at| {
        let LeafKind::Heading(above) = doc.leaves[at].kind else { return false };
        if above >= level {
            return false;
        }
        level = above;
        let name = fold(doc.plain(at)).into_owned();
        name.starts_with(|c: char| c.is_ascii_digit()) || STEMS.iter().any(|stem| name.contains(stem))
    })
}

/// "", ", line 13", "in the root", "e altere": what may stand behind the name of a file whose lines follow.
fn says_where(lexicon: &Lexicon, behind: &str) -> bool {
    const FEW: usize = 5;
    const LINES: [&str; 6] = ["line", "lines", "linha", "linhas", "linea", "lineas"];
    let behind = fold(behind);
    let words: Vec<&str> = behind.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let [first, rest @ ..] = &words[..] else { return true };
    // "…, then run it": what follows is what to do next.
    let edits = |word: &&str| lexicon.label_is(Category::Edits, word) || matches!(*word, "modifica" | "verifica");
    words.len() <= FEW
        && behind.trim_end().ends_with(':')
        && (LINES.contains(first)
            || lexicon.label_is(Category::Place, first)
            || matches!(*first, "and" | "e" | "y") && rest.first().is_some_and(edits))
}

/// "", "File:", "Backup script (": what stands before the name of a file whose source follows.
fn tells_of_a_file(lexicon: &Lexicon, lead: &str) -> bool {
    const FEW: usize = 4;
    let lead = fold(lead);
    let lead = lead.trim_start_matches(|c: char| !c.is_alphabetic()).trim_end();
    let script = || lead.trim_end_matches(['(', ':', ' ']).ends_with("script") && !lexicon.is_imperative(lead);
    lead.is_empty()
        || lead.split(' ').count() <= FEW
            && (lexicon.label_starts(Category::Filed, lead).is_some()
                || lexicon.label_starts(Category::Edits, lead).is_some()
                || script())
}

/// "Script: clean.sh": a file's name at the end, and what stands before it.
fn named_last(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_end_matches([':', ')', '*', ' ']);
    let start = text.rfind([' ', '(']).map_or(0, |at| at + 1);
    let (lead, name) = text.split_at(start);
    let (stem, end) = name.rsplit_once('.')?;
    (stem.len() > 1 && (2..8).contains(&end.len()) && end.bytes().all(|b| b.is_ascii_alphanumeric()))
        .then_some((lead, name))
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
    // All of them hold a full stop or these letters.
    if memchr::memchr(b'.', sentence.as_bytes()).is_none() && !crate::words::has(sentence, "fil") {
        return None;
    }
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
