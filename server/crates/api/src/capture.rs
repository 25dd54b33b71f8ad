//! What steps leave for later ones: values and the folder that they ended in.

use serde::{Deserialize, Serialize};

use crate::id::{AttemptId, StepId};

/// A value that an attempt left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Captured {
    /// Its name, as its author wrote it.
    pub name: String,
    /// The value; absent where it was not kept, or is not to be seen.
    pub value: Option<String>,
    /// Why it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withheld: Option<Withheld>,
}

/// Why a value does not stand in the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Withheld {
    /// It is a secret by its name: kept sealed for later steps, and shown to nobody.
    Sealed,
    /// It holds a secret of the incident.
    Secret,
    /// It is longer than what is kept.
    TooLong,
    /// It is no text.
    NotText,
    /// There was none: no row, or NULL.
    Nothing,
    /// It was erased, with the output that it was taken from.
    Erased,
}

/// Where something that a step uses comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Origin {
    /// The attempt that left it.
    pub attempt: AttemptId,
    /// Its step.
    pub step: StepId,
    /// What the step is called.
    pub title: String,
    /// Counts the attempts of that step, from 1.
    pub number: u32,
}

/// A value at hand for later steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CapturedValue {
    /// The value.
    pub value: String,
    /// Where it comes from.
    pub from: Origin,
}

/// The name under which the folder that a script begins in is shown among its values.
pub const DIRECTORY: &str = "PWD";
