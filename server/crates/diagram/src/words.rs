//! The words of pictures and lists that are not the author's, in both languages.

use farol_api::graph::{NodeKind, Phase};
use farol_api::incident::StepStatus;
use farol_api::risk::RiskClass;
use farol_api::text::Locale;

/// Chooses a word.
const fn pick(locale: Locale, en: &'static str, pt: &'static str) -> &'static str {
    match locale {
        Locale::En => en,
        Locale::PtBr => pt,
    }
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident: $en:literal, $pt:literal;)*) => {
        $($(#[$doc])* pub const fn $name(locale: Locale) -> &'static str { pick(locale, $en, $pt) })*
    };
}

words! {
    step_graph: "Step graph", "Grafo de passos";
    no_steps: "No steps", "Nenhum passo";
    steps: "Steps", "Passos";
    by_hand: "by hand", "à mão";
    unclassified: "not classified", "não classificado";
    condition: "if", "se";
    here: "you are here", "você está aqui";
    ends_here: "ends here", "termina aqui";
    begins_here: "begins here", "começa aqui";
    then_to: "then", "depois";
    goes_to: "continues at", "continua em";
    needs: "needs", "precisa de";
    needs_short: "needed by", "necessário para";
    on_failure: "if it fails", "se falhar";
    if_it_fails: "if it fails, go to", "se falhar, ir para";
    choose_one: "choose one of", "escolha uma de";
    after: "after", "após";
}

/// The name of a phase.
pub const fn phase(locale: Locale, phase: Phase) -> &'static str {
    match phase {
        Phase::Detect => pick(locale, "Detection", "Detecção"),
        Phase::Triage => pick(locale, "Triage", "Triagem"),
        Phase::Diagnose => pick(locale, "Diagnosis", "Diagnóstico"),
        Phase::Resolve => pick(locale, "Resolution", "Resolução"),
        Phase::Verify => pick(locale, "Verification", "Verificação"),
        Phase::Rollback => pick(locale, "Rollback", "Reversão"),
        Phase::Escalate => pick(locale, "Escalation", "Escalonamento"),
        Phase::Prevent => pick(locale, "Prevention", "Prevenção"),
        Phase::Review => pick(locale, "Review", "Revisão"),
    }
}

/// The word for a kind of node.
pub const fn kind(locale: Locale, kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Sql => "SQL",
        NodeKind::Shell => "shell",
        NodeKind::Http => "HTTP",
        NodeKind::Manual => by_hand(locale),
        NodeKind::Check => pick(locale, "checklist", "checklist"),
        NodeKind::Verify => pick(locale, "verify", "verificar"),
        NodeKind::Decision => pick(locale, "decision", "decisão"),
        NodeKind::Reference => pick(locale, "reference, not run", "referência, não executada"),
        NodeKind::Prohibition => pick(locale, "never", "nunca"),
        NodeKind::Escalation => pick(locale, "escalation", "escalonamento"),
        NodeKind::Goto => pick(locale, "go to", "ir para"),
    }
}

/// The word for a risk class.
pub const fn risk(locale: Locale, class: RiskClass) -> &'static str {
    match class {
        RiskClass::Read => pick(locale, "reads", "lê"),
        RiskClass::SideEffect => pick(locale, "reads, with a side effect", "lê, com efeito colateral"),
        RiskClass::Write => pick(locale, "writes", "escreve"),
        RiskClass::Schema => pick(locale, "changes the schema", "altera o esquema"),
        RiskClass::Destructive => pick(locale, "destroys", "destrói"),
        RiskClass::Administration => pick(locale, "administers", "administra"),
        RiskClass::Unknown => pick(locale, "not understood", "não compreendido"),
        RiskClass::Session => pick(locale, "refused: session control", "recusado: controle de sessão"),
    }
}

/// The shape and the word for where a step stands.
pub const fn status(locale: Locale, status: StepStatus) -> (&'static str, &'static str) {
    match status {
        StepStatus::Pending => ("○", pick(locale, "to do", "a fazer")),
        StepStatus::AwaitingApproval => ("◇", pick(locale, "waits for approval", "espera aprovação")),
        StepStatus::Queued => ("◌", pick(locale, "queued", "na fila")),
        StepStatus::Running => ("▶", pick(locale, "running", "executando")),
        StepStatus::Succeeded => ("✓", pick(locale, "succeeded", "concluído")),
        StepStatus::Failed => ("✕", pick(locale, "failed", "falhou")),
        StepStatus::Cancelled => ("◫", pick(locale, "stopped", "interrompido")),
        StepStatus::TimedOut => ("✕", pick(locale, "timed out", "tempo esgotado")),
        StepStatus::OutcomeUnknown => ("?", pick(locale, "outcome unknown", "desfecho desconhecido")),
        StepStatus::Done => ("✓", pick(locale, "done", "feito")),
        StepStatus::Skipped => ("⊘", pick(locale, "skipped", "pulado")),
    }
}

/// How many steps and decisions there are, in a sentence.
pub fn summary(locale: Locale, steps: usize, decisions: usize) -> String {
    let step = if steps == 1 { pick(locale, "step", "passo") } else { pick(locale, "steps", "passos") };
    let decision = match (decisions, locale) {
        (1, Locale::En) => "decision",
        (_, Locale::En) => "decisions",
        (1, Locale::PtBr) => "decisão",
        (_, Locale::PtBr) => "decisões",
    };
    format!("{steps} {step}, {decisions} {decision}.")
}
