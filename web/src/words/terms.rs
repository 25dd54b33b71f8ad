//! The shared terms in the language of the page, and what else is said about them.

use farol_api::incident::PostmortemSection;
use farol_api::metrics::MetricKind;
use farol_api::terms;
use farol_api::user::Role;

use crate::visit::locale;

words! {
    risk_manual: "by hand", "à mão";
    phase_none: "Steps", "Passos";
    does_owner: "everything, and makes owners", "tudo, e nomeia proprietários";
    does_admin: "people, targets, settings, erasing", "pessoas, alvos, ajustes, apagar";
    does_author: "writes runbooks", "escreve runbooks";
    does_approver: "approves others' steps", "aprova passos dos outros";
    does_responder: "declares and walks incidents", "declara e conduz incidentes";
    does_viewer: "reads", "lê";
    hint_summary: "What happened, in a paragraph.", "O que aconteceu, em um parágrafo.";
    hint_impact: "Who felt what, for how long.", "Quem sentiu o quê, por quanto tempo.";
    hint_detection: "How it was noticed, and whether it could have been sooner.", "Como foi percebido, e se poderia ter sido antes.";
    hint_trigger: "What set it off.", "O que o disparou.";
    hint_factors: "What made it possible or worse.", "O que o tornou possível ou pior.";
    hint_resolution: "What ended it.", "O que o encerrou.";
    hint_well: "What to keep.", "O que manter.";
    hint_badly: "What to change.", "O que mudar.";
    hint_lucky: "What saved us by chance.", "O que nos salvou por acaso.";
    hint_surprises: "What nobody expected.", "O que ninguém esperava.";
}

/// Gives the word for a value of a shared type.
pub trait Term: terms::Term {
    /// Returns it in the language of the page.
    fn word(self) -> &'static str {
        self.term(locale())
    }
}

impl<T: terms::Term> Term for T {}

/// Returns what is measured by a figure.
pub fn formula(kind: MetricKind) -> &'static str {
    terms::formula(kind, locale())
}

/// Returns what a role may do, in a few words.
pub fn may(role: Role) -> &'static str {
    let w = words();
    match role {
        Role::Owner => w.does_owner,
        Role::Admin => w.does_admin,
        Role::Author => w.does_author,
        Role::Approver => w.does_approver,
        Role::Responder => w.does_responder,
        Role::Viewer => w.does_viewer,
    }
}

/// Returns what belongs into a section of the post-mortem.
pub fn section_hint(section: PostmortemSection) -> &'static str {
    let w = words();
    match section {
        PostmortemSection::Summary => w.hint_summary,
        PostmortemSection::Impact => w.hint_impact,
        PostmortemSection::Detection => w.hint_detection,
        PostmortemSection::Trigger => w.hint_trigger,
        PostmortemSection::ContributingFactors => w.hint_factors,
        PostmortemSection::Resolution => w.hint_resolution,
        PostmortemSection::WentWell => w.hint_well,
        PostmortemSection::WentBadly => w.hint_badly,
        PostmortemSection::Lucky => w.hint_lucky,
        PostmortemSection::Surprises => w.hint_surprises,
    }
}
