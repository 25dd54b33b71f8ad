//! Hashing events as they are appended, and those that were appended before there were hashes.

use std::collections::{BTreeSet, HashMap};

use chacha20poly1305::aead::OsRng;
use chacha20poly1305::aead::rand_core::RngCore;
use farol_api::clock::Timestamp;
use farol_api::event::Event;
use farol_api::id::IncidentId;
use farol_record::{Entry, Hash, SALT_LEN, Salt, Tree, Written};
use serde_json::Value;
use sqlx::FromRow;

use super::Recorded;
use crate::StoreError;
use crate::dialect::{LOCK_INCIDENT, LOCK_INCIDENTS};
use crate::pool::{Db, Session, Tx, on_db};

/// How many events are hashed or checked at a time.
const PAGE: i64 = 500;

/// An event's row as it is, read or not: what somebody wrote over it belongs to what is proved or disproved.
#[derive(FromRow)]
struct Row {
    seq: i64,
    occurred_at: Timestamp,
    recorded_at: Timestamp,
    actor: String,
    kind: String,
    leaf: Option<Vec<u8>>,
    salt: Option<Vec<u8>>,
    late: bool,
    digest: Option<Vec<u8>>,
}

impl Row {
    fn written(&self, incident: IncidentId, late: bool) -> Written {
        Written {
            incident,
            seq: self.seq,
            occurred_at: self.occurred_at,
            recorded_at: self.recorded_at,
            actor: json(&self.actor),
            kind: json(&self.kind),
            late,
        }
    }

    fn recorded(self, incident: IncidentId) -> Recorded {
        let written = self.written(incident, self.late);
        let entry = match (&self.salt, &self.digest) {
            (None, Some(digest)) => Entry::erased(&written, Hash::from_bytes(bytes(Some(digest)))),
            (salt, _) => Entry::of(written, bytes(salt.as_deref())),
        };
        Recorded { entry, leaf: Hash::from_bytes(bytes(self.leaf.as_deref())) }
    }
}

/// What is no JSON any more is shown as the text that it is.
fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}

/// Missing bytes count as zeros, which no hash and no salt is.
fn bytes(stored: Option<&[u8]>) -> [u8; 32] {
    stored.and_then(|bytes| bytes.try_into().ok()).unwrap_or_default()
}

fn fresh_salt() -> Salt {
    let mut salt = [0; SALT_LEN];
    OsRng.fill_bytes(&mut salt);
    salt
}

/// Hashes an event on its way in, with a fresh salt.
pub(crate) fn leaf(event: &Event) -> Result<(Hash, Salt), StoreError> {
    let value = |value: Result<Value, serde_json::Error>| value.map_err(|e| StoreError::corrupt("an event", e));
    let written = Written {
        incident: event.incident_id,
        seq: event.seq,
        occurred_at: event.occurred_at,
        recorded_at: event.recorded_at,
        actor: value(serde_json::to_value(&event.actor))?,
        kind: value(serde_json::to_value(&event.kind))?,
        late: false,
    };
    let salt = fresh_salt();
    Ok((Entry::hash_of(&written, &salt), salt))
}

/// The row of an incident that is locked.
#[derive(FromRow)]
pub(crate) struct TreeRow {
    id: i64,
    last_seq: i64,
    hashed_size: i64,
    peaks: Option<Vec<u8>>,
}

impl TreeRow {
    /// Whether a program that knew of no hashes has appended to it.
    pub(crate) const fn is_behind(&self) -> bool {
        self.hashed_size < self.last_seq
    }
}

/// Locks incidents until the transaction ends, in the order of their numbers; those that there are.
pub(crate) async fn lock_rows(
    tx: &mut Tx,
    incidents: &BTreeSet<IncidentId>,
) -> Result<HashMap<IncidentId, TreeRow>, StoreError> {
    let ids: Vec<i64> = incidents.iter().map(|id| id.0).collect();
    let rows: Vec<TreeRow> = match (tx.db(), ids.as_slice()) {
        (_, []) => Vec::new(),
        (db, [id]) => {
            let sql = LOCK_INCIDENT.of(&db);
            on_db!(db, |c| sqlx::query_as(sql).bind(*id).fetch_all(c).await)?
        }
        (Db::Postgres(c), ids) => sqlx::query_as(LOCK_INCIDENTS.postgres).bind(ids).fetch_all(c).await?,
        (db, ids) => {
            let list = crate::codec::to_json(&ids)?;
            on_db!(db, |c| sqlx::query_as(LOCK_INCIDENTS.sqlite).bind(list).fetch_all(c).await)?
        }
    };
    Ok(rows.into_iter().map(|row| (IncidentId(row.id), row)).collect())
}

