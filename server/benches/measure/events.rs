//! Appended events a second, every one on the disk, beside bare inserts.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use farol_api::event::{Actor, EventKind};
use farol_api::id::IncidentId;
use farol_api::user::{Role, User};
use farol_incident::Decision;
use farol_store::Store;
use farol_testkit::builders::{declared, incident, person, user};
use futures::future::try_join_all;

use crate::Effort;
use crate::bare::{Disk, Sqlite};
use crate::scene::durable_store;
use crate::table::{Series, Table};

/// How many people write at once.
const WRITERS: usize = 64;
/// How many events one of them writes in a turn.
const EACH: usize = 4;
/// How many events are written one after the other in a turn, onto one incident.
const ALONE: usize = 50;

/// Appends notes one by one and by many writers, in turns with bare inserts.
pub async fn measure(effort: &Effort, table: &mut Table) -> anyhow::Result<()> {
    let folder = effort.folder()?;
    let store = durable_store(&folder).await?;
    let author = user(&store, "Rosa", Role::Responder).await;
    let mut disk = Disk::new(folder.path())?;
    let mut sqlite = Sqlite::new(folder.path()).await?;

    let mut syncs = Series::new("floor: 4 KiB and fdatasync", "/s");
    let mut commits = Series::new("bare inserts, a commit each", "/s");
    let mut batches = Series::new("bare inserts, 64 a commit", "/s");
    let mut alone = Series::new("events appended by one writer", "events/s");
    let mut many = Series::new("events appended by 64 writers", "events/s");
    for _ in 0..effort.turns(15) {
        let mut took = Duration::ZERO;
        for _ in 0..ALONE {
            took += disk.sync()?;
        }
        syncs.push(rate(ALONE, took));
        let start = Instant::now();
        for _ in 0..ALONE {
            sqlite.commit(1).await?;
        }
        commits.push(rate(ALONE, start.elapsed()));
        let start = Instant::now();
        for _ in 0..EACH {
            sqlite.commit(WRITERS).await?;
        }
        batches.push(rate(WRITERS * EACH, start.elapsed()));
        alone.push(write(&store, &author, 1, ALONE).await?);
        many.push(write(&store, &author, WRITERS, EACH).await?);
    }
    store.close().await;

    for floor in [&syncs, &commits, &batches] {
        table.add(floor, &[]);
    }
    table.add(&alone, &[&syncs, &commits]);
    table.add(&many, &[&commits, &batches, &alone]);
    Ok(())
}

/// Lets writers append, each to an incident of its own, and returns how many events a second became durable.
async fn write(store: &Store, author: &User, writers: usize, each: usize) -> anyhow::Result<f64> {
    let mut incidents = Vec::with_capacity(writers);
    for _ in 0..writers {
        incidents.push(incident(store, author, declared("It is slow")).await);
    }
    let start = Instant::now();
    let tasks = incidents.into_iter().map(|id| tokio::spawn(append(store.clone(), author.clone(), id, each)));
    for done in try_join_all(tasks).await? {
        done?;
    }
    Ok(rate(writers * each, start.elapsed()))
}

async fn append(store: Store, author: User, incident: IncidentId, events: usize) -> anyhow::Result<()> {
    for _ in 0..events {
        let note = EventKind::Noted { text: "The queue grows by a hundred a minute. ".repeat(5), step: None };
        let actor = Actor::Person(person(&author));
        store.append(incident, actor, |_, _| Ok::<_, Infallible>(Decision::from(note))).await?;
    }
    Ok(())
}

fn rate(events: usize, took: Duration) -> f64 {
    events as f64 / took.as_secs_f64()
}
