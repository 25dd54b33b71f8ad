//! An incident's record, exported so that others can verify it.

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use farol_api::id::IncidentId;
use farol_api::text::Localized;
use farol_record::bundle::{self, Counts};
use farol_record::{Checkpoint, Note, proof};
use farol_store::{CheckpointError, RecordHead, Store, StoreError};
use futures::stream;
use serde::Deserialize;

use crate::app::App;
use crate::http::body::{Path, Query};
use crate::problem::ApiError;

/// How many rows are read and sent at a time.
const PAGE: u32 = 200;
/// How often an export is begun anew because something happened between its checkpoint and its first line.
const TRIES: usize = 5;

/// Returns the bundle of an incident, line by line, signed as it is now.
pub async fn show(State(app): State<App>, Path(id): Path<IncidentId>) -> Result<Response, ApiError> {
    let (notes, head) = begin(&app.store, id).await?;
    let export = Export { store: app.store.clone(), id, head, notes, counts: Counts::default(), part: Part::Head };
    // A page that cannot be read breaks the download off, and a bundle without its last line is seen to be cut.
    let lines = stream::try_unfold(export, Export::next);
    let name = format!("attachment; filename=\"INC-{id}.record.ndjson\"");
    let about = [(header::CONTENT_TYPE, bundle::MEDIA_TYPE.to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((about, Body::from_stream(lines)).into_response())
}

/// The size of a checkpoint that somebody has.
#[derive(Debug, Deserialize)]
pub struct Known {
    old: Option<u64>,
}

/// Returns the newest checkpoint: a signed note, to be kept where this server cannot reach it.
///
/// Whoever names the size of the one they have gets the proof too that this one grew from it, in the form in which
/// witnesses of transparency logs take it (C2SP `tlog-witness`).
pub async fn checkpoint(
    State(app): State<App>,
    Path(id): Path<IncidentId>,
    Query(Known { old }): Query<Known>,
) -> Result<Response, ApiError> {
    let note = app.store.checkpoint(id).await?;
    let text = match old {
        None => note,
        Some(old) => {
            let leaves = app.store.leaf_hashes(id, size(&note).unwrap_or(0).cast_signed()).await?;
            let path = usize::try_from(old).ok().and_then(|old| proof::consistency(&leaves, old));
            let path = path.ok_or_else(|| ApiError::Invalid("old", fewer(leaves.len())))?;
            let path: String = path.iter().map(|hash| format!("{}\n", hash.to_base64())).collect();
            format!("old {old}\n{path}\n{note}")
        }
    };
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}

fn size(note: &str) -> Option<u64> {
    Note::read(note).ok().and_then(|note| Checkpoint::read(note.text())).map(|checkpoint| checkpoint.size)
}

fn fewer(entries: usize) -> Localized {
    Localized::new(format!("The record has {entries} entries."), format!("O registro tem {entries} entradas."))
}

/// Signs the record and reads what it has then. The checkpoints are read first, so that none covers more than is sent,
/// unless entries were taken away.
async fn begin(store: &Store, id: IncidentId) -> Result<(Vec<String>, RecordHead), ApiError> {
    let mut tries = 1;
    loop {
        let signed = match store.checkpoint(id).await {
            Ok(note) => size(&note),
            // The bundle of a record that was changed is what shows the change.
            Err(CheckpointError::Broken(_)) => None,
            Err(error) => return Err(error.into()),
        };
        let notes = store.checkpoints(id).await?;
        let head = store.record_head(id).await?.ok_or(ApiError::NotFound("incident"))?;
        let is_whole = signed.is_none_or(|size| size.cast_signed() == head.last_seq);
        if is_whole || tries == TRIES {
            return Ok((notes, head));
        }
        tries += 1;
    }
}

struct Export {
    store: Store,
    id: IncidentId,
    head: RecordHead,
    notes: Vec<String>,
    counts: Counts,
    part: Part,
}

/// What comes next: each after the last number that was sent.
enum Part {
    Head,
    Entries(i64),
    Outputs(i64),
    Ended,
}

impl Export {
    async fn next(mut self) -> Result<Option<(String, Self)>, StoreError> {
        let text = match self.part {
            Part::Head => self.header(),
            Part::Entries(after) => self.entries(after).await?,
            Part::Outputs(after) => self.outputs(after).await?,
            Part::Ended => return Ok(None),
        };
        Ok(Some((text, self)))
    }

    fn header(&mut self) -> String {
        self.part = Part::Entries(0);
        self.counts.checkpoints = self.notes.len() as u64;
        let mut text = bundle::header(self.id, &self.head.origin);
        text.extend(self.notes.iter().map(|note| bundle::checkpoint(note)));
        text
    }

    async fn entries(&mut self, after: i64) -> Result<String, StoreError> {
        let page = self.store.recorded(self.id, after, self.head.last_seq, PAGE).await?;
        let Some(last) = page.last() else { return self.outputs(0).await };
        self.part = Part::Entries(last.entry.leaf.seq);
        self.counts.entries += page.len() as u64;
        Ok(page.iter().map(|recorded| bundle::entry(&recorded.entry, recorded.leaf)).collect())
    }

    async fn outputs(&mut self, after: i64) -> Result<String, StoreError> {
        let page = self.store.recorded_output(self.id, after, self.head.last_output_seq, PAGE).await?;
        let Some(last) = page.last() else {
            // What is erased while it is read lacks here, and so does the entry that says so: no file that looks whole.
            let state = self.store.state(self.id).await?;
            if state.is_some_and(|state| state.erasures.iter().any(|erasure| erasure.seq > self.head.last_seq)) {
                return Err(StoreError::Inconsistent("an erasure while a record was exported"));
            }
            self.part = Part::Ended;
            return Ok(bundle::end(self.counts));
        };
        self.part = Part::Outputs(last.seq);
        self.counts.outputs += page.len() as u64;
        Ok(page.iter().map(|chunk| bundle::output(chunk.attempt, &chunk.content)).collect())
    }
}
