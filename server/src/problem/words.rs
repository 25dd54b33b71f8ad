//! What each error is called, in both languages: what happened, what was kept, what to do next.

mod blocked;
mod erased;
mod refusal;

use axum::http::StatusCode;
use farol_api::confine::Lack;
use farol_api::text::Localized;
use farol_store::StoreError;

use self::blocked::blocked_words;
use self::erased::erased_words;
use self::refusal::refusal_words;
use super::ApiError;
use crate::gate::{Wanted, why_unbound};

/// The parts of a problem document.
pub(super) struct Words {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) title: Localized,
    pub(super) detail: Localized,
}

fn say(status: StatusCode, code: &'static str, title: [&str; 2], detail: [&str; 2]) -> Words {
    Words { status, code, title: Localized::new(title[0], title[1]), detail: Localized::new(detail[0], detail[1]) }
}

pub(super) fn words(error: &ApiError) -> Words {
    match error {
        ApiError::Refused(refusal) => refusal_words(*refusal),
        ApiError::Erased(erasure) => erased_words(erasure),
        ApiError::Blocked(reason) => blocked_words(*reason),
        ApiError::NotConfined(lacks) => confinement_words(lacks),
        ApiError::CannotHold(wanted) => hold_words(*wanted),
        ApiError::Bind(error) => blocked_words(why_unbound(error)),
        ApiError::Store(error) => store_words(error),
        other => request_words(other),
    }
}

fn confinement_words(lacks: &[Lack]) -> Words {
    let list = |of: fn(&Localized) -> &str| {
        lacks.iter().map(|lack| of(&lack.words()).to_owned()).collect::<Vec<_>>().join(", ")
    };
    let (english, portuguese) = (list(|words| &words.en), list(|words| &words.pt));
    say(
        StatusCode::CONFLICT,
        "not_confined",
        [
            "This machine cannot confine the step as its target demands",
            "Esta máquina não consegue confinar o passo como o alvo exige",
        ],
        [
            &format!(
                "Nothing ran. The machine lacks {english}. Run Farol where it has it, or have an admin demand less on the target's page."
            ),
            &format!(
                "Nada foi executado. A máquina não tem {portuguese}. Execute o Farol onde houver, ou peça a um administrador que exija menos na página do alvo."
            ),
        ],
    )
}

fn hold_words(wanted: Wanted) -> Words {
    let [why, way_out, porque, saida] = match wanted {
        Wanted::Rows => [
            "Its author says how many rows it may change (`rows`)",
            "Have the step written so, or `rows` taken off its block, by whoever edits the runbook.",
            "Quem o escreveu diz quantas linhas ele pode alterar (`rows`)",
            "Peça a quem edita o runbook que escreva o passo assim ou tire `rows` do bloco de código.",
        ],
        Wanted::ByAuthor => [
            "Its author wants it to be held (`hold=yes`)",
            "Have the step written so, or `hold` taken off its block, by whoever edits the runbook; or ask for it without a \
             hold yourself.",
            "Quem o escreveu quer que ele fique retido (`hold=yes`)",
            "Peça a quem edita o runbook que escreva o passo assim ou tire `hold` do bloco de código; ou peça-o você mesmo sem retenção.",
        ],
        Wanted::ByAsker => [
            "You asked for it to be held",
            "Ask for it without a hold if it may be committed at once.",
            "Você pediu que ele ficasse retido",
            "Peça-o sem retenção, se ele puder ser confirmado de imediato.",
        ],
    };
    say(
        StatusCode::CONFLICT,
        "cannot_hold",
        ["This step cannot be held before it is committed", "Este passo não pode ficar retido antes de confirmar"],
        [
            &format!(
                "Nothing ran. {why}. Only an INSERT, UPDATE, DELETE or MERGE that a database is sent by itself, or several between \
                 BEGIN and COMMIT, can be held and counted. {way_out}"
            ),
            &format!(
                "Nada foi executado. {porque}. Só um INSERT, UPDATE, DELETE ou MERGE enviado sozinho a um banco de dados, ou \
                 vários entre BEGIN e COMMIT, pode ficar retido e ter as linhas contadas. {saida}"
            ),
        ],
    )
}

