//! Words for the shared terms: severities, statuses, milestones, roles, risks …

use farol_api::approval::ApprovalBar;
use farol_api::approval::Way;
use farol_api::event::{FailureCode, Outcome};
use farol_api::graph::{CommandLanguage, NodeKind, Phase};
use farol_api::incident::{IncidentRole, Milestone, PostmortemSection, PostmortemState, Severity, Status, StepStatus};
use farol_api::metrics::MetricKind;
use farol_api::policy::RequesterAct;
use farol_api::request::DeviationKind;
use farol_api::risk::RiskClass;
use farol_api::room::BlockedReason;
use farol_api::runbook::DiagnosticSeverity;
use farol_api::target::{CredentialRole, Environment};
use farol_api::user::Role;

words! {
    sev1: "the worst", "a pior";
    sev2: "bad", "grave";
    sev3: "felt by some", "sentida por alguns";
    sev4: "hardly felt", "quase não sentida";
    sev5: "not felt", "não sentida";
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
    risk_manual: "by hand", "à mão";
    env_production: "production", "produção";
    env_staging: "staging", "homologação";
    env_development: "development", "desenvolvimento";
    env_sandbox: "sandbox", "sandbox";
    cred_ro: "read only", "somente leitura";
    cred_rw: "read and write", "leitura e escrita";
    cred_admin: "administration", "administração";
    act_press: "one press", "um toque";
    act_confirm: "confirm what it does beside reading", "confirmar o que faz além de ler";
    act_review: "review command and target", "revisar comando e alvo";
    act_type: "type the target's name", "digitar o nome do alvo";
    act_type_reason: "type the target's name and give a reason", "digitar o nome do alvo e dar um motivo";
    way_written: "As the shell command", "Como o comando de shell";
    way_direct: "Directly on the database", "Diretamente no banco";
    way_explain: "Its plan", "O plano";
    way_rows: "The rows it would change", "As linhas que mudaria";
    blocked_no_target: "The incident has no target, and the step names none.", "O incidente não tem alvo, e o passo não cita nenhum.";
    blocked_unknown_target: "The target it names is not registered.", "O alvo citado não está registrado.";
    blocked_no_database: "The target has no database of the needed kind.", "O alvo não tem um banco do tipo necessário.";
    blocked_no_shell: "The target has no shell.", "O alvo não tem shell.";
    blocked_no_credential: "The target has no credential of the needed role.", "O alvo não tem credencial com o papel necessário.";
    blocked_missing: "A parameter is not filled yet.", "Falta preencher um parâmetro.";
    blocked_cannot_bind: "A placeholder stands where no value can be put safely. Run it by hand and mark it as done.", "Há um marcador onde nenhum valor pode entrar com segurança. Execute à mão e marque como feito.";
    blocked_value: "A program would read the value of this parameter as code or as an option. Set one of letters, digits and . _ : / @ + , % - that does not begin with -.", "Um programa leria o valor deste parâmetro como código ou como opção. Defina um só com letras, dígitos e . _ : / @ + , % - que não comece com -.";
    blocked_needs: "A step that must be done first is not done.", "Um passo que precisa ser feito antes não foi feito.";
    blocked_refused: "Session and transaction control is never run. Do it by hand and mark it as done.", "Controle de sessão e transação nunca é executado. Faça à mão e marque como feito.";
    phase_detect: "Detection", "Detecção";
    phase_triage: "Triage", "Triagem";
    phase_diagnose: "Diagnosis", "Diagnóstico";
    phase_resolve: "Resolution", "Resolução";
    phase_verify: "Verification", "Verificação";
    phase_rollback: "Rollback", "Reversão";
    phase_escalate: "Escalation", "Escalonamento";
    phase_prevent: "Prevention", "Prevenção";
    phase_review: "Review", "Revisão";
    phase_none: "Steps", "Passos";
    kind_sql: "SQL", "SQL";
    kind_shell: "shell", "shell";
    kind_http: "HTTP", "HTTP";
    kind_manual: "by hand", "à mão";
    kind_check: "checklist", "checklist";
    kind_verify: "verify", "verificar";
    kind_decision: "decision", "decisão";
    kind_reference: "reference", "referência";
    kind_prohibition: "never", "nunca";
    kind_escalation: "escalation", "escalonamento";
    kind_goto: "continue at", "continue em";
    lang_other: "text", "texto";
    user_owner: "Owner", "Proprietário";
    user_admin: "Admin", "Administrador";
    user_author: "Author", "Autor";
    user_approver: "Approver", "Aprovador";
    user_responder: "Responder", "Respondente";
    user_viewer: "Viewer", "Leitor";
    does_owner: "everything, and makes owners", "tudo, e nomeia proprietários";
    does_admin: "people, targets, settings, erasing", "pessoas, alvos, ajustes, apagar";
    does_author: "writes runbooks", "escreve runbooks";
    does_approver: "approves others' steps", "aprova passos dos outros";
    does_responder: "declares and walks incidents", "declara e conduz incidentes";
    does_viewer: "reads", "lê";
    bar_role: "Your role does not approve.", "O seu papel não aprova.";
    bar_requester: "You asked for this step yourself; another person has to approve it.", "Você pediu este passo; outra pessoa precisa aprovar.";
    bar_editor: "You wrote this revision of the runbook; somebody else has to approve it.", "Você escreveu esta revisão do runbook; outra pessoa precisa aprovar.";
    bar_already: "You approved it already.", "Você já aprovou.";
    fail_unreachable: "The target did not answer.", "O alvo não respondeu.";
    fail_credential_refused: "The target refused the credential.", "O alvo recusou a credencial.";
    fail_no_credential: "The target has no credential of that role.", "O alvo não tem credencial desse papel.";
    fail_credential_too_strong: "The credential registered as read-only may write.", "A credencial registrada como somente leitura pode escrever.";
    fail_connection_lost: "The connection was lost while it ran.", "A conexão caiu durante a execução.";
    fail_statement_refused: "The target refused the statement; its own words are in the output.", "O alvo recusou o comando; as palavras dele estão na saída.";
    fail_exit_code: "It ended with an exit code other than 0.", "Terminou com código de saída diferente de 0.";
    fail_signal: "It was ended by a signal.", "Foi encerrado por um sinal.";
    fail_runner: "The runner could not be started.", "O executor não pôde ser iniciado.";
    fail_void: "What was approved had changed or expired. Ask again.", "O que foi aprovado mudou ou expirou. Peça de novo.";
    fail_withdrawn: "It was refused or withdrawn.", "Foi recusada ou retirada.";
    fail_server_lost: "The server stopped while it ran. Find out what happened before you run it again.", "O servidor parou durante a execução. Descubra o que houve antes de repetir.";
    fail_rows: "Other rows than approved: all was rolled back.", "Linhas fora do aprovado: tudo foi desfeito.";
    fail_hold: "Nobody decided in time: all was rolled back.", "Ninguém decidiu a tempo: tudo foi desfeito.";
    fail_cannot_hold: "It cannot be held: nothing was changed.", "Não pode ser retido: nada foi alterado.";
    fail_output: "The output could not be stored.", "A saída não pôde ser guardada.";
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
    diag_error: "Error", "Erro";
    diag_warning: "Warning", "Aviso";
    diag_info: "Note", "Nota";
}

