//! The first answer to a repeated request.

use chrono::Duration;
use farol_api::clock::Timestamp;
use farol_api::id::UserId;
use sqlx::FromRow;

use crate::codec::{count, plain};
use crate::pool::{Session, Tx, on_db};
use crate::{Store, StoreError};

/// How long an answer is kept.
pub(crate) const KEPT: Duration = Duration::hours(24);
/// After this a request that never completed is taken for lost.
const LOST: Duration = Duration::minutes(1);
/// Stands where rows of earlier versions say what was asked: a digest of a body tells a short secret in it to whoever tries all. It is
/// the first line of what is sealed now.
const SEALED: &str = "sealed";

/// Names a request that may be sent again.
#[derive(Clone, Copy, Debug)]
pub struct IdempotencyKey<'a> {
    /// Who sends it.
    pub user: UserId,
    /// The client's key.
    pub key: &'a str,
    /// What was asked: method, path and a digest of the body. The same key for something else is refused.
    pub request: &'a str,
}

/// A response as it was first given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredResponse {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It is new (or older than 24 hours, or was given up): handle the request, then complete it.
    Fresh,
    /// It was answered before: give the same answer.
    Answered(StoredResponse),
    /// It is being handled this moment.
    InProgress,
    /// It was used for something else.
    Mismatch,
}

#[derive(FromRow)]
struct KeyRow {
    request: String,
    begun_at: Timestamp,
    status: Option<i64>,
    body: Option<Vec<u8>>,
}

impl Store {
    /// Takes a key, for 24 hours. A request that began and never completed gives its key up after a minute.
    pub async fn begin_idempotent(&self, key: IdempotencyKey<'_>) -> Result<Begun, StoreError> {
        const FORGET: &str = "delete from idempotency_keys where begun_at <= $1";
        const TAKE: &str = "insert into idempotency_keys (user_id, key, request, begun_at, body) \
                            values ($1, $2, $3, $4, $5) on conflict (user_id, key) do nothing";
        plain(key.key)?;
        plain(key.request)?;
        let now = self.now();
        let mut tx = self.begin().await?;
        on_db!(tx.db(), |c| sqlx::query(FORGET).bind(now - KEPT).execute(c).await.map(drop))?;
        let asked = seal(self, key, &[]);
        let taken = on_db!(tx.db(), |c| {
            let query = sqlx::query(TAKE).bind(key.user.0).bind(key.key).bind(SEALED).bind(now).bind(asked);
            query.execute(c).await.map(|done| done.rows_affected())
        })?;
        let begun = if taken > 0 { Begun::Fresh } else { repeated(self, &mut tx, key, now).await? };
        self.commit(tx).await?;
        Ok(begun)
    }

    /// Keeps the answer for whoever repeats the request.
    pub async fn complete_idempotent(
        &self,
        key: IdempotencyKey<'_>,
        response: &StoredResponse,
    ) -> Result<(), StoreError> {
        const SQL: &str = "update idempotency_keys set request = 'sealed', status = $3, body = $4 \
                           where user_id = $1 and key = $2 and status is null";
        // An answer may hold a secret that is shown once, as an invitation's link is.
        let body = seal(self, key, &response.body);
        let mut tx = self.begin().await?;
        on_db!(tx.db(), |c| {
            let query = sqlx::query(SQL).bind(key.user.0).bind(key.key).bind(i64::from(response.status)).bind(body);
            query.execute(c).await.map(drop)
        })?;
        self.commit(tx).await
    }

    /// Gives a key up, when the request failed in a way that repeating may mend.
    pub async fn abandon_idempotent(&self, key: IdempotencyKey<'_>) -> Result<(), StoreError> {
        const SQL: &str = "delete from idempotency_keys \
                           where user_id = $1 and key = $2 and status is null";
        let mut tx = self.begin().await?;
        on_db!(tx.db(), |c| {
            let query = sqlx::query(SQL).bind(key.user.0).bind(key.key);
            query.execute(c).await.map(drop)
        })?;
        self.commit(tx).await
    }
}

async fn repeated(store: &Store, tx: &mut Tx, key: IdempotencyKey<'_>, now: Timestamp) -> Result<Begun, StoreError> {
    const FIND: &str = "select request, begun_at, status, body from idempotency_keys \
                        where user_id = $1 and key = $2";
    // Comparing with the time read makes one of two repeaters the heir of a lost request.
    const INHERIT: &str = "update idempotency_keys set begun_at = $3 \
                           where user_id = $1 and key = $2 and begun_at = $4 and status is null";
    let row: Option<KeyRow> = on_db!(tx.db(), |c| {
        let query = sqlx::query_as(FIND).bind(key.user.0).bind(key.key);
        query.fetch_optional(c).await
    })?;
    // Given up between the two statements: the client comes back.
    let Some(row) = row else {
        return Ok(Begun::InProgress);
    };
    let kept = row.body.as_deref().map(|sealed| open(store, key, sealed)).transpose()?.unwrap_or_default();
    let (asked, body) = match row.request.as_str() {
        SEALED => first_line(kept),
        asked => (asked.as_bytes().to_vec(), kept),
    };
    if asked != key.request.as_bytes() {
        return Ok(Begun::Mismatch);
    }
    if let Some(status) = row.status {
        return Ok(Begun::Answered(StoredResponse { status: count("idempotency_keys.status", status)?, body }));
    }
    if row.begun_at > now - LOST {
        return Ok(Begun::InProgress);
    }
    let inherited = on_db!(tx.db(), |c| {
        let query = sqlx::query(INHERIT).bind(key.user.0).bind(key.key).bind(now).bind(row.begun_at);
        query.execute(c).await.map(|done| done.rows_affected())
    })?;
    Ok(if inherited > 0 { Begun::Fresh } else { Begun::InProgress })
}

/// Seals what was asked, and what was answered to it.
fn seal(store: &Store, key: IdempotencyKey<'_>, answer: &[u8]) -> Vec<u8> {
    let plain = [key.request.as_bytes(), b"\n", answer].concat();
    store.vault().seal(&purpose(key.user, key.key), &plain)
}

fn first_line(mut kept: Vec<u8>) -> (Vec<u8>, Vec<u8>) {
    let end = kept.iter().position(|byte| *byte == b'\n').unwrap_or(kept.len());
    let rest = kept.split_off(end);
    (kept, rest.into_iter().skip(1).collect())
}

fn open(store: &Store, key: IdempotencyKey<'_>, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
    let body = store.vault().open(&purpose(key.user, key.key), sealed);
    let body = body.map_err(|e| StoreError::corrupt("idempotency_keys.body", e))?;
    Ok(body.to_vec())
}

/// Returns what the answer to a repeated request is sealed for.
pub(crate) fn purpose(user: UserId, key: &str) -> String {
    format!("idempotency_keys/{user}/{key}")
}
