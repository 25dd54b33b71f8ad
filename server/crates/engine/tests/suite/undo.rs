//! What a change leaves behind for putting it back, on real servers.

use crate::common;
use crate::common::held::{Db, before, commit, decide, held};
use farol_api::event::{FailureCode, Outcome};
use farol_api::hold::NoUndo;
use farol_engine::hold::Verdict;
use farol_engine::secret::SecretText;
use farol_testkit::MariaDbServer;

#[tokio::test]
async fn a_change_is_put_back_exactly() {
    for db in Db::all().await {
        let was = before(&db);
        for text in [
            "update orders set state = 'x''y', price = price * 3, note = 'neu' where id in (1, 2)",
            "update orders set note = null where id = 1",
            "delete from orders where state = 'open'",
            "delete from orders",
        ] {
            let (ran, seen) = commit(&held(text), &db).await;
            assert_eq!(ran.result.outcome, Outcome::Succeeded, "{}", ran.stderr());
            assert_ne!(db.orders().await, was, "{text}");
            let undo = db.undo(&seen);
            let (undone, _) = commit(&undo, &db).await;
            assert_eq!(undone.result.outcome, Outcome::Succeeded, "{text} {:?} {}", undo.asked.parts, undone.stderr());
            assert_eq!(db.orders().await, was, "{text}");
        }
    }
}

/// Where the words say which key a row will have, it is found under that.
#[tokio::test]
async fn a_row_with_another_key_is_shown_and_put_back() {
    for db in Db::all().await {
        let orders = "select id, state from orders order by id";
        db.execute("create table named (area varchar(9), code char(4), a int, primary key (area, code))").await;
        db.execute("insert into named values ('n', 'ab', 1), ('n', 'cd', 2), ('s', 'ab', 3)").await;
        let named = "select area, code, a from named order by area, code";
        let more = "create table alone (id int primary key); insert into alone values (3); \
            create table priced (price decimal(8, 2) primary key, a int); insert into priced values (1.5, 1), (2.5, 2)";
        db.execute(more).await;
        for (text, rows, shown) in [
            ("update orders set id = 9 where id = 3", orders, 2),
            ("update orders set state = 'x', id = id + 100 where id < 3", orders, 4),
            ("update named set code = upper(code), a = a * 2 where area = 'n'", named, 4),
            ("update alone set id = 4", "select id from alone", 2),
            ("update priced set price = 4 where a = 1", "select price, a from priced order by a", 2),
            ("begin; update orders set id = 9 where id = 3; update orders set id = 8 where id = 9; commit", orders, 4),
        ] {
            let spec = if text.starts_with("begin") { db.block(text) } else { held(text) };
            let was = db.ask(rows).await;
            let (ran, seen) = commit(&spec, &db).await;
            assert_eq!(ran.result.outcome, Outcome::Succeeded, "{text}: {}", ran.stderr());
            assert_ne!(db.ask(rows).await, was, "{text}");
            let lines = ran.rows().len();
            assert_eq!(lines, shown, "{text}: each row before and after");
            let (undone, _) = commit(&db.undo(&seen), &db).await;
            assert_eq!(undone.result.outcome, Outcome::Succeeded, "{text}: {}", undone.stderr());
            assert_eq!(db.ask(rows).await, was, "{text}");
        }
    }
}

#[tokio::test]
async fn an_undo_is_refused_where_a_row_is_not_as_it_was_left() {
    for db in Db::all().await {
        let (_, seen) = commit(&held("update orders set state = 'gone' where id in (1, 2)"), &db).await;
        db.execute("update orders set note = 'touched' where id = 2").await;
        let left = db.orders().await;
        let ran = common::run(&db.undo(&seen), &db.rw()).await;
        assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::Failed, Some(FailureCode::RowsOutside)));
        assert_eq!(db.orders().await, left, "nothing at all was undone");
        let (_, seen) = commit(&held("delete from orders where id = 3"), &db).await;
        db.execute("insert into orders values (3, 'again', 1, null)").await;
        let left = db.orders().await;
        let ran = common::run(&db.undo(&seen), &db.rw()).await;
        assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::Failed, Some(FailureCode::StatementRefused)));
        assert_eq!(db.orders().await, left);
    }
}

