//! Encryption at rest.

use chacha20poly1305::aead::{Aead, AeadCore, KeyInit, OsRng, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

/// The first byte of every sealed value; another one would mean another way of sealing.
const VERSION: u8 = 1;
const NONCE_LEN: usize = 24;

/// Seals and opens what must not be read from the database file, with XChaCha20-Poly1305 (nonces long enough to be
/// random).
///
/// A sealed value is a version byte, the nonce and the ciphertext. The purpose (which table, which row) is
/// authenticated with it, so that a value moved to another row does not open.
#[derive(Clone)]
pub struct Vault {
    cipher: XChaCha20Poly1305,
}

/// Says that a sealed value does not open: another key, another purpose, or changed bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sealed value does not open with this key for this purpose")]
pub struct Unopenable;

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(..)")
    }
}

impl Vault {
    /// Makes a vault from its key. The copy handed in is wiped; the cipher wipes its own when dropped.
    pub fn new(key: [u8; 32]) -> Self {
        let key = Zeroizing::new(key);
        Self { cipher: XChaCha20Poly1305::new((&*key).into()) }
    }

    /// Seals bytes for a purpose.
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Vec<u8> {
        let nonce = XChaCha20Poly1305::generate_nonce(&mut OsRng);
        let payload = Payload { msg: plain, aad: purpose.as_bytes() };
        // The cipher refuses more than 256 GiB only; an empty answer opens nowhere, so nothing leaks.
        let sealed = self.cipher.encrypt(&nonce, payload).unwrap_or_default();
        let mut out = Vec::with_capacity(1 + NONCE_LEN + sealed.len());
        out.push(VERSION);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        out
    }

    /// Opens what was sealed for the same purpose.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unopenable> {
        let body = sealed.strip_prefix(&[VERSION]).ok_or(Unopenable)?;
        let (nonce, ciphertext) = body.split_at_checked(NONCE_LEN).ok_or(Unopenable)?;
        let payload = Payload { msg: ciphertext, aad: purpose.as_bytes() };
        let plain = self.cipher.decrypt(XNonce::from_slice(nonce), payload).map_err(|_| Unopenable)?;
        Ok(Zeroizing::new(plain))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_for_its_purpose_only() {
        let vault = Vault::new([7; 32]);
        let sealed = vault.seal("target/shop/ro", b"postgres://secret");
        assert_eq!(vault.open("target/shop/ro", &sealed).unwrap().as_slice(), b"postgres://secret");
        assert_eq!(vault.open("target/shop/rw", &sealed), Err(Unopenable));
        assert_eq!(Vault::new([8; 32]).open("target/shop/ro", &sealed), Err(Unopenable));
        assert!(!sealed.windows(6).any(|w| w == b"secret"));
    }

    #[test]
    fn a_changed_or_cut_value_does_not_open() {
        let vault = Vault::new([7; 32]);
        let sealed = vault.seal("p", b"value");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(vault.open("p", &changed), Err(Unopenable), "byte {at}");
            assert_eq!(vault.open("p", &sealed[..at]), Err(Unopenable), "cut at {at}");
        }
    }

    #[test]
    fn the_same_text_seals_differently_each_time() {
        let vault = Vault::new([7; 32]);
        assert_ne!(vault.seal("p", b"value"), vault.seal("p", b"value"));
    }

    #[test]
    fn debug_shows_no_key() {
        assert_eq!(format!("{:?}", Vault::new([0x41; 32])), "Vault(..)");
    }
}
