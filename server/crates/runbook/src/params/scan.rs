//! What is to be filled in, as its marks say.

use std::cell::{Cell, OnceCell};

use farol_api::graph::PlaceholderUse;
use farol_api::text::Span;
use rustc_hash::FxHashMap;

use super::begins::{KINDS, Kind, may_be_filled};
use super::own::{assignments, quoted_heredoc};
use super::quotes::Quotes;
use super::{Assigned, capitals, name_of, paths};
use crate::words::{self, fold};

/// How far a word goes on that is to be filled in: one of megabytes is not looked through once for each of its parts.
const LONGEST: usize = 256;

/// What a word is made of.
const WORD: [bool; 256] = words::table(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

/// Goes over one command.
pub struct Scan<'a> {
    text: &'a str,
    bytes: &'a [u8],
    shell: bool,
    /// What quotes of a shell command are open.
    quotes: Quotes,
    at: usize,
    assigned: &'a Assigned,
    /// Where the command itself assigns variables, as soon as it uses one.
    own: OnceCell<FxHashMap<&'a str, usize>>,
    /// Where nothing is expanded.
    literal: OnceCell<std::ops::Range<usize>>,
    formats: OnceCell<bool>,
    searched: OnceCell<bool>,
    temporary: OnceCell<bool>,
    joined: OnceCell<bool>,
    windows: OnceCell<bool>,
    placed: OnceCell<bool>,
    addressed: OnceCell<bool>,
    takes_names: OnceCell<bool>,
    /// Whether its options are glued to their values.
    glues: OnceCell<bool>,
    /// How far was looked for what fills braces in, and whether that is so in the line at hand.
    formatted: Cell<(usize, bool)>,
}

