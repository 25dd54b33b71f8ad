//! What a step takes before it runs, and exactly what would run.

mod checks;
mod dry;
mod hold;
mod notes;
mod secrets;

use std::collections::BTreeMap;

use farol_api::approval::{AttemptRequest, Way};
use farol_api::capture::{DIRECTORY, Origin};
use farol_api::confine::{Confinement, Machine};
use farol_api::graph::{Command, CommandLanguage, Node};
use farol_api::hold::HoldTerms;
use farol_api::id::{AttemptId, TargetId};
use farol_api::incident::IncidentState;
use farol_api::policy::{Requirement, requirement};
use farol_api::risk::{Dialect, RiskClass, RiskVerdict};
use farol_api::room::{BlockedReason, Gate, NoteTopic, StepNote};
use farol_api::runbook::Runbook;
use farol_api::target::{DatabaseKind, Target};
use farol_incident::spec::{AttemptSpec, Bind};
use farol_incident::{Asked, AskedPart};
use farol_risk::raise;
use farol_runbook::{BindError, Bound, carry, parameter_name};
use secrecy::{ExposeSecret, SecretString};

pub use self::hold::{Wanted, undo_offer};
pub use self::notes::{notes, notes_of_editors};
use crate::app::App;
use crate::functions::classify;
use crate::pattern;
use crate::problem::ApiError;

/// An incident with what is needed to prepare its steps.
pub struct Plan<'a> {
    /// Its state.
    pub state: &'a IncidentState,
    /// Its runbook.
    pub runbook: &'a Runbook,
    /// All targets.
    pub targets: &'a [Target],
    /// The values of the parameters filled, secret ones too.
    pub values: &'a BTreeMap<String, SecretString>,
    /// The values of the secrets that steps left.
    pub sealed: &'a BTreeMap<String, SecretString>,
}

/// A step ready to be asked for.
pub struct Prepared {
    /// What runs.
    pub spec: AttemptSpec,
    /// The same, as people see it.
    pub request: AttemptRequest,
}

/// What a step comes to on its target.
struct Work {
    bound: Bound,
    computed: RiskVerdict,
    terms: Option<HoldTerms>,
    parts: Vec<AskedPart>,
}

/// All that is decided of an attempt before it is put together.
struct Settled {
    bound: Bound,
    risk: RiskVerdict,
    taken: Requirement,
    asked: Asked,
    /// How many attempts there were before.
    before: usize,
    timeout_seconds: u32,
}

struct Place<'a> {
    target: &'a Target,
    /// The command, with what earlier steps hand to it among its placeholders.
    command: Command,
    /// Variables that earlier steps hand to it.
    carried: Vec<&'a str>,
    way: Way,
    dialect: Dialect,
}

impl Place<'_> {
    /// Returns the class of one text there.
    async fn classify(&self, app: &App, text: &str) -> Result<RiskVerdict, ApiError> {
        let verdicts = classify(app, vec![(self.target, self.dialect, text.to_owned())]).await?;
        verdicts.into_iter().next().ok_or_else(|| anyhow::anyhow!("a text without a verdict").into())
    }
}

