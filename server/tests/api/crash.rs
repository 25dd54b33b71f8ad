//! What is true after the server was killed in the middle of a step.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::common::{PASSWORD, binary};

struct Server {
    process: Child,
    base: String,
    token: Option<String>,
}

impl Server {
    fn start(data: &Path) -> Self {
        let mut process = Command::new(binary())
            .args(["serve"])
            .env("FAROL_DATA", data)
            .env("FAROL_LISTEN", "127.0.0.1:0")
            .env("FAROL_SITE", data.join("no-site"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let base = first.split(" on ").nth(1).unwrap().to_owned();
        // The second line says how to get in: it comes when the server is ready.
        let second = lines.next().unwrap().unwrap();
        let token = second.split("token=").nth(1).map(str::to_owned);
        Self { process, base, token }
    }

    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

async fn call(http: &Client, server: &Server, cookie: &str, path: &str, body: Option<Value>) -> (StatusCode, Value) {
    let url = format!("{}{path}", server.base);
    let request = match body {
        Some(body) if path.starts_with("/api/targets/") => http.put(url).json(&body),
        Some(body) => http.post(url).json(&body),
        None => http.get(url),
    };
    let response = request.header("cookie", cookie).send().await.unwrap();
    (response.status(), response.json().await.unwrap())
}

fn alive(marker: &str) -> bool {
    let output = Command::new("pgrep").args(["-f", marker]).output().unwrap();
    output.status.success()
}

#[tokio::test]
async fn a_killed_server_leaves_no_process_and_an_honest_record_and_never_runs_a_step_twice() {
    let folder = tempfile::tempdir().unwrap();
    let ran = folder.path().join("ran.txt");
    let http = Client::new();
    let mut server = Server::start(folder.path());
    let owner = json!({ "token": server.token, "email": "o@example.com", "name": "O", "password": PASSWORD });
    let made = http.post(format!("{}/api/setup", server.base)).json(&owner).send().await.unwrap();
    assert_eq!(made.status(), StatusCode::CREATED);
    let cookie = made.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();

    let marker = format!("98{:04}", std::process::id() % 10_000);
    let source = format!("# Long\n\n1. Take long:\n\n```bash\necho ran >> {}; sleep {marker}\n```\n", ran.display());
    let target = json!({ "environment": "sandbox", "shell": { "path": [], "env": {} }, "timeout_seconds": 300 });
    call(&http, &server, &cookie, "/api/targets/box", Some(target)).await;
    call(&http, &server, &cookie, "/api/runbooks", Some(json!({ "id": "long", "source": source }))).await;
    let declare = json!({ "title": "t", "runbook": "long", "target": "box" });
    call(&http, &server, &cookie, "/api/incidents", Some(declare)).await;
    let (_, room) = call(&http, &server, &cookie, "/api/incidents/1", None).await;
    let step = room["graph"]["nodes"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/incidents/1/steps/{step}/attempts");
    let (_, preview) = call(&http, &server, &cookie, &path, None).await;
    let body = json!({ "digest": preview["digest"], "typed_target": "box", "confirmed": true, "reason": "test" });
    let (status, answer) = call(&http, &server, &cookie, &path, Some(body)).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{answer}");
    let sleeping = format!("sleep {marker}");
    until(|| ran.exists() && alive(&sleeping)).await;

    server.kill();
    until(|| !alive(&sleeping)).await;

    let server = Server::start(folder.path());
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(90);
    let attempt = loop {
        let (_, room) = call(&http, &server, &cookie, "/api/incidents/1", None).await;
        let attempt = room["state"]["attempts"].as_object().unwrap().values().next().unwrap().clone();
        if attempt["status"] == "finished" {
            assert_eq!(room["state"]["steps"][&step]["status"], "outcome_unknown");
            break attempt;
        }
        assert!(tokio::time::Instant::now() < deadline, "the attempt is never said to be over: {attempt:#}");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    };
    assert_eq!(attempt["result"]["outcome"], "outcome_unknown");
    assert_eq!(attempt["result"]["failure"], "server_lost");
    assert_eq!(std::fs::read_to_string(&ran).unwrap(), "ran\n", "it ran once");
}

async fn until(holds: impl Fn() -> bool) {
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
    while !holds() {
        assert!(tokio::time::Instant::now() < deadline, "it never came to be");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
