//! Work that one server does for all that share a store.

use std::time::Duration;

use farol_api::clock::Timestamp;

use crate::codec::after;
use crate::pool::{Session, on_db};
use crate::{Store, StoreError};

impl Store {
    /// Takes a piece of work for some time, or keeps it; false where another server has it.
    ///
    /// It spares servers the same work at the same time, and no more: what they do must be right when two of them do it.
    pub async fn take_turn(&self, work: &str, server: &str, lasts: Duration) -> Result<bool, StoreError> {
        const SQL: &str = "insert into store_facts (key, value) values ($1, $2) on conflict (key) do update \
                           set value = excluded.value where store_facts.value < $3 or store_facts.value like $4";
        let now = self.now();
        let value = format!("{} {server}", word(after(now, lasts)));
        let mut tx = self.begin().await?;
        let taken = on_db!(tx.db(), |c| {
            let query = sqlx::query(SQL).bind(format!("turn/{work}")).bind(value).bind(word(now));
            query.bind(format!("% {server}")).execute(c).await.map(|done| done.rows_affected())
        })?;
        self.commit(tx).await?;
        Ok(taken > 0)
    }
}

/// A time as a text whose order is that of time.
fn word(at: Timestamp) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}
