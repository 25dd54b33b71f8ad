//! The record of an incident: exported from a running server, verified by the program without it.

use std::path::PathBuf;
use std::process::{Command, Output};

use farol_api::id::IncidentId;
use farol_record::{Checkpoint, Hash, Note, proof};
use reqwest::StatusCode;
use serde_json::{Value, json};
use sqlx::Connection;

use crate::common::{Client, Shop, TestApp, binary};

const RUNBOOK: &str = "# Empty the shelf\n\n1. Look:\n\n```sql\nSELECT name FROM stock ORDER BY id;\n```\n\n2. Empty it:\n\n\
                       ```sql {hold=no}\nUPDATE stock SET \"left\" = 0 WHERE id = 1;\n```\n";

struct Case {
    app: TestApp,
    rita: Client,
    incident: i64,
}

/// An incident in which a read ran, and a write after another person approved it.
async fn case() -> Case {
    let app = TestApp::start().await;
    let Shop { rita, paul, incident, steps, .. } = app.shop(RUNBOOK).await;
    let (look, empty) = (steps[0].clone(), steps[1].clone());
    assert_eq!(rita.start(incident, &look, "shop").await.status, StatusCode::ACCEPTED);
    rita.wait_for_step(incident, &look, "succeeded").await;
    let started = rita.start(incident, &empty, "shop").await.value();
    let attempt = started["attempt"].as_str().unwrap();
    let room = rita.get(&format!("/api/incidents/{incident}")).await.value();
    let digest = &room["state"]["attempts"][attempt]["request"]["digest"];
    let path = format!("/api/incidents/{incident}/attempts/{attempt}/approval");
    let approved = paul.post(&path, &json!({ "digest": digest })).await;
    assert_eq!(approved.status, StatusCode::OK, "{}", approved.body);
    rita.wait_for_step(incident, &empty, "succeeded").await;
    let note = json!({ "text": "The shelf is empty, says João" });
    rita.post(&format!("/api/incidents/{incident}/notes"), &note).await;
    Case { app, rita, incident }
}

impl Case {
    fn path(&self, what: &str) -> String {
        format!("/api/incidents/{}/{what}", self.incident)
    }

