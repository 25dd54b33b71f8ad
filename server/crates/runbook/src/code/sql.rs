//! Where one SQL statement ends, and what looks like one.

use super::shell::End;
use super::sql_words::{self, Lower, begins_with_pair, starts};
use crate::words::{lines, split, table, trim};

/// What names in SQL are made of.
const NAME: [bool; 256] = table(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

/// Tells whether a line starts a statement in a block that is said to be SQL.
pub fn starts_statement(line: &str) -> bool {
    if is_tag(line) {
        return false;
    }
    let line = line.trim_start();
    let (word, rest) = line.split_at(line.bytes().take_while(u8::is_ascii_alphabetic).count());
    // `CHECK (…)` is a part of a table, `REPLACE(url, '?', '')` calls a function.
    let part = word.eq_ignore_ascii_case("check") && rest.trim_start().starts_with('(')
        || word.eq_ignore_ascii_case("replace") && rest.starts_with('(');
    starts(word) && !part && !rest.trim_start().starts_with([':', '='])
        || line.starts_with("(select")
        || begins_with_pair(word, rest)
}

/// `UPDATE 1`, `INSERT 0 3`: what a client prints when it is done.
fn is_tag(line: &str) -> bool {
    let tags = ["UPDATE", "DELETE", "INSERT", "COPY", "MERGE"];
    let start = line.trim_start();
    let first = start.as_bytes().first();
    if !matches!(first, Some(b'U' | b'D' | b'I' | b'C' | b'M')) || !tags.iter().any(|tag| start.starts_with(tag)) {
        return false;
    }
    let mut words = split(line);
    let tag = words.next().is_some_and(|w| tags.contains(&w));
    let rest: Vec<&str> = words.take(3).collect();
    tag && !rest.is_empty() && rest.len() < 3 && rest.iter().all(|w| w.bytes().all(|b| b.is_ascii_digit()))
}

/// Tells whether a line can only be SQL, in a block that is not said to be.
pub fn is_surely_sql(line: &str) -> bool {
    let line = trim(line);
    if is_tag(line) {
        return false;
    }
    begins_like_sql(line) && is_statement(line)
}

/// The same for a line that is no tag, by all of it.
fn is_statement(line: &str) -> bool {
    let mut words = line.split(|c: char| c.is_whitespace() || "(;".contains(c)).filter(|w| !w.is_empty());
    let (Some(first), second) = (words.next(), words.next().unwrap_or("")) else {
        return false;
    };
    let upper = first.bytes().all(|b| b.is_ascii_uppercase());
    let first = Lower::of(first);
    let is = |word: &str| second.eq_ignore_ascii_case(word);
    let ends = line.ends_with(';');
    match first.as_str() {
        // `use App\Orders\Late;`: PHP.
        "use" if second.contains('\\') => false,
        "select" => {
            let lower = line.to_ascii_lowercase();
            upper || ends || lower.contains(" from ") || lower.ends_with(" from")
        }
        "comment" => is("on") && line.to_ascii_lowercase().contains(" is "),
        "reassign" => is("owned") && (upper || ends),
        "lock" => is("table") && (upper || ends),
        // `COPY (` over a query, `COPY t TO '/tmp/t.csv'`.
        "copy" => upper && (line.ends_with('(') || line.contains(" TO ") || line.contains(" FROM ")),
        "grant" | "revoke" if ends && gives(line) => true,
        "insert" => is("into"),
        "load" => is("data") && (upper || ends),
        "delete" => is("from"),
        "update" => upper || line.to_ascii_lowercase().contains(" set "),
        "create" | "alter" | "drop" => {
            (ends || upper && is_object(second))
                && second.bytes().all(|b| b.is_ascii_alphabetic())
                && !second.is_empty()
        }
        "with" => upper && line.to_ascii_lowercase().contains(" as "),
        "truncate" | "grant" | "revoke" | "vacuum" | "reindex" | "explain" | "analyze" | "show" | "set" | "call"
        | "kill" | "flush" | "pragma" | "begin" | "commit" | "rollback" | "checkpoint" | "optimize" | "describe"
        | "reset" | "use" | "dbcc" => {
            upper && (ends || !second.is_empty() && !second.starts_with('-'))
                || ends && lower_statement(first.as_str(), line)
        }
        _ => false,
    }
}

/// `grant pg_monitor to pgwatch;`
fn gives(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    lower.contains(" to ") || lower.contains(" from ")
}

/// Tells whether the first letters of a line are those of a statement, by a look that costs little: most lines begin otherwise.
fn begins_like_sql(line: &str) -> bool {
    let start = line.trim_start_matches([' ', '(', ';']).as_bytes();
    let (first, second) = (start.first().map_or(0, |byte| byte | 0x20), start.get(1).map_or(0, |byte| byte | 0x20));
    matches!((first, second), (b's', b'e' | b'h') | (b'i', b'n') | (b'l', b'o') | (b'd', b'e' | b'r' | b'b'))
        || matches!((first, second), (b'u', b'p' | b's') | (b'c', b'r' | b'a' | b'o' | b'h') | (b'a', b'l' | b'n'))
        || matches!((first, second), (b'w', b'i') | (b't', b'r') | (b'g', b'r') | (b'r', b'e' | b'o') | (b'v', b'a'))
        || matches!(
            (first, second),
            (b'e', b'x') | (b'k', b'i') | (b'f', b'l') | (b'p', b'r') | (b'b', b'e') | (b'o', b'p')
        )
        || start.first().is_some_and(|byte| !byte.is_ascii_alphabetic())
}

/// `ALTER INDEX REBUILD`, `ALTER TABLE ADD COLUMN`: what is done to something, without its name.
pub fn names_nothing(text: &str) -> bool {
    const ACTIONS: &str =
        "add alter attach detach disable drop enable modify move rebuild rename reorganize set shrink validate owner";
    let mut words = split(text);
    let alters = words.next().is_some_and(|word| word.eq_ignore_ascii_case("alter"));
    // `ALTER SYSTEM SET x = 1`: there is but one.
    let one = |word: &str| matches!(Lower::of(word).as_str(), "system" | "session");
    let action = |word: &str| ACTIONS.split(' ').any(|action| word.eq_ignore_ascii_case(action));
    alters && words.next().is_some_and(|word| !one(word)) && words.next().is_some_and(action)
}

/// What can be created, or a word before it; `CREATE API` is no statement.
fn is_object(word: &str) -> bool {
    const OBJECTS: &str = "access aggregate algorithm cast collation constraint database default definer domain event extension \
         external foreign function global group index keyspace language login materialized operator or owned package pluggable \
         policy procedure profile publication recursive resource role rule schema sequence server session statistics \
         subscription synonym system table tablespace temp temporary text trigger type unique unlogged user view virtual";
    OBJECTS.split_ascii_whitespace().any(|object| object == Lower::of(word).as_str())
}

/// `CREATE TABLE`, `GRANT ROLE`: what a client answers, never a statement to the end.
pub fn is_answer(line: &str) -> bool {
    let line = trim(line);
    !line.is_empty() && split(line).count() < 4 && line.bytes().all(|b| b.is_ascii_uppercase() || b == b' ')
}

/// Tells whether a query starts here whose `FROM` stands on one of the next lines.
pub fn opens(text: &str) -> bool {
    if sql_words::is_translated(text) {
        return true;
    }
    let head = text.char_indices().nth(7).map_or(text, |(end, _)| &text[..end]);
    let is = |word: &&str| head.trim_end().eq_ignore_ascii_case(word);
    let with = head.get(..5).is_some_and(|w| w.eq_ignore_ascii_case("with ")) && names_a_query(text);
    if !["select", "with", "delete", "update"].iter().any(is) && !with {
        return false;
    }
    let rest = lines(text).skip(1).take(40).map(str::trim).take_while(|l| !l.is_empty());
    let mut heads = rest.map(|l| l.split(' ').next().unwrap_or("").to_ascii_lowercase());
    heads.any(|w| matches!(w.as_str(), "from" | "set" | "select"))
}

/// "with late as (": the name and the `as` stand on the first line, or the `as` behind the columns on one of the next.
fn names_a_query(text: &str) -> bool {
    let mut lines = lines(text).map(str::trim);
    let first = lines.next().unwrap_or("").to_ascii_lowercase();
    if first.ends_with(':') {
        return false;
    }
    let starts = |line: &str, word: &str| line.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let columns = first.ends_with('(') || first.ends_with(',');
    let named = |line: &str| starts(line, "as") || columns && line.to_ascii_lowercase().contains(") as");
    first.contains(" as") || lines.take(if columns { 20 } else { 1 }).any(named)
}

/// `show databases;`: statements in lower case that no shell command looks like.
fn lower_statement(first: &str, line: &str) -> bool {
    let words: Vec<&str> = split(line.trim_end_matches(';')).collect();
    match first {
        "show" | "vacuum" | "reindex" | "analyze" | "explain" | "checkpoint" | "optimize" | "describe" | "flush"
        | "pragma" | "truncate" => words.len() < 12 && !words.iter().any(|w| w.starts_with("--")),
        "grant" | "revoke" => words.contains(&"on") || words.contains(&"to"),
        "set" => words.len() > 3 && (words.contains(&"to") || words.contains(&"=")),
        "begin" | "commit" | "rollback" => words.len() < 3,
        "use" => words.len() == 2,
        _ => false,
    }
}

/// Splits a text into its statements.
pub fn statements(text: &str) -> Vec<&str> {
    let (mut at, mut out, mut splitter) = (0, Vec::new(), Splitter::new());
    while at < text.len() {
        let rest = &text[at..];
        let skipped = rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == ';').len();
        at += skipped;
        if at >= text.len() {
            break;
        }
        let end = splitter.end(text, at);
        out.push(&text[at..end.code]);
        at = end.next.max(at + 1);
        while !text.is_char_boundary(at) {
            at += 1;
        }
    }
    out
}

