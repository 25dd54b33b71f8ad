//! What the API answers about that incident and all that surrounds it.

use farol_api::approval::{ApprovalBar, AttemptRequest, PendingApproval};
use farol_api::editors::Editors;
use farol_api::event::EventKind;
use farol_api::graph::{Capture, StepLink, StepLinkKind};
use farol_api::id::{AttemptId, IncidentId, InvitationId, UserId};
use farol_api::incident::{
    BreakGlass, BreakGlassOf, BreakGlassView, IncidentSummary, Milestone, PostmortemSection, Severity, Status,
};
use farol_api::metrics::metrics;
use farol_api::request::{AfterView, Deviation, DeviationKind, InvitationView, People, Revisions, SetUpState};
use farol_api::risk::RiskClass;
use farol_api::room::HomeView;
use farol_api::runbook::{
    AlertMention, Diagnostic, DiagnosticSeverity, Metadata, MetadataKind, ParameterKind, RevisionSummary, Runbook,
    RunbookDetail, RunbookSummary, Sample, Section,
};
use farol_api::text::{Localized, Span};
use farol_api::user::{Invitation, Role, User};
use serde::Serialize;

use super::attempts;
use super::fixtures::*;
use super::shelf::{import, imports, shelf};

pub fn after() -> AfterView {
    let mut events = events();
    events.push(event(
        events.len(),
        at(31, 5),
        joao(),
        EventKind::MilestoneRecorded { milestone: Milestone::Mitigated, at: at(31, 5) },
    ));
    events.push(event(
        events.len(),
        at(44, 20),
        marina(),
        EventKind::StatusChanged { from: Status::Mitigating, to: Status::Resolved, reason: None },
    ));
    events.push(event(
        events.len(),
        at(44, 20),
        marina(),
        EventKind::MilestoneRecorded { milestone: Milestone::Resolved, at: at(44, 20) },
    ));
    events.push(event(
        events.len(),
        at(50, 0),
        marina(),
        EventKind::SectionWritten {
            section: PostmortemSection::Summary,
            text: "The primary's **volume** filled up.".into(),
        },
    ));
    events.push(event(
        events.len(),
        at(51, 0),
        marina(),
        EventKind::ActionItemSet {
            number: 1,
            text: "Alert on replica lag above 60 s".into(),
            owner: Some("João".into()),
            due: Some("2026-12-05".into()),
            done: false,
        },
    ));
    let room = room_after(events);
    let metrics = metrics(&room.state, &room.timeline);
    let skipped = Deviation {
        kind: DeviationKind::Skipped,
        step: step("volume"),
        title: "Check the volume".into(),
        detail: Some("checked five minutes ago".into()),
        seq: Some(9),
    };
    AfterView { room, metrics, deviations: vec![skipped] }
}

pub fn summary(id: i64, mine: bool, status: Status) -> IncidentSummary {
    IncidentSummary {
        id: IncidentId(id),
        title: "PostgreSQL primary unavailable".into(),
        severity: if mine { Severity::Sev1 } else { Severity::Sev3 },
        status,
        drill: !mine,
        runbook_title: Some("Database failover".into()),
        declared_at: at(0, 0),
        resolved_at: (!status.is_open()).then(|| at(44, 20)),
        rto_seconds: Some(3600),
        mine,
    }
}

pub fn runbook_summary(id: &str, title: &str, class: RiskClass) -> RunbookSummary {
    RunbookSummary {
        id: id.parse().expect("a slug"),
        title: title.into(),
        language: Some("en".into()),
        severity: Some("Critical".into()),
        revision: digest(0x7c),
        updated_at: at(-4000, 0),
        updated_by: None,
        steps: 19,
        executable_steps: 11,
        highest_risk: Some(class),
        problems: usize::from(class == RiskClass::Destructive) * 2,
    }
}

pub fn library() -> Vec<RunbookSummary> {
    vec![
        runbook_summary("database-failover", "Database failover", RiskClass::Destructive),
        runbook_summary("slow-queries", "Consultas lentas no PostgreSQL", RiskClass::Read),
        runbook_summary("orphaned-orders", "Orphaned orders", RiskClass::Write),
    ]
}

