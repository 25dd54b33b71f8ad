//! Who did what stands in the record.

use serde::{Deserialize, Serialize};

use crate::id::SessionId;
use crate::user::Person;

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A person.
    Person(Person),
    /// A program that a person gave a token to.
    Token {
        /// Who answers for it.
        person: Person,
        /// What the token is called.
        name: String,
        /// Which of all that were ever called so; absent where an older Farol wrote it down.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<SessionId>,
    },
    /// Farol itself.
    System,
}

impl Actor {
    /// Returns the person, where it was one or acted for one.
    pub const fn person(&self) -> Option<&Person> {
        match self {
            Self::Person(person) | Self::Token { person, .. } => Some(person),
            Self::System => None,
        }
    }

    /// Returns the name of the person, and of the token that acted for them; nothing for Farol itself.
    pub fn name(&self) -> Option<String> {
        match self {
            Self::Person(person) => Some(person.name.clone()),
            Self::Token { person, name, .. } => Some(format!("{} · {name}", person.name)),
            Self::System => None,
        }
    }
}
