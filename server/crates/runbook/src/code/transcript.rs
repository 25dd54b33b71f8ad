//! Blocks with prompts: what stands behind a prompt was typed, all else is what came back.

use farol_api::graph::CommandLanguage;
use farol_api::runbook::BlockKind;

use super::judge::{self, Family};
use super::known::Word;
use super::prompt::{self, Prompt, Style};
use super::{Logical, Piece, Reading, lookalikes, promql, shell, sql, sqlplus};
use crate::words::{has, line_from, lines, split};

/// Reads a block with prompts; nothing where it has none.
pub fn read(family: Family, text: &str) -> Option<Reading> {
    if !prompt::may_have_prompt(text) {
        return None;
    }
    if lookalikes::is_of_a_workflow(text) || family == Family::Unknown && lookalikes::is_a_flow(text) {
        return Some(Reading::reference());
    }
    let style = style(family, text);
    let indent = |line: &str| line.len() - line.trim_start().len();
    let first = lines(text).find(|line| !line.trim().is_empty()).map_or(0, indent);
    let own = |line: &str| {
        let found = prompt::find(line, style)?;
        let fits = match family {
            Family::Sql => found.prompt != Prompt::Shell,
            // No language begins so; what is set in further than the first line is an example in a comment.
            Family::Source if found.prompt == Prompt::Other => indent(line) <= first,
            Family::Source => text.trim_start().starts_with("$ "),
            _ => true,
        };
        fits.then_some(found)
    };
    if family == Family::OtherConsole && !style.angle || !lines(text).any(|line| own(line).is_some()) {
        return None;
    }
    // Where only the client inside has a prompt, what opens that client is typed without one.
    let clients = !lines(text).any(|line| own(line).is_some_and(|p| p.prompt == Prompt::Shell));
    let console = family == Family::Console || style.hash;
    let labelled = matches!(family, Family::Shell | Family::Console);
    let mut reader = Reader { text, console, clients, opens: labelled, at: 0, pieces: Vec::new() };
    let mut kind = None;
    let (mut shells, mut sqls) = (shell::Splitter::new(), sql::Splitter::new());
    while reader.at < text.len() {
        let line = reader.line();
        let Some(found) = own(line).filter(|p| !line[p.start..].trim().is_empty()) else {
            reader.unprompted(line, &mut shells, &mut sqls);
            continue;
        };
        reader.opens = false;
        let start = reader.at + found.start;
        let typed = &text[start..reader.at + line.len()];
        if found.prompt == Prompt::Shell && typed.trim_start().starts_with('#') {
            reader.pieces.push(Piece::Output);
            reader.at += line.len();
            continue;
        }
        if found.prompt == Prompt::Other && line[..found.start].trim() == "1>" && reader.batch(start) {
            kind = kind.or(Some(BlockKind::Console));
            continue;
        }
        let (end, language) = match found.prompt {
            Prompt::Shell => (shells.end(text, start), CommandLanguage::Shell),
            // SQL*Plus takes its own words to the end of their line.
            Prompt::Sql if line[..found.start].trim() == "SQL>" && sqlplus::is_a_line_of_sqlplus(typed) => {
                (sql::line_end(text, start), CommandLanguage::Other)
            }
            Prompt::Sql => (sqls.end(text, start), super::read::sql_language(typed)),
            Prompt::Other => (promql::bracketed_end(text, start), CommandLanguage::Other),
        };
        kind = Some(kind_with(kind, found.prompt));
        let body = without_continuations(&text[start..end.code], found.prompt);
        reader.pieces.push(Piece::Command(Logical { language, text: body, range: start..end.code }));
        reader.past(end.next, line.len());
    }
    kind.map(|kind| Reading { kind, pieces: reader.pieces })
}

/// The kind of a block in which a line with a prompt follows what gave it its kind so far.
fn kind_with(kind: Option<BlockKind>, prompt: Prompt) -> BlockKind {
    match (kind, prompt) {
        (_, Prompt::Sql) => BlockKind::Sql,
        (Some(kind), _) if kind != BlockKind::Console => kind,
        (_, Prompt::Shell) => BlockKind::Shell,
        (_, Prompt::Other) => BlockKind::Console,
    }
}

struct Reader<'a> {
    text: &'a str,
    console: bool,
    clients: bool,
    /// The block is called a shell's or a console's, and neither a prompt nor an answer was met yet.
    opens: bool,
    at: usize,
    pieces: Vec<Piece>,
}

impl<'a> Reader<'a> {
    fn line(&self) -> &'a str {
        line_from(self.text, self.at)
    }

    /// Reads the numbered lines of sqlcmd from here to their `GO` as one batch, where they come to one.
    fn batch(&mut self, start: usize) -> bool {
        let Some((next, text)) = prompt::batch(self.text, self.at) else { return false };
        let range = start..self.at + self.text[self.at..next].trim_end().len();
        self.pieces.push(Piece::Command(Logical { language: CommandLanguage::Other, text, range }));
        let line = self.line().len();
        self.past(next, line);
        true
    }

    fn unprompted(&mut self, line: &str, shells: &mut shell::Splitter, sqls: &mut sql::Splitter) {
        let body = line.trim();
        let start = self.at + (line.len() - line.trim_start().len());
        // What stands above all prompts came back from nothing.
        let bare = !body.is_empty() && (self.clients || self.opens);
        let (end, language) = if bare && judge::is_surely_typed(body) && !body.contains('|') {
            (shells.end(self.text, start), CommandLanguage::Shell)
        } else if bare
            && sql::is_surely_sql(body)
            && !sql::is_answer(body)
            && sqls.end(self.text, start).ends_in(self.text, ';')
        {
            (sqls.end(self.text, start), CommandLanguage::Sql)
        } else {
            return self.unspoken(line);
        };
        let text = self.text[start..end.code].to_owned();
        self.pieces.push(Piece::Command(Logical { language, text, range: start..end.code }));
        self.past(end.next, line.len());
    }

    fn unspoken(&mut self, line: &str) {
        let body = line.trim();
        let piece = if body.is_empty() {
            Piece::Blank
        } else if body.starts_with('#') && !self.console {
            super::read::comment(line, self.at, "#")
        } else {
            self.opens = false;
            Piece::Output
        };
        self.pieces.push(piece);
        self.at += line.len();
    }

    /// What a prompt starts never shares its line with what comes after.
    fn past(&mut self, next: usize, line: usize) {
        self.at = next.min(self.text.len()).max(self.at + line);
        if !self.text[..self.at].ends_with('\n') && self.at < self.text.len() {
            self.at += self.text[self.at..].find('\n').map_or(self.text.len() - self.at, |n| n + 1);
        }
    }
}