impl Plan<'_> {
    /// Returns the gates of all executable steps on the way taken.
    pub async fn gates<'n>(&self, app: &App, nodes: impl Iterator<Item = &'n Node>) -> Result<Vec<Gate>, ApiError> {
        let mut gates = Vec::new();
        let mut texts = Vec::new();
        let ways = |node: &'n Node| self.ways(node).into_iter().map(move |way| (node, way));
        for (node, way) in nodes.filter(|node| node.kind.is_executable()).flat_map(ways) {
            let mut gate = Gate {
                step: node.id.clone(),
                way,
                target: None,
                requirement: None,
                missing: Vec::new(),
                blocked: None,
                dry_run: false,
            };
            match self.place(node, way) {
                Err((reason, target)) => {
                    gate.blocked = Some(reason);
                    gate.target = target.cloned();
                }
                Ok(place) => {
                    gate.target = Some(place.target.clone());
                    match self.bind(&place) {
                        Ok(bound) => texts.push((gates.len(), node, place.target, place.dialect, bound.text)),
                        Err(BindError::Missing(names)) => {
                            gate.missing = names;
                            gate.blocked = Some(BlockedReason::MissingParameter);
                            texts.push((gates.len(), node, place.target, place.dialect, stand_in(&place)));
                        }
                        Err(error) => {
                            gate.blocked = Some(why_unbound(&error));
                            if let Some(parameter) = error.refused_value() {
                                gate.missing = vec![parameter.to_owned()];
                                texts.push((gates.len(), node, place.target, place.dialect, stand_in(&place)));
                            }
                        }
                    }
                }
            }
            gates.push(gate);
        }
        let asked = texts.iter().map(|(_, _, target, dialect, text)| (*target, *dialect, text.clone())).collect();
        let verdicts = classify(app, asked).await?;
        for ((index, node, target, dialect, text), verdict) in texts.iter().zip(verdicts) {
            let gate = &mut gates[*index];
            gate.dry_run = gate.blocked.is_none() && dry::answers(target, *dialect, text, verdict.class);
            gate.requirement = taken(node, raise(verdict, node.attributes.least_risk()).class, target);
            gate.blocked = gate.blocked.or_else(|| obstacle(gate.requirement, target, *dialect));
            let needs = self.state.unmet_needs(&self.runbook.graph, &node.id).next();
            gate.blocked = gate.blocked.or(needs.map(|_| BlockedReason::NeedsUnmet));
        }
        Ok(gates)
    }

    /// Prepares one step: what would run if it were asked for now, in the usual way where none is named.
    pub async fn prepare(
        &self,
        app: &App,
        node: &Node,
        attempt: AttemptId,
        way: Option<Way>,
        hold: Option<bool>,
    ) -> Result<Prepared, ApiError> {
        if !node.kind.is_executable() {
            return Err(farol_incident::Refusal::WrongKind.into());
        }
        if let Some(way) = way.filter(Way::is_dry) {
            return self.prepare_dry(app, node, attempt, way).await;
        }
        let way = way.or_else(|| self.ways(node).first().copied()).unwrap_or_default();
        let place = self.place(node, way).map_err(|(reason, _)| ApiError::Blocked(reason))?;
        let bound = self.bind(&place).map_err(ApiError::Bind)?;
        let computed = place.classify(app, &bound.text).await?;
        let (terms, parts) = hold::terms(app, node, &place, &bound.text, computed.class, hold)?;
        self.assemble(app, node, attempt, &place, Work { bound, computed, terms, parts }).await
    }

    /// Puts together what runs, and what people see of it.
    async fn assemble(
        &self,
        app: &App,
        node: &Node,
        attempt: AttemptId,
        place: &Place<'_>,
        work: Work,
    ) -> Result<Prepared, ApiError> {
        let Work { bound, computed, terms, parts } = work;
        let risk = raise(computed, node.attributes.least_risk());
        let taken =
            taken(node, risk.class, place.target).ok_or(ApiError::Refused(farol_incident::Refusal::ClassRefused))?;
        let demanded = confinement(&app.machine, place)?;
        let target_approvals = place.target.approvals.of(risk.class);
        let asked =
            Asked { confinement: demanded, target_approvals, ..hold::held(self.asked(node, place), terms, parts) };
        let before = self.state.steps.get(&node.id).map_or(0, |step| step.attempts.len());
        let timeout_seconds = node.attributes.timeout_seconds.unwrap_or(place.target.timeout_seconds);
        self.put_together(app, node, attempt, place, Settled { bound, risk, taken, asked, before, timeout_seconds })
    }

    fn put_together(
        &self,
        app: &App,
        node: &Node,
        attempt: AttemptId,
        place: &Place<'_>,
        settled: Settled,
    ) -> Result<Prepared, ApiError> {
        let Settled { bound, risk, taken, asked, before, timeout_seconds } = settled;
        if place.command.language == CommandLanguage::Sql && !place.target.credentials.contains(&taken.credential) {
            return Err(ApiError::Blocked(BlockedReason::NoCredential));
        }
        let valid = chrono::Duration::minutes(i64::from(app.config.approval_minutes));
        let spec = AttemptSpec {
            attempt,
            incident: self.state.id,
            step: node.id.clone(),
            number: u32::try_from(before + 1).unwrap_or(u32::MAX),
            language: place.command.language,
            text: bound.text,
            binds: bound.binds.into_iter().map(|b| Bind { parameter: b.parameter, value: b.value }).collect(),
            env: bound.env,
            literals: bound.literals.into_iter().map(secrets::literal).collect(),
            secrets: self.secrets(&asked),
            versions: self.versions(place),
            target: place.target.id.clone(),
            target_version: place.target.version,
            role: taken.credential,
            class: risk.class,
            classifier_version: app.reader.rules().to_owned(),
            timeout_seconds: timeout_seconds.min(place.target.timeout_seconds).max(1),
            expires_at: app.clock.now() + valid,
            asked,
        };
        let request = AttemptRequest {
            attempt,
            step: node.id.clone(),
            title: node.title.clone(),
            number: spec.number,
            language: spec.language,
            way: place.way,
            text: spec.text.clone(),
            parameters: self.shown_parameters(place, &spec.asked),
            origins: self.origins(place),
            target: spec.target.clone(),
            environment: place.target.environment,
            risk,
            requirement: taken,
            needs_reason: spec.asked.needs_reason,
            expected: spec.asked.expected.clone(),
            hold: spec.asked.hold.clone(),
            reason: None,
            timeout_seconds: spec.timeout_seconds,
            expires_at: spec.expires_at,
            digest: spec.digest(),
        };
        Ok(Prepared { spec, request })
    }

    /// Returns the ways in which a step can run, the usual one first: as it is written, unless its target has no shell.
    fn ways(&self, node: &Node) -> Vec<Way> {
        let Ok(direct) = self.place(node, Way::Direct) else { return vec![Way::Written] };
        if direct.target.shell.is_some() { vec![Way::Written, Way::Direct] } else { vec![Way::Direct, Way::Written] }
    }

    /// Says of steps that use what earlier ones left which attempts that comes from.
    pub fn notes_of_origins<'n>(&self, nodes: impl Iterator<Item = &'n Node>) -> Vec<StepNote> {
        let unsettled =
            nodes.filter(|node| self.state.steps.get(&node.id).is_none_or(|step| !step.status.is_settled()));
        let notes = unsettled.filter_map(|node| {
            let text = notes::origins(&self.origins(&self.place(node, Way::Written).ok()?))?;
            Some(StepNote { step: node.id.clone(), topic: NoteTopic::Origins, met: None, text })
        });
        notes.collect()
    }

    /// Says of the steps that can run in two ways what these differ in.
    pub fn notes_of_ways<'n>(&self, nodes: impl Iterator<Item = &'n Node>) -> Vec<StepNote> {
        let unsettled =
            nodes.filter(|node| self.state.steps.get(&node.id).is_none_or(|step| !step.status.is_settled()));
        let notes = unsettled.filter_map(|node| {
            let place = self.place(node, Way::Direct).ok()?;
            let text = notes::two_ways(farol_runbook::lifted(self.runbook, node)?, &place.target.id);
            Some(StepNote { step: node.id.clone(), topic: NoteTopic::Way, met: None, text })
        });
        notes.collect()
    }

    fn place<'p>(&'p self, node: &'p Node, way: Way) -> Result<Place<'p>, (BlockedReason, Option<&'p Target>)> {
        let written = node.command.as_ref().ok_or((BlockedReason::CannotBind, None))?;
        let target = self.target(node)?;
        if way == Way::Direct || way.is_dry() && written.language != CommandLanguage::Sql {
            let direct = farol_runbook::direct(self.runbook, node);
            let spoken = target.database.map(DatabaseKind::dialect);
            let (command, dialect) = direct
                .filter(|(_, dialect)| spoken == Some(*dialect))
                .ok_or((BlockedReason::NoDatabase, Some(target)))?;
            return Ok(Place { target, command, carried: Vec::new(), way, dialect });
        }
        let dialect = if written.language == CommandLanguage::Sql {
            target.database.ok_or((BlockedReason::NoDatabase, Some(target)))?.dialect()
        } else if target.shell.is_some() {
            Dialect::Shell
        } else {
            return Err((BlockedReason::NoShell, Some(target)));
        };
        let carried = carry::carried(self.runbook, &node.id);
        let command = carry::carrying(written, &carried);
        Ok(Place { target, command, carried, way, dialect })
    }

    fn target<'p>(&'p self, node: &'p Node) -> Result<&'p Target, (BlockedReason, Option<&'p Target>)> {
        let target = match &node.attributes.target {
            Some(name) => name.parse::<TargetId>().ok(),
            None => Some(self.state.target.clone().ok_or((BlockedReason::NoTarget, None))?),
        };
        let target = target.and_then(|id| self.targets.iter().find(|target| target.id == id));
        target.ok_or((BlockedReason::UnknownTarget, None))
    }

    /// Finds the value of a parameter: what a person filled in, what a step left, what the target sets; in this order.
    fn value(&self, target: &Target, parameter: &str, token: &str) -> Option<String> {
        let filled = self.values.get(parameter).map(|value| value.expose_secret().to_owned());
        let left = || self.left(parameter).map(|(value, _)| value.to_owned());
        filled.or_else(left).or_else(|| set_by_target(target, token))
    }

    /// Finds what a step left under the name of a parameter. What does not match its pattern is asked for instead.
    fn left(&self, parameter: &str) -> Option<(&str, &Origin)> {
        let known = self.runbook.parameters.iter().find(|known| known.name == parameter);
        let shown = self.state.captured.iter().find(|(name, _)| parameter_name(name) == parameter);
        let shown = shown.map(|(_, left)| (left.value.as_str(), &left.from));
        let sealed = || {
            let (name, from) = notes::sealed(self.state, parameter)?;
            Some((self.sealed.get(name)?.expose_secret(), from))
        };
        let (value, from) = shown.or_else(sealed)?;
        known.is_none_or(|known| pattern::check(known, value).is_ok()).then_some((value, from))
    }

    fn bind(&self, place: &Place<'_>) -> Result<Bound, BindError> {
        let wanted =
            place.command.placeholders.iter().filter_map(|used| {
                Some((used.parameter.clone(), self.value(place.target, &used.parameter, &used.token)?))
            });
        let mut bound = farol_runbook::bind(&place.command, place.dialect, &wanted.collect())?;
        let carried = place.carried.iter().filter_map(|variable| {
            let value = self.value(place.target, &parameter_name(variable), &format!("${variable}"))?;
            Some(((*variable).to_owned(), value))
        });
        carry::hand_on(&mut bound, &place.command, &carried.collect())?;
        // The text is shown and recorded, and with it what stands in it.
        bound.seal(|parameter| self.is_secret(parameter))
    }

    /// What its author asks for, with what the step keeps for later ones and the folder that it begins in.
    fn asked(&self, node: &Node, place: &Place<'_>) -> Asked {
        let kept = carry::kept(self.runbook, node);
        let directory = self.state.directories.get(&place.target.id).filter(|_| place.dialect == Dialect::Shell);
        let variables = if place.way == Way::Written { kept.variables } else { Vec::new() };
        Asked {
            variables,
            results: kept.results,
            directory: directory.map(|left| left.value.clone()),
            direct: place.way == Way::Direct,
            ..Asked::of(self.state, node)
        }
    }

    /// The parameters that a step uses, and the token that each stands as.
    fn used(place: &Place<'_>) -> BTreeMap<String, String> {
        let used = place.command.placeholders.iter().map(|used| (used.parameter.clone(), used.token.clone()));
        used.chain(place.carried.iter().map(|name| (parameter_name(name), format!("${name}")))).collect()
    }

    fn shown_parameters(&self, place: &Place<'_>, asked: &Asked) -> BTreeMap<String, Option<String>> {
        let used = Self::used(place).into_iter().filter_map(|(name, token)| {
            let value = Some(self.value(place.target, &name, &token)?);
            let shown = value.filter(|_| !self.is_secret(&name));
            Some((name, shown))
        });
        let directory = asked.directory.clone().map(|folder| (DIRECTORY.to_owned(), Some(folder)));
        used.chain(directory).collect()
    }

    /// Where values come from that nobody filled in.
    fn origins(&self, place: &Place<'_>) -> BTreeMap<String, Origin> {
        let used = Self::used(place).into_keys().filter(|name| !self.values.contains_key(name));
        let left = used.filter_map(|name| Some((self.left(&name)?.1.clone(), name)));
        let directory = self.state.directories.get(&place.target.id).filter(|_| place.dialect == Dialect::Shell);
        let directory = directory.map(|left| (left.from.clone(), DIRECTORY.to_owned()));
        left.chain(directory).map(|(from, name)| (name, from)).collect()
    }
}

