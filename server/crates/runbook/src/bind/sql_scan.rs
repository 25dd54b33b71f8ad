//! Where in an SQL statement each placeholder stands.

use std::ops::Range;

use farol_api::graph::PlaceholderUse;
use farol_api::risk::Dialect;

/// Where a placeholder stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Outside quotes.
    Plain,
    /// Inside a string literal; the range has the quotes.
    Literal(Range<usize>),
    /// Inside a quoted name; the range has the quotes.
    Name(Range<usize>),
    /// Inside a comment.
    Comment,
    /// Inside a dollar-quoted body.
    Body,
}

/// Finds the place of each placeholder; also tells whether the text has markers of its own.
pub fn scan(text: &str, uses: &[PlaceholderUse], dialect: Dialect) -> (Vec<Place>, bool) {
    let mut scan =
        Scan { text, bytes: text.as_bytes(), at: 0, uses, next: 0, places: Vec::new(), markers: false, dialect };
    scan.run();
    (scan.places, scan.markers)
}

struct Scan<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    uses: &'a [PlaceholderUse],
    next: usize,
    places: Vec<Place>,
    markers: bool,
    dialect: Dialect,
}

impl Scan<'_> {
    fn run(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            if self.take(&Place::Plain) {
                continue;
            }
            let rest = &self.bytes[self.at..];
            match byte {
                b'\'' => self.quoted(b'\'', Place::Literal),
                b'"' if self.dialect == Dialect::Mysql => self.quoted(b'"', Place::Literal),
                b'"' => self.quoted(b'"', Place::Name),
                b'`' => self.quoted(b'`', Place::Name),
                b'-' if rest.starts_with(b"--") => self.until(b"\n", &Place::Comment),
                b'#' if self.dialect == Dialect::Mysql => self.until(b"\n", &Place::Comment),
                b'/' if rest.starts_with(b"/*") => self.comment(),
                b'$' => self.dollar(),
                _ => {
                    self.markers |= byte == b'?' && self.dialect != Dialect::Postgres;
                    self.at += 1;
                }
            }
        }
    }

    /// Takes the placeholder that starts here, if one does.
    fn take(&mut self, place: &Place) -> bool {
        let Some(used) = self.uses.get(self.next).filter(|u| u.span.start == self.at) else { return false };
        self.places.push(place.clone());
        self.next += 1;
        self.at = used.span.end;
        true
    }

    fn quoted(&mut self, quote: u8, place: fn(Range<usize>) -> Place) {
        let start = self.at;
        let first = self.places.len();
        let escapes = match self.dialect {
            Dialect::Mysql => quote != b'`',
            Dialect::Postgres => quote == b'\'' && self.is_escape_string(),
            _ => false,
        };
        self.at += 1;
        while let Some(&byte) = self.bytes.get(self.at) {
            if self.take(&Place::Body) {
                continue;
            }
            let escape = byte == b'\\' && escapes;
            if escape || byte == quote && self.bytes.get(self.at + 1) == Some(&quote) {
                self.at += 2;
            } else if byte == quote {
                self.at += 1;
                for taken in &mut self.places[first..] {
                    *taken = place(start..self.at);
                }
                return;
            } else {
                self.at += 1;
            }
        }
        // Never closed: what was taken stays `Body`, which nothing fills.
    }

    /// `E'…'` of Postgres, where a backslash escapes.
    fn is_escape_string(&self) -> bool {
        let word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii();
        match self.bytes[..self.at] {
            [] => false,
            [b'e' | b'E'] => true,
            [.., before, b'e' | b'E'] => !word(&before),
            _ => false,
        }
    }

    /// A comment between `/*` and `*/`; Postgres has comments in comments.
    fn comment(&mut self) {
        let mut depth = 0_usize;
        while self.at < self.bytes.len() {
            let rest = &self.bytes[self.at..];
            if rest.starts_with(b"/*") && (depth == 0 || self.dialect == Dialect::Postgres) {
                depth += 1;
                self.at += 2;
            } else if rest.starts_with(b"*/") {
                depth -= 1;
                self.at += 2;
                if depth == 0 {
                    return;
                }
            } else if !self.take(&Place::Comment) {
                self.at += 1;
            }
        }
    }

    fn until(&mut self, end: &[u8], place: &Place) {
        self.at += 1;
        while self.at < self.bytes.len() && !self.bytes[self.at..].starts_with(end) {
            if !self.take(place) {
                self.at += 1;
            }
        }
        self.at = (self.at + end.len()).min(self.bytes.len());
    }

    fn dollar(&mut self) {
        let rest = &self.text[self.at + 1..];
        let digit = rest.starts_with(|c: char| c.is_ascii_digit());
        self.markers |= digit && self.dialect == Dialect::Postgres;
        let len = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        if self.dialect == Dialect::Postgres && !digit && rest[len..].starts_with('$') {
            let tag = self.bytes[self.at..self.at + len + 2].to_vec();
            self.at += tag.len() - 1;
            self.until(&tag, &Place::Body);
        } else {
            self.at += 1;
        }
    }
}
