//! Prints what the reader makes of files: `inspect [--outline] FILE…`.
//!
//! Without `--outline` it prints one JSON object a line, as `farol inspect --format json` does.

use farol_api::runbook::Runbook;
use farol_runbook::{Counts, inspect};
use serde::Serialize;

#[derive(Serialize)]
struct Line<'a> {
    path: &'a str,
    counts: &'a Counts,
    #[serde(flatten)]
    runbook: &'a Runbook,
}

fn main() -> std::io::Result<()> {
    let mut outline = false;
    for path in std::env::args().skip(1) {
        if path == "--outline" {
            outline = true;
            continue;
        }
        let text = String::from_utf8_lossy(&std::fs::read(&path)?).into_owned();
        let (runbook, counts) = inspect(&text, None);
        if outline {
            println!("== {path}\n{}", farol_runbook::outline_text(&runbook));
        } else {
            let line = Line { path: &path, counts: &counts, runbook: &runbook };
            println!("{}", serde_json::to_string(&line)?);
        }
    }
    Ok(())
}
