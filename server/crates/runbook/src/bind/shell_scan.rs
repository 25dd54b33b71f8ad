//! Where in a shell command each placeholder stands: quotes, heredocs, substitutions.

use farol_api::graph::PlaceholderUse;

/// Where a placeholder stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Outside quotes.
    Plain,
    /// In double quotes.
    Double,
    /// In single quotes.
    Single,
    /// In a heredoc whose delimiter is not quoted.
    Heredoc,
    /// In a comment.
    Comment,
    /// Where nothing can be filled in: a quoted heredoc, `$'…'`, backticks in double quotes, arithmetic, `[[ … ]]`.
    Closed,
}

/// What is known of one placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stand {
    /// Its place.
    pub place: Place,
    /// Whether its quotes hold nothing else.
    pub alone: bool,
    /// Whether it is the word that names the program.
    pub commands: bool,
    /// Where its word begins, or its line in a heredoc, in bytes.
    pub word: usize,
}

/// The body of a heredoc, as far as it was looked through.
struct Body {
    seen: usize,
    /// Whether nothing can be filled in from here on.
    closed: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Single,
    Ansi,
    Double,
    Backtick,
    Paren,
    Arithmetic,
    Test,
}

/// Finds the place of each placeholder.
pub fn scan(text: &str, uses: &[PlaceholderUse]) -> Vec<Stand> {
    let mut scan = Scan {
        text,
        bytes: text.as_bytes(),
        at: 0,
        uses,
        stands: Vec::new(),
        open: Vec::new(),
        heredocs: Vec::new(),
        first: true,
        assigns: false,
        word: 0,
        around: Vec::new(),
    };
    scan.run();
    scan.stands
}

struct Scan<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    uses: &'a [PlaceholderUse],
    stands: Vec<Stand>,
    open: Vec<Open>,
    heredocs: Vec<(String, bool)>,
    /// Whether the next word names a program.
    first: bool,
    /// Within the value of an assignment, behind which the program is still to come.
    assigns: bool,
    /// Where the word at hand begins.
    word: usize,
    /// These three, around each substitution that is open.
    around: Vec<(bool, bool, usize)>,
}