/// Gives the word for a value of a shared type.
pub trait Term {
    /// Returns it in the language of the page.
    fn word(self) -> &'static str;
}

macro_rules! terms {
    ($($type:ident { $($variant:ident => $key:ident,)* })*) => {
        $(impl Term for $type {
            fn word(self) -> &'static str {
                let w = words();
                match self { $(Self::$variant => w.$key,)* }
            }
        })*
    };
}

terms! {
    Severity { Sev1 => sev1, Sev2 => sev2, Sev3 => sev3, Sev4 => sev4, Sev5 => sev5, }
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
    CredentialRole { ReadOnly => cred_ro, ReadWrite => cred_rw, Admin => cred_admin, }
    RequesterAct {
        Press => act_press, Confirm => act_confirm, Review => act_review, TypeTarget => act_type,
        TypeTargetAndReason => act_type_reason,
    }
    Way { Written => way_written, Direct => way_direct, Explain => way_explain, Rows => way_rows, }
    BlockedReason {
        NoTarget => blocked_no_target, UnknownTarget => blocked_unknown_target, NoDatabase => blocked_no_database,
        NoShell => blocked_no_shell, NoCredential => blocked_no_credential, MissingParameter => blocked_missing,
        CannotBind => blocked_cannot_bind, ValueRefused => blocked_value, RefusedClass => blocked_refused,
        NeedsUnmet => blocked_needs,
    }
    Phase {
        Detect => phase_detect, Triage => phase_triage, Diagnose => phase_diagnose, Resolve => phase_resolve,
        Verify => phase_verify, Rollback => phase_rollback, Escalate => phase_escalate, Prevent => phase_prevent,
        Review => phase_review,
    }
    NodeKind {
        Sql => kind_sql, Shell => kind_shell, Http => kind_http, Manual => kind_manual, Check => kind_check,
        Verify => kind_verify, Decision => kind_decision, Reference => kind_reference,
        Prohibition => kind_prohibition, Escalation => kind_escalation, Goto => kind_goto,
    }
    CommandLanguage { Sql => kind_sql, Shell => kind_shell, Http => kind_http, Other => lang_other, }
    Role {
        Owner => user_owner, Admin => user_admin, Author => user_author, Approver => user_approver,
        Responder => user_responder, Viewer => user_viewer,
    }
    ApprovalBar { Role => bar_role, Requester => bar_requester, Editor => bar_editor, Already => bar_already, }
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
    DiagnosticSeverity { Error => diag_error, Warning => diag_warning, Info => diag_info, }
}

/// Returns what is measured by a figure.
pub fn formula(kind: MetricKind) -> &'static str {
    let w = words();
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
