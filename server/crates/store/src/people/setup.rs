//! The first owner, and the one-time token that makes them.

use farol_api::user::{Role, User};
use secrecy::SecretString;

use super::users::insert_user;
use super::{CreateUserError, NewUser};
use crate::codec::secret_hash;
use crate::pool::{Session, Tx, on_db};
use crate::{Store, StoreError};

/// The fact that holds the token's hash.
const TOKEN: &str = "setup_token";
/// The fact that says that somebody was first; its primary key lets only one be.
const FIRST: &str = "first_owner";

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
        any_user(&mut self.reader().await?).await
    }

    /// Keeps the SHA-256 of a set-up token; a token from before is worth nothing any more.
    pub async fn set_setup_token(&self, token: &SecretString) -> Result<(), SetUpError> {
        const SQL: &str = "insert into store_facts (key, value) values ($1, $2) \
                           on conflict (key) do update set value = excluded.value";
        let mut tx = self.begin().await?;
        if any_user(&mut tx).await? {
            return Err(SetUpError::AlreadySetUp);
        }
        let kept: Result<(), sqlx::Error> = on_db!(tx.db(), |c| {
            let query = sqlx::query(SQL).bind(TOKEN).bind(secret_hash(token));
            query.execute(c).await.map(drop)
        });
        kept.map_err(StoreError::from)?;
        Ok(self.commit(tx).await?)
    }

    /// Makes the first owner with the set-up token, which is used up.
    pub async fn set_up(&self, token: &SecretString, owner: NewUser) -> Result<User, SetUpError> {
        const TAKE: &str = "delete from store_facts where key = $1 and value = $2";
        let mut tx = self.begin().await?;
        if any_user(&mut tx).await? {
            return Err(SetUpError::AlreadySetUp);
        }
        let taken: Result<u64, sqlx::Error> = on_db!(tx.db(), |c| {
            let query = sqlx::query(TAKE).bind(TOKEN).bind(secret_hash(token));
            query.execute(c).await.map(|done| done.rows_affected())
        });
        if taken.map_err(StoreError::from)? == 0 {
            return Err(SetUpError::WrongToken);
        }
        self.first_owner(tx, owner).await
    }

    /// Makes the first owner without a token, for the command line and demo data.
    pub async fn create_first_owner(&self, owner: NewUser) -> Result<User, SetUpError> {
        let tx = self.begin().await?;
        self.first_owner(tx, owner).await
    }

    async fn first_owner(&self, mut tx: Tx, owner: NewUser) -> Result<User, SetUpError> {
        const CLAIM: &str = "insert into store_facts (key, value) values ($1, 'yes') \
                             on conflict (key) do nothing";
        const FORGET: &str = "delete from store_facts where key = $1";
        let first: Result<u64, sqlx::Error> = on_db!(tx.db(), |c| {
            let query = sqlx::query(CLAIM).bind(FIRST);
            query.execute(c).await.map(|done| done.rows_affected())
        });
        if first.map_err(StoreError::from)? == 0 || any_user(&mut tx).await? {
            return Err(SetUpError::AlreadySetUp);
        }
        let user = match insert_user(self, &mut tx, owner, Role::Owner).await {
            Ok(user) => user,
            Err(CreateUserError::EmailTaken) => return Err(SetUpError::AlreadySetUp),
            Err(CreateUserError::Store(error)) => return Err(error.into()),
        };
        let forgotten: Result<(), sqlx::Error> =
            on_db!(tx.db(), |c| sqlx::query(FORGET).bind(TOKEN).execute(c).await.map(drop));
        forgotten.map_err(StoreError::from)?;
        self.commit(tx).await?;
        Ok(user)
    }
}

async fn any_user(session: &mut impl Session) -> Result<bool, StoreError> {
    const SQL: &str = "select count(*) from users";
    let users: i64 = on_db!(session.db(), |c| sqlx::query_scalar(SQL).fetch_one(c).await)?;
    Ok(users > 0)
}
