//! What readers of a post-mortem see.

mod documents;
mod hostile;
mod incident;
mod words;
