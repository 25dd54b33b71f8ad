use farol_api::graph::CommandLanguage as L;
use farol_api::text::Span;

use super::*;
use crate::params::{Assigned, find};

pub(super) fn command(language: L, text: &str) -> Command {
    let placeholders = find(language, text, &Assigned::default());
    Command { language, text: text.to_owned(), placeholders, span: Span::new(0, 0), line: 1 }
}

fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}

fn sql(dialect: Dialect, text: &str, value: &str) -> Result<String, BindError> {
    let command = command(L::Sql, text);
    let all = command.placeholders.iter().map(|p| (p.parameter.clone(), value.to_owned())).collect();
    bind(&command, dialect, &all).map(|b| b.text)
}

fn shows(bound: &Bound, parameter: &str) -> bool {
    bound.in_text.iter().any(|part| part.parameter == parameter)
}

fn shell(text: &str, value: &str) -> Result<String, BindError> {
    let command = command(L::Shell, text);
    let all = command.placeholders.iter().map(|p| (p.parameter.clone(), value.to_owned())).collect();
    bind(&command, Dialect::Shell, &all).map(|b| b.text)
}

#[test]
fn values_become_the_markers_of_each_dialect() {
    let text = "select pg_cancel_backend(<pid>), '<name>' from t where a = <pid>";
    let evil = "1); drop table t; --";
    assert_eq!(sql(Dialect::Postgres, text, evil).unwrap(), "select pg_cancel_backend($1), $2 from t where a = $3");
    assert_eq!(sql(Dialect::Mysql, text, evil).unwrap(), "select pg_cancel_backend(?), ? from t where a = ?");
    assert_eq!(sql(Dialect::Sqlite, text, evil).unwrap(), "select pg_cancel_backend(?1), ?2 from t where a = ?3");
    let bound = bind(&command(L::Sql, text), Dialect::Postgres, &values(&[("pid", evil), ("name", "x")])).unwrap();
    assert_eq!(bound.binds.iter().map(|b| b.value.as_str()).collect::<Vec<_>>(), [evil, "x", evil]);
}

#[test]
fn names_are_quoted_and_cannot_break_out() {
    assert_eq!(
        sql(Dialect::Postgres, "ANALYZE <table>", "public.\"x; drop").unwrap(),
        "ANALYZE \"public\".\"\"\"x; drop\""
    );
    assert_eq!(sql(Dialect::Mysql, "select 1 from <table>", "a`b").unwrap(), "select 1 from `a``b`");
    assert_eq!(sql(Dialect::Sqlite, "select * from \"<table>\"", "a\"b").unwrap(), "select * from \"a\"\"b\"");
    assert_eq!(sql(Dialect::Postgres, "select 1 from <schema>.<table>", "s").unwrap(), "select 1 from \"s\".\"s\"");
    assert!(matches!(sql(Dialect::Postgres, "ANALYZE <table>", "a.b.c.d"), Err(BindError::InvalidName { .. })));
    assert!(matches!(sql(Dialect::Postgres, "ANALYZE <table>", ""), Err(BindError::InvalidName { .. })));
}

/// Partitions and constraints have names that are put together.
#[test]
fn a_part_of_a_name_is_letters_digits_and_underscores() {
    for (text, bound) in [
        ("ALTER TABLE t DROP CONSTRAINT chk_<x>", "ALTER TABLE t DROP CONSTRAINT chk_old"),
        ("DROP TABLE log_<x>_2026", "DROP TABLE log_old_2026"),
        ("select * from app.<x>_log", "select * from app.old_log"),
        (
            "ALTER TABLE \"t\" RENAME CONSTRAINT \"chk_<x>\" TO c",
            "ALTER TABLE \"t\" RENAME CONSTRAINT \"chk_old\" TO c",
        ),
    ] {
        assert_eq!(sql(Dialect::Postgres, text, "old").as_deref(), Ok(bound), "{text}");
        for evil in ["a; drop table t", "a b", "a\"", "a.b", "a-b", "", "é", &"a".repeat(64)] {
            let refused = sql(Dialect::Postgres, text, evil);
            assert!(matches!(refused, Err(BindError::NotInName { .. })), "{text} with {evil}: {refused:?}");
        }
    }
    assert!(matches!(sql(Dialect::Postgres, "select * from <x>_log", "1"), Err(BindError::NotInName { .. })));
    assert!(matches!(sql(Dialect::Postgres, "select 1 limit 1<x>", "1"), Err(BindError::NotAValue { .. })));
    assert!(matches!(sql(Dialect::Postgres, "<x>_t", "drop"), Err(BindError::NotAValue { .. })));
}

