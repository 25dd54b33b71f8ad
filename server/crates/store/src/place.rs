//! Where the store of a URL is.

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

fn is_postgres(url: &str) -> bool {
    ["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

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
