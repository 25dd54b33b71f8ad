//! The compiler that can build for the browser: the one of this machine if it holds a standard library for the target,
//! or else the one that `setup/wasm.sh` put into the cache.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::output;

pub const TARGET: &str = "wasm32-unknown-unknown";

/// A compiler for the browser.
pub struct Toolchain {
    /// The compiler and the linker to name to Cargo, if they are not its own.
    pub replacement: Option<(PathBuf, PathBuf)>,
    /// Changes whenever the standard library was built anew; Cargo itself would not notice.
    pub identity: String,
}

impl Toolchain {
    pub fn find() -> Result<Self> {
        if let Some(identity) = standard_library(Path::new("rustc")) {
            return Ok(Self { replacement: None, identity });
        }
        let rustc = cache()?.join("bin/rustc");
        let Some(identity) = standard_library(&rustc) else {
            bail!("no compiler for {TARGET}: run server/crates/xtask/setup/wasm.sh");
        };
        Ok(Self { replacement: Some((rustc, linker()?)), identity })
    }
}

/// The folder that `setup/wasm.sh` unpacks Debian's compiler into.
fn cache() -> Result<PathBuf> {
    if let Some(folder) = env::var_os("FAROL_WASM_TOOLCHAIN") {
        return Ok(folder.into());
    }
    let base = match env::var_os("XDG_CACHE_HOME") {
        Some(folder) => PathBuf::from(folder),
        None => PathBuf::from(env::var_os("HOME").context("HOME is not set")?).join(".cache"),
    };
    Ok(base.join("farol/wasm"))
}

/// Says which standard library a compiler has for the target: its file, size and time.
fn standard_library(rustc: &Path) -> Option<String> {
    let printed = Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET]).output().ok()?;
    let folder = PathBuf::from(String::from_utf8(printed.stdout).ok()?.trim());
    let library = fs::read_dir(folder).ok()?.flatten().find(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    })?;
    let about = library.metadata().ok()?;
    Some(format!("{} {} {:?}", library.path().display(), about.len(), about.modified().ok()?))
}

/// The linker for the target that comes with rustup's own toolchain.
fn linker() -> Result<PathBuf> {
    let sysroot = output(Command::new("rustc").args(["--print", "sysroot"]))?;
    let version = output(Command::new("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    Ok(Path::new(sysroot.trim()).join("lib/rustlib").join(host).join("bin/rust-lld"))
}
