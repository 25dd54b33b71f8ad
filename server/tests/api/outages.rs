//! Targets and networks that fail in the middle of a step, with real servers: whatever happens, each attempt is sent at most once
//! and ends once, says what is so, leaves no connection, and the record verifies.

use std::time::Duration;

use farol_api::user::Role;
use farol_testkit::{Cut, MariaDbServer, PostgresServer, Proxy, TargetDatabase};
use reqwest::StatusCode;
use serde_json::{Value, json};
use sqlx::{Connection, MySqlConnection, PgConnection, SqliteConnection};
use tokio::time::{Instant, sleep};

use crate::common::{Client, TestApp, assert_record_holds};

/// How long anything may take on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(120);
const A_MOMENT: Duration = Duration::from_millis(30);

/// A server with one target and an incident on it.
pub struct Scene {
    pub app: TestApp,
    pub rita: Client,
    pub incident: i64,
    pub steps: Vec<String>,
}

/// A runbook with one step for each command.
pub fn runbook(language: &str, commands: &[&str]) -> String {
    let step =
        |(index, command): (usize, &&str)| format!("\n{}. Step {index}:\n\n```{language}\n{command}\n```\n", index + 1);
    format!("# Steps\n{}", commands.iter().enumerate().map(step).collect::<String>())
}

impl Scene {
    pub async fn new(target: Value, language: &str, commands: &[&str]) -> Self {
        Self::on(TestApp::start().await, target, language, commands).await
    }

    pub async fn on(app: TestApp, target: Value, language: &str, commands: &[&str]) -> Self {
        let owner = app.owner().await;
        let rita = app.person(&owner, "Rita Responder", Role::Responder).await;
        let saved = owner.put("/api/targets/shop", &target).await;
        assert_eq!(saved.status, StatusCode::OK, "{}", saved.body);
        let incident = app.incident(&owner, &rita, "steps", &runbook(language, commands), "shop").await;
        let room = rita.get(&format!("/api/incidents/{incident}")).await.value();
        let gates = room["gates"].as_array().unwrap();
        let steps = gates.iter().map(|gate| gate["step"].as_str().unwrap().to_owned()).collect();
        Self { app, rita, incident, steps }
    }

    pub async fn press(&self, step: usize) {
        let started = self.rita.start(self.incident, &self.steps[step], "shop").await;
        assert_eq!(started.status, StatusCode::ACCEPTED, "{}", started.body);
    }

    pub async fn room(&self) -> Value {
        self.rita.get(&format!("/api/incidents/{}", self.incident)).await.value()
    }

    /// Waits until a step has a status.
    pub async fn until(&self, step: usize, status: &str) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let room = self.room().await;
            let now = &room["state"]["steps"][&self.steps[step]];
            if now["status"] == status {
                // Output is read up to where it stood before the state was: its last words may come a look later.
                let over = !["awaiting_approval", "queued", "running"].contains(&status);
                return if over { self.room().await } else { room };
            }
            assert!(Instant::now() < deadline, "it never becomes {status}: {:#}", room["state"]["attempts"]);
            sleep(A_MOMENT).await;
        }
    }

    /// Asserts what must be so after all steps, whatever became of them: outcomes and reasons in the order of the steps.
    pub async fn assert_honest(&self, ends: &[(&str, Option<&str>)]) {
        let room = self.room().await;
        let attempts = room["state"]["attempts"].as_object().unwrap();
        let all: Vec<&Value> = attempts.values().collect();
        assert!(all.iter().all(|attempt| attempt["status"] == "finished"), "{all:#?}");
        let of_step = |step: &String| {
            let mut own = all.iter().filter(|attempt| attempt["request"]["step"] == **step);
            let result = &own.next().expect("an attempt")["result"];
            assert!(own.next().is_none());
            (result["outcome"].as_str().unwrap(), result["failure"].as_str())
        };
        let seen: Vec<_> = self.steps.iter().take(ends.len()).map(of_step).collect();
        assert_eq!(seen, ends, "{}", room["output"]);
        let record = self.rita.get(&format!("/api/incidents/{}/record", self.incident)).await.body;
        let key = self.app.app.store.signing_key().await.unwrap().to_string();
        assert_eq!(assert_record_holds(&record, &key), all.len());
    }
}

/// What stands behind the scenes of a target's database.
pub enum Boss {
    Postgres(PgConnection),
    Mysql(MySqlConnection),
}

impl Boss {
    pub async fn new(urls: &TargetDatabase) -> Self {
        if urls.superuser.starts_with("postgres") {
            Self::Postgres(PgConnection::connect(&urls.superuser).await.unwrap())
        } else {
            Self::Mysql(MySqlConnection::connect(&urls.superuser).await.unwrap())
        }
    }

    async fn number(&mut self, sql: &'static str) -> i64 {
        match self {
            Self::Postgres(boss) => sqlx::query_scalar(sql).fetch_one(boss).await.unwrap(),
            Self::Mysql(boss) => sqlx::query_scalar(sql).fetch_one(boss).await.unwrap(),
        }
    }

