//! A server that dies while something is erased: what is recorded is removed by the next one.

use std::path::Path;
use std::process::Command;

use reqwest::Client;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::common::binary;
use crate::process::{Server, call, text};

/// No erasure passes so many places.
const PLACES: u32 = 20;
/// What is to be found in no file afterwards.
const SECRET: &str = "Quux-of-the-third-floor";

struct Template {
    folder: TempDir,
    cookie: String,
    attempt: String,
}

/// A data folder with a step that printed something, made once and copied for each turn.
async fn template() -> Template {
    let folder = tempfile::tempdir().unwrap();
    let http = Client::new();
    let mut server = Server::start(folder.path());
    let cookie = server.owner(&http).await;
    let target = json!({ "environment": "sandbox", "shell": { "path": [], "env": {} } });
    call(&http, &server, &cookie, "/api/targets/box", Some(target)).await;
    let source = "# Say\n\n1. Say it:\n\n```bash\nprintf '%s-of-the-third-floor\\n' Quux\n```\n";
    call(&http, &server, &cookie, "/api/runbooks", Some(json!({ "id": "say", "source": source }))).await;
    let declare = json!({ "title": "t", "runbook": "say", "target": "box" });
    call(&http, &server, &cookie, "/api/incidents", Some(declare)).await;
    let (_, room) = call(&http, &server, &cookie, "/api/incidents/1", None).await;
    let step = room["graph"]["nodes"][0]["id"].as_str().unwrap();
    let path = format!("/api/incidents/1/steps/{step}/attempts");
    let (_, preview) = call(&http, &server, &cookie, &path, None).await;
    let body = json!({ "digest": preview["digest"], "typed_target": "box", "confirmed": true, "reason": "test" });
    let (_, started) = call(&http, &server, &cookie, &path, Some(body)).await;
    let attempt = started["attempt"].as_str().unwrap_or_else(|| panic!("{started}")).to_owned();
    while call(&http, &server, &cookie, "/api/incidents/1", None).await.1["state"]["attempts"][&attempt]["status"]
        != "finished"
    {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    text(&http, &server, &cookie, "/api/incidents/1/record").await;
    server.terminate();
    assert!(server.has_stopped().await);
    Template { folder, cookie, attempt }
}

fn found(data: &Path) -> bool {
    let files = std::fs::read_dir(data).unwrap().filter_map(|file| std::fs::read(file.unwrap().path()).ok());
    let holds = |bytes: Vec<u8>| bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes());
    files.into_iter().any(holds)
}

/// Lets a server die at a place of an erasure, and looks at what the next one makes of it; false where it did not die.
async fn turn(template: &Template, place: u32) -> (bool, bool) {
    let copy = tempfile::tempdir().unwrap();
    let from = format!("{}/.", template.folder.path().display());
    assert!(Command::new("cp").args(["-a", &from]).arg(copy.path()).status().unwrap().success());
    assert!(found(copy.path()), "it is there to begin with");
    let http = Client::new();
    let mut command = Command::new(binary());
    command.arg("serve").env("FAROL_KILL_AT", place.to_string());
    let mut server = Server::try_start_by(&mut command, copy.path()).expect("nothing is passed at the start");
    let body = json!({ "attempt": template.attempt, "reason": "she asked", "typed": "INC-1" });
    let erased = server.try_call(&http, &template.cookie, "/api/incidents/1/erasures", Some(body)).await;
    server.kill();

    let mut server = Server::start(copy.path());
    let room = settled(&http, &server, &template.cookie, copy.path()).await;
    let recorded = room["timeline"].as_array().unwrap().iter().any(|event| event["kind"]["payload_erased"].is_object());
    assert!(recorded || erased.is_none(), "what was answered is recorded: {place}");
    assert_eq!(room["output"].to_string().contains(SECRET), !recorded, "{place}: {room:#}");
    let record = text(&http, &server, &template.cookie, "/api/incidents/1/record").await;
    server.terminate();
    assert!(server.has_stopped().await);
    assert_eq!(found(copy.path()), !recorded, "removed if and only if it is recorded: {place}");
    let bundle = copy.path().join("r.ndjson");
    std::fs::write(&bundle, record).unwrap();
    let farol = |arguments: &[&str]| Command::new(binary()).args(arguments).env("FAROL_DATA", copy.path()).output();
    let keys = String::from_utf8(farol(&["keys"]).unwrap().stdout).unwrap();
    let verified = farol(&["verify", bundle.to_str().unwrap(), "--key", keys.lines().nth(1).unwrap()]).unwrap();
    let said = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert_eq!(verified.status.code(), Some(0), "{place}: {said}");
    assert_eq!(said.contains("she asked"), recorded, "{place}: {said}");
    assert!(!said.contains("is still here"), "{place}: {said}");
    (erased.is_none(), recorded)
}

/// Waits until what is recorded as erased is gone.
async fn settled(http: &Client, server: &Server, cookie: &str, data: &Path) -> Value {
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(30);
    loop {
        let (_, room) = call(http, server, cookie, "/api/incidents/1", None).await;
        let recorded = room["state"]["erasures"].as_array().is_some_and(|erasures| !erasures.is_empty());
        if !recorded || (!room["output"].to_string().contains(SECRET) && !found(data)) {
            return room;
        }
        assert!(tokio::time::Instant::now() < deadline, "it is never removed: {:#}", room["state"]["erasures"]);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erasure_is_recorded_first_and_finished_by_the_next_server() {
    let template = template().await;
    let mut seen = Vec::new();
    for place in 1..PLACES {
        let (died, recorded) = turn(&template, place).await;
        seen.push((died, recorded));
        if !died {
            break;
        }
    }
    assert_eq!(seen.last(), Some(&(false, true)), "a server that passes all places erases: {seen:?}");
    assert!(
        seen.contains(&(true, false)) && seen.contains(&(true, true)),
        "before and after it was recorded: {seen:?}"
    );
    assert!(seen.len() > 4, "the places are not passed: {seen:?}");
}
