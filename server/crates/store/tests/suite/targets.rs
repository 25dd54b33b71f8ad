use chrono::Duration;
use farol_api::event::EventKind;
use farol_api::id::TargetId;
use farol_api::incident::Status;
use farol_api::request::NewCredential;
use farol_api::target::{CredentialRole, Environment};
use farol_api::user::Role;
use farol_store::DeleteTargetError;
use farol_testkit::builders::{declared_with, incident, save_target, target, user};
use secrecy::ExposeSecret;

use crate::scene::{Scene, append, claim, succeeded};

fn id(text: &str) -> TargetId {
    text.parse().unwrap()
}

on_both! {
    async fn a_target_is_read_back_as_it_was_saved(db: TestDb) {
        let store = db.store();
        let saved = target(store, "shop", Environment::Production).await;
        assert_eq!((saved.version, saved.timeout_seconds), (1, 60));
        let roles = [CredentialRole::ReadOnly, CredentialRole::ReadWrite, CredentialRole::Admin];
        assert_eq!(saved.credentials, roles);
        assert_eq!(store.target(&id("shop")).await.unwrap(), Some(saved.clone()));
        let other = target(store, "archive", Environment::Sandbox).await;
        assert_eq!(store.targets().await.unwrap(), [other, saved]);
        assert_eq!(store.count_targets().await.unwrap(), 2);
        assert_eq!(store.target(&id("nowhere")).await.unwrap(), None);
    }

    async fn the_version_grows_with_every_change_and_only_then(db: TestDb) {
        let store = db.store();
        let first = target(store, "shop", Environment::Staging).await;
        db.clock().advance(Duration::seconds(1));
        let mut change = save_target(Environment::Staging);
        assert_eq!(store.save_target(&first.id, &change).await.unwrap(), first);
        change.environment = Environment::Production;
        let second = store.save_target(&first.id, &change).await.unwrap();
        assert_eq!((second.version, second.environment), (2, Environment::Production));
        assert!(second.updated_at > first.updated_at);
        change.credentials = vec![NewCredential {
            role: CredentialRole::ReadOnly,
            url: "postgres://other".into(),
        }];
        assert_eq!(store.save_target(&first.id, &change).await.unwrap().version, 3);
    }

    /// What was approved for the one that is gone binds a version of it, and must not fit another target of its name.
    async fn a_target_that_is_made_again_goes_on_counting(db: TestDb) {
        let store = db.store();
        let id = "shop".parse().unwrap();
        for made in 1..=3 {
            let target = store.save_target(&id, &save_target(Environment::Production)).await.unwrap();
            assert_eq!(target.version, made);
            assert!(store.delete_target(&id).await.unwrap());
        }
        assert!(!store.delete_target(&id).await.unwrap());
    }

    async fn credentials_that_are_not_given_stay(db: TestDb) {
        let store = db.store();
        target(store, "shop", Environment::Staging).await;
        let mut change = save_target(Environment::Staging);
        change.credentials = vec![
            NewCredential { role: CredentialRole::ReadWrite, url: " mysql://new ".into() },
            NewCredential { role: CredentialRole::Admin, url: "  ".into() },
        ];
        store.save_target(&id("shop"), &change).await.unwrap();
        let mut urls = Vec::new();
        for role in [CredentialRole::ReadOnly, CredentialRole::ReadWrite, CredentialRole::Admin] {
            let url = store.credential(&id("shop"), role).await.unwrap().unwrap();
            urls.push(url.expose_secret().to_owned());
        }
        assert_eq!(urls, ["sqlite:///nowhere/ro.db", "mysql://new", "sqlite:///nowhere/admin.db"]);
    }

    async fn a_credential_can_be_taken_away(db: TestDb) {
        let store = db.store();
        target(store, "shop", Environment::Staging).await;
        let changed = store.remove_credential(&id("shop"), CredentialRole::Admin).await.unwrap();
        let changed = changed.unwrap();
        assert_eq!(changed.version, 2);
        assert_eq!(changed.credentials, [CredentialRole::ReadOnly, CredentialRole::ReadWrite]);
        assert!(store.credential(&id("shop"), CredentialRole::Admin).await.unwrap().is_none());
        let again = store.remove_credential(&id("shop"), CredentialRole::Admin).await.unwrap();
        assert_eq!(again.unwrap().version, 2);
        let nowhere = store.remove_credential(&id("nowhere"), CredentialRole::Admin).await;
        assert_eq!(nowhere.unwrap(), None);
    }

    async fn a_target_of_an_open_incident_is_not_deleted(db: TestDb) {
        let store = db.store();
        let ana = user(store, "Ana", Role::Owner).await;
        let used = target(store, "shop", Environment::Staging).await;
        let kind = declared_with("Slow", None, Some(used.id.clone()));
        let number = incident(store, &ana, kind).await;
        match store.delete_target(&used.id).await {
            Err(DeleteTargetError::InUse { incidents }) => assert_eq!(incidents, [number]),
            other => panic!("{other:?}"),
        }
        let over = EventKind::StatusChanged {
            from: Status::Declared,
            to: Status::Resolved,
            reason: None,
        };
        append(store, number, &ana, over).await;
        assert!(store.delete_target(&used.id).await.unwrap());
        assert!(!store.delete_target(&used.id).await.unwrap());
        assert!(store.credential(&used.id, CredentialRole::ReadOnly).await.unwrap().is_none());
    }

    async fn a_target_of_an_active_attempt_is_not_deleted(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let other = target(store, "other", Environment::Sandbox).await;
        let mut spec = scene.spec(&db, "fix");
        spec.target = other.id.clone();
        spec.target_version = other.version;
        scene.queue(store, &spec).await;
        assert!(matches!(
            store.delete_target(&other.id).await,
            Err(DeleteTargetError::InUse { incidents }) if incidents == [scene.incident]
        ));
        let claim = claim(store).await;
        store.finish(&claim, succeeded()).await.unwrap();
        assert!(store.delete_target(&other.id).await.unwrap());
    }

    /// The file of a store may be copied by whoever can read backups.
    async fn no_credential_stands_in_the_clear(db: TestDb) {
        let store = db.store();
        let mut new = save_target(Environment::Production);
        new.credentials[0].url = "postgres://shop:hunter2hunter2@db/shop".into();
        store.save_target(&id("shop"), &new).await.unwrap();
        let Some(folder) = db.folder().map(std::path::Path::to_owned) else { return };
        store.close().await;
        for file in std::fs::read_dir(folder).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            assert!(!bytes.windows(8).any(|window| window == b"hunter2h"));
        }
    }
}
