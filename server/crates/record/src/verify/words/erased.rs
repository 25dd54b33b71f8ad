//! What was erased, and what is missing, in words.

use farol_api::id::AttemptId;
use farol_api::incident::Erasure;
use farol_api::text::Localized;

use super::super::{Fault, Remark};
use super::say;

impl Remark {
    /// Says what was erased, by whom and why, or that it is still here.
    pub(super) fn say_of_erasure(&self) -> Localized {
        match self {
            Self::Erased { seq, at, by, reason, days, attempts, entries } => {
                let [what, que] = erased(attempts, entries);
                let erasure = Erasure {
                    seq: *seq,
                    at: *at,
                    by: by.clone(),
                    reason: reason.clone(),
                    days: *days,
                    attempts: Vec::new(),
                    entries: Vec::new(),
                };
                let how = erasure.said();
                say(
                    format!("Entry {seq} records that {what} was erased. {}.", how.en),
                    format!("A entrada {seq} registra que foi apagado: {que}. {}.", how.pt),
                )
            }
            Self::NotYetErased { seq: Some(seq), .. } => say(
                format!(
                    "The content of entry {seq} is recorded as erased and is still here: it was to be removed at once. Start the server of this store, which removes it, and export again."
                ),
                format!(
                    "O conteúdo da entrada {seq} está registrado como apagado e ainda está aqui: deveria ter sido removido na hora. Inicie o servidor deste banco, que o remove, e exporte de novo."
                ),
            ),
            Self::NotYetErased { attempt, .. } => {
                let id = attempt.map(|id| id.to_string()).unwrap_or_default();
                say(
                    format!(
                        "The output of attempt {id} is recorded as erased and is still here: it was to be removed at once. Start the server of this store, which removes it, and export again."
                    ),
                    format!(
                        "A saída da tentativa {id} está registrada como apagada e ainda está aqui: deveria ter sido removida na hora. Inicie o servidor deste banco, que a remove, e exporte de novo."
                    ),
                )
            }
            _ => say("", ""),
        }
    }
}

/// What was erased, in words.
fn erased(attempts: &[AttemptId], entries: &[i64]) -> [String; 2] {
    let ids: Vec<String> = attempts.iter().map(ToString::to_string).collect();
    let numbers: Vec<String> = entries.iter().map(ToString::to_string).collect();
    let output = (!ids.is_empty()).then(|| {
        [format!("the output of attempt {}", ids.join(", ")), format!("a saída da tentativa {}", ids.join(", "))]
    });
    let content = (!numbers.is_empty()).then(|| {
        [
            format!("the content of entry {}", numbers.join(", ")),
            format!("o conteúdo da entrada {}", numbers.join(", ")),
        ]
    });
    let parts: Vec<[String; 2]> = output.into_iter().chain(content).collect();
    let join = |at: usize, and: &str| parts.iter().map(|part| part[at].clone()).collect::<Vec<_>>().join(and);
    [join(0, " and "), join(1, " e ")]
}

pub(super) fn of_output(fault: Fault) -> (&'static str, &'static str) {
    match fault {
        Fault::OutputGone => (
            "its output is missing, and no entry says that it was erased",
            "falta sua saída, e nenhuma entrada diz que foi apagada",
        ),
        Fault::BadErasure => (
            "something was erased by nobody, without a reason, or before it was over",
            "algo foi apagado por ninguém, sem motivo ou antes de terminar",
        ),
        _ => ("its output is not the one that its end names", "sua saída não é a que seu fim indica"),
    }
}
