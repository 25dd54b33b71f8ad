//! The library over HTTP: what is brought in, how, and what is found then.

use farol_api::user::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::common::{Answer, Client, TestApp};

/// Posts a form with files, as a browser does: fields first, then files with their names.
async fn upload(who: &Client, path: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Answer {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--line\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    for (name, bytes) in files {
        body.extend(
            format!("--line\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--line--\r\n");
    who.send_bytes(path, "multipart/form-data; boundary=line", body).await
}

async fn import(who: &Client, files: &[(&str, &[u8])]) -> Value {
    let answer = upload(who, "/api/library/imports", &[], files).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    answer.value()
}

async fn ids(who: &Client, query: &str) -> Vec<String> {
    let found = who.get(&format!("/api/library?{query}")).await.value();
    let rows = found["runbooks"].as_array().unwrap().clone();
    rows.iter().map(|row| row["runbook"]["id"].as_str().unwrap().to_owned()).collect()
}

const LAG: &[u8] = "---\nowner: Dados\nservice: pedidos\nreview_by: 2001-01-01\n---\n# Réplica atrasada\n\n1. Ver [failover](db/failover.md#steps)\n\n```sql\nselect 1;\n```\n".as_bytes();
const FAILOVER: &[u8] = b"# Failover\r\n\r\nThe replica takes over, see [lag](../lag.md).  \r\n";

#[tokio::test]
async fn a_folder_from_the_browser_is_imported_found_and_linked() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let author = app.person(&owner, "Ada Author", Role::Author).await;
    let import = import(&author, &[("ops/lag.md", LAG), ("ops/db/failover.md", FAILOVER), ("ops/x.png", b"\0")]).await;
    let report = &import["report"];
    assert_eq!((&report["source"], &report["new"], &report["skipped"]), (&json!("ops"), &json!(2), &json!(1)));
    assert_eq!(import["by"]["name"], "Ada Author");
    let kept = author.get(&format!("/api/library/imports/{}", import["id"])).await.value();
    assert_eq!(kept, import);

    assert_eq!(ids(&owner, "q=replica").await, ["lag", "failover"], "the title goes first");
    assert_eq!(ids(&owner, "q=replica&owner=Dados&freshness=stale").await, ["lag"]);
    assert_eq!(ids(&owner, "q=replica&owner=-").await, ["failover"]);
    assert_eq!(ids(&owner, "service=nothing").await, [""; 0]);

    let lag = owner.get("/api/runbooks/lag").await.value();
    assert_eq!(lag["source"].as_str().unwrap().as_bytes(), LAG);
    assert!(lag["html"].as_str().unwrap().contains("href=\"/runbooks/failover#steps\""), "{}", lag["html"]);
    let failover = owner.get("/api/runbooks/failover").await.value();
    assert_eq!(failover["source"].as_str().unwrap().as_bytes(), FAILOVER);
    assert!(failover["html"].as_str().unwrap().contains("href=\"/runbooks/lag\""));
}

#[tokio::test]
async fn steps_keep_their_ids_and_edits_are_not_lost() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let first = "# Disk\n\n1. Look\n\n```bash\ndf -h\n```\n\n2. Clean\n\n```bash\nrm -r /tmp/x\n```\n";
    import(&owner, &[("ops/disk.md", first.as_bytes())]).await;
    let before = steps(&owner.get("/api/runbooks/disk").await.value());
    let second = first.replace("1. Look", "1. Look closely at the disk");
    assert_eq!(import(&owner, &[("ops/disk.md", second.as_bytes())]).await["report"]["changed"], 1);
    assert_eq!(steps(&owner.get("/api/runbooks/disk").await.value()), before);

    let edited = json!({ "source": second.replace("Clean", "Clean up") });
    assert_eq!(owner.post("/api/runbooks/disk/revisions", &edited).await.status, StatusCode::OK);
    assert_eq!(ids(&owner, "q=clean up").await, ["disk"], "an edit is found as soon as it is saved");
    assert_eq!(import(&owner, &[("ops/disk.md", second.as_bytes())]).await["report"]["unchanged"], 1);
    let third = second.replace("/tmp/x", "/tmp/y");
    let clash = import(&owner, &[("ops/disk.md", third.as_bytes())]).await;
    assert_eq!(clash["report"]["files"][0]["reason"], "conflict");
    let answer =
        upload(&owner, "/api/library/imports", &[("over_edits", "on")], &[("ops/disk.md", third.as_bytes())]).await;
    assert_eq!(answer.value()["report"]["changed"], 1, "{}", answer.body);
    let history = owner.get("/api/runbooks/disk/revisions").await.value();
    assert_eq!(history["revisions"].as_array().unwrap().len(), 4);
}

fn steps(detail: &Value) -> Vec<String> {
    let nodes = detail["runbook"]["graph"]["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn steps_keep_their_ids_when_a_newer_reader_reads_them_and_when_a_text_comes_back() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let first = "# Disk\n\n1. Look:\n\n```bash\ndf -h\n```\n\n2. Clean:\n\n```bash\nrm -r /tmp/x\n```\n";
    let second = first.replace("1. Look", "1. See how full it is");
    let second = second.replace("2. Clean:", "2. Look:\n\n```bash\nls /tmp\n```\n\n3. Clean:");
    let third = "# Disk\n\n1. Clean:\n\n```bash\nrm -r /tmp/x\n```\n";
    for text in [first, &second] {
        import(&owner, &[("ops/disk.md", text.as_bytes())]).await;
    }
    let detail = owner.get("/api/runbooks/disk").await.value();
    let known = steps(&detail);
    assert_eq!(known[0], "look", "the step that was called so has its id, not the one that is called so now");
    let path = format!("/api/runbooks/disk/revisions/{}", detail["revision"]["id"].as_str().unwrap());
    crate::common::forget_readers(&app).await;
    assert_eq!(steps(&owner.get(&path).await.value()), known);

    import(&owner, &[("ops/disk.md", third.as_bytes())]).await;
    import(&owner, &[("ops/disk.md", second.as_bytes())]).await;
    assert_eq!(steps(&owner.get(&path).await.value()), known, "what an incident runs did not change");
    import(&owner, &[("ops/disk.md", third.as_bytes())]).await;
    assert_eq!(owner.post("/api/runbooks/disk/revisions", &json!({ "source": second })).await.status, StatusCode::OK);
    let copy = owner.post("/api/runbooks", &json!({ "id": "copy", "source": second })).await;
    assert_eq!(copy.status, StatusCode::CREATED, "{}", copy.body);
    assert_eq!(steps(&owner.get(&path).await.value()), known);
}

#[tokio::test]
async fn the_headings_of_a_page_take_no_anchor_of_the_runbook() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let text = b"# Lag\n\n## Steps\n\n1. Look at <host>:\n\n```bash\nping <host>\n```\n\n## Parameters\n\nx\n\n## Text\n\nx\n\n## Diagnostics\n\nx\n";
    import(&owner, &[("ops/lag.md", text)]).await;
    let page = owner.get("/runbooks/lag").await.body;
    for anchor in ["steps", "parameters", "text", "diagnostics"] {
        assert_eq!(page.matches(&format!("id=\"{anchor}\"")).count(), 1, "{anchor} in {page}");
    }
}

#[tokio::test]
async fn a_runbook_without_a_title_is_called_by_its_own_id() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let text = b"See the wiki.\n";
    import(&owner, &[("ops/notes.md", text), ("ops/more.md", text)]).await;
    owner.get("/api/runbooks/notes").await.value();
    let found = owner.get("/api/library").await.value();
    let titles: Vec<_> = found["runbooks"].as_array().unwrap().iter().map(|row| &row["runbook"]["title"]).collect();
    assert_eq!(titles, ["more", "notes"]);
}

