//! The key that seals credentials and secret values at rest.

use std::fs::OpenOptions;
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
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        file.write_all(key.as_slice())?;
        file.sync_all()?;
        return Ok(Vault::new(*key));
    }
    let bytes = Zeroizing::new(std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?);
    if bytes.len() != key.len() {
        bail!("{} is not a key of 32 bytes; restore it from its backup", path.display());
    }
    key.copy_from_slice(&bytes);
    Ok(Vault::new(*key))
}