    pub async fn marks(&mut self) -> i64 {
        self.number("select count(*) from marks").await
    }

    /// Waits until a question is answered with nothing, or with something.
    pub async fn until(&mut self, look: &'static str, there: bool) {
        let deadline = Instant::now() + PATIENCE;
        while (self.number(look).await > 0) != there {
            assert!(Instant::now() < deadline, "{look}");
            sleep(A_MOMENT).await;
        }
    }
}

/// Counts connections of attempts; those that wait for the next one are none.
pub const POSTGRES_LEFT: &str = "select count(*) from pg_stat_activity where datname = current_database() \
                             and pid <> pg_backend_pid() and application_name <> 'farol-ready'";
const POSTGRES_SLEEPS: &str = "select count(*) from pg_stat_activity where datname = current_database() \
                               and pid <> pg_backend_pid() and wait_event = 'PgSleep'";
const MARIADB_LEFT: &str =
    "select count(*) from information_schema.processlist where db = database() and id <> connection_id()";
const MARIADB_SLEEPS: &str = "select count(*) from information_schema.processlist where db = database() \
                              and id <> connection_id() and state = 'User sleep'";

pub fn target(kind: &str, urls: &TargetDatabase, seconds: u32) -> Value {
    json!({ "environment": "sandbox", "database": kind, "timeout_seconds": seconds, "credentials": [
        { "role": "ro", "url": urls.ro }, { "role": "rw", "url": urls.rw }, { "role": "admin", "url": urls.admin } ] })
}

/// The same with every URL through a proxy.
pub fn target_through(kind: &str, urls: &TargetDatabase, proxy: &Proxy, server: u16, seconds: u32) -> Value {
    let through = |url: &String| proxy.through(url, server);
    let urls =
        TargetDatabase { ro: through(&urls.ro), rw: through(&urls.rw), admin: through(&urls.admin), ..urls.clone() };
    target(kind, &urls, seconds)
}

/// A read, a change that Farol ends itself, one that the database ends by itself; and one after the restart.
const POSTGRES_STEPS: [&str; 4] = [
    "select pg_sleep(600)",
    "insert into marks select 1 from pg_sleep(600)",
    "with slow as (insert into marks select 1 from pg_sleep(600) returning a) select count(*) from slow",
    "insert into marks values (2)",
];