#[tokio::test]
async fn files_of_one_text_are_each_found_again_where_their_folder_is_renamed() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let stub: &[u8] = b"# To be written\n";
    import(&owner, &[("ops/db/lag.md", stub), ("ops/db/disk.md", stub), ("ops/z.md", LAG)]).await;
    let renamed = import(&owner, &[("ops/sql/disk.md", stub), ("ops/sql/lag.md", stub), ("ops/z.md", LAG)]).await;
    let report = &renamed["report"];
    assert_eq!((&report["renamed"], &report["new"], &report["gone"]), (&json!(2), &json!(0), &json!([])));
    let ids = |path: &str| {
        let files = report["files"].as_array().unwrap();
        files.iter().find(|file| file["path"] == path).unwrap()["runbook"].clone()
    };
    assert_eq!((ids("sql/lag.md"), ids("sql/disk.md")), (json!("lag"), json!("disk")));
    let gone = import(&owner, &[("ops/z.md", LAG)]).await;
    assert_eq!(gone["report"]["gone"], json!(["sql/disk.md", "sql/lag.md"]));
}

#[tokio::test]
async fn plain_forms_import_an_archive_and_a_pasted_text() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let around = [("_return", "/library/imports"), ("_next", "/library/imports/{id}"), ("_form", "files")];
    let broken = upload(&owner, "/form/api/library/imports", &around, &[("x.zip", b"no archive")]).await;
    assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(broken.body.contains("The archive cannot be read"), "{}", broken.body);
    let none = upload(&owner, "/form/api/library/imports", &around, &[("", b"")]).await;
    assert!(none.body.contains("Choose a file"), "{}", none.body);

    let fields = [
        &around[..],
        &[
            ("name", "disco cheio"),
            ("text", "# Disco\r\n\r\n1. Veja:\r\n\r\n```bash\r\ndf -h\r\n```\r\n"),
            ("_key", "k-1"),
        ],
    ]
    .concat();
    let pasted = upload(&owner, "/form/api/library/imports", &fields, &[]).await;
    assert_eq!(pasted.status, StatusCode::SEE_OTHER, "{}", pasted.body);
    let page = owner.get(pasted.headers["location"].to_str().unwrap()).await;
    assert!(page.body.contains("disco cheio.md") && page.body.contains("1 step"), "{}", page.body);
    let again = upload(&owner, "/form/api/library/imports", &fields, &[]).await;
    assert_eq!(again.headers["location"], pasted.headers["location"], "a form sent twice imports once");
    let disk = owner.get("/api/runbooks/disco-cheio").await.value();
    assert_eq!(
        disk["source"], "# Disco\n\n1. Veja:\n\n```bash\ndf -h\n```\n",
        "a browser's line ends are not the author's"
    );
    let list = owner.get("/runbooks?q=DISCO&owner=-").await;
    assert!(list.body.contains("/runbooks/disco-cheio") && list.body.contains("Owner: not stated"), "{}", list.body);
}

