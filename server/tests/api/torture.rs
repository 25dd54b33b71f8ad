//! The server is killed at every place where something was just decided, sent or written, and must be honest afterwards.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use farol_testkit::PostgresServer;
use futures::future::join_all;
use reqwest::Client;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::common::binary;
use crate::process::{Server, call, text};

/// No step passes so many places.
const PLACES: u32 = 60;
/// How many servers are tortured at once.
const AT_ONCE: usize = 4;
/// How long after its end a step in doubt is given to be asked about.
const ASKED: Duration = Duration::from_secs(8);
/// How long a lost server's step is waited for, in seconds. Long enough for a machine that is busy.
const LEASE: &str = "4";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A change, whose end Postgres can be asked about.
    Sql,
    /// A read, which is made ready before its intent is committed.
    Read,
    Shell,
}

/// A data folder with an owner and an open incident of one step, made once and copied for each turn.
struct Template {
    kind: Kind,
    folder: TempDir,
    cookie: String,
}

/// What is done to the server.
#[derive(Clone, Copy, Debug)]
enum Harm {
    /// It ends itself at the place with this number.
    At(u32),
    /// It is killed so long after the press.
    After(Duration),
}

impl Template {
    async fn new(kind: Kind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let http = Client::new();
        let mut server = Server::start(folder.path());
        let cookie = server.owner(&http).await;
        let command = match kind {
            Kind::Sql => "```sql\ninsert into marks values (1)\n```",
            Kind::Read => "```sql\nselect a from marks\n```",
            Kind::Shell => "```bash\necho ran >> \"$MARKS\"; echo one; bash -c \": $MARKS; sleep 0.2\"; echo two\n```",
        };
        let source = format!("# Mark\n\n1. Write a mark:\n\n{command}\n");
        call(
            &http,
            &server,
            &cookie,
            "/api/targets/box",
            Some(target(kind, "postgres://nobody@localhost/none", Path::new("/"))),
        )
        .await;
        call(&http, &server, &cookie, "/api/runbooks", Some(json!({ "id": "mark", "source": source }))).await;
        let declare = json!({ "title": "t", "runbook": "mark", "target": "box" });
        let (status, answer) = call(&http, &server, &cookie, "/api/incidents", Some(declare)).await;
        assert!(status.is_success(), "{answer}");
        server.kill();
        Self { kind, folder, cookie }
    }

    fn copy(&self) -> TempDir {
        let copy = tempfile::tempdir().unwrap();
        let from = format!("{}/.", self.folder.path().display());
        assert!(Command::new("cp").args(["-a", &from]).arg(copy.path()).status().unwrap().success());
        copy
    }
}

fn target(kind: Kind, url: &str, marks: &Path) -> Value {
    match kind {
        Kind::Sql | Kind::Read => json!({ "environment": "sandbox", "database": "postgres",
            "credentials": [{ "role": if kind == Kind::Read { "ro" } else { "rw" }, "url": url }],
            "timeout_seconds": 60 }),
        Kind::Shell => json!({ "environment": "sandbox", "shell": { "path": [], "env": { "MARKS": marks } },
            "timeout_seconds": 60 }),
    }
}

/// Where a step leaves its mark, outside of Farol.
struct Marks {
    kind: Kind,
    file: PathBuf,
    urls: Option<farol_testkit::TargetDatabase>,
}

impl Marks {
    async fn new(kind: Kind, folder: &Path, name: &str) -> Self {
        let urls = match kind {
            Kind::Shell => None,
            Kind::Sql | Kind::Read => {
                let urls = PostgresServer::shared().create_target(name).await;
                PostgresServer::shared().execute(&urls.name, "create table marks (a int)").await;
                Some(urls)
            }
        };
        Self { kind, file: folder.join("marks.txt"), urls }
    }

    fn target(&self) -> Value {
        let url = |urls: &farol_testkit::TargetDatabase| match self.kind {
            Kind::Read => urls.ro.clone(),
            Kind::Sql | Kind::Shell => urls.rw.clone(),
        };
        target(self.kind, &self.urls.as_ref().map(url).unwrap_or_default(), &self.file)
    }

