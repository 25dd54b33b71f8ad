//! What the entries say happened, held against what may happen.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};
use farol_api::approval::AttemptRequest;
use farol_api::digest::Digest;
use farol_api::event::{Actor, EventKind, Outcome};
use farol_api::id::{AttemptId, StepId, UserId};
use farol_api::incident::{BREAK_GLASS_MINUTES, IncidentRole};
use farol_api::policy::requirement;
use serde::Serialize;

use super::holding::Holding;
use super::{Problem, Remark};
use crate::OutputHasher;

/// What should not have happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The first entry is not the declaration of the incident.
    NotDeclared,
    /// The incident is declared again.
    DeclaredTwice,
    /// The attempt was never requested.
    UnknownAttempt,
    /// The attempt is requested again.
    RequestedTwice,
    /// An attempt that nobody asked for.
    NobodyAsked,
    /// An attempt of a step while another was under way.
    StepActive,
    /// The attempts of a step are not counted on.
    NumberSkips,
    /// The approval is for something else.
    OtherDigest,
    /// The requester approved it.
    OwnRequest,
    /// The same person approved it twice.
    ApprovedTwice,
    /// Nobody approved it: the approval is no person's.
    NobodyApproved,
    /// It had expired.
    Expired,
    /// It was over already.
    Over,
    /// It was dispatched already.
    DispatchedAlready,
    /// Fewer people approved than its class takes.
    FewApprovals,
    /// Break-glass that is nobody's, lasts too long, or is counted wrongly.
    BadBreakGlass,
    /// Who broke the glass reviewed it.
    OwnBreakGlass,
    /// There is no such break-glass.
    UnknownBreakGlass,
    /// It had not been queued.
    NotQueued,
    /// It had been withdrawn.
    Withdrawn,
    /// The fencing token did not grow.
    StaleToken,
    /// It ended as if it had run, and was never dispatched.
    NeverDispatched,
    /// It was dispatched, and ended as if it had not been.
    VoidedAfterDispatch,
    /// It was dispatched and has no end, though the incident is over.
    NoEnd,
    /// Something was held of it that was not to be held, or twice.
    NotToBeHeld,
    /// It was decided about something that is not held, or was decided already.
    NotHeld,
    /// It was decided by somebody who neither asked for it nor commands the incident, or committed by nobody.
    NotTheirs,
    /// It was committed after the time to decide was over, or after somebody had stopped it.
    HoldOver,
    /// It was to be held, and ended well without a person who committed it.
    NotCommitted,
    /// Its output is not what its end says.
    OutputDiffers,
    /// Its output is not there, and no entry says that it was erased.
    OutputGone,
    /// Something was erased by nobody, without a reason, or by the retention while the incident was open.
    BadErasure,
}

/// How much later than it was decided something may be written down: whoever decides waits for the incident's lock.
pub(super) const WAITING: Duration = Duration::minutes(1);
/// How much longer than it may run an attempt can be without an end: a server that was lost has to be missed first.
const LATE: Duration = Duration::minutes(10);

/// A time that is later by so much; a bundle may say times that none is later than.
pub(super) fn later(at: DateTime<Utc>, by: Duration) -> DateTime<Utc> {
    at.checked_add_signed(by).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// One time that somebody broke the glass.
struct Glass {
    seq: i64,
    by: Option<UserId>,
    until: DateTime<Utc>,
    closed: bool,
    reviewed: bool,
}

/// One attempt, as far as it came.
struct Run {
    request: AttemptRequest,
    requester: Option<UserId>,
    approvers: BTreeSet<UserId>,
    queued: bool,
    /// Whether its requester had broken the glass when the entry at hand was written.
    waived: bool,
    withdrawn: bool,
    holding: Holding,
    dispatched: Option<(i64, i64)>,
    /// When it must have ended, whatever became of it.
    over_by: Option<DateTime<Utc>>,
    ended: Option<(i64, Option<Digest>)>,
}

impl Run {
    /// Whether it was sent and has not ended.
    const fn is_under_way(&self) -> bool {
        self.dispatched.is_some() && self.ended.is_none()
    }
}

/// The entries so far.
#[derive(Default)]
pub(super) struct Meaning {
    is_declared: bool,
    is_open: bool,
    /// When the last entry was written down.
    last: Option<DateTime<Utc>>,
    commander: Option<UserId>,
    runs: BTreeMap<AttemptId, Run>,
    /// The attempts of each step; its dry runs apart.
    steps: BTreeMap<(StepId, bool), Vec<AttemptId>>,
    glasses: Vec<Glass>,
    output: BTreeMap<AttemptId, OutputHasher>,
    faults: Vec<(i64, Option<AttemptId>, Fault)>,
}

/// The kinds of entries that something here depends on: without their payload nothing can be said.
pub(super) const WEIGHED: [&str; 15] = [
    "declared",
    "status_changed",
    "attempt_requested",
    "approval_granted",
    "break_glass_opened",
    "break_glass_closed",
    "break_glass_reviewed",
    "attempt_queued",
    "attempt_dispatched",
    "cancel_requested",
    "role_assigned",
    "attempt_held",
    "hold_decided",
    "attempt_finished",
    "payload_erased",
];

/// An event with what its leaf says of it.
pub(super) struct Said<'e> {
    pub(super) seq: i64,
    pub(super) at: DateTime<Utc>,
    pub(super) actor: &'e Actor,
    pub(super) kind: &'e EventKind,
}

