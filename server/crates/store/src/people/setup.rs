//! The first owner, and the one-time token that makes them.

use farol_api::user::User;
use secrecy::SecretString;

use super::NewUser;
use crate::{Store, StoreError};

/// Why the first owner was not made.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// Somebody is there already.
    #[error("the first owner exists already")]
    AlreadySetUp,
    /// The token is not the last one that was printed.
    #[error("the token is not the last one that was printed")]
    WrongToken,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Tells whether an account exists.
    pub async fn is_set_up(&self) -> Result<bool, StoreError> {
        todo!()
    }

    /// Keeps the SHA-256 of a set-up token; a token from before is worth nothing any more.
    pub async fn set_setup_token(&self, token: &SecretString) -> Result<(), SetUpError> {
        let _ = token;
        todo!()
    }

    /// Makes the first owner with the set-up token, which is used up.
    pub async fn set_up(&self, token: &SecretString, owner: NewUser) -> Result<User, SetUpError> {
        let _ = (token, owner);
        todo!()
    }

    /// Makes the first owner without a token, for the command line and demo data.
    pub async fn create_first_owner(&self, owner: NewUser) -> Result<User, SetUpError> {
        let _ = owner;
        todo!()
    }
}
