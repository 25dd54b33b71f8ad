//! `farol password`: lets somebody in again who cannot log in, by whoever has the data folder.

use anyhow::Context;
use clap::Args;
use farol_api::user::Person;

use super::say::print;
use super::store::with_store;
use crate::config::Config;
use crate::routes::invitations::make_password_link;
use crate::serving;

/// Arguments of `farol password`.
#[derive(Debug, Args)]
#[command(
    after_help = "Prints the link on standard output, once. Whoever opens it chooses the password; sessions and tokens of that person end then."
)]
pub struct Password {
    /// The e-mail of the person who cannot log in
    #[arg(long = "for", value_name = "EMAIL")]
    email: String,
}

impl Password {
    /// Makes the link; where no server of this data folder runs, its path, to be put behind the server's address.
    pub fn run(&self, config: &Config) -> anyhow::Result<()> {
        with_store(config, async |store| {
            let found = store.user_by_email(self.email.trim()).await?.filter(|(user, _)| user.disabled_at.is_none());
            let (user, _) = found.with_context(|| format!("nobody logs in as {}; nothing was made", self.email))?;
            let by = Person { id: user.id, name: user.name.clone() };
            let link = make_password_link(store, &user, &by).await?;
            let server = serving::address(&config.data).unwrap_or_default();
            Ok(print(format!("{server}{}\n", link.path).as_bytes())?)
        })
    }
}
