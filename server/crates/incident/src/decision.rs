//! What a command leads to: events to append, and what has to be stored with them.

use chrono::{DateTime, Utc};
use farol_api::event::EventKind;

use crate::spec::AttemptSpec;

/// What to append, all or nothing.
#[derive(Clone, Debug, Default)]
pub struct Decision {
    /// The events, in order; none where the command changes nothing.
    pub events: Vec<Draft>,
    /// What an `AttemptRequested` among them runs; stored sealed beside it.
    pub spec: Option<AttemptSpec>,
    /// The name and value of a secret parameter that a `ParameterSet` among them leaves out; stored sealed.
    pub secret_value: Option<SecretValue>,
}

/// A secret parameter's value on its way to the vault.
#[derive(Clone)]
pub struct SecretValue {
    /// The parameter.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl std::fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecretValue").field("name", &self.name).finish_non_exhaustive()
    }
}

/// An event before it has a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// What happened.
    pub kind: EventKind,
    /// When it happened; the time of recording where absent.
    pub occurred_at: Option<DateTime<Utc>>,
}

impl From<EventKind> for Draft {
    fn from(kind: EventKind) -> Self {
        Self { kind, occurred_at: None }
    }
}

impl Decision {
    /// Changes nothing.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Appends these events.
    pub fn events(kinds: impl IntoIterator<Item = EventKind>) -> Self {
        Self { events: kinds.into_iter().map(Draft::from).collect(), ..Self::default() }
    }
}

impl From<EventKind> for Decision {
    fn from(kind: EventKind) -> Self {
        Self::events([kind])
    }
}
