//! The home page's data.

use axum::extract::State;
use farol_api::room::HomeView;
use farol_store::RunbookOrder;

use crate::app::App;
use crate::auth::caller::Caller;
use crate::http::body::Json;
use crate::problem::ApiError;

/// Returns what the home page shows.
pub async fn show(State(app): State<App>, caller: Caller) -> Result<Json<HomeView>, ApiError> {
    let store = &app.store;
    Ok(Json(HomeView {
        open: store.open_incidents(caller.user.id).await?,
        recent: store.recent_incidents(caller.user.id, 5).await?,
        runbooks: usize::try_from(store.count_runbooks().await?).unwrap_or(usize::MAX),
        targets: store.targets().await?.len(),
        suggested: store.runbooks(RunbookOrder::Newest, 5).await?,
        now: app.clock.now(),
    }))
}
