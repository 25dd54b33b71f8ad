//! `farol token`: makes a token for a program, by whoever has the data folder.

use std::io::Write;

use anyhow::Context;
use clap::{Args, ValueEnum};
use farol_api::user::TokenScope;
use secrecy::ExposeSecret;

use super::store::with_store;
use crate::config::Config;
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
    #[arg(long, value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new())]
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
    /// Makes it.
    pub fn run(&self, config: &Config) -> anyhow::Result<()> {
        with_store(config, async |store| {
            let found = store.user_by_email(self.email.trim()).await?.filter(|(user, _)| user.disabled_at.is_none());
            let (user, _) = found.with_context(|| format!("nobody logs in as {}; nothing was made", self.email))?;
            let scope = match self.scope {
                Scope::Read => TokenScope::Read,
                Scope::Respond => TokenScope::Respond,
            };
            let (secret, _) = make_token(store, user.id, &self.name, scope, self.days).await?;
            writeln!(std::io::stdout(), "{}", secret.expose_secret())?;
            Ok(())
        })
    }
}