/// To its own collation the text is still what the attempt left.
#[tokio::test]
async fn an_undo_is_refused_where_a_text_differs_in_what_its_collation_passes_over() {
    let db = Db::postgres().await;
    db.execute(
        "create collation any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
         create table names (id int primary key, name text collate any_case); insert into names values (1, 'ana')",
    )
    .await;
    let (_, seen) = commit(&held("update names set name = 'rita' where id = 1"), &db).await;
    db.execute("update names set name = 'RITA' where id = 1").await;
    let ran = common::run(&db.undo(&seen), &db.rw()).await;
    assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::Failed, Some(FailureCode::RowsOutside)));
    assert_eq!(db.ask("select name from names").await, "RITA");
}

/// A row that stayed as it was proves nothing where the clock or other rows chose it: the statement may have met another.
#[tokio::test]
async fn rows_that_may_have_been_chosen_otherwise_must_have_changed() {
    let orders = "select id, state from orders order by id";
    for db in Db::all().await {
        let clock = "current_timestamp > '2000-01-01'";
        undone(&db, &format!("update orders set state = 'z' where id = 3 and {clock}"), orders).await.unwrap();
        let (_, seen) = commit(&held("update orders set state = 'paid' where id = 3"), &db).await;
        assert_eq!(seen.undo.err(), Some(NoUndo::NoRows), "it is sure that nothing changed");
        let (_, seen) = commit(&held(&format!("update orders set state = 'paid' where id = 3 and {clock}")), &db).await;
        // The clock of Postgres stands still within a transaction.
        let told = if matches!(db, Db::Postgres(_)) { NoUndo::NoRows } else { NoUndo::OtherRows };
        assert_eq!(seen.undo.err(), Some(told));
        db.execute("create table chosen (id int primary key); insert into chosen values (2), (3)").await;
        let chosen = "id in (select id from chosen)";
        undone(&db, &format!("update orders set state = 'z' where {chosen}"), orders).await.unwrap();
        undone(&db, &format!("delete from orders where {chosen}"), orders).await.unwrap();
        let (_, seen) = commit(&held(&format!("update orders set state = 'paid' where {chosen}")), &db).await;
        // Nobody writes between the two looks of SQLite.
        assert_eq!(seen.undo.err(), (!matches!(db, Db::Sqlite(_))).then_some(NoUndo::OtherRows));
    }
}

#[tokio::test]
async fn a_statement_that_changed_nothing_stands_in_nobodys_way() {
    let orders = "select id, state from orders order by id";
    for db in Db::all().await {
        let none = "update orders set state = 'q' where id = 77";
        let (_, seen) = commit(&held(none), &db).await;
        assert_eq!(seen.undo.err(), Some(NoUndo::NoRows));
        let block = |none: &str| format!("begin; {none}; update orders set state = 'z' where id = 1; commit");
        undone(&db, &block(none), orders).await.unwrap();
        // One that cannot be read may have changed what is not counted.
        let unread = match db {
            Db::Mariadb(_) => "delete from orders where id = 77 order by id limit 1",
            Db::Postgres(_) | Db::Sqlite(_) => "update orders set state = 'q' where id = 77 and random() is null",
        };
        db.execute("update orders set state = 'open' where id = 1").await;
        assert_eq!(undone(&db, &block(unread), orders).await.unwrap_err(), NoUndo::NotSimple);
    }
}

/// A rule of Postgres can make another change of one, of which the server counts no row.
#[tokio::test]
async fn where_a_rule_has_a_say_no_counted_row_is_not_no_row() {
    let db = Db::postgres().await;
    db.execute("create rule kept as on delete to orders do instead update orders set state = 'gone' where id = old.id")
        .await;
    let (ran, seen) = commit(&held("delete from orders where id = 1"), &db).await;
    assert_eq!((ran.result.rows, seen.undo.err()), (Some(0), Some(NoUndo::Triggers)));
    assert!(db.orders().await.contains("gone"));
}

/// What a step leaves as a secret stands in its rows as well.
#[tokio::test]
async fn the_rows_of_what_is_left_as_a_secret_are_not_shown() {
    for db in Db::all().await {
        if matches!(db, Db::Mariadb(_)) {
            // An update returns nothing there.
            continue;
        }
        let mut spec = held("update orders set note = 'tr0ub4dor' where id = 1 returning note");
        spec.asked.results = vec!["api_token".into()];
        spec.secrets = vec!["api_token".into()];
        let (ran, seen) = commit(&spec, &db).await;
        assert_eq!(ran.result.outcome, Outcome::Succeeded, "{}", ran.stderr());
        assert!(!format!("{:?}", ran.chunks).contains("tr0ub4dor"), "{:?}", ran.chunks);
        assert_eq!(seen.undo.err(), Some(NoUndo::Secret));
    }
}

