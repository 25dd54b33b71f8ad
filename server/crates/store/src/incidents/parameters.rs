//! Values of an incident's parameters, secret ones too.

use std::collections::BTreeMap;

use farol_api::id::IncidentId;
use farol_api::incident::IncidentState;
use farol_incident::decision::SecretValue;
use secrecy::{ExposeSecret, SecretString};
use sqlx::FromRow;

use super::rows::load_events;
use crate::codec::{clean, open_text};
use crate::pool::{Session, Tx, on_db};
use crate::writer::Batch;
use crate::{Store, StoreError};

/// What stands before the name of a secret that a step left: no parameter is called so, and what a person filled in stays.
const LEFT: &str = "left/";
/// What stands, with a number, before the name of a secret that has another value by now. What it was may still open something: it is
/// kept from what steps print, and given to none.
const EARLIER: &str = "earlier/";
/// How many values that it had before are kept of each secret.
const EARLIER_KEPT: usize = 20;
/// The least bytes of one: a slip of the finger would take a letter out of all that comes.
const EARLIER_LEAST: usize = 4;

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

/// Opens all secret values of an incident, and those that they had before.
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
    let (store, tx) = (batch.store.clone(), batch.write().await?);
    let name = clean(&secret.name);
    let before = sealed(tx, incident, &name).await?;
    let before =
        before.map(|sealed| open_text(store.vault(), &secret_purpose(incident, &name), &sealed)).transpose()?;
    let other = |before: &str| before != secret.value && before.len() >= EARLIER_LEAST;
    if let Some(before) = before.filter(|before| other(before.expose_secret())) {
        let numbers = earlier(tx, incident, |of| of == name).await?;
        if let (Some((_, oldest)), true) = (numbers.first(), numbers.len() >= EARLIER_KEPT) {
            delete(tx, incident, oldest).await?;
        }
        let next = numbers.last().map_or(1, |(number, _)| number + 1);
        put(&store, tx, incident, &format!("{EARLIER}{next}/{name}"), before.expose_secret()).await?;
    }
    put(&store, tx, incident, &name, &secret.value).await
}

/// A parameter that is no secret any more leaves no old value behind.
pub(super) async fn forget_secret(tx: &mut Tx, incident: IncidentId, name: &str) -> Result<(), StoreError> {
    let name = clean(name);
    for (_, earlier) in earlier(tx, incident, |of| of == name).await? {
        delete(tx, incident, &earlier).await?;
    }
    delete(tx, incident, &name).await
}

/// Secrets that were erased with the output that they were taken from leave no value behind, and none from before: it is not known
/// any more which attempt left that.
pub(crate) async fn forget_left(tx: &mut Tx, incident: IncidentId, names: Vec<String>) -> Result<(), StoreError> {
    for name in names {
        delete(tx, incident, &clean(&format!("{LEFT}{name}"))).await?;
    }
    for (_, earlier) in earlier(tx, incident, |of| of.starts_with(LEFT)).await? {
        delete(tx, incident, &earlier).await?;
    }
    Ok(())
}

/// Returns the numbers of earlier values of some secrets with the names that these are kept under, the oldest first.
async fn earlier(
    tx: &mut Tx,
    incident: IncidentId,
    of: impl Fn(&str) -> bool,
) -> Result<Vec<(u32, String)>, StoreError> {
    const SQL: &str = "select name from incident_secrets where incident_id = $1 and name like 'earlier/%'";
    let names: Vec<String> = on_db!(tx.db(), |c| sqlx::query_scalar(SQL).bind(incident.0).fetch_all(c).await)?;
    let known = names.into_iter().filter_map(|name| {
        let (number, whose) = name.strip_prefix(EARLIER)?.split_once('/')?;
        let number = number.parse().ok().filter(|_| of(whose))?;
        Some((number, name))
    });
    let mut known: Vec<(u32, String)> = known.collect();
    known.sort_unstable();
    Ok(known)
}

async fn sealed(tx: &mut Tx, incident: IncidentId, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    const SQL: &str = "select sealed from incident_secrets where incident_id = $1 and name = $2";
    Ok(on_db!(tx.db(), |c| sqlx::query_scalar(SQL).bind(incident.0).bind(name).fetch_optional(c).await)?)
}

async fn put(store: &Store, tx: &mut Tx, incident: IncidentId, name: &str, value: &str) -> Result<(), StoreError> {
    const SQL: &str = "insert into incident_secrets (incident_id, name, sealed) values ($1, $2, $3) \
                       on conflict (incident_id, name) do update set sealed = excluded.sealed";
    let sealed = store.vault().seal(&secret_purpose(incident, name), value.as_bytes());
    on_db!(tx.db(), |c| sqlx::query(SQL).bind(incident.0).bind(name).bind(sealed).execute(c).await.map(drop))?;
    Ok(())
}

async fn delete(tx: &mut Tx, incident: IncidentId, name: &str) -> Result<(), StoreError> {
    const SQL: &str = "delete from incident_secrets where incident_id = $1 and name = $2";
    on_db!(tx.db(), |c| sqlx::query(SQL).bind(incident.0).bind(name).execute(c).await.map(drop))?;
    Ok(())
}

/// Returns what a secret value is sealed for.
pub(crate) fn secret_purpose(incident: IncidentId, name: &str) -> String {
    format!("incident_secrets/{incident}/{name}")
}
