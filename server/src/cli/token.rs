//! `farol token`: makes a token for a program, by whoever has the data folder.

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::{Args, ValueEnum};
use farol_api::user::TokenScope;
use farol_store::{Store, StoreOptions};
use secrecy::ExposeSecret;

use super::say::complain;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::keys;
use crate::routes::session::{TOKEN_DAYS, make_token};

/// Arguments of `farol token`.
#[derive(Debug, Args)]
#[command(
    after_help = "Prints the token on standard output, once; keep it where secrets are kept. Its person ends it on their account page."
)]
pub struct Token {
    /// The e-mail of the person for whom it acts
    #[arg(long = "for", value_name = "EMAIL")]
    email: String,
    /// What it is for
    #[arg(long, value_name = "NAME")]
    name: String,
    /// What it may do
    #[arg(long, value_enum, default_value = "respond")]
    scope: Scope,
    /// After how many days it ends
    #[arg(long, default_value_t = TOKEN_DAYS, value_parser = clap::value_parser!(u32).range(1..=365))]
    days: u32,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Scope {
    /// Read
    Read,
    /// Read, declare incidents, walk and run their steps
    Respond,
}

impl Token {
    /// Runs it.
    pub fn run(&self, settings: impl Fn() -> anyhow::Result<Config>) -> ExitCode {
        match settings().and_then(|config| self.make(&config)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                complain(&format_args!("{error:#}"));
                ExitCode::FAILURE
            }
        }
    }

    fn make(&self, config: &Config) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            crate::serve::make_private(&config.data)
                .with_context(|| format!("cannot make {}", config.data.display()))?;
            let vault = keys::vault(&config.data)?;
            let opened = Store::open(&config.store_url(), vault, StoreOptions::new(Arc::new(SystemClock))).await;
            let store = opened.context("the store cannot be opened")?;
            let found = store.user_by_email(self.email.trim()).await?.filter(|(user, _)| user.disabled_at.is_none());
            let (user, _) = found.with_context(|| format!("nobody logs in as {}; nothing was made", self.email))?;
            let scope = match self.scope {
                Scope::Read => TokenScope::Read,
                Scope::Respond => TokenScope::Respond,
            };
            let (secret, _) = make_token(&store, user.id, &self.name, scope, self.days).await?;
            store.close().await;
            writeln!(std::io::stdout(), "{}", secret.expose_secret())?;
            Ok(())
        })
    }
}
