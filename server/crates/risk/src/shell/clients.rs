//! Clients that are given SQL: it is classified as SQL.

use std::ops::Range;

use farol_api::risk::{Dialect, RiskClass};

use super::arguments::Arguments;
use super::command::{Call, raising};
use super::redirect::Input;
use super::script::Reader;
use super::words::{MARK, Word};
use crate::finding::{Finding, quoted};
use crate::sql::lexer;

/// How a client is given SQL.
struct Client {
    names: &'static [&'static str],
    dialect: Dialect,
    /// Options whose value is SQL.
    commands: &'static [&'static str],
    /// Options whose value is a file of SQL.
    files: &'static [&'static str],
    /// Options that only answer.
    answers: &'static [&'static str],
    /// Options that make it write a file.
    writes: &'static [&'static str],
    /// How many words come before those that are SQL.
    before_sql: Option<usize>,
}

const CLIENTS: [Client; 3] = [
    Client {
        names: &["psql"],
        dialect: Dialect::Postgres,
        commands: &["-c", "--command"],
        files: &["-f", "--file"],
        answers: &["-l", "--list", "-V", "--version", "-?", "--help"],
        writes: &["-o", "--output", "-L", "--log-file"],
        before_sql: None,
    },
    Client {
        names: &["mysql", "mariadb"],
        dialect: Dialect::Mysql,
        commands: &["-e", "--execute", "--init-command"],
        files: &[],
        answers: &["-V", "--version", "-?", "--help"],
        writes: &["--tee"],
        before_sql: None,
    },
    Client {
        names: &["sqlite3"],
        dialect: Dialect::Sqlite,
        commands: &["-cmd", "--cmd"],
        files: &["-init", "--init"],
        answers: &["-version", "--version", "-help", "--help"],
        writes: &[],
        before_sql: Some(1),
    },
];

/// Tells whether a command is a client of a database.
pub(super) fn knows(name: &str) -> bool {
    find(name).is_some()
}

fn find(name: &str) -> Option<&'static Client> {
    CLIENTS.iter().find(|client| client.names.contains(&name))
}

/// Classifies a client by the SQL that it is given.
pub(super) fn classify(name: &str, first: &Word, words: &[Word], input: &Input, reader: &mut Reader<'_>) -> Finding {
    let (Some(client), Some(command)) = (find(name), reader.table.get(name)) else {
        return Finding::unknown(first.span.clone(), "It is not in the tables.", "Não está nas tabelas.");
    };
    let arguments = Arguments::sort(command, words);
    let console = name == "psql" && is_console(&arguments, words);
    let mut findings = Vec::new();
    let mut given = false;
    for option in &arguments.options {
        let word = words.get(option.value_at).or_else(|| words.get(option.at));
        let value = option.value.as_deref().unwrap_or("");
        if console && client.commands.contains(&option.name.as_str()) {
            findings.push(of_console(value, word.and_then(|word| word.span.clone()), reader));
            given = true;
        } else if client.commands.contains(&option.name.as_str()) {
            findings.push(sql(client.dialect, name, value, word.and_then(|word| word.span.clone()), reader));
            given |= option.name != "--init-command";
        } else if client.files.contains(&option.name.as_str()) {
            findings.push(file(name, first, words, option.at));
            given = true;
        } else if client.writes.contains(&option.name.as_str()) {
            // What psql prints to may be a program: `-o '|sh'`.
            let program = client.dialect == Dialect::Postgres && value.trim_start().starts_with(['|', MARK]);
            let class = if program { RiskClass::Unknown } else { RiskClass::Write };
            findings.push(super::says(class, &format!("{name} {}", option.name), words[option.at].span.clone()));
        }
    }
    if let Some(before) = client.before_sql {
        for at in arguments.positionals.iter().skip(before) {
            findings.push(sql(client.dialect, name, &words[*at].value, words[*at].span.clone(), reader));
            given = true;
        }
    }
    findings.extend(raising(name, command, words, &arguments));
    let answers = arguments.options.iter().any(|option| client.answers.contains(&option.name.as_str()));
    if !given && answers {
        return super::says(RiskClass::Read, name, first.span.clone());
    }
    if !given {
        findings.push(from_input(client, name, first, input, reader));
    }
    let mut findings = findings.into_iter();
    let mut worst = findings.next().unwrap_or_else(|| super::says(RiskClass::Unknown, name, first.span.clone()));
    findings.for_each(|finding| worst.raise(finding));
    worst
}

/// Tells whether psql is connected to the administration console of PgBouncer.
fn is_console(arguments: &Arguments, words: &[Word]) -> bool {
    let named = arguments
        .options
        .iter()
        .find(|option| matches!(option.name.as_str(), "-d" | "--dbname"))
        .and_then(|option| option.value.clone());
    let database =
        named.or_else(|| arguments.positionals.first().and_then(|at| words.get(*at)).map(|word| word.value.clone()));
    database.is_some_and(|database| {
        let plain = database.split('?').next().unwrap_or("");
        plain == "pgbouncer" || plain.ends_with("/pgbouncer") || database.contains("dbname=pgbouncer")
    })
}

/// The console's commands stand in the tables, under this name.
const CONSOLE: &str = "pgbouncer console";