impl Scan<'_> {
    fn run(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            if self.take() {
                continue;
            }
            match self.open.last() {
                Some(Open::Single) => self.close_on(byte, b'\''),
                Some(Open::Ansi) if byte == b'\\' => self.at += 2,
                Some(Open::Ansi) => self.close_on(byte, b'\''),
                Some(Open::Double) => self.double(byte),
                Some(Open::Backtick) if byte == b'`' => self.leave(1),
                _ => self.plain(byte),
            }
        }
    }

    fn close_on(&mut self, byte: u8, end: u8) {
        if byte == end {
            self.open.pop();
        }
        self.at += 1;
    }

    fn push(&mut self, open: Open, len: usize) {
        self.open.push(open);
        self.at += len;
    }

    /// Begins what is run by itself, whose first word names a program again.
    fn enter(&mut self, open: Open, len: usize) {
        self.around.push((self.first, self.assigns, self.word));
        (self.first, self.assigns) = (true, false);
        self.push(open, len);
        self.word = self.at;
    }

    /// Ends it. What it printed is a value where it is assigned, and else a word as others.
    fn leave(&mut self, len: usize) {
        self.open.pop();
        let (first, assigns, word) = self.around.pop().unwrap_or_default();
        (self.first, self.assigns, self.word) = (first && assigns, assigns, word);
        self.at += len;
    }

    fn double(&mut self, byte: u8) {
        let rest = &self.bytes[self.at..];
        match byte {
            b'\\' => self.at += 2,
            b'"' => self.close_on(byte, b'"'),
            b'`' => self.enter(Open::Backtick, 1),
            b'$' if rest.starts_with(b"$((") => self.push(Open::Arithmetic, 3),
            b'$' if rest.starts_with(b"$(") => self.enter(Open::Paren, 2),
            _ => self.at += 1,
        }
    }

    fn plain(&mut self, byte: u8) {
        let rest = &self.bytes[self.at..];
        let starts =
            self.at == 0 || self.bytes[self.at - 1].is_ascii_whitespace() || b";(|&".contains(&self.bytes[self.at - 1]);
        match byte {
            b'\\' => self.at += 2,
            b'\'' if self.at > 0 && self.bytes[self.at - 1] == b'$' => self.push(Open::Ansi, 1),
            b'\'' => self.word(Open::Single),
            b'"' => self.word(Open::Double),
            b'`' => self.enter(Open::Backtick, 1),
            b'#' if starts => self.comment(),
            b'$' if rest.starts_with(b"$((") => self.push(Open::Arithmetic, 3),
            b'(' if rest.starts_with(b"((") && starts => self.push(Open::Arithmetic, 2),
            b'[' if rest.starts_with(b"[[ ") && starts => self.push(Open::Test, 2),
            b']' if rest.starts_with(b"]]") && self.open.last() == Some(&Open::Test) => {
                self.open.pop();
                self.at += 2;
            }
            b'(' => self.enter(Open::Paren, 1),
            b')' => self.close_paren(rest.starts_with(b"))")),
            b'<' if rest.starts_with(b"<<") && !rest.starts_with(b"<<<") => self.heredoc_start(),
            b'<' if rest.starts_with(b"<<<") => self.at += 3,
            b'\n' => self.line_end(),
            b';' | b'|' | b'&' => {
                (self.first, self.assigns) = (true, false);
                self.at += 1;
                self.word = self.at;
            }
            _ => self.bare(byte),
        }
    }

    fn word(&mut self, open: Open) {
        self.push(open, 1);
    }

    /// Skips a bare word, so that "first word" ends with it; assignments before a program do not count.
    fn bare(&mut self, byte: u8) {
        if byte.is_ascii_whitespace() {
            self.assigns = false;
            self.at += 1;
            self.word = self.at;
            return;
        }
        let rest = &self.bytes[self.at..];
        let stop = |b: &u8| b.is_ascii_whitespace() || b"'\"`$();|&<>\\#[]".contains(b);
        let len = rest.iter().skip(1).take_while(|b| !stop(b)).count() + 1;
        let limit = self.uses.get(self.stands.len()).map_or(usize::MAX, |u| u.span.start.saturating_sub(self.at));
        let len = len.min(limit.max(1));
        let word = &self.bytes[self.at..self.at + len];
        let assigns = self.assigns || word.contains(&b'=');
        self.assigns = self.first && assigns;
        let lead: &[&[u8]] =
            &[b"then", b"do", b"else", b"if", b"while", b"until", b"!", b"sudo", b"exec", b"time", b"{", b"nohup"];
        if self.first && !assigns && !lead.contains(&word) {
            self.first = false;
        }
        self.at += len;
    }

    fn close_paren(&mut self, two: bool) {
        match self.open.last() {
            Some(Open::Arithmetic) if two => {
                self.open.pop();
                self.at += 2;
            }
            Some(Open::Paren) => self.leave(1),
            _ => self.at += 1,
        }
    }

    fn comment(&mut self) {
        while self.at < self.bytes.len() && self.bytes[self.at] != b'\n' {
            if !self.take_as(Place::Comment) {
                self.at += 1;
            }
        }
    }

    fn heredoc_start(&mut self) {
        let rest = &self.text[self.at + 2..];
        let word = rest.trim_start_matches('-').trim_start_matches(' ');
        let skipped = rest.len() - word.len();
        let quoted = word.starts_with(['\'', '"', '\\']);
        let inner = word.trim_start_matches(['\'', '"', '\\']);
        let len = inner.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        if len > 0 {
            self.heredocs.push((inner[..len].to_owned(), quoted));
        }
        self.at += 2 + skipped + (word.len() - inner.len()) + len;
        if quoted && self.bytes.get(self.at).is_some_and(|b| matches!(b, b'\'' | b'"')) {
            self.at += 1;
        }
        self.at = self.at.min(self.bytes.len());
    }

    fn line_end(&mut self) {
        (self.first, self.assigns) = (true, false);
        self.at += 1;
        self.word = self.at;
        for (delimiter, quoted) in std::mem::take(&mut self.heredocs) {
            let mut body = Body { seen: self.at, closed: quoted };
            while self.at < self.bytes.len() {
                let line_end = self.text[self.at..].find('\n').map_or(self.text.len(), |n| self.at + n);
                if self.text[self.at..line_end].trim() == delimiter {
                    self.at = line_end;
                    break;
                }
                self.word = self.at;
                self.heredoc_line(&mut body, line_end);
                self.at = (line_end + 1).max(self.at).min(self.bytes.len());
            }
        }
    }

    fn heredoc_line(&mut self, body: &mut Body, line_end: usize) {
        while self.at < line_end {
            // Inside a substitution the value would be split into words.
            let new = &self.bytes[body.seen..self.at];
            body.closed |= new.contains(&b'`') || new.windows(2).any(|two| two == b"$(");
            // The last byte may be the first of a sign that ends later.
            body.seen = body.seen.max(self.at.saturating_sub(1));
            if !self.take_as(if body.closed { Place::Closed } else { Place::Heredoc }) {
                let next = self.uses.get(self.stands.len()).map_or(line_end, |u| u.span.start);
                self.at = next.clamp(self.at + 1, line_end);
            }
        }
    }

    fn take(&mut self) -> bool {
        // A quote within backticks within quotes ends the outer ones in some shells.
        let quoted = self.open.iter().position(|open| *open == Open::Double).unwrap_or(usize::MAX);
        let closed = |(at, open): (usize, &Open)| match open {
            Open::Ansi | Open::Arithmetic | Open::Test => true,
            Open::Backtick => quoted < at,
            _ => false,
        };
        let place = match self.open.last() {
            _ if self.open.iter().enumerate().any(closed) => Place::Closed,
            Some(Open::Single) => Place::Single,
            Some(Open::Double) => Place::Double,
            _ => Place::Plain,
        };
        self.take_as(place)
    }

    fn take_as(&mut self, place: Place) -> bool {
        let Some(used) = self.uses.get(self.stands.len()).filter(|u| u.span.start == self.at) else { return false };
        let quote = match place {
            Place::Single => b'\'',
            Place::Double => b'"',
            _ => 0,
        };
        let before = self.at.checked_sub(1).map(|i| self.bytes[i]);
        let after = self.bytes.get(used.span.end).copied();
        let alone = quote != 0 && before == Some(quote) && after == Some(quote);
        let edge = |b: u8| b.is_ascii_whitespace() || b";|&()`".contains(&b);
        let whole = alone || after.is_none_or(edge) && before.is_none_or(edge);
        let value = self.first && self.assigns;
        let commands = self.first && !value && whole && (place == Place::Plain || alone);
        self.stands.push(Stand { place, alone, commands, word: self.word });
        self.first = value;
        self.at = used.span.end;
        true
    }
}
