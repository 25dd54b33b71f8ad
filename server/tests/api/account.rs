//! The first owner, logging in, invitations, the last owner.

use farol_api::user::Role;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::common::{PASSWORD, TestApp};

#[tokio::test]
async fn the_first_owner_needs_the_token_and_there_is_but_one() {
    let app = TestApp::start().await;
    let body = json!({ "token": "guess", "email": "a@example.com", "name": "A", "password": PASSWORD });
    let refused = app.visitor().post("/api/setup", &body).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::FORBIDDEN, "wrong_token"));
    app.owner().await;
    let late = app.visitor().post("/api/setup", &body).await;
    assert_eq!((late.status, late.code().as_str()), (StatusCode::CONFLICT, "set_up_done"));
    assert_eq!(app.visitor().get("/api/setup").await.value()["needed"], false);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_person_are_told_apart_by_nothing() {
    let app = TestApp::start().await;
    app.owner().await;
    let wrong = app.visitor().post("/api/session", &json!({ "email": "owner@example.com", "password": "x" })).await;
    let unknown = app.visitor().post("/api/session", &json!({ "email": "nobody@example.com", "password": "x" })).await;
    assert_eq!((wrong.status, unknown.status), (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED));
    let without_id = |mut problem: serde_json::Value| {
        problem.as_object_mut().unwrap().remove("request_id");
        problem
    };
    assert_eq!(without_id(wrong.value()), without_id(unknown.value()));
}

#[tokio::test]
async fn guessing_passwords_is_stopped() {
    let app = TestApp::start().await;
    app.owner().await;
    let guess = json!({ "email": "owner@example.com", "password": "guess" });
    for _ in 0..10 {
        assert_eq!(app.visitor().post("/api/session", &guess).await.status, StatusCode::UNAUTHORIZED);
    }
    let right = json!({ "email": "owner@example.com", "password": PASSWORD });
    let stopped = app.visitor().post("/api/session", &right).await;
    assert_eq!((stopped.status, stopped.code().as_str()), (StatusCode::TOO_MANY_REQUESTS, "too_many_logins"));
}

/// What is tried at the same time counts as what is tried one after the other.
#[tokio::test]
async fn passwords_that_are_guessed_at_once_are_counted_too() {
    let app = TestApp::start().await;
    app.owner().await;
    let guess = json!({ "email": "owner@example.com", "password": "guess" });
    let visitors: Vec<_> = (0..30).map(|_| app.visitor()).collect();
    let tries = visitors.iter().map(|visitor| visitor.post("/api/session", &guess));
    let answers = futures::future::join_all(tries).await;
    let looked_at = answers.iter().filter(|answer| answer.status == StatusCode::UNAUTHORIZED).count();
    let stopped = answers.iter().filter(|answer| answer.status == StatusCode::TOO_MANY_REQUESTS).count();
    assert_eq!((looked_at, stopped), (10, 20));
}

/// Whoever logs in well leaves nothing that counts against others who come from the same address.
#[tokio::test]
async fn logins_that_work_are_no_guesses() {
    let app = TestApp::start().await;
    app.owner().await;
    let right = json!({ "email": "owner@example.com", "password": PASSWORD });
    for _ in 0..12 {
        assert_eq!(app.visitor().post("/api/session", &right).await.status, StatusCode::CREATED);
    }
}

#[tokio::test]
async fn every_login_gets_a_cookie_of_its_own_and_ends_the_one_before() {
    let app = TestApp::start().await;
    let before = app.owner().await;
    let mut again = before.clone();
    let login = json!({ "email": "OWNER@example.com", "password": PASSWORD });
    let answer = again.post("/api/session", &login).await;
    again.keep_cookie(&answer);
    assert_ne!(before.cookie, again.cookie);
    assert_eq!(before.get("/api/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(again.get("/api/me").await.status, StatusCode::OK);
    let cookie = answer.headers["set-cookie"].to_str().unwrap();
    for part in ["__Host-farol=", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
}

#[tokio::test]
async fn an_invitation_is_used_once() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let invited = owner.post("/api/invitations", &json!({ "email": "r@example.com", "role": "responder" })).await;
    let path = invited.value()["path"].as_str().unwrap().replace("/invitations/", "/api/invitations/");
    let seen = app.visitor().get(&path).await.value();
    assert_eq!((seen["email"].as_str(), seen["invited_by"].as_str()), (Some("r@example.com"), Some("Olga Owner")));
    let accept = json!({ "name": "Rui", "password": PASSWORD });
    let first = app.visitor().post(&format!("{path}/acceptance"), &accept).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    let second = app.visitor().post(&format!("{path}/acceptance"), &accept).await;
    assert_eq!((second.status, second.code().as_str()), (StatusCode::GONE, "invitation_gone"));
}

#[tokio::test]
async fn an_admin_makes_no_owner_and_the_last_owner_stays() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let admin = app.person(&owner, "Ada Admin", Role::Admin).await;
    let refused = admin.post("/api/invitations", &json!({ "email": "x@example.com", "role": "owner" })).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let me = owner.get("/api/me").await.value()["user"]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/people/{me}");
    let by_admin = admin.send(Method::PATCH, &path, Some(&json!({ "disabled": true })), &[]).await;
    assert_eq!(by_admin.status, StatusCode::FORBIDDEN);
    let last = owner.send(Method::PATCH, &path, Some(&json!({ "role": "viewer" })), &[]).await;
    assert_eq!((last.status, last.code().as_str()), (StatusCode::CONFLICT, "last_owner"));
}

#[tokio::test]
async fn a_password_of_eleven_characters_is_refused_in_the_readers_language() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();
    visitor.language = "pt-BR,pt;q=0.9";
    let body = json!({ "token": "t", "email": "a@example.com", "name": "A", "password": "elevenchars" });
    let refused = visitor.post("/api/setup", &body).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let problem = refused.value();
    assert_eq!(problem["errors"][0]["field"], "password");
    assert_eq!(problem["errors"][0]["message"], "Use 12 caracteres ou mais.");
}

