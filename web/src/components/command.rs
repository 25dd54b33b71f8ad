//! A command: what it is, where it runs, and its text, which wraps and is never hidden behind a scroll bar.

use farol_api::graph::{Command, CommandLanguage};
use farol_api::risk::RiskClass;
use farol_api::target::Environment;
use leptos::prelude::*;

use super::badge::{Env, Risk};
use crate::words::fill;
use crate::words::room::words;
use crate::words::terms::Term;

/// Where a command runs.
#[derive(Clone, PartialEq)]
pub struct Place {
    /// The target's name.
    pub target: String,
    /// How much it matters.
    pub environment: Environment,
    /// The longest it may run there, in seconds.
    pub timeout_seconds: u32,
}

/// A frame around a command's text.
#[component]
pub fn CommandBlock(
    language: CommandLanguage,
    /// The text in pieces; true for what fills a placeholder.
    pieces: Vec<(String, bool)>,
    risk: Option<RiskClass>,
    place: Option<Place>,
) -> impl IntoView {
    let w = words();
    let text: Vec<_> = pieces
        .into_iter()
        .map(|(text, marked)| if marked { view! { <mark>{text}</mark> }.into_any() } else { text.into_any() })
        .collect();
    view! {
        <div class="cmd">
            <div class="head">
                {risk.map(|class| view! { <Risk class/> })}
                <span>{language.word()}</span>
                {place.map(|place| view! {
                    <span>{w.target}" "<b>{place.target}</b>" "<Env environment=place.environment/></span>
                    <span class="end">{fill(w.limit, &[&place.timeout_seconds.to_string()])}</span>
                })}
            </div>
            <pre>{text}</pre>
        </div>
    }
    .into_any()
}

/// Cuts a runbook's command at its placeholders; `value` gives what fills one, if it is filled.
pub fn pieces(command: &Command, value: impl Fn(&str) -> Option<String>) -> Vec<(String, bool)> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for place in &command.placeholders {
        let (Some(before), Some(token)) =
            (command.text.get(at..place.span.start), command.text.get(place.span.start..place.span.end))
        else {
            continue;
        };
        pieces.push((before.to_owned(), false));
        pieces.push((value(&place.parameter).unwrap_or_else(|| token.to_owned()), true));
        at = place.span.end;
    }
    pieces.push((command.text.get(at..).unwrap_or_default().to_owned(), false));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use farol_api::graph::PlaceholderUse;
    use farol_api::text::Span;

    #[test]
    fn placeholders_are_filled_where_they_stand_and_nothing_is_lost() {
        let use_of = |start, end, token: &str| PlaceholderUse {
            parameter: token.trim_matches(['<', '>']).into(),
            token: token.into(),
            span: Span::new(start, end),
        };
        let command = Command {
            language: CommandLanguage::Sql,
            text: "kill <pid> of <name>;".into(),
            placeholders: vec![use_of(5, 10, "<pid>"), use_of(14, 20, "<name>")],
            span: Span::new(0, 0),
            line: 1,
        };
        let shown = pieces(&command, |name| (name == "pid").then(|| "42".into()));
        let text: String = shown.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(text, "kill 42 of <name>;");
        let wrong = Command { placeholders: vec![use_of(90, 99, "<x>")], ..command };
        assert_eq!(pieces(&wrong, |_| None), [("kill <pid> of <name>;".to_owned(), false)]);
    }
}
