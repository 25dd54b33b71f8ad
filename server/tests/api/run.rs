//! `farol run`, as a process of its own.

use std::process::Output;

use farol_api::user::Role;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::common::{Client, TestApp, binary};

const RUNBOOK: &str = "# Stock is wrong\n\n1. See the stock:\n\n   ```sql {id=see}\n   SELECT id, name FROM stock WHERE id = <product>;\n   ```\n\n\
     2. Say hello:\n\n   ```bash {id=hello}\n   echo \"$GREETING from the shell\"\n   ```\n\n\
     3. Tell the warehouse about it\n\n\
     4. Count again:\n\n   ```sql {id=count}\n   UPDATE stock SET \"left\" = 0 WHERE id = 2;\n   ```\n";

struct Scene {
    app: TestApp,
    owner: Client,
    token: String,
}

impl Scene {
    async fn new(environment: &str) -> Self {
        let app = TestApp::start().await;
        let owner = app.owner().await;
        app.sqlite_target(&owner, "shop", environment).await;
        let saved = owner.post("/api/runbooks", &json!({ "id": "stock", "source": RUNBOOK })).await;
        assert_eq!(saved.status, StatusCode::CREATED, "{}", saved.body);
        let made = owner.post("/api/tokens", &json!({ "name": "pipeline", "scope": "respond" })).await;
        let token = made.value()["secret"].as_str().unwrap().to_owned();
        Self { app, owner, token }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.arg("run").args(arguments).env_clear().env("FAROL_TOKEN", &self.token);
        command.current_dir(self.app.folder.path()).stdin(std::process::Stdio::null()).kill_on_drop(true);
        command
    }

    fn beside(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(arguments);
        command.env("FAROL_SERVER", format!("http://{}", self.app.address));
        command
    }

    /// What the target has left of the second product.
    fn left(&self) -> String {
        let file = self.app.folder.path().join("shop.db");
        let asked =
            std::process::Command::new("sqlite3").arg(file).arg("select \"left\" from stock where id = 2").output();
        String::from_utf8(asked.unwrap().stdout).unwrap().trim().to_owned()
    }

    async fn incidents(&self) -> usize {
        self.owner.get("/api/incidents").await.value().as_array().unwrap().len()
    }
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect()
}

fn of<'v>(lines: &'v [Value], kind: &str) -> Vec<&'v Value> {
    lines.iter().filter(|line| line["type"] == kind).collect()
}

const ALL: [&str; 10] = [
    "stock",
    "--target",
    "shop",
    "--param",
    "product=2",
    "--yes",
    "--confirm-target",
    "shop",
    "--skip-manual",
    "nobody here",
];

#[tokio::test]
async fn a_pipeline_walks_a_runbook_and_the_record_says_so() {
    let scene = Scene::new("sandbox").await;
    let reason = ["--reason", "nightly"];
    let done = scene.beside(&[&ALL[..], &reason].concat()).output().await.unwrap();
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    let said = lines(&done);
    let outputs = of(&said, "output").iter().map(ToString::to_string).collect::<String>();
    assert!(outputs.contains("hello from the shell") && outputs.contains("lens"), "{outputs}");
    assert_eq!(of(&said, "finished").len(), 3);
    assert_eq!(said.last().unwrap()["code"], 0);
    let incident = of(&said, "incident")[0]["incident"].as_i64().unwrap();
    let room = scene.owner.get(&format!("/api/incidents/{incident}")).await.value();
    assert_eq!(room["state"]["steps"]["count"]["status"], "succeeded");
    let skipped = room["state"]["steps"].as_object().unwrap().values().find(|step| step["status"] == "skipped");
    assert_eq!(skipped.unwrap()["reason"], "nobody here");
}

#[tokio::test]
async fn without_a_server_it_is_the_engine_itself() {
    let scene = Scene::new("sandbox").await;
    let mut command = scene.command(&[&ALL[..], &["--reason", "nightly", "--format", "text"]].concat());
    command.env("FAROL_DATA", &scene.app.app.config.data);
    let done = command.output().await.unwrap();
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(String::from_utf8_lossy(&done.stdout).contains("hello from the shell"));
    assert_eq!(scene.incidents().await, 1, "it is in the same store");
}

