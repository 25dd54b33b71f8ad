//! The library: runbooks and their revisions.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use farol_api::id::{RevisionId, RunbookId};
use farol_api::request::{CreateRunbook, Revisions, RunbookSaved, SaveRunbook};
use farol_api::runbook::{Runbook, RunbookDetail, RunbookSummary};
use farol_api::text::Localized;
use farol_store::{LibraryQuery, NewRevision, RunbookOrder, StoredRevision};
use serde::Deserialize;

use crate::app::App;
use crate::auth::caller::Caller;
use crate::http::body::{Json, Path, Query};
use crate::library::{Links, facts, links_of};
use crate::problem::ApiError;
use crate::reading;

/// The most runbooks that a list holds.
const MOST: u32 = 500;

/// What is searched for.
#[derive(Debug, Deserialize)]
pub struct Search {
    q: Option<String>,
}

/// Returns the runbooks that hold the words, whatever their accents; all of them where there are none.
pub async fn list(State(app): State<App>, Query(search): Query<Search>) -> Result<Json<Vec<RunbookSummary>>, ApiError> {
    if search.q.as_deref().is_none_or(|words| words.trim().is_empty()) {
        return Ok(Json(app.store.runbooks(RunbookOrder::Title, MOST).await?));
    }
    let query = LibraryQuery { words: search.q, page: 1, rows: MOST, ..LibraryQuery::default() };
    Ok(Json(app.store.library(&query).await?.runbooks.into_iter().map(|row| row.runbook).collect()))
}

/// Creates a runbook.
pub async fn create(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<CreateRunbook>,
) -> Result<impl IntoResponse, ApiError> {
    let source = checked(&app, body.source)?;
    let reading = app.reader.read_next(&app.store, source.clone(), None).await?;
    let id = match body.id {
        Some(id) => id,
        None => slug(&reading.title)?,
    };
    let note = body.note.unwrap_or_default();
    let saved = save(&app, Some(&caller), id.clone(), None, &source, &reading, note).await?;
    Ok((StatusCode::CREATED, Json(saved)))
}

/// Saves a new revision.
pub async fn update(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<RunbookId>,
    Json(body): Json<SaveRunbook>,
) -> Result<Json<RunbookSaved>, ApiError> {
    let source = checked(&app, body.source)?;
    let newest = app.store.newest_revision(&id).await?.ok_or(ApiError::NotFound("runbook"))?;
    let source = match &body.base {
        Some(base) if body.line_ends_of_base => {
            let base = app.store.revision(&id, base).await?.ok_or(ApiError::NotFound("revision"))?;
            farol_runbook::keep_line_ends(&String::from_utf8_lossy(&base.source), &source)
        }
        _ => source,
    };
    let reading = app.reader.read_next(&app.store, source.clone(), Some(&newest)).await?;
    let base = Some(body.base.unwrap_or(newest.summary.id));
    Ok(Json(save(&app, Some(&caller), id, base, &source, &reading, body.note.unwrap_or_default()).await?))
}

/// Returns the newest revision.
pub async fn show(State(app): State<App>, Path(id): Path<RunbookId>) -> Result<Json<RunbookDetail>, ApiError> {
    let revision = app.store.newest_revision(&id).await?.ok_or(ApiError::NotFound("runbook"))?;
    detail(&app, revision).await
}

/// Returns one revision.
pub async fn show_revision(
    State(app): State<App>,
    Path((id, revision)): Path<(RunbookId, RevisionId)>,
) -> Result<Json<RunbookDetail>, ApiError> {
    let revision = app.store.revision(&id, &revision).await?.ok_or(ApiError::NotFound("revision"))?;
    detail(&app, revision).await
}

/// Returns all revisions of a runbook.
pub async fn revisions(State(app): State<App>, Path(id): Path<RunbookId>) -> Result<Json<Revisions>, ApiError> {
    let summary = app.store.runbook(&id).await?.ok_or(ApiError::NotFound("runbook"))?;
    let revisions = app.store.revisions(&id).await?;
    Ok(Json(Revisions { id, title: summary.title, revisions }))
}

/// Stores a revision with what was read from it.
pub async fn save(
    app: &App,
    caller: Option<&Caller>,
    id: RunbookId,
    base: Option<RevisionId>,
    source: &str,
    reading: &Runbook,
    note: String,
) -> Result<RunbookSaved, ApiError> {
    let new = NewRevision {
        runbook: id.clone(),
        base,
        source: source.as_bytes(),
        facts: facts(reading, source),
        reading,
        reader: &app.reader.version(),
        author: caller.map(Caller::person),
        note: note.trim().chars().take(500).collect(),
    };
    let saved = app.store.save_revision(new).await?;
    Ok(RunbookSaved { id, revision: saved.revision.id, created: saved.created })
}

async fn detail(app: &App, stored: StoredRevision) -> Result<Json<RunbookDetail>, ApiError> {
    let runbook = app.reader.reading(&app.store, &stored.summary.id, &stored.source).await?;
    let runbook = reading::on(runbook, app.clock.now().date_naive());
    let source = String::from_utf8_lossy(&stored.source).into_owned();
    let links = links_of(&app.store, &stored.runbook, &runbook).await?;
    let editors = app.store.editors(&stored.summary.id).await?;
    Ok(Json(RunbookDetail {
        id: stored.runbook,
        revision: stored.summary,
        newest: stored.newest,
        editors,
        html: html(source.clone(), links).await?,
        source,
        runbook,
    }))
}

pub(super) async fn html(source: String, links: Links) -> Result<String, ApiError> {
    let linked = move || farol_runbook::to_html_with(&source, |link| links.get(link).cloned());
    let html = tokio::task::spawn_blocking(linked).await;
    Ok(html.map_err(anyhow::Error::from)?)
}

pub(super) fn checked(app: &App, source: String) -> Result<String, ApiError> {
    if source.len() > app.config.runbook_bytes {
        return Err(ApiError::TooLarge);
    }
    if source.trim().is_empty() {
        let message = Localized::new("A runbook cannot be empty.", "Um runbook não pode ser vazio.");
        return Err(ApiError::Invalid("source", message));
    }
    if source.contains('\0') {
        let message =
            Localized::new("This is no text: it holds NUL characters.", "Isto não é texto: contém caracteres NUL.");
        return Err(ApiError::Invalid("source", message));
    }
    Ok(source)
}

/// Makes an id from a title.
fn slug(title: &str) -> Result<RunbookId, ApiError> {
    farol_runbook::slug(title).parse().map_err(|_| {
        let message = Localized::new(
            "The text has no title to make an id from: begin it with `# Title`, or fill the id.",
            "O texto não tem título do qual fazer um id: comece com `# Título`, ou preencha o id.",
        );
        ApiError::Invalid("id", message)
    })
}
