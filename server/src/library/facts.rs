//! What lists show of a runbook, and what it is found by.

use farol_api::runbook::{DiagnosticSeverity, Metadata, MetadataKind, Runbook};
use farol_store::{RunbookFacts, Words};

/// Labels by their slugs.
const SERVICE: [&str; 8] = ["service", "services", "servico", "servicos", "servicio", "servicios", "system", "sistema"];
const SCENARIO: [&str; 9] =
    ["scenario", "cenario", "escenario", "type", "tipo", "category", "categoria", "incident-type", "tipo-de-incidente"];
const TAGS: [&str; 5] = ["tags", "tag", "labels", "etiquetas", "keywords"];
const REVIEW: [&str; 4] = ["review-by", "revisar-ate", "revisar-em", "revisar-antes-de"];

/// The longest value of a facet, in characters.
const LONGEST: usize = 80;

/// Returns what lists show of a reading, and the words that its text is found by.
pub fn facts(runbook: &Runbook, source: &str) -> RunbookFacts {
    let steps = || runbook.graph.nodes.iter().filter(|node| node.kind.is_step());
    let severity = runbook.metadata.iter().find(|item| item.kind == MetadataKind::Severity);
    // One without is called by its id, which is not the same for all that hold this text.
    let title = runbook.title.clone();
    let (owner, service, scenario) = (owner(runbook), labelled(runbook, &SERVICE), labelled(runbook, &SCENARIO));
    let tags = runbook.metadata.iter().filter(|item| is(item, &TAGS)).map(|item| item.value.as_str());
    // Whoever is woken by an alert pastes its labels.
    let patterns = runbook.front_matter.iter().flat_map(|front| &front.alerts);
    let matchers = patterns.flat_map(|pattern| &pattern.matchers).map(|matcher| matcher.value.as_str());
    let names = runbook
        .sections
        .iter()
        .map(|section| section.title.as_str())
        .chain(runbook.alerts.iter().map(|alert| alert.name.as_str()))
        .chain(matchers)
        .chain(tags)
        .chain([&owner, &service, &scenario].into_iter().flatten().map(String::as_str));
    let words = Words::of(&title, names, source);
    RunbookFacts {
        title,
        language: runbook.language.clone(),
        severity: severity.map(|item| item.value.clone()),
        steps: steps().count(),
        executable_steps: steps().filter(|node| node.kind.is_executable()).count(),
        highest_risk: steps().filter_map(|node| node.risk.as_ref().map(|risk| risk.class)).max(),
        problems: runbook.diagnostics.iter().filter(|d| d.severity != DiagnosticSeverity::Info).count(),
        owner,
        service,
        scenario,
        review_by: review_by(runbook),
        words,
    }
}

/// Returns what a runbook is called: its title, else its id.
pub fn title(runbook: &Runbook, id: &str) -> String {
    if runbook.title.is_empty() { id.to_owned() } else { runbook.title.clone() }
}

fn owner(runbook: &Runbook) -> Option<String> {
    runbook.metadata.iter().find(|item| item.kind == MetadataKind::Owner).and_then(value)
}

fn labelled(runbook: &Runbook, labels: &[&str]) -> Option<String> {
    runbook.metadata.iter().find(|item| is(item, labels)).and_then(value)
}

/// A date as `YYYY-MM-DD`; what is none says nothing here, and the editor says so.
fn review_by(runbook: &Runbook) -> Option<String> {
    let item = runbook.metadata.iter().find(|item| is(item, &REVIEW))?;
    let date = item.value.trim().parse::<chrono::NaiveDate>().ok()?;
    Some(date.format("%Y-%m-%d").to_string())
}

fn is(item: &Metadata, labels: &[&str]) -> bool {
    labels.contains(&farol_runbook::slug(&item.label).as_str())
}

/// The value of a facet: the first of a list, short enough to be read in a row of links.
fn value(item: &Metadata) -> Option<String> {
    let text = item.value.trim().trim_start_matches('[').trim_end_matches(']');
    let first = text.split([',', ';']).next().unwrap_or_default();
    let plain = first.trim().trim_matches(['"', '\'', '`', '*', '@']).trim();
    let short: String = plain.chars().take(LONGEST).collect();
    (!short.is_empty()).then_some(short)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> RunbookFacts {
        facts(&farol_runbook::parse(text, None), text)
    }

    #[test]
    fn alerts_of_the_front_matter_count_as_names() {
        let read =
            of("---\nalerts:\n- alertname: ReplicaDown\n  team: dba\n- '{job=~\"mysql|maria\"}'\n---\n# Locks\n");
        let named = Words::of("Locks", ["ReplicaDown", "dba", "mysql|maria", "Locks"], "");
        let marked = |words: &Words, word: &str| format!("{words:?}").contains(&format!("_{word} "));
        for word in ["replicadown", "dba", "mysql", "maria"] {
            assert!(marked(&named, word) && marked(&read.words, word), "{word}: {:?}", read.words);
        }
        assert!(!marked(&read.words, "job"), "the names of labels are those of every alert");
    }

    #[test]
    fn front_matter_and_labelled_lines_say_what_it_is_about() {
        let read =
            of("---\nowner: Database on-call\nservices: [cart, shop]\nreview_by: 2027-06-30\n---\n# Cart is slow\n");
        assert_eq!(read.owner.as_deref(), Some("Database on-call"));
        assert_eq!(read.service.as_deref(), Some("cart"));
        assert_eq!(read.review_by.as_deref(), Some("2027-06-30"));
        let read = of(
            "# Réplica atrasada\n\n**Serviço:** pedidos\n**Cenário:** failover\n\n## Passos\n\n1. Veja o disco:\n\n```bash\ndf -h\n```\n",
        );
        assert_eq!((read.service.as_deref(), read.scenario.as_deref()), (Some("pedidos"), Some("failover")));
        assert_eq!((read.title.as_str(), read.steps), ("Réplica atrasada", 1));
        assert_eq!(of("---\nreview_by: next spring\n---\n\nx\n").review_by, None);
        assert_eq!(of("no heading\n").title, "");
    }
}
