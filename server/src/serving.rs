//! A note in the data folder that says where its server listens, for programs on the same machine.
//!
//! The server holds a lock on it. A note that nobody holds is of a server that was killed: its port may be anybody's by now,
//! and nothing secret may be sent there.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

fn note(data: &Path) -> PathBuf {
    data.join("serving")
}

/// Where the server of a data folder listens; nothing where none serves it.
pub fn address(data: &Path) -> Option<String> {
    let file = File::open(note(data)).ok()?;
    if !matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)) {
        return None;
    }
    let address: SocketAddr = io::read_to_string(file).ok()?.trim().parse().ok()?;
    Some(format!("http://{address}"))
}

/// Is there as long as the server serves.
#[derive(Debug)]
pub struct Serving {
    note: PathBuf,
    /// Holds the lock.
    _file: File,
}

impl Serving {
    /// Leaves the note. A server that cannot, or beside which another one serves the same folder, serves all the same.
    pub fn at(data: &Path, listens: SocketAddr) -> Option<Self> {
        let ip = match listens.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
            ip => ip,
        };
        let note = note(data);
        match leave(&note, SocketAddr::new(ip, listens.port())) {
            Ok(file) => Some(Self { note, _file: file }),
            Err(error) => {
                tracing::warn!(%error, "`farol run` will not find this server by itself");
                None
            }
        }
    }
}

fn leave(note: &Path, address: SocketAddr) -> io::Result<File> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(false).open(note)?;
    file.try_lock()?;
    file.set_len(0)?;
    writeln!(file, "{address}")?;
    Ok(file)
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.note);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_found_while_it_serves_and_its_leavings_are_not() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(address(folder.path()), None);
        let serving = Serving::at(folder.path(), "0.0.0.0:3999".parse().unwrap());
        assert_eq!(address(folder.path()).as_deref(), Some("http://127.0.0.1:3999"));
        assert!(Serving::at(folder.path(), "127.0.0.1:4000".parse().unwrap()).is_none(), "the first is the one found");
        assert_eq!(address(folder.path()).as_deref(), Some("http://127.0.0.1:3999"));
        drop(serving);
        std::fs::write(folder.path().join("serving"), "127.0.0.1:3999\n").unwrap();
        assert_eq!(address(folder.path()), None, "what a killed server left");
    }
}
