//! The words of a SQL text with their places: for keywords, traps and pointing, never for deciding that a query reads.

use std::ops::Range;

use farol_api::risk::Dialect;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A bare word: keyword or name.
    Word,
    /// A number, string or placeholder.
    Value,
    /// A quoted name.
    Name,
    /// One character of punctuation.
    Symbol,
}

/// A token and its bytes in the text.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub kind: Kind,
    pub span: Range<usize>,
}

impl Token {
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.span.clone()).unwrap_or("")
    }

    pub fn is(&self, text: &str, word: &str) -> bool {
        matches!(self.kind, Kind::Word | Kind::Symbol) && self.of(text).eq_ignore_ascii_case(word)
    }
}

/// Splits a text into tokens without blanks and comments. An unclosed string or comment reaches to the end.
pub(crate) fn tokens(dialect: Dialect, text: &str) -> Vec<Token> {
    let mut lexer = Lexer { dialect, text, bytes: text.as_bytes(), at: 0 };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.next_token() {
        tokens.push(token);
    }
    tokens
}

/// Returns the place of the first bare word of the text, at or after `from`, that equals `word` in any case.
pub(crate) fn find_word(dialect: Dialect, text: &str, from: usize, word: &str) -> Option<Range<usize>> {
    tokens(dialect, text)
        .into_iter()
        .find(|token| token.span.start >= from && token.is(text, word))
        .map(|token| token.span)
}

struct Lexer<'t> {
    dialect: Dialect,
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn next_token(&mut self) -> Option<Token> {
        self.skip_blanks();
        let start = self.at;
        let byte = *self.bytes.get(start)?;
        let kind = match byte {
            b'\'' => self.quoted(byte, self.dialect == Dialect::Mysql, Kind::Value),
            b'"' if self.dialect == Dialect::Mysql => self.quoted(byte, true, Kind::Value),
            b'"' | b'`' => self.quoted(byte, false, Kind::Name),
            b'[' if self.dialect == Dialect::Sqlite => self.until(b']', Kind::Name),
            b'$' if self.dialect == Dialect::Postgres => self.dollar(),
            b'e' | b'E' if self.dialect == Dialect::Postgres && self.peek(1) == b'\'' => {
                self.at += 1;
                self.quoted(b'\'', true, Kind::Value)
            }
            b'0'..=b'9' => self.word(Kind::Value),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => self.word(Kind::Word),
            _ => {
                self.at += 1;
                Kind::Symbol
            }
        };
        Some(Token { kind, span: start..self.at })
    }

    fn skip_blanks(&mut self) {
        loop {
            match (self.peek(0), self.peek(1)) {
                (b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c, _) => self.at += 1,
                (b'-', b'-') if self.dialect != Dialect::Mysql || self.peek(2) <= b' ' => self.skip_line(),
                (b'#', _) if self.dialect == Dialect::Mysql => self.skip_line(),
                (b'/', b'*') => self.skip_comment(),
                _ => return,
            }
        }
    }

    fn skip_line(&mut self) {
        // For PostgreSQL a carriage return ends the line too.
        let ends = |char: char| char == '\n' || (char == '\r' && self.dialect == Dialect::Postgres);
        self.at = self
            .text
            .get(self.at..)
            .and_then(|rest| rest.find(ends))
            .map_or(self.bytes.len(), |found| self.at + found + 1);
    }

    fn skip_comment(&mut self) {
        let mut depth = 0_usize;
        while self.at < self.bytes.len() {
            match (self.peek(0), self.peek(1)) {
                (b'/', b'*') if depth == 0 || self.dialect == Dialect::Postgres => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return;
                    }
                }
                _ => self.at += 1,
            }
        }
        self.at = self.at.min(self.bytes.len());
    }

    fn quoted(&mut self, quote: u8, escapes: bool, kind: Kind) -> Kind {
        self.at += 1;
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            if byte == b'\\' && escapes {
                self.at += 1;
            } else if byte == quote {
                if self.peek(0) != quote {
                    return kind;
                }
                self.at += 1;
            }
        }
        self.at = self.bytes.len();
        kind
    }

    fn until(&mut self, end: u8, kind: Kind) -> Kind {
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            if byte == end {
                break;
            }
        }
        kind
    }

    fn dollar(&mut self) -> Kind {
        let tag =
            self.bytes[self.at + 1..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        if self.peek(1).is_ascii_digit() || self.peek(tag + 1) != b'$' {
            self.at += 1 + tag;
            return Kind::Value;
        }
        let fence = self.text.get(self.at..self.at + tag + 2).unwrap_or("$$");
        let body = self.at + fence.len();
        let end = self.text.get(body..).and_then(|rest| rest.find(fence));
        self.at = end.map_or(self.bytes.len(), |found| body + found + fence.len());
        Kind::Value
    }

    fn word(&mut self, kind: Kind) -> Kind {
        let dot = kind == Kind::Value;
        while let Some(&byte) = self.bytes.get(self.at) {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80 || (dot && byte == b'.') {
                self.at += 1;
            } else {
                break;
            }
        }
        kind
    }
}
