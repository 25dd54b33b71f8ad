//! What a change would do, asked of real databases on the credential that only reads, changes nothing and is right.

use crate::common::{self, database, read, run, sql, with_binds};
use farol_api::event::Outcome;
use farol_api::risk::{Dialect, RiskClass};
use farol_api::target::{CredentialRole, DatabaseKind};
use farol_engine::job::ResolvedTarget;
use farol_risk::Part;
use farol_testkit::{MariaDbServer, PostgresServer, SqliteFile};

const TABLE: &str = "create table orders (id int primary key, note varchar(40), placed varchar(10))";

struct Scene {
    dialect: Dialect,
    reader: ResolvedTarget,
    _file: Option<SqliteFile>,
}

/// The same table in each database, with 30 rows.
async fn scenes() -> Vec<Scene> {
    let name = format!("t{}", common::fresh_attempt().0.simple());
    let postgres = PostgresServer::shared().create_target(&name).await;
    let mariadb = MariaDbServer::shared().create_target(&name).await;
    let file = SqliteFile::with("create table none (a int)").await;
    let url = file.url();
    let rows: Vec<_> = (1..=30).map(|id| format!("({id}, 'note {id}', '2026-11-{id:02}')")).collect();
    let fill = format!("insert into orders values {}", rows.join(", "));
    for (kind, boss) in [
        (DatabaseKind::Postgres, &postgres.superuser),
        (DatabaseKind::Mysql, &mariadb.superuser),
        (DatabaseKind::Sqlite, &url),
    ] {
        for setup in [TABLE, &fill, "create table old (id int primary key)", "insert into old values (1), (2), (3)"] {
            boss_runs(&database(kind, boss), setup).await;
        }
    }
    let scene = |dialect, kind, reader: &str| Scene { dialect, reader: database(kind, reader), _file: None };
    vec![
        scene(Dialect::Postgres, DatabaseKind::Postgres, &postgres.ro),
        scene(Dialect::Mysql, DatabaseKind::Mysql, &mariadb.ro),
        Scene { _file: Some(file), ..scene(Dialect::Sqlite, DatabaseKind::Sqlite, &url) },
    ]
}

async fn boss_runs(boss: &ResolvedTarget, setup: &str) {
    let ran = run(&sql(setup, RiskClass::Schema, CredentialRole::Admin), boss).await;
    assert_eq!(ran.result.outcome, Outcome::Succeeded, "{setup}: {}", ran.stderr());
}

impl Scene {
    async fn ask(&self, question: Option<Part>, values: &[&str]) -> common::Ran {
        let question = question.unwrap();
        let values: Vec<_> = question.values.iter().map(|at| values[*at]).collect();
        run(&with_binds(read(&question.text), &values), &self.reader).await
    }

    fn marker(&self, number: usize) -> String {
        match self.dialect {
            Dialect::Postgres => format!("${number}"),
            Dialect::Sqlite => format!("?{number}"),
            _ => "?".to_owned(),
        }
    }
}

#[tokio::test]
async fn the_rows_that_a_change_would_touch_are_counted_and_shown() {
    for scene in scenes().await {
        let (one, two) = (scene.marker(1), scene.marker(2));
        let change = format!("update orders o set note = {one} where o.id > {two} and o.placed < '2026-11-29'");
        let ran = scene.ask(farol_risk::rows(scene.dialect, &change), &["gone", "25"]).await;
        assert_eq!(ran.result.outcome, Outcome::Succeeded, "{:?}: {}", scene.dialect, ran.stderr());
        let names: Vec<_> = ran.columns().into_iter().map(|column| column.name).collect();
        assert_eq!(names, ["rows_in_all", "id", "note", "placed"], "{:?}", scene.dialect);
        assert_eq!(ran.rows().len(), 3, "{:?}", scene.dialect);
        assert_eq!(ran.rows()[0][0].as_deref(), Some("3"));
        assert!(ran.rows().iter().any(|row| row[2].as_deref() == Some("note 28")));

        let ran = scene.ask(farol_risk::rows(scene.dialect, "delete from orders"), &[]).await;
        assert_eq!((ran.rows().len(), ran.rows()[0][0].as_deref()), (20, Some("30")), "{:?}", scene.dialect);
        let ran = scene.ask(farol_risk::rows(scene.dialect, "delete from orders where id = 99"), &[]).await;
        assert_eq!((ran.result.outcome, ran.rows().len()), (Outcome::Succeeded, 0), "{:?}", scene.dialect);

        let copy =
            format!("insert into orders (id, note) select id + 100, note from orders where id > {one} or id = 1");
        let ran = scene.ask(farol_risk::rows(scene.dialect, &copy), &["28"]).await;
        assert_eq!(ran.result.outcome, Outcome::Succeeded, "{:?}: {}", scene.dialect, ran.stderr());
        assert_eq!((ran.rows().len(), ran.rows()[0][0].as_deref()), (3, Some("3")), "{:?}", scene.dialect);
        assert!(ran.rows().iter().any(|row| row[2].as_deref() == Some("note 29")), "{:?}", ran.rows());

        let again = scene.ask(farol_risk::rows(scene.dialect, "delete from orders"), &[]).await;
        assert_eq!(again.rows()[0][0].as_deref(), Some("30"), "nothing was changed");
    }
}

