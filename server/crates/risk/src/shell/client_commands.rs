//! A client's own commands among the SQL that it is given: `\d` of psql, `.tables` of sqlite3, `\G` of mysql.

use std::ops::Range;

use farol_api::risk::{Dialect, RiskClass};

use crate::sql::lexer::{self, Kind, Token};

/// What a client makes of a text: the highest class among its own commands, with the place of that one, and the SQL
/// that is left, each byte in its place.
pub(super) struct Meant {
    pub own: Option<(RiskClass, Range<usize>)>,
    pub sql: String,
}

impl Meant {
    fn all(sql: String) -> Self {
        Self { own: None, sql }
    }

    /// Takes a command out.
    fn take(&mut self, class: RiskClass, place: Range<usize>) {
        self.sql.replace_range(place.clone(), &" ".repeat(place.len()));
        if self.own.as_ref().is_none_or(|(own, _)| class > *own) {
            self.own = Some((class, place));
        }
    }
}

/// What a client makes of a text that is one of its arguments.
pub(super) fn in_argument(dialect: Dialect, text: &str) -> Meant {
    match dialect {
        Dialect::Postgres => without_commands(text),
        _ => {
            let mut meant = Meant::all(text.to_owned());
            if let Some(class) = of_client(dialect, text) {
                meant.take(class, 0..text.len());
            }
            meant
        }
    }
}

/// What a client makes of a text that it reads; the place of a variable where psql puts it into the SQL as it is.
pub(super) fn in_input(dialect: Dialect, text: &str) -> Result<Meant, Range<usize>> {
    match dialect {
        Dialect::Postgres => Ok(without_commands(&with_variables(text)?)),
        Dialect::Sqlite => Ok(without_dots(text)),
        _ => Ok(in_argument(dialect, text)),
    }
}

/// How many commands of a client are read in one text.
const MOST_COMMANDS: usize = 50;

/// Takes the commands of psql out of a text, each a line that starts with a backslash outside quotes.
fn without_commands(text: &str) -> Meant {
    let mut meant = Meant::all(with_ends(text));
    for _ in 0..MOST_COMMANDS {
        // A quote in a command does not reach into the SQL, so what is left is read anew each time.
        let rest = &meant.sql;
        let tokens = lexer::tokens(Dialect::Postgres, rest);
        let first = tokens.iter().find(|token| {
            token.is(rest, "\\")
                && rest[..token.span.start].rsplit('\n').next().is_none_or(|line| line.trim().is_empty())
        });
        let Some(start) = first.map(|token| token.span.start) else { return meant };
        let end = rest[start..].find('\n').map_or(rest.len(), |end| start + end);
        let command = &rest[start..end];
        let class = copy(command).or_else(|| of_client(Dialect::Postgres, command)).unwrap_or(RiskClass::Unknown);
        meant.take(class, start..end);
    }
    meant.take(RiskClass::Unknown, 0..text.len());
    meant
}

/// Puts the end of a statement in the place of `\gx` and `\g` at the end of a line, places unchanged: they send what
/// stands before them.
fn with_ends(text: &str) -> String {
    let tokens = lexer::tokens(Dialect::Postgres, text);
    let mut rest = text.to_owned();
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.is(text, "\\")) {
        let Some(name) = tokens.get(at + 1) else { continue };
        let ends = matches!(name.of(text), "gx" | "g") && name.span.start == token.span.end;
        let last = text[name.span.end..].split('\n').next().is_some_and(|line| line.trim().is_empty());
        let follows = text[..token.span.start].rsplit('\n').next().is_some_and(|line| !line.trim().is_empty());
        if ends && last && follows {
            rest.replace_range(
                token.span.start..name.span.end,
                &format!("{:<1$}", ";", name.span.end - token.span.start),
            );
        }
    }
    rest
}

/// Takes the commands of sqlite3 out of a text, each a line that starts with a dot where no statement is open.
fn without_dots(text: &str) -> Meant {
    let mut meant = Meant::all(text.to_owned());
    let lines = || text.split('\n').map(str::trim_end);
    if !lines().any(|line| line.starts_with('.')) {
        return meant;
    }
    // Only sqlite3 itself knows where a trigger or a comment of several lines ends; `/` and `go` end a statement too.
    let hard = lines().any(|line| matches!(line.trim_start(), "/" | "go" | "GO" | "Go" | "gO"))
        || text.contains("/*")
        || lexer::find_word(Dialect::Sqlite, text, 0, "TRIGGER").is_some();
    let (mut start, mut commands) = (0, 0);
    for line in text.split_inclusive('\n') {
        let place = start..start + line.trim_end().len();
        start += line.len();
        if !line.starts_with('.') {
            continue;
        }
        commands += 1;
        if commands > MOST_COMMANDS {
            meant.take(RiskClass::Unknown, 0..text.len());
            return meant;
        }
        // What was taken out before is blank, so a command's own quotes open nothing.
        let before = &meant.sql[..place.start];
        let open = lexer::tokens(Dialect::Sqlite, before).last().is_some_and(|last| !last.is(before, ";"));
        let known = if open || hard { None } else { of_client(Dialect::Sqlite, &text[place.clone()]) };
        meant.take(known.unwrap_or(RiskClass::Unknown), place);
    }
    meant
}

