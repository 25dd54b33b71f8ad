//! The key that seals credentials and secret values at rest.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use farol_store::{Store, StoreError, StoreOptions, Vault};
use rand::TryRngCore;
use rand::rngs::OsRng;
use zeroize::Zeroizing;

use crate::config::Config;

/// The key in use, and one that takes its place as soon as the store is sealed with it.
const KEY: &str = "vault.key";
const NEXT: &str = "vault.key.next";

/// Opens the store of the settings with the key of its data folder.
///
/// Where sealing anew was cut short after the store's commit, the store opens with the next key only: that one then takes
/// its place.
pub async fn open(config: &Config, options: StoreOptions) -> anyhow::Result<Store> {
    let vault = vault(&config.data)?;
    let folder = folder(&config.data)?;
    let mut opened = Store::open(&config.store_url(), vault, options.clone()).await;
    if matches!(opened, Err(StoreError::WrongKey))
        && let Some(next) = read(&folder.join(NEXT))?
    {
        opened = Store::open(&config.store_url(), Vault::new(*next), options).await;
        if opened.is_ok() {
            replace(&folder)?;
        }
    }
    opened.context("the store cannot be opened")
}

/// Seals all that is sealed in the store of the settings with a new key, which takes the place of the old one, and
/// returns how many values those are. No program may have the store open.
pub async fn reseal(config: &Config, options: StoreOptions) -> anyhow::Result<u64> {
    // Mends what was cut short, and brings an embedded store to this version.
    open(config, options.clone()).await?.close().await;
    let folder = folder(&config.data)?;
    let key = fresh()?;
    let (old, new) = (vault(&config.data)?, Vault::new(*key));
    let kept = async || keep(&folder, &folder.join(NEXT), key.as_slice());
    let sealed = Store::reseal(&config.store_url(), (&old, &new), &options, kept).await;
    let count = sealed.map_err(|error| match error {
        StoreError::InUse => anyhow::anyhow!(
            "a server or another program has the store open; nothing was changed. Stop all that use it, then try again"
        ),
        other @ (StoreError::WrongKey | StoreError::Corrupt { .. }) => {
            anyhow::Error::new(other).context("nothing was changed")
        }
        // It may be the answer to the commit that did not come.
        other => anyhow::Error::new(other).context(
            "the store is as it was, or sealed with the new key: whatever opens it next finds out and goes on with that one",
        ),
    })?;
    replace(&folder)?;
    Ok(count)
}

/// Returns the vault whose key lies in the data folder, making one at the first start.
///
/// Back the file up apart from the store: without it the credentials of targets cannot be opened again.
pub fn vault(data: &Path) -> anyhow::Result<Vault> {
    let folder = folder(data)?;
    let path = folder.join(KEY);
    if let Some(key) = read(&path)? {
        return Ok(Vault::new(*key));
    }
    let key = fresh()?;
    keep(&folder, &path, key.as_slice())?;
    Ok(Vault::new(*key))
}

/// The folder of the keys, which is nobody else's.
fn folder(data: &Path) -> anyhow::Result<PathBuf> {
    let folder = data.join("keys");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700))?;
    Ok(folder)
}

fn fresh() -> anyhow::Result<Zeroizing<[u8; 32]>> {
    let mut key = Zeroizing::new([0_u8; 32]);
    OsRng.try_fill_bytes(key.as_mut_slice())?;
    Ok(key)
}

/// Reads a key; nothing where there is no such file. One that is no key is never taken for none.
fn read(path: &Path) -> anyhow::Result<Option<Zeroizing<[u8; 32]>>> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => Zeroizing::new(bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let mut key = Zeroizing::new([0_u8; 32]);
    if bytes.len() != key.len() {
        bail!("{} is not a key of 32 bytes; restore it from its backup", path.display());
    }
    key.copy_from_slice(&bytes);
    Ok(Some(key))
}

/// Has the next key take its place.
fn replace(folder: &Path) -> anyhow::Result<()> {
    let moved = std::fs::rename(folder.join(NEXT), folder.join(KEY)).and_then(|()| File::open(folder)?.sync_all());
    moved.with_context(|| format!("{NEXT} cannot take the place of {KEY} in {}", folder.display()))
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
