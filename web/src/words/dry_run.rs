//! Words of the page that asks what a step would do.

words! {
    title: "Dry run", "Simulação";
    about: "What the step would do, asked of the database without doing it: on the credential that only reads, in a transaction that cannot write. Each question is recorded, and the step stays where it stands.", "O que o passo faria, perguntado ao banco sem fazer: com a credencial que só lê, em uma transação que não pode escrever. Cada pergunta é registrada, e o passo fica onde está.";
    incident_over: "The incident is over: nothing more is asked. What was answered stays.", "O incidente terminou: nada mais é perguntado. O que foi respondido permanece.";
    now: "It is what stands there now. Others may change rows before the step runs, and what triggers and foreign keys do beside it is not told.", "É o que há agora. Outros podem mudar linhas antes de o passo rodar, e não se diz o que gatilhos e chaves estrangeiras fazem além disso.";
    ask: "Ask", "Perguntar";
    ask_again: "Ask again", "Perguntar de novo";
    exactly: "Exactly this is asked", "Exatamente isto é perguntado";
    rows: "The rows it would touch", "As linhas que atingiria";
    explain: "How the database would go about it", "Como o banco faria";
    rows_none: "It would touch no row now.", "Agora não atingiria nenhuma linha.";
    rows_one: "It would touch 1 row now.", "Agora atingiria 1 linha.";
    rows_many: "It would touch {} rows now.", "Agora atingiria {} linhas.";
    first: "The first {} are shown.", "As primeiras {} aparecem abaixo.";
    answered: "Answered to {}, {} UTC.", "Respondido a {}, {} UTC.";
    not_answered: "Not answered: {}", "Sem resposta: {}";
    under_way: "The database has not answered yet.", "O banco ainda não respondeu.";
    nothing: "Nothing can be asked of the database about this step beforehand. A query has a plan; an UPDATE or DELETE of one table, whose condition calls nothing that may answer otherwise the next time, has a plan and rows, and so have an INSERT of what a query finds, and a block of such changes of which none sees what another did. Any other change is seen when it is held before commit.", "Nada pode ser perguntado ao banco sobre este passo antes. Uma consulta tem plano; um UPDATE ou DELETE de uma tabela, cuja condição não chama nada que possa responder diferente depois, tem plano e linhas, e também um INSERT do que uma consulta acha, e um bloco de tais alterações em que nenhuma vê o que outra fez. Qualquer outra alteração se vê quando fica retida antes de confirmar.";
}
