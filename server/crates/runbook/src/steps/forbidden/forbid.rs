//! What a text forbids, wherever in it the words stand: at its start, after "careful:", or in "must not be run".

use super::bad;
use super::places::{is_elsewhere, is_kept_out, names_system};
use super::running::{self, asks, is_subjunctive, names_its_running, runs_subjunctive, verb_after};
use super::turned::{always, halts, instead, is_bound, is_chosen, is_third_person};
use crate::lexicon::{Category, Lexicon, NOTS};
use crate::steps::prose::clauses::{Clause, Denials, Mark, clauses};
use crate::words::{begins_word, first_word, firsts, past_marks, starts_with_phrase};

/// What the words before a code span or a block do to it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// A code span in the same sentence.
    Span,
    /// A block, or a list, that the whole text introduces.
    Block,
}

/// What a clause says.
#[derive(Clone, Copy)]
enum Says {
    /// It forbids; `bare` where it names nothing to do yet: "never, whatever happens, …".
    Forbids {
        bare: bool,
    },
    /// A condition or a purpose, in which a "not" forbids nothing.
    Condition,
    Orders,
    Nothing,
}

/// Tells whether a text may forbid anything; a look that costs little.
pub fn may(lexicon: &Lexicon, text: &str) -> bool {
    lexicon.may_forbid(text)
}

/// Returns the prohibition that a folded clause starts with; "não responde" tells, and forbids nothing.
pub fn starts(lexicon: &Lexicon, folded: &str) -> Option<&'static str> {
    let start = past_marks(folded);
    let phrase = lexicon.starts(Category::Prohibit, start)?;
    // "não se esqueça" urges.
    let next = verb_after(lexicon, &start[phrase.len()..]);
    let rest = &start[phrase.len()..];
    let tells = lexicon.is(Category::State, next)
        || is_bound(next)
        || phrase == "never" && is_third_person(lexicon, next)
        || lexicon.tells(phrase, first_word(rest))
        || locks_out(lexicon, phrase, rest);
    (!tells && lexicon.starts(Category::Expected, start).is_none()).then_some(phrase)
}

/// Tells whether a folded text forbids what follows it.
pub fn forbids(lexicon: &Lexicon, folded: &str, before: Before) -> bool {
    read(lexicon, folded, before, false).0
}

/// Tells whether a folded text forbids, and orders nothing beside it.
pub fn only_forbids(lexicon: &Lexicon, folded: &str) -> bool {
    read(lexicon, folded, Before::Block, true) == (true, false)
}

