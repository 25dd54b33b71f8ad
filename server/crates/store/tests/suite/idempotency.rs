use chrono::Duration;
use farol_api::user::{Role, User};
use farol_store::{Begun, IdempotencyKey, StoredResponse};
use farol_testkit::builders::user;

use crate::scene::tamper;

fn key<'a>(user: &User, key: &'a str) -> IdempotencyKey<'a> {
    IdempotencyKey { user: user.id, key, request: "POST /api/incidents 1234" }
}

fn answer() -> StoredResponse {
    StoredResponse { status: 201, body: b"{\"id\":1}".to_vec() }
}

on_both! {
    async fn a_repeated_request_gets_the_first_answer_for_a_day(db: TestDb) {
        let store = db.store();
        let ana = user(store, "Ana", Role::Responder).await;
        assert_eq!(store.begin_idempotent(key(&ana, "k")).await.unwrap(), Begun::Fresh);
        assert_eq!(store.begin_idempotent(key(&ana, "k")).await.unwrap(), Begun::InProgress);
        store.complete_idempotent(key(&ana, "k"), &answer()).await.unwrap();
        let late = StoredResponse { status: 500, body: Vec::new() };
        store.complete_idempotent(key(&ana, "k"), &late).await.unwrap();
        db.clock().advance(Duration::hours(23));
        let again = store.begin_idempotent(key(&ana, "k")).await.unwrap();
        assert_eq!(again, Begun::Answered(answer()));
        db.clock().advance(Duration::hours(1));
        assert_eq!(store.begin_idempotent(key(&ana, "k")).await.unwrap(), Begun::Fresh);
    }

    /// A digest of what was asked would tell a short secret in it to whoever has the file and tries them all.
    async fn what_was_asked_is_sealed(db: TestDb) {
        let store = db.store();
        let ana = user(store, "Ana", Role::Responder).await;
        store.begin_idempotent(key(&ana, "k")).await.unwrap();
        tamper(&db, "delete from idempotency_keys where request like '%1234%'").await;
        assert_eq!(store.begin_idempotent(key(&ana, "k")).await.unwrap(), Begun::InProgress);
        let other = IdempotencyKey { request: "POST /api/incidents 5678", ..key(&ana, "k") };
        assert_eq!(store.begin_idempotent(other).await.unwrap(), Begun::Mismatch);
        let lines = StoredResponse { status: 200, body: b"one\n\ntwo\n".to_vec() };
        store.complete_idempotent(key(&ana, "k"), &lines).await.unwrap();
        assert_eq!(store.begin_idempotent(key(&ana, "k")).await.unwrap(), Begun::Answered(lines));
        assert_eq!(store.begin_idempotent(other).await.unwrap(), Begun::Mismatch);
    }

    /// Rows that an earlier version wrote are known for their day.
    async fn what_an_earlier_version_was_asked_is_known(db: TestDb) {
        let store = db.store();
        let ana = user(store, "Ana", Role::Responder).await;
        store.begin_idempotent(key(&ana, "k")).await.unwrap();
        tamper(&db, "update idempotency_keys set request = 'POST /api/incidents 1234', body = null").await;
        assert_eq!(store.begin_idempotent(key(&ana, "k")).await.unwrap(), Begun::InProgress);
        let other = IdempotencyKey { request: "POST /api/incidents 5678", ..key(&ana, "k") };
        assert_eq!(store.begin_idempotent(other).await.unwrap(), Begun::Mismatch);
        db.clock().advance(Duration::minutes(1));
        assert_eq!(store.begin_idempotent(key(&ana, "k")).await.unwrap(), Begun::Fresh);
        store.complete_idempotent(key(&ana, "k"), &answer()).await.unwrap();
        assert_eq!(store.begin_idempotent(key(&ana, "k")).await.unwrap(), Begun::Answered(answer()));
    }

    async fn a_key_is_its_users_and_its_requests(db: TestDb) {
        let store = db.store();
        let ana = user(store, "Ana", Role::Responder).await;
        let bia = user(store, "Bia", Role::Responder).await;
        store.begin_idempotent(key(&ana, "k")).await.unwrap();
        store.complete_idempotent(key(&ana, "k"), &answer()).await.unwrap();
        assert_eq!(store.begin_idempotent(key(&bia, "k")).await.unwrap(), Begun::Fresh);
        let other = IdempotencyKey { request: "POST /api/targets 9", ..key(&ana, "k") };
        assert_eq!(store.begin_idempotent(other).await.unwrap(), Begun::Mismatch);
    }

    async fn a_request_that_never_completed_can_be_made_again(db: TestDb) {
        let (here, there) = (db.store().clone(), db.another().await);
        let ana = user(&here, "Ana", Role::Responder).await;
        here.begin_idempotent(key(&ana, "k")).await.unwrap();
        here.abandon_idempotent(key(&ana, "k")).await.unwrap();
        assert_eq!(here.begin_idempotent(key(&ana, "k")).await.unwrap(), Begun::Fresh);
        db.clock().advance(Duration::seconds(60));
        let (first, second) = tokio::join!(
            here.begin_idempotent(key(&ana, "k")),
            there.begin_idempotent(key(&ana, "k")),
        );
        let mut begun = [first.unwrap(), second.unwrap()];
        begun.sort_by_key(|begun| *begun != Begun::Fresh);
        assert_eq!(begun, [Begun::Fresh, Begun::InProgress]);
    }
}
