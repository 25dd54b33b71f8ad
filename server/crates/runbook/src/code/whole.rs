//! What all of a block says for or against its being typed.

use farol_api::graph::CommandLanguage;

use super::judge::{self, Family};
use super::known::{self, Word};
use super::{Hint, Logical, Piece, doubt, prompt, promql};
use crate::words::{find, lines, split, trim};

/// A fence that is indented too far is code with the fence in it: its label.
pub fn buried_label(text: &str) -> Option<&str> {
    let first = trim(lines(text).find(|l| !trim(l).is_empty())?);
    let label = first.strip_prefix("```").or_else(|| first.strip_prefix("~~~"))?.trim();
    label.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-_".contains(&b)).then_some(label)
}

/// Tells whether nothing but commands that cannot be output stands in a block, and what is assigned for them.
pub fn is_surely_typed(pieces: &[Piece]) -> bool {
    let beside = || pieces.iter().any(|piece| matches!(piece, Piece::Command(c) if !assigns(c)));
    pieces.iter().all(|piece| match piece {
        Piece::Command(c) => match c.language {
            CommandLanguage::Shell => judge::is_surely_typed(&c.text) || assigns(c) && beside(),
            CommandLanguage::Sql => true,
            _ => {
                promql::opens(&c.text)
                    || known::is_cmdlet(&c.text)
                    || c.text.starts_with('\\')
                    || judge::line(&c.text) == Word::Sure
            }
        },
        Piece::Output => false,
        _ => true,
    })
}

/// Tells whether a command does nothing but assign.
fn assigns(command: &Logical) -> bool {
    command.language == CommandLanguage::Shell && judge::past_assignments(&command.text) == ("", true)
}

/// `A=$(date)`: what a command says is assigned.
fn calls(text: &str) -> bool {
    text.contains("$(") || text.contains('`')
}

/// Tells whether a block does nothing but assign; whether what it assigns is used is asked elsewhere.
pub fn are_only_assigned(pieces: &[Piece]) -> bool {
    pieces.iter().all(|piece| match piece {
        Piece::Command(c) => assigns(c) && !calls(&c.text),
        piece => *piece != Piece::Output,
    })
}

/// Tells whether each command in a script is one by its program or its options.
pub fn has_only_options(pieces: &[Piece]) -> bool {
    pieces.iter().all(|piece| match piece {
        Piece::Command(c) => judge::is_surely_typed(&c.text) || doubt::has_options(&c.text),
        Piece::Output => false,
        _ => true,
    })
}

/// A script that is a file of its own says who reads it; PowerShell says what it is for.
pub fn is_source(text: &str, hint: Hint) -> bool {
    let first = lines(text).map(str::trim).find(|l| !l.is_empty()).unwrap_or("");
    let batch = first.get(..5).is_some_and(|word| word.eq_ignore_ascii_case("@echo"));
    // What the script is for may stand before it.
    let mut code =
        lines(text).map(str::trim).filter(|l| !l.is_empty() && (l.starts_with("#!/") || !l.starts_with('#')));
    let script = first.starts_with('#') && code.next().is_some_and(|line| line.starts_with("#!/"));
    (script || batch || names_its_file(first, text)) && hint != Hint::Asked
        || first.starts_with("<#")
        || is_message(text)
}

/// `POST /orders HTTP/1.1` and what follows: one message, whatever lines its body has.
fn is_message(text: &str) -> bool {
    let remark = |line: &&str| line.is_empty() || line.starts_with('#') || line.starts_with("//");
    let first = lines(text).map(str::trim).find(|line| !remark(line)).unwrap_or("");
    first.starts_with("HTTP/")
        || judge::is_http(first) && split(first).last().is_some_and(|last| last.starts_with("HTTP/"))
}

/// `-- migrations/0007_orders.sql`, `# scripts/backup.sh`: what begins with its own name is a file, unless that is run below.
fn names_its_file(first: &str, text: &str) -> bool {
    const SCRIPTS: [&str; 5] = [".sql", ".sh", ".bash", ".ps1", ".psql"];
    const SETTINGS: [&str; 4] = [".service", ".yml", ".yaml", ".conf"];
    // What a shell begins with.
    const PROFILES: [&str; 6] = [".bashrc", ".zshrc", ".bash_profile", ".zprofile", ".profile", ".bash_aliases"];
    let Some(name) = ["# ", "-- ", "// "].iter().find_map(|mark| first.strip_prefix(mark)) else { return false };
    // "~/.zshrc (or ~/.bashrc)"
    let name =
        name.split_once(" (").filter(|(_, aside)| aside.trim_end().ends_with(')')).map_or(name, |(name, _)| name);
    let name = past_kind(name.trim()).trim_matches(|c: char| matches!(c, '`' | ':' | '*' | '-' | '=' | '#')).trim();
    if name.contains(char::is_whitespace) || name.starts_with('-') {
        return false;
    }
    let ends = |list: &[&str]| list.iter().any(|end| name.len() > end.len() && name.ends_with(end));
    let file = name.rsplit('/').next().unwrap_or(name);
    let profile = PROFILES.contains(&file) || matches!(file, "$PROFILE");
    let named = ends(&SCRIPTS) || name.contains('/') && ends(&SETTINGS) || profile;
    named && memchr::memmem::find_iter(text.as_bytes(), file.as_bytes()).take(2).count() < 2
}

