//! The rows of a step as files to keep.

use farol_api::user::Role;
use reqwest::StatusCode;
use sha2::{Digest as _, Sha256};

use crate::common::TestApp;

const RUNBOOK: &str = "# Rows\n\n1. A few:\n\n   ```sql\n   select id, name, name as name, nullif(\"left\", -1) as n, '' as e from stock order by id limit 2;\n   ```\n\n\
     2. Many:\n\n   ```sql\n   with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000) select i, case when i = 2 then 'a \"b\", c' end as t from n;\n   ```\n\n\
     3. None:\n\n   ```sql\n   select id from stock where id < 0;\n   ```\n";

#[tokio::test]
async fn rows_are_downloaded_whole_whatever_was_shown() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let rita = app.person(&owner, "Rita Responder", Role::Responder).await;
    app.sqlite_target(&owner, "shop", "sandbox").await;
    let incident = app.incident(&owner, &rita, "rows", RUNBOOK, "shop").await;
    let room = rita.get(&format!("/api/incidents/{incident}")).await.value();
    let nodes = room["graph"]["nodes"].as_array().unwrap().clone();
    let ids: Vec<_> = nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect();
    let [few, many, none] = ids.as_slice() else { panic!("{ids:?}") };

    let file = |attempt: &str, format: &str| format!("/api/incidents/{incident}/attempts/{attempt}/result.{format}");
    let run = async |step: &str| {
        assert_eq!(rita.start(incident, step, "").await.status, StatusCode::ACCEPTED);
        let room = rita.wait_for_step(incident, step, "succeeded").await;
        let attempts = room["state"]["attempts"].as_object().unwrap();
        let (id, attempt) = attempts.iter().find(|(_, attempt)| attempt["request"]["step"] == step).unwrap();
        (id.clone(), attempt["result"].clone())
    };

    let (attempt, result) = run(few).await;
    assert!(result["full"].is_null(), "{result}");
    let csv = rita.get(&file(&attempt, "csv")).await;
    assert_eq!(csv.body, "id,name,name,n,e\n1,lamp,lamp,3,\"\"\n2,lens,lens,,\"\"\n");
    assert!(csv.headers["content-type"].to_str().unwrap().starts_with("text/csv"));
    assert!(csv.headers["content-disposition"].to_str().unwrap().contains(&format!("{attempt}.csv")));
    let lines = rita.get(&file(&attempt, "ndjson")).await.body;
    assert_eq!(
        lines,
        "{\"id\":\"1\",\"name\":\"lamp\",\"name_2\":\"lamp\",\"n\":\"3\",\"e\":\"\"}\n\
         {\"id\":\"2\",\"name\":\"lens\",\"name_2\":\"lens\",\"n\":null,\"e\":\"\"}\n"
    );

    let (attempt, result) = run(many).await;
    assert_eq!((&result["rows"], &result["truncated"]), (&3000.into(), &true.into()));
    let csv = rita.get(&file(&attempt, "csv")).await.body;
    assert_eq!(csv.lines().count(), 3001);
    assert!(csv.starts_with("i,t\n1,\n2,\"a \"\"b\"\", c\"\n3,\n") && csv.ends_with("3000,\n"));
    let digest: String = Sha256::digest(csv.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(result["full"]["digest"].as_str().unwrap().ends_with(&digest), "{result}");
    let lines = rita.get(&file(&attempt, "ndjson")).await.body;
    assert_eq!(lines.lines().count(), 3000);
    assert_eq!(lines.lines().nth(1), Some("{\"i\":\"2\",\"t\":\"a \\\"b\\\", c\"}"));

    // Nobody who may not read the incident gets them, and what was removed is said to be.
    assert_eq!(app.visitor().get(&file(&attempt, "csv")).await.status, StatusCode::UNAUTHORIZED);
    std::fs::remove_file(farol_engine::result_file(&app.app.config.results(), attempt.parse().unwrap())).unwrap();
    let gone = rita.get(&file(&attempt, "csv")).await;
    assert_eq!((gone.status, gone.code().as_str()), (StatusCode::GONE, "result_gone"));

    let (attempt, _) = run(none).await;
    assert_eq!(rita.get(&file(&attempt, "csv")).await.body, "id\n");
}
