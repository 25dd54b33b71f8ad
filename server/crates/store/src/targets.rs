//! Targets and their sealed credentials.

use farol_api::clock::Timestamp;
use farol_api::id::{IncidentId, TargetId};
use farol_api::request::{NewCredential, SaveTarget};
use farol_api::target::{CredentialRole, Target};
use secrecy::{ExposeSecret, SecretString};
use sqlx::FromRow;

use crate::codec::{count, from_json, from_word, open_text, parse, plain, to_json, word};
use crate::dialect::{FIND_TARGET, KEEP_TARGET, LOCK_TARGET};
use crate::live::Wake;
use crate::pool::{Session, Tx, on_db};
use crate::{Store, StoreError, Vault};

/// The longest a step runs where the target says nothing, in seconds.
const DEFAULT_TIMEOUT: u32 = 60;

/// Why a target was not deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteTargetError {
    /// Open incidents use it, or attempts on it are not over.
    #[error("the target is in use")]
    InUse {
        /// The incidents, lowest number first.
        incidents: Vec<IncidentId>,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(FromRow)]
struct TargetRow {
    id: String,
    description: String,
    environment: String,
    database_kind: Option<String>,
    shell: Option<String>,
    timeout_seconds: i64,
    approvals: Option<String>,
    version: i64,
    updated_at: Timestamp,
}

/// A target, and the sealed credential that was asked for.
type WithSealed = (Target, Option<Vec<u8>>);

/// A target beside one of its roles.
#[derive(FromRow)]
struct RoleRow {
    #[sqlx(flatten)]
    target: TargetRow,
    role: Option<String>,
    sealed: Option<Vec<u8>>,
}

impl TargetRow {
    fn target(self, credentials: Vec<CredentialRole>) -> Result<Target, StoreError> {
        let database = self.database_kind.as_deref();
        let shell = self.shell.as_deref();
        let approvals = self.approvals.as_deref().map(|json| from_json("targets.approvals", json)).transpose()?;
        Ok(Target {
            id: parse("targets.id", &self.id)?,
            description: self.description,
            environment: from_word("targets.environment", &self.environment)?,
            database: database.map(|kind| from_word("targets.database_kind", kind)).transpose()?,
            credentials,
            shell: shell.map(|shell| from_json("targets.shell", shell)).transpose()?,
            timeout_seconds: count("targets.timeout_seconds", self.timeout_seconds)?,
            approvals: approvals.unwrap_or_default(),
            version: self.version,
            updated_at: self.updated_at,
        })
    }
}

impl Store {
    /// Registers or changes a target. Its version grows unless nothing changes.
    ///
    /// Credentials given replace those of their role; roles that are absent, or whose URL is empty, keep what they have.
    pub async fn save_target(&self, id: &TargetId, target: &SaveTarget) -> Result<Target, StoreError> {
        plain(&target.description)?;
        let mut tx = self.begin().await?;
        lock_target(&mut tx, id).await?;
        let before = find_target(&mut tx, id).await?;
        let mut replaced = Vec::new();
        for credential in target.credentials.iter().filter(|c| !c.url.trim().is_empty()) {
            let old = read_credential(self, &mut tx, id, credential.role).await?;
            if old.is_none_or(|old| old.expose_secret() != credential.url.trim()) {
                replaced.push(credential);
            }
        }
        if let Some(before) = before.filter(|before| replaced.is_empty() && same(before, target)) {
            return Ok(before);
        }
        write_target(&mut tx, id, target, self.now()).await?;
        for credential in replaced {
            self.write_credential(&mut tx, id, credential).await?;
        }
        let saved = find_target(&mut tx, id).await?;
        let saved = saved.ok_or(StoreError::Inconsistent("a target just saved is gone"))?;
        tx.wake(Wake::Targets);
        self.commit(tx).await?;
        Ok(saved)
    }

    /// Takes a credential away; the version grows. Nothing where there is no such target.
    pub async fn remove_credential(&self, id: &TargetId, role: CredentialRole) -> Result<Option<Target>, StoreError> {
        const SQL: &str = "delete from target_credentials where target_id = $1 and role = $2";
        const GROW: &str = "update targets set version = version + 1, updated_at = $2 where id = $1";
        let now = self.now();
        let mut tx = self.begin().await?;
        lock_target(&mut tx, id).await?;
        let removed = on_db!(tx.db(), |c| {
            let query = sqlx::query(SQL).bind(id.as_str()).bind(role.as_str());
            query.execute(c).await.map(|done| done.rows_affected())
        })?;
        if removed > 0 {
            on_db!(tx.db(), |c| {
                let query = sqlx::query(GROW).bind(id.as_str()).bind(now);
                query.execute(c).await.map(drop)
            })?;
        }
        let target = find_target(&mut tx, id).await?;
        tx.wake(Wake::Targets);
        self.commit(tx).await?;
        Ok(target)
    }

