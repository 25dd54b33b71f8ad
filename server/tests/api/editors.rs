//! Who wrote a runbook that comes from files, and that they do not approve its steps.

use std::path::{Path, PathBuf};
use std::process::Command;

use farol_api::user::Role;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::common::{Client, EMPTY_THE_SHELF, TestApp};

struct Case {
    app: TestApp,
    owner: Client,
    rita: Client,
    paul: Client,
    ada: Client,
}

impl Case {
    async fn new() -> Self {
        let app = TestApp::start_with(|config, folder| config.library_roots = vec![folder.join("srv")]).await;
        let owner = app.owner().await;
        let rita = app.person(&owner, "Rita Responder", Role::Responder).await;
        let paul = app.person(&owner, "Paul Approver", Role::Approver).await;
        let ada = app.person(&owner, "Ada Admin", Role::Admin).await;
        app.sqlite_target(&owner, "shop", "production").await;
        let case = Self { app, owner, rita, paul, ada };
        std::fs::create_dir_all(case.wiki().join("db")).unwrap();
        case
    }

    fn wiki(&self) -> PathBuf {
        self.app.folder.path().join("srv/wiki")
    }

    fn write(&self, text: &str) {
        std::fs::write(self.wiki().join("db/shelf.md"), text).unwrap();
    }

    /// Has the folder watched; returns what looks at it once more.
    async fn watch(&self) -> String {
        let watch = self.owner.post("/api/library/watches", &json!({ "path": self.wiki() })).await;
        assert_eq!(watch.status, StatusCode::CREATED, "{}", watch.body);
        format!("/api/library/watches/{}/look", watch.value()["id"])
    }

    /// Declares an incident with the runbook as it is now and asks for its step; returns the way to its approval.
    async fn ask(&self) -> (i64, String, Value) {
        let body = json!({ "title": "The shelf is full", "runbook": "shelf", "target": "shop" });
        let declared = self.rita.post("/api/incidents", &body).await;
        assert_eq!(declared.status, StatusCode::CREATED, "{}", declared.body);
        let incident = declared.value()["id"].as_i64().unwrap();
        let room = self.rita.get(&format!("/api/incidents/{incident}")).await.value();
        let step = room["graph"]["nodes"][0]["id"].as_str().unwrap().to_owned();
        let started = self.rita.start(incident, &step, "shop").await;
        assert_eq!(started.status, StatusCode::ACCEPTED, "{}", started.body);
        let attempt = started.value()["attempt"].as_str().unwrap().to_owned();
        let room = self.rita.get(&format!("/api/incidents/{incident}")).await.value();
        let digest = room["state"]["attempts"][&attempt]["request"]["digest"].clone();
        (incident, format!("/api/incidents/{incident}/attempts/{attempt}/approval"), json!({ "digest": digest }))
    }

    async fn editors(&self) -> Value {
        self.owner.get("/api/runbooks/shelf").await.value()["editors"].clone()
    }

    async fn first_step(&self, incident: i64) -> String {
        let room = self.rita.get(&format!("/api/incidents/{incident}")).await.value();
        room["graph"]["nodes"][0]["id"].as_str().unwrap().to_owned()
    }

    /// The recorded approval of an incident.
    async fn granted(&self, incident: i64) -> Value {
        let room = self.owner.get(&format!("/api/incidents/{incident}")).await.value();
        let events = room["timeline"].as_array().unwrap();
        let granted = events.iter().find_map(|event| event["kind"].get("approval_granted"));
        granted.unwrap_or_else(|| panic!("{events:#?}")).clone()
    }
}

