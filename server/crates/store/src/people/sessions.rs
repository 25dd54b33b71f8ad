//! Login sessions.

use std::time::Duration;

use farol_api::clock::Timestamp;
use farol_api::id::{SessionId, UserId};
use farol_api::user::{Session, TokenScope, User};
use secrecy::SecretString;
use sqlx::FromRow;
use uuid::Uuid;

use super::users::UserRow;
use crate::codec::{after, from_word, secret_hash, word};
use crate::pool::{Session as Reads, Tx, on_db};
use crate::{Store, StoreError};

/// How often a session's last use is written down.
const TOUCH_EVERY: chrono::Duration = chrono::Duration::minutes(1);
/// The longest user agent kept, in characters.
const USER_AGENT_MAX: usize = 300;

/// A session to begin.
#[derive(Clone, Debug)]
pub struct NewSession<'a> {
    /// Whose it is.
    pub user: UserId,
    /// The cookie's secret: long and random. Only its SHA-256 is stored.
    pub secret: &'a SecretString,
    /// The browser, in its own words; of a token, its name.
    pub user_agent: &'a str,
    /// What a token may do; absent for a browser.
    pub scope: Option<TokenScope>,
    /// When it ends by itself.
    pub lifetime: Duration,
}

#[derive(FromRow)]
struct SessionRow {
    id: Uuid,
    user_id: Uuid,
    created_at: Timestamp,
    last_seen_at: Timestamp,
    expires_at: Timestamp,
    user_agent: String,
    scope: Option<String>,
}

/// A session with its person.
#[derive(FromRow)]
struct VisitorRow {
    session_id: Uuid,
    begun_at: Timestamp,
    last_seen_at: Timestamp,
    expires_at: Timestamp,
    user_agent: String,
    scope: Option<String>,
    #[sqlx(flatten)]
    user: UserRow,
}

impl VisitorRow {
    fn visitor(self) -> Result<(Session, User), StoreError> {
        let user = self.user.user()?;
        let session = Session {
            id: SessionId(self.session_id),
            user_id: user.id,
            created_at: self.begun_at,
            last_seen_at: self.last_seen_at,
            expires_at: self.expires_at,
            user_agent: self.user_agent,
            scope: self.scope.as_deref().map(scope).transpose()?,
            current: false,
        };
        Ok((session, user))
    }
}

impl SessionRow {
    fn session(self) -> Result<Session, StoreError> {
        Ok(Session {
            id: SessionId(self.id),
            user_id: UserId(self.user_id),
            created_at: self.created_at,
            last_seen_at: self.last_seen_at,
            expires_at: self.expires_at,
            user_agent: self.user_agent,
            scope: self.scope.as_deref().map(scope).transpose()?,
            current: false,
        })
    }
}

fn scope(word: &str) -> Result<TokenScope, StoreError> {
    from_word("sessions.scope", word)
}

impl Store {
    /// Begins a session.
    pub async fn create_session(&self, new: NewSession<'_>) -> Result<Session, StoreError> {
        const SQL: &str = "insert into sessions (id, user_id, secret_hash, user_agent, created_at, \
                           last_seen_at, expires_at, scope) values ($1, $2, $3, $4, $5, $5, $6, $7)";
        let now = self.now();
        let printable = new.user_agent.chars().filter(|c| !c.is_control());
        let session = Session {
            id: SessionId(self.inner.clock.new_uuid()),
            user_id: new.user,
            created_at: now,
            last_seen_at: now,
            expires_at: after(now, new.lifetime),
            user_agent: printable.take(USER_AGENT_MAX).collect(),
            scope: new.scope,
            current: false,
        };
        let scope = session.scope.as_ref().map(word).transpose()?;
        let mut tx = self.begin().await?;
        on_db!(tx.db(), |c| {
            let query = sqlx::query(SQL)
                .bind(session.id.0)
                .bind(session.user_id.0)
                .bind(secret_hash(new.secret))
                .bind(&session.user_agent)
                .bind(now)
                .bind(session.expires_at)
                .bind(&scope);
            query.execute(c).await.map(drop)
        })?;
        delete_expired(&mut tx, now).await?;
        self.commit(tx).await?;
        Ok(session)
    }

