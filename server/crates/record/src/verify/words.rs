//! What a verification found, in words.

mod erased;

use farol_api::text::Localized;

use super::{Fault, Gap, Problem, Remark, Report, Signed, Unreadable};

impl Report {
    /// Says in one sentence what the whole proves.
    pub fn verdict(&self) -> Localized {
        let Self { proved, entries, problems, .. } = self;
        if self.proves() {
            return say(
                format!("Proved: entries 1 to {entries} are the record as it was signed."),
                format!("Provado: as entradas 1 a {entries} são o registro como foi assinado."),
            );
        }
        if !problems.is_empty() {
            return say(
                "Not proved: this is not the record as it was signed, or not one that Farol wrote.",
                "Não provado: este não é o registro como foi assinado, ou não foi escrito pelo Farol.",
            );
        }
        if *proved == 0 {
            return say(
                "Not proved: nothing is wrong in itself, and nothing shows who wrote it.",
                "Não provado: nada está errado em si, e nada mostra quem o escreveu.",
            );
        }
        say(
            format!("Not proved as a whole: entries 1 to {proved} of {entries} stand as they were signed."),
            format!("Não provado por inteiro: as entradas 1 a {proved} de {entries} estão como foram assinadas."),
        )
    }
}

impl Signed {
    /// Says who signed what.
    pub fn say(&self) -> Localized {
        let Self { size, key, kept_elsewhere } = self;
        let (en, pt) = if *kept_elsewhere {
            (", in a checkpoint kept elsewhere", ", em um checkpoint guardado em outro lugar")
        } else {
            ("", "")
        };
        say(
            format!("Entries 1 to {size} are signed by {key}{en}."),
            format!("As entradas 1 a {size} estão assinadas por {key}{pt}."),
        )
    }
}

impl Problem {
    /// Says what is wrong.
    pub fn say(&self) -> Localized {
        match self {
            Self::NotCanonical { line } => say(
                format!("Line {line} is not spelt as the format says: somebody wrote it anew."),
                format!("A linha {line} não está escrita como o formato manda: alguém a reescreveu."),
            ),
            Self::Empty => say("There is no entry at all.", "Não há nenhuma entrada."),
            Self::Changed { seq } => say(
                format!("Entry {seq} is not what was hashed when it was appended: it was changed."),
                format!("A entrada {seq} não é o que foi resumido quando foi escrita: ela foi alterada."),
            ),
            Self::Missing { from, to } if from == to => {
                say(format!("Entry {from} is missing."), format!("Falta a entrada {from}."))
            }
            Self::Missing { from, to } => {
                say(format!("Entries {from} to {to} are missing."), format!("Faltam as entradas {from} a {to}."))
            }
            Self::OutOfOrder { seq } => say(
                format!("Entry {seq} stands in the place of another."),
                format!("A entrada {seq} está no lugar de outra."),
            ),
            Self::OtherIncident { seq, found } => say(
                format!("Entry {seq} belongs to incident {found}."),
                format!("A entrada {seq} pertence ao incidente {found}."),
            ),
            Self::Disagrees { seq } => say(
                format!("Entry {seq} says one actor or kind in the open and another inside."),
                format!("A entrada {seq} diz um autor ou tipo por fora e outro por dentro."),
            ),
            Self::Gone { seq } => say(
                format!(
                    "The content of entry {seq} is missing, and no entry says that it was erased: somebody took it away."
                ),
                format!("Falta o conteúdo da entrada {seq}, e nenhuma entrada diz que foi apagado: alguém o retirou."),
            ),
            Self::NotUnderstood { seq, kind } => say(
                format!("Entry {seq} ({kind}) cannot be read by this version of Farol; use the one that wrote it."),
                format!("A entrada {seq} ({kind}) não pode ser lida por esta versão do Farol; use a que a escreveu."),
            ),
            Self::Meaning { seq, attempt, fault } => meaning(*seq, attempt.map(|id| id.to_string()), *fault),
            Self::StrayOutput { attempt } => say(
                format!("There is output of attempt {attempt}, which no entry knows."),
                format!("Há saída da tentativa {attempt}, que nenhuma entrada conhece."),
            ),
            of_the_whole => of_the_whole.say_of_the_whole(),
        }
    }

    fn say_of_the_whole(&self) -> Localized {
        match self {
            Self::OtherOrigin { origin } => say(
                format!("“{origin}” is not the tree that these entries belong to."),
                format!("“{origin}” não é a árvore a que estas entradas pertencem."),
            ),
            Self::NoCheckpoint { line } => say(
                format!("The checkpoint in line {line} is no signed note."),
                format!("O checkpoint na linha {line} não é uma nota assinada."),
            ),
            Self::CheckpointOrder { line } => say(
                format!("The checkpoint in line {line} is smaller than the one before it."),
                format!("O checkpoint na linha {line} é menor que o anterior."),
            ),
            Self::BadSignature { size, key } => say(
                format!("The signature of {key} over entries 1 to {size} is wrong."),
                format!("A assinatura de {key} sobre as entradas 1 a {size} está errada."),
            ),
            Self::Cut { size, entries } => say(
                format!("{size} entries were signed and {entries} are here: the last ones were cut off."),
                format!("{size} entradas foram assinadas e {entries} estão aqui: as últimas foram cortadas."),
            ),
            Self::Rewritten { after, size } => say(
                format!("Entries {} to {size} are not those that were signed: at least one was rewritten.", after + 1),
                format!(
                    "As entradas {} a {size} não são as que foram assinadas: ao menos uma foi reescrita.",
                    after + 1
                ),
            ),
            _ => say(
                "The last line counts other lines than there are.",
                "A última linha conta linhas que não são as que há.",
            ),
        }
    }
}

