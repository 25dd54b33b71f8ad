//! What every route shares: the endpoint table, guards, security headers and request bodies.

pub mod body;
pub mod endpoint;
pub mod guard;
pub mod idempotency;
pub mod openapi;
pub mod security;