#[test]
fn pieces_of_statements_are_refused() {
    for text in [
        "EXPLAIN ANALYZE <query>",
        "EXPLAIN <query>",
        "<query>",
        "select * from t where <condition>",
        "select * from t where a = 1 and <condition>",
        "select <columns> from t",
        "ALTER TABLE t ADD CHECK (<condition>)",
        "CREATE VIEW v AS SELECT 1 FROM t WHERE <condition>",
    ] {
        assert!(matches!(sql(Dialect::Postgres, text, "1"), Err(BindError::NotAValue { .. })), "{text}");
    }
    for text in [
        "select E'a<x>'",
        "do $$ begin <x>; end $$",
        "create function f() returns int language sql as '<body>'",
        "copy t from program '<command>'",
        "execute immediate '<statement>'",
        "prepare s from '<statement>'",
    ] {
        assert!(
            matches!(
                sql(Dialect::Postgres, text, "1"),
                Err(BindError::InsideQuotes { .. } | BindError::NotAValue { .. })
            ),
            "{text}"
        );
    }
}

/// Where a database takes no parameters a value stands in the text, as a name or in quotes that it cannot end.
#[test]
fn statements_that_take_no_parameters_are_filled_in_too() {
    for (text, want) in [
        ("CREATE INDEX CONCURRENTLY <i> ON <t>(<a>, <b>)", "CREATE INDEX CONCURRENTLY \"v\" ON \"v\"(\"v\", \"v\")"),
        ("GRANT SELECT ON <t> TO <u>", "GRANT SELECT ON \"v\" TO \"v\""),
        ("ALTER TABLE <t> OWNER TO <u>", "ALTER TABLE \"v\" OWNER TO \"v\""),
        ("ALTER TABLE t DROP CONSTRAINT <c>", "ALTER TABLE t DROP CONSTRAINT \"v\""),
        ("ALTER TABLE t RENAME COLUMN a TO <b>", "ALTER TABLE t RENAME COLUMN a TO \"v\""),
        ("ALTER SYSTEM SET work_mem = <size>", "ALTER SYSTEM SET work_mem = 'v'"),
        ("SET work_mem TO <size>", "SET work_mem TO 'v'"),
        ("COMMENT ON TABLE t IS '<text>'", "COMMENT ON TABLE t IS 'v'"),
        ("ALTER ROLE app VALID UNTIL '<day> 03:00'", "ALTER ROLE app VALID UNTIL 'v 03:00'"),
        ("CREATE TABLE k AS SELECT * FROM t WHERE at < '<day>'", "CREATE TABLE k AS SELECT * FROM t WHERE at < 'v'"),
        ("select now() - interval '<n> hours'", "select now() - interval 'v hours'"),
        ("select * from t where at > timestamp '<day>'", "select * from t where at > timestamp 'v'"),
    ] {
        assert_eq!(sql(Dialect::Postgres, text, "v").as_deref(), Ok(want), "{text}");
    }
    assert_eq!(sql(Dialect::Postgres, "ALTER SYSTEM SET x = <n>", "-5").unwrap(), "ALTER SYSTEM SET x = -5");
    assert_eq!(
        sql(Dialect::Mysql, "CHANGE MASTER TO MASTER_HOST='<host>', MASTER_LOG_POS=<pos>", "4").unwrap(),
        "CHANGE MASTER TO MASTER_HOST='4', MASTER_LOG_POS=4"
    );
    assert_eq!(
        sql(Dialect::Mysql, "SHOW GRANTS FOR '<user>'@'<host>'", "10.0.0.%").unwrap(),
        "SHOW GRANTS FOR '10.0.0.%'@'10.0.0.%'"
    );
    for text in ["COMMENT ON TABLE t IS '<x>'", "ALTER SYSTEM SET x = <x>", "select now() - interval '<x> hours'"] {
        for evil in ["' or 1 = 1 --", "a\\", "1\n; drop table t", "\"", "`"] {
            assert_eq!(
                sql(Dialect::Postgres, text, evil),
                Err(BindError::NotLiteral { parameter: "x".into() }),
                "{text}"
            );
        }
    }
    let command = command(L::Sql, "COMMENT ON TABLE t IS '<x>'");
    let bound = bind(&command, Dialect::Postgres, &values(&[("x", "v")])).unwrap();
    assert!(shows(&bound, "x") && bound.binds.is_empty(), "who reads the text reads it");
}

