//! A note in the data folder that says where its server listens, for programs on the same machine.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

fn note(data: &Path) -> PathBuf {
    data.join("serving")
}

/// Where the server of a data folder said that it listens. It may be gone without having taken the note away.
pub fn address(data: &Path) -> Option<String> {
    let text = std::fs::read_to_string(note(data)).ok()?;
    let address: SocketAddr = text.trim().parse().ok()?;
    Some(format!("http://{address}"))
}

/// Is there as long as the server serves.
#[derive(Debug)]
pub struct Serving(PathBuf);

impl Serving {
    /// Leaves the note. A server that cannot write it serves all the same.
    pub fn at(data: &Path, listens: SocketAddr) -> Self {
        let ip = match listens.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
            ip => ip,
        };
        let note = note(data);
        if let Err(error) = std::fs::write(&note, format!("{}\n", SocketAddr::new(ip, listens.port()))) {
            tracing::warn!(%error, "`farol run` will not find this server by itself");
        }
        Self(note)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
