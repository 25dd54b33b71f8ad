//! Keys that sign checkpoints, in the words of signed notes.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// The signature type of Ed25519 in a signed note.
const ED25519: u8 = 0x01;

/// Says that a text is no public key of a signed note's signer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a public key: it has the form NAME+ID+BASE64, as `farol keys` prints it")]
pub struct InvalidKey;

/// Who may have signed a checkpoint: a name and an Ed25519 key. As text it is `NAME+ID+BASE64`.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    name: String,
    id: u32,
    key: VerifyingKey,
}

impl PublicKey {
    /// Takes 32 bytes for a public key of a name; nothing where either is none.
    pub fn new(name: &str, bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; 32] = bytes.try_into().ok()?;
        let key = VerifyingKey::from_bytes(bytes).ok().filter(|key| !key.is_weak())?;
        is_name(name).then(|| Self { name: name.to_owned(), id: key_id(name, bytes), key })
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the number that signature lines name it by, beside its name.
    pub const fn id(&self) -> u32 {
        self.id
    }

    /// Returns its 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// Returns what people tell keys apart by: `NAME+ID`.
    pub fn label(&self) -> String {
        label(&self.name, self.id)
    }

    pub(crate) fn has_signed(&self, text: &str, signature: &[u8]) -> bool {
        let signature = ed25519_dalek::Signature::from_slice(signature);
        signature.is_ok_and(|signature| self.key.verify_strict(text.as_bytes(), &signature).is_ok())
    }
}

pub(crate) fn label(name: &str, id: u32) -> String {
    format!("{name}+{id:08x}")
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![ED25519];
        bytes.extend_from_slice(self.as_bytes());
        write!(f, "{}+{}", self.label(), STANDARD.encode(bytes))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for PublicKey {
    type Err = InvalidKey;

    fn from_str(text: &str) -> Result<Self, InvalidKey> {
        // Base 64 has a plus sign of its own, names and numbers have none.
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(base64)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(InvalidKey);
        };
        let bytes = STANDARD.decode(base64).map_err(|_| InvalidKey)?;
        let key = bytes.strip_prefix(&[ED25519]).and_then(|bytes| Self::new(name, bytes)).ok_or(InvalidKey)?;
        if format!("{:08x}", key.id) == id { Ok(key) } else { Err(InvalidKey) }
    }
}

/// Signs checkpoints under a name. It is wiped when dropped, and never shown.
#[derive(Clone)]
pub struct SecretKey {
    public: PublicKey,
    key: SigningKey,
}

impl SecretKey {
    /// Makes the key of a name from 32 secret bytes, which must be random; nothing where the name is none.
    pub fn new(name: &str, seed: &[u8; 32]) -> Option<Self> {
        let key = SigningKey::from_bytes(seed);
        Some(Self { public: PublicKey::new(name, key.verifying_key().as_bytes())?, key })
    }

    /// Returns the 32 secret bytes, to be sealed.
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.key.to_bytes())
    }

    /// Returns the public half.
    pub const fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Signs a text, which ends with a newline, and returns the line of the signature.
    pub(crate) fn sign(&self, text: &str) -> String {
        let mut bytes = self.public.id.to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.key.sign(text.as_bytes()).to_bytes());
        format!("\u{2014} {} {}\n", self.public.name, STANDARD.encode(bytes))
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey({})", self.public.label())
    }
}

/// A name has no white space and no plus sign, so that it can stand in a signature line and in a key's text.
pub(crate) fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+')
}

fn key_id(name: &str, key: &[u8; 32]) -> u32 {
    let mut hasher = Sha256::new();
    hasher.update(name.as_bytes());
    hasher.update([b'\n', ED25519]);
    hasher.update(key);
    let hash: [u8; 32] = hasher.finalize().into();
    u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
}
