//! A secret where the database takes no parameter: its placeholder is seen, approved and recorded, and the value sent.

use farol_testkit::PostgresServer;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::common::{TestApp, binary};
use crate::process::{Server, call};

const RUNBOOK: &str = "---\nparameters:\n  - {name: password, secret: true}\n---\n\n# Rotation\n\n\
    1. Change it:\n\n```sql\nALTER ROLE rotated PASSWORD '<password>';\n```\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_is_rotated_and_stands_in_no_record() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let server = PostgresServer::shared();
    let urls = server.create_target("rotation").await;
    server.execute(&urls.name, "create role rotated login").await;
    let target = json!({ "environment": "sandbox", "database": "postgres", "credentials": [
        { "role": "ro", "url": urls.ro }, { "role": "rw", "url": urls.rw }, { "role": "admin", "url": urls.superuser },
    ] });
    assert_eq!(owner.put("/api/targets/shop", &target).await.status, StatusCode::OK);
    let incident = app.incident(&owner, &owner, "rotation", RUNBOOK, "shop").await;
    let room = format!("/api/incidents/{incident}");
    let step = owner.get(&room).await.value()["gates"][0]["step"].as_str().unwrap().to_owned();
    let preview = format!("{room}/steps/{step}/attempts");
    let set = async |value: &str| {
        let body = json!({ "name": "password", "value": value });
        assert_eq!(owner.post(&format!("{room}/parameters"), &body).await.status, StatusCode::OK);
        owner.get(&preview).await
    };
    set("it's").await;
    let seen = owner.get(&room).await.value();
    assert_eq!(seen["gates"][0]["blocked"], "value_not_literal", "{}", seen["gates"]);
    let notes = seen["notes"].as_array().unwrap();
    let note = notes.iter().find(|note| note["topic"] == "secrets").unwrap_or_else(|| panic!("{notes:?}"));
    assert!(note["text"]["en"].as_str().unwrap().starts_with("password: put into the statement"), "{note}");
    let mut digests = Vec::new();
    for value in ["c0rrect", "tr0ub4dor", "tr0ub4dor"] {
        let seen = set(value).await;
        let request = seen.value();
        assert_eq!(request["text"], "ALTER ROLE rotated PASSWORD '<password>';", "{}", seen.body);
        assert_eq!(request["parameters"], json!({ "password": Value::Null }), "{}", seen.body);
        digests.push(request["digest"].clone());
    }
    assert!(digests[0] != digests[1] && digests[1] != digests[2], "each is another value to approve: {digests:?}");
    let started = owner.start(incident, &step, "shop").await;
    assert_eq!(started.status, StatusCode::ACCEPTED, "{}", started.body);
    let seen = owner.wait_for_step(incident, &step, "succeeded").await;
    let record = owner.get(&format!("{room}/record")).await.body;
    assert!(record.contains("<password>"), "{record}");
    for told in [seen.to_string(), record] {
        assert!(!told.contains("tr0ub4dor") && !told.contains("c0rrect"), "{told}");
    }
    let checked = "do $$ begin assert (select rolpassword like 'SCRAM-SHA-256$%' from pg_authid where rolname = 'rotated'); end $$";
    server.execute(&urls.name, checked).await;
}

const ADDRESS: &str = "---\nparameters:\n  - {name: db-pass, secret: true}\n---\n\n# Copy\n\n\
    1. Take it:\n\n```bash\npg_dump \"postgres://app:<db-pass>@db/shop\"\n```\n\n2. Tell:\n\n```bash\necho \"$DBPASS\" <db-pass>\n```\n";

/// Whoever approves sees `<db-pass>`: it may not be `x@evil`, and a variable with the same letters is no way around.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_of_a_script_is_no_more_than_its_place() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let target = json!({ "environment": "sandbox", "shell": { "env": {} } });
    assert_eq!(owner.put("/api/targets/shop", &target).await.status, StatusCode::OK);
    let incident = app.incident(&owner, &owner, "copy", ADDRESS, "shop").await;
    let room = format!("/api/incidents/{incident}");
    let set = async |name: &str, value: &str| {
        let body = json!({ "name": name, "value": value });
        assert_eq!(owner.post(&format!("{room}/parameters"), &body).await.status, StatusCode::OK);
        owner.get(&room).await.value()
    };
    let seen = set("db_pass", "x@evil").await;
    assert_eq!(seen["gates"][0]["blocked"], "value_not_piece", "{}", seen["gates"]);
    let seen = set("db_pass", "x%40evil").await;
    assert_eq!(seen["gates"][0]["blocked"], Value::Null, "{}", seen["gates"]);
    let mut digests = Vec::new();
    for value in ["one", "two"] {
        let seen = set("dbpass", value).await;
        let step = seen["gates"][1]["step"].as_str().unwrap();
        let preview = owner.get(&format!("{room}/steps/{step}/attempts")).await.value();
        assert_eq!(preview["parameters"], json!({ "db_pass": Value::Null, "dbpass": Value::Null }), "{preview}");
        digests.push(preview["digest"].clone());
    }
    assert_ne!(digests[0], digests[1], "another value is approved anew");
}

const CONFIGURE: &str = "---\nparameters:\n  - {name: db_password, secret: true}\n---\n\n# Rotation\n\n\
    1. Write it down:\n\n```bash\necho \"$DB_PASSWORD\" >> settings\n```\n\n2. Look at it:\n\n```bash\ncat settings\n```\n";