    /// How often it ran. The server counts how often a table was read, and knows it of each connection that is gone.
    async fn count(&self) -> usize {
        match &self.urls {
            None => std::fs::read_to_string(&self.file).unwrap_or_default().lines().count(),
            Some(urls) => {
                let look = match self.kind {
                    Kind::Read => "select seq_scan from pg_stat_user_tables where relname = 'marks'",
                    Kind::Sql | Kind::Shell => "select count(*) from marks",
                };
                let mut boss = PgConnection::connect(&urls.superuser).await.unwrap();
                let count: i64 = sqlx::query_scalar(look).fetch_one(&mut boss).await.unwrap();
                usize::try_from(count).unwrap()
            }
        }
    }

    /// Whether something of the step is still there: a process of its script, or a connection of it.
    async fn is_something_left(&self) -> bool {
        match &self.urls {
            None => Command::new("pgrep").arg("-f").arg(&self.file).output().unwrap().status.success(),
            Some(urls) => {
                let mut boss = PgConnection::connect(&urls.superuser).await.unwrap();
                let look = format!(
                    "select count(*) from pg_stat_activity where datname = '{}' and pid <> pg_backend_pid()",
                    urls.name
                );
                let left: i64 = sqlx::query_scalar(AssertSqlSafe(look)).fetch_one(&mut boss).await.unwrap();
                left > 0
            }
        }
    }
}

fn start(folder: &Path, harm: Option<Harm>) -> Option<Server> {
    let mut command = Command::new(binary());
    command.arg("serve").env("FAROL_LEASE_SECONDS", LEASE).env_remove("FAROL_KILL_AT");
    match harm {
        Some(Harm::At(place)) => command.env("FAROL_KILL_AT", place.to_string()),
        Some(Harm::After(_)) => &mut command,
        None => command.env("FAROL_WARM_CONNECTIONS", "0"),
    };
    Server::try_start_by(&mut command, folder)
}

/// Presses *Run* on a server that may die any moment, and sees the step to its end; false where it died.
async fn press(http: &Client, server: &Server, cookie: &str, marks: &Marks) -> Option<()> {
    server.try_call(http, cookie, "/api/targets/box", Some(marks.target())).await?;
    let room = server.try_call(http, cookie, "/api/incidents/1", None).await?;
    let step = room["graph"]["nodes"][0]["id"].as_str()?.to_owned();
    let path = format!("/api/incidents/1/steps/{step}/attempts");
    let preview = server.try_call(http, cookie, &path, None).await?;
    let body = json!({ "digest": preview["digest"], "typed_target": "box", "confirmed": true, "reason": "test" });
    server.try_call(http, cookie, &path, Some(body)).await?;
    loop {
        let room = server.try_call(http, cookie, "/api/incidents/1", None).await?;
        if attempts(&room).iter().all(|attempt| attempt["status"] == "finished") {
            break;
        }
        sleep(Duration::from_millis(20)).await;
    }
    // Signs the record.
    server.try_call(http, cookie, "/api/incidents/1/checkpoint", None).await?;
    Some(())
}

fn attempts(room: &Value) -> Vec<Value> {
    room["state"]["attempts"].as_object().map(|attempts| attempts.values().cloned().collect()).unwrap_or_default()
}

/// Counts the events of a kind.
fn events(room: &Value, kind: &str) -> usize {
    let timeline = room["timeline"].as_array().unwrap();
    timeline.iter().filter(|event| event["kind"].get(kind).is_some()).count()
}

/// What became of a server and its step.
#[derive(Debug)]
struct Seen {
    /// Whether it was harmed at all.
    harmed: bool,
    /// How the attempt ended, where it was asked for.
    outcome: Option<String>,
    /// What the target said of it later.
    told: Option<&'static str>,
}

