//! Figures from recorded times.

use chrono::{DateTime, Utc};
use farol_api::event::{Actor, Event, EventKind};
use farol_api::id::{IncidentId, UserId};
use farol_api::incident::{IncidentState, Milestone, Severity, Status};
use farol_api::metrics::{Metric, MetricKind, MetricValue, metrics};
use farol_api::user::Person;
use uuid::Uuid;

fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + minutes * 60, 0).unwrap()
}

fn record(kinds: Vec<(i64, u128, EventKind)>) -> Vec<Metric> {
    let declared = EventKind::Declared {
        title: "Down".into(),
        severity: Severity::Sev1,
        drill: false,
        runbook: None,
        target: None,
        rto_seconds: Some(3600),
        rpo_seconds: Some(600),
    };
    let all = [(0, 1, declared)].into_iter().chain(kinds).enumerate();
    let events: Vec<Event> = all
        .map(|(index, (minutes, by, kind))| Event {
            incident_id: IncidentId(1),
            seq: index as i64 + 1,
            occurred_at: at(minutes),
            recorded_at: at(minutes),
            actor: Actor::Person(Person { id: UserId(Uuid::from_u128(by)), name: "P".into() }),
            kind,
        })
        .collect();
    metrics(&IncidentState::fold(&events).unwrap(), &events)
}

fn of(metrics: &[Metric], kind: MetricKind) -> Metric {
    *metrics.iter().find(|metric| metric.kind == kind).unwrap()
}

fn milestone(milestone: Milestone, minutes: i64) -> EventKind {
    EventKind::MilestoneRecorded { milestone, at: at(minutes) }
}

fn resolved() -> EventKind {
    EventKind::StatusChanged { from: Status::Declared, to: Status::Resolved, reason: None }
}

#[test]
fn each_figure_runs_from_and_to_its_own_times() {
    let figures = record(vec![
        (1, 1, milestone(Milestone::ImpactStarted, -10)),
        (1, 1, milestone(Milestone::Detected, -4)),
        (2, 1, milestone(Milestone::Acknowledged, 2)),
        (5, 2, EventKind::Noted { text: "here".into(), step: None }),
        (30, 1, milestone(Milestone::Mitigated, 30)),
        (40, 1, EventKind::DataAgeRecorded { seconds: 720 }),
        (45, 1, resolved()),
        (45, 1, milestone(Milestone::Resolved, 45)),
        (90, 3, EventKind::Noted { text: "read it later".into(), step: None }),
    ]);
    let minutes = |n: u64| MetricValue::Recorded { seconds: n * 60 };
    assert_eq!(of(&figures, MetricKind::TimeToDetect).value, minutes(6));
    assert_eq!(of(&figures, MetricKind::TimeToAcknowledge).value, minutes(2));
    assert_eq!(of(&figures, MetricKind::TimeToMobilise).value, minutes(5), "who comes after the end did not mobilise");
    assert_eq!(of(&figures, MetricKind::TimeToMitigate).value, minutes(34));
    assert_eq!(of(&figures, MetricKind::TimeToResolve).value, minutes(45));
    assert_eq!(of(&figures, MetricKind::Rto).met, Some(true));
    assert_eq!((of(&figures, MetricKind::Rpo).value, of(&figures, MetricKind::Rpo).met), (minutes(12), Some(false)));
}

#[test]
fn a_missing_time_is_pending_while_open_and_not_applicable_after() {
    assert_eq!(of(&record(vec![]), MetricKind::TimeToMitigate).value, MetricValue::Pending);
    let over = record(vec![(9, 1, resolved()), (9, 1, milestone(Milestone::Resolved, 9))]);
    assert_eq!(of(&over, MetricKind::TimeToMitigate).value, MetricValue::NotApplicable);
}

#[test]
fn times_out_of_order_are_invalid_and_no_figure() {
    let figures = record(vec![(1, 1, milestone(Milestone::Detected, 5)), (1, 1, milestone(Milestone::Mitigated, 3))]);
    assert_eq!(of(&figures, MetricKind::TimeToMitigate).value, MetricValue::Invalid);
}
