//! What stands in the way of a step.

use axum::http::StatusCode;
use farol_api::room::BlockedReason;
use farol_incident::Refusal;

use super::refusal::refusal_words;
use super::{Words, say};

#[expect(clippy::too_many_lines, reason = "a table: one sentence a reason")]
pub(in crate::problem) fn blocked_words(reason: BlockedReason) -> Words {
    let status = StatusCode::CONFLICT;
    match reason {
        BlockedReason::NoTarget => say(
            status,
            "no_target",
            ["This step has no target", "Este passo não tem alvo"],
            [
                "Nothing ran. Declare the incident with a target, or name one in the runbook.",
                "Nada foi executado. Declare o incidente com um alvo, ou indique um no runbook.",
            ],
        ),
        BlockedReason::UnknownTarget => say(
            status,
            "unknown_target",
            ["The target that the step names does not exist", "O alvo indicado no passo não existe"],
            [
                "Nothing ran. Register the target under that name, or correct the runbook.",
                "Nada foi executado. Cadastre o alvo com esse nome, ou corrija o runbook.",
            ],
        ),
        BlockedReason::NoDatabase => say(
            status,
            "no_database",
            ["The target has no database", "O alvo não tem banco de dados"],
            [
                "Nothing ran. Choose a target with a database, or do the step by hand and mark it as done.",
                "Nada foi executado. Escolha um alvo com banco de dados, ou faça o passo à mão e marque como feito.",
            ],
        ),
        BlockedReason::NoShell => say(
            status,
            "no_shell",
            ["The target has no shell", "O alvo não tem shell"],
            [
                "Nothing ran. Give the target a shell, or do the step by hand and mark it as done.",
                "Nada foi executado. Dê um shell ao alvo, ou faça o passo à mão e marque como feito.",
            ],
        ),
        BlockedReason::NoCredential => say(
            status,
            "no_credential",
            ["The target has no credential that may do this", "O alvo não tem credencial que possa fazer isto"],
            [
                "Nothing ran. An admin can add the credential to the target.",
                "Nada foi executado. Um administrador pode acrescentar a credencial ao alvo.",
            ],
        ),
        BlockedReason::MissingParameter => say(
            status,
            "missing_parameter",
            ["A parameter is not filled", "Falta preencher um parâmetro"],
            [
                "Nothing ran. Fill the parameters of the step, then run it.",
                "Nada foi executado. Preencha os parâmetros do passo e execute.",
            ],
        ),
        BlockedReason::CannotBind => say(
            status,
            "cannot_bind",
            [
                "A placeholder stands where no value can be put safely",
                "Um marcador está onde nenhum valor pode ser posto com segurança",
            ],
            [
                "Nothing ran. Do the step by hand and mark it as done, or rewrite it in the runbook.",
                "Nada foi executado. Faça o passo à mão e marque como feito, ou reescreva-o no runbook.",
            ],
        ),
        // One code for all: whoever asked has to give another value, and the field says which.
        BlockedReason::ValueNotPlain
        | BlockedReason::ValueLooksLikeOption
        | BlockedReason::ValueNotAName
        | BlockedReason::ValueNotInName
        | BlockedReason::ValueNotANumber
        | BlockedReason::ValueNotLiteral
        | BlockedReason::ValueNotPiece => say(
            status,
            "value_refused",
            ["A parameter's value cannot stand there", "O valor de um parâmetro não pode ficar ali"],
            [
                "Nothing ran. Give the parameter another value, then run the step.",
                "Nada foi executado. Dê outro valor ao parâmetro e execute o passo.",
            ],
        ),
        BlockedReason::SecretInText => say(
            status,
            "secret_in_text",
            ["A secret would stand in the text of the statement", "Um segredo ficaria no texto do comando"],
            [
                "Nothing ran. That text is shown and recorded, and the database takes no parameter there. Do the step by hand and mark it as done.",
                "Nada foi executado. Esse texto é mostrado e registrado, e o banco não aceita parâmetro ali. Faça o passo à mão e marque como feito.",
            ],
        ),
        BlockedReason::RefusedClass => refusal_words(Refusal::ClassRefused),
        BlockedReason::NeedsUnmet => refusal_words(Refusal::NeedsUnmet),
    }
}
