//! Tokens: programs that act for a person, and may do less.

use farol_api::user::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::common::{Answer, Client, EMPTY_THE_SHELF, Shop, TestApp};

async fn make(client: &Client, body: &Value) -> (String, Value) {
    let made = client.post("/api/tokens", body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    (made.value()["secret"].as_str().unwrap().to_owned(), made.value()["token"].clone())
}

async fn ask(visitor: &Client, token: &str, method: Method, path: &str, body: Option<&Value>) -> Answer {
    visitor.send(method, path, body, &[("authorization", &format!("Bearer {token}"))]).await
}

#[tokio::test]
async fn a_token_does_what_its_scope_and_its_person_may_and_no_more() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let program = app.visitor();
    let (reads, _) = make(&owner, &json!({ "name": "dashboard", "scope": "read" })).await;
    let (responds, _) = make(&owner, &json!({ "name": "pipeline", "scope": "respond", "days": 7 })).await;
    assert!(reads.starts_with("farol_"));

    let me = ask(&program, &reads, Method::GET, "/api/me", None).await;
    assert_eq!((me.status, &me.value()["session"]["scope"]), (StatusCode::OK, &json!("read")));
    let declare = json!({ "title": "It is down" });
    let refused = ask(&program, &reads, Method::POST, "/api/incidents", Some(&declare)).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::FORBIDDEN, "beyond_token"));
    let declared = ask(&program, &responds, Method::POST, "/api/incidents", Some(&declare)).await;
    assert_eq!(declared.status, StatusCode::CREATED, "{}", declared.body);
    let note = json!({ "text": "the nightly check failed" });
    ask(&program, &responds, Method::POST, "/api/incidents/1/notes", Some(&note)).await;
    owner.post("/api/incidents/1/notes", &json!({ "text": "on it" })).await;
    let events = owner.get("/api/incidents/1/events").await.value();
    let actors: Vec<_> = events["events"].as_array().unwrap().iter().map(|event| &event["actor"]).collect();
    for actor in &actors[..2] {
        assert_eq!(
            (&actor["token"]["name"], &actor["token"]["person"]["id"]),
            (&json!("pipeline"), &me.value()["user"]["id"])
        );
    }
    assert_eq!(actors[2]["person"]["id"], me.value()["user"]["id"], "the person themself");

    // An owner's token is no owner: it approves nothing, changes no account, makes no token, ends no session.
    let nobody = "00000000-0000-0000-0000-000000000001";
    let session = owner.get("/api/sessions").await.value()[0]["id"].as_str().unwrap().to_owned();
    for (method, path, body) in [
        (Method::POST, format!("/api/incidents/1/attempts/{nobody}/approval"), json!({ "digest": "x" })),
        (Method::POST, "/api/runbooks".to_owned(), json!({ "id": "a", "source": "# A" })),
        (Method::POST, "/api/invitations".to_owned(), json!({ "email": "x@example.com", "role": "viewer" })),
        (Method::POST, "/api/tokens".to_owned(), json!({ "name": "more", "scope": "respond" })),
        (Method::PATCH, "/api/me".to_owned(), json!({ "locale": "pt-BR" })),
        (Method::DELETE, format!("/api/sessions/{session}"), Value::Null),
    ] {
        let refused = ask(&program, &responds, method, &path, Some(&body)).await;
        assert_eq!((refused.status, refused.code().as_str()), (StatusCode::FORBIDDEN, "beyond_token"), "{path}");
    }

    // A viewer's token of the wider scope still only reads.
    let viewer = app.person(&owner, "Vera Viewer", Role::Viewer).await;
    let (token, _) = make(&viewer, &json!({ "name": "x", "scope": "respond" })).await;
    let refused = ask(&program, &token, Method::POST, "/api/incidents", Some(&declare)).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::FORBIDDEN, "forbidden"));
}

