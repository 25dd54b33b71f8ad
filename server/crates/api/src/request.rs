//! What clients send, and the small answers to it.
//!
//! Plain HTML forms send the same bodies as the typed client, translated field by field: an absent field and an
//! empty one are the same, and numbers and times come as text.

use serde::{Deserialize, Serialize};

use crate::approval::Way;
use crate::confine::Machine;
use crate::digest::Digest;
use crate::event::Event;
use crate::id::{AttemptId, IncidentId, RunbookId, TargetId, UserId};
use crate::incident::{IncidentRole, Milestone, PostmortemSection, PostmortemState, Severity, Status};
use crate::metrics::Metric;
use crate::runbook::RevisionSummary;
use crate::target::{CredentialRole, DatabaseKind, Environment, LeastApprovals, ShellSettings};
use crate::text::Locale;
use crate::user::{Invitation, Role, Session, TokenScope, User};
use chrono::{DateTime, Utc};

macro_rules! wire {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
            #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
            pub struct $name {
                $($(#[$field_doc])* pub $field: $type,)*
            }
        )*
    };
}

wire! {
    /// Makes the first owner; `token` is printed by the server at its first start.
    SetUp {
        /// The one-time token.
        token: String,
        /// What they log in with.
        email: String,
        /// What others see.
        name: String,
        /// At least 12 characters.
        password: String,
    }
    /// Logs in.
    LogIn {
        /// The account's e-mail.
        email: String,
        /// Its password.
        password: String,
    }
    /// Makes a token for a program that acts for the one who asks.
    MakeToken {
        /// What it is for.
        name: String,
        /// What it may do.
        scope: TokenScope,
        /// After how many days it ends, 1 to 365; 90 where absent.
        days: Option<u32>,
    }
    /// A token just made; its secret is never shown again.
    TokenMade {
        /// Goes into the header `Authorization: Bearer …`.
        secret: String,
        /// The token as it is listed.
        token: Session,
    }
    /// Accepts an invitation.
    AcceptInvitation {
        /// What others see; kept as it is where a new password is chosen.
        #[serde(default)]
        name: String,
        /// At least 12 characters.
        password: String,
    }
    /// Invites somebody.
    Invite {
        /// Whom.
        email: String,
        /// The role they will have.
        role: Role,
    }
    /// An invitation just made; its link is shown this once.
    Invited {
        /// The invitation.
        invitation: Invitation,
        /// The path to open, with the secret.
        path: String,
    }
    /// What a visitor sees of an invitation before accepting it.
    InvitationView {
        /// Whom it is for.
        email: String,
        /// The role they will have.
        role: Role,
        /// Who invited them.
        invited_by: String,
        /// Whether they have an account, and choose a new password.
        #[serde(default)]
        resets: bool,
    }
    /// Who is asking, and what the pages around everything need.
    Me {
        /// The reader.
        user: User,
        /// Their current session.
        session: Session,
        /// How many attempts wait for their approval.
        approvals: usize,
        /// Where somebody's steps run without approval now: everybody is told.
        #[serde(default)]
        break_glass: Vec<OpenBreakGlass>,
    }
    /// What changed for the one who looks, whatever page they look at.
    Notice {
        /// How many attempts wait for their approval.
        approvals: usize,
        /// Where somebody's steps run without approval now.
        break_glass: Vec<OpenBreakGlass>,
    }
    /// Break-glass that is open, as everybody is told.
    OpenBreakGlass {
        /// The incident.
        incident_id: IncidentId,
        /// What it is about.
        incident_title: String,
        /// Whose steps run without approval.
        by: String,
        /// Until when at most.
        until: DateTime<Utc>,
    }
    /// Breaks the glass: for so long one's own steps run without other people's approval.
    StartBreakGlass {
        /// Why nobody else can approve.
        reason: String,
        /// For how long, 1 to 30.
        minutes: u32,
    }
    /// Says what was found of what was run under break-glass.
    ReviewBreakGlass {
        /// In one's own words.
        text: String,
    }
    /// Whether the server waits for its first owner.
    SetUpState {
        /// True until the first owner exists.
        needed: bool,
    }
    /// All people and open invitations.
    People {
        /// The accounts.
        users: Vec<User>,
        /// The open invitations.
        invitations: Vec<Invitation>,
    }
    /// Declares an incident.
    Declare {
        /// What it is about.
        title: String,
        /// How bad it is; where absent, the runbook's own, else SEV2.
        severity: Option<Severity>,
        /// The runbook to walk; its newest revision is kept.
        runbook: Option<RunbookId>,
        /// Where steps run that name no target.
        target: Option<TargetId>,
        /// Whether it is an exercise.
        #[serde(default)]
        drill: bool,
    }
    /// An incident just declared.
    Declared {
        /// Its number.
        id: IncidentId,
    }
    /// Changes severity.
    ChangeSeverity {
        /// The new one.
        severity: Severity,
        /// Why.
        reason: Option<String>,
    }
    /// Changes status.
    ChangeStatus {
        /// The new one.
        status: Status,
        /// Why.
        reason: Option<String>,
    }
    /// Records a milestone.
    RecordMilestone {
        /// Which.
        milestone: Milestone,
        /// When it was; now where absent.
        at: Option<DateTime<Utc>>,
    }
    /// Records the age of the data restored.
    RecordDataAge {
        /// Minutes.
        minutes: u64,
    }
    /// Takes or gives a role.
    AssignRole {
        /// Which.
        role: IncidentRole,
        /// Who; the one who asks where absent.
        user: Option<UserId>,
    }
    /// Fills a parameter for the whole incident.
    SetParameter {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    }
    /// Chooses a branch.
    ChooseBranch {
        /// The index of the arm.
        arm: usize,
        /// Why.
        reason: Option<String>,
    }
    /// Marks a person's step as done.
    FinishStep {
        /// What was seen.
        observed: Option<String>,
    }
    /// Fails or skips a step.
    StepReason {
        /// Why; must not be empty.
        reason: String,
    }
    /// Takes a finished step up again.
    ReopenStep {
        /// Why.
        reason: Option<String>,
    }
    /// Asks to run a step as it was shown.
    StartAttempt {
        /// The digest of the preview that the requester saw.
        digest: Digest,
        /// The target's name, typed, where the class takes that.
        typed_target: Option<String>,
        /// The reason, where the class takes that.
        reason: Option<String>,
        /// Whether what the step does beside reading was confirmed.
        #[serde(default)]
        confirmed: bool,
        /// The way that was shown, where there are two; the usual one where absent.
        #[serde(default)]
        way: Option<Way>,
        /// Whether what it changes is held before it is committed, as it was shown; as usual where absent.
        #[cfg(not(target_arch = "wasm32"))]
        #[serde(default)]
        hold: Option<bool>,
    }
    /// An attempt that was accepted.
    AttemptStarted {
        /// The attempt.
        attempt: AttemptId,
    }
    /// Approves an attempt as it was shown.
    Approve {
        /// The digest that the approver saw.
        digest: Digest,
    }
    /// Decides what becomes of a change that is held.
    DecideHold {
        /// Whether it is committed; rolled back where not.
        commit: bool,
    }
    /// Erases the stored output of an attempt, or the text of an entry: one of the two.
    Erase {
        /// The attempt.
        attempt: Option<AttemptId>,
        /// The entry, by its number.
        seq: Option<i64>,
        /// Why; must not be empty. It stays in the record.
        reason: String,
        /// The incident, typed as `INC-` and its number: what is erased does not come back.
        typed: String,
    }
    /// Refuses an attempt.
    Refuse {
        /// Why; must not be empty.
        reason: String,
    }
    /// Writes a note.
    WriteNote {
        /// Markdown; must not be empty.
        text: String,
        /// The step it is about.
        step: Option<crate::id::StepId>,
    }
    /// Corrects an earlier entry.
    Correct {
        /// The entry's number.
        seq: i64,
        /// What is right.
        text: String,
    }
    /// Events after one, for pollers.
    Events {
        /// The events, oldest first.
        events: Vec<Event>,
        /// Whether there are more.
        more: bool,
    }
    /// Saves a runbook.
    SaveRunbook {
        /// The Markdown source.
        source: String,
        /// Why it changed.
        note: Option<String>,
        /// The revision that was edited; absent for a new runbook.
        base: Option<Digest>,
        /// Whether `source` passed through a text area, which knows one kind of line end: then it gets those of `base`.
        #[serde(default)]
        line_ends_of_base: bool,
    }
    /// Creates a runbook.
    CreateRunbook {
        /// Its id; made from the title where absent.
        id: Option<RunbookId>,
        /// The Markdown source.
        source: String,
        /// Why.
        note: Option<String>,
    }
    /// A runbook just saved.
    RunbookSaved {
        /// The runbook.
        id: RunbookId,
        /// The revision it has now.
        revision: Digest,
        /// Whether that revision is new; the same bytes make none.
        created: bool,
    }
    /// Text to preview.
    PreviewRunbook {
        /// The Markdown source.
        source: String,
    }
    /// A runbook's revisions, newest first.
    Revisions {
        /// The runbook.
        id: RunbookId,
        /// Its title now.
        title: String,
        /// The revisions.
        revisions: Vec<RevisionSummary>,
    }
    /// Registers or changes a target.
    SaveTarget {
        /// What it is.
        #[serde(default)]
        description: String,
        /// How much it matters.
        environment: Environment,
        /// The kind of its database.
        database: Option<DatabaseKind>,
        /// Connection URLs by role; a role that is absent keeps what it has. Write-only.
        #[serde(default)]
        credentials: Vec<NewCredential>,
        /// Its shell.
        shell: Option<ShellSettings>,
        /// The longest a step may run, in seconds; 60 where absent.
        timeout_seconds: Option<u32>,
        /// How many other people must approve at least; what the classes take where absent.
        #[serde(default)]
        approvals: LeastApprovals,
    }
    /// A credential for a target. Encrypted at rest and never shown again.
    NewCredential {
        /// Its role.
        role: CredentialRole,
        /// A connection URL, for example `postgres://user:password@host/db` or `sqlite:///path/file.db`.
        url: String,
    }
    /// What a connection test found, layer by layer.
    TargetCheck {
        /// The credentials tested.
        checks: Vec<CredentialCheck>,
        /// How far this server confines scripts; absent where the target has no shell.
        machine: Option<Machine>,
    }
    /// What a connection test of one credential found.
    CredentialCheck {
        /// Its role.
        role: CredentialRole,
        /// Whether a connection was made and answered.
        ok: bool,
        /// What failed, as a code that the interface has words for.
        failure: Option<crate::event::FailureCode>,
    }
    /// Changes a person.
    ChangeUser {
        /// Their new role.
        role: Option<Role>,
        /// True closes the account to logins, false opens it again.
        disabled: Option<bool>,
        /// True lets them break the glass, false takes that back; owners may anyway.
        #[serde(default)]
        break_glass: Option<bool>,
    }
    /// Changes one's own settings.
    ChangeMe {
        /// The interface's language.
        locale: Option<Locale>,
    }
    /// Writes a section of the post-mortem.
    WriteSection {
        /// Which.
        section: PostmortemSection,
        /// Markdown.
        text: String,
    }
    /// Adds or changes an action item.
    SetActionItem {
        /// The item to change; a new one where absent.
        number: Option<u32>,
        /// What is to be done.
        text: String,
        /// By whom.
        owner: Option<String>,
        /// Until when, as `YYYY-MM-DD`.
        due: Option<String>,
        /// Whether it was done.
        #[serde(default)]
        done: bool,
    }
    /// Moves the post-mortem on.
    MovePostmortem {
        /// Where to.
        state: PostmortemState,
    }
    /// What the post-incident page shows.
    AfterView {
        /// The room as it was left.
        room: crate::room::RoomView,
        /// The figures.
        metrics: Vec<Metric>,
        /// What went other than the runbook says.
        deviations: Vec<Deviation>,
    }
    /// Something that went other than the runbook says.
    Deviation {
        /// What kind.
        kind: DeviationKind,
        /// The step.
        step: crate::id::StepId,
        /// What it is called.
        title: String,
        /// The reason given, or what was seen.
        detail: Option<String>,
        /// The event that shows it.
        seq: Option<i64>,
    }
    /// A version and whether the server is well.
    Health {
        /// `ok`.
        status: String,
        /// The version of the program.
        version: String,
    }
}

/// Kinds of deviation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeviationKind {
    /// A step was skipped.
    Skipped,
    /// A step was never touched.
    NotReached,
    /// A step failed.
    Failed,
    /// A step took more than one attempt.
    Repeated,
    /// A step was done after a later one.
    OutOfOrder,
    /// Nobody knows how it ended.
    OutcomeUnknown,
}
