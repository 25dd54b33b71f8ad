//! Takes secret values out of output before anything is stored or sent.
//!
//! A secret is looked for as it is and in the forms in which programs print it: base64 in both alphabets at its three
//! possible offsets and hexadecimal, broken into lines or not, URL-escaped, JSON-escaped, quoted as in SQL and by shells, and
//! each line of a multi-line secret.
//! What was found becomes [`MARKER`]. A form that is cut by a chunk border is held back until it is decided.

mod forms;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use aho_corasick::AhoCorasick;

use self::forms::add_forms;

/// Stands where a secret was; neighbouring secrets share one.
pub const MARKER: &str = "[secret]";

/// Lines of a multi-line secret and encoded forms shorter than this are not looked for: they are found everywhere.
const LEAST_FORM: usize = 4;

/// The forms of all secrets of one attempt. Cheap to clone.
#[derive(Clone, Default)]
pub struct Secrets {
    /// By their first byte, so that most bytes of a text are looked at once.
    forms: Arc<BTreeMap<u8, Vec<Form>>>,
    /// Whether any may be broken into lines.
    wraps: bool,
    /// Tells whether a text holds any form, in one pass.
    finder: Arc<Finder>,
    longest: usize,
}

/// What a secret may look like.
struct Form {
    bytes: Vec<u8>,
    /// Whether it may be broken into lines.
    wraps: bool,
}

/// How the beginning of a text looks beside a form.
enum Fit {
    /// It is the form, and so long.
    Whole(usize),
    /// It is the beginning of the form, and then the text ends.
    Beginning,
    No,
}

impl Form {
    fn fit(&self, text: &[u8]) -> Fit {
        if !self.wraps {
            return match text.get(..self.bytes.len()) {
                Some(begin) if begin == self.bytes => Fit::Whole(self.bytes.len()),
                None if self.bytes.starts_with(text) => Fit::Beginning,
                _ => Fit::No,
            };
        }
        let mut at = 0;
        for (index, byte) in self.bytes.iter().enumerate() {
            // One end of a line may stand before each byte but the first.
            for end in [b'\r', b'\n'] {
                at += usize::from(index > 0 && text.get(at) == Some(&end));
            }
            match text.get(at) {
                Some(found) if found == byte => at += 1,
                Some(_) => return Fit::No,
                None => return Fit::Beginning,
            }
        }
        Fit::Whole(at)
    }

    /// The most bytes of a text that it may take.
    fn longest(&self) -> usize {
        if self.wraps { self.bytes.len() + 2 * (self.bytes.len() / LEAST_WIDTH + 1) } else { self.bytes.len() }
    }
}

/// An automaton of all forms. To build one takes longer than to look through what most steps print, so that it is built
/// once much has been looked through.
#[derive(Default)]
struct Finder {
    /// How many bytes were looked through.
    looked: AtomicUsize,
    /// Nothing in it where there are too many forms, or too long ones.
    built: OnceLock<Option<AhoCorasick>>,
}

/// The least width of the lines into which programs break what they encode, and so the least of what they do break.
const LEAST_WIDTH: usize = 32;

/// The bytes that are looked through before an automaton is built.
const MUCH: usize = 64 * 1024;

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secrets").field("forms", &self.forms.len()).finish()
    }
}

