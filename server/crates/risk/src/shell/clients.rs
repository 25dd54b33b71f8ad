//! Clients that are given SQL: it is classified as SQL.

use std::ops::Range;

use farol_api::risk::{Dialect, RiskClass};

use super::arguments::Arguments;
use super::client_commands::{self, Meant};
use super::client_session;
use super::command::{Call, raising};
use super::redirect::Input;
use super::script::Reader;
use super::words::{MARK, Word};
use crate::finding::{Finding, quoted};

/// How a client is given SQL.
struct Client {
    names: &'static [&'static str],
    dialect: Dialect,
    /// Options whose value is SQL.
    commands: &'static [&'static str],
    /// Options whose value is a file of SQL.
    files: &'static [&'static str],
    /// Which of both are run before what it reads, and not in its place.
    before: &'static [&'static str],
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
        before: &[],
        answers: &["-l", "--list", "-V", "--version", "-?", "--help"],
        writes: &["-o", "--output", "-L", "--log-file"],
        before_sql: None,
    },
    Client {
        names: &["mysql", "mariadb"],
        dialect: Dialect::Mysql,
        commands: &["-e", "--execute", "--init-command"],
        files: &[],
        before: &["--init-command"],
        answers: &["-V", "--version", "-?", "--help"],
        writes: &["--tee"],
        before_sql: None,
    },
    Client {
        names: &["sqlite3"],
        dialect: Dialect::Sqlite,
        commands: &["-cmd", "--cmd"],
        files: &["-init", "--init"],
        before: &["-cmd", "--cmd", "-init", "--init"],
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
            given |= !client.before.contains(&option.name.as_str());
        } else if client.files.contains(&option.name.as_str()) {
            findings.push(file(name, first, words, option.at));
            given |= !client.before.contains(&option.name.as_str());
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
            let span = place.clone().or_else(|| first.span.clone());
            match client_commands::in_input(client.dialect, text) {
                Ok(meant) => of_text(client.dialect, name, text, &meant, span, reader),
                Err(variable) => Finding::unknown(
                    place.map(|place| place.start + variable.start..place.start + variable.end).or(span),
                    format!("{} puts a variable into the SQL as it is.", quoted(name)),
                    format!("{} põe uma variável no SQL tal como ela é.", quoted(name)),
                ),
            }
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

/// Classifies SQL in a session of the client's own, which ends with it.
fn of_session(dialect: Dialect, sql: &str) -> Finding {
    let settled = client_session::without_settings(dialect, sql);
    if settled.as_deref().is_some_and(client_session::is_blank) {
        return Finding::new(
            RiskClass::Read,
            None,
            "It only prepares its own session.",
            "Só prepara a própria sessão.",
        );
    }
    let sql = settled.as_deref().unwrap_or(sql);
    // `BEGIN; UPDATE …; COMMIT` does what its changes do, and a transaction around what reads only reads.
    if let Some(inside) = client_session::without_transaction(dialect, sql) {
        let finding = plain(dialect, &inside);
        // Where even that could do anything, that is the better reason.
        if finding.class.only_reads() || super::four(finding.class) == RiskClass::Unknown {
            return finding;
        }
    }
    let unframed = crate::change::without_frame(dialect, sql);
    plain(dialect, unframed.as_deref().unwrap_or(sql))
}

fn plain(dialect: Dialect, sql: &str) -> Finding {
    if let Some(refusal) = crate::bounds::refusal(sql, false) {
        return refusal;
    }
    match dialect {
        Dialect::Postgres => crate::postgres::classify(sql, None),
        Dialect::Mysql => crate::dialects::mysql::classify(sql),
        _ => crate::dialects::sqlite::classify(sql),
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
    of_text(dialect, name, text, &client_commands::in_argument(dialect, text), span, reader)
}

/// The same for what the client makes of a text.
fn of_text(
    dialect: Dialect,
    name: &str,
    text: &str,
    meant: &Meant,
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
    let offset = span.clone().and_then(|span| Some(span.start + reader.text.get(span)?.find(text)?));
    let own = meant.own.as_ref().map(|(class, place)| {
        let command = text.get(place.clone()).unwrap_or(text).trim();
        let place = offset.map(|offset| offset + place.start..offset + place.end).or_else(|| span.clone());
        super::says(*class, command, place).noting("It is a command of the client.", "É um comando do próprio cliente.")
    });
    let nothing_else = client_session::is_blank(&meant.sql);
    if let Some(finding) = own.clone().filter(|own| nothing_else || own.class == RiskClass::Unknown) {
        return finding;
    }
    let finding = of_session(dialect, &meant.sql);
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
