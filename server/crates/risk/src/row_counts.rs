//! Where a MySQL takes nothing but a number of rows.

use farol_api::risk::Dialect;

use crate::sql::lexer;

/// Returns which of a text's placeholders, counted from 0, stand for a number of rows: in `LIMIT ?, ?` and `LIMIT ? OFFSET ?`.
///
/// A MySQL refuses a text there, a MariaDB reads it.
pub fn row_counts(text: &str) -> Vec<usize> {
    let (mut found, mut place, mut counts) = (Vec::new(), 0, false);
    for token in lexer::tokens(Dialect::Mysql, text) {
        match token.of(text) {
            "?" => {
                found.extend(counts.then_some(place));
                place += 1;
            }
            "," => {}
            word if word.eq_ignore_ascii_case("limit") => counts = true,
            word if word.eq_ignore_ascii_case("offset") || word.bytes().all(|byte| byte.is_ascii_digit()) => {}
            _ => counts = false,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::row_counts;

    #[test]
    fn only_what_follows_limit_is_a_number_of_rows() {
        for (text, found) in [
            ("select a from t where b = ? limit ?", vec![1]),
            ("select a from t limit ?, ?", vec![0, 1]),
            ("select a from t limit 5 offset ?", vec![0]),
            ("select a from (select a from t limit ?) x where a = ?", vec![0]),
            ("select offset, ? from t", vec![]),
            ("select '? limit ?' from t where a = ? -- limit ?", vec![]),
            ("delete from t where `limit` = ? limit ?", vec![1]),
        ] {
            assert_eq!(row_counts(text), found, "{text}");
        }
    }
}
