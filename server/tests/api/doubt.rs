//! A connection that is lost with the commit of a change: the database is asked what became of it.

use farol_api::user::Role;
use farol_testkit::{Cut, PostgresServer, Proxy, TargetDatabase};
use reqwest::StatusCode;
use serde_json::json;
use sqlx::{Connection, PgConnection};

use crate::common::TestApp;
use crate::outages::{Boss, POSTGRES_LEFT, Scene, target, target_through};

async fn marks(urls: &TargetDatabase) -> i64 {
    let mut boss = PgConnection::connect(&urls.superuser).await.unwrap();
    sqlx::query_scalar("select count(*) from marks").fetch_one(&mut boss).await.unwrap()
}

/// Runs a change over a connection that is cut at a message, and returns what the room says of the step and how many changes there are.
async fn cut_at(name: &str, message: &'static [u8], cut: Cut, status: &str) -> (serde_json::Value, i64) {
    cut_block_at(name, "sql", message, cut, status).await
}

/// The same with what stands behind the fence: `rows` has the change counted in a transaction of its own before it is committed.
async fn cut_block_at(
    name: &str,
    info: &str,
    message: &'static [u8],
    cut: Cut,
    status: &str,
) -> (serde_json::Value, i64) {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let rita = app.person(&owner, "Rita Responder", Role::Responder).await;
    let server = PostgresServer::shared();
    let urls = server.create_target(name).await;
    server.execute(&urls.name, "create table marks (a int)").await;
    let proxy = Proxy::start(server.port(), message, cut).await;
    let url = proxy.through(&urls.rw, server.port());
    let target = json!({ "environment": "sandbox", "database": "postgres", "timeout_seconds": 20,
        "credentials": [{ "role": "rw", "url": url }] });
    assert_eq!(owner.put("/api/targets/shop", &target).await.status, StatusCode::OK);
    let runbook = format!("# Mark\n\n1. Mark it:\n\n```{info}\ninsert into marks values (1)\n```\n");
    let incident = app.incident(&owner, &rita, "mark", &runbook, "shop").await;
    let room = rita.get(&format!("/api/incidents/{incident}")).await.value();
    let step = room["gates"][0]["step"].as_str().unwrap();
    let started = rita.start(incident, step, "shop").await;
    assert_eq!(started.status, StatusCode::ACCEPTED, "{}", started.body);
    rita.wait_for_step(incident, step, status).await;
    assert!(proxy.has_cut());
    // Output is read up to where it stood before the state was: whoever sees the step end may see its last words a look later.
    let room = rita.get(&format!("/api/incidents/{incident}")).await.value();
    (room, marks(&urls).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_arrived_is_a_success_even_where_its_answer_was_lost() {
    let (room, left) = cut_at("doubt_after", b"commit\0", Cut::After, "succeeded").await;
    assert_eq!(left, 1);
    assert!(room.to_string().contains("was committed"), "the database was asked: {room:#}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_never_arrived_is_a_failure_that_left_nothing() {
    let (room, left) = cut_at("doubt_before", b"commit\0", Cut::Before, "failed").await;
    assert_eq!(left, 0);
    assert!(room.to_string().contains("was rolled back"), "the database was asked: {room:#}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_whose_rows_were_counted_is_asked_about_as_well() {
    let counted = "sql {rows=1}";
    let (room, left) = cut_block_at("doubt_counted", counted, b"commit\0", Cut::After, "succeeded").await;
    assert_eq!(left, 1);
    assert!(room.to_string().contains("was committed"), "the database was asked: {room:#}");
    let (room, left) = cut_block_at("doubt_uncounted", counted, b"commit\0", Cut::Before, "failed").await;
    assert_eq!(left, 0);
    assert!(room.to_string().contains("was rolled back"), "the database was asked: {room:#}");
}

/// The statement as it is sent to run: a message has its length before its text, a preparation has not.
const SENT: &[u8] = b"\x21insert into marks values (1)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_lost_before_the_commit_leaves_no_doubt() {
    let (room, left) = cut_at("doubt_sent", SENT, Cut::After, "failed").await;
    assert_eq!(left, 0, "{room:#}");
}

/// A server that follows another takes no changes; it says so itself, and nothing is in doubt.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_standby_refuses_a_change_in_its_own_words() {
    let mut server = PostgresServer::start();
    let urls = server.create_target("shop").await;
    server.execute(&urls.name, "create table marks (a int)").await;
    server.stop();
    server.become_standby();
    server.start_again();
    let steps = ["insert into marks values (1)", "select count(*) from marks"];
    let scene = Scene::new(target("postgres", &urls, 20), "sql", &steps).await;
    scene.press(0).await;
    let room = scene.until(0, "failed").await;
    let said = room["output"].to_string();
    assert!(said.contains("cannot execute INSERT in a read-only transaction (25006)"), "{said}");
    scene.press(1).await;
    scene.until(1, "succeeded").await;
    scene.assert_honest(&[("failed", Some("statement_refused")), ("succeeded", None)]).await;
}

/// What another history of the same database says of a transaction's number means nothing: a person must tell.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_was_promoted_is_not_believed_about_what_came_before() {
    let mut server = PostgresServer::start();
    let urls = server.create_target("shop").await;
    server.execute(&urls.name, "create table marks (a int)").await;
    let proxy = Proxy::start(server.port(), b"commit\0", Cut::SilentAfter).await;
    let target = target_through("postgres", &urls, &proxy, server.port(), 1);
    let scene = Scene::new(target, "sql", &["insert into marks values (1)"]).await;
    scene.press(0).await;
    proxy.until_cut().await;
    Boss::new(&urls).await.until("select count(*) from marks", true).await;
    server.stop();
    proxy.mend();
    scene.until(0, "outcome_unknown").await;
    assert_eq!(scene.app.app.store.doubts(None).await.unwrap().len(), 1);
    server.become_standby();
    server.start_again();
    server.execute("postgres", "select pg_promote()").await;
    while !scene.app.app.store.doubts(None).await.unwrap().is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    }
    scene.until(0, "outcome_unknown").await;
    let mut boss = Boss::new(&urls).await;
    boss.until(POSTGRES_LEFT, false).await;
    assert_eq!(boss.marks().await, 1, "it is there, and another could have had its number");
    scene.assert_honest(&[("outcome_unknown", Some("connection_lost"))]).await;
}
