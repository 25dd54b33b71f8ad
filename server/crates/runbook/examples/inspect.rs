//! Prints what the reader makes of files: `inspect [--outline] FILE…`.
//!
//! Without `--outline` it prints one JSON object a line, with `path` and `counts`.

use farol_runbook::inspect;

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
            println!("{}", serde_json::json!({ "path": path, "counts": counts }));
        }
    }
    Ok(())
}