fn of_console(text: &str, span: Option<Range<usize>>, reader: &mut Reader<'_>) -> Finding {
    let word = |value: &str| Word { value: value.to_owned(), span: span.clone(), braces: false, options: false };
    let mut worst = super::says(RiskClass::Read, CONSOLE, span.clone());
    for statement in text.split(';').filter(|statement| !statement.trim().is_empty()) {
        let words: Vec<Word> = std::iter::once(CONSOLE).chain(statement.split_whitespace()).map(word).collect();
        worst.raise(Call { words: &words, input: &Input::Inherited, wrapped: 1 }.classify(reader));
    }
    worst
}

fn file(name: &str, first: &Word, words: &[Word], at: usize) -> Finding {
    let end = words.get(at).and_then(|word| word.span.clone());
    let span = first.span.clone().map(|start| start.start..end.map_or(start.end, |end| end.end.max(start.end)));
    Finding::new(
        RiskClass::Destructive,
        span,
        format!("{} runs a file of SQL that can hold anything.", quoted(name)),
        format!("{} executa um arquivo de SQL que pode conter qualquer coisa.", quoted(name)),
    )
}

fn from_input(client: &Client, name: &str, first: &Word, input: &Input, reader: &mut Reader<'_>) -> Finding {
    match input {
        Input::Text(text) => {
            let place = reader.text.find(text.as_str()).map(|at| at..at + text.len());
            sql(client.dialect, name, text, place.or_else(|| first.span.clone()), reader)
        }
        Input::File | Input::Stream => Finding::new(
            RiskClass::Destructive,
            first.span.clone(),
            format!("{} runs SQL from its standard input that can hold anything.", quoted(name)),
            format!("{} executa SQL da entrada padrão, que pode conter qualquer coisa.", quoted(name)),
        ),
        Input::Inherited => Finding::unknown(
            first.span.clone(),
            format!("{} is given no SQL, so it opens a session.", quoted(name)),
            format!("{} não recebe SQL e abre uma sessão.", quoted(name)),
        ),
    }
}

/// Classifies SQL that a command is given in a word.
pub(super) fn sql(
    dialect: Dialect,
    name: &str,
    text: &str,
    span: Option<Range<usize>>,
    reader: &Reader<'_>,
) -> Finding {
    if text.contains(MARK) {
        return Finding::unknown(
            span,
            format!("The SQL given to {} only shows when it runs.", quoted(name)),
            format!("Só na execução se conhece o SQL dado a {}.", quoted(name)),
        );
    }
    let (met, sql) = match dialect {
        Dialect::Postgres => without_commands(text),
        _ => (of_client(dialect, text), text.to_owned()),
    };
    let own = met.map(|class| {
        super::says(class, text.split_whitespace().next().unwrap_or(text), span.clone())
            .noting("It is a command of the client.", "É um comando do próprio cliente.")
    });
    let nothing_else = dialect != Dialect::Postgres || sql.trim().trim_matches(';').trim().is_empty();
    if let Some(finding) = own.clone().filter(|own| nothing_else || own.class == RiskClass::Unknown) {
        return finding;
    }
    // `BEGIN; UPDATE …; COMMIT` does what its changes do.
    let sql = crate::change::without_frame(dialect, &sql).unwrap_or(sql);
    let finding = match crate::bounds::refusal(&sql, false) {
        Some(refusal) => refusal,
        None => match dialect {
            Dialect::Postgres => crate::postgres::classify(&sql, None),
            Dialect::Mysql => crate::dialects::mysql::classify(&sql),
            _ => crate::dialects::sqlite::classify(&sql),
        },
    };
    let offset = span.clone().and_then(|span| Some(span.start + reader.text.get(span)?.find(text)?));
    let mut finding = match offset {
        Some(offset) if finding.span.is_some() => finding.shifted(offset),
        _ => finding.at(span),
    };
    finding.class = super::four(finding.class);
    finding.en = format!("{} runs SQL: {}", quoted(name), finding.en);
    finding.pt = format!("{} executa SQL: {}", quoted(name), finding.pt);
    if let Some(own) = own {
        finding.raise(own);
    }
    finding
}

/// How many commands of psql are read in one text.
const MOST_COMMANDS: usize = 50;

/// Takes the commands of psql out of a text, each a line that starts with a backslash outside quotes; returns the
/// highest class among them, and the SQL that is left, places unchanged.
fn without_commands(text: &str) -> (Option<RiskClass>, String) {
    let mut rest = text.to_owned();
    let mut worst: Option<RiskClass> = None;
    for _ in 0..MOST_COMMANDS {
        // A quote in a command does not reach into the SQL, so what is left is read anew each time.
        let tokens = lexer::tokens(Dialect::Postgres, &rest);
        let first = tokens.iter().find(|token| {
            token.is(&rest, "\\")
                && rest[..token.span.start].rsplit('\n').next().is_none_or(|line| line.trim().is_empty())
        });
        let Some(start) = first.map(|token| token.span.start) else { return (worst, rest) };
        let end = rest[start..].find('\n').map_or(rest.len(), |end| start + end);
        let command = &rest[start..end];
        let class = copy(command).or_else(|| of_client(Dialect::Postgres, command)).unwrap_or(RiskClass::Unknown);
        worst = worst.max(Some(class));
        rest.replace_range(start..end, &" ".repeat(end - start));
    }
    (Some(RiskClass::Unknown), rest)
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
    match text {
        "\\s" | "\\h" => Some(RiskClass::Read),
        _ if harmful => Some(RiskClass::Unknown),
        _ => None,
    }
}
