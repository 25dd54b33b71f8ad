//! A million rows of a step to a CSV file, beside the client that people would type.

use std::fs::File;

use farol_testkit::PostgresServer;

use crate::Effort;
use crate::bare;
use crate::process::peak;
use crate::scene::Scene;
use crate::table::{Series, Table};

/// Four columns of different types, some 90 bytes a row. Postgres sends the rows as it makes them: a series in `from` it would
/// make whole first.
const QUERY: &str = "select i, md5(i::text) as digest, timestamptz '2026-01-01' + i * interval '1 second' as at, i * 1.5 as price \
                     from (select generate_series(1, 1000000) as i) as made";

/// Runs the query each way in turns.
pub async fn measure(effort: &Effort, table: &mut Table) -> anyhow::Result<()> {
    let server = PostgresServer::start();
    let url = server.create_target("results").await.ro;
    let mut scene = Scene::new(effort.folder()?, &url).await?;
    let psql = bare::psql()?;
    let folder = effort.folder()?;
    let file = folder.path().join("psql.csv").display().to_string();

    let mut client = Series::new("`psql --csv`, a million rows to a file", "ms");
    let mut step = Series::new("a step of a million rows, with its CSV file", "ms");
    let mut first = Series::new("… until its first rows are stored", "ms");
    let mut memory = Series::new("… the most memory beside what was there before", "MB");
    for turn in 0..=effort.turns(7) {
        let psql = bare::program(&psql, &["--no-psqlrc", "--csv", "-o", &file, "-c", QUERY, &url])?;
        // The client does not wait for the disk, and what it left unwritten would be in the step's first commit.
        File::open(&file)?.sync_all()?;
        let before = peak()?;
        let rows = scene.rows(QUERY).await?;
        let grew = before.growth()?;
        // The first turn fills caches.
        if turn > 0 {
            client.push_ms(psql);
            step.push_ms(rows.took);
            first.push_ms(rows.first);
            memory.push(grew);
        }
    }
    scene.end().await;
    table.add(&client, &[]);
    table.add(&step, &[&client]);
    table.add(&first, &[]);
    table.add(&memory, &[]);
    Ok(())
}
