//! One attempt: shown, asked for as its class takes it, followed to its end.

use std::time::Duration;

use farol_api::approval::AttemptRequest;
use farol_api::event::{AttemptResult, Outcome};
use farol_api::graph::Node;
use farol_api::id::AttemptId;
use farol_api::output::OutputChunk;
use farol_api::paths;
use farol_api::policy::RequesterAct;
use farol_api::problem::{FieldError, Problem};
use farol_api::request::{AttemptStarted, Events, StartAttempt};

use super::Stop;
use super::walk::Walk;
use super::wish::Wish;

/// How often it is looked how an attempt goes.
const LOOK_EVERY: Duration = Duration::from_millis(150);

impl Walk<'_> {
    /// Runs an executable step to its end.
    pub async fn run_step(&mut self, node: &Node) -> Result<(), Stop> {
        let request = self.preview(node).await?;
        self.tell.request(&request);
        let consent = self.consent(&request).await?;
        let mut wish = match self.wish.take() {
            Some(wish) => wish,
            None => Wish::listen().map_err(|error| Stop::Unusable(error.to_string()))?,
        };
        let started = self.ask_for(node, &consent).await?;
        if request.requirement.approvals > 0 {
            self.tell.waiting(self.door.page(&paths::incident(self.id)).as_deref());
        }
        let followed = self.follow(started.attempt, &mut wish).await;
        self.wish = Some(wish);
        let (result, undecided) = followed.map_err(|stop| stop.under_way(self.run))?;
        self.tell.finished(node, &result);
        if undecided {
            return Err(Stop::Person(self.say(
                "What the step changed was held and rolled back, for nobody was there to decide; give --commit after you have seen it.",
                "O que o passo alterou foi retido e desfeito, pois ninguém estava ali para decidir; use --commit depois de vê-lo.",
            )));
        }
        match result.outcome {
            Outcome::Succeeded => Ok(()),
            Outcome::OutcomeUnknown => {
                // What the runbook has to find it out is told with the room.
                let _ = self.reload().await;
                Err(self.unknown(
                    node,
                    "Nobody knows how the step ended. It is never repeated by itself: look at the target, then decide in the incident.",
                    "Ninguém sabe como o passo terminou. Ele nunca é repetido sozinho: olhe o alvo e decida no incidente.",
                ))
            }
            Outcome::Voided => Err(Stop::Failed(self.say(
                "The step did not run: it was refused or withdrawn, or what was approved had changed or expired.",
                "O passo não foi executado: foi recusado ou retirado, ou o que foi aprovado mudou ou expirou.",
            ))),
            Outcome::Cancelled if self.was_held(started.attempt) => Err(Stop::Failed(self.say(
                "The step was stopped before anybody decided; what it had changed is rolled back.",
                "O passo foi interrompido antes de alguém decidir; o que ele tinha alterado foi desfeito.",
            ))),
            Outcome::Cancelled => Err(Stop::Failed(self.say("The step was stopped.", "O passo foi interrompido."))),
            Outcome::Failed | Outcome::TimedOut => {
                Err(Stop::Failed(self.say("The step did not end well.", "O passo não terminou bem.")))
            }
        }
    }

    /// Asks for the attempt. Where the server fails or goes meanwhile, it may have taken it.
    async fn ask_for(&self, node: &Node, consent: &StartAttempt) -> Result<AttemptStarted, Stop> {
        let body = serde_json::to_vec(consent).map_err(|error| Stop::Unusable(error.to_string()))?;
        let asked = self.door.try_post(&paths::api_attempts(self.id, &node.id), body).await;
        asked.map_err(|stop| stop.under_way(self.run))?.map_err(|problem| match Stop::refused(&problem) {
            stop if problem.status >= 500 => stop.under_way(self.run),
            stop => stop,
        })
    }

    /// Reads exactly what would run; asks for parameters that are missing, where somebody is there.
    async fn preview(&mut self, node: &Node) -> Result<AttemptRequest, Stop> {
        loop {
            let mut path = paths::api_attempts(self.id, &node.id);
            if let Some(hold) = self.run.hold {
                path.push_str(&format!("?hold={hold}"));
            }
            let problem = match self.door.try_get::<AttemptRequest>(&path).await? {
                Ok(request) => return Ok(request),
                Err(problem) => problem,
            };
            let refused = problem.code == "value_refused";
            let wrong = problem.errors.first().filter(|_| refused || problem.code == "missing_parameter");
            let Some(FieldError { field: name, message }) = wrong else { return Err(blocked(&problem)) };
            let asks = if refused { format!("{name}: {message}\n{name} =") } else { format!("{name} =") };
            let Some(value) = self.ask.line(&asks, &asks).await else {
                if refused {
                    return Err(blocked(&problem));
                }
                return Err(Stop::Person(self.say_string(
                    format!("The parameter {name} is not filled; give it with --param {name}=VALUE."),
                    format!("O parâmetro {name} não está preenchido; informe-o com --param {name}=VALOR."),
                )));
            };
            self.fill(name, value).await?;
        }
    }

    /// Does what the class takes of the one who asks.
    async fn consent(&self, request: &AttemptRequest) -> Result<StartAttempt, Stop> {
        let takes = request.requirement.requester;
        let mut consent = StartAttempt {
            digest: request.digest.clone(),
            typed_target: None,
            reason: self.run.reason.clone(),
            confirmed: false,
            way: Some(request.way),
            hold: self.run.hold,
        };
        if matches!(takes, RequesterAct::Confirm | RequesterAct::Review) {
            consent.confirmed = self.run.yes || self.ask.yes("Run it?", "Executar?").await;
            if !consent.confirmed {
                return Err(Stop::Person(self.say(
                    "The step does more than read and was not confirmed; give --yes after you have seen it.",
                    "O passo faz mais do que ler e não foi confirmado; use --yes depois de vê-lo.",
                )));
            }
        }
        if matches!(takes, RequesterAct::TypeTarget | RequesterAct::TypeTargetAndReason) {
            consent.confirmed = true;
            consent.typed_target = match &self.run.confirm_target {
                Some(target) => Some(target.clone()),
                None => {
                    self.ask.line("Type the target's name to run it:", "Digite o nome do alvo para executar:").await
                }
            };
            if consent.typed_target.is_none() {
                return Err(Stop::Person(self.say(
                    "The step takes the target's name, typed; give --confirm-target NAME after you have seen it.",
                    "O passo exige o nome do alvo digitado; use --confirm-target NOME depois de vê-lo.",
                )));
            }
        }
        let wants_reason = takes == RequesterAct::TypeTargetAndReason || request.needs_reason;
        if wants_reason && consent.reason.is_none() {
            consent.reason = self.ask.line("Reason:", "Motivo:").await;
            if consent.reason.is_none() {
                return Err(Stop::Person(self.say(
                    "The step takes a reason; give --reason TEXT.",
                    "O passo exige um motivo; use --reason TEXTO.",
                )));
            }
        }
        Ok(consent)
    }

    /// Prints what comes, until there is a result. Ctrl-C (or SIGTERM, SIGHUP) asks the attempt to stop and goes on watching; a second
    /// one leaves.
    ///
    /// What is held is decided here, once; true where nobody was there to decide.
    async fn follow(&mut self, attempt: AttemptId, wish: &mut Wish) -> Result<(AttemptResult, bool), Stop> {
        let mut seen = 0;
        let (mut asked, mut undecided) = (false, false);
        let mut stopping = false;
        loop {
            let result = self.room.state.attempts.get(&attempt).and_then(|attempt| attempt.result.clone());
            let before = seen;
            seen = self.print_output(attempt, seen).await?;
            if let Some(result) = result {
                // One answer holds so much; there may be more.
                if seen > before {
                    continue;
                }
                return Ok((result, undecided));
            }
            if !asked && let Some(held) = self.held(attempt) {
                asked = true;
                undecided = self.decide(attempt, &held).await?;
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = wish.comes() => {
                    if std::mem::replace(&mut stopping, true) {
                        return Err(Stop::Unknown(self.say(
                            "Left before the step had stopped. How it ends stands in the incident.",
                            "Saiu antes de o passo parar. Como ele termina fica no incidente.",
                        )));
                    }
                    self.stop(attempt).await?;
                }
            }
            self.catch_up().await?;
        }
    }

    /// Asks an attempt to stop. One that has ended meanwhile is told by its end.
    async fn stop(&self, attempt: AttemptId) -> Result<(), Stop> {
        let asked = self.door.try_post::<Events>(&paths::api_cancellation(self.id, attempt), b"null".to_vec()).await?;
        match asked {
            Err(problem) if problem.code != "attempt_over" => Err(Stop::refused(&problem)),
            _ => Ok(()),
        }
    }

    async fn print_output(&self, attempt: AttemptId, after: i64) -> Result<i64, Stop> {
        let path = format!("{}?after={after}", paths::api_output(self.id, attempt));
        let chunks: Vec<OutputChunk> = self.door.get(&path).await?;
        chunks.iter().for_each(|chunk| self.tell.output(&chunk.content));
        Ok(chunks.last().map_or(after, |chunk| chunk.seq))
    }
}

/// A step that cannot run as things are wants a person, not another try.
fn blocked(problem: &Problem) -> Stop {
    match Stop::refused(problem) {
        Stop::Failed(text) => Stop::Person(text),
        stop => stop,
    }
}
