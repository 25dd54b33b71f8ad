//! Reads runbooks: the step graph with the risk of each command.

use std::collections::HashMap;
use std::sync::Arc;

use farol_api::digest::Digest;
use farol_api::graph::{CommandLanguage, Node};
use farol_api::id::RevisionId;
use farol_api::risk::{Dialect, RiskClass, RiskVerdict};
use farol_api::runbook::Runbook;
use farol_risk::service::Classifier;
use farol_risk::{TargetFunctions, raise};
use farol_runbook::diagnose;
use farol_store::{Store, StoredRevision};
use sha2::{Digest as _, Sha256};

use crate::library::facts;
use crate::problem::ApiError;

/// Reads and classifies. Clones share the classifier's process.
#[derive(Clone)]
pub struct Reader {
    classifier: Arc<Classifier>,
}

impl Reader {
    /// Makes one over a running classifier.
    pub fn new(classifier: Classifier) -> Self {
        Self { classifier: Arc::new(classifier) }
    }

    /// Names the rules that classify, a team's included; part of the digest that an approval binds.
    pub fn rules(&self) -> &str {
        self.classifier.version()
    }

    /// Names what a reading depends on; a stored one of another version is read anew.
    pub fn version(&self) -> String {
        format!("{}+{}", env!("CARGO_PKG_VERSION"), self.rules())
    }

    /// Reads a source. It may take seconds for megabytes, so it runs where blocking is allowed.
    pub async fn read(&self, source: String, previous: Option<Runbook>) -> Result<Runbook, ApiError> {
        let classifier = Arc::clone(&self.classifier);
        let read = tokio::task::spawn_blocking(move || {
            classified(&source, previous.as_ref(), |texts| classifier.classify_many(texts))
        });
        Ok(read.await.map_err(anyhow::Error::from)?)
    }

    /// Reads a source on the thread that asks, which must be one where blocking is allowed.
    pub fn read_here(&self, source: &str, previous: Option<&Runbook>) -> Runbook {
        classified(source, previous, |texts| self.classifier.classify_many(texts))
    }

    /// Reads several sources as [`Reader::read_here`] does each, with what was read of the revision before.
    pub fn read_all_here(&self, sources: &[(&str, Option<&Runbook>)]) -> Vec<Runbook> {
        all_classified(sources, |texts| self.classifier.classify_many(texts))
    }

    /// Classifies several texts in their order, each with the functions of the target that it is for.
    pub async fn classify_all_on(
        &self,
        texts: Vec<(Dialect, String, Arc<TargetFunctions>)>,
    ) -> Result<Vec<RiskVerdict>, ApiError> {
        let classifier = Arc::clone(&self.classifier);
        let classified = tokio::task::spawn_blocking(move || {
            let texts: Vec<_> =
                texts.iter().map(|(dialect, text, functions)| (*dialect, text.as_str(), &**functions)).collect();
            classifier.classify_many_on(&texts)
        });
        Ok(classified.await.map_err(anyhow::Error::from)?)
    }

    /// Reads a source that is to be saved. Steps keep the ids that they have in the newest revision; those of bytes that
    /// were saved before, as of a revision that is restored, the ones that incidents with those bytes know them by.
    pub async fn read_next(
        &self,
        store: &Store,
        source: String,
        newest: Option<&StoredRevision>,
    ) -> Result<Runbook, ApiError> {
        let revision = Digest::from_bytes(Sha256::digest(source.as_bytes()).into());
        let before = match (store.last_reading(&revision).await?, newest) {
            (None, Some(newest)) => Some(self.reading(store, &newest.summary.id, &newest.source).await?),
            (known, _) => known,
        };
        self.read(source, before).await
    }

    /// Returns what was read from a stored revision, reading it anew where only an older reader did. Its steps keep the
    /// ids that the older one gave them: incidents that run them know them by those.
    pub async fn reading(&self, store: &Store, revision: &RevisionId, source: &[u8]) -> Result<Runbook, ApiError> {
        let version = self.version();
        if let Some(reading) = store.reading(revision, &version).await? {
            return Ok(reading);
        }
        let text = String::from_utf8_lossy(source).into_owned();
        let reading = self.read(text.clone(), store.last_reading(revision).await?).await?;
        let facts = facts(&reading, &text);
        store.save_reading(revision, &version, &reading, &facts).await?;
        Ok(reading)
    }
}

/// Adds what only the day tells: that a review is overdue.
pub fn on(mut runbook: Runbook, today: chrono::NaiveDate) -> Runbook {
    runbook.diagnostics.extend(diagnose::stale_review(&runbook, today));
    diagnose::sort(&mut runbook.diagnostics);
    runbook
}

