//! A change from the request to the commit: held, decided by whom it may be, undone, and proved by the record.

use std::process::Command;
use std::time::Duration;

use farol_api::user::Role;
use reqwest::{Client as Http, StatusCode};
use serde_json::{Value, json};

use crate::common::{Answer, Client, Shop, TestApp, binary};
use crate::process::{Server, call};

const RUNBOOK: &str = "# Fill the shelf\n\n1. Fill it:\n\n```sql {rows=1..2}\nUPDATE stock SET \"left\" = 9 WHERE id = 1;\n```\n\n\
    2. Empty all:\n\n```sql {rows=1}\nUPDATE stock SET \"left\" = 0 WHERE id > 0;\n```\n\n\
    3. Move one:\n\n```sql\nBEGIN;\nUPDATE stock SET \"left\" = 1 WHERE id = 1;\nUPDATE stock SET \"left\" = 2 WHERE id = 2;\nCOMMIT;\n```\n";

struct Case {
    app: TestApp,
    owner: Client,
    rita: Client,
    paul: Client,
    incident: i64,
    steps: Vec<String>,
}

async fn case(hold_seconds: u32) -> Case {
    let app = TestApp::start_with(|config, _| config.hold_seconds = hold_seconds).await;
    let Shop { owner, rita, paul, incident, steps } = app.shop(RUNBOOK).await;
    Case { app, owner, rita, paul, incident, steps }
}

impl Case {
    fn path(&self, attempt: &str, what: &str) -> String {
        format!("/api/incidents/{}/attempts/{attempt}{what}", self.incident)
    }

    /// Asks for a step and has it approved.
    async fn approved(&self, step: usize) -> String {
        let started = self.rita.start(self.incident, &self.steps[step], "shop").await;
        assert_eq!(started.status, StatusCode::ACCEPTED, "{}", started.body);
        self.approve(started).await
    }

    async fn approve(&self, started: Answer) -> String {
        let attempt = started.value()["attempt"].as_str().unwrap().to_owned();
        let digest = self.view(&attempt).await["attempt"]["request"]["digest"].clone();
        let approved = self.paul.post(&self.path(&attempt, "/approval"), &json!({ "digest": digest })).await;
        assert_eq!(approved.status, StatusCode::OK, "{}", approved.body);
        attempt
    }

    async fn view(&self, attempt: &str) -> Value {
        self.rita.get(&self.path(attempt, "")).await.value()
    }