/// Each says what is missing, ends with the code of its kind, and runs nothing.
#[tokio::test]
async fn what_is_missing_is_said_and_nothing_runs() {
    let scene = Scene::new("sandbox").await;
    scene.owner.post("/api/runbooks", &json!({ "id": "empty", "source": "# Empty\n\nNothing to do.\n" })).await;
    let cases: [(&[&str], i32, &str); 8] = [
        (&["stock", "--target", "shop"], 3, "--param product=VALUE"),
        (&["stock", "--target", "shop", "--step", "count"], 3, "--yes"),
        (&["stock", "--step", "see", "--param", "product=1"], 3, "no target"),
        (&["stock", "--target", "shop", "--step", "nonsense"], 2, "no step nonsense"),
        (&["empty"], 2, "no steps"),
        (&["nowhere"], 2, "no runbook nowhere"),
        (&["../stock.md"], 2, "farol import"),
        (&["stock", "--target", "shop", "--param", "product"], 2, "NAME=VALUE"),
    ];
    for (arguments, code, words) in cases {
        let done = scene.beside(arguments).output().await.unwrap();
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!((done.status.code(), said.contains(words)), (Some(code), true), "{arguments:?}: {said}");
        assert!(of(&lines(&done), "finished").is_empty(), "{arguments:?}");
    }
    let mut nowhere = scene.command(&["stock"]);
    let done = nowhere.env("FAROL_SERVER", "http://127.0.0.1:1").output().await.unwrap();
    assert_eq!(done.status.code(), Some(2));
    let mut readable = scene.command(&["stock"]);
    let done = readable.env("FAROL_SERVER", "http://farol.example.com").output().await.unwrap();
    assert!(done.status.code() == Some(2) && String::from_utf8_lossy(&done.stderr).contains("https"));
    let mut nobody = scene.beside(&["stock"]);
    let done = nobody.env_remove("FAROL_TOKEN").output().await.unwrap();
    assert!(done.status.code() == Some(2) && String::from_utf8_lossy(&done.stderr).contains("FAROL_TOKEN"));
    let mut wrong = scene.beside(&["stock", "--lang", "pt-BR"]);
    let done = wrong.env("FAROL_TOKEN", "farol_wrong").output().await.unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.code() == Some(2) && said.contains("não conhece o token em FAROL_TOKEN"), "{said}");
    let before = scene.incidents().await;
    for (name, value, words) in [
        ("FAROL_TOKEN", "farol_a\nb", "FAROL_TOKEN holds more than a token"),
        ("FAROL_TOKEN", " \n", "FAROL_TOKEN is not set"),
        ("FAROL_SERVER", "farol.example.com", "farol.example.com is no address of a server"),
        ("FAROL_SERVER", "ftp://farol.example.com", "is no address of a server"),
    ] {
        let done = scene.beside(&["stock"]).env(name, value).output().await.unwrap();
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!((done.status.code(), said.contains(words)), (Some(2), true), "{value:?}: {said}");
    }
    assert_eq!(scene.incidents().await, before, "nothing was declared");
}

/// Whoever runs it in a pipeline reads which value to mend, and how.
#[tokio::test]
async fn a_value_that_is_refused_is_named_with_the_reason() {
    let scene = Scene::new("sandbox").await;
    let source = "# Look\n\n```bash\nls -d <folder>\n```\n\n```sql\nSELECT id FROM <table>;\n```\n";
    scene.owner.post("/api/runbooks", &json!({ "id": "look", "source": source })).await;
    for (folder, table, words) in [
        ("--recursive", "stock", "folder: The value may not begin with -"),
        ("/", "", "table: The value has to be one name"),
    ] {
        let (folder, table) = (format!("folder={folder}"), format!("table={table}"));
        let arguments = ["look", "--target", "shop", "--param", &folder, "--param", &table];
        let done = scene.beside(&arguments).output().await.unwrap();
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!((done.status.code(), said.contains(words)), (Some(3), true), "{said}");
    }
}

