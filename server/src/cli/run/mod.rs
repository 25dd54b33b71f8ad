//! `farol run`: walks a runbook from a terminal or a pipeline, through the same API, with the same approvals and record.

mod ask;
mod attempt;
mod door;
mod dry;
mod given;
mod hold;
mod tell;
mod walk;
mod wish;

use std::process::ExitCode;

use clap::Args;
use farol_api::id::{IncidentId, StepId, TargetId};
use farol_api::problem::Problem;
use farol_api::text::{Locale, Localized};

use self::ask::Ask;
use self::door::Door;
use self::tell::Tell;
use self::walk::Walk;
use super::say::{Format, complain, locale};
use crate::config::Config;

/// Arguments of `farol run`.
#[derive(Debug, Args)]
#[command(after_help = "Needs a token: make one on your account page or with `farol token`, and set FAROL_TOKEN.\n\
    Beside a running server it is that server's client; else it opens the store of the settings itself.\n\n\
    Exit codes: 0 every step is settled, 1 a step failed or was refused, 2 wrong use, no way in,\n\
    or no place for the output, 3 a person has to do something first, 4 nobody knows how a step ended.")]
pub struct Run {
    /// The runbook's id in the library; not needed with --incident
    #[arg(value_name = "RUNBOOK", required_unless_present = "incident")]
    runbook: Option<String>,
    /// Run this step alone; may be given several times
    #[arg(long, value_name = "ID")]
    step: Vec<StepId>,
    /// Fill a parameter; one that is secret is better read from a file with NAME=@FILE
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    param: Vec<(String, String)>,
    /// The target that steps run on where they name none
    #[arg(long, value_name = "TARGET")]
    target: Option<TargetId>,
    /// Go on with an incident instead of declaring one
    #[arg(long, value_name = "NUMBER")]
    incident: Option<IncidentId>,
    /// What the incident is about; the runbook's title where absent
    #[arg(long, value_name = "TEXT", conflicts_with = "incident")]
    title: Option<String>,
    /// Declare it as an exercise
    #[arg(long, conflicts_with = "incident")]
    drill: bool,
    /// Take a branch of a decision, by its label or number from 1
    #[arg(long, value_name = "STEP=BRANCH", value_parser = pair)]
    choose: Vec<(String, String)>,
    /// Confirm what steps do beside reading, as the button does in the browser
    #[arg(long)]
    yes: bool,
    /// Type the target's name, where a class takes that
    #[arg(long, value_name = "TARGET")]
    confirm_target: Option<String>,
    /// Give a reason, where a class takes one
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Leave out what only a person can do, with this reason in the record
    #[arg(long, value_name = "REASON")]
    skip_manual: Option<String>,
    /// Commit what is held, without asking
    #[arg(long, conflicts_with = "roll_back")]
    commit: bool,
    /// Roll back what is held, without asking: a rehearsal on the real rows
    #[arg(long)]
    roll_back: bool,
    /// Hold changes on a sandbox too (yes), or do not hold them at all (no); as usual where absent
    #[arg(long, value_name = "YES|NO", value_parser = yes_no)]
    hold: Option<bool>,
    /// Show what would run and what it takes; nothing is recorded
    #[arg(long)]
    dry_run: bool,
    /// The server; where absent, one that runs on the same data folder, else none
    #[arg(long, env = "FAROL_SERVER", value_name = "URL")]
    server: Option<String>,
    /// Text for people, or one JSON object a line; JSON where the output is no terminal
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The language of the messages: en or pt-BR
    #[arg(long, value_name = "TAG", default_value = "en", value_parser = locale)]
    lang: Locale,
}

/// Why a walk ended before its last step. The numbers are the exit codes.
#[derive(Debug)]
enum Stop {
    /// A step failed, or something was refused.
    Failed(String),
    /// Wrong use, or no way in.
    Unusable(String),
    /// Only a person can go on.
    Person(String),
    /// Nobody knows how a step ended.
    Unknown(String),
}