#[tokio::test]
async fn an_upload_that_is_too_large_or_no_form_is_refused() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let large = vec![b'a'; app.app.config.import_bytes + 128 * 1024];
    for path in ["/api/library/imports", "/form/api/library/imports"] {
        let answer = upload(&owner, path, &[], &[("a.md", &large)]).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
    }
    let stranger = upload(&app.visitor(), "/form/api/library/imports", &[], &[("a.md", b"# A\n")]).await;
    assert_eq!(
        (stranger.status, stranger.headers["location"].as_bytes()),
        (StatusCode::SEE_OTHER, b"/login".as_slice())
    );
    let other = owner.post("/api/library/imports", &json!({})).await;
    assert_eq!(other.status, StatusCode::BAD_REQUEST, "{}", other.body);
    let elsewhere = upload(&owner, "/form/api/incidents", &[("title", "x")], &[]).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND, "only an endpoint for files takes files");
}

#[tokio::test]
async fn a_folder_of_the_server_is_watched_below_a_root_only() {
    let app = TestApp::start_with(|config, folder| {
        config.library_roots = vec![folder.join("srv")];
    })
    .await;
    let owner = app.owner().await;
    let author = app.person(&owner, "Ada Author", Role::Author).await;
    let (srv, outside) = (app.folder.path().join("srv"), app.folder.path().join("outside"));
    std::fs::create_dir_all(srv.join("wiki/db")).unwrap();
    std::fs::create_dir_all(&outside).unwrap();
    std::fs::write(outside.join("secret.md"), "# Secret\n").unwrap();
    std::os::unix::fs::symlink(&outside, srv.join("way-out")).unwrap();
    std::fs::write(srv.join("wiki/one.md"), "# One\n").unwrap();
    let ask = |who: Client, path: std::path::PathBuf| async move {
        who.post("/api/library/watches", &json!({ "path": path })).await
    };
    for refused in
        [outside.clone(), srv.join("way-out"), srv.join("wiki/../../outside"), srv.join("nowhere"), "/".into()]
    {
        let answer = ask(owner.clone(), refused.clone()).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}: {}", answer.body);
    }
    assert_eq!(ask(author, srv.join("wiki")).await.status, StatusCode::FORBIDDEN);
    tokio::spawn(farol::library::watch::run(app.app.clone()));
    let watch = ask(owner.clone(), srv.join("wiki")).await;
    assert_eq!(watch.status, StatusCode::CREATED, "{}", watch.body);
    assert_eq!(ids(&owner, "q=one").await, ["one"], "what is there is imported at once");

    std::fs::write(srv.join("wiki/db/two.md"), "# Two\n").unwrap();
    std::os::unix::fs::symlink(outside.join("secret.md"), srv.join("wiki/link.md")).unwrap();
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
    while ids(&owner, "q=two").await.is_empty() {
        assert!(tokio::time::Instant::now() < deadline, "a change was never seen");
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    }
    assert_eq!(ids(&owner, "q=secret").await, [""; 0]);

    let id = watch.value()["id"].as_i64().unwrap();
    std::fs::remove_dir_all(srv.join("wiki")).unwrap();
    let looked = owner.post(&format!("/api/library/watches/{id}/look"), &json!({})).await.value();
    assert!(looked["failure"].as_str().unwrap().contains("no such folder"), "{looked}");
    std::fs::create_dir_all(srv.join("wiki")).unwrap();
    std::fs::write(srv.join("wiki/three.md"), "# Three\n").unwrap();
    while ids(&owner, "q=three").await.is_empty() {
        assert!(tokio::time::Instant::now() < deadline, "that the folder came back was never seen");
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    }
    std::fs::create_dir_all(srv.join("other/wiki")).unwrap();
    std::fs::write(srv.join("other/wiki/three.md"), "# Another\n").unwrap();
    let other = ask(owner.clone(), srv.join("other/wiki")).await.value();
    assert_eq!(other["source"], "other wiki");
    assert_eq!(ids(&owner, "q=three").await, ["three"], "neither takes the other's place");
    assert_eq!(ids(&owner, "q=another").await, ["another"]);

    let removed = owner.send::<()>(Method::DELETE, &format!("/api/library/watches/{}", other["id"]), None, &[]).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    let removed = owner.send::<()>(Method::DELETE, &format!("/api/library/watches/{id}"), None, &[]).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    assert_eq!(owner.get("/api/library/imports").await.value()["watches"], json!([]));
    assert_eq!(ids(&owner, "q=one").await, ["one"], "its runbooks stay");
}

