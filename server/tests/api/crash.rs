//! What is true after the server was killed in the middle of a step.

use std::path::Path;
use std::process::Command;

use reqwest::{Client, StatusCode};
use serde_json::json;

use crate::common::binary;
use crate::process::{Server, call, text};

fn alive(marker: &str) -> bool {
    let output = Command::new("pgrep").args(["-f", marker]).output().unwrap();
    output.status.success()
}

#[tokio::test]
async fn a_killed_server_leaves_no_process_and_an_honest_record_and_never_runs_a_step_twice() {
    let folder = tempfile::tempdir().unwrap();
    // What the script writes lies elsewhere: Farol's own folder is closed to it.
    let (data, elsewhere) = (folder.path().join("data"), tempfile::tempdir().unwrap());
    let ran = elsewhere.path().join("ran.txt");
    let http = Client::new();
    let mut server = Server::start(&data);
    let cookie = server.owner(&http).await;

    let marker = format!("98{:04}", std::process::id() % 10_000);
    let (file, fence) = (ran.display(), "```");
    let source = format!(
        "# Long\n\n1. Take long:\n\n{fence}bash\necho ran >> {file}; sleep {marker}\n{fence}\n\n\
         ## Verification\n\n1. See what it wrote:\n\n{fence}bash {{expect=ran}}\ncat {file}\n{fence}\n"
    );
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

    let server = Server::start(&data);
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

    settle_by_the_runbooks_own_check((&http, &server, &cookie), &data, &step).await;

    // The intent was written down before anything was sent, so the record of both servers is whole.
    let bundle = folder.path().join("r.ndjson");
    std::fs::write(&bundle, text(&http, &server, &cookie, "/api/incidents/1/record").await).unwrap();
    let farol = |arguments: &[&str]| Command::new(binary()).args(arguments).env("FAROL_DATA", &data).output();
    let keys = String::from_utf8(farol(&["keys"]).unwrap().stdout).unwrap();
    let verified = farol(&["verify", bundle.to_str().unwrap(), "--key", keys.lines().nth(1).unwrap()]).unwrap();
    assert_eq!(verified.status.code(), Some(0), "{}", String::from_utf8_lossy(&verified.stdout));
}

/// What the author wrote to check the step is named wherever its end is asked for, and what that says is said there too.
async fn settle_by_the_runbooks_own_check(at: (&Client, &Server, &str), data: &Path, step: &str) {
    let (http, server, cookie) = at;
    let said = async || {
        let (_, room) = call(http, server, cookie, "/api/incidents/1", None).await;
        let notes = room["notes"].as_array().unwrap().clone();
        let note = notes.iter().find(|note| note["step"] == step && note["topic"] == "checks");
        (note.map(|note| (note["text"]["en"].clone(), note["text"]["pt"].clone())), room)
    };
    let (note, room) = said().await;
    let (en, pt) = note.expect("a note that names the check");
    assert_eq!(en, "The runbook can tell how it ended: see to “See what it wrote” first.");
    assert_eq!(pt, "O runbook pode mostrar como terminou: veja antes “See what it wrote”.");
    let token = json!({ "name": "terminal", "scope": "respond" });
    let (_, token) = call(http, server, cookie, "/api/tokens", Some(token)).await;
    let mut run = Command::new(binary());
    run.args(["run", "--incident", "1"]).env("FAROL_DATA", data).env("FAROL_TOKEN", token["secret"].as_str().unwrap());
    let run = run.stdin(std::process::Stdio::null()).output().unwrap();
    let words = String::from_utf8_lossy(&run.stdout) + String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(4), "{words}");
    assert!(words.contains(en.as_str().unwrap()), "{words}");

    let check = room["graph"]["nodes"][1]["id"].as_str().unwrap();
    let path = format!("/api/incidents/1/steps/{check}/attempts");
    let (_, preview) = call(http, server, cookie, &path, None).await;
    let body = json!({ "digest": preview["digest"], "typed_target": "box", "confirmed": true, "reason": "test" });
    let (status, answer) = call(http, server, cookie, &path, Some(body)).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{answer}");
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
    loop {
        let (note, room) = said().await;
        if room["state"]["steps"][check]["status"] == "succeeded" {
            let (en, _) = note.expect("a note that says what the check said");
            let checked = "Checked since it was sent: “See what it wrote”: what was expected came out.";
            assert_eq!(en, format!("{checked} If that tells how it ended, mark it done or failed."));
            break;
        }
        assert!(tokio::time::Instant::now() < deadline, "the check never ended: {:#}", room["state"]["steps"]);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let done = json!({ "observed": "it ran" });
    let (status, answer) = call(http, server, cookie, &format!("/api/incidents/1/steps/{step}/done"), Some(done)).await;
    assert!(status.is_success(), "{answer}");
    assert_eq!(said().await.0, None, "nothing is asked any more");
}

async fn until(holds: impl Fn() -> bool) {
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
    while !holds() {
        assert!(tokio::time::Instant::now() < deadline, "it never came to be");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
