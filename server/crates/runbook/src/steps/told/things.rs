//! Leads that say of a thing what it holds, does or is to do by itself.

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
