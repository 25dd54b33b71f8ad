//! Password hashing with Argon2id.

use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use farol_api::text::Localized;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use crate::problem::ApiError;

/// The shortest password, in characters.
pub const SHORTEST: usize = 12;

/// The longest password, in bytes: hashing a novel would keep a core busy.
const LONGEST: usize = 1024;

/// How many are hashed at once: each takes 19 MiB and a core for a while, and whoever asks need not be anybody.
static HASHING: Semaphore = Semaphore::const_new(4);

/// Refuses passwords that are too short or absurdly long.
pub fn check_strength(password: &SecretString) -> Result<(), ApiError> {
    let text = password.expose_secret();
    if text.chars().count() < SHORTEST || text.len() > LONGEST {
        let message = Localized::new("Use 12 characters or more.", "Use 12 caracteres ou mais.");
        return Err(ApiError::Invalid("password", message));
    }
    Ok(())
}

/// Hashes a password: Argon2id, 19 MiB, two passes, as OWASP's password storage guide asks at least.
pub async fn hash(password: SecretString) -> Result<farol_store::PasswordHash, ApiError> {
    let turn = HASHING.acquire().await.map_err(anyhow::Error::from)?;
    let hashed = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let salt = SaltString::generate(&mut OsRng);
        hasher()?.hash_password(password.expose_secret().as_bytes(), &salt).map(|hash| hash.to_string())
    });
    let hash = hashed.await.map_err(anyhow::Error::from)?;
    hash.map(farol_store::PasswordHash).map_err(|error| ApiError::Internal(anyhow::anyhow!("hashing: {error}")))
}

/// Tells whether a password fits a hash. Without a hash it works as long and says no, so that the time it takes does
/// not tell which e-mails have an account.
pub async fn verify(password: SecretString, hash: Option<farol_store::PasswordHash>) -> Result<bool, ApiError> {
    let turn = HASHING.acquire().await.map_err(anyhow::Error::from)?;
    let verified = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let hasher = hasher()?;
        let Some(hash) = hash else {
            let salt = SaltString::generate(&mut OsRng);
            hasher.hash_password(password.expose_secret().as_bytes(), &salt)?;
            return Ok(false);
        };
        let parsed = PasswordHash::new(&hash.0)?;
        Ok(hasher.verify_password(password.expose_secret().as_bytes(), &parsed).is_ok())
    });
    let verified: Result<bool, argon2::password_hash::Error> = verified.await.map_err(anyhow::Error::from)?;
    verified.map_err(|error| ApiError::Internal(anyhow::anyhow!("verifying: {error}")))
}

fn hasher() -> Result<Argon2<'static>, argon2::password_hash::Error> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(argon2::password_hash::Error::from)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_fits_and_no_hash_fits_nothing() {
        let hash = hash(SecretString::from("correct horse battery")).await.unwrap();
        assert!(verify(SecretString::from("correct horse battery"), Some(hash.clone())).await.unwrap());
        assert!(!verify(SecretString::from("correct horse batterz"), Some(hash)).await.unwrap());
        assert!(!verify(SecretString::from("correct horse battery"), None).await.unwrap());
    }

    #[test]
    fn a_short_password_is_refused() {
        assert!(check_strength(&SecretString::from("elevenchars")).is_err());
        assert!(check_strength(&SecretString::from("senhaçãoçãoç")).is_ok());
    }
}
