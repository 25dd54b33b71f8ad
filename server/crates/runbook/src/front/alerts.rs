//! The alerts that front matter names.

use farol_api::front_matter::{AlertPattern, LabelMatcher, MatchOperator};

use super::yaml::{Node, Value};

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