#[test]
fn a_piece_of_a_literal_is_joined_by_the_database() {
    let text = "select 1 where a like '%<x>%'";
    assert_eq!(sql(Dialect::Postgres, text, "'").unwrap(), "select 1 where a like ('%' || $1 || '%')");
    assert_eq!(sql(Dialect::Mysql, text, "'").unwrap(), "select 1 where a like CONCAT('%', ?, '%')");
}

#[test]
fn values_of_a_range_and_of_a_plan_that_is_explained_are_bound() {
    for (text, want) in [
        ("select 1 from t where a between <x> and <y>", "select 1 from t where a between $1 and $2"),
        (
            "select 1 from t where b = 1 and a between 1 and <y> and c = <x>",
            "select 1 from t where b = 1 and a between 1 and $1 and c = $2",
        ),
        (
            "select 1 from t where a between 1 and 2 and <y> = 3",
            "select 1 from t where a between 1 and 2 and \"v\" = 3",
        ),
        ("EXPLAIN (ANALYZE, BUFFERS) SELECT 1 WHERE a = <x>", "EXPLAIN (ANALYZE, BUFFERS) SELECT 1 WHERE a = $1"),
        ("EXPLAIN ANALYZE SELECT 1 WHERE a = <x>", "EXPLAIN ANALYZE SELECT 1 WHERE a = $1"),
        ("/* who waits */ select 1 where pid = <x>", "/* who waits */ select 1 where pid = $1"),
        ("select 1 from t where a is distinct from <x>", "select 1 from t where a is distinct from $1"),
        ("VACUUM (VERBOSE, ANALYZE) <table>", "VACUUM (VERBOSE, ANALYZE) \"v\""),
        ("VACUUM FULL <table>", "VACUUM FULL \"v\""),
        ("ANALYZE VERBOSE <table>", "ANALYZE VERBOSE \"v\""),
    ] {
        assert_eq!(sql(Dialect::Postgres, text, "v").unwrap(), want, "{text}");
    }
    let text = "select 1 from t where a between 1 and 2 and <condition>";
    assert!(matches!(sql(Dialect::Postgres, text, "v"), Err(BindError::NotAValue { .. })));
    let text = "EXPLAIN FORMAT=JSON SELECT 1 WHERE a = <x>";
    assert_eq!(sql(Dialect::Mysql, text, "v").unwrap(), "EXPLAIN FORMAT=JSON SELECT 1 WHERE a = ?");
}

#[test]
fn a_quote_that_is_escaped_ends_no_string_and_a_comment_may_hold_another() {
    let text = "select E'it\\'s from <x>' where a = <y>";
    assert!(matches!(sql(Dialect::Postgres, text, "'; drop"), Err(BindError::InsideQuotes { .. })));
    assert_eq!(sql(Dialect::Postgres, "select E'it\\'s' where a = <y>", "v").unwrap(), "select E'it\\'s' where a = $1");
    assert_eq!(sql(Dialect::Postgres, "select 'C:\\' where a = <y>", "v").unwrap(), "select 'C:\\' where a = $1");
    let nested = "select 1 /* a /* b */ from <x> */ where a = <y>";
    assert_eq!(sql(Dialect::Postgres, nested, "v").unwrap(), nested.replace("<y>", "$1"));
}

