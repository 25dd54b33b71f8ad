//! What an author's attributes ask for is what happens.

use farol_api::user::Role;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::common::{Answer, Client, TestApp};

struct Case {
    owner: Client,
    rita: Client,
    paul: Client,
    incident: i64,
    app: TestApp,
}

impl Case {
    async fn of(source: &str) -> Self {
        let app = TestApp::start().await;
        let owner = app.owner().await;
        let rita = app.person(&owner, "Rita Responder", Role::Responder).await;
        let paul = app.person(&owner, "Paul Approver", Role::Approver).await;
        app.sqlite_target(&owner, "shop", "sandbox").await;
        let incident = app.incident(&owner, &rita, "author", source, "shop").await;
        Self { owner, rita, paul, incident, app }
    }

    async fn room(&self) -> Value {
        self.rita.get(&format!("/api/incidents/{}", self.incident)).await.value()
    }

    async fn gate(&self, step: &str) -> Value {
        let room = self.room().await;
        room["gates"].as_array().unwrap().iter().find(|gate| gate["step"] == step).unwrap().clone()
    }

    /// The sentence of one topic, and whether it is as wanted.
    async fn note(&self, step: &str, topic: &str) -> (Value, String) {
        let room = self.room().await;
        let notes = room["notes"].as_array().unwrap();
        let note = notes.iter().find(|note| note["step"] == step && note["topic"] == topic);
        note.map_or((Value::Null, String::new()), |note| {
            assert_ne!(note["text"]["en"], note["text"]["pt"], "{note}");
            (note["met"].clone(), note["text"]["en"].as_str().unwrap().to_owned())
        })
    }

    /// Asks for a step as its preview shows it, with no reason.
    async fn ask(&self, step: &str) -> Answer {
        let path = format!("/api/incidents/{}/steps/{step}/attempts", self.incident);
        let preview = self.rita.get(&path).await;
        assert_eq!(preview.status, StatusCode::OK, "{}", preview.body);
        let body = json!({ "digest": preview.value()["digest"], "typed_target": "shop", "confirmed": true });
        self.rita.post(&path, &body).await
    }

    async fn run(&self, step: &str, status: &str) -> Value {
        let asked = self.ask(step).await;
        assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.body);
        self.rita.wait_for_step(self.incident, step, status).await
    }

    /// The title of the step that the page of the room shows by itself.
    async fn in_view(&self) -> String {
        let page = self.rita.get(&format!("/incidents/{}", self.incident)).await.body;
        let (_, heading) = page.split_once("<h2 id=\"step\"").expect("a step is in view");
        let (_, title) = heading.split_once('>').unwrap();
        title.split("</h2>").next().unwrap().replace("<!>", "")
    }
}

#[tokio::test]
async fn a_marked_step_takes_more_on_a_sandbox_too() {
    let source = "# Marked\n\n1. Look at all:\n\n```sql {id=look risk=destructive approval=required}\nSELECT * FROM stock;\n```\n\n2. Drop it:\n\n```sql {id=drop risk=read}\nDROP TABLE stock;\n```\n";
    let case = Case::of(source).await;
    let gate = case.gate("look").await;
    assert_eq!(gate["requirement"], json!({ "credential": "rw", "approvals": 1, "requester": "type_target" }));
    let path = format!("/api/incidents/{}/steps/look/attempts", case.incident);
    let preview = case.rita.get(&path).await.value();
    assert_eq!(preview["risk"]["class"], "destructive");
    let why = &preview["risk"]["why"];
    assert!(why["en"].as_str().unwrap().starts_with("the author marked it as destructive; by its text"), "{why}");
    assert!(why["pt"].as_str().unwrap().starts_with("o autor o marcou como destrutivo; pelo texto"), "{why}");
    let untyped = json!({ "digest": preview["digest"], "confirmed": true });
    assert_eq!(case.rita.post(&path, &untyped).await.code(), "target_not_typed");

    let room = case.run("look", "awaiting_approval").await;
    let attempt = room["state"]["steps"]["look"]["attempts"][0].as_str().unwrap();
    let approval = format!("/api/incidents/{}/attempts/{attempt}/approval", case.incident);
    let approved = case.paul.post(&approval, &json!({ "digest": preview["digest"] })).await;
    assert_eq!(approved.status, StatusCode::OK, "{}", approved.body);
    case.rita.wait_for_step(case.incident, "look", "succeeded").await;

    let gate = case.gate("drop").await;
    assert_eq!(gate["requirement"]["requester"], "type_target", "a mark never lowers: {gate}");
}

