//! Who wrote a revision of a runbook, as far as that can be told.

use serde::{Deserialize, Serialize};

use crate::id::UserId;
use crate::user::Person;

/// Who wrote a revision's text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Editors {
    /// People with an account here. None of them may approve its steps.
    pub people: Vec<Person>,
    /// How many more its Git repository names, who have no account here.
    pub strangers: usize,
    /// Why nobody with an account can be named; absent where somebody is, and where it came with the program.
    pub untold: Option<Untold>,
}

impl Editors {
    /// Tells whether somebody is one of them.
    pub fn names(&self, user: UserId) -> bool {
        self.people.iter().any(|person| person.id == user)
    }
}

/// Why nobody with an account can be named as who wrote a revision: whoever did may then approve its steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Untold {
    /// It was imported before Farol asked.
    Unrecorded,
    /// No Git repository stands behind its file, and nobody was named who imported it.
    NoHistory,
    /// Its file was not committed as it stands.
    Uncommitted,
    /// The history of its repository could not be read.
    Unreadable,
    /// Nobody whom its repository names has an account here.
    Strangers,
}
