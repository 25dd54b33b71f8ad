//! What is looked at afterwards.

use crate::incident::{PostmortemSection, PostmortemState};
use crate::metrics::MetricKind;
use crate::request::DeviationKind;
use crate::text::Locale;

use super::{Term, pick};

terms! {
    PostmortemSection {
        Summary: "Summary", "Resumo";
        Impact: "Impact", "Impacto";
        Detection: "Detection", "Detecção";
        Trigger: "Trigger", "Gatilho";
        ContributingFactors: "Contributing factors", "Fatores contribuintes";
        Resolution: "Resolution", "Resolução";
        WentWell: "What went well", "O que foi bem";
        WentBadly: "What went badly", "O que foi mal";
        Lucky: "Where we were lucky", "Onde tivemos sorte";
        Surprises: "Surprises", "Surpresas";
    }
    PostmortemState {
        Draft: "Draft", "Rascunho";
        InReview: "In review", "Em revisão";
        Reviewed: "Reviewed", "Revisado";
        Published: "Published", "Publicado";
    }
    MetricKind {
        TimeToDetect: "Time to detect", "Tempo até detectar";
        TimeToAcknowledge: "Time to acknowledge", "Tempo até reconhecer";
        TimeToMobilise: "Time to mobilise", "Tempo até mobilizar";
        TimeToMitigate: "Time to mitigate", "Tempo até mitigar";
        TimeToResolve: "Time to resolve", "Tempo até resolver";
        Rto: "RTO", "RTO";
        Rpo: "RPO", "RPO";
    }
    DeviationKind {
        Skipped: "Skipped", "Pulado";
        NotReached: "Not reached", "Não alcançado";
        Failed: "Failed", "Falhou";
        Repeated: "Repeated", "Repetido";
        OutOfOrder: "Out of order", "Fora de ordem";
        OutcomeUnknown: "Outcome unknown", "Desfecho desconhecido";
    }
}

/// Returns what a figure is measured from and to.
pub const fn formula(kind: MetricKind, locale: Locale) -> &'static str {
    match kind {
        MetricKind::TimeToDetect => pick(locale, "impact started → detected", "início do impacto → detectado"),
        MetricKind::TimeToAcknowledge => {
            pick(locale, "declared → first acknowledged", "declarado → primeiro reconhecimento")
        }
        MetricKind::TimeToMobilise => {
            pick(locale, "declared → last responder joined", "declarado → último respondente")
        }
        MetricKind::TimeToMitigate => pick(locale, "detected → mitigated", "detectado → mitigado"),
        MetricKind::TimeToResolve => pick(locale, "declared → resolved", "declarado → resolvido"),
        MetricKind::Rto => {
            pick(locale, "declared → resolved, against the runbook", "declarado → resolvido, contra o runbook")
        }
        MetricKind::Rpo => {
            pick(locale, "age of the data restored, against the runbook", "idade do dado restaurado, contra o runbook")
        }
    }
}
