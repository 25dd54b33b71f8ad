//! Words of the timeline.

words! {
    declared: "Declared as {}: {}", "Declarado como {}: {}";
    declared_drill: "Drill declared as {}: {}", "Simulado declarado como {}: {}";
    with_runbook: "runbook {}", "runbook {}";
    severity: "Severity {} → {}", "Severidade {} → {}";
    status: "Status {} → {}", "Situação {} → {}";
    milestone: "{} at {}", "{} às {}";
    data_age: "Data restored is {} old", "Dado restaurado tem {} de idade";
    joined: "{} joined", "{} entrou";
    role: "{} is now {}", "{} agora é {}";
    parameter: "Parameter {} = {}", "Parâmetro {} = {}";
    parameter_secret: "Parameter {} was filled, secret", "Parâmetro {} foi preenchido, secreto";
    chosen: "Chosen: {}", "Escolhido: {}";
    done: "{}: done", "{}: feito";
    observed: "observed: {}", "observado: {}";
    failed: "{}: failed", "{}: falhou";
    skipped: "{}: skipped", "{}: pulado";
    reopened: "{}: taken up again", "{}: retomado";
    requested: "{}: attempt {} asked for on {}", "{}: tentativa {} pedida em {}";
    approved: "{}: attempt{} approved", "{}: tentativa{} aprovada";
    refused: "{}: attempt{} refused", "{}: tentativa{} recusada";
    glass: "Break-glass until {}: {}", "Break-glass até {}: {}";
    glass_closed: "Break-glass {} was closed", "O break-glass {} foi encerrado";
    glass_reviewed: "Break-glass {} was reviewed: {}", "O break-glass {} foi revisado: {}";
    queued: "{}: attempt{} is queued", "{}: tentativa{} entrou na fila";
    dispatched: "{}: attempt{} was sent to its target", "{}: tentativa{} foi enviada ao alvo";
    held: "{}: attempt{} changed {} row(s), held until {}", "{}: a tentativa{} alterou {} linha(s), retidas até {}";
    committed: "{}: attempt{} is to be committed", "{}: a tentativa{} será confirmada";
    rolled_back: "{}: attempt{} is to be rolled back", "{}: a tentativa{} será desfeita";
    back_deadline: "nobody decided in time", "ninguém decidiu a tempo";
    back_cancelled: "it was stopped", "foi interrompida";
    back_server: "the server let go of it", "o servidor a soltou";
    back_connection: "the connection to the target was lost", "a conexão com o alvo caiu";
    cancel: "{}: asked to stop attempt{}", "{}: pedido para interromper a tentativa{}";
    finished: "{}: attempt{} {}", "{}: tentativa{} {}";
    row: "1 row", "1 linha";
    rows: "{} rows", "{} linhas";
    confined: "confined to {}", "confinado a {}";
    exit: "exit code {}", "código de saída {}";
    noted: "Note: {}", "Nota: {}";
    noted_on: "Note on {}: {}", "Nota sobre {}: {}";
    corrected: "Correction of entry #{}: {}", "Correção da entrada #{}: {}";
    section: "Wrote “{}”", "Escreveu “{}”";
    action_item: "Action item {}: {}", "Ação {}: {}";
    action_item_done: "Action item {} done: {}", "Ação {} feita: {}";
    postmortem: "Post-mortem {} → {}", "Post-mortem {} → {}";
}