/// Whether a text forbids what follows it, and whether it orders anything; `only` is whether it matters no more what it forbids
/// once it orders.
fn read(lexicon: &Lexicon, folded: &str, before: Before, only: bool) -> (bool, bool) {
    let announces = folded.trim_end().ends_with(':');
    let (mut ordered, mut conditional, mut itself) = (false, false, false);
    let Some(clauses) = noted(lexicon, folded) else { return (false, false) };
    let (mut now, mut outside) = (None, None);
    for (Clause { mark, at, text: clause, denies }, known) in clauses {
        let rest = &folded[at..];
        let start = past_marks(clause);
        if mark == Mark::Stop && before == Before::Span && !start.is_empty() {
            now = None;
        }
        // "Delete it (never in production):" speaks of what follows.
        let last = before == Before::Block && past_marks(rest).is_empty();
        if mark == Mark::Close && !last {
            now = outside;
        }
        if !start.is_empty() {
            let says = match known.unwrap_or_else(|| says(lexicon, start, denies, mark == Mark::Start)) {
                // "If you decide not to use it, or don't have one, you need to:" is all one condition.
                Says::Forbids { .. } if conditional && mark == Mark::Comma && goes_on(lexicon, start) => {
                    Says::Condition
                }
                says => says,
            };
            let stops = conditional && mark == Mark::Comma && halts(lexicon, start);
            conditional = matches!(says, Says::Condition);
            let says = match says {
                // "If any of them fails, do not proceed." What "do not proceed:" announces is what not to do.
                Says::Forbids { .. } if stops && now.is_none() && !announces => Says::Nothing,
                // "Run it. Do not interrupt it:" forbids no command.
                Says::Forbids { .. } if ordered && now.is_none() => {
                    let earlier = &folded[..at];
                    let bracketed = earlier.ends_with('(');
                    let other =
                        leaves_alone(lexicon, earlier, start) || bracketed && is_a_manner(lexicon, earlier, start);
                    if other { Says::Nothing } else { says }
                }
                says => says,
            };
            ordered |= matches!(says, Says::Orders) && (now.is_none() || matches!(mark, Mark::Stop | Mark::Dash));
            if ordered && only {
                return (false, true);
            }
            itself |= matches!(says, Says::Forbids { .. }) && names_its_running(lexicon, start);
            now = match (says, now) {
                // "Keep it in the vault, never in the code:" says how; "restore it (never in production):" does not.
                (Says::Forbids { bare }, now)
                    if before == Before::Block
                        && mark == Mark::Comma
                        && says_how(lexicon, &folded[..at], start, bare, ordered) =>
                {
                    now
                }
                (Says::Forbids { bare }, _) => Some(bare),
                (_, Some(_)) if instead(lexicon, rest) || !itself && always(lexicon, start) => None,
                (Says::Orders, Some(true)) => Some(false),
                (Says::Orders, Some(false)) if turns(start, mark, before, announces) => None,
                (_, now) => now,
            };
        }
        if rest[clause.len()..].starts_with('(') {
            outside = now;
        }
    }
    (now.is_some(), ordered)
}

/// Returns the clauses of a folded text if one of them forbids, taken alone; in most texts with such a word none does. What the
/// clauses up to that one say is noted.
fn noted<'t>(lexicon: &'t Lexicon, folded: &'t str) -> Option<Vec<(Clause<'t>, Option<Says>)>> {
    // As many clauses as most such texts have.
    let mut clauses = Vec::with_capacity(32);
    clauses.extend(Denials::of(lexicon, folded).map(|clause| {
        let known = clause.is_quoted(folded).then_some(Says::Nothing);
        (clause, known)
    }));
    let any = clauses.iter_mut().any(|(clause, known)| {
        let start = past_marks(clause.text);
        let may = clause.denies || lexicon.starts(Category::Prohibit, past_leads(lexicon, start)).is_some();
        may && known.is_none() && !start.is_empty() && {
            let says = says(lexicon, start, clause.denies, clause.mark == Mark::Start);
            *known = Some(says);
            matches!(says, Says::Forbids { .. })
        }
    });
    any.then_some(clauses)
}

/// "Keep it in the vault, never in the code", "check the table, never the message": how what was ordered is done.
fn says_how(lexicon: &Lexicon, earlier: &str, start: &str, bare: bool, ordered: bool) -> bool {
    (bare || contrasts(lexicon, start)) && ordered && !names_system(lexicon, start)
        || bare && is_elsewhere(lexicon, earlier)
}

/// "Check the table, never the message": a thing that is not to be taken for another, and nothing that is done.
fn contrasts(lexicon: &Lexicon, start: &str) -> bool {
    const ARTICLES: [&str; 12] = ["the", "a", "an", "o", "os", "as", "um", "uma", "el", "la", "los", "las"];
    let Some(rest) = ["never ", "nunca ", "jamais ", "jamas "].iter().find_map(|word| start.strip_prefix(word)) else {
        return false;
    };
    let mut words = rest.split(' ').map(first_word).filter(|word| !word.is_empty());
    let verb = |word: &str| lexicon.is_verb(word) || asks(lexicon, word) || runs_subjunctive(lexicon, word);
    words.next().is_some_and(|word| ARTICLES.contains(&word)) && !words.any(verb)
}

