//! Farol's own store is no target's database: who manages targets would be the owner of it, and of the record.

use std::path::Path;
use std::str::FromStr;

use farol_api::target::DatabaseKind;
use sqlx::sqlite::SqliteConnectOptions;

use crate::secret::SecretUrl;
use crate::shell::Runners;

/// Tells whether a credential leads to a file that is Farol's own, under whatever name. A store on Postgres is told by who
/// connects to it.
pub fn is_own(kind: Option<DatabaseKind>, url: Option<&SecretUrl>, runners: &Runners) -> bool {
    let (Some(DatabaseKind::Sqlite), Some(url)) = (kind, url) else { return false };
    let Ok(options) = SqliteConnectOptions::from_str(url.expose()) else { return false };
    // What is not there is not opened.
    let Some(file) = identity(options.get_filename()) else { return false };
    // Where Farol's files cannot be found, this could be one of them.
    runners.hidden().map_or(true, |own| own.iter().any(|other| identity(other) == Some(file)))
}

/// What the kernel knows a file by, whatever it is called and linked from.
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).ok().map(|known| (known.dev(), known.ino()))
}
