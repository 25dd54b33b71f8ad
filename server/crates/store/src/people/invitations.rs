//! Invitations.

use std::time::Duration;

use farol_api::clock::Timestamp;
use farol_api::id::{InvitationId, UserId};
use farol_api::user::{Invitation, Person, Role, User};
use secrecy::SecretString;
use sqlx::FromRow;
use uuid::Uuid;

use super::users::insert_user;
use super::{CreateUserError, NewUser, PasswordHash};
use crate::codec::{after, email_key, from_word, plain, secret_hash, word};
use crate::pool::{Session, Tx, on_db};
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

impl From<CreateUserError> for AcceptError {
    fn from(error: CreateUserError) -> Self {
        match error {
            CreateUserError::EmailTaken => Self::EmailTaken,
            CreateUserError::Store(error) => Self::Store(error),
        }
    }
}

#[derive(FromRow)]
struct InvitationRow {
    id: Uuid,
    email: String,
    role: String,
    invited_by: Uuid,
    invited_by_name: String,
    created_at: Timestamp,
    expires_at: Timestamp,
}

impl InvitationRow {
    fn invitation(self) -> Result<Invitation, StoreError> {
        Ok(Invitation {
            id: InvitationId(self.id),
            email: self.email,
            role: from_word("invitations.role", &self.role)?,
            invited_by: Person { id: UserId(self.invited_by), name: self.invited_by_name },
            created_at: self.created_at,
            expires_at: self.expires_at,
        })
    }
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
        const REPLACE: &str = "update invitations set withdrawn_at = $2 where email_key = $1 \
                               and accepted_at is null and withdrawn_at is null";
        const INSERT: &str = "insert into invitations (id, email, email_key, role, secret_hash, \
                              invited_by, invited_by_name, created_at, expires_at) \
                              values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let now = self.now();
        let invitation = Invitation {
            id: InvitationId(self.inner.clock.new_uuid()),
            email: plain(email.trim())?.to_owned(),
            role,
            invited_by: invited_by.clone(),
            created_at: now,
            expires_at: after(now, lifetime),
        };
        let (key, role) = (email_key(email), word(&role)?);
        let mut tx = self.begin().await?;
        on_db!(tx.db(), |c| {
            let query = sqlx::query(REPLACE).bind(&key).bind(now);
            query.execute(c).await.map(drop)
        })?;
        on_db!(tx.db(), |c| {
            let query = sqlx::query(INSERT)
                .bind(invitation.id.0)
                .bind(&invitation.email)
                .bind(&key)
                .bind(role)
                .bind(secret_hash(secret))
                .bind(invited_by.id.0)
                .bind(&invited_by.name)
                .bind(now)
                .bind(invitation.expires_at);
            query.execute(c).await.map(drop)
        })?;
        self.commit(tx).await?;
        Ok(invitation)
    }

    /// Finds the open invitation of a secret.
    pub async fn invitation_by_secret(&self, secret: &SecretString) -> Result<Option<Invitation>, StoreError> {
        const SQL: &str = "select id, email, role, invited_by, invited_by_name, created_at, \
                           expires_at from invitations where secret_hash = $1 and expires_at > $2 \
                           and accepted_at is null and withdrawn_at is null";
        let mut reader = self.reader().await?;
        let now = self.now();
        let row: Option<InvitationRow> = on_db!(reader.db(), |c| {
            let query = sqlx::query_as(SQL).bind(secret_hash(secret)).bind(now);
            query.fetch_optional(c).await
        })?;
        row.map(InvitationRow::invitation).transpose()
    }

    /// Accepts an invitation, once: makes the account with the invitation's e-mail and role.
    pub async fn accept_invitation(
        &self,
        secret: &SecretString,
        name: &str,
        password: PasswordHash,
    ) -> Result<User, AcceptError> {
        // Taking it and asking whether it is open are one statement, so that two visitors cannot both take it.
        const TAKE: &str = "update invitations set accepted_at = $2 where secret_hash = $1 \
                            and expires_at > $2 and accepted_at is null and withdrawn_at is null \
                            returning id, email, role, invited_by, invited_by_name, created_at, \
                            expires_at";
        let mut tx = self.begin().await?;
        let now = self.now();
        let taken: Result<Option<InvitationRow>, sqlx::Error> = on_db!(tx.db(), |c| {
            let query = sqlx::query_as(TAKE).bind(secret_hash(secret)).bind(now);
            query.fetch_optional(c).await
        });
        let row = taken.map_err(StoreError::from)?;
        let invitation = row.ok_or(AcceptError::NotOpen)?.invitation()?;
        let new = NewUser { email: invitation.email, name: name.to_owned(), password };
        let user = insert_user(self, &mut tx, new, invitation.role).await?;
        self.commit(tx).await?;
        Ok(user)
    }

    /// Withdraws an open invitation; false where there is none.
    pub async fn withdraw_invitation(&self, id: InvitationId) -> Result<bool, StoreError> {
        const SQL: &str = "update invitations set withdrawn_at = $2 where id = $1 \
                           and expires_at > $2 and accepted_at is null and withdrawn_at is null";
        let mut tx = self.begin().await?;
        let now = self.now();
        let withdrawn = on_db!(tx.db(), |c| {
            let query = sqlx::query(SQL).bind(id.0).bind(now);
            query.execute(c).await.map(|done| done.rows_affected())
        })?;
        self.commit(tx).await?;
        Ok(withdrawn > 0)
    }

    /// Returns the open invitations, newest first.
    pub async fn invitations(&self) -> Result<Vec<Invitation>, StoreError> {
        const SQL: &str = "select id, email, role, invited_by, invited_by_name, created_at, \
                           expires_at from invitations where expires_at > $1 \
                           and accepted_at is null and withdrawn_at is null \
                           order by created_at desc, id";
        let mut reader = self.reader().await?;
        let now = self.now();
        let rows: Vec<InvitationRow> = on_db!(reader.db(), |c| sqlx::query_as(SQL).bind(now).fetch_all(c).await)?;
        rows.into_iter().map(InvitationRow::invitation).collect()
    }
}

/// Withdraws somebody's open invitations: all of them, or those of owners alone.
pub(super) async fn withdraw_all(tx: &mut Tx, by: UserId, all: bool, now: Timestamp) -> Result<(), StoreError> {
    const SQL: &str = "update invitations set withdrawn_at = $2 where invited_by = $1 and (role = 'owner' or $3) \
                       and accepted_at is null and withdrawn_at is null";
    on_db!(tx.db(), |c| {
        let query = sqlx::query(SQL).bind(by.0).bind(now).bind(all);
        query.execute(c).await.map(drop)
    })?;
    Ok(())
}