impl Secrets {
    /// Prepares the forms of some values; empty values are ignored.
    pub fn new<'a>(values: impl IntoIterator<Item = &'a str>) -> Self {
        let mut forms = BTreeMap::new();
        for value in values {
            add_forms(value, &mut forms);
            // Blanks around it come from where it was copied, and often are not printed.
            let lines = value.lines().chain([value]).map(str::trim);
            let lines = lines.filter(|line| *line != value && line.len() >= LEAST_FORM);
            lines.for_each(|line| add_forms(line, &mut forms));
        }
        let forms = forms.into_iter().map(|(bytes, wraps)| Form { bytes, wraps });
        let (mut longest, mut wraps) = (0, false);
        let mut by_first: BTreeMap<u8, Vec<Form>> = BTreeMap::new();
        for form in forms {
            (longest, wraps) = (longest.max(form.longest()), wraps | form.wraps);
            by_first.entry(form.bytes[0]).or_default().push(form);
        }
        Self { forms: Arc::new(by_first), wraps, finder: Arc::default(), longest }
    }

    /// Tells whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.forms.is_empty()
    }

    /// Redacts a whole text.
    pub fn redact(&self, text: &str) -> String {
        let mut stream = RedactStream::new(self.clone());
        let mut clean = stream.push(text);
        clean.push_str(&stream.finish());
        clean
    }

    /// Redacts a whole text, which mostly holds nothing to redact.
    pub fn clean<'t>(&self, text: Cow<'t, str>) -> Cow<'t, str> {
        if self.is_in(&text) { Cow::Owned(self.redact(&text)) } else { text }
    }

    /// Tells whether a text holds any form.
    fn is_in(&self, text: &str) -> bool {
        if self.is_empty() {
            return false;
        }
        let looked = self.finder.looked.fetch_add(text.len(), Ordering::Relaxed) + text.len();
        let build = || AhoCorasick::new(self.forms.values().flatten().map(|form| &form.bytes)).ok();
        let built = (looked > MUCH).then(|| self.finder.built.get_or_init(build).as_ref()).flatten();
        match built {
            // What is found only without the ends of lines may be nothing: it is looked at closely then.
            Some(finder) if self.wraps && text.contains('\n') => {
                finder.is_match(text) || finder.is_match(&text.replace(['\r', '\n'], ""))
            }
            Some(finder) => finder.is_match(text),
            None => (0..text.len()).any(|at| self.longest_match(&text.as_bytes()[at..]).is_some()),
        }
    }

    /// Returns the length of the longest form that `bytes` starts with.
    fn longest_match(&self, bytes: &[u8]) -> Option<usize> {
        let length = |form: &Form| if let Fit::Whole(length) = form.fit(bytes) { Some(length) } else { None };
        self.beginning_like(bytes).filter_map(length).max()
    }

    /// Tells whether `bytes` is the beginning of a form, but not all of it.
    fn may_become(&self, bytes: &[u8]) -> bool {
        self.beginning_like(bytes).any(|form| matches!(form.fit(bytes), Fit::Beginning))
    }

    fn beginning_like(&self, bytes: &[u8]) -> impl Iterator<Item = &Form> {
        bytes.first().and_then(|first| self.forms.get(first)).into_iter().flatten()
    }
}

/// Redacts a text that arrives in pieces.
#[derive(Debug)]
pub struct RedactStream {
    secrets: Secrets,
    held: Vec<u8>,
    /// How many of the held bytes belong to a form that was found already.
    covered: usize,
    /// Whether the last thing given out was a marker.
    marked: bool,
}

impl RedactStream {
    /// Starts with nothing held back.
    pub fn new(secrets: Secrets) -> Self {
        Self { secrets, held: Vec::new(), covered: 0, marked: false }
    }

    /// Takes a piece and returns what can be given out already.
    pub fn push(&mut self, piece: &str) -> String {
        if self.secrets.is_empty() {
            return piece.to_owned();
        }
        self.held.extend_from_slice(piece.as_bytes());
        let earliest = self.held.len().saturating_sub(self.secrets.longest);
        let undecided = (earliest..self.held.len()).find(|at| self.secrets.may_become(&self.held[*at..]));
        self.give_out(undecided.unwrap_or(self.held.len()))
    }

    /// Returns what was held back; nothing more can come.
    pub fn finish(&mut self) -> String {
        self.give_out(self.held.len())
    }

    /// Forgets what was held back: the text was cut there, and the rest of a secret may have been cut off.
    pub fn discard(&mut self) {
        self.held.clear();
        self.covered = 0;
    }

