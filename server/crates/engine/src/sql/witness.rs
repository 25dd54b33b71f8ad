//! Changes whose end the database itself can tell: Postgres numbers the transaction before it can be committed.
//!
//! The number is written down before the change is sent. A connection that is lost before the commit leaves nothing behind,
//! one that is lost with it, or a server that is, leaves a question with an answer.

use std::collections::HashSet;
use std::time::Duration;

use farol_api::event::FailureCode;
use farol_api::id::{AttemptId, TargetId};
use farol_api::target::{CredentialRole, DatabaseKind};
use farol_store::{Claim, Doubt, Finding, LeaseError, Store, StoreError};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, Executor, PgConnection, Row};
use tokio::time::{sleep, timeout};

use super::ending::first_word;
use super::failure::{Meaning, meaning};
use super::{CONNECT_TIMEOUT, Statement, audited, postgres, quote};
use crate::ended::Ended;
use crate::output::Printer;
use crate::secret::SecretUrl;

/// What tells a server and its history from every other: a copy that went its own way, promoted or restored, gives its
/// transactions numbers of its own. A server in recovery has no answer.
macro_rules! identity {
    () => {
        "concat((select system_identifier from pg_catalog.pg_control_system()), ' ',
           pg_catalog.substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 1, 8), ' ',
           (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()))"
    };
}

/// Tells a transaction's number, with what makes sure that the same server is asked later. These names of the functions are
/// those that every version has.
macro_rules! number {
    () => {
        concat!("select concat(pg_catalog.txid_current(), ' ', ", identity!(), ")")
    };
}

pub(super) const NUMBER: &str = number!();
pub(super) const BEGIN: &str = concat!("begin; ", number!());
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

/// Begins the transaction of a change, and has its number written down before anything is sent; nothing where the statement
/// is none that can be asked about.
pub(super) async fn number(conn: &mut PgConnection, statement: &Statement<'_>) -> Result<Option<String>, Ended> {
    let Some(witness) = statement.witness.filter(|_| can_be_numbered(statement)) else { return Ok(None) };
    let begun = timeout(CONNECT_TIMEOUT, conn.fetch_one(sqlx::raw_sql(BEGIN))).await;
    let row = match begun {
        Ok(Ok(row)) => row,
        // It gives no numbers: one in recovery, or one that hides who it is. What it says of the statement itself is to be said.
        Ok(Err(error)) if meaning(&error) != Meaning::Lost => return unnumbered(conn).await.map(|()| None),
        // Nothing was executed: there is no doubt.
        Ok(Err(_)) | Err(_) => return Err(Ended::failed(FailureCode::ConnectionLost)),
    };
    let evidence = row.try_get::<String, _>(0).unwrap_or_default();
    keep(witness, statement, &evidence).await?;
    Ok(Some(evidence))
}

/// Has it written down by what a target can be asked.
pub(super) async fn keep(witness: &Witness, statement: &Statement<'_>, evidence: &str) -> Result<(), Ended> {
    match witness.keep(evidence.to_owned()).await {
        Err(LeaseError::Lost) => return Err(Ended::failed(FailureCode::ServerLost)),
        // The attempt is not worth less than one on a database that cannot be asked.
        Err(LeaseError::Store(error)) => tracing::warn!(attempt = statement.attempt, %error, "evidence was not kept"),
        Ok(()) => {}
    }
    Ok(())
}

/// Goes back to before a transaction that got no number.
async fn unnumbered(conn: &mut PgConnection) -> Result<(), Ended> {
    let back = timeout(CONNECT_TIMEOUT, conn.execute(sqlx::raw_sql("rollback"))).await;
    back.ok().and_then(Result::ok).map(drop).ok_or(Ended::failed(FailureCode::ConnectionLost))
}

/// What a database answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Found(Finding),
    /// It is not over, or who was asked is not ready to say it.
    NotYet,
    /// It was another server, or it has forgotten: nobody will say it any more.
    Never,
}

/// Asks what became of a transaction whose commit nobody answered, and says it.
pub(super) async fn ask_now(
    options: &PgConnectOptions,
    evidence: &str,
    rows: Option<u64>,
    printer: &mut Printer,
) -> Ended {
    let mut answer = Answer::NotYet;
    for pause in PAUSES {
        sleep(pause).await;
        let asked = timeout(CONNECT_TIMEOUT, ask(options, evidence)).await;
        answer = asked.ok().and_then(Result::ok).unwrap_or(Answer::NotYet);
        if answer != Answer::NotYet {
            break;
        }
    }
    let number = evidence.split(' ').next().unwrap_or_default();
    match answer {
        Answer::Found(Finding::Committed) => {
            let words = "farol: the connection was lost with the commit; the database says that transaction";
            printer.message(&format!("{words} {number} was committed.")).await;
            Ended::succeeded(rows)
        }
        Answer::Found(Finding::Undone) => {
            let words = "farol: the connection was lost with the commit; the database says that transaction";
            printer.message(&format!("{words} {number} was rolled back: nothing of it is there.")).await;
            Ended::failed(FailureCode::ConnectionLost)
        }
        Answer::NotYet | Answer::Never => Ended::unknown(FailureCode::ConnectionLost),
    }
}

