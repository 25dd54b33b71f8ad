//! Newtyped ids, so that no id is taken for another.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Says why a text is no id of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidId {
    /// The kind of id that was wanted, for example `incident`.
    pub kind: &'static str,
}

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not the id of {} {}", article(self.kind), self.kind)
    }
}

impl std::error::Error for InvalidId {}

fn article(kind: &str) -> &'static str {
    if kind.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                text.parse().map(Self).map_err(|_| InvalidId { kind: $kind })
            }
        }
    };
}

macro_rules! slug_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "openapi", schema(value_type = String))]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// Returns the slug.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                if is_slug(text) { Ok(Self(text.into())) } else { Err(InvalidId { kind: $kind }) }
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.as_ref().to_owned()
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

/// The longest slug, in bytes.
pub const SLUG_MAX: usize = 96;

/// Tells whether a text is a slug: 1 to 96 of `a-z 0-9 - _ .`, starting with a letter or digit.
pub fn is_slug(text: &str) -> bool {
    (1..=SLUG_MAX).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        // No early end: many bytes are looked at in one step.
        && text.bytes().fold(true, |all, byte| {
            all & (byte.is_ascii_lowercase() | byte.is_ascii_digit() | (byte == b'-') | (byte == b'_') | (byte == b'.'))
        })
}

uuid_id!(
    /// A person's account.
    UserId, "user"
);
uuid_id!(
    /// A login session; the secret in the cookie is another thing.
    SessionId, "session"
);
uuid_id!(
    /// An invitation to join.
    InvitationId, "invitation"
);
uuid_id!(
    /// One attempt to run one step, which is dispatched at most once.
    AttemptId, "attempt"
);

slug_id!(
    /// A runbook: a slug that stays when its title changes, for example `postgres-failover`.
    RunbookId, "runbook"
);
slug_id!(
    /// A target, named as runbooks name it, for example `shop-prod`.
    TargetId, "target"
);
slug_id!(
    /// A step (node) of a runbook's graph; stays when other parts of the file change.
    StepId, "step"
);

/// An incident's number, as people say it: `INC-12` is 12. Starts at 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct IncidentId(pub i64);

impl fmt::Display for IncidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for IncidentId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let number = text.parse::<i64>().ok().filter(|n| *n > 0);
        number.map(Self).ok_or(InvalidId { kind: "incident" })
    }
}

/// The revision of a runbook: the SHA-256 of its bytes.
pub type RevisionId = crate::digest::Digest;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_has_no_path_in_it() {
        for bad in ["", "../x", "A", "a/b", "-a", "a b", &"a".repeat(97)] {
            assert!(!is_slug(bad), "{bad}");
        }
        assert!(is_slug("shop-prod.2"));
    }

    #[test]
    fn an_incident_number_is_positive() {
        assert!("0".parse::<IncidentId>().is_err());
        assert!("-3".parse::<IncidentId>().is_err());
        assert_eq!("12".parse::<IncidentId>(), Ok(IncidentId(12)));
    }
}