#[tokio::test]
async fn a_step_is_tried_again_as_often_as_its_author_says_and_then_leads_on() {
    let source = "# Flaky\n\n1. See whether it is ready:\n\n```bash {id=flaky retries=1 on_failure=call}\ntest -e ready.txt\n```\n\n2. Carry on:\n\n```bash {id=carry}\necho on\n```\n\n3. Call for help:\n\n```bash {id=call}\necho help\n```\n";
    let case = Case::of(source).await;
    assert_eq!(case.note("flaky", "on_failure").await.1, "If it fails, “Call for help” comes next.");
    case.run("flaky", "failed").await;
    assert_eq!(case.note("flaky", "retries").await.1, "It failed. Its author lets it be tried once more.");
    assert_eq!(case.in_view().await, "See whether it is ready", "it may be tried again");

    case.run("flaky", "failed").await;
    let (met, said) = case.note("flaky", "retries").await;
    assert!(met == false && said.ends_with("one more attempt takes a reason."), "{met} {said}");
    assert_eq!(case.in_view().await, "Call for help");
    assert_eq!(case.ask("flaky").await.code(), "reason_needed");
    let path = format!("/api/incidents/{}/steps/flaky/attempts", case.incident);
    let preview = case.rita.get(&path).await.value();
    assert_eq!(preview["needs_reason"], true);
    let body = json!({ "digest": preview["digest"], "confirmed": true, "reason": "the file was late" });
    assert_eq!(case.rita.post(&path, &body).await.status, StatusCode::ACCEPTED);

    case.rita.wait_for_step(case.incident, "flaky", "failed").await;
    case.run("call", "succeeded").await;
    assert_eq!(case.in_view().await, "See whether it is ready", "what failed is not settled");
}

#[tokio::test]
async fn what_is_expected_is_compared_with_what_came_out() {
    let source = "# Expected\n\n1. Count:\n\n```sql {id=count expect=\"3\"}\nSELECT count(*) FROM stock;\n```\n\n2. Ask:\n\n```bash {id=ask expect=active}\necho not active\n```\n";
    let case = Case::of(source).await;
    let room = case.run("count", "succeeded").await;
    let attempt = room["state"]["steps"]["count"]["attempts"][0].as_str().unwrap();
    assert_eq!(room["state"]["attempts"][attempt]["result"]["expected_seen"], true);
    assert_eq!(case.note("count", "expected").await, (json!(true), "Attempt 1 printed “3”, as expected.".to_owned()));
    case.run("ask", "succeeded").await;
    let (met, said) = case.note("ask", "expected").await;
    assert!(met == false && said.starts_with("Attempt 1 did not print “active”"), "{met} {said}");
}

#[tokio::test]
async fn a_condition_on_a_known_value_is_told_and_never_skips_by_itself() {
    let source = "# Condition\n\n1. Look there:\n\n```bash {id=look}\necho <namespace>\n```\n\n2. Clean up:\n\n```bash {id=clean when=\"namespace = shop\"}\necho clean\n```\n\n3. Judge:\n\n```bash {id=judge when=\"the night is quiet\"}\necho judge\n```\n";
    let case = Case::of(source).await;
    let (met, said) = case.note("clean", "condition").await;
    assert!(met.is_null() && said.contains("cannot be told yet"), "{met} {said}");
    for (value, expected) in [("stock", false), ("shop", true)] {
        let fill = json!({ "name": "namespace", "value": value });
        case.rita.post(&format!("/api/incidents/{}/parameters", case.incident), &fill).await;
        let (met, said) = case.note("clean", "condition").await;
        assert!(met == expected && said.contains(&format!("namespace is “{value}”")), "{met} {said}");
    }
    let room = case.room().await;
    assert_eq!(room["graph"]["nodes"][1]["guard"], "namespace = shop");
    assert_eq!(case.note("judge", "condition").await.0, Value::Null);
    case.run("clean", "succeeded").await;
}

