//! SQLite.

use std::sync::LazyLock;

use farol_api::risk::{Dialect, RiskClass};

use super::{Piece, inside, opening, rewrite, split};
use crate::finding::{Finding, highest, quoted};
use crate::sql::functions::Functions;
use crate::sql::lexer::{Kind, Token};
use crate::sql::says;

static FUNCTIONS: LazyLock<Functions> = LazyLock::new(|| Functions::read(include_str!("sqlite_functions.tsv")));

/// Classifies a text of one or more statements.
pub(crate) fn classify(text: &str) -> Finding {
    let pieces = split(Dialect::Sqlite, text);
    if let Some(refusal) = crate::bounds::too_many(pieces.len()) {
        return refusal;
    }
    let findings = pieces.iter().map(judged).collect();
    highest(findings).unwrap_or_else(|| Finding::unknown(None, "There is no statement.", "Não há nenhuma instrução."))
}

/// Counts the statements.
pub(crate) fn count(text: &str) -> usize {
    split(Dialect::Sqlite, text).len()
}

fn judged(piece: &Piece<'_>) -> Finding {
    opening::unfinished(piece).unwrap_or_else(|| statement(piece, 0))
}

/// `depth` counts the EXPLAINs around it.
fn statement(piece: &Piece<'_>, depth: usize) -> Finding {
    use RiskClass::{Administration, Destructive, Schema, Session, Unknown};
    let class = match piece.word(0).as_str() {
        // Unlike in MySQL, the word is not optional.
        "INSERT" | "REPLACE" if !piece.has("INTO") => Unknown,
        "SELECT" | "VALUES" | "WITH" | "INSERT" | "REPLACE" | "UPDATE" | "DELETE" => return query(piece),
        "EXPLAIN" if depth == 0 => return explained(piece),
        "PRAGMA" => return pragma(piece),
        "CREATE" => return create(piece),
        "ALTER" => return alter(piece),
        "VACUUM" if piece.has("INTO") => return says(Administration, "VACUUM INTO", piece.place("INTO")),
        "VACUUM" | "REINDEX" | "ANALYZE" if names_one_at_most(piece) => Schema,
        "DROP" if matches!(piece.word(1).as_str(), "TABLE" | "INDEX" | "VIEW" | "TRIGGER") => Destructive,
        "ATTACH" if piece.has("AS") => Administration,
        "DETACH" if piece.tokens.len() > 1 => Administration,
        "BEGIN" | "COMMIT" | "END" | "ROLLBACK" | "SAVEPOINT" | "RELEASE" => Session,
        _ => Unknown,
    };
    piece.opening(class, if class == Destructive { 2 } else { 1 })
}

/// Tells whether nothing follows the first word but one name, perhaps with its schema.
fn names_one_at_most(piece: &Piece<'_>) -> bool {
    piece.tokens.len() < 3 || (piece.starts(2, &["."]) && piece.tokens.len() < 5)
}

fn query(piece: &Piece<'_>) -> Finding {
    let mut finding = inside::classify(piece, &rewrite::plain(piece), &FUNCTIONS);
    if let Some(call) = inside::known_calls(piece, &FUNCTIONS) {
        finding.raise(call);
    }
    finding
}

/// `EXPLAIN` compiles and never runs, but a PRAGMA can act while it is compiled.
fn explained(piece: &Piece<'_>) -> Finding {
    let skip = if piece.starts(1, &["QUERY", "PLAN"]) { 3 } else { 1 };
    let finding = statement(&piece.without(skip), 1);
    if piece.word(skip) == "PRAGMA" || finding.class == RiskClass::Unknown {
        return finding;
    }
    piece.opening(RiskClass::Read, skip)
}

fn create(piece: &Piece<'_>) -> Finding {
    if piece.starts(1, &["VIRTUAL"]) {
        let module = piece
            .tokens
            .iter()
            .position(|token| token.is(piece.text, "USING"))
            .map_or(String::new(), |at| piece.word(at + 1));
        let harmless = matches!(module.as_str(), "FTS3" | "FTS4" | "FTS5" | "RTREE" | "GEOPOLY" | "RTREE_I32");
        return piece.opening(if harmless { RiskClass::Schema } else { RiskClass::Unknown }, 3);
    }
    let known = piece.first_of(4, &["TABLE", "INDEX", "VIEW", "TRIGGER"]).filter(|kind| match *kind {
        "TABLE" => piece.has("(") || piece.has("AS"),
        "INDEX" => piece.has("ON"),
        "VIEW" => piece.has("AS"),
        _ => piece.has("BEGIN"),
    });
    let mut finding = piece.opening(if known.is_some() { RiskClass::Schema } else { RiskClass::Unknown }, 2);
    let select = piece.query_within();
    if let Some(at) = select.filter(|_| matches!(known, Some("TABLE" | "VIEW"))) {
        finding.raise(query(&piece.query_from(at)));
    }
    if let Some(call) = inside::known_calls(piece, &FUNCTIONS) {
        finding.raise(call);
    }
    finding
}

