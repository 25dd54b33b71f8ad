//! Erasing what an incident holds: everything that showed it says so, and the record stays proved.

use std::process::{Command, Output};

use farol_api::user::Role;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::common::{Answer, Client, TestApp, binary};
use crate::live::frames;

const RUNBOOK: &str = "# Rows\n\n1. A few:\n\n   ```sql\n   select id, name from stock order by id;\n   ```\n\n\
     2. Many:\n\n   ```sql\n   with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000) select i, 'lamp' as t from n;\n   ```\n";

/// What is to be read nowhere afterwards: from the first step's rows, and from a note.
const ROW: &str = "lens";
const TEXT: &str = "Maria of the third floor";

struct Case {
    app: TestApp,
    owner: Client,
    rita: Client,
    incident: i64,
    /// The attempts of the runbook's two steps.
    attempts: [String; 2],
    /// The number of the note.
    noted: i64,
}

/// An incident in which two reads ran, one of them with a file, and somebody wrote a note.
async fn case() -> Case {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let rita = app.person(&owner, "Rita Responder", Role::Responder).await;
    app.sqlite_target(&owner, "shop", "sandbox").await;
    let incident = app.incident(&owner, &rita, "rows", RUNBOOK, "shop").await;
    let room = rita.get(&format!("/api/incidents/{incident}")).await.value();
    let mut attempts = Vec::new();
    for node in room["graph"]["nodes"].as_array().unwrap() {
        let step = node["id"].as_str().unwrap();
        let started = rita.start(incident, step, "").await;
        assert_eq!(started.status, StatusCode::ACCEPTED, "{}", started.body);
        rita.wait_for_step(incident, step, "succeeded").await;
        attempts.push(started.value()["attempt"].as_str().unwrap().to_owned());
    }
    let note = rita.post(&format!("/api/incidents/{incident}/notes"), &json!({ "text": TEXT })).await;
    let noted = note.value()["events"][0]["seq"].as_i64().unwrap();
    Case { app, owner, rita, incident, attempts: attempts.try_into().unwrap(), noted }
}

impl Case {
    fn path(&self, what: &str) -> String {
        format!("/api/incidents/{}{what}", self.incident)
    }

    async fn erase(&self, by: &Client, body: Value) -> Answer {
        let mut whole = json!({ "reason": "she asked for it", "typed": format!("INC-{}", self.incident) });
        whole.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        by.post(&self.path("/erasures"), &whole).await
    }