#[test]
fn comments_ask_for_nothing_and_own_markers_are_refused() {
    let command = command(L::Sql, "select 1 -- <x>\n");
    assert_eq!(bind(&command, Dialect::Postgres, &BTreeMap::new()).unwrap().text, "select 1 -- <x>\n");
    assert_eq!(sql(Dialect::Postgres, "select $1, a = <x> from t where b = <x>", "1"), Err(BindError::Malformed));
}

#[test]
fn a_shell_value_travels_in_the_environment() {
    let evil = "$(touch /tmp/x); `id` \" ' \n";
    for (text, want) in [
        ("ls <dir>", "ls \"${FAROL_P_DIR}\""),
        ("ls a<dir>b", "ls a\"${FAROL_P_DIR}\"b"),
        ("ls \"<dir>/x\"", "ls \"${FAROL_P_DIR}/x\""),
        ("ls '<dir>/x'", "ls ''\"${FAROL_P_DIR}\"'/x'"),
        ("X=<dir> ls", "X=\"${FAROL_P_DIR}\" ls"),
        ("X=\"<dir>\"", "X=\"${FAROL_P_DIR}\""),
        ("export X='<dir>'", "export X=''\"${FAROL_P_DIR}\"''"),
        ("X=\"$(date)-<dir>\" ls <dir>", "X=\"$(date)-${FAROL_P_DIR}\" ls \"${FAROL_P_DIR}\""),
        ("cat <<EOF\na <dir>\nEOF", "cat <<EOF\na ${FAROL_P_DIR}\nEOF"),
        ("ls \"$(cat <dir>)\"", "ls \"$(cat \"${FAROL_P_DIR}\")\""),
        ("ls x # <dir>", "ls x # <dir>"),
        ("ls $DIR", "ls $DIR"),
    ] {
        assert_eq!(shell(text, evil).unwrap(), want, "{text}");
    }
    let bound = bind(&command(L::Shell, "ls $DIR <x>"), Dialect::Shell, &values(&[("dir", "a"), ("x", evil)])).unwrap();
    assert_eq!(bound.env, values(&[("DIR", "a"), ("FAROL_P_X", evil)]));
}

#[test]
fn places_that_let_no_value_in_are_refused() {
    for text in [
        "cat <<'EOF'\n<x>\nEOF",
        "cat <<EOF\n<x>\n$(ls <x>)\nEOF",
        "cat <<EOF\n$(<x>)\nEOF",
        "cat <<EOF\n`<x>`\nEOF",
        "echo $'<x>'",
        "echo \"`ls <x>`\"",
        "echo $((1 + <x>))",
        "(( <x> > 1 ))",
        "[[ 1 -eq <x> ]]",
    ] {
        assert!(matches!(shell(text, "1"), Err(BindError::InsideQuotes { .. })), "{text}");
    }
    for text in [
        "<command> --force",
        "bash -c \"<script>\"",
        "eval <x>",
        "ls; <x>",
        // Behind what is set for it alone, what it names would run too.
        "A=1 <x>",
        "A=<x> <x>",
        "A=\"<x>\" <x>",
        "A=$(date) <x>",
        "A=`date` <x>",
    ] {
        assert!(matches!(shell(text, "1"), Err(BindError::NotAValue { .. })), "{text}");
    }
}

