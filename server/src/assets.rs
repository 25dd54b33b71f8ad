//! The built front end: files named by their content, which browsers keep for ever.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use axum::Router;
use axum::http::{HeaderValue, header};
use farol_web::ssr::Assets;
use serde::Deserialize;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

/// Where the files are served.
const PREFIX: &str = "/assets";

/// The front end's folder and what its manifest names.
#[derive(Clone, Debug, Default)]
pub struct Site {
    folder: PathBuf,
    manifest: Manifest,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Manifest {
    js: String,
    #[serde(default)]
    editor: String,
    #[serde(default)]
    search: String,
    #[serde(default)]
    notices: String,
    wasm: String,
    css: String,
    #[serde(default)]
    fonts: BTreeMap<String, String>,
}

impl Site {
    /// Reads the manifest. Without one the pages work unstyled and without scripts, and the log says so.
    pub fn load(folder: &Path) -> Self {
        let path = folder.join("manifest.json");
        let read = std::fs::read(&path).map_err(anyhow::Error::from);
        let manifest = read.and_then(|bytes| Ok(serde_json::from_slice(&bytes)?)).unwrap_or_else(|error| {
            tracing::warn!(path = %path.display(), %error, "the front end is not built: `make build` builds it");
            Manifest::default()
        });
        Self { folder: folder.to_owned(), manifest }
    }

    /// Returns the names that a page links.
    pub fn assets(&self) -> Assets {
        let link = |name: &String| if name.is_empty() { String::new() } else { format!("{PREFIX}/{name}") };
        Assets {
            css: link(&self.manifest.css),
            js: link(&self.manifest.js),
            editor: link(&self.manifest.editor),
            search: link(&self.manifest.search),
            notices: link(&self.manifest.notices),
            wasm: link(&self.manifest.wasm),
            preload_fonts: self.manifest.fonts.values().map(link).collect(),
        }
    }

    /// Serves the files, precompressed where they are.
    pub fn router(&self) -> Router {
        let for_ever = HeaderValue::from_static("public, max-age=31536000, immutable");
        let cached = SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, for_ever);
        let files = ServeDir::new(&self.folder).precompressed_br();
        Router::new().nest_service(PREFIX, tower::ServiceBuilder::new().layer(cached).service(files))
    }
}
