//! 10,000 runbooks imported, searched and edited, beside reading them and inserting the same rows.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::ensure;
use farol::clock::SystemClock;
use farol::library::file::{Batch, Found};
use farol::library::import::Importer;
use farol::reading::Reader;
use farol_api::library::FacetKind;
use farol_risk::service::Classifier;
use farol_store::{LibraryQuery, NewRevision, RunbookFacts, Store, StoreOptions, Vault, Words};
use farol_testkit::PostgresServer;

use crate::rows::{Copied, Rows};
use crate::scene::durable_store;
use crate::table::{Series, Table};
use crate::{Effort, checkout};

/// How many runbooks there are.
const RUNBOOKS: usize = 10_000;
/// How often a turn makes each search.
const SEARCHES: usize = 10;
/// How many edits a turn makes.
const EDITS: usize = 20;
/// Made-up words that each runbook has besides its own, out of so many different ones.
const OWN_WORDS: (usize, usize) = (40, 20_000);

/// What people type: nothing, words that are everywhere, common and rare ones, beginnings of one letter and more,
/// several words, accents, words that are nowhere.
const QUERIES: [&str; 20] = [
    "",
    "host",
    "a",
    "p",
    "s",
    "se",
    "co",
    "pro",
    "con",
    "conex",
    "replica",
    "réplica atrasada",
    "não",
    "1234",
    "select",
    "o que",
    "kubectl exec",
    "host r",
    "lag replica 77",
    "zebra",
];

/// Imports, searches and edits in turns.
pub async fn measure(effort: &Effort, table: &mut Table) -> anyhow::Result<()> {
    let runbooks = if effort.quick { RUNBOOKS / 10 } else { RUNBOOKS };
    let files = files(runbooks)?;
    let reader = Reader::new(Classifier::spawn(env!("CARGO_BIN_EXE_farol").into(), vec!["risk-worker".to_owned()])?);
    let mut parse = Series::new(format!("parse {runbooks} runbooks, one after the other"), "ms");
    let mut read = Series::new("the same with the risk of each command", "ms");
    let mut insert = Series::new("bare inserts of the same rows into SQLite, one transaction", "ms");
    let mut insert_postgres = Series::new("bare inserts of the same rows into Postgres, one transaction", "ms");
    let (mut sqlite, mut postgres) = (Figures::of("SQLite"), Figures::of("Postgres"));
    let server = PostgresServer::start();
    let (mut rows, mut copy) = (None, None);
    for turn in 0..effort.turns(3) {
        parse.push_ms(timed(|| files.iter().for_each(|(_, text)| drop(farol_runbook::parse(text, None)))));
        read.push_ms(timed(|| files.iter().for_each(|(_, text)| drop(reader.read_here(text, None)))));
        let folder = effort.folder()?;
        let store = durable_store(&folder).await?;
        sqlite.turn(&store, &reader, &files).await?;
        if rows.is_none() {
            rows = Some(Rows::of(&folder).await?);
        }
        store.close().await;
        if let Some(rows) = &rows {
            insert.push_ms(rows.insert(effort).await?);
        }
        let (store, url) = postgres_store(&server, &format!("library_{turn}")).await?;
        postgres.turn(&store, &reader, &files).await?;
        store.close().await;
        let copy = match &mut copy {
            Some(copy) => copy,
            none => none.insert(Copied::of(&url).await?),
        };
        let (store, url) = postgres_store(&server, &format!("bare_{turn}")).await?;
        store.close().await;
        insert_postgres.push_ms(copy.insert(&url).await?);
    }
    for one in [&parse, &read, &insert, &insert_postgres] {
        table.add(one, &[]);
    }
    for (figures, insert) in [(&sqlite, &insert), (&postgres, &insert_postgres)] {
        let floor = parse.plus(insert, 1.0, "(parse + bare inserts)");
        let with_risk = read.plus(insert, 1.0, "(parse with risk + bare inserts)");
        table.add(&figures.import, &[&floor, &with_risk]);
        for one in [&figures.middle, &figures.slow, &figures.edit] {
            table.add(one, &[]);
        }
    }
    Ok(())
}

/// What is measured of one store, a value each turn.
struct Figures {
    name: &'static str,
    import: Series,
    middle: Series,
    slow: Series,
    edit: Series,
}

impl Figures {
    fn of(name: &'static str) -> Self {
        Self {
            name,
            import: Series::new(format!("import into {name}"), "ms"),
            middle: Series::new(format!("search on {name}, median"), "ms"),
            slow: Series::new(format!("search on {name}, 99th percentile"), "ms"),
            edit: Series::new(format!("an edit found on {name} after its commit, slowest"), "ms"),
        }
    }

    async fn turn(&mut self, store: &Store, reader: &Reader, files: &[(String, String)]) -> anyhow::Result<()> {
        self.import.push_ms(imported(store, reader, files).await?);
        let mut took = searched(store).await?;
        took.sort();
        self.middle.push_ms(took[took.len() / 2].0);
        self.slow.push_ms(took[took.len() * 99 / 100].0);
        let slowest: Vec<String> =
            took.iter().rev().take(5).map(|(time, words)| format!("{words:?} {time:.1?}")).collect();
        eprintln!("bench: {}, the slowest searches: {}", self.name, slowest.join(", "));
        self.edit.push_ms(edited(store).await?);
        Ok(())
    }
}

