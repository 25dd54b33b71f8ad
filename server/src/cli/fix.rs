//! `farol fix`: applies the fixes that are sure.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use farol_api::text::{Locale, Localized};
use farol_runbook::mend;

use super::input;
use super::say::{self, complain, locale};

/// Arguments of `farol fix`.
#[derive(Debug, Args)]
pub struct Fix {
    /// Runbooks, or folders of them, mended in place; - mends standard input to standard output
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Only say what would be fixed
    #[arg(long)]
    check: bool,
    /// The language of the messages: en or pt-BR
    #[arg(long, value_name = "TAG", default_value = "en", value_parser = locale)]
    lang: Locale,
}

impl Fix {
    /// Runs it. Exits 1 with `--check` where there is something to fix, 2 where a file could not be read or written.
    pub fn run(&self) -> ExitCode {
        let files = input::below(&self.paths);
        let (mut fixes, mut failed) = (0, !files.problems.is_empty());
        say::complain_of(&files.problems, self.lang);
        say::complain_of(&files.notes, self.lang);
        for path in &files.paths {
            match self.fix(path) {
                Ok(applied) => fixes += applied,
                Err(sentence) => {
                    complain(&sentence.get(self.lang));
                    failed = true;
                }
            }
        }
        self.say(&self.summary(files.paths.len(), fixes));
        match (failed, self.check && fixes > 0) {
            (true, _) => ExitCode::from(2),
            (false, true) => ExitCode::FAILURE,
            (false, false) => ExitCode::SUCCESS,
        }
    }

    fn fix(&self, path: &Path) -> Result<usize, Localized> {
        let text = input::read(path)?;
        let (mended, done) = mend(&text);
        for found in &done {
            self.say(&format!("{}:{}: {}", path.display(), found.line, found.code));
        }
        if self.check {
            return Ok(done.len());
        }
        let written = if path == Path::new("-") {
            say::print(mended.as_bytes())
        } else if mended != text {
            replace(path, mended.as_bytes())
        } else {
            Ok(())
        };
        written.map(|()| done.len()).map_err(|error| {
            let name = path.display();
            Localized::new(
                format!("{name}: not written, and left as it was: {error}"),
                format!("{name}: não foi gravado, e ficou como estava: {error}"),
            )
        })
    }

    fn summary(&self, files: usize, fixes: usize) -> String {
        let files = say::files(files, self.lang);
        match (self.lang, self.check) {
            (Locale::En, true) => format!("{files}, {fixes} to fix"),
            (Locale::En, false) => format!("{files}, {fixes} fixed"),
            (Locale::PtBr, true) => format!("{files}, {} a fazer", say::count(fixes, "correção", "correções")),
            (Locale::PtBr, false) => {
                format!("{files}, {}", say::count(fixes, "correção feita", "correções feitas"))
            }
        }
    }

    /// Prints a line, apart from a mended text. That nobody reads it (`| head`) does not keep files from being mended.
    fn say(&self, line: &str) {
        let _ = if !self.check && self.paths.iter().any(|path| path == Path::new("-")) {
            writeln!(std::io::stderr(), "{line}")
        } else {
            writeln!(std::io::stdout(), "{line}")
        };
    }
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
