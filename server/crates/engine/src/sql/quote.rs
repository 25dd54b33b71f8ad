//! Puts a value into SQL text where a protocol has no other place for it.

use std::fmt::Write as _;

/// Writes a Postgres literal of unknown type, right under either setting of `standard_conforming_strings`.
///
/// The value holds no zero byte, and the session's encoding is UTF-8, where no byte of a longer character is a quote.
pub(super) fn postgres_literal(value: &str) -> String {
    let doubled = value.replace('\'', "''");
    if value.contains('\\') { format!("E'{}'", doubled.replace('\\', "\\\\")) } else { format!("'{doubled}'") }
}

/// Writes a MySQL text in hexadecimal, so that no SQL mode and no character can end it.
pub(super) fn mysql_text(value: &str) -> String {
    let mut literal = String::with_capacity(value.len() * 2 + 16);
    literal.push_str("_utf8mb4 X'");
    value.bytes().for_each(|byte| write!(literal, "{byte:02x}").unwrap_or_default());
    literal.push('\'');
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_ends_only_where_it_should() {
        assert_eq!(postgres_literal("it's"), "'it''s'");
        assert_eq!(postgres_literal("\\'; drop table t; --"), "E'\\\\''; drop table t; --'");
        assert_eq!(mysql_text("'\\"), "_utf8mb4 X'275c'");
        assert_eq!(mysql_text(""), "_utf8mb4 X''");
    }
}
