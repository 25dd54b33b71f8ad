//! The demo target: a shop in a SQLite file that anybody may break.

use std::path::Path;

use anyhow::Context;
use farol_api::id::TargetId;
use farol_api::request::{NewCredential, SaveTarget};
use farol_api::target::{CredentialRole, DatabaseKind, Environment, ShellSettings};
use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};

use crate::app::App;

/// The shop's tables and rows.
const SHOP: &str = include_str!("../demo/shop.sql");

/// Makes the shop where it is missing, and registers the target `demo`.
pub async fn set_up(app: &App) -> anyhow::Result<()> {
    let folder = std::path::absolute(app.config.data.join("demo"))?;
    std::fs::create_dir_all(&folder)?;
    let file = folder.join("shop.db");
    if !file.exists() {
        build(&file).await.context("the demo shop could not be built")?;
    }
    let id: TargetId = "demo".parse()?;
    if app.store.target(&id).await?.is_some() {
        return Ok(());
    }
    let credential = |role| NewCredential { role, url: format!("sqlite://{}", file.display()) };
    let roles = [CredentialRole::ReadOnly, CredentialRole::ReadWrite, CredentialRole::Admin];
    let shop = file.display().to_string();
    let target = SaveTarget {
        description: "Demo shop (SQLite), for trying everything".to_owned(),
        environment: Environment::Sandbox,
        database: Some(DatabaseKind::Sqlite),
        credentials: roles.map(credential).into(),
        shell: Some(ShellSettings { env: [("SHOP_DB".to_owned(), shop)].into(), ..ShellSettings::default() }),
        timeout_seconds: Some(60),
        approvals: farol_api::target::LeastApprovals::default(),
    };
    app.store.save_target(&id, &target).await?;
    Ok(())
}

/// Builds the shop beside its place and moves it there whole, so that a half-built one is never found.
async fn build(file: &Path) -> anyhow::Result<()> {
    let half = file.with_extension("half");
    let _ = std::fs::remove_file(&half);
    let options = SqliteConnectOptions::new()
        .filename(&half)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Off)
        .foreign_keys(false);
    let mut connection = options.connect().await?;
    sqlx::raw_sql(SHOP).execute(&mut connection).await?;
    sqlx::Connection::close(connection).await?;
    std::fs::rename(&half, file)?;
    Ok(())
}
