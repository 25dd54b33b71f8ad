//! What no script sees into, found under the names that the kernel knows it by.

use std::io;
use std::path::{Path, PathBuf};

/// What SQLite writes beside a database, under its name and this.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Folders and files that no script sees into.
#[derive(Clone, Debug, Default)]
pub struct Hidden {
    /// What must be there: where it cannot be found no script runs, since it could be anywhere.
    pub there: Vec<PathBuf>,
    /// Databases of SQLite, which must be there, and with them what SQLite writes beside them.
    pub databases: Vec<PathBuf>,
    /// Files that need not be there; the folder of each must be.
    pub perhaps: Vec<PathBuf>,
}

impl Hidden {
    /// Finds all of it.
    ///
    /// # Errors
    /// Fails where one cannot be found, and names it.
    pub(super) fn find(&self) -> io::Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for path in &self.there {
            found.push(resolve(path)?);
        }
        for path in &self.databases {
            // SQLite follows links too: what it writes lies beside the file itself.
            let file = resolve(path)?;
            for end in BESIDE {
                let mut name = file.clone().into_os_string();
                name.push(end);
                found.push(resolve_or_absent(Path::new(&name))?);
            }
            found.push(file);
        }
        for path in &self.perhaps {
            found.push(resolve_or_absent(path)?);
        }
        Ok(found)
    }
}

fn resolve(path: &Path) -> io::Result<PathBuf> {
    path.canonicalize().map_err(|error| unfound(path, &error))
}

/// Resolves a file that may be absent: then its folder and its name, so that no script can make it either.
fn resolve_or_absent(path: &Path) -> io::Result<PathBuf> {
    match path.canonicalize() {
        // A link that leads nowhere is there, and what it will lead to is not known.
        Err(error) if error.kind() == io::ErrorKind::NotFound && !path.is_symlink() => {
            let name = path.file_name().ok_or_else(|| unfound(path, &error))?;
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            Ok(resolve(folder)?.join(name))
        }
        known => known.map_err(|error| unfound(path, &error)),
    }
}

fn unfound(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn found(hidden: Hidden) -> Vec<String> {
        let mut names: Vec<_> = hidden.find().unwrap().iter().map(|path| path.display().to_string()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_sqlite_writes_is_looked_for_beside_the_file_that_a_link_leads_to() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir(root.join("real")).unwrap();
        std::fs::write(root.join("real/store.db"), "").unwrap();
        symlink(root.join("real/store.db"), root.join("link.db")).unwrap();
        symlink(root.join("real"), root.join("folder")).unwrap();
        let all = ["store.db", "store.db-journal", "store.db-shm", "store.db-wal"];
        let all = all.map(|name| root.join("real").join(name).display().to_string());
        for name in ["real/store.db", "link.db", "folder/store.db", "real/../real/store.db"] {
            let hidden = Hidden { databases: vec![root.join(name)], ..Hidden::default() };
            assert_eq!(found(hidden), all, "{name}");
        }
    }

    #[test]
    fn what_must_be_there_and_is_not_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let absent = folder.path().join("absent");
        for hidden in [
            Hidden { there: vec![absent.clone()], ..Hidden::default() },
            Hidden { databases: vec![absent.clone()], ..Hidden::default() },
            Hidden { databases: vec![PathBuf::from(":memory:")], ..Hidden::default() },
            Hidden { perhaps: vec![absent.join("settings")], ..Hidden::default() },
        ] {
            assert_eq!(hidden.find().unwrap_err().kind(), io::ErrorKind::NotFound, "{hidden:?}");
        }
        let named = Hidden { there: vec![absent.clone()], ..Hidden::default() }.find().unwrap_err().to_string();
        assert!(named.contains(&absent.display().to_string()), "{named}");
    }

    #[test]
    fn a_file_that_may_be_absent_is_hidden_where_it_would_be() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let hidden = Hidden { perhaps: vec![root.join("farol.toml")], ..Hidden::default() };
        assert_eq!(found(hidden), [root.join("farol.toml").display().to_string()]);
        let here = std::env::current_dir().unwrap().canonicalize().unwrap();
        let hidden = Hidden { perhaps: vec!["no-such-settings.toml".into()], ..Hidden::default() };
        assert_eq!(found(hidden), [here.join("no-such-settings.toml").display().to_string()]);
        symlink(root.join("nowhere"), root.join("link.toml")).unwrap();
        let hidden = Hidden { perhaps: vec![root.join("link.toml")], ..Hidden::default() };
        assert!(hidden.find().is_err());
    }
}
