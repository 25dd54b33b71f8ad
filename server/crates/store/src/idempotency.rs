//! The first answer to a repeated request.

use farol_api::id::UserId;

use crate::{Store, StoreError};

/// Names a request that may be sent again.
#[derive(Clone, Copy, Debug)]
pub struct IdempotencyKey<'a> {
    /// Who sends it.
    pub user: UserId,
    /// The client's key.
    pub key: &'a str,
    /// What was asked: method, path and a digest of the body. The same key for something else is refused.
    pub request: &'a str,
}

/// A response as it was first given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredResponse {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It is new (or older than 24 hours, or was given up): handle the request, then complete it.
    Fresh,
    /// It was answered before: give the same answer.
    Answered(StoredResponse),
    /// It is being handled this moment.
    InProgress,
    /// It was used for something else.
    Mismatch,
}

impl Store {
    /// Takes a key, for 24 hours. A request that began and never completed gives its key up after a minute.
    pub async fn begin_idempotent(&self, key: IdempotencyKey<'_>) -> Result<Begun, StoreError> {
        let _ = key;
        todo!()
    }

    /// Keeps the answer for whoever repeats the request.
    pub async fn complete_idempotent(
        &self,
        key: IdempotencyKey<'_>,
        response: &StoredResponse,
    ) -> Result<(), StoreError> {
        let _ = (key, response);
        todo!()
    }

    /// Gives a key up, when the request failed in a way that repeating may mend.
    pub async fn abandon_idempotent(&self, key: IdempotencyKey<'_>) -> Result<(), StoreError> {
        let _ = key;
        todo!()
    }
}
