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
    /// Why it matters, for its page in the documentation.
    pub why: &'static str,
    /// What to do about it, for its page.
    pub mend: &'static str,
    /// A runbook that it is said of; empty where none is short enough.
    pub example: &'static str,
    /// The same, mended.
    pub mended: &'static str,
}

macro_rules! catalogue {
    ($($name:ident = $code:literal, $severity:ident, $en:literal, $pt:literal, $why:literal, $mend:literal;)*) => {
        $(pub const $name: Entry = Entry {
            code: $code,
            severity: Severity::$severity,
            en: $en,
            pt: $pt,
            why: $why,
            mend: $mend,
            example: include_str!(concat!("examples/", $code, ".md")),
            mended: include_str!(concat!("examples/", $code, ".mended.md")),
        };)*
        /// All of them.
        pub const ALL: &[Entry] = &[$($name),*];
    };
}

catalogue! {
    TOO_LARGE = "too-large", Error,
        "The document has more than {} bytes and was not read; split it.",
        "O documento tem mais de {} bytes e não foi lido; divida-o.",
        "Nobody finds the next step in such a document, and reading it would cost memory that an incident needs.",
        "Split it by scenario, one file each; links between them are kept.";
    TOO_MANY_BLOCKS = "too-many-blocks", Error,
        "The document has more than {} blocks and was not read; split it.",
        "O documento tem mais de {} blocos e não foi lido; divida-o.",
        "A document of so many blocks is a log or an export, not a procedure.",
        "Keep the procedure, and link to the rest.";
    TOO_DENSE = "too-dense", Error,
        "The document has more than one mark in {} bytes, or very short lines throughout, and was not read: it is data, not prose and commands.",
        "O documento tem mais de uma marca a cada {} bytes, ou só linhas muito curtas, e não foi lido: são dados, não texto e comandos.",
        "A long text of nothing but very short lines, cells or code spans would cost many times its size in memory.",
        "Keep the procedure in the runbook, and the data in a file that it links to.";
    TOO_MANY_STEPS = "too-many-steps", Error,
        "The document has more than {} steps for its length; this one and all after it stay text that cannot be run. Split it.",
        "O documento tem mais de {} passos para o seu tamanho; este e todos depois dele ficam como texto, que não se executa. Divida-o.",
        "Nobody works through a thousand steps in an incident, and reading them all would cost many times the document's size in memory.",
        "Split it by scenario, one file each, or keep the procedure and link to the list.";
    TOO_MANY_HEADINGS = "too-many-headings", Error,
        "The document has more than {} headings for its length; this one and all after it are text that does not run. Split it.",
        "O documento tem mais de {} títulos para o seu tamanho; este e todos depois dele ficam como texto, que não se executa. Divida-o.",
        "Nobody finds the way by so many headings, and without them nobody knows what stands under one that forbids it.",
        "Split it, or make list items of headings that have nothing below them.";
    LONG_BLOCK = "long-block", Error,
        "This list, table or paragraph is too long; from line {} to the next heading nothing was read. Put a heading between its parts.",
        "Esta lista, tabela ou parágrafo é longo demais; da linha {} até o próximo título nada foi lido. Ponha um título entre suas partes.",
        "Read in one piece it would cost many times its size in memory, and of a part nobody knows what stood above it: what forbade a command, or the header of a table.",
        "Put a heading between its parts, with a header for each part of a table.";
    UNCLOSED_FENCE = "unclosed-fence", Warning,
        "This code block is not closed; it was read as ending before line {}.",
        "Este bloco de código não é fechado; foi lido como se terminasse antes da linha {}.",
        "Markdown lets an open block run to the end of the document, which would make commands of everything that follows.",
        "Close the block where its code ends. `farol fix` does it at the place where it was read as ending.";
    FENCE_LABEL_MISMATCH = "fence-label-mismatch", Warning,
        "The block is labelled {}; it was read by what it holds.",
        "O bloco tem o rótulo {}; foi lido pelo que contém.",
        "Readers and tools trust the label: a `bash` block that holds a log invites somebody to paste it.",
        "Label the block by what it holds, for example `text`, `sql` or `ini`.";
    PLACEHOLDER_UNFILLED = "placeholder-unfilled", Info,
        "{} has to be filled in before this step runs.",
        "{} precisa ser preenchido antes de executar este passo.",
        "It is asked for once for the whole incident; the step waits until then.",
        "Nothing, if a person has to know it. Give a default in the front matter where there is one.";
    STEP_WITHOUT_COMMAND = "step-without-command", Info,
        "This step orders \"{}\" and gives no command; a person does it.",
        "Este passo pede \"{}\" e não traz comando; uma pessoa o executa.",
        "A person does it by heart, at night, and the record holds what they say instead of what ran.",
        "Add the command in a code block below the sentence, if there is one.";
    BROKEN_CROSS_REFERENCE = "broken-cross-reference", Warning,
        "{} leads nowhere in this document.",
        "{} não leva a lugar nenhum neste documento.",
        "Under pressure nobody searches for the section or the step that was meant.",
        "Name a heading or a numbered step of this document as it is written, or link to it.";
    UNKNOWN_ATTRIBUTE = "unknown-attribute", Warning,
        "The attribute {} means nothing here.",
        "O atributo {} não significa nada aqui.",
        "It is ignored: what it was to change stays as it is.",
        "Correct its name; docs/runbook-format.md lists all of them. `farol fix` does it where one letter is wrong.";
    INVALID_ATTRIBUTE = "invalid-attribute", Warning,
        "This value is not understood and has no effect: {}.",
        "Este valor não é entendido e não tem efeito: {}.",
        "The author thinks that it limits, retries or guards the step, and it does not.",
        "Write a value that the key takes; docs/runbook-format.md lists them.";
    FRONT_MATTER = "front-matter", Warning,
        "Front matter: {}.",
        "Front matter: {}.",
        "What cannot be read has no effect: no objective, no owner, no check of a value.",
        "Mend the line; docs/runbook-format.md has an example of each key.";
    FRONT_MATTER_KEY = "front-matter-key", Info,
        "This key is not read: {}.",
        "Esta chave não é lida: {}.",
        "Other tools have keys of their own, so only what is nearly one of Farol's is said.",
        "Correct it if it was meant for Farol.";
    UNUSED_PARAMETER = "unused-parameter", Warning,
        "No step uses the parameter {}.",
        "Nenhum passo usa o parâmetro {}.",
        "A check that its author relies on is made of nothing.",
        "Write the name as the placeholder has it: `pid` for `<pid>`. Or remove it.";
    INVALID_PATTERN = "invalid-pattern", Error,
        "The pattern of the parameter {} is no regular expression, so no value is checked against it.",
        "O padrão do parâmetro {} não é uma expressão regular; nenhum valor é conferido com ele.",
        "During an incident nobody can mend it, so the value is taken as it is.",
        "Correct the expression; lookaround and backreferences are not known.";
    COMMAND_WITHOUT_TARGET = "command-without-target", Info,
        "It is not said on which target this runs: {}.",
        "Não está dito em que alvo isto executa: {}.",
        "It runs on the incident's target, which may be another one than its author had in mind.",
        "Add `target=` to its fence, or name one target only in the front matter.";
    SMART_QUOTES = "smart-quotes", Warning,
        "This command holds typographic quotes: {}. Shells and databases take them for letters.",
        "Este comando contém aspas tipográficas: {}. Shells e bancos as tomam por letras.",
        "Text editors and wikis put them in, and the command fails or does something else.",
        "Write straight quotes. `farol fix` does it where each pair is closed.";
    READ_AS_MEANT = "read-as-meant", Info,
        "List items were read as belonging to the item before them, though Markdown says otherwise: {}.",
        "Itens de lista foram lidos como parte do item anterior, embora o Markdown diga outra coisa: {}.",
        "Other tools number and nest them in another way.",
        "Indent what belongs to an item by as much as the item's text: three spaces under `1. `.";
    BROKEN_RUNBOOK_LINK = "broken-runbook-link", Warning,
        "{} leads to no file.",
        "{} não leva a nenhum arquivo.",
        "The other runbook is looked for when nobody has time to look.",
        "Mend the path, or remove the link.";
    BROKEN_SECTION_LINK = "broken-section-link", Warning,
        "{} leads to no section of that file.",
        "{} não leva a nenhuma seção desse arquivo.",
        "Whoever follows it under pressure lands at the top of the other runbook and has to search.",
        "Name a heading of the other file as its anchor is written, or link to the file.";
    DUPLICATE_ID = "duplicate-id", Error,
        "The id {} is used by two steps; the later one got another.",
        "O id {} é usado por dois passos; o segundo recebeu outro.",
        "Links and `needs` that name the id mean the first of the two steps.",
        "Give each step an id of its own.";
    NEEDS_CYCLE = "needs-cycle", Error,
        "This step needs {}, which comes after it; the two would wait for each other.",
        "Este passo precisa de {}, que vem depois dele; um esperaria pelo outro.",
        "Two steps that wait for each other are never run.",
        "Remove one of the two `needs`.";
    UNKNOWN_STEP = "unknown-step", Error,
        "No step has the id {}.",
        "Nenhum passo tem o id {}.",
        "What refers to it cannot be followed.",
        "Use the id of a step of this document.";
    DESTRUCTIVE_WITHOUT_VERIFICATION = "destructive-without-verification", Warning,
        "{} destroys data, and no step after it verifies or undoes it.",
        "{} destrói dados, e nenhum passo depois dele verifica ou desfaz isso.",
        "What was destroyed by mistake is noticed by customers.",
        "Add a step after it that looks at the result, or a section on how to undo it.";
    PHASE_TOO_LONG = "phase-too-long", Info,
        "This phase has {} steps; more than nine are hard to follow under pressure.",
        "Esta fase tem {} passos; mais de nove são difíceis de seguir sob pressão.",
        "People lose their place in long lists, and skip what they should not.",
        "Divide the section by what each part achieves.";
    NO_STEPS = "no-steps", Info,
        "No step was found in this document.",
        "Nenhum passo foi encontrado neste documento.",
        "There is nothing to walk through.",
        "Write what to do as a list, or the commands in code blocks.";
    RTO_WITHOUT_ESCALATION = "rto-without-escalation", Info,
        "There is a recovery time objective, but nothing says whom to call after how many minutes.",
        "Há um objetivo de tempo de recuperação, mas nada diz quem chamar depois de quantos minutos.",
        "The objective is missed quietly when the first responder is stuck.",
        "Say whom to call after how many minutes: \"After 15 minutes without success: call the on-call DBA\".";
    STALE_REVIEW = "stale-review", Warning,
        "This runbook was to be reviewed by {}.",
        "Este runbook deveria ter sido revisado até {}.",
        "A runbook that nobody has looked at since then may be wrong by now.",
        "Walk through it, mend it, and set a new `review_by`.";
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