impl Stop {
    const fn code(&self) -> u8 {
        match self {
            Self::Failed(_) => 1,
            Self::Unusable(_) => 2,
            Self::Person(_) => 3,
            Self::Unknown(_) => 4,
        }
    }

    fn sentence(&self) -> &str {
        match self {
            Self::Failed(text) | Self::Unusable(text) | Self::Person(text) | Self::Unknown(text) => text,
        }
    }

    /// Nothing that goes wrong while a step is under way says how that ends.
    fn under_way(self, run: &Run) -> Self {
        let text = match self {
            Self::Unknown(_) => return self,
            Self::Failed(text) | Self::Unusable(text) | Self::Person(text) => text,
        };
        let more = run.words(
            "The step was under way; how it ends stands in the incident.",
            "O passo estava em andamento; como ele termina fica no incidente.",
        );
        Self::Unknown(format!("{text} {more}"))
    }

    /// A refusal of the server, in its own sentence.
    fn refused(problem: &Problem) -> Self {
        let mut text = format!("{}. {}", problem.title, problem.detail);
        problem.errors.iter().for_each(|wrong| text.push_str(&format!(" {}: {}", wrong.field, wrong.message)));
        match problem.status {
            401 | 403 | 404 => Self::Unusable(text),
            _ => Self::Failed(text),
        }
    }
}

impl Run {
    /// Runs it.
    pub fn run(&self, settings: impl Fn() -> anyhow::Result<Config>) -> ExitCode {
        let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => {
                complain(&error);
                return ExitCode::from(2);
            }
        };
        let tell = Tell::new(self.format, self.lang);
        let done = runtime.block_on(self.go(settings, &tell));
        let mut code = done.as_ref().map_or_else(Stop::code, |()| 0);
        if let Err(stop) = &done {
            complain(&tell::visible(stop.sentence()));
        }
        tell.end(code, done.as_ref().err().map(Stop::sentence));
        if let Some(lost) = tell.lost() {
            complain(&lost);
            code = if code == 0 { 2 } else { code };
        }
        // Whoever left with Ctrl-C left a question behind that nobody answers.
        runtime.shutdown_background();
        ExitCode::from(code)
    }

    async fn go(&self, settings: impl Fn() -> anyhow::Result<Config>, tell: &Tell) -> Result<(), Stop> {
        let config = settings().map_err(|error| Stop::Unusable(format!("{error:#}")))?;
        let token = self.token()?;
        let door = Door::open(self.server.as_deref(), config, token, self.lang).await?;
        let done = if self.dry_run { dry::show(self, &door, tell).await } else { self.walk(&door, tell).await };
        door.close().await;
        done
    }

    fn token(&self) -> Result<String, Stop> {
        // A file that it was read from ends with a line break.
        let token = std::env::var("FAROL_TOKEN").unwrap_or_default().trim().to_owned();
        if token.is_empty() {
            return Err(Stop::Unusable(self.words(
                "FAROL_TOKEN is not set. Make a token on your account page, or with `farol token`. Nothing ran.",
                "FAROL_TOKEN não está definido. Crie um token na página da sua conta, ou com `farol token`. Nada foi executado.",
            )));
        }
        if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Stop::Unusable(self.words(
                "FAROL_TOKEN holds more than a token: a space, a line break or a letter that none has. Nothing ran. Set it to the token alone.",
                "FAROL_TOKEN contém mais que um token: um espaço, uma quebra de linha ou uma letra que nenhum tem. Nada foi executado. Defina só o token.",
            )));
        }
        Ok(token)
    }

    async fn walk(&self, door: &Door, tell: &Tell) -> Result<(), Stop> {
        let ask = Ask::new(self.lang);
        Walk::begin(self, door, tell, &ask).await?.go().await
    }

    fn words(&self, en: &str, pt: &str) -> String {
        Localized::new(en, pt).get(self.lang).to_owned()
    }
}

fn yes_no(text: &str) -> Result<bool, String> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("yes or no is wanted".to_owned()),
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("NAME=VALUE is wanted")?;
    Ok((name.to_owned(), value.to_owned()))
}
