//! What an import says of itself.

use farol_api::library::{FileOutcome, ImportReport, ImportedFile, SkipReason};
use farol_api::text::Localized;

use super::file::Skipped;

/// The most files that a kept report lists.
pub const LISTED: usize = 1_000;

/// Begins a report on a source.
pub fn begin(source: &str) -> ImportReport {
    ImportReport { source: source.to_owned(), ..ImportReport::default() }
}

/// Adds a file that was taken, or was there.
pub fn taken(report: &mut ImportReport, file: ImportedFile) {
    *counter(report, file.outcome) += 1;
    report.files.push(file);
}

/// Adds a file that was not taken.
pub fn skipped(report: &mut ImportReport, path: String, skipped: Skipped) {
    report.skipped += 1;
    report.files.push(ImportedFile {
        path,
        outcome: FileOutcome::Skipped,
        runbook: None,
        steps: 0,
        problems: 0,
        reason: Some(skipped.reason),
        note: Some(skipped.note),
    });
}

/// Says what is good to know of a text that was imported.
pub fn note(steps: usize) -> Option<Localized> {
    (steps == 0).then(|| {
        Localized::new(
            "It has no steps: it can be read and found, and there is nothing in it to walk.",
            "Não tem passos: pode ser lido e encontrado, e não há nada nele para percorrer.",
        )
    })
}

/// Puts the files that need somebody first, then those that are new, then the others.
pub fn sort(report: &mut ImportReport) {
    let rank = |file: &ImportedFile| match (file.outcome, file.reason) {
        (FileOutcome::Skipped, Some(SkipReason::NotMarkdown)) => 5,
        (FileOutcome::Skipped, _) => 0,
        (FileOutcome::Changed, _) => 1,
        (FileOutcome::Renamed, _) => 2,
        (FileOutcome::New, _) => 3,
        (FileOutcome::Unchanged, _) => 4,
    };
    report.files.sort_by(|a, b| (rank(a), &a.path).cmp(&(rank(b), &b.path)));
}

/// Cuts the list of files; what is cut stays counted.
pub fn cut(report: &mut ImportReport, most: usize) {
    report.unlisted += report.files.len().saturating_sub(most);
    report.files.truncate(most);
    report.gone.truncate(most);
}

/// Tells whether something was done or needs somebody: an import that found everything as it was says nothing new.
pub fn says_something(report: &ImportReport) -> bool {
    report.new + report.changed + report.renamed > 0 || report.stopped.is_some() || is_missing_some(report)
}

/// Tells whether Markdown was left out.
pub fn is_missing_some(report: &ImportReport) -> bool {
    let left_out =
        |file: &ImportedFile| file.outcome == FileOutcome::Skipped && file.reason != Some(SkipReason::NotMarkdown);
    report.stopped.is_some() || report.files.iter().any(left_out)
}

fn counter(report: &mut ImportReport, outcome: FileOutcome) -> &mut usize {
    match outcome {
        FileOutcome::New => &mut report.new,
        FileOutcome::Changed => &mut report.changed,
        FileOutcome::Renamed => &mut report.renamed,
        FileOutcome::Unchanged => &mut report.unchanged,
        FileOutcome::Skipped => &mut report.skipped,
    }
}
