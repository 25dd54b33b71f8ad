//! Functions by class, read from the tables beside the dialects.

use std::collections::HashMap;
use std::ops::Range;

use farol_api::risk::RiskClass;

use crate::finding::{Finding, quoted};
use crate::sql::meaning;

/// The class of every function that a dialect's table names.
#[derive(Debug)]
pub(crate) struct Functions(HashMap<&'static str, RiskClass>);

impl Functions {
    /// Reads a table: a class letter, a tab, names between blanks; `#` starts a comment line.
    pub fn read(table: &'static str) -> Self {
        let mut map = HashMap::new();
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let Some((letter, names)) = line.split_once('\t') else { continue };
            let Some(class) = class_of_letter(letter) else { continue };
            map.extend(names.split_whitespace().map(|name| (name, class)));
        }
        Self(map)
    }

    pub fn class(&self, name: &str) -> Option<RiskClass> {
        self.0.get(name).copied()
    }

    /// Makes the finding of a call; a function that the table does not name, in this case of letters, is unknown.
    pub fn call(&self, name: &str, span: Option<Range<usize>>) -> Finding {
        let shown = quoted(&format!("{name}()"));
        let Some(class) = self.class(name) else {
            return Finding::unknown(
                span,
                format!("The function {shown} is not a known built-in, so it could do anything."),
                format!("A função {shown} não é uma função nativa conhecida e pode fazer qualquer coisa."),
            );
        };
        if class == RiskClass::Unknown {
            return Finding::unknown(
                span,
                format!("The function {shown} runs a query that it is given as text."),
                format!("A função {shown} executa uma consulta recebida como texto."),
            );
        }
        let (en, pt) = meaning(class);
        Finding::new(class, span, format!("The function {shown} {en}."), format!("A função {shown} {pt}."))
    }
}

/// Returns the class of a letter of the SQL table.
pub(crate) fn class_of_letter(letter: &str) -> Option<RiskClass> {
    Some(match letter {
        "R" => RiskClass::Read,
        "S" => RiskClass::SideEffect,
        "W" => RiskClass::Write,
        "X" => RiskClass::Schema,
        "D" => RiskClass::Destructive,
        "A" => RiskClass::Administration,
        "U" => RiskClass::Unknown,
        "C" => RiskClass::Session,
        _ => return None,
    })
}
