//! The way through an incident, step by step.

use farol_api::graph::{Node, NodeKind};
use farol_api::id::{IncidentId, RunbookId};
use farol_api::incident::StepStatus;
use farol_api::paths;
use farol_api::request::{ChooseBranch, Declare, Declared, Events, FinishStep, SetParameter, StepReason};
use farol_api::room::{NoteTopic, RoomView, StepNote};
use farol_api::runbook::RunbookDetail;
use farol_api::text::Localized;

use super::ask::Ask;
use super::door::Door;
use super::given::{self, wrong};
use super::tell::Tell;
use super::wish::Wish;
use super::{Run, Stop};

/// An incident under way.
pub(super) struct Walk<'a> {
    pub run: &'a Run,
    pub door: &'a Door,
    pub tell: &'a Tell,
    pub ask: &'a Ask,
    pub id: IncidentId,
    pub room: RoomView,
    /// Heard from the first attempt on: before it nothing runs, and without a question a signal ends the program.
    pub wish: Option<Wish>,
}

impl<'a> Walk<'a> {
    /// Declares the incident, or goes on with the one that is named, and fills the parameters.
    pub async fn begin(run: &'a Run, door: &'a Door, tell: &'a Tell, ask: &'a Ask) -> Result<Self, Stop> {
        let (id, values) = match (run.incident, &run.runbook) {
            (Some(id), _) => (id, None),
            (None, Some(runbook)) => {
                let (id, values) = declare(run, door, runbook).await?;
                (id, Some(values))
            }
            (None, None) => return Err(Stop::Unusable(run.words("Name a runbook.", "Indique um runbook."))),
        };
        let room: RoomView = door.get(&paths::api_incident(id)).await?;
        let values = match values {
            Some(values) => values,
            None => {
                is_the_one(run, &room)?;
                given::check(run, &room.graph, &room.parameters)?
            }
        };
        tell.incident(id, &room.state.title, door.page(&paths::incident(id)).as_deref());
        let mut walk = Self { run, door, tell, ask, id, room, wish: None };
        for (name, value) in values {
            walk.fill(&name, value).await?;
        }
        walk.reload().await?;
        Ok(walk)
    }

    /// Goes on until everything that was asked for is settled.
    pub async fn go(&mut self) -> Result<(), Stop> {
        if !self.run.step.is_empty() {
            for step in &self.run.step {
                let node = given::step(self.run, &self.room.graph, step)?.clone();
                self.settle(&node).await?;
            }
            return Ok(());
        }
        while let Some(node) = self.next().cloned() {
            self.settle(&node).await?;
            self.reload().await?;
            if !self.room.status(&node.id).is_settled() && self.next().is_some_and(|next| next.id == node.id) {
                return Err(Stop::Failed(self.say("The step is not settled.", "O passo não está concluído.")));
            }
        }
        Ok(())
    }

    fn next(&self) -> Option<&Node> {
        self.room.focus()
    }

    async fn settle(&mut self, node: &Node) -> Result<(), Stop> {
        if self.wish.as_mut().is_some_and(Wish::has_come) || self.ask.is_left().await {
            return Err(Stop::Failed(self.say_string(
                format!("Stopped before “{}”; go on with --incident {}.", node.title, self.id),
                format!("Parou antes de “{}”; continue com --incident {}.", node.title, self.id),
            )));
        }
        let steps: Vec<_> = self.room.path().filter(|node| node.kind.is_step()).collect();
        let place = steps.iter().position(|other| other.id == node.id).map_or(0, |at| at + 1);
        self.tell.step(node, (place, steps.len()));
        for prohibition in self.room.prohibitions_for(node) {
            self.tell.prohibition(&prohibition.title);
        }
        if self.room.status(&node.id) == StepStatus::OutcomeUnknown {
            return Err(self.unknown(
                node,
                "Nobody knows how this step ended before. Settle it in the incident first.",
                "Ninguém sabe como este passo terminou antes. Resolva-o primeiro no incidente.",
            ));
        }
        match node.kind {
            NodeKind::Sql | NodeKind::Shell => self.run_step(node).await,
            NodeKind::Decision => self.choose(node).await,
            _ => self.by_hand(node).await,
        }
    }