/// Does harm to one server and holds what is there afterwards against what must be.
async fn torture(template: &Template, harm: Harm, name: &str) -> Seen {
    // Farol's own folder is closed to scripts.
    let (folder, elsewhere) = (template.copy(), tempfile::tempdir().unwrap());
    let marks = Marks::new(template.kind, elsewhere.path(), name).await;
    let http = Client::new();
    let mut harmed = true;
    if let Some(mut server) = start(folder.path(), Some(harm)) {
        let pressed = press(&http, &server, &template.cookie, &marks);
        harmed = match harm {
            Harm::At(_) => pressed.await.is_none(),
            Harm::After(moment) => tokio::time::timeout(moment, pressed).await.is_err(),
        };
        server.kill();
    }
    let server = start(folder.path(), None).expect("a server that starts on what the other left");
    let room = settled(&http, &server, &template.cookie, &marks).await;
    let attempts = attempts(&room);
    let (sent, ended) = (events(&room, "attempt_dispatched"), events(&room, "attempt_finished"));
    let left = marks.count().await;
    let case = format!("{:?} {harm:?}: {attempts:#?}, {left} marks", template.kind);
    assert!(attempts.len() <= 1 && sent <= 1, "dispatched {sent} times: {case}");
    assert_eq!(ended, attempts.len(), "each has one end: {case}");
    assert!(left <= sent, "it ran without being dispatched, or twice: {case}");
    // What the database said is what is there.
    let told = ["step_done", "step_failed"].into_iter().find(|kind| events(&room, kind) > 0);
    if let Some(told) = told {
        assert_eq!(told == "step_done", left == 1, "{told}: {case}");
        assert_eq!(events(&room, "step_done") + events(&room, "step_failed"), 1, "it is said once: {case}");
    }
    let outcome = attempts.first().map(|attempt| attempt["result"]["outcome"].as_str().unwrap_or_default().to_owned());
    match outcome.as_deref() {
        Some("succeeded") => assert_eq!((left, told), (1, None), "{case}"),
        Some(outcome) => assert_eq!((outcome, harmed), ("outcome_unknown", true), "{case}"),
        None => assert_eq!((left, told), (0, None), "{case}"),
    }
    verify(&http, &server, &template.cookie, folder.path()).await;
    Seen { harmed, outcome, told }
}

/// Waits until no attempt runs and nothing of it is left.
async fn settled(http: &Client, server: &Server, cookie: &str, marks: &Marks) -> Value {
    let deadline = Instant::now() + Duration::from_secs(120);
    let mut quiet: Option<Instant> = None;
    loop {
        let (_, room) = call(http, server, cookie, "/api/incidents/1", None).await;
        let over = attempts(&room).iter().all(|attempt| attempt["status"] == "finished");
        // What died after its transaction had a number is asked about; before that there is nothing to ask.
        let unknown = attempts(&room).iter().any(|attempt| attempt["result"]["outcome"] == "outcome_unknown");
        let told = events(&room, "step_done") + events(&room, "step_failed") > 0;
        let asked = marks.kind != Kind::Sql || !unknown || told || quiet.is_some_and(|since| since.elapsed() > ASKED);
        quiet = if over { quiet.or(Some(Instant::now())) } else { None };
        if over && asked && !marks.is_something_left().await {
            return room;
        }
        assert!(Instant::now() < deadline, "it is never over: {:#?}", attempts(&room));
        sleep(Duration::from_millis(100)).await;
    }
}

async fn verify(http: &Client, server: &Server, cookie: &str, folder: &Path) {
    let bundle = folder.join("r.ndjson");
    std::fs::write(&bundle, text(http, server, cookie, "/api/incidents/1/record").await).unwrap();
    let farol = |arguments: &[&str]| Command::new(binary()).args(arguments).env("FAROL_DATA", folder).output();
    let keys = String::from_utf8(farol(&["keys"]).unwrap().stdout).unwrap();
    let verified = farol(&["verify", bundle.to_str().unwrap(), "--key", keys.lines().nth(1).unwrap()]).unwrap();
    assert_eq!(verified.status.code(), Some(0), "{}", String::from_utf8_lossy(&verified.stdout));
}

