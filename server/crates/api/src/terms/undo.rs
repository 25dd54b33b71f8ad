//! Whether a change can be undone once it is committed, and behind a colon why it cannot.

use crate::hold::{Held, NoUndo};
use crate::text::Locale;

use super::{Term, pick};

terms! {
    NoUndo {
        NoRows: "every row is as it was, so there is nothing to put back.", "todas as linhas estão como estavam; não há o que devolver.";
        NotSimple: "more than one table, an order or a function has a say in which rows it changed.", "mais de uma tabela, uma ordem ou uma função decide quais linhas alterou.";
        NoPrimaryKey: "the table has no primary key.", "a tabela não tem chave primária.";
        OtherRows: "it changed the key itself to what its words do not tell, or other rows than those looked at before.", "alterou a própria chave para o que suas palavras não dizem, ou outras linhas que não as vistas antes.";
        Triggers: "the table has triggers or rules, or is no plain table.", "a tabela tem gatilhos ou regras, ou não é uma tabela simples.";
        TriggersUnseen: "the table may have triggers, and MySQL does not tell the credential of them. GRANT TRIGGER on the table tells it, and lets it make some.", "a tabela pode ter gatilhos, e o MySQL não os mostra à credencial. GRANT TRIGGER na tabela os mostra, e deixa criar outros.";
        Cascades: "other tables follow what happens to its rows.", "outras tabelas acompanham o que acontece com suas linhas.";
        CascadesUnseen: "other tables may follow what happens to its rows, and the credential is not told of all tables. GRANT REFERENCES ON *.* tells it, and lets it read nothing.", "outras tabelas podem acompanhar o que acontece com suas linhas, e a credencial não sabe de todas as tabelas. GRANT REFERENCES ON *.* a informa, e não a deixa ler nada.";
        Columns: "it has columns whose values cannot be put back exactly.", "tem colunas cujos valores não voltam exatamente.";
        TooMany: "there are more rows, or more bytes of them, than are kept.", "há mais linhas, ou mais bytes delas, do que se guarda.";
        Secret: "what stood there holds a secret.", "o que havia ali contém um segredo.";
        Inserted: "the rows that it added cannot be told.", "não se sabe quais linhas acrescentou.";
        NotReadable: "the credential may not read what would be put back.", "a credencial não pode ler o que seria devolvido.";
        Erased: "what would be put back was erased.", "o que seria devolvido foi apagado.";
    }
}

/// Says what of a change that is held can be put back once it is committed: who decides has to know it before.
#[must_use]
pub fn after_commit(held: &Held, locale: Locale) -> String {
    match held.undo() {
        Ok(1) => pick(
            locale,
            "Once committed, 1 row can be put back as it was.",
            "Confirmada, 1 linha pode voltar a como estava.",
        )
        .to_owned(),
        Ok(rows) => match locale {
            Locale::En => format!("Once committed, {rows} rows can be put back as they were."),
            Locale::PtBr => format!("Confirmada, {rows} linhas podem voltar a como estavam."),
        },
        Err(why) => {
            let never = pick(
                locale,
                "Once committed, it cannot be undone from here:",
                "Confirmada, não pode ser desfeita daqui:",
            );
            format!("{never} {}", why.term(locale))
        }
    }
}
