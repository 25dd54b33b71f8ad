//! Embedded migrations.

use std::collections::BTreeSet;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{PgPool, SqlitePool};

use crate::StoreError;

static SQLITE: Migrator = sqlx::migrate!("../../../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../../../migrations/postgres");

pub(crate) async fn sqlite(writer: &SqlitePool) -> Result<(), StoreError> {
    SQLITE.run(writer).await.map_err(from_migrate)
}

pub(crate) async fn postgres(pool: &PgPool) -> Result<(), StoreError> {
    POSTGRES.run(pool).await.map_err(from_migrate)
}

/// Refuses a store that lacks a migration, or has one that this program does not know.
pub(crate) async fn check_postgres(pool: &PgPool) -> Result<(), StoreError> {
    const APPLIED: &str = "select version, checksum from _sqlx_migrations where success";
    let applied: Vec<(i64, Vec<u8>)> = sqlx::query_as(APPLIED).fetch_all(pool).await?;
    let known: BTreeSet<i64> = POSTGRES.iter().map(|migration| migration.version).collect();
    if applied.iter().any(|(version, _)| !known.contains(version)) {
        return Err(StoreError::ForeignMigrations(None));
    }
    for migration in POSTGRES.iter() {
        match applied.iter().find(|(version, _)| *version == migration.version) {
            None => return Err(StoreError::NotMigrated),
            Some((_, checksum)) if checksum.as_slice() != migration.checksum.as_ref() => {
                return Err(StoreError::ForeignMigrations(None));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

fn from_migrate(error: MigrateError) -> StoreError {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
        other => StoreError::ForeignMigrations(Some(other)),
    }
}
