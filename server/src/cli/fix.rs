//! `farol fix`: applies the fixes that are sure.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use farol_runbook::mend;

use super::input;

/// Arguments of `farol fix`.
#[derive(Debug, Args)]
pub struct Fix {
    /// Runbooks, or folders of them; they are mended in place
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Only say what would be fixed
    #[arg(long)]
    check: bool,
}

impl Fix {
    /// Runs it. Exits 1 with `--check` where there is something to fix, 2 where a file could not be read or written.
    pub fn run(&self) -> ExitCode {
        let files = input::below(&self.paths);
        let (mut fixes, mut failed) = (0, !files.problems.is_empty());
        files.problems.iter().for_each(|sentence| eprintln!("farol: {sentence}"));
        for path in &files.paths {
            match self.fix(path) {
                Ok(applied) => fixes += applied,
                Err(sentence) => {
                    eprintln!("farol: {sentence}");
                    failed = true;
                }
            }
        }
        say(&format!("{} files, {fixes} {}", files.paths.len(), if self.check { "to fix" } else { "fixed" }));
        match (failed, self.check && fixes > 0) {
            (true, _) => ExitCode::from(2),
            (false, true) => ExitCode::FAILURE,
            (false, false) => ExitCode::SUCCESS,
        }
    }

    fn fix(&self, path: &Path) -> Result<usize, String> {
        let text = input::read(path)?;
        let (mended, done) = mend(&text);
        for found in &done {
            say(&format!("{}:{}: {}", path.display(), found.line, found.code));
        }
        if !self.check && mended != text {
            replace(path, mended.as_bytes()).map_err(|error| format!("{}: not written: {error}", path.display()))?;
        }
        Ok(done.len())
    }
}

/// Prints a line. That nobody reads it (`| head`) does not keep files from being mended.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Puts the new text in the place of the old one at once: whoever reads the file sees the one or the other.
fn replace(path: &Path, text: &[u8]) -> std::io::Result<()> {
    // A link stays a link; what it leads to is replaced.
    let path = std::fs::canonicalize(path)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut fresh = tempfile::NamedTempFile::new_in(folder)?;
    fresh.write_all(text)?;
    fresh.as_file().set_permissions(std::fs::metadata(&path)?.permissions())?;
    fresh.as_file().sync_all()?;
    fresh.persist(&path).map_err(|error| error.error)?;
    Ok(())
}
