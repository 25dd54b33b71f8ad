//! Start-up time and idle memory of the binary.

use std::path::Path;
use std::time::Duration;

use crate::Effort;
use crate::bare;
use crate::process::Server;
use crate::table::{Series, Table};

/// How long a started server is left alone before it is weighed.
const REST: Duration = Duration::from_secs(2);

/// Starts servers on empty and on used data folders in turns.
pub async fn measure(effort: &Effort, table: &mut Table) -> anyhow::Result<()> {
    let mut process = Series::new("floor: `farol --version`", "ms");
    let mut first = Series::new("first start: migrations, library, demo shop, first answer", "ms");
    let mut again = Series::new("start on that data, first answer", "ms");
    let mut idle = Series::new("idle memory: server", "MB");
    let mut own = Series::new("… without what is mapped of the program's file", "MB");
    let mut workers = Series::new("idle memory: its subprocesses", "MB");
    for _ in 0..effort.turns(7) {
        let folder = effort.folder()?;
        let data = folder.path().join("data");
        process.push_ms(bare::program(Path::new(env!("CARGO_BIN_EXE_farol")), &["--version"])?);
        let server = Server::start(&data).await?;
        first.push_ms(server.started_in);
        server.end().await?;
        let server = Server::start(&data).await?;
        again.push_ms(server.started_in);
        tokio::time::sleep(if effort.quick { Duration::ZERO } else { REST }).await;
        let memory = server.memory()?;
        idle.push(memory.resident);
        own.push(memory.own);
        workers.push(memory.below);
        server.end().await?;
    }
    table.add(&process, &[]);
    table.add(&first, &[&process]);
    table.add(&again, &[&process]);
    table.add(&idle, &[]);
    table.add(&own, &[]);
    table.add(&workers, &[]);
    Ok(())
}
