//! Where the store of a URL is.

use std::ffi::OsString;
use std::fs::{self, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// Returns the SQLite file that a store's URL names, which may be a bare path; nothing for a server's URL.
///
/// Whoever must know the file asks here, as the store itself does: a second reading of the URL would be another one some day.
pub fn sqlite_file(url: &str) -> Option<&Path> {
    if is_postgres(url) {
        return None;
    }
    // A third slash begins the path.
    let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"));
    Some(Path::new(path.unwrap_or(url)))
}

/// Makes the file of a store one that its owner alone reads; where it is there already, one that is not open to everybody on the
/// machine. The folder that it lies in may be: some make it beforehand. SQLite gives its log the same rights.
pub(crate) fn keep_from_others(file: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        made => return made.map(drop),
    }
    for beside in ["", "-wal", "-shm"] {
        let mut path = OsString::from(file);
        path.push(beside);
        let Ok(known) = fs::metadata(&path) else { continue };
        let mode = known.permissions().mode();
        if known.is_file() && mode & 0o007 != 0 {
            fs::set_permissions(&path, Permissions::from_mode(mode & 0o770))?;
        }
    }
    Ok(())
}

fn is_postgres(url: &str) -> bool {
    ["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_else_on_the_machine_reads_the_file_and_a_group_that_may_still_does() {
        let folder = tempfile::tempdir().unwrap();
        let (file, log) = (folder.path().join("farol.db"), folder.path().join("farol.db-wal"));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        keep_from_others(&file).unwrap();
        assert_eq!(mode(&file), 0o600);
        fs::write(&log, "").unwrap();
        for path in [&file, &log] {
            fs::set_permissions(path, Permissions::from_mode(0o644)).unwrap();
        }
        keep_from_others(&file).unwrap();
        assert_eq!((mode(&file), mode(&log)), (0o640, 0o640));
    }

    #[test]
    fn every_form_of_a_url_names_one_file() {
        for (url, file) in [
            ("/srv/farol.db", "/srv/farol.db"),
            ("farol.db", "farol.db"),
            ("sqlite:/srv/farol.db", "/srv/farol.db"),
            ("sqlite:farol.db", "farol.db"),
            ("sqlite://farol.db", "farol.db"),
            ("sqlite:///srv/farol.db", "/srv/farol.db"),
            ("sqlite:////srv/farol.db", "//srv/farol.db"),
        ] {
            assert_eq!(sqlite_file(url).map(Path::as_os_str), Some(file.as_ref()), "{url}");
        }
        for url in ["postgres://db/farol", "postgresql://db/farol"] {
            assert_eq!(sqlite_file(url), None);
        }
    }
}