    /// Reads the attempt until it is so.
    async fn until(&self, attempt: &str, holds: impl Fn(&Value) -> bool) -> Value {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
        loop {
            let view = self.view(attempt).await;
            if holds(&view) {
                return view;
            }
            assert!(tokio::time::Instant::now() < deadline, "it never came to be: {view:#}");
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    async fn held(&self, attempt: &str) -> Value {
        self.until(attempt, |view| view["attempt"]["hold"].is_object()).await
    }

    async fn ended(&self, attempt: &str) -> Value {
        self.until(attempt, |view| view["attempt"]["status"] == "finished").await
    }

    async fn decide(&self, who: &Client, attempt: &str, commit: bool) -> Answer {
        who.post(&self.path(attempt, "/hold"), &json!({ "commit": commit })).await
    }

    fn stock(&self) -> String {
        stock(&self.app.folder.path().join("shop.db"))
    }
}

fn stock(file: &std::path::Path) -> String {
    let sql = "select group_concat(coalesce(\"left\", '-')) from (select \"left\" from stock order by id)";
    let out = Command::new("sqlite3").arg(file).arg(sql).output().unwrap();
    String::from_utf8(out.stdout).unwrap().trim().to_owned()
}

const BEFORE: &str = "3,-1,-";

#[tokio::test]
async fn what_is_held_is_committed_undone_and_proved() {
    let case = case(60).await;
    let attempt = case.approved(0).await;
    let view = case.held(&attempt).await;
    assert_eq!(view["attempt"]["hold"]["held"]["statements"][0]["rows"], 1);
    assert_eq!((view["may_decide"].as_bool(), view["attempt"]["hold"]["decided"].is_null()), (Some(true), true));
    assert_eq!(case.stock(), BEFORE);
    let committed = case.decide(&case.rita, &attempt, true).await;
    assert_eq!(committed.status, StatusCode::OK, "{}", committed.body);
    let view = case.ended(&attempt).await;
    assert_eq!(view["attempt"]["result"]["outcome"], "succeeded");
    assert_eq!(case.stock(), "9,-1,-");
    assert_eq!(view["undo"]["offered"]["rows"], 1);
    assert_eq!(case.decide(&case.rita, &attempt, false).await.code(), "attempt_over");

    let path = case.path(&attempt, "/undo");
    let preview = case.rita.get(&path).await.value();
    assert_eq!(preview["risk"]["class"], "write", "{preview:#}");
    let body =
        json!({ "digest": preview["digest"], "typed_target": "shop", "confirmed": true, "reason": "wrong shelf" });
    let undo = case.approve(case.rita.post(&path, &body).await).await;
    case.held(&undo).await;
    case.decide(&case.rita, &undo, true).await;
    assert_eq!(case.ended(&undo).await["attempt"]["result"]["outcome"], "succeeded");
    assert_eq!(case.stock(), BEFORE);
    assert_eq!(case.view(&attempt).await["undo"]["done"]["by"], undo.as_str());
    assert_eq!(case.rita.get(&path).await.code(), "nothing_to_undo");
    let room = case.rita.get(&format!("/api/incidents/{}", case.incident)).await.value();
    assert_eq!(room["state"]["steps"][&case.steps[0]]["status"], "pending", "it is to be done again");

    let record = case.rita.get(&format!("/api/incidents/{}/record", case.incident)).await.body;
    let file = case.app.folder.path().join("r.ndjson");
    std::fs::write(&file, record).unwrap();
    let data = case.app.folder.path().join("data");
    let farol = |arguments: &[&str]| Command::new(binary()).args(arguments).env("FAROL_DATA", &data).output().unwrap();
    let keys = String::from_utf8(farol(&["keys"]).stdout).unwrap();
    let verified = farol(&["verify", file.to_str().unwrap(), "--key", keys.lines().nth(1).unwrap()]);
    assert_eq!(verified.status.code(), Some(0), "{}", String::from_utf8_lossy(&verified.stdout));
}

#[tokio::test]
async fn an_undo_of_rows_that_changed_since_leaves_them() {
    let case = case(60).await;
    let attempt = case.approved(0).await;
    case.held(&attempt).await;
    case.decide(&case.rita, &attempt, true).await;
    case.ended(&attempt).await;
    let path = case.path(&attempt, "/undo");
    let preview = case.rita.get(&path).await.value();
    let body =
        json!({ "digest": preview["digest"], "typed_target": "shop", "confirmed": true, "reason": "wrong shelf" });
    let started = case.rita.post(&path, &body).await;
    let file = case.app.folder.path().join("shop.db");
    Command::new("sqlite3").arg(&file).arg("update stock set name = 'new lamp' where id = 1").status().unwrap();
    let undo = case.approve(started).await;
    let view = case.ended(&undo).await;
    assert_eq!(view["attempt"]["result"]["failure"], "rows_outside", "{view:#}");
    assert_eq!(case.stock(), "9,-1,-");
    assert!(case.view(&attempt).await["undo"]["offered"].is_object(), "it can still be tried");
}

#[tokio::test]
async fn only_who_asked_or_commands_decides() {
    let case = case(60).await;
    let other = case.app.person(&case.owner, "Otto Other", Role::Responder).await;
    let viewer = case.app.person(&case.owner, "Vera Viewer", Role::Viewer).await;
    let attempt = case.approved(0).await;
    case.held(&attempt).await;
    for (who, code) in [(&other, "not_yours_to_decide"), (&case.paul, "not_yours_to_decide"), (&viewer, "forbidden")] {
        for commit in [true, false] {
            let answer = case.decide(who, &attempt, commit).await;
            assert_eq!((answer.status, answer.code().as_str()), (StatusCode::FORBIDDEN, code), "{}", answer.body);
        }
    }
    assert_eq!(case.stock(), BEFORE);
    let me = other.get("/api/me").await.value();
    let role = json!({ "role": "commander", "user": me["user"]["id"] });
    let taken = other.post(&format!("/api/incidents/{}/roles", case.incident), &role).await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.body);
    assert_eq!(case.decide(&other, &attempt, true).await.status, StatusCode::OK);
    assert_eq!(case.ended(&attempt).await["attempt"]["result"]["outcome"], "succeeded");
    assert_eq!(case.stock(), "9,-1,-");
}

#[tokio::test]
async fn rolled_back_stopped_or_forgotten_nothing_stays() {
    let asked = case(60).await;
    let started = asked.rita.start(asked.incident, &asked.steps[0], "shop").await;
    let waiting = started.value()["attempt"].as_str().unwrap().to_owned();
    assert_eq!(asked.decide(&asked.rita, &waiting, true).await.code(), "not_held", "not before it is held");
    let attempt = asked.approve(started).await;
    asked.held(&attempt).await;
    assert_eq!(asked.decide(&asked.rita, &attempt, false).await.status, StatusCode::OK);
    assert_eq!(asked.ended(&attempt).await["attempt"]["result"]["outcome"], "cancelled");
    let attempt = asked.approved(2).await;
    assert_eq!(asked.held(&attempt).await["attempt"]["hold"]["held"]["statements"].as_array().unwrap().len(), 2);
    asked.rita.post(&asked.path(&attempt, "/cancellation"), &json!(null)).await;
    let view = asked.ended(&attempt).await;
    assert_eq!(view["attempt"]["result"]["outcome"], "cancelled");
    assert_eq!(view["attempt"]["hold"]["decided"]["because"], "cancelled");
    assert_eq!(asked.stock(), BEFORE);

    let forgotten = case(1).await;
    let attempt = forgotten.approved(0).await;
    let view = forgotten.ended(&attempt).await;
    assert_eq!(view["attempt"]["result"]["failure"], "hold_expired");
    assert_eq!(view["attempt"]["hold"]["decided"]["because"], "deadline");
    assert_eq!(forgotten.stock(), BEFORE);
}

#[tokio::test]
async fn other_rows_than_approved_are_rolled_back_and_the_record_says_so() {
    let case = case(60).await;
    let attempt = case.approved(1).await;
    let view = case.ended(&attempt).await;
    assert_eq!(
        (&view["attempt"]["result"]["failure"], &view["attempt"]["result"]["rows"]),
        (&json!("rows_outside"), &json!(3))
    );
    assert!(view["attempt"]["hold"].is_null(), "nobody was asked");
    assert_eq!(case.stock(), BEFORE);
}

#[tokio::test]
async fn the_preview_says_how_it_is_held_and_the_digest_binds_it() {
    let case = case(60).await;
    let path = format!("/api/incidents/{}/steps/{}/attempts", case.incident, case.steps[0]);
    let usual = case.rita.get(&path).await.value();
    assert_eq!(usual["hold"], json!({ "seconds": 60, "rows": { "least": 1, "most": 2 } }));
    let at_once = case.rita.get(&format!("{path}?hold=false")).await.value();
    assert_eq!(at_once["hold"], json!({ "rows": { "least": 1, "most": 2 } }));
    assert_ne!(usual["digest"], at_once["digest"]);
    let body = json!({ "digest": at_once["digest"], "confirmed": true });
    assert_eq!(case.rita.post(&path, &body).await.code(), "approval_changed");
    let body = json!({ "digest": at_once["digest"], "confirmed": true, "hold": false });
    let attempt = case.approve(case.rita.post(&path, &body).await).await;
    assert_eq!(case.ended(&attempt).await["attempt"]["result"]["outcome"], "succeeded");
    assert_eq!(case.stock(), "9,-1,-");
}

/// Whoever relies on a hold or on a count must not get a change without it.
#[tokio::test]
async fn what_cannot_be_held_is_refused_where_somebody_relies_on_it() {
    let app = TestApp::start().await;
    let source = "# Fill\n\n1. Look:\n\n```sql {rows=1}\nSELECT id FROM stock;\n```\n\n\
        2. Fill all:\n\n```sql {rows=1..5}\nWITH x AS (SELECT 1 AS a) UPDATE stock SET \"left\" = 9;\n```\n\n\
        3. Index:\n\n```sql {hold=yes}\nCREATE INDEX i ON stock (id);\n```\n\n\
        4. Fill the rest:\n\n```sql\nWITH x AS (SELECT 1 AS a) UPDATE stock SET \"left\" = 9;\n```\n\n\
        5. Look again:\n\n```sql\nSELECT id FROM stock;\n```\n";
    let Shop { mut rita, incident, steps, .. } = app.shop(source).await;
    for (step, hold, says) in [
        (0, "", Some("how many rows")),
        (1, "", Some("how many rows")),
        (1, "?hold=false", Some("how many rows")),
        (2, "", Some("Its author wants it to be held")),
        (2, "?hold=false", None),
        (2, "?hold=true", Some("You asked for it to be held")),
        (3, "", None),
        (3, "?hold=true", Some("You asked for it to be held")),
        (4, "?hold=true", None),
    ] {
        let path = format!("/api/incidents/{incident}/steps/{}/attempts{hold}", steps[step]);
        rita.language = "en";
        let answer = rita.get(&path).await;
        let Some(says) = says else {
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
            continue;
        };
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::CONFLICT, "cannot_hold"), "{}", answer.body);
        assert!(answer.body.contains(says) && answer.body.contains("Nothing ran"), "{}", answer.body);
        rita.language = "pt-BR";
        assert!(rita.get(&path).await.body.contains("Nada foi executado"), "in Portuguese too");
    }
}