/// SQLite's own way of quoting ends a text at a zero byte.
#[tokio::test]
async fn a_text_with_a_zero_byte_comes_back_whole() {
    let db = Db::sqlite().await;
    db.execute(
        "create table t (k text primary key, a text); \
         insert into t values ('one' || char(0) || 'é''x', 'a' || char(0) || 'b'), ('one', 'c')",
    )
    .await;
    let rows = "select hex(k), hex(a), typeof(a) from t order by 1";
    for text in ["update t set a = 'x'", "delete from t", "update t set a = 'x' || char(0) || 'y' where k <> 'one'"] {
        undone(&db, text, rows).await.unwrap();
    }
    let (_, seen) = commit(&held("update t set a = 'x' || char(0) || 'y' where k = 'one'"), &db).await;
    db.execute("update t set a = 'x' || char(0) || 'z' where k = 'one'").await;
    let ran = common::run(&db.undo(&seen), &db.rw()).await;
    assert_eq!(ran.result.failure, Some(FailureCode::RowsOutside), "what follows the zero byte is compared too");
    let (_, seen) = commit(&held("update t set a = 'y' where k = 'one'"), &db).await;
    db.execute("update t set a = 'y' || char(0) where k = 'one'").await;
    let ran = common::run(&db.undo(&seen), &db.rw()).await;
    assert_eq!(ran.result.failure, Some(FailureCode::RowsOutside), "and so is the zero byte itself");
}

/// Says what is told of undoing a change, which is rolled back.
async fn told(db: &Db, text: &str) -> Result<u64, NoUndo> {
    let mut told = None;
    let ran = decide(&held(text), &db.rw(), |seen| {
        told = Some(seen.undo);
        async { Verdict::RollBack(None) }
    })
    .await;
    told.unwrap_or_else(|| panic!("{text}: {}", ran.stderr())).map(|undo| undo.rows)
}

#[tokio::test]
async fn where_rows_cannot_be_put_back_soundly_it_says_why() {
    for db in Db::all().await {
        let rows = (0..101).map(|at| format!("({at}, 1.5)")).collect::<Vec<_>>().join(", ");
        db.execute(&format!(
            "create table many (id int primary key, a double precision); insert into many values {rows}"
        ))
        .await;
        let joined = match db {
            Db::Mariadb(_) => "update orders join plain on orders.id = plain.a set state = 'z'",
            Db::Postgres(_) | Db::Sqlite(_) => "update orders set state = 'z' from plain where orders.id = plain.a",
        };
        // MariaDB's numbers of this kind do not come back exactly as a text.
        let inexact = if matches!(db, Db::Mariadb(_)) { Err(NoUndo::Columns) } else { Ok(1) };
        for (text, says) in [
            (joined, Err(NoUndo::NotSimple)),
            ("update plain set a = 2", Err(NoUndo::NoPrimaryKey)),
            ("update orders set id = (select 9) where id = 3", Err(NoUndo::OtherRows)),
            ("delete from orders where id = 77", Err(NoUndo::NoRows)),
            ("update many set a = 2 where id = 1", inexact),
            ("update many set a = 2", inexact.and(Err(NoUndo::TooMany))),
            ("update many set a = 2 where id > 0", inexact.and(Ok(100))),
        ] {
            assert_eq!(told(&db, text).await, says, "{text}");
        }
    }
}

#[tokio::test]
async fn triggers_and_cascades_stand_in_the_way_of_an_undo() {
    let db = Db::postgres().await;
    db.execute(
        "create table kids (id int primary key, o int references orders (id) on delete cascade); \
         create function noted() returns trigger language plpgsql as 'begin new.a := new.a + 1; return new; end'; \
         create table watched (id int primary key, a int); insert into watched values (1, 1); \
         create trigger t before update on watched for each row execute function noted(); \
         grant all on all tables in schema public to public",
    )
    .await;
    assert_eq!(told(&db, "delete from orders where id = 1").await, Err(NoUndo::Cascades));
    assert_eq!(told(&db, "update watched set a = 5 where id = 1").await, Err(NoUndo::Triggers));
    let db = Db::sqlite().await;
    db.execute("create trigger tg after delete on orders begin insert into plain values (old.id); end").await;
    assert_eq!(told(&db, "delete from orders where id = 1").await, Err(NoUndo::Triggers));
    // A MySQL tells an account of triggers that may make some, a MariaDB every account.
    let unseen = if MariaDbServer::is_mysql() { NoUndo::TriggersUnseen } else { NoUndo::Triggers };
    for (db, why) in [(Db::mariadb().await, NoUndo::Triggers), (Db::mariadb_short_sighted().await, unseen)] {
        db.execute("create trigger tg after delete on orders for each row insert into plain values (old.id)").await;
        assert_eq!(told(&db, "delete from orders where id = 1").await, Err(why));
    }
}

