//! Every diagnostic: its code, how much it matters, and its sentence in two languages.

use farol_api::runbook::DiagnosticSeverity as Severity;

/// One kind of diagnostic; `{}` in its sentences stands for what it speaks of.
pub struct Entry {
    /// Stable, for example `unclosed-fence`.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The sentence in English.
    pub en: &'static str,
    /// The sentence in Brazilian Portuguese.
    pub pt: &'static str,
}

macro_rules! catalogue {
    ($($name:ident = $code:literal, $severity:ident, $en:literal, $pt:literal;)*) => {
        $(pub const $name: Entry = Entry { code: $code, severity: Severity::$severity, en: $en, pt: $pt };)*
        /// All of them.
        pub const ALL: &[Entry] = &[$($name),*];
    };
}

catalogue! {
    TOO_LARGE = "too-large", Error,
        "The document has more than {} bytes and was not read; split it.",
        "O documento tem mais de {} bytes e não foi lido; divida-o.";
    TOO_MANY_BLOCKS = "too-many-blocks", Error,
        "The document has more than {} blocks and was not read; split it.",
        "O documento tem mais de {} blocos e não foi lido; divida-o.";
    UNCLOSED_FENCE = "unclosed-fence", Warning,
        "This code block is not closed; it was read as ending before line {}.",
        "Este bloco de código não é fechado; foi lido como se terminasse antes da linha {}.";
    FENCE_LABEL_MISMATCH = "fence-label-mismatch", Warning,
        "The block is labelled {}, but it holds something else; it was read by what it holds.",
        "O bloco tem o rótulo {}, mas contém outra coisa; foi lido pelo que contém.";
    PLACEHOLDER_UNFILLED = "placeholder-unfilled", Info,
        "{} has to be filled in before this step runs.",
        "{} precisa ser preenchido antes de executar este passo.";
    STEP_WITHOUT_COMMAND = "step-without-command", Info,
        "This step orders \"{}\" and gives no command; a person does it.",
        "Este passo pede \"{}\" e não traz comando; uma pessoa o executa.";
    BROKEN_CROSS_REFERENCE = "broken-cross-reference", Warning,
        "{} leads to no section of this document.",
        "{} não leva a nenhuma seção deste documento.";
    UNKNOWN_ATTRIBUTE = "unknown-attribute", Warning,
        "The attribute {} means nothing here.",
        "O atributo {} não significa nada aqui.";
    DUPLICATE_ID = "duplicate-id", Error,
        "The id {} is used by two steps; the later one got another.",
        "O id {} é usado por dois passos; o segundo recebeu outro.";
    NEEDS_CYCLE = "needs-cycle", Error,
        "This step needs {}, which comes after it; the two would wait for each other.",
        "Este passo precisa de {}, que vem depois dele; um esperaria pelo outro.";
    UNKNOWN_STEP = "unknown-step", Error,
        "No step has the id {}.",
        "Nenhum passo tem o id {}.";
    DESTRUCTIVE_WITHOUT_VERIFICATION = "destructive-without-verification", Warning,
        "{} destroys data, and no step after it verifies or undoes it.",
        "{} destrói dados, e nenhum passo depois dele verifica ou desfaz isso.";
    PHASE_TOO_LONG = "phase-too-long", Info,
        "This phase has {} steps; more than nine are hard to follow under pressure.",
        "Esta fase tem {} passos; mais de nove são difíceis de seguir sob pressão.";
    NO_STEPS = "no-steps", Info,
        "No step was found in this document.",
        "Nenhum passo foi encontrado neste documento.";
    RTO_WITHOUT_ESCALATION = "rto-without-escalation", Info,
        "There is a recovery time objective, but nothing says whom to call after how many minutes.",
        "Há um objetivo de tempo de recuperação, mas nada diz quem chamar depois de quantos minutos.";
    STALE_REVIEW = "stale-review", Warning,
        "This runbook was to be reviewed by {}.",
        "Este runbook deveria ter sido revisado até {}.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_sentences_agree_on_their_gap() {
        let mut codes: Vec<_> = ALL.iter().map(|e| e.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ALL.len());
        for entry in ALL {
            assert_eq!(entry.en.matches("{}").count(), entry.pt.matches("{}").count(), "{}", entry.code);
        }
    }
}