#[test]
fn what_another_interpreter_reads_has_to_be_plain() {
    for text in [
        "psql -c \"select pg_cancel_backend(<pid>)\"",
        "ssh host kill <pid>",
        "ssh <host>",
        "kubectl exec pod -- sh -c 'kill <pid>'",
        "psql <<EOF\nselect <pid>;\nEOF",
    ] {
        assert!(shell(text, "4711").is_ok(), "{text}");
        for evil in ["1; drop table t", "1)", "-oProxyCommand=x", "1--", "", "$(id)", "'"] {
            assert!(matches!(shell(text, evil), Err(BindError::NotPlain { .. })), "{text} with {evil}");
        }
    }
    assert!(shell("psql -h <host> -c 'select 1'", "any thing").is_ok());
    // What the text shows has the very same shape, gap and all.
    let mut moment = command(L::Shell, "psql -c \"select f('2024-12-29 14:30:00')\"");
    let span = Span::new(19, 38);
    let used = PlaceholderUse { parameter: "time".to_owned(), token: span.of(&moment.text).to_owned(), span };
    moment.placeholders = vec![used];
    let filled = |value: &str| bind(&moment, Dialect::Shell, &values(&[("time", value)]));
    assert!(filled("2026-11-30 03:00").is_ok() && filled("2026-11-30 03:00:59.5+02").is_ok());
    for evil in ["2026-11-30 03:00 x", "2026-11-30 drop", "2026-11-30 03:00'", "03:00 2026-11-30", "2026-11-30 "] {
        assert!(matches!(filled(evil), Err(BindError::NotPlain { .. })), "{evil}");
    }
    assert!(shell("psql \"$URL\" -c 'select 1'", "postgres://a b").is_ok());
}

#[test]
fn a_value_never_becomes_an_option() {
    for text in ["kubectl delete pod <pod>", "rm \"<pod>\"", "echo -- x; ls '<pod>'", "ls | grep <pod>"] {
        let refused = BindError::LooksLikeOption { parameter: "pod".to_owned() };
        assert_eq!(shell(text, "--all"), Err(refused), "{text}");
        assert!(shell(text, "web-0").is_ok(), "{text}");
    }
    for text in
        ["kubectl delete pod -- <pod>", "kubectl delete pod --field=<pod>", "POD=<pod>", "cat <<EOF\n<pod>\nEOF"]
    {
        assert!(shell(text, "--all").is_ok(), "{text}");
    }
}

#[test]
fn what_works_on_the_shell_itself_is_never_set() {
    for name in [
        "LD_PRELOAD",
        "BASH_ENV",
        "PS4",
        "GIT_SSH_COMMAND",
        "ENV",
        "FAROL_P_X",
        "NODE_OPTIONS",
        "PYTHONPATH",
        "NODE_COMPILE_CACHE",
        "RUBY_CRASH_REPORT",
    ] {
        let command = command(L::Shell, &format!("ls ${name} \"a-${{{name}}}\""));
        let bound = bind(&command, Dialect::Shell, &values(&[(&name.to_lowercase(), "prod")])).unwrap();
        let own = format!("FAROL_P_{name}");
        assert_eq!(bound.text, format!("ls ${{{own}}} \"a-${{{own}}}\""), "the text has another name for it");
        assert_eq!(bound.env, values(&[(&own, "prod")]));
    }
}

#[test]
fn names_that_only_begin_like_those_of_programs_are_kept() {
    for name in ["NODE_NAME", "PYTHON_VERSION", "RUBY_VERSION", "ENVIRONMENT"] {
        let text = format!("echo ${name}");
        assert_eq!(shell(&text, "x"), Ok(text));
    }
}

#[test]
fn an_option_that_takes_a_name_is_no_code() {
    for (text, bound) in [
        ("kubectl logs <pod> -c <box>", "kubectl logs \"${FAROL_P_POD}\" -c \"${FAROL_P_BOX}\""),
        ("kubectl exec -it web -c <box> -- ls", "kubectl exec -i web -c \"${FAROL_P_BOX}\" -- ls"),
        ("sudo kubectl -n x exec -c \"$BOX\" web -- ls", "sudo kubectl -n x exec -c \"$BOX\" web -- ls"),
        ("docker logs x | grep -c \"<box>\"", "docker logs x | grep -c \"${FAROL_P_BOX}\""),
        ("kubectl logs web \\\n  -c <box>", "kubectl logs web \\\n  -c \"${FAROL_P_BOX}\""),
        ("cdk deploy -c <box>", "cdk deploy -c \"${FAROL_P_BOX}\""),
        ("./deploy.sh -e <box>", "./deploy.sh -e \"${FAROL_P_BOX}\""),
    ] {
        assert_eq!(shell(text, "web").as_deref(), Ok(bound), "{text}");
    }
    for text in [
        "kubectl exec web -- sh -c <box>",
        "kubectl exec web -- duckdb -c <box>",
        "kubectl exec web duckdb -c <box>",
        "kubectl exec -n x web duckdb -c <box>",
        "kubectl exec web -- \\\n  duckdb \\\n  -c <box>",
        "ssh host grep -c <box>",
        "git -c <box> status",
        "rsync -e <box> a b",
        "docker exec web duckdb -c <box>",
        "./manage.py shell -c <box>",
    ] {
        assert!(matches!(shell(text, "web"), Err(BindError::NotAValue { .. })), "{text}");
    }
}

