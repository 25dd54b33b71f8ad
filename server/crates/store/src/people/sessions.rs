//! Login sessions.

use std::time::Duration;

use farol_api::id::{SessionId, UserId};
use farol_api::user::{Session, User};
use secrecy::SecretString;

use crate::{Store, StoreError};

/// A session to begin.
#[derive(Clone, Debug)]
pub struct NewSession<'a> {
    /// Whose it is.
    pub user: UserId,
    /// The cookie's secret: long and random. Only its SHA-256 is stored.
    pub secret: &'a SecretString,
    /// The browser, in its own words.
    pub user_agent: &'a str,
    /// When it ends by itself.
    pub lifetime: Duration,
}

impl Store {
    /// Begins a session.
    pub async fn create_session(&self, new: NewSession<'_>) -> Result<Session, StoreError> {
        let _ = new;
        todo!()
    }

    /// Finds the session of a secret with its person; nothing where it ended or the account is closed.
    pub async fn session_by_secret(
        &self,
        secret: &SecretString,
    ) -> Result<Option<(Session, User)>, StoreError> {
        let _ = secret;
        todo!()
    }

    /// Notes that a session is used, at most once a minute; younger notes cost no query.
    pub async fn touch_session(&self, session: &Session) -> Result<(), StoreError> {
        let _ = session;
        todo!()
    }

    /// Returns somebody's sessions that have not ended, the last used first.
    pub async fn sessions(&self, user: UserId) -> Result<Vec<Session>, StoreError> {
        let _ = user;
        todo!()
    }

    /// Ends one of somebody's sessions; false where they have no such session.
    pub async fn revoke_session(&self, user: UserId, id: SessionId) -> Result<bool, StoreError> {
        let _ = (user, id);
        todo!()
    }

    /// Ends all of somebody's sessions but one, if one is named. Returns how many.
    pub async fn revoke_sessions(
        &self,
        user: UserId,
        except: Option<SessionId>,
    ) -> Result<u64, StoreError> {
        let _ = (user, except);
        todo!()
    }
}
