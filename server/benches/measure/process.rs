//! The `farol` binary as people start it.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::process::{Child, ChildStdout, Command};

use crate::checkout;

/// The longest that a start may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server. Dropped, it is killed.
pub struct Server {
    child: Child,
    output: Lines<BufReader<ChildStdout>>,
    /// Where it listens.
    pub address: SocketAddr,
    /// From its start to its first answer.
    pub started_in: Duration,
}

impl Server {
    /// Starts one on a data folder, with the shipped library and the demo target, and waits for its first answer.
    pub async fn start(data: &Path) -> anyhow::Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut command = Command::new(env!("CARGO_BIN_EXE_farol"));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("FAROL_")) {
            command.env_remove(name);
        }
        command
            .args(["serve", "--demo"])
            .env("FAROL_LISTEN", address.to_string())
            .env("FAROL_DATA", data)
            .env("FAROL_SITE", checkout("target/site"))
            // No farol.toml of the checkout is to be read.
            .current_dir(data.parent().unwrap_or(data))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        let start = Instant::now();
        let mut child = command.spawn()?;
        let output = child.stdout.take().context("its output")?;
        while start.elapsed() < PATIENCE {
            if is_healthy(address).await {
                let output = BufReader::new(output).lines();
                return Ok(Self { child, output, address, started_in: start.elapsed() });
            }
            if let Some(status) = child.try_wait()? {
                bail!("the server ended: {status}");
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        bail!("the server does not answer")
    }

    /// Reads the one-time token from what it printed.
    pub async fn token(&mut self) -> anyhow::Result<String> {
        while let Some(line) = self.output.next_line().await? {
            if let Some(token) = line.strip_prefix("(one-time token: ").and_then(|rest| rest.strip_suffix(')')) {
                return Ok(token.to_owned());
            }
        }
        bail!("the server printed no token")
    }

    /// Weighs the server and its subprocesses.
    pub fn memory(&self) -> anyhow::Result<Memory> {
        let id = self.child.id().context("the server has ended")?;
        let mut below = 0.0;
        for thread in std::fs::read_dir(format!("/proc/{id}/task"))? {
            let children = std::fs::read_to_string(thread?.path().join("children"))?;
            for child in children.split_whitespace() {
                below += resident(child)?;
            }
        }
        let id = id.to_string();
        Ok(Memory { resident: resident(&id)?, own: field(&id, "RssAnon:")?, below })
    }

    /// Kills it and waits for its end.
    pub async fn end(mut self) -> std::io::Result<()> {
        self.child.kill().await
    }
}

/// What a server holds, in MB.
pub struct Memory {
    /// All that is resident of it, pages of the program's file among it; how many of them depends on what the kernel has at hand.
    pub resident: f64,
    /// What is in no file.
    pub own: f64,
    /// What is resident of its subprocesses.
    pub below: f64,
}

async fn is_healthy(address: SocketAddr) -> bool {
    let ask = async {
        let mut stream = TcpStream::connect(address).await?;
        let request = format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        std::io::Result::Ok(answer.starts_with("HTTP/1.1 200"))
    };
    ask.await.unwrap_or(false)
}

fn resident(process: &str) -> anyhow::Result<f64> {
    field(process, "VmRSS:")
}

/// Reads a size from what the kernel says of a process, in MB.
fn field(process: &str, name: &str) -> anyhow::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)).with_context(|| format!("no {name}"))?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib * 1024.0 / 1e6)
}

/// The memory of this process when something began.
pub struct Peak(f64);

/// Begins to watch the most memory that this process has.
pub fn peak() -> anyhow::Result<Peak> {
    std::fs::write("/proc/self/clear_refs", "5")?;
    Ok(Peak(resident("self")?))
}

impl Peak {
    /// Returns by how much it was exceeded since, in MB.
    pub fn growth(&self) -> anyhow::Result<f64> {
        Ok((field("self", "VmHWM:")? - self.0).max(0.0))
    }
}
