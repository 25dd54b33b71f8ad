//! `farol keys` and `farol checkpoint`: what others need to verify records, and to keep elsewhere.

use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand};
use farol_api::id::IncidentId;
use farol_store::{CheckpointError, StoreOptions, StoredKey};

use super::say::{complain, print};
use super::store::{must_be_there, with_store};
use crate::clock::SystemClock;
use crate::config::Config;

/// Arguments of `farol keys`.
#[derive(Debug, Args)]
pub struct Keys {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Clone, Copy, Debug, Subcommand)]
enum Action {
    /// Make a new key that signs from now on; the old one stays listed for what it signed
    New,
    /// Make a new data/keys/vault.key and seal with it all that is sealed; no server may be running
    Reseal,
}

/// Arguments of `farol checkpoint`.
#[derive(Debug, Args)]
pub struct Checkpoints {
    /// Incidents, as 12 or INC-12; all where none is named
    #[arg(value_name = "INCIDENT", value_parser = incident)]
    incidents: Vec<IncidentId>,
}

impl Keys {
    /// Prints the public keys; the private ones never leave the store.
    pub fn run(&self, config: &Config) -> anyhow::Result<()> {
        let new = match self.action {
            Some(Action::Reseal) => return reseal(config),
            Some(Action::New) => true,
            None => false,
        };
        with_store(config, async |store| {
            let current = if new { store.rotate_signing_key().await? } else { store.signing_key().await? };
            let keys = store.signing_keys().await?;
            let mut text = String::new();
            for StoredKey { public, made_at, retired_at } in &keys {
                let since = made_at.format("%Y-%m-%d %H:%M:%S UTC");
                let until = retired_at.map(|at| format!(" until {}", at.format("%Y-%m-%d %H:%M:%S UTC")));
                let word = if *public == current { "signs" } else { "signed" };
                text.push_str(&format!("# {word} since {since}{}\n{public}\n", until.unwrap_or_default()));
            }
            Ok(print(text.as_bytes())?)
        })
    }
}

fn reseal(config: &Config) -> anyhow::Result<()> {
    must_be_there(config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let options = StoreOptions::new(Arc::new(SystemClock));
    let count = runtime.block_on(crate::keys::reseal(config, options))?;
    let key = config.data.join("keys/vault.key");
    let text = format!(
        "{count} {}, sealed with a new key now.\n\
         Back up {} apart from the store, and copy it to every other server of this store before that starts.\n\
         Backups of the store from before open with the old key alone: keep its backup as long as you keep those.\n",
        if count == 1 { "sealed value" } else { "sealed values" },
        key.display()
    );
    Ok(print(text.as_bytes())?)
}

impl Checkpoints {
    /// Prints the newest checkpoint of each incident, signing what was not signed yet.
    pub fn run(&self, config: &Config) -> anyhow::Result<ExitCode> {
        with_store(config, async |store| {
            let mut first = true;
            let mut code = ExitCode::SUCCESS;
            let mut beyond = IncidentId(0);
            loop {
                let page = match self.incidents.is_empty() {
                    true => store.incident_ids(beyond).await?,
                    false => self.incidents.clone(),
                };
                for incident in &page {
                    match store.checkpoint(*incident).await {
                        Ok(note) => {
                            print(format!("{}{note}", if first { "" } else { "\n" }).as_bytes())?;
                            first = false;
                        }
                        Err(CheckpointError::Store(error)) => return Err(error.into()),
                        Err(error) => {
                            complain(&format_args!("INC-{incident}: {error}"));
                            code = ExitCode::FAILURE;
                        }
                    }
                }
                match page.last() {
                    Some(last) if self.incidents.is_empty() => beyond = *last,
                    _ => return Ok(code),
                }
            }
        })
    }
}

pub(super) fn incident(text: &str) -> Result<IncidentId, String> {
    let number = text.strip_prefix("INC-").or_else(|| text.strip_prefix("inc-")).unwrap_or(text);
    number.parse().map_err(|_| "an incident's number, as 12 or INC-12".to_owned())
}
