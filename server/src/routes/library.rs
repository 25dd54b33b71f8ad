//! The library: searching it, bringing runbooks into it, folders that are watched.

use std::collections::BTreeMap;
use std::path::Path as FilePath;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use farol_api::library::{FacetKind, Import, Imports, Library, Watch, WatchFolder};
use farol_api::text::Localized;
use farol_store::LibraryQuery;
use serde::Deserialize;

use crate::app::App;
use crate::auth::caller::Caller;
use crate::http::body::{Json, Path, Query};
use crate::library::import::Importer;
use crate::library::{names, report, upload, watch};
use crate::problem::ApiError;

/// Runbooks on a page.
const ROWS: u32 = 50;
/// Reports that the import page lists.
const REPORTS: u32 = 10;

/// What is looked for.
#[derive(Debug, Deserialize)]
pub struct Search {
    q: Option<String>,
    page: Option<u32>,
    #[serde(flatten)]
    others: BTreeMap<String, String>,
}

/// Finds runbooks; see the endpoint table for what they can be narrowed down by.
pub async fn search(State(app): State<App>, Query(search): Query<Search>) -> Result<Json<Library>, ApiError> {
    let facets = FacetKind::ALL
        .into_iter()
        .filter_map(|kind| Some((kind, search.others.get(kind.as_str())?.clone())))
        .filter_map(|(kind, value)| chosen(&value).map(|value| (kind, value)));
    let query = LibraryQuery { words: search.q, facets: facets.collect(), page: search.page.unwrap_or(1), rows: ROWS };
    Ok(Json(app.store.library(&query).await?))
}

/// An empty value is a field of a form that was left as it is; `-` means those that state none.
fn chosen(value: &str) -> Option<String> {
    match value {
        "" => None,
        "-" => Some(String::new()),
        value => Some(value.to_owned()),
    }
}

/// Returns the last imports and the folders that are watched.
pub async fn imports(State(app): State<App>) -> Result<Json<Imports>, ApiError> {
    let mut imports = app.store.reports(REPORTS).await?;
    imports.iter_mut().for_each(|import| report::cut(&mut import.report, 0));
    let roots = app.config.library_roots.iter().map(|root| root.display().to_string()).collect();
    let upload_bytes = app.config.import_bytes;
    Ok(Json(Imports { imports, watches: app.store.watches().await?, roots, upload_bytes }))
}

/// Returns one report.
pub async fn import(State(app): State<App>, Path(id): Path<i64>) -> Result<Json<Import>, ApiError> {
    Ok(Json(app.store.report(id).await?.ok_or(ApiError::NotFound("import"))?))
}

/// Imports what a form brought: files, a folder, an archive or a text.
pub async fn create(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<impl IntoResponse, ApiError> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let _turn = app.importing.lock().await;
    let parts = upload::parts(content_type, body).await?;
    let over_edits = parts.iter().any(|part| part.name == "over_edits" && !part.bytes.is_empty());
    let largest = app.config.runbook_bytes;
    let batch = tokio::task::spawn_blocking(move || upload::batch(parts, largest)).await;
    let batch = batch.map_err(anyhow::Error::from)??;
    let author = Some(caller.person());
    let importer =
        Importer { store: app.store.clone(), reader: app.reader.clone(), author: author.clone(), over_edits };
    let mut report = importer.run(batch).await?;
    report::cut(&mut report, report::LISTED);
    let id = app.store.keep_report(author.as_ref(), &report).await?;
    let kept = app.store.report(id).await?.ok_or(ApiError::NotFound("import"))?;
    Ok((StatusCode::CREATED, Json(kept)))
}

/// Has a folder of the server watched.
pub async fn watch(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<WatchFolder>,
) -> Result<impl IntoResponse, ApiError> {
    let path = FilePath::new(body.path.trim());
    let real = watch::allowed(&app, path).map_err(|why| ApiError::Invalid("path", why))?;
    // Two folders of one name are two sources: as one, each would put its files in the places of the other's.
    let others = app.store.watches().await?;
    let name = names::free_source(&real, |name| others.iter().any(|other| other.source == name));
    let real = real.to_str().ok_or_else(|| {
        let why = Localized::new("The folder's name is not UTF-8.", "O nome da pasta não é UTF-8.");
        ApiError::Invalid("path", why)
    })?;
    let added = app.store.add_watch(real, &name, &caller.person()).await?.ok_or_else(|| {
        let why = Localized::new("This folder is watched already.", "Esta pasta já é acompanhada.");
        ApiError::Invalid("path", why)
    })?;
    watch::look(&app, &added).await?;
    app.watching.changed();
    let found = app.store.watches().await?.into_iter().find(|watch| watch.id == added.id);
    Ok((StatusCode::CREATED, Json::<Watch>(found.unwrap_or(added))))
}

/// Looks at a watched folder at once.
pub async fn look(State(app): State<App>, Path(id): Path<i64>) -> Result<Json<Watch>, ApiError> {
    let find = || async { app.store.watches().await.map(|all| all.into_iter().find(|watch| watch.id == id)) };
    let found = find().await?.ok_or(ApiError::NotFound("folder"))?;
    watch::look(&app, &found).await?;
    Ok(Json(find().await?.ok_or(ApiError::NotFound("folder"))?))
}

/// Stops watching a folder; its runbooks stay.
pub async fn unwatch(State(app): State<App>, Path(id): Path<i64>) -> Result<StatusCode, ApiError> {
    let removed = app.store.remove_watch(id).await?;
    app.watching.changed();
    if removed { Ok(StatusCode::NO_CONTENT) } else { Err(ApiError::NotFound("folder")) }
}
