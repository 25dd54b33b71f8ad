//! Breaking the glass: who may, what it waives and what not, who is told, and who looks at it afterwards.

use std::time::Duration;

use farol_api::user::Role;
use futures::StreamExt;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::common::{Answer, Client, EMPTY_THE_SHELF, Shop, TestApp, binary};

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
    let Shop { owner, rita, paul, incident, steps } = app.shop(EMPTY_THE_SHELF).await;
    Case { app, owner, rita, paul, incident, step: steps[0].clone() }
}

impl Case {
    fn path(&self, rest: &str) -> String {
        format!("/api/incidents/{}/break-glass{rest}", self.incident)
    }

    /// Lets Rita break the glass, as an owner may.
    async fn let_rita(&self) {
        self.set_rita(true).await;
    }

    async fn set_rita(&self, may: bool) {
        let me = self.rita.get("/api/me").await.value();
        let path = format!("/api/people/{}", me["user"]["id"].as_str().unwrap());
        let changed = self.owner.send(Method::PATCH, &path, Some(&json!({ "break_glass": may })), &[]).await;
        assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    }

    async fn open(&self, who: &Client, minutes: u32) -> Answer {
        who.post(&self.path(""), &json!({ "reason": "Nobody else is awake", "minutes": minutes })).await
    }

    async fn status(&self) -> String {
        let room = self.owner.get(&format!("/api/incidents/{}", self.incident)).await.value();
        room["state"]["steps"][&self.step]["status"].as_str().unwrap_or("pending").to_owned()
    }

    async fn record(&self) -> Value {
        let record = self.rita.get(&format!("/api/incidents/{}/record", self.incident)).await;
        let file = self.app.folder.path().join("record.ndjson");
        std::fs::write(&file, &record.body).unwrap();
        let key = self.app.app.store.signing_key().await.unwrap().to_string();
        let mut verify = std::process::Command::new(binary());
        verify.arg("verify").arg(&file).args(["--key", &key, "--format", "json"]);
        serde_json::from_slice(&verify.output().unwrap().stdout).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_glass_is_broken_ones_own_steps_run_and_all_of_it_is_told_and_reviewed() {
    let case = case().await;
    case.let_rita().await;
    // What was asked for before waits until then.
    assert_eq!(case.rita.start(case.incident, &case.step, "shop").await.status, StatusCode::ACCEPTED);
    assert_eq!(case.status().await, "awaiting_approval");
    let opened = case.open(&case.rita, 15).await;
    assert_eq!(opened.status, StatusCode::OK, "{}", opened.body);
    case.rita.wait_for_step(case.incident, &case.step, "succeeded").await;

    for who in [&case.owner, &case.paul, &case.rita] {
        let me = who.get("/api/me").await.value();
        assert_eq!(me["break_glass"][0]["by"], "Rita Responder", "everybody is told");
    }
    assert_eq!(case.open(&case.rita, 15).await.code(), "break_glass_open");
    let listed = case.paul.get("/api/break-glass").await.value();
    assert_eq!(listed[0]["ran"][0][0], "Empty it", "{listed}");
    assert_eq!((&listed[0]["open"], &listed[0]["may_review"]), (&json!(true), &json!(false)));

    let review = json!({ "text": "It was the right thing" });
    assert_eq!(case.paul.post(&case.path("/1/review"), &review).await.code(), "break_glass_not_over");
    assert_eq!(case.rita.post(&case.path("/1/end"), &json!({})).await.status, StatusCode::OK);
    assert_eq!(case.owner.get("/api/me").await.value()["break_glass"], json!([]));
    assert_eq!(case.rita.post(&case.path("/1/review"), &review).await.status, StatusCode::FORBIDDEN);
    assert_eq!(case.record().await["remarks"][0]["code"], "unreviewed");
    assert_eq!(case.paul.post(&case.path("/1/review"), &review).await.status, StatusCode::OK);
    assert_eq!(case.owner.post(&case.path("/1/review"), &review).await.code(), "break_glass_reviewed");
    assert_eq!(case.paul.get("/api/break-glass").await.value(), json!([]));
    let report = case.record().await;
    assert_eq!((&report["verdict"], &report["remarks"]), (&json!("proved"), &json!([])), "{report:#}");
}

#[tokio::test]
async fn an_owner_who_broke_it_does_not_review_it() {
    let case = case().await;
    assert_eq!(case.open(&case.owner, 30).await.status, StatusCode::OK);
    assert_eq!(case.owner.post(&case.path("/1/end"), &json!({})).await.status, StatusCode::OK);
    let own = case.owner.post(&case.path("/1/review"), &json!({ "text": "fine" })).await;
    assert_eq!((own.status, own.code().as_str()), (StatusCode::FORBIDDEN, "break_glass_own"));
}

#[tokio::test]
async fn only_who_may_breaks_it_and_only_for_half_an_hour_with_a_reason() {
    let case = case().await;
    assert_eq!(case.open(&case.rita, 15).await.status, StatusCode::FORBIDDEN);
    assert_eq!(case.open(&case.paul, 15).await.status, StatusCode::FORBIDDEN, "to approve is another permission");
    let admin = case.app.person(&case.owner, "Ada Admin", Role::Admin).await;
    let me = admin.get("/api/me").await.value();
    let own = format!("/api/people/{}", me["user"]["id"].as_str().unwrap());
    let refused = admin.send(Method::PATCH, &own, Some(&json!({ "break_glass": true })), &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "who manages people does not let themselves run alone");
    assert_eq!(case.open(&admin, 15).await.status, StatusCode::FORBIDDEN);

    case.let_rita().await;
    for minutes in [0, 31] {
        assert_eq!(case.open(&case.rita, minutes).await.code(), "break_glass_minutes");
    }
    let silent = case.rita.post(&case.path(""), &json!({ "reason": "  ", "minutes": 5 })).await;
    assert_eq!(silent.code(), "reason_needed");
    let token = json!({ "name": "pipeline", "scope": "respond" });
    let token = case.rita.post("/api/tokens", &token).await.value();
    let bearer = format!("Bearer {}", token["secret"].as_str().unwrap());
    let body = json!({ "reason": "x", "minutes": 5 });
    let program = case.app.visitor();
    let refused = program.send(Method::POST, &case.path(""), Some(&body), &[("authorization", &bearer)]).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::FORBIDDEN, "beyond_token"));
    assert_eq!(case.status().await, "pending");
}

