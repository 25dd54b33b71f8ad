//! Words of the page of one attempt: what is held, who decides, what would undo it.

words! {
    title: "Attempt {}: {}", "Tentativa {}: {}";
    title_dry: "Dry run {}: {}", "Simulação {}: {}";
    room: "Back to the step", "Voltar ao passo";
    held: "Held, not committed", "Retido, não confirmado";
    held_rows_one: "It changed 1 row. Nobody else sees that yet.", "Alterou 1 linha. Ninguém mais vê isso ainda.";
    held_rows: "It changed {} rows. Nobody else sees that yet.", "Alterou {} linhas. Ninguém mais vê isso ainda.";
    until: "Until {} UTC somebody has to decide; then all is rolled back.", "Até {} UTC alguém precisa decidir; depois tudo é desfeito.";
    left: "{} left when this page was made.", "Restavam {} quando esta página foi feita.";
    look_again: "Look again", "Olhar de novo";
    commit: "Commit", "Confirmar";
    roll_back: "Roll back", "Reverter";
    not_yours: "Who asked for it decides, or the incident commander.", "Decide quem pediu, ou quem comanda o incidente.";
    statement: "Statement", "Instrução";
    rows: "Rows", "Linhas";
    shown: "Shown below", "Mostradas abaixo";
    statements: "What each statement changed", "O que cada instrução alterou";
    locks: "Locks it held", "Bloqueios que manteve";
    locks_none: "The database tells no locks.", "O banco não informa bloqueios.";
    lock_on: "On", "Em";
    lock_mode: "Mode", "Modo";
    waiting: "Sessions that waited for it: {}", "Sessões que esperavam por ela: {}";
    not_held_yet: "Nothing is held of it now.", "Nada está retido dela agora.";
    committed_by: "Committed by {} at {} UTC.", "Confirmado por {} às {} UTC.";
    rolled_back_by: "Rolled back by {} at {} UTC. Nothing stays of it.", "Desfeito por {} às {} UTC. Nada fica.";
    rolled_back: "Rolled back by Farol at {} UTC: {} Nothing stays of it.", "Desfeito pelo Farol às {} UTC: {} Nada fica.";
    because_deadline: "nobody decided in time.", "ninguém decidiu a tempo.";
    because_cancelled: "it was stopped.", "foi interrompida.";
    because_server: "the server stopped or let go of it.", "o servidor parou ou a soltou.";
    because_connection: "the connection to the target was lost.", "a conexão com o alvo caiu.";
    before_after: "Rows with − are as they were, rows with + as they would be.", "Linhas com − são como eram, com + como ficariam.";
    output: "Output", "Saída";
    result: "How it ended", "Como terminou";
    undo: "Undo", "Desfazer o que foi feito";
    undo_offer_one: "1 row can be put back as it was. It is a step of its own: it is shown, approved and held like any other.", "1 linha pode voltar a como estava. É um passo próprio: é mostrado, aprovado e retido como qualquer outro.";
    undo_offer: "{} rows can be put back as they were. It is a step of its own: it is shown, approved and held like any other.", "{} linhas podem voltar a como estavam. É um passo próprio: é mostrado, aprovado e retido como qualquer outro.";
    undo_show: "Show what would undo it", "Mostrar o que desfaz";
    undo_title: "Undo it", "Desfazer";
    undo_about: "Each statement puts one row back, and only where that row is still as the attempt left it. If one is not, nothing is undone.", "Cada instrução devolve uma linha, e só onde ela ainda está como a tentativa deixou. Se uma não estiver, nada é desfeito.";
    undo_ask: "Ask to undo it", "Pedir para desfazer";
    undo_done: "It was undone.", "Foi desfeita.";
    undo_see: "See the attempt that undid it", "Ver a tentativa que desfez";
    undone: "The attempt that is undone", "A tentativa que é desfeita";
    undo_this: "This attempt undoes another one.", "Esta tentativa desfaz outra.";
    undo_not: "It cannot be undone from here: {}", "Não pode ser desfeita daqui: {}";
}