impl Meaning {
    pub(super) fn dispatched(&self) -> u64 {
        self.runs.values().filter(|run| run.dispatched.is_some()).count() as u64
    }

    pub(super) fn output(&mut self, attempt: AttemptId, content: &str) {
        self.output.entry(attempt).or_default().add(content);
    }

    /// Takes an entry in.
    pub(super) fn entry(&mut self, said: &Said<'_>) {
        let seq = self.reach(said);
        if !self.is_declared && !matches!(said.kind, EventKind::Declared { .. }) {
            self.faults.push((seq, None, Fault::NotDeclared));
        }
        match said.kind {
            EventKind::Declared { .. } => {
                if self.is_declared {
                    self.faults.push((seq, None, Fault::DeclaredTwice));
                }
                self.is_open = true;
            }
            EventKind::StatusChanged { to, .. } => self.is_open = to.is_open(),
            EventKind::RoleAssigned { role: IncidentRole::Commander, person } => self.commander = Some(person.id),
            EventKind::AttemptHeld { .. } | EventKind::HoldDecided { .. } => self.hold(said),
            EventKind::AttemptRequested { request } => self.requested(said, request),
            EventKind::ApprovalGranted { attempt, digest, .. } => {
                self.weigh(seq, *attempt, |run| granted(run, said, digest));
            }
            EventKind::BreakGlassOpened { number, until, .. } => self.glass_opened(said, *number, *until),
            EventKind::BreakGlassClosed { number } => self.glass(seq, *number, |glass| {
                glass.closed = true;
                None
            }),
            EventKind::BreakGlassReviewed { number, .. } => {
                let reviewer = in_person(said.actor);
                self.glass(seq, *number, |glass| {
                    glass.reviewed = true;
                    (reviewer.is_none() || reviewer == glass.by).then_some(Fault::OwnBreakGlass)
                });
            }
            EventKind::AttemptQueued { attempt, .. } => {
                self.waive(said, *attempt);
                self.weigh(seq, *attempt, queued);
            }
            EventKind::CancelRequested { attempt, .. } => {
                self.weigh(seq, *attempt, |run| {
                    run.withdrawn = true;
                    run.ended.is_some().then_some(Fault::Over).into_iter().collect()
                });
            }
            EventKind::AttemptDispatched { attempt, fencing_token, .. } => {
                self.waive(said, *attempt);
                self.weigh(seq, *attempt, |run| dispatched(run, said, *fencing_token));
            }
            EventKind::PayloadErased { attempts, reason, days, .. } => {
                let asked = in_person(said.actor).is_some() && days.is_none() && reason.is_some();
                let expired = *said.actor == Actor::System && days.is_some() && !self.is_open;
                if !asked && !expired {
                    self.faults.push((seq, None, Fault::BadErasure));
                }
                let under_way = |id: &&AttemptId| self.runs.get(*id).is_none_or(|run| run.ended.is_none());
                let early: Vec<_> = attempts.iter().filter(under_way).copied().collect();
                self.faults.extend(early.into_iter().map(|id| (seq, Some(id), Fault::BadErasure)));
            }
            EventKind::AttemptFinished { attempt, result, .. } => {
                self.weigh(seq, *attempt, |run| finished(run, seq, result.outcome, result.output_digest.clone()));
            }
            _ => {}
        }
        self.is_declared = true;
    }

    /// Notes when an entry was written down; returns its number.
    const fn reach(&mut self, said: &Said<'_>) -> i64 {
        self.last = Some(said.at);
        said.seq
    }

