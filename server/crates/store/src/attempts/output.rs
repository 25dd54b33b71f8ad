//! Storing output.

use farol_api::digest::Digest;
use farol_api::output::{OutputChunk, OutputContent};

use super::{Claim, LeaseError};
use crate::Store;

/// Returns the SHA-256 of an attempt's output: of each chunk's content as JSON, in order, each followed by a newline;
/// nothing without output.
pub fn output_digest<'c>(contents: impl IntoIterator<Item = &'c OutputContent>) -> Option<Digest> {
    let _: Vec<_> = contents.into_iter().collect();
    todo!()
}

impl Store {
    /// Stores output of a dispatched attempt, numbered on in its incident.
    pub async fn append_output(
        &self,
        claim: &Claim,
        contents: Vec<OutputContent>,
    ) -> Result<Vec<OutputChunk>, LeaseError> {
        let _ = (claim, contents);
        todo!()
    }
}
