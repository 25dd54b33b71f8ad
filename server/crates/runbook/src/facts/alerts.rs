//! Alerts that the text names: `HighErrorRate` in a label, a title, or beside the word itself.

use std::collections::HashSet;

use farol_api::runbook::{AlertMention, Runbook};
use farol_api::text::Span;

use crate::doc::{Doc, RunKind};
use crate::lexicon::{Category, Lexicon};
use crate::outline::Outline;
use crate::words::{fold, shorten};

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
    // The word, in all languages.
    let mentioned: Vec<usize> = memchr::memmem::find_iter(doc.text.as_bytes(), b"lert").collect();
    for leaf in 0..doc.leaves.len() {
        let (runs, span) = (doc.runs(leaf), doc.leaves[leaf].span());
        let near = mentioned.get(mentioned.partition_point(|at| *at < span.start));
        let mentions_alerts = near.is_some_and(|at| *at < span.end);
        for (i, run) in runs.iter().enumerate() {
            if mentions_alerts && run.kind == RunKind::Text && !run.strong {
                let names = beside_the_word(lexicon, run.text);
                found.extend(names.into_iter().map(|name| (name.to_owned(), Span::from(run.span()))));
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
fn beside_the_word<'t>(lexicon: &Lexicon, text: &'t str) -> Vec<&'t str> {
    let bare = |word: &'t str| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '_');
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(near) = memchr::memmem::find(&text.as_bytes()[from..], b"lert") {
        let at = from + near;
        let start = from + text[from..at].rfind(char::is_whitespace).map_or(0, |gap| gap + 1);
        let end = text[at..].find(char::is_whitespace).map_or(text.len(), |gap| at + gap);
        let around = [text[from..start].split_whitespace().next_back(), text[end..].split_whitespace().next()];
        // A word is looked at once, however long it is and whatever is in it.
        from = end;
        let names = around.into_iter().flatten().map(bare).filter(|name| is_name(name) && !PRODUCTS.contains(name));
        let names: Vec<&str> = names.collect();
        if !names.is_empty() && lexicon.label_is(Category::AlertWord, &fold(bare(&text[start..end]))) {
            found.extend(names);
        }
    }
    found
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