    /// All that somebody is shown of the incident, by address.
    async fn shown(&self) -> Vec<(String, String)> {
        let [few, _] = &self.attempts;
        let mut shown = Vec::new();
        for path in [
            self.path(""),
            self.path("/events"),
            self.path("/after"),
            self.path("/record"),
            self.path("/postmortem.md"),
            self.path("/postmortem.html"),
            self.path(&format!("/attempts/{few}")),
            self.path(&format!("/attempts/{few}/output")),
            format!("/incidents/{}", self.incident),
            format!("/incidents/{}/after", self.incident),
            format!("/incidents/{}/attempts/{few}", self.incident),
        ] {
            let answer = self.rita.get(&path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
            shown.push((path, answer.body));
        }
        shown
    }

    fn farol(&self, arguments: &[&str]) -> Output {
        let data = self.app.folder.path().join("data");
        Command::new(binary())
            .args(arguments)
            .current_dir(self.app.folder.path())
            .env("FAROL_DATA", data)
            .output()
            .unwrap()
    }

    async fn verified(&self) -> Value {
        let record = self.rita.get(&self.path("/record")).await;
        std::fs::write(self.app.folder.path().join("r.ndjson"), record.body).unwrap();
        let key = self.app.app.store.signing_key().await.unwrap().to_string();
        let verified = self.farol(&["verify", "r.ndjson", "--key", &key, "--format", "json"]);
        serde_json::from_slice(&verified.stdout).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_erased_is_said_to_be_wherever_it_was_shown_and_the_record_is_proved() {
    let case = case().await;
    let [few, many] = &case.attempts;
    let before = case.verified().await;
    let kept = case.rita.get(&case.path("/checkpoint")).await.body;
    assert!(case.shown().await.iter().any(|(_, body)| body.contains(ROW)));

    for body in [json!({ "attempt": few }), json!({ "attempt": many }), json!({ "seq": case.noted })] {
        let erased = case.erase(&case.owner, body).await;
        assert_eq!(erased.status, StatusCode::OK, "{}", erased.body);
        let kind = &erased.value()["events"][0]["kind"]["payload_erased"];
        assert_eq!(kind["reason"], "she asked for it");
    }
    for (path, body) in case.shown().await {
        assert!(!body.contains(ROW) && !body.contains(TEXT), "{path}: {body}");
        if !path.ends_with("/record") {
            assert!(body.contains("she asked for it"), "{path}: {body}");
        }
        // In both languages where nobody knows who reads it; else in the reader's.
        assert_eq!(body.contains("Apagado por"), path.ends_with("/events"), "{path}: {body}");
    }
    // Every place says who and when, in the reader's language where it knows one.
    let mut reader = case.rita.clone();
    reader.language = "pt-BR";
    let page = reader.get(&format!("/incidents/{}/attempts/{few}", case.incident)).await.body;
    assert!(page.contains("Apagado por Olga Owner em ") && page.contains("she asked for it"), "{page}");
    for (attempt, format) in [(few, "csv"), (few, "ndjson"), (many, "csv")] {
        let gone = case.rita.get(&case.path(&format!("/attempts/{attempt}/result.{format}"))).await;
        assert_eq!((gone.status, gone.code().as_str()), (StatusCode::GONE, "erased"), "{}", gone.body);
        let detail = gone.value()["detail"].as_str().unwrap().to_owned();
        assert!(detail.starts_with("Erased by Olga Owner on ") && detail.contains("she asked for it"), "{detail}");
    }
    let files = std::fs::read_dir(case.app.app.config.results()).unwrap().count();
    assert_eq!(files, 0, "the file of the long result is gone");

    let report = case.verified().await;
    assert_eq!(report["verdict"], "proved", "{report:#}");
    let erased: Vec<_> = report["remarks"].as_array().unwrap().iter().filter(|r| r["code"] == "erased").collect();
    assert_eq!(erased.len(), 3, "{report:#}");
    assert!(erased.iter().all(|remark| remark["by"] == "Olga Owner" && remark["reason"] == "she asked for it"));
    assert_eq!(report["entries"].as_i64().unwrap(), before["entries"].as_i64().unwrap() + 3);
    std::fs::write(case.app.folder.path().join("kept.txt"), kept).unwrap();
    let key = case.app.app.store.signing_key().await.unwrap().to_string();
    let agreed = case.farol(&["verify", "r.ndjson", "--key", &key, "--checkpoint", "kept.txt", "--lang", "pt-BR"]);
    let said = String::from_utf8(agreed.stdout).unwrap();
    assert_eq!(agreed.status.code(), Some(0), "{said}");
    assert!(said.contains("guardado em outro lugar") && said.contains("Apagado por Olga Owner em "), "{said}");
}

/// Whoever reads on from anywhere before the end is told, and gets nothing of it again.
#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_goes_on_after_an_erasure_tells_of_it() {
    let case = case().await;
    let erased = case.erase(&case.owner, json!({ "attempt": case.attempts[0] })).await;
    assert_eq!(erased.status, StatusCode::OK, "{}", erased.body);
    let last = erased.value()["events"][0]["seq"].as_i64().unwrap();
    for from in ["0.0", "2.1", "3.2"] {
        let seen = frames(&case.rita, case.incident, Some(from), 2).await;
        let text = serde_json::to_string(&seen.iter().map(|(_, frame)| frame).collect::<Vec<_>>()).unwrap();
        assert!(!text.contains(ROW), "{text}");
    }
    let at = format!("{}.0", last - 1);
    let seen = frames(&case.rita, case.incident, Some(&at), 2).await;
    assert!(seen[0].1["event"]["kind"]["payload_erased"].is_object(), "{seen:?}");
    let placed = seen[1].1["output"]["content"]["stdout"]["text"].as_str().unwrap();
    assert!(placed.contains("Erased by Olga Owner on ") && placed.contains("Apagado por Olga Owner em "), "{placed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_may_erases_and_only_what_they_typed_the_incident_of() {
    let case = case().await;
    let few = json!({ "attempt": case.attempts[0] });
    let author = case.app.person(&case.owner, "Ana Author", Role::Author).await;
    for nobody in [&case.rita, &author] {
        let refused = case.erase(nobody, few.clone()).await;
        assert_eq!((refused.status, refused.code().as_str()), (StatusCode::FORBIDDEN, "forbidden"));
    }
    let made = case.owner.post("/api/tokens", &json!({ "name": "p", "scope": "respond" })).await.value();
    let bearer = format!("Bearer {}", made["secret"].as_str().unwrap());
    let body = json!({ "attempt": case.attempts[0], "reason": "x", "typed": "INC-1" });
    let post = reqwest::Method::POST;
    let visitor = case.app.visitor();
    let refused = visitor.send(post, &case.path("/erasures"), Some(&body), &[("authorization", &bearer)]).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::FORBIDDEN, "beyond_token"));
    for (body, code) in [
        (json!({ "attempt": case.attempts[0], "typed": "INC-2" }), "incident_not_typed"),
        (json!({ "attempt": case.attempts[0], "reason": " " }), "reason_needed"),
        (json!({ "seq": 1 }), "nothing_to_erase"),
        (json!({ "seq": 999 }), "unknown_entry"),
        (json!({}), "invalid"),
        (json!({ "seq": 1, "attempt": case.attempts[0] }), "invalid"),
    ] {
        let refused = case.erase(&case.owner, body.clone()).await;
        assert_eq!(refused.code(), code, "{body}: {}", refused.body);
    }
    assert!(case.shown().await.iter().any(|(_, body)| body.contains(ROW)), "nothing was erased");
    // Twice is once.
    let admin = case.app.person(&case.owner, "Adam Admin", Role::Admin).await;
    assert_eq!(case.erase(&admin, few.clone()).await.value()["events"].as_array().unwrap().len(), 1);
    assert_eq!(case.erase(&admin, few).await.value()["events"], json!([]));
}

/// Without a script, and by those alone who may.
#[tokio::test(flavor = "multi_thread")]
async fn an_admin_erases_by_a_form_and_types_the_incident() {
    let case = case().await;
    let page = format!("/incidents/{}/attempts/{}", case.incident, case.attempts[0]);
    assert!(!case.rita.get(&page).await.body.contains("Erase for good"));
    assert!(case.owner.get(&page).await.body.contains("Type INC-1 to confirm"));
    let action = format!("/form{}", case.path("/erasures"));
    let fields = |typed: &'static str| {
        [
            ("attempt", case.attempts[0].as_str()),
            ("reason", "she asked for it"),
            ("typed", typed),
            ("_return", page.as_str()),
        ]
    };
    let wrong = case.owner.form(&action, &[&fields("INC-11")[..], &[("_form", "erase-output")]].concat()).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("The incident was not typed as it is") && wrong.body.contains("she asked for it"));
    let done = case.owner.form(&action, &fields("INC-1")).await;
    assert_eq!((done.status, done.headers["location"].to_str().unwrap()), (StatusCode::SEE_OTHER, page.as_str()));
    let shown = case.owner.get(&page).await.body;
    assert!(shown.contains("Erased by Olga Owner on ") && !shown.contains("Erase for good"), "{shown}");

    let after = format!("/incidents/{}/after", case.incident);
    assert!(!case.rita.get(&after).await.body.contains("Erase the text of an entry"));
    let seq = case.noted.to_string();
    let fields = [
        ("seq", seq.as_str()),
        ("reason", "she asked"),
        ("typed", "INC-1"),
        ("_kinds", "seq:number"),
        ("_return", &after),
    ];
    assert_eq!(case.owner.form(&action, &fields).await.status, StatusCode::SEE_OTHER);
    let shown = case.owner.get(&after).await.body;
    assert!(!shown.contains(TEXT), "{shown}");
    assert!(shown.contains("Erased content for good: A few (1)"), "{shown}");
    assert!(shown.contains(&format!("Erased content for good: #{seq}")), "{shown}");
    assert!(shown.contains("Erased by Olga Owner on ") && !shown.contains("Apagado por"), "in one language: {shown}");
}

