//! The keys from the command line.

use std::fs;

use sqlx::{ConnectOptions, Connection};

use crate::{complained, farol, printed};

/// A folder with a store in which a key signs, and the key that seals it.
fn sealed() -> (tempfile::TempDir, Vec<u8>, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.md"), "# A\n\n1. Look\n").unwrap();
    assert_eq!(farol(folder.path(), &["import", "a.md"]).status.code(), Some(0));
    let signs = printed(&farol(folder.path(), &["keys"]));
    let key = fs::read(folder.path().join("data/keys/vault.key")).unwrap();
    (folder, key, signs)
}

#[test]
fn all_is_sealed_with_a_new_key_and_what_signs_stays() {
    let (folder, old, signs) = sealed();
    let resealed = farol(folder.path(), &["keys", "reseal"]);
    assert_eq!(resealed.status.code(), Some(0), "{}", complained(&resealed));
    assert!(printed(&resealed).starts_with("1 sealed value, sealed with a new key now.\n"), "{resealed:?}");
    let keys = folder.path().join("data/keys");
    let names: Vec<_> = fs::read_dir(&keys).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["vault.key"]);
    assert_ne!(fs::read(keys.join("vault.key")).unwrap(), old);
    assert_eq!(printed(&farol(folder.path(), &["keys"])), signs);
    fs::write(keys.join("vault.key"), &old).unwrap();
    let refused = farol(folder.path(), &["keys"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(complained(&refused).contains("sealed with another key"), "{refused:?}");
}

/// The store was sealed anew, and the program ended before the new key had its place.
#[test]
fn sealing_that_was_cut_short_is_ended_by_whatever_opens_the_store_next() {
    let (folder, old, signs) = sealed();
    farol(folder.path(), &["keys", "reseal"]);
    let keys = folder.path().join("data/keys");
    let new = fs::read(keys.join("vault.key")).unwrap();
    fs::rename(keys.join("vault.key"), keys.join("vault.key.next")).unwrap();
    fs::write(keys.join("vault.key"), &old).unwrap();
    assert_eq!(printed(&farol(folder.path(), &["keys"])), signs);
    assert_eq!(fs::read(keys.join("vault.key")).unwrap(), new);
    assert!(!keys.join("vault.key.next").exists());
}

#[tokio::test]
async fn a_store_that_somebody_has_open_is_not_sealed_anew() {
    let (folder, old, signs) = sealed();
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("data/farol.db"));
    let mut other = options.connect().await.unwrap();
    let _: i64 = sqlx::query_scalar("select count(*) from runbooks").fetch_one(&mut other).await.unwrap();
    let refused = farol(folder.path(), &["keys", "reseal"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(complained(&refused).contains("nothing was changed. Stop all that use it"), "{refused:?}");
    other.close().await.unwrap();
    assert_eq!(fs::read(folder.path().join("data/keys/vault.key")).unwrap(), old);
    assert_eq!(printed(&farol(folder.path(), &["keys"])), signs);
}

/// A sole owner who forgot the password is let in by whoever has the data folder.
#[tokio::test]
async fn who_cannot_log_in_is_given_a_link() {
    let (folder, ..) = sealed();
    let nobody = farol(folder.path(), &["password", "--for", "ana@example.org"]);
    assert_eq!(nobody.status.code(), Some(1));
    assert_eq!(complained(&nobody), "farol: nobody logs in as ana@example.org; nothing was made\n");
    let data = folder.path().join("data");
    let options = farol_store::StoreOptions::new(std::sync::Arc::new(farol_testkit::TestClock::default()));
    let url = data.join("farol.db").display().to_string();
    let store = farol_store::Store::open(&url, farol::keys::vault(&data).unwrap(), options).await.unwrap();
    let ana = farol_testkit::builders::user(&store, "Ana", farol_api::user::Role::Owner).await;
    let made = farol(folder.path(), &["password", "--for", " Ana@example.org "]);
    let path = printed(&made);
    let secret = path.trim_end().strip_prefix("/invitations/").unwrap_or_else(|| panic!("{made:?}"));
    let link = store.invitation_by_secret(&secret.to_owned().into()).await.unwrap().unwrap();
    assert_eq!((link.email, link.resets), (ana.email, true));
    store.close().await;
}
