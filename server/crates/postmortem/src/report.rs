//! What a post-mortem holds, in the words of one language, before it is Markdown or HTML.

use farol_api::graph::CommandLanguage;
use farol_api::incident::PostmortemSection;
use farol_api::text::Locale;

/// A post-mortem. All texts are plain, unescaped, and in one language; all times are UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The language of its words.
    pub locale: Locale,
    /// The incident as people say it: `INC-12`.
    pub number: String,
    /// What the incident was about.
    pub title: String,
    /// Whether it was an exercise.
    pub drill: bool,
    /// Runbook, severity, status and what else stands at the head.
    pub facts: Vec<Fact>,
    /// The milestones, in the order of their definition.
    pub dates: Vec<Fact>,
    /// What people wrote, all sections, in the order of the document.
    pub sections: Vec<Section>,
    /// What happened, oldest first.
    pub timeline: Vec<TimelineRow>,
    /// What is to be done.
    pub action_items: Vec<ActionRow>,
    /// Who took part, in the order they joined.
    pub responders: Vec<ResponderRow>,
    /// The figures.
    pub metrics: Vec<MetricRow>,
    /// What was done of the runbook, in its order.
    pub steps: Vec<StepRow>,
    /// What went other than the runbook says.
    pub deviations: Vec<DeviationRow>,
    /// Whether there was a runbook to deviate from.
    pub has_runbook: bool,
    /// What was run, in the order it was asked for.
    pub attempts: Vec<AttemptBlock>,
}

/// A name and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is, in the words of the document.
    pub name: &'static str,
    /// Its value.
    pub value: String,
}

/// A section that people write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Which.
    pub section: PostmortemSection,
    /// Its heading.
    pub title: &'static str,
    /// Its Markdown, as it was typed; absent where nobody wrote it yet.
    pub text: Option<String>,
    /// Who wrote it last, with the event: `Written by Ana, #12`.
    pub written: Option<String>,
}

/// What proves a generated row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The event's place in the incident's record.
    pub seq: i64,
    /// When it was recorded, where that is a minute or more after it happened, in words.
    pub recorded: Option<String>,
    /// The first twelve digits of the digest of the output behind it, and the number of the attempt's block.
    pub output: Option<(String, usize)>,
}

/// One row of the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineRow {
    /// When it happened: `2026-11-22 03:14:09`.
    pub at: String,
    /// What happened.
    pub event: String,
    /// Who did it.
    pub by: String,
    /// What proves it.
    pub evidence: Evidence,
}

/// One action item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionRow {
    /// Counts from 1.
    pub number: u32,
    /// What is to be done.
    pub text: String,
    /// By whom; empty where nobody is named.
    pub owner: String,
    /// Until when; empty where no date is set.
    pub due: String,
    /// Open or done.
    pub state: &'static str,
}

/// One responder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponderRow {
    /// Their name.
    pub name: String,
    /// When they joined.
    pub joined: String,
    /// The roles they have, separated by commas; empty for none.
    pub roles: String,
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricRow {
    /// Its name.
    pub name: &'static str,
    /// Its value with its state, or the state alone.
    pub value: String,
    /// What it is measured from and to.
    pub formula: &'static str,
    /// The objective and whether it was met; empty where there is none.
    pub objective: String,
}

/// One step that something happened to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRow {
    /// What it is called.
    pub title: String,
    /// Where it stands.
    pub status: &'static str,
    /// Who did it; empty where nobody is on record.
    pub by: String,
    /// How many attempts it took; 0 for a person's step.
    pub attempts: usize,
    /// What was seen, the branch that was chosen, or why it failed or was skipped.
    pub seen: String,
    /// The last event that changed it.
    pub evidence: Option<i64>,
}

/// One deviation from the runbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviationRow {
    /// What kind.
    pub kind: &'static str,
    /// The step's title.
    pub step: String,
    /// The reason given, or what was seen; may be empty.
    pub detail: String,
    /// The event that shows it.
    pub evidence: Option<i64>,
}

/// One attempt: what ran exactly, where, and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptBlock {
    /// Its place among the attempts of the document, from 1.
    pub index: usize,
    /// Its heading.
    pub title: String,
    /// Target, risk, who asked and approved, outcome, rows, exit code, duration, digest.
    pub facts: Vec<Fact>,
    /// The language of the text.
    pub language: CommandLanguage,
    /// The exact statement or script.
    pub text: String,
}
