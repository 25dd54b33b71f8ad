//! The front end's build: compile, bind, optimise, bundle, name by content, compress, check.

mod budget;
mod bundle;
mod compile;
mod site;
mod style;
mod toolchain;

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::command::run;
use crate::workspace::Workspace;

use self::bundle::Npm;
use self::site::Site;

/// What the build is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// What ships, and what the browser tests test.
    Release,
    /// A quick look at a change.
    Dev,
}

impl Flavour {
    fn profile(self) -> &'static str {
        match self {
            Self::Release => "wasm-release",
            Self::Dev => "wasm-dev",
        }
    }
}

/// Builds the front end into `target/site`; does nothing there if no input has changed.
pub fn build(workspace: &Workspace, flavour: Flavour) -> Result<()> {
    run(&mut Command::new(workspace.path("server/crates/xtask/setup/wasm.sh")))?;
    run(Command::new(workspace.path("server/crates/xtask/setup/npm.sh")).arg("web"))?;

    println!("web: compiling farol-hydrate ({})", flavour.profile());
    let compiled = compile::compile(workspace, flavour)?;
    let inputs = site::digest_inputs(workspace, flavour, &compiled)?;
    if site::is_current(workspace, &inputs) {
        println!("web: target/site is as its inputs say");
        return Ok(());
    }

    println!("web: binding, optimising and compressing");
    let npm = Npm::new(workspace);
    let bound = compile::bind(workspace, &compiled, flavour)?;
    let wasm = match flavour {
        Flavour::Release => npm.optimise(&bound.wasm)?,
        Flavour::Dev => bound.wasm.clone(),
    };

    let mut site = Site::start(workspace)?;
    site.manifest.js = site.add("farol.js", npm.bundle_script(&bound.script)?.as_bytes())?;
    let editor = npm.bundle_script(&workspace.path("web/editor/main.ts"))?;
    site.manifest.editor = site.add("editor.js", editor.as_bytes())?;
    let search = npm.bundle_script(&workspace.path("web/library/search.ts"))?;
    site.manifest.search = site.add("search.js", search.as_bytes())?;
    let notices = npm.bundle_script(&workspace.path("web/notices/notices.ts"))?;
    site.manifest.notices = site.add("notices.js", notices.as_bytes())?;
    site.manifest.wasm = site.add("farol.wasm", &std::fs::read(&wasm)?)?;
    site.add_fonts(workspace)?;
    site.add_static_files(workspace)?;
    let style = style::concatenate(workspace, |name| site.resolve(name))?;
    site.manifest.css = site.add("farol.css", npm.minify_style(&style)?.as_bytes())?;
    site.write_manifest()?;
    npm.check_and_compress(&site.folder)?;
    let sizes = budget::sizes(&site)?;
    // A site over its limits is published, so that it can be looked at, but not stamped: the next build fails too.
    let within_limits = budget::report(&sizes, flavour);
    site.publish(workspace, within_limits.is_ok().then_some(inputs.as_str()))?;
    within_limits
}

/// The two files that wasm-bindgen writes.
struct Bound {
    script: PathBuf,
    wasm: PathBuf,
}