    /// Something is held, or it is decided what becomes of it.
    fn hold(&mut self, said: &Said<'_>) {
        let (commander, by) = (self.commander, said.actor.person().map(|person| person.id));
        match said.kind {
            EventKind::AttemptHeld { attempt, held, .. } => self.weigh(said.seq, *attempt, |run| {
                let under_way = run.is_under_way();
                run.holding.held(&run.request, held.until, under_way)
            }),
            EventKind::HoldDecided { attempt, commit, .. } => self.weigh(said.seq, *attempt, |run| {
                let theirs = by.is_some() && (by == run.requester || by == commander);
                match run.ended {
                    Some(_) => vec![Fault::Over],
                    None => run.holding.decided(*commit, by.is_some(), theirs, run.withdrawn, said.at),
                }
            }),
            _ => {}
        }
    }

    fn weigh(&mut self, seq: i64, attempt: AttemptId, judge: impl FnOnce(&mut Run) -> Vec<Fault>) {
        let found = self.runs.get_mut(&attempt).map_or_else(|| vec![Fault::UnknownAttempt], judge);
        self.faults.extend(found.into_iter().map(|fault| (seq, Some(attempt), fault)));
    }

    fn glass_opened(&mut self, said: &Said<'_>, number: u32, until: DateTime<Utc>) {
        let by = in_person(said.actor);
        let longest = later(said.at, Duration::minutes(i64::from(BREAK_GLASS_MINUTES)));
        self.glasses.push(Glass { seq: said.seq, by, until, closed: false, reviewed: false });
        if by.is_none() || until > longest || self.glasses.len() != number as usize {
            self.faults.push((said.seq, None, Fault::BadBreakGlass));
        }
    }

    fn glass(&mut self, seq: i64, number: u32, judge: impl FnOnce(&mut Glass) -> Option<Fault>) {
        let glass = (number as usize).checked_sub(1).and_then(|at| self.glasses.get_mut(at));
        let fault = glass.map_or(Some(Fault::UnknownBreakGlass), judge);
        self.faults.extend(fault.map(|fault| (seq, None, fault)));
    }

    /// Tells an attempt whether its requester has broken the glass, so that nobody else had to approve it.
    fn waive(&mut self, said: &Said<'_>, attempt: AttemptId) {
        let Some(run) = self.runs.get_mut(&attempt) else { return };
        let open = |glass: &Glass| !glass.closed && said.at <= later(glass.until, WAITING);
        run.waived =
            self.glasses.iter().any(|glass| run.requester.is_some() && glass.by == run.requester && open(glass));
    }

    /// A retry is explained where a person asked for it after the one before had ended.
    fn requested(&mut self, said: &Said<'_>, request: &AttemptRequest) {
        let id = request.attempt;
        let before = self.steps.entry((request.step.clone(), request.way.is_dry())).or_default();
        let mut faults = Vec::new();
        if self.runs.contains_key(&id) {
            faults.push(Fault::RequestedTwice);
        }
        if before.iter().any(|attempt| self.runs.get(attempt).is_some_and(|run| run.ended.is_none())) {
            faults.push(Fault::StepActive);
        }
        before.push(id);
        if before.len() != request.number as usize {
            faults.push(Fault::NumberSkips);
        }
        let requester = said.actor.person().map(|person| person.id);
        if requester.is_none() {
            faults.push(Fault::NobodyAsked);
        }
        self.faults.extend(faults.into_iter().map(|fault| (said.seq, Some(id), fault)));
        self.runs.entry(id).or_insert_with(|| Run {
            request: request.clone(),
            requester,
            approvers: BTreeSet::new(),
            queued: false,
            waived: false,
            withdrawn: false,
            holding: Holding::default(),
            dispatched: None,
            over_by: None,
            ended: None,
        });
    }

