//! The endpoint table: every address of the API, who may call it, what it takes and answers.

use axum::http::Method;
use axum::routing::{delete, get, patch, post, put};
use farol_api::incident::IncidentSummary;
use farol_api::request as wire;
use farol_api::room::{HomeView, RoomView};
use farol_api::runbook::{Mended, Preview, RunbookDetail, RunbookSummary, Vocabulary};
use farol_api::target::Target;
use farol_api::user::{Permission, Session, User};

use crate::http::endpoint::{Endpoint, Guard};
use crate::routes::{
    after, authoring, graph, health, home, incidents, invitations, notices, people, runbooks, session, setup, source,
    steps, stream, targets, vocabulary,
};

/// The endpoint table.
pub fn endpoints() -> Vec<Endpoint> {
    [
        account(),
        team(),
        runbooks(),
        writing(),
        super::library::endpoints(),
        places(),
        incident(),
        walking(),
        super::attempts::endpoints(),
        looking_back(),
        super::record::endpoints(),
        machine(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn account() -> Vec<Endpoint> {
    use Guard::{LoggedIn, Public};
    vec![
        Endpoint::new(
            Method::GET,
            "/api/setup",
            Public,
            "Whether the first owner is still to be made",
            get(setup::show),
        )
        .answers::<wire::SetUpState>(200),
        Endpoint::new(Method::POST, "/api/setup", Public, "Make the first owner", post(setup::create))
            .takes::<wire::SetUp>()
            .answers::<User>(201),
        Endpoint::new(Method::POST, "/api/session", Public, "Log in", post(session::create))
            .takes::<wire::LogIn>()
            .answers::<User>(201),
        Endpoint::new(Method::DELETE, "/api/session", LoggedIn, "Log out", delete(session::delete)),
        Endpoint::new(Method::GET, "/api/me", LoggedIn, "Who is asking", get(session::me)).answers::<wire::Me>(200),
        Endpoint::new(Method::PATCH, "/api/me", LoggedIn, "Change one's own settings", patch(session::change_me))
            .takes::<wire::ChangeMe>(),
        Endpoint::new(
            Method::GET,
            "/api/notices",
            LoggedIn,
            "What waits for one's approval and who has broken the glass, live",
            get(notices::show),
        )
        .answers_with("text/event-stream"),
        Endpoint::new(Method::GET, "/api/sessions", LoggedIn, "One's own sessions", get(session::list))
            .answers::<Vec<Session>>(200),
        Endpoint::new(
            Method::DELETE,
            "/api/sessions/{id}",
            LoggedIn,
            "End one of one's own sessions",
            delete(session::revoke),
        ),
        Endpoint::new(
            Method::POST,
            "/api/tokens",
            LoggedIn,
            "Make a token for a program that acts for the one who asks; its secret is in this answer alone",
            post(session::create_token),
        )
        .takes::<wire::MakeToken>()
        .answers::<wire::TokenMade>(201),
    ]
}

fn team() -> Vec<Endpoint> {
    use Guard::{May, Public};
    let manage = May(Permission::ManagePeople);
    vec![
        Endpoint::new(Method::GET, "/api/people", manage, "People and open invitations", get(people::list))
            .answers::<wire::People>(200),
        Endpoint::new(
            Method::PATCH,
            "/api/people/{id}",
            manage,
            "Change a role, close or open an account",
            patch(people::change),
        )
        .takes::<wire::ChangeUser>()
        .answers::<User>(200),
        Endpoint::new(
            Method::POST,
            "/api/people/{id}/password-link",
            manage,
            "Let somebody choose a new password, by a link that works once and ends their sessions and tokens",
            post(invitations::password_link),
        )
        .answers::<wire::Invited>(201),
        Endpoint::new(Method::POST, "/api/invitations", manage, "Invite somebody", post(invitations::create))
            .takes::<wire::Invite>()
            .answers::<wire::Invited>(201),
        Endpoint::new(
            Method::GET,
            "/api/invitations/{id}",
            Public,
            "Look at an invitation, by its secret",
            get(invitations::show),
        )
        .answers::<wire::InvitationView>(200),
        Endpoint::new(
            Method::DELETE,
            "/api/invitations/{id}",
            manage,
            "Withdraw an invitation",
            delete(invitations::delete),
        ),
        Endpoint::new(
            Method::POST,
            "/api/invitations/{id}/acceptance",
            Public,
            "Accept an invitation, by its secret",
            post(invitations::accept),
        )
        .takes::<wire::AcceptInvitation>()
        .answers::<User>(201),
    ]
}

fn runbooks() -> Vec<Endpoint> {
    use Guard::May;
    let (read, author) = (May(Permission::Read), May(Permission::Author));
    vec![
        Endpoint::new(Method::GET, "/api/runbooks", read, "Runbooks, those that hold `q`", get(runbooks::list))
            .query(&["q"])
            .answers::<Vec<RunbookSummary>>(200),
        Endpoint::new(Method::POST, "/api/runbooks", author, "Create a runbook", post(runbooks::create))
            .takes::<wire::CreateRunbook>()
            .answers::<wire::RunbookSaved>(201),
        Endpoint::new(Method::GET, "/api/runbooks/{id}", read, "The newest revision", get(runbooks::show))
            .answers::<RunbookDetail>(200),
        Endpoint::new(Method::GET, "/api/runbooks/{id}/revisions", read, "All revisions", get(runbooks::revisions))
            .answers::<wire::Revisions>(200),
        Endpoint::new(Method::POST, "/api/runbooks/{id}/revisions", author, "Save a revision", post(runbooks::update))
            .takes::<wire::SaveRunbook>()
            .answers::<wire::RunbookSaved>(200),
        Endpoint::new(
            Method::GET,
            "/api/runbooks/{id}/revisions/{revision}",
            read,
            "One revision",
            get(runbooks::show_revision),
        )
        .answers::<RunbookDetail>(200),
        Endpoint::new(
            Method::GET,
            "/api/runbooks/{id}/revisions/{revision}/graph.svg",
            read,
            "The step graph of a revision",
            get(graph::of_revision),
        )
        .answers_with("image/svg+xml"),
        Endpoint::new(
            Method::GET,
            "/api/runbooks/{id}/revisions/{revision}/source.md",
            read,
            "The Markdown of a revision, byte for byte",
            get(source::of_revision),
        )
        .answers_with("text/markdown"),
    ]
}

/// Help for those who write, where nothing is saved.
fn writing() -> Vec<Endpoint> {
    let author = Guard::May(Permission::Author);
    vec![
        Endpoint::new(
            Method::POST,
            "/api/runbooks/preview",
            author,
            "Read text that is not saved",
            post(authoring::preview),
        )
        .takes::<wire::PreviewRunbook>()
        .changes_nothing()
        .answers::<Preview>(200),
        Endpoint::new(
            Method::GET,
            "/api/runbooks/vocabulary",
            author,
            "What authors may write beside the text",
            get(vocabulary::show),
        )
        .answers::<Vocabulary>(200),
        Endpoint::new(
            Method::POST,
            "/api/runbooks/fixes",
            author,
            "Apply the fixes that are sure to text that is not saved",
            post(authoring::mend),
        )
        .takes::<wire::PreviewRunbook>()
        .changes_nothing()
        .answers::<Mended>(200),
    ]
}

fn places() -> Vec<Endpoint> {
    use Guard::May;
    let (read, manage) = (May(Permission::Read), May(Permission::ManageTargets));
    vec![
        Endpoint::new(Method::GET, "/api/targets", read, "All targets", get(targets::list)).answers::<Vec<Target>>(200),
        Endpoint::new(Method::GET, "/api/targets/{id}", read, "One target", get(targets::show)).answers::<Target>(200),
        Endpoint::new(Method::PUT, "/api/targets/{id}", manage, "Register or change a target", put(targets::save))
            .takes::<wire::SaveTarget>()
            .answers::<Target>(200),
        Endpoint::new(Method::DELETE, "/api/targets/{id}", manage, "Remove a target", delete(targets::delete)),
        Endpoint::new(Method::POST, "/api/targets/{id}/check", manage, "Test its credentials", post(targets::test))
            .answers::<wire::TargetCheck>(200),
    ]
}

#[expect(clippy::too_many_lines, reason = "a table: one entry an endpoint")]
fn incident() -> Vec<Endpoint> {
    use Guard::May;
    let (read, respond) = (May(Permission::Read), May(Permission::Respond));
    vec![
        Endpoint::new(Method::GET, "/api/home", read, "What the home page shows", get(home::show))
            .answers::<HomeView>(200),
        Endpoint::new(Method::GET, "/api/incidents", read, "Incidents, newest first", get(incidents::list))
            .query(&["before"])
            .answers::<Vec<IncidentSummary>>(200),
        Endpoint::new(Method::POST, "/api/incidents", respond, "Declare an incident", post(incidents::declare))
            .takes::<wire::Declare>()
            .answers::<wire::Declared>(201),
        Endpoint::new(Method::GET, "/api/incidents/{id}", read, "The room", get(incidents::show))
            .answers::<RoomView>(200),
        Endpoint::new(
            Method::GET,
            "/api/incidents/{id}/graph.svg",
            read,
            "The step graph, with where each step stands; `step` is the one that people are at",
            get(graph::of_incident),
        )
        .query(&["step"])
        .answers_with("image/svg+xml"),
        Endpoint::new(Method::GET, "/api/incidents/{id}/events", read, "Events after a number", get(incidents::events))
            .query(&["after", "limit"])
            .answers::<wire::Events>(200),
        Endpoint::new(
            Method::GET,
            "/api/incidents/{id}/stream",
            read,
            "Live frames, after `Last-Event-ID`",
            get(stream::show),
        )
        .query(&["after"])
        .answers_with("text/event-stream"),
        Endpoint::new(
            Method::POST,
            "/api/incidents/{id}/severity",
            respond,
            "Change severity",
            post(incidents::severity),
        )
        .takes::<wire::ChangeSeverity>()
        .answers::<wire::Events>(200),
        Endpoint::new(Method::POST, "/api/incidents/{id}/status", respond, "Change status", post(incidents::status))
            .takes::<wire::ChangeStatus>()
            .answers::<wire::Events>(200),
        Endpoint::new(
            Method::POST,
            "/api/incidents/{id}/milestones",
            respond,
            "Record when a milestone was",
            post(incidents::milestone),
        )
        .takes::<wire::RecordMilestone>()
        .answers::<wire::Events>(200),
        Endpoint::new(
            Method::POST,
            "/api/incidents/{id}/data-age",
            respond,
            "Record the age of the data restored",
            post(incidents::data_age),
        )
        .takes::<wire::RecordDataAge>()
        .answers::<wire::Events>(200),
        Endpoint::new(
            Method::POST,
            "/api/incidents/{id}/roles",
            respond,
            "Give a role in the incident",
            post(incidents::role),
        )
        .takes::<wire::AssignRole>()
        .answers::<wire::Events>(200),
        Endpoint::new(Method::POST, "/api/incidents/{id}/responders", respond, "Join", post(incidents::join))
            .answers::<wire::Events>(200),
        Endpoint::new(Method::POST, "/api/incidents/{id}/notes", respond, "Write a note", post(incidents::note))
            .takes::<wire::WriteNote>()
            .answers::<wire::Events>(200),
        Endpoint::new(
            Method::POST,
            "/api/incidents/{id}/corrections",
            respond,
            "Correct an entry, which stays",
            post(incidents::correct),
        )
        .takes::<wire::Correct>()
        .answers::<wire::Events>(200),
    ]
}

fn walking() -> Vec<Endpoint> {
    use Guard::May;
    let respond = May(Permission::Respond);
    vec![
        Endpoint::new(
            Method::POST,
            "/api/incidents/{id}/parameters",
            respond,
            "Fill a parameter",
            post(steps::parameter),
        )
        .takes::<wire::SetParameter>()
        .answers::<wire::Events>(200),
        Endpoint::new(
            Method::POST,
            "/api/incidents/{id}/steps/{step}/choice",
            respond,
            "Choose a branch",
            post(steps::choose),
        )
        .takes::<wire::ChooseBranch>()
        .answers::<wire::Events>(200),
        Endpoint::new(
            Method::POST,
            "/api/incidents/{id}/steps/{step}/done",
            respond,
            "Mark a step as done",
            post(steps::done),
        )
        .takes::<wire::FinishStep>()
        .answers::<wire::Events>(200),
        Endpoint::new(
            Method::POST,
            "/api/incidents/{id}/steps/{step}/failed",
            respond,
            "Mark a step as failed",
            post(steps::failed),
        )
        .takes::<wire::StepReason>()
        .answers::<wire::Events>(200),
        Endpoint::new(
            Method::POST,
            "/api/incidents/{id}/steps/{step}/skipped",
            respond,
            "Skip a step",
            post(steps::skipped),
        )
        .takes::<wire::StepReason>()
        .answers::<wire::Events>(200),
        Endpoint::new(
            Method::POST,
            "/api/incidents/{id}/steps/{step}/reopened",
            respond,
            "Take a step up again",
            post(steps::reopened),
        )
        .takes::<wire::ReopenStep>()
        .answers::<wire::Events>(200),
    ]
}

fn looking_back() -> Vec<Endpoint> {
    use Guard::May;
    let (read, respond) = (May(Permission::Read), May(Permission::Respond));
    vec![
        Endpoint::new(
            Method::GET,
            "/api/incidents/{id}/after",
            read,
            "Figures, steps and deviations",
            get(after::show),
        )
        .answers::<wire::AfterView>(200),
        Endpoint::new(
            Method::POST,
            "/api/incidents/{id}/postmortem/sections",
            respond,
            "Write a section",
            post(after::section),
        )
        .takes::<wire::WriteSection>()
        .answers::<wire::Events>(200),
        Endpoint::new(
            Method::POST,
            "/api/incidents/{id}/postmortem/action-items",
            respond,
            "Add or change an action item",
            post(after::action_item),
        )
        .takes::<wire::SetActionItem>()
        .answers::<wire::Events>(200),
        Endpoint::new(
            Method::POST,
            "/api/incidents/{id}/postmortem/state",
            respond,
            "Move the post-mortem on",
            post(after::state),
        )
        .takes::<wire::MovePostmortem>()
        .answers::<wire::Events>(200),
        Endpoint::new(
            Method::GET,
            "/api/incidents/{id}/postmortem.md",
            read,
            "The post-mortem as Markdown",
            get(after::as_markdown),
        )
        .answers_with("text/markdown"),
        Endpoint::new(
            Method::GET,
            "/api/incidents/{id}/postmortem.html",
            read,
            "The post-mortem as one HTML page",
            get(after::as_html),
        )
        .answers_with("text/html"),
    ]
}

fn machine() -> Vec<Endpoint> {
    use Guard::Public;
    vec![
        Endpoint::new(Method::GET, "/healthz", Public, "Whether the process lives", get(health::alive))
            .answers::<wire::Health>(200),
        Endpoint::new(Method::GET, "/readyz", Public, "Whether it can work", get(health::ready))
            .answers::<wire::Health>(200),
        Endpoint::new(Method::GET, "/api/openapi.json", Public, "This document", get(health::openapi))
            .answers_with("application/json"),
    ]
}
