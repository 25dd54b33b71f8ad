//! The person behind a request, as the guard found them.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use farol_api::event::Actor;
use farol_api::user::{Person, Session, User};

use crate::problem::ApiError;

/// Who is asking. Only the guard makes one.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The person.
    pub user: User,
    /// Their session.
    pub session: Session,
}

impl Caller {
    /// Returns them as records name them.
    pub fn person(&self) -> Person {
        Person { id: self.user.id, name: self.user.name.clone() }
    }

    /// Returns them as an event's actor.
    pub fn actor(&self) -> Actor {
        let person = self.person();
        match self.session.scope {
            Some(_) => Actor::Token { person, name: self.session.user_agent.clone(), id: Some(self.session.id) },
            None => Actor::Person(person),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        parts.extensions.get::<Self>().cloned().ok_or(ApiError::Unauthenticated)
    }
}