/// Says what undoing a change came to: the rows that stay, or why nothing undoes it.
async fn undone(db: &Db, text: &str, rows: &str) -> Result<String, NoUndo> {
    let spec = if text.starts_with("begin") { db.block(text) } else { held(text) };
    let was = db.ask(rows).await;
    let (ran, seen) = commit(&spec, db).await;
    assert_eq!(ran.result.outcome, Outcome::Succeeded, "{text}: {}", ran.stderr());
    assert_ne!(db.ask(rows).await, was, "{text}");
    seen.undo.as_ref().map_err(|why| *why)?;
    let (undo, _) = commit(&db.undo(&seen), db).await;
    assert_eq!(undo.result.outcome, Outcome::Succeeded, "{text}: {}", undo.stderr());
    assert_eq!(db.ask(rows).await, was, "{text}");
    Ok(was)
}

#[tokio::test]
async fn what_was_added_is_taken_away_and_nothing_older() {
    let orders = "select id from orders order by id";
    let db = Db::postgres().await;
    for text in [
        "insert into orders values (9, 'new', 1, null)",
        "insert into orders values (9, 'new', 1, null), (8, 'new', 1, null)",
        "begin; update orders set state = 'x' where id = 1; insert into orders values (9, 'new', 1, null); commit",
    ] {
        undone(&db, text, orders).await.unwrap();
    }
    let db = Db::mariadb().await;
    db.execute("create table auto (id int auto_increment primary key, a int); insert into auto values (7, 1)").await;
    let auto = "select id from auto order by id";
    undone(&db, "insert into auto (a) values (2)", auto).await.unwrap();
    undone(&db, "insert into auto values (100, 2)", auto).await.unwrap();
    for (text, rows) in [
        // What the server generated last is not of this statement, or is no key of this table.
        (
            "begin; insert into auto (id, a) values (null, 2); insert into orders values (200, 'new', 1, null); commit",
            orders,
        ),
        ("insert into auto values (300, last_insert_id(7))", auto),
        ("insert into auto (a) values (2), (3)", auto),
        ("insert into orders values (9, 'new', 1, null)", orders),
    ] {
        assert_eq!(undone(&db, text, rows).await, Err(NoUndo::Inserted), "{text}");
    }
    let db = Db::sqlite().await;
    undone(&db, "insert into orders (state) values ('new')", orders).await.unwrap();
    undone(&db, "insert into orders values (70, 'new', 1, null)", orders).await.unwrap();
    db.execute(
        "create table backwards (id integer primary key desc, a); insert into backwards values (3, 'old'), (2, 'old'); \
         create table bare (id integer primary key, a) without rowid; insert into bare values (90, 'old'); \
         create table over (id integer primary key, a unique on conflict replace); insert into over values (1, 'x')",
    )
    .await;
    let block = "begin; insert into orders values (90, 'new', 1, null); insert into bare values (5, 'new'); commit";
    for (text, rows, why) in [
        ("insert into backwards values (9, 'new')", "select id from backwards order by id", NoUndo::Inserted),
        (block, "select id from bare order by id", NoUndo::Inserted),
        ("insert into over values (2, 'x')", "select id from over", NoUndo::Triggers),
    ] {
        assert_eq!(undone(&db, text, rows).await, Err(why), "{text}");
    }
}