/// Returns the least confinement that a target demands of scripts, where this machine gives it.
fn confinement(machine: &Machine, place: &Place<'_>) -> Result<Option<Confinement>, ApiError> {
    let shell = place.target.shell.as_ref().filter(|_| place.command.language == CommandLanguage::Shell);
    let Some(shell) = shell else { return Ok(None) };
    let least = shell.least_confinement;
    match machine.refuses(shell, least) {
        Some(lacks) => Err(ApiError::NotConfined(lacks)),
        None => Ok(Some(least).filter(|least| !least.is_least())),
    }
}

/// The value of a variable (`$NAME`, `${NAME}`) that the target's own shell settings hold.
fn set_by_target(target: &Target, token: &str) -> Option<String> {
    let name = token.strip_prefix('$')?.trim_start_matches('{').trim_end_matches('}');
    target.shell.as_ref()?.env.get(name).cloned()
}

/// The command with stand-ins for what is not filled yet, so that its class can be told already.
fn stand_in(place: &Place<'_>) -> String {
    with_stand_ins(place).map_or_else(|_| place.command.text.clone(), |bound| bound.text)
}

fn with_stand_ins(place: &Place<'_>) -> Result<Bound, BindError> {
    let values = place.command.placeholders.iter().map(|used| (used.parameter.clone(), "1".to_owned())).collect();
    farol_runbook::bind(&place.command, place.dialect, &values)
}

