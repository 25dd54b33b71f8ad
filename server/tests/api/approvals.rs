//! Who may let a step run, and that exactly what was approved runs.

use std::sync::Arc;

use farol_api::risk::{Dialect, RiskClass};
use farol_api::user::Role;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::common::{Client, Shop, TestApp};

const RUNBOOK: &str =
    "# Empty the shelf\n\n1. Empty it:\n\n```sql {hold=no}\nUPDATE stock SET \"left\" = <left> WHERE id = 1;\n```\n";

struct Case {
    app: TestApp,
    owner: Client,
    rita: Client,
    paul: Client,
    incident: i64,
    step: String,
}

async fn case() -> Case {
    let app = TestApp::start().await;
    let Shop { owner, rita, paul, incident, steps } = app.shop(RUNBOOK).await;
    let room = rita.get(&format!("/api/incidents/{incident}")).await.value();
    let fill = json!({ "name": room["parameters"][0]["name"], "value": "7" });
    rita.post(&format!("/api/incidents/{incident}/parameters"), &fill).await;
    Case { app, owner, rita, paul, incident, step: steps[0].clone() }
}

impl Case {
    async fn ask(&self, who: &Client) -> (String, String) {
        let started = who.start(self.incident, &self.step, "shop").await;
        assert_eq!(started.status, StatusCode::ACCEPTED, "{}", started.body);
        let attempt = started.value()["attempt"].as_str().unwrap().to_owned();
        let room = self.room().await;
        assert_eq!(room["state"]["steps"][&self.step]["status"], "awaiting_approval");
        let digest = room["state"]["attempts"][&attempt]["request"]["digest"].as_str().unwrap().to_owned();
        (attempt, digest)
    }

    async fn room(&self) -> Value {
        self.owner.get(&format!("/api/incidents/{}", self.incident)).await.value()
    }

    async fn approve(&self, who: &Client, attempt: &str, digest: &str) -> crate::common::Answer {
        let path = format!("/api/incidents/{}/attempts/{attempt}/approval", self.incident);
        who.post(&path, &json!({ "digest": digest })).await
    }

    fn left(&self) -> String {
        let file = self.app.folder.path().join("shop.db");
        let out = std::process::Command::new("sqlite3").arg(file).arg("select \"left\" from stock where id=1").output();
        String::from_utf8(out.unwrap().stdout).unwrap().trim().to_owned()
    }
}

#[tokio::test]
async fn a_write_in_production_runs_once_after_somebody_else_approved_exactly_it() {
    let case = case().await;
    let (attempt, digest) = case.ask(&case.rita).await;
    assert_eq!(case.left(), "3", "nothing runs before it is approved");

    let other = "0".repeat(64);
    assert_eq!(case.approve(&case.paul, &attempt, &other).await.code(), "approval_changed");
    assert_eq!(case.approve(&case.rita, &attempt, &digest).await.status, StatusCode::FORBIDDEN);
    assert_eq!(case.approve(&case.owner, &attempt, &digest).await.code(), "approval_barred_editor");
    assert_eq!(case.left(), "3");

    let pending = case.paul.get("/api/approvals").await.value();
    assert_eq!(pending[0]["request"]["digest"], digest.as_str());
    assert_eq!(pending[0]["barred"], Value::Null);
    assert_eq!(case.approve(&case.paul, &attempt, &digest).await.status, StatusCode::OK);
    case.rita.wait_for_step(case.incident, &case.step, "succeeded").await;
    assert_eq!(case.left(), "7");
    assert_eq!(case.approve(&case.paul, &attempt, &digest).await.code(), "not_awaiting");
}

#[tokio::test]
async fn nobody_approves_what_they_asked_for_themselves() {
    let case = case().await;
    let (attempt, digest) = case.ask(&case.paul).await;
    assert_eq!(case.approve(&case.paul, &attempt, &digest).await.code(), "approval_barred_requester");
    assert_eq!(case.paul.get("/api/approvals").await.value()[0]["barred"], "requester");
    assert_eq!(case.left(), "3");
}

