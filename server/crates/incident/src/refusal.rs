//! Why a command is refused. The server has the words for people.

use farol_api::approval::ApprovalBar;

/// Why nothing happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The incident is over; it has to be reopened first.
    #[error("the incident is over")]
    IncidentOver,
    /// The runbook has no such step.
    #[error("no such step")]
    UnknownStep,
    /// The step is of another kind than the command is for.
    #[error("the step is of another kind")]
    WrongKind,
    /// The step belongs to a branch that was not chosen.
    #[error("the step is on a branch that was not chosen")]
    OffPath,
    /// A step that it needs is not done.
    #[error("a step that it needs is not done")]
    NeedsUnmet,
    /// An attempt of the step is under way.
    #[error("an attempt is under way")]
    StepActive,
    /// The step is finished; it has to be taken up again first.
    #[error("the step is finished")]
    StepFinished,
    /// The step is not finished.
    #[error("the step is not finished")]
    StepNotFinished,
    /// The decision has no such branch.
    #[error("no such branch")]
    UnknownArm,
    /// There is no such attempt.
    #[error("no such attempt")]
    UnknownAttempt,
    /// The attempt does not wait for approval any more.
    #[error("the attempt does not wait for approval")]
    NotAwaiting,
    /// The attempt is over.
    #[error("the attempt is over")]
    AttemptOver,
    /// The attempt is not over: its output still grows.
    #[error("the attempt is not over")]
    AttemptNotOver,
    /// There is no output, or the entry has no text that somebody typed.
    #[error("nothing to erase")]
    NothingToErase,
    /// The incident was not typed as it is.
    #[error("the incident was not typed as it is")]
    IncidentNotTyped,
    /// Nothing is held of the attempt, or it was decided already.
    #[error("nothing is held")]
    NotHeld,
    /// The time to decide is over, or the attempt is to be stopped.
    #[error("the time to decide is over")]
    HoldOver,
    /// Only who asked for it, or the incident commander, decides.
    #[error("this person does not decide")]
    NotYours,
    /// What would run is not what was seen.
    #[error("what would run is not what was seen")]
    Changed,
    /// The request expired.
    #[error("the request expired")]
    Expired,
    /// This person may not approve it.
    #[error("this person may not approve it")]
    Barred(ApprovalBar),
    /// Break-glass is open for this person already.
    #[error("break-glass is open already")]
    BreakGlassOpen,
    /// Break-glass lasts from 1 to 30 minutes.
    #[error("break-glass lasts from 1 to 30 minutes")]
    BreakGlassMinutes,
    /// There is no such break-glass, or it is over.
    #[error("no such break-glass")]
    UnknownBreakGlass,
    /// What is run under break-glass is looked at when it is over.
    #[error("break-glass is still open")]
    BreakGlassNotOver,
    /// Who broke the glass does not review it.
    #[error("who broke the glass does not review it")]
    BreakGlassOwn,
    /// It was reviewed already.
    #[error("reviewed already")]
    BreakGlassReviewed,
    /// Steps of this class are never run.
    #[error("steps of this class are never run")]
    ClassRefused,
    /// The target's name was not typed as it is.
    #[error("the target's name was not typed as it is")]
    TargetNotTyped,
    /// What the step does beside reading was not confirmed.
    #[error("not confirmed")]
    NotConfirmed,
    /// A reason is needed.
    #[error("a reason is needed")]
    ReasonNeeded,
    /// A text is needed.
    #[error("a text is needed")]
    TextNeeded,
    /// The text is longer than 64 KiB.
    #[error("the text is too long")]
    TextTooLong,
    /// The status cannot follow the present one.
    #[error("the status cannot follow")]
    StatusNotReachable,
    /// The milestone is recorded by other means.
    #[error("the milestone is not recorded by hand")]
    MilestoneNotByHand,
    /// The time is in the future.
    #[error("the time is in the future")]
    InFuture,
    /// The runbook has no such parameter.
    #[error("no such parameter")]
    UnknownParameter,
    /// There is no such entry, or it is later than this one.
    #[error("no such entry")]
    UnknownEntry,
    /// There is no such action item.
    #[error("no such action item")]
    UnknownActionItem,
    /// The due date is not `YYYY-MM-DD`.
    #[error("the due date is not a date")]
    InvalidDate,
    /// The post-mortem cannot go there from where it is.
    #[error("the post-mortem cannot go there")]
    PostmortemNotReachable,
    /// A published or reviewed post-mortem does not change.
    #[error("the post-mortem is closed to changes")]
    PostmortemClosed,
    /// Who wrote it does not review it.
    #[error("a writer does not review")]
    ReviewerIsWriter,
    /// The post-mortem begins when the incident is resolved.
    #[error("the incident is not resolved yet")]
    NotResolved,
}
