use std::time::Duration;

use farol_api::user::{Invitation, Role};
use farol_store::{AcceptError, PasswordHash, Store};
use farol_testkit::builders::{person, user};

const DAY: Duration = Duration::from_secs(24 * 3600);

async fn invite(store: &Store, email: &str, secret: &str) -> Invitation {
    let known = store.user_by_email("ana@example.org").await.unwrap();
    let ana = match known {
        Some((ana, _)) => ana,
        None => user(store, "Ana", Role::Owner).await,
    };
    store.create_invitation(email, Role::Author, &person(&ana), &secret.into(), DAY).await.unwrap()
}

fn password() -> PasswordHash {
    PasswordHash("hash".into())
}

on_both! {
    async fn an_invitation_is_accepted_once(db: TestDb) {
        let store = db.store();
        let made = invite(store, "Bia@example.org", "secret").await;
        assert_eq!(store.invitation_by_secret(&"secret".into()).await.unwrap(), Some(made.clone()));
        assert_eq!(store.invitations().await.unwrap(), [made]);
        let bia = store.accept_invitation(&"secret".into(), "Bia", password()).await.unwrap();
        assert_eq!((bia.email.as_str(), bia.role), ("Bia@example.org", Role::Author));
        assert_eq!(store.user(bia.id).await.unwrap(), Some(bia));
        let again = store.accept_invitation(&"secret".into(), "Eve", password()).await;
        assert!(matches!(again, Err(AcceptError::NotOpen)));
        assert_eq!(store.invitation_by_secret(&"secret".into()).await.unwrap(), None);
        assert_eq!(store.invitations().await.unwrap(), []);
    }

    async fn an_invitation_runs_out(db: TestDb) {
        let store = db.store();
        let made = invite(store, "bia@example.org", "secret").await;
        db.clock().advance(chrono::Duration::days(1));
        assert_eq!(store.invitation_by_secret(&"secret".into()).await.unwrap(), None);
        let late = store.accept_invitation(&"secret".into(), "Bia", password()).await;
        assert!(matches!(late, Err(AcceptError::NotOpen)));
        assert!(!store.withdraw_invitation(made.id).await.unwrap());
    }

    async fn a_withdrawn_invitation_is_worth_nothing(db: TestDb) {
        let store = db.store();
        let made = invite(store, "bia@example.org", "secret").await;
        assert!(store.withdraw_invitation(made.id).await.unwrap());
        assert!(!store.withdraw_invitation(made.id).await.unwrap());
        let late = store.accept_invitation(&"secret".into(), "Bia", password()).await;
        assert!(matches!(late, Err(AcceptError::NotOpen)));
    }

    async fn a_second_invitation_to_a_mailbox_replaces_the_first(db: TestDb) {
        let store = db.store();
        invite(store, "bia@example.org", "first").await;
        let second = invite(store, "BIA@example.org", "second").await;
        assert_eq!(store.invitations().await.unwrap(), [second]);
        assert_eq!(store.invitation_by_secret(&"first".into()).await.unwrap(), None);
    }

    async fn an_invitation_of_somebody_who_has_an_account_stays_open(db: TestDb) {
        let store = db.store();
        invite(store, "bia@example.org", "secret").await;
        user(store, "Bia", Role::Viewer).await;
        let refused = store.accept_invitation(&"secret".into(), "Bia", password()).await;
        assert!(matches!(refused, Err(AcceptError::EmailTaken)));
        assert!(store.invitation_by_secret(&"secret".into()).await.unwrap().is_some());
    }

    /// Whoever leaves, or is made less, leaves no door open behind them.
    async fn an_invitation_counts_as_long_as_its_maker_may_make_it(db: TestDb) {
        let store = db.store();
        user(store, "Olga", Role::Owner).await;
        let ana = user(store, "Ana", Role::Owner).await;
        let by = person(&ana);
        let make = async |email: &str, role| store.create_invitation(email, role, &by, &email.into(), DAY).await.unwrap();
        make("bia@example.org", Role::Owner).await;
        let kept = make("rui@example.org", Role::Approver).await;
        store.change_user(ana.id, None, None, Some(true)).await.unwrap();
        assert_eq!(store.invitations().await.unwrap().len(), 2);
        store.change_user(ana.id, Some(Role::Admin), None, None).await.unwrap();
        assert_eq!(store.invitations().await.unwrap(), [kept]);
        let late = store.accept_invitation(&"bia@example.org".into(), "Bia", password()).await;
        assert!(matches!(late, Err(AcceptError::NotOpen)));
        store.change_user(ana.id, None, Some(true), None).await.unwrap();
        assert_eq!(store.invitations().await.unwrap(), []);
    }

    async fn two_who_accept_at_once_make_one_account(db: TestDb) {
        let (here, there) = (db.store().clone(), db.another().await);
        invite(&here, "bia@example.org", "secret").await;
        let secret = "secret".into();
        let (first, second) = tokio::join!(
            here.accept_invitation(&secret, "Bia", password()),
            there.accept_invitation(&secret, "Eve", password()),
        );
        assert_eq!([first.is_ok(), second.is_ok()].iter().filter(|ok| **ok).count(), 1);
        assert_eq!(here.users().await.unwrap().len(), 2);
    }
}