#[tokio::test]
async fn the_plan_of_a_query_and_of_a_change_is_told_without_the_right_to_change() {
    for scene in scenes().await {
        let one = scene.marker(1);
        for text in [
            format!("select * from orders where id = {one}"),
            format!("with o as (select * from orders where id < {one}) select count(*) from o"),
            format!("update orders set note = 'x' where id = {one}"),
            format!("delete from orders where placed = {one}"),
            format!("insert into orders (id) select id + 100 from orders where id = {one}"),
        ] {
            let ran = scene.ask(farol_risk::explain(scene.dialect, &text), &["7"]).await;
            assert_eq!(ran.result.outcome, Outcome::Succeeded, "{:?} {text}: {}", scene.dialect, ran.stderr());
            assert!(!ran.rows().is_empty(), "{:?} {text}", scene.dialect);
        }
    }
}

#[tokio::test]
async fn the_changes_of_a_block_are_counted_together() {
    for scene in scenes().await {
        let markers: Vec<_> = (1..=3).map(|number| scene.marker(number)).collect();
        let block = format!(
            "begin; update orders set note = {} where id > {}; insert into gone values (1); \
             delete from old where id < {}; commit",
            markers[0], markers[1], markers[2]
        );
        let ran = scene.ask(farol_risk::rows(scene.dialect, &block), &["x", "25", "3"]).await;
        assert_eq!(ran.result.outcome, Outcome::Succeeded, "{:?}: {}", scene.dialect, ran.stderr());
        let mut counts = ran.rows();
        counts.sort();
        let told = |cells: [&str; 3]| cells.map(|cell| Some(cell.to_owned())).to_vec();
        assert_eq!(counts, [told(["7", "1", "5"]), told(["7", "3", "2"])], "{:?}", scene.dialect);
        let ran = scene.ask(farol_risk::explain(scene.dialect, &block), &["x", "25", "3"]).await;
        assert_eq!(ran.result.outcome, Outcome::Succeeded, "{:?}: {}", scene.dialect, ran.stderr());
        assert!(!ran.rows().is_empty(), "{:?}", scene.dialect);
    }
}

/// A value of any type can be explained with.
#[tokio::test]
async fn a_plan_takes_values_of_every_type() {
    let name = format!("t{}", common::fresh_attempt().0.simple());
    let postgres = PostgresServer::shared().create_target(&name).await;
    let boss = database(DatabaseKind::Postgres, &postgres.superuser);
    boss_runs(&boss, "create table t (k uuid, at timestamptz, n numeric, a int[], j jsonb)").await;
    let target = database(DatabaseKind::Postgres, &postgres.ro);
    for (column, value) in [
        ("k", "0190a0b0-0000-7000-8000-000000000000"),
        ("at", "2026-11-28 03:00+00"),
        ("n", "0.1"),
        ("a", "{1,2}"),
        ("j", "{\"a\": \"it's\"}"),
    ] {
        let question = farol_risk::explain(Dialect::Postgres, &format!("delete from t where {column} = $1")).unwrap();
        let ran = run(&with_binds(read(&question.text), &[value]), &target).await;
        assert_eq!(ran.result.outcome, Outcome::Succeeded, "{column}: {}", ran.stderr());
        assert!(ran.rows()[0][0].as_deref().unwrap().contains("on t"), "{:?}", ran.rows());
    }
}
