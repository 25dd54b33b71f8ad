//! Break-glass: for a while somebody's own steps run without other people's approval, and others look at them afterwards.

use serde::{Deserialize, Serialize};

use super::{Attempt, IncidentState, Severity};
use crate::id::{IncidentId, UserId};
use crate::user::Person;
use chrono::{DateTime, Utc};

/// The longest that one may last, in minutes.
pub const BREAK_GLASS_MINUTES: u32 = 30;

/// One time that somebody broke the glass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BreakGlass {
    /// Counts from 1 in its incident.
    pub number: u32,
    /// Whose steps run without approval.
    pub by: Person,
    /// Why.
    pub reason: String,
    /// From when on.
    pub opened_at: DateTime<Utc>,
    /// Until when at most.
    pub until: DateTime<Utc>,
    /// When it was closed before that.
    pub closed_at: Option<DateTime<Utc>>,
    /// What somebody else found afterwards; absent until then.
    pub review: Option<BreakGlassReview>,
}

/// What somebody who did not break it found of what was run meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BreakGlassReview {
    /// Who.
    pub by: Person,
    /// When.
    pub at: DateTime<Utc>,
    /// In their words.
    pub text: String,
}

/// Break-glass with what it let run, as somebody sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BreakGlassView {
    /// The incident.
    pub incident_id: IncidentId,
    /// What it is about.
    pub incident_title: String,
    /// How bad it is.
    pub severity: Severity,
    /// Who, why and for how long.
    pub glass: BreakGlass,
    /// Whether it is open.
    pub open: bool,
    /// The titles of the steps that ran without approval meanwhile, each with its digest's beginning.
    pub ran: Vec<(String, String)>,
    /// Whether the one who looks may review it.
    pub may_review: bool,
}

/// Break-glass of one incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BreakGlassOf {
    /// Whether the incident is open: only then can the glass be broken.
    pub incident_open: bool,
    /// Every time, the newest first.
    pub all: Vec<BreakGlassView>,
}

impl BreakGlass {
    /// Tells whether it is open.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.closed_at.is_none() && now <= self.until
    }

    /// Tells whether an attempt was asked for by the one who broke the glass, and dispatched while it was open.
    pub fn covered(&self, attempt: &Attempt) -> bool {
        let end = self.closed_at.unwrap_or(self.until);
        let meanwhile = attempt.dispatched_at.is_some_and(|at| self.opened_at <= at && at <= end);
        let short = attempt.approvals.len() < usize::from(attempt.request.requirement.approvals);
        meanwhile && short && attempt.requested_by.as_ref().is_some_and(|person| person.id == self.by.id)
    }
}

impl IncidentState {
    /// Tells whether somebody's steps run without other people's approval now.
    pub fn has_broken_glass(&self, person: UserId, now: DateTime<Utc>) -> bool {
        self.break_glass.iter().any(|glass| glass.by.id == person && glass.is_open(now))
    }
}
