//! Whether a text is exactly one statement: the simple protocol of Postgres runs all of them.

use farol_api::risk::Dialect;
use farol_risk::is_single_statement;

#[test]
fn one_statement_is_proved_by_the_parser() {
    for text in
        ["SELECT 1", "SELECT 1;", "SELECT ';'", "SELECT 1; -- x", " ; SELECT 1 ;; ", "SELECT $$;$$", "/* ; */ SELECT 1"]
    {
        assert!(is_single_statement(Dialect::Postgres, text), "{text}");
    }
    for text in ["", ";", "-- x", "SELECT 1; SELECT 2", "SELECT 1; COMMIT", "SELEC 1", "\\d", "SELECT '\0'"] {
        assert!(!is_single_statement(Dialect::Postgres, text), "{text}");
    }
    assert!(is_single_statement(Dialect::Mysql, "SELECT 'a;b' # ;"));
    assert!(!is_single_statement(Dialect::Mysql, "SELECT 1 /*! ; DROP TABLE t */"));
    assert!(!is_single_statement(Dialect::Sqlite, "SELECT 1; SELECT 2"));
    assert!(!is_single_statement(Dialect::Shell, "ls"));
}
