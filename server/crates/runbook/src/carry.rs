//! What one step hands to another: variables that its command sets, and what comes out of it.

use std::collections::BTreeMap;

use farol_api::graph::{Command, CommandLanguage, Node};
use farol_api::id::StepId;
use farol_api::runbook::{Parameter, ParameterKind, Runbook};

use crate::bind::{BindError, Bound, is_dangerous, is_loose, reads_code};
use crate::params::{self, Assigned, name_of};

/// What a step keeps for later ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Variables of its script.
    pub variables: Vec<String>,
    /// Names for what comes out of it.
    pub results: Vec<String>,
}

/// Returns what a step keeps: variables that later steps use, ask for or compare, and what its author names.
pub fn kept(runbook: &Runbook, node: &Node) -> Kept {
    let Some(command) = &node.command else { return Kept::default() };
    let set = if command.language == CommandLanguage::Shell { params::assigned(&command.text) } else { Vec::new() };
    let (named, results): (Vec<_>, Vec<_>) = node.attributes.captures().partition(|name| set.contains(name));
    let mut variables: Vec<String> = Vec::new();
    for name in set {
        let used = runbook.captures.iter().any(|capture| capture.step == node.id && capture.name == name);
        let wanted = used || named.contains(&name) || is_asked_for(runbook, node, name);
        if wanted && !variables.iter().any(|known| known == name) {
            variables.push(name.to_owned());
        }
    }
    Kept { variables, results: results.into_iter().map(str::to_owned).collect() }
}

/// Tells whether another step has a placeholder or a condition of this name.
fn is_asked_for(runbook: &Runbook, node: &Node, variable: &str) -> bool {
    let name = name_of(variable);
    let asked = runbook.parameters.iter().any(|p| p.name == name && p.steps.iter().any(|step| *step != node.id));
    let compared = |other: &Node| {
        let written = other.attributes.condition().and_then(|text| text.split(['=', '!', '<', '>']).next());
        written.is_some_and(|written| name_of(written) == name)
    };
    asked || runbook.graph.nodes.iter().any(compared)
}

/// Tells whether a value of this name must not be shown.
pub fn is_secret(runbook: &Runbook, name: &str) -> bool {
    let name = name_of(name);
    params::is_secret(&name) || runbook.parameters.iter().any(|parameter| parameter.name == name && parameter.secret)
}

