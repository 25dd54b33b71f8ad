//! Reports as Markdown and as one HTML page.

use askama::Template;
use farol_api::graph::CommandLanguage;
use farol_api::incident::PostmortemSection;

use crate::body::fit;
use crate::escape::{fence, inline, visible};
use crate::report::{AttemptBlock, Evidence, Report, Section};
use crate::words::document::{self, Words};

#[derive(Template)]
#[template(path = "postmortem.md")]
struct Markdown<'a> {
    report: &'a Report,
    w: &'static Words,
}

#[derive(Template)]
#[template(path = "postmortem.html")]
struct Html<'a> {
    report: &'a Report,
    w: &'static Words,
}

/// Writes a report as Markdown that GitHub, GitLab and wikis read. Ends with one `\n`; the same report gives the same bytes.
pub fn markdown(report: &Report) -> String {
    finish(Markdown { report, w: document::of(report.locale) }.render())
}

/// Writes a report as one HTML page that needs nothing else and forbids scripts. Ends with one `\n`; the same report
/// gives the same bytes.
pub fn html(report: &Report) -> String {
    finish(Html { report, w: document::of(report.locale) }.render())
}

fn finish(rendered: askama::Result<String>) -> String {
    // Rendering fails only where a value's Display or a filter fails; here all values are texts and numbers.
    let text = visible(&rendered.unwrap_or_default());
    format!("{}\n", text.trim_end())
}

impl Report {
    /// What comes before the timeline.
    fn before(&self) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(|section| section.section < PostmortemSection::Detection)
    }

    /// What comes after the timeline.
    fn after(&self) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(|section| section.section >= PostmortemSection::Detection)
    }

    /// Whether the timeline has a row for an event, so that a link to it leads somewhere.
    fn has_row(&self, seq: &i64) -> bool {
        self.timeline.iter().any(|row| row.evidence.seq == *seq)
    }
}

impl Section {
    fn markdown(&self) -> Option<String> {
        self.text.as_deref().map(fit)
    }

    fn html(&self) -> Option<String> {
        self.markdown().map(|text| farol_runbook::to_html(&text))
    }
}

impl Evidence {
    fn markdown(&self) -> String {
        let mut said = vec![format!("#{}", self.seq)];
        said.extend(self.output.as_ref().map(|(digest, _)| format!("`{digest}`")));
        said.extend(self.recorded.clone());
        said.join(", ")
    }
}

impl AttemptBlock {
    fn fenced(&self) -> String {
        fence(&self.text, self.info())
    }

    /// The language as highlighters name it.
    const fn info(&self) -> &'static str {
        match self.language {
            CommandLanguage::Sql => "sql",
            CommandLanguage::Shell => "bash",
            CommandLanguage::Http => "http",
            CommandLanguage::Other => "text",
        }
    }
}

/// The number of an event, nothing where there is none.
fn numbered(seq: Option<&i64>) -> String {
    seq.map(|seq| format!("#{seq}")).unwrap_or_default()
}
