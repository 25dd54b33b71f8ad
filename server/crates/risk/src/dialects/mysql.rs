//! MySQL and MariaDB.

use std::sync::LazyLock;

use farol_api::risk::{Dialect, RiskClass};

use super::opening::{self, Openings};
use super::rewrite::{self, Edits};
use super::{Piece, catalogue, inside, mysql_comments, split};
use crate::finding::{Finding, highest};
use crate::sql::functions::Functions;
use crate::sql::lexer::Kind;
use crate::sql::{own_tables, says};

static FUNCTIONS: LazyLock<Functions> = LazyLock::new(|| Functions::read(include_str!("mysql_functions.tsv")));
static OPENINGS: LazyLock<Openings> = LazyLock::new(|| Openings::read(include_str!("mysql_statements.tsv")));

/// Classifies a text of one or more statements.
pub(crate) fn classify(text: &str) -> Finding {
    let both = match mysql_comments::readings(text) {
        Ok(None) => return plain(text),
        Ok(Some(both)) => both,
        Err(()) => {
            return Finding::unknown(
                text.find("/*").map(|at| at..at + 3),
                "An executable comment is nested or does not end.",
                "Um comentário executável está aninhado ou não termina.",
            );
        }
    };
    let mut finding = plain(&both.with);
    if !split(Dialect::Mysql, &both.without).is_empty() {
        let without = plain(&both.without);
        // Where the rest alone is no statement, a server that skips the comment refuses it. That is only certain
        // if the comment cannot change how the rest is read.
        if without.class != RiskClass::Unknown || both.entangled {
            finding.raise(without);
        }
    }
    finding.noting("An executable comment counts as code.", "Um comentário executável conta como código.")
}

/// Counts the statements; nothing where comments make it doubtful.
pub(crate) fn count(text: &str) -> Option<usize> {
    matches!(mysql_comments::readings(text), Ok(None)).then(|| split(Dialect::Mysql, text).len())
}

fn plain(text: &str) -> Finding {
    let pieces = split(Dialect::Mysql, text);
    if let Some(refusal) = crate::bounds::too_many(pieces.len()) {
        return refusal;
    }
    let findings = pieces.iter().map(judged).collect();
    highest(findings).unwrap_or_else(|| Finding::unknown(None, "There is no statement.", "Não há nenhuma instrução."))
}

/// Classifies a statement; one that changes an object in which the server keeps itself administers it.
fn judged(piece: &Piece<'_>) -> Finding {
    let first = piece.word(0);
    // A text that asks for help is no statement: `HELP CREATE TABLE`.
    if let Some(unfinished) = opening::unfinished(piece).filter(|_| first != "HELP") {
        return unfinished;
    }
    let mut finding = statement(piece, 0);
    if matches!(first.as_str(), "ALTER" | "DROP" | "TRUNCATE" | "RENAME") && catalogue::names_own(piece) {
        finding.raise(own_tables(&first, piece.place(&first)));
    }
    // `SHOW TABLES WHERE f(1)` calls what it is given.
    let condition = piece.tokens.iter().position(|token| token.is(piece.text, "WHERE"));
    if let Some(from) = condition.filter(|_| matches!(first.as_str(), "SHOW" | "HANDLER"))
        && let Some(call) = inside::calls_from(piece, from, &FUNCTIONS)
    {
        finding.raise(call);
    }
    finding
}

/// `depth` counts the EXPLAINs around it.
fn statement(piece: &Piece<'_>, depth: usize) -> Finding {
    let first = piece.word(0);
    let class = match first.as_str() {
        "SELECT" | "WITH" | "VALUES" | "TABLE" | "INSERT" | "REPLACE" | "UPDATE" | "DELETE" | "" => {
            return query(piece);
        }
        "EXPLAIN" | "DESCRIBE" | "DESC" | "ANALYZE" => return explained(piece, depth),
        "DO" => return evaluated(piece),
        "SET" => return set(piece),
        "CREATE" => return create(piece),
        "ALTER" => return alter(piece),
        "DROP" => return drop_object(piece),
        _ => OPENINGS.class(piece).unwrap_or(RiskClass::Unknown),
    };
    let one_word =
        class == RiskClass::Read || matches!(first.as_str(), "COMMIT" | "ROLLBACK" | "BEGIN" | "USE" | "KILL");
    piece.opening(class, if one_word { 1 } else { 2 })
}