/// "Do not interrupt it", "não feche o terminal": what is not to be done while a command runs, which the words
/// before it do not ask for.
fn leaves_alone(lexicon: &Lexicon, earlier: &str, start: &str) -> bool {
    const STEMS: [&str; 6] = ["interr", "clos", "cancel", "fech", "cierr", "cerr"];
    let start = past_leads(lexicon, start);
    let Some(phrase) = starts(lexicon, start) else { return false };
    lexicon.label_is(Category::Interrupt, verb_after(lexicon, &start[phrase.len()..]))
        && !names_its_running(lexicon, start)
        // "Cancel the orders (do not cancel them in production):"
        && !earlier.split(' ').any(|word| STEMS.iter().any(|stem| first_word(word).starts_with(stem)))
}

/// "Restore it (never overwrite production directly)": how what was ordered is not to be done.
fn is_a_manner(lexicon: &Lexicon, earlier: &str, start: &str) -> bool {
    const STEM: usize = 5;
    let start = past_leads(lexicon, start);
    let Some(phrase) = starts(lexicon, start) else { return false };
    let verb = verb_after(lexicon, &start[phrase.len()..]);
    let last = start.trim_end().rsplit(' ').next().map_or("", first_word);
    let same = || earlier.split(' ').any(|word| first_word(word).starts_with(crate::words::shorten(verb, STEM)));
    let other = !verb.is_empty() && !asks(lexicon, verb) && !runs_subjunctive(lexicon, verb);
    other
        && lexicon.is(Category::Manner, last)
        && !lexicon.is(Category::Manner, verb)
        && !lexicon.is(Category::Place, verb)
        && !names_its_running(lexicon, start)
        && start.split(' ').any(|word| word == verb)
        && !start.contains(&format!("{verb} {last}"))
        && !same()
}

/// Tells whether a clause goes on with the one before: it begins with "or" or "and", and names nothing to run.
fn goes_on(lexicon: &Lexicon, start: &str) -> bool {
    let rest = ["or ", "and ", "ou ", "e ", "o ", "u ", "y "].iter().find_map(|word| start.strip_prefix(word));
    rest.is_some_and(|rest| !names_its_running(lexicon, rest))
}

/// "Do not guess: look it up": after what is forbidden, what to do instead.
fn turns(start: &str, mark: Mark, before: Before, announces: bool) -> bool {
    let joined = [" or ", " nor ", " ou ", " nem ", " o ", " ni ", " u "].iter().any(|w| start.contains(w));
    match (before, mark) {
        (_, Mark::Stop) => before == Before::Span || announces,
        (Before::Span, Mark::Dash) => true,
        (Before::Span, _) => !joined,
        // "No lo uses — borra todo:" tells why; an infinitive orders.
        (Before::Block, Mark::Dash) => {
            announces && {
                let word = first_word(start).trim_end_matches("lo").trim_end_matches("se").trim_end_matches('-');
                ["ar", "er", "ir"].iter().any(|end| word.ends_with(end))
            }
        }
        (Before::Block, _) => false,
    }
}

fn says(lexicon: &Lexicon, start: &str, denies: bool, first: bool) -> Says {
    if denies
        && let Some((at, phrase)) = found(lexicon, start)
        && !is_bound(first_word(&start[at + phrase.len()..]))
    {
        let wide = ["hipotes", "circunst", "caso", "forma", "jeito", "concepto", "motivo", "manera", "modo", "case"];
        let bare = wide.iter().any(|w| phrase.contains(w));
        let after = &start[at + phrase.len()..];
        return Says::Forbids { bare: bare && !after.split(' ').any(|w| lexicon.is_verb(first_word(w))) };
    }
    let start = past_leads(lexicon, start);
    let guard = lexicon.starts(Category::Guard, start).is_some() || PURPOSES.iter().any(|w| start.starts_with(w));
    if !guard && bad::avoids_harm(lexicon, start) {
        return Says::Nothing;
    }
    if !guard && let Some(phrase) = starts(lexicon, start).filter(|phrase| first || orders(lexicon, phrase, start)) {
        let rest = &start[phrase.len()..];
        if reminds(lexicon, rest) || running::presumes(lexicon, rest) || is_kept_out(lexicon, phrase, rest) {
            return Says::Nothing;
        }
        let next = first_word(rest);
        let open = next.is_empty() || lexicon.is(Category::Place, next) || matches!(next, "in" | "ever" | "again");
        return Says::Forbids { bare: open && matches!(phrase, "never" | "nunca" | "jamais" | "jamas") };
    }
    if denies && inside(lexicon, start) {
        return Says::Forbids { bare: false };
    }
    match (guard, lexicon.is_imperative(start)) {
        (true, _) => Says::Condition,
        (_, true) => Says::Orders,
        _ => Says::Nothing,
    }
}

