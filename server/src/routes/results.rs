//! The rows that a step returned, as files to keep.
//!
//! A result that was shown whole is written from its stored output. A longer one stands in a file of the server that ran
//! the attempt; its digest in the record is that of the CSV file as it is downloaded.

use std::borrow::Cow;
use std::io;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use farol_api::id::{AttemptId, IncidentId};
use farol_api::output::OutputContent;
use farol_engine::csv::{Records, write_record};
use farol_engine::result_file;
use futures::{Stream, StreamExt};
use tokio::fs::File;
use tokio_util::io::ReaderStream;

use crate::app::App;
use crate::http::body::Path;
use crate::problem::ApiError;

/// How many chunks are read from the store at a time.
const PAGE: u32 = 200;
/// How much of a file is read at a time, in bytes.
const PIECE: usize = 64 << 10;

/// Returns the rows as CSV: names of the columns first, NULL as nothing, the empty text as `""`.
pub async fn csv(
    State(app): State<App>,
    Path((id, attempt)): Path<(IncidentId, AttemptId)>,
) -> Result<Response, ApiError> {
    let rows = rows(&app, id, attempt).await?;
    Ok(download(attempt, "csv", "text/csv; charset=utf-8; header=present", Body::from_stream(rows)))
}

/// Returns the rows as NDJSON: an object a line, texts in the database's own words, NULL as `null`.
pub async fn ndjson(
    State(app): State<App>,
    Path((id, attempt)): Path<(IncidentId, AttemptId)>,
) -> Result<Response, ApiError> {
    let rows = rows(&app, id, attempt).await?;
    let mut lines = Lines::default();
    let body = Body::from_stream(rows.map(move |piece| piece.map(|piece| lines.push(&piece))));
    Ok(download(attempt, "ndjson", "application/x-ndjson", body))
}

fn download(attempt: AttemptId, ending: &str, kind: &'static str, body: Body) -> Response {
    // An id is hexadecimal digits and dashes, so it cannot leave the quotes.
    let name = format!("attachment; filename=\"{attempt}.{ending}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], body).into_response()
}

type Pieces = std::pin::Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

async fn rows(app: &App, id: IncidentId, attempt: AttemptId) -> Result<Pieces, ApiError> {
    let state = app.store.state(id).await?.ok_or(ApiError::NotFound("incident"))?;
    let known = state.attempts.get(&attempt).ok_or(ApiError::NotFound("attempt"))?;
    if let Some(erasure) = state.erasure_of(attempt) {
        return Err(ApiError::Erased(Box::new(erasure.clone())));
    }
    let result = known.result.as_ref().ok_or(ApiError::NotFound("result"))?;
    if result.full.is_none() {
        // Half a result is not handed out as if it were the whole.
        if result.truncated {
            return Err(ApiError::ResultGone);
        }
        let rows = stored(app, attempt).await;
        // Nor is what was left of one that was erased meanwhile.
        let now = app.store.state(id).await?.ok_or(ApiError::NotFound("incident"))?;
        if let Some(erasure) = now.erasure_of(attempt) {
            return Err(ApiError::Erased(Box::new(erasure.clone())));
        }
        return Ok(Box::pin(futures::stream::iter([Ok(rows?)])));
    }
    match File::open(result_file(&app.config.results(), attempt)).await {
        Ok(file) => Ok(Box::pin(ReaderStream::with_capacity(file, PIECE))),
        Err(_) => Err(ApiError::ResultGone),
    }
}

/// Writes the rows that are stored as output; a result that was not cut is small.
async fn stored(app: &App, attempt: AttemptId) -> Result<Bytes, ApiError> {
    let mut text = Vec::new();
    let mut after = 0;
    loop {
        let page = app.store.attempt_output(attempt, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.seq;
        for chunk in &page {
            match &chunk.content {
                // A file holds one result, the first of those of a statement.
                OutputContent::Columns { .. } if !text.is_empty() => return Ok(text.into()),
                OutputContent::Columns { columns } => {
                    write_record(&mut text, columns.iter().map(|column| Some(Cow::Borrowed(column.name.as_str()))));
                }
                OutputContent::Rows { rows } => {
                    for row in rows {
                        write_record(&mut text, row.iter().map(|cell| cell.as_deref().map(Cow::Borrowed)));
                    }
                }
                _ => {}
            }
        }
    }
    if text.is_empty() { Err(ApiError::NotFound("result")) } else { Ok(text.into()) }
}

/// Turns CSV into a JSON object a line.
#[derive(Default)]
struct Lines {
    records: Records,
    /// The names of the columns as JSON, each with its colon; empty before the first record.
    names: Vec<String>,
}

impl Lines {
    fn push(&mut self, piece: &[u8]) -> Bytes {
        let mut out = Vec::with_capacity(piece.len() * 2);
        let names = &mut self.names;
        self.records.push(piece, |record| {
            if names.is_empty() {
                *names = keys(record);
                return;
            }
            let mut before = b'{';
            for (name, cell) in names.iter().zip(record) {
                out.push(before);
                before = b',';
                out.extend_from_slice(name.as_bytes());
                // Writing JSON into memory cannot fail.
                let _ = serde_json::to_writer(&mut out, cell);
            }
            out.extend_from_slice(b"}\n");
        });
        out.into()
    }
}

/// Makes the keys of a line: names may repeat in a result, keys may not.
fn keys(names: &[Option<String>]) -> Vec<String> {
    let mut taken: Vec<String> = Vec::new();
    for name in names {
        let name = name.as_deref().unwrap_or_default();
        let more = (2..).map(|number| format!("{name}_{number}"));
        let key = std::iter::once(name.to_owned()).chain(more).find(|key| !taken.contains(key));
        taken.extend(key);
    }
    taken.into_iter().map(|key| format!("{}:", serde_json::Value::from(key))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_an_object_whose_keys_differ() {
        let mut lines = Lines::default();
        let mut out = lines.push(b"a,b,a,a_2\n1,,\"\",\"x\"\"y").to_vec();
        out.extend_from_slice(&lines.push(b"\nz\"\n"));
        assert_eq!(String::from_utf8(out).unwrap(), "{\"a\":\"1\",\"b\":null,\"a_2\":\"\",\"a_2_2\":\"x\\\"y\\nz\"}\n");
    }
}
