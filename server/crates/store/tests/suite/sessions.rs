use std::time::Duration;

use farol_api::user::{Role, Session, User};
use farol_store::{NewSession, Store};
use farol_testkit::builders::user;
use secrecy::SecretString;

const HOUR: Duration = Duration::from_secs(3600);

async fn begin(store: &Store, user: &User, secret: &str) -> Session {
    let secret = SecretString::from(secret);
    let new = NewSession { user: user.id, secret: &secret, user_agent: "Browser\u{7} 1", scope: None, lifetime: HOUR };
    store.create_session(new).await.unwrap()
}

on_both! {
    async fn a_session_is_found_by_its_secret_with_its_person(db: TestDb) {
        let store = db.store();
        let ana = user(store, "Ana", Role::Responder).await;
        let session = begin(store, &ana, "one").await;
        assert_eq!(session.user_agent, "Browser 1");
        let found = store.session_by_secret(&"one".into()).await.unwrap();
        assert_eq!(found, Some((session, ana)));
        assert_eq!(store.session_by_secret(&"two".into()).await.unwrap(), None);
    }

    async fn a_session_ends_by_itself(db: TestDb) {
        let store = db.store();
        let ana = user(store, "Ana", Role::Responder).await;
        begin(store, &ana, "one").await;
        db.clock().advance(chrono::Duration::hours(1));
        assert_eq!(store.session_by_secret(&"one".into()).await.unwrap(), None);
        assert_eq!(store.sessions(ana.id).await.unwrap(), []);
    }

    async fn the_last_use_is_noted_once_a_minute(db: TestDb) {
        let store = db.store();
        let ana = user(store, "Ana", Role::Responder).await;
        let session = begin(store, &ana, "one").await;
        db.clock().advance(chrono::Duration::seconds(59));
        store.touch_session(&session).await.unwrap();
        let (found, _) = store.session_by_secret(&"one".into()).await.unwrap().unwrap();
        assert_eq!(found.last_seen_at, session.created_at);
        db.clock().advance(chrono::Duration::seconds(1));
        store.touch_session(&found).await.unwrap();
        let (found, _) = store.session_by_secret(&"one".into()).await.unwrap().unwrap();
        assert_eq!(found.last_seen_at, session.created_at + chrono::Duration::seconds(60));
    }

    async fn sessions_are_revoked_one_by_one_or_all_but_the_own(db: TestDb) {
        let store = db.store();
        let ana = user(store, "Ana", Role::Responder).await;
        let bia = user(store, "Bia", Role::Responder).await;
        let first = begin(store, &ana, "one").await;
        db.clock().advance(chrono::Duration::seconds(1));
        let second = begin(store, &ana, "two").await;
        begin(store, &ana, "three").await;
        begin(store, &bia, "four").await;
        assert_eq!(store.sessions(ana.id).await.unwrap().len(), 3);
        assert!(!store.revoke_session(bia.id, first.id).await.unwrap(), "not hers");
        assert!(store.revoke_session(ana.id, first.id).await.unwrap());
        assert_eq!(store.session_by_secret(&"one".into()).await.unwrap(), None);
        assert_eq!(store.revoke_sessions(ana.id, Some(second.id)).await.unwrap(), 1);
        assert_eq!(store.sessions(ana.id).await.unwrap(), [second]);
        assert_eq!(store.revoke_sessions(ana.id, None).await.unwrap(), 1);
        assert_eq!(store.sessions(bia.id).await.unwrap().len(), 1);
    }
}