#[expect(clippy::too_many_lines, reason = "a table: one sentence an error")]
fn request_words(error: &ApiError) -> Words {
    use StatusCode as S;
    match error {
        ApiError::Unauthenticated => say(
            S::UNAUTHORIZED,
            "not_logged_in",
            ["You are not logged in", "Você não está autenticado"],
            [
                "Your session is missing or has ended. Nothing was changed. Log in and try again.",
                "Sua sessão não existe ou terminou. Nada foi alterado. Entre e tente de novo.",
            ],
        ),
        ApiError::Forbidden(_) => say(
            S::FORBIDDEN,
            "forbidden",
            ["Your role does not allow this", "Seu papel não permite isto"],
            [
                "Nothing was changed. Ask an owner or admin for a role that may do it.",
                "Nada foi alterado. Peça a um proprietário ou administrador um papel que possa fazê-lo.",
            ],
        ),
        ApiError::BeyondToken => say(
            S::FORBIDDEN,
            "beyond_token",
            ["This token does not allow this", "Este token não permite isto"],
            [
                "Nothing was changed. Do it in the browser, or use a token of a wider scope; approving and managing is for people.",
                "Nada foi alterado. Faça-o no navegador ou use um token de escopo maior; aprovar e administrar cabe a pessoas.",
            ],
        ),
        ApiError::CrossSite => say(
            S::FORBIDDEN,
            "cross_site",
            ["The request came from another site", "A requisição veio de outro site"],
            [
                "Nothing was changed. Open Farol itself and do it there.",
                "Nada foi alterado. Abra o próprio Farol e faça por lá.",
            ],
        ),
        ApiError::UnknownHost => say(
            S::MISDIRECTED_REQUEST,
            "unknown_host",
            ["Farol does not answer to this host name", "O Farol não responde por este nome de host"],
            [
                "Nothing was read or changed. Add the name to `hosts` (FAROL_HOSTS) if it is one of yours.",
                "Nada foi lido ou alterado. Acrescente o nome a `hosts` (FAROL_HOSTS) se ele for seu.",
            ],
        ),
        ApiError::NotFound(_) => say(
            S::NOT_FOUND,
            "not_found",
            ["There is nothing at this address", "Não há nada neste endereço"],
            [
                "It may have been removed, or the address is mistyped. Go back to the list and open it from there.",
                "Pode ter sido removido, ou o endereço está errado. Volte à lista e abra por lá.",
            ],
        ),
        ApiError::MethodNotAllowed => say(
            S::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            ["This cannot be done with that method", "Isto não pode ser feito com esse método"],
            [
                "Nothing was changed. See /api/openapi.json for what the address takes.",
                "Nada foi alterado. Veja em /api/openapi.json o que o endereço aceita.",
            ],
        ),
        ApiError::Unreadable(_) => say(
            S::BAD_REQUEST,
            "unreadable",
            ["The request could not be read", "A requisição não pôde ser lida"],
            [
                "Nothing was changed. A field is missing or of the wrong kind; see /api/openapi.json.",
                "Nada foi alterado. Falta um campo ou ele é do tipo errado; veja /api/openapi.json.",
            ],
        ),
        ApiError::Invalid(..) => say(
            S::UNPROCESSABLE_ENTITY,
            "invalid",
            ["A field needs another value", "Um campo precisa de outro valor"],
            [
                "Nothing was changed. What is wrong stands beside the field.",
                "Nada foi alterado. O que está errado aparece junto ao campo.",
            ],
        ),
        ApiError::TooLarge => say(
            S::PAYLOAD_TOO_LARGE,
            "too_large",
            ["This is too large", "Isto é grande demais"],
            [
                "Nothing was changed. Split the document, or raise `runbook_bytes` in the settings.",
                "Nada foi alterado. Divida o documento ou aumente `runbook_bytes` na configuração.",
            ],
        ),
        ApiError::LoginFailed => say(
            S::UNAUTHORIZED,
            "login_failed",
            ["E-mail or password is wrong", "E-mail ou senha incorretos"],
            [
                "Check both and try again. If the account was closed, an admin can open it.",
                "Confira ambos e tente de novo. Se a conta foi fechada, um administrador pode reabri-la.",
            ],
        ),
        ApiError::TooManyLogins => say(
            S::TOO_MANY_REQUESTS,
            "too_many_logins",
            ["Too many failed logins", "Muitas tentativas de login"],
            [
                "Wait a few minutes and try again. Others are not affected.",
                "Espere alguns minutos e tente de novo. Outras pessoas não são afetadas.",
            ],
        ),
        ApiError::WrongToken => say(
            S::FORBIDDEN,
            "wrong_token",
            ["The one-time token is wrong", "O código de uso único está errado"],
            [
                "No account was made. Copy the token that the server printed at its start.",
                "Nenhuma conta foi criada. Copie o código que o servidor imprimiu ao iniciar.",
            ],
        ),
        ApiError::SetUpDone => say(
            S::CONFLICT,
            "set_up_done",
            ["Farol has an owner already", "O Farol já tem um proprietário"],
            [
                "No account was made. Log in, or ask the owner for an invitation.",
                "Nenhuma conta foi criada. Entre, ou peça um convite ao proprietário.",
            ],
        ),
        ApiError::NoDryRun => say(
            StatusCode::CONFLICT,
            "no_dry_run",
            ["This cannot be asked beforehand", "Isto não pode ser perguntado antes"],
            [
                "Nothing was sent. A query has a plan; an UPDATE or DELETE of one table has a plan and rows. What else a step \
                 does is seen when it is held before commit.",
                "Nada foi enviado. Uma consulta tem plano; um UPDATE ou DELETE de uma tabela tem plano e linhas. O que mais um \
                 passo faz se vê quando fica retido antes de confirmar.",
            ],
        ),
        ApiError::NothingToUndo => say(
            StatusCode::CONFLICT,
            "nothing_to_undo",
            ["There is nothing to undo", "Não há o que desfazer"],
            [
                "Nothing ran. What the attempt changed was not committed, or was undone already.",
                "Nada foi executado. O que a tentativa alterou não foi confirmado, ou já foi desfeito.",
            ],
        ),
        ApiError::CannotUndo => say(
            StatusCode::CONFLICT,
            "cannot_undo",
            ["This cannot be undone from here", "Isto não pode ser desfeito daqui"],
            [
                "Nothing ran. Why stands on the page of the attempt; put it right with a step of its own.",
                "Nada foi executado. O motivo está na página da tentativa; corrija com um passo próprio.",
            ],
        ),
        ApiError::ResultGone => say(
            S::GONE,
            "result_gone",
            ["The whole result is not here", "O resultado inteiro não está aqui"],
            [
                "It is kept for some days (`retention_file_days`), by the server that ran the step. What the step showed stays in the \
                 incident, and so does the digest of the whole. Ask that server for it, or run the step again.",
                "Ele é guardado por alguns dias (`retention_file_days`), pelo servidor que executou o passo. O que o passo mostrou \
                 permanece no incidente, e também o resumo do todo. Peça-o a esse servidor ou execute o passo de novo.",
            ],
        ),
        ApiError::InvitationGone => say(
            S::GONE,
            "invitation_gone",
            ["This invitation is no longer valid", "Este convite não vale mais"],
            [
                "It was used, withdrawn or has expired. Ask for a new one.",
                "Ele foi usado, retirado ou expirou. Peça um novo.",
            ],
        ),
        ApiError::KeyReused => say(
            S::UNPROCESSABLE_ENTITY,
            "key_reused",
            ["This idempotency key belongs to another request", "Esta chave de idempotência é de outra requisição"],
            [
                "Nothing was changed. Reload the page and try again.",
                "Nada foi alterado. Recarregue a página e tente de novo.",
            ],
        ),
        ApiError::KeyBusy => say(
            S::CONFLICT,
            "key_busy",
            ["The same request is still being done", "A mesma requisição ainda está em andamento"],
            [
                "Nothing is done twice. Wait a moment and reload.",
                "Nada é feito duas vezes. Espere um momento e recarregue.",
            ],
        ),
        ApiError::RecordChanged(_) => say(
            S::CONFLICT,
            "record_changed",
            ["The record was changed behind Farol's back", "O registro foi alterado por fora do Farol"],
            [
                "What was signed before still stands, and nothing more of it is signed. Export the record and run `farol verify` on it: it names the entries.",
                "O que já foi assinado continua valendo, e nada mais dele é assinado. Exporte o registro e rode `farol verify`: ele indica as entradas.",
            ],
        ),
        ApiError::Stopping => say(
            S::SERVICE_UNAVAILABLE,
            "stopping",
            ["The server is stopping", "O servidor está parando"],
            ["Nothing was changed. Try again in a moment.", "Nada foi alterado. Tente de novo em instantes."],
        ),
        ApiError::LastOwner => say(
            S::CONFLICT,
            "last_owner",
            ["This is the last owner", "Este é o último proprietário"],
            [
                "Nothing was changed. Make somebody else an owner first.",
                "Nada foi alterado. Torne outra pessoa proprietária primeiro.",
            ],
        ),
        ApiError::EmailTaken => say(
            S::CONFLICT,
            "email_taken",
            ["This e-mail has an account already", "Este e-mail já tem uma conta"],
            [
                "No account was made. Use another e-mail, or log in.",
                "Nenhuma conta foi criada. Use outro e-mail, ou entre.",
            ],
        ),
        ApiError::RunbookExists => say(
            S::CONFLICT,
            "runbook_exists",
            ["There is a runbook of this name already", "Já existe um runbook com este nome"],
            [
                "Nothing was saved. Choose another id, or edit the one that exists.",
                "Nada foi salvo. Escolha outro id, ou edite o que existe.",
            ],
        ),
        ApiError::RevisionConflict => say(
            S::CONFLICT,
            "revision_conflict",
            ["Somebody saved this runbook meanwhile", "Alguém salvou este runbook nesse meio-tempo"],
            [
                "Your text is still in the form. Open the newest revision in another tab, bring both together, and save again.",
                "Seu texto continua no formulário. Abra a revisão mais nova em outra aba, junte as duas e salve de novo.",
            ],
        ),
        ApiError::TargetInUse => say(
            S::CONFLICT,
            "target_in_use",
            ["An open incident uses this target", "Um incidente aberto usa este alvo"],
            ["It was not removed. Resolve the incident first.", "Ele não foi removido. Resolva o incidente primeiro."],
        ),
        _ => say(
            S::INTERNAL_SERVER_ERROR,
            "internal",
            ["Something went wrong on the server", "Algo deu errado no servidor"],
            [
                "What was recorded before is kept. Try again; if it stays, give the request id to whoever runs Farol.",
                "O que já estava registrado foi mantido. Tente de novo; se continuar, informe o id da requisição a quem opera o Farol.",
            ],
        ),
    }
}

