//! The documentation of each diagnostic, written from the catalogue.

use farol_api::runbook::DiagnosticSeverity;

use super::catalogue::{ALL, Entry};

/// Writes the page of one diagnostic, as Markdown.
pub fn page(entry: &Entry) -> String {
    let fill = |sentence: &str| sentence.replacen("{}", "…", 1);
    format!(
        "# {code}\n\n{severity}\n\n> {en}\n>\n> {pt}\n\n## Why it matters\n\n{why}\n\n## What to do\n\n{mend}\n{example}",
        code = entry.code,
        severity = severity(entry.severity),
        en = fill(entry.en),
        pt = fill(entry.pt),
        why = entry.why,
        mend = entry.mend,
        example = example(entry),
    )
}

fn example(entry: &Entry) -> String {
    if entry.example.is_empty() {
        return String::new();
    }
    format!("\n## Example\n\n~~~~markdown\n{}~~~~\n\nMended:\n\n~~~~markdown\n{}~~~~\n", entry.example, entry.mended)
}

/// Writes the list of all diagnostics, as Markdown.
pub fn index() -> String {
    let mut rows: Vec<String> = ALL
        .iter()
        .map(|entry| {
            let sentence = entry.en.replacen("{}", "…", 1);
            format!("| [{code}]({code}.md) | {word} | {sentence} |\n", code = entry.code, word = word(entry.severity))
        })
        .collect();
    rows.sort();
    format!(
        "# Diagnostics\n\nWhat `farol lint` and the editor say about a runbook. None of them keeps a runbook from being read.\n\n\
         | code | severity | says |\n|---|---|---|\n{}",
        rows.concat()
    )
}

fn word(severity: DiagnosticSeverity) -> &'static str {
    match severity {
        DiagnosticSeverity::Error => "error",
        DiagnosticSeverity::Warning => "warning",
        DiagnosticSeverity::Info => "info",
    }
}

fn severity(severity: DiagnosticSeverity) -> &'static str {
    match severity {
        DiagnosticSeverity::Error => "An error: something was not read as it stands. `farol lint` exits 1.",
        DiagnosticSeverity::Warning => "A warning: it was read, perhaps not as it was meant.",
        DiagnosticSeverity::Info => "A hint: it was read as it was meant, and could be better.",
    }
}
