//! What the functions of Postgres targets promise, as they were last asked.
//!
//! A step that calls a function which is no built-in is of unknown class, unless its target says that the function changes
//! nothing (`pg_proc.provolatile`).

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use farol_api::id::TargetId;
use farol_api::risk::{Dialect, RiskVerdict};
use farol_api::target::{CredentialRole, DatabaseKind, Target};
use farol_engine::secret::SecretUrl;
use farol_engine::sql::target_functions;
use farol_risk::TargetFunctions;
use secrecy::ExposeSecret;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use crate::app::App;
use crate::problem::ApiError;

/// How long an answer is believed before it is asked for anew.
const FRESH: Duration = Duration::from_secs(600);
/// The pause after a target that did not answer.
const AGAIN: Duration = Duration::from_secs(60);
/// How long whoever asks first waits. Later ones get what is known, and it is asked beside them.
const PATIENCE: Duration = Duration::from_secs(3);

/// The functions of all targets.
#[derive(Debug, Default)]
pub struct Functions(std::sync::Mutex<HashMap<TargetId, Arc<Mutex<Option<Known>>>>>);

/// What one target said, or did not say.
#[derive(Clone, Debug)]
struct Known {
    version: i64,
    until: Instant,
    functions: Arc<TargetFunctions>,
}

/// Classifies texts as the targets that they are for would have them, in their order.
pub async fn classify(app: &App, texts: Vec<(&Target, Dialect, String)>) -> Result<Vec<RiskVerdict>, ApiError> {
    let mut asked = Vec::with_capacity(texts.len());
    for (target, dialect, text) in texts {
        let functions =
            if dialect == Dialect::Postgres { of(app, target).await } else { Arc::new(TargetFunctions::default()) };
        asked.push((dialect, text, functions));
    }
    app.reader.classify_all_on(asked).await
}

/// Returns the functions of a target; none where it has not said.
async fn of(app: &App, target: &Target) -> Arc<TargetFunctions> {
    if target.database != Some(DatabaseKind::Postgres) || !target.credentials.contains(&CredentialRole::ReadOnly) {
        return Arc::default();
    }
    let place = {
        let mut places = app.functions.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(places.entry(target.id.clone()).or_default())
    };
    let (id, version) = (target.id.clone(), target.version);
    let mut known = place.lock().await;
    if let Some(known) = known.as_ref().filter(|known| known.version == version) {
        if Instant::now() >= known.until {
            tokio::spawn(refresh(app.clone(), id, version, Arc::clone(&place)));
        }
        return Arc::clone(&known.functions);
    }
    let functions = ask(app, &id).await;
    let told = Known::of(version, functions, None);
    *known = Some(told.clone());
    told.functions
}

/// Asks again, beside those who use what is known.
async fn refresh(app: App, id: TargetId, version: i64, place: Arc<Mutex<Option<Known>>>) {
    // Only the first of several asks; the others find the pause that it leaves here.
    {
        let mut known = place.lock().await;
        match known.as_mut().filter(|known| known.version == version && Instant::now() >= known.until) {
            Some(known) => known.until = Instant::now() + AGAIN,
            None => return,
        }
    }
    let functions = ask(&app, &id).await;
    let mut known = place.lock().await;
    if let Some(before) = known.clone().filter(|known| known.version == version) {
        *known = Some(Known::of(version, functions, Some(before.functions)));
    }
}

impl Known {
    fn of(version: i64, functions: Option<TargetFunctions>, before: Option<Arc<TargetFunctions>>) -> Self {
        let pause = if functions.is_some() { FRESH } else { AGAIN };
        let functions = functions.map(Arc::new).or(before).unwrap_or_default();
        Self { version, until: Instant::now() + pause, functions }
    }
}

async fn ask(app: &App, id: &TargetId) -> Option<TargetFunctions> {
    let url = app.store.credential(id, CredentialRole::ReadOnly).await.ok()??;
    let url = SecretUrl::new(url.expose_secret());
    match timeout(PATIENCE, target_functions(&url)).await {
        Ok(Ok(functions)) => Some(functions),
        Ok(Err(failure)) => {
            tracing::info!(%id, reason = failure.message, "a target's functions are not known; what calls one is unknown");
            None
        }
        Err(_) => {
            tracing::info!(%id, "a target did not say in time what its functions promise; what calls one is unknown");
            None
        }
    }
}