/// Who decides knows before whether it can be undone.
const LATER: &str = "Once committed, 1 row can be put back as it was.";

/// The page works by itself: two plain forms, in the reader's language.
#[tokio::test]
async fn the_page_of_an_attempt_decides_without_scripts() {
    let mut case = case(60).await;
    let attempt = case.approved(0).await;
    case.held(&attempt).await;
    let page = format!("/incidents/{}/attempts/{attempt}", case.incident);
    let english = case.rita.get(&page).await;
    assert_eq!(english.status, StatusCode::OK);
    for words in ["Held, not committed", ">Commit<", ">Roll back<", "RESERVED", "lamp", LATER] {
        assert!(english.body.contains(words), "{words}: {}", english.body);
    }
    case.rita.language = "pt-BR";
    let portuguese = case.rita.get(&page).await.body;
    assert!(portuguese.contains("Retido, não confirmado") && portuguese.contains(">Confirmar<"), "{portuguese}");
    case.rita.language = "en";
    let other = case.paul.get(&page).await.body;
    assert!(!other.contains(">Commit<") && other.contains("Who asked for it decides"), "{other}");
    let fields = [("_return", page.as_str()), ("_kinds", "commit:flag"), ("_form", "hold-true"), ("commit", "true")];
    let posted = case.rita.form(&format!("/form{}", case.path(&attempt, "/hold")), &fields).await;
    assert_eq!(posted.status, StatusCode::SEE_OTHER, "{}", posted.body);
    case.ended(&attempt).await;
    let done = case.rita.get(&page).await.body;
    assert!(done.contains("Committed by Rita Responder") && done.contains("1 row can be put back"), "{done}");
    let undo = case.rita.get(&format!("{page}/undo")).await.body;
    assert!(undo.contains("Each statement puts one row back") && undo.contains("UPDATE stock SET"), "{undo}");
}

