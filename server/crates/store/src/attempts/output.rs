//! Storing output.

use farol_api::clock::Timestamp;
use farol_api::digest::Digest;
use farol_api::id::AttemptId;
use farol_api::output::{OutputChunk, OutputContent};
use farol_record::OutputHasher;
use sqlx::FromRow;
use uuid::Uuid;

use super::{Claim, LeaseError};
use crate::codec::{from_json, number, to_json};
use crate::failpoint::failpoint;
use crate::incidents::{ForRows, pieces};
use crate::live::Wake;
use crate::pool::{Session, Tx, on_db};
use crate::writer::{Batch, Job, Place};
use crate::{Store, StoreError};

/// How many chunks are read at a time for their digest.
const PAGE: i64 = 200;

/// A chunk's row.
#[derive(FromRow)]
pub(crate) struct ChunkRow {
    attempt_id: Uuid,
    seq: i64,
    at: Timestamp,
    content: String,
}

impl ChunkRow {
    pub(crate) fn chunk(self) -> Result<OutputChunk, StoreError> {
        Ok(OutputChunk {
            attempt: AttemptId(self.attempt_id),
            seq: self.seq,
            at: self.at,
            content: from_json("output_chunks.content", &self.content)?,
        })
    }
}

/// Returns the SHA-256 of an attempt's output: of each chunk's content as JSON, in order, each followed by a newline;
/// nothing without output.
pub fn output_digest<'c>(contents: impl IntoIterator<Item = &'c OutputContent>) -> Option<Digest> {
    let mut hasher = OutputHasher::default();
    for content in contents {
        hasher.add(&serde_json::to_string(content).unwrap_or_default());
    }
    hasher.finish().map(Digest::from)
}

impl Store {
    /// Stores output of a dispatched attempt, numbered on in its incident.
    pub async fn append_output(
        &self,
        claim: &Claim,
        contents: Vec<OutputContent>,
    ) -> Result<Vec<OutputChunk>, LeaseError> {
        if contents.is_empty() {
            return Ok(Vec::new());
        }
        self.submit(Place::Locked(claim.spec.incident), Append { claim: claim.clone(), contents }).await
    }
}

struct Append {
    claim: Claim,
    contents: Vec<OutputContent>,
}

impl Job for Append {
    type Done = Vec<OutputChunk>;
    type Error = LeaseError;

    async fn run(self, batch: &mut Batch) -> Result<Self::Done, LeaseError> {
        hold_running(batch.write().await?, &self.claim).await?;
        write_output(batch, &self.claim, self.contents).await
    }
}

/// Writes output down, numbered on in its incident.
pub(super) async fn write_output(
    batch: &mut Batch,
    claim: &Claim,
    contents: Vec<OutputContent>,
) -> Result<Vec<OutputChunk>, LeaseError> {
    let at = batch.store.now();
    let tx = batch.write().await?;
    let first = reserve(tx, claim, contents.len()).await?;
    let numbered = (first..).zip(contents);
    let chunks: Vec<OutputChunk> =
        numbered.map(|(seq, content)| OutputChunk { attempt: claim.attempt(), seq, at, content }).collect();
    for piece in pieces(&chunks) {
        insert_chunks(tx, claim, piece).await?;
    }
    tx.wake(Wake::Output(claim.spec.incident));
    failpoint("output that is not committed");
    Ok(chunks)
}

/// Takes numbers for chunks in an incident that is locked; returns the first.
async fn reserve(tx: &mut Tx, claim: &Claim, chunks: usize) -> Result<i64, LeaseError> {
    const SQL: &str = "update incidents set last_output_seq = last_output_seq + $2 \
                       where id = $1 returning last_output_seq";
    let chunks = number(chunks);
    let last: Result<Option<i64>, sqlx::Error> = on_db!(tx.db(), |c| {
        let query = sqlx::query_scalar(SQL).bind(claim.spec.incident.0).bind(chunks);
        query.fetch_optional(c).await
    });
    let last = last.map_err(StoreError::from)?.ok_or(LeaseError::Lost)?;
    Ok(last - chunks + 1)
}

/// Makes sure that a claim holds a dispatched attempt, and locks it: a sign of life, so it is running now.
pub(super) async fn hold_running(tx: &mut Tx, claim: &Claim) -> Result<(), LeaseError> {
    const SQL: &str = "update attempts set state = 'running' \
                       where id = $1 and worker = $2 and fencing_token = $3 \
                       and state in ('dispatching', 'running')";
    let held: Result<u64, sqlx::Error> = on_db!(tx.db(), |c| {
        let query = sqlx::query(SQL).bind(claim.attempt().0).bind(&claim.worker).bind(claim.fencing_token);
        query.execute(c).await.map(|done| done.rows_affected())
    });
    match held.map_err(StoreError::from)? {
        1 => Ok(()),
        _ => Err(LeaseError::Lost),
    }
}

async fn insert_chunks(tx: &mut Tx, claim: &Claim, chunks: &[OutputChunk]) -> Result<(), StoreError> {
    static INSERT: ForRows =
        ForRows::of("insert into output_chunks (incident_id, seq, attempt_id, at, content) values ", 5, "");
    let contents = chunks.iter().map(|chunk| to_json(&chunk.content)).collect::<Result<Vec<_>, _>>()?;
    let db = tx.db();
    let sql = INSERT.sql(&db, chunks.len());
    on_db!(db, |c| {
        let query = chunks.iter().zip(contents).fold(sqlx::query(sql), |query, (chunk, content)| {
            let query = query.bind(claim.spec.incident.0).bind(chunk.seq).bind(chunk.attempt.0);
            query.bind(chunk.at).bind(content)
        });
        query.execute(c).await.map(drop)
    })?;
    Ok(())
}

/// Computes [`output_digest`] over what is stored, page by page.
pub(super) async fn stored_digest(tx: &mut Tx, attempt: AttemptId) -> Result<Option<Digest>, StoreError> {
    const SQL: &str = "select seq, content from output_chunks \
                       where attempt_id = $1 and seq > $2 order by seq limit $3";
    let mut hasher = OutputHasher::default();
    let mut last = 0;
    loop {
        let page: Vec<(i64, String)> = on_db!(tx.db(), |c| {
            let query = sqlx::query_as(SQL).bind(attempt.0).bind(last).bind(PAGE);
            query.fetch_all(c).await
        })?;
        page.iter().for_each(|(_, content)| hasher.add(content));
        match page.last() {
            Some((seq, _)) if number(page.len()) == PAGE => last = *seq,
            _ => return Ok(hasher.finish().map(Digest::from)),
        }
    }
}