/// Finds the ends of statements, with bounded patience for dollar quotes that never close.
pub struct Splitter {
    patience: usize,
}

impl Splitter {
    /// Makes one for one block.
    pub const fn new() -> Self {
        Self { patience: 16 }
    }

    /// Returns the end of the statement that starts at `start`.
    pub fn end(&mut self, text: &str, start: usize) -> End {
        if text[start..].starts_with('\\') || is_delimiter(&text[start..]) {
            return line_end(text, start);
        }
        let routine = is_routine(&text[start..]);
        let bytes = text.as_bytes();
        let patience = self.patience;
        let mut scan = Scan { text, bytes, at: start, start, depth: 0, blocks: 0, routine, patience };
        let end = scan.run();
        self.patience = scan.patience;
        end
    }
}

/// `ALTER TABLE t ...` over lines that each break off, `-- ... (the other changes)` within a statement: not all of it is there.
pub fn is_cut_short(text: &str) -> bool {
    if memchr::memchr2(b'|', b'=', text.as_bytes()).is_some() && super::lookalikes::is_synopsis(text) {
        return true;
    }
    if memchr::memmem::find(text.as_bytes(), b"...").is_none() {
        return false;
    }
    // `CREATE TABLE t (...)`: only that there is one.
    if text.get(..7).is_some_and(|word| word.eq_ignore_ascii_case("create ")) && text.contains("(...)") {
        return true;
    }
    if !text.contains('\n') {
        return false;
    }
    let told = |line: &str| line.strip_prefix("--").is_some_and(|rest| rest.trim_start().starts_with("..."));
    let breaks_off = lines(text).filter(|line| line.trim_end().ends_with(" ...")).count();
    breaks_off > 1 || lines(text).any(|line| told(line.trim_start()))
}

