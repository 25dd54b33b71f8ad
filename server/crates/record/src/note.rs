//! Signed notes (C2SP `signed-note`): a text, an empty line, and a line for each signature.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::PublicKey;
use crate::key::{is_name, label};

/// The most signatures that are looked at; the format asks for 16 at least.
const MOST_SIGNATURES: usize = 100;

/// Says that a text is no signed note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a signed note")]
pub struct InvalidNote;

/// A text with signatures, of which nothing is believed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

/// One line of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Whose it says it is.
    pub name: String,
    /// Which of their keys.
    pub id: u32,
    bytes: Vec<u8>,
}

impl Signature {
    /// Returns what people tell keys apart by: `NAME+ID`.
    pub fn label(&self) -> String {
        label(&self.name, self.id)
    }

    /// Tells whether it claims to be of this key.
    pub fn claims(&self, key: &PublicKey) -> bool {
        self.name == key.name() && self.id == key.id()
    }
}

impl Note {
    /// Takes a note apart.
    pub fn read(note: &str) -> Result<Self, InvalidNote> {
        if note.contains(|c: char| c < ' ' && c != '\n') {
            return Err(InvalidNote);
        }
        let (text, lines) = note.rsplit_once("\n\n").ok_or(InvalidNote)?;
        let lines = lines.strip_suffix('\n').ok_or(InvalidNote)?;
        let signatures = lines.split('\n').map(signature).collect::<Option<Vec<_>>>().ok_or(InvalidNote)?;
        if signatures.len() > MOST_SIGNATURES {
            return Err(InvalidNote);
        }
        Ok(Self { text: format!("{text}\n"), signatures })
    }

    /// Returns the text that was signed, with its last newline.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the signatures, checked or not.
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Tells whether a key signed it: nothing where no signature claims to be of that key.
    pub fn is_signed_by(&self, key: &PublicKey) -> Option<bool> {
        let signature = self.signatures.iter().find(|signature| signature.claims(key))?;
        Some(key.has_signed(&self.text, &signature.bytes))
    }
}

fn signature(line: &str) -> Option<Signature> {
    let (name, base64) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
    let bytes = STANDARD.decode(base64).ok()?;
    let (id, bytes) = bytes.split_first_chunk::<4>()?;
    let id = u32::from_be_bytes(*id);
    (is_name(name) && !bytes.is_empty()).then(|| Signature { name: name.to_owned(), id, bytes: bytes.to_vec() })
}
