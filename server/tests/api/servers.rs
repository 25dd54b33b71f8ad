//! Two servers on one Postgres store: one that is never woken, and one that stops.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use farol_store::{Store, StoreOptions};
use farol_testkit::{Cut, PostgresServer, Proxy, TestClock, TestDb};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

use crate::common::{TestApp, assert_record_holds, binary};
use crate::live::frames;
use crate::outages::{Scene, runbook};
use crate::process::{Server, call, text};

/// How long anything may take on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// An empty store for several servers.
async fn shared_store() -> String {
    let url = TestDb::empty_postgres().await;
    Store::migrate(&url, &StoreOptions::new(Arc::new(TestClock::default()))).await.unwrap();
    url
}

/// Gives a server the keys of another, as whoever runs several on one store does.
fn share_keys(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    assert!(Command::new("cp").arg("-a").arg(from.join("keys")).arg(to).status().unwrap().success());
}

/// Where scripts leave signs of themselves, and wait for signs of ours.
struct Signs(TempDir);

impl Signs {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A script that says that it runs, and ends when it is told.
    fn waits(&self, name: &str) -> String {
        let (ready, go) = (self.file(&format!("{name}-ready")), self.file(&format!("{name}-go")));
        format!("touch {}; until [ -e {} ]; do sleep 0.05; done; echo went", ready.display(), go.display())
    }

    fn go(&self, name: &str) {
        std::fs::write(self.file(&format!("{name}-go")), "").unwrap();
    }

    async fn until_ready(&self, name: &str) {
        until(name, async || self.file(&format!("{name}-ready")).exists().then_some(())).await;
    }

    /// Whether a process is left of a script that waited.
    fn is_left(&self) -> bool {
        Command::new("pgrep").arg("-f").arg(self.0.path()).output().unwrap().status.success()
    }
}

/// Waits until something is there.
async fn until<T>(what: &str, look: impl AsyncFn() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(there) = look().await {
            return there;
        }
        assert!(Instant::now() < deadline, "it never came to that: {what}");
        sleep(Duration::from_millis(30)).await;
    }
}

/// Who sent each step, in the order of the steps.
fn senders(room: &Value, steps: &[String]) -> Vec<String> {
    let timeline = room["timeline"].as_array().unwrap();
    let sent: Vec<&Value> =
        timeline.iter().map(|event| &event["kind"]["attempt_dispatched"]).filter(|sent| sent.is_object()).collect();
    let sender = |step: &String| {
        let mut own = sent.iter().filter(|sent| sent["step"] == **step);
        let worker = own.next().expect("a dispatch")["worker"].as_str().unwrap().to_owned();
        assert!(own.next().is_none(), "{step} was sent twice");
        worker
    };
    steps.iter().map(sender).collect()
}

/// The outcome of each step and its reason, in the order of the steps.
fn results(room: &Value, steps: &[String]) -> Vec<(String, Value)> {
    let attempts = room["state"]["attempts"].as_object().unwrap();
    let result = |step: &String| {
        let attempt = attempts.values().find(|attempt| attempt["request"]["step"] == **step).unwrap();
        (attempt["result"]["outcome"].as_str().unwrap().to_owned(), attempt["result"]["failure"].clone())
    };
    steps.iter().map(result).collect()
}

/// The key that the servers of a store sign with, as the program tells it.
fn signing_key(data: &Path, store: &str) -> String {
    let mut farol = Command::new(binary());
    let keys = farol.arg("keys").env("FAROL_DATA", data).env("FAROL_STORE", store).output().unwrap();
    String::from_utf8(keys.stdout).unwrap().lines().nth(1).unwrap().to_owned()
}

fn scripts() -> Value {
    json!({ "environment": "sandbox", "shell": { "path": [], "env": {} }, "timeout_seconds": 600 })
}

/// What Postgres notifies never comes to one of the servers: it finds its work, the wish to stop and what others wrote all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_hears_no_notification_goes_on_by_looking() {
    let (url, signs) = (shared_store().await, Signs::new());
    let hears = TestApp::start_with(|config, _| {
        config.store = Some(url.clone());
        config.workers = 1;
    })
    .await;
    let keys = hears.app.config.data.clone();
    let commands = [signs.waits("first"), signs.waits("second"), "echo third".to_owned()];
    let commands: Vec<&str> = commands.iter().map(String::as_str).collect();
    let scene = Scene::on(hears, scripts(), "bash", &commands).await;
    scene.press(0).await;
    signs.until_ready("first").await;

    let server = PostgresServer::shared().port();
    let proxy = Proxy::start(server, b"LISTEN \"farol_live\"", Cut::Deaf).await;
    let through = proxy.through(&url, server);
    let deaf = TestApp::start_with(|config, _| {
        share_keys(&keys, &config.data);
        config.store = Some(through);
        // A lease is renewed once in a third of it, which is when a wish to stop is seen.
        config.lease_seconds = 3;
    })
    .await;
    proxy.until_deaf(1).await;
    let mut there = deaf.visitor();
    there.cookie = scene.rita.cookie.clone();

    // The one that hears has no room: the other must find it.
    scene.press(1).await;
    signs.until_ready("second").await;
    let path = format!("/api/incidents/{}", scene.incident);
    let room = scene.room().await;
    let attempts = room["state"]["attempts"].as_object().unwrap();
    let second = attempts.values().find(|attempt| attempt["request"]["step"] == scene.steps[1].as_str()).unwrap();
    let cancel = format!("{path}/attempts/{}/cancellation", second["request"]["attempt"].as_str().unwrap());
    let cancelled = scene.rita.post(&cancel, &json!({})).await;
    assert_eq!(cancelled.status, StatusCode::OK, "{}", cancelled.body);
    scene.until(1, "cancelled").await;

    let events = room["timeline"].as_array().unwrap().len();
    let seen = {
        let there = there.clone();
        let incident = scene.incident;
        // All so far, what the stop added, and the note.
        tokio::spawn(async move { frames(&there, incident, None, events + 3).await })
    };
    scene.rita.post(&format!("{path}/notes"), &json!({ "text": "seen over there" })).await;
    let seen = seen.await.unwrap();
    assert!(seen.iter().any(|(_, frame)| frame.to_string().contains("seen over there")), "{seen:?}");

    scene.press(2).await;
    scene.until(2, "succeeded").await;
    signs.go("first");
    let room = scene.until(0, "succeeded").await;
    let sent = senders(&room, &scene.steps);
    assert!(sent[0] != sent[1] && sent[1] == sent[2], "{sent:?}");
    scene.assert_honest(&[("succeeded", None), ("cancelled", None), ("succeeded", None)]).await;
    assert!(!signs.is_left());
}

