//! Declaring an incident.

use farol_api::clock::Timestamp;
use farol_api::event::{Actor, EventKind};
use farol_api::id::IncidentId;

use crate::{Store, StoreError};

/// An incident to declare.
#[derive(Clone, Debug)]
pub struct Declaration<'a> {
    /// [`EventKind::Declared`], and no other.
    pub kind: EventKind,
    /// Who declares it.
    pub actor: Actor,
    /// When it was declared; now where absent.
    pub occurred_at: Option<Timestamp>,
    /// The client's idempotency key: the same actor's same key gets the same incident.
    pub idempotency: Option<&'a str>,
}

impl Store {
    /// Declares an incident and returns its number.
    pub async fn declare(&self, declaration: Declaration<'_>) -> Result<IncidentId, StoreError> {
        let _ = declaration;
        todo!()
    }
}
