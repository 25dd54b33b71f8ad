//! MySQL, MariaDB and SQLite: keywords say what a statement is, `sqlparser` says what is inside a query.
//!
//! `sqlparser` reads a grammar that is close to the servers' and not theirs, so it is believed only about queries
//! and data changes. Every other statement is told by its first words, and what is not known is unknown.

mod catalogue;
mod condition;
mod inside;
pub(crate) mod mysql;
mod mysql_comments;
mod opening;
mod rewrite;
pub(crate) mod sqlite;

use std::ops::Range;

use farol_api::risk::{Dialect, RiskClass};

use crate::finding::Finding;
use crate::sql::lexer::{self, Kind, Token};
use crate::sql::says;

/// One statement of a text: its tokens, without the semicolon.
#[derive(Debug)]
pub(crate) struct Piece<'t> {
    dialect: Dialect,
    text: &'t str,
    tokens: Vec<Token>,
}

/// Splits a text at its semicolons; the body of a trigger or routine stays whole.
pub(crate) fn split(dialect: Dialect, text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut current: Vec<Token> = Vec::new();
    let mut depth = 0_usize;
    let mut tokens = lexer::tokens(dialect, text).into_iter().peekable();
    while let Some(token) = tokens.next() {
        // The mysql client ends statements with `\G` too, and runbooks copy it; a server refuses it.
        let shown_upright = dialect == Dialect::Mysql
            && token.is(text, "\\")
            && tokens.next_if(|next| matches!(next.of(text), "G" | "g") && next.span.start == token.span.end).is_some();
        if shown_upright || (token.is(text, ";") && depth == 0) {
            pieces.push(std::mem::take(&mut current));
            continue;
        }
        if has_body(text, &current) {
            depth = nesting(text, &current, &token, depth);
        }
        current.push(token);
    }
    pieces.push(current);
    pieces.into_iter().filter(|tokens| !tokens.is_empty()).map(|tokens| Piece { dialect, text, tokens }).collect()
}

/// Tells whether a statement that starts so can hold statements of its own.
fn has_body(text: &str, tokens: &[Token]) -> bool {
    tokens.first().is_some_and(|first| first.is(text, "CREATE"))
        && tokens.iter().take(10).any(|token| {
            ["TRIGGER", "PROCEDURE", "FUNCTION", "EVENT", "PACKAGE"].iter().any(|word| token.is(text, word))
        })
}

fn nesting(text: &str, before: &[Token], token: &Token, depth: usize) -> usize {
    let after_end = before.last().is_some_and(|last| last.is(text, "END"));
    if after_end {
        // `END IF` and `END CASE` close what is not counted, or what `END` has closed already.
        let closes_other = ["IF", "LOOP", "WHILE", "REPEAT", "FOR"].iter().any(|word| token.is(text, word));
        return if closes_other { depth + 1 } else { depth };
    }
    if token.is(text, "BEGIN") || token.is(text, "CASE") {
        depth + 1
    } else if token.is(text, "END") {
        depth.saturating_sub(1)
    } else {
        depth
    }
}

impl Piece<'_> {
    /// Returns whether the statement's words from `at` on are these.
    fn starts(&self, at: usize, words: &[&str]) -> bool {
        words
            .iter()
            .enumerate()
            .all(|(index, word)| self.tokens.get(at + index).is_some_and(|token| token.is(self.text, word)))
    }

    /// Returns the word at an index in upper case; nothing for what is no bare word.
    fn word(&self, at: usize) -> String {
        self.tokens
            .get(at)
            .filter(|token| token.kind == Kind::Word)
            .map_or(String::new(), |token| token.of(self.text).to_ascii_uppercase())
    }

    fn has(&self, word: &str) -> bool {
        self.place(word).is_some()
    }

    fn place(&self, word: &str) -> Option<Range<usize>> {
        self.tokens.iter().find(|token| token.is(self.text, word)).map(|token| token.span.clone())
    }

    /// The first of these words that stands among the first `within` tokens.
    fn first_of<'w>(&self, within: usize, words: &[&'w str]) -> Option<&'w str> {
        self.tokens.iter().take(within).find_map(|token| words.iter().find(|word| token.is(self.text, word)).copied())
    }

    /// Makes a finding that points at the first `count` words.
    fn opening(&self, class: RiskClass, count: usize) -> Finding {
        let words: Vec<&Token> = self
            .tokens
            .iter()
            .take(count.max(1))
            .enumerate()
            .take_while(|(index, token)| *index == 0 || token.kind == Kind::Word)
            .map(|(_, token)| token)
            .collect();
        let span = match (words.first(), words.last()) {
            (Some(first), Some(last)) => Some(first.span.start..last.span.end),
            _ => None,
        };
        let shown = span.clone().and_then(|span| self.text.get(span)).unwrap_or("").to_owned();
        says(class, &shown, span)
    }

    /// The bytes of the statement from a token on.
    fn range(&self, from: usize) -> Range<usize> {
        let end = self.tokens.last().map_or(0, |token| token.span.end);
        self.tokens.get(from).map_or(end..end, |token| token.span.start..end)
    }

    /// The statement without its first tokens, such as what EXPLAIN explains.
    fn without(&self, count: usize) -> Piece<'_> {
        Piece { dialect: self.dialect, text: self.text, tokens: self.tokens.iter().skip(count).cloned().collect() }
    }

    /// The index where the query of a statement such as `CREATE TABLE … AS WITH …` starts.
    fn query_within(&self) -> Option<usize> {
        let begins = |at: usize| self.starts(at, &["SELECT"]) || self.starts(at.wrapping_sub(1), &["AS", "WITH"]);
        (1..self.tokens.len()).find(|at| begins(*at))
    }

    /// The queries in brackets that stand where a table can, and those of `WITH`.
    fn derived(&self) -> Vec<Self> {
        let mut opened = Vec::new();
        let mut found = Vec::new();
        for at in 0..self.tokens.len() {
            if self.starts(at, &["("]) {
                opened.push(at);
            } else if self.starts(at, &[")"])
                && let Some(from) = opened.pop()
            {
                let before = from.checked_sub(1);
                let table = ["FROM", "JOIN", "LATERAL", "AS", ",", "("]
                    .iter()
                    .any(|word| before.is_some_and(|before| self.starts(before, &[word])));
                if table && ["SELECT", "WITH", "VALUES"].iter().any(|word| self.starts(from + 1, &[word])) {
                    let tokens = self.tokens.get(from + 1..at).unwrap_or_default().to_vec();
                    found.push(Self { dialect: self.dialect, text: self.text, tokens });
                }
            }
        }
        found
    }

    /// The query from a token on; brackets that were opened before it are left behind.
    fn query_from(&self, at: usize) -> Piece<'_> {
        let mut inner = self.without(at);
        let count = |piece: &Piece<'_>, bracket: &str| {
            piece.tokens.iter().filter(|token| token.is(piece.text, bracket)).count()
        };
        while inner.tokens.last().is_some_and(|last| last.is(inner.text, ")"))
            && count(&inner, ")") > count(&inner, "(")
        {
            inner.tokens.pop();
        }
        inner
    }
}
