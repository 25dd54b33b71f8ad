//! Functions that a Postgres target defines itself: what it promises of them counts.

use farol_testkit::PostgresServer;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::common::TestApp;

const FUNCTIONS: &str = "\
    create table orders (id int); insert into orders values (1), (2); \
    create function open_orders() returns bigint language sql stable as 'select count(*) from orders'; \
    create function close_all() returns bigint language sql volatile as 'select count(*) from orders'; \
    create function as_owner() returns bigint language sql stable security definer as 'select count(*) from orders'";

const RUNBOOK: &str = "# Orders\n\n1. Count:\n\n```sql\nSELECT open_orders();\n```\n\n\
    2. Close:\n\n```sql\nSELECT close_all();\n```\n\n\
    3. Ask:\n\n```sql\nSELECT as_owner();\n```\n\n\
    4. Nobody knows:\n\n```sql\nSELECT elsewhere();\n```\n";

fn requirements(room: &Value) -> Vec<&str> {
    room["gates"].as_array().unwrap().iter().map(|gate| gate["requirement"]["credential"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_target_promises_of_a_function_makes_its_call_a_read() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let server = PostgresServer::shared();
    let urls = server.create_target("functions").await;
    server.execute(&urls.name, FUNCTIONS).await;
    let target = json!({ "environment": "production", "database": "postgres", "credentials": [
        { "role": "ro", "url": urls.ro }, { "role": "rw", "url": urls.rw }, { "role": "admin", "url": urls.superuser },
    ] });
    assert_eq!(owner.put("/api/targets/shop", &target).await.status, StatusCode::OK);
    let incident = app.incident(&owner, &owner, "orders", RUNBOOK, "shop").await;
    let room = owner.get(&format!("/api/incidents/{incident}")).await.value();
    assert_eq!(requirements(&room), ["ro", "admin", "admin", "admin"], "{:#}", room["gates"]);

    let step = room["gates"][0]["step"].as_str().unwrap();
    let preview = owner.get(&format!("/api/incidents/{incident}/steps/{step}/attempts")).await.value();
    assert_eq!(preview["risk"]["class"], "read");
    let started = owner.start(incident, step, "shop").await;
    assert_eq!(started.status, StatusCode::ACCEPTED, "{}", started.body);
    let room = owner.wait_for_step(incident, step, "succeeded").await;
    assert!(room["output"].to_string().contains("\"2\""), "{:#}", room["output"]);
}

/// A target that says nothing costs the first who asks a moment, and nobody after that.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_a_target_does_not_answer_such_a_call_is_unknown() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("postgres://farol:secret@{}/shop", silent.local_addr().unwrap());
    let (said, mut asked) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((connection, _)) = silent.accept().await {
            let _ = said.send(connection);
        }
    });
    let target = json!({ "environment": "production", "database": "postgres", "credentials": [
        { "role": "ro", "url": url }, { "role": "admin", "url": url },
    ] });
    assert_eq!(owner.put("/api/targets/shop", &target).await.status, StatusCode::OK);
    let incident = app.incident(&owner, &owner, "orders", RUNBOOK, "shop").await;
    let path = format!("/api/incidents/{incident}");
    let first = owner.get(&path).await.value();
    assert_eq!(requirements(&first), ["admin"; 4]);
    let again = owner.get(&path).await.value();
    assert_eq!(requirements(&again), ["admin"; 4]);
    assert!(asked.try_recv().is_ok());
    assert!(asked.try_recv().is_err(), "it was asked once, and is left alone for a while");
}
