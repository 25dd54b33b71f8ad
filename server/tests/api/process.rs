//! The real program as a process of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::common::{PASSWORD, binary};

/// A `farol serve` that can be killed.
pub struct Server {
    process: Child,
    base: String,
    token: Option<String>,
}

impl Server {
    /// Starts it on a data folder.
    pub fn start(data: &Path) -> Self {
        Self::start_by(Command::new(binary()).arg("serve"), data)
    }

    /// Starts it by a command that ends in it.
    pub fn start_by(command: &mut Command, data: &Path) -> Self {
        Self::try_start_by(command, data).expect("a server that starts")
    }

    /// Starts it by a command that ends in it; nothing where it dies before it is ready.
    pub fn try_start_by(command: &mut Command, data: &Path) -> Option<Self> {
        let mut process = command
            .env("FAROL_DATA", data)
            .env("FAROL_LISTEN", "127.0.0.1:0")
            .env("FAROL_SITE", data.join("no-site"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let (Some(first), Some(second)) = (lines.next(), lines.next()) else {
            process.wait().unwrap();
            return None;
        };
        let base = first.unwrap().split(" on ").nth(1).unwrap().to_owned();
        // The second line says how to get in: it comes when the server is ready.
        let token = second.unwrap().split("token=").nth(1).map(str::to_owned);
        Some(Self { process, base, token })
    }

    /// Calls the API of a server that may die meanwhile: nothing where it did not answer.
    pub async fn try_call(&self, http: &Client, cookie: &str, path: &str, body: Option<Value>) -> Option<Value> {
        let response = request(http, self, path, body).header("cookie", cookie).send().await.ok()?;
        let is_good = response.status().is_success();
        let answer = response.text().await.ok()?;
        assert!(is_good, "{path}: {answer}");
        Some(serde_json::from_str(&answer).unwrap_or_default())
    }

    /// Makes the first owner and returns the cookie.
    pub async fn owner(&self, http: &Client) -> String {
        let owner = json!({ "token": self.token, "email": "o@example.com", "name": "O", "password": PASSWORD });
        let made = http.post(format!("{}/api/setup", self.base)).json(&owner).send().await.unwrap();
        assert_eq!(made.status(), StatusCode::CREATED);
        made.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Asks it to stop, as whoever runs it does.
    pub fn terminate(&self) {
        assert!(Command::new("kill").args(["-TERM", &self.id().to_string()]).status().unwrap().success());
    }

    /// Waits until it has stopped by itself, and tells whether it says that all is well.
    pub async fn has_stopped(&mut self) -> bool {
        loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status.success();
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// Kills it without a word.
    pub fn kill(&mut self) {
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

/// Gets something that is no JSON.
pub async fn text(http: &Client, server: &Server, cookie: &str, path: &str) -> String {
    let response = http.get(format!("{}{path}", server.base)).header("cookie", cookie).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    response.text().await.unwrap()
}

/// Calls the API: a GET without a body; a PUT of a target, else a POST.
pub async fn call(
    http: &Client,
    server: &Server,
    cookie: &str,
    path: &str,
    body: Option<Value>,
) -> (StatusCode, Value) {
    let response = request(http, server, path, body).header("cookie", cookie).send().await.unwrap();
    (response.status(), response.json().await.unwrap())
}

fn request(http: &Client, server: &Server, path: &str, body: Option<Value>) -> reqwest::RequestBuilder {
    let url = format!("{}{path}", server.base);
    match body {
        Some(body) if path.starts_with("/api/targets/") && !path.ends_with("/check") => http.put(url).json(&body),
        Some(body) => http.post(url).json(&body),
        None => http.get(url),
    }
}