async fn postgres_store(server: &PostgresServer, database: &str) -> anyhow::Result<(Store, String)> {
    let url = server.create_database(database).await;
    let options = StoreOptions::new(Arc::new(SystemClock));
    Store::migrate(&url, &options).await?;
    Ok((Store::open(&url, Vault::new([7; 32]), options).await?, url))
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// The shipped runbooks over and over, each with words, a title, a service and an owner of its own, and with names of
/// its own in those commands that name something of the shop.
fn files(count: usize) -> anyhow::Result<Vec<(String, String)>> {
    let mut shipped = Vec::new();
    for entry in std::fs::read_dir(checkout("runbooks"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "md") {
            shipped.push(std::fs::read_to_string(path)?);
        }
    }
    shipped.sort();
    ensure!(!shipped.is_empty(), "there are no runbooks to multiply");
    let one = |n: usize| {
        let text = &shipped[n % shipped.len()];
        let title = text.find("# ").unwrap_or_default();
        let end = text[title..].find('\n').map_or(text.len(), |length| title + length);
        let own: Vec<String> = (0..OWN_WORDS.0).map(|k| word((n * 7919 + k * k * 104_729) % OWN_WORDS.1)).collect();
        let (before, heading) = (&text[..title], &text[title + 2..end]);
        let after = text[end..].replace("shop", &format!("shop{n}"));
        let stated = format!("**Service:** service-{}\n**Owner:** team {}", n % 60, n % 45);
        let words = format!("Host node{n}, rack r{}: {}.", n % 300, own.join(" "));
        (format!("team-{}/{n}.md", n % 45), format!("{before}# {n}: {heading}\n\n{stated}\n{after}\n\n{words}\n"))
    };
    Ok((0..count).map(one).collect())
}

/// A made-up word of three syllables.
fn word(mut n: usize) -> String {
    const SYLLABLES: [&str; 28] = [
        "pa", "re", "con", "di", "se", "lu", "mo", "pro", "ta", "ver", "ni", "ca", "do", "fi", "gra", "he", "ju", "la",
        "pre", "qui", "so", "tu", "va", "xe", "za", "bi", "ex", "un",
    ];
    let mut word = String::new();
    for _ in 0..3 {
        word.push_str(SYLLABLES[n % SYLLABLES.len()]);
        n /= SYLLABLES.len();
    }
    word
}

async fn imported(store: &Store, reader: &Reader, files: &[(String, String)]) -> anyhow::Result<Duration> {
    let found = |(path, text): &(String, String)| Found { path: path.clone(), content: Ok(text.clone()), place: None };
    let batch = Batch { source: "bench".into(), files: files.iter().map(found).collect(), complete: true };
    let importer = Importer { store: store.clone(), reader: reader.clone(), author: None, over_edits: false };
    let start = Instant::now();
    let report = importer.run(batch).await?;
    let took = start.elapsed();
    ensure!(report.new == files.len() && report.stopped.is_none(), "the import left something out");
    Ok(took)
}

async fn searched(store: &Store) -> anyhow::Result<Vec<(Duration, &'static str)>> {
    let mut took = Vec::new();
    for turn in 0..SEARCHES * QUERIES.len() {
        let words = QUERIES[turn % QUERIES.len()];
        let mut query = LibraryQuery { page: 1, rows: 50, ..LibraryQuery::default() };
        query.words = Some(words.to_owned());
        match turn / QUERIES.len() % 4 {
            1 => drop(query.facets.insert(FacetKind::Language, "pt".to_owned())),
            2 => drop(query.facets.insert(FacetKind::Service, "service-7".to_owned())),
            3 => query.page = 3,
            _ => {}
        }
        let start = Instant::now();
        store.library(&query).await?;
        took.push((start.elapsed(), words));
    }
    Ok(took)
}

/// Saves edits with a new word each, and searches for the word as soon as the save is committed.
async fn edited(store: &Store) -> anyhow::Result<Duration> {
    let mut slowest = Duration::ZERO;
    for n in 0..EDITS {
        let word = format!("quokka{n}");
        let id = store.library(&LibraryQuery { page: 1, rows: 50, ..LibraryQuery::default() }).await?.runbooks[n]
            .runbook
            .id
            .clone();
        let base = store.runbook(&id).await?.map(|found| found.revision);
        let source = format!("# Edited {n}\n\n{word}\n");
        let reading = farol_runbook::parse(&source, None);
        let facts = RunbookFacts {
            title: format!("Edited {n}"),
            words: Words::of("Edited", [], &source),
            ..RunbookFacts::default()
        };
        let new = NewRevision {
            runbook: id.clone(),
            base,
            source: source.as_bytes(),
            facts,
            reading: &reading,
            reader: "bench",
            author: None,
            note: String::new(),
        };
        store.save_revision(new).await?;
        let start = Instant::now();
        let query = LibraryQuery { words: Some(word), page: 1, rows: 50, ..LibraryQuery::default() };
        let found = store.library(&query).await?;
        slowest = slowest.max(start.elapsed());
        ensure!(found.runbooks.iter().any(|row| row.runbook.id == id), "an edit was not found");
    }
    Ok(slowest)
}