    /// Says that nobody knows how a step ended, and what the runbook has to find that out.
    pub fn unknown(&self, node: &Node, en: &str, pt: &str) -> Stop {
        let about = |note: &&StepNote| note.step == node.id && note.topic == NoteTopic::Checks;
        let checks = self.room.notes.iter().find(about).map(|note| &note.text);
        Stop::Unknown(match checks {
            Some(Localized { en: more, pt: mais }) => self.say_string(format!("{en} {more}"), format!("{pt} {mais}")),
            None => self.say(en, pt),
        })
    }

    async fn choose(&mut self, node: &Node) -> Result<(), Stop> {
        let labels: Vec<_> = node.arms.iter().map(|arm| arm.label.as_str()).collect();
        let wanted =
            self.run.choose.iter().find(|(step, _)| *step == node.id.as_str()).map(|(_, branch)| branch.clone());
        let wanted = match wanted {
            Some(branch) => Some(branch),
            None => {
                let list: String =
                    labels.iter().enumerate().map(|(index, label)| format!("  {}. {label}\n", index + 1)).collect();
                self.ask.line(&format!("{list}Which branch?"), &format!("{list}Qual caminho?")).await
            }
        };
        let Some(wanted) = wanted else {
            return Err(Stop::Person(self.say_string(
                format!("A branch has to be chosen: --choose {}=BRANCH, one of: {}.", node.id, labels.join(" | ")),
                format!("É preciso escolher um caminho: --choose {}=CAMINHO, um de: {}.", node.id, labels.join(" | ")),
            )));
        };
        let arm = given::arm(self.run, node, &wanted)?;
        let _: Events =
            self.door.post(&paths::api_choice(self.id, &node.id), &ChooseBranch { arm, reason: None }).await?;
        self.tell.settled(node, labels[arm]);
        Ok(())
    }

    /// What only a person can do: they say so, or it is left out with a reason.
    async fn by_hand(&mut self, node: &Node) -> Result<(), Stop> {
        if let Some(reason) = &self.run.skip_manual {
            let body = StepReason { reason: reason.clone() };
            let _: Events = self.door.post(&paths::api_skipped(self.id, &node.id), &body).await?;
            self.tell.settled(node, self.tell.words("left out", "deixado de fora"));
            return Ok(());
        }
        if !self.ask.can() {
            return Err(Stop::Person(self.say_string(
                format!("“{}” is for a person. Do it and mark it in the incident, then go on with --incident {}; or give --skip-manual REASON.", node.title, self.id),
                format!("“{}” cabe a uma pessoa. Faça e marque no incidente, depois continue com --incident {}; ou use --skip-manual MOTIVO.", node.title, self.id),
            )));
        }
        if !node.text.is_empty() {
            self.tell.note(&super::tell::indented(&node.text));
        }
        if self.ask.yes("Done?", "Feito?").await {
            let observed =
                self.ask.line("What did you see? (may be empty)", "O que você viu? (pode ficar vazio)").await;
            let _: Events = self.door.post(&paths::api_done(self.id, &node.id), &FinishStep { observed }).await?;
            self.tell.settled(node, self.tell.words("done", "feito"));
            return Ok(());
        }
        let Some(reason) = self.ask.line("Leave it out? Why:", "Deixar de fora? Por quê:").await else {
            return Err(Stop::Person(self.say_string(
                format!("Stopped at “{}”; go on with --incident {}.", node.title, self.id),
                format!("Parou em “{}”; continue com --incident {}.", node.title, self.id),
            )));
        };
        let _: Events = self.door.post(&paths::api_skipped(self.id, &node.id), &StepReason { reason }).await?;
        self.tell.settled(node, self.tell.words("left out", "deixado de fora"));
        Ok(())
    }

    pub async fn fill(&self, name: &str, value: String) -> Result<(), Stop> {
        let body = SetParameter { name: name.to_owned(), value };
        let _: Events = self.door.post(&paths::api_parameters(self.id), &body).await?;
        Ok(())
    }

