//! What an incident and its steps go through.

use crate::event::Outcome;
use crate::incident::{IncidentRole, Milestone, Severity, Status, StepStatus};
use crate::text::Locale;

use super::{Term, pick};

terms! {
    Severity {
        Sev1: "the worst", "a pior";
        Sev2: "bad", "grave";
        Sev3: "felt by some", "sentida por alguns";
        Sev4: "hardly felt", "quase não sentida";
        Sev5: "not felt", "não sentida";
    }
    Status {
        Declared: "Declared", "Declarado";
        Investigating: "Investigating", "Investigando";
        Mitigating: "Mitigating", "Mitigando";
        Monitoring: "Monitoring", "Monitorando";
        Resolved: "Resolved", "Resolvido";
        Closed: "Closed", "Encerrado";
        Cancelled: "Cancelled, a false alarm", "Cancelado, alarme falso";
    }
    StepStatus {
        Pending: "to do", "a fazer";
        AwaitingApproval: "waits for approval", "espera aprovação";
        Queued: "queued", "na fila";
        Running: "running", "executando";
        Succeeded: "succeeded", "concluído";
        Failed: "failed", "falhou";
        Cancelled: "stopped", "interrompido";
        TimedOut: "timed out", "tempo esgotado";
        OutcomeUnknown: "outcome unknown", "desfecho desconhecido";
        Done: "done", "feito";
        Skipped: "skipped", "pulado";
    }
    Milestone {
        ImpactStarted: "Impact started", "Início do impacto";
        Detected: "Detected", "Detectado";
        Declared: "Declared", "Declarado";
        Acknowledged: "Acknowledged", "Reconhecido";
        Mitigated: "Mitigated", "Mitigado";
        Resolved: "Resolved", "Resolvido";
        ImpactEnded: "Impact ended", "Fim do impacto";
        Closed: "Closed", "Encerrado";
        PostmortemPublished: "Post-mortem published", "Post-mortem publicado";
    }
    IncidentRole {
        Commander: "Commander", "Comandante";
        Deputy: "Deputy", "Substituto";
        Scribe: "Scribe", "Escriba";
        SubjectExpert: "Subject expert", "Especialista";
        Communications: "Communications", "Comunicação";
    }
    Outcome {
        Succeeded: "succeeded", "concluiu";
        Failed: "failed", "falhou";
        Cancelled: "was stopped", "foi interrompida";
        TimedOut: "ran out of time", "esgotou o tempo";
        OutcomeUnknown: "was sent, and nobody knows how it ended", "foi enviada, e não se sabe como terminou";
        Voided: "never ran", "não chegou a rodar";
    }
}

/// Returns the shape for where a step stands, which its word stands beside: never a colour alone.
pub const fn shape(status: StepStatus) -> &'static str {
    match status {
        StepStatus::Pending => "○",
        StepStatus::AwaitingApproval => "◇",
        StepStatus::Queued => "◌",
        StepStatus::Running => "▶",
        StepStatus::Succeeded | StepStatus::Done => "✓",
        StepStatus::Failed | StepStatus::TimedOut => "✕",
        StepStatus::Cancelled => "◫",
        StepStatus::OutcomeUnknown => "?",
        StepStatus::Skipped => "⊘",
    }
}
