//! Scripts that mean harm, from the room to the record; and targets that demand more than a machine gives.

use farol_api::confine::Confinement;
use farol_testkit::skipped;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::common::{Client, TestApp, assert_record_holds};

/// Scripts with how each must end; `DATA` stands for the data folder, `SETTINGS` for the settings, `SERVER` for the server's process.
const SCRIPTS: [(&str, &str); 7] = [
    ("Bomb", "for i in 1 2 3; do (while :; do (sleep 1000 &); done) & done; sleep 0.2; kill -9 $$"),
    (
        "Daemon",
        "(setsid bash -c '(setsid sleep 1000 &); sleep 1000' </dev/null >/dev/null 2>&1 &); sleep 0.1; echo left",
    ),
    ("Flood", "yes 'a line that is long enough to fill what is kept' | head -c 3000000; echo end"),
    ("Escape", "printf '\\033]0;title\\007\\033[2J\\033[31mred\\n'"),
    ("Turn on the runner", "kill -STOP $PPID; kill -9 $PPID; sleep 0.1; exit 3"),
    (
        "Read what is Farol's",
        "cat DATA/farol.db && echo read; cat DATA/keys/* && echo read; cat SETTINGS && echo read; exit 4",
    ),
    ("Read the server", "cat /proc/SERVER/environ && echo read; cat /proc/SERVER/mem && echo read; exit 5"),
];

#[tokio::test]
async fn whatever_a_script_does_it_ends_once_leaves_nothing_and_the_record_holds() {
    // The program hides itself first of all; here this process is the server.
    farol_engine::shell::hide_self().unwrap();
    let app = TestApp::start_with(|config, folder| {
        config.file = folder.join("farol.toml");
        std::fs::write(&config.file, "store = 'postgres://farol:password@db/farol'").unwrap();
    })
    .await;
    let owner = app.owner().await;
    app.sqlite_target(&owner, "box", "sandbox").await;
    let (data, settings) = (app.app.config.data.display().to_string(), app.app.config.file.display().to_string());
    let mut source = "# Harm\n".to_owned();
    for (index, (title, script)) in SCRIPTS.iter().enumerate() {
        let script = script
            .replace("DATA", &data)
            .replace("SETTINGS", &settings)
            .replace("SERVER", &std::process::id().to_string());
        source.push_str(&format!("\n{}. {title}:\n\n```bash\n{script}\n```\n", index + 1));
    }
    let incident = app.incident(&owner, &owner, "harm", &source, "box").await;
    let room = owner.get(&format!("/api/incidents/{incident}")).await.value();
    let steps: Vec<_> = room["gates"].as_array().unwrap().iter().map(|gate| gate["step"].as_str().unwrap()).collect();
    assert_eq!(steps.len(), SCRIPTS.len());
    let confined = app.app.machine.level >= Confinement::Files;
    for (step, (title, _)) in steps.iter().zip(SCRIPTS) {
        if title.contains("runner") && app.app.machine.level < Confinement::Processes {
            skipped("this machine lets a script signal its runner");
            continue;
        }
        let started = owner.start(incident, step, "box").await;
        assert_eq!(started.status, StatusCode::ACCEPTED, "{title}: {}", started.body);
        let attempt = started.value()["attempt"].as_str().unwrap().to_owned();
        let room = until_over(&owner, incident, step).await;
        assert!(!is_left(&attempt), "{title}: something is left");
        let printed = room["output"].to_string();
        assert!(!printed.contains("\\u001b") && !printed.contains('\u{1b}'), "{title}: {printed}");
        if confined || title == "Read the server" {
            assert!(!printed.contains("farol:password") && !printed.contains("\"read\\n"), "{title}: {printed}");
        }
        let result = &room["state"]["attempts"][&attempt]["result"];
        let level = serde_json::to_value(app.app.machine.level).unwrap();
        assert_eq!(result["confined"], level, "{title}: {result}");
    }
    let record = owner.get(&format!("/api/incidents/{incident}/record")).await.body;
    assert_record_holds(&record, &app.app.store.signing_key().await.unwrap().to_string());
}

