//! The key that seals credentials and secret values at rest.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use anyhow::{Context, bail};
use farol_store::Vault;
use rand::TryRngCore;
use rand::rngs::OsRng;
use zeroize::Zeroizing;

/// Opens the vault whose key lies in the data folder, making one at the first start.
///
/// Back the file up apart from the store: without it the credentials of targets cannot be opened again.
pub fn vault(data: &Path) -> anyhow::Result<Vault> {
    let folder = data.join("keys");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700))?;
    let path = folder.join("vault.key");
    let mut key = Zeroizing::new([0_u8; 32]);
    if !path.exists() {
        OsRng.try_fill_bytes(key.as_mut_slice())?;
        keep(&folder, &path, key.as_slice())?;
        return Ok(Vault::new(*key));
    }
    let bytes = Zeroizing::new(std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?);
    if bytes.len() != key.len() {
        bail!("{} is not a key of 32 bytes; restore it from its backup", path.display());
    }
    key.copy_from_slice(&bytes);
    Ok(Vault::new(*key))
}

/// Writes a key whole or not at all: one that a crash cut short would keep the server from every further start.
fn keep(folder: &Path, path: &Path, key: &[u8]) -> std::io::Result<()> {
    let fresh = folder.join("vault.key.new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
    file.write_all(key)?;
    file.sync_all()?;
    std::fs::rename(&fresh, path)?;
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_that_was_cut_short_leaves_room_for_the_next() {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().join("keys");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("vault.key.new"), [1; 7]).unwrap();
        vault(data.path()).unwrap();
        let names: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["vault.key"]);
        let key = std::fs::read(folder.join("vault.key")).unwrap();
        assert_eq!(key.len(), 32);
        // A second start takes the same.
        vault(data.path()).unwrap();
        assert_eq!(std::fs::read(folder.join("vault.key")).unwrap(), key);
    }

    #[test]
    fn a_key_that_is_none_is_not_replaced() {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join("keys/vault.key");
        std::fs::create_dir(data.path().join("keys")).unwrap();
        std::fs::write(&path, "").unwrap();
        assert!(vault(data.path()).is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"");
    }
}