impl Gap {
    /// Says what is not proved, and what to do.
    pub fn say(&self) -> Localized {
        match self {
            Self::NoKey { claimed } if claimed.is_empty() => say(
                "No key was named and no checkpoint is there: anybody could have written this. Export it again, and name the key that `farol keys` prints with --key.",
                "Nenhuma chave foi indicada e não há checkpoint: qualquer um poderia ter escrito isto. Exporte de novo e indique com --key a chave que `farol keys` mostra.",
            ),
            Self::NoKey { claimed } => say(
                format!(
                    "No key was named, so nobody's signature was checked. It claims to be signed by {}: get that key from whoever runs that Farol (`farol keys`), not from this file's sender, and name it with --key.",
                    claimed.join(", ")
                ),
                format!(
                    "Nenhuma chave foi indicada, então nenhuma assinatura foi conferida. Ele diz estar assinado por {}: peça essa chave a quem opera aquele Farol (`farol keys`), não a quem enviou o arquivo, e indique-a com --key.",
                    claimed.join(", ")
                ),
            ),
            Self::Unsigned { from, to } => say(
                format!(
                    "Entries {from} to {to} are covered by no signature of a key that was named: they may be anybody's."
                ),
                format!(
                    "As entradas {from} a {to} não têm assinatura de uma chave indicada: podem ser de qualquer um."
                ),
            ),
            Self::NoneKept => say(
                "None of the checkpoints that were kept elsewhere is of this record, so it was held against none of them.",
                "Nenhum dos checkpoints guardados em outro lugar é deste registro, então ele não foi comparado com nenhum.",
            ),
        }
    }
}

impl Remark {
    /// Says what to know.
    pub fn say(&self) -> Localized {
        match self {
            Self::Late { entries } => say(
                format!(
                    "{entries} entries were written before Farol hashed records: what they said until then is not proved."
                ),
                format!(
                    "{entries} entradas foram escritas antes de o Farol resumir registros: o que diziam até então não está provado."
                ),
            ),
            Self::Erased { .. } | Self::NotYetErased { .. } => self.say_of_erasure(),
            Self::UnknownKey { size, key } => say(
                format!("{key} signed entries 1 to {size} too; that key was not named, so it was not checked."),
                format!(
                    "{key} também assinou as entradas 1 a {size}; essa chave não foi indicada, então não foi conferida."
                ),
            ),
            Self::Unreviewed { seq } => say(
                format!(
                    "Entry {seq}: break-glass waived approvals here, and nobody else has reviewed what ran meanwhile."
                ),
                format!(
                    "Entrada {seq}: o break-glass dispensou aprovações aqui, e mais ninguém revisou o que rodou enquanto isso."
                ),
            ),
            Self::Running { attempt, seq } => say(
                format!("Attempt {attempt} was dispatched (entry {seq}) and had not ended when this was exported."),
                format!(
                    "A tentativa {attempt} foi enviada (entrada {seq}) e não havia terminado quando isto foi exportado."
                ),
            ),
        }
    }
}

impl Unreadable {
    /// Says why it cannot be read, and what to do.
    pub fn say(&self) -> Localized {
        match self {
            Self::NotARecord => say(
                "this is no record of an incident: it does not begin as one. Export one from the page after an incident, or from /api/incidents/NUMBER/record.",
                "isto não é o registro de um incidente: não começa como um. Exporte um da página após o incidente, ou de /api/incidents/NÚMERO/record.",
            ),
            Self::Newer { format } => say(
                format!("its format is version {format}, which a newer Farol writes: verify it with that one."),
                format!("o formato é da versão {format}, que um Farol mais novo escreve: confira com ele."),
            ),
            Self::Line { line } => say(
                format!("line {line} is none of a record: it was changed, or the file is another's."),
                format!("a linha {line} não é de um registro: foi alterada, ou o arquivo é de outra coisa."),
            ),
            Self::AfterEnd => say(
                "it goes on after its last line: something was added, or two files were joined.",
                "ele continua depois da última linha: algo foi acrescentado, ou dois arquivos foram juntados.",
            ),
            Self::Cut { lines } => say(
                format!(
                    "it ends after line {lines} without its last line: it was cut short, or the download stopped. Export it again."
                ),
                format!(
                    "ele termina após a linha {lines} sem a última linha: foi cortado, ou o download parou. Exporte de novo."
                ),
            ),
        }
    }
}

