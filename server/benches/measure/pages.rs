//! Server-rendered pages a second over a few keep-alive connections, beside the smallest answer of the same server.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use farol_api::paths;
use futures::future::try_join_all;
use reqwest::Client;
use reqwest::header::{COOKIE, SET_COOKIE};
use serde_json::{Value, json};

use crate::Effort;
use crate::process::Server;
use crate::table::{Series, Table};

/// How many connections ask at once.
const CONNECTIONS: usize = 4;
/// How many entries the room's timeline has beside its declaration.
const NOTES: usize = 40;

/// Asks for the room, the library and the room's data in turns.
pub async fn measure(effort: &Effort, table: &mut Table) -> anyhow::Result<()> {
    let folder = effort.folder()?;
    let mut server = Server::start(&folder.path().join("data")).await?;
    let visitor = Visitor::owner(&mut server).await?;
    let room = visitor.room().await?;
    let kinds = [
        ("floor: /healthz", "/healthz".to_owned()),
        ("the room's data as JSON", format!("/api/incidents/{room}")),
        ("room page, 8 steps and 40 notes", format!("/incidents/{room}")),
        ("library page", paths::runbooks()),
    ];
    let mut all = Vec::new();
    for (name, path) in &kinds {
        let bytes = visitor.get(path).await?;
        all.push(Series::new(format!("{name} ({bytes} bytes)"), "/s"));
    }
    let span = Duration::from_millis(if effort.quick { 200 } else { 1500 });
    for _ in 0..effort.turns(7) {
        for (series, (_, path)) in all.iter_mut().zip(&kinds) {
            series.push(visitor.load(path, span).await?);
        }
    }
    let mut loaded = Series::new("resident after that load: server", "MB");
    loaded.push(server.memory()?.resident);
    server.end().await?;
    let [floor, data, page, library] = all.as_slice() else { return Ok(()) };
    table.add(floor, &[]);
    table.add(data, &[floor]);
    table.add(page, &[floor, data]);
    table.add(library, &[floor]);
    table.add(&loaded, &[]);
    Ok(())
}

/// The owner, logged in.
struct Visitor {
    address: SocketAddr,
    http: Client,
    cookie: String,
}

impl Visitor {
    async fn owner(server: &mut Server) -> anyhow::Result<Self> {
        let token = server.token().await?;
        let mut visitor = Self { address: server.address, http: Client::new(), cookie: String::new() };
        let owner = json!({
            "token": token, "email": "owner@example.com", "name": "Olga", "password": "a lighthouse at night",
        });
        let answer = visitor.post("/api/setup", &owner).await?;
        let cookies = answer.headers().get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        let cookies = cookies.filter_map(|cookie| cookie.split(';').next());
        visitor.cookie = cookies.collect::<Vec<_>>().join("; ");
        Ok(visitor)
    }

    /// Declares an incident by a shipped runbook and writes into its timeline.
    async fn room(&self) -> anyhow::Result<i64> {
        let declare = json!({ "title": "Orders are slow", "runbook": "shop-slow-query", "target": "demo" });
        let declared: Value = self.post("/api/incidents", &declare).await?.json().await?;
        let id = declared["id"].as_i64().context("an incident")?;
        for number in 1..=NOTES {
            let note = json!({ "text": format!("Note {number}: the queue grows by a hundred a minute.") });
            self.post(&format!("/api/incidents/{id}/notes"), &note).await?;
        }
        Ok(id)
    }

    async fn post(&self, path: &str, body: &Value) -> anyhow::Result<reqwest::Response> {
        let request = self.http.post(format!("http://{}{path}", self.address)).header(COOKIE, &self.cookie);
        let answer = request.json(body).send().await?;
        ensure!(answer.status().is_success(), "POST {path}: {}", answer.status());
        Ok(answer)
    }

    async fn get(&self, path: &str) -> anyhow::Result<usize> {
        get(&self.http, &format!("http://{}{path}", self.address), &self.cookie).await
    }

    /// Asks again and again on each connection, and returns the answers a second.
    async fn load(&self, path: &str, span: Duration) -> anyhow::Result<f64> {
        let start = Instant::now();
        let url = format!("http://{}{path}", self.address);
        let connections = (0..CONNECTIONS).map(|_| tokio::spawn(ask(url.clone(), self.cookie.clone(), start + span)));
        let mut answers = 0;
        for asked in try_join_all(connections).await? {
            answers += asked?;
        }
        Ok(f64::from(answers) / start.elapsed().as_secs_f64())
    }
}

async fn ask(url: String, cookie: String, until: Instant) -> anyhow::Result<u32> {
    // A client of its own keeps a connection of its own.
    let http = Client::new();
    let mut answers = 0;
    while Instant::now() < until {
        get(&http, &url, &cookie).await?;
        answers += 1;
    }
    Ok(answers)
}

async fn get(http: &Client, url: &str, cookie: &str) -> anyhow::Result<usize> {
    let answer = http.get(url).header(COOKIE, cookie).send().await?;
    ensure!(answer.status().as_u16() == 200, "GET {url}: {}", answer.status());
    Ok(answer.bytes().await?.len())
}
