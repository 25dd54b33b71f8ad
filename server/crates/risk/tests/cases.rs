//! This crate's own tables of cases.

use farol_api::risk::Dialect;
use farol_risk::{classify, to_json};

mod table;

#[test]
fn postgres_cases() {
    table::check(include_str!("postgres.tsv"), |row| (Dialect::Postgres, row[1].clone(), row[0].clone()));
}

#[test]
fn mysql_cases() {
    table::check(include_str!("mysql.tsv"), |row| (Dialect::Mysql, row[1].clone(), row[0].clone()));
}

#[test]
fn sqlite_cases() {
    table::check(include_str!("sqlite.tsv"), |row| (Dialect::Sqlite, row[1].clone(), row[0].clone()));
}

#[test]
fn postgres_statements() {
    check_with_words(Dialect::Postgres, include_str!("postgres_statements.tsv"));
}

#[test]
fn mysql_statements() {
    check_with_words(Dialect::Mysql, include_str!("mysql_statements.tsv"));
}

#[test]
fn sqlite_statements() {
    check_with_words(Dialect::Sqlite, include_str!("sqlite_statements.tsv"));
}

/// What ends too early or is no statement, next to what looks like it; MariaDB and SQLite were asked.
#[test]
fn broken_statements() {
    check_with_words(Dialect::Mysql, include_str!("mysql_broken.tsv"));
    check_with_words(Dialect::Sqlite, include_str!("sqlite_broken.tsv"));
}

/// `\n` in a cell is a line break, for here-documents.
#[test]
fn shell_cases() {
    let lines = |cell: &str| if cell.contains("<<") { cell.replace("\\n", "\n") } else { cell.to_owned() };
    table::check(include_str!("shell.tsv"), |row| (Dialect::Shell, lines(&row[1]), row[0].clone()));
}

/// Written before the classifier saw them: what operators type, and what tries to get past it.
#[test]
fn sql_hunts() {
    for (dialect, table) in [
        (Dialect::Postgres, include_str!("postgres_hunts.tsv")),
        (Dialect::Postgres, include_str!("postgres_functions.tsv")),
        (Dialect::Mysql, include_str!("mysql_functions.tsv")),
        (Dialect::Mysql, include_str!("mysql_hunts.tsv")),
        (Dialect::Sqlite, include_str!("sqlite_hunts.tsv")),
        (Dialect::Postgres, include_str!("postgres_daily.tsv")),
        (Dialect::Mysql, include_str!("mysql_daily.tsv")),
        (Dialect::Sqlite, include_str!("sqlite_daily.tsv")),
        (Dialect::Postgres, include_str!("postgres_incidents.tsv")),
        (Dialect::Mysql, include_str!("mysql_incidents.tsv")),
        (Dialect::Sqlite, include_str!("sqlite_incidents.tsv")),
        (Dialect::Postgres, include_str!("postgres_blind.tsv")),
        (Dialect::Mysql, include_str!("mysql_blind.tsv")),
        (Dialect::Sqlite, include_str!("sqlite_blind.tsv")),
        (Dialect::Postgres, include_str!("postgres_blind2.tsv")),
        (Dialect::Mysql, include_str!("mysql_blind2.tsv")),
        (Dialect::Sqlite, include_str!("sqlite_blind2.tsv")),
    ] {
        table::check(table, |row| (dialect, row[1].clone(), row[0].clone()));
    }
}

/// The same for shell.
#[test]
fn shell_hunts() {
    for table in [
        include_str!("shell_operators.tsv"),
        include_str!("shell_clouds.tsv"),
        include_str!("shell_tools.tsv"),
        include_str!("shell_estate.tsv"),
        include_str!("shell_hostile.tsv"),
        include_str!("shell_escapes.tsv"),
        include_str!("shell_lines.tsv"),
        include_str!("shell_options.tsv"),
        include_str!("shell_machines.tsv"),
        include_str!("shell_copy.tsv"),
        include_str!("shell_mongo.tsv"),
        include_str!("shell_seams.tsv"),
        include_str!("shell_daily.tsv"),
        include_str!("shell_incidents.tsv"),
        include_str!("shell_evasions.tsv"),
        include_str!("shell_second_words.tsv"),
        include_str!("shell_diagnostics.tsv"),
        include_str!("shell_given.tsv"),
        include_str!("shell_blind.tsv"),
        include_str!("shell_blind2.tsv"),
        include_str!("shell_blind3.tsv"),
        include_str!("shell_blind4.tsv"),
        include_str!("shell_services.tsv"),
        include_str!("shell_unwrapped.tsv"),
        include_str!("shell_evasions2.tsv"),
    ] {
        table::check(table, |row| (Dialect::Shell, row[1].clone(), row[0].clone()));
    }
}

#[test]
fn shell_databases() {
    check_with_words(Dialect::Shell, include_str!("shell_databases.tsv"));
}

#[test]
fn shell_platforms() {
    check_with_words(Dialect::Shell, include_str!("shell_platforms.tsv"));
}

#[test]
fn shell_rounds() {
    check_with_words(Dialect::Shell, include_str!("shell_rounds.tsv"));
}