/// Classifies a query or data change: the traps first, then what is inside.
fn query(piece: &Piece<'_>) -> Finding {
    let mut edits = Edits::default();
    let traps = traps(piece, &mut edits);
    rewrite::mysql(piece, &mut edits);
    let administers = traps.iter().any(|trap| trap.class == RiskClass::Administration);
    let mut finding = if administers {
        piece.opening(RiskClass::Read, 1)
    } else {
        inside::classify(piece, &edits.apply(piece), &FUNCTIONS)
    };
    traps.into_iter().for_each(|trap| finding.raise(trap));
    if let Some(call) = inside::known_calls(piece, &FUNCTIONS) {
        finding.raise(call);
    }
    finding
}

/// Finds what makes a query more than one, and takes it away from the parser, which does not know it.
fn traps(piece: &Piece<'_>, edits: &mut Edits) -> Vec<Finding> {
    let mut traps = Vec::new();
    for (at, token) in piece.tokens.iter().enumerate() {
        let next = piece.word(at + 1);
        let span = token.span.clone();
        if token.is(piece.text, "INTO") && (next == "OUTFILE" || next == "DUMPFILE") {
            traps.push(says(RiskClass::Administration, &format!("INTO {next}"), Some(span)));
        } else if token.is(piece.text, "INTO") && piece.starts(at + 1, &["@"]) {
            let end = piece.tokens[at + 1..]
                .iter()
                .take_while(|token| !is_clause(&token.of(piece.text).to_ascii_uppercase()))
                .last();
            edits.blank(span.start..end.map_or(span.end, |end| end.span.end));
            traps.push(says(RiskClass::SideEffect, "INTO @…", Some(span)));
        } else if piece.starts(at, &["LAST_INSERT_ID", "("]) && !piece.starts(at + 2, &[")"]) {
            traps.push(says(RiskClass::SideEffect, "LAST_INSERT_ID(…)", Some(span)));
        } else if piece.starts(at, &[":", "="]) {
            traps.push(says(RiskClass::SideEffect, ":=", Some(span.start..span.end + 1)));
            edits.blank(span);
        } else if piece.starts(at, &["LOCK", "IN", "SHARE", "MODE"]) {
            edits.blank(span.start..piece.tokens[at + 3].span.end);
            traps.push(says(RiskClass::SideEffect, "LOCK IN SHARE MODE", Some(span)));
        } else if piece.starts(at, &[".", "NEXTVAL"]) && !piece.starts(at + 2, &["("]) {
            traps.push(says(RiskClass::Write, "NEXTVAL", piece.tokens.get(at + 1).map(|token| token.span.clone())));
        } else if ["NEXT", "PREVIOUS"].iter().any(|word| piece.starts(at, &[word, "VALUE", "FOR"])) {
            edits.blank(span.start..piece.tokens[at + 2].span.end);
            let class = if token.is(piece.text, "NEXT") { RiskClass::Write } else { RiskClass::Read };
            traps.push(says(class, &format!("{} VALUE FOR", piece.word(at)), Some(span)));
        }
    }
    traps
}

fn is_clause(word: &str) -> bool {
    matches!(word, "FROM" | "WHERE" | "LIMIT" | "FOR" | "GROUP" | "ORDER" | "UNION" | ")" | "LOCK")
}

