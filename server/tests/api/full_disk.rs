//! What a full disk does, on a file system of its own that really is full.

use std::path::Path;
use std::process::Command;

use reqwest::{Client, StatusCode};
use serde_json::json;

use crate::common::binary;
use crate::process::{Server, call};

/// Mounts 8 MB over the data folder, seen by the server alone, with 1 MB of ballast in it.
const ON_A_SMALL_DISK: &str = r#"
mount -t tmpfs -o size=8m tmpfs "$FAROL_DATA"
head -c 1M /dev/zero > "$FAROL_DATA/ballast"
exec "$0" serve
"#;

/// Tells whether this machine lets a test mount a file system that nobody else sees.
fn can_mount() -> bool {
    let mount = ["-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"];
    Command::new("unshare").args(mount).output().is_ok_and(|tried| tried.status.success())
}

#[tokio::test]
async fn a_full_disk_is_said_loses_nothing_and_is_over_when_there_is_room_again() {
    if !can_mount() {
        eprintln!("\n!! SKIPPED: a full disk, because this machine lets no test mount a file system (unshare -rm)\n");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut small = Command::new("unshare");
    small.args(["-rm", "bash", "-euc", ON_A_SMALL_DISK]).arg(binary());
    let server = Server::start_by(&mut small, folder.path());
    let http = Client::new();
    let cookie = server.owner(&http).await;
    call(&http, &server, &cookie, "/api/incidents", Some(json!({ "title": "t" }))).await;

    let note = |number: usize| json!({ "text": format!("{number} {}", "x".repeat(9_000)) });
    let mut kept = 0;
    let refused = loop {
        let (status, answer) = call(&http, &server, &cookie, "/api/incidents/1/notes", Some(note(kept))).await;
        if status != StatusCode::OK {
            break (status, answer);
        }
        kept += 1;
        assert!(kept < 3_000, "8 MB hold less");
    };
    assert_eq!((refused.0, &refused.1["code"]), (StatusCode::INSUFFICIENT_STORAGE, &json!("disk_full")), "{refused:?}");
    assert!(!refused.1.to_string().contains("database"), "the store's own words stay in the log");
    let (status, _) = call(&http, &server, &cookie, "/api/incidents/1", None).await;
    assert_eq!(status, StatusCode::OK, "what is there can still be read");

    let inside = Path::new("/proc").join(server.id().to_string()).join("root");
    let ballast = inside.join(folder.path().strip_prefix("/").unwrap()).join("ballast");
    std::fs::remove_file(ballast).unwrap();
    let (status, answer) = call(&http, &server, &cookie, "/api/incidents/1/notes", Some(note(kept))).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let (_, room) = call(&http, &server, &cookie, "/api/incidents/1", None).await;
    let noted = room["timeline"].as_array().unwrap().iter().filter_map(|event| event["kind"]["noted"]["text"].as_str());
    let numbers: Vec<usize> = noted.map(|text| text.split(' ').next().unwrap().parse().unwrap()).collect();
    assert_eq!(numbers, (0..=kept).collect::<Vec<_>>(), "all that was acknowledged, once, in its order");
}