/// A target may ask for more than the classes do: here for two people where somebody writes, and for one where somebody reads.
#[tokio::test]
async fn a_target_may_want_more_people_than_the_class_takes() {
    let case = case().await;
    let ada = case.app.person(&case.owner, "Ada Approver", Role::Approver).await;
    let mut target = json!({ "environment": "production", "database": "sqlite", "approvals": { "write": 6 } });
    let refused = case.owner.put("/api/targets/shop", &target).await;
    assert_eq!(
        (refused.status, refused.value()["errors"][0]["field"].as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("approvals.write"))
    );
    target["approvals"] = json!({ "write": 2, "read": 1 });
    let saved = case.owner.put("/api/targets/shop", &target).await;
    assert_eq!(saved.value()["approvals"], json!({ "read": 1, "write": 2, "other": 0 }), "{}", saved.body);
    let seen = case.owner.get("/api/targets").await.value();
    assert_eq!(seen[0]["approvals"]["write"], 2);

    let room = case.room().await;
    assert_eq!(room["gates"][0]["requirement"]["approvals"], 2, "{}", room["gates"]);
    let (attempt, digest) = case.ask(&case.rita).await;
    assert_eq!(case.approve(&case.paul, &attempt, &digest).await.status, StatusCode::OK);
    assert_eq!(case.approve(&case.paul, &attempt, &digest).await.code(), "approval_barred_already");
    assert_eq!(
        (case.room().await["state"]["steps"][&case.step]["status"].as_str(), case.left().as_str()),
        (Some("awaiting_approval"), "3")
    );
    assert_eq!(case.approve(&ada, &attempt, &digest).await.status, StatusCode::OK);
    case.rita.wait_for_step(case.incident, &case.step, "succeeded").await;
    assert_eq!(case.left(), "7");

    // A look at the rows beforehand would be a read that nobody approved.
    let look = case.rita.get(&format!("/api/incidents/{}/steps/{}/dry-run", case.incident, case.step)).await;
    assert!(look.status != StatusCode::OK || look.value()["questions"] == json!([]), "{}", look.body);
    let text = "# Look\n\n```sql\nSELECT name FROM stock;\n```\n";
    let incident = case.app.incident(&case.owner, &case.rita, "look", text, "shop").await;
    let started = case.rita.start(incident, "look", "shop").await;
    assert_eq!(started.status, StatusCode::ACCEPTED, "{}", started.body);
    let attempt = started.value()["attempt"].as_str().unwrap().to_owned();
    case.rita.wait_for_step(incident, "look", "awaiting_approval").await;
    let seen = case.paul.get("/api/approvals").await.value();
    let body = json!({ "digest": seen[0]["request"]["digest"] });
    let path = format!("/api/incidents/{incident}/attempts/{attempt}/approval");
    assert_eq!(case.paul.post(&path, &body).await.status, StatusCode::OK);
    case.rita.wait_for_step(incident, "look", "succeeded").await;

    // Never for less.
    target["approvals"] = json!({ "write": 0 });
    assert_eq!(case.owner.put("/api/targets/shop", &target).await.status, StatusCode::OK);
    assert_eq!(case.room().await["gates"][0]["requirement"]["approvals"], 1);
}

#[tokio::test]
async fn an_approval_of_a_target_that_changed_meanwhile_is_void() {
    let case = case().await;
    let (attempt, digest) = case.ask(&case.rita).await;
    let change =
        json!({ "environment": "production", "database": "sqlite", "description": "moved", "timeout_seconds": 9 });
    assert_eq!(case.owner.put("/api/targets/shop", &change).await.status, StatusCode::OK);
    case.approve(&case.paul, &attempt, &digest).await;
    let room = case.rita.wait_for_step(case.incident, &case.step, "pending").await;
    let result = &room["state"]["attempts"][&attempt]["result"];
    assert_eq!((&result["outcome"], &result["failure"]), (&json!("voided"), &json!("approval_void")), "{result}");
    assert_eq!(case.left(), "3");
}

/// Who ends an incident ends what waits in it: nobody approves it afterwards, and the record of both is whole.
#[tokio::test]
async fn what_waits_when_its_incident_is_over_is_withdrawn() {
    let case = case().await;
    let (attempt, digest) = case.ask(&case.rita).await;
    let path = format!("/api/incidents/{}", case.incident);
    let over = case.rita.post(&format!("{path}/status"), &json!({ "status": "resolved" })).await;
    assert_eq!(over.status, StatusCode::OK, "{}", over.body);
    assert_eq!(case.paul.get("/api/approvals").await.value(), json!([]));
    assert_eq!(case.paul.get("/api/me").await.value()["approvals"], 0);
    let room = case.room().await;
    assert_eq!(room["state"]["attempts"][&attempt]["result"]["failure"], "withdrawn");
    let again = case.rita.post(&format!("{path}/status"), &json!({ "status": "investigating" })).await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.body);
    assert_eq!(case.approve(&case.paul, &attempt, &digest).await.code(), "not_awaiting");
    assert_eq!(case.left(), "3");
    let record = case.rita.get(&format!("{path}/record")).await.body;
    let key = case.app.app.store.signing_key().await.unwrap().to_string();
    crate::common::assert_proved(&record, &key);
}

/// An account can be closed, or lose its role, while what it asked for waits.
#[tokio::test]
async fn what_somebody_asked_for_who_may_not_any_more_does_not_run() {
    for change in [json!({ "disabled": true }), json!({ "role": "viewer" })] {
        let case = case().await;
        let (attempt, digest) = case.ask(&case.rita).await;
        let rita = case.rita.get("/api/me").await.value()["user"]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/people/{rita}");
        let changed = case.owner.send(reqwest::Method::PATCH, &path, Some(&change), &[]).await;
        assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
        assert_eq!(case.approve(&case.paul, &attempt, &digest).await.status, StatusCode::OK);
        let room = case.owner.wait_for_step(case.incident, &case.step, "pending").await;
        let result = &room["state"]["attempts"][&attempt]["result"];
        assert_eq!((&result["outcome"], &result["failure"]), (&json!("voided"), &json!("approval_void")), "{change}");
        assert_eq!(case.left(), "3");
    }
}

