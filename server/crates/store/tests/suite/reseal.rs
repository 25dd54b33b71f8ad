//! A new key for all that is sealed.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use farol_api::event::EventKind;
use farol_api::target::{CredentialRole, Environment};
use farol_incident::Decision;
use farol_incident::decision::SecretValue;
use farol_store::{Begun, Durability, IdempotencyKey, Store, StoreError, StoreOptions, StoredResponse, Undo, Vault};
use farol_testkit::{TestDb, VAULT_KEY};
use secrecy::ExposeSecret;
use sqlx::{ConnectOptions, Connection};

use crate::scene::{Scene, append, claim, held, take, tamper};

const NEW_KEY: [u8; 32] = [9; 32];

fn impatient() -> StoreOptions {
    let mut options = StoreOptions::new(Arc::new(farol_testkit::TestClock::default()));
    options.patience = Duration::from_millis(300);
    options.durability = Durability::Off;
    options
}

async fn reseal(db: &TestDb, old: [u8; 32]) -> Result<u64, StoreError> {
    Store::reseal(db.url(), (&Vault::new(old), &Vault::new(NEW_KEY)), &impatient(), async || Ok(())).await
}

fn secret(name: &str, value: &str) -> Decision {
    let mut decision = Decision::from(EventKind::ParameterSet { name: name.into(), value: None, secret: true });
    decision.secret_value = Some(SecretValue { name: name.into(), value: value.into() });
    decision
}

on_both! {
    async fn all_that_was_sealed_opens_with_the_new_key_and_with_no_other(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let store = db.store();
        append(store, scene.incident, &scene.requester, secret("token", "s3cret")).await;
        scene.queue(store, &scene.spec(&db, "pay")).await;
        let running = claim(store).await;
        let undo = Undo { rows: 1, statements: vec!["insert into t values (1)".to_owned()] };
        store.hold(&running, held(store), Some(undo.clone())).await.unwrap();
        let waiting = scene.spec(&db, "refund");
        scene.queue(store, &waiting).await;
        let key = IdempotencyKey { user: scene.requester.id, key: "k1", request: "POST /notes 123" };
        assert_eq!(store.begin_idempotent(key).await.unwrap(), Begun::Fresh);
        let answer = StoredResponse { status: 200, body: "answer".into() };
        store.complete_idempotent(key, &answer).await.unwrap();
        let retired = store.signing_key().await.unwrap();
        let signs = store.rotate_signing_key().await.unwrap();
        store.close().await;

        // Three credentials, a secret, two specs, what undoes one, an answer and the key that signs.
        assert_eq!(reseal(&db, VAULT_KEY).await.unwrap(), 9);
        assert!(matches!(db.reopen(VAULT_KEY).await, Err(StoreError::WrongKey)));
        let store = db.reopen(NEW_KEY).await.unwrap();
        for role in [CredentialRole::ReadOnly, CredentialRole::ReadWrite, CredentialRole::Admin] {
            let url = store.credential(&scene.target.id, role).await.unwrap().unwrap();
            assert_eq!(url.expose_secret(), format!("sqlite:///nowhere/{}.db", role.as_str()));
        }
        let values = store.parameter_values(scene.incident).await.unwrap();
        assert_eq!(values["token"].expose_secret(), "s3cret");
        assert_eq!(store.undo(running.attempt()).await.unwrap(), Some(undo));
        assert_eq!(store.begin_idempotent(key).await.unwrap(), Begun::Answered(answer));
        assert_eq!(store.signing_key().await.unwrap(), signs);
        assert!(store.signing_keys().await.unwrap().iter().any(|key| key.public == retired));
        let taken = take(&store, "w").await;
        assert_eq!((taken.claim.spec.digest(), taken.claim.attempt()), (waiting.digest(), waiting.attempt));
    }

    async fn a_store_that_is_open_is_left_as_it_is(db: TestDb) {
        assert!(matches!(reseal(&db, VAULT_KEY).await, Err(StoreError::InUse)));
        db.store().ping().await.unwrap();
        db.store().close().await;
        assert!(matches!(reseal(&db, [8; 32]).await, Err(StoreError::WrongKey)));
        let full = async || Err(std::io::Error::from(std::io::ErrorKind::StorageFull));
        let vaults = (&Vault::new(VAULT_KEY), &Vault::new(NEW_KEY));
        let refused = Store::reseal(db.url(), vaults, &impatient(), full).await;
        assert!(matches!(refused, Err(StoreError::Unexpected(_))), "{refused:?}");
        db.reopen(VAULT_KEY).await.expect("nothing was changed").close().await;
        assert_eq!(reseal(&db, VAULT_KEY).await.unwrap(), 0);
    }

    async fn one_value_that_does_not_open_keeps_all_as_they_were(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        tamper(&db, "update target_credentials set role = 'gone' where role = 'rw'").await;
        db.store().close().await;
        let refused = reseal(&db, VAULT_KEY).await;
        assert!(matches!(refused, Err(StoreError::Corrupt { what: "target_credentials.sealed", .. })), "{refused:?}");
        let store = db.reopen(VAULT_KEY).await.unwrap();
        assert!(store.credential(&scene.target.id, CredentialRole::ReadOnly).await.unwrap().is_some());
    }
}

/// A column of bytes that is sealed and not on the list would be lost with the old key.
#[tokio::test]
async fn every_column_of_bytes_is_known_to_be_sealed_or_not() {
    const SQL: &str = "select t.name || '.' || c.name from sqlite_schema t, pragma_table_info(t.name) c \
                       where t.type = 'table' and lower(c.type) = 'blob' and t.name not like '\\_%' escape '\\' \
                       and t.name not like 'library_words%'";
    const IDS: [&str; 2] = [".id", "_id"];
    let db = TestDb::sqlite().await;
    let mut connection = sqlx::sqlite::SqliteConnectOptions::new().filename(db.url()).connect().await.unwrap();
    let columns: Vec<String> = sqlx::query_scalar(SQL).fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let ids = |column: &String| IDS.iter().any(|end| column.ends_with(end)) || column.ends_with("_by");
    let columns: BTreeSet<&str> = columns.iter().filter(|column| !ids(column)).map(String::as_str).collect();
    let sealed = [
        "attempts.spec",
        "idempotency_keys.body",
        "incident_secrets.sealed",
        "signing_keys.sealed",
        "target_credentials.sealed",
        "undos.statements",
    ];
    let plain = [
        "checkpoints.peaks",
        "events.digest",
        "events.leaf",
        "events.salt",
        "incidents.peaks",
        "invitations.resets",
        "revisions.source",
        "signing_keys.public",
    ];
    assert_eq!(columns, sealed.into_iter().chain(plain).collect());
}