/// A server that is killed while it holds a change: the row is as it was, and the attempt ends as known.
#[tokio::test]
async fn a_server_that_is_killed_while_it_holds_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.db");
    let sql = "create table stock(id integer primary key, \"left\" integer); insert into stock values (1, 3)";
    Command::new("sqlite3").arg(&file).arg(sql).status().unwrap();
    let http = Http::new();
    let mut server = Server::start(folder.path());
    let cookie = server.owner(&http).await;
    let url = format!("sqlite://{}", file.display());
    let target = json!({ "environment": "sandbox", "database": "sqlite", "credentials": [{ "role": "ro", "url": url }, { "role": "rw", "url": url }] });
    call(&http, &server, &cookie, "/api/targets/shop", Some(target)).await;
    let source = "# Fill\n\n1. Fill it:\n\n```sql {hold=yes}\nUPDATE stock SET \"left\" = 9 WHERE id = 1;\n```\n";
    call(&http, &server, &cookie, "/api/runbooks", Some(json!({ "id": "fill", "source": source }))).await;
    call(&http, &server, &cookie, "/api/incidents", Some(json!({ "title": "t", "runbook": "fill", "target": "shop" })))
        .await;
    let (_, room) = call(&http, &server, &cookie, "/api/incidents/1", None).await;
    let path = format!("/api/incidents/1/steps/{}/attempts", room["graph"]["nodes"][0]["id"].as_str().unwrap());
    let (_, preview) = call(&http, &server, &cookie, &path, None).await;
    let body = json!({ "digest": preview["digest"], "confirmed": true });
    let (status, started) = call(&http, &server, &cookie, &path, Some(body)).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{started}");
    let attempt = format!("/api/incidents/1/attempts/{}", started["attempt"].as_str().unwrap());
    let until = async |server: &Server, holds: &dyn Fn(&Value) -> bool| {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(90);
        loop {
            let (_, view) = call(&http, server, &cookie, &attempt, None).await;
            if holds(&view) {
                return view;
            }
            assert!(tokio::time::Instant::now() < deadline, "it never came to be: {view:#}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let shown = |view: &Value| view["output"].as_array().is_some_and(|chunks| !chunks.is_empty());
    let view = until(&server, &|view| view["attempt"]["hold"].is_object() && shown(view)).await;
    let time = |value: &Value| value.as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let held = time(&view["attempt"]["hold"]["since"]);
    for chunk in view["output"].as_array().unwrap() {
        assert!(time(&chunk["at"]) <= held, "rows are there before anybody is asked about them: {view:#}");
    }
    server.kill();
    assert_eq!(stock(&file), "3");
    let server = Server::start(folder.path());
    let view = until(&server, &|view| view["attempt"]["status"] == "finished").await;
    assert_eq!(
        (&view["attempt"]["result"]["outcome"], &view["attempt"]["result"]["failure"]),
        (&json!("failed"), &json!("server_lost"))
    );
    assert_eq!(stock(&file), "3");
}