/// What a step takes on a target: what its class takes, and what its author and the target ask for beside it.
pub(crate) fn taken(node: &Node, class: RiskClass, target: &Target) -> Option<Requirement> {
    let taken = requirement(class, target.environment)?;
    Some(taken.with_others(node.attributes.least_approvals()).with_others(target.approvals.of(class)))
}

/// Says why a step's values cannot be put into its text.
pub(crate) fn why_unbound(error: &BindError) -> BlockedReason {
    match error {
        BindError::Missing(_) => BlockedReason::MissingParameter,
        BindError::Nul { .. } | BindError::NotPlain { .. } => BlockedReason::ValueNotPlain,
        BindError::LooksLikeOption { .. } => BlockedReason::ValueLooksLikeOption,
        BindError::InvalidName { .. } => BlockedReason::ValueNotAName,
        BindError::NotInName { .. } => BlockedReason::ValueNotInName,
        BindError::NotANumber { .. } => BlockedReason::ValueNotANumber,
        BindError::NotLiteral { .. } => BlockedReason::ValueNotLiteral,
        BindError::NotPiece { .. } => BlockedReason::ValueNotPiece,
        BindError::SecretInText { .. } => BlockedReason::SecretInText,
        _ => BlockedReason::CannotBind,
    }
}

/// Says what stands in the way once the class is known.
fn obstacle(taken: Option<Requirement>, target: &Target, dialect: Dialect) -> Option<BlockedReason> {
    let Some(taken) = taken else { return Some(BlockedReason::RefusedClass) };
    let lacks = dialect != Dialect::Shell && !target.credentials.contains(&taken.credential);
    lacks.then_some(BlockedReason::NoCredential)
}
