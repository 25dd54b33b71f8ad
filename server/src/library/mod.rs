//! The library: what is brought into it, from where, and what is found in it.

pub mod archive;
mod facts;
pub mod file;
pub mod folder;
pub mod git;
pub mod import;
mod links;
pub mod names;
pub mod report;
pub mod shipped;
pub mod upload;
pub mod watch;
pub mod writers;

pub use facts::{facts, title};
pub use links::{Links, links_of};

use crate::app::App;
use crate::problem::ApiError;

/// Makes the words of runbooks that were saved before there were any, or by an older version of the index.
pub async fn index(app: &App) -> Result<(), ApiError> {
    const AT_ONCE: u32 = 50;
    loop {
        let rows = app.store.unindexed_runbooks(AT_ONCE).await?;
        for (id, revision) in &rows {
            let Some(stored) = app.store.revision(id, revision).await? else { continue };
            let source = String::from_utf8_lossy(&stored.source).into_owned();
            let reading = app.reader.reading(&app.store, revision, &stored.source).await?;
            let facts = facts(&reading, &source);
            app.store.save_reading(revision, &app.reader.version(), &reading, &facts).await?;
        }
        if rows.len() < AT_ONCE as usize {
            return Ok(());
        }
    }
}