/// A password that was forgotten, or that somebody else knows.
#[tokio::test]
async fn a_link_for_a_new_password_works_once_and_ends_what_the_old_one_opened() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let admin = app.person(&owner, "Ada Admin", Role::Admin).await;
    let rita = app.person(&owner, "Rita Responder", Role::Responder).await;
    let id =
        async |who: &crate::common::Client| who.get("/api/me").await.value()["user"]["id"].as_str().unwrap().to_owned();
    let token = rita.post("/api/tokens", &json!({ "name": "nightly", "scope": "respond" })).await;
    let token = token.value()["secret"].as_str().unwrap().to_owned();

    let of_owner = format!("/api/people/{}/password-link", id(&owner).await);
    assert_eq!(admin.post(&of_owner, &json!({})).await.status, StatusCode::FORBIDDEN, "or admins were owners");
    let path = format!("/api/people/{}/password-link", id(&rita).await);
    assert_eq!(rita.post(&path, &json!({})).await.status, StatusCode::FORBIDDEN);
    let first = admin.post(&path, &json!({})).await.value()["path"].as_str().unwrap().to_owned();
    let made = admin.post(&path, &json!({})).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let second = made.value()["path"].as_str().unwrap().to_owned();
    assert_eq!(app.visitor().get(&format!("/api{first}")).await.code(), "invitation_gone", "the newest alone is open");
    let seen = app.visitor().get(&format!("/api{second}")).await.value();
    assert_eq!((&seen["resets"], &seen["email"]), (&json!(true), &json!("rita.responder@example.com")));
    assert_eq!(rita.get("/api/me").await.status, StatusCode::OK, "nothing ends before it is used");

    let accept = format!("/api{second}/acceptance");
    let chosen = json!({ "password": "another light at night" });
    assert_eq!(
        app.visitor().post(&accept, &json!({ "password": "short" })).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let mut back = app.visitor();
    let accepted = back.post(&accept, &chosen).await;
    assert_eq!(accepted.status, StatusCode::CREATED, "{}", accepted.body);
    back.keep_cookie(&accepted);
    assert_eq!(back.get("/api/me").await.value()["user"]["name"], "Rita Responder");
    assert_eq!(app.visitor().post(&accept, &chosen).await.code(), "invitation_gone");
    assert_eq!(rita.get("/api/me").await.status, StatusCode::UNAUTHORIZED);
    let bearer = format!("Bearer {token}");
    let by_token =
        app.visitor().send::<()>(Method::GET, "/api/incidents", None, &[("authorization", bearer.as_str())]).await;
    assert_eq!(by_token.status, StatusCode::UNAUTHORIZED);
    let log_in = |password: &str| json!({ "email": "rita.responder@example.com", "password": password });
    assert_eq!(app.visitor().post("/api/session", &log_in(PASSWORD)).await.status, StatusCode::UNAUTHORIZED);
    let again = app.visitor().post("/api/session", &log_in("another light at night")).await;
    assert_eq!(again.status, StatusCode::CREATED);

    // Who has become more than its maker may manage is not reached by it.
    let late = admin.post(&path, &json!({})).await.value()["path"].as_str().unwrap().to_owned();
    let role = json!({ "role": "owner" });
    owner.send(Method::PATCH, path.trim_end_matches("/password-link"), Some(&role), &[]).await;
    let refused = app.visitor().post(&format!("/api{late}/acceptance"), &chosen).await;
    assert_eq!(refused.code(), "invitation_gone");
}
