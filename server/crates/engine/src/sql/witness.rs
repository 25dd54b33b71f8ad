//! Changes whose end the database itself can tell: Postgres numbers the transaction before it can be committed.
//!
//! The number is written down before the change is sent. A connection that is lost before the commit leaves nothing behind,
//! one that is lost with it, or a server that is, leaves a question with an answer.

use std::time::Duration;

use farol_api::event::FailureCode;
use farol_api::target::DatabaseKind;
use farol_store::{Claim, Doubt, Finding, LeaseError, Store};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, Executor, PgConnection, Row};
use tokio::time::{sleep, timeout};

use super::ending::first_word;
use super::{CONNECT_TIMEOUT, Statement, audited, postgres, quote};
use crate::job::{Ended, SecretUrl};
use crate::output::Printer;

/// Begins a transaction and tells its number, with what makes sure that the same server is asked later. These names of the
/// functions are those that every version has.
pub(super) const BEGIN: &str = "\
begin; select concat(pg_catalog.txid_current(), ' ', (select system_identifier from pg_catalog.pg_control_system()), ' ',
  (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()))";
/// The pauses before a database is asked once more while an attempt waits for the answer.
const PAUSES: [Duration; 4] =
    [Duration::ZERO, Duration::from_millis(200), Duration::from_secs(1), Duration::from_secs(3)];

/// Where it is written down by what a target can be asked.
#[derive(Clone, Debug)]
pub struct Witness {
    /// The store.
    pub store: Store,
    /// The hold on the attempt.
    pub claim: Claim,
}

impl Witness {
    pub(super) async fn keep(&self, evidence: String) -> Result<(), LeaseError> {
        self.store.keep_evidence(&self.claim, evidence).await
    }
}

/// Tells whether a statement changes data and nothing else, so that a transaction around it changes nothing for it.
pub(super) fn can_be_numbered(statement: &Statement<'_>) -> bool {
    let word = first_word(statement.text);
    !statement.reads && ["insert", "update", "delete", "merge"].iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// Asks what became of a transaction whose commit nobody answered, and says it.
pub(super) async fn ask_now(
    options: &PgConnectOptions,
    evidence: &str,
    rows: Option<u64>,
    printer: &mut Printer,
) -> Ended {
    let mut found = None;
    for pause in PAUSES {
        sleep(pause).await;
        found = timeout(CONNECT_TIMEOUT, ask(options, evidence)).await.ok().and_then(Result::ok).flatten();
        if found.is_some() {
            break;
        }
    }
    let number = evidence.split(' ').next().unwrap_or_default();
    match found {
        Some(Finding::Committed) => {
            let words = "farol: the connection was lost with the commit; the database says that transaction";
            printer.message(&format!("{words} {number} was committed.")).await;
            Ended::succeeded(rows)
        }
        Some(Finding::Undone) => {
            let words = "farol: the connection was lost with the commit; the database says that transaction";
            printer.message(&format!("{words} {number} was rolled back: nothing of it is there.")).await;
            Ended::failed(FailureCode::ConnectionLost)
        }
        None => Ended::unknown(FailureCode::ConnectionLost),
    }
}

/// Asks a database about a change; nothing where it cannot say, or not yet.
async fn ask(options: &PgConnectOptions, evidence: &str) -> Result<Option<Finding>, sqlx::Error> {
    let mut parts = evidence.split(' ');
    let (number, same) = (parts.next().unwrap_or_default(), parts.collect::<Vec<_>>().join(" "));
    let (number, same) = (quote::postgres_literal(number), quote::postgres_literal(&same));
    let question = format!(
        "select case when concat((select system_identifier from pg_catalog.pg_control_system()), ' ',
           (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())) = {same}
         then pg_catalog.txid_status({number}) end"
    );
    let mut connection = PgConnection::connect_with(&options.clone().application_name("farol-ask")).await?;
    let row = connection.fetch_one(sqlx::raw_sql(audited(question))).await?;
    let word: Option<String> = row.try_get(0)?;
    connection.close().await?;
    Ok(match word.as_deref() {
        Some("committed") => Some(Finding::Committed),
        Some("aborted") => Some(Finding::Undone),
        _ => None,
    })
}

/// Asks the targets of all attempts in doubt, and writes down what they say.
pub(crate) async fn ask_all(store: &Store) -> Result<(), farol_store::StoreError> {
    for doubt in store.doubts().await? {
        match ask_about(store, &doubt).await? {
            Some(finding) => {
                let said = store.settle_doubt(&doubt, finding).await?;
                tracing::info!(attempt = %doubt.spec.attempt, ?finding, event = said.is_some(), "a target was asked");
            }
            None => tracing::debug!(attempt = %doubt.spec.attempt, "a target does not say what became of a change"),
        }
    }
    Ok(())
}

async fn ask_about(store: &Store, doubt: &Doubt) -> Result<Option<Finding>, farol_store::StoreError> {
    use secrecy::ExposeSecret;
    let spec = &doubt.spec;
    let target = store.target(&spec.target).await?;
    let same = target
        .is_some_and(|target| target.version == spec.target_version && target.database == Some(DatabaseKind::Postgres));
    let url = store.credential(&spec.target, spec.role).await?;
    let Some(url) = url.filter(|_| same) else {
        // It is another target by now: only a person can tell.
        store.leave_doubt(doubt).await?;
        return Ok(None);
    };
    let Ok(options) = postgres::options(&SecretUrl::new(url.expose_secret())) else { return Ok(None) };
    Ok(timeout(CONNECT_TIMEOUT, ask(&options, &doubt.evidence)).await.ok().and_then(Result::ok).flatten())
}