    /// Finds the session of a secret with its person; nothing where it ended or the account is closed.
    pub async fn session_by_secret(&self, secret: &SecretString) -> Result<Option<(Session, User)>, StoreError> {
        const SQL: &str = "select s.id as session_id, s.created_at as begun_at, s.last_seen_at, s.expires_at, \
                           s.user_agent, s.scope, u.id, u.email, u.name, u.role, u.locale, u.created_at, u.disabled_at, u.break_glass \
                           from sessions s join users u on u.id = s.user_id \
                           where s.secret_hash = $1 and s.expires_at > $2 and u.disabled_at is null";
        let now = self.now();
        let mut reader = self.reader().await?;
        let row: Option<VisitorRow> = on_db!(reader.db(), |c| {
            let query = sqlx::query_as(SQL).bind(secret_hash(secret)).bind(now);
            query.fetch_optional(c).await
        })?;
        row.map(VisitorRow::visitor).transpose()
    }

    /// Notes that a session is used, at most once a minute; younger notes cost no query.
    pub async fn touch_session(&self, session: &Session) -> Result<(), StoreError> {
        const SQL: &str = "update sessions set last_seen_at = $2 where id = $1 and last_seen_at < $2";
        let now = self.now();
        let due = now - TOUCH_EVERY;
        if session.last_seen_at > due {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        on_db!(tx.db(), |c| {
            let query = sqlx::query(SQL).bind(session.id.0).bind(now);
            query.execute(c).await.map(drop)
        })?;
        self.commit(tx).await
    }

    /// Returns somebody's sessions that have not ended, the last used first.
    pub async fn sessions(&self, user: UserId) -> Result<Vec<Session>, StoreError> {
        const SQL: &str = "select id, user_id, created_at, last_seen_at, expires_at, user_agent, scope \
                           from sessions where user_id = $1 and expires_at > $2 \
                           order by last_seen_at desc, id";
        let mut reader = self.reader().await?;
        let now = self.now();
        let rows: Vec<SessionRow> =
            on_db!(reader.db(), |c| sqlx::query_as(SQL).bind(user.0).bind(now).fetch_all(c).await)?;
        rows.into_iter().map(SessionRow::session).collect()
    }

    /// Ends one of somebody's sessions; false where they have no such session.
    pub async fn revoke_session(&self, user: UserId, id: SessionId) -> Result<bool, StoreError> {
        const SQL: &str = "delete from sessions where user_id = $1 and id = $2";
        let mut tx = self.begin().await?;
        let ended = on_db!(tx.db(), |c| {
            let query = sqlx::query(SQL).bind(user.0).bind(id.0);
            query.execute(c).await.map(|done| done.rows_affected())
        })?;
        self.commit(tx).await?;
        Ok(ended > 0)
    }

    /// Ends all of somebody's sessions but one, if one is named. Returns how many.
    pub async fn revoke_sessions(&self, user: UserId, except: Option<SessionId>) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let ended = delete_sessions(&mut tx, user, except).await?;
        self.commit(tx).await?;
        Ok(ended)
    }
}

/// Tells whether somebody has this token and it has not ended. Where only its name was written down, any of that name will do.
pub(crate) async fn has_token(
    reads: &mut impl Reads,
    user: UserId,
    name: &str,
    token: Option<SessionId>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    const NAMED: &str = "select exists (select 1 from sessions where user_id = $1 and user_agent = $2 \
                         and scope is not null and expires_at > $3)";
    const KNOWN: &str = "select exists (select 1 from sessions where user_id = $1 and id = $2 \
                         and scope is not null and expires_at > $3)";
    let found: bool = on_db!(reads.db(), |c| {
        let query = match token {
            Some(token) => sqlx::query_scalar(KNOWN).bind(user.0).bind(token.0),
            None => sqlx::query_scalar(NAMED).bind(user.0).bind(name),
        };
        query.bind(now).fetch_one(c).await
    })?;
    Ok(found)
}

pub(super) async fn delete_sessions(tx: &mut Tx, user: UserId, except: Option<SessionId>) -> Result<u64, StoreError> {
    const SQL: &str = "delete from sessions where user_id = $1 and id <> $2";
    // No session has the nil id.
    let except = except.map_or(Uuid::nil(), |id| id.0);
    let ended = on_db!(tx.db(), |c| {
        let query = sqlx::query(SQL).bind(user.0).bind(except);
        query.execute(c).await.map(|done| done.rows_affected())
    })?;
    Ok(ended)
}

/// Sessions that ended by themselves go when the next one begins.
async fn delete_expired(tx: &mut Tx, now: Timestamp) -> Result<(), StoreError> {
    const SQL: &str = "delete from sessions where expires_at <= $1";
    on_db!(tx.db(), |c| sqlx::query(SQL).bind(now).execute(c).await.map(drop))?;
    Ok(())
}
