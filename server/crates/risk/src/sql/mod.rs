//! What the readers of all SQL dialects share.

pub(crate) mod functions;
pub(crate) mod lexer;

use farol_api::risk::RiskClass;

use crate::finding::{Finding, quoted};

/// Returns what a class means, for a sentence about the words that decided it.
pub(crate) fn meaning(class: RiskClass) -> (&'static str, &'static str) {
    match class {
        RiskClass::Read => ("only reads", "só lê"),
        RiskClass::SideEffect => (
            "reads, and also locks, waits, notifies or keeps state",
            "lê, mas também bloqueia, espera, notifica ou guarda estado",
        ),
        RiskClass::Write => ("writes data", "grava dados"),
        RiskClass::Schema => ("changes or rebuilds what holds the data", "altera ou reconstrói a estrutura dos dados"),
        RiskClass::Destructive => ("destroys data or objects", "destrói dados ou objetos"),
        RiskClass::Administration => (
            "administers the server or reaches beyond the database",
            "administra o servidor ou alcança fora do banco de dados",
        ),
        RiskClass::Unknown => ("is not understood", "não é compreendido"),
        RiskClass::Session => (
            "controls the session or the transaction, which Farol does itself",
            "controla a sessão ou a transação, o que cabe ao próprio Farol",
        ),
    }
}

/// Makes the finding "`words` <means its class>".
pub(crate) fn says(class: RiskClass, words: &str, span: Option<std::ops::Range<usize>>) -> Finding {
    let (en, pt) = meaning(class);
    Finding::new(class, span, format!("{} {en}.", quoted(words)), format!("{} {pt}.", quoted(words)))
}

/// Returns the comparison that is true where this one is not; NULL apart. Nothing for other operators.
pub(crate) fn opposite(operator: &str) -> &'static str {
    match operator {
        "=" => "<>",
        "<>" | "!=" => "=",
        "<" => ">=",
        ">=" => "<",
        ">" => "<=",
        "<=" => ">",
        _ => "",
    }
}

/// Makes the finding of a change to the tables in which a server keeps itself.
pub(crate) fn own_tables(word: &str, span: Option<std::ops::Range<usize>>) -> Finding {
    Finding::new(
        RiskClass::Administration,
        span,
        format!("`{word}` changes the server's own tables."),
        format!("`{word}` altera as tabelas do próprio servidor."),
    )
}

/// Makes the finding of a change to every row of a table.
pub(crate) fn every_row(word: &str, condition: bool, span: Option<std::ops::Range<usize>>) -> Finding {
    let (en, pt) = if condition {
        (
            "has a WHERE condition that is always true, so it reaches every row",
            "tem uma condição WHERE sempre verdadeira e atinge todas as linhas",
        )
    } else {
        ("has no WHERE condition, so it reaches every row", "não tem condição WHERE e atinge todas as linhas")
    };
    Finding::new(RiskClass::Destructive, span, format!("`{word}` {en}."), format!("`{word}` {pt}."))
}
