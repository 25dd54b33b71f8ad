//! Who may run what, where, and why it does not run.

use crate::approval::{ApprovalBar, Way};
use crate::editors::Untold;
use crate::event::FailureCode;
use crate::policy::RequesterAct;
use crate::room::BlockedReason;
use crate::target::{CredentialRole, Environment};
use crate::text::Locale;
use crate::user::Role;

use super::{Term, pick};

terms! {
    Environment {
        Production: "production", "produção";
        Staging: "staging", "homologação";
        Development: "development", "desenvolvimento";
        Sandbox: "sandbox", "sandbox";
    }
    CredentialRole {
        ReadOnly: "read only", "somente leitura";
        ReadWrite: "read and write", "leitura e escrita";
        Admin: "administration", "administração";
    }
    RequesterAct {
        Press: "one press", "um toque";
        Confirm: "confirm what it does beside reading", "confirmar o que faz além de ler";
        Review: "review command and target", "revisar comando e alvo";
        TypeTarget: "type the target's name", "digitar o nome do alvo";
        TypeTargetAndReason: "type the target's name and give a reason", "digitar o nome do alvo e dar um motivo";
    }
    Way {
        Written: "As the shell command", "Como o comando de shell";
        Direct: "Directly on the database", "Diretamente no banco";
        Explain: "Its plan", "O plano";
        Rows: "The rows it would touch", "As linhas que atingiria";
    }
    BlockedReason {
        NoTarget: "The incident has no target, and the step names none.", "O incidente não tem alvo, e o passo não cita nenhum.";
        UnknownTarget: "The target it names is not registered.", "O alvo citado não está registrado.";
        NoDatabase: "The target has no database of the needed kind.", "O alvo não tem um banco do tipo necessário.";
        NoShell: "The target has no shell.", "O alvo não tem shell.";
        NoCredential: "The target has no credential of the needed role.", "O alvo não tem credencial com o papel necessário.";
        MissingParameter: "A parameter is not filled yet.", "Falta preencher um parâmetro.";
        CannotBind: "A placeholder stands where no value can be put safely. Run it by hand and mark it as done.", "Há um marcador onde nenhum valor pode entrar com segurança. Execute à mão e marque como feito.";
        SecretInText: "A secret would stand in the statement's text, which is shown and recorded. Run it by hand and mark it as done.", "Um segredo ficaria no texto do comando, que é mostrado e registrado. Execute à mão e marque como feito.";
        ValueNotPlain: "The value may hold only letters, digits and . _ : / @ + , % -, for a program could read more as code.", "O valor só pode ter letras, dígitos e . _ : / @ + , % -, pois um programa poderia ler o resto como código.";
        ValueLooksLikeOption: "The value may not begin with -, for the program would take it as an option.", "O valor não pode começar com -, pois o programa o leria como opção.";
        ValueNotAName: "The value has to be one name of the database, with dots between its parts.", "O valor precisa ser um só nome do banco, com pontos entre as partes.";
        ValueNotInName: "The value is part of a name, which may hold only letters, digits and _ and not begin with a digit.", "O valor faz parte de um nome, que só pode ter letras, dígitos e _ e não pode começar com dígito.";
        ValueNotANumber: "The value has to be a whole number.", "O valor precisa ser um número inteiro.";
        ValueNotLiteral: "The value may hold no quotes, backslashes or line breaks, for it stands in quotes in the statement.", "O valor não pode ter aspas, barras invertidas ou quebras de linha, pois fica entre aspas no comando.";
        ValueNotPiece: "The value is secret and stands within a longer text, where it could say more than its place. Letters, digits and . _ ~ - + = % ! * ^ always fit; within an address write other signs as %40.", "O valor é secreto e fica dentro de um texto maior, onde poderia dizer mais do que o seu lugar. Letras, dígitos e . _ ~ - + = % ! * ^ sempre cabem; dentro de um endereço escreva outros sinais como %40.";
        RefusedClass: "Session and transaction control is never run. Do it by hand and mark it as done.", "Controle de sessão e transação nunca é executado. Faça à mão e marque como feito.";
        NeedsUnmet: "A step that must be done first is not done.", "Um passo que precisa ser feito antes não foi feito.";
    }
    Untold {
        Unrecorded: "it was imported before Farol asked who wrote it", "foi importado antes de o Farol perguntar quem o escreveu";
        NoHistory: "no Git history stands behind its file, and nobody was named who imported it", "não há histórico do Git por trás do arquivo, e não foi dito quem o importou";
        Uncommitted: "its file was not committed as it stands", "o arquivo não está no Git como está aqui";
        Unreadable: "the history of its Git repository could not be read", "o histórico do repositório Git não pôde ser lido";
        Strangers: "nobody whom its Git repository names has an account here", "ninguém que o repositório Git cita tem conta aqui";
    }
    ApprovalBar {
        Role: "Your role does not approve.", "O seu papel não aprova.";
        Requester: "You asked for this step yourself; another person has to approve it.", "Você pediu este passo; outra pessoa precisa aprovar.";
        Editor: "You wrote this revision of the runbook; somebody else has to approve it.", "Você escreveu esta revisão do runbook; outra pessoa precisa aprovar.";
        Already: "You approved it already.", "Você já aprovou.";
    }
    Role {
        Owner: "Owner", "Proprietário";
        Admin: "Admin", "Administrador";
        Author: "Author", "Autor";
        Approver: "Approver", "Aprovador";
        Responder: "Responder", "Respondente";
        Viewer: "Viewer", "Leitor";
    }
    FailureCode {
        Unreachable: "The target did not answer.", "O alvo não respondeu.";
        CredentialRefused: "The target refused the credential.", "O alvo recusou a credencial.";
        NoCredential: "The target has no credential of that role.", "O alvo não tem credencial desse papel.";
        CredentialTooStrong: "The credential registered as read-only may write.", "A credencial registrada como somente leitura pode escrever.";
        OwnStore: "The database is a store of Farol, which no step may touch.", "O banco de dados é um armazenamento do Farol, que nenhum passo pode tocar.";
        ConnectionLost: "The connection was lost while it ran.", "A conexão caiu durante a execução.";
        StatementRefused: "The target refused the statement; its own words are in the output.", "O alvo recusou o comando; as palavras dele estão na saída.";
        ExitCode: "It ended with an exit code other than 0.", "Terminou com código de saída diferente de 0.";
        Signal: "It was ended by a signal.", "Foi encerrado por um sinal.";
        RunnerFailed: "The runner could not be started.", "O executor não pôde ser iniciado.";
        ApprovalVoid: "What was approved had changed or expired, or who asked or approved may not any more. Ask again.", "O que foi aprovado mudou ou expirou, ou quem pediu ou aprovou já não pode. Peça de novo.";
        Withdrawn: "It was refused or withdrawn.", "Foi recusada ou retirada.";
        ServerLost: "The server stopped while it ran. Find out what happened before you run it again.", "O servidor parou durante a execução. Descubra o que houve antes de repetir.";
        OutputNotStored: "The output could not be stored.", "A saída não pôde ser guardada.";
        RowsOutside: "Other rows than approved: all was rolled back.", "Linhas fora do aprovado: tudo foi desfeito.";
        HoldExpired: "Nobody decided in time: all was rolled back.", "Ninguém decidiu a tempo: tudo foi desfeito.";
        CannotHold: "It cannot be held: nothing was changed.", "Não pode ser retido: nada foi alterado.";
    }
}
