//! Shell steps against a cluster, whose tools stand in for the real ones.

use std::path::Path;

use farol_api::user::Role;
use reqwest::StatusCode;
use serde_json::json;

use crate::common::TestApp;

const RUNBOOK: &str = "# Hand the lead over

1. See who leads:

```bash
kubectl exec -it shop-db-1 -n shop -- patronictl list
```

2. Hand over:

```bash
kubectl exec -it shop-db-1 -n shop -- patronictl switchover --candidate <member> --force
```
";

#[tokio::test]
async fn a_switchover_is_typed_dispatched_once_and_seen_and_an_outage_is_a_failed_step() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let rita = app.person(&owner, "Rita Responder", Role::Responder).await;
    let folder = tempfile::tempdir().unwrap();
    let calls = folder.path().join("calls.txt");
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools");
    let target = |down: &str| {
        json!({
            "environment": "sandbox",
            "shell": {
                "path": [tools, "/usr/local/bin", "/usr/bin", "/bin"],
                "env": { "STANDIN_LOG": calls, "STANDIN_STATE": folder.path().join("state"), "STANDIN_DOWN": down },
            },
        })
    };
    assert_eq!(owner.put("/api/targets/cluster", &target("")).await.status, StatusCode::OK);
    let incident = app.incident(&owner, &rita, "lead", RUNBOOK, "cluster").await;
    let room = rita.get(&format!("/api/incidents/{incident}")).await.value();
    let (see, over) = (room["gates"][0]["step"].as_str().unwrap(), room["gates"][1]["step"].as_str().unwrap());

    rita.start(incident, see, "").await;
    let printed = rita.wait_for_step(incident, see, "succeeded").await["output"].to_string();
    assert!(printed.contains("| shop-db-0    | 10.42.0.11 | Leader"), "{printed}");

    let fill = json!({ "name": room["parameters"][0]["name"], "value": "shop-db-2" });
    rita.post(&format!("/api/incidents/{incident}/parameters"), &fill).await;
    let mistyped = rita.start(incident, over, "custer").await;
    assert_eq!(mistyped.status, StatusCode::UNPROCESSABLE_ENTITY, "the name is to be typed: {}", mistyped.body);
    assert_eq!(rita.start(incident, over, "cluster").await.status, StatusCode::ACCEPTED);
    let printed = rita.wait_for_step(incident, over, "succeeded").await["output"].to_string();
    assert!(printed.contains("| shop-db-2    | 10.42.2.11 | Leader"), "{printed}");
    let calls = std::fs::read_to_string(&calls).unwrap();
    let handed: Vec<_> = calls.lines().filter(|call| call.starts_with("patronictl switchover")).collect();
    assert_eq!(handed, ["patronictl switchover --candidate shop-db-2 --force"]);

    assert_eq!(owner.put("/api/targets/cluster", &target("kubectl")).await.status, StatusCode::OK);
    rita.start(incident, see, "").await;
    let room = rita.wait_for_step(incident, see, "failed").await;
    assert!(room["output"].to_string().contains("was refused - did you specify the right host or port?"));
}