/// A part of a table, or one that inherits from it, is not met where `ONLY` stands.
#[tokio::test]
async fn rows_that_only_leaves_out_are_not_shown() {
    let db = Db::postgres().await;
    db.execute(
        "create table whole (id int primary key, n int) partition by range (id); \
         create table part partition of whole for values from (0) to (9); insert into whole values (1, 1); \
         create table parent (id int primary key, n int); create table child () inherits (parent); \
         insert into parent values (1, 1); insert into child values (1, 7), (2, 2)",
    )
    .await;
    for (text, rows) in [
        ("update only whole set n = 2", 0),
        ("update only parent set n = 3", 1),
        ("delete from only parent where n < 9", 1),
    ] {
        let (ran, seen) = commit(&held(text), &db).await;
        assert_eq!(ran.result.outcome, Outcome::Succeeded, "{text}: {}", ran.stderr());
        assert_eq!((seen.statements[0].rows, seen.statements[0].shown), (rows, rows), "{text}");
    }
    assert_eq!(db.ask("select string_agg(n::text, ',' order by n) from only child").await, "2,7");
}

/// MariaDB writes a shape as no text. Its row is shown all the same, and is not put back.
#[tokio::test]
async fn a_row_with_a_shape_in_it_is_shown() {
    let db = Db::mariadb().await;
    db.execute("create table places (id bigint unsigned primary key, n int, at point, way geometry)").await;
    db.execute("insert into places values (18446744073709551615, 1, point(1, 2), null)").await;
    let (ran, seen) = commit(&held("update places set n = 2 where id = 18446744073709551615"), &db).await;
    assert_eq!(ran.result.outcome, Outcome::Succeeded, "{}", ran.stderr());
    assert_eq!((seen.statements[0].rows, seen.statements[0].shown), (1, 1));
    assert_eq!(seen.undo.err(), Some(NoUndo::Columns));
}

/// A change that returns rows changes as many as it returns.
#[tokio::test]
async fn rows_that_come_back_are_counted() {
    let returning =
        Db::all().await.into_iter().filter(|db| !matches!(db, Db::Mariadb(_)) || !MariaDbServer::is_mysql());
    for db in returning {
        let mut texts = vec![
            ("delete from orders where state = 'open' returning id", 2),
            ("insert into orders values (9, 'new', 1, null) returning id", 1),
        ];
        if !matches!(db, Db::Mariadb(_)) {
            texts.push(("update orders set state = 'x' where id = 3 returning id", 1));
        }
        for (text, rows) in texts {
            let (ran, seen) = commit(&held(text), &db).await;
            assert_eq!((ran.result.rows, seen.statements[0].rows), (Some(rows), rows), "{text}");
        }
    }
}

/// Tables that follow a row may stand in a database that the account does not see.
#[tokio::test]
async fn what_follows_a_row_in_another_database_stands_in_the_way() {
    let seen = Db::mariadb().await;
    let unseen = Db::mariadb_short_sighted().await;
    for db in [&seen, &unseen] {
        let Db::Mariadb(urls) = db else { panic!("it is MariaDB") };
        let (name, account) = (&urls.name, &urls.account);
        db.execute(&format!(
            "grant trigger on {name}.* to '{account}_rw'@'127.0.0.1'; \
             create database {name}_k; \
             create table {name}_k.kids (o int, foreign key (o) references {name}.orders (id) on delete cascade); \
             create table auto (id int auto_increment primary key, a int, b int, unique (b))"
        ))
        .await;
    }
    for (db, why) in [(&seen, NoUndo::Cascades), (&unseen, NoUndo::CascadesUnseen)] {
        let (_, kept) = commit(&held("delete from orders where id = 1"), db).await;
        assert_eq!(kept.undo.err(), Some(why));
    }
    let auto = "select id, a, b from auto order by id";
    let added = "insert into auto (a, b) values (1, 1)";
    undone(&seen, added, auto).await.unwrap();
    assert_eq!(undone(&unseen, added, auto).await, Err(NoUndo::CascadesUnseen));
    // No other table can refer to a column without an index.
    undone(&unseen, "update auto set a = 5", auto).await.unwrap();
    assert_eq!(undone(&unseen, "update auto set b = 5", auto).await, Err(NoUndo::CascadesUnseen));
}

