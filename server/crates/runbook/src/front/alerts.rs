//! The alerts that front matter names.

use farol_api::front_matter::{AlertPattern, FrontMatter, LabelMatcher, MatchOperator};
use farol_api::runbook::AlertMention;
use farol_api::text::Span;

use super::yaml::{Node, Value};
use crate::doc::Doc;

/// Puts the alerts that front matter names before those that the text names, each once.
///
/// One that it only describes by a regular expression or by other labels has no name.
pub fn merge(front: &FrontMatter, doc: &Doc<'_>, alerts: &mut Vec<AlertMention>) {
    let is_name = |m: &&LabelMatcher| m.label == "alertname" && m.operator == MatchOperator::Equal;
    let named = front.alerts.iter().flat_map(|pattern| &pattern.matchers).filter(is_name);
    let mut all: Vec<AlertMention> = Vec::new();
    for LabelMatcher { value: name, .. } in named.filter(|named| !named.value.is_empty()) {
        let at = doc.text.get(front.span.start..front.span.end).and_then(|text| text.find(name.as_str()));
        let span = at.map_or(front.span, |at| Span::new(front.span.start + at, front.span.start + at + name.len()));
        all.push(AlertMention { name: name.clone(), span, line: doc.line(span.start) });
    }
    all.append(alerts);
    let mut seen = std::collections::HashSet::new();
    all.retain(|alert| seen.insert(alert.name.clone()));
    *alerts = all;
}

/// Reads `HighLag`, `{alertname: HighLag, severity: page}` or `'{job="mysql", severity=~"page|warn"}'`.
pub fn read(node: &Node) -> Option<AlertPattern> {
    let equal = |label: &str, value: &str| LabelMatcher {
        label: label.to_owned(),
        operator: MatchOperator::Equal,
        value: value.to_owned(),
    };
    let matchers = match &node.value {
        Value::Map(pairs) => {
            pairs.iter().map(|(k, v)| Some(equal(k.text()?, v.text()?))).collect::<Option<Vec<_>>>()?
        }
        Value::Scalar(_) => {
            let text = node.text()?.trim();
            if text.contains(['=', '~']) { matchers(text)? } else { vec![equal("alertname", text)] }
        }
        Value::List(_) => return None,
    };
    (!matchers.is_empty()).then_some(AlertPattern { matchers })
}

/// Reads matchers as Prometheus writes them, with braces or without.
fn matchers(text: &str) -> Option<Vec<LabelMatcher>> {
    let mut rest = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')).unwrap_or(text).trim();
    let mut out = Vec::new();
    while !rest.is_empty() {
        let end = rest.find(['=', '!'])?;
        let label = rest[..end].trim();
        let operators = [
            ("=~", MatchOperator::Matches),
            ("!~", MatchOperator::NotMatches),
            ("!=", MatchOperator::NotEqual),
            ("=", MatchOperator::Equal),
        ];
        let (sign, operator) = operators.into_iter().find(|(sign, _)| rest[end..].starts_with(sign))?;
        let after = rest[end + sign.len()..].trim_start();
        let (value, next) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => after.split_at(after.find(',').unwrap_or(after.len())),
        };
        let named = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') && !label.is_empty();
        if !named {
            return None;
        }
        out.push(LabelMatcher { label: label.to_owned(), operator, value: value.trim().to_owned() });
        rest = match next.trim_start() {
            "" => "",
            next => next.strip_prefix(',')?.trim_start(),
        };
    }
    Some(out)
}