/// "migration 0007_orders.sql", "Archivo: 0007.sql": the name behind a word for what it is of.
fn past_kind(name: &str) -> &str {
    const KINDS: [&str; 11] = [
        "migration",
        "migração",
        "migracao",
        "migración",
        "migracion",
        "file",
        "arquivo",
        "ficheiro",
        "archivo",
        "fichero",
        "script",
    ];
    let Some((kind, rest)) = name.split_once(' ') else { return name };
    let kind = kind.trim_end_matches(':');
    if KINDS.iter().any(|known| known.eq_ignore_ascii_case(kind)) { rest.trim() } else { name }
}

/// `fetch  → downloads`, `type object struct {`, `sh ''' x '''`: an explanation, or another language.
pub fn is_drawn(body: &str) -> bool {
    let code = body.split(" #").next().unwrap_or("").trim_end();
    let word = code.split(' ').next().unwrap_or("");
    let opens = code.ends_with('{') && known::word(word) == Word::Maybe && !matches!(word, "if" | "for" | "while");
    code.contains(" → ") || code.contains(" ← ") || code.contains("'''") || opens
}

/// `rs.status()`, `db.orders.find(…)`: the shell of MongoDB, whose fences are labelled as source.
pub fn is_mongo(family: Family, text: &str) -> bool {
    let mut lines = lines(text).map(str::trim).filter(|l| !l.is_empty() && !l.starts_with("//"));
    let first = lines.next().unwrap_or("");
    let used =
        first.starts_with("use ") && first.split(' ').count() == 2 && lines.next().is_some_and(prompt::calls_mongo);
    matches!(family, Family::Source | Family::Unknown) && (prompt::calls_mongo(first) || used)
}

/// A block that only assigns is an env file, unless most of what it assigns is used later on; names without capitals, of which env
/// files have none, are a shell's where one of them is used.
pub fn is_only_assignments(pieces: &[Piece], used: &dyn Fn(&str) -> bool) -> bool {
    let (mut all, mut later, mut small) = (0usize, 0usize, 0usize);
    for piece in pieces {
        let Piece::Command(command) = piece else {
            continue;
        };
        let name = judge::assignment(&command.text);
        let Some(name) = name.filter(|_| command.language == CommandLanguage::Shell) else {
            return false;
        };
        if calls(&command.text) || runs_something(judge::past_assignments(&command.text).0) {
            return false;
        }
        all += 1;
        later += usize::from(used(name));
        small += usize::from(!name.bytes().any(|byte| byte.is_ascii_uppercase()));
    }
    all > 0 && later * 2 < all && (later == 0 || small < all)
}

/// Tells whether what stands behind assignments is a program; "(your own)" and "; once a day" are remarks.
fn runs_something(rest: &str) -> bool {
    let mut least = if rest.starts_with(['(', ';']) { Word::Maybe } else { Word::Unknown };
    let mut rest = rest;
    // `A=1; B=2; ./x.sh`
    while let Some(next) = rest.strip_prefix([';', '&', '|']) {
        rest = judge::past_assignments(next).0;
    }
    if rest.starts_with('(') {
        least = Word::Maybe;
    }
    !rest.is_empty() && !rest.starts_with('#') && judge::line(rest) >= least
}

/// The text up to where its fence was meant to be closed, with one mark too few; what is written to a file may hold such a line.
pub fn before_broken_end(text: &str) -> &str {
    let end = find(text, "\n``\n").filter(|at| find(&text[..*at], "<<").is_none());
    end.map_or(text, |at| &text[..at])
}

/// Tells whether a block without a label lists nothing but places of files.
pub fn is_only_paths(pieces: &[Piece]) -> bool {
    let commands =
        || pieces.iter().filter_map(|piece| if let Piece::Command(c) = piece { Some(&*c.text) } else { None });
    // `/Library/Application Support/`: most of a long list says what the rest is.
    let folders = commands().filter(|path| path.starts_with('/') && path.ends_with('/')).count();
    if folders * 2 > commands().count() {
        return true;
    }
    let (mut rooted, mut below, mut scripts) = (0, 0, 0);
    for path in commands() {
        if path.contains(char::is_whitespace) || path.starts_with("./") || !path.contains('/') {
            return false;
        }
        rooted += usize::from(path.starts_with('/'));
        below += usize::from(!path.starts_with('/'));
        scripts += usize::from([".sh", ".bash", ".py", ".rb", ".pl"].iter().any(|end| path.ends_with(end)));
    }
    // `/charts` over what is set in below it: a drawn folder.
    let drawn = rooted > 0 && below == 0 && pieces.contains(&Piece::Output);
    let drawn = drawn && pieces.iter().all(|piece| !matches!(piece, Piece::Command(c) if c.text[1..].contains('/')));
    // `scripts/a.sh` alone, or under another, may be meant to be run; not among files that no shell runs.
    drawn || rooted > 1 && below == 0 || rooted + below > 2 && scripts < rooted + below
}

/// A block with another label is a script only if nothing in it speaks against it.
pub fn lies_unproven(family: Family, pieces: &[Piece]) -> bool {
    family == Family::Source && pieces.contains(&Piece::Output)
}
