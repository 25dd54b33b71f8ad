//! Takes secret values out of output before anything is stored or sent.
//!
//! A secret is looked for as it is and in the forms in which programs print it: base64 in both alphabets at its three
//! possible offsets, hexadecimal, URL-escaped, JSON-escaped, with doubled quotes as in SQL, and each line of a multi-line
//! secret.
//! What was found becomes [`MARKER`]. A form that is cut by a chunk border is held back until it is decided.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use aho_corasick::AhoCorasick;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use crate::hex::hex;

/// Stands where a secret was; neighbouring secrets share one.
pub const MARKER: &str = "[secret]";

/// Lines of a multi-line secret and encoded forms shorter than this are not looked for: they are found everywhere.
const LEAST_FORM: usize = 4;

/// The forms of all secrets of one attempt. Cheap to clone.
#[derive(Clone, Default)]
pub struct Secrets {
    /// By their first byte, so that most bytes of a text are looked at once.
    forms: Arc<BTreeMap<u8, Vec<Vec<u8>>>>,
    /// Tells whether a text holds any form, in one pass.
    finder: Arc<Finder>,
    longest: usize,
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
        let mut forms = BTreeSet::new();
        for value in values {
            add_forms(value, &mut forms);
            if value.contains('\n') {
                let lines = value.lines().map(str::trim).filter(|line| line.len() >= LEAST_FORM);
                lines.for_each(|line| add_forms(line, &mut forms));
            }
        }
        let longest = forms.iter().map(Vec::len).max().unwrap_or(0);
        let mut by_first: BTreeMap<u8, Vec<Vec<u8>>> = BTreeMap::new();
        forms.into_iter().for_each(|form| by_first.entry(form[0]).or_default().push(form));
        Self { forms: Arc::new(by_first), finder: Arc::default(), longest }
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
        let build = || AhoCorasick::new(self.forms.values().flatten()).ok();
        let built = (looked > MUCH).then(|| self.finder.built.get_or_init(build).as_ref()).flatten();
        match built {
            Some(finder) => finder.is_match(text),
            None => (0..text.len()).any(|at| self.longest_match(&text.as_bytes()[at..]).is_some()),
        }
    }

    /// Returns the length of the longest form that `bytes` starts with.
    fn longest_match(&self, bytes: &[u8]) -> Option<usize> {
        self.beginning_like(bytes).filter(|form| bytes.starts_with(form)).map(Vec::len).max()
    }

    /// Tells whether `bytes` is the beginning of a form, but not all of it.
    fn may_become(&self, bytes: &[u8]) -> bool {
        self.beginning_like(bytes).any(|form| form.len() > bytes.len() && form.starts_with(bytes))
    }

    fn beginning_like(&self, bytes: &[u8]) -> impl Iterator<Item = &Vec<u8>> {
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

fn add_forms(value: &str, forms: &mut BTreeSet<Vec<u8>>) {
    if value.is_empty() {
        return;
    }
    forms.insert(value.as_bytes().to_vec());
    let mut encoded = vec![
        percent(value, |byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte), true),
        percent(value, |byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte), false),
        percent(value, |byte| byte.is_ascii_alphanumeric() || b"-_.~ ".contains(&byte), true).replace(' ', "+"),
        percent(value, |byte| byte.is_ascii_alphanumeric() || b"-_.~/:".contains(&byte), true),
        value.replace('\'', "''"),
        value.replace('\\', "\\\\").replace('\'', "\\'"),
        value.replace('\'', r"'\''"),
    ];
    let json = serde_json::Value::from(value).to_string();
    let json = json[1..json.len() - 1].to_owned();
    encoded.push(json.replace('/', "\\/"));
    encoded.push(ascii_json(&json));
    encoded.push(json);
    encoded.extend(base64_forms(value.as_bytes()));
    // As databases write bytes.
    let digits = hex(value.as_bytes());
    encoded.push(digits.to_ascii_uppercase());
    encoded.push(digits);
    forms.extend(encoded.into_iter().filter(|form| form.len() >= LEAST_FORM).map(String::into_bytes));
}

fn percent(value: &str, keeps: impl Fn(u8) -> bool, upper: bool) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        match (keeps(byte), upper) {
            (true, _) => text.push(char::from(byte)),
            (false, true) => write!(text, "%{byte:02X}").unwrap_or_default(),
            (false, false) => write!(text, "%{byte:02x}").unwrap_or_default(),
        }
    }
    text
}

/// Writes all but ASCII as `\uXXXX`, as many JSON writers do.
fn ascii_json(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    let mut units = [0_u16; 2];
    for c in json.chars() {
        if c.is_ascii() {
            text.push(c);
        } else {
            c.encode_utf16(&mut units).iter().for_each(|unit| write!(text, "\\u{unit:04x}").unwrap_or_default());
        }
    }
    text
}

/// Returns the part of the base64 text that does not depend on what stands around the value, at each offset.
fn base64_forms(value: &[u8]) -> Vec<String> {
    let mut forms = Vec::new();
    for offset in 0..3 {
        let mut padded = vec![0_u8; offset];
        padded.extend_from_slice(value);
        let first = (offset * 8).div_ceil(6);
        let end = padded.len() * 8 / 6;
        for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            forms.push(engine.encode(&padded).get(first..end).unwrap_or_default().to_owned());
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

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
