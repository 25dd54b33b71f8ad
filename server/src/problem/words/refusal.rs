//! What each refusal of the incident's rules is called.

use axum::http::StatusCode;
use farol_api::approval::ApprovalBar;
use farol_incident::Refusal;

use super::{Words, say};

#[expect(clippy::too_many_lines, reason = "one line for each refusal, a table and no logic")]
pub(super) fn refusal_words(refusal: Refusal) -> Words {
    let status = StatusCode::CONFLICT;
    let nothing = ["Nothing was changed.", "Nada foi alterado."];
    match refusal {
        Refusal::BreakGlassOpen => say(
            status,
            "break_glass_open",
            ["You have broken the glass already", "Você já está em break-glass"],
            [
                "Nothing was changed. Your steps run without approval until it ends; then you can do it again.",
                "Nada foi alterado. Seus passos rodam sem aprovação até o fim dele; depois você pode fazer de novo.",
            ],
        ),
        Refusal::BreakGlassMinutes => say(
            StatusCode::UNPROCESSABLE_ENTITY,
            "break_glass_minutes",
            ["Break-glass lasts from 1 to 30 minutes", "O break-glass dura de 1 a 30 minutos"],
            ["Nothing was changed. Choose a shorter time.", "Nada foi alterado. Escolha um tempo menor."],
        ),
        Refusal::UnknownBreakGlass => say(
            StatusCode::NOT_FOUND,
            "unknown_break_glass",
            ["There is no such break-glass", "Não existe esse break-glass"],
            nothing,
        ),
        Refusal::BreakGlassNotOver => say(
            status,
            "break_glass_not_over",
            ["Break-glass is still open", "O break-glass ainda está aberto"],
            [
                "Nothing was changed. Review it when it is over, or close it first.",
                "Nada foi alterado. Revise-o quando terminar, ou encerre-o antes.",
            ],
        ),
        Refusal::BreakGlassOwn => say(
            StatusCode::FORBIDDEN,
            "break_glass_own",
            ["Whoever broke the glass cannot review it", "Quem usou o break-glass não pode revisá-lo"],
            ["Nothing was changed. Ask another approver.", "Nada foi alterado. Peça a outro aprovador."],
        ),
        Refusal::BreakGlassReviewed => say(
            status,
            "break_glass_reviewed",
            ["It was reviewed already", "Já foi revisado"],
            [
                "Nothing was changed. The first review is in the timeline.",
                "Nada foi alterado. A primeira revisão está na linha do tempo.",
            ],
        ),
        Refusal::IncidentOver => say(
            status,
            "incident_over",
            ["The incident is over", "O incidente já terminou"],
            ["Nothing was changed. Reopen it to go on.", "Nada foi alterado. Reabra-o para continuar."],
        ),
        Refusal::UnknownStep => say(
            StatusCode::NOT_FOUND,
            "unknown_step",
            ["The runbook has no such step", "O runbook não tem esse passo"],
            ["Nothing was changed. Reload the room.", "Nada foi alterado. Recarregue a sala."],
        ),
        Refusal::WrongKind => say(
            status,
            "wrong_kind",
            ["This cannot be done with this step", "Isto não pode ser feito com este passo"],
            nothing,
        ),
        Refusal::OffPath => say(
            status,
            "off_path",
            ["This step belongs to a branch that was not chosen", "Este passo é de um cenário que não foi escolhido"],
            ["Nothing was changed. Choose its branch first.", "Nada foi alterado. Escolha o cenário dele primeiro."],
        ),
        Refusal::NeedsUnmet => say(
            status,
            "needs_unmet",
            ["A step that this one needs is not done", "Um passo do qual este depende não foi feito"],
            [
                "Nothing was changed. Do that step first, or skip it with a reason.",
                "Nada foi alterado. Faça aquele passo antes, ou pule-o com um motivo.",
            ],
        ),
        Refusal::StepActive => say(
            status,
            "step_active",
            ["This step is under way already", "Este passo já está em andamento"],
            [
                "Nothing runs twice. Wait for it to end, or cancel it.",
                "Nada roda duas vezes. Espere terminar, ou cancele.",
            ],
        ),
        Refusal::StepFinished => say(
            status,
            "step_finished",
            ["This step is finished", "Este passo já terminou"],
            ["Nothing was changed. Reopen it to do it again.", "Nada foi alterado. Reabra-o para fazer de novo."],
        ),
        Refusal::StepNotFinished => {
            say(status, "step_not_finished", ["This step is not finished", "Este passo não terminou"], nothing)
        }
        Refusal::UnknownArm => {
            say(StatusCode::NOT_FOUND, "unknown_arm", ["There is no such branch", "Não existe esse cenário"], nothing)
        }
        Refusal::UnknownAttempt => say(
            StatusCode::NOT_FOUND,
            "unknown_attempt",
            ["There is no such attempt", "Não existe essa tentativa"],
            nothing,
        ),
        Refusal::NotAwaiting => say(
            status,
            "not_awaiting",
            ["This attempt does not wait for approval any more", "Esta tentativa não espera mais aprovação"],
            [
                "Somebody decided already, or it expired. Reload to see how it stands.",
                "Alguém já decidiu, ou ela expirou. Recarregue para ver como está.",
            ],
        ),
        Refusal::AttemptOver => {
            say(status, "attempt_over", ["This attempt is over", "Esta tentativa já terminou"], nothing)
        }
        Refusal::NotHeld => say(
            status,
            "not_held",
            ["Nothing is held of this attempt", "Nada está retido desta tentativa"],
            [
                "Nothing was changed by this. It is not held yet, or it was decided already: look at the attempt.",
                "Nada foi alterado por isto. Ainda não está retida, ou já se decidiu: veja a tentativa.",
            ],
        ),
        Refusal::HoldOver => say(
            status,
            "hold_over",
            ["The time to commit is over", "O prazo para confirmar acabou"],
            [
                "What was held is rolled back; nothing stays of it. Run the step again to decide anew.",
                "O que estava retido é desfeito; nada dele fica. Execute o passo de novo para decidir outra vez.",
            ],
        ),
        Refusal::NotYours => say(
            StatusCode::FORBIDDEN,
            "not_yours_to_decide",
            ["Who asked for it decides, or the incident commander", "Decide quem pediu, ou quem comanda o incidente"],
            [
                "It is held as it was. Ask one of them, or take command of the incident.",
                "Continua retida como estava. Peça a um deles, ou assuma o comando do incidente.",
            ],
        ),
        Refusal::Changed => say(
            status,
            "approval_changed",
            ["What would run is not what you saw", "O que seria executado não é o que você viu"],
            [
                "Nothing ran. The step, its parameters or its target changed meanwhile: read it again, then decide.",
                "Nada foi executado. O passo, seus parâmetros ou o alvo mudaram: leia de novo e decida.",
            ],
        ),
        Refusal::Expired => say(
            status,
            "approval_expired",
            ["This request has expired", "Este pedido expirou"],
            ["Nothing ran. Ask again.", "Nada foi executado. Peça de novo."],
        ),
        Refusal::Barred(bar) => barred_words(bar),
        Refusal::ClassRefused => say(
            status,
            "class_refused",
            ["Steps of this kind are never run", "Passos deste tipo nunca são executados"],
            [
                "Nothing ran. It would control the session or a transaction. Do it by hand and mark it as done.",
                "Nada foi executado. Ele controlaria a sessão ou uma transação. Faça à mão e marque como feito.",
            ],
        ),
        Refusal::TargetNotTyped => say(
            StatusCode::UNPROCESSABLE_ENTITY,
            "target_not_typed",
            ["The target's name was not typed as it is", "O nome do alvo não foi digitado como é"],
            [
                "Nothing ran. Type it exactly, so that it is sure which target is meant.",
                "Nada foi executado. Digite exatamente, para ter certeza de qual alvo se trata.",
            ],
        ),
        Refusal::IncidentNotTyped => say(
            StatusCode::UNPROCESSABLE_ENTITY,
            "incident_not_typed",
            ["The incident was not typed as it is", "O incidente não foi digitado como é"],
            [
                "Nothing was erased. Type INC- and its number, so that it is sure which incident is meant: what is erased does not come back.",
                "Nada foi apagado. Digite INC- e o número, para ter certeza de qual incidente se trata: o que é apagado não volta.",
            ],
        ),
        Refusal::AttemptNotOver => say(
            status,
            "attempt_not_over",
            ["The attempt is not over", "A tentativa não terminou"],
            [
                "Nothing was erased: its output still grows. Stop it, or erase when it has ended.",
                "Nada foi apagado: a saída dela ainda cresce. Interrompa-a, ou apague quando tiver terminado.",
            ],
        ),
        Refusal::NothingToErase => say(
            status,
            "nothing_to_erase",
            ["There is nothing here that can be erased", "Não há aqui nada que possa ser apagado"],
            [
                "Nothing was erased. The stored output of attempts can be erased, and the texts and reasons that people wrote; what ran, when and by whom stays.",
                "Nada foi apagado. Podem ser apagadas a saída guardada de tentativas e os textos e motivos que pessoas escreveram; o que rodou, quando e por quem permanece.",
            ],
        ),
        Refusal::NotConfirmed => say(
            StatusCode::UNPROCESSABLE_ENTITY,
            "not_confirmed",
            ["This was not confirmed", "Isto não foi confirmado"],
            [
                "Nothing ran. Read what it does and tick the confirmation.",
                "Nada foi executado. Leia o que ele faz e marque a confirmação.",
            ],
        ),
        Refusal::ReasonNeeded => say(
            StatusCode::UNPROCESSABLE_ENTITY,
            "reason_needed",
            ["A reason is needed", "É preciso um motivo"],
            [
                "Nothing was changed. Write in a few words why.",
                "Nada foi alterado. Escreva em poucas palavras o porquê.",
            ],
        ),
        Refusal::TextNeeded => {
            say(StatusCode::UNPROCESSABLE_ENTITY, "text_needed", ["A text is needed", "É preciso um texto"], nothing)
        }
        Refusal::TextTooLong => say(
            StatusCode::PAYLOAD_TOO_LARGE,
            "text_too_long",
            ["The text is too long", "O texto é longo demais"],
            ["Nothing was changed. At most 64 KiB fit.", "Nada foi alterado. Cabem no máximo 64 KiB."],
        ),
        Refusal::StatusNotReachable => say(
            status,
            "status_not_reachable",
            ["This status cannot follow the present one", "Este estado não pode seguir o atual"],
            [
                "Nothing was changed. Somebody may have changed it meanwhile: reload.",
                "Nada foi alterado. Alguém pode tê-lo mudado: recarregue.",
            ],
        ),
        Refusal::MilestoneNotByHand => say(
            StatusCode::UNPROCESSABLE_ENTITY,
            "milestone_not_by_hand",
            ["This time is recorded by itself", "Este horário é registrado sozinho"],
            nothing,
        ),
        Refusal::InFuture => say(
            StatusCode::UNPROCESSABLE_ENTITY,
            "in_future",
            ["This time is in the future", "Este horário está no futuro"],
            ["Nothing was changed. Times are in UTC.", "Nada foi alterado. Os horários são em UTC."],
        ),
        Refusal::UnknownParameter => say(
            StatusCode::NOT_FOUND,
            "unknown_parameter",
            ["The runbook has no such parameter", "O runbook não tem esse parâmetro"],
            nothing,
        ),
        Refusal::UnknownEntry => say(
            StatusCode::NOT_FOUND,
            "unknown_entry",
            ["There is no such entry in the timeline", "Não existe essa entrada na linha do tempo"],
            nothing,
        ),
        Refusal::UnknownActionItem => say(
            StatusCode::NOT_FOUND,
            "unknown_action_item",
            ["There is no such action item", "Não existe esse item de ação"],
            nothing,
        ),
        Refusal::InvalidDate => say(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid_date",
            ["This is not a date", "Isto não é uma data"],
            ["Nothing was changed. Write it as YYYY-MM-DD.", "Nada foi alterado. Escreva como AAAA-MM-DD."],
        ),
        Refusal::PostmortemNotReachable => say(
            status,
            "postmortem_not_reachable",
            [
                "The post-mortem cannot go there from where it is",
                "O post-mortem não pode ir para lá a partir de onde está",
            ],
            nothing,
        ),
        Refusal::PostmortemClosed => say(
            status,
            "postmortem_closed",
            ["A reviewed post-mortem does not change", "Um post-mortem revisado não muda"],
            [
                "Your text is still in the form. Take it back to draft first.",
                "Seu texto continua no formulário. Volte-o para rascunho primeiro.",
            ],
        ),
        Refusal::ReviewerIsWriter => say(
            StatusCode::FORBIDDEN,
            "reviewer_is_writer",
            ["Whoever wrote it cannot review it", "Quem escreveu não pode revisar"],
            [
                "Nothing was changed. Ask somebody who wrote none of it.",
                "Nada foi alterado. Peça a alguém que não escreveu nada dele.",
            ],
        ),
        Refusal::NotResolved => say(
            status,
            "not_resolved",
            ["The incident is not over yet", "O incidente ainda não terminou"],
            [
                "Nothing was changed. The post-mortem begins when it is resolved.",
                "Nada foi alterado. O post-mortem começa quando ele for resolvido.",
            ],
        ),
    }
}

fn barred_words(bar: ApprovalBar) -> Words {
    let status = StatusCode::FORBIDDEN;
    let title = ["You may not approve this", "Você não pode aprovar isto"];
    match bar {
        ApprovalBar::Role => say(
            status,
            "approval_barred_role",
            title,
            [
                "Nothing ran. Your role does not approve; ask an approver.",
                "Nada foi executado. Seu papel não aprova; peça a um aprovador.",
            ],
        ),
        ApprovalBar::Requester => say(
            status,
            "approval_barred_requester",
            title,
            [
                "Nothing ran. You asked for it yourself; somebody else must approve.",
                "Nada foi executado. Foi você quem pediu; outra pessoa precisa aprovar.",
            ],
        ),
        ApprovalBar::Editor => say(
            status,
            "approval_barred_editor",
            title,
            [
                "Nothing ran. You wrote this revision of the runbook; somebody else must approve.",
                "Nada foi executado. Você escreveu esta revisão do runbook; outra pessoa precisa aprovar.",
            ],
        ),
        ApprovalBar::Already => say(
            status,
            "approval_barred_already",
            title,
            ["You approved it already; it needs another person.", "Você já aprovou; falta outra pessoa."],
        ),
    }
}
