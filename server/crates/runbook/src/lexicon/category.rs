//! What words can mean, as the lexicons name it.

macro_rules! categories {
    ($($category:ident = $name:literal),* $(,)?) => {
        /// A kind of words.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Category {
            $(#[doc = concat!("`", $name, "` in a lexicon.")] $category),*
        }

        impl Category {
            /// All of them, in the order of their numbers, each with its name.
            pub const ALL: &'static [(Self, &'static str)] = &[$((Self::$category, $name)),*];
        }
    };
}

categories! {
    Actor = "actor",
    Adds = "adds",
    After = "after",
    AlertRule = "alertrule",
    AlertWord = "alertword",
    Allowed = "allowed",
    Alternative = "alternative",
    Article = "article",
    BeforeThat = "beforethat",
    Case = "case",
    Cases = "cases",
    Cause = "cause",
    Checklist = "checklist",
    Command = "command",
    Contacts = "contacts",
    Days = "days",
    Edits = "edits",
    Entering = "entering",
    Env = "env",
    Escalate = "escalate",
    Expected = "expected",
    Forbid = "forbid",
    Goto = "goto",
    Guard = "guard",
    GuardInside = "guard.inside",
    GuardStrong = "guard.strong",
    Hours = "hours",
    Imported = "imported",
    Info = "info",
    Itself = "itself",
    Lead = "lead",
    Leading = "leading",
    Manner = "manner",
    Means = "means",
    Mention = "mention",
    MetaContact = "meta.contact",
    MetaOther = "meta.other",
    MetaOwner = "meta.owner",
    MetaRpo = "meta.rpo",
    MetaRto = "meta.rto",
    MetaSeverity = "meta.severity",
    MetaTime = "meta.time",
    MetaUpdated = "meta.updated",
    Might = "might",
    Minutes = "minutes",
    NotVerb = "notverb",
    Option = "option",
    Others = "others",
    Output = "output",
    Past = "past",
    PhaseDetect = "phase.detect",
    PhaseDiagnose = "phase.diagnose",
    PhaseEscalate = "phase.escalate",
    PhasePrevent = "phase.prevent",
    PhaseResolve = "phase.resolve",
    PhaseReview = "phase.review",
    PhaseRollback = "phase.rollback",
    PhaseTriage = "phase.triage",
    PhaseVerify = "phase.verify",
    Place = "place",
    Pointed = "pointed",
    Prohibit = "prohibit",
    ProhibitLabel = "prohibit.label",
    QueryWord = "queryword",
    Refused = "refused",
    Remedy = "remedy",
    Remind = "remind",
    Run = "run",
    RunWord = "runword",
    Sample = "sample",
    Save = "save",
    Scenario = "scenario",
    Seconds = "seconds",
    Setup = "setup",
    Shown = "shown",
    Small = "small",
    Solution = "solution",
    State = "state",
    Step = "step",
    Stop = "stop",
    Symptoms = "symptoms",
    System = "system",
    Template = "template",
    Threshold = "threshold",
    ToolWord = "toolword",
    Trailing = "trailing",
    Verb = "verb",
    VerbNoun = "verb.noun",
    Via = "via",
    WasRun = "wasrun",
    Ways = "ways",
    Weeks = "weeks",
    WhenTo = "whento",
    Whether = "whether",
    Wrong = "wrong",
}

impl Category {
    /// Finds a category by its name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(category, _)| *category)
    }
}
