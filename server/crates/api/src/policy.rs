//! What each risk class takes to run: the approval table, in one place.

use serde::{Deserialize, Serialize};

use crate::risk::RiskClass;
use crate::target::{CredentialRole, Environment};

/// What the requester must do before a step may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RequesterAct {
    /// One press.
    Press,
    /// Confirms what the step does beside reading.
    Confirm,
    /// Reviews command, target and rows.
    Review,
    /// Types the target's name.
    TypeTarget,
    /// Types the target's name and gives a reason.
    TypeTargetAndReason,
}

/// What running a step of one class on one target takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Requirement {
    /// The credential the step runs with.
    pub credential: CredentialRole,
    /// How many other people must approve.
    pub approvals: u8,
    /// What the requester does.
    pub requester: RequesterAct,
}

impl Requirement {
    /// Asks for at least this many other people, whatever the class and the environment take.
    #[must_use]
    pub const fn with_others(mut self, least: u8) -> Self {
        if self.approvals < least {
            self.approvals = least;
        }
        self
    }
}

/// Returns what a class takes on a target of an environment, or nothing where it is refused.
///
/// A sandbox needs nobody else; all else stays as on any target.
pub const fn requirement(class: RiskClass, environment: Environment) -> Option<Requirement> {
    let (credential, approvals, requester) = match class {
        RiskClass::Read => (CredentialRole::ReadOnly, 0, RequesterAct::Press),
        RiskClass::SideEffect => (CredentialRole::ReadOnly, 0, RequesterAct::Confirm),
        RiskClass::Write => (CredentialRole::ReadWrite, 1, RequesterAct::Review),
        RiskClass::Schema | RiskClass::Destructive => (CredentialRole::ReadWrite, 1, RequesterAct::TypeTarget),
        RiskClass::Administration | RiskClass::Unknown => (CredentialRole::Admin, 1, RequesterAct::TypeTargetAndReason),
        RiskClass::Session => return None,
    };
    let approvals = if matches!(environment, Environment::Sandbox) { 0 } else { approvals };
    Some(Requirement { credential, approvals, requester })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sandbox_needs_nobody_else_and_production_does() {
        let production = requirement(RiskClass::Destructive, Environment::Production).unwrap();
        assert_eq!((production.approvals, production.requester), (1, RequesterAct::TypeTarget));
        let sandbox = requirement(RiskClass::Destructive, Environment::Sandbox).unwrap();
        assert_eq!((sandbox.approvals, sandbox.requester), (0, RequesterAct::TypeTarget));
    }

    #[test]
    fn session_control_is_refused_everywhere() {
        for environment in Environment::ALL {
            assert_eq!(requirement(RiskClass::Session, environment), None);
        }
    }

    #[test]
    fn what_is_not_understood_takes_as_much_as_administration() {
        for environment in Environment::ALL {
            assert_eq!(
                requirement(RiskClass::Unknown, environment),
                requirement(RiskClass::Administration, environment)
            );
        }
    }
}