/// `EXPLAIN` plans; `EXPLAIN ANALYZE` and MariaDB's `ANALYZE` run the statement.
fn explained(piece: &Piece<'_>, depth: usize) -> Finding {
    let first = piece.word(0);
    let mut skip = 1;
    let mut runs = first == "ANALYZE";
    if runs && matches!(piece.word(1).as_str(), "TABLE" | "TABLES" | "LOCAL" | "NO_WRITE_TO_BINLOG") {
        return piece.opening(RiskClass::Schema, 2);
    }
    loop {
        match piece.word(skip).as_str() {
            "ANALYZE" if !runs => {
                runs = true;
                skip += 1;
            }
            "FORMAT" => skip += 3,
            "EXTENDED" | "PARTITIONS" => skip += 1,
            _ => break,
        }
    }
    let statement_words = ["SELECT", "WITH", "VALUES", "TABLE", "INSERT", "REPLACE", "UPDATE", "DELETE"];
    if depth > 2 || !statement_words.contains(&piece.word(skip).as_str()) {
        let names_table = !runs && piece.tokens.get(skip).is_some_and(|token| token.kind != Kind::Symbol);
        return piece.opening(if names_table { RiskClass::Read } else { RiskClass::Unknown }, 1);
    }
    let finding = statement(&piece.without(skip), depth + 1);
    if runs {
        return finding.noting("ANALYZE runs the statement.", "ANALYZE executa a instrução.");
    }
    if finding.class == RiskClass::Unknown {
        return finding.noting("Planning can already run it.", "O planejamento já pode executá-la.");
    }
    let mut plans = piece.opening(RiskClass::Read, 1);
    for inner in piece.derived() {
        plans.raise(
            query(&inner)
                .noting("Planning already runs a derived table.", "O planejamento já executa uma tabela derivada."),
        );
    }
    plans
}

/// `DO` evaluates expressions and throws the result away.
fn evaluated(piece: &Piece<'_>) -> Finding {
    let span = piece.range(1);
    let select = format!("SELECT {}", piece.text.get(span).unwrap_or(""));
    let inner = split(Dialect::Mysql, &select).first().map(query);
    let word = piece.tokens.first().map(|token| token.span.clone());
    inner.unwrap_or_else(|| piece.opening(RiskClass::Unknown, 1)).at(word)
}

fn set(piece: &Piece<'_>) -> Finding {
    if piece.tokens.len() < 3 {
        return piece.opening(RiskClass::Unknown, 2);
    }
    let global = ["GLOBAL", "PERSIST", "PERSIST_ONLY", "PASSWORD"].into_iter().find(|word| {
        piece.tokens.iter().any(|token| {
            let text = token.of(piece.text);
            token.kind == Kind::Word && text.eq_ignore_ascii_case(word)
        })
    });
    match global {
        Some(word) => says(RiskClass::Administration, &format!("SET {word}"), piece.place(word)),
        None if piece.starts(1, &["DEFAULT", "ROLE"]) => piece.opening(RiskClass::Administration, 3),
        None => piece.opening(RiskClass::Session, 2),
    }
}

const PRIVILEGED: [&str; 12] = [
    "USER",
    "ROLE",
    "FUNCTION",
    "PROCEDURE",
    "PACKAGE",
    "EVENT",
    "TRIGGER",
    "SERVER",
    "TABLESPACE",
    "LOGFILE",
    "RESOURCE",
    "UNDO",
];
const OBJECTS: [&str; 8] = ["TABLE", "VIEW", "INDEX", "DATABASE", "SCHEMA", "SEQUENCE", "SPATIAL", "TEMPORARY"];