#[tokio::test]
async fn a_stale_preview_does_not_run() {
    let case = case().await;
    let path = format!("/api/incidents/{}/steps/{}/attempts", case.incident, case.step);
    let seen = case.rita.get(&path).await.value()["digest"].clone();
    let room = case.room().await;
    let fill = json!({ "name": room["parameters"][0]["name"], "value": "8" });
    case.owner.post(&format!("/api/incidents/{}/parameters", case.incident), &fill).await;
    let refused = case.rita.post(&path, &json!({ "digest": seen, "confirmed": true })).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::CONFLICT, "approval_changed"));
}

#[tokio::test]
async fn a_refusal_ends_the_attempt_and_says_why() {
    let case = case().await;
    let (attempt, _) = case.ask(&case.rita).await;
    let path = format!("/api/incidents/{}/attempts/{attempt}/refusal", case.incident);
    assert_eq!(case.paul.post(&path, &json!({ "reason": " " })).await.code(), "reason_needed");
    assert_eq!(case.paul.post(&path, &json!({ "reason": "not tonight" })).await.status, StatusCode::OK);
    let room = case.room().await;
    assert_eq!(room["state"]["steps"][&case.step]["status"], "pending");
    assert!(room["timeline"].to_string().contains("not tonight"));
    assert_eq!(case.left(), "3");
}

#[tokio::test]
async fn what_the_class_takes_is_taken_by_the_api_too() {
    let case = case().await;
    let path = format!("/api/incidents/{}/steps/{}/attempts", case.incident, case.step);
    let digest = case.rita.get(&path).await.value()["digest"].clone();
    let unconfirmed = case.rita.post(&path, &json!({ "digest": digest })).await;
    assert_eq!(unconfirmed.code(), "not_confirmed");
    let destructive = "# Drop\n\n1. Drop it:\n\n```sql\nDROP TABLE stock;\n```\n";
    let incident = case.app.incident(&case.owner, &case.rita, "drop", destructive, "shop").await;
    let room = case.rita.get(&format!("/api/incidents/{incident}")).await.value();
    let step = room["graph"]["nodes"][0]["id"].as_str().unwrap();
    let mistyped = case.rita.start(incident, step, "shop-prod").await;
    assert_eq!(mistyped.code(), "target_not_typed");
}

/// What a team's table says is what the server says, and names itself in what an approval binds.
#[tokio::test]
async fn a_team_s_table_of_commands_counts_in_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("risk.tsv");
    std::fs::write(&file, "shopctl\tread\tstatus\n").unwrap();
    let shipped = TestApp::start().await;
    let team = TestApp::start_with(|config, _| config.risk_table = Some(file)).await;
    let class = async |app: &TestApp| {
        let verdict = app
            .app
            .reader
            .classify_all_on(vec![(Dialect::Shell, "shopctl status".to_owned(), Arc::default())])
            .await
            .unwrap()
            .remove(0);
        verdict.class
    };
    assert_eq!(class(&shipped).await, RiskClass::Unknown);
    assert_eq!(class(&team).await, RiskClass::Read);
    assert_eq!(shipped.app.reader.rules(), farol_risk::CLASSIFIER_VERSION);
    assert_ne!(team.app.reader.rules(), shipped.app.reader.rules());
    assert_ne!(team.app.reader.version(), shipped.app.reader.version());
}

/// A server that was started with another table, as after a mistake in it was mended.
#[tokio::test]
async fn what_was_asked_for_under_one_table_is_not_approved_under_another() {
    let folder = tempfile::tempdir().unwrap();
    let table = |class: &str| {
        let file = folder.path().join(class);
        std::fs::write(&file, format!("shopctl\t{class}\tpurge\n")).unwrap();
        file
    };
    let before = TestApp::start_with(|config, _| config.risk_table = Some(table("write"))).await;
    let purge = "# Purge\n\n1. Purge it:\n\n```bash\nshopctl purge || true\n```\n";
    let Shop { rita, paul, incident, steps, .. } = before.shop(purge).await;
    let started = rita.start(incident, &steps[0], "shop").await;
    assert_eq!(started.status, StatusCode::ACCEPTED, "{}", started.body);
    let path = format!("/api/incidents/{incident}/attempts/{}", started.value()["attempt"].as_str().unwrap());
    let after = TestApp::start_with(|config, _| {
        config.data = before.folder.path().join("data");
        config.risk_table = Some(table("destructive"));
    })
    .await;
    let mut there = after.visitor();
    there.cookie.clone_from(&paul.cookie);
    let digest = there.get(&path).await.value()["attempt"]["request"]["digest"].clone();
    let refused = there.post(&format!("{path}/approval"), &json!({ "digest": digest })).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (StatusCode::CONFLICT, "approval_changed"),
        "{}",
        refused.body
    );
    let room = rita.get(&format!("/api/incidents/{incident}")).await.value();
    assert_eq!(room["state"]["steps"][&steps[0]]["status"], "awaiting_approval");
}