/// Asks a database about a change.
async fn ask(options: &PgConnectOptions, evidence: &str) -> Result<Answer, sqlx::Error> {
    let (number, same) = evidence.split_once(' ').unwrap_or_default();
    let (number, same) = (quote::postgres_literal(number), quote::postgres_literal(same));
    let identity = identity!();
    let question = format!(
        "select case when pg_catalog.pg_is_in_recovery() then 'in recovery' when {identity} <> {same} then 'another'
           else coalesce(pg_catalog.txid_status({number}), 'forgotten') end"
    );
    let mut connection = PgConnection::connect_with(&options.clone().application_name("farol-ask")).await?;
    let row = connection.fetch_one(sqlx::raw_sql(audited(question))).await;
    let word: String = match row {
        Ok(row) => row.try_get(0)?,
        // Its number has not been given yet: what it was given in is gone.
        Err(error) if is_of_the_future(&error) => "another".to_owned(),
        Err(error) => return Err(error),
    };
    connection.close().await?;
    Ok(match word.as_str() {
        "committed" => Answer::Found(Finding::Committed),
        "aborted" => Answer::Found(Finding::Undone),
        "another" | "forgotten" => Answer::Never,
        _ => Answer::NotYet,
    })
}

/// Tells whether a database says of a transaction's number that none had it yet.
fn is_of_the_future(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|error| error.code()).as_deref() == Some("22023")
}

/// Asks the targets of all attempts in doubt, and writes down what they say. What cannot be asked keeps no other waiting.
pub(crate) async fn ask_all(store: &Store) -> Result<(), StoreError> {
    let (mut beyond, mut silent) = (None, HashSet::new());
    loop {
        let page = store.doubts(beyond).await?;
        let Some(last) = page.last() else { return Ok(()) };
        beyond = Some(*last);
        for attempt in page {
            match ask_about(store, attempt, &mut silent).await {
                Err(error @ (StoreError::Unavailable(_) | StoreError::Busy(_))) => return Err(error),
                Err(error) => tracing::error!(%attempt, %error, "an attempt in doubt cannot be asked about"),
                Ok(()) => {}
            }
        }
    }
}

/// Asks about one, unless its target has just not answered.
async fn ask_about(store: &Store, attempt: AttemptId, silent: &mut HashSet<Whom>) -> Result<(), StoreError> {
    let Some(doubt) = store.doubt(attempt).await? else { return Ok(()) };
    let spec = &doubt.spec;
    let whom = (spec.target.clone(), spec.role);
    if silent.contains(&whom) {
        return Ok(());
    }
    let Some(options) = way_to(store, &doubt).await? else {
        // It is another target by now: only a person can tell.
        return store.leave_doubt(&doubt).await;
    };
    match timeout(CONNECT_TIMEOUT, ask(&options, &doubt.evidence)).await {
        Ok(Ok(Answer::Found(finding))) => {
            let said = store.settle_doubt(&doubt, finding).await?;
            tracing::info!(%attempt, ?finding, event = said.is_some(), "a target was asked");
        }
        Ok(Ok(Answer::Never)) => {
            tracing::info!(%attempt, "a target cannot say any more what became of a change: a person must");
            store.leave_doubt(&doubt).await?;
        }
        Ok(Ok(Answer::NotYet)) => tracing::debug!(%attempt, "a target does not say yet what became of a change"),
        Ok(Err(_)) | Err(_) => {
            tracing::debug!(%attempt, "a target cannot be asked what became of a change");
            silent.insert(whom);
        }
    }
    Ok(())
}

/// Who is asked.
type Whom = (TargetId, CredentialRole);

/// Returns how the target of a doubt is reached, as it was approved; nothing where it is another by now.
async fn way_to(store: &Store, doubt: &Doubt) -> Result<Option<PgConnectOptions>, StoreError> {
    use secrecy::ExposeSecret;
    let spec = &doubt.spec;
    let target = store.target(&spec.target).await?;
    let same = target
        .is_some_and(|target| target.version == spec.target_version && target.database == Some(DatabaseKind::Postgres));
    let url = store.credential(&spec.target, spec.role).await?.filter(|_| same);
    Ok(url.and_then(|url| postgres::options(&SecretUrl::new(url.expose_secret())).ok()))
}
