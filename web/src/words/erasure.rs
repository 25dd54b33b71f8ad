//! Words of erasing what an incident holds.

words! {
    output: "Erase what it printed and returned", "Apagar o que imprimiu e devolveu";
    output_about: "The output goes, with its file and what would undo the attempt. The record keeps the proof that it was there, and says who erased it and why. It does not come back. Backups and what was exported before are not reached.", "A saída some, com seu arquivo e o que desfaria a tentativa. O registro mantém a prova de que existiu, e diz quem apagou e por quê. Não volta. Backups e o que foi exportado antes não são alcançados.";
    entry: "Erase the text of an entry", "Apagar o texto de uma entrada";
    entry_about: "What somebody wrote goes: a note, a correction, a reason, a section of the post-mortem. What happened, when and by whom stays, and the record keeps its proof. It does not come back. Backups and what was exported before are not reached.", "O que alguém escreveu some: uma nota, uma correção, um motivo, uma seção do post-mortem. O que aconteceu, quando e por quem permanece, e o registro mantém a prova. Não volta. Backups e o que foi exportado antes não são alcançados.";
    number: "Number of the entry", "Número da entrada";
    reason: "Why", "Por quê";
    reason_hint: "It stays in the record: do not repeat here what is to be erased.", "Fica no registro: não repita aqui o que deve ser apagado.";
    typed: "Type INC-{} to confirm", "Digite INC-{} para confirmar";
    go: "Erase for good", "Apagar de vez";
}
