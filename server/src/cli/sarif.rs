//! Diagnostics as SARIF 2.1.0 (OASIS, 2020), which code review tools show beside the lines.

use std::path::Path;

use farol_api::runbook::{Diagnostic, DiagnosticSeverity};
use farol_api::text::{Locale, Span};
use farol_runbook::diagnose::catalogue::ALL;
use serde_json::{Value, json};

/// Makes the document of one run.
pub fn document(results: Vec<Value>, locale: Locale) -> Value {
    let rules = ALL.iter().map(|entry| {
        let sentence = if locale == Locale::PtBr { entry.pt } else { entry.en };
        json!({
            "id": entry.code,
            "shortDescription": { "text": sentence.replacen("{}", "…", 1) },
            "fullDescription": { "text": entry.why },
            "help": { "text": entry.mend },
            "defaultConfiguration": { "level": level(entry.severity) },
        })
    });
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "farol",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.collect::<Vec<_>>(),
            } },
            // Columns count UTF-16 units, as the format has it where nothing else is said.
            "columnKind": "utf16CodeUnits",
            "results": results,
        }],
    })
}

/// Makes the result of one diagnostic of one file.
pub fn result(path: &Path, text: &str, found: &Diagnostic, locale: Locale) -> Value {
    let location = json!({ "uri": uri(path) });
    let mut result = json!({
        "ruleId": found.code,
        "level": level(found.severity),
        "message": { "text": found.message.get(locale) },
        "locations": [{ "physicalLocation": { "artifactLocation": location, "region": region(text, found.span) } }],
    });
    if let Some(fix) = &found.fix {
        result["fixes"] = json!([{
            "artifactChanges": [{
                "artifactLocation": location,
                "replacements": [{
                    "deletedRegion": region(text, fix.span),
                    "insertedContent": { "text": fix.replacement },
                }],
            }],
        }]);
    }
    result
}

fn level(severity: DiagnosticSeverity) -> &'static str {
    match severity {
        DiagnosticSeverity::Error => "error",
        DiagnosticSeverity::Warning => "warning",
        DiagnosticSeverity::Info => "note",
    }
}

fn region(text: &str, span: Span) -> Value {
    let (from, to) = (place(text, span.start), place(text, span.end));
    json!({ "startLine": from.0, "startColumn": from.1, "endLine": to.0, "endColumn": to.1 })
}

/// Line and column of a byte, both from 1.
fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at.min(text.len())).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.encode_utf16().count() + 1)
}

/// A relative path as a URI reference.
fn uri(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = text.strip_prefix("./").unwrap_or(&text);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_utf16_units_and_paths_are_escaped() {
        assert_eq!(place("a\n🔥b", 2), (2, 1));
        assert_eq!(place("a\n🔥b", 6), (2, 3));
        assert_eq!(uri(Path::new("./ação 1.md")), "a%C3%A7%C3%A3o%201.md");
    }
}
