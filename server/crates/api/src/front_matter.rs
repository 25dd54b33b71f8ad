//! What a runbook's author says about it in front matter.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::runbook::ParameterKind;
use crate::text::Span;

/// YAML front matter, as far as its keys have a meaning; all of them may be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FrontMatter {
    /// The title.
    pub title: Option<String>,
    /// Who keeps it up to date.
    pub owner: Option<String>,
    /// The severity that its incidents usually have, in the author's word.
    pub severity: Option<String>,
    /// How long recovery may take.
    pub rto_seconds: Option<u32>,
    /// How much data, in time, may be lost.
    pub rpo_seconds: Option<u32>,
    /// The services that it is about.
    pub services: Vec<String>,
    /// The targets that its commands run on.
    pub targets: Vec<String>,
    /// The alerts that it answers.
    pub alerts: Vec<AlertPattern>,
    /// What is said about its parameters.
    pub parameters: Vec<ParameterDeclaration>,
    /// The day by which somebody looks through it again.
    pub review_by: Option<NaiveDate>,
    /// Where it stands, without its fences.
    pub span: Span,
}

/// Labels of an alert; all must match.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AlertPattern {
    /// The labels, in the author's order.
    pub matchers: Vec<LabelMatcher>,
}

/// What one label of an alert must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LabelMatcher {
    /// The label; `alertname` is the alert's name.
    pub label: String,
    /// How it is compared.
    pub operator: MatchOperator,
    /// With what.
    pub value: String,
}

/// How a label is compared, as Prometheus writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum MatchOperator {
    /// Is the value.
    #[serde(rename = "=")]
    Equal,
    /// Is another.
    #[serde(rename = "!=")]
    NotEqual,
    /// Matches the whole regular expression.
    #[serde(rename = "=~")]
    Matches,
    /// Does not match it.
    #[serde(rename = "!~")]
    NotMatches,
}

/// What is said about one parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ParameterDeclaration {
    /// Its name, as parameters are named: `pid` for `<pid>`.
    pub name: String,
    /// What kind of value it takes.
    pub kind: Option<ParameterKind>,
    /// The value that is offered.
    pub default: Option<String>,
    /// A regular expression that the whole value must match.
    pub pattern: Option<String>,
    /// Whether its value must not be shown; absent where nothing is said.
    pub secret: Option<bool>,
    /// One sentence for who has to fill it in.
    pub description: Option<String>,
    /// Where its name stands.
    pub span: Span,
    /// The line, from 1.
    pub line: usize,
}
