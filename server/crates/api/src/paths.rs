//! The URL of each resource, in one place. `api_*` are of the API, the others are pages.

use crate::id::{AttemptId, IncidentId, InvitationId, RunbookId, SessionId, StepId, TargetId, UserId};

macro_rules! paths {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $type:ty),*) = $format:literal;)*) => {
        $($(#[$doc])* pub fn $name($($arg: $type),*) -> String { format!($format) })*
    };
}

/// Prefix that a plain form posts to: `/form` and an API path; answered with 303.
pub const FORM_PREFIX: &str = "/form";

paths! {
    /// The home page.
    home() = "/";
    /// The first owner's page.
    setup() = "/setup";
    /// The login page.
    login() = "/login";
    /// The page of an invitation.
    invitation(secret: &str) = "/invitations/{secret}";
    /// The library.
    runbooks() = "/runbooks";
    /// The page of a new runbook.
    new_runbook() = "/runbooks/new";
    /// The page that imports runbooks.
    imports() = "/library/imports";
    /// What an import did.
    import(id: i64) = "/library/imports/{id}";
    /// A runbook.
    runbook(id: &RunbookId) = "/runbooks/{id}";
    /// A runbook's editor.
    edit_runbook(id: &RunbookId) = "/runbooks/{id}/edit";
    /// A runbook's revisions.
    revisions(id: &RunbookId) = "/runbooks/{id}/revisions";
    /// One revision of a runbook.
    revision(id: &RunbookId, revision: &str) = "/runbooks/{id}/revisions/{revision}";
    /// The picture of a revision's step graph.
    api_graph(id: &RunbookId, revision: &str) = "/api/runbooks/{id}/revisions/{revision}/graph.svg";
    /// The Markdown of a revision, byte for byte.
    api_source(id: &RunbookId, revision: &str) = "/api/runbooks/{id}/revisions/{revision}/source.md";
    /// The picture of an incident's step graph, with where each step stands.
    api_incident_graph(id: IncidentId) = "/api/incidents/{id}/graph.svg";
    /// All incidents.
    incidents() = "/incidents";
    /// The page that declares one.
    declare() = "/incidents/new";
    /// The incident room.
    incident(id: IncidentId) = "/incidents/{id}";
    /// One step in the incident room.
    incident_step(id: IncidentId, step: &StepId) = "/incidents/{id}?step={step}";
    /// What a step would do, asked before it runs.
    dry_run(id: IncidentId, step: &StepId) = "/incidents/{id}/steps/{step}/dry-run";
    /// One attempt: what is held of it, what it did, how it ended.
    attempt(id: IncidentId, attempt: AttemptId) = "/incidents/{id}/attempts/{attempt}";
    /// The post-incident page.
    after(id: IncidentId) = "/incidents/{id}/after";
    /// The post-mortem.
    postmortem(id: IncidentId) = "/incidents/{id}/postmortem";
    /// Making a token.
    api_tokens() = "/api/tokens";
    /// Approvals.
    approvals() = "/approvals";
    /// Breaking the glass in an incident.
    break_glass(id: IncidentId) = "/incidents/{id}/break-glass";
    /// Targets.
    targets() = "/targets";
    /// The page of a new target.
    new_target() = "/targets/new";
    /// One target.
    target(id: &TargetId) = "/targets/{id}";
    /// People.
    people() = "/people";
    /// One's own account.
    account() = "/account";

    /// GET: [`crate::request::SetUpState`]; POST [`crate::request::SetUp`].
    api_setup() = "/api/setup";
    /// POST [`crate::request::LogIn`] logs in, DELETE logs out.
    api_session() = "/api/session";
    /// GET: [`crate::request::Me`]; PATCH [`crate::request::ChangeMe`].
    api_me() = "/api/me";
    /// GET: one's own sessions.
    api_sessions() = "/api/sessions";
    /// DELETE revokes it.
    api_one_session(id: SessionId) = "/api/sessions/{id}";
    /// GET: [`crate::request::People`].
    api_people() = "/api/people";
    /// PATCH [`crate::request::ChangeUser`].
    api_person(id: UserId) = "/api/people/{id}";
    /// POST [`crate::request::Invite`].
    api_invitations() = "/api/invitations";
    /// POST: [`crate::request::Invited`], a link by which somebody chooses a new password.
    api_password_link(id: UserId) = "/api/people/{id}/password-link";
    /// GET: [`crate::request::InvitationView`] by its secret.
    api_invitation(secret: &str) = "/api/invitations/{secret}";
    /// POST [`crate::request::AcceptInvitation`].
    api_accept_invitation(secret: &str) = "/api/invitations/{secret}/acceptance";
    /// DELETE withdraws it, by its id.
    api_withdraw_invitation(id: InvitationId) = "/api/invitations/{id}";
    /// GET: [`crate::room::HomeView`].
    api_home() = "/api/home";
    /// GET: a list of [`crate::incident::IncidentSummary`]; POST [`crate::request::Declare`].
    api_incidents() = "/api/incidents";
    /// GET: [`crate::room::RoomView`].
    api_incident(id: IncidentId) = "/api/incidents/{id}";
    /// GET with `after` and `limit`: [`crate::request::Events`].
    api_events(id: IncidentId) = "/api/incidents/{id}/events";
    /// GET: server-sent [`crate::room::Frame`]s, continued after `Last-Event-ID`.
    api_stream(id: IncidentId) = "/api/incidents/{id}/stream";
    /// POST [`crate::request::ChangeSeverity`].
    api_severity(id: IncidentId) = "/api/incidents/{id}/severity";
    /// POST [`crate::request::ChangeStatus`].
    api_status(id: IncidentId) = "/api/incidents/{id}/status";
    /// POST [`crate::request::RecordMilestone`].
    api_milestones(id: IncidentId) = "/api/incidents/{id}/milestones";
    /// POST [`crate::request::RecordDataAge`].
    api_data_age(id: IncidentId) = "/api/incidents/{id}/data-age";
    /// POST [`crate::request::AssignRole`].
    api_roles(id: IncidentId) = "/api/incidents/{id}/roles";
    /// POST (empty) joins as a responder.
    api_responders(id: IncidentId) = "/api/incidents/{id}/responders";
    /// POST [`crate::request::SetParameter`].
    api_parameters(id: IncidentId) = "/api/incidents/{id}/parameters";
    /// POST [`crate::request::WriteNote`].
    api_notes(id: IncidentId) = "/api/incidents/{id}/notes";
    /// POST [`crate::request::Correct`].
    api_corrections(id: IncidentId) = "/api/incidents/{id}/corrections";
    /// POST [`crate::request::ChooseBranch`] at a decision.
    api_choice(id: IncidentId, step: &StepId) = "/api/incidents/{id}/steps/{step}/choice";
    /// POST [`crate::request::FinishStep`].
    api_done(id: IncidentId, step: &StepId) = "/api/incidents/{id}/steps/{step}/done";
    /// POST [`crate::request::StepReason`].
    api_failed(id: IncidentId, step: &StepId) = "/api/incidents/{id}/steps/{step}/failed";
    /// POST [`crate::request::StepReason`].
    api_skipped(id: IncidentId, step: &StepId) = "/api/incidents/{id}/steps/{step}/skipped";
    /// POST [`crate::request::ReopenStep`].
    api_reopened(id: IncidentId, step: &StepId) = "/api/incidents/{id}/steps/{step}/reopened";
    /// GET: [`crate::approval::AttemptRequest`] as it would be (the preview); POST [`crate::request::StartAttempt`].
    api_attempts(id: IncidentId, step: &StepId) = "/api/incidents/{id}/steps/{step}/attempts";
    /// GET: `DryRunView`.
    api_dry_run(id: IncidentId, step: &StepId) = "/api/incidents/{id}/steps/{step}/dry-run";
    /// POST [`crate::request::Approve`].
    api_approval(id: IncidentId, attempt: AttemptId) = "/api/incidents/{id}/attempts/{attempt}/approval";
    /// POST [`crate::request::Refuse`].
    api_refusal(id: IncidentId, attempt: AttemptId) = "/api/incidents/{id}/attempts/{attempt}/refusal";
    /// POST (empty) asks to stop it, or withdraws it while it waits.
    api_cancellation(id: IncidentId, attempt: AttemptId) = "/api/incidents/{id}/attempts/{attempt}/cancellation";
    /// GET: `AttemptView`.
    api_attempt(id: IncidentId, attempt: AttemptId) = "/api/incidents/{id}/attempts/{attempt}";
    /// POST [`crate::request::DecideHold`].
    api_hold(id: IncidentId, attempt: AttemptId) = "/api/incidents/{id}/attempts/{attempt}/hold";
    /// GET: what would undo it, as [`crate::approval::AttemptRequest`]; POST [`crate::request::StartAttempt`].
    api_undo(id: IncidentId, attempt: AttemptId) = "/api/incidents/{id}/attempts/{attempt}/undo";
    /// GET: a list of [`crate::output::OutputChunk`].
    api_output(id: IncidentId, attempt: AttemptId) = "/api/incidents/{id}/attempts/{attempt}/output";
    /// The rows of an attempt as a file: `csv` or `ndjson`.
    api_result(id: IncidentId, attempt: AttemptId, format: &str) = "/api/incidents/{id}/attempts/{attempt}/result.{format}";
    /// GET: [`crate::request::AfterView`].
    api_after(id: IncidentId) = "/api/incidents/{id}/after";
    /// POST [`crate::request::WriteSection`].
    api_sections(id: IncidentId) = "/api/incidents/{id}/postmortem/sections";
    /// POST [`crate::request::SetActionItem`].
    api_action_items(id: IncidentId) = "/api/incidents/{id}/postmortem/action-items";
    /// POST [`crate::request::MovePostmortem`].
    api_postmortem_state(id: IncidentId) = "/api/incidents/{id}/postmortem/state";
    /// GET: the post-mortem as Markdown, byte-stable.
    api_postmortem_markdown(id: IncidentId) = "/api/incidents/{id}/postmortem.md";
    /// GET: the post-mortem as one self-contained HTML page.
    api_postmortem_html(id: IncidentId) = "/api/incidents/{id}/postmortem.html";
    /// GET: the record as lines of JSON, for `farol verify`.
    api_record(id: IncidentId) = "/api/incidents/{id}/record";
    /// GET: the signed checkpoint of the record as it is now.
    api_checkpoint(id: IncidentId) = "/api/incidents/{id}/checkpoint";
    /// POST [`crate::request::Erase`].
    api_erasures(id: IncidentId) = "/api/incidents/{id}/erasures";
    /// GET: `BreakGlassOf`; POST [`crate::request::StartBreakGlass`].
    api_incident_break_glass(id: IncidentId) = "/api/incidents/{id}/break-glass";
    /// POST (empty) closes it.
    api_close_break_glass(id: IncidentId, number: u32) = "/api/incidents/{id}/break-glass/{number}/end";
    /// POST [`crate::request::ReviewBreakGlass`].
    api_review_break_glass(id: IncidentId, number: u32) = "/api/incidents/{id}/break-glass/{number}/review";
    /// GET: a list of [`crate::incident::BreakGlassView`] that nobody has reviewed.
    api_break_glass() = "/api/break-glass";
    /// GET: server-sent [`crate::request::Notice`]s.
    api_notices() = "/api/notices";
    /// GET: a list of [`crate::approval::PendingApproval`].
    api_approvals() = "/api/approvals";
    /// GET with `q`: a list of [`crate::runbook::RunbookSummary`]; POST [`crate::request::CreateRunbook`].
    api_runbooks() = "/api/runbooks";
    /// POST [`crate::request::PreviewRunbook`]: [`crate::runbook::Preview`].
    api_preview() = "/api/runbooks/preview";
    /// POST [`crate::request::PreviewRunbook`]: [`crate::runbook::Mended`].
    api_fixes() = "/api/runbooks/fixes";
    /// GET: [`crate::runbook::RunbookDetail`] of the newest revision.
    api_runbook(id: &RunbookId) = "/api/runbooks/{id}";
    /// GET: [`crate::request::Revisions`]; POST [`crate::request::SaveRunbook`].
    api_revisions(id: &RunbookId) = "/api/runbooks/{id}/revisions";
    /// GET: [`crate::runbook::RunbookDetail`].
    api_revision(id: &RunbookId, revision: &str) = "/api/runbooks/{id}/revisions/{revision}";
    /// GET with `q`, facets and `page`: [`crate::library::Library`].
    api_library() = "/api/library";
    /// GET: [`crate::library::Imports`]; POST of files: [`crate::library::Import`].
    api_imports() = "/api/library/imports";
    /// POST [`crate::library::WatchFolder`].
    api_watches() = "/api/library/watches";
    /// DELETE stops watching.
    api_watch(id: i64) = "/api/library/watches/{id}";
    /// POST (empty) looks at it.
    api_look(id: i64) = "/api/library/watches/{id}/look";
    /// GET: a list of [`crate::target::Target`].
    api_targets() = "/api/targets";
    /// GET: [`crate::target::Target`]; PUT [`crate::request::SaveTarget`]; DELETE.
    api_target(id: &TargetId) = "/api/targets/{id}";
    /// POST (empty): [`crate::request::TargetCheck`].
    api_target_check(id: &TargetId) = "/api/targets/{id}/check";
    /// GET: the OpenAPI 3.1 document.
    api_openapi() = "/api/openapi.json";
}