/// Reads a source, has each command of it classified, all together, and says what follows from the classes.
pub fn classified(
    source: &str,
    previous: Option<&Runbook>,
    classify: impl Fn(&[(Dialect, &str)]) -> Vec<RiskVerdict>,
) -> Runbook {
    all_classified(&[(source, previous)], classify).pop().unwrap_or_default()
}

/// Does the same for several sources. Runbooks of one team repeat each other's commands: each is classified once.
fn all_classified(
    sources: &[(&str, Option<&Runbook>)],
    classify: impl Fn(&[(Dialect, &str)]) -> Vec<RiskVerdict>,
) -> Vec<Runbook> {
    let mut runbooks: Vec<Runbook> =
        sources.iter().map(|(source, previous)| farol_runbook::parse(source, *previous)).collect();
    let asked: Vec<Vec<Option<(Dialect, String)>>> = runbooks
        .iter()
        .zip(sources)
        .map(|(runbook, (source, _))| {
            let dialect = likely_dialect(runbook, source);
            runbook.graph.nodes.iter().map(|node| asked(node, dialect)).collect()
        })
        .collect();
    let mut texts: Vec<(Dialect, &str)> = Vec::new();
    let mut places: HashMap<(Dialect, &str), usize> = HashMap::new();
    for (dialect, text) in asked.iter().flatten().flatten() {
        places.entry((*dialect, text)).or_insert_with(|| {
            texts.push((*dialect, text));
            texts.len() - 1
        });
    }
    let verdicts = classify(&texts);
    for (runbook, asked) in runbooks.iter_mut().zip(&asked) {
        for (node, asked) in runbook.graph.nodes.iter_mut().zip(asked) {
            let place = asked.as_ref().and_then(|(dialect, text)| places.get(&(*dialect, text.as_str())));
            let computed = place.and_then(|place| verdicts.get(*place)).cloned();
            node.risk = computed.map(|verdict| raise(verdict, node.attributes.least_risk()).into());
        }
        judge(runbook);
    }
    runbooks
}

/// Says what follows from the classes.
fn judge(runbook: &mut Runbook) {
    let destroys = |node: &Node| node.risk.as_ref().is_some_and(|risk| risk.class == RiskClass::Destructive);
    let mut found = diagnose::destructive_without_verification(&runbook.graph, destroys);
    found.extend(diagnose::invalid_pattern(runbook, crate::pattern::is_pattern));
    runbook.diagnostics.extend(found);
    diagnose::sort(&mut runbook.diagnostics);
}

/// What is classified before a target is known. The gate classifies again, in the dialect of the target.
fn asked(node: &Node, sql: Dialect) -> Option<(Dialect, String)> {
    let command = node.command.as_ref().filter(|_| node.kind.is_executable())?;
    let text = filled_with_markers(command, sql);
    Some(match command.language {
        CommandLanguage::Sql => (sql, text),
        CommandLanguage::Shell | CommandLanguage::Http | CommandLanguage::Other => (Dialect::Shell, text),
    })
}

/// Puts harmless stand-ins where the placeholders are, so that a parser can read the rest.
fn filled_with_markers(command: &farol_api::graph::Command, sql: Dialect) -> String {
    let names = command.placeholders.iter().map(|place| (place.parameter.clone(), "1".to_owned()));
    let dialect = if command.language == CommandLanguage::Sql { sql } else { Dialect::Shell };
    match farol_runbook::bind(command, dialect, &names.collect()) {
        Ok(bound) => bound.text,
        Err(_) => command.text.clone(),
    }
}

/// Guesses the SQL dialect of a runbook from its own words: the first database it names.
fn likely_dialect(runbook: &Runbook, source: &str) -> Dialect {
    let title = runbook.title.to_lowercase();
    let labels = runbook.blocks.iter().map(|block| block.label.as_str());
    let mut texts = labels.chain([title.as_str()]).map(str::to_owned).collect::<Vec<_>>();
    texts.push(source.chars().take(4000).collect::<String>().to_lowercase());
    let named = |words: &[&str], text: &str| words.iter().any(|word| text.contains(word));
    for text in &texts {
        if named(&["sqlite"], text) {
            return Dialect::Sqlite;
        }
        if named(&["mysql", "mariadb"], text) {
            return Dialect::Mysql;
        }
        if named(&["postgres", "psql"], text) {
            return Dialect::Postgres;
        }
    }
    Dialect::Postgres
}
