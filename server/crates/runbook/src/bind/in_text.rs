//! Values that became part of a statement's text, and secrets that are taken out of it again.

use std::ops::Range;

use super::among::Among;
use super::{BindError, Bound};

/// A value that stands in the text: whoever reads that reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InText {
    /// The parameter it came from.
    pub parameter: String,
    /// Where it stands, in bytes.
    pub at: Range<usize>,
    /// As what.
    pub form: Form,
}

impl InText {
    /// The value of a parameter, from the first byte of a text to the last but what its quotes take on each side.
    pub(super) fn of(parameter: &str, form: Form, text: &str, quotes: usize) -> Self {
        Self { parameter: parameter.to_owned(), at: quotes..text.len() - quotes, form }
    }

    /// The same, so many bytes further on.
    pub(super) fn moved(mut self, by: usize) -> Self {
        self.at = self.at.start + by..self.at.end + by;
        self
    }
}

/// What a value is where it stands in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A name, or a part of one or of a literal that others are told of.
    Name,
    /// What is in the quotes of a literal, in a statement that takes no parameters.
    Literal,
    /// A piece of such a literal, beside other text.
    Piece,
    /// A number without quotes in such a statement.
    Number,
}

/// A secret that the text has a place for: it is put there when the statement is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundLiteral {
    /// Where its placeholder begins, in bytes.
    pub at: usize,
    /// How many bytes the placeholder has.
    pub length: usize,
    /// The parameter.
    pub parameter: String,
    /// Its value, which holds nothing that could end a literal.
    pub value: String,
}

