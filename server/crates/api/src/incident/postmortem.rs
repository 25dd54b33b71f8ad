//! The post-mortem of an incident, written as events like all else.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::user::Person;

/// A section that people write. The timeline, metrics and steps are generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PostmortemSection {
    /// What happened, in a paragraph.
    Summary,
    /// Who felt what, for how long.
    Impact,
    /// How it was noticed.
    Detection,
    /// What set it off.
    Trigger,
    /// What made it possible or worse.
    ContributingFactors,
    /// What ended it.
    Resolution,
    /// What went well.
    WentWell,
    /// What went badly.
    WentBadly,
    /// Where we were lucky.
    Lucky,
    /// What surprised us.
    Surprises,
}

impl PostmortemSection {
    /// All of them, in the order of the document.
    pub const ALL: [Self; 10] = [
        Self::Summary,
        Self::Impact,
        Self::Detection,
        Self::Trigger,
        Self::ContributingFactors,
        Self::Resolution,
        Self::WentWell,
        Self::WentBadly,
        Self::Lucky,
        Self::Surprises,
    ];
}

/// How far a post-mortem is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PostmortemState {
    /// Being written.
    #[default]
    Draft,
    /// Others read it.
    InReview,
    /// Somebody else than its writers agreed to it.
    Reviewed,
    /// Everybody may read it; it does not change any more.
    Published,
}

/// The written part of a post-mortem.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Postmortem {
    /// How far it is.
    pub state: PostmortemState,
    /// What people wrote, as Markdown.
    pub sections: BTreeMap<PostmortemSection, String>,
    /// Who wrote any of it.
    pub writers: Vec<Person>,
    /// Who reviewed it.
    pub reviewer: Option<Person>,
    /// What is to be done.
    pub action_items: Vec<ActionItem>,
}

/// Something to be done after an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActionItem {
    /// Counts from 1.
    pub number: u32,
    /// What.
    pub text: String,
    /// By whom.
    pub owner: Option<String>,
    /// Until when, as `YYYY-MM-DD`.
    pub due: Option<String>,
    /// Whether it was done.
    pub done: bool,
}