/// Returns the variables that a step gets from earlier ones.
pub fn carried<'r>(runbook: &'r Runbook, step: &StepId) -> Vec<&'r str> {
    let used = runbook.captures.iter().filter(|capture| capture.used_by.contains(step));
    let mut names: Vec<_> = used.map(|capture| capture.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Returns a command whose carried variables are placeholders too, so that they are filled and checked as such.
pub fn carrying(command: &Command, variables: &[&str]) -> Command {
    let mut command = command.clone();
    if variables.is_empty() || command.language != CommandLanguage::Shell {
        return command;
    }
    let of = |token: &str| token.trim_start_matches(['$', '{']).trim_end_matches('}').to_owned();
    let mut found = params::find(CommandLanguage::Shell, &command.text, &Assigned::default());
    found.retain(|used| used.token.starts_with('$') && variables.contains(&of(&used.token).as_str()));
    let free = |span: farol_api::text::Span, others: &[farol_api::graph::PlaceholderUse]| {
        others.iter().all(|other| span.end <= other.span.start || other.span.end <= span.start)
    };
    found.retain(|used| free(used.span, &command.placeholders));
    command.placeholders.extend(found);
    command.placeholders.sort_by_key(|used| used.span.start);
    command
}

/// Hands on carried variables that stand where no placeholder does, as in `${COPY%.gz}`.
///
/// # Errors
/// [`BindError::NotPlain`] where another program might read the value as code, [`BindError::DangerousVariable`] where
/// its name would change how the shell works.
pub fn hand_on(bound: &mut Bound, command: &Command, values: &BTreeMap<String, String>) -> Result<(), BindError> {
    for (variable, value) in values {
        if bound.env.contains_key(variable) {
            continue;
        }
        if is_dangerous(variable) {
            return Err(BindError::DangerousVariable { name: variable.clone() });
        }
        if reads_code(&command.text) && !crate::bind::is_plain(value) {
            return Err(BindError::NotPlain { parameter: name_of(variable) });
        }
        if is_loose(&command.text, variable, value) {
            bound.loose.push(name_of(variable));
        }
        bound.env.insert(variable.clone(), value.clone());
    }
    Ok(())
}

/// Gives a runbook a parameter for each variable that steps hand on: a person can fill in what no step has left.
pub fn with_carried(mut runbook: Runbook) -> Runbook {
    for capture in std::mem::take(&mut runbook.captures) {
        let name = name_of(&capture.name);
        match runbook.parameters.iter_mut().find(|parameter| parameter.name == name) {
            Some(parameter) => parameter.steps.extend(capture.used_by.iter().cloned()),
            None => runbook.parameters.push(Parameter {
                secret: params::is_secret(&name),
                name,
                token: format!("${}", capture.name),
                steps: capture.used_by.clone(),
                default: None,
                kind: ParameterKind::default(),
                example: None,
                pattern: None,
                description: None,
            }),
        }
        runbook.captures.push(capture);
    }
    runbook
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Copy\n\n1. Take it:\n\n```bash {id=take}\nCOPY=$(ls -t | head -1); OTHER=1; DAY=2\n```\n\n2. Unpack it:\n\n```bash {id=unpack}\ngunzip \"$COPY\" '$COPY'; echo ${COPY%.gz} <day>\n```\n\n3. Look:\n\n```sql {id=look capture=lag}\nSELECT 1;\n```\n\n4. Last:\n\n```bash {id=last when=\"other = 1\" capture=out}\necho x\n```\n";

    fn node<'r>(runbook: &'r Runbook, id: &str) -> &'r Node {
        runbook.graph.node(&id.parse().unwrap()).unwrap()
    }

    #[test]
    fn a_step_keeps_what_later_ones_use_ask_for_or_compare() {
        let runbook = crate::parse(TEXT, None);
        let of = |id: &str| kept(&runbook, node(&runbook, id));
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(of("take"), Kept { variables: names(&["COPY", "OTHER", "DAY"]), results: vec![] });
        assert_eq!(of("look"), Kept { variables: vec![], results: names(&["lag"]) });
        assert_eq!(of("last"), Kept { variables: vec![], results: names(&["out"]) });
        assert_eq!(carried(&runbook, &"unpack".parse().unwrap()), ["COPY"]);
        assert!(is_secret(&runbook, "DB_PASSWORD") && !is_secret(&runbook, "COPY"));
    }

    #[test]
    fn a_carried_variable_is_filled_like_a_placeholder() {
        let runbook = with_carried(crate::parse(TEXT, None));
        let parameter = runbook.parameters.iter().find(|parameter| parameter.name == "copy").unwrap();
        assert_eq!((parameter.token.as_str(), parameter.steps.len()), ("$COPY", 1));
        let command = carrying(node(&runbook, "unpack").command.as_ref().unwrap(), &["COPY"]);
        let tokens: Vec<_> = command.placeholders.iter().map(|used| used.token.as_str()).collect();
        assert_eq!(tokens, ["$COPY", "<day>"], "not what single quotes hold, nor a part of another expansion");
        let missing =
            crate::bind(&command, farol_api::risk::Dialect::Shell, &BTreeMap::from([("day".into(), "1".into())]));
        assert_eq!(missing, Err(BindError::Missing(vec!["copy".into()])));
    }

    #[test]
    fn what_another_program_reads_as_code_has_to_be_plain() {
        let command = |text: &str| Command {
            language: CommandLanguage::Shell,
            text: text.to_owned(),
            placeholders: Vec::new(),
            span: farol_api::text::Span::new(0, 0),
            line: 1,
        };
        let values = BTreeMap::from([("ID".to_owned(), "1; drop table t".to_owned())]);
        let sql = hand_on(&mut Bound::default(), &command("psql -c \"select ${ID%x}\""), &values);
        assert_eq!(sql, Err(BindError::NotPlain { parameter: "id".into() }));
        let own =
            hand_on(&mut Bound::default(), &command("echo ${ENV%x}"), &BTreeMap::from([("ENV".into(), "a".into())]));
        assert_eq!(own, Err(BindError::DangerousVariable { name: "ENV".into() }));
        let mut bound = Bound::default();
        hand_on(&mut bound, &command("echo \"${ID%x}\""), &values).unwrap();
        assert_eq!(bound.env["ID"], "1; drop table t");
    }
}
