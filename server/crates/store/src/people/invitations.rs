//! Invitations.

use std::time::Duration;

use farol_api::clock::Timestamp;
use farol_api::id::{InvitationId, UserId};
use farol_api::user::{Invitation, Person, Role, User};
use secrecy::SecretString;
use sqlx::FromRow;
use uuid::Uuid;

use super::users::{find_user, insert_user};
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
    resets: Option<Uuid>,
}

/// What an invitation is for.
struct Asked<'a> {
    email: &'a str,
    role: Role,
    resets: Option<UserId>,
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
            resets: self.resets.is_some(),
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
        self.invite(Asked { email, role, resets: None }, invited_by, secret, lifetime).await
    }

    /// Lets somebody choose a new password, once; an open link of theirs is withdrawn.
    pub async fn create_password_link(
        &self,
        user: &User,
        by: &Person,
        secret: &SecretString,
        lifetime: Duration,
    ) -> Result<Invitation, StoreError> {
        let asked = Asked { email: &user.email, role: user.role, resets: Some(user.id) };
        self.invite(asked, by, secret, lifetime).await
    }

    async fn invite(
        &self,
        asked: Asked<'_>,
        invited_by: &Person,
        secret: &SecretString,
        lifetime: Duration,
    ) -> Result<Invitation, StoreError> {
        const REPLACE: &str = "update invitations set withdrawn_at = $2 where email_key = $1 \
                               and accepted_at is null and withdrawn_at is null";
        const INSERT: &str = "insert into invitations (id, email, email_key, role, secret_hash, \
                              invited_by, invited_by_name, created_at, expires_at, resets) \
                              values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let Asked { email, role, resets } = asked;
        let now = self.now();
        let invitation = Invitation {
            id: InvitationId(self.inner.clock.new_uuid()),
            email: plain(email.trim())?.to_owned(),
            role,
            invited_by: invited_by.clone(),
            created_at: now,
            expires_at: after(now, lifetime),
            resets: resets.is_some(),
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
                .bind(invitation.expires_at)
                .bind(resets.map(|user| user.0));
            query.execute(c).await.map(drop)
        })?;
        self.commit(tx).await?;
        Ok(invitation)
    }

    /// Finds the open invitation of a secret.
    pub async fn invitation_by_secret(&self, secret: &SecretString) -> Result<Option<Invitation>, StoreError> {
        const SQL: &str = "select id, email, role, invited_by, invited_by_name, created_at, \
                           expires_at, resets from invitations where secret_hash = $1 and expires_at > $2 \
                           and accepted_at is null and withdrawn_at is null";
        let mut reader = self.reader().await?;
        let now = self.now();
        let row: Option<InvitationRow> = on_db!(reader.db(), |c| {
            let query = sqlx::query_as(SQL).bind(secret_hash(secret)).bind(now);
            query.fetch_optional(c).await
        })?;
        row.map(InvitationRow::invitation).transpose()
    }

    /// Accepts an invitation, once: makes the account with the invitation's e-mail and role, or gives the one that it is for
    /// a new password and ends all its sessions and tokens.
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
                            expires_at, resets";
        let mut tx = self.begin().await?;
        let now = self.now();
        let taken: Result<Option<InvitationRow>, sqlx::Error> = on_db!(tx.db(), |c| {
            let query = sqlx::query_as(TAKE).bind(secret_hash(secret)).bind(now);
            query.fetch_optional(c).await
        });
        let row = taken.map_err(StoreError::from)?;
        let row = row.ok_or(AcceptError::NotOpen)?;
        let resets = row.resets.map(UserId);
        let invitation = row.invitation()?;
        if let Some(id) = resets {
            let user = reset(&mut tx, id, invitation.role, &password).await?;
            self.commit(tx).await?;
            return Ok(user);
        }
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
                           expires_at, resets from invitations where expires_at > $1 \
                           and accepted_at is null and withdrawn_at is null \
                           order by created_at desc, id";
        let mut reader = self.reader().await?;
        let now = self.now();
        let rows: Vec<InvitationRow> = on_db!(reader.db(), |c| sqlx::query_as(SQL).bind(now).fetch_all(c).await)?;
        rows.into_iter().map(InvitationRow::invitation).collect()
    }
}

/// Gives an account a new password, where it is open and its role still the one that the link was made for: whoever made
/// it may not manage every role.
async fn reset(tx: &mut Tx, id: UserId, role: Role, password: &PasswordHash) -> Result<User, AcceptError> {
    const SQL: &str = "update users set password_hash = $2 where id = $1";
    let user = find_user(tx, id).await?.filter(|user| user.disabled_at.is_none() && user.role == role);
    let user = user.ok_or(AcceptError::NotOpen)?;
    let changed: Result<(), sqlx::Error> = on_db!(tx.db(), |c| {
        let query = sqlx::query(SQL).bind(id.0).bind(&password.0);
        query.execute(c).await.map(drop)
    });
    changed.map_err(StoreError::from)?;
    super::sessions::delete_sessions(tx, id, None).await?;
    Ok(user)
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