#[tokio::test]
async fn a_step_that_needs_another_says_so_before_it_is_pressed() {
    let source = "# Needs\n\n1. Look first:\n\n```sql {id=look}\nSELECT 1;\n```\n\n2. Then count:\n\n```sql {id=count needs=look}\nSELECT count(*) FROM stock;\n```\n";
    let case = Case::of(source).await;
    assert_eq!(case.gate("count").await["blocked"], "needs_unmet");
    assert_eq!(case.note("count", "needs").await.1, "Do this first: “Look first”.");
    assert_eq!(case.ask("count").await.code(), "needs_unmet");
    case.run("look", "succeeded").await;
    assert_eq!(case.gate("count").await["blocked"], Value::Null);
    case.run("count", "succeeded").await;
}

#[tokio::test]
async fn a_secret_that_a_step_leaves_reaches_later_ones_and_stands_nowhere() {
    let source = "# Rotate\n\n1. Make one:\n\n```bash {id=make}\nDB_PASSWORD=tr0ub4dor-of-the-shop\n```\n\n2. Use it:\n\n```bash {id=use}\necho \"${#DB_PASSWORD} $DB_PASSWORD\"; [ \"$DB_PASSWORD\" = \"$(printf 'tr0ub4dor-%s' of-the-shop)\" ] && echo same\n```\n\n3. Ask for a key:\n\n```bash {id=ask capture=api_key}\nprintf 'key-of-%s\\n' the-warehouse\n```\n\n4. Use that:\n\n```bash {id=call}\necho called with <api_key> | wc -w\n```\n";
    // What the runbook's own text holds is no secret of a step.
    let source = source.replace("tr0ub4dor-of-the-shop", "$(printf 'tr0ub4dor-%s' of-the-shop)");
    let case = Case::of(&source).await;
    assert_eq!(case.gate("use").await["missing"], json!(["db_password"]));
    case.run("make", "succeeded").await;
    assert_eq!(
        case.note("make", "left").await,
        (json!(true), "DB_PASSWORD is a secret: it is kept sealed for later steps, and shown to nobody.".to_owned())
    );
    let path = format!("/api/incidents/{}/steps/use/attempts", case.incident);
    let preview = case.rita.get(&path).await.value();
    assert_eq!(preview["parameters"], json!({ "db_password": null }));
    assert_eq!(preview["origins"]["db_password"]["step"], "make");
    let room = case.run("use", "succeeded").await;
    let printed = room["output"].to_string();
    assert!(printed.contains("21 [secret]\\n") && printed.contains("same\\n"), "{printed}");

    let room = case.run("ask", "succeeded").await;
    assert!(room["output"].to_string().contains("[secret]"), "{}", room["output"]);
    let room = case.run("call", "succeeded").await;
    assert!(room["output"].to_string().contains("3\\n"), "{}", room["output"]);

    // A person's word wins, and the next attempt of the step does not take that away.
    let fill = json!({ "name": "db_password", "value": "of-rita-herself" });
    case.rita.post(&format!("/api/incidents/{}/parameters", case.incident), &fill).await;
    assert_eq!(case.rita.get(&path).await.value()["origins"]["db_password"], Value::Null);

    let room = case.room().await.to_string();
    let mut kept = room.into_bytes();
    let data = case.app.folder.path().join("data");
    for file in std::fs::read_dir(&data).unwrap().flatten().filter(|file| file.path().is_file()) {
        kept.extend(std::fs::read(file.path()).unwrap());
    }
    assert!(kept.len() > 100_000, "the store lies there");
    for secret in ["tr0ub4dor-of-the-shop", "key-of-the-warehouse", "of-rita-herself"] {
        assert!(!kept.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret}");
    }
}

