//! Words of the timeline.

words! {
    declared: "Declared as {}: {}", "Declarado como {}: {}";
    declared_drill: "Drill declared as {}: {}", "Simulado declarado como {}: {}";
    severity: "Severity {} → {}", "Severidade {} → {}";
    status: "{} → {}", "{} → {}";
    milestone: "{} at {}", "{} às {}";
    data_age: "Data restored is {} old", "Dado restaurado tem {} de idade";
    joined: "{} joined", "{} entrou";
    role: "{} is {}", "{} é {}";
    parameter: "{} = {}", "{} = {}";
    parameter_secret: "{} was filled, secret", "{} foi preenchido, secreto";
    chosen: "Chosen: {}", "Escolhido: {}";
    done: "{}: done", "{}: feito";
    observed: "observed: {}", "observado: {}";
    failed: "{}: failed", "{}: falhou";
    skipped: "{}: skipped", "{}: pulado";
    reopened: "{}: taken up again", "{}: retomado";
    requested: "Asked to run {} on {}", "Pedido para rodar {} em {}";
    requested_dry: "Asked for: {} on {}", "Pediu: {} em {}";
    dry_run: "dry run of {}", "simulação de {}";
    attempt: "attempt {} · {}", "tentativa {} · {}";
    approved: "Approved {}", "Aprovou {}";
    editors_untold: "nobody can be named as who wrote it", "não se sabe quem o escreveu";
    refused: "Refused {}", "Recusou {}";
    glass: "Broke the glass until {}: steps run without approval", "Usou o break-glass até {}: passos rodam sem aprovação";
    glass_closed: "Ended break-glass {}", "Encerrou o break-glass {}";
    glass_reviewed: "Reviewed break-glass {}", "Revisou o break-glass {}";
    queued: "{} is queued", "{} entrou na fila";
    dispatched: "{} was sent to its target", "{} foi enviado ao alvo";
    held: "Held before commit: {}", "Retido antes de confirmar: {}";
    commit: "Commit: {}", "Confirmar: {}";
    roll_back: "Roll back: {}", "Reverter: {}";
    cancel: "Asked to stop {}", "Pediu para interromper {}";
    finished: "{} {}", "{} {}";
    noted: "Note", "Nota";
    corrected: "Correction of entry {}", "Correção da entrada {}";
    section: "Wrote “{}”", "Escreveu “{}”";
    action_item: "Action item {}: {}", "Ação {}: {}";
    erased: "Erased content for good", "Apagou conteúdo de vez";
    postmortem: "Post-mortem: {} → {}", "Post-mortem: {} → {}";
}