    /// Says what is wrong, and what is only unfinished.
    pub(super) fn finish(mut self, erased: &BTreeSet<AttemptId>) -> (Vec<Problem>, Vec<Remark>) {
        let mut remarks = Vec::new();
        for (id, run) in &self.runs {
            let output = self.output.remove(id).and_then(OutputHasher::finish).map(Digest::from);
            let is_erased = erased.contains(id);
            if is_erased && output.is_some() {
                remarks.push(Remark::NotYetErased { seq: None, attempt: Some(*id) });
            }
            match (&run.ended, run.dispatched) {
                (Some((_, Some(_))), _) if output.is_none() && is_erased => {}
                (Some((seq, Some(_))), _) if output.is_none() => {
                    self.faults.push((*seq, Some(*id), Fault::OutputGone));
                }
                (Some((seq, digest)), _) if *digest != output => {
                    self.faults.push((*seq, Some(*id), Fault::OutputDiffers));
                }
                // Who ends an incident stops nothing that runs.
                (None, Some((seq, _))) if self.is_open || run.over_by >= self.last => {
                    remarks.push(Remark::Running { attempt: *id, seq });
                }
                (None, Some((seq, _))) => self.faults.push((seq, Some(*id), Fault::NoEnd)),
                _ => {}
            }
        }
        let unreviewed = self.glasses.iter().filter(|glass| !glass.reviewed);
        remarks.extend(unreviewed.map(|glass| Remark::Unreviewed { seq: glass.seq }));
        let faults = self.faults.into_iter();
        let problems = faults.map(|(seq, attempt, fault)| Problem::Meaning { seq, attempt, fault });
        let stray = self.output.into_keys().map(|attempt| Problem::StrayOutput { attempt });
        (problems.chain(stray).collect(), remarks)
    }
}

/// Who did what no token may do: approve, break the glass, review that.
const fn in_person(actor: &Actor) -> Option<UserId> {
    match actor {
        Actor::Person(person) => Some(person.id),
        Actor::Token { .. } | Actor::System => None,
    }
}

fn granted(run: &mut Run, said: &Said<'_>, digest: &Digest) -> Vec<Fault> {
    let approver = in_person(said.actor);
    let mut faults = Vec::new();
    let mut fault = |holds: bool, fault| {
        if holds {
            faults.push(fault);
        }
    };
    fault(*digest != run.request.digest, Fault::OtherDigest);
    fault(approver.is_none(), Fault::NobodyApproved);
    fault(approver.is_some() && approver == run.requester, Fault::OwnRequest);
    fault(approver.is_some_and(|approver| run.approvers.contains(&approver)), Fault::ApprovedTwice);
    fault(said.at > later(run.request.expires_at, WAITING), Fault::Expired);
    fault(run.ended.is_some(), Fault::Over);
    fault(run.dispatched.is_some(), Fault::DispatchedAlready);
    // An approval that is wrong counts for nothing.
    if faults.is_empty() {
        run.approvers.extend(approver);
    }
    faults
}

fn queued(run: &mut Run) -> Vec<Fault> {
    run.queued = true;
    if run.ended.is_some() { vec![Fault::Over] } else { few_approvals(run) }
}

fn few_approvals(run: &Run) -> Vec<Fault> {
    let request = &run.request;
    let taken = requirement(request.risk.class, request.environment);
    let needed = taken.map_or(u8::MAX, |taken| taken.approvals).max(request.requirement.approvals);
    if !run.waived && run.approvers.len() < usize::from(needed) { vec![Fault::FewApprovals] } else { Vec::new() }
}

fn dispatched(run: &mut Run, said: &Said<'_>, token: i64) -> Vec<Fault> {
    let mut faults = few_approvals(run);
    if !run.queued {
        faults.push(Fault::NotQueued);
    }
    if said.at > later(run.request.expires_at, WAITING) {
        faults.push(Fault::Expired);
    }
    if run.withdrawn {
        faults.push(Fault::Withdrawn);
    }
    if run.ended.is_some() {
        faults.push(Fault::Over);
    }
    let last = run.dispatched.map_or(0, |(_, token)| token);
    if run.dispatched.is_some() {
        faults.push(Fault::DispatchedAlready);
    }
    if token <= last {
        faults.push(Fault::StaleToken);
    }
    run.dispatched = Some((said.seq, token));
    let held = run.request.hold.as_ref().and_then(|hold| hold.seconds).unwrap_or(0);
    let longest = Duration::seconds(i64::from(run.request.timeout_seconds) + i64::from(held));
    run.over_by = Some(later(said.at, longest + LATE));
    faults
}

fn finished(run: &mut Run, seq: i64, outcome: Outcome, digest: Option<Digest>) -> Vec<Fault> {
    if run.ended.is_some() {
        return vec![Fault::Over];
    }
    run.ended = Some((seq, digest));
    if outcome == Outcome::Succeeded && run.holding.lacks_commit(&run.request) {
        return vec![Fault::NotCommitted];
    }
    match (outcome, run.dispatched) {
        (Outcome::Voided, Some(_)) => vec![Fault::VoidedAfterDispatch],
        (Outcome::Voided, None) | (_, Some(_)) => Vec::new(),
        (_, None) => vec![Fault::NeverDispatched],
    }
}