#[test]
fn a_command_in_backticks_takes_values_like_any_other() {
    assert_eq!(
        shell("oc get sc `oc -n <ns> get pvc -o json | jq '.a==\"<ns>\"'`", "shop").unwrap(),
        "oc get sc `oc -n \"${FAROL_P_NS}\" get pvc -o json | jq '.a==\"'\"${FAROL_P_NS}\"'\"'`"
    );
    assert!(matches!(shell("echo `<x>`", "ls"), Err(BindError::NotAValue { .. })), "what is run is no value");
}

#[test]
fn nul_and_missing_values_are_refused() {
    assert_eq!(shell("ls <x>", "a\0b"), Err(BindError::Nul { parameter: "x".to_owned() }));
    let command = command(L::Shell, "ls <b> <a>");
    assert_eq!(bind(&command, Dialect::Shell, &BTreeMap::new()), Err(BindError::Missing(vec!["a".into(), "b".into()])));
    assert_eq!(bind(&command, Dialect::Postgres, &BTreeMap::new()), Err(BindError::WrongLanguage));
}

#[test]
fn no_terminal_is_asked_for() {
    assert_eq!(
        shell("kubectl exec -it pod -n x -- psql -c 'a -it b'", "").unwrap(),
        "kubectl exec -i pod -n x -- psql -c 'a -it b'"
    );
    assert_eq!(shell("docker exec -ti db ls -it", "").unwrap(), "docker exec -i db ls -i");
    assert_eq!(shell("grep -it x", "").unwrap(), "grep -it x");
}

/// What bash makes of a bound command: the value arrives as one argument, byte for byte, and runs nothing.
#[test]
fn bash_hands_on_the_value_byte_for_byte() {
    for evil in ["a b", "*", "'", "\"", "$(exit 3)", "`exit 3`", "\\", "\n", "; exit 3", "é\u{7f}", "${HOME}"] {
        for text in
            ["printf %s <x>", "printf %s \"<x>\"", "printf %s '<x>'", "cat <<EOF\n<x>\nEOF", "X=<x>; printf %s \"$X\""]
        {
            let command = command(L::Shell, text);
            let placeholders = command.placeholders.iter().filter(|p| p.token == "<x>").cloned().collect();
            let bound = bind(&Command { placeholders, ..command }, Dialect::Shell, &values(&[("x", evil)])).unwrap();
            let run = std::process::Command::new("bash").arg("-c").arg(&bound.text).envs(&bound.env).output().unwrap();
            assert!(run.status.success(), "{text} with {evil:?}");
            let out = String::from_utf8_lossy(&run.stdout).into_owned();
            let out = if text.starts_with("cat") { out.strip_suffix('\n').unwrap_or(&out) } else { &out };
            assert_eq!(out, evil, "{text}");
        }
    }
}

#[test]
fn a_terminal_is_not_asked_for_and_other_options_stay() {
    for (text, runs) in [
        ("kubectl exec -it pg-0 -- ls", "kubectl exec -i pg-0 -- ls"),
        ("kubectl exec --stdin --tty pg-0 -- ls", "kubectl exec --stdin pg-0 -- ls"),
        ("kubectl exec pg-0 -t -- ls -t", "kubectl exec pg-0 -- ls -t"),
        ("docker exec -i -t db ls", "docker exec -i db ls"),
        ("docker exec -t db psql -t -c 'select 1'", "docker exec db psql -t -c 'select 1'"),
        ("docker exec -u postgres -t db psql -t -l", "docker exec -u postgres db psql -t -l"),
        ("docker compose exec -t web ls", "docker compose exec web ls"),
        ("docker build -t shop . && docker run -t shop ls", "docker build -t shop . && docker run shop ls"),
        ("docker exec db ls -t", "docker exec db ls -t"),
        ("kubectl exec pg-0 ls -t", "kubectl exec pg-0 ls -t"),
        ("tar -t -f x", "tar -t -f x"),
    ] {
        let command = command(L::Shell, text);
        assert_eq!(bind(&command, Dialect::Shell, &BTreeMap::new()).unwrap().text, runs, "{text}");
        assert_eq!(asks_for_terminal(&command), text != runs, "{text}");
    }
}

