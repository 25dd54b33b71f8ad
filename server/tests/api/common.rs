//! A whole server over a real store, and people who talk to it over HTTP.

use std::net::SocketAddr;
use std::path::PathBuf;

use farol::app::App;
use farol::config::Config;
use farol::serve;
use farol_api::request::SetUp;
use farol_api::user::Role;
use reqwest::{Method, StatusCode};
use secrecy::SecretString;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;

pub const PASSWORD: &str = "a lighthouse at night";

/// A running server with its own folder.
pub struct TestApp {
    pub app: App,
    pub address: SocketAddr,
    pub folder: TempDir,
}

/// Somebody with a session, or nobody yet.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    pub cookie: Option<String>,
    pub language: &'static str,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub body: String,
}

impl TestApp {
    /// Starts a server on a SQLite store of its own.
    pub async fn start() -> Self {
        Self::start_with(|_, _| {}).await
    }

    /// Starts one with other settings; the folder is the test's own.
    pub async fn start_with(change: impl FnOnce(&mut Config, &std::path::Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut config = Config {
            listen: address,
            data: folder.path().join("data"),
            site: folder.path().join("no-site"),
            ..Config::default()
        };
        change(&mut config, folder.path());
        let app = serve::start(config, binary()).await.unwrap();
        tokio::spawn(serve::serve(app.clone(), listener));
        Self { app, address, folder }
    }

    /// Returns somebody who is not logged in.
    pub fn visitor(&self) -> Client {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Client { http, base: format!("http://{}", self.address), cookie: None, language: "en" }
    }

    /// Makes the first owner.
    pub async fn owner(&self) -> Client {
        let token = SecretString::from("the-token-of-this-test");
        self.app.store.set_setup_token(&token).await.unwrap();
        let mut visitor = self.visitor();
        let body = SetUp {
            token: "the-token-of-this-test".into(),
            email: "owner@example.com".into(),
            name: "Olga Owner".into(),
            password: PASSWORD.into(),
        };
        let answer = visitor.post("/api/setup", &body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        visitor.keep_cookie(&answer);
        visitor
    }

    /// Invites somebody and lets them accept.
    pub async fn person(&self, owner: &Client, name: &str, role: Role) -> Client {
        let email = format!("{}@example.com", name.to_lowercase().replace(' ', "."));
        let invite = farol_api::request::Invite { email, role };
        let invited: farol_api::request::Invited = owner.post("/api/invitations", &invite).await.json();
        let secret = invited.path.rsplit('/').next().unwrap().to_owned();
        let accept = farol_api::request::AcceptInvitation { name: name.to_owned(), password: PASSWORD.into() };
        let mut visitor = self.visitor();
        let answer = visitor.post(&format!("/api/invitations/{secret}/acceptance"), &accept).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        visitor.keep_cookie(&answer);
        visitor
    }

    /// Makes a SQLite file with a table `stock` of three rows, and registers it as a target.
    pub async fn sqlite_target(&self, owner: &Client, id: &str, environment: &str) -> PathBuf {
        let file = self.folder.path().join(format!("{id}.db"));
        let made = std::process::Command::new("sqlite3")
            .arg(&file)
            .arg(
                "create table stock(id integer primary key, name text, left integer); \
                  insert into stock values (1,'lamp',3),(2,'lens',-1),(3,'oil',null);",
            )
            .status()
            .expect("sqlite3 is missing: `make test` installs it");
        assert!(made.success());
        let url = format!("sqlite://{}", file.display());
        let body = serde_json::json!({
            "description": "a target of a test",
            "environment": environment,
            "database": "sqlite",
            "credentials": [
                { "role": "ro", "url": url }, { "role": "rw", "url": url }, { "role": "admin", "url": url },
            ],
            "shell": { "path": [], "env": { "GREETING": "hello" } },
            "timeout_seconds": 20,
        });
        let answer = owner.put(&format!("/api/targets/{id}"), &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        file
    }

    /// A shop in production, an incident walked by a runbook that its owner wrote, and two people beside the owner.
    pub async fn shop(&self, runbook: &str) -> Shop {
        let owner = self.owner().await;
        let rita = self.person(&owner, "Rita Responder", Role::Responder).await;
        let paul = self.person(&owner, "Paul Approver", Role::Approver).await;
        self.sqlite_target(&owner, "shop", "production").await;
        let incident = self.incident(&owner, &rita, "shelf", runbook, "shop").await;
        let room = rita.get(&format!("/api/incidents/{incident}")).await.value();
        let nodes = room["graph"]["nodes"].as_array().unwrap();
        let steps = nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect();
        Shop { owner, rita, paul, incident, steps }
    }

    /// Saves a runbook and declares an incident with it; returns the incident's number.
    pub async fn incident(&self, author: &Client, who: &Client, id: &str, source: &str, target: &str) -> i64 {
        let body = serde_json::json!({ "id": id, "source": source });
        let saved = author.post("/api/runbooks", &body).await;
        assert_eq!(saved.status, StatusCode::CREATED, "{}", saved.body);
        let body = serde_json::json!({ "title": "It is down", "runbook": id, "target": target });
        let declared = who.post("/api/incidents", &body).await;
        assert_eq!(declared.status, StatusCode::CREATED, "{}", declared.body);
        declared.value()["id"].as_i64().unwrap()
    }
}

/// A runbook with one change to the shop's database, which is not held before it is committed.
pub const EMPTY_THE_SHELF: &str =
    "# Empty the shelf\n\n1. Empty it:\n\n```sql {hold=no}\nUPDATE stock SET \"left\" = 7 WHERE id = 1;\n```\n";

/// What [`TestApp::shop`] sets up.
pub struct Shop {
    pub owner: Client,
    /// Declared the incident; may run steps and approve none.
    pub rita: Client,
    pub paul: Client,
    pub incident: i64,
    /// The ids of the runbook's steps, in its order.
    pub steps: Vec<String>,
}

impl Client {
    pub async fn get(&self, path: &str) -> Answer {
        self.send::<()>(Method::GET, path, None, &[]).await
    }

    pub async fn post<T: Serialize + ?Sized>(&self, path: &str, body: &T) -> Answer {
        self.send(Method::POST, path, Some(body), &[]).await
    }

    pub async fn put<T: Serialize + ?Sized>(&self, path: &str, body: &T) -> Answer {
        self.send(Method::PUT, path, Some(body), &[]).await
    }

    /// Sends any request, with more headers.
    pub async fn send<T: Serialize + ?Sized>(
        &self,
        method: Method,
        path: &str,
        body: Option<&T>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = self.request(method, path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        read(request.send().await.unwrap()).await
    }

    /// Posts a plain form, as a browser without scripts does.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: String = fields
            .iter()
            .map(|(name, value)| format!("{}={}", percent(name), percent(value)))
            .collect::<Vec<_>>()
            .join("&");
        let request = self.request(Method::POST, path);
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
        read(request.send().await.unwrap()).await
    }

    /// Posts bytes of a kind.
    pub async fn send_bytes(&self, path: &str, kind: &str, body: Vec<u8>) -> Answer {
        let request = self.request(Method::POST, path).header("content-type", kind).body(body);
        read(request.send().await.unwrap()).await
    }

    /// Begins a request with the session and language.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        request = request.header("accept-language", self.language);
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        request
    }

    /// Keeps the session's cookie from an answer.
    pub fn keep_cookie(&mut self, answer: &Answer) {
        let cookies = answer.headers.get_all("set-cookie").iter().filter_map(|v| v.to_str().ok());
        let session = cookies.rev().find(|c| c.starts_with("__Host-farol="));
        let session = session.expect("the answer sets the session's cookie");
        self.cookie = Some(session.split(';').next().unwrap().to_owned());
    }

    /// Runs a step as its preview shows it, with what its class takes, and returns the attempt.
    pub async fn start(&self, incident: i64, step: &str, target: &str) -> Answer {
        let path = format!("/api/incidents/{incident}/steps/{step}/attempts");
        let preview = self.get(&path).await;
        assert_eq!(preview.status, StatusCode::OK, "{}", preview.body);
        let body = serde_json::json!({
            "digest": preview.value()["digest"], "typed_target": target, "confirmed": true, "reason": "a test",
        });
        self.post(&path, &body).await
    }

    /// Reads the room until a step has a status.
    pub async fn wait_for_step(&self, incident: i64, step: &str, status: &str) -> Value {
        let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(30);
        loop {
            let room = self.get(&format!("/api/incidents/{incident}")).await.value();
            if room["state"]["steps"][step]["status"] == status {
                // Output is read up to where it stood before the state was: its last words may come a look later.
                let over = !["awaiting_approval", "queued", "running"].contains(&status);
                return if over { self.get(&format!("/api/incidents/{incident}")).await.value() } else { room };
            }
            assert!(
                tokio::time::Instant::now() < deadline,
                "{step} never became {status}: {:#}",
                room["state"]["steps"]
            );
            tokio::time::sleep(std::time::Duration::from_millis(30)).await;
        }
    }
}

impl Answer {
    /// Reads the body as JSON of a type.
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.body))
    }

    /// Reads the body as JSON.
    pub fn value(&self) -> Value {
        self.json()
    }

    /// Returns the problem's code.
    pub fn code(&self) -> String {
        self.value()["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// Takes the words out of a store, as one has them that was made before there were any.
pub async fn forget_words(app: &TestApp) {
    change_store(app, &["delete from library_words", "update library set version = 0"]).await;
}

/// Makes all that was read the work of an older reader.
pub async fn forget_readers(app: &TestApp) {
    change_store(app, &["update readings set reader = 'older'"]).await;
}

async fn change_store(app: &TestApp, changes: &[&'static str]) {
    use sqlx::Connection;
    let file = app.folder.path().join("data/farol.db");
    let mut store = sqlx::SqliteConnection::connect(&file.display().to_string()).await.unwrap();
    for sql in changes {
        sqlx::query(*sql).execute(&mut store).await.unwrap();
    }
}

/// Asserts that each attempt in a record was sent once and ended once, and has the program verify it with a server's key;
/// returns how many attempts there were.
pub fn assert_record_holds(record: &str, key: &str) -> usize {
    let count = |kind: &str| record.matches(&format!("{{\"{kind}\":")).count();
    let sent = count("attempt_dispatched");
    assert_eq!(sent, count("attempt_finished"));
    assert_proved(record, key);
    sent
}

/// Has the program verify a record with a server's key.
pub fn assert_proved(record: &str, key: &str) {
    let folder = tempfile::tempdir().unwrap();
    let bundle = folder.path().join("record.ndjson");
    std::fs::write(&bundle, record).unwrap();
    let verified =
        std::process::Command::new(binary()).arg("verify").arg(&bundle).args(["--key", key]).output().unwrap();
    assert_eq!(verified.status.code(), Some(0), "{}", String::from_utf8_lossy(&verified.stdout));
}

/// The binary that the server's subprocesses are made of.
pub fn binary() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_farol"))
}

async fn read(response: reqwest::Response) -> Answer {
    let (status, headers) = (response.status(), response.headers().clone());
    Answer { status, headers, body: response.text().await.unwrap() }
}

fn percent(text: &str) -> String {
    let byte = |b: u8| match b {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(b).to_string(),
        _ => format!("%{b:02X}"),
    };
    text.bytes().map(byte).collect()
}