    fn give_out(&mut self, decided: usize) -> String {
        let mut out = Vec::with_capacity(decided);
        for at in 0..decided {
            if let Some(length) = self.secrets.longest_match(&self.held[at..]) {
                self.covered = self.covered.max(at + length);
            }
            if at >= self.covered {
                out.push(self.held[at]);
                self.marked = false;
            } else if !self.marked {
                out.extend_from_slice(MARKER.as_bytes());
                self.marked = true;
            }
        }
        self.held.drain(..decided);
        self.covered = self.covered.saturating_sub(decided);
        // Forms are whole texts, so that cuts fall between characters.
        String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

    use super::*;
    use crate::hex::hex;

    const SECRET: &str = "p'a\"ss/w\\ord+é =1";

    fn in_two(secrets: &Secrets, text: &str, at: usize) -> String {
        let mut stream = RedactStream::new(secrets.clone());
        let mut out = stream.push(&text[..at]);
        out.push_str(&stream.push(&text[at..]));
        out.push_str(&stream.finish());
        out
    }

    /// A border inside a secret is where a redaction that looks at one chunk at a time lets it through.
    #[test]
    fn a_secret_split_at_any_place_is_redacted() {
        let secrets = Secrets::new([SECRET]);
        let text = format!("user=a password={SECRET} host=b");
        for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
            assert_eq!(in_two(&secrets, &text, at), format!("user=a password={MARKER} host=b"), "cut at {at}");
        }
    }

    #[test]
    fn a_secret_is_found_in_the_first_texts_and_after_many() {
        let secrets = Secrets::new([SECRET]);
        let (with, without) = (format!("a {SECRET} b"), "x".repeat(MUCH / 4));
        for _ in 0..8 {
            assert_eq!(secrets.clean(Cow::Borrowed(&with)), format!("a {MARKER} b"));
            assert_eq!(secrets.clean(Cow::Borrowed(&without)), without);
        }
    }

    #[test]
    fn a_secret_that_arrives_byte_by_byte_is_redacted() {
        let secrets = Secrets::new([SECRET]);
        let mut stream = RedactStream::new(secrets);
        let mut out = String::new();
        for c in format!("<{SECRET}>").chars() {
            out.push_str(&stream.push(&c.to_string()));
        }
        out.push_str(&stream.finish());
        assert_eq!(out, format!("<{MARKER}>"));
    }