pub fn runbook() -> RunbookDetail {
    let metadata = |label: &str, value: &str| Metadata {
        kind: MetadataKind::Other,
        label: label.into(),
        value: value.into(),
        seconds: None,
        span: Span::new(0, 1),
        line: 2,
    };
    let section = |title: &str, anchor: &str| Section {
        title: title.into(),
        level: 2,
        anchor: anchor.into(),
        span: Span::new(0, 1),
        line: 5,
    };
    let unclosed = Diagnostic {
        code: "unclosed-fence".into(),
        severity: DiagnosticSeverity::Warning,
        message: Localized::new("The code block is never closed.", "O bloco de código nunca é fechado."),
        span: Span::new(0, 1),
        line: 61,
        fix: None,
    };
    let sample = Sample {
        token: "db.example.com".into(),
        kind: ParameterKind::Host,
        parameter: None,
        steps: vec![step("status")],
        span: Span::new(0, 1),
        line: 8,
    };
    let parameters = room().parameters;
    RunbookDetail {
        id: "database-failover".parse().expect("a slug"),
        revision: revision(3),
        newest: true,
        editors: Editors { people: vec![marina()], strangers: 0, untold: None },
        source: "# Database failover\n\nRTO: 1 h\n\n## Diagnosis\n\n```sql\nselect 1;\n```\n".into(),
        html: "<h1>Database failover</h1><h2 id=\"diagnosis\">Diagnosis</h2><pre><code>select 1;</code></pre>".into(),
        runbook: Runbook {
            title: "Database failover".into(),
            language: Some("en".into()),
            metadata: vec![metadata("Severity", "Critical"), metadata("RTO", "1 h"), metadata("RPO", "1 h")],
            sections: vec![section("Diagnosis", "diagnosis"), section("Resolution", "resolution")],
            graph: graph(),
            parameters,
            diagnostics: vec![unclosed],
            links: vec![StepLink { from: step("recovery"), to: step("status"), kind: StepLinkKind::Verifies }],
            captures: vec![Capture { name: "LEADER".into(), step: step("status"), used_by: vec![step("recovery")] }],
            samples: vec![sample],
            alerts: vec![AlertMention { name: "PostgresDown".into(), span: Span::new(0, 1), line: 3 }],
            ..Runbook::default()
        },
    }
}

pub fn revision(number: i64) -> RevisionSummary {
    RevisionSummary {
        id: digest(0x7c),
        number,
        created_at: at(-4000, 0),
        created_by: Some(marina()),
        note: "candidate is checked first".into(),
    }
}

pub fn pending(barred: Option<ApprovalBar>) -> PendingApproval {
    PendingApproval {
        incident_id: IncidentId(12),
        incident_title: "PostgreSQL primary unavailable".into(),
        severity: Severity::Sev1,
        request: request(),
        requested_by: joao(),
        requested_at: at(17, 40),
        approved_by: Vec::new(),
        barred,
        editors_untold: None,
    }
}

pub fn broken_glass() -> BreakGlassView {
    BreakGlassView {
        incident_id: IncidentId(12),
        incident_title: "Checkout is slow".into(),
        severity: Severity::Sev2,
        glass: BreakGlass {
            number: 1,
            by: joao(),
            reason: "Nobody else is awake".into(),
            opened_at: at(17, 0),
            until: at(32, 0),
            closed_at: None,
            review: None,
        },
        open: false,
        ran: vec![("End the blocker".into(), "0d0d0d0d".into())],
        may_review: true,
    }
}

pub fn people() -> People {
    let other = User {
        id: UserId(uuid(2)),
        name: "João Prado".into(),
        email: "joao@example.org".into(),
        role: Role::Responder,
        ..me(Role::Owner).user
    };
    let open = Invitation {
        id: InvitationId(uuid(4)),
        email: "rafael@example.org".into(),
        role: Role::Approver,
        invited_by: marina(),
        created_at: at(0, 0),
        expires_at: at(9000, 0),
        resets: false,
    };
    People { users: vec![me(Role::Owner).user, other], invitations: vec![open] }
}