/// Returns the last number and the tree of a locked incident, after hashing what was not hashed.
pub(crate) async fn tree_of(tx: &mut Tx, row: TreeRow) -> Result<(i64, Tree), StoreError> {
    let is_behind = row.is_behind();
    let TreeRow { id, last_seq: last, hashed_size, peaks } = row;
    let corrupt = || StoreError::corrupt("incidents.peaks", format!("of incident {id}"));
    let tree = u64::try_from(hashed_size).ok().and_then(|size| Tree::from_peaks(size, &peaks.unwrap_or_default()));
    let mut tree = tree.ok_or_else(corrupt)?;
    if is_behind {
        hash_late(tx, IncidentId(id), &mut tree).await?;
    }
    if tree.size().cast_signed() == last { Ok((last, tree)) } else { Err(corrupt()) }
}

/// Locks one incident and returns its last number and its tree; nothing where there is no such incident.
pub(super) async fn lock_tree(tx: &mut Tx, incident: IncidentId) -> Result<Option<(i64, Tree)>, StoreError> {
    match lock_rows(tx, &BTreeSet::from([incident])).await?.remove(&incident) {
        Some(row) => tree_of(tx, row).await.map(Some),
        None => Ok(None),
    }
}

/// Hashes the events that were appended by a program that knew of no hashes, and says so in each leaf.
async fn hash_late(tx: &mut Tx, incident: IncidentId, tree: &mut Tree) -> Result<(), StoreError> {
    const EVENT: &str = "update events set leaf = $3, salt = $4, late = $5 where incident_id = $1 and seq = $2";
    const INCIDENT: &str = "update incidents set peaks = $2, hashed_size = $3 where id = $1";
    loop {
        let rows = rows(tx, incident, tree.size().cast_signed(), i64::MAX, PAGE).await?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            let salt = fresh_salt();
            let leaf = Entry::hash_of(&row.written(incident, true), &salt);
            on_db!(tx.db(), |c| {
                let query = sqlx::query(EVENT)
                    .bind(incident.0)
                    .bind(row.seq)
                    .bind(leaf.as_bytes().as_slice())
                    .bind(salt.as_slice())
                    .bind(true);
                query.execute(c).await.map(drop)
            })?;
            tree.append(leaf);
            if row.seq != tree.size().cast_signed() {
                return Err(StoreError::corrupt("events", format!("incident {incident} lacks one before {}", row.seq)));
            }
        }
    }
    let (peaks, size) = (tree.peaks(), tree.size().cast_signed());
    on_db!(tx.db(), |c| {
        let query = sqlx::query(INCIDENT).bind(incident.0).bind(peaks).bind(size);
        query.execute(c).await.map(drop)
    })?;
    Ok(())
}

/// Puts what is left in the place of an entry's payload: the salt goes, and the digest stays. Where that was done it changes
/// nothing.
pub(crate) async fn erase_payload(tx: &mut Tx, incident: IncidentId, seq: i64, left: &str) -> Result<(), StoreError> {
    const SQL: &str = "update events set kind = $3, digest = $4, salt = null where incident_id = $1 and seq = $2 and salt is not null";
    let Some(row) = rows(tx, incident, seq - 1, seq, 1).await?.pop() else { return Ok(()) };
    let Some(salt) = &row.salt else { return Ok(()) };
    let digest = Entry::of(row.written(incident, row.late), bytes(Some(salt))).leaf.digest;
    on_db!(tx.db(), |c| {
        let query = sqlx::query(SQL).bind(incident.0).bind(seq).bind(left).bind(digest.as_bytes().as_slice());
        query.execute(c).await.map(drop)
    })?;
    Ok(())
}

/// Reads at most `limit` entries after a number and up to another.
pub(super) async fn recorded(
    session: &mut impl Session,
    incident: IncidentId,
    after: i64,
    up_to: i64,
    limit: i64,
) -> Result<Vec<Recorded>, StoreError> {
    let rows = rows(session, incident, after, up_to, limit).await?;
    Ok(rows.into_iter().map(|row| row.recorded(incident)).collect())
}

/// Tells whether the entries after a tree are what was hashed, and make it the other one.
pub(super) async fn grew(
    session: &mut impl Session,
    incident: IncidentId,
    mut tree: Tree,
    into: &Tree,
) -> Result<bool, StoreError> {
    loop {
        let after = tree.size().cast_signed();
        let entries = recorded(session, incident, after, into.size().cast_signed(), PAGE).await?;
        if entries.is_empty() {
            return Ok(tree == *into);
        }
        for Recorded { entry, leaf } in &entries {
            let follows = entry.leaf.seq == tree.size().cast_signed() + 1;
            if !follows || entry.hash() != *leaf {
                return Ok(false);
            }
            tree.append(*leaf);
        }
    }
}

async fn rows(
    session: &mut impl Session,
    incident: IncidentId,
    after: i64,
    up_to: i64,
    limit: i64,
) -> Result<Vec<Row>, StoreError> {
    const SQL: &str = "select seq, occurred_at, recorded_at, actor, kind, leaf, salt, late, digest from events \
                       where incident_id = $1 and seq > $2 and seq <= $3 order by seq limit $4";
    let rows = on_db!(session.db(), |c| {
        let query = sqlx::query_as(SQL).bind(incident.0).bind(after).bind(up_to).bind(limit);
        query.fetch_all(c).await
    })?;
    Ok(rows)
}
