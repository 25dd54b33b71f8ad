//! What authors may write beside the text of a runbook, for the editor to complete.

use axum::extract::State;
use farol_api::runbook::{Takes, Vocabulary, VocabularyKey};
use farol_api::text::Localized;
use farol_runbook::attributes::{KeyDoc, ValueKind, catalogue, front_matter};

use crate::app::App;
use crate::http::body::Json;
use crate::problem::ApiError;

/// Labels of fences, the commonest first.
const LANGUAGES: [&str; 12] =
    ["bash", "sql", "sh", "console", "text", "yaml", "json", "ini", "powershell", "promql", "http", "log"];

/// Returns the keys of fences and of front matter with what they take, and the names of targets.
pub async fn show(State(app): State<App>) -> Result<Json<Vocabulary>, ApiError> {
    let targets = app.store.targets().await?.into_iter().map(|target| target.id.to_string()).collect();
    Ok(Json(Vocabulary {
        languages: LANGUAGES.map(str::to_owned).into(),
        attributes: catalogue().iter().map(key).collect(),
        front_matter: front_matter().iter().map(key).collect(),
        targets,
    }))
}

fn key(doc: &KeyDoc) -> VocabularyKey {
    let (takes, values) = match (doc.name, doc.value) {
        ("needs" | "on_failure", _) => (Takes::Step, &[][..]),
        (_, ValueKind::Target) | ("targets", _) => (Takes::Target, &[][..]),
        (_, ValueKind::OneOf(values)) => (Takes::OneOf, values),
        _ => (Takes::Text, &[][..]),
    };
    VocabularyKey {
        key: doc.name.to_owned(),
        about: Localized::new(doc.en, doc.pt),
        takes,
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    }
}
