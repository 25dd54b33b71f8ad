//! Diagnostics as SARIF 2.1.0 (OASIS, 2020), which code review tools show beside the lines.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use farol_api::runbook::{Diagnostic, DiagnosticSeverity};
use farol_api::text::{Locale, Span};
use farol_runbook::diagnose::catalogue::ALL;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
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
pub fn result(path: &Path, places: &Places<'_>, found: &Diagnostic, locale: Locale) -> Value {
    let location = json!({ "uri": uri(path) });
    let mut result = json!({
        "ruleId": found.code,
        "level": level(found.severity),
        "message": { "text": found.message.get(locale) },
        "locations": [{ "physicalLocation": { "artifactLocation": location, "region": places.region(found.span) } }],
    });
    if let Some(fix) = &found.fix {
        let sure = match locale {
            Locale::En if fix.sure => "Sure: `farol fix` applies it.",
            Locale::En => "Perhaps meant; `farol fix` leaves it alone.",
            Locale::PtBr if fix.sure => "Certo: `farol fix` aplica.",
            Locale::PtBr => "Talvez seja isto; `farol fix` não mexe.",
        };
        result["fixes"] = json!([{
            "description": { "text": sure },
            "artifactChanges": [{
                "artifactLocation": location,
                "replacements": [{
                    "deletedRegion": places.region(fix.span),
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

/// Where bytes of a text stand, by line and column.
pub struct Places<'t> {
    text: &'t str,
    /// Where each line starts.
    lines: Vec<usize>,
}

impl<'t> Places<'t> {
    /// Looks at a text once, for any number of places.
    pub fn new(text: &'t str) -> Self {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, lines }
    }

    fn region(&self, span: Span) -> Value {
        let (from, to) = (self.place(span.start), self.place(span.end));
        json!({ "startLine": from.0, "startColumn": from.1, "endLine": to.0, "endColumn": to.1 })
    }

    /// Line and column of a byte, both from 1.
    fn place(&self, at: usize) -> (usize, usize) {
        let at = at.min(self.text.len());
        let line = self.lines.partition_point(|start| *start <= at);
        let before = self.text.get(self.lines[line - 1]..at).unwrap_or_default();
        (line, before.encode_utf16().count() + 1)
    }
}

/// A path as a URI: a reference where it is relative, `file://` where it is not. Any byte may stand in a path.
fn uri(path: &Path) -> String {
    const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');
    let bytes = path.as_os_str().as_bytes();
    let escaped = percent_encode(bytes.strip_prefix(b"./").unwrap_or(bytes), ESCAPED);
    if path.is_absolute() { format!("file://{escaped}") } else { escaped.to_string() }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::*;

    #[test]
    fn columns_count_utf16_units_and_paths_are_escaped() {
        let places = Places::new("a\n🔥b");
        assert_eq!((places.place(0), places.place(2), places.place(6)), ((1, 1), (2, 1), (2, 3)));
        assert_eq!(uri(Path::new("./ação 1.md")), "a%C3%A7%C3%A3o%201.md");
        assert_eq!(uri(Path::new("/srv/a b.md")), "file:///srv/a%20b.md");
        assert_eq!(uri(Path::new(OsStr::from_bytes(b"a:\xe7.md"))), "a%3A%E7.md");
    }
}