#[tokio::test]
async fn it_waives_nobody_elses_approval_nor_what_the_requester_does_and_ends() {
    let case = case().await;
    assert_eq!(case.open(&case.owner, 5).await.status, StatusCode::OK);
    let path = format!("/api/incidents/{}/steps/{}/attempts", case.incident, case.step);
    let seen = case.owner.get(&path).await.value();
    let unconfirmed = case.owner.post(&path, &json!({ "digest": seen["digest"] })).await;
    assert_eq!(unconfirmed.code(), "not_confirmed");
    assert_eq!(case.rita.start(case.incident, &case.step, "shop").await.status, StatusCode::ACCEPTED);
    assert_eq!(case.status().await, "awaiting_approval", "the glass is broken for its own person only");
    assert_eq!(case.paul.post(&case.path("/1/end"), &json!({})).await.status, StatusCode::OK, "anybody may end it");
    let room = case.owner.get(&format!("/api/incidents/{}", case.incident)).await.value();
    let attempt = room["state"]["attempts"].as_object().unwrap().keys().next().unwrap().clone();
    case.rita.post(&format!("/api/incidents/{}/attempts/{attempt}/cancellation", case.incident), &json!({})).await;
    assert_eq!(case.owner.start(case.incident, &case.step, "shop").await.status, StatusCode::ACCEPTED);
    assert_eq!(case.status().await, "awaiting_approval", "over is over");
}

#[tokio::test]
async fn it_serves_no_program_and_nobody_who_may_no_longer() {
    let case = case().await;
    case.let_rita().await;
    assert_eq!(case.open(&case.rita, 15).await.status, StatusCode::OK);
    let token = case.rita.post("/api/tokens", &json!({ "name": "pipeline", "scope": "respond" })).await.value();
    let bearer = format!("Bearer {}", token["secret"].as_str().unwrap());
    let path = format!("/api/incidents/{}/steps/{}/attempts", case.incident, case.step);
    let seen = case.rita.get(&path).await.value();
    let body = json!({ "digest": seen["digest"], "confirmed": true, "typed_target": "shop", "reason": "a test" });
    let program = case.app.visitor();
    let asked = program.send(Method::POST, &path, Some(&body), &[("authorization", &bearer)]).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.body);
    assert_eq!(case.status().await, "awaiting_approval");
    let attempt = asked.value()["attempt"].as_str().unwrap().to_owned();
    case.rita.post(&format!("/api/incidents/{}/attempts/{attempt}/cancellation", case.incident), &json!({})).await;

    case.set_rita(false).await;
    assert_eq!(case.rita.start(case.incident, &case.step, "shop").await.status, StatusCode::ACCEPTED);
    assert_eq!(case.status().await, "awaiting_approval");
}

#[tokio::test]
async fn whoever_was_logged_out_is_told_nothing_more() {
    let case = case().await;
    let mut stream = case.paul.request(Method::GET, "/api/notices").send().await.unwrap().bytes_stream();
    let sessions = case.paul.get("/api/sessions").await.value();
    let session = sessions[0]["id"].as_str().unwrap();
    assert_eq!(
        case.paul.send::<()>(Method::DELETE, &format!("/api/sessions/{session}"), None, &[]).await.status,
        StatusCode::NO_CONTENT
    );
    // Something happens all the while, so that the stream never rests.
    let (incident, owner) = (case.incident, case.owner.clone());
    let busy = tokio::spawn(async move {
        loop {
            owner.post(&format!("/api/incidents/{incident}/notes"), &json!({ "text": "still here" })).await;
        }
    });
    let ends = async { while stream.next().await.is_some() {} };
    tokio::time::timeout(Duration::from_secs(30), ends).await.expect("the stream ends");
    busy.abort();
}

#[tokio::test]
async fn whoever_may_approve_is_told_at_once() {
    let case = case().await;
    let mut stream = case.paul.request(Method::GET, "/api/notices").send().await.unwrap().bytes_stream();
    let mut text = String::new();
    let mut next = async || loop {
        if let Some(end) = text.find("\n\n") {
            let frame: String = text.drain(..end + 2).collect();
            if let Some(data) = frame.lines().find_map(|line| line.strip_prefix("data:")) {
                return serde_json::from_str::<Value>(data).unwrap();
            }
            continue;
        }
        let read = tokio::time::timeout(Duration::from_secs(20), stream.next()).await;
        text.push_str(&String::from_utf8_lossy(&read.expect("a notice comes").unwrap().unwrap()));
    };
    assert_eq!(next().await, json!({ "approvals": 0, "break_glass": [] }));
    case.rita.start(case.incident, &case.step, "shop").await;
    assert_eq!(next().await["approvals"], 1);
    case.open(&case.owner, 5).await;
    assert_eq!(next().await["break_glass"][0]["by"], case.owner.get("/api/me").await.value()["user"]["name"]);
}
