//! The folder that the server serves: files named by their content, and the manifest that says which is which.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Flavour;
use crate::workspace::Workspace;

const SITE: &str = "target/site";
const STAMP: &str = ".inputs";

/// The fonts that are served, by the name that a style sheet gives them under `fonts/`, and where npm puts them.
const FONTS: [(&str, &str); 3] = [
    (
        "atkinson-hyperlegible-next-400",
        "atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-400-normal.woff2",
    ),
    (
        "atkinson-hyperlegible-next-600",
        "atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-600-normal.woff2",
    ),
    ("jetbrains-mono-400", "jetbrains-mono/files/jetbrains-mono-latin-400-normal.woff2"),
];

/// Which published file is which; the server reads it from `manifest.json`. All names are relative to its folder.
#[derive(Debug, Default, Serialize)]
pub struct Manifest {
    pub js: String,
    /// The editor of runbooks, which only its own page loads.
    pub editor: String,
    /// The search of the library while somebody types, which only its own page loads.
    pub search: String,
    /// What tells at once, which every page loads.
    pub notices: String,
    pub wasm: String,
    pub css: String,
    /// By the font's name, without `fonts/` and `.woff2`.
    pub fonts: BTreeMap<String, String>,
    /// By the path inside `web/static`.
    pub files: BTreeMap<String, String>,
}

/// A site that is being put together beside the one that is served.
pub struct Site {
    pub folder: PathBuf,
    pub manifest: Manifest,
}

impl Site {
    /// Starts with an empty folder.
    pub fn start(workspace: &Workspace) -> Result<Self> {
        let folder = workspace.path("target/site.new");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        Ok(Self { folder, manifest: Manifest::default() })
    }

    /// Writes a file under a name that changes with its content, and returns that name.
    pub fn add(&self, name: &str, content: &[u8]) -> Result<String> {
        let published = name_by_content(name, content);
        fs::write(self.folder.join(&published), content)?;
        Ok(published)
    }

    pub fn add_fonts(&mut self, workspace: &Workspace) -> Result<()> {
        for (name, source) in FONTS {
            let source = workspace.path("web/node_modules/@fontsource").join(source);
            let content = fs::read(&source).with_context(|| source.display().to_string())?;
            let published = self.add(&format!("{name}.woff2"), &content)?;
            self.manifest.fonts.insert(name.to_owned(), published);
        }
        Ok(())
    }

    /// Publishes what lies in `web/static`, one level deep, as it is.
    pub fn add_static_files(&mut self, workspace: &Workspace) -> Result<()> {
        for file in files_in(&workspace.path("web/static"))? {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let published = self.add(&name, &fs::read(&file)?)?;
            self.manifest.files.insert(name, published);
        }
        Ok(())
    }

    /// The published name of `fonts/NAME.woff2` or `static/FILE`.
    pub fn resolve(&self, name: &str) -> Option<String> {
        let published = match name.strip_prefix("fonts/") {
            Some(font) => self.manifest.fonts.get(font.strip_suffix(".woff2")?),
            None => self.manifest.files.get(name.strip_prefix("static/")?),
        };
        published.cloned()
    }

    pub fn write_manifest(&self) -> Result<()> {
        fs::write(self.folder.join("manifest.json"), serde_json::to_string_pretty(&self.manifest)?)?;
        Ok(())
    }

    /// Puts the folder in the place of the one that is served. Stamped with its inputs, it is not built again for them.
    pub fn publish(self, workspace: &Workspace, stamp: Option<&str>) -> Result<()> {
        if let Some(inputs) = stamp {
            fs::write(self.folder.join(STAMP), inputs)?;
        }
        let served = workspace.path(SITE);
        if served.exists() {
            fs::remove_dir_all(&served)?;
        }
        fs::rename(&self.folder, &served)?;
        Ok(())
    }
}

/// Says in one digest what the site is made from, this program included.
pub fn digest_inputs(workspace: &Workspace, flavour: Flavour, compiled: &Path) -> Result<String> {
    let mut inputs = vec![
        compiled.to_owned(),
        std::env::current_exe()?,
        workspace.path("web/package-lock.json"),
        workspace.path("server/crates/xtask/node/finish.mjs"),
    ];
    inputs.extend(files_in(&workspace.path("web/editor"))?);
    inputs.extend(files_in(&workspace.path("web/library"))?);
    inputs.extend(files_in(&workspace.path("web/style"))?);
    inputs.extend(files_in(&workspace.path("web/static"))?);
    let mut digest = Sha256::new();
    digest.update(flavour.profile());
    for input in inputs {
        digest.update(input.as_os_str().as_encoded_bytes());
        digest.update(Sha256::digest(fs::read(&input).with_context(|| input.display().to_string())?));
    }
    Ok(hex(&digest.finalize()))
}

/// Whether the site that is served was made from these inputs.
pub fn is_current(workspace: &Workspace, inputs: &str) -> bool {
    fs::read_to_string(workspace.path(SITE).join(STAMP)).is_ok_and(|made_from| made_from == inputs)
}

fn files_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    if folder.exists() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_file() {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn name_by_content(name: &str, content: &[u8]) -> String {
    let digest = hex(&Sha256::digest(content)[..8]);
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}-{digest}.{extension}"),
        None => format!("{name}-{digest}"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_changes_with_the_content_only() {
        assert_eq!(name_by_content("a.css", b"x"), name_by_content("a.css", b"x"));
        assert_ne!(name_by_content("a.css", b"x"), name_by_content("a.css", b"y"));
        assert!(name_by_content("a.css", b"x").ends_with(".css"));
    }

    #[test]
    fn style_names_resolve_to_what_is_published() {
        let mut manifest = Manifest::default();
        manifest.fonts.insert("mono".into(), "mono-1.woff2".into());
        manifest.files.insert("eye.svg".into(), "eye-1.svg".into());
        let site = Site { folder: PathBuf::new(), manifest };
        assert_eq!(site.resolve("fonts/mono.woff2").as_deref(), Some("mono-1.woff2"));
        assert_eq!(site.resolve("static/eye.svg").as_deref(), Some("eye-1.svg"));
        assert_eq!(site.resolve("fonts/serif.woff2"), None);
        assert_eq!(site.resolve("/etc/passwd"), None);
    }
}
