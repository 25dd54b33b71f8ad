//! Accounts.

use farol_api::clock::Timestamp;
use farol_api::id::UserId;
use farol_api::text::Locale;
use farol_api::user::{Permission, Role, User};
use sqlx::FromRow;
use uuid::Uuid;

use super::invitations::withdraw_all;
use crate::codec::{email_key, from_word, plain, word};
use crate::dialect::LOCK_OWNERS;
use crate::error::is_unique_violation;
use crate::pool::{Session, Tx, on_db};
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

/// An account's row without its password.
#[derive(FromRow)]
pub(super) struct UserRow {
    id: Uuid,
    email: String,
    name: String,
    role: String,
    locale: Option<String>,
    created_at: Timestamp,
    disabled_at: Option<Timestamp>,
    break_glass: bool,
}

impl UserRow {
    pub(super) fn user(self) -> Result<User, StoreError> {
        Ok(User {
            id: UserId(self.id),
            email: self.email,
            name: self.name,
            role: from_word("users.role", &self.role)?,
            locale: self.locale.as_deref().and_then(Locale::from_tag),
            created_at: self.created_at,
            disabled_at: self.disabled_at,
            break_glass: self.break_glass,
        })
    }
}

#[derive(FromRow)]
struct LoginRow {
    #[sqlx(flatten)]
    user: UserRow,
    password_hash: String,
}

impl Store {
    /// Makes an account outside of invitations, for the command line.
    pub async fn create_user(&self, new: NewUser, role: Role) -> Result<User, CreateUserError> {
        let mut tx = self.begin().await?;
        let user = insert_user(self, &mut tx, new, role).await?;
        self.commit(tx).await?;
        Ok(user)
    }

    /// Finds a person.
    pub async fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        find_user(&mut self.reader().await?, id).await
    }

    /// Finds a person by e-mail, whatever its case, with the hash of their password.
    pub async fn user_by_email(&self, email: &str) -> Result<Option<(User, PasswordHash)>, StoreError> {
        const SQL: &str = "select id, email, name, role, locale, created_at, disabled_at, break_glass, \
                           password_hash from users where email_key = $1";
        let mut reader = self.reader().await?;
        let query_key = email_key(plain(email)?);
        let row: Option<LoginRow> =
            on_db!(reader.db(), |c| sqlx::query_as(SQL).bind(query_key).fetch_optional(c).await)?;
        row.map(|row| Ok((row.user.user()?, PasswordHash(row.password_hash)))).transpose()
    }

    /// Returns everybody, in order of names.
    pub async fn users(&self) -> Result<Vec<User>, StoreError> {
        const SQL: &str = "select id, email, name, role, locale, created_at, disabled_at, break_glass \
                           from users order by name, email_key";
        let mut reader = self.reader().await?;
        let rows: Vec<UserRow> = on_db!(reader.db(), |c| sqlx::query_as(SQL).fetch_all(c).await)?;
        rows.into_iter().map(UserRow::user).collect()
    }

    /// Changes somebody's role, closes (true) or opens (false) their account, or lets them break the glass; closing ends
    /// their sessions. Open invitations that they may not make any more are withdrawn.
    ///
    /// Returns nothing where there is no such person.
    pub async fn change_user(
        &self,
        id: UserId,
        role: Option<Role>,
        disabled: Option<bool>,
        break_glass: Option<bool>,
    ) -> Result<Option<User>, ChangeUserError> {
        let mut tx = self.begin().await?;
        // Two owners who demote each other at once must not both succeed: the owners' rows are locked first.
        let owners = lock_owners(&mut tx).await?;
        let Some(mut user) = find_user(&mut tx, id).await? else {
            return Ok(None);
        };
        user.role = role.unwrap_or(user.role);
        user.break_glass = break_glass.unwrap_or(user.break_glass);
        user.disabled_at = match disabled {
            Some(true) => user.disabled_at.or_else(|| Some(self.now())),
            Some(false) => None,
            None => user.disabled_at,
        };
        let stays_owner = user.role == Role::Owner && user.disabled_at.is_none();
        if owners == [id] && !stays_owner {
            return Err(ChangeUserError::LastOwner);
        }
        update_user(&mut tx, &user).await?;
        if user.disabled_at.is_some() {
            super::sessions::delete_sessions(&mut tx, id, None).await?;
        }
        let invites = |permission| user.disabled_at.is_none() && user.role.may(permission);
        if !invites(Permission::ManageOwners) {
            let now = self.now();
            withdraw_all(&mut tx, id, !invites(Permission::ManagePeople), now).await?;
        }
        self.commit(tx).await?;
        Ok(Some(user))
    }

    /// Sets the language somebody chose.
    pub async fn set_locale(&self, id: UserId, locale: Option<Locale>) -> Result<(), StoreError> {
        const SQL: &str = "update users set locale = $2 where id = $1";
        let mut tx = self.begin().await?;
        on_db!(tx.db(), |c| {
            let query = sqlx::query(SQL).bind(id.0).bind(locale.map(Locale::tag));
            query.execute(c).await.map(drop)
        })?;
        self.commit(tx).await
    }

    /// Replaces the hash of somebody's password.
    pub async fn set_password(&self, id: UserId, password: &PasswordHash) -> Result<(), StoreError> {
        const SQL: &str = "update users set password_hash = $2 where id = $1";
        let mut tx = self.begin().await?;
        on_db!(tx.db(), |c| {
            let query = sqlx::query(SQL).bind(id.0).bind(&password.0);
            query.execute(c).await.map(drop)
        })?;
        self.commit(tx).await
    }
}