    /// Writes a file into the test's folder.
    fn keep(&self, name: &str, text: &str) -> PathBuf {
        let path = self.app.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    async fn export(&self) -> PathBuf {
        let record = self.rita.get(&self.path("record")).await;
        assert_eq!(record.status, StatusCode::OK, "{}", record.body);
        self.keep("INC-1.record.ndjson", &record.body)
    }

    /// Runs the program, with the settings of the server where it needs any.
    fn farol(&self, arguments: &[&str]) -> Output {
        let data = self.app.folder.path().join("data");
        Command::new(binary())
            .args(arguments)
            .current_dir(self.app.folder.path())
            .env("FAROL_DATA", data)
            .output()
            .unwrap()
    }

    /// Exports and verifies, and returns the report.
    async fn verified(&self) -> Value {
        let bundle = self.export().await;
        let key = self.app.app.store.signing_key().await.unwrap().to_string();
        let verified = self.farol(&["verify", bundle.to_str().unwrap(), "--key", &key, "--format", "json"]);
        let report: Value = serde_json::from_slice(&verified.stdout).unwrap();
        assert_eq!(verified.status.code(), Some(i32::from(report["verdict"] != "proved")), "{report:#}");
        report
    }

    async fn tamper(&self, sql: &'static str) {
        let file = self.app.folder.path().join("data/farol.db");
        let mut store = sqlx::SqliteConnection::connect(&file.display().to_string()).await.unwrap();
        let done = sqlx::query(sql).execute(&mut store).await.unwrap();
        assert!(done.rows_affected() > 0, "{sql}");
    }
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap() + &String::from_utf8(output.stderr.clone()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_that_ran_is_proved_without_the_server() {
    let case = case().await;
    let record = case.rita.get(&case.path("record")).await;
    assert_eq!(record.headers["content-type"], "application/x-ndjson");
    assert!(record.headers["content-disposition"].to_str().unwrap().contains("INC-1.record.ndjson"));
    let report = case.verified().await;
    assert_eq!(report["verdict"], "proved", "{report:#}");
    assert_eq!((&report["dispatched"], &report["entries"]), (&json!(2), &report["proved"]));
    assert!(report["outputs"].as_u64().unwrap() >= 2, "{report:#}");

    // A stranger has the file of keys and a checkpoint that was kept elsewhere, nothing else.
    let checkpoint = case.rita.get(&case.path("checkpoint")).await;
    assert_eq!(checkpoint.headers["content-type"], "text/plain; charset=utf-8");
    case.keep("kept.txt", &checkpoint.body);
    let keys = case.farol(&["keys"]);
    assert_eq!(keys.status.code(), Some(0), "{}", said(&keys));
    case.keep("farol.keys", &said(&keys));
    let arguments =
        ["verify", "INC-1.record.ndjson", "--key", "farol.keys", "--checkpoint", "kept.txt", "--lang", "pt-BR"];
    let verified = case.farol(&arguments);
    assert_eq!(verified.status.code(), Some(0), "{}", said(&verified));
    assert!(said(&verified).contains("Provado: as entradas 1 a"), "{}", said(&verified));
    assert!(said(&verified).contains("guardado em outro lugar"), "{}", said(&verified));

    let unnamed = case.farol(&["verify", "INC-1.record.ndjson"]);
    assert_eq!(unnamed.status.code(), Some(1));
    assert!(said(&unnamed).contains("No key was named"), "{}", said(&unnamed));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_in_the_database_is_named() {
    let case = case().await;
    let before = case.verified().await;
    let last = before["entries"].as_i64().unwrap();
    case.tamper("update events set kind = replace(kind, 'João', 'Maria') where kind like '%João%'").await;
    let report = case.verified().await;
    assert_eq!(report["problems"][0]["code"], "changed", "{report:#}");
    assert_eq!((&report["problems"][0]["seq"], report["problems"].as_array().unwrap().len()), (&json!(last), 1));

    case.tamper("delete from events where seq = (select max(seq) from events)").await;
    let report = case.verified().await;
    assert_eq!(
        report["problems"][0],
        json!({
            "code": "cut", "size": last, "entries": last - 1,
            "message": format!("{last} entries were signed and {} are here: the last ones were cut off.", last - 1),
        })
    );

    case.tamper("update events set seq = 1002 where seq = 2").await;
    case.tamper("update events set seq = 2 where seq = 3").await;
    case.tamper("update events set seq = 3 where seq = 1002").await;
    let report = case.verified().await;
    assert_eq!((&report["problems"][0]["seq"], &report["problems"][1]["seq"]), (&json!(2), &json!(3)), "{report:#}");

    case.tamper("update output_chunks set content = replace(content, 'lamp', 'lump')").await;
    let report = case.verified().await;
    let problems = report["problems"].as_array().unwrap();
    assert!(problems.iter().any(|problem| problem["fault"] == "output_differs"), "{report:#}");
}

/// What was changed before it was signed gets no signature, and the export says what is wrong all the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_changed_record_is_not_signed_any_more() {
    let case = case().await;
    case.verified().await;
    let note = json!({ "text": "This will be denied" });
    case.rita.post(&case.path("notes"), &note).await;
    case.tamper("update events set kind = replace(kind, 'denied', 'praised') where kind like '%denied%'").await;
    let refused = case.rita.get(&case.path("checkpoint")).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::CONFLICT, "record_changed"));
    let report = case.verified().await;
    assert_eq!((&report["verdict"], &report["problems"][0]["code"]), (&json!("not_proved"), &json!("changed")));
    let printed = case.farol(&["checkpoint", "INC-1"]);
    assert_eq!(printed.status.code(), Some(1));
    assert!(said(&printed).contains("INC-1: the record of incident 1 was changed"), "{}", said(&printed));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_is_signed_though_nobody_asks() {
    let case = case().await;
    for status in ["resolved", "closed"] {
        let moved = case.rita.post(&case.path("status"), &json!({ "status": status })).await;
        assert_eq!(moved.status, StatusCode::OK, "{}", moved.body);
    }
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(30);
    while case.app.app.store.has_unsigned().await.unwrap() {
        assert!(tokio::time::Instant::now() < deadline, "nobody signed it");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(case.verified().await["verdict"], "proved");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_is_changed_and_checkpoints_are_kept_while_the_server_runs() {
    let case = case().await;
    let old = said(&case.farol(&["keys"]));
    let first = case.export().await;
    let new = case.farol(&["keys", "new"]);
    assert_eq!(new.status.code(), Some(0), "{}", said(&new));
    let keys = said(&new);
    assert_eq!((old.matches("farol/").count(), keys.matches("farol/").count()), (1, 2), "{keys}");
    assert!(keys.contains("# signs since") && keys.contains("# signed since"), "{keys}");
    let key = keys.lines().nth(1).unwrap();
    let bundle = first.to_str().unwrap();
    assert_eq!(case.farol(&["verify", bundle, "--key", key]).status.code(), Some(1), "the new key had signed nothing");
    case.export().await;
    assert_eq!(case.farol(&["verify", bundle, "--key", key]).status.code(), Some(0));

    let printed = case.farol(&["checkpoint"]);
    assert_eq!(printed.status.code(), Some(0), "{}", said(&printed));
    let kept = case.keep("all.txt", &said(&printed));
    let verified = case.farol(&["verify", bundle, "--key", key, "--checkpoint", kept.to_str().unwrap()]);
    assert_eq!(verified.status.code(), Some(0), "{}", said(&verified));
}

/// Who keeps checkpoints sees that each grew from the one before, without seeing an entry.
#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_comes_with_the_proof_that_it_grew_from_the_last_one() {
    let case = case().await;
    let head = |note: &str| Checkpoint::read(Note::read(note).unwrap().text()).map(|at| (at.size, at.root)).unwrap();
    let before = head(&case.rita.get(&case.path("checkpoint")).await.body);
    for number in 0..5 {
        case.rita.post(&case.path("notes"), &json!({ "text": format!("note {number}") })).await;
    }
    let body = case.rita.get(&case.path(&format!("checkpoint?old={}", before.0))).await.body;
    let (proof, note) = body.split_once("\n\n").unwrap();
    let mut lines = proof.lines();
    assert_eq!(lines.next(), Some(format!("old {}", before.0).as_str()));
    let path: Vec<Hash> = lines.map(|line| Hash::from_base64(line).unwrap()).collect();
    let after = head(note);
    assert_eq!(after.0, before.0 + 5);
    assert!(proof::is_consistent(before, after, &path));
    assert!(!proof::is_consistent((before.0, after.1), after, &path));
    assert!(case.rita.get(&case.path("checkpoint?old=0")).await.body.starts_with("old 0\n\nfarol/"));
    let beyond = case.rita.get(&case.path("checkpoint?old=9999")).await;
    assert_eq!((beyond.status, beyond.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_after_an_incident_leads_to_its_record() {
    let case = case().await;
    let page = case.rita.get(&format!("/incidents/{}/after", case.incident)).await;
    assert!(page.body.contains(&format!("href=\"{}\"", case.path("record"))), "{}", page.body);
    assert!(page.body.contains(&format!("href=\"{}\"", case.path("checkpoint"))));
    for what in ["record", "checkpoint"] {
        let missing = case.rita.get(&format!("/api/incidents/99/{what}")).await;
        assert_eq!((missing.status, missing.code().as_str()), (StatusCode::NOT_FOUND, "not_found"), "{what}");
    }
    assert_eq!(case.app.app.store.record_head(IncidentId(99)).await.unwrap(), None);
}
