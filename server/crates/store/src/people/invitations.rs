//! Invitations.

use std::time::Duration;

use farol_api::id::InvitationId;
use farol_api::user::{Invitation, Person, Role, User};
use secrecy::SecretString;

use super::PasswordHash;
use crate::{Store, StoreError};

/// Why an invitation was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// It was used, withdrawn, ran out, or never was.
    #[error("the invitation is not open")]
    NotOpen,
    /// Somebody has this e-mail already.
    #[error("the e-mail is taken")]
    EmailTaken,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Invites somebody; an open invitation to the same e-mail is withdrawn.
    pub async fn create_invitation(
        &self,
        email: &str,
        role: Role,
        invited_by: &Person,
        secret: &SecretString,
        lifetime: Duration,
    ) -> Result<Invitation, StoreError> {
        let _ = (email, role, invited_by, secret, lifetime);
        todo!()
    }

    /// Finds the open invitation of a secret.
    pub async fn invitation_by_secret(
        &self,
        secret: &SecretString,
    ) -> Result<Option<Invitation>, StoreError> {
        let _ = secret;
        todo!()
    }

    /// Accepts an invitation, once: makes the account with the invitation's e-mail and role.
    pub async fn accept_invitation(
        &self,
        secret: &SecretString,
        name: &str,
        password: PasswordHash,
    ) -> Result<User, AcceptError> {
        let _ = (secret, name, password);
        todo!()
    }

    /// Withdraws an open invitation; false where there is none.
    pub async fn withdraw_invitation(&self, id: InvitationId) -> Result<bool, StoreError> {
        let _ = id;
        todo!()
    }

    /// Returns the open invitations, newest first.
    pub async fn invitations(&self) -> Result<Vec<Invitation>, StoreError> {
        todo!()
    }
}