pub fn home() -> HomeView {
    HomeView {
        open: vec![summary(12, true, Status::Mitigating), summary(11, false, Status::Declared)],
        recent: vec![summary(9, false, Status::Closed)],
        runbooks: 3,
        targets: 1,
        suggested: library(),
        now: at(18, 42),
    }
}

/// The answer of the API that the fixtures stand for.
pub fn answer(method: &str, path: &str) -> (u16, String) {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    match (method, path) {
        ("GET", "/api/me") => json(&me(Role::Owner)),
        ("GET", "/api/setup") => json(&SetUpState { needed: false }),
        ("GET", "/api/home") => json(&home()),
        ("GET", "/api/incidents") => {
            json(&vec![summary(12, true, Status::Mitigating), summary(9, false, Status::Closed)])
        }
        ("GET", "/api/incidents/12") => json(&room()),
        ("GET", "/api/incidents/13") => json(&blocked_room()),
        ("GET", "/api/incidents/14") => json(&awaiting_room(request())),
        ("GET", "/api/incidents/15") => json(&awaiting_room(attempts::change())),
        ("GET", "/api/incidents/12/after") => json(&after()),
        ("GET", path) if path.ends_with("/steps/failover/attempts") => json(&request()),
        ("GET", "/api/break-glass") => json(&vec![broken_glass()]),
        ("GET", "/api/incidents/12/break-glass") => {
            json(&BreakGlassOf { incident_open: true, all: vec![BreakGlassView { open: true, ..broken_glass() }] })
        }
        ("GET", "/api/incidents/9/break-glass") => json(&BreakGlassOf { incident_open: false, all: Vec::new() }),
        ("GET", "/api/incidents/12/attempts/held") => json(&attempts::held()),
        ("GET", "/api/incidents/12/attempts/ended") => json(&attempts::ended()),
        ("GET", "/api/incidents/12/attempts/erased") => json(&attempts::erased()),
        ("GET", path) if path.ends_with("/undo") => json(&attempts::undo()),
        ("GET", path) if path.ends_with("/steps/failover/dry-run") => json(&attempts::dry_run(true)),
        ("GET", path) if path.ends_with("/steps/status/dry-run") => json(&attempts::dry_run(false)),
        ("GET", path) if path.ends_with("/steps/cluster/dry-run") => json(&attempts::dry_run_of_block()),
        ("GET", path) if path.ends_with("/dry-run") => json(&attempts::no_dry_run()),
        ("GET", "/api/approvals") => {
            let held = PendingApproval { request: attempts::change(), ..pending(None) };
            let at_once = AttemptRequest { attempt: AttemptId(uuid(61)), hold: None, ..attempts::change() };
            let at_once = PendingApproval { request: at_once, ..pending(None) };
            json(&vec![pending(None), pending(Some(ApprovalBar::Requester)), held, at_once])
        }
        ("GET", "/api/library") if query == "q=zzz" => json(&shelf(Vec::new())),
        ("GET", "/api/library") => json(&shelf(library())),
        ("GET", "/api/library/imports") => json(&imports()),
        ("GET", "/api/library/imports/1") => json(&import()),
        ("GET", "/api/runbooks") => json(&library()),
        ("GET", "/api/runbooks/database-failover") => json(&runbook()),
        ("GET", "/api/runbooks/database-failover/revisions") => json(&Revisions {
            id: runbook().id,
            title: "Database failover".into(),
            revisions: vec![revision(3), revision(2)],
        }),
        ("GET", path) if path.starts_with("/api/runbooks/database-failover/revisions/") => {
            json(&RunbookDetail { newest: false, ..runbook() })
        }
        ("GET", "/api/targets") => json(&vec![target()]),
        ("GET", "/api/targets/cluster-prod") => json(&target()),
        ("GET", "/api/people") => json(&people()),
        ("GET", "/api/sessions") => json(&vec![session(1, true), session(2, false)]),
        ("GET", "/api/invitations/a-secret") => json(&InvitationView {
            email: "rafael@example.org".into(),
            role: Role::Approver,
            invited_by: "Marina Castro".into(),
            resets: false,
        }),
        _ => super::problem(404, "not_found"),
    }
}

pub fn json<T: Serialize>(value: &T) -> (u16, String) {
    (200, serde_json::to_string(value).expect("it is JSON"))
}
