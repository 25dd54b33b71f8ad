//! What an attempt leaves for later steps, and why something is not kept.

use farol_api::capture::{Captured, Withheld};
use farol_api::graph::CommandLanguage;
use farol_incident::SecretValue;
use farol_incident::spec::AttemptSpec;

use crate::redact::Secrets;
use farol_incident::parameter::same_parameter;

/// Most bytes of one value that are kept: far below what an environment bears.
pub(crate) const VALUE_MAX: usize = 16 << 10;

/// Collects what is left. Nothing that redaction would change is kept: it would be seen, or be wrong.
#[derive(Debug, Default)]
pub(crate) struct Left {
    /// Names for what comes out.
    results: Vec<String>,
    /// Names whose values are secret.
    secret: Vec<String>,
    rows: bool,
    seen_row: bool,
    printed: Vec<u8>,
    captured: Vec<Captured>,
    sealed: Vec<SecretValue>,
    /// Which of what comes out is secret: whole columns, or all that is printed.
    hidden: Vec<bool>,
    folder: Option<String>,
}

/// All that was left.
#[derive(Debug, Default)]
pub(crate) struct AllLeft {
    /// What the record says of it.
    pub captured: Vec<Captured>,
    /// The values that it leaves out.
    pub sealed: Vec<SecretValue>,
    /// The folder that a script ended in.
    pub folder: Option<String>,
}

impl Left {
    pub fn new(spec: &AttemptSpec) -> Self {
        let rows = spec.language == CommandLanguage::Sql;
        let (results, secret) = (spec.asked.results.clone(), spec.secrets.clone());
        let is_secret = |name: &String| secret.iter().any(|secret| same_parameter(secret, name));
        let hidden = results.iter().map(is_secret).collect();
        Self { results, secret, rows, hidden, ..Self::default() }
    }

    /// Tells whether what a script prints is not to be seen: it becomes a secret, or one of its lines does.
    pub fn hides_text(&self) -> bool {
        !self.rows && self.hidden.contains(&true)
    }

    /// Tells whether a column of the rows is not to be seen.
    pub fn hides_column(&self, at: usize) -> bool {
        self.rows && self.hidden.get(at) == Some(&true)
    }

    /// Tells whether any column of the rows is not to be seen.
    pub fn hides_rows(&self) -> bool {
        self.rows && self.hidden.contains(&true)
    }

    /// Takes what a script prints on standard output, before redaction.
    pub fn bytes(&mut self, bytes: &[u8]) {
        // One byte more than is kept says that there was more. Blanks around the value count: they are rare.
        if !self.results.is_empty() && self.printed.len() <= VALUE_MAX {
            let room = VALUE_MAX + 1 - self.printed.len();
            self.printed.extend(&bytes[..bytes.len().min(room)]);
        }
    }

    /// Takes a row of a result, before redaction; the first one counts.
    pub fn row(&mut self, row: &[Option<String>], secrets: &Secrets) {
        if std::mem::replace(&mut self.seen_row, true) {
            return;
        }
        for (at, name) in std::mem::take(&mut self.results).iter().enumerate() {
            match row.get(at).and_then(Option::as_ref) {
                Some(cell) => self.value(name, cell.as_bytes(), secrets),
                None => self.withhold(name, Withheld::Nothing),
            }
        }
    }

    pub fn value(&mut self, name: &str, value: &[u8], secrets: &Secrets) {
        let is_secret = self.secret.iter().any(|secret| same_parameter(secret, name));
        let kept = match std::str::from_utf8(value) {
            _ if value.len() > VALUE_MAX => Err(Withheld::TooLong),
            Err(_) => Err(Withheld::NotText),
            Ok(text) if text.contains('\0') => Err(Withheld::NotText),
            Ok("") if is_secret => Err(Withheld::Nothing),
            Ok(text) if is_secret => {
                self.sealed.push(SecretValue { name: name.to_owned(), value: text.to_owned() });
                Err(Withheld::Sealed)
            }
            Ok(text) if secrets.redact(text) != text => Err(Withheld::Secret),
            Ok(text) => Ok(text.to_owned()),
        };
        match kept {
            Ok(value) => self.captured.push(Captured { name: name.to_owned(), value: Some(value), withheld: None }),
            Err(why) => self.withhold(name, why),
        }
    }

    pub fn withhold(&mut self, name: &str, why: Withheld) {
        self.captured.push(Captured { name: name.to_owned(), value: None, withheld: Some(why) });
    }

