//! What an event is about.

use super::EventKind;
use crate::id::{AttemptId, StepId};

impl EventKind {
    /// Returns the step it is about, where it is about one.
    pub const fn step(&self) -> Option<&StepId> {
        match self {
            Self::StepDone { step, .. }
            | Self::StepFailed { step, .. }
            | Self::StepSkipped { step, .. }
            | Self::StepReopened { step, .. }
            | Self::ApprovalGranted { step, .. }
            | Self::ApprovalRefused { step, .. }
            | Self::AttemptQueued { step, .. }
            | Self::AttemptDispatched { step, .. }
            | Self::CancelRequested { step, .. }
            | Self::AttemptHeld { step, .. }
            | Self::HoldDecided { step, .. }
            | Self::AttemptFinished { step, .. } => Some(step),
            Self::AttemptRequested { request } => Some(&request.step),
            Self::BranchChosen { decision, .. } => Some(decision),
            Self::Noted { step, .. } => step.as_ref(),
            _ => None,
        }
    }

    /// Returns the attempt it is about, where it is about one.
    pub const fn attempt(&self) -> Option<AttemptId> {
        match self {
            Self::ApprovalGranted { attempt, .. }
            | Self::ApprovalRefused { attempt, .. }
            | Self::AttemptQueued { attempt, .. }
            | Self::AttemptDispatched { attempt, .. }
            | Self::CancelRequested { attempt, .. }
            | Self::AttemptHeld { attempt, .. }
            | Self::HoldDecided { attempt, .. }
            | Self::AttemptFinished { attempt, .. } => Some(*attempt),
            Self::AttemptRequested { request } => Some(request.attempt),
            _ => None,
        }
    }

    /// Tells whether it may change what steps take or what is said of them, which only the server knows.
    pub const fn moves_gates(&self) -> bool {
        matches!(
            self,
            Self::ParameterSet { .. }
                | Self::BranchChosen { .. }
                | Self::StepDone { .. }
                | Self::StepFailed { .. }
                | Self::StepSkipped { .. }
                | Self::StepReopened { .. }
                | Self::AttemptHeld { .. }
                | Self::HoldDecided { .. }
                | Self::AttemptFinished { .. }
                | Self::PayloadErased { .. }
        )
    }
}