/// Beside the server that serves, which shows it at once.
#[tokio::test(flavor = "multi_thread")]
async fn an_admin_erases_from_the_command_line() {
    let case = case().await;
    let [few, many] = &case.attempts;
    let said = |output: &Output| {
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
    };
    let erase = |more: &[&str]| case.farol(&[&["erase", "INC-1", "--reason", "she asked for it"], more].concat());
    let olga = ["--for", "owner@example.com", "--confirm", "INC-1"];
    for (arguments, why) in [
        (vec!["--attempt", few, "--for", "owner@example.com", "--confirm", "INC-2"], "was not typed as it is"),
        (vec!["--attempt", few, "--for", "nobody@example.com", "--confirm", "INC-1"], "nobody logs in as"),
        (vec!["--attempt", few, "--for", "rita.responder@example.com", "--confirm", "INC-1"], "role does not allow"),
        ([&["--entry", "1"][..], &olga].concat(), "nothing here that can be erased"),
    ] {
        let refused = erase(&arguments);
        assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
        assert!(said(&refused).contains(why), "{}", said(&refused));
    }
    for what in [["--attempt", few], ["--attempt", many], ["--entry", &case.noted.to_string()]] {
        let done = erase(&[&what[..], &olga].concat());
        assert_eq!(done.status.code(), Some(0), "{}", said(&done));
        assert!(said(&done).contains("INC-1: erased. Entry "), "{}", said(&done));
    }
    let again = erase(&[&["--attempt", few, "--lang", "pt-BR"][..], &olga].concat());
    assert!(said(&again).contains("já havia sido apagado"), "{}", said(&again));
    assert!(case.shown().await.iter().all(|(_, body)| !body.contains(ROW) && !body.contains(TEXT)));
    assert_eq!(std::fs::read_dir(case.app.app.config.results()).unwrap().count(), 0);
    // The server goes on with the incident as it is now.
    let note = case.rita.post(&case.path("/notes"), &json!({ "text": "afterwards" })).await;
    assert_eq!(note.status, StatusCode::OK, "{}", note.body);
    assert_eq!(case.verified().await["verdict"], "proved");
}