/// "Nadie puede volver a entrar" names a problem.
fn locks_out(lexicon: &Lexicon, phrase: &str, rest: &str) -> bool {
    matches!(phrase, "nadie puede" | "ninguem pode") && {
        let mut words = rest.split(' ').map(first_word).filter(|word| !word.is_empty()).take(3);
        words.any(|word| lexicon.label_is(Category::Entering, word))
    }
}

/// Finds words that forbid in a clause; "nadie puede entrar" names a problem.
pub fn found(lexicon: &Lexicon, clause: &str) -> Option<(usize, &'static str)> {
    let (at, phrase) = lexicon.find(Category::Forbid, clause)?;
    let problem = locks_out(lexicon, phrase, &clause[at + phrase.len()..]);
    (!problem).then_some((at, phrase))
}

/// "Do not skip the backup": what a prohibition goes on with where it asks for something.
pub fn reminds(lexicon: &Lexicon, rest: &str) -> bool {
    let asked = |word: &str| asks(lexicon, word) || runs_subjunctive(lexicon, word);
    lexicon.is(Category::Remind, verb_after(lexicon, rest)) && {
        // "Never ignore this and run it", "never skip the checks with:", "do not skip, and never run it" go on.
        let mut words = rest.split(' ').map(first_word).skip_while(|word| !lexicon.is(Category::Joined, word));
        let last = rest.trim_end_matches([' ', ':']).rsplit(' ').next().unwrap_or("");
        !words.any(asked)
            && !lexicon.is(Category::By, last)
            && !clauses(rest).skip(1).any(|clause| starts(lexicon, past_leads(lexicon, past_marks(clause))).is_some())
    }
}

/// Tells whether a folded text starts with such a prohibition.
pub fn is_reminder(lexicon: &Lexicon, folded: &str) -> bool {
    let start = past_leads(lexicon, past_marks(folded));
    lexicon.starts(Category::Prohibit, start).is_some_and(|phrase| reminds(lexicon, &start[phrase.len()..]))
}

/// What only says why, when or for whom.
const PURPOSES: [&str; 12] =
    ["para ", "to ", "so that ", "since ", "because ", "porque ", "pois ", "como ", "as ", "que ", "which ", "until "];

/// After a plain "no" or "não" an order follows, or it only tells.
fn orders(lexicon: &Lexicon, phrase: &str, start: &str) -> bool {
    let next = verb_after(lexicon, &start[phrase.len()..]);
    // "não do dump local": no English word.
    if phrase == "nao" && next == "do" {
        return false;
    }
    !matches!(phrase, "no" | "nao") || lexicon.is_verb(next) || asks(lexicon, next) || is_subjunctive(lexicon, next)
}