/// A file that a token was read from ends with a line break.
#[tokio::test]
async fn why_a_step_failed_is_said_and_so_is_that_the_output_found_no_place() {
    let scene = Scene::new("sandbox").await;
    let text = ["stock", "--target", "shop", "--step", "see", "--param", "product=1", "--format", "text"];
    let mut command = scene.beside(&text);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    command.env("FAROL_TOKEN", format!("{}\n", scene.token)).stdout(full).stderr(std::process::Stdio::piped());
    let done = command.spawn().unwrap().wait_with_output().await.unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(
        (done.status.code(), said.contains("Not all of the output could be written")),
        (Some(2), true),
        "{said}"
    );
    assert!(said.contains("succeeded"), "the step ran: {said}");

    std::fs::remove_file(scene.app.folder.path().join("shop.db")).unwrap();
    let done = scene.beside(&text).output().await.unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!((done.status.code(), said.contains("The target did not answer.")), (Some(1), true), "{said}");
}

#[tokio::test]
async fn a_dry_run_shows_what_each_step_takes_and_records_nothing() {
    let scene = Scene::new("production").await;
    let done = scene.beside(&["stock", "--target", "shop", "--dry-run"]).output().await.unwrap();
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    let said = lines(&done);
    let planned = of(&said, "planned");
    assert_eq!(planned.len(), 4);
    assert_eq!((&planned[0]["step"], &planned[0]["missing"]), (&json!("see"), &json!(["product"])));
    assert_eq!((&planned[3]["requirement"]["approvals"], &planned[3]["risk"]["class"]), (&json!(1), &json!("write")));
    assert_eq!(scene.incidents().await, 0);
}