#[tokio::test]
async fn what_a_step_leaves_fills_later_ones_and_says_where_it_comes_from() {
    let source = "# Copies\n\n1. Take a copy:\n\n```bash {id=take}\nmkdir -p copies; cd copies; echo data > shop.dump; COPY=shop.dump\n```\n\n2. Read it:\n\n```bash {id=read}\ncat \"$COPY\"\n```\n\n3. Count:\n\n```sql {id=count capture=rows_left}\nSELECT count(*) FROM stock;\n```\n\n4. Clean up:\n\n```bash {id=clean when=\"rows_left > 2\"}\necho <rows_left>\n```\n";
    let case = Case::of(source).await;
    let gate = case.gate("read").await;
    assert_eq!((&gate["blocked"], &gate["missing"]), (&json!("missing_parameter"), &json!(["copy"])));
    let awaited = "“Take a copy” sets COPY. Do that first, or fill it in.";
    assert_eq!(case.note("read", "awaited").await.1, awaited);

    case.run("take", "succeeded").await;
    assert_eq!(case.note("take", "left").await.1, "It left COPY: “shop.dump”.");
    let path = format!("/api/incidents/{}/steps/read/attempts", case.incident);
    let preview = case.rita.get(&path).await.value();
    assert_eq!(preview["parameters"], json!({ "copy": "shop.dump", "PWD": "copies" }));
    assert_eq!(preview["origins"]["copy"]["title"], "Take a copy");
    assert_eq!((&preview["origins"]["PWD"]["step"], &preview["origins"]["PWD"]["number"]), (&json!("take"), &json!(1)));
    let page = case.rita.get(&format!("/incidents/{}?step=read", case.incident)).await.body;
    assert!(page.contains("It gets PWD from attempt 1 of “Take a copy”, copy from attempt 1 of"), "{page}");
    let room = case.run("read", "succeeded").await;
    assert!(room["output"].to_string().contains("data\\n"), "{}", room["output"]);

    assert_eq!(case.gate("clean").await["missing"], json!(["rows_left"]));
    case.run("count", "succeeded").await;
    assert_eq!(
        case.note("clean", "condition").await,
        (json!(true), "Its condition holds: rows_left is “3”.".to_owned())
    );
    case.run("clean", "succeeded").await;

    // What a person fills in wins, and what was shown before does not run.
    let fill = json!({ "name": "copy", "value": "other.dump" });
    case.rita.post(&format!("/api/incidents/{}/parameters", case.incident), &fill).await;
    let changed = case.rita.get(&path).await.value();
    assert_eq!((&changed["parameters"]["copy"], &changed["origins"]["copy"]), (&json!("other.dump"), &Value::Null));
    assert_ne!(changed["digest"], preview["digest"]);
}