/// "in production you never run", "el equipo nunca use": a prohibition within a clause, right before its verb.
fn inside(lexicon: &Lexicon, start: &str) -> bool {
    // Each of these words counts once.
    const BEGINS: [bool; 256] = firsts(&NOTS);
    let told = |at: usize, not: &str| {
        let before = start[..at].trim_end().rsplit(' ').next().unwrap_or("");
        let verb = first_word(&start[at + not.len()..]);
        let plain = matches!(not, "nao" | "no");
        let told = if plain {
            lexicon.is(Category::RunWord, verb)
                || lexicon.label_is(Category::Doing, verb)
                || runs_subjunctive(lexicon, verb)
        } else {
            asks(lexicon, verb)
        };
        let relative = ["that", "which", "who", "que", "you", "they", "we", "it", "se", "si", "if", "caso"];
        told && !verb.is_empty() && !relative.contains(&before) && !is_chosen(start, at)
    };
    let mut seen = [false; NOTS.len()];
    let bytes = start.as_bytes();
    let mut places = (1..bytes.len()).filter(|at| BEGINS[usize::from(bytes[*at])] && begins_word(start, *at));
    places.any(|at| {
        let mut here =
            NOTS.iter().zip(&mut seen).filter(|(not, seen)| !**seen && starts_with_phrase(&start[at..], not));
        here.any(|(not, seen)| {
            *seen = true;
            told(at, not)
        })
    })
}

/// "Please", "remember", "important": words before what is meant.
pub fn past_leads<'t>(lexicon: &Lexicon, start: &'t str) -> &'t str {
    let mut start = past_marks(start);
    for _ in 0..3 {
        let more = lexicon.label_starts(Category::Warns, start);
        let Some(lead) = more.or_else(|| lexicon.starts(Category::Lead, start)) else { break };
        if starts(lexicon, start).is_some() {
            break;
        }
        start = past_marks(&start[lead.len()..]);
    }
    start
}

/// Tells whether what stands behind a code span forbids it: "`x` — never in production", "`x` must not be run".
/// `last` is whether nothing stands behind that text, so that it speaks of no other span.
pub fn forbidden_after(lexicon: &Lexicon, folded: &str, last: bool) -> bool {
    let text = folded.trim_start();
    let (aside, body) = match text.strip_prefix(['(', '—', '–', '-', ':']) {
        Some(body) => (true, body),
        None => (false, text),
    };
    let end = body.find([')', ';']).or_else(|| body.find(". ")).or_else(|| last.then_some(body.len()));
    let Some(end) = end else { return false };
    let body = body[..end].trim();
    let forbid = found(lexicon, body).is_some();
    let orders = |phrase: &str| orders(lexicon, phrase, body) && !running::presumes(lexicon, &body[phrase.len()..]);
    forbid && !body.contains(',') || aside && starts(lexicon, body).is_some_and(orders)
}

/// Tells whether words that name a replacement may stand in a text that is not folded.
pub fn may_replace(text: &str) -> bool {
    ["instead", "rather", "lace of", "vez d", "inv", "ugar d"].iter().any(|piece| crate::words::has(text, piece))
}

