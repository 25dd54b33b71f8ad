//! Signing the trees of incidents.

use farol_api::id::IncidentId;
use farol_record::{Checkpoint, Note, SecretKey, Tree};
use sqlx::FromRow;

use super::{keys, leaves};
use crate::failpoint::failpoint;
use crate::pool::{Session, Tx, on_db};
use crate::{Store, StoreError};

/// How many incidents are named at once as unsigned.
const BATCH: i64 = 100;

/// Says that the entries of an incident are not those that were appended, so nothing is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the record of incident {0} was changed behind Farol's back; nothing of it is signed any more")]
pub struct BrokenRecord(pub IncidentId);

/// Why there is no checkpoint.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// The record was changed.
    #[error(transparent)]
    Broken(#[from] BrokenRecord),
    /// There is no such incident.
    #[error("no such incident")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(FromRow)]
struct LastRow {
    size: i64,
    note: String,
    peaks: Vec<u8>,
}

impl Store {
    /// Signs an incident's tree as it is now, and returns the signed note; the one that there is where nothing was appended
    /// since.
    ///
    /// What was appended since the last checkpoint is read and held against its hashes first: a tree that did not grow from
    /// what was signed is never signed, as far as its checkpoints still stand.
    pub async fn checkpoint(&self, incident: IncidentId) -> Result<String, CheckpointError> {
        let mut tx = self.begin().await?;
        let locked = match leaves::lock_tree(&mut tx, incident).await {
            // Events were taken away, or the counters written over.
            Err(StoreError::Corrupt { .. }) => return Err(BrokenRecord(incident).into()),
            locked => locked?,
        };
        let (last, tree) = locked.ok_or(CheckpointError::NotFound)?;
        let key = keys::current(self, &mut tx).await?;
        let before = newest(&mut tx, incident).await?;
        let origin = Checkpoint::origin(&keys::name(self, &mut tx).await?, incident);
        let old = match &before {
            None => Tree::default(),
            Some(row) => signed_tree(row, &origin, &key).ok_or(BrokenRecord(incident))?,
        };
        let now = Checkpoint::of(origin, &tree);
        if let Some(row) = before.filter(|row| row.size == last) {
            let same = old == tree;
            let by_key = Note::read(&row.note).is_ok_and(|note| note.is_signed_by(key.public()) == Some(true));
            if same && by_key {
                return Ok(row.note);
            }
        }
        if !leaves::grew(&mut tx, incident, old, &tree).await? {
            return Err(BrokenRecord(incident).into());
        }
        let note = now.sign(&key);
        self.keep(&mut tx, incident, &tree, &key, &note).await?;
        failpoint("a checkpoint that is not committed");
        self.commit(tx).await?;
        failpoint("a checkpoint that nobody has");
        Ok(note)
    }

    /// Returns all checkpoints of an incident, the smallest first.
    pub async fn checkpoints(&self, incident: IncidentId) -> Result<Vec<String>, StoreError> {
        const SQL: &str = "select note from checkpoints where incident_id = $1 order by size, signed_at, key";
        let mut reader = self.reader().await?;
        let notes = on_db!(reader.db(), |c| sqlx::query_scalar(SQL).bind(incident.0).fetch_all(c).await)?;
        Ok(notes)
    }

    /// Returns incidents, after one of them, with entries that no checkpoint covers: those that are over, and those where
    /// nothing happened for some time.
    pub async fn unsigned(
        &self,
        quiet: std::time::Duration,
        beyond: IncidentId,
    ) -> Result<Vec<IncidentId>, StoreError> {
        const SQL: &str = "select i.id from incidents i \
                           join events e on e.incident_id = i.id and e.seq = i.last_seq \
                           where i.last_seq > i.signed_size and i.id > $1 \
                           and (i.is_open <> $2 or e.recorded_at <= $3) order by i.id limit $4";
        let now = self.now();
        let quiet = chrono::Duration::from_std(quiet).ok();
        let before = quiet.and_then(|quiet| now.checked_sub_signed(quiet)).unwrap_or(now);
        let mut reader = self.reader().await?;
        let ids: Vec<i64> = on_db!(reader.db(), |c| {
            let query = sqlx::query_scalar(SQL).bind(beyond.0).bind(true).bind(before).bind(BATCH);
            query.fetch_all(c).await
        })?;
        Ok(ids.into_iter().map(IncidentId).collect())
    }

    /// Tells whether some incident has entries that no checkpoint covers.
    pub async fn has_unsigned(&self) -> Result<bool, StoreError> {
        const SQL: &str = "select id from incidents where last_seq > signed_size limit 1";
        let mut reader = self.reader().await?;
        let one: Option<i64> = on_db!(reader.db(), |c| sqlx::query_scalar(SQL).fetch_optional(c).await)?;
        Ok(one.is_some())
    }

    /// Returns the numbers of all incidents after one of them, at most 100.
    pub async fn incident_ids(&self, beyond: IncidentId) -> Result<Vec<IncidentId>, StoreError> {
        const SQL: &str = "select id from incidents where id > $1 order by id limit $2";
        let mut reader = self.reader().await?;
        let ids: Vec<i64> =
            on_db!(reader.db(), |c| sqlx::query_scalar(SQL).bind(beyond.0).bind(BATCH).fetch_all(c).await)?;
        Ok(ids.into_iter().map(IncidentId).collect())
    }

    async fn keep(
        &self,
        tx: &mut Tx,
        incident: IncidentId,
        tree: &Tree,
        key: &SecretKey,
        note: &str,
    ) -> Result<(), StoreError> {
        const INSERT: &str = "insert into checkpoints (incident_id, size, key, note, peaks, signed_at) \
                              values ($1, $2, $3, $4, $5, $6) on conflict do nothing";
        const COVERED: &str = "update incidents set signed_size = $2 where id = $1";
        let (size, label, now) = (tree.size().cast_signed(), key.public().label(), self.now());
        on_db!(tx.db(), |c| {
            let query =
                sqlx::query(INSERT).bind(incident.0).bind(size).bind(label).bind(note).bind(tree.peaks()).bind(now);
            query.execute(c).await.map(drop)
        })?;
        on_db!(tx.db(), |c| sqlx::query(COVERED).bind(incident.0).bind(size).execute(c).await.map(drop))?;
        Ok(())
    }
}

async fn newest(tx: &mut Tx, incident: IncidentId) -> Result<Option<LastRow>, StoreError> {
    const SQL: &str = "select size, note, peaks from checkpoints where incident_id = $1 \
                       order by size desc, signed_at desc, key limit 1";
    Ok(on_db!(tx.db(), |c| sqlx::query_as(SQL).bind(incident.0).fetch_optional(c).await)?)
}

/// The tree that a checkpoint was signed over; nothing where its row was changed since.
fn signed_tree(row: &LastRow, origin: &str, key: &SecretKey) -> Option<Tree> {
    let note = Note::read(&row.note).ok()?;
    let tree = Tree::from_peaks(u64::try_from(row.size).ok()?, &row.peaks)?;
    let is_forged = note.is_signed_by(key.public()) == Some(false);
    (!is_forged && Checkpoint::read(note.text()) == Some(Checkpoint::of(origin.to_owned(), &tree))).then_some(tree)
}
