//! Words for the shared terms. Each `match` is exhaustive, so a new value without words does not compile.

use farol_api::event::{FailureCode, Outcome};
use farol_api::incident::{IncidentRole, Milestone, PostmortemSection, PostmortemState, Severity, Status, StepStatus};
use farol_api::metrics::MetricKind;
use farol_api::request::DeviationKind;
use farol_api::risk::RiskClass;
use farol_api::target::Environment;
use farol_api::text::Locale;

words! {
    status_declared: "Declared", "Declarado";
    status_investigating: "Investigating", "Investigando";
    status_mitigating: "Mitigating", "Mitigando";
    status_monitoring: "Monitoring", "Monitorando";
    status_resolved: "Resolved", "Resolvido";
    status_closed: "Closed", "Encerrado";
    status_cancelled: "Cancelled, a false alarm", "Cancelado, alarme falso";
    step_pending: "to do", "a fazer";
    step_awaiting: "waits for approval", "espera aprovação";
    step_queued: "queued", "na fila";
    step_running: "running", "executando";
    step_succeeded: "succeeded", "concluído";
    step_failed: "failed", "falhou";
    step_cancelled: "stopped", "interrompido";
    step_timed_out: "timed out", "tempo esgotado";
    step_unknown: "outcome unknown", "desfecho desconhecido";
    step_done: "done", "feito";
    step_skipped: "skipped", "pulado";
    out_succeeded: "succeeded", "concluiu";
    out_failed: "failed", "falhou";
    out_cancelled: "was stopped", "foi interrompida";
    out_timed_out: "ran out of time", "esgotou o tempo";
    out_unknown: "was sent, and nobody knows how it ended", "foi enviada, e não se sabe como terminou";
    out_voided: "never ran", "não chegou a rodar";
    mile_impact_started: "Impact started", "Início do impacto";
    mile_detected: "Detected", "Detectado";
    mile_declared: "Declared", "Declarado";
    mile_acknowledged: "Acknowledged", "Reconhecido";
    mile_mitigated: "Mitigated", "Mitigado";
    mile_resolved: "Resolved", "Resolvido";
    mile_impact_ended: "Impact ended", "Fim do impacto";
    mile_closed: "Closed", "Encerrado";
    mile_published: "Post-mortem published", "Post-mortem publicado";
    role_commander: "Commander", "Comandante";
    role_deputy: "Deputy", "Substituto";
    role_scribe: "Scribe", "Escriba";
    role_expert: "Subject expert", "Especialista";
    role_communications: "Communications", "Comunicação";
    risk_read: "reads", "lê";
    risk_side_effect: "reads, with a side effect", "lê, com efeito colateral";
    risk_write: "writes", "escreve";
    risk_schema: "changes the schema", "altera o esquema";
    risk_destructive: "destroys", "destrói";
    risk_administration: "administers", "administra";
    risk_unknown: "not understood", "não compreendido";
    risk_session: "refused: session control", "recusado: controle de sessão";
    env_production: "production", "produção";
    env_staging: "staging", "homologação";
    env_development: "development", "desenvolvimento";
    env_sandbox: "sandbox", "sandbox";
    fail_unreachable: "the target did not answer", "o alvo não respondeu";
    fail_credential_refused: "the target refused the credential", "o alvo recusou a credencial";
    fail_no_credential: "the target has no credential of that role", "o alvo não tem credencial desse papel";
    fail_credential_too_strong: "the credential registered as read-only may write", "a credencial registrada como somente leitura pode escrever";
    fail_connection_lost: "the connection was lost while it ran", "a conexão caiu durante a execução";
    fail_statement_refused: "the target refused the statement", "o alvo recusou o comando";
    fail_exit_code: "it ended with an exit code other than 0", "terminou com código de saída diferente de 0";
    fail_signal: "it was ended by a signal", "foi encerrada por um sinal";
    fail_runner: "the runner could not be started", "o executor não pôde ser iniciado";
    fail_void: "what was approved had changed or expired", "o que foi aprovado mudou ou expirou";
    fail_withdrawn: "it was refused or withdrawn", "foi recusada ou retirada";
    fail_server_lost: "the server stopped while it ran", "o servidor parou durante a execução";
    fail_rows: "it changed more or fewer rows than were approved, and all was rolled back", "alterou mais ou menos linhas do que o aprovado, e tudo foi desfeito";
    fail_hold: "nobody decided in time, and all was rolled back", "ninguém decidiu a tempo, e tudo foi desfeito";
    fail_cannot_hold: "it cannot be held before it is committed, and nothing was changed", "não pode ser retida antes de confirmada, e nada foi alterado";
    fail_output: "the output could not be stored", "a saída não pôde ser guardada";
    sect_summary: "Summary", "Resumo";
    sect_impact: "Impact", "Impacto";
    sect_detection: "Detection", "Detecção";
    sect_trigger: "Trigger", "Gatilho";
    sect_factors: "Contributing factors", "Fatores contribuintes";
    sect_resolution: "Resolution", "Resolução";
    sect_well: "What went well", "O que foi bem";
    sect_badly: "What went badly", "O que foi mal";
    sect_lucky: "Where we were lucky", "Onde tivemos sorte";
    sect_surprises: "Surprises", "Surpresas";
    pm_draft: "Draft", "Rascunho";
    pm_in_review: "In review", "Em revisão";
    pm_reviewed: "Reviewed", "Revisado";
    pm_published: "Published", "Publicado";
    met_detect: "Time to detect", "Tempo até detectar";
    met_acknowledge: "Time to acknowledge", "Tempo até reconhecer";
    met_mobilise: "Time to mobilise", "Tempo até mobilizar";
    met_mitigate: "Time to mitigate", "Tempo até mitigar";
    met_resolve: "Time to resolve", "Tempo até resolver";
    met_rto: "RTO", "RTO";
    met_rpo: "RPO", "RPO";
    how_detect: "impact started → detected", "início do impacto → detectado";
    how_acknowledge: "declared → first acknowledged", "declarado → primeiro reconhecimento";
    how_mobilise: "declared → last responder joined", "declarado → último respondente";
    how_mitigate: "detected → mitigated", "detectado → mitigado";
    how_resolve: "declared → resolved", "declarado → resolvido";
    how_rto: "declared → resolved, against the runbook", "declarado → resolvido, contra o runbook";
    how_rpo: "age of the data restored, against the runbook", "idade do dado restaurado, contra o runbook";
    dev_skipped: "Skipped", "Pulado";
    dev_not_reached: "Not reached", "Não alcançado";
    dev_failed: "Failed", "Falhou";
    dev_repeated: "Repeated", "Repetido";
    dev_out_of_order: "Out of order", "Fora de ordem";
    dev_unknown: "Outcome unknown", "Desfecho desconhecido";
}

