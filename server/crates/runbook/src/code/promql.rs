//! PromQL: expressions that people type into Prometheus, told from shell by their shape.

use super::shell::End;
use crate::words::{has, lines};

const FUNCTIONS: [&str; 40] = [
    "sum",
    "avg",
    "max",
    "min",
    "count",
    "stddev",
    "rate",
    "irate",
    "increase",
    "delta",
    "idelta",
    "deriv",
    "histogram_quantile",
    "quantile",
    "topk",
    "bottomk",
    "count_values",
    "absent",
    "absent_over_time",
    "avg_over_time",
    "min_over_time",
    "max_over_time",
    "sum_over_time",
    "count_over_time",
    "quantile_over_time",
    "last_over_time",
    "changes",
    "resets",
    "predict_linear",
    "label_replace",
    "label_join",
    "sort",
    "sort_desc",
    "clamp_max",
    "clamp_min",
    "round",
    "ceil",
    "floor",
    "time",
    "vector",
];

/// Tells whether a line opens a PromQL expression.
pub fn opens(line: &str) -> bool {
    let line = line.trim();
    if is_sample(line) {
        return false;
    }
    let body = line.trim_start_matches(['(', ' ', '-']);
    let name = body.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b':')).count();
    let (name, rest) = body.split_at(name);
    if !name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_') {
        return false;
    }
    if FUNCTIONS.contains(&name) {
        let grouped = ["by", "without"].iter().any(|w| rest.trim_start().starts_with(w));
        return rest.starts_with('(') && !rest.starts_with("()") || rest.starts_with(" (") || grouped;
    }
    let metric = name.contains(['_', ':']);
    selector(rest) || metric && (range(rest) || compared(rest) || rest.is_empty() && is_metric(name))
}

/// `{app="shop"} |= "error"`: a query for Loki, which nothing else looks like.
pub fn is_log_query(text: &str) -> bool {
    let mut lines = lines(text).map(str::trim);
    let line = lines.next().unwrap_or("");
    let piped = has(line, "} |") || has(line, "}|");
    selector(line) && (piped || line.ends_with('}') && lines.next().is_some_and(|next| next.starts_with('|')))
}

/// `requests_total{code="200"} 41`: what an exporter prints, with its value behind it.
fn is_sample(line: &str) -> bool {
    let Some((series, value)) = line.rsplit_once(' ') else { return false };
    let name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b':');
    let series = series.trim_end();
    (series.ends_with('}') || series.bytes().all(name)) && value.parse::<f64>().is_ok()
}

/// `{job="api"}`; an empty `{}` is a block of some other language.
fn selector(rest: &str) -> bool {
    let Some(inside) = rest.strip_prefix('{') else { return false };
    let label = inside.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
    let after = inside[label..].trim_start();
    label > 0 && ["=\"", "!=\"", "=~\"", "!~\"", "= \"", "='", "=~'"].iter().any(|op| after.starts_with(op))
}

/// `[5m]`.
fn range(rest: &str) -> bool {
    let inside = rest.strip_prefix('[').and_then(|r| r.split_once(']')).map_or("", |(inside, _)| inside);
    inside.starts_with(|c: char| c.is_ascii_digit())
        && inside.bytes().all(|b| b.is_ascii_digit() || b"smhdwy:".contains(&b))
}

/// `metric > 5`, `metric / other`.
fn compared(rest: &str) -> bool {
    let rest = rest.trim_start();
    let operator = ["==", "!=", ">=", "<=", ">", "<", "/", "*", "+", "-"].iter().find(|o| rest.starts_with(**o));
    let value = operator.map_or("", |o| rest[o.len()..].trim_start());
    let number = operator != Some(&"-") && value.starts_with(|c: char| c.is_ascii_digit() || c == '(');
    number && !value.contains(['=', ';'])
        || value.split(['{', '[', ' ', ')']).next().is_some_and(|w| w.contains('_') && is_metric(w))
}