/// "`a` instead of `b`": the second is not what to run.
pub fn is_replaced(before: &str) -> bool {
    const INSTEAD: [&str; 14] = [
        "instead of",
        "rather than",
        "in place of",
        "instead of using",
        "instead of running",
        "rather than using",
        "rather than running",
        "em vez de",
        "ao inves de",
        "no lugar de",
        "en vez de",
        "en lugar de",
        "em vez do",
        "em lugar de",
    ];
    let before = before.trim_end();
    let verb = before.rsplit(' ').next().unwrap_or("");
    let shorter = before.strip_suffix(verb).unwrap_or(before).trim_end();
    let at_end = |text: &str| INSTEAD.iter().any(|w| text.ends_with(w));
    at_end(before) || verb.len() > 2 && (verb.ends_with('r') || verb == "use") && at_end(shorter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Language;

    fn of(language: Option<Language>, text: &str, before: Before) -> bool {
        forbids(Lexicon::of(language), &crate::words::fold(text), before)
    }

    #[test]
    fn a_prohibition_is_found_wherever_it_stands() {
        for (language, text) in [
            (None, "Warning: never run"),
            (None, "Important: do not run"),
            (None, "Under no circumstances run"),
            (None, "Careful, please don't use"),
            (None, "You must not run"),
            (None, "It is forbidden to run"),
            (None, "Never, whatever happens, run"),
            (None, "Don't drop, truncate or empty with"),
            (Some(Language::Pt), "Atenção: nunca execute"),
            (Some(Language::Pt), "Importante: não rode"),
            (Some(Language::Pt), "Em hipótese alguma execute"),
            (Some(Language::Pt), "Nunca, em hipótese alguma, execute"),
            (Some(Language::Pt), "Pare o serviço; não delete o volume ("),
            (Some(Language::Pt), "Reiniciar com x (nunca use"),
            (Some(Language::Pt), "Executar x, mas nunca"),
            (Some(Language::Pt), "Se estiver em produção nunca execute"),
            (Some(Language::Es), "Recuerde: no ejecute"),
            (Some(Language::Es), "Importante: no ejecutes"),
            (Some(Language::Es), "Bajo ningún concepto ejecute"),
            (Some(Language::Es), "Está prohibido ejecutar"),
        ] {
            assert!(of(language, text, Before::Span), "{text}");
        }
    }

    #[test]
    fn a_not_in_a_condition_or_before_another_order_forbids_nothing() {
        for (language, text) in [
            (None, "If the pod does not start, run"),
            (None, "If you do not use Docker, run"),
            (None, "If it never comes up, run"),
            (None, "Don't guess the name: list it with"),
            (None, "Don't restart the pod, roll it with"),
            (None, "Restart it (never by hand) with"),
            (None, "Do not forget to run"),
            (None, "Find the hosts that never answer with"),
            (Some(Language::Pt), "Se o pod não responder, execute"),
            (Some(Language::Pt), "O serviço não responde: verifique com"),
            (Some(Language::Pt), "Para não perder dados, rode"),
            (Some(Language::Pt), "Caso não use Docker, rode"),
            (Some(Language::Pt), "Não esqueça de executar"),
            (Some(Language::Es), "Si el pod no responde, ejecute"),
            (Some(Language::Es), "No olvide ejecutar"),
        ] {
            assert!(!of(language, text, Before::Span), "{text}");
        }
    }

    #[test]
    fn a_block_is_forbidden_by_any_sentence_before_it() {
        for (language, text) in [
            (Some(Language::Pt), "Cuidado: o comando a seguir apaga tudo, não use:"),
            (Some(Language::Pt), "Isto não deve ser executado em produção:"),
            (Some(Language::Pt), "O comando abaixo é proibido:"),
            (None, "The following deletes everything. Do not use it:"),
            (None, "This must not be run in production:"),
            (Some(Language::Es), "Esto no se debe ejecutar en producción:"),
            (Some(Language::Es), "No lo ejecute en producción — borra todo:"),
        ] {
            assert!(of(language, text, Before::Block), "{text}");
        }
        for (language, text) in [
            (None, "Don't guess the names. Look them up:"),
            (Some(Language::Es), "No confiar en la carga automática — restaurar a mano:"),
            (Some(Language::Pt), "Se o serviço não responder, reinicie:"),
            (Some(Language::Pt), "O serviço subiu, mas não responde:"),
            (None, "Keep the address in the vault, never in the code:"),
        ] {
            assert!(!of(language, text, Before::Block), "{text}");
        }
    }

    #[test]
    fn a_text_that_also_orders_is_more_than_a_warning() {
        let only = |language, text: &str| only_forbids(Lexicon::of(language), &crate::words::fold(text));
        assert!(only(Some(Language::Es), "Recuerde: no edite la tabla"));
        assert!(!only(Some(Language::Es), "Generado: no editar. Regenerar con el script"));
        assert!(!only(None, "Restart it, but never by hand"));
    }

    #[test]
    fn what_stands_behind_a_command_may_forbid_it() {
        let en = Lexicon::of(None);
        for text in [" — never in production", " (do not use)", " is forbidden here", " must not be run"] {
            assert!(forbidden_after(en, text, true), "{text}");
        }
        assert!(!forbidden_after(en, " (never ", false), "it speaks of what follows");
        assert!(!forbidden_after(en, " and wait, never mind the log", true));
        assert!(is_replaced("use a instead of") && is_replaced("use a instead of running") && !is_replaced("use"));
    }
}