impl<'a> Scan<'a> {
    /// Starts with a command; `assigned` is what commands before it assigned.
    pub const fn new(shell: bool, text: &'a str, assigned: &'a Assigned) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            shell,
            quotes: Quotes::NONE,
            at: 0,
            assigned,
            own: OnceCell::new(),
            literal: OnceCell::new(),
            formats: OnceCell::new(),
            searched: OnceCell::new(),
            temporary: OnceCell::new(),
            joined: OnceCell::new(),
            windows: OnceCell::new(),
            placed: OnceCell::new(),
            addressed: OnceCell::new(),
            takes_names: OnceCell::new(),
            glues: OnceCell::new(),
            formatted: Cell::new((0, false)),
        }
    }

    fn has(&self, words: &[&str]) -> bool {
        words.iter().any(|w| words::has(self.text, w))
    }

    /// Whether the command formats dates: `YYYY-MM` is a format then.
    fn formats(&self) -> bool {
        let words = ["to_char", "to_date", "to_timestamp", "TO_CHAR", "date_format", "DATE_FORMAT"];
        *self.formats.get_or_init(|| words::has(self.text, "_") && self.has(&words))
    }

    /// Whether it searches: `[ABC]` is a pattern then.
    fn searched(&self) -> bool {
        *self.searched.get_or_init(|| self.shell && self.has(&["grep", "sed ", "awk ", "rg "]))
    }

    /// Whether it names temporary files: `XXXX` is a template then.
    fn temporary(&self) -> bool {
        *self.temporary.get_or_init(|| words::has(self.text, "mktemp"))
    }

    /// Whether it names paths of Windows, where `\\` escapes nothing.
    fn windows(&self) -> bool {
        let word = |at: usize| self.bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
        let drive = |at: usize| at > 0 && word(at - 1) && (at < 2 || !word(at - 2)) && word(at + 2);
        let share = |at: usize| word(at + 2) && at.checked_sub(1).is_none_or(|at| self.bytes[at] == b' ');
        *self.windows.get_or_init(|| {
            memchr::memmem::find_iter(self.bytes, b":\\").any(drive)
                || memchr::memmem::find_iter(self.bytes, b"\\\\").any(share)
        })
    }

    fn own(&self) -> &FxHashMap<&'a str, usize> {
        self.own.get_or_init(|| assignments(self.text))
    }

    fn literal(&self) -> &std::ops::Range<usize> {
        self.literal.get_or_init(|| quoted_heredoc(self.text))
    }

    /// Goes past letters and digits: nothing to fill in starts inside a word.
    fn past_word(&mut self) {
        let rest = &self.bytes[self.at + 1..];
        self.at += 1 + rest.iter().take_while(|byte| WORD[usize::from(**byte)]).count();
    }

    /// Finds what is to be filled in, in order.
    pub fn run(mut self) -> Vec<PlaceholderUse> {
        let mut found: Vec<PlaceholderUse> = Vec::new();
        while let Some(&byte) = self.bytes.get(self.at) {
            let len = match KINDS[usize::from(byte)] {
                Kind::Nothing => None,
                Kind::Mark => self.mark(byte),
                // `v` before a number that is not there.
                _ if matches!(byte, b'v' | b'V')
                    && self.at_word_start()
                    && capitals::version(&self.bytes[self.at + 1..]).is_some() =>
                {
                    None
                }
                kind => match self.letters(byte, kind) {
                    None => {
                        // The letter of an option, before what is to be filled in.
                        let glued = self.before() == b'-' && self.glues(self.at + 1);
                        if glued {
                            self.at += 1;
                        } else {
                            self.past_word();
                        }
                        continue;
                    }
                    found => found,
                },
            };
            match len {
                Some(len) => {
                    let token = self.text[self.at..self.at + len].to_owned();
                    let parameter = name_of(&token);
                    found.push(PlaceholderUse { parameter, token, span: Span::new(self.at, self.at + len) });
                    self.at += len;
                }
                None => self.at += 1,
            }
        }
        found
    }

    fn mark(&mut self, byte: u8) -> Option<usize> {
        match byte {
            _ if self.shell && self.quotes.see(byte, self.bytes.get(self.at + 1)) => {}
            b'\\' if self.shell && !self.quotes.single && !self.windows() => self.at += 1,
            b'<' => return self.angle(),
            b'{' => return self.brace(),
            b'[' => return self.square(),
            b'$' if self.shell && !self.quotes.single => return self.variable(),
            b'.' => return self.dots(3),
            0xe2 if self.bytes[self.at..].starts_with("…".as_bytes()) => return self.dots(0),
            b'*' => return self.stars(),
            _ => {}
        }
        None
    }

    fn letters(&self, byte: u8, kind: Kind) -> Option<usize> {
        if kind == Kind::Word {
            return None;
        }
        let apart =
            !self.before().is_ascii_alphanumeric() && self.before() != b'.' || matches!(self.before(), b'v' | b'V');
        if matches!(byte, b'X' | b'x')
            && apart
            && let Some(len) = capitals::version(&self.bytes[self.at..])
        {
            return Some(len);
        }
        if byte == b'N' && self.shell && capitals::number(self.text, self.at) {
            return Some(1);
        }
        let found = match byte {
            _ if kind == Kind::Filled && self.at_word_start() => self.word(),
            b'Y' | b'A' | b'D' if self.before() == b'_' => self.stamp(),
            b'M' if self.before() == b'_' => capitals::newest(&self.bytes[self.at..]),
            b'X' | b'x' if self.before() == b'_' => self.crosses(),
            _ => None,
        };
        let addressed = || self.addressed().then(|| capitals::in_address(self.text, self.at)).flatten();
        let named = || self.place().or_else(addressed).or_else(|| self.capitals());
        found.or_else(|| byte.is_ascii_uppercase().then(named).flatten())
    }

    /// Whether a place is right behind the letter of an option that takes the rest of its word.
    fn glues(&self, at: usize) -> bool {
        self.shell && capitals::is_glued(self.text, at) && *self.glues.get_or_init(|| capitals::glues(self.text))
    }

    fn before(&self) -> u8 {
        self.at.checked_sub(1).map_or(b' ', |at| self.bytes[at])
    }

    fn at_word_start(&self) -> bool {
        let before = self.before();
        !before.is_ascii_alphanumeric() && !matches!(before, b'_' | b'$' | b'%')
            || matches!(before, b'u' | b'p' | b'h' | b'P') && self.glues(self.at)
    }

    /// A name in capitals right behind a mark: a stamp within a file's name, an address or a secret between quotes.
    #[inline(never)]
    fn marked(&self) -> Option<usize> {
        let rest = &self.bytes[self.at..];
        let given = || *self.takes_names.get_or_init(|| capitals::takes_names(self.text));
        match self.before() {
            b'_' | b'-' if self.shell => capitals::stamped(rest),
            b'\'' => capitals::secret(self.text, self.at).or_else(|| capitals::yours(rest)),
            b'"' if self.shell && !self.quotes.single => {
                capitals::address(rest).filter(|_| given()).or_else(|| capitals::yours(rest))
            }
            b'$' if self.is_in_hash() => capitals::yours(rest),
            _ => None,
        }
    }

    /// `'$2b$10$…'` in a statement: the hash of a password, up to where its own letters begin.
    fn is_in_hash(&self) -> bool {
        !self.shell && self.at.checked_sub(2).is_some_and(|at| self.bytes[at].is_ascii_digit())
    }

    /// Returns the content up to `close` on the same line, and the whole length.
    fn until(&self, skip: usize, close: &str, max: usize) -> Option<(&str, usize)> {
        let rest = &self.text[self.at + skip..];
        let window = &rest.as_bytes()[..rest.len().min(max)];
        let line = window.iter().position(|b| *b == b'\n').unwrap_or(window.len());
        let end = window[..line].windows(close.len()).position(|w| w == close.as_bytes())?;
        Some((&rest[..end], skip + end + close.len()))
    }

    /// `<name>`, with spaces and colons too; not `<(cmd)`, `<<EOF`, `< file >`, `</tag>` or `a <b and c> d`.
    fn angle(&self) -> Option<usize> {
        if self.before() == b'<' || self.bytes.get(self.at + 1) == Some(&b'<') {
            return None;
        }
        let (content, len) = self.until(1, ">", 160)?;
        let first = content.chars().next()?;
        let good = first.is_alphabetic() || first.is_ascii_digit() || first == '_' || first == '$';
        let plain = !content.ends_with(' ') && !content.contains(['<', '"', '\'', '|', ';', '&', '=', '('])
            || content.contains(": ") && !content.contains(['"', '<']);
        let folded = fold(content);
        let comparison =
            folded.contains(" and ") && !self.shell || first.is_ascii_digit() && !content.contains(char::is_alphabetic);
        (good && plain && !comparison && !content.ends_with(' ')).then_some(len)
    }

    /// `{name}` and `{{name}}`; not `${x}`, JSON, brace expansion, Go templates or `stash@{0}`.
    fn brace(&self) -> Option<usize> {
        if matches!(self.before(), b'$' | b'%' | b'{') || self.before() == b'\\' && !self.windows() {
            return None;
        }
        let double = self.bytes.get(self.at + 1) == Some(&b'{');
        let (content, len) = if double { self.until(2, "}}", 100)? } else { self.until(1, "}", 100)? };
        let name = if double { content.trim() } else { content };
        let first = name.chars().next()?;
        let good = (first.is_alphabetic() || first == '_')
            && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' '))
            && !name.ends_with(' ');
        let keyword = matches!(
            name,
            "print" | "u" | "upstream" | "push" | "end" | "else" | "next" | "exit" | "n" | "p" | "d" | "break"
        );
        // `jsonb_set(x, '{path}', …)`: the path to a value, not a value.
        if !double && self.before() == b'\'' && ["jsonb_", "#>", "#-"].iter().any(|w| self.text.contains(w)) {
            return None;
        }
        let code = self.quotes.single && !double && name.contains(' ') || !double && good && self.is_formatted();
        (good && !keyword && !code && !self.starts_block(name)).then_some(len)
    }

    /// `print(f"{name}")`: Python fills it in.
    fn is_formatted(&self) -> bool {
        // Each byte is looked at once, however many braces a line has.
        let (seen, mut formatted) = self.formatted.get();
        let part = &self.bytes[seen.saturating_sub(2)..self.at];
        looked_at(part.len());
        let line = memchr::memrchr(b'\n', part).map(|end| &part[end + 1..]);
        formatted &= line.is_none();
        let opens = |w: &[u8]| b"(, =[+".contains(&w[0]) && w[1] == b'f' && matches!(w[2], b'"' | b'\'');
        formatted |= line.unwrap_or(part).windows(3).any(opens);
        self.formatted.set((self.at, formatted));
        formatted
    }

    /// `do {cmd}` never has a blank inside; `{ a; }` always has one first and is excluded by it.
    fn starts_block(&self, name: &str) -> bool {
        name.contains("  ")
    }

    /// `[NAME]`, `[cluster-name]`; not tests, indexes, character classes or usage brackets.
    fn square(&self) -> Option<usize> {
        let word =
            self.until(1, "]", 60).is_some_and(|(w, _)| w.len() > 3 && w.bytes().all(|b| b.is_ascii_lowercase()));
        if (self.before() == b'-' && word || self.is_glued()) && !self.searched() {
            return self.until(1, "]", 60).map(|(_, len)| len);
        }
        if let Some(len) = Some(()).filter(|()| self.windows()).and_then(|()| paths::folder(self.text, self.at)) {
            return Some(len);
        }
        let option = self.shell && (self.is_after_option(self.at) || self.text[..self.at].ends_with("Bearer "));
        if !option && !matches!(self.before(), b' ' | b'"' | b'\'' | b'/' | b'=' | b':' | b'@' | b'\n' | b'\t' | b'(') {
            return None;
        }
        let (content, len) = self.until(1, "]", 60)?;
        if self.shell && capitals::stands_for_lines(self.text, self.at, len) {
            return Some(len);
        }
        let letters = content.chars().filter(|c| c.is_alphabetic()).count();
        let plain = content.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' '));
        let upper = content.chars().all(|c| !c.is_lowercase());
        let joined = content.contains(['_', '-'])
            && !content.starts_with('-')
            && !content.contains("a-z")
            && !content.contains("A-Z");
        // `declare -A VOLUME=( [orders]=shop_orders )`
        let keys = |b: u8| b == b'=' && self.shell && words::has(self.text, "=(");
        let used = self.bytes.get(self.at + len).is_none_or(|b| !matches!(b, b'*' | b'+' | b'[' | b'{') && !keys(*b));
        // `run [service_name] [command]`: where one is to be filled in, so is its neighbour.
        let beside = || self.shell && content.len() > 3 && !content.contains(' ') && self.has_joined();
        // `ssh [user]@[host]`
        let at = self.before() == b'@' || self.bytes.get(self.at + len) == Some(&b'@');
        // `--description="Before: [what changes in the schema]"`; `[skip ci]` is a word to the pipeline.
        let phrase = || self.shell && capitals::says_what_to_fill_in(content);
        (plain
            && letters >= 2
            && (upper
                || joined
                || phrase()
                || self.shell && at
                || option && letters > 2 && !content.contains(' ')
                || beside())
            && !content.starts_with('-')
            && !self.is_said()
            && !content.starts_with(' ')
            && !content.ends_with(' ')
            && !self.searched()
            && used)
            .then_some(len)
    }

    /// `revert_[migration_name]`, `[TIMESTAMP]_[name]`: within a name, and no letters of which one is to match.
    fn is_glued(&self) -> bool {
        let head = &self.text[..self.at];
        let of_letters = |w: &str| w.len() > 3 && w.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_');
        let word = || self.until(1, "]", 60).map(|(word, _)| word).filter(|word| of_letters(word));
        self.shell && head.ends_with('_') && word().is_some_and(|word| word.contains('_') || head.ends_with("]_"))
    }

    /// Whether two words with an underscore between them stand in brackets anywhere in the command, or one after an option.
    fn has_joined(&self) -> bool {
        let given = || memchr::memchr_iter(b'[', self.bytes).any(|at| self.is_after_option(at));
        let joined = |part: &str| {
            let word = part.split_once(']').map_or("", |(word, _)| word);
            word.contains('_') && word.chars().all(|c| c.is_alphabetic() || c == '_')
        };
        *self.joined.get_or_init(|| self.text.split(" [").skip(1).any(joined) || given())
    }

    /// `echo "[ERROR] …"`: a mark that the command prints.
    fn is_said(&self) -> bool {
        let head = self.text[..self.at].trim_end_matches(['"', '\'']);
        ["echo ", "echo -e ", "printf "].iter().any(|word| head.ends_with(word))
    }

    /// `...` and `…` where text is missing; not `./...`, `a...b` or `{1...3}`. `most` is how many dots there are.
    fn dots(&self, most: usize) -> Option<usize> {
        let count = self.bytes[self.at..].iter().take_while(|b| **b == b'.').count();
        let after = self.bytes.get(self.at + count.max(3)).copied().unwrap_or(b' ');
        let before = self.before();
        let range = before.is_ascii_alphanumeric() || before == b'.';
        let package = before == b'/' && self.text[..self.at].ends_with("./") && !self.text[..self.at].ends_with("//");
        let free = matches!(before, b' ' | b'"' | b'\'' | b'/' | b'=' | b'(' | b'<' | b':' | b'\n' | b',' | b'_')
            || before == b'$' && self.is_in_hash();
        // `'...\n'` ends what a program prints.
        (count == most && !range && !package && free && !after.is_ascii_alphanumeric() && after != b'\\').then_some(3)
    }

    /// `***` in place of a secret.
    fn stars(&self) -> Option<usize> {
        let count = self.bytes[self.at..].iter().take_while(|b| **b == b'*').count();
        (count >= 3 && self.before() != b'*' && matches!(self.before(), b':' | b'=' | b'"' | b'\'' | b' '))
            .then_some(count)
    }

    /// `YOUR_X`, `SEU_X`, `xxx`, `YYYYMMDD`.
    fn word(&self) -> Option<usize> {
        let bytes = &self.bytes[self.at..];
        if !may_be_filled(bytes) || paths::is_real(self.before(), bytes) {
            return None;
        }
        let inside = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
        let len = bytes.iter().take(LONGEST).take_while(inside).count();
        looked_at(len);
        let word = self.text[self.at..self.at + len].trim_end_matches('-');
        let xs = bytes.iter().take_while(|b| matches!(b, b'x' | b'X')).count();
        let next = bytes.get(xs).copied().unwrap_or(b' ');
        if xs >= 3
            && !next.is_ascii_alphanumeric()
            && next != b'_'
            && !self.temporary()
            && (bytes[0] == b'x' || xs < 6 || self.before() != b'.')
        {
            let dashed = word.bytes().all(|b| matches!(b, b'x' | b'X' | b'-'));
            return Some(if dashed { word.len() } else { xs });
        }
        let upper = !word.as_bytes()[..word.len().min(6)].iter().any(u8::is_ascii_lowercase);
        let stem = ["YOUR", "SEU_", "SUA_", "TU_", "TU-", "MEU_", "MINHA_", "SEU-", "SUA-"]
            .iter()
            .any(|s| word.starts_with(s));
        if upper && stem && word.len() > 4
            || ["your-", "your_", "seu-", "seu_", "sua-", "sua_", "tu-", "tu_"].iter().any(|s| word.starts_with(s))
        {
            // "tu_contraseña": the rest of the word belongs to it.
            let rest = &self.text[self.at + word.len()..];
            let foreign = rest.starts_with(|c: char| !c.is_ascii() && c.is_alphabetic());
            let more = || rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-')).unwrap_or(rest.len());
            return Some(if foreign { word.len() + more() } else { self.possessive(word) });
        }
        self.stamp()
    }

    /// `NEW_PASSWORD_HERE`, `NUEVA_CONTRASEÑA_AQUÍ`.
    fn place(&self) -> Option<usize> {
        const PLACES: [&str; 3] = ["_HERE", "_AQUI", "_AQUÍ"];
        let named = *self.placed.get_or_init(|| {
            let mut rests = memchr::memchr_iter(b'_', self.bytes).map(|at| &self.bytes[at..]);
            rests.any(|rest| rest.starts_with(b"_HERE") || rest.starts_with(b"_AQU"))
        });
        if !named || !self.at_word_start() {
            return None;
        }
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| c != '_' && (!c.is_alphanumeric() || c.is_lowercase())).unwrap_or(rest.len());
        PLACES.iter().any(|place| rest[..end].ends_with(place)).then_some(end)
    }

    /// `docker logs CONTAINER_ID`.
    fn capitals(&self) -> Option<usize> {
        if !self.shell {
            let value = self.at_word_start().then(|| capitals::value(self.text, self.at)).flatten();
            return value.or_else(|| matches!(self.before(), b'\'' | b'$').then(|| self.marked()).flatten());
        }
        let apart = match self.before() {
            b' ' | b'@' | b'/' | b':' | b'u' | b'p' | b'h' | b'P' => true,
            b'=' => capitals::is_option(self.text, self.at),
            b'_' | b'-' | b'\'' | b'"' => return self.marked(),
            _ => false,
        };
        let free = !self.quotes.single && apart && self.at_word_start();
        if !free {
            return None;
        }
        let rest = &self.bytes[self.at..];
        let len = capitals::named(rest).or_else(|| capitals::base(&self.text[..self.at], rest))?;
        (*self.takes_names.get_or_init(|| capitals::takes_names(self.text))).then_some(len)
    }

    /// `YOURNAME-praefect-db`: in upper case only the upper-case part is the token.
    fn possessive(&self, word: &str) -> usize {
        if word.starts_with(|c: char| c.is_ascii_lowercase()) {
            return word.len();
        }
        word.find(|c: char| c.is_ascii_lowercase())
            .map_or(word.len(), |at| word[..at].trim_end_matches(['-', '_']).len().max(4))
    }
}

/// Counts what is looked at, where a test asks how much it is.
#[cfg(test)]
fn looked_at(bytes: usize) {
    tests::LOOKED_AT.with(|count| count.set(count.get() + bytes));
}

#[cfg(not(test))]
const fn looked_at(_bytes: usize) {}

mod stamps;
#[cfg(test)]
mod tests;
mod variables;
