//! `farol keys` and `farol checkpoint`: what others need to verify records, and to keep elsewhere.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use farol_api::id::IncidentId;
use farol_store::{CheckpointError, StoredKey};

use super::say::{complain, print};
use super::store::with_store;
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
        with_store(config, async |store| {
            let current = match self.action {
                Some(Action::New) => store.rotate_signing_key().await?,
                None => store.signing_key().await?,
            };
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