/// Which marks are prompts in this block: its label says, or its first line and the lack of bare commands.
fn style(family: Family, text: &str) -> Style {
    let console = family == Family::Console;
    let first = lines(text).map(str::trim).find(|l| !l.is_empty()).unwrap_or("");
    let free = matches!(family, Family::Shell | Family::Unknown);
    let root = free && first.strip_prefix("# ").is_some_and(typed_as_root) && only_prompted(family, text);
    let angle =
        (free || console || family == Family::OtherConsole) && first.strip_prefix("> ").is_some_and(prompt::types);
    let root = root || becomes_root(text);
    Style { hash: console || root, angle: console || angle, tilde: has_tildes(text) }
}

/// `~ kubectl get pods` in the first line that is no comment; in a plan of changes a tilde stands before what changes.
fn has_tildes(text: &str) -> bool {
    let skipped = |line: &&str| !(line.is_empty() || line.starts_with('#') || line.starts_with("```"));
    let first = lines(text).map(str::trim).find(skipped).unwrap_or("");
    let planned = |line: &str| {
        let marked = ["~ ", "+ ", "- ", "-/+ ", "+/- ", "<= "].iter().any(|mark| line.trim_start().starts_with(mark));
        let changes =
            [" -> ", " => ", " = "].iter().any(|sign| line.contains(sign)) || line.trim_end().ends_with(['{', '[']);
        marked && changes
    };
    first.starts_with("~ ") && !lines(text).any(planned)
}

/// `$ sudo su`, and every `#` after it stands before what can only be typed.
fn becomes_root(text: &str) -> bool {
    if !has(text, "$ su") {
        return false;
    }
    let typed = |l: &str| l.strip_prefix("# ").is_some_and(|rest| judge::line(rest) == Word::Sure);
    let mut lines = lines(text).map(str::trim).skip_while(|l| !opens_root(l)).skip(1);
    let mut hashes = lines.by_ref().filter(|l| l.starts_with('#')).take(64).peekable();
    hashes.peek().is_some() && hashes.all(typed)
}

fn opens_root(line: &str) -> bool {
    let Some(command) = line.strip_prefix("$ ") else { return false };
    ["sudo su", "sudo -i", "sudo -s", "sudo su -", "su", "su -", "sudo bash"].contains(&command.trim())
}

/// `# gitlab-ctl restart consul` as the first line: a command, and nothing that a comment would say.
fn typed_as_root(rest: &str) -> bool {
    let word = split(rest).next().unwrap_or("");
    let syntax = matches!(word, "for" | "while" | "if") && rest.contains(';');
    let plain = split(rest).count() <= 4 && rest.bytes().all(|b| !b.is_ascii_uppercase() && b.is_ascii());
    syntax
        || (judge::line(rest) == Word::Sure || judge::line(rest) == Word::Maybe && rest.contains(" -"))
            && !judge::is_prose(rest)
            && !rest.ends_with([':', '.'])
            && (judge::has_evidence(rest) || plain)
            && !rest.contains(" - ")
            && !rest.contains(['→', '—'])
}

/// No line without a `#` is a command or a setting: a `#` before such lines makes comments.
fn only_prompted(family: Family, text: &str) -> bool {
    let came_back = |l: &&str| l.is_empty() || l.starts_with('#') || judge::has_gaps(l, 2);
    // `# cat > x << EOF`: the lines up to `EOF` are in the file.
    let mut until = "";
    let outside = lines(text).map(str::trim).filter(|line| {
        let inside = !until.is_empty();
        if inside && *line == until {
            until = "";
        } else if !inside && line.starts_with("# ") {
            until = line.split_once("<<").map_or("", |(_, word)| heredoc_word(word));
        }
        !inside
    });
    let bare = outside.filter(|l| !came_back(l));
    let mut lines = bare.take(64);
    let typed = |l: &str| {
        judge::line(l) == Word::Sure
            || judge::assignment(l).is_some()
            || sql::is_surely_sql(l)
            || l.split_once(" = ").is_some()
            || l.starts_with("- ")
            || family == Family::Unknown && split(l).next().is_some_and(|w| w.ends_with(':') && w.len() > 1)
    };
    !lines.any(typed)
}

/// `'EOF'`, `-EOF | tee x`: the word that ends a heredoc.
fn heredoc_word(rest: &str) -> &str {
    let rest = rest.trim_start_matches(['-', ' ', '\'', '"']);
    let end = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
    &rest[..end]
}

fn without_continuations(text: &str, prompt: Prompt) -> String {
    if prompt != Prompt::Sql || !text.contains('\n') {
        return text.to_owned();
    }
    let lines = text.split('\n').enumerate().map(|(i, line)| match prompt::continuation(line) {
        Some(skip) if i > 0 => &line[skip..],
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}