fn store_words(error: &StoreError) -> Words {
    use StatusCode as S;
    match error {
        StoreError::Busy(_) => say(
            S::SERVICE_UNAVAILABLE,
            "busy",
            ["The store is busy", "O armazenamento está ocupado"],
            ["Nothing was changed. Try again in a moment.", "Nada foi alterado. Tente de novo em instantes."],
        ),
        StoreError::Full(_) => say(
            S::INSUFFICIENT_STORAGE,
            "disk_full",
            ["The disk is full", "O disco está cheio"],
            [
                "Nothing was changed and nothing ran. Free some space where Farol keeps its data, then try again.",
                "Nada foi alterado e nada foi executado. Libere espaço onde o Farol guarda os dados e tente de novo.",
            ],
        ),
        StoreError::Unavailable(_) => say(
            S::SERVICE_UNAVAILABLE,
            "store_unavailable",
            ["The store does not answer", "O armazenamento não responde"],
            [
                "Nothing was changed and nothing ran. Try again; whoever runs Farol finds the cause in its log.",
                "Nada foi alterado e nada foi executado. Tente de novo; quem opera o Farol encontra a causa no log.",
            ],
        ),
        StoreError::NulInText => request_words(&ApiError::Unreadable(String::new())),
        _ => request_words(&ApiError::Internal(anyhow::anyhow!("store"))),
    }
}