pub(crate) async fn find_user(session: &mut impl Session, id: UserId) -> Result<Option<User>, StoreError> {
    const SQL: &str = "select id, email, name, role, locale, created_at, disabled_at, break_glass \
                       from users where id = $1";
    let row: Option<UserRow> = on_db!(session.db(), |c| sqlx::query_as(SQL).bind(id.0).fetch_optional(c).await)?;
    row.map(UserRow::user).transpose()
}

/// Inserts an account; after `EmailTaken` the transaction is good for nothing but a rollback.
pub(super) async fn insert_user(store: &Store, tx: &mut Tx, new: NewUser, role: Role) -> Result<User, CreateUserError> {
    const SQL: &str = "insert into users \
                       (id, email, email_key, name, role, password_hash, created_at) \
                       values ($1, $2, $3, $4, $5, $6, $7)";
    let user = User {
        id: UserId(store.inner.clock.new_uuid()),
        email: plain(new.email.trim())?.to_owned(),
        name: plain(new.name.trim())?.to_owned(),
        role,
        locale: None,
        created_at: store.now(),
        disabled_at: None,
        break_glass: false,
    };
    let role = word(&role)?;
    let inserted: Result<(), sqlx::Error> = on_db!(tx.db(), |c| {
        let query = sqlx::query(SQL)
            .bind(user.id.0)
            .bind(&user.email)
            .bind(email_key(&user.email))
            .bind(&user.name)
            .bind(role)
            .bind(new.password.0)
            .bind(user.created_at);
        query.execute(c).await.map(drop)
    });
    match inserted {
        Ok(()) => Ok(user),
        Err(error) if is_unique_violation(&error) => Err(CreateUserError::EmailTaken),
        Err(error) => Err(StoreError::from(error).into()),
    }
}

async fn update_user(tx: &mut Tx, user: &User) -> Result<(), StoreError> {
    const SQL: &str = "update users set role = $2, disabled_at = $3, break_glass = $4 where id = $1";
    let role = word(&user.role)?;
    on_db!(tx.db(), |c| {
        let query = sqlx::query(SQL).bind(user.id.0).bind(role).bind(user.disabled_at).bind(user.break_glass);
        query.execute(c).await.map(drop)
    })?;
    Ok(())
}

async fn lock_owners(tx: &mut Tx) -> Result<Vec<UserId>, StoreError> {
    let db = tx.db();
    let sql = LOCK_OWNERS.of(&db);
    let ids: Vec<Uuid> = on_db!(db, |c| sqlx::query_scalar(sql).fetch_all(c).await)?;
    Ok(ids.into_iter().map(UserId).collect())
}