/// What psql makes of its variables in a text that it reads: `:'id'` is a string, whatever it holds, so one stands in its
/// place. Anything else can become any words: then there is nothing, but the place of the variable.
fn with_variables(text: &str) -> Result<String, Range<usize>> {
    let tokens = lexer::tokens(Dialect::Postgres, text);
    let mut rest = text.to_owned();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let next = tokens.get(at + 1).filter(|next| next.span.start == token.span.end && token.is(text, ":"));
        at += 1;
        let Some(next) = next else { continue };
        if next.is(text, ":") || next.is(text, "=") {
            at += 1;
        } else if is_string(next, text) {
            rest.replace_range(token.span.clone(), " ");
        } else if next.kind != Kind::Symbol || next.is(text, "{") {
            return Err(token.span.start..next.span.end);
        }
    }
    Ok(rest)
}

/// Tells whether a token is a plain string.
fn is_string(token: &Token, text: &str) -> bool {
    token.kind == Kind::Value && token.of(text).starts_with('\'')
}

/// The class of psql's `\\copy`: what it copies is COPY's, and the file is one beside psql. Nothing for other commands.
fn copy(command: &str) -> Option<RiskClass> {
    let words = command.trim().strip_prefix("\\copy").filter(|rest| rest.starts_with([' ', '(']))?;
    // psql finds brackets in dollar quotes and in comments, and no end of a string behind a backslash.
    if words.contains(['$', '\\', '`']) || words.contains("--") || words.contains("/*") {
        return None;
    }
    let statement = format!("COPY {words}");
    let tokens = lexer::tokens(Dialect::Postgres, &statement);
    let mut depth = 0_i32;
    let way = tokens.iter().position(|token| {
        depth += i32::from(token.is(&statement, "(")) - i32::from(token.is(&statement, ")"));
        depth == 0 && (token.is(&statement, "TO") || token.is(&statement, "FROM"))
    })?;
    let file = tokens.get(way + 1)?;
    if file.is(&statement, "PROGRAM") {
        return Some(RiskClass::Unknown);
    }
    // A file's name ends at the next blank, whatever stands in it, unless it is quoted.
    let name = &statement[file.span.start..];
    let end = match name.strip_prefix('\'') {
        Some(quoted) => quoted.find('\'')? + 2,
        None => name.find(char::is_whitespace).unwrap_or(name.len()),
    };
    let stream = if tokens[way].is(&statement, "TO") { "STDOUT" } else { "STDIN" };
    let copied = format!("{}{stream}{}", &statement[..file.span.start], &name[end..]);
    let class = crate::postgres::classify(&copied, None).class;
    let printed = matches!(name[..end].to_ascii_lowercase().as_str(), "stdout" | "pstdout");
    Some(super::four(if printed { class } else { class.max(RiskClass::Write) }))
}

/// The class of a client's own command, such as `\d` of psql or `.tables` of sqlite3.
fn of_client(dialect: Dialect, text: &str) -> Option<RiskClass> {
    let text = text.trim();
    let word = text.split_whitespace().next()?;
    match dialect {
        Dialect::Postgres if word.starts_with('\\') => {
            let one =
                !text.contains('`') && !text.contains('\n') && text.matches('\\').count() == 1 && !text.contains('|');
            let name = word.trim_start_matches('\\').trim_end_matches('+');
            let shows = name.starts_with('d') && name.bytes().all(|byte| byte.is_ascii_alphabetic());
            let known = matches!(
                name,
                "l" | "list"
                    | "conninfo"
                    | "z"
                    | "sf"
                    | "sv"
                    | "timing"
                    | "x"
                    | "encoding"
                    | "?"
                    | "h"
                    | "q"
                    | "pset"
                    | "t"
                    | "a"
                    | "f"
                    | "H"
                    | "echo"
                    | "c"
                    | "connect"
            );
            Some(if one && (shows || known) { RiskClass::Read } else { RiskClass::Unknown })
        }
        Dialect::Sqlite if word.starts_with('.') => Some(match word {
            ".tables" | ".schema" | ".databases" | ".indexes" | ".indices" | ".dbinfo" | ".dump" | ".fullschema"
            | ".headers" | ".mode" | ".stats" | ".width" | ".timer" | ".help" | ".show" | ".lint" | ".sha3sum"
            | ".timeout" | ".nullvalue" | ".separator" | ".quit" | ".exit" => {
                if text.contains('|') || text.contains('\n') { RiskClass::Unknown } else { RiskClass::Read }
            }
            ".backup" | ".save" | ".clone" => RiskClass::Write,
            ".output" | ".once" | ".import" | ".log" if !text.contains('|') && !text.contains('\n') => RiskClass::Write,
            ".restore" => RiskClass::Destructive,
            _ => RiskClass::Unknown,
        }),
        Dialect::Mysql => backslash_commands(text),
        _ => None,
    }
}

/// The class of the commands that the mysql client finds in its SQL: `\\!` runs a shell. `\\G` and `\\g` only end a statement.
fn backslash_commands(text: &str) -> Option<RiskClass> {
    let tokens = lexer::tokens(Dialect::Mysql, text);
    let commands = tokens.iter().enumerate().filter(|(_, token)| token.is(text, "\\"));
    let harmful =
        commands.into_iter().any(|(at, _)| !tokens.get(at + 1).is_some_and(|next| matches!(next.of(text), "G" | "g")));
    // `help` ends with its line, and what follows is SQL again.
    let helps = |line: &str| line.split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case("help"));
    let harmful = harmful || (text.contains('\n') && text.lines().any(helps));
    match text {
        "\\s" | "\\h" => Some(RiskClass::Read),
        _ if harmful => Some(RiskClass::Unknown),
        _ => None,
    }
}
