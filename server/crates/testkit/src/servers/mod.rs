//! Real database servers in temporary folders.

mod guard;
mod mariadb;
mod postgres;
mod sqlite;

pub use mariadb::MariaDbServer;
pub use postgres::PostgresServer;
pub use sqlite::SqliteFile;

/// A database on a test server with a user for each role, as the URLs of a target's credentials.
#[derive(Clone, Debug)]
pub struct TargetDatabase {
    /// The database's name.
    pub name: String,
    /// What the names of its users begin with: `ACCOUNT_ro` and the like. A plain identifier.
    pub account: String,
    /// A user who may only read.
    pub ro: String,
    /// A user who may read and write.
    pub rw: String,
    /// A user who owns the database and may end others' queries.
    pub admin: String,
    /// The server's superuser in this database, for setting tests up and looking behind the scenes.
    pub superuser: String,
}