/// Returns the kind of object that CREATE, ALTER or DROP names: the first word that names a kind.
fn object(piece: &Piece<'_>) -> Option<&'static str> {
    let kinds: Vec<&str> =
        PRIVILEGED.iter().chain(&OBJECTS).copied().chain(["INSTANCE", "SYSTEM", "PREPARE", "EXTERNAL"]).collect();
    piece.first_of(14, &kinds).and_then(|found| {
        PRIVILEGED
            .iter()
            .chain(&OBJECTS)
            .chain(&["INSTANCE", "SYSTEM", "PREPARE", "EXTERNAL"])
            .find(|word| **word == found)
            .copied()
    })
}

/// Finds what makes a table one of another server, or of a file that its author names.
fn elsewhere(piece: &Piece<'_>) -> Option<Finding> {
    const ENGINES: [&str; 5] = ["FEDERATED", "FEDERATEDX", "CONNECT", "SPIDER", "S3"];
    let found = (0..piece.tokens.len()).find(|at| {
        let engine = if piece.starts(at + 1, &["="]) { at + 2 } else { at + 1 };
        (piece.starts(*at, &["ENGINE"]) && ENGINES.contains(&piece.word(engine).as_str()))
            || ["DATA", "INDEX"].iter().any(|kind| piece.starts(*at, &[kind, "DIRECTORY"]))
            || piece.starts(*at, &["CONNECTION", "="])
    })?;
    Some(says(RiskClass::Administration, &piece.word(found), piece.tokens.get(found).map(|token| token.span.clone())))
}

fn create(piece: &Piece<'_>) -> Finding {
    let class = match object(piece) {
        Some(kind) if PRIVILEGED.contains(&kind) => RiskClass::Administration,
        Some("TABLE" | "SEQUENCE") if piece.starts(1, &["OR", "REPLACE"]) => RiskClass::Destructive,
        Some(kind) if OBJECTS.contains(&kind) => RiskClass::Schema,
        _ => RiskClass::Unknown,
    };
    let mut finding = piece.opening(class, 2);
    if let Some(elsewhere) = elsewhere(piece) {
        finding.raise(elsewhere);
    }
    let select = piece.query_within();
    if let Some(at) = select.filter(|_| class < RiskClass::Administration) {
        finding.raise(query(&piece.query_from(at)));
    }
    finding
}

fn alter(piece: &Piece<'_>) -> Finding {
    match object(piece) {
        Some("TABLE") => alter_table(piece),
        Some("VIEW" | "INDEX" | "DATABASE" | "SCHEMA" | "SEQUENCE") => piece.opening(RiskClass::Schema, 2),
        Some(_) => piece.opening(RiskClass::Administration, 2),
        None => piece.opening(RiskClass::Unknown, 2),
    }
}

fn alter_table(piece: &Piece<'_>) -> Finding {
    if let Some(finding) = elsewhere(piece) {
        return finding;
    }
    let keeps_data = ["INDEX", "KEY", "CONSTRAINT", "FOREIGN", "PRIMARY", "CHECK", "DEFAULT"];
    for (at, token) in piece.tokens.iter().enumerate().skip(3) {
        let drops = token.is(piece.text, "DROP") && !keeps_data.contains(&piece.word(at + 1).as_str());
        let empties = ["TRUNCATE", "DISCARD"].iter().any(|word| token.is(piece.text, word));
        if drops || empties {
            let words = format!("ALTER TABLE … {} {}", piece.word(at), piece.word(at + 1));
            return says(RiskClass::Destructive, words.trim(), Some(token.span.clone()));
        }
    }
    piece.opening(RiskClass::Schema, 2)
}

fn drop_object(piece: &Piece<'_>) -> Finding {
    let at = if piece.word(1) == "TEMPORARY" { 2 } else { 1 };
    let class = match piece.word(at).as_str() {
        "PREPARE" => RiskClass::Session,
        "USER" | "ROLE" | "SERVER" | "TABLESPACE" | "RESOURCE" | "UNDO" | "LOGFILE" => RiskClass::Administration,
        "TABLE" | "TABLES" | "VIEW" | "INDEX" | "DATABASE" | "SCHEMA" | "SEQUENCE" | "TRIGGER" | "EVENT"
        | "PROCEDURE" | "FUNCTION" | "PACKAGE" | "SPATIAL"
            if piece.tokens.len() > at + 1 =>
        {
            RiskClass::Destructive
        }
        _ => RiskClass::Unknown,
    };
    piece.opening(class, 2)
}