/// A name that ends as the names of metrics do.
fn is_metric(name: &str) -> bool {
    let ends = ["_total", "_bytes", "_seconds", "_count", "_sum", "_bucket", "_info", "_ratio", "_percent", "_status"];
    let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b':'));
    plain && ends.iter().any(|end| name.ends_with(end))
}

/// Finds the end of the expression that starts at `start`.
///
/// It goes on while brackets are open, and where a line ends or the next begins with an operator.
pub fn end(text: &str, start: usize) -> End {
    let (mut at, mut depth, mut code) = (start, 0i32, start);
    for line in text[start..].split_inclusive('\n') {
        let body = line.trim();
        let joined = at == start || depth > 0 || joins(body, true) || joins(text[start..code].trim_end(), false);
        if body.is_empty() && depth <= 0 || !joined {
            break;
        }
        for byte in body.bytes() {
            depth += i32::from(matches!(byte, b'(' | b'{' | b'[')) - i32::from(matches!(byte, b')' | b'}' | b']'));
        }
        at += line.len();
        code = at - (line.len() - line.trim_end().len());
    }
    End { code: code.max(start), next: at }
}

/// Finds the end of what is typed at a prompt: its line, and more while brackets are open.
pub fn bracketed_end(text: &str, start: usize) -> End {
    // A bracket that never closes is part of what was typed, not of a longer command.
    const LONGEST: usize = 4096;
    let (mut at, mut depth, mut first) = (start, 0i32, None);
    for line in text[start..].split_inclusive('\n') {
        at += line.len();
        for byte in line.bytes() {
            depth += i32::from(matches!(byte, b'(' | b'{' | b'[')) - i32::from(matches!(byte, b')' | b'}' | b']'));
        }
        first.get_or_insert(at);
        if depth <= 0 || at - start > LONGEST {
            break;
        }
    }
    let next = if depth > 0 { first.unwrap_or(at) } else { at };
    End { code: start + text[start..next].trim_end().len(), next }
}

fn joins(text: &str, starts: bool) -> bool {
    let signs = ["/", "*", "+", "-", ">", "<", "==", "!="];
    let words = ["and", "or", "unless", "on", "ignoring", "by", "without", "group_left", "group_right", "offset"];
    let word = if starts { text.split([' ', '(']).next() } else { text.rsplit([' ', ')']).next() };
    let edge = |sign: &str| if starts { text.starts_with(sign) } else { text.ends_with(sign) };
    starts && text.starts_with([')', '|']) || signs.iter().any(|s| edge(s)) || words.contains(&word.unwrap_or(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_told_from_commands_and_source() {
        for yes in [
            "sum(rate(http_requests_total[5m]))",
            "sum by (node) (kube_node_info)",
            "up{job=\"postgres\"}",
            "(etcd_mvcc_db_total_size_in_bytes / etcd_server_quota_backend_bytes) * 100",
            "histogram_quantile(0.99, sum by (le) (x))",
            "node_filesystem_free_bytes",
            "pg_replication_lag > 30",
        ] {
            assert!(opens(yes), "{yes}");
        }
        for no in [
            "count()",
            "sort file.txt",
            "time curl x",
            "select count(*) from x",
            "func{}",
            "rate limit",
            "foo_bar()",
            "max_connections = 200",
            "pg_dump shop > x.sql",
            "pg_dump shop",
        ] {
            assert!(!opens(no), "{no}");
        }
    }

    #[test]
    fn an_expression_goes_on_over_operators_and_brackets() {
        let text = "sum(\n  rate(a[5m])\n)\n/\nsum(b)\nsum(c)\n";
        let first = end(text, 0);
        assert_eq!(&text[..first.code], "sum(\n  rate(a[5m])\n)\n/\nsum(b)");
        assert_eq!(&text[first.next..end(text, first.next).code], "sum(c)");
    }
}