fn alter(piece: &Piece<'_>) -> Finding {
    if !piece.starts(1, &["TABLE"]) {
        return piece.opening(RiskClass::Unknown, 2);
    }
    let changes = |token: &Token| ["ADD", "ALTER", "RENAME"].iter().any(|word| token.is(piece.text, word));
    match piece.place("DROP") {
        None if !piece.tokens.iter().skip(3).any(changes) => piece.opening(RiskClass::Unknown, 2),
        Some(span) => says(RiskClass::Destructive, "ALTER TABLE … DROP", Some(span)),
        None => piece.opening(RiskClass::Schema, 2),
    }
}

/// Pragmas that answer about a name or a limit given in brackets.
const ASKED: [&str; 13] = [
    "table_info",
    "table_xinfo",
    "table_list",
    "index_list",
    "index_info",
    "index_xinfo",
    "foreign_key_list",
    "foreign_key_check",
    "integrity_check",
    "quick_check",
    "function_list",
    "module_list",
    "pragma_list",
];
/// Pragmas whose value lives in the database file.
const STORED: [&str; 8] = [
    "user_version",
    "application_id",
    "journal_mode",
    "auto_vacuum",
    "page_size",
    "encoding",
    "default_cache_size",
    "legacy_file_format",
];
/// Pragmas whose value belongs to the connection.
const OF_SESSION: [&str; 32] = [
    "query_only",
    "foreign_keys",
    "defer_foreign_keys",
    "busy_timeout",
    "cache_size",
    "cache_spill",
    "synchronous",
    "locking_mode",
    "temp_store",
    "mmap_size",
    "recursive_triggers",
    "reverse_unordered_selects",
    "read_uncommitted",
    "secure_delete",
    "case_sensitive_like",
    "cell_size_check",
    "checkpoint_fullfsync",
    "fullfsync",
    "count_changes",
    "full_column_names",
    "short_column_names",
    "empty_result_callbacks",
    "ignore_check_constraints",
    "legacy_alter_table",
    "automatic_index",
    "analysis_limit",
    "journal_size_limit",
    "max_page_count",
    "soft_heap_limit",
    "hard_heap_limit",
    "threads",
    "wal_autocheckpoint",
];
/// Pragmas that only answer.
const ANSWERS: [&str; 8] = [
    "database_list",
    "collation_list",
    "compile_options",
    "freelist_count",
    "page_count",
    "schema_version",
    "data_version",
    "stats",
];

fn pragma(piece: &Piece<'_>) -> Finding {
    use RiskClass::{Administration, Read, Schema, Session, SideEffect, Unknown, Write};
    let at = if piece.starts(2, &["."]) { 3 } else { 1 };
    let Some(token) = piece.tokens.get(at).filter(|token| token.kind != Kind::Symbol) else {
        return piece.opening(Unknown, 1);
    };
    let name = token.of(piece.text).trim_matches(['"', '`', '[', ']']).to_ascii_lowercase();
    let given = piece.tokens.len() > at + 1;
    let malformed =
        given && (!(piece.starts(at + 1, &["="]) || piece.starts(at + 1, &["("])) || piece.tokens.len() < at + 3);
    if malformed || piece.starts(at + 1, &["(", ")"]) {
        return piece.opening(Unknown, at + 1);
    }
    let name = name.as_str();
    let class = match name {
        _ if ASKED.contains(&name) => Read,
        _ if ANSWERS.contains(&name) && !given => Read,
        _ if !given && (STORED.contains(&name) || OF_SESSION.contains(&name)) => Read,
        _ if STORED.contains(&name) => Write,
        _ if OF_SESSION.contains(&name) => Session,
        "wal_checkpoint" => Write,
        "optimize" | "incremental_vacuum" => Schema,
        "shrink_memory" => SideEffect,
        "writable_schema" | "schema_version" | "trusted_schema" | "temp_store_directory" | "data_store_directory"
            if given =>
        {
            Administration
        }
        "writable_schema" | "trusted_schema" => Read,
        _ => Unknown,
    };
    let words = if given { format!("PRAGMA {name} = …") } else { format!("PRAGMA {name}") };
    let span = Some(piece.tokens[0].span.start..token.span.end);
    if class == Unknown {
        return Finding::unknown(
            span,
            format!("{} is not a pragma that Farol knows.", quoted(&words)),
            format!("{} não é um pragma que o Farol conheça.", quoted(&words)),
        );
    }
    says(class, &words, span)
}
