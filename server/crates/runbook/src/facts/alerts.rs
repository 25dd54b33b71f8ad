//! Alerts that the text names: `HighErrorRate` in a label, a title, or beside the word itself.

use std::collections::HashSet;

use farol_api::runbook::{AlertMention, Runbook};
use farol_api::text::Span;

use crate::doc::{Doc, RunKind};
use crate::lexicon::{Category, Lexicon};
use crate::outline::Outline;
use crate::words::{fold, has, shorten};

/// Collects alert names, each once, in order of the text.
pub fn all(runbook: &Runbook, doc: &Doc<'_>, lexicon: &Lexicon, outline: &Outline<'_>) -> Vec<AlertMention> {
    let mut found: Vec<(String, Span)> = Vec::new();
    for item in runbook.metadata.iter().filter(|m| is_alert(lexicon, &fold(&m.label))) {
        let names = item.value.split([',', ' ', '`', '[', ']', '"']).filter(|n| is_name(n));
        found.extend(names.map(|n| (n.to_owned(), item.span)));
    }
    for section in outline.sections.iter().filter(|s| is_name(s.title.trim_matches('`'))) {
        found.push((section.title.trim_matches('`').to_owned(), Span::from(section.heading.clone())));
    }
    for leaf in 0..doc.leaves.len() {
        let runs = doc.runs(leaf);
        for (i, run) in runs.iter().enumerate() {
            if run.kind == RunKind::Text && !run.strong && has(run.text, "lert") {
                let names = beside_the_word(lexicon, run.text);
                found.extend(names.map(|name| (name.to_owned(), Span::from(run.span()))));
            }
            if !(run.kind == RunKind::Code || run.strong) || !is_name(run.text) {
                continue;
            }
            let beside = [i.checked_sub(1), Some(i + 1)].into_iter().flatten().filter_map(|at| runs.get(at));
            let near = beside.map(|r| fold(shorten(r.text, 400))).any(|words| mentions(lexicon, &words));
            if near {
                found.push((run.text.to_string(), Span::from(run.span())));
            }
        }
    }
    found.sort_by_key(|(_, span)| span.start);
    let mut seen = HashSet::new();
    found.retain(|(name, _)| seen.insert(name.clone()));
    found.into_iter().map(|(name, span)| AlertMention { name, span, line: doc.line(span.start) }).collect()
}

/// Products whose names are built as those of alerts are: "PagerDuty alerts".
const PRODUCTS: [&str; 44] = [
    "AlertManager",
    "AlertManagers",
    "BitBucket",
    "ChatOps",
    "ClickHouse",
    "CloudFlare",
    "CloudFront",
    "CloudWatch",
    "CockroachDB",
    "ConfigMap",
    "CronJob",
    "DataDog",
    "DevOps",
    "DynamoDB",
    "GitHub",
    "GitLab",
    "GitOps",
    "GraphQL",
    "HashiCorp",
    "InfluxDB",
    "JavaScript",
    "LinkedIn",
    "MariaDB",
    "MongoDB",
    "MySQL",
    "NewRelic",
    "OpenShift",
    "OpenTelemetry",
    "OpsGenie",
    "PagerDuty",
    "PostgreSQL",
    "PowerShell",
    "RabbitMQ",
    "SecOps",
    "ServiceNow",
    "SolarWinds",
    "SonarQube",
    "StatusCake",
    "SwiftUI",
    "TypeScript",
    "UptimeRobot",
    "VictorOps",
    "WhatsApp",
    "WordPress",
];

/// "Alerta: FilaParada", "when the alert QueueStuck fires": names right beside the word, in no marks of their own.
fn beside_the_word<'t>(lexicon: &Lexicon, text: &'t str) -> impl Iterator<Item = &'t str> {
    let bare = |word: &'t str| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '_');
    let words: Vec<&str> = text.split_whitespace().map(bare).collect();
    let is_word = |word: Option<&&str>| word.is_some_and(|word| lexicon.label_is(Category::AlertWord, &fold(word)));
    let beside: Vec<&str> = (0..words.len())
        .filter(|at| is_name(words[*at]) && !PRODUCTS.contains(&words[*at]))
        .filter(|at| is_word(at.checked_sub(1).and_then(|at| words.get(at))) || is_word(words.get(at + 1)))
        .map(|at| words[at])
        .collect();
    beside.into_iter()
}

fn is_alert(lexicon: &Lexicon, label: &str) -> bool {
    lexicon.label_starts(Category::AlertWord, label).is_some()
}

fn mentions(lexicon: &Lexicon, words: &str) -> bool {
    lexicon.label_find(Category::AlertWord, words).is_some()
}

/// `HighErrorRate`: two humps at least, nothing but letters and digits.
fn is_name(text: &str) -> bool {
    let humps = || text.as_bytes().windows(2).filter(|w| w[0].is_ascii_lowercase() && w[1].is_ascii_uppercase());
    text.len() >= 6
        && text.len() <= 80
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && humps().next().is_some()
        && !text.contains("__")
}
