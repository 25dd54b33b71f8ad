//! Values of an incident's parameters, secret ones too.

use std::collections::BTreeMap;

use farol_api::id::IncidentId;
use farol_api::incident::IncidentState;
use farol_incident::decision::SecretValue;
use secrecy::SecretString;
use sqlx::FromRow;

use super::rows::load_events;
use crate::codec::{clean, open_text};
use crate::pool::{Session, Tx, on_db};
use crate::writer::Batch;
use crate::{Store, StoreError};

/// What stands before the name of a secret that a step left: no parameter is called so, and what a person filled in stays.
const LEFT: &str = "left/";

#[derive(FromRow)]
struct SecretRow {
    name: String,
    sealed: Vec<u8>,
}

impl Store {
    /// Returns the values of all parameters filled, secret ones opened. For building what runs; never for a browser.
    pub async fn parameter_values(&self, incident: IncidentId) -> Result<BTreeMap<String, SecretString>, StoreError> {
        let mut tx = self.snapshot().await?;
        let events = load_events(&mut tx, incident, 0, u32::MAX).await?;
        let Some(state) = IncidentState::fold(&events) else {
            return Ok(BTreeMap::new());
        };
        let mut secrets = secret_values(self, &mut tx, incident).await?;
        let mut values = BTreeMap::new();
        for (name, parameter) in state.parameters {
            let value = match parameter.value {
                Some(value) => Some(SecretString::from(value)),
                None => secrets.remove(&clean(&name)),
            };
            values.extend(value.map(|value| (name, value)));
        }
        Ok(values)
    }

    /// Returns the secrets that steps of an incident left, by the names that they have there. For building what runs; never
    /// for a browser.
    pub async fn sealed_values(&self, incident: IncidentId) -> Result<BTreeMap<String, SecretString>, StoreError> {
        let mut tx = self.snapshot().await?;
        let values = secret_values(self, &mut tx, incident).await?;
        Ok(values.into_iter().filter_map(|(name, value)| Some((name.strip_prefix(LEFT)?.to_owned(), value))).collect())
    }
}

/// Keeps secrets that a step left, in the transaction that ends its attempt.
pub(crate) async fn keep_left(
    batch: &mut Batch,
    incident: IncidentId,
    secrets: Vec<SecretValue>,
) -> Result<(), StoreError> {
    for SecretValue { name, value } in secrets {
        keep_secret(batch, incident, &SecretValue { name: format!("{LEFT}{name}"), value }).await?;
    }
    Ok(())
}

/// Opens all secret values of an incident.
pub(crate) async fn secret_values(
    store: &Store,
    session: &mut impl Session,
    incident: IncidentId,
) -> Result<BTreeMap<String, SecretString>, StoreError> {
    const SQL: &str = "select name, sealed from incident_secrets where incident_id = $1";
    let rows: Vec<SecretRow> = on_db!(session.db(), |c| sqlx::query_as(SQL).bind(incident.0).fetch_all(c).await)?;
    let values = rows.into_iter().map(|row| {
        let value = open_text(store.vault(), &secret_purpose(incident, &row.name), &row.sealed)?;
        Ok((row.name, value))
    });
    values.collect()
}

pub(super) async fn keep_secret(
    batch: &mut Batch,
    incident: IncidentId,
    secret: &SecretValue,
) -> Result<(), StoreError> {
    const SQL: &str = "insert into incident_secrets (incident_id, name, sealed) values ($1, $2, $3) \
                       on conflict (incident_id, name) do update set sealed = excluded.sealed";
    let name = clean(&secret.name);
    let sealed = batch.store.vault().seal(&secret_purpose(incident, &name), secret.value.as_bytes());
    on_db!(batch.write().await?.db(), |c| {
        let query = sqlx::query(SQL).bind(incident.0).bind(name).bind(sealed);
        query.execute(c).await.map(drop)
    })?;
    Ok(())
}

/// A parameter that is no secret any more leaves no old value behind.
pub(super) async fn forget_secret(tx: &mut Tx, incident: IncidentId, name: &str) -> Result<(), StoreError> {
    const SQL: &str = "delete from incident_secrets where incident_id = $1 and name = $2";
    on_db!(tx.db(), |c| {
        let query = sqlx::query(SQL).bind(incident.0).bind(clean(name));
        query.execute(c).await.map(drop)
    })?;
    Ok(())
}

/// A secret that was erased with the output that it was taken from leaves no value behind.
pub(crate) async fn forget_left(tx: &mut Tx, incident: IncidentId, name: &str) -> Result<(), StoreError> {
    forget_secret(tx, incident, &format!("{LEFT}{name}")).await
}

/// Returns what a secret value is sealed for.
pub(crate) fn secret_purpose(incident: IncidentId, name: &str) -> String {
    format!("incident_secrets/{incident}/{name}")
}
