//! What is left of an event whose content is erased.

use serde::{Deserialize, Serialize};

use super::{Actor, EventKind};
use crate::capture::Withheld;

/// An entry whose payload is erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErasedEntry {
    /// Its number.
    pub seq: i64,
    /// Who did it.
    pub actor: Actor,
    /// What happened, without what is erased of it: what the incident is folded from, and held against the rules by.
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    pub left: EventKind,
}

impl EventKind {
    /// Returns the event with something else in the place of each text that somebody typed; nothing where it has none.
    ///
    /// The reason of an erasure is none of them: it says what the record lacks.
    pub fn with_texts(&self, said: &str) -> Option<Self> {
        let mut left = self.clone();
        let text = match &mut left {
            Self::Noted { text, .. }
            | Self::Corrected { text, .. }
            | Self::SectionWritten { text, .. }
            | Self::BreakGlassReviewed { text, .. }
            | Self::StepFailed { reason: text, .. }
            | Self::StepSkipped { reason: text, .. }
            | Self::ApprovalRefused { reason: text, .. }
            | Self::BreakGlassOpened { reason: text, .. }
            | Self::SeverityChanged { reason: Some(text), .. }
            | Self::StatusChanged { reason: Some(text), .. }
            | Self::BranchChosen { reason: Some(text), .. }
            | Self::StepReopened { reason: Some(text), .. }
            | Self::StepDone { observed: Some(text), .. } => text,
            Self::ActionItemSet { text, owner, .. } => {
                *owner = None;
                text
            }
            Self::AttemptRequested { request } => request.reason.as_mut()?,
            _ => return None,
        };
        said.clone_into(text);
        Some(left)
    }

    /// Returns the end of an attempt without the values that it left for later steps; nothing where there are none.
    pub fn without_values(&self) -> Option<Self> {
        let mut left = self.clone();
        let Self::AttemptFinished { result, .. } = &mut left else { return None };
        let mut any = false;
        for captured in &mut result.captured {
            if captured.value.is_some() || captured.withheld == Some(Withheld::Sealed) {
                (captured.value, captured.withheld, any) = (None, Some(Withheld::Erased), true);
            }
        }
        any.then_some(left)
    }
}
