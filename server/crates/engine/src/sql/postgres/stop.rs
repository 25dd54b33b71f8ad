//! Stopping what runs on a connection.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgQueryResult, PgRow};
use sqlx::{Connection, Either, Executor, PgConnection};
use tokio::time::{sleep, timeout};

use super::super::ending::StopProof;
use super::super::pump::{Stopped, drain};
use super::super::{CONNECT_TIMEOUT, STOP_PATIENCE};

/// Stops what runs on a connection, over another one.
pub(super) struct Stopper {
    pub options: PgConnectOptions,
    pub pid: i32,
}

impl Stopper {
    /// Cancels the statement and waits for its end; ends the session where it does not hear.
    pub async fn stop<S>(&self, stream: &mut S) -> StopProof
    where
        S: futures::Stream<Item = Result<Either<PgQueryResult, PgRow>, sqlx::Error>> + Unpin,
    {
        let other = self.cancel().await;
        match drain(stream).await {
            Stopped::Done => return StopProof::Done,
            Stopped::Error(error) => return StopProof::Error(error),
            Stopped::Silent => {}
        }
        let Ok(mut other) = other else { return StopProof::None };
        let gone = timeout(STOP_PATIENCE, self.terminate(&mut other)).await;
        if matches!(gone, Ok(Ok(()))) { StopProof::Gone } else { StopProof::None }
    }

    pub async fn cancel(&self) -> Result<PgConnection, sqlx::Error> {
        let connect = async {
            let mut other = PgConnection::connect_with(&self.options.clone().application_name("farol-stop")).await?;
            let cancel = sqlx::query("select pg_catalog.pg_cancel_backend($1)").bind(self.pid);
            other.execute(cancel).await?;
            Ok(other)
        };
        timeout(CONNECT_TIMEOUT, connect).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
    }

    async fn terminate(&self, other: &mut PgConnection) -> Result<(), sqlx::Error> {
        let end = sqlx::query("select pg_catalog.pg_terminate_backend($1)").bind(self.pid);
        other.execute(end).await?;
        loop {
            let look = sqlx::query("select from pg_catalog.pg_stat_activity where pid = $1").bind(self.pid);
            if other.fetch_optional(look).await?.is_none() {
                return Ok(());
            }
            sleep(Duration::from_millis(20)).await;
        }
    }
}
