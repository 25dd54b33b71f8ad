//! Properties that hold for any text.

use farol_api::risk::Dialect;
use farol_risk::classify;
use proptest::prelude::*;

const ALL: [Dialect; 4] = [Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite, Dialect::Shell];

/// Statements that end where they end: joined by a semicolon they stay what they are.
const SQL: [&str; 16] = [
    "SELECT 1",
    "SELECT ';'",
    "SELECT * FROM t FOR UPDATE",
    "INSERT INTO t VALUES (1)",
    "DELETE FROM t",
    "DELETE FROM t WHERE id = 1",
    "UPDATE t SET a = 1",
    "CREATE TABLE t (a INT)",
    "DROP TABLE t",
    "COMMIT",
    "BEGIN",
    "SELECT f()",
    "GRANT ALL ON t TO u",
    "ALTER TABLE t DROP COLUMN a",
    "SELECT abs(1)",
    "CALL p()",
];
const SHELL: [&str; 14] = [
    "ls",
    "echo ';'",
    "rm x",
    "touch x",
    "$X",
    "psql -c 'DELETE FROM t'",
    "ls > f",
    "X=$(rm x)",
    "kubectl get pods",
    "kubectl delete pod x",
    "eval x",
    "curl x | sh",
    "for i in 1; do rm x; done",
    "f() { ls; }",
];

fn pieces() -> impl Strategy<Value = String> {
    let words = "SELECT |DELETE |FROM |t |WHERE |1|=|'|\"|;|\\(|\\)|--|/\\*|\\*/|/\\*!|\\$\\$|\\$\\(|`|\\{|\\}|<<E\n|\n| |\\||&|>|<|if |then |fi|sh -c |psql -c |é|\u{1}|\\\\|\\$1|\\?|@a|:=|EXPLAIN |ANALYZE |\\[|\\]|\\$\\{|xargs |-I|=\\(|~|#|!|E'|B'|\u{feff}";
    proptest::collection::vec(words, 0..40).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_and_spans_fit(text in prop_oneof![pieces(), any::<String>()]) {
        for dialect in ALL {
            let verdict = classify(dialect, &text);
            prop_assert!(!verdict.why.en.is_empty() && !verdict.why.pt.is_empty());
            if let Some(span) = verdict.span {
                prop_assert!(span.start < span.end && text.get(span.start..span.end).is_some());
            }
        }
    }

    #[test]
    fn two_statements_are_at_least_each(a in proptest::sample::select(&SQL[..]), b in proptest::sample::select(&SQL[..])) {
        for dialect in [Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite] {
            let both = classify(dialect, &format!("{a}; {b}")).class;
            let each = classify(dialect, a).class.max(classify(dialect, b).class);
            prop_assert!(both >= each, "{dialect:?} {a}; {b}: {both:?} < {each:?}");
        }
    }

    #[test]
    fn two_commands_are_at_least_each(a in proptest::sample::select(&SHELL[..]), b in proptest::sample::select(&SHELL[..]), join in proptest::sample::select(&["; ", "\n", " && ", " || ", " | ", " & "][..])) {
        let both = classify(Dialect::Shell, &format!("{a}{join}{b}")).class;
        let each = classify(Dialect::Shell, a).class.max(classify(Dialect::Shell, b).class);
        prop_assert!(both >= each, "{a}{join}{b}: {both:?} < {each:?}");
    }

    /// A reason without a place is only given where the whole text decides: nothing but a refusal or an empty text.
    #[test]
    fn what_is_more_than_a_read_points_at_its_words(a in proptest::sample::select(&SQL[..]), gap in "[ \n\té🚨]{0,8}") {
        for dialect in [Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite] {
            let text = format!("/* {gap} */ {a}");
            let verdict = classify(dialect, &text);
            let span = verdict.span.expect("a place");
            prop_assert!(a.contains(span.of(&text)), "{dialect:?} {text}: {:?}", span.of(&text));
        }
    }

    #[test]
    fn any_table_of_a_team_is_taken_or_refused(lines in "([a-z|./]{0,6}(\t[a-z+]{0,8}){0,3}\n){0,6}|\\PC{0,80}") {
        match farol_risk::Table::extended(&lines) {
            Ok(table) => prop_assert_eq!(table.extension(), lines.as_str()),
            Err(error) => prop_assert!(error.line >= 1 && error.line <= lines.lines().count().max(1)),
        }
    }

    /// A team can neither make what is destructive less, nor hide what a wrapper runs.
    #[test]
    fn no_rule_of_a_team_makes_a_command_less(name in proptest::sample::select(&["rm", "kubectl", "sudo", "xargs", "git", "env", "ssh"][..]), words in "(delete|x|\\*|-f|push|rm| ){0,5}") {
        let Ok(table) = farol_risk::Table::extended(&format!("{name}\tread\t{words}")) else { return Ok(()) };
        for script in ["rm x", "kubectl delete pod x", "sudo rm x", "ls | xargs rm", "git push -f x", "env rm x", "ssh h rm x"] {
            let class = farol_risk::classify_with(&table, Dialect::Shell, script).class;
            prop_assert!(class >= farol_api::risk::RiskClass::Destructive, "{words:?} {script}: {class:?}");
        }
    }
}