/// Gives the word for a value of a shared type.
pub trait Term: Copy {
    /// Returns it in a language.
    fn word(self, locale: Locale) -> &'static str;
}

macro_rules! terms {
    ($($type:ident { $($variant:ident => $key:ident,)* })*) => {
        $(impl Term for $type {
            fn word(self, locale: Locale) -> &'static str {
                let w = of(locale);
                match self { $(Self::$variant => w.$key,)* }
            }
        })*
    };
}

terms! {
    Status {
        Declared => status_declared, Investigating => status_investigating, Mitigating => status_mitigating,
        Monitoring => status_monitoring, Resolved => status_resolved, Closed => status_closed,
        Cancelled => status_cancelled,
    }
    StepStatus {
        Pending => step_pending, AwaitingApproval => step_awaiting, Queued => step_queued, Running => step_running,
        Succeeded => step_succeeded, Failed => step_failed, Cancelled => step_cancelled, TimedOut => step_timed_out,
        OutcomeUnknown => step_unknown, Done => step_done, Skipped => step_skipped,
    }
    Outcome {
        Succeeded => out_succeeded, Failed => out_failed, Cancelled => out_cancelled, TimedOut => out_timed_out,
        OutcomeUnknown => out_unknown, Voided => out_voided,
    }
    Milestone {
        ImpactStarted => mile_impact_started, Detected => mile_detected, Declared => mile_declared,
        Acknowledged => mile_acknowledged, Mitigated => mile_mitigated, Resolved => mile_resolved,
        ImpactEnded => mile_impact_ended, Closed => mile_closed, PostmortemPublished => mile_published,
    }
    IncidentRole {
        Commander => role_commander, Deputy => role_deputy, Scribe => role_scribe, SubjectExpert => role_expert,
        Communications => role_communications,
    }
    RiskClass {
        Read => risk_read, SideEffect => risk_side_effect, Write => risk_write, Schema => risk_schema,
        Destructive => risk_destructive, Administration => risk_administration, Unknown => risk_unknown,
        Session => risk_session,
    }
    Environment {
        Production => env_production, Staging => env_staging, Development => env_development, Sandbox => env_sandbox,
    }
    FailureCode {
        Unreachable => fail_unreachable, CredentialRefused => fail_credential_refused,
        NoCredential => fail_no_credential, CredentialTooStrong => fail_credential_too_strong,
        ConnectionLost => fail_connection_lost, StatementRefused => fail_statement_refused,
        ExitCode => fail_exit_code, Signal => fail_signal, RunnerFailed => fail_runner, ApprovalVoid => fail_void,
        Withdrawn => fail_withdrawn, ServerLost => fail_server_lost, OutputNotStored => fail_output,
        RowsOutside => fail_rows, HoldExpired => fail_hold, CannotHold => fail_cannot_hold,
    }
    PostmortemSection {
        Summary => sect_summary, Impact => sect_impact, Detection => sect_detection, Trigger => sect_trigger,
        ContributingFactors => sect_factors, Resolution => sect_resolution, WentWell => sect_well,
        WentBadly => sect_badly, Lucky => sect_lucky, Surprises => sect_surprises,
    }
    PostmortemState {
        Draft => pm_draft, InReview => pm_in_review, Reviewed => pm_reviewed, Published => pm_published,
    }
    MetricKind {
        TimeToDetect => met_detect, TimeToAcknowledge => met_acknowledge, TimeToMobilise => met_mobilise,
        TimeToMitigate => met_mitigate, TimeToResolve => met_resolve, Rto => met_rto, Rpo => met_rpo,
    }
    DeviationKind {
        Skipped => dev_skipped, NotReached => dev_not_reached, Failed => dev_failed, Repeated => dev_repeated,
        OutOfOrder => dev_out_of_order, OutcomeUnknown => dev_unknown,
    }
}

/// Returns what a figure is measured from and to.
pub fn formula(kind: MetricKind, locale: Locale) -> &'static str {
    let w = of(locale);
    match kind {
        MetricKind::TimeToDetect => w.how_detect,
        MetricKind::TimeToAcknowledge => w.how_acknowledge,
        MetricKind::TimeToMobilise => w.how_mobilise,
        MetricKind::TimeToMitigate => w.how_mitigate,
        MetricKind::TimeToResolve => w.how_resolve,
        MetricKind::Rto => w.how_rto,
        MetricKind::Rpo => w.how_rpo,
    }
}

/// Returns a severity as everybody writes it: `SEV1`.
pub fn sev(severity: Severity) -> String {
    format!("SEV{}", severity.number())
}
