//! Rows that are hard to put back: what cannot come back exactly is not offered, and what is offered comes back exactly.

use crate::common::held::{Db, commit, held};
use farol_api::event::Outcome;
use farol_api::hold::NoUndo;

/// Changes rows, undoes it, and holds what stands there then against what stood there before.
async fn there_and_back(db: &Db, text: &str, rows: &str) {
    let was = db.ask(rows).await;
    let (ran, seen) = commit(&held(text), db).await;
    assert_eq!(ran.result.outcome, Outcome::Succeeded, "{text}: {}", ran.stderr());
    assert_ne!(db.ask(rows).await, was, "{text}");
    let (undo, _) = commit(&db.undo(&seen), db).await;
    assert_eq!(undo.result.outcome, Outcome::Succeeded, "{text}: {}", undo.stderr());
    assert_eq!(db.ask(rows).await, was, "{text}");
}

async fn refused(db: &Db, text: &str) -> Option<NoUndo> {
    let (ran, seen) = commit(&held(text), db).await;
    assert_eq!(ran.result.outcome, Outcome::Succeeded, "{text}: {}", ran.stderr());
    seen.undo.err()
}

/// MariaDB and MySQL set such a column themselves whenever a row changes and nobody says otherwise, an undo among others.
#[tokio::test]
async fn a_time_that_the_database_sets_by_itself_comes_back_too() {
    let db = Db::mariadb().await;
    db.execute(
        "create table watched (id int primary key, a int, \
           at datetime default '2020-01-01 00:00:00' on update current_timestamp); \
         insert into watched (id, a) values (1, 1)",
    )
    .await;
    let rows = "select id, a, at from watched";
    there_and_back(&db, "update watched set a = 2", rows).await;
    there_and_back(&db, "update watched set a = 2, at = at", rows).await;
}

/// Where a number is counted on, 0 asks for the next one.
#[tokio::test]
async fn a_zero_where_numbers_are_counted_on_is_not_put_back_as_another() {
    let db = Db::mariadb().await;
    db.execute("create table auto (id int auto_increment primary key, a int)").await;
    db.execute("insert into auto values (5, 5)").await;
    db.execute("update auto set id = 0").await;
    assert_eq!(db.ask("select id from auto").await, "0");
    assert_eq!(refused(&db, "delete from auto where a = 5").await, Some(NoUndo::Columns));
}

/// SQLite keeps bytes as a text whatever they are; as a text of ours they would be others.
#[tokio::test]
async fn a_text_of_bytes_that_are_none_is_not_put_back_as_another() {
    let db = Db::sqlite().await;
    db.execute("create table t (id integer primary key, a text)").await;
    db.execute("insert into t values (1, cast(x'61ff62' as text)), (2, 'fine')").await;
    assert_eq!(refused(&db, "update t set a = 'x' where id = 1").await, Some(NoUndo::Columns));
    db.execute("update t set a = cast(x'61ff62' as text) where id = 1").await;
    assert_eq!(refused(&db, "delete from t where id = 1").await, Some(NoUndo::Columns));
    there_and_back(&db, "delete from t where id = 2", "select id, hex(a) from t").await;
}

#[tokio::test]
async fn values_at_the_edges_of_their_types_come_back() {
    let db = Db::postgres().await;
    db.execute(
        "create type mood as enum ('it''s', 'Ok'); \
         create table \"Odd.Table\" (\"Id\" numeric primary key, f float8, r real, n numeric, t timestamptz, d date, i interval, \
           j json, b bytea, c char(4), v varchar, a text[], m mood, x xml, p point, g int generated always as (1) stored, \
           \"select\" text, big int8range, \"no\" money, bits bit varying); \
         insert into \"Odd.Table\" values (1.50, 'NaN', '-Infinity', 'NaN', '0044-03-15 12:00:00+00 BC', 'infinity', \
           '-1 mon +2 days -03:04:05.000006', '{\"b\":1,  \"a\":1, \"b\":2}', '\\x00ff27', 'a', E'\\\\it''s\\n', \
           array['a,b', null, '\"x\"', ''], 'it''s', '<a b=\"c\"/>', '(0.1,0.30000000000000004)', default, 'k', '[1,5)', '12.30', \
           B'0101'), \
           (2, 0.1, 1e-40, 1e300, '294276-12-31 23:59:59.999999+00', '-infinity', '178000000 years', 'null', '', '', '', '{}', \
            'Ok', null, null, default, null, 'empty', null, B'')",
    )
    .await;
    let rows = "select * from \"Odd.Table\" order by 1";
    there_and_back(&db, "delete from \"Odd.Table\"", rows).await;
    let all = "update \"Odd.Table\" set f = 1, r = 1, n = 1, t = now(), d = now(), i = '1 s', j = '1', b = 'x', c = 'b', v = 'w', \
               a = '{x}', m = null, x = '<b/>', p = '(1,1)', \"select\" = 'z', big = '[2,3)', \"no\" = 5, bits = B'1'";
    there_and_back(&db, all, rows).await;
    let db = Db::mariadb().await;
    db.execute(
        "create table `Odd Table` (`Id` varchar(20) primary key, y year, d date, t time(6), dt datetime(6), ts timestamp(6) null, \
           e enum('it''s', '\\\\x'), s set('a', 'b'), n decimal(65, 30), u bigint unsigned, b varbinary(20), l longtext, \
           j json, la varchar(20) character set latin1, g int as (1) stored) collate utf8mb4_general_ci",
    )
    .await;
    db.execute(
        "insert into `Odd Table` (`Id`, y, d, t, dt, ts, e, s, n, u, b, l, j, la) values \
         ('ação 🚨', 1901, '9999-12-31', '-838:59:59.000001', '1000-01-01 00:00:00.000001', '1970-01-02 00:00:01.5', 'it''s', 'a', \
          -1.000000000000000000000000000001, 18446744073709551615, x'00ff27', 'a\\\\''\\n', '{\"b\": 1,  \"a\": 1}', 'é'), \
         ('b', 0, null, '838:59:59', null, null, '\\\\x', '', 0, 0, '', '', null, null)",
    )
    .await;
    let rows = "select * from `Odd Table` order by 1";
    there_and_back(&db, "delete from `Odd Table`", rows).await;
    let all = "update `Odd Table` set y = 2000, d = now(), t = '1:00', dt = now(), ts = now(), e = null, s = 'a', n = 5, u = 5, b = 'x', \
               l = 'x', j = '1', la = 'x'";
    there_and_back(&db, all, rows).await;
    let db = Db::sqlite().await;
    db.execute(
        "create table \"odd table\" (\"a\"\"b\" text primary key, v, r real, b blob, g as (1)); \
         insert into \"odd table\" (\"a\"\"b\", v, r, b) values ('x', 9223372036854775807, 9e999, x'00'), ('X', -0.5, 0.1, zeroblob(3)), \
           (null, '1', -9e999, 'text'), (1, 1.0, 1e-320, null), ('', -9223372036854775808, 0.30000000000000004, x'')",
    )
    .await;
    let rows =
        "select typeof(\"a\"\"b\"), \"a\"\"b\", typeof(v), v, quote(r), quote(b) from \"odd table\" order by 2, 4";
    there_and_back(&db, "delete from \"odd table\"", rows).await;
    there_and_back(&db, "update \"odd table\" set v = 'x', r = 1, b = 2 where \"a\"\"b\" is not null", rows).await;
}
