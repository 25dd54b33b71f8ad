//! What the functions of a Postgres target promise, for its risk classes.

use farol_api::event::FailureCode;
use farol_risk::{TargetFunctions, Volatility};
use sqlx::Executor;

use super::audited;
use super::check::{CheckFailure, failed};
use super::failure::words;
use super::postgres::{self, PgRows};
use super::pump::Rows;
use crate::secret::SecretUrl;

/// A target with more functions than this is classified without them.
const MOST: usize = 50_000;

/// A promise counts where the language keeps functions in bounds, or is what extensions are written in, and where the
/// function runs with the rights of its caller. Aggregates promise nothing: theirs is not looked at by Postgres either.
const FUNCTIONS: &str = "\
select n.nspname, p.proname,
  case when p.prokind = 'f' and not p.prosecdef and (l.lanpltrusted or l.lanname in ('c', 'internal'))
    then p.provolatile else 'v' end,
  pg_catalog.pg_function_is_visible(p.oid)
from pg_catalog.pg_proc p
  join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  join pg_catalog.pg_language l on l.oid = p.prolang
where n.nspname <> 'pg_catalog'";

/// Asks a Postgres target for its own functions, on the credential that only reads.
///
/// # Errors
/// Fails where the target does not answer, or has too many.
pub async fn target_functions(url: &SecretUrl) -> Result<TargetFunctions, CheckFailure> {
    let opened = postgres::ask(url, "farol-functions", true).await;
    let mut session = opened.map_err(|why| failed(url, why))?;
    let ask = audited(format!("{FUNCTIONS} limit {}", MOST + 1));
    let answer = session.conn.fetch_all(sqlx::raw_sql(ask)).await;
    session.close().await;
    let refused = |message| failed(url, (FailureCode::StatementRefused, message));
    let rows = answer.map_err(|error| refused(words(&error)))?;
    if rows.len() > MOST {
        return Err(refused(format!("It has more than {MOST} functions.")));
    }
    let mut functions = TargetFunctions::default();
    for row in rows {
        let cells = PgRows.cells(&row);
        let cell = |at: usize| cells.get(at).and_then(Option::as_deref).unwrap_or_default();
        let promise = Volatility::of_letter(cell(2).chars().next().unwrap_or('v'));
        functions.add(cell(0), cell(1), promise, cell(3) == "t");
    }
    Ok(functions)
}
