//! The words of pictures and lists that are not the author's, in both languages.

use farol_api::text::Locale;

/// Chooses a word.
const fn pick(locale: Locale, en: &'static str, pt: &'static str) -> &'static str {
    match locale {
        Locale::En => en,
        Locale::PtBr => pt,
    }
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident: $en:literal, $pt:literal;)*) => {
        $($(#[$doc])* pub const fn $name(locale: Locale) -> &'static str { pick(locale, $en, $pt) })*
    };
}

words! {
    step_graph: "Step graph", "Grafo de passos";
    no_steps: "No steps", "Nenhum passo";
    steps: "Steps", "Passos";
    unclassified: "not classified", "não classificado";
    condition: "if", "se";
    here: "you are here", "você está aqui";
    ends_here: "ends here", "termina aqui";
    begins_here: "begins here", "começa aqui";
    then_to: "then", "depois";
    goes_to: "continues at", "continua em";
    needs: "needs", "precisa de";
    needs_short: "needed by", "necessário para";
    on_failure: "if it fails", "se falhar";
    if_it_fails: "if it fails, go to", "se falhar, ir para";
    choose_one: "choose one of", "escolha uma de";
    after: "after", "após";
}

/// How many steps and decisions there are, in a sentence.
pub fn summary(locale: Locale, steps: usize, decisions: usize) -> String {
    let step = if steps == 1 { pick(locale, "step", "passo") } else { pick(locale, "steps", "passos") };
    let decision = match (decisions, locale) {
        (1, Locale::En) => "decision",
        (_, Locale::En) => "decisions",
        (1, Locale::PtBr) => "decisão",
        (_, Locale::PtBr) => "decisões",
    };
    format!("{steps} {step}, {decisions} {decision}.")
}