impl Bound {
    /// Takes secrets out of the text, which is shown and recorded. Where one is a literal of a statement that takes no
    /// parameters, `<name>` stands for it and `literals` has the value.
    ///
    /// # Errors
    /// [`BindError::SecretInText`] where a secret is a name, or a part of one; [`BindError::NotPiece`] where it is a piece of a longer
    /// text, as in `'host=db password=<new>'`, and could say more there than its place: nobody who approves it sees it.
    pub fn seal(mut self, is_secret: impl Fn(&str) -> bool) -> Result<Self, BindError> {
        // Where the text has an address, a value may be who logs on, or where.
        let among = if self.text.contains("://") { Among::Authority } else { Among::Settings };
        let more = self.binds.iter().filter(|bind| bind.piece && !among.lets(&bind.value)).map(|bind| &bind.parameter);
        if let Some(parameter) = more.chain(&self.loose).find(|parameter| is_secret(parameter)) {
            return Err(BindError::NotPiece { parameter: parameter.clone() });
        }
        let mut secrets = std::mem::take(&mut self.in_text);
        secrets.retain(|part| is_secret(&part.parameter));
        if secrets.is_empty() {
            return Ok(self);
        }
        let (mut text, mut at) = (String::with_capacity(self.text.len()), 0);
        for InText { parameter, at: place, form } in secrets {
            let quote = match form {
                Form::Name => return Err(BindError::SecretInText { parameter }),
                Form::Piece if !among.lets(&self.text[place.clone()]) => return Err(BindError::NotPiece { parameter }),
                Form::Literal | Form::Piece => "",
                Form::Number => "'",
            };
            text.push_str(&self.text[at..place.start]);
            text.push_str(quote);
            let shown = format!("<{parameter}>");
            let value = self.text[place.clone()].to_owned();
            self.literals.push(BoundLiteral { at: text.len(), length: shown.len(), parameter, value });
            text.push_str(&shown);
            text.push_str(quote);
            at = place.end;
        }
        text.push_str(&self.text[at..]);
        self.text = text;
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use farol_api::risk::Dialect;

    use crate::bind::tests::command;
    use crate::bind::{BindError, bind};
    use farol_api::graph::CommandLanguage as L;

    /// `<new>` stands in the text that people see, and the value where it is sent.
    #[test]
    fn a_secret_is_taken_out_of_a_literal_and_put_back_where_it_stood() {
        let sealed = |dialect, text: &str, value: &str| {
            let command = command(L::Sql, text);
            let values = command.placeholders.iter().map(|used| (used.parameter.clone(), value.to_owned())).collect();
            bind(&command, dialect, &values).and_then(|bound| bound.seal(|name| name == "new"))
        };
        for (dialect, text, want) in [
            (Dialect::Postgres, "ALTER ROLE <u> PASSWORD '<new>'", "ALTER ROLE \"é7\" PASSWORD '<new>'"),
            (Dialect::Postgres, "ALTER ROLE <u> PASSWORD <new>", "ALTER ROLE \"é7\" PASSWORD '<new>'"),
            (
                Dialect::Postgres,
                "ALTER USER MAPPING FOR app SERVER s OPTIONS (SET password '<new>', SET other '<new>')",
                "ALTER USER MAPPING FOR app SERVER s OPTIONS (SET password '<new>', SET other '<new>')",
            ),
            (
                Dialect::Mysql,
                "ALTER USER '<u>'@'%' IDENTIFIED BY \"<new>\"",
                "ALTER USER 'é7'@'%' IDENTIFIED BY \"<new>\"",
            ),
            (Dialect::Mysql, "ALTER USER app IDENTIFIED BY <new>", "ALTER USER app IDENTIFIED BY '<new>'"),
            (Dialect::Mysql, "SET PASSWORD FOR app = PASSWORD('<new>')", "SET PASSWORD FOR app = PASSWORD('<new>')"),
            (Dialect::Mysql, "CHANGE MASTER TO MASTER_PASSWORD='<new>'", "CHANGE MASTER TO MASTER_PASSWORD='<new>'"),
        ] {
            let bound = sealed(dialect, text, "é7").unwrap();
            assert_eq!(bound.text, want, "{text}");
            assert!(!bound.literals.is_empty() && bound.binds.is_empty(), "{text}: {bound:?}");
            for literal in &bound.literals {
                assert_eq!(&bound.text[literal.at..literal.at + literal.length], "<new>", "{text}");
                assert_eq!((literal.parameter.as_str(), literal.value.as_str()), ("new", "é7"), "{text}");
            }
        }
        // A number is quoted as all secrets are: it could be a password.
        let number = sealed(Dialect::Postgres, "ALTER ROLE app PASSWORD <new>", "1234").unwrap();
        assert_eq!(
            (number.text.as_str(), number.literals[0].value.as_str()),
            ("ALTER ROLE app PASSWORD '<new>'", "1234")
        );
        for text in ["ALTER ROLE <new> LOGIN", "SELECT interval '<new>'", "DROP TABLE log_<new>"] {
            let refused = sealed(Dialect::Postgres, text, "x1").unwrap_err();
            assert_eq!(refused, BindError::SecretInText { parameter: "new".into() }, "{text}");
        }
        let evil = sealed(Dialect::Postgres, "ALTER ROLE app PASSWORD '<new>'", "x' SUPERUSER --").unwrap_err();
        assert_eq!(evil, BindError::NotLiteral { parameter: "new".into() });
    }

    /// Whoever approves sees `password=<new>`, and not that the value goes on with another host.
    #[test]
    fn a_secret_that_is_a_piece_of_a_text_says_no_more_than_its_place() {
        for text in [
            "CREATE SUBSCRIPTION s CONNECTION 'host=db password=<new>' PUBLICATION p",
            "SELECT * FROM dblink('postgres://app:<new>@db/shop', 'select 1') AS t(a int)",
        ] {
            let command = command(L::Sql, text);
            let sealed = |value: &str, secret: &str| {
                let bound = bind(&command, Dialect::Postgres, &[("new".to_owned(), value.to_owned())].into()).unwrap();
                bound.seal(|name| name == secret)
            };
            assert!(sealed("aB3._~-+=%!*^", "new").is_ok(), "{text}");
            assert_eq!(sealed("x/", "new").is_ok(), !text.contains("://"), "{text}: `/` ends who logs on");
            for evil in ["x host=evil", "x@evil", "x&host=evil", "x;host=evil", "x?host=evil", "x#", "x,evil"] {
                let refused = sealed(evil, "new").unwrap_err();
                assert_eq!(refused, BindError::NotPiece { parameter: "new".into() }, "{text} with {evil}");
            }
            assert!(sealed("x host=evil", "another").is_ok(), "what is no secret is seen");
        }
    }
}
