//! Random secrets for cookies, links and the one-time token.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::TryRngCore;
use rand::rngs::OsRng;
use secrecy::SecretString;

/// Makes a secret of 32 random bytes, as 43 URL-safe characters.
pub fn random_secret() -> anyhow::Result<SecretString> {
    let mut bytes = [0_u8; 32];
    OsRng.try_fill_bytes(&mut bytes)?;
    Ok(SecretString::from(URL_SAFE_NO_PAD.encode(bytes)))
}

/// Makes a nonce of 16 random bytes, as 22 URL-safe characters.
pub fn random_nonce() -> anyhow::Result<String> {
    let mut bytes = [0_u8; 16];
    OsRng.try_fill_bytes(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