/// Kills a server at each place in turn, until one passes no further place.
async fn everywhere(kind: Kind) -> Vec<Seen> {
    let template = std::sync::Arc::new(Template::new(kind).await);
    let mut turns = JoinSet::new();
    let (mut next, mut unharmed, mut all) = (1, None, Vec::new());
    while unharmed.is_none() || !turns.is_empty() {
        while unharmed.is_none() && turns.len() < AT_ONCE {
            let (template, place) = (template.clone(), next);
            let name = format!("torture_{kind:?}_{place}").to_lowercase();
            turns.spawn(async move { (place, torture(&template, Harm::At(place), &name).await) });
            next += 1;
            assert!(next < PLACES, "a step never passes so many places");
        }
        let (place, seen) = turns.join_next().await.unwrap().unwrap();
        if !seen.harmed {
            unharmed = Some(unharmed.unwrap_or(place).min(place));
        }
        all.push(seen);
    }
    assert!(unharmed.unwrap() > 10, "the places are not passed: {unharmed:?}");
    all
}

/// Tells whether a server died so that this became of its step.
fn has(all: &[Seen], outcome: Option<&str>, told: Option<&str>) -> bool {
    all.iter().any(|seen| seen.harmed && seen.outcome.as_deref() == outcome && seen.told == told)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_anywhere_in_a_statement_is_honest_about_it() {
    let all = everywhere(Kind::Sql).await;
    // Each of what can become of it is seen, or what is asserted of it was never asserted: nobody was asked, what waited was
    // run by the next server, what was undone and what was committed was told, and what had no number yet is not known.
    for (outcome, told) in [
        (None, None),
        (Some("succeeded"), None),
        (Some("outcome_unknown"), Some("step_failed")),
        (Some("outcome_unknown"), Some("step_done")),
        (Some("outcome_unknown"), None),
    ] {
        assert!(has(&all, outcome, told), "{outcome:?}, {told:?}: {all:#?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_anywhere_in_a_read_is_honest_about_it() {
    let all = everywhere(Kind::Read).await;
    for outcome in [None, Some("succeeded"), Some("outcome_unknown")] {
        assert!(has(&all, outcome, None), "{outcome:?}: {all:#?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_anywhere_in_a_script_is_honest_about_it() {
    let all = everywhere(Kind::Shell).await;
    for outcome in [None, Some("succeeded"), Some("outcome_unknown")] {
        assert!(has(&all, outcome, None), "{outcome:?}: {all:#?}");
    }
}

/// Many servers, each killed at a moment that the seed gives: as many as `make torture` asks for, else none.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_killed_at_any_moment_are_honest_about_it() {
    let number =
        |name: &str, otherwise: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let (seed, count) = (number("FAROL_TORTURE_SEED", 1), number("FAROL_TORTURE_COUNT", 0));
    if count == 0 {
        return;
    }
    let kinds = [Kind::Sql, Kind::Shell, Kind::Read];
    let templates: Vec<_> = join_all(kinds.map(Template::new)).await.into_iter().map(std::sync::Arc::new).collect();
    let mut turns = JoinSet::new();
    for turn in 0..count {
        let drawn = draw(seed, turn);
        let (template, moment) = (templates[(drawn % 3) as usize].clone(), Duration::from_millis((drawn >> 2) % 900));
        if turns.len() >= AT_ONCE {
            turns.join_next().await.unwrap().unwrap();
        }
        turns.spawn(async move {
            let seen = torture(&template, Harm::After(moment), &format!("torment_{turn}")).await;
            eprintln!("turn {turn} of seed {seed}: {:?} killed after {moment:?}: {seen:?}", template.kind);
        });
    }
    turns.join_all().await;
}

/// The numbers of a seed: splitmix64.
fn draw(seed: u64, turn: u64) -> u64 {
    let mut z = seed.wrapping_add((turn + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