fn meaning(seq: i64, attempt: Option<String>, fault: Fault) -> Localized {
    let (en, pt) = of_fault(fault);
    match attempt {
        Some(attempt) => {
            say(format!("Entry {seq}, attempt {attempt}: {en}."), format!("Entrada {seq}, tentativa {attempt}: {pt}."))
        }
        None => say(format!("Entry {seq}: {en}."), format!("Entrada {seq}: {pt}.")),
    }
}

fn of_fault(fault: Fault) -> (&'static str, &'static str) {
    match fault {
        Fault::NotDeclared => ("the incident was not declared first", "o incidente não foi declarado antes"),
        Fault::DeclaredTwice => ("the incident is declared a second time", "o incidente é declarado uma segunda vez"),
        Fault::UnknownAttempt => ("it was never requested", "ela nunca foi pedida"),
        Fault::RequestedTwice => ("it is requested a second time", "ela é pedida uma segunda vez"),
        Fault::NobodyAsked => ("no person asked for it", "nenhuma pessoa a pediu"),
        Fault::StepActive => (
            "it was requested while another attempt of the step was under way",
            "foi pedida enquanto outra tentativa do passo estava em curso",
        ),
        Fault::NumberSkips => (
            "its number does not follow the attempts of its step: one is unexplained",
            "seu número não segue as tentativas do passo: uma não está explicada",
        ),
        Fault::OtherDigest => (
            "the approval is for something else than what was requested",
            "a aprovação é de outra coisa que não a pedida",
        ),
        Fault::OwnRequest => ("the requester approved it", "quem a pediu a aprovou"),
        Fault::ApprovedTwice => ("one person approved it twice", "uma pessoa a aprovou duas vezes"),
        Fault::NobodyApproved => ("no person approved it", "nenhuma pessoa a aprovou"),
        Fault::Expired => ("the request had expired", "o pedido havia expirado"),
        Fault::Over => ("it was over already", "ela já havia terminado"),
        Fault::DispatchedAlready => ("it had been dispatched already", "ela já havia sido enviada"),
        Fault::FewApprovals => (
            "fewer people had approved it than its class takes",
            "menos pessoas a haviam aprovado do que sua classe exige",
        ),
        Fault::BadBreakGlass => (
            "break-glass that is no person's, lasts longer than 30 minutes, or is counted wrongly",
            "break-glass que não é de nenhuma pessoa, dura mais de 30 minutos ou está contado errado",
        ),
        Fault::OwnBreakGlass => (
            "who broke the glass reviewed it, or no person did",
            "quem usou o break-glass o revisou, ou nenhuma pessoa o fez",
        ),
        Fault::UnknownBreakGlass => ("there is no such break-glass", "não existe esse break-glass"),
        Fault::NotQueued => ("it was dispatched without being queued", "foi enviada sem estar na fila"),
        Fault::Withdrawn => ("it was dispatched after it was withdrawn", "foi enviada depois de retirada"),
        Fault::NotToBeHeld | Fault::NotHeld | Fault::NotTheirs | Fault::HoldOver | Fault::NotCommitted => {
            of_hold(fault)
        }
        Fault::StaleToken => ("its fencing token did not grow", "seu fencing token não cresceu"),
        Fault::NeverDispatched => (
            "it ended as if it had run, and was never dispatched",
            "terminou como se tivesse rodado, e nunca foi enviada",
        ),
        Fault::VoidedAfterDispatch => {
            ("it was dispatched, and ended as if it had not been", "foi enviada, e terminou como se não tivesse sido")
        }
        Fault::NoEnd => (
            "it was dispatched and has no end, though the incident is over",
            "foi enviada e não tem fim, embora o incidente tenha terminado",
        ),
        Fault::OutputGone | Fault::BadErasure | Fault::OutputDiffers => erased::of_output(fault),
    }
}

fn of_hold(fault: Fault) -> (&'static str, &'static str) {
    match fault {
        Fault::NotToBeHeld => {
            ("it was held though it was not to be, or twice", "foi retida embora não devesse, ou duas vezes")
        }
        Fault::NotHeld => (
            "it was decided about what was not held, or had been decided already",
            "decidiu-se sobre o que não estava retido, ou já havia sido decidido",
        ),
        Fault::NotTheirs => (
            "it was decided by somebody who neither asked for it nor commands the incident",
            "foi decidida por quem não a pediu nem comanda o incidente",
        ),
        Fault::HoldOver => (
            "it was committed after the time to decide was over, or after it was stopped",
            "foi confirmada depois do prazo para decidir, ou depois de interrompida",
        ),
        _ => (
            "it ended well, and no person had committed what was held",
            "terminou bem, e nenhuma pessoa havia confirmado o que estava retido",
        ),
    }
}

fn say(en: impl Into<String>, pt: impl Into<String>) -> Localized {
    Localized::new(en, pt)
}
