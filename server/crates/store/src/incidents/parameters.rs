//! Values of an incident's parameters, secret ones too.

use std::collections::BTreeMap;

use farol_api::id::IncidentId;
use secrecy::SecretString;

use crate::{Store, StoreError};

impl Store {
    /// Returns the values of all parameters filled, secret ones opened. For building what runs; never for a browser.
    pub async fn parameter_values(
        &self,
        incident: IncidentId,
    ) -> Result<BTreeMap<String, SecretString>, StoreError> {
        let _ = incident;
        todo!()
    }
}