#[tokio::test]
async fn a_write_in_production_waits_for_another_person() {
    let scene = Scene::new("production").await;
    let paul = scene.app.person(&scene.owner, "Paul Approver", Role::Approver).await;
    let arguments = ["stock", "--target", "shop", "--step", "count", "--yes", "--commit"];
    let running = scene.beside(&arguments).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let waiting = loop {
        let waiting = paul.get("/api/approvals").await.value();
        if let Some(waiting) = waiting.as_array().and_then(|all| all.first()) {
            break waiting.clone();
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    let (incident, attempt) = (&waiting["incident_id"], waiting["request"]["attempt"].as_str().unwrap());
    let path = format!("/api/incidents/{incident}/attempts/{attempt}/approval");
    let own = scene.owner.post(&path, &json!({ "digest": waiting["request"]["digest"] })).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN, "the one whose token asked does not approve: {}", own.body);
    let approved = paul.post(&path, &json!({ "digest": waiting["request"]["digest"] })).await;
    assert_eq!(approved.status, StatusCode::OK, "{}", approved.body);
    let done = running.wait_with_output().await.unwrap();
    assert_eq!(done.status.code(), Some(0));
    let said = lines(&done);
    assert_eq!(of(&said, "waiting").len(), 1);
    assert_eq!(of(&said, "held")[0]["held"]["statements"][0]["rows"], 1);
}

/// In a pipeline nobody presses a button: it is said beforehand, or it is rolled back.
#[tokio::test]
async fn what_is_held_is_decided_as_it_was_said_beforehand() {
    let scene = Scene::new("sandbox").await;
    let held = ["stock", "--target", "shop", "--step", "count", "--yes", "--hold", "yes"];
    for (more, code, after) in [(&[][..], 3, "-1"), (&["--roll-back"], 1, "-1"), (&["--commit"], 0, "0")] {
        let arguments: Vec<_> = held.iter().chain(more).copied().collect();
        let done = scene.beside(&arguments).output().await.unwrap();
        assert_eq!(done.status.code(), Some(code), "{more:?} {}", String::from_utf8_lossy(&done.stderr));
        assert_eq!((of(&lines(&done), "held").len(), scene.left().as_str()), (1, after), "{more:?}");
    }
    let arguments: Vec<_> = held.iter().chain(&["--roll-back", "--format", "text"]).copied().collect();
    let said = String::from_utf8(scene.beside(&arguments).output().await.unwrap().stderr).unwrap();
    let (later, ended) = (said.find("Once committed, "), said.find("→"));
    assert!(later.is_some() && later < ended, "whether it can be undone is said while it can be decided: {said}");
}

/// A pipeline with a slip in its arguments leaves no open incident behind.
#[tokio::test]
async fn what_does_not_fit_the_runbook_is_wrong_use_and_declares_nothing() {
    let scene = Scene::new("sandbox").await;
    let source = "# Way\n\n## Option A\n\n1. Look at a\n\n## Option B\n\n1. Look at b\n";
    scene.owner.post("/api/runbooks", &json!({ "id": "way", "source": source })).await;
    let cases: [(&[&str], &str); 7] = [
        (&["--param", "produkt=1"], "no parameter produkt; there are: product"),
        (&["--param", "product=@no-such-file"], "--param product"),
        (&["--step", "see", "--step", "sea"], "no step sea"),
        (&["--step", "sea", "--dry-run"], "no step sea"),
        (&["--choose", "see=1"], "no decision see"),
        (&["--target", "nowhere"], "target"),
        (&["--incident", "1", "--title", "Other"], "--title"),
    ];
    for (arguments, words) in cases {
        let arguments = [&["stock"], arguments].concat();
        let done = scene.beside(&arguments).output().await.unwrap();
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!((done.status.code(), said.contains(words)), (Some(2), true), "{arguments:?}: {said}");
    }
    assert_eq!(scene.incidents().await, 0);
}

/// An incident has its runbook and its target: that another one is named must not go unsaid.
#[tokio::test]
async fn an_incident_is_gone_on_with_as_it_is_or_not_at_all() {
    let scene = Scene::new("production").await;
    scene.app.sqlite_target(&scene.owner, "rehearsal", "sandbox").await;
    let declare = json!({ "title": "It is down", "runbook": "stock", "target": "shop" });
    assert_eq!(scene.owner.post("/api/incidents", &declare).await.status, StatusCode::CREATED);
    let see = ["--incident", "1", "--step", "see", "--param", "product=1"];
    for other in [&["--target", "rehearsal"][..], &["other"], &["--target", "rehearsal", "--dry-run"]] {
        let done = scene.beside(&[&see[..], other].concat()).output().await.unwrap();
        assert_eq!(done.status.code(), Some(2), "{other:?}: {}", String::from_utf8_lossy(&done.stderr));
        assert!(of(&lines(&done), "finished").is_empty(), "{other:?}");
    }
    let done = scene.beside(&[&see[..], &["stock", "--target", "shop"]].concat()).output().await.unwrap();
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
}

impl Scene {
    /// Begins a write that waits for approval; returns it with the attempt's address.
    async fn waiting(&self) -> (tokio::process::Child, String) {
        self.until_waiting(self.beside(&["stock", "--target", "shop", "--step", "count", "--yes", "--commit"])).await
    }

    async fn until_waiting(&self, mut command: Command) -> (tokio::process::Child, String) {
        let mut running = command.kill_on_drop(true).stdout(std::process::Stdio::piped()).spawn().unwrap();
        let waiting = loop {
            assert!(running.try_wait().unwrap().is_none(), "it ended without asking for approval");
            let waiting = self.owner.get("/api/approvals").await.value();
            if let Some(waiting) = waiting.as_array().and_then(|all| all.first()) {
                break waiting.clone();
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        };
        let attempt = waiting["request"]["attempt"].as_str().unwrap();
        (running, format!("/api/incidents/{}/attempts/{attempt}", waiting["incident_id"]))
    }
}

/// The step may still be approved and run: that is no wrong use, and nothing that has failed.
#[tokio::test]
async fn a_token_that_ends_while_a_step_is_under_way_leaves_its_end_unknown() {
    let scene = Scene::new("production").await;
    let (running, attempt) = scene.waiting().await;
    let sessions = scene.owner.get("/api/sessions").await.value();
    let token = sessions.as_array().unwrap().iter().find(|session| session["user_agent"] == "pipeline").unwrap();
    let path = format!("/api/sessions/{}", token["id"].as_str().unwrap());
    let ended = scene.owner.send::<()>(reqwest::Method::DELETE, &path, None, &[]).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT, "{}", ended.body);
    let done = running.wait_with_output().await.unwrap();
    assert_eq!((done.status.code(), &lines(&done).last().unwrap()["code"]), (Some(4), &json!(4)));
    assert_eq!(scene.owner.get(&attempt).await.value()["attempt"]["status"], "awaiting_approval");
}

/// A pipeline that is cancelled sends SIGTERM, where a person presses Ctrl-C or closes the terminal.
#[tokio::test]
async fn a_pipeline_that_is_cancelled_withdraws_what_it_asked_for() {
    for signal in ["-TERM", "-INT", "-HUP"] {
        let scene = Scene::new("production").await;
        let (running, attempt) = scene.waiting().await;
        let id = running.id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args([signal, &id]).status().unwrap().success());
        let done = running.wait_with_output().await.unwrap();
        assert_eq!((done.status.code(), &lines(&done).last().unwrap()["code"]), (Some(1), &json!(1)), "{signal}");
        let ended = scene.owner.get(&attempt).await.value();
        assert_eq!(ended["attempt"]["result"]["failure"], "withdrawn", "{signal}");
    }
}

