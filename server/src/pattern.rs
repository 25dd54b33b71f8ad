//! The patterns that front matter gives for the values of parameters.

use farol_api::runbook::Parameter;
use farol_api::text::Localized;
use regex::{Regex, RegexBuilder};

use crate::problem::ApiError;

/// The most that a pattern may take, in bytes; a pattern that takes more is none.
const LARGEST: usize = 1 << 20;

/// Tells whether a text is a regular expression that values can be checked against.
pub fn is_pattern(pattern: &str) -> bool {
    compiled(pattern).is_some()
}

/// Checks a value against its parameter's pattern.
///
/// A pattern that is no regular expression refuses nothing: its author was told, and nobody can mend it during an incident.
///
/// # Errors
/// Names the parameter, and never the value, which may be secret.
pub fn check(parameter: &Parameter, value: &str) -> Result<(), ApiError> {
    let Some(pattern) = parameter.pattern.as_deref().and_then(compiled) else { return Ok(()) };
    if pattern.is_match(value) {
        return Ok(());
    }
    let (name, said) = (&parameter.name, parameter.description.as_deref().unwrap_or_default());
    let of = if said.is_empty() { String::new() } else { format!(" ({said})") };
    Err(ApiError::Invalid(
        "value",
        Localized::new(
            format!("This is no value for {name}{of}: the runbook's pattern for it does not match."),
            format!("Este não é um valor para {name}{of}: o padrão do runbook para ele não casa."),
        ),
    ))
}

/// Compiles a pattern that the whole value must match. Matching takes time linear in the value, whatever the pattern.
fn compiled(pattern: &str) -> Option<Regex> {
    // On its own first: `a)|(b` would else escape from the group.
    RegexBuilder::new(pattern).size_limit(LARGEST).build().ok()?;
    RegexBuilder::new(&format!(r"\A(?:{pattern})\z")).size_limit(LARGEST).dfa_size_limit(LARGEST).build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(pattern: &str, value: &str) -> bool {
        let parameter = Parameter {
            name: "pid".to_owned(),
            token: "<pid>".to_owned(),
            steps: Vec::new(),
            default: None,
            secret: true,
            kind: farol_api::runbook::ParameterKind::Pid,
            example: None,
            pattern: Some(pattern.to_owned()),
            description: None,
        };
        let checked = check(&parameter, value);
        if let Err(ApiError::Invalid(_, message)) = &checked {
            assert!(message.en.contains("pid") && message.pt.contains("pid"));
            assert!(!format!("{message:?}").contains(value), "the value may be secret");
        }
        checked.is_ok()
    }

    #[test]
    fn the_whole_value_must_match() {
        assert!(taken("[0-9]+", "4711") && taken("a|b", "b"));
        assert!(!taken("[0-9]+", "4711; drop") && !taken("[0-9]+", "4711\n") && !taken("a|bcd", "abcd"));
        assert!(!taken("(?m)^[0-9]+$", "4711\nevil") && !taken("x", "secret-value"));
    }

    #[test]
    fn what_is_no_pattern_refuses_nothing_and_costs_nothing() {
        for pattern in ["[0-9", "a)|(b", r"(a)\1", "(((a{999}){999}){999})"] {
            assert!(!is_pattern(pattern), "{pattern}");
            assert!(taken(pattern, "anything"));
        }
        assert!(is_pattern("(a+)+") && !taken("(a+)+", &format!("{}!", "a".repeat(10_000))));
    }
}