async fn a_postgres_that_goes_in_mid_query(go: fn(&mut PostgresServer)) {
    let mut server = PostgresServer::start();
    let urls = server.create_target("shop").await;
    server.execute(&urls.name, "create table marks (a int)").await;
    let scene = Scene::new(target("postgres", &urls, 900), "sql", &POSTGRES_STEPS).await;
    for step in 0..3 {
        scene.press(step).await;
    }
    let mut boss = Boss::new(&urls).await;
    while boss.number(POSTGRES_SLEEPS).await < 3 {
        sleep(A_MOMENT).await;
    }
    drop(boss);
    go(&mut server);
    for (step, status) in [(0, "failed"), (1, "failed"), (2, "outcome_unknown")] {
        scene.until(step, status).await;
    }
    server.start_again();
    scene.press(3).await;
    scene.until(3, "succeeded").await;
    let mut boss = Boss::new(&urls).await;
    assert_eq!(boss.marks().await, 1, "nothing of what was cut off is there");
    boss.until(POSTGRES_LEFT, false).await;
    let lost = Some("connection_lost");
    scene.assert_honest(&[("failed", lost), ("failed", lost), ("outcome_unknown", lost), ("succeeded", None)]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_is_stopped_in_mid_query_ends_what_ran_and_runs_the_next() {
    a_postgres_that_goes_in_mid_query(PostgresServer::stop).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_crashes_in_mid_query_ends_what_ran_and_runs_the_next() {
    a_postgres_that_goes_in_mid_query(PostgresServer::crash).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mariadb_that_crashes_in_mid_query_ends_what_ran_and_runs_the_next() {
    let mut server = MariaDbServer::start();
    let urls = server.create_target("shop").await;
    server.execute(&urls.name, "create table marks (a int)").await;
    let steps = ["select sleep(600)", "insert into marks select sleep(600)", "insert into marks values (2)"];
    let scene = Scene::new(target("mysql", &urls, 900), "sql", &steps).await;
    for step in 0..2 {
        scene.press(step).await;
    }
    let mut boss = Boss::new(&urls).await;
    while boss.number(MARIADB_SLEEPS).await < 2 {
        sleep(A_MOMENT).await;
    }
    drop(boss);
    server.crash();
    for (step, status) in [(0, "failed"), (1, "outcome_unknown")] {
        scene.until(step, status).await;
    }
    server.start_again();
    scene.press(2).await;
    scene.until(2, "succeeded").await;
    let mut boss = Boss::new(&urls).await;
    assert_eq!(boss.marks().await, 1);
    let lost = Some("connection_lost");
    scene.assert_honest(&[("failed", lost), ("outcome_unknown", lost), ("succeeded", None)]).await;
    scene.app.app.engine.lock().await.take().unwrap().shutdown().await;
    boss.until(MARIADB_LEFT, false).await;
}

/// It accepts connections and says nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_target_that_never_answers_is_unreachable_and_nothing_was_sent() {
    let (postgres, mariadb) = (PostgresServer::shared(), MariaDbServer::shared());
    for (kind, server, urls) in [
        ("postgres", postgres.port(), postgres.create_target("mute").await),
        ("mysql", mariadb.port(), mariadb.create_target("mute").await),
    ] {
        let proxy = Proxy::start(server, b"never", Cut::SilentBefore).await;
        proxy.hush();
        let steps = ["select 1", "insert into marks values (1)"];
        let scene = Scene::new(target_through(kind, &urls, &proxy, server, 1), "sql", &steps).await;
        scene.press(0).await;
        scene.press(1).await;
        scene.until(0, "failed").await;
        scene.until(1, "failed").await;
        scene.assert_honest(&[("failed", Some("unreachable")), ("failed", Some("unreachable"))]).await;
    }
}

/// The statement as Postgres gets it to run: a message has its length before its text, a preparation has not.
const SENT: &[u8] = b"\x21insert into marks values (1)";

/// Runs changes on a Postgres whose way falls silent at a message, and returns the scene once they have ended.
async fn silent(name: &str, message: &'static [u8], cut: Cut, status: &str) -> (Scene, Proxy, Boss) {
    let server = PostgresServer::shared();
    let urls = server.create_target(name).await;
    server.execute(&urls.name, "create table marks (a int)").await;
    let proxy = Proxy::start(server.port(), message, cut).await;
    let target = target_through("postgres", &urls, &proxy, server.port(), 1);
    let scene = Scene::new(target, "sql", &["insert into marks values (1)"]).await;
    scene.press(0).await;
    proxy.until_cut().await;
    scene.until(0, status).await;
    (scene, proxy, Boss::new(&urls).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_falls_silent_in_the_query_has_left_nothing() {
    for (name, cut) in [("silent_query", Cut::SilentBefore), ("silent_result", Cut::SilentAfter)] {
        let (scene, _proxy, mut boss) = silent(name, SENT, cut, "failed").await;
        boss.until(POSTGRES_LEFT, false).await;
        assert_eq!(boss.marks().await, 0);
        scene.assert_honest(&[("failed", Some("connection_lost"))]).await;
    }
}

/// Leaves a damaged attempt in doubt in the store, which comes before every other.
async fn doubt_that_cannot_be_read(app: &TestApp) {
    let file = app.folder.path().join("data/farol.db");
    let mut store = SqliteConnection::connect(&file.display().to_string()).await.unwrap();
    let damage = "create temp table damaged as select * from attempts; \
                  update damaged set id = x'00000000000000000000000000000001', spec = x'00', evidence = '1 2 3 4'; \
                  insert into attempts select * from damaged";
    sqlx::raw_sql(damage).execute(&mut store).await.unwrap();
}

/// Nobody knows until the target speaks again; then it is asked, and says it. What cannot be read keeps nobody from asking.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_falls_silent_at_the_commit_is_asked_once_it_speaks() {
    let case = async |name: &str, cut: Cut, status: &str, marks: i64| {
        let (scene, proxy, mut boss) = silent(name, b"commit\0", cut, "outcome_unknown").await;
        doubt_that_cannot_be_read(&scene.app).await;
        proxy.mend();
        scene.until(0, status).await;
        boss.until(POSTGRES_LEFT, false).await;
        assert_eq!(boss.marks().await, marks);
        scene.assert_honest(&[("outcome_unknown", Some("connection_lost"))]).await;
    };
    tokio::join!(
        case("silent_end", Cut::SilentBefore, "failed", 0),
        case("silent_answer", Cut::SilentAfter, "done", 1)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mariadb_that_falls_silent_in_the_query_leaves_a_change_unknown_and_a_read_failed() {
    let server = MariaDbServer::shared();
    for (name, statement, status) in [
        ("silent_write", "insert into marks values (1)", "outcome_unknown"),
        ("silent_read", "select a from marks", "failed"),
    ] {
        let urls = server.create_target(name).await;
        server.execute(&urls.name, "create table marks (a int)").await;
        // A query is told from a preparation by the byte before it.
        let message: &[u8] = if status == "failed" { b"\x03select a" } else { b"\x03insert into" };
        let proxy = Proxy::start(server.port(), message, Cut::SilentBefore).await;
        let target = target_through("mysql", &urls, &proxy, server.port(), 1);
        let scene = Scene::new(target, "sql", &[statement]).await;
        scene.press(0).await;
        proxy.until_cut().await;
        scene.until(0, status).await;
        scene.app.app.engine.lock().await.take().unwrap().shutdown().await;
        let mut boss = Boss::new(&urls).await;
        boss.until(MARIADB_LEFT, false).await;
        assert_eq!(boss.marks().await, 0);
        scene.assert_honest(&[(status, Some("connection_lost"))]).await;
    }
}