/// Databases write bytes in hexadecimal, and a secret among them with them.
#[tokio::test]
async fn a_secret_among_bytes_is_neither_shown_nor_kept() {
    const SECRET: &str = "hunter2-é";
    let hex: String = SECRET.bytes().map(|byte| format!("{byte:02x}")).collect();
    for db in Db::all().await {
        let (kind, value) = match db {
            Db::Postgres(_) => ("bytea", format!("'\\x00{hex}00'")),
            Db::Mariadb(_) | Db::Sqlite(_) => ("blob", format!("x'00{hex}00'")),
        };
        db.execute(&format!(
            "create table vault (id int primary key, k {kind}); insert into vault values (1, {value})"
        ))
        .await;
        let mut target = db.rw();
        target.secrets.push(SecretText(SECRET.to_owned()));
        let mut kept = None;
        let ran = decide(&held("update vault set k = null"), &target, |seen| {
            kept = Some(seen.undo);
            async { Verdict::RollBack(None) }
        })
        .await;
        assert_eq!(kept.unwrap().err(), Some(NoUndo::Secret));
        let target = farol_engine::job::ResolvedTarget { secrets: target.secrets, ..db.reader() };
        let read = common::run(&common::read("select k from vault"), &target).await;
        for chunk in ran.chunks.iter().chain(&read.chunks) {
            let text = serde_json::to_string(chunk).unwrap();
            assert!(!text.to_lowercase().contains(&hex), "{text}");
        }
        assert!(read.cell().unwrap().contains("[secret]"), "{read:?}");
    }
}

/// A zone whose clocks go back an hour at 2025-10-26 01:00 UTC, and nothing else.
const CLOCKS_GO_BACK: [&str; 4] = [
    "insert into mysql.time_zone values (9001, 'N')",
    "insert into mysql.time_zone_name values ('Test/Back', 9001)",
    "insert into mysql.time_zone_transition_type values (9001, 0, 7200, 1, 'S'), (9001, 1, 3600, 0, 'W')",
    "insert into mysql.time_zone_transition values (9001, 0, 0), (9001, 1761440400, 1)",
];

/// In that hour two moments have one name: a text says neither which one stood there, nor which one to put back.
#[tokio::test]
async fn a_moment_of_the_hour_that_comes_twice_is_not_put_back_as_the_other_one() {
    let server = MariaDbServer::start();
    let urls = server.create_target("twice").await;
    let (name, account) = (&urls.name, &urls.account);
    let execute = async |sql: &str| server.execute(name, sql.to_owned()).await;
    for sql in CLOCKS_GO_BACK {
        execute(sql).await;
    }
    execute(&format!("grant references on *.* to '{account}_rw'@'127.0.0.1'")).await;
    execute(&format!("grant trigger on {name}.* to '{account}_rw'@'127.0.0.1'")).await;
    execute("create table seen (id int primary key, at timestamp(6) null default null, note varchar(9))").await;
    execute("set global time_zone = 'Test/Back'").await;
    let target = common::database(farol_api::target::DatabaseKind::Mysql, &urls.rw);
    let told = "select group_concat(id, ' ', unix_timestamp(at) order by id) from seen";
    let reader = common::database(farol_api::target::DatabaseKind::Mysql, &urls.ro);
    let ask = async || common::run(&common::read(told), &reader).await.rows();
    // Half past two, an hour apart, and long before. Whoever writes them here counts in UTC.
    let moments = [1_761_438_600_i64, 1_761_442_200, 1_761_000_000];
    let rows = moments.iter().zip(1..).map(|(at, id)| format!("({id}, from_unixtime({at}))")).collect::<Vec<_>>();
    let filled = format!("replace into seen (id, at) values {}", rows.join(", "));
    execute(&filled).await;
    let was = ask().await;
    let mut refused = 0;
    for id in 1..=moments.len() {
        for text in [format!("update seen set at = null where id = {id}"), format!("delete from seen where id = {id}")]
        {
            match committed(&text, &target).await {
                Ok(undo) => {
                    let _ = committed(&undo.statements[0], &target).await;
                    assert_eq!(ask().await, was, "{text}: {:?}", undo.statements);
                }
                Err(why) => {
                    assert_eq!(why, NoUndo::Columns, "{text}");
                    refused += 1;
                    execute(&filled).await;
                }
            }
        }
    }
    assert_eq!(refused, 2, "the name of that hour is read as one of the two");
}

/// Commits a change, and says what would undo it.
async fn committed(text: &str, target: &farol_engine::job::ResolvedTarget) -> Result<farol_store::Undo, NoUndo> {
    let mut undo = None;
    let ran = decide(&held(text), target, |seen| {
        undo = Some(seen.undo);
        async { Verdict::Commit }
    })
    .await;
    assert_eq!(ran.result.outcome, Outcome::Succeeded, "{text}: {}", ran.stderr());
    undo.unwrap()
}
