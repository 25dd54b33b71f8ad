//! The runbooks that Farol comes with.

use farol_api::id::RunbookId;

use crate::app::App;
use crate::problem::ApiError;
use crate::routes::runbooks::save;

/// Ids and sources.
const SHIPPED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/library.rs"));

/// Brings the shipped runbooks into the library. One that somebody edited stays theirs.
pub async fn import(app: &App) -> Result<usize, ApiError> {
    let note = format!("Farol {}", env!("CARGO_PKG_VERSION"));
    let mut saved = 0;
    for (id, source) in SHIPPED {
        let id: RunbookId = id.parse().map_err(|error| anyhow::anyhow!("{id}: {error}"))?;
        let newest = app.store.newest_revision(&id).await?;
        if let Some(newest) = &newest {
            let edited = newest.summary.created_by.is_some();
            if edited || newest.source == source.as_bytes() {
                continue;
            }
        }
        let reading = app.reader.read_next(&app.store, (*source).to_owned(), newest.as_ref()).await?;
        save(app, None, id, newest.map(|newest| newest.summary.id), source, &reading, note.clone()).await?;
        saved += 1;
    }
    Ok(saved)
}
