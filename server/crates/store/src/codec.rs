//! Between columns and types.

use std::fmt::Display;
use std::str::FromStr;

use farol_api::clock::Timestamp;
use farol_api::digest::Digest;
use farol_api::id::UserId;
use farol_api::incident::Severity;
use farol_api::user::Person;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::{DeserializeOwned, IntoDeserializer, value};
use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use uuid::Uuid;

use crate::{StoreError, Vault};

/// Writes JSON for a text column.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|e| StoreError::corrupt("a value on its way in", e))
}

/// Reads JSON from a text column.
pub(crate) fn from_json<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|e| StoreError::corrupt(what, e))
}

/// Writes an enum without fields as its one word on the wire.
pub(crate) fn word<T: Serialize>(value: &T) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(StoreError::Inconsistent("an enum that is not one word")),
    }
}

/// Reads such a word.
pub(crate) fn from_word<T: DeserializeOwned>(what: &'static str, word: &str) -> Result<T, StoreError> {
    let read: Result<T, value::Error> = T::deserialize(word.into_deserializer());
    read.map_err(|e| StoreError::corrupt(what, e))
}

/// Reads an id or digest.
pub(crate) fn parse<T>(what: &'static str, text: &str) -> Result<T, StoreError>
where
    T: FromStr,
    T::Err: Display,
{
    text.parse().map_err(|e: T::Err| StoreError::corrupt(what, e.to_string()))
}

pub(crate) fn severity(number: i64) -> Result<Severity, StoreError> {
    let found = Severity::ALL.into_iter().find(|severity| i64::from(severity.number()) == number);
    found.ok_or_else(|| StoreError::corrupt("a severity", format!("{number}")))
}

/// Reads a count; a negative one is corrupt.
pub(crate) fn count<T: TryFrom<i64>>(what: &'static str, number: i64) -> Result<T, StoreError> {
    T::try_from(number).map_err(|_| StoreError::corrupt(what, format!("{number}")))
}

/// Writes a count; one beyond what a database counts is cut there.
pub(crate) fn number(count: impl TryInto<i64>) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}

pub(crate) fn person(id: Option<Uuid>, name: Option<String>) -> Option<Person> {
    Some(Person { id: UserId(id?), name: name? })
}

/// Returns the SHA-256 of a secret that is long and random, as hex.
pub(crate) fn secret_hash(secret: &SecretString) -> String {
    sha256(secret.expose_secret().as_bytes()).into()
}

pub(crate) fn sha256(bytes: &[u8]) -> Digest {
    Digest::from_bytes(Sha256::digest(bytes).into())
}

/// Refuses a text that Postgres could not keep, on SQLite alike.
pub(crate) fn plain(text: &str) -> Result<&str, StoreError> {
    if text.contains('\0') { Err(StoreError::NulInText) } else { Ok(text) }
}

/// Replaces NUL characters in a text that was derived from what is kept elsewhere unchanged.
pub(crate) fn clean(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// Returns what two spellings of one e-mail share.
pub(crate) fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Returns a text without accents and case, for searching.
pub(crate) fn fold(text: &str) -> String {
    text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// Opens a sealed text.
pub(crate) fn open_text(vault: &Vault, purpose: &str, sealed: &[u8]) -> Result<SecretString, StoreError> {
    let plain = vault.open(purpose, sealed).map_err(|e| StoreError::corrupt("a sealed value", e))?;
    let text = std::str::from_utf8(&plain).map_err(|e| StoreError::corrupt("a sealed text", e))?;
    Ok(SecretString::from(text))
}

/// Adds a duration to a time; one out of reach stands for ever.
pub(crate) fn after(at: Timestamp, duration: std::time::Duration) -> Timestamp {
    chrono::Duration::from_std(duration)
        .ok()
        .and_then(|duration| at.checked_add_signed(duration))
        .unwrap_or(Timestamp::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;
    use farol_api::user::Role;

    #[test]
    fn accents_and_case_do_not_matter_to_a_search() {
        assert_eq!(fold("Réplica ATRASADA — não"), "replica atrasada — nao");
    }

    #[test]
    fn an_enum_is_stored_as_its_word_on_the_wire() {
        assert_eq!(word(&Role::Approver).unwrap(), "approver");
        assert_eq!(from_word::<Role>("role", "approver").unwrap(), Role::Approver);
        assert!(matches!(from_word::<Role>("role", "king"), Err(StoreError::Corrupt { what: "role", .. })));
    }
}