    /// Finds a target.
    pub async fn target(&self, id: &TargetId) -> Result<Option<Target>, StoreError> {
        find_target(&mut self.snapshot().await?, id).await
    }

    /// Returns all targets, in order of names.
    pub async fn targets(&self) -> Result<Vec<Target>, StoreError> {
        const SQL: &str = "select id, description, environment, database_kind, shell, \
                           timeout_seconds, approvals, version, updated_at from targets order by id";
        let mut tx = self.snapshot().await?;
        let rows: Vec<TargetRow> = on_db!(tx.db(), |c| sqlx::query_as(SQL).fetch_all(c).await)?;
        let mut targets = Vec::with_capacity(rows.len());
        for row in rows {
            let roles = credential_roles(&mut tx, &row.id).await?;
            targets.push(row.target(roles)?);
        }
        Ok(targets)
    }

    /// Counts the targets.
    pub async fn count_targets(&self) -> Result<u64, StoreError> {
        const SQL: &str = "select count(*) from targets";
        let mut reader = self.reader().await?;
        let targets: i64 = on_db!(reader.db(), |c| sqlx::query_scalar(SQL).fetch_one(c).await)?;
        count("the number of targets", targets)
    }

    /// Deletes a target with its credentials; false where there is none. One that is made again with its name goes on
    /// counting its versions: what was approved for the one before fits none of them.
    pub async fn delete_target(&self, id: &TargetId) -> Result<bool, DeleteTargetError> {
        const REMEMBER: &str = "insert into deleted_targets (id, version) select id, version from targets where id = $1 \
                                on conflict (id) do update set version = excluded.version";
        const SQL: &str = "delete from targets where id = $1";
        let mut tx = self.begin().await?;
        lock_target(&mut tx, id).await?;
        let incidents = incidents_using(&mut tx, id).await?;
        if !incidents.is_empty() {
            return Err(DeleteTargetError::InUse { incidents });
        }
        let remembered = on_db!(tx.db(), |c| sqlx::query(REMEMBER).bind(id.as_str()).execute(c).await.map(drop));
        remembered.map_err(StoreError::from)?;
        let deleted: Result<u64, sqlx::Error> = on_db!(tx.db(), |c| {
            let query = sqlx::query(SQL).bind(id.as_str());
            query.execute(c).await.map(|done| done.rows_affected())
        });
        let deleted = deleted.map_err(StoreError::from)?;
        tx.wake(Wake::Targets);
        self.commit(tx).await?;
        Ok(deleted > 0)
    }

    /// Opens a target's connection URL of a role.
    pub async fn credential(&self, id: &TargetId, role: CredentialRole) -> Result<Option<SecretString>, StoreError> {
        read_credential(self, &mut self.reader().await?, id, role).await
    }

    async fn write_credential(&self, tx: &mut Tx, id: &TargetId, new: &NewCredential) -> Result<(), StoreError> {
        const SQL: &str = "insert into target_credentials (target_id, role, sealed) \
                           values ($1, $2, $3) \
                           on conflict (target_id, role) do update set sealed = excluded.sealed";
        let sealed = self.vault().seal(&purpose(id.as_str(), new.role.as_str()), new.url.trim().as_bytes());
        on_db!(tx.db(), |c| {
            let query = sqlx::query(SQL).bind(id.as_str()).bind(new.role.as_str()).bind(sealed);
            query.execute(c).await.map(drop)
        })?;
        Ok(())
    }
}

/// Finds a target with its roles, on a connection that may be within a transaction.
pub(crate) async fn find_target(session: &mut impl Session, id: &TargetId) -> Result<Option<Target>, StoreError> {
    let rows: Vec<RoleRow> =
        on_db!(session.db(), |c| sqlx::query_as(FIND_TARGET).bind(id.as_str()).bind("").fetch_all(c).await)?;
    Ok(with_roles(rows)?.map(|(target, _)| target))
}

/// The same with the credential of a role, sealed; the target stays as it is until the transaction ends.
pub(crate) async fn keep_target(
    tx: &mut Tx,
    id: &TargetId,
    role: CredentialRole,
) -> Result<Option<WithSealed>, StoreError> {
    let db = tx.db();
    let sql = KEEP_TARGET.of(&db);
    let rows: Vec<RoleRow> =
        on_db!(db, |c| sqlx::query_as(sql).bind(id.as_str()).bind(role.as_str()).fetch_all(c).await)?;
    with_roles(rows)
}

/// Opens a sealed credential.
pub(crate) fn open_credential(
    vault: &Vault,
    id: &TargetId,
    role: CredentialRole,
    sealed: &[u8],
) -> Result<SecretString, StoreError> {
    open_text(vault, &purpose(id.as_str(), role.as_str()), sealed)
}