/// Without its terminal it goes on, because that is what `nohup` is for.
#[tokio::test]
async fn who_ignores_the_end_of_the_terminal_is_left_alone() {
    let scene = Scene::new("production").await;
    let arguments = ["stock", "--target", "shop", "--step", "count", "--yes", "--commit"];
    let mut ignoring = Command::new("sh");
    ignoring.args(["-c", "trap '' HUP; exec \"$@\"", "sh"]).arg(binary()).arg("run").args(arguments).env_clear();
    ignoring.env("FAROL_TOKEN", &scene.token).env("FAROL_SERVER", format!("http://{}", scene.app.address));
    let (mut running, attempt) = scene.until_waiting(ignoring).await;
    let id = running.id().unwrap().to_string();
    let kill = |signal: &str| std::process::Command::new("kill").args([signal, &id]).status().unwrap();
    assert!(kill("-HUP").success());
    // Longer than it looks again, and what it would have asked for is in the record before the process ends.
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    assert!(running.try_wait().unwrap().is_none());
    assert_eq!(scene.owner.get(&attempt).await.value()["attempt"]["status"], "awaiting_approval");
    assert!(kill("-TERM").success());
    assert_eq!(running.wait().await.unwrap().code(), Some(1));
}

/// A question on a terminal keeps nobody from ending it, and nothing that was held stays.
#[tokio::test]
async fn a_signal_ends_a_question_that_nobody_answers() {
    for (signal, question) in
        [("-TERM", "Commit it?"), ("-HUP", "Commit it?"), ("-INT", "Commit it?"), ("-TERM", "Run it?")]
    {
        let scene = Scene::new("sandbox").await;
        let folder = scene.app.folder.path();
        let line =
            format!("echo $$ > pid; exec '{}' run stock --target shop --step count --hold yes", binary().display());
        let mut terminal = Command::new("script");
        terminal.args(["-qefc", &line, "said"]).current_dir(folder).kill_on_drop(true);
        terminal.env("FAROL_TOKEN", &scene.token).env("FAROL_SERVER", format!("http://{}", scene.app.address));
        terminal.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::null());
        let mut running = terminal.spawn().expect("script of util-linux is missing");
        if question == "Commit it?" {
            tokio::io::AsyncWriteExt::write_all(running.stdin.as_mut().unwrap(), b"y\n").await.unwrap();
        }
        let said = || std::fs::read_to_string(folder.join("said")).unwrap_or_default();
        while !said().contains(question) {
            assert!(running.try_wait().unwrap().is_none(), "{}", said());
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let id = std::fs::read_to_string(folder.join("pid")).unwrap();
        assert!(std::process::Command::new("kill").args([signal, id.trim()]).status().unwrap().success());
        let ended = running.wait().await.unwrap();
        let (code, words) = match question {
            "Run it?" => (3, "was not confirmed"),
            _ => (1, "rolled back"),
        };
        assert_eq!((ended.code(), said().contains(words)), (Some(code), true), "{signal} {question}: {}", said());
        assert_eq!(scene.left(), "-1", "{signal}");
    }
}

#[tokio::test]
async fn a_step_that_fails_ends_the_walk() {
    let scene = Scene::new("sandbox").await;
    let source = "# Broken\n\n```bash\n# 1. Fail\nls --no-such-option\n\n# 2. Never\necho never\n```\n";
    scene.owner.post("/api/runbooks", &json!({ "id": "bad", "source": source })).await;
    let all = ["bad", "--target", "shop", "--yes", "--confirm-target", "shop", "--reason", "x"];
    let done = scene.beside(&all).output().await.unwrap();
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    let said = lines(&done);
    assert_eq!(of(&said, "finished")[0]["result"]["exit_code"], 2);
    assert_eq!(of(&said, "step").len(), 1);
}