#[test]
fn shell_scripts() {
    check_with_words(Dialect::Shell, include_str!("shell_scripts.tsv"));
}

/// What stands in brackets, what is sent on, and what clients are told of their own session.
#[test]
fn shell_sessions() {
    check_with_words(Dialect::Shell, include_str!("shell_sessions.tsv"));
}

/// A character that nobody sees is named, or the reason would speak of a word that is known.
#[test]
fn reasons_name_what_is_not_seen() {
    for (text, shown) in
        [("ls\r\n", "`ls<U+000D>`"), ("rm\u{a0}-rf x", "`rm<U+00A0>-rf`"), ("\u{feff}ls", "`<U+FEFF>ls`")]
    {
        let why = classify(Dialect::Shell, text).why.en;
        assert!(why.contains(shown), "{text:?}: {why}");
    }
    // PostgreSQL ends a comment at a carriage return.
    let why = classify(Dialect::Postgres, "SELECT 1 -- x\r; DROP TABLE t").why.en;
    assert!(why.starts_with("`DROP TABLE`"), "{why}");
}

/// What EXPLAIN runs is named by its own words, and code that is not seen is said to be that.
#[test]
fn reasons_name_what_runs() {
    for (text, start) in [
        ("EXPLAIN ANALYZE CREATE TABLE a AS SELECT 1", "`CREATE TABLE` changes"),
        ("EXPLAIN (ANALYZE, BUFFERS) REFRESH MATERIALIZED VIEW v", "`REFRESH MATERIALIZED VIEW` changes"),
        ("EXPLAIN ANALYZE VERBOSE EXECUTE p", "`EXECUTE` runs code"),
        ("DO $$ BEGIN NULL; END $$", "`DO` runs code"),
        ("CALL app.cleanup(30)", "`CALL` runs code"),
    ] {
        let why = classify(Dialect::Postgres, text).why.en;
        assert!(why.starts_with(start), "{text}: {why}");
    }
}

/// What the reason points at must be the words that decided.
#[test]
fn reasons_point_at_the_deciding_words() {
    let cases = [
        (Dialect::Postgres, "SELECT 1, pg_sleep(5)", "pg_sleep"),
        (Dialect::Postgres, "SELECT 'é', pg_reload_conf()", "pg_reload_conf"),
        (Dialect::Postgres, "WITH d AS (DELETE FROM t) SELECT 1", "DELETE"),
        (Dialect::Postgres, "SELECT 1; DROP TABLE t", "DROP TABLE"),
        (Dialect::Postgres, "SELECT public.f()", "public.f"),
        (Dialect::Mysql, "SELECT * FROM t INTO OUTFILE 'x'", "INTO"),
        (Dialect::Mysql, "SELECT 1; TRUNCATE t", "TRUNCATE t"),
        (Dialect::Sqlite, "SELECT 1, load_extension('x')", "load_extension"),
        (Dialect::Shell, "ls; rm -rf x", "rm"),
        (Dialect::Shell, "echo é; kubectl -n x delete pod p", "kubectl -n x delete"),
        (Dialect::Shell, "psql -c 'SELECT 1; DELETE FROM t'", "DELETE"),
        (Dialect::Shell, "sh -c 'ls; dropdb x'", "dropdb"),
        (Dialect::Shell, "echo $(rm x)", "rm"),
        (Dialect::Shell, "find . -delete", "-delete"),
        (Dialect::Shell, "ls > out", "out"),
        (Dialect::Shell, "psql <<E\nDROP TABLE t\nE\n", "DROP TABLE"),
    ];
    for (dialect, text, words) in cases {
        let span = classify(dialect, text).span.unwrap_or_else(|| panic!("{text}: no span"));
        assert_eq!(span.of(text), words, "{text}");
    }
}

#[test]
fn json_has_the_words_of_the_tables() {
    let text = "DELETE FROM t";
    let json = to_json(Dialect::Postgres, &classify(Dialect::Postgres, text));
    assert_eq!(json["class"], "D");
    assert_eq!(json["span"]["end"], 6);
    assert!(json["why"]["pt"].as_str().is_some_and(|why| why.contains("todas as linhas")));
    let json = to_json(Dialect::Shell, &classify(Dialect::Shell, "rm x"));
    assert_eq!(json["class"], "destructive");
}

/// Classifies every row but the heading; the third cell holds the words that the reason must point at, empty where it
/// points at the whole text.
fn check_with_words(dialect: Dialect, text: &str) {
    table::check(text, |row| (dialect, row[1].clone(), row[0].clone()));
    let wrong: Vec<String> = table::rows(text)[1..]
        .iter()
        .filter_map(|row| {
            let span = classify(dialect, &row[1]).span;
            let pointed = span.map(|span| span.of(&row[1]).to_owned()).unwrap_or_default();
            (pointed != row[2]).then(|| format!("{:?}: wanted {:?}, got {pointed:?}", row[1], row[2]))
        })
        .collect();
    assert!(wrong.is_empty(), "{} reasons point elsewhere:\n{}", wrong.len(), wrong.join("\n"));
}
