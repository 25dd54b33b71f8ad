//! One SQL step and one shell step beside the programs that people would type.

use std::path::Path;
use std::time::Duration;

use farol_api::graph::CommandLanguage;
use farol_testkit::PostgresServer;
use sqlx::{Connection, PgConnection};

use crate::Effort;
use crate::bare::{self, Disk, Sqlite};
use crate::scene::Scene;
use crate::table::{Series, Table};

/// What one value leaves behind, such as the end of a server's process, is over before the next is taken.
const PAUSE: Duration = Duration::from_millis(20);

macro_rules! after_a_pause {
    ($value:expr) => {{
        tokio::time::sleep(PAUSE).await;
        $value
    }};
}

/// Runs `select 1` and `true` each way in turns.
pub async fn measure(effort: &Effort, table: &mut Table) -> anyhow::Result<()> {
    let server = PostgresServer::start();
    let url = server.create_target("bench").await.ro;
    let folder = effort.folder()?;
    let mut disk = Disk::new(folder.path())?;
    let mut sqlite = Sqlite::new(folder.path()).await?;
    let mut open = PgConnection::connect(&url).await?;
    let mut scene = Scene::new(effort.folder()?, &url).await?;
    let psql = bare::psql()?;
    let bash = Path::new("/bin/bash");

    let mut sync = Series::new("floor: 4 KiB and fdatasync", "ms");
    let mut commit = Series::new("floor: a SQLite commit", "ms");
    let mut query = Series::new("`select 1` on an open sqlx connection", "ms");
    let mut connect = Series::new("connect, `select 1`, close with sqlx", "ms");
    let mut client = Series::new("`psql -c 'select 1'`", "ms");
    let mut sql = Series::new("durable SQL step `select 1`", "ms");
    let mut script = Series::new("`bash -c true`", "ms");
    let mut shell = Series::new("durable shell step `true`", "ms");
    let mut loose = Series::new("the same without namespaces", "ms");
    for turn in 0..=effort.turns(100) {
        let turn_values = [
            (&mut sync, after_a_pause!(disk.sync()?)),
            (&mut commit, after_a_pause!(sqlite.commit(1).await?)),
            (&mut query, after_a_pause!(bare::query(&mut open).await?)),
            (&mut connect, after_a_pause!(bare::connect_and_query(&url).await?)),
            (&mut client, after_a_pause!(bare::program(&psql, &["--no-psqlrc", "-c", "select 1", &url])?)),
            (&mut sql, after_a_pause!(scene.step(CommandLanguage::Sql, "select 1").await?)),
            (&mut script, after_a_pause!(bare::program(bash, &["-c", "true"])?)),
            (&mut shell, after_a_pause!(scene.step(CommandLanguage::Shell, "true").await?)),
            (&mut loose, after_a_pause!(scene.loose_step("true").await?)),
        ];
        // The first turn fills caches.
        for (series, took) in turn_values.into_iter().filter(|_| turn > 0) {
            series.push_ms(took);
        }
    }
    scene.end().await;
    open.close().await?;

    let bound = query.plus(&commit, 2.0, "(query on an open connection + two commits)");
    let connected = connect.plus(&commit, 5.0, "(connect, query, close + five commits)");
    let shell_bound = script.plus(&commit, 2.0, "(`bash -c true` + two commits)");
    for floor in [&sync, &commit, &query, &connect, &client] {
        table.add(floor, &[]);
    }
    table.add(&sql, &[&client, &query, &connect, &bound, &connected]);
    table.add(&script, &[]);
    table.add(&shell, &[&script, &shell_bound]);
    table.add(&loose, &[&script, &shell_bound]);
    Ok(())
}
