//! One folder an incident, in which its scripts run, so that steps can share files.

use std::fs::{DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use farol_api::id::IncidentId;

/// The folder in a workspace that stands in for `/tmp`: nobody else writes there.
pub(crate) const TEMPORARY: &str = ".tmp";

/// Returns the folder of an incident, made where it does not exist yet; nobody else may look into it.
///
/// # Errors
/// Fails where the folder cannot be made, or where something else has its name.
pub fn open(workspaces: &Path, incident: IncidentId) -> io::Result<PathBuf> {
    let folder = workspaces.join(incident.to_string());
    DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
    let folder = folder.canonicalize()?;
    std::fs::set_permissions(&folder, Permissions::from_mode(0o700))?;
    DirBuilder::new().recursive(true).mode(0o700).create(folder.join(TEMPORARY))?;
    Ok(folder)
}