/// A store beside the data folder, under every name that its setting may have.
#[tokio::test]
async fn no_script_reads_the_store_wherever_it_lies_and_however_it_is_named() {
    for name in ["PATH", "sqlite:PATH", "sqlite://PATH", "sqlite:///PATH", "sqlite:LINK"] {
        let app = TestApp::start_with(|config, folder| {
            let (real, link) = (folder.join("elsewhere.db"), folder.join("link.db"));
            std::os::unix::fs::symlink(&real, &link).unwrap();
            let url = name.replace("PATH", real.to_str().unwrap()).replace("LINK", link.to_str().unwrap());
            config.store = Some(url);
        })
        .await;
        if app.app.machine.level < Confinement::Files {
            skipped(&format!("this machine lacks {:?}", app.app.machine.lacks));
            return;
        }
        let owner = app.owner().await;
        app.sqlite_target(&owner, "box", "sandbox").await;
        let real = app.folder.path().canonicalize().unwrap().join("elsewhere.db");
        assert!(real.exists() && real.with_extension("db-wal").exists(), "{name}");
        let script = "for end in '' -wal -shm; do cat REAL$end > /dev/null && echo \"seen$end\"; done; echo looked";
        let source = format!("# Look\n\n1. Look:\n\n```bash\n{script}\n```\n").replace("REAL", real.to_str().unwrap());
        let incident = app.incident(&owner, &owner, "look", &source, "box").await;
        let room = owner.get(&format!("/api/incidents/{incident}")).await.value();
        let step = room["gates"][0]["step"].as_str().unwrap().to_owned();
        let started = owner.start(incident, &step, "box").await;
        assert_eq!(started.status, StatusCode::ACCEPTED, "{}", started.body);
        let printed = until_over(&owner, incident, &step).await["output"].to_string();
        assert!(printed.contains("looked") && !printed.contains("\"seen"), "{name}: {printed}");
    }
}

/// Waits for the end of a step, whatever it is.
async fn until_over(who: &Client, incident: i64, step: &str) -> Value {
    for _ in 0..2_000 {
        let room = who.get(&format!("/api/incidents/{incident}")).await.value();
        let status = room["state"]["steps"][step]["status"].as_str().unwrap_or_default().to_owned();
        if ["succeeded", "failed"].contains(&status.as_str()) {
            // Output is read up to where it stood before the state was: its last words may come a look later.
            return who.get(&format!("/api/incidents/{incident}")).await.value();
        }
        assert_ne!(status, "outcome_unknown");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("{step} never ended");
}

fn is_left(attempt: &str) -> bool {
    let environments = std::fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path().join("environ"));
    let environments = environments.filter_map(|path| std::fs::read(path).ok());
    environments.into_iter().any(|bytes| String::from_utf8_lossy(&bytes).contains(&format!("FAROL_ATTEMPT={attempt}")))
}

#[tokio::test]
async fn a_target_can_demand_confinement_and_without_it_nothing_is_sent() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let level = |level: &str| json!({ "environment": "sandbox", "shell": { "least_confinement": level } });
    assert_eq!(owner.put("/api/targets/box", &level("process")).await.status, StatusCode::OK);
    let incident = app.incident(&owner, &owner, "look", "# Look\n\n1. Look:\n\n```bash\nls\n```\n", "box").await;
    let room = owner.get(&format!("/api/incidents/{incident}")).await.value();
    let step = room["gates"][0]["step"].as_str().unwrap().to_owned();
    let path = format!("/api/incidents/{incident}/steps/{step}/attempts");
    assert_eq!(owner.get(&path).await.status, StatusCode::OK);

    let saved = owner.put("/api/targets/box", &level("resources")).await.value();
    assert_eq!(saved["shell"]["least_confinement"], "resources");
    if app.app.machine.level == Confinement::Resources {
        skipped("this machine gives all there is");
        return;
    }
    let refused = owner.get(&path).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::CONFLICT, "not_confined"));
    assert!(refused.body.contains("lacks ") && refused.body.contains("Nothing ran."), "{}", refused.body);
    let checked = owner.post("/api/targets/box/check", &json!({})).await.value();
    let machine = serde_json::to_value(&app.app.machine).unwrap();
    assert_eq!(checked["machine"], machine);
}

#[tokio::test]
async fn what_a_target_demands_is_set_on_its_page() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let fields = [
        ("_method", "PUT"),
        ("_kinds", "shell.path:lines shell.no_network:flag shell.no_namespaces:flag"),
        ("_return", "/targets/box"),
        ("environment", "sandbox"),
        ("shell.path", "/usr/bin"),
        ("shell.least_confinement", "files"),
        ("shell.no_network", "on"),
    ];
    let answer = owner.form("/form/api/targets/box", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let shell = owner.get("/api/targets/box").await.value()["shell"].clone();
    assert_eq!((&shell["least_confinement"], &shell["no_network"]), (&json!("files"), &json!(true)));
    let page = owner.get("/targets/box").await.body;
    let (field, after) = page.split_once("name=\"shell.least_confinement\"").unwrap();
    let options = after.split_once("</select>").unwrap().0;
    assert!(options.contains("value=\"files\" selected"), "{options}");
    assert!(!field.is_empty() && after.contains("name=\"shell.no_network\" checked"), "{after}");
}
