//! Stored output that is erased by itself when its incident has been over for some time.

use std::sync::Arc;

use chrono::Duration;
use farol::retention::expire;
use farol_api::user::Role;
use farol_store::{Store, StoreOptions};
use farol_testkit::{TestClock, TestDb};
use reqwest::StatusCode;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::common::{Client, TestApp};

const RUNBOOK: &str = "# Rows\n\n1. Many:\n\n   ```sql\n   with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000) select i, 'lamp' as t from n;\n   ```\n";

/// Two servers that open the same store some days later.
async fn later(app: &TestApp, days: i64) -> (Store, Store) {
    let open = async || {
        let clock = TestClock::default();
        clock.set(app.app.clock.now() + Duration::days(days));
        let vault = farol::keys::vault(&app.app.config.data).unwrap();
        Store::open(&app.app.config.store_url(), vault, StoreOptions::new(Arc::new(clock))).await.unwrap()
    };
    (open().await, open().await)
}

async fn run(app: &TestApp, owner: &Client, rita: &Client, id: &str) -> i64 {
    let incident = app.incident(owner, rita, id, RUNBOOK, "shop").await;
    let room = rita.get(&format!("/api/incidents/{incident}")).await.value();
    let step = room["graph"]["nodes"][0]["id"].as_str().unwrap();
    assert_eq!(rita.start(incident, step, "").await.status, StatusCode::ACCEPTED);
    rita.wait_for_step(incident, step, "succeeded").await;
    incident
}

async fn case(app: TestApp) {
    let owner = app.owner().await;
    let rita = app.person(&owner, "Rita Responder", Role::Responder).await;
    app.sqlite_target(&owner, "shop", "sandbox").await;
    let (open, over) = (run(&app, &owner, &rita, "open").await, run(&app, &owner, &rita, "over").await);
    let status = json!({ "status": "resolved" });
    assert_eq!(rita.post(&format!("/api/incidents/{over}/status"), &status).await.status, StatusCode::OK);
    let results = app.app.config.results();
    let files = || std::fs::read_dir(&results).unwrap().count();
    assert_eq!(files(), 2);
    let stopping = CancellationToken::new();

    let (early, _) = later(&app, 29).await;
    assert_eq!(expire(&early, &results, 30, "a", &stopping).await.unwrap(), 0);
    let (here, there) = later(&app, 31).await;
    assert_eq!(expire(&here, &results, 0, "a", &stopping).await.unwrap(), 0, "it is off");
    let both = tokio::join!(expire(&here, &results, 30, "a", &stopping), expire(&there, &results, 30, "b", &stopping));
    assert_eq!(both.0.unwrap() + both.1.unwrap(), 1, "one of both did it");
    assert_eq!(files(), 1, "the file went with it");

    let events = rita.get(&format!("/api/incidents/{over}/events")).await.value();
    let erasures: Vec<_> = events["events"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["kind"]["payload_erased"].is_object())
        .collect();
    assert_eq!(erasures.len(), 1);
    assert_eq!((&erasures[0]["actor"], &erasures[0]["kind"]["payload_erased"]["days"]), (&json!("system"), &json!(30)));
    let shown = rita.get(&format!("/api/incidents/{over}")).await.body;
    assert!(shown.contains("Erased by the retention on ") && !shown.contains("lamp\\\""), "{shown}");
    let untouched = rita.get(&format!("/api/incidents/{open}")).await.value();
    assert!(untouched["output"].as_array().unwrap().len() > 1, "an open incident keeps its output");
    let key = app.app.store.signing_key().await.unwrap().to_string();
    crate::common::assert_record_holds(&rita.get(&format!("/api/incidents/{over}/record")).await.body, &key);
}

#[tokio::test(flavor = "multi_thread")]
async fn output_of_what_is_over_is_erased_after_its_days_on_sqlite() {
    case(TestApp::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn output_of_what_is_over_is_erased_after_its_days_on_postgres() {
    let url = TestDb::empty_postgres().await;
    Store::migrate(&url, &StoreOptions::new(Arc::new(TestClock::default()))).await.unwrap();
    case(TestApp::start_with(|config, _| config.store = Some(url)).await).await;
}

/// What another server of the same store erased is removed from this one's folder too.
#[tokio::test(flavor = "multi_thread")]
async fn each_server_removes_its_own_files() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    app.sqlite_target(&owner, "shop", "sandbox").await;
    let incident = run(&app, &owner, &owner, "rows").await;
    assert_eq!(
        owner.post(&format!("/api/incidents/{incident}/status"), &json!({ "status": "resolved" })).await.status,
        200
    );
    let elsewhere = tempfile::tempdir().unwrap();
    let (other, _) = later(&app, 31).await;
    assert_eq!(expire(&other, elsewhere.path(), 30, "b", &CancellationToken::new()).await.unwrap(), 1);
    let results = app.app.config.results();
    assert_eq!(std::fs::read_dir(&results).unwrap().count(), 1);
    assert_eq!(farol::erasure::remove_files(&app.app.store, &results).await.unwrap(), 1);
    assert_eq!(std::fs::read_dir(&results).unwrap().count(), 0);
}
