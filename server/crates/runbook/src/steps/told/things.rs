//! Leads that say of a thing what it holds, does or is to do by itself, and those that say when.

use crate::lexicon::{Category, Lexicon};
use crate::words::{behind_last, find_phrase, has, past_marks};

/// "Stop if any of these happens:", "Detenga todo si:": what stands below is when to do it, and nothing to do.
pub fn what_it_depends_on(lexicon: &Lexicon, folded: &str) -> bool {
    const WHEN: [&str; 6] = ["if", "when", "se", "si", "quando", "cuando"];
    const ANY: [&str; 16] = [
        "any of",
        "one of",
        "qualquer",
        "algum d",
        "alguma d",
        "um d",
        "uma d",
        "cualquier",
        "alguno de",
        "alguna de",
        "uno de",
        "una de",
        "all of",
        "ambas",
        "todas",
        "todos",
    ];
    const BELOW: [&str; 10] =
        ["these", "following", "below", "dest", "abaixo", "seguinte", "siguiente", "estos", "estas", "casos"];
    let asks = |before: &str| lexicon.is(Category::Whether, before.rsplit(' ').next().unwrap_or(""));
    let depends = WHEN.iter().any(|when| {
        let Some(before) = folded.strip_suffix(when).and_then(|before| before.strip_suffix(' ')) else { return false };
        !asks(before)
    });
    let listed = || {
        BELOW.iter().any(|below| has(folded, below))
            && WHEN.iter().any(|when| {
                let at = find_phrase(folded, when, 0).filter(|at| *at > 0 && !asks(folded[..*at].trim_end()));
                at.is_some_and(|at| {
                    let any = ANY.iter().find_map(|any| crate::words::find(&folded[at..], any));
                    any.is_some_and(|any| BELOW.iter().any(|below| has(&folded[at + any..], below)))
                })
            })
    };
    (depends || listed()) && lexicon.is_imperative(past_marks(behind_last(folded, ". ")))
}

/// "Now the backend should:", "O serviço deve:": what a thing is to do by itself; whose turn it is to act is named otherwise.
pub fn what_must_be(folded: &str) -> bool {
    const MUST: [&str; 8] = ["should", "must", "deve", "devem", "deveria", "debe", "deben", "deberia"];
    const THINGS: &str = "backend frontend api app application aplicacao aplicacion sistema system servico servicio service \
         server servidor container containers contenedor pod pods site sitio page pagina banco database script pipeline worker bot";
    let mut words = folded.rsplit(' ');
    words.next().is_some_and(|last| MUST.contains(&last))
        && words.next().is_some_and(|thing| THINGS.split_ascii_whitespace().any(|known| known == thing))
}

/// "A valid backup must contain:": what stands below is looked for in it.
pub fn what_it_holds(folded: &str) -> bool {
    const MUST: [&str; 10] =
        ["must", "should", "shall", "deve", "devem", "deveria", "debe", "deben", "deberia", "deberian"];
    let mut words = folded.rsplit(' ');
    words.next().is_some_and(|last| matches!(last, "contain" | "conter" | "contener"))
        && words.next().is_some_and(|before| MUST.contains(&before))
}

/// "The upgrade will:", "El proceso va a:": what happens then, and "you will:" orders.
pub fn what_comes(folded: &str) -> bool {
    const US: [&str; 8] = ["you", "we", "i", "voce", "usted", "ustedes", "voces", "who"];
    let rest = [" will", " vai", " va a", " ira", " vao", " van a"].iter().find_map(|end| folded.strip_suffix(end));
    rest.is_some_and(|rest| !rest.is_empty() && !US.contains(&rest.rsplit(' ').next().unwrap_or("")))
}

/// "This:", "Ele faz:": what the step before it does.
pub fn what_this_does(folded: &str) -> bool {
    const THIS: [&str; 12] = [
        "this",
        "that",
        "esto",
        "eso",
        "isso",
        "isto",
        "ele faz",
        "ela faz",
        "it does",
        "lo que hace",
        "o que faz",
        "what it does",
    ];
    THIS.contains(&folded)
}

/// People, and ways and works of theirs: what uses or calls something is a person then.
pub fn is_done(word: &str) -> bool {
    const PEOPLE: [&str; 15] = [
        "team",
        "user",
        "operator",
        "engineer",
        "admin",
        "person",
        "one",
        "equipe",
        "equipo",
        "time",
        "usuario",
        "operador",
        "engenheiro",
        "pessoa",
        "persona",
    ];
    const WORKS: [&str; 36] = [
        "command",
        "comando",
        "example",
        "exemplo",
        "ejemplo",
        "runbook",
        "way",
        "manera",
        "maneira",
        "forma",
        "procedure",
        "procedimento",
        "procedimiento",
        "step",
        "passo",
        "paso",
        "fix",
        "rollback",
        "deploy",
        "deployment",
        "restore",
        "recovery",
        "workaround",
        "failover",
        "method",
        "metodo",
        "approach",
        "path",
        "camino",
        "caminho",
        "alternative",
        "alternativa",
        "upgrade",
        "drill",
        "plan",
        "plano",
    ];
    let work = ["cao", "cion", "tion"].iter().any(|end| word.ends_with(end));
    let program = matches!(word, "application" | "aplicacao" | "aplicacion");
    PEOPLE.contains(&word) || WORKS.contains(&word) || work && !program
}