/// Runs `git` in a folder as somebody, whatever the settings of this machine.
fn git(folder: &Path, by: &str, arguments: &[&str]) {
    let done = Command::new("git")
        .args(arguments)
        .current_dir(folder)
        .envs([("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_CONFIG_GLOBAL", "/dev/null")])
        .envs([
            ("GIT_AUTHOR_NAME", by),
            ("GIT_AUTHOR_EMAIL", by),
            ("GIT_COMMITTER_NAME", by),
            ("GIT_COMMITTER_EMAIL", by),
        ])
        .output()
        .expect("git is missing: `make test` installs it");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

fn commit(folder: &Path, by: &str, message: &str) {
    git(folder, by, &["add", "--all"]);
    git(folder, by, &["commit", "--quiet", "--message", message]);
}

#[tokio::test]
async fn whoever_committed_a_watched_file_approves_none_of_its_steps_by_any_way() {
    let case = Case::new().await;
    case.write(EMPTY_THE_SHELF);
    git(&case.wiki(), "x@x", &["init", "--quiet"]);
    commit(&case.wiki(), "Paul.APPROVER@Example.com", "one");
    case.watch().await;
    let editors = case.editors().await;
    assert_eq!(editors["people"][0]["name"], "Paul Approver", "{editors}");
    assert_eq!((&editors["strangers"], &editors["untold"]), (&json!(0), &Value::Null));
    let page = case.owner.get("/runbooks/shelf").await.body;
    assert!(page.contains("Written by Paul Approver."), "{page}");
    assert!(!page.contains("saved by Farol itself"), "{page}");

    let (incident, approval, digest) = case.ask().await;
    assert_eq!(case.paul.post(&approval, &digest).await.code(), "approval_barred_editor");
    let listed = case.paul.get("/api/approvals").await.value();
    assert_eq!((&listed[0]["barred"], &listed[0]["editors_untold"]), (&json!("editor"), &Value::Null));
    let form = case.paul.form(&format!("/form{approval}"), &[("digest", digest["digest"].as_str().unwrap())]).await;
    assert_ne!(form.status, StatusCode::SEE_OTHER, "{}", form.body);
    assert_eq!(case.ada.post(&approval, &digest).await.status, StatusCode::OK);
    assert_eq!(case.granted(incident).await.get("editors_untold"), None);
}

/// An account that is made after the commit is the same person.
#[tokio::test]
async fn whoever_joins_later_wrote_it_all_the_same() {
    let case = Case::new().await;
    case.write(EMPTY_THE_SHELF);
    git(&case.wiki(), "x@x", &["init", "--quiet"]);
    commit(&case.wiki(), "late.approver@example.com", "one");
    case.watch().await;
    assert_eq!(case.editors().await, json!({ "people": [], "strangers": 1, "untold": "strangers" }));
    let late = case.app.person(&case.owner, "Late Approver", Role::Approver).await;
    let (_, approval, digest) = case.ask().await;
    assert_eq!(late.post(&approval, &digest).await.code(), "approval_barred_editor");
    assert_eq!(case.editors().await["untold"], Value::Null);
}

#[tokio::test]
async fn of_what_is_not_committed_nobody_is_named_which_is_said_and_recorded() {
    let case = Case::new().await;
    git(&case.wiki(), "x@x", &["init", "--quiet"]);
    case.write("# Other\n");
    commit(&case.wiki(), "someone@example.org", "one");
    case.write(EMPTY_THE_SHELF);
    let look = case.watch().await;
    assert_eq!(case.editors().await["untold"], "uncommitted");
    let page = case.owner.get("/runbooks/shelf").await.body;
    assert!(page.contains("Nobody can be named as who wrote this revision: its file was not committed"), "{page}");
    let mut paul = case.paul.clone();
    paul.language = "pt-BR";
    let page = paul.get("/runbooks/shelf").await.body;
    assert!(page.contains("Não se sabe quem escreveu esta revisão: o arquivo não está no Git"), "{page}");

    let (incident, approval, digest) = case.ask().await;
    assert_eq!(case.paul.get("/api/approvals").await.value()[0]["editors_untold"], "uncommitted");
    assert!(case.paul.get("/approvals").await.body.contains("approve it only if you did not"));
    let room = case.paul.get(&format!("/api/incidents/{incident}")).await.value();
    assert!(room["notes"].as_array().unwrap().iter().any(|note| note["topic"] == "editors"), "{}", room["notes"]);
    assert_eq!(case.paul.post(&approval, &digest).await.status, StatusCode::OK);
    assert_eq!(case.granted(incident).await["editors_untold"], "uncommitted");

    // It is committed later: the next look knows.
    commit(&case.wiki(), "paul.approver@example.com", "two");
    case.owner.post(&look, &json!({})).await;
    assert_eq!(case.editors().await["people"][0]["name"], "Paul Approver");
    case.rita.wait_for_step(incident, &case.first_step(incident).await, "succeeded").await;
    let (_, approval, digest) = case.ask().await;
    assert_eq!(case.paul.post(&approval, &digest).await.code(), "approval_barred_editor");
}

/// No look is asked for here: a commit alone wakes whoever watches.
#[tokio::test]
async fn a_commit_is_seen_without_a_change_of_its_file() {
    let case = Case::new().await;
    git(&case.wiki(), "x@x", &["init", "--quiet"]);
    case.write("# Other\n");
    commit(&case.wiki(), "someone@example.org", "one");
    case.write(EMPTY_THE_SHELF);
    tokio::spawn(farol::library::watch::run(case.app.app.clone()));
    case.watch().await;
    assert_eq!(case.editors().await["untold"], "uncommitted");
    commit(&case.wiki(), "paul.approver@example.com", "two");
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
    while case.editors().await["untold"] != Value::Null {
        assert!(tokio::time::Instant::now() < deadline, "the commit was never seen");
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    }
}

#[tokio::test]
async fn an_import_on_the_command_line_is_somebodys_or_says_that_it_is_nobodys() {
    let case = Case::new().await;
    case.write(EMPTY_THE_SHELF);
    let import = |arguments: &'static [&'static str]| {
        let mut command = Command::new(crate::common::binary());
        command.args(["import", "srv/wiki"]).args(arguments).current_dir(case.app.folder.path());
        command.env("FAROL_DATA", case.app.folder.path().join("data")).output().unwrap()
    };
    let nobody = import(&["--as", "nobody@example.com"]);
    assert_eq!(nobody.status.code(), Some(1));
    let said = String::from_utf8_lossy(&nobody.stderr).into_owned();
    assert!(said.contains("nobody logs in as nobody@example.com; nothing was imported"), "{said}");
    assert_eq!(case.owner.get("/api/library").await.value()["total"], 0);

    assert!(import(&[]).status.success());
    assert_eq!(case.editors().await, json!({ "people": [], "strangers": 0, "untold": "no_history" }));
    case.write(&format!("{EMPTY_THE_SHELF}\n"));
    assert!(import(&["--as", "Paul.Approver@example.com"]).status.success());
    let editors = case.editors().await;
    assert_eq!((&editors["people"][0]["name"], &editors["untold"]), (&json!("Paul Approver"), &Value::Null));
    let (_, approval, digest) = case.ask().await;
    assert_eq!(case.paul.post(&approval, &digest).await.code(), "approval_barred_editor");
    assert_eq!(case.ada.post(&approval, &digest).await.status, StatusCode::OK);
}
