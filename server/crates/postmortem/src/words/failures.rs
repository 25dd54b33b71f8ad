//! Why an attempt failed, as a part of a sentence: pages say it as a sentence of its own.

use farol_api::event::FailureCode;
use farol_api::text::Locale;

farol_api::words! {
    unreachable: "the target did not answer", "o alvo não respondeu";
    credential_refused: "the target refused the credential", "o alvo recusou a credencial";
    no_credential: "the target has no credential of that role", "o alvo não tem credencial desse papel";
    credential_too_strong: "the credential registered as read-only may write", "a credencial registrada como somente leitura pode escrever";
    own_store: "the database is a store of Farol, which no step may touch", "o banco de dados é um armazenamento do Farol, que nenhum passo pode tocar";
    connection_lost: "the connection was lost while it ran", "a conexão caiu durante a execução";
    statement_refused: "the target refused the statement", "o alvo recusou o comando";
    exit_code: "it ended with an exit code other than 0", "terminou com código de saída diferente de 0";
    signal: "it was ended by a signal", "foi encerrada por um sinal";
    runner: "the runner could not be started", "o executor não pôde ser iniciado";
    void: "what was approved had changed or expired, or who asked or approved may not any more", "o que foi aprovado mudou ou expirou, ou quem pediu ou aprovou já não pode";
    withdrawn: "it was refused or withdrawn", "foi recusada ou retirada";
    server_lost: "the server stopped while it ran", "o servidor parou durante a execução";
    rows: "it changed more or fewer rows than were approved, and all was rolled back", "alterou mais ou menos linhas do que o aprovado, e tudo foi desfeito";
    hold: "nobody decided in time, and all was rolled back", "ninguém decidiu a tempo, e tudo foi desfeito";
    cannot_hold: "it cannot be held before it is committed, and nothing was changed", "não pode ser retida antes de confirmada, e nada foi alterado";
    output: "the output could not be stored", "a saída não pôde ser guardada";
}

/// Returns why, to follow a colon or a comma.
pub const fn phrase(code: FailureCode, locale: Locale) -> &'static str {
    let w = of(locale);
    match code {
        FailureCode::Unreachable => w.unreachable,
        FailureCode::CredentialRefused => w.credential_refused,
        FailureCode::NoCredential => w.no_credential,
        FailureCode::CredentialTooStrong => w.credential_too_strong,
        FailureCode::OwnStore => w.own_store,
        FailureCode::ConnectionLost => w.connection_lost,
        FailureCode::StatementRefused => w.statement_refused,
        FailureCode::ExitCode => w.exit_code,
        FailureCode::Signal => w.signal,
        FailureCode::RunnerFailed => w.runner,
        FailureCode::ApprovalVoid => w.void,
        FailureCode::Withdrawn => w.withdrawn,
        FailureCode::ServerLost => w.server_lost,
        FailureCode::OutputNotStored => w.output,
        FailureCode::RowsOutside => w.rows,
        FailureCode::HoldExpired => w.hold,
        FailureCode::CannotHold => w.cannot_hold,
    }
}