#[tokio::test]
async fn runbooks_of_an_older_store_are_found_once_their_words_are_made() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    import(&owner, &[("ops/lag.md", LAG)]).await;
    crate::common::forget_words(&app).await;
    assert_eq!(ids(&owner, "q=replica").await, [""; 0]);
    assert_eq!(ids(&owner, "").await, ["lag"], "the list has it all the while");
    farol::library::index(&app.app).await.unwrap();
    assert_eq!(ids(&owner, "q=replica").await, ["lag"]);
}

#[tokio::test]
async fn the_command_line_imports_beside_a_running_server() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let folder = app.folder.path().join("wiki");
    std::fs::create_dir(&folder).unwrap();
    for n in 0..150 {
        std::fs::write(folder.join(format!("disk-{n}.md")), format!("# Disk {n}\n\nnumber{n}\n")).unwrap();
    }
    let command = tokio::process::Command::new(crate::common::binary())
        .args(["import", "wiki"])
        .env("FAROL_DATA", app.folder.path().join("data"))
        .current_dir(app.folder.path())
        .output();
    let (output, _) = tokio::join!(command, async {
        for _ in 0..5 {
            import(&owner, &[("ops/lag.md", LAG)]).await;
        }
    });
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(ids(&owner, "q=number149").await, ["disk-149"]);
    assert_eq!(owner.get("/api/library").await.value()["total"], 151);
}