    pub async fn reload(&mut self) -> Result<(), Stop> {
        self.room = self.door.get(&paths::api_incident(self.id)).await?;
        Ok(())
    }

    /// Folds in what happened since, as the browser does.
    pub async fn catch_up(&mut self) -> Result<(), Stop> {
        let path = format!("{}?after={}", paths::api_events(self.id), self.room.state.last_seq);
        let fresh: Events = self.door.get(&path).await?;
        fresh.events.iter().for_each(|event| self.room.apply(event));
        Ok(())
    }

    pub fn say(&self, en: &str, pt: &str) -> String {
        self.run.words(en, pt)
    }

    pub fn say_string(&self, en: String, pt: String) -> String {
        Localized::new(en, pt).get(self.run.lang).to_owned()
    }
}

/// Finds a runbook of the library.
pub(super) async fn find(run: &Run, door: &Door, named: &str) -> Result<RunbookDetail, Stop> {
    let not_there = || {
        Stop::Unusable(
            Localized::new(
                format!("The library has no runbook {named}. Nothing ran. `farol import FILE` brings a file there; it is then named by its id."),
                format!("A biblioteca não tem o runbook {named}. Nada foi executado. `farol import ARQUIVO` leva um arquivo para lá; depois ele é indicado pelo seu id."),
            )
            .get(run.lang)
            .to_owned(),
        )
    };
    let id: RunbookId = named.parse().map_err(|_| not_there())?;
    let found = door.try_get(&paths::api_runbook(&id)).await?;
    found.map_err(|problem| if problem.status == 404 { not_there() } else { Stop::refused(&problem) })
}

/// An incident has its runbook and its target already: another one that is named would silently not count.
pub(super) fn is_the_one(run: &Run, room: &RoomView) -> Result<(), Stop> {
    let (id, state) = (room.state.id, &room.state);
    let runbook = state.runbook.as_ref().map(|runbook| runbook.id.as_str());
    if run.runbook.is_some() && run.runbook.as_deref() != runbook {
        let is = runbook.unwrap_or("–");
        return Err(wrong(
            run,
            format!("Incident {id} is walked by the runbook {is}, not by the one that is named. Nothing ran."),
            format!("O incidente {id} segue o runbook {is}, não o indicado. Nada foi executado."),
        ));
    }
    if run.target.is_some() && run.target != state.target {
        let is = state.target.as_ref().map_or("–", |target| target.as_str());
        return Err(wrong(
            run,
            format!("Incident {id} is on the target {is}, not on the one that is named. Nothing ran."),
            format!("O incidente {id} é no alvo {is}, não no indicado. Nada foi executado."),
        ));
    }
    Ok(())
}

/// Declares an incident, once all that was given is known to fit; returns the parameters' values beside it.
async fn declare(run: &Run, door: &Door, runbook: &str) -> Result<(IncidentId, Vec<(String, String)>), Stop> {
    let RunbookDetail { id, runbook, .. } = find(run, door, runbook).await?;
    if !runbook.graph.nodes.iter().any(|node| node.kind.is_step()) {
        return Err(Stop::Unusable(run.words(
            "The runbook has no steps; `farol inspect` shows how it is read. No incident was declared.",
            "O runbook não tem passos; `farol inspect` mostra como ele é lido. Nenhum incidente foi declarado.",
        )));
    }
    // Steps hand values on that a person may fill in as well, as the room lets them.
    let runbook = farol_runbook::carry::with_carried(runbook);
    let values = given::check(run, &runbook.graph, &runbook.parameters)?;
    let declare = Declare {
        title: run.title.clone().unwrap_or(runbook.title),
        severity: None,
        runbook: Some(id),
        target: run.target.clone(),
        drill: run.drill,
    };
    let body = serde_json::to_vec(&declare).map_err(|error| Stop::Unusable(error.to_string()))?;
    let declared = door.try_post::<Declared>(&paths::api_incidents(), body).await?;
    let declared = declared.map_err(|problem| match Stop::refused(&problem) {
        Stop::Failed(text) if problem.code == "invalid" => Stop::Unusable(text),
        stop => stop,
    })?;
    Ok((declared.id, values))
}
