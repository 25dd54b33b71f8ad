//! Words that the servers know and `sqlparser` does not, rewritten for it. What they do has been judged before.

use std::ops::Range;

use farol_api::risk::Dialect;

use super::Piece;
use crate::sql::lexer::Kind;

/// Replacements in a statement. Places are told from its tokens, so its length may change.
#[derive(Debug, Default)]
pub(super) struct Edits(Vec<(Range<usize>, &'static str)>);

impl Edits {
    pub fn blank(&mut self, span: Range<usize>) {
        self.replace(span, " ");
    }

    pub fn replace(&mut self, span: Range<usize>, by: &'static str) {
        self.0.push((span, by));
    }

    /// Returns the statement as the parser gets it.
    pub fn apply(mut self, piece: &Piece<'_>) -> String {
        self.0.sort_by_key(|(span, _)| span.start);
        let whole = piece.range(0);
        let (mut written, mut at) = (String::new(), whole.start);
        for (span, by) in &self.0 {
            // One edit may lie inside another.
            if span.start < at {
                continue;
            }
            written.push_str(piece.text.get(at..span.start).unwrap_or(""));
            written.push_str(by);
            at = span.end;
        }
        written.push_str(piece.text.get(at..whole.end).unwrap_or(""));
        written
    }
}

/// Rewrites what only MySQL and MariaDB know.
pub(super) fn mysql(piece: &Piece<'_>, edits: &mut Edits) {
    if piece.starts(0, &["TABLE"]) {
        edits.replace(piece.tokens[0].span.clone(), "SELECT * FROM ");
    }
    let verb = piece.word(0);
    let changes = matches!(verb.as_str(), "INSERT" | "REPLACE" | "UPDATE" | "DELETE");
    for at in 1..piece.tokens.len() {
        let before = &piece.tokens[at - 1];
        let word = piece.word(at);
        let span = piece.tokens[at].span.clone();
        let hint = before.is(piece.text, "SELECT") && is_hint(&word);
        if hint || (changes && is_modifier(&word) && all_modifiers(piece, at)) {
            edits.blank(span);
        } else if word == "MOD" && !piece.starts(at + 1, &["("]) && operand(piece, at - 1) && operand(piece, at + 1) {
            edits.replace(span, "%");
        } else if is_compound_unit(&word) && piece.has("INTERVAL") {
            edits.replace(span, "SECOND");
        } else if piece.starts(at, &["SOUNDS", "LIKE"]) {
            edits.replace(span.start..piece.tokens[at + 1].span.end, "=");
        } else if piece.starts(at, &["CHARACTER", "SET"]) && piece.starts(at + 3, &[")"]) {
            edits.blank(span.start..piece.tokens[at + 2].span.end);
        } else if word == "USING" && piece.starts(at + 2, &[")"]) && called(piece, at) == "CHAR" {
            edits.blank(span.start..piece.tokens[at + 1].span.end);
        } else if piece.starts(at, &["!"]) && !piece.starts(at + 1, &["="]) {
            edits.replace(span, " NOT ");
        } else if piece.starts(at, &["|", "|"]) && operand(piece, at - 1) && operand(piece, at + 2) {
            // Unless a server is told otherwise it is OR, so `id = 1 || 1` is every row.
            edits.replace(span.start..piece.tokens[at + 1].span.end, " OR ");
        } else if piece.starts(at, &["FOR", "SYSTEM_TIME"]) {
            edits.blank(span.start..system_time_end(piece, at + 2));
        }
    }
    if verb == "UPDATE" {
        joined_tables(piece, edits);
    }
}

/// Returns the function in whose brackets a token stands, in upper case.
fn called(piece: &Piece<'_>, at: usize) -> String {
    let mut depth = 0_i32;
    let open = (0..at).rev().find(|before| {
        match piece.tokens[*before].of(piece.text) {
            ")" => depth += 1,
            "(" => depth -= 1,
            _ => {}
        }
        depth < 0
    });
    open.and_then(|open| open.checked_sub(1)).map_or(String::new(), |name| piece.word(name))
}

/// `INTERVAL '1:30' MINUTE_SECOND` and its kin.
fn is_compound_unit(word: &str) -> bool {
    word.split_once('_').is_some_and(|(from, to)| {
        matches!(from, "YEAR" | "DAY" | "HOUR" | "MINUTE" | "SECOND")
            && matches!(to, "MONTH" | "HOUR" | "MINUTE" | "SECOND" | "MICROSECOND")
    })
}

/// `UPDATE a, b SET …` joins its tables.
fn joined_tables(piece: &Piece<'_>, edits: &mut Edits) {
    let mut depth = 0_i32;
    for token in piece.tokens.iter().take_while(|token| !token.is(piece.text, "SET")) {
        match token.of(piece.text) {
            "(" => depth += 1,
            ")" => depth -= 1,
            "," if depth == 0 => edits.replace(token.span.clone(), " CROSS JOIN "),
            _ => {}
        }
    }
}

/// `FOR SYSTEM_TIME ALL`, `AS OF TIMESTAMP '…'`, `AS OF NOW()`: returns where it ends.
fn system_time_end(piece: &Piece<'_>, from: usize) -> usize {
    let mut at = from;
    if piece.starts(at, &["AS", "OF"]) {
        at += if piece.word(at + 2) == "TIMESTAMP" { 3 } else { 2 };
        if piece.starts(at + 1, &["(", ")"]) {
            at += 2;
        }
    }
    piece.tokens.get(at).map_or(piece.range(0).end, |token| token.span.end)
}

/// Rewrites what only SQLite knows.
pub(super) fn sqlite(piece: &Piece<'_>, edits: &mut Edits) {
    for at in 1..piece.tokens.len() {
        let span = |count: usize| piece.tokens[at].span.start..piece.tokens[at + count - 1].span.end;
        if piece.starts(at, &["NOT", "INDEXED"]) {
            edits.blank(span(2));
        } else if piece.starts(at, &["INDEXED", "BY"]) && piece.tokens.len() > at + 2 {
            edits.blank(span(3));
        } else if piece.starts(at, &["EXCLUDE", "TIES"]) || piece.starts(at, &["EXCLUDE", "GROUP"]) {
            edits.blank(span(2));
        } else if piece.starts(at, &["<", "<"]) || piece.starts(at, &[">", ">"]) {
            edits.replace(span(2), "+");
        } else if piece.starts(at - 1, &["AS", "MATERIALIZED"]) {
            edits.blank(span(1));
        } else if piece.starts(at, &["EXCLUDE", "CURRENT", "ROW"]) || piece.starts(at, &["EXCLUDE", "NO", "OTHERS"]) {
            edits.blank(span(3));
        } else if piece.starts(at - 1, &["IN"]) && names_table(piece, at) {
            edits.replace(span(1), "(SELECT 1)");
        } else if piece.starts(at - 1, &["AS", "NOT", "MATERIALIZED"]) {
            edits.blank(span(2));
        } else if piece.starts(at, &["IS", "NOT"]) && compares(piece, at + 2) {
            edits.replace(span(2), "<>");
        } else if piece.starts(at, &["IS"]) && compares(piece, at + 1) && operand(piece, at - 1) {
            edits.replace(span(1), "=");
        }
    }
}

/// `a IN t`: the table needs no brackets.
fn names_table(piece: &Piece<'_>, at: usize) -> bool {
    let name = matches!(piece.tokens[at].kind, Kind::Word | Kind::Name);
    name && !piece.starts(at + 1, &["("]) && !piece.starts(at + 1, &["."])
}

/// Tells whether what follows IS is a value to compare with, for which the parser knows no IS.
fn compares(piece: &Piece<'_>, at: usize) -> bool {
    let known = ["NOT", "NULL", "TRUE", "FALSE", "DISTINCT"];
    piece.tokens.get(at).is_some() && !known.contains(&piece.word(at).as_str())
}

fn operand(piece: &Piece<'_>, at: usize) -> bool {
    let keywords = ["SELECT", "WHERE", "AND", "OR", "NOT", "FROM", "AS", "BY", "SET", "ON", "DISTINCT"];
    piece.tokens.get(at).is_some_and(|token| match token.kind {
        Kind::Word => !keywords.contains(&piece.word(at).as_str()),
        Kind::Symbol => matches!(token.of(piece.text), ")" | "(" | "?" | "@" | ":" | "-"),
        Kind::Value | Kind::Name => true,
    })
}

/// Options of a SELECT that only concern how it runs.
fn is_hint(word: &str) -> bool {
    matches!(
        word,
        "SQL_CALC_FOUND_ROWS"
            | "SQL_NO_CACHE"
            | "SQL_CACHE"
            | "HIGH_PRIORITY"
            | "STRAIGHT_JOIN"
            | "SQL_SMALL_RESULT"
            | "SQL_BIG_RESULT"
            | "SQL_BUFFER_RESULT"
    )
}

/// Options of a data change that only concern how it runs.
fn is_modifier(word: &str) -> bool {
    matches!(word, "LOW_PRIORITY" | "HIGH_PRIORITY" | "DELAYED" | "QUICK" | "IGNORE")
}

fn all_modifiers(piece: &Piece<'_>, at: usize) -> bool {
    (1..at).all(|before| is_modifier(&piece.word(before)))
}

/// Returns the statement as the parser gets it, without further edits.
pub(super) fn plain(piece: &Piece<'_>) -> String {
    let mut edits = Edits::default();
    match piece.dialect {
        Dialect::Mysql => mysql(piece, &mut edits),
        _ => sqlite(piece, &mut edits),
    }
    edits.apply(piece)
}
