use farol_api::text::Locale;
use farol_api::user::Role;
use farol_store::{ChangeUserError, CreateUserError, NewSession, PasswordHash};
use farol_testkit::builders::{new_user, user};
use secrecy::SecretString;
use std::time::Duration;

on_both! {
    async fn a_person_is_found_by_email_whatever_its_case(db: TestDb) {
        let store = db.store();
        let made = user(store, "Ágata", Role::Author).await;
        let (found, password) = store.user_by_email(" ÁGATA@Example.org").await.unwrap().unwrap();
        assert_eq!(found, made);
        assert_eq!(password, new_user("Ágata").password);
        assert_eq!(store.user(made.id).await.unwrap(), Some(made));
        assert_eq!(store.user_by_email("nobody@example.org").await.unwrap(), None);
    }

    async fn one_mailbox_has_one_account(db: TestDb) {
        let store = db.store();
        user(store, "Ana", Role::Owner).await;
        let mut again = new_user("Another");
        again.email = "ANA@example.ORG".into();
        let refused = store.create_user(again, Role::Viewer).await;
        assert!(matches!(refused, Err(CreateUserError::EmailTaken)));
        assert_eq!(store.users().await.unwrap().len(), 1);
    }

    async fn people_are_listed_by_name(db: TestDb) {
        let store = db.store();
        for name in ["Cleo", "ana", "Bia"] {
            user(store, name, Role::Viewer).await;
        }
        let users = store.users().await.unwrap();
        let names: Vec<&str> = users.iter().map(|user| user.name.as_str()).collect();
        assert_eq!(names, ["Bia", "Cleo", "ana"], "the same order on both databases");
    }

    async fn role_language_and_password_change(db: TestDb) {
        let store = db.store();
        let made = user(store, "Ana", Role::Viewer).await;
        let changed = store.change_user(made.id, Some(Role::Approver), None, None).await;
        assert_eq!(changed.unwrap().unwrap().role, Role::Approver);
        store.set_locale(made.id, Some(Locale::PtBr)).await.unwrap();
        store.set_password(made.id, &PasswordHash("new".into())).await.unwrap();
        let (found, password) = store.user_by_email("ana@example.org").await.unwrap().unwrap();
        assert_eq!((found.role, found.locale), (Role::Approver, Some(Locale::PtBr)));
        assert_eq!(password, PasswordHash("new".into()));
    }

    async fn closing_an_account_ends_its_sessions_and_opening_it_brings_none_back(db: TestDb) {
        let store = db.store();
        let made = user(store, "Ana", Role::Viewer).await;
        let secret = SecretString::from("s".repeat(40));
        let lifetime = Duration::from_secs(3600);
        let new = NewSession { user: made.id, secret: &secret, user_agent: "", scope: None, lifetime };
        store.create_session(new).await.unwrap();
        let closed = store.change_user(made.id, None, Some(true), None).await.unwrap().unwrap();
        assert!(closed.disabled_at.is_some());
        assert_eq!(store.session_by_secret(&secret).await.unwrap(), None);
        let opened = store.change_user(made.id, None, Some(false), None).await.unwrap().unwrap();
        assert_eq!(opened.disabled_at, None);
        assert_eq!(store.session_by_secret(&secret).await.unwrap(), None);
    }

    async fn the_last_enabled_owner_stays(db: TestDb) {
        let store = db.store();
        let owner = user(store, "Ana", Role::Owner).await;
        let second = user(store, "Bia", Role::Owner).await;
        store.change_user(second.id, None, Some(true), None).await.unwrap();
        for (role, disabled) in [(Some(Role::Admin), None), (None, Some(true))] {
            let refused = store.change_user(owner.id, role, disabled, None).await;
            assert!(matches!(refused, Err(ChangeUserError::LastOwner)));
        }
        store.change_user(second.id, None, Some(false), None).await.unwrap();
        store.change_user(owner.id, Some(Role::Viewer), None, None).await.unwrap();
    }

    /// Each sees the other as the one who remains.
    async fn two_owners_who_demote_each_other_at_once_leave_one(db: TestDb) {
        let (here, there) = (db.store().clone(), db.another().await);
        let ana = user(&here, "Ana", Role::Owner).await;
        let bia = user(&here, "Bia", Role::Owner).await;
        let (first, second) = tokio::join!(
            here.change_user(ana.id, Some(Role::Viewer), None, None),
            there.change_user(bia.id, Some(Role::Viewer), None, None),
        );
        assert_eq!([first.is_ok(), second.is_ok()].iter().filter(|ok| **ok).count(), 1);
        let users = here.users().await.unwrap();
        assert_eq!(users.iter().filter(|user| user.role == Role::Owner).count(), 1);
    }

    async fn a_person_who_is_not_there_is_not_changed(db: TestDb) {
        let nobody = farol_api::id::UserId(uuid::Uuid::from_u128(99));
        assert_eq!(db.store().change_user(nobody, Some(Role::Owner), None, None).await.unwrap(), None);
        assert_eq!(db.store().user(nobody).await.unwrap(), None);
    }

    async fn a_name_with_a_nul_is_refused_on_both_alike(db: TestDb) {
        let mut new = new_user("Ana");
        new.name = "A\0na".into();
        let refused = db.store().create_user(new, Role::Viewer).await;
        assert!(matches!(
            refused,
            Err(CreateUserError::Store(farol_store::StoreError::NulInText))
        ));
    }
}
