//! The part of the endpoint table that is about attempts.

use axum::http::Method;
use axum::routing::{get, post};
use farol_api::approval::{AttemptRequest, PendingApproval};
use farol_api::dry_run::DryRunView;
use farol_api::hold::AttemptView;
use farol_api::incident::{BreakGlassOf, BreakGlassView};
use farol_api::output::OutputChunk;
use farol_api::request as wire;
use farol_api::user::Permission;

use crate::http::endpoint::{Endpoint, Guard};
use crate::routes::{approvals, attempts, break_glass, dry_runs, holds, results};

/// Asking, approving, stopping, and what came out.
#[expect(clippy::too_many_lines, reason = "a table: one entry an endpoint")]
pub(super) fn endpoints() -> Vec<Endpoint> {
    use Guard::May;
    let (read, respond, approve) = (May(Permission::Read), May(Permission::Respond), May(Permission::Approve));
    vec![
        Endpoint::new(
            Method::GET,
            "/api/incidents/{id}/steps/{step}/attempts",
            read,
            "Exactly what would run",
            get(attempts::preview),
        )
        .query(&["way", "hold"])
        .answers::<AttemptRequest>(200),
        Endpoint::new(
            Method::POST,
            "/api/incidents/{id}/steps/{step}/attempts",
            respond,
            "Ask to run a step",
            post(attempts::create),
        )
        .takes::<wire::StartAttempt>()
        .answers::<wire::AttemptStarted>(202),
        Endpoint::new(
            Method::GET,
            "/api/incidents/{id}/steps/{step}/dry-run",
            read,
            "What can be asked about a step before it runs, and what was answered",
            get(dry_runs::show),
        )
        .answers::<DryRunView>(200),
        Endpoint::new(
            Method::GET,
            "/api/break-glass",
            read,
            "Break-glass that nobody has reviewed",
            get(break_glass::unreviewed),
        )
        .answers::<Vec<BreakGlassView>>(200),
        Endpoint::new(
            Method::GET,
            "/api/incidents/{id}/break-glass",
            read,
            "Every time that the glass was broken in an incident",
            get(break_glass::list),
        )
        .answers::<BreakGlassOf>(200),
        Endpoint::new(
            Method::POST,
            "/api/incidents/{id}/break-glass",
            May(Permission::BreakGlass),
            "Run one's own steps without other people's approval for a while, for all to see",
            post(break_glass::create),
        )
        .takes::<wire::StartBreakGlass>()
        .answers::<wire::Events>(200),
        Endpoint::new(
            Method::POST,
            "/api/incidents/{id}/break-glass/{number}/end",
            respond,
            "End break-glass before its time",
            post(break_glass::end),
        )
        .answers::<wire::Events>(200),
        Endpoint::new(
            Method::POST,
            "/api/incidents/{id}/break-glass/{number}/review",
            approve,
            "Say what was found of what ran under break-glass",
            post(break_glass::review),
        )
        .takes::<wire::ReviewBreakGlass>()
        .answers::<wire::Events>(200),
        Endpoint::new(Method::GET, "/api/approvals", read, "What waits for approval", get(approvals::list))
            .answers::<Vec<PendingApproval>>(200),
        Endpoint::new(
            Method::POST,
            "/api/incidents/{id}/attempts/{attempt}/approval",
            approve,
            "Approve an attempt",
            post(attempts::approve),
        )
        .takes::<wire::Approve>()
        .answers::<wire::Events>(200),
        Endpoint::new(
            Method::POST,
            "/api/incidents/{id}/attempts/{attempt}/refusal",
            approve,
            "Refuse an attempt",
            post(attempts::refuse),
        )
        .takes::<wire::Refuse>()
        .answers::<wire::Events>(200),
        Endpoint::new(
            Method::POST,
            "/api/incidents/{id}/attempts/{attempt}/cancellation",
            respond,
            "Stop or withdraw an attempt",
            post(attempts::cancel),
        )
        .answers::<wire::Events>(200),
        Endpoint::new(
            Method::GET,
            "/api/incidents/{id}/attempts/{attempt}",
            read,
            "One attempt, with what is held of it and whether it can be undone",
            get(holds::show),
        )
        .answers::<AttemptView>(200),
        Endpoint::new(
            Method::POST,
            "/api/incidents/{id}/attempts/{attempt}/hold",
            respond,
            "Commit what is held, or roll it back; who asked for it decides, or the incident commander",
            post(holds::decide),
        )
        .takes::<wire::DecideHold>()
        .answers::<wire::Events>(200),
        Endpoint::new(
            Method::GET,
            "/api/incidents/{id}/attempts/{attempt}/undo",
            read,
            "Exactly what would undo an attempt",
            get(holds::preview_undo),
        )
        .answers::<AttemptRequest>(200),
        Endpoint::new(
            Method::POST,
            "/api/incidents/{id}/attempts/{attempt}/undo",
            respond,
            "Ask to undo an attempt",
            post(holds::undo),
        )
        .takes::<wire::StartAttempt>()
        .answers::<wire::AttemptStarted>(202),
        Endpoint::new(
            Method::GET,
            "/api/incidents/{id}/attempts/{attempt}/output",
            read,
            "What an attempt printed or returned",
            get(attempts::output),
        )
        .query(&["after"])
        .answers::<Vec<OutputChunk>>(200),
        Endpoint::new(
            Method::GET,
            "/api/incidents/{id}/attempts/{attempt}/result.csv",
            read,
            "The rows of an attempt as CSV: names first, NULL as nothing, the empty text as two quotes",
            get(results::csv),
        )
        .answers_with("text/csv"),
        Endpoint::new(
            Method::GET,
            "/api/incidents/{id}/attempts/{attempt}/result.ndjson",
            read,
            "The rows of an attempt as NDJSON: an object a line",
            get(results::ndjson),
        )
        .answers_with("application/x-ndjson"),
    ]
}