/// While a password is rotated the old one may open something still.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_secret_was_before_it_was_filled_in_anew_is_not_shown_either() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    app.sqlite_target(&owner, "shop", "sandbox").await;
    let incident = app.incident(&owner, &owner, "settings", CONFIGURE, "shop").await;
    let room = format!("/api/incidents/{incident}");
    let gates = owner.get(&room).await.value()["gates"].clone();
    let step = |at: usize| gates[at]["step"].as_str().unwrap().to_owned();
    let run = async |step: &str| {
        let started = owner.start(incident, step, "shop").await;
        assert_eq!(started.status, StatusCode::ACCEPTED, "{}", started.body);
        owner.wait_for_step(incident, step, "succeeded").await
    };
    for value in ["tr0ub4dor", "c0rrect-h0rse"] {
        let body = json!({ "name": "db_password", "value": value });
        assert_eq!(owner.post(&format!("{room}/parameters"), &body).await.status, StatusCode::OK);
        if value == "tr0ub4dor" {
            run(&step(0)).await;
        }
    }
    let seen = run(&step(1)).await.to_string();
    let record = owner.get(&format!("{room}/record")).await.body;
    assert!(seen.contains("[secret]"), "{seen}");
    assert!(!seen.contains("tr0ub4dor") && !record.contains("tr0ub4dor"), "{seen}");
}

const TALKATIVE: &str = "---\nparameters:\n  - {name: password, secret: true}\n---\n\n# Talk\n\n\
    1. Say it:\n\n```sql\nDO $$ BEGIN RAISE NOTICE 'told by % and %', 'the', 'target'; END $$;\n```\n\n\
    2. Ask it:\n\n```sql\nSELECT '<password>';\n```\n";

/// Whoever looks for a fault lets the server log all that it can.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_log_has_what_a_target_says_or_what_is_sent_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "exec \"$0\" serve 2> \"$1\""]).arg(binary()).arg(&log).env("RUST_LOG", "trace");
    let server = Server::start_by(&mut command, &folder.path().join("data"));
    let http = reqwest::Client::new();
    let owner = server.owner(&http).await;
    let call = async |path: &str, body: Option<Value>| {
        let (status, answer) = call(&http, &server, &owner, path, body).await;
        assert!(status.is_success(), "{path}: {answer}");
        answer
    };
    let urls = PostgresServer::shared().create_target("talkative").await;
    let target = json!({ "environment": "sandbox", "database": "postgres", "credentials": [
        { "role": "ro", "url": urls.ro }, { "role": "rw", "url": urls.rw }, { "role": "admin", "url": urls.admin },
    ] });
    call("/api/targets/shop", Some(target)).await;
    call("/api/runbooks", Some(json!({ "id": "talk", "source": TALKATIVE }))).await;
    call("/api/incidents", Some(json!({ "title": "Talk", "runbook": "talk", "target": "shop" }))).await;
    call("/api/incidents/1/parameters", Some(json!({ "name": "password", "value": "tr0ub4dor" }))).await;
    let room = call("/api/incidents/1", None).await;
    for gate in room["gates"].as_array().unwrap() {
        let path = format!("/api/incidents/1/steps/{}/attempts", gate["step"].as_str().unwrap());
        let digest = call(&path, None).await["digest"].clone();
        let body = json!({ "digest": digest, "typed_target": "shop", "confirmed": true, "reason": "a test" });
        let attempt = call(&path, Some(body)).await["attempt"].as_str().unwrap().to_owned();
        let path = format!("/api/incidents/1/attempts/{attempt}");
        loop {
            let seen = call(&path, None).await;
            if seen["attempt"]["status"] == "finished" {
                assert_eq!(seen["attempt"]["result"]["outcome"], "succeeded", "{seen:#}");
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }
    let logged = std::fs::read_to_string(&log).unwrap();
    assert!(logged.contains("TRACE") || logged.contains("DEBUG"), "it logs all that it can");
    for kept in ["told by the and target", "tr0ub4dor", "RAISE NOTICE"] {
        assert!(!logged.contains(kept), "{kept}");
    }
}

/// A password of the server's own environment may be that of its store; whoever manages targets names any host.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_target_is_sent_a_password_that_is_not_its_own() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = tokio::spawn(async move { ask_for_password(listener.accept().await.unwrap().0).await });
    let folder = tempfile::tempdir().unwrap();
    let mut command = std::process::Command::new(binary());
    let server = Server::start_by(command.arg("serve").env("PGPASSWORD", "tr0ub4dor"), folder.path());
    let http = reqwest::Client::new();
    let owner = server.owner(&http).await;
    let url = format!("postgres://farol@127.0.0.1:{port}/shop");
    let target =
        json!({ "environment": "sandbox", "database": "postgres", "credentials": [{ "role": "ro", "url": url }] });
    let (status, answer) = call(&http, &server, &owner, "/api/targets/shop", Some(target)).await;
    assert!(status.is_success(), "{answer}");
    call(&http, &server, &owner, "/api/targets/shop/check", Some(json!({}))).await;
    assert_eq!(asked.await.unwrap(), "");
}

/// Asks as a server of Postgres does that wants a password in clear text, and returns what it is told.
async fn ask_for_password(mut stream: tokio::net::TcpStream) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    loop {
        let length = stream.read_u32().await.unwrap() as usize;
        let mut message = vec![0; length - 4];
        stream.read_exact(&mut message).await.unwrap();
        // Whether it encrypts; else it is told who comes.
        if message != 80_877_103_u32.to_be_bytes() {
            break;
        }
        stream.write_all(b"N").await.unwrap();
    }
    stream.write_all(b"R\0\0\0\x08\0\0\0\x03").await.unwrap();
    assert_eq!(stream.read_u8().await.unwrap(), b'p');
    let length = stream.read_u32().await.unwrap() as usize;
    let mut password = vec![0; length - 4];
    stream.read_exact(&mut password).await.unwrap();
    String::from_utf8(password).unwrap().trim_end_matches('\0').to_owned()
}