fn is_delimiter(rest: &str) -> bool {
    rest.get(..10).is_some_and(|w| w.eq_ignore_ascii_case("delimiter "))
}

/// The end of the line at `start`.
pub fn line_end(text: &str, start: usize) -> End {
    let next = text[start..].find('\n').map_or(text.len(), |at| start + at + 1);
    End { code: start + text[start..next].trim_end().len(), next }
}

/// Bodies of triggers, procedures and functions hold semicolons of their own.
fn is_routine(rest: &str) -> bool {
    if !rest.get(..6).is_some_and(|w| w.eq_ignore_ascii_case("create")) {
        return false;
    }
    let head: String = rest.chars().take(120).collect::<String>().to_ascii_lowercase();
    head.starts_with("create") && ["trigger", "procedure", "function", "event"].iter().any(|w| head.contains(w))
}

struct Scan<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    start: usize,
    depth: usize,
    blocks: usize,
    routine: bool,
    patience: usize,
}

impl Scan<'_> {
    fn run(&mut self) -> End {
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b' ' | b',' | b'.' | b'0'..=b'9' => self.at += 1,
                b'\'' | b'"' | b'`' => self.quoted(byte),
                b'-' if self.text[self.at..].starts_with("--") => self.skip_past("\n", true),
                b'/' if self.text[self.at..].starts_with("/*") => self.skip_past("*/", false),
                b'$' => self.dollar(),
                b'(' => {
                    self.depth += 1;
                    self.at += 1;
                }
                b')' => {
                    self.depth = self.depth.saturating_sub(1);
                    self.at += 1;
                }
                b';' if self.blocks == 0 => return self.finish(self.at + 1),
                b'\\' if matches!(self.bytes.get(self.at + 1), Some(b'G' | b'g')) => {
                    return self.finish(self.at + 2);
                }
                b'\n' if self.depth == 0 && self.new_statement_follows() => {
                    let code = self.start + self.text[self.start..self.at].trim_end().len();
                    return End { code, next: self.at + 1 };
                }
                b'\n' => self.at += self.text[self.at..].bytes().take_while(u8::is_ascii_whitespace).count(),
                _ if byte.is_ascii_alphabetic() => self.word(),
                _ => self.at += 1,
            }
        }
        let code = self.start + self.text[self.start..].trim_end().len();
        End { code, next: self.bytes.len() }
    }

    /// Ends the statement, taking the rest of the line with it where only a comment follows.
    fn finish(&self, code: usize) -> End {
        let code = code.min(self.bytes.len());
        let line = self.text[code..].find('\n').map_or(self.bytes.len(), |at| code + at + 1);
        let rest = self.text[code..line].trim();
        let next = if rest.is_empty() || rest.starts_with("--") { line } else { code };
        End { code, next }
    }

    fn quoted(&mut self, quote: u8) {
        let after = &self.bytes[self.at + 1..];
        match after.iter().position(|b| *b == quote) {
            Some(len) => self.at += len + 2,
            // Never closed: an apostrophe in prose, so the line goes on without it.
            None => self.at += 1,
        }
    }

    fn skip_past(&mut self, end: &str, before: bool) {
        let found = self.text[self.at..].find(end);
        self.at = found.map_or(self.bytes.len(), |len| self.at + len + if before { 0 } else { end.len() });
    }

    fn dollar(&mut self) {
        let rest = &self.text[self.at + 1..];
        let len = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').take(64).count();
        if rest[len..].starts_with('$') && !rest.starts_with(|c: char| c.is_ascii_digit()) {
            let tag = &self.text[self.at..self.at + len + 2];
            let body = self.at + tag.len();
            if self.patience > 0 {
                if let Some(end) = self.text[body..].find(tag) {
                    self.at = body + end + tag.len();
                    return;
                }
                self.patience -= 1;
            }
        }
        self.at += 1;
    }

    fn word(&mut self) {
        let len = self.bytes[self.at..].iter().take_while(|byte| NAME[usize::from(**byte)]).count();
        if self.routine {
            let word = self.text[self.at..self.at + len].to_ascii_lowercase();
            let next: String = self.text[self.at + len..].trim_start().chars().take(6).collect();
            match word.as_str() {
                "begin" | "case" => self.blocks += 1,
                "end"
                    if !["if", "loop", "while", "repeat"].iter().any(|w| next.to_ascii_lowercase().starts_with(w)) =>
                {
                    self.blocks = self.blocks.saturating_sub(1);
                }
                _ => {}
            }
        }
        self.at += len;
    }

    /// Tells whether what stands before a blank line asks for more: `UNION ALL`, `AS`, a comma.
    fn is_unfinished(&self) -> bool {
        let before = self.text[self.start..self.at].trim_end();
        let last = before.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("").to_ascii_lowercase();
        let asks = ["union", "all", "as", "except", "intersect", "from", "where", "and", "or", "on", "select", "set"];
        before.ends_with([',', '=', '(']) || asks.contains(&last.as_str())
    }

    /// Statements without a semicolon are told apart by a blank line before the next one's first word.
    fn new_statement_follows(&self) -> bool {
        let rest = &self.text[self.at + 1..];
        let end = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
        let blank = &rest[..end];
        if blank.is_empty() || !trim(blank).is_empty() || self.is_unfinished() {
            return false;
        }
        let next = rest[blank.len()..].split('\n').find(|l| !l.trim().is_empty());
        next.is_some_and(|l| starts_statement(l) || l.trim_start().starts_with("--"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::sql_words::STARTS;
    use super::*;

    fn statements(text: &str) -> Vec<&str> {
        let (mut at, mut out, mut splitter) = (0, Vec::new(), Splitter::new());
        while at < text.len() {
            if text[at..].starts_with(char::is_whitespace) {
                at += 1;
                continue;
            }
            let end = splitter.end(text, at);
            out.push(&text[at..end.code]);
            at = end.next;
        }
        out
    }

    #[test]
    fn two_words_begin_a_statement_where_one_is_too_common() {
        for statement in [
            "PURGE BINARY LOGS TO 'mysql-bin.000123';",
            "rename table a to b;",
            "CHECKSUM TABLE t;",
            "XA RECOVER;",
            "LOAD DATA INFILE '/x' INTO TABLE t;",
            "INSTALL SONAME 'x';",
            "  DISCARD ALL;",
            "IMPORT FOREIGN SCHEMA a FROM SERVER b INTO c;",
        ] {
            assert!(starts_statement(statement), "{statement}");
        }
        for other in
            ["install nginx", "load average: 0.4", "rename 's/a/b/' *.md", "purge", "xa", "discard the rest", ""]
        {
            assert!(!starts_statement(other), "{other}");
        }
    }

    #[test]
    fn semicolons_inside_quotes_do_not_end_a_statement() {
        assert_eq!(statements("select ';';select 2;"), ["select ';';", "select 2;"]);
        assert_eq!(statements("do $x$ begin; end $x$; select 1"), ["do $x$ begin; end $x$;", "select 1"]);
        assert_eq!(statements("select 1 -- a;b\n;\nselect 2"), ["select 1 -- a;b\n;", "select 2"]);
    }

    #[test]
    fn statements_without_semicolons_part_at_a_blank_line() {
        assert_eq!(statements("select 1\n\nselect 2"), ["select 1", "select 2"]);
        assert_eq!(statements("select 1\n\nfrom x"), ["select 1\n\nfrom x"]);
        assert_eq!(statements("\\dt\nselect 1"), ["\\dt", "select 1"]);
        assert_eq!(statements("show slave status\\G\nselect 1"), ["show slave status\\G", "select 1"]);
    }

    #[test]
    fn a_trigger_keeps_its_body() {
        let text = "create trigger t after insert on a begin update b set c = 1; end;";
        assert_eq!(statements(text), [text]);
    }

    #[test]
    fn sql_is_told_from_shell_and_prose() {
        for yes in ["SELECT 1", "select * from x", "ALTER SYSTEM SET a = 1", "KILL 12;", "SHOW PROCESSLIST"] {
            assert!(is_surely_sql(yes), "{yes}");
        }
        // What is looked at first passes all that can be one.
        for word in STARTS.split_ascii_whitespace().chain(["load"]) {
            for rest in ["x;", "INTO t VALUES (1)", "DATA x;", "FROM t", "t SET a = 1", "TABLE t", "t AS (SELECT 1)"] {
                for line in [format!("{} {rest}", word.to_uppercase()), format!("({word}\t{rest}")] {
                    assert!(!is_statement(&line) || begins_like_sql(&line), "{line}");
                }
            }
        }
        for no in ["set -e", "kill -9 1", "update the docs", "select the pod", "use strict", "explain why"] {
            assert!(!is_surely_sql(no), "{no}");
        }
    }
}