/// Makes one target of its rows, with the one credential that was asked for, sealed.
fn with_roles(rows: Vec<RoleRow>) -> Result<Option<WithSealed>, StoreError> {
    let (mut found, mut sealed) = (None, None);
    let mut roles: Vec<CredentialRole> = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(role) = row.role {
            roles.push(from_word("target_credentials.role", &role)?);
        }
        sealed = sealed.or(row.sealed);
        found = Some(row.target);
    }
    roles.sort();
    found.map(|target: TargetRow| Ok((target.target(roles)?, sealed))).transpose()
}

pub(crate) async fn read_credential(
    store: &Store,
    session: &mut impl Session,
    id: &TargetId,
    role: CredentialRole,
) -> Result<Option<SecretString>, StoreError> {
    const SQL: &str = "select sealed from target_credentials where target_id = $1 and role = $2";
    let sealed: Option<Vec<u8>> = on_db!(session.db(), |c| {
        let query = sqlx::query_scalar(SQL).bind(id.as_str()).bind(role.as_str());
        query.fetch_optional(c).await
    })?;
    sealed.map(|sealed| open_credential(store.vault(), id, role, &sealed)).transpose()
}

/// Returns what the credential of a role is sealed for.
pub(crate) fn purpose(target: &str, role: &str) -> String {
    format!("target_credentials/{target}/{role}")
}

async fn credential_roles(session: &mut impl Session, id: &str) -> Result<Vec<CredentialRole>, StoreError> {
    const SQL: &str = "select role from target_credentials where target_id = $1";
    let words: Vec<String> = on_db!(session.db(), |c| sqlx::query_scalar(SQL).bind(id).fetch_all(c).await)?;
    let roles = words.iter().map(|role| from_word("target_credentials.role", role));
    let mut roles = roles.collect::<Result<Vec<CredentialRole>, _>>()?;
    roles.sort();
    Ok(roles)
}

async fn write_target(tx: &mut Tx, id: &TargetId, target: &SaveTarget, now: Timestamp) -> Result<(), StoreError> {
    const SQL: &str = "insert into targets (id, description, environment, database_kind, shell, \
                       timeout_seconds, approvals, version, updated_at) values ($1, $2, $3, $4, $5, $6, $8, \
                       coalesce((select version from deleted_targets where id = $1), 0) + 1, $7) \
                       on conflict (id) do update set description = excluded.description, \
                       environment = excluded.environment, database_kind = excluded.database_kind, \
                       shell = excluded.shell, timeout_seconds = excluded.timeout_seconds, \
                       approvals = excluded.approvals, version = targets.version + 1, updated_at = excluded.updated_at";
    let environment = word(&target.environment)?;
    let database = target.database.as_ref().map(word).transpose()?;
    let shell = target.shell.as_ref().map(to_json).transpose()?;
    let approvals = Some(target.approvals).filter(|least| !least.is_none()).as_ref().map(to_json).transpose()?;
    let timeout = i64::from(target.timeout_seconds.unwrap_or(DEFAULT_TIMEOUT));
    on_db!(tx.db(), |c| {
        let query = sqlx::query(SQL)
            .bind(id.as_str())
            .bind(&target.description)
            .bind(environment)
            .bind(database)
            .bind(shell)
            .bind(timeout)
            .bind(now)
            .bind(approvals);
        query.execute(c).await.map(drop)
    })?;
    Ok(())
}

/// Tells whether saving would change no column.
fn same(before: &Target, after: &SaveTarget) -> bool {
    before.description == after.description
        && before.environment == after.environment
        && before.database == after.database
        && before.shell == after.shell
        && before.approvals == after.approvals
        && before.timeout_seconds == after.timeout_seconds.unwrap_or(DEFAULT_TIMEOUT)
}

async fn lock_target(tx: &mut Tx, id: &TargetId) -> Result<(), StoreError> {
    let db = tx.db();
    let sql = LOCK_TARGET.of(&db);
    let _: Option<i64> = on_db!(db, |c| sqlx::query_scalar(sql).bind(id.as_str()).fetch_optional(c).await)?;
    Ok(())
}

async fn incidents_using(tx: &mut Tx, id: &TargetId) -> Result<Vec<IncidentId>, StoreError> {
    const SQL: &str = "select id from incidents where is_open and target_id = $1 \
                       union select incident_id from attempts \
                       where target_id = $1 and state <> 'finished' order by 1";
    let ids: Vec<i64> = on_db!(tx.db(), |c| sqlx::query_scalar(SQL).bind(id.as_str()).fetch_all(c).await)?;
    Ok(ids.into_iter().map(IncidentId).collect())
}
