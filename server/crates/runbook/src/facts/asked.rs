//! Sample values that are asked for: nothing marks them, but as they stand nobody means them.

use std::collections::BTreeMap;

use farol_api::graph::{Command, CommandLanguage, Node, PlaceholderUse, StepGraph};
use farol_api::risk::Dialect;
use farol_api::runbook::{Parameter, ParameterKind, Sample};
use farol_api::text::Span;
use rustc_hash::{FxHashMap, FxHashSet};

use super::samples;
use crate::bind::bind;
use crate::params::name_of;

/// Collects sample values, each once, in order, and makes placeholders of those in steps that run, wherever a value can stand.
pub fn read(graph: &mut StepGraph) -> Vec<Sample> {
    let mut found = samples::all(graph);
    if found.is_empty() {
        return found;
    }
    let mut names = Names::of(graph);
    let holding: FxHashSet<_> = found.iter().flat_map(|sample| &sample.steps).cloned().collect();
    for node in graph.nodes.iter_mut().filter(|node| node.kind.is_executable() && holding.contains(&node.id)) {
        ask(node, &mut names);
    }
    for sample in &mut found {
        sample.parameter = names.known.remove(&sample.token);
    }
    found
}

/// Tells parameters that are samples what the text shows.
pub fn describe(parameters: &mut [Parameter], samples: &[Sample]) {
    let samples: FxHashMap<&str, &Sample> = samples.iter().map(|sample| (sample.token.as_str(), sample)).collect();
    for parameter in parameters {
        // Where another step marks it, that says what it is.
        let Some(sample) = samples.get(parameter.token.as_str()) else { continue };
        parameter.kind = sample.kind;
        parameter.secret |= sample.kind == ParameterKind::Secret;
        if parameter.secret {
            continue;
        }
        let shown = if samples::may_be_meant(sample) { &mut parameter.default } else { &mut parameter.example };
        shown.get_or_insert_with(|| sample.token.clone());
    }
}

/// Makes placeholders of the sample values of a step.
fn ask(node: &mut Node, names: &mut Names) {
    let Some(command) = node.command.as_deref_mut() else { return };
    for (range, kind) in samples::find(command) {
        let token = command.text[range.clone()].to_owned();
        let place = command.placeholders.partition_point(|used| used.span.start < range.start);
        let parameter = names.of_token(&token, kind, &command.text[..range.start]);
        let used = PlaceholderUse { parameter, token, span: Span::from(range) };
        command.placeholders.insert(place, used);
        if can_be_filled(command, place) {
            names.settle(&command.placeholders[place]);
        } else {
            // It runs as it stands, as it would if nobody had seen it.
            command.placeholders.remove(place);
        }
    }
}

/// Tells whether one of the placeholders is filled in where the command runs: it may stand in a comment, or where no value can.
/// Which database it is for is not known here, so it has to find its place in all of them.
fn can_be_filled(command: &Command, place: usize) -> bool {
    let dialects: &[Dialect] = match command.language {
        CommandLanguage::Shell => &[Dialect::Shell],
        CommandLanguage::Sql => &[Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite],
        CommandLanguage::Http | CommandLanguage::Other => &[],
    };
    let mut values: BTreeMap<_, _> =
        command.placeholders.iter().map(|used| (used.parameter.clone(), "1".to_owned())).collect();
    if dialects.is_empty() || !dialects.iter().all(|dialect| bind(command, *dialect, &values).is_ok()) {
        return false;
    }
    values.remove(&command.placeholders[place].parameter);
    bind(command, dialects[0], &values).is_err()
}

/// What parameters are called.
struct Names {
    /// All names that there are.
    taken: FxHashSet<String>,
    /// The name of each sample.
    known: FxHashMap<String, String>,
    /// The last number behind each name, so that no name is tried twice.
    numbers: FxHashMap<String, usize>,
}

impl Names {
    fn of(graph: &StepGraph) -> Self {
        let used = graph.nodes.iter().flat_map(|node| &node.command).flat_map(|command| &command.placeholders);
        let taken = used.map(|used| used.parameter.clone()).collect();
        Self { taken, known: FxHashMap::default(), numbers: FxHashMap::default() }
    }

    /// The same token is asked for once, and together with a placeholder of its name (`pid` and `<pid>`).
    fn of_token(&mut self, token: &str, kind: ParameterKind, before: &str) -> String {
        if let Some(name) = self.known.get(token) {
            return name.clone();
        }
        let name = name_of(token);
        let base = match kind {
            _ if self.taken.contains(&name) => return name,
            ParameterKind::Name => name,
            ParameterKind::Pid => "pid".to_owned(),
            ParameterKind::Timestamp => option(before).unwrap_or_else(|| "time".to_owned()),
            ParameterKind::Path => option(before).unwrap_or_else(|| "file".to_owned()),
            ParameterKind::Secret => "login".to_owned(),
            ParameterKind::Host => "host".to_owned(),
            _ => "email".to_owned(),
        };
        if !self.taken.contains(&base) {
            return base;
        }
        let number = self.numbers.entry(base.clone()).or_insert(1);
        loop {
            *number += 1;
            let name = format!("{base}_{number}");
            if !self.taken.contains(&name) {
                return name;
            }
        }
    }

    fn settle(&mut self, used: &PlaceholderUse) {
        self.taken.insert(used.parameter.clone());
        self.known.insert(used.token.clone(), used.parameter.clone());
    }
}

/// The long option that a value belongs to: `--restore-time 2024-…`.
fn option(before: &str) -> Option<String> {
    let before = before.trim_end_matches(['"', '\'']);
    let word = before.trim_end_matches([' ', '=']).rsplit(char::is_whitespace).next()?;
    let name = word.strip_prefix("--").filter(|name| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))?;
    Some(name_of(name)).filter(|name| name.len() > 1)
}