#[tokio::test]
async fn a_token_is_no_cookie_and_ends_when_its_person_says_so() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let program = app.visitor();
    let (secret, token) = make(&owner, &json!({ "name": "pipeline", "scope": "respond" })).await;
    let cookie = format!("__Host-farol={secret}");
    let as_cookie = program.send::<()>(Method::GET, "/api/me", None, &[("cookie", &cookie)]).await;
    assert_eq!(as_cookie.status, StatusCode::UNAUTHORIZED);
    let cookie = owner.cookie.clone().unwrap();
    let as_token = ask(&program, cookie.split_once('=').unwrap().1, Method::GET, "/api/me", None).await;
    assert_eq!(as_token.status, StatusCode::UNAUTHORIZED);
    // What is sent as a token is looked at alone.
    let both = [("cookie", cookie.as_str()), ("authorization", "Bearer nonsense")];
    assert_eq!(program.send::<()>(Method::GET, "/api/me", None, &both).await.status, StatusCode::UNAUTHORIZED);

    let path = format!("/api/sessions/{}", token["id"].as_str().unwrap());
    assert_eq!(owner.send::<()>(Method::DELETE, &path, None, &[]).await.status, StatusCode::NO_CONTENT);
    assert_eq!(ask(&program, &secret, Method::GET, "/api/me", None).await.status, StatusCode::UNAUTHORIZED);
    let refused = owner.post("/api/tokens", &json!({ "name": "x", "scope": "read", "days": 400 })).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_secret_is_shown_once_on_the_account_page_without_scripts() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let fields = [
        ("_return", "/account"),
        ("_show", "1"),
        ("_kinds", "days:number"),
        ("name", "pipeline"),
        ("scope", "respond"),
        ("days", "30"),
    ];
    let shown = owner.form("/form/api/tokens", &fields).await;
    assert!(shown.body.contains("farol_") && shown.body.contains("never shown again"), "{}", shown.status);
    let later = owner.get("/account").await.body;
    assert!(later.contains("pipeline") && !later.contains("farol_"));
}

/// Has a program ask for the only step of a shop, with a token of Rita's that she ends then; returns the attempt's path.
async fn asked_by_a_token_that_ended(app: &TestApp, shop: &Shop) -> String {
    let (secret, token) = make(&shop.rita, &json!({ "name": "nightly", "scope": "respond" })).await;
    let (program, path) = (app.visitor(), format!("/api/incidents/{}/steps/{}/attempts", shop.incident, shop.steps[0]));
    let preview = ask(&program, &secret, Method::GET, &path, None).await.value();
    let body = json!({ "digest": preview["digest"], "typed_target": "shop", "confirmed": true });
    let asked = ask(&program, &secret, Method::POST, &path, Some(&body)).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.body);
    let path = format!("/api/sessions/{}", token["id"].as_str().unwrap());
    assert_eq!(shop.rita.send::<()>(Method::DELETE, &path, None, &[]).await.status, StatusCode::NO_CONTENT);
    format!("/api/incidents/{}/attempts/{}", shop.incident, asked.value()["attempt"].as_str().unwrap())
}

/// Whoever read a token asked for something with it; breaking the glass later is no word for that.
#[tokio::test]
async fn what_an_ended_token_asked_for_is_void_when_its_person_breaks_the_glass() {
    let app = TestApp::start().await;
    let shop = app.shop(EMPTY_THE_SHELF).await;
    let me = shop.rita.get("/api/me").await.value();
    let person = format!("/api/people/{}", me["user"]["id"].as_str().unwrap());
    shop.owner.send(Method::PATCH, &person, Some(&json!({ "break_glass": true })), &[]).await;
    let attempt = asked_by_a_token_that_ended(&app, &shop).await;
    let body = json!({ "reason": "Nobody else is awake", "minutes": 5 });
    let opened = shop.rita.post(&format!("/api/incidents/{}/break-glass", shop.incident), &body).await;
    assert_eq!(opened.status, StatusCode::OK, "{}", opened.body);
    shop.rita.wait_for_step(shop.incident, &shop.steps[0], "pending").await;
    let view = shop.rita.get(&attempt).await.value();
    assert_eq!(view["attempt"]["result"]["failure"], "approval_void", "{view:#}");
}

/// A token that somebody read is replaced by another of the same name.
#[tokio::test]
async fn what_an_ended_token_asked_for_is_void_though_another_has_its_name() {
    let app = TestApp::start().await;
    let shop = app.shop(EMPTY_THE_SHELF).await;
    let attempt = asked_by_a_token_that_ended(&app, &shop).await;
    make(&shop.rita, &json!({ "name": "nightly", "scope": "respond" })).await;
    let digest = shop.paul.get(&attempt).await.value()["attempt"]["request"]["digest"].clone();
    let approved = shop.paul.post(&format!("{attempt}/approval"), &json!({ "digest": digest })).await;
    assert_eq!(approved.status, StatusCode::OK, "{}", approved.body);
    shop.rita.wait_for_step(shop.incident, &shop.steps[0], "pending").await;
    let view = shop.rita.get(&attempt).await.value();
    assert_eq!(view["attempt"]["result"]["failure"], "approval_void", "{view:#}");
}
