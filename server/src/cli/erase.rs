//! `farol erase`: erases from an incident what an admin names, beside a running server or without one.

use anyhow::{Context, bail};
use clap::Args;
use farol_api::event::Actor;
use farol_api::id::{AttemptId, IncidentId};
use farol_api::text::{Locale, Localized};
use farol_api::user::{Permission, Person};
use farol_incident::{Erasable, Refusal};

use super::keys::incident;
use super::say::{locale, print};
use super::store::with_store;
use crate::config::Config;
use crate::erasure;
use crate::problem::ApiError;

/// Arguments of `farol erase`.
#[derive(Debug, Args)]
#[command(
    after_help = "The record says first who erased what, when and why, and stays provable; then the content is removed, and does not come back. Backups and what others exported are not reached."
)]
pub struct Erase {
    /// The incident, as 12 or INC-12
    #[arg(value_name = "INCIDENT", value_parser = incident)]
    incident: IncidentId,
    /// The attempt whose stored output is erased, with its file, and what would undo it
    #[arg(long, value_name = "ID", required_unless_present = "entry", conflicts_with = "entry")]
    attempt: Option<AttemptId>,
    /// The number of the entry whose text is erased
    #[arg(long, value_name = "NUMBER")]
    entry: Option<i64>,
    /// The e-mail of the owner or admin who erases
    #[arg(long = "for", value_name = "EMAIL")]
    email: String,
    /// Why; it stays in the record
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The incident once more, as INC-12
    #[arg(long, value_name = "INC-NUMBER")]
    confirm: String,
    /// The language of the messages: en or pt-BR
    #[arg(long, value_name = "TAG", default_value = "en", value_parser = locale)]
    lang: Locale,
}

impl Erase {
    /// Records it, then removes it.
    pub fn run(&self, config: &Config) -> anyhow::Result<()> {
        let what = match (self.attempt, self.entry) {
            (Some(attempt), _) => Erasable::Output(attempt),
            (None, Some(seq)) => Erasable::Entry(seq),
            (None, None) => bail!("name --attempt or --entry"),
        };
        if self.confirm.trim() != format!("INC-{}", self.incident) {
            return Err(self.refused(&Refusal::IncidentNotTyped.into()));
        }
        with_store(config, async |store| {
            let found = store.user_by_email(self.email.trim()).await?.filter(|(user, _)| user.disabled_at.is_none());
            let (user, _) = found.with_context(|| {
                let email = &self.email;
                self.say(
                    &format!("nobody logs in as {email}; nothing was erased"),
                    &format!("ninguém entra como {email}; nada foi apagado"),
                )
            })?;
            if !user.may(Permission::Erase) {
                return Err(self.refused(&ApiError::Forbidden(Permission::Erase)));
            }
            let actor = Actor::Person(Person { id: user.id, name: user.name });
            let recorded = erasure::record(store, self.incident, actor, what, self.reason.clone()).await;
            let recorded = recorded.map_err(|error| self.refused(&error.into()))?;
            erasure::complete(store, &config.results(), &recorded).await.with_context(|| {
                self.say(
                    "it is recorded as erased and could not be removed yet; a server that starts on this store removes it",
                    "está registrado como apagado e ainda não pôde ser removido; um servidor que iniciar neste banco o remove",
                )
            })?;
            let id = self.incident;
            let done = match recorded.first().map(|event| event.seq) {
                Some(seq) => self.say(
                    &format!("INC-{id}: erased. Entry {seq} of its record says so."),
                    &format!("INC-{id}: apagado. A entrada {seq} do registro diz isso."),
                ),
                None => self.say(
                    &format!("INC-{id}: it was erased before; nothing was changed."),
                    &format!("INC-{id}: já havia sido apagado; nada foi alterado."),
                ),
            };
            Ok(print(format!("{done}\n").as_bytes())?)
        })
    }

    fn say(&self, en: &str, pt: &str) -> String {
        Localized::new(en, pt).get(self.lang).to_owned()
    }

    fn refused(&self, error: &ApiError) -> anyhow::Error {
        let problem = error.problem(self.lang);
        anyhow::anyhow!("{}. {}", problem.title, problem.detail)
    }
}