    pub fn folder(&mut self, folder: String, secrets: &Secrets) {
        self.folder = Some(folder).filter(|folder| secrets.redact(folder) == *folder);
    }

    /// Returns what was left, in the order in which it came.
    pub fn finish(mut self, secrets: &Secrets) -> AllLeft {
        let (results, printed) = (std::mem::take(&mut self.results), std::mem::take(&mut self.printed));
        for (at, name) in results.iter().enumerate() {
            match results.len() {
                _ if self.rows => self.withhold(name, Withheld::Nothing),
                1 => self.value(name, printed.trim_ascii(), secrets),
                _ if printed.len() > VALUE_MAX => self.withhold(name, Withheld::TooLong),
                _ => match printed.split(|byte| *byte == b'\n').nth(at).map(<[u8]>::trim_ascii) {
                    Some(line) if !line.is_empty() => self.value(name, line, secrets),
                    _ => self.withhold(name, Withheld::Nothing),
                },
            }
        }
        AllLeft { captured: self.captured, sealed: self.sealed, folder: self.folder }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(results: &[&str], rows: bool) -> Left {
        Left { results: results.iter().map(|name| (*name).to_owned()).collect(), rows, ..Left::default() }
    }

    fn said(captured: &[Captured]) -> Vec<Result<&str, Withheld>> {
        captured.iter().map(|one| one.value.as_deref().ok_or_else(|| one.withheld.unwrap())).collect()
    }

    #[test]
    fn what_came_out_is_kept_trimmed_or_line_by_line() {
        let secrets = Secrets::default();
        let mut one = left(&["a"], false);
        one.bytes(b" first\n");
        one.bytes(b"second \n");
        assert_eq!(said(&one.finish(&secrets).captured), [Ok("first\nsecond")]);
        let mut two = left(&["a", "b", "c"], false);
        two.bytes(b"first\nsecond\n");
        assert_eq!(said(&two.finish(&secrets).captured), [Ok("first"), Ok("second"), Err(Withheld::Nothing)]);
    }

    #[test]
    fn the_first_row_gives_its_columns_and_null_is_nothing() {
        let secrets = Secrets::default();
        let mut sql = left(&["a", "b", "c"], true);
        sql.row(&[Some("1".into()), None], &secrets);
        sql.row(&[Some("2".into()), Some("x".into())], &secrets);
        assert_eq!(said(&sql.finish(&secrets).captured), [Ok("1"), Err(Withheld::Nothing), Err(Withheld::Nothing)]);
        assert_eq!(said(&left(&["a"], true).finish(&secrets).captured), [Err(Withheld::Nothing)]);
    }

    #[test]
    fn what_is_a_secret_by_its_name_is_kept_apart() {
        let secrets = Secrets::new(["hunter22"]);
        let mut all = Left { secret: vec!["db_password".into()], ..Left::default() };
        all.value("DB_PASSWORD", b"tr0ub4dor with hunter22", &secrets);
        all.value("DB_PASSWORD", b"", &secrets);
        all.value("DB_PASSWORD", &[0xff], &secrets);
        let AllLeft { captured, sealed, .. } = all.finish(&secrets);
        assert_eq!(said(&captured), [Err(Withheld::Sealed), Err(Withheld::Nothing), Err(Withheld::NotText)]);
        let sealed: Vec<_> = sealed.iter().map(|one| (one.name.as_str(), one.value.as_str())).collect();
        assert_eq!(sealed, [("DB_PASSWORD", "tr0ub4dor with hunter22")]);
    }

    #[test]
    fn what_holds_a_secret_is_too_long_or_no_text_is_not_kept() {
        let secrets = Secrets::new(["hunter22"]);
        let mut all = left(&[], false);
        all.value("a", b"x hunter22", &secrets);
        all.value("b", &vec![b'x'; VALUE_MAX + 1], &secrets);
        all.value("c", &[0xff], &secrets);
        all.folder("/tmp/hunter22".into(), &secrets);
        let AllLeft { captured, folder, .. } = all.finish(&secrets);
        assert_eq!(said(&captured), [Err(Withheld::Secret), Err(Withheld::TooLong), Err(Withheld::NotText)]);
        assert_eq!(folder, None);
        let mut long = left(&["a"], false);
        long.bytes(&vec![b'x'; VALUE_MAX]);
        long.bytes(b"yy");
        assert_eq!(said(&long.finish(&secrets).captured), [Err(Withheld::TooLong)]);
    }
}
