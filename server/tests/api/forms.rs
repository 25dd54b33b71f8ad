//! Plain forms, as a browser without scripts sends them.

use reqwest::StatusCode;

use crate::common::{PASSWORD, TestApp};

#[tokio::test]
async fn a_form_does_what_the_api_does_and_leads_on() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let fields = [("title", "Down"), ("severity", "sev1"), ("_return", "/incidents/new"), ("_next", "/incidents/{id}")];
    let answer = owner.form("/form/api/incidents", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(answer.headers["location"], "/incidents/1");
    assert_eq!(owner.get("/api/incidents/1").await.value()["state"]["severity"], "sev1");
}

#[tokio::test]
async fn a_form_that_is_refused_keeps_what_was_typed_and_says_why() {
    let app = TestApp::start().await;
    app.owner().await;
    let visitor = app.visitor();
    let fields = [
        ("email", "owner@example.com"),
        ("password", "wrong-password"),
        ("_return", "/login"),
        ("_secret", "password"),
    ];
    let answer = visitor.form("/form/api/session", &fields).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.body.contains("owner@example.com"), "what was typed is kept");
    assert!(!answer.body.contains("wrong-password"), "but never a password");
    assert!(answer.body.contains("E-mail or password is wrong"));
}

#[tokio::test]
async fn a_login_by_form_sets_the_cookie() {
    let app = TestApp::start().await;
    app.owner().await;
    let mut visitor = app.visitor();
    let fields = [("email", "owner@example.com"), ("password", PASSWORD), ("_return", "/login"), ("_next", "/")];
    let answer = visitor.form("/form/api/session", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    visitor.keep_cookie(&answer);
    assert_eq!(visitor.get("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_form_sent_twice_does_its_work_once() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let fields = [("title", "Down"), ("_key", "k-1"), ("_return", "/incidents/new"), ("_next", "/incidents/{id}")];
    let first = owner.form("/form/api/incidents", &fields).await;
    let second = owner.form("/form/api/incidents", &fields).await;
    assert_eq!(first.headers["location"], second.headers["location"]);
    assert_eq!(owner.get("/api/incidents").await.value().as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_preview_does_not_use_up_the_key_that_saving_needs() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let source = "# Count\n\n1. Count\n\n```sql\nselect 1;\n```\n";
    let fields = [("source", source), ("_key", "k1"), ("_return", "/runbooks/new"), ("_next", "/runbooks/{id}")];
    for _ in 0..2 {
        let shown = owner.form("/form/api/runbooks/preview", &[&fields[..], &[("_show", "1")]].concat()).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(shown.body.contains("step-list"), "{}", shown.body);
    }
    let saved = owner.form("/form/api/runbooks", &fields).await;
    assert_eq!(saved.headers["location"], "/runbooks/count");
}

#[tokio::test]
async fn a_form_can_name_what_it_makes() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let fields = [
        ("_method", "PUT"),
        ("_next", "/targets/{id}"),
        ("id", "shop"),
        ("environment", "sandbox"),
        ("database", "sqlite"),
        ("credentials.0.role", "ro"),
        ("credentials.0.url", "sqlite:///nowhere/shop.db"),
    ];
    let answer = owner.form("/form/api/targets/:id", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(answer.headers["location"], "/targets/shop");
    assert_eq!(owner.get("/api/targets/shop").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_visitor_is_sent_to_the_login_page_and_an_unknown_page_is_a_404() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let sent = app.visitor().get("/incidents").await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert!(sent.headers["location"].to_str().unwrap().starts_with("/login"));
    assert_eq!(owner.get("/no-such-page").await.status, StatusCode::NOT_FOUND);
    assert_eq!(owner.get("/incidents/77").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_language_is_the_readers() {
    let app = TestApp::start().await;
    app.owner().await;
    let mut visitor = app.visitor();
    visitor.language = "pt-BR";
    assert!(visitor.get("/login").await.body.contains("<html lang=\"pt-BR\""));
    visitor.language = "de";
    assert!(visitor.get("/login").await.body.contains("<html lang=\"en\""));
    let switched = visitor.get("/locale/pt-BR?return=/login").await;
    assert_eq!(switched.headers["location"], "/login");
    assert!(switched.headers["set-cookie"].to_str().unwrap().starts_with("farol_locale=pt-BR"));
    let hostile = visitor.get("/locale/pt-BR?return=//evil.example").await;
    assert_eq!(hostile.headers["location"], "/");
}
