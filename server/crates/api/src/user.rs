//! People, their roles and what each role may do.

use serde::{Deserialize, Serialize};

use crate::id::{InvitationId, SessionId, UserId};
use crate::text::Locale;
use chrono::{DateTime, Utc};

/// A person's role in the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything, and the only one who makes owners.
    Owner,
    /// People, targets, settings, and erasing.
    Admin,
    /// Writes runbooks.
    Author,
    /// Approves other people's steps.
    Approver,
    /// Declares and walks incidents.
    Responder,
    /// Reads.
    Viewer,
}

/// One thing a person may or may not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// See incidents, runbooks and targets.
    Read,
    /// Declare incidents, walk steps, run what the approval table lets them.
    Respond,
    /// Approve steps that others requested.
    Approve,
    /// Run one's own steps without other people's approval for a while, for all to see.
    BreakGlass,
    /// Create and edit runbooks.
    Author,
    /// Register and change targets.
    ManageTargets,
    /// Invite people, change roles, revoke sessions.
    ManagePeople,
    /// Erase output and texts from incidents, whose record says so.
    Erase,
    /// Make and unmake owners.
    ManageOwners,
}

impl Role {
    /// All of them, most able first.
    pub const ALL: [Self; 6] = [Self::Owner, Self::Admin, Self::Author, Self::Approver, Self::Responder, Self::Viewer];

    /// Tells whether the role holds a permission.
    pub const fn may(self, permission: Permission) -> bool {
        use Permission::*;
        match permission {
            Read => true,
            Respond => !matches!(self, Self::Viewer),
            Approve => matches!(self, Self::Owner | Self::Admin | Self::Approver),
            Author => matches!(self, Self::Owner | Self::Admin | Self::Author),
            ManageTargets | ManagePeople | Erase => matches!(self, Self::Owner | Self::Admin),
            ManageOwners | BreakGlass => matches!(self, Self::Owner),
        }
    }
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    /// The account.
    pub id: UserId,
    /// What they log in with.
    pub email: String,
    /// What others see.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// The language they chose, if they did.
    pub locale: Option<Locale>,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
    /// When it was closed to logins, if it was.
    pub disabled_at: Option<DateTime<Utc>>,
    /// Whether they may break the glass although their role alone does not let them.
    #[serde(default)]
    pub break_glass: bool,
}

impl User {
    /// Tells whether they hold a permission, by their role or given to them alone.
    pub const fn may(&self, permission: Permission) -> bool {
        let given = matches!(permission, Permission::BreakGlass) && self.break_glass;
        self.role.may(permission) || given && self.role.may(Permission::Respond)
    }
}

/// A person as other records name them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Person {
    /// The account.
    pub id: UserId,
    /// Their name when it was recorded.
    pub name: String,
}

/// A login session, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// The session.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// When they logged in.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_seen_at: DateTime<Utc>,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
    /// The browser, in its own words; of a token, its name.
    pub user_agent: String,
    /// What a token may do; absent for a browser, which may do whatever its person may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<TokenScope>,
    /// Whether it is the one that asks.
    #[serde(default)]
    pub current: bool,
}

/// What a token may do, at most: its person's role decides too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TokenScope {
    /// Read.
    Read,
    /// Read, declare incidents, walk and run their steps. Never approve: that is for people.
    Respond,
}

impl TokenScope {
    /// Both, the lesser first.
    pub const ALL: [Self; 2] = [Self::Read, Self::Respond];

    /// Tells whether a token of this scope holds a permission.
    pub const fn may(self, permission: Permission) -> bool {
        match permission {
            Permission::Read => true,
            Permission::Respond => matches!(self, Self::Respond),
            _ => false,
        }
    }
}

/// An open invitation; its secret is in the link only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invitation {
    /// The invitation.
    pub id: InvitationId,
    /// Whom it is for.
    pub email: String,
    /// The role they will have.
    pub role: Role,
    /// Who invited them.
    pub invited_by: Person,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// Whether who it is for has an account, and chooses a new password by it.
    #[serde(default)]
    pub resets: bool,
}
