//! The keys that sign checkpoints. Their private halves are sealed with the vault's key.

use chacha20poly1305::aead::OsRng;
use chacha20poly1305::aead::rand_core::RngCore;
use farol_api::clock::Timestamp;
use farol_record::{PublicKey, SecretKey};
use sqlx::FromRow;
use zeroize::Zeroizing;

use crate::dialect::LOCK_SIGNING_KEY;
use crate::pool::{Session, Tx, on_db};
use crate::{Store, StoreError};

/// What the store's name among all stores is kept as.
const NAME: &str = "record_name";

/// A key that signs, or signed, checkpoints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredKey {
    /// Its public half.
    pub public: PublicKey,
    /// When it was made.
    pub made_at: Timestamp,
    /// When another took its place; absent for the one that signs.
    pub retired_at: Option<Timestamp>,
}

#[derive(FromRow)]
struct PublicRow {
    name: String,
    public: Vec<u8>,
    made_at: Timestamp,
    retired_at: Option<Timestamp>,
}

#[derive(FromRow)]
struct SecretRow {
    label: String,
    name: String,
    sealed: Vec<u8>,
}

impl Store {
    /// Returns the keys that sign or signed, the newest first. A store that signed nothing yet has none.
    pub async fn signing_keys(&self) -> Result<Vec<StoredKey>, StoreError> {
        const SQL: &str = "select name, public, made_at, retired_at from signing_keys \
                           order by is_current desc, retired_at desc, label";
        let mut reader = self.reader().await?;
        let rows: Vec<PublicRow> = on_db!(reader.db(), |c| sqlx::query_as(SQL).fetch_all(c).await)?;
        let keys = rows.into_iter().map(|row| {
            let public = PublicKey::new(&row.name, &row.public);
            let public = public.ok_or_else(|| StoreError::corrupt("signing_keys.public", row.name))?;
            Ok(StoredKey { public, made_at: row.made_at, retired_at: row.retired_at })
        });
        keys.collect()
    }

    /// Returns the key that signs, making it where there is none yet.
    pub async fn signing_key(&self) -> Result<PublicKey, StoreError> {
        let mut tx = self.begin().await?;
        let key = current(self, &mut tx).await?;
        self.commit(tx).await?;
        Ok(key.public().clone())
    }

    /// Makes a new key that signs from now on, and erases the private half of the old one; what that signed stays.
    pub async fn rotate_signing_key(&self) -> Result<PublicKey, StoreError> {
        const RETIRE: &str = "update signing_keys set is_current = $2, retired_at = $3, sealed = $4 where label = $1";
        let mut tx = self.begin().await?;
        let old = current(self, &mut tx).await?;
        let db = tx.db();
        let sql = LOCK_SIGNING_KEY.of(&db);
        let _: Option<String> = on_db!(db, |c| sqlx::query_scalar(sql).bind(true).fetch_optional(c).await)?;
        let (label, now) = (old.public().label(), self.now());
        on_db!(tx.db(), |c| {
            // What is not there cannot be stolen later.
            let query = sqlx::query(RETIRE).bind(label).bind(false).bind(now).bind(Vec::<u8>::new());
            query.execute(c).await.map(drop)
        })?;
        make(self, &mut tx).await?;
        // Where two servers do it at once, one key is the result of both.
        let key = current(self, &mut tx).await?;
        self.commit(tx).await?;
        Ok(key.public().clone())
    }
}

/// Returns the store's name among all stores, which keys have too.
pub(super) async fn name(store: &Store, session: &mut Tx) -> Result<String, StoreError> {
    const LEAVE: &str = "insert into store_facts (key, value) values ($1, $2) on conflict (key) do nothing";
    const READ: &str = "select value from store_facts where key = $1";
    let known: Option<String> = on_db!(session.db(), |c| sqlx::query_scalar(READ).bind(NAME).fetch_optional(c).await)?;
    if let Some(known) = known {
        return Ok(known);
    }
    let fresh = format!("farol/{}", store.clock().new_uuid());
    on_db!(session.db(), |c| sqlx::query(LEAVE).bind(NAME).bind(fresh).execute(c).await.map(drop))?;
    let name = on_db!(session.db(), |c| sqlx::query_scalar(READ).bind(NAME).fetch_one(c).await)?;
    Ok(name)
}

/// Opens the key that signs, making it where there is none.
pub(super) async fn current(store: &Store, tx: &mut Tx) -> Result<SecretKey, StoreError> {
    if let Some(row) = find(tx).await? {
        return open(store, &row);
    }
    make(store, tx).await?;
    // Another server may have been first.
    let row = find(tx).await?.ok_or(StoreError::Inconsistent("no key that signs"))?;
    open(store, &row)
}

async fn find(tx: &mut Tx) -> Result<Option<SecretRow>, StoreError> {
    const SQL: &str = "select label, name, sealed from signing_keys where is_current = $1";
    Ok(on_db!(tx.db(), |c| sqlx::query_as(SQL).bind(true).fetch_optional(c).await)?)
}

fn open(store: &Store, row: &SecretRow) -> Result<SecretKey, StoreError> {
    let corrupt = |why: &str| StoreError::corrupt("signing_keys.sealed", why.to_owned());
    let seed = store.vault().open(&signing_purpose(&row.label), &row.sealed).map_err(|e| corrupt(&e.to_string()))?;
    let seed: Zeroizing<[u8; 32]> = Zeroizing::new(seed.as_slice().try_into().map_err(|_| corrupt("length"))?);
    let key = SecretKey::new(&row.name, &seed).filter(|key| key.public().label() == row.label);
    key.ok_or_else(|| corrupt("label"))
}

async fn make(store: &Store, tx: &mut Tx) -> Result<(), StoreError> {
    const SQL: &str = "insert into signing_keys (label, name, public, sealed, is_current, made_at) \
                       values ($1, $2, $3, $4, $5, $6) on conflict do nothing";
    let name = name(store, tx).await?;
    let mut seed = Zeroizing::new([0; 32]);
    OsRng.fill_bytes(seed.as_mut_slice());
    let key = SecretKey::new(&name, &seed).ok_or_else(|| StoreError::corrupt("the store's name", name.clone()))?;
    let public = key.public().clone();
    let label = public.label();
    let sealed = store.vault().seal(&signing_purpose(&label), seed.as_slice());
    let now = store.now();
    on_db!(tx.db(), |c| {
        let query = sqlx::query(SQL)
            .bind(label)
            .bind(name)
            .bind(public.as_bytes().as_slice())
            .bind(sealed)
            .bind(true)
            .bind(now);
        query.execute(c).await.map(drop)
    })?;
    Ok(())
}

/// Returns what the private half of a key that signs is sealed for.
pub(crate) fn signing_purpose(label: &str) -> String {
    format!("signing_keys/{label}")
}