    #[test]
    fn every_form_is_found_at_every_offset_and_border() {
        let secrets = Secrets::new([SECRET]);
        let json = serde_json::Value::from(SECRET).to_string();
        let mut texts =
            vec![json, "p%27a%22ss%2Fw%5Cord%2B%C3%A9%20%3D1".into(), "p%27a%22ss%2fw%5cord%2b%c3%a9+%3d1".into()];
        texts.push("p''a\"ss/w\\ord+é =1".into());
        let hex: String = format!("ab{SECRET}tail").bytes().map(|byte| format!("{byte:02x}")).collect();
        texts.extend([format!("\\x{hex}"), format!("x'{}'", hex.to_uppercase())]);
        texts.push("p'a\\\"ss/w\\\\ord+\\u00e9 =1".into());
        for lead in ["", "u", "us"] {
            texts.push(STANDARD_NO_PAD.encode(format!("{lead}{SECRET}tail")));
            texts.push(URL_SAFE_NO_PAD.encode(format!("{lead}{SECRET}tail")));
        }
        // The mixed escape (lower hex with +) is nobody's; the others must go at any border.
        texts.remove(2);
        for text in texts {
            for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                let clean = in_two(&secrets, &text, at);
                assert!(clean.contains(MARKER), "{text} cut at {at}: {clean}");
            }
        }
    }

    /// Programs that write base64 or hexadecimal break long values into lines, wherever they stand in them.
    #[test]
    fn an_encoded_secret_that_is_broken_into_lines_is_redacted() {
        let long = "a long token: 7c1f5f0b3e2d4a9c8b6e1d0f2a3b4c5d6e7f8a9b0c1d2e3f4a5b6c7d8e9f0a1b2c3d";
        let secrets = Secrets::new([long]);
        let wrapped = |text: &str, width: usize, end: &str| -> String {
            text.as_bytes().chunks(width).map(|line| format!("{}{end}", std::str::from_utf8(line).unwrap())).collect()
        };
        let hex = hex(format!("user={long}&more").as_bytes());
        let mut texts = vec![wrapped(&hex, 60, "\n"), wrapped(&hex.to_uppercase(), 32, "\r\n")];
        for lead in ["", "u", "us"] {
            let whole = STANDARD_NO_PAD.encode(format!("{lead}{long}tail"));
            texts.extend([wrapped(&whole, 76, "\n"), wrapped(&whole, 64, "\n"), wrapped(&whole, 76, "\r\n")]);
        }
        for text in texts {
            let whole = secrets.clean(Cow::Borrowed(&text));
            assert!(!whole.contains(&text[20..50]) && !whole.contains(&text[80..100]), "{whole}");
            for at in 0..=text.len() {
                assert_eq!(in_two(&secrets, &text, at), whole, "cut at {at}");
            }
        }
    }

    /// As `encodeURIComponent`, Python's `quote`, forms, Go's JSON and .NET's, `declare -p`, `printf %q` write it.
    #[test]
    fn a_secret_is_found_as_other_programs_write_it() {
        let secrets = Secrets::new(["p@s!s/w:o*r&d<1>'(x)~ $y\"`\\"]);
        for text in [
            "p%40s!s%2Fw%3Ao*r%26d%3C1%3E'(x)~%20%24y%22%60%5C",
            "p%40s%21s/w%3Ao%2Ar%26d%3C1%3E%27%28x%29~%20%24y%22%60%5C",
            "p%40s%21s%2Fw%3Ao*r%26d%3C1%3E%27%28x%29%7E+%24y%22%60%5C",
            "p@s!s/w:o*r\\u0026d\\u003c1\\u003e'(x)~ $y\\\"`\\\\",
            "p@s!s/w:o*r\\u0026d\\u003C1\\u003E\\u0027(x)~ $y\\u0022\\u0060\\\\",
            "p@s!s/w:o*r&d<1>'(x)~ \\$y\\\"\\`\\\\",
            "p@s\\!s/w:o\\*r\\&d\\<1\\>\\'\\(x\\)~\\ \\$y\\\"\\`\\\\",
        ] {
            assert_eq!(secrets.redact(&format!("[{text}]")), format!("[{MARKER}]"), "{text}");
        }
    }

    /// A blank that was copied with a value is often taken off before the value is printed.
    #[test]
    fn a_secret_with_blanks_around_it_is_found_without_them() {
        let secrets = Secrets::new([" hunter22 \t", "tr0ub4dor\n"]);
        assert_eq!(secrets.redact("pw=hunter22;x=tr0ub4dor"), format!("pw={MARKER};x={MARKER}"));
    }

    #[test]
    fn each_line_of_a_key_is_redacted() {
        let key = "-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END KEY-----\n";
        let clean = Secrets::new([key]).redact(
            "line: kqhkiG9w0BAQEF, whole:\n-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END KEY-----\n",
        );
        assert!(!clean.contains("kqhkiG") && !clean.contains("MIIE"), "{clean}");
    }

    /// The end of one secret can be the beginning of another; neither may show.
    #[test]
    fn overlapping_secrets_leave_nothing() {
        let secrets = Secrets::new(["alphabeta", "betagamma"]);
        for at in 0..=16 {
            assert_eq!(in_two(&secrets, " alphabetagamma ", at), format!(" {MARKER} "), "cut at {at}");
        }
    }

    #[test]
    fn what_only_looks_like_the_beginning_is_given_out_in_the_end() {
        let mut stream = RedactStream::new(Secrets::new(["password1"]));
        assert_eq!(stream.push("the passw"), "the ");
        assert_eq!(stream.push("ay"), "passway");
        assert_eq!(stream.finish(), "");
    }

    /// At a cap the end of a secret is cut off, and its beginning would pass for other text.
    #[test]
    fn the_beginning_of_a_secret_before_a_cut_is_dropped() {
        let mut stream = RedactStream::new(Secrets::new(["password1"]));
        assert_eq!(stream.push("the passwor"), "the ");
        stream.discard();
        assert_eq!(stream.finish(), "");
    }

    #[test]
    fn without_secrets_nothing_is_held_back() {
        let mut stream = RedactStream::new(Secrets::new(["", ""]));
        assert_eq!(stream.push("abc"), "abc");
    }
}
