//! Words of break-glass and of what everybody is told at once.

words! {
    title: "Break-glass", "Break-glass";
    lead: "When nobody who could approve can be reached, your own steps run without a second person for a while. Everything else stays: what is confirmed or typed, the limits of the target, the record. Everybody sees it on every page, and somebody else reviews it afterwards.", "Quando não é possível falar com ninguém que possa aprovar, seus próprios passos rodam sem uma segunda pessoa por um tempo. O resto fica como é: o que se confirma ou digita, os limites do alvo, o registro. Todos veem isso em todas as páginas, e outra pessoa revisa depois.";
    reason: "Why nobody else can approve", "Por que mais ninguém pode aprovar";
    minutes: "For how many minutes (1 to 30)", "Por quantos minutos (1 a 30)";
    go: "Break the glass", "Usar o break-glass";
    may_not: "You may not break the glass. Owners may, and whoever an owner lets: on the People page.", "Você não pode usar o break-glass. Proprietários podem, e quem um proprietário permitir: na página Pessoas.";
    incident_over: "The incident is over: the glass cannot be broken in it. Take it up again in the room first.", "O incidente terminou: não há break-glass nele. Retome-o na sala primeiro.";
    waits: "What you asked for and nobody has approved yet runs at once.", "O que você pediu e ninguém aprovou ainda roda imediatamente.";
    all: "Who broke the glass", "Quem usou o break-glass";
    none: "Nobody has broken the glass in this incident.", "Ninguém usou o break-glass neste incidente.";
    by: "{}, {} to {}", "{}, de {} a {}";
    open: "open", "aberto";
    ended: "over", "terminado";
    ran: "Ran without approval", "Rodaram sem aprovação";
    ran_nothing: "Nothing ran without approval.", "Nada rodou sem aprovação.";
    end: "End it now", "Encerrar agora";
    review: "What was found of it", "O que se constatou";
    review_go: "Record the review", "Registrar a revisão";
    reviewed: "Reviewed by {} on {}", "Revisado por {} em {}";
    to_review: "Break-glass to review", "Break-glass a revisar";
    own: "Somebody else who may approve reviews it.", "Outra pessoa que possa aprovar o revisa.";
    told: "{}: steps run without approval until {} UTC in INC-{} {}", "{}: passos rodam sem aprovação até {} UTC em INC-{} {}";
    back: "Back to the room", "Voltar à sala";
    may: "may break the glass", "pode usar o break-glass";
    allow: "Let them break the glass", "Permitir break-glass";
    forbid: "Take break-glass back", "Retirar break-glass";
}
