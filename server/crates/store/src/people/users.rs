//! Accounts.

use farol_api::id::UserId;
use farol_api::text::Locale;
use farol_api::user::{Role, User};

use crate::{Store, StoreError};

/// A hashed password in its own notation (PHC string). Debug hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub String);

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

/// A person to make an account for.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// What they log in with; compared without regard to case.
    pub email: String,
    /// What others see.
    pub name: String,
    /// The hash of their password.
    pub password: PasswordHash,
}

/// Why no account was made.
#[derive(Debug, thiserror::Error)]
pub enum CreateUserError {
    /// Somebody has this e-mail already.
    #[error("the e-mail is taken")]
    EmailTaken,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a person was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeUserError {
    /// Nobody would be left who owns this Farol.
    #[error("the last enabled owner stays one")]
    LastOwner,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Makes an account outside of invitations, for the command line.
    pub async fn create_user(&self, new: NewUser, role: Role) -> Result<User, CreateUserError> {
        let _ = (new, role);
        todo!()
    }

    /// Finds a person.
    pub async fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        let _ = id;
        todo!()
    }

    /// Finds a person by e-mail, whatever its case, with the hash of their password.
    pub async fn user_by_email(
        &self,
        email: &str,
    ) -> Result<Option<(User, PasswordHash)>, StoreError> {
        let _ = email;
        todo!()
    }

    /// Returns everybody, in order of names.
    pub async fn users(&self) -> Result<Vec<User>, StoreError> {
        todo!()
    }

    /// Changes somebody's role, or closes (true) or opens (false) their account; closing ends their sessions.
    ///
    /// Returns nothing where there is no such person.
    pub async fn change_user(
        &self,
        id: UserId,
        role: Option<Role>,
        disabled: Option<bool>,
    ) -> Result<Option<User>, ChangeUserError> {
        let _ = (id, role, disabled);
        todo!()
    }

    /// Sets the language somebody chose.
    pub async fn set_locale(&self, id: UserId, locale: Option<Locale>) -> Result<(), StoreError> {
        let _ = (id, locale);
        todo!()
    }

    /// Replaces the hash of somebody's password.
    pub async fn set_password(&self, id: UserId, password: &PasswordHash) -> Result<(), StoreError> {
        let _ = (id, password);
        todo!()
    }
}
