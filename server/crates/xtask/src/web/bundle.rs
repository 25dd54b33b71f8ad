//! The tools that come from npm, under `web/node_modules`, and Node itself.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::command::{filter, output, run};
use crate::workspace::Workspace;

/// What the module uses; wasm-opt is to neither use nor accept more, so each is named.
const WASM_FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The npm tools of the front end.
pub struct Npm {
    tools: PathBuf,
    finish: PathBuf,
}

impl Npm {
    pub fn new(workspace: &Workspace) -> Self {
        Self {
            tools: workspace.path("web/node_modules/.bin"),
            finish: workspace.path("server/crates/xtask/node/finish.mjs"),
        }
    }

    /// Optimises a module for size and returns where the result is.
    pub fn optimise(&self, wasm: &Path) -> Result<PathBuf> {
        let optimised = wasm.with_file_name("farol_opt.wasm");
        run(Command::new(self.tools.join("wasm-opt"))
            .arg("-Oz")
            .args(WASM_FEATURES)
            .arg(wasm)
            .arg("--output")
            .arg(&optimised))?;
        Ok(optimised)
    }

    /// Bundles a script with what it imports, into one module.
    pub fn bundle_script(&self, script: &Path) -> Result<String> {
        output(Command::new(self.tools.join("esbuild")).arg(script).args([
            "--bundle",
            "--format=esm",
            "--minify",
            "--target=es2022",
            "--log-level=warning",
        ]))
    }

    pub fn minify_style(&self, style: &str) -> Result<String> {
        filter(
            Command::new(self.tools.join("esbuild")).args(["--loader=css", "--minify", "--log-level=warning"]),
            style,
        )
    }

    /// Fails if a module of the folder is not valid; writes a `.br` beside what compresses well.
    pub fn check_and_compress(&self, folder: &Path) -> Result<()> {
        run(Command::new("node").arg(&self.finish).arg(folder))
    }
}
