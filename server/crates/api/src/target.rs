//! Targets: where steps run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::confine::Confinement;
use crate::id::TargetId;
use crate::risk::{Dialect, RiskClass};
#[cfg(not(target_arch = "wasm32"))]
use chrono::{DateTime, Utc};

/// How much a target matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// Customers depend on it.
    Production,
    /// A rehearsal of production.
    Staging,
    /// A developer's.
    Development,
    /// Anybody may break it: no second person is asked.
    Sandbox,
}

impl Environment {
    /// All of them, most careful first.
    pub const ALL: [Self; 4] = [Self::Production, Self::Staging, Self::Development, Self::Sandbox];
}

/// The kind of database behind a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum DatabaseKind {
    /// PostgreSQL.
    Postgres,
    /// MariaDB, and MySQL alike.
    Mysql,
    /// A SQLite file.
    Sqlite,
}

impl DatabaseKind {
    /// Returns the dialect its statements are classified in.
    pub const fn dialect(self) -> Dialect {
        match self {
            Self::Postgres => Dialect::Postgres,
            Self::Mysql => Dialect::Mysql,
            Self::Sqlite => Dialect::Sqlite,
        }
    }
}

/// Which of a target's up to three credentials a step runs with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CredentialRole {
    /// May only read.
    #[serde(rename = "ro")]
    ReadOnly,
    /// May read and write.
    #[serde(rename = "rw")]
    ReadWrite,
    /// May administer.
    #[serde(rename = "admin")]
    Admin,
}

impl CredentialRole {
    /// Returns `ro`, `rw` or `admin`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReadOnly => "ro",
            Self::ReadWrite => "rw",
            Self::Admin => "admin",
        }
    }
}

/// Where a target's shell steps run and what they see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShellSettings {
    /// Folders searched for commands; empty stands for the system's own.
    #[serde(default)]
    pub path: Vec<String>,
    /// Variables that steps see. Not for secrets: everyone who sees the target sees them.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// The least confinement that steps must have here; where the machine has less, they do not run.
    #[serde(default, skip_serializing_if = "Confinement::is_least")]
    pub least_confinement: Confinement,
    /// Whether steps are kept from every network, their own machine's too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_network: bool,
    /// Whether steps stay among the machine's processes: in a view of their own, files that belong to others seem to
    /// belong to nobody, which some programs refuse (`ssh` with files in `ssh_config.d`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_namespaces: bool,
}

/// How many other people must approve at least, by what a step does. A target asks for more than the classes do, never for less.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct LeastApprovals {
    /// What reads, and what locks, waits or notifies beside it.
    pub read: u8,
    /// What writes data.
    pub write: u8,
    /// All else: schema changes, what destroys, administration, what is not understood.
    pub other: u8,
}

impl LeastApprovals {
    /// The most that a target can ask for: more people are not found at night.
    pub const MOST: u8 = 5;

    /// Returns how many a class needs at least.
    pub const fn of(self, class: RiskClass) -> u8 {
        match class {
            RiskClass::Read | RiskClass::SideEffect => self.read,
            RiskClass::Write => self.write,
            _ => self.other,
        }
    }

    /// Tells whether the target asks for nothing beside the classes.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// A target as people see it: never a credential.
// The browser reads what the room shows of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Target {
    /// Its name, as runbooks write it.
    pub id: TargetId,
    /// What it is, in a few words.
    #[cfg(not(target_arch = "wasm32"))]
    pub description: String,
    /// How much it matters.
    pub environment: Environment,
    /// The kind of its database; absent where SQL steps cannot run.
    #[cfg(not(target_arch = "wasm32"))]
    pub database: Option<DatabaseKind>,
    /// The credentials it has, least first.
    #[cfg(not(target_arch = "wasm32"))]
    pub credentials: Vec<CredentialRole>,
    /// Its shell; absent where shell steps cannot run.
    #[cfg(not(target_arch = "wasm32"))]
    pub shell: Option<ShellSettings>,
    /// The longest a step may run on it, in seconds.
    pub timeout_seconds: u32,
    /// How many other people must approve at least.
    #[cfg(not(target_arch = "wasm32"))]
    #[serde(default, skip_serializing_if = "LeastApprovals::is_none")]
    pub approvals: LeastApprovals,
    /// Grows with every change; approvals bind it.
    #[cfg(not(target_arch = "wasm32"))]
    pub version: i64,
    /// When it was last changed.
    #[cfg(not(target_arch = "wasm32"))]
    pub updated_at: DateTime<Utc>,
}