/// MariaDB takes a parameter for an interval's number, and 0 for what is none: "older than 0 hours" would be all rows.
#[test]
fn the_number_of_an_interval_is_bound_where_the_database_takes_one() {
    for (text, want) in [
        ("select now() - interval <n> minute", "select now() - interval ? minute"),
        ("delete from t where ts < now() - INTERVAL <n> HOUR", "delete from t where ts < now() - INTERVAL ? HOUR"),
        ("select date_sub(now(), interval '<n>' day)", "select date_sub(now(), interval ? day)"),
    ] {
        assert_eq!(sql(Dialect::Mysql, text, "15").unwrap(), want);
        assert_eq!(sql(Dialect::Mysql, text, "-15").unwrap(), want);
        for bad in ["abc", "", "1 day", "1.5", "-", "1;", &"9".repeat(19)] {
            let refused = BindError::NotANumber { parameter: "n".to_owned() };
            assert_eq!(refused.refused_value(), Some("n"));
            assert_eq!(sql(Dialect::Mysql, text, bad), Err(refused), "{text} with {bad}");
        }
        // SQLite has no such interval, Postgres one in quotes.
        assert!(sql(Dialect::Sqlite, text, "15").is_err(), "{text}");
        assert_eq!(sql(Dialect::Postgres, text, "15").is_ok(), text.contains('\''), "{text}");
    }
    for text in
        ["select now() - interval '<n> minute'", "select now() - interval '<n>' day_hour", "select interval <n> from t"]
    {
        assert!(sql(Dialect::Mysql, text, "15").is_err(), "{text}");
    }
}

/// SQLite takes no parameter in a pragma, and a quoted name for what it looks at.
#[test]
fn what_a_pragma_looks_at_is_named() {
    for (text, want) in [
        ("PRAGMA table_info(<t>)", "PRAGMA table_info(\"orders\")"),
        ("pragma table_info('<t>')", "pragma table_info(\"orders\")"),
        ("pragma main.index_list(<t>);", "pragma main.index_list(\"orders\");"),
        ("pragma foreign_key_check( <t> )", "pragma foreign_key_check( \"orders\" )"),
    ] {
        assert_eq!(sql(Dialect::Sqlite, text, "orders").unwrap(), want);
        assert!(sql(Dialect::Sqlite, text, "a\"b").unwrap().contains("\"a\"\"b\""), "{text}");
        for bad in ["", "main.orders", "a\nb"] {
            assert!(matches!(sql(Dialect::Sqlite, text, bad), Err(BindError::InvalidName { .. })), "{text} with {bad}");
        }
        assert!(sql(Dialect::Mysql, text, "orders").is_err(), "{text}");
    }
    for text in ["PRAGMA cache_size = <n>", "PRAGMA writable_schema(<n>)", "pragma <p>", "pragma table_info('a<t>')"] {
        assert!(sql(Dialect::Sqlite, text, "1").is_err(), "{text}");
    }
    let bound = bind(&command(L::Sql, "pragma table_info(<t>)"), Dialect::Sqlite, &values(&[("t", "x")])).unwrap();
    assert!(bound.binds.is_empty() && shows(&bound, "t"), "whoever reads the text knows where the name came from");
}

#[test]
fn a_name_to_fill_in_that_a_shell_takes_for_a_default_is_taken_whole() {
    let text = "rds copy --from ${db-instance-name}";
    assert_eq!(shell(text, "a b").unwrap(), "rds copy --from \"${FAROL_P_DB_INSTANCE_NAME}\"");
}
