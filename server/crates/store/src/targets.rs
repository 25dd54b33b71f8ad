//! Targets and their sealed credentials.

use farol_api::id::{IncidentId, TargetId};
use farol_api::request::SaveTarget;
use farol_api::target::{CredentialRole, Target};
use secrecy::SecretString;

use crate::{Store, StoreError};

/// Why a target was not deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteTargetError {
    /// Open incidents use it, or attempts on it are not over.
    #[error("the target is in use")]
    InUse {
        /// The incidents, lowest number first.
        incidents: Vec<IncidentId>,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Registers or changes a target. Its version grows unless nothing changes.
    ///
    /// Credentials given replace those of their role; roles that are absent, or whose URL is empty, keep what they have.
    pub async fn save_target(
        &self,
        id: &TargetId,
        target: &SaveTarget,
    ) -> Result<Target, StoreError> {
        let _ = (id, target);
        todo!()
    }

    /// Takes a credential away; the version grows. Nothing where there is no such target.
    pub async fn remove_credential(
        &self,
        id: &TargetId,
        role: CredentialRole,
    ) -> Result<Option<Target>, StoreError> {
        let _ = (id, role);
        todo!()
    }

    /// Finds a target.
    pub async fn target(&self, id: &TargetId) -> Result<Option<Target>, StoreError> {
        let _ = id;
        todo!()
    }

    /// Returns all targets, in order of names.
    pub async fn targets(&self) -> Result<Vec<Target>, StoreError> {
        todo!()
    }

    /// Deletes a target with its credentials; false where there is none.
    pub async fn delete_target(&self, id: &TargetId) -> Result<bool, DeleteTargetError> {
        let _ = id;
        todo!()
    }

    /// Opens a target's connection URL of a role.
    pub async fn credential(
        &self,
        id: &TargetId,
        role: CredentialRole,
    ) -> Result<Option<SecretString>, StoreError> {
        let _ = (id, role);
        todo!()
    }
}
