//! Sealing all that is sealed with another key.

use farol_api::id::{AttemptId, IncidentId, UserId};
use uuid::Uuid;

use crate::pool::{Pool, Purpose, Session, Tx, on_db};
use crate::store::{SEALED_WORD, open_word, seal_word};
use crate::{Store, StoreError, StoreOptions, Vault, attempts, dialect, idempotency, incidents, record, targets};

/// Two vaults, and a transaction in which one takes the place of the other.
struct Resealing<'v> {
    tx: Tx,
    old: &'v Vault,
    new: &'v Vault,
    count: u64,
}

/// Seals a column of a table anew, row by row: a spec may be long, and all of them do not fit into memory.
///
/// The key has one column or two. Rows without a sealed value, which is empty or absent, are passed over.
macro_rules! reseal {
    ($self:ident, $table:literal, $column:literal, $key:literal: $type:ty, |$name:ident| $purpose:expr) => {
        reseal!(@rows $self, $table, $column, $key, concat!($key, " = $1"), "$2", ($type,), |($name,)| $purpose)
    };
    ($self:ident, $table:literal, $column:literal, $a:literal: $ta:ty, $b:literal: $tb:ty, |$x:ident, $y:ident| $purpose:expr) => {
        reseal!(@rows $self, $table, $column, concat!($a, ", ", $b), concat!($a, " = $1 and ", $b, " = $2"), "$3",
            ($ta, $tb), |($x, $y)| $purpose)
    };
    (@rows $self:ident, $table:literal, $column:literal, $keys:expr, $which:expr, $last:literal, $type:ty,
        |($($name:ident),+ $(,)?)| $purpose:expr) => {{
        let keys = format!("select {} from {} where {} is not null", $keys, $table, $column);
        let read = format!("select {} from {} where {}", $column, $table, $which);
        let write = format!("update {} set {} = {} where {}", $table, $column, $last, $which);
        let rows: Vec<$type> =
            on_db!($self.tx.db(), |c| sqlx::query_as(sqlx::AssertSqlSafe(keys)).fetch_all(c).await)?;
        for ($($name,)+) in rows {
            let sealed: Vec<u8> = on_db!($self.tx.db(), |c| {
                sqlx::query_scalar(sqlx::AssertSqlSafe(read.clone()))$(.bind($name.clone()))+.fetch_one(c).await
            })?;
            if sealed.is_empty() {
                continue;
            }
            let purpose = $purpose;
            let sealed = $self.turn(concat!($table, ".", $column), &purpose, &sealed)?;
            on_db!($self.tx.db(), |c| {
                let query = sqlx::query(sqlx::AssertSqlSafe(write.clone()))$(.bind($name.clone()))+.bind(sealed);
                query.execute(c).await.map(drop)
            })?;
        }
    }};
}

impl Store {
    /// Seals all that is sealed in a store with a new key, in one transaction, and returns how many values those are.
    ///
    /// `ready` is called once nobody else has the store, before anything is changed: there the new key is kept. Refused with
    /// [`StoreError::InUse`] while any program has the store open, and with [`StoreError::WrongKey`] where the old key is
    /// not the one that it was sealed with.
    pub async fn reseal(
        url: &str,
        (old, new): (&Vault, &Vault),
        options: &StoreOptions,
        ready: impl AsyncFnOnce() -> std::io::Result<()>,
    ) -> Result<u64, StoreError> {
        let pool = Pool::open(url, options, Purpose::Alone).await.map_err(StoreError::in_use)?;
        let done = Self::reseal_alone(&pool, (old, new), ready).await;
        pool.close().await;
        done
    }

    async fn reseal_alone(
        pool: &Pool,
        (old, new): (&Vault, &Vault),
        ready: impl AsyncFnOnce() -> std::io::Result<()>,
    ) -> Result<u64, StoreError> {
        let mut tx = Tx::begin(pool).await.map_err(StoreError::in_use)?;
        if !dialect::keep_alone(tx.db()).await? {
            return Err(StoreError::InUse);
        }
        open_word(&mut tx, old).await?;
        ready().await.map_err(|error| StoreError::Unexpected(error.into()))?;
        let mut resealing = Resealing { tx, old, new, count: 0 };
        resealing.all().await?;
        let Resealing { tx, count, .. } = resealing;
        tx.commit_alone().await?;
        Ok(count)
    }
}

impl Resealing<'_> {
    /// Every sealed column of the store; a test holds the list to the tables.
    async fn all(&mut self) -> Result<(), StoreError> {
        reseal!(self, "target_credentials", "sealed", "target_id": String, "role": String, |target, role| {
            targets::purpose(&target, &role)
        });
        reseal!(self, "incident_secrets", "sealed", "incident_id": i64, "name": String, |incident, name| {
            incidents::secret_purpose(IncidentId(incident), &name)
        });
        reseal!(self, "attempts", "spec", "id": Uuid, |id| incidents::spec_purpose(AttemptId(id)));
        reseal!(self, "undos", "statements", "attempt_id": Uuid, |id| attempts::undo_purpose(AttemptId(id)));
        reseal!(self, "signing_keys", "sealed", "label": String, |label| record::signing_purpose(&label));
        reseal!(self, "idempotency_keys", "body", "user_id": Uuid, "key": String, |user, key| {
            idempotency::purpose(UserId(user), &key)
        });
        self.word().await
    }

    /// The word that tells the right key.
    async fn word(&mut self) -> Result<(), StoreError> {
        const SQL: &str = "update store_facts set value = $2 where key = $1";
        let sealed = seal_word(self.new)?;
        on_db!(self.tx.db(), |c| sqlx::query(SQL).bind(SEALED_WORD).bind(sealed).execute(c).await.map(drop))?;
        Ok(())
    }

    fn turn(&mut self, what: &'static str, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let plain = self.old.open(purpose, sealed).map_err(|error| StoreError::corrupt(what, error))?;
        self.count += 1;
        Ok(self.new.seal(purpose, &plain))
    }
}