fn start(data: &Path, store: &str, workers: &str) -> Server {
    let mut command = Command::new(binary());
    Server::start_by(command.arg("serve").env("FAROL_STORE", store).env("FAROL_WORKERS", workers), data)
}

/// A server as a process, with an incident that somebody works on through it.
struct Room {
    server: Server,
    http: reqwest::Client,
    cookie: String,
    steps: Vec<String>,
}

impl Room {
    async fn new(server: Server, commands: &[&str]) -> Self {
        let http = reqwest::Client::new();
        let cookie = server.owner(&http).await;
        let mut room = Self { server, http, cookie, steps: Vec::new() };
        room.ask("/api/targets/box", Some(scripts())).await;
        room.ask("/api/runbooks", Some(json!({ "id": "steps", "source": runbook("bash", commands) }))).await;
        room.ask("/api/incidents", Some(json!({ "title": "t", "runbook": "steps", "target": "box" }))).await;
        let now = room.ask("/api/incidents/1", None).await;
        let gates = now["gates"].as_array().unwrap();
        room.steps = gates.iter().map(|gate| gate["step"].as_str().unwrap().to_owned()).collect();
        room
    }

    async fn ask(&self, path: &str, body: Option<Value>) -> Value {
        let (status, answer) = call(&self.http, &self.server, &self.cookie, path, body).await;
        assert!(status.is_success(), "{path}: {answer}");
        answer
    }

    async fn press(&self, step: usize) {
        let path = format!("/api/incidents/1/steps/{}/attempts", self.steps[step]);
        let digest = self.ask(&path, None).await["digest"].clone();
        let body = json!({ "digest": digest, "typed_target": "box", "confirmed": true, "reason": "test" });
        self.ask(&path, Some(body)).await;
    }

    /// Waits until a step has a status.
    async fn until(&self, step: usize, status: &str) -> Value {
        until(status, async || {
            let room = self.ask("/api/incidents/1", None).await;
            (room["state"]["steps"][&self.steps[step]]["status"] == status).then_some(room)
        })
        .await
    }
}

/// One of two servers is stopped as a deployment stops it: what waits goes to the other, what runs ends or is stopped and says so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_stopped_leaves_its_queue_to_the_other_and_says_what_it_stopped() {
    let (url, signs) = (shared_store().await, Signs::new());
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let commands = [signs.waits("stays"), signs.waits("ends"), signs.waits("never"), "echo queued".to_owned()];
    let commands: Vec<&str> = commands.iter().map(String::as_str).collect();
    let room = Room::new(start(folders[0].path(), &url, "1"), &commands).await;
    // The one that stays has no room until the other is gone.
    room.press(0).await;
    signs.until_ready("stays").await;
    share_keys(folders[0].path(), folders[1].path());
    let mut goes = start(folders[1].path(), &url, "2");
    for (step, name) in [(1, "ends"), (2, "never")] {
        room.press(step).await;
        signs.until_ready(name).await;
    }
    room.press(3).await;
    room.until(3, "queued").await;
    goes.terminate();
    signs.go("ends");
    room.until(1, "succeeded").await;
    assert!(goes.has_stopped().await, "it says that all is well");
    let left = room.until(2, "failed").await;
    assert_eq!(left["state"]["steps"][&room.steps[3]]["status"], "queued", "nobody had room for it");
    signs.go("stays");
    room.until(0, "succeeded").await;
    let after = room.until(3, "succeeded").await;

    let sent = senders(&after, &room.steps);
    assert!(sent[0] == sent[3] && sent[1] == sent[2] && sent[0] != sent[1], "{sent:?}");
    let ended = |outcome: &str, failure: Value| (outcome.to_owned(), failure);
    let well = || ended("succeeded", Value::Null);
    assert_eq!(results(&after, &room.steps), [well(), well(), ended("failed", json!("server_lost")), well()]);
    assert!(!signs.is_left());
    let record = text(&room.http, &room.server, &room.cookie, "/api/incidents/1/record").await;
    assert_eq!(assert_record_holds(&record, &signing_key(folders[0].path(), &url)), 4);
}
