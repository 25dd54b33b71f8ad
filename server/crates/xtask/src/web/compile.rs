//! From Rust to the two files of wasm-bindgen.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use super::toolchain::{TARGET, Toolchain};
use super::{Bound, Flavour};
use crate::command::run;
use crate::workspace::Workspace;

/// Compiles `farol-hydrate` and returns the raw module.
///
/// It has a target folder of its own, so that it neither waits for a build of the server nor shares features with it.
pub fn compile(workspace: &Workspace, flavour: Flavour) -> Result<PathBuf> {
    let toolchain = Toolchain::find()?;
    let target = workspace.path("target/wasm");
    start_anew_after_a_change_of(&toolchain, &target)?;

    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(workspace.root())
        .args(["build", "--quiet", "--locked", "--package", "farol-hydrate"])
        .args(["--target", TARGET, "--profile", flavour.profile(), "--target-dir"])
        .arg(&target)
        .env("CARGO_ENCODED_RUSTFLAGS", flags(workspace).join("\u{1f}"))
        // Cargo sets it for the programs it runs, to its own compiler's libraries.
        .env_remove("LD_LIBRARY_PATH");
    if let Some((rustc, linker)) = &toolchain.replacement {
        cargo.env("RUSTC", rustc).env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
    }
    run(&mut cargo)?;
    Ok(target.join(TARGET).join(flavour.profile()).join("farol_hydrate.wasm"))
}

/// Binds the module to JavaScript with the very version of wasm-bindgen that Cargo.lock names.
pub fn bind(workspace: &Workspace, compiled: &Path, flavour: Flavour) -> Result<Bound> {
    let folder = workspace.path("target/wasm/bound");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    Bindgen::new()
        .input_path(compiled)
        .out_name("farol")
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(flavour == Flavour::Release)
        .remove_producers_section(true)
        .generate(&folder)
        .context("wasm-bindgen")?;
    Ok(Bound { script: folder.join("farol.js"), wasm: folder.join("farol_bg.wasm") })
}

/// The same view erasure as the server's builds (`.cargo/config.toml`), and no path of this machine in panic messages.
fn flags(workspace: &Workspace) -> Vec<String> {
    let mut flags = vec!["--cfg".to_owned(), "erase_components".to_owned()];
    flags.push(format!("--remap-path-prefix={}=farol", workspace.root().display()));
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo")));
    if let Some(home) = home {
        flags.push(format!("--remap-path-prefix={}=crates", home.join("registry/src").display()));
    }
    flags
}

/// Empties the target folder if it was filled with another standard library, which Cargo would not notice.
fn start_anew_after_a_change_of(toolchain: &Toolchain, target: &Path) -> Result<()> {
    let stamp = target.join(".standard-library");
    if fs::read_to_string(&stamp).is_ok_and(|known| known == toolchain.identity) {
        return Ok(());
    }
    if target.exists() {
        fs::remove_dir_all(target)?;
    }
    fs::create_dir_all(target)?;
    fs::write(stamp, &toolchain.identity)?;
    Ok(())
}