#[tokio::test]
async fn a_statement_in_a_shell_command_can_go_to_the_database_directly() {
    let source = "# Lifted\n\n1. Count:\n\n```bash {id=count capture=n}\nsqlite3 \"$SHOP_FILE\" \"SELECT count(*) FROM stock WHERE id > <least>\"\n```\n\n2. Count and cut:\n\n```bash {id=cut}\nsqlite3 shop.db \"SELECT 1\" | head\n```\n";
    let case = Case::of(source).await;
    let fill = |name: &str, value: &str| json!({ "name": name, "value": value });
    let parameters = format!("/api/incidents/{}/parameters", case.incident);
    case.rita.post(&parameters, &fill("least", "1")).await;
    let room = case.room().await;
    let gates: Vec<_> = room["gates"].as_array().unwrap().iter().filter(|gate| gate["step"] == "count").collect();
    assert_eq!((&gates[0]["way"], &gates[0]["missing"]), (&json!("written"), &json!(["shop_file"])));
    assert_eq!(
        (&gates[1]["way"], &gates[1]["missing"], &gates[1]["blocked"]),
        (&json!("direct"), &json!([]), &Value::Null)
    );
    let reads = json!({ "credential": "ro", "approvals": 0, "requester": "press" });
    assert_eq!(gates[1]["requirement"], reads, "its own class, not that of the shell command");
    assert_eq!(room["gates"].as_array().unwrap().len(), 3, "what does more than send a statement has one way");
    assert!(case.note("count", "way").await.1.starts_with("Directly, its one statement goes to the database of shop;"));

    let path = format!("/api/incidents/{}/steps/count/attempts", case.incident);
    let direct = case.rita.get(&format!("{path}?way=direct")).await.value();
    assert_eq!((&direct["language"], &direct["way"]), (&json!("sql"), &json!("direct")));
    assert_eq!(direct["text"], "SELECT count(*) FROM stock WHERE id > ?1");
    assert_eq!(direct["parameters"], json!({ "least": "1" }));

    // What was shown for one way does not run the other.
    case.rita.post(&parameters, &fill("shop_file", "shop.db")).await;
    let written = case.rita.get(&path).await.value();
    assert_eq!((&written["language"], &written["way"]), (&json!("shell"), &Value::Null));
    let crossed = json!({ "digest": direct["digest"], "confirmed": true, "typed_target": "shop", "reason": "x" });
    assert_eq!(case.rita.post(&path, &crossed).await.code(), "approval_changed");

    let body = json!({ "digest": direct["digest"], "way": "direct" });
    assert_eq!(case.rita.post(&path, &body).await.status, StatusCode::ACCEPTED);
    let room = case.rita.wait_for_step(case.incident, "count", "succeeded").await;
    let attempt = room["state"]["steps"]["count"]["attempts"][0].as_str().unwrap();
    let attempt = &room["state"]["attempts"][attempt];
    assert_eq!(attempt["request"]["way"], "direct");
    assert_eq!(attempt["result"]["captured"], json!([{ "name": "n", "value": "2" }]));
    assert!(room["output"].to_string().contains(r#"{"rows":{"rows":[["2"]]}}"#), "{}", room["output"]);
}

#[tokio::test]
async fn without_a_shell_the_direct_way_is_the_usual_one_and_the_room_links_both() {
    let source = "# Lifted\n\n1. Count:\n\n```bash {id=count}\nsqlite3 shop.db \"SELECT count(*) FROM stock\"\n```\n";
    let case = Case::of(source).await;
    let page = case.rita.get(&format!("/incidents/{}?step=count", case.incident)).await.body;
    assert!(page.contains("<b>As the shell command") && page.contains("&amp;way=direct\""), "{page}");
    let page = case.rita.get(&format!("/incidents/{}?step=count&way=direct", case.incident)).await.body;
    assert!(page.contains("<b>Directly on the database") && page.contains("name=\"way\" value=\"direct\""), "{page}");

    let bare =
        json!({ "environment": "sandbox", "database": "sqlite", "description": "no shell", "timeout_seconds": 9 });
    assert_eq!(case.owner.put("/api/targets/shop", &bare).await.status, StatusCode::OK);
    let gate = case.gate("count").await;
    assert_eq!((&gate["way"], &gate["blocked"]), (&json!("direct"), &Value::Null));
    case.run("count", "succeeded").await;
}

#[tokio::test]
async fn what_asks_for_a_terminal_runs_without_one_and_what_opens_a_shell_is_for_a_person() {
    let source = "# Terminal\n\n1. List:\n\n```bash {id=list}\ndocker exec -it shop-db ls /\n```\n\n2. Look around:\n\n```bash {id=look}\ndocker exec -it shop-db bash -l\n```\n";
    let case = Case::of(source).await;
    let preview = case.rita.get(&format!("/api/incidents/{}/steps/list/attempts", case.incident)).await.value();
    assert_eq!(preview["text"], "docker exec -i shop-db ls /", "what is approved is what runs");
    assert!(case.note("list", "terminal").await.1.starts_with("It asks for a terminal"));
    let room = case.room().await;
    let look = room["graph"]["nodes"].as_array().unwrap().iter().find(|node| node["id"] == "look").unwrap();
    assert_eq!(look["kind"], "manual");
}
