use farol_api::user::Role;
use farol_store::SetUpError;
use farol_testkit::builders::new_user;

on_both! {
    async fn the_token_makes_the_first_owner_once(db: TestDb) {
        let store = db.store();
        assert!(!store.is_set_up().await.unwrap());
        store.set_setup_token(&"token".into()).await.unwrap();
        let wrong = store.set_up(&"other".into(), new_user("Eve")).await;
        assert!(matches!(wrong, Err(SetUpError::WrongToken)));
        let owner = store.set_up(&"token".into(), new_user("Ana")).await.unwrap();
        assert_eq!(owner.role, Role::Owner);
        assert!(store.is_set_up().await.unwrap());
        let again = store.set_up(&"token".into(), new_user("Eve")).await;
        assert!(matches!(again, Err(SetUpError::AlreadySetUp)));
        let printed = store.set_setup_token(&"later".into()).await;
        assert!(matches!(printed, Err(SetUpError::AlreadySetUp)));
    }

    async fn a_new_token_replaces_the_old(db: TestDb) {
        let store = db.store();
        store.set_setup_token(&"old".into()).await.unwrap();
        store.set_setup_token(&"new".into()).await.unwrap();
        let old = store.set_up(&"old".into(), new_user("Eve")).await;
        assert!(matches!(old, Err(SetUpError::WrongToken)));
        store.set_up(&"new".into(), new_user("Ana")).await.unwrap();
    }

    async fn of_two_first_owners_one_is_first(db: TestDb) {
        let (here, there) = (db.store().clone(), db.another().await);
        let (first, second) = tokio::join!(
            here.create_first_owner(new_user("Ana")),
            there.create_first_owner(new_user("Eve")),
        );
        assert_eq!([first.is_ok(), second.is_ok()].iter().filter(|ok| **ok).count(), 1);
        assert_eq!(here.users().await.unwrap().len(), 1);
    }

    async fn of_two_visitors_with_the_token_one_becomes_the_owner(db: TestDb) {
        let (here, there) = (db.store().clone(), db.another().await);
        here.set_setup_token(&"token".into()).await.unwrap();
        let token = "token".into();
        let (first, second) = tokio::join!(
            here.set_up(&token, new_user("Ana")),
            there.set_up(&token, new_user("Eve")),
        );
        assert_eq!([first.is_ok(), second.is_ok()].iter().filter(|ok| **ok).count(), 1);
        assert_eq!(here.users().await.unwrap().len(), 1);
    }
}
