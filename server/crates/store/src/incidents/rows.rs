//! Rows of events and of what lists show.

use std::sync::OnceLock;

use farol_api::clock::Timestamp;
use farol_api::event::Event;
use farol_api::id::IncidentId;
use farol_api::incident::IncidentState;
use sqlx::FromRow;

use super::ledger::{Ledger, Listed, Unwritten};
use crate::StoreError;
use crate::codec::{clean, from_json, number, word};
use crate::pool::{Db, Session, Tx, on_db};

#[derive(FromRow)]
struct EventRow {
    seq: i64,
    occurred_at: Timestamp,
    recorded_at: Timestamp,
    actor: String,
    kind: String,
}

/// Loads at most `limit` events after a number, oldest first.
pub(crate) async fn load_events(
    session: &mut impl Session,
    incident: IncidentId,
    seq: i64,
    limit: u32,
) -> Result<Vec<Event>, StoreError> {
    const SQL: &str = "select seq, occurred_at, recorded_at, actor, kind from events \
                       where incident_id = $1 and seq > $2 order by seq limit $3";
    let rows: Vec<EventRow> = on_db!(session.db(), |c| {
        let query = sqlx::query_as(SQL).bind(incident.0).bind(seq).bind(i64::from(limit));
        query.fetch_all(c).await
    })?;
    let events = rows.into_iter().map(|row| {
        Ok(Event {
            incident_id: incident,
            seq: row.seq,
            occurred_at: row.occurred_at,
            recorded_at: row.recorded_at,
            actor: from_json("events.actor", &row.actor)?,
            kind: from_json("events.kind", &row.kind)?,
        })
    });
    events.collect()
}

/// Writes what was added to ledgers: the events, what lists show, the last numbers given, and the trees as they are now.
pub(crate) async fn write_ledgers(tx: &mut Tx, ledgers: &mut [Box<Ledger>]) -> Result<(), StoreError> {
    let changed = ledgers.iter_mut().map(|ledger| &mut **ledger);
    let mut changed: Vec<&mut Ledger> = changed.filter(|ledger| !ledger.unwritten.is_empty()).collect();
    let rows = changed.iter().flat_map(|ledger| {
        let first = ledger.events.len() - ledger.unwritten.len();
        ledger.events[first..].iter().zip(&ledger.unwritten)
    });
    let rows: Vec<_> = rows.collect();
    for piece in pieces(&rows) {
        insert_events(tx, piece).await?;
    }
    for piece in pieces(&changed) {
        update_trees(tx, piece).await?;
    }
    for ledger in &mut changed {
        if !ledger.listed.shows(&ledger.state) {
            ledger.listed = Listed::of(&ledger.state);
            update_listed(tx, ledger.state.id, &ledger.listed).await?;
        }
        insert_responders(tx, &ledger.state, ledger.responders).await?;
        ledger.responders = ledger.state.responders.len();
        ledger.unwritten.clear();
    }
    Ok(())
}

/// How many rows one statement takes: few lengths, so that the database compiles few statements.
const PIECES: [usize; 6] = [64, 16, 4, 3, 2, 1];

pub(crate) fn pieces<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let many = PIECES.into_iter().find(|many| *many <= rows.len())?;
        let (piece, rest) = rows.split_at(many);
        rows = rest;
        Some(piece)
    })
}

/// A statement for several rows, in the spelling of each database: made once for each length.
pub(crate) struct ForRows {
    before: &'static str,
    columns: usize,
    after: &'static str,
    made: [[OnceLock<String>; PIECES.len()]; 2],
}

impl ForRows {
    /// A statement that has the rows' values between two texts.
    pub(crate) const fn of(before: &'static str, columns: usize, after: &'static str) -> Self {
        Self { before, columns, after, made: [const { [const { OnceLock::new() }; PIECES.len()] }; 2] }
    }

    /// Returns the statement for as many rows as a piece has.
    pub(crate) fn sql(&'static self, db: &Db<'_>, rows: usize) -> &'static str {
        // SQLite looks a numbered place up among all others, one after the other; a bare one it need not look up.
        let numbered = matches!(db, Db::Postgres(_));
        self.made[usize::from(numbered)][length(rows)].get_or_init(|| {
            let places = places(rows, self.columns, numbered);
            [self.before, &places, self.after].concat()
        })
    }
}

/// Returns which piece has so many rows.
fn length(rows: usize) -> usize {
    PIECES.iter().position(|many| *many == rows).unwrap_or(PIECES.len() - 1)
}

/// Returns the places of values for so many rows, as SQL: `($1, $2), ($3, $4)`.
fn places(rows: usize, columns: usize, numbered: bool) -> String {
    let place = |place: usize| if numbered { format!("${place}") } else { "?".to_owned() };
    let row = |row: usize| {
        let places: Vec<String> = (1..=columns).map(|column| place(row * columns + column)).collect();
        format!("({})", places.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

static INSERT_EVENTS: ForRows = ForRows::of(
    "insert into events (incident_id, seq, occurred_at, recorded_at, actor, kind, leaf, salt) values ",
    8,
    "",
);
static UPDATE_TREES: ForRows = ForRows::of(
    "with new (id, last_seq, peaks) as (values ",
    3,
    ") update incidents set last_seq = new.last_seq, \
     peaks = new.peaks, hashed_size = new.last_seq from new where incidents.id = new.id",
);

macro_rules! bind_events {
    ($query:expr, $rows:expr) => {
        $rows.iter().fold($query, |query, (event, row)| {
            let query = query.bind(event.incident_id.0).bind(event.seq).bind(event.occurred_at);
            let query = query.bind(event.recorded_at).bind(&row.actor).bind(&row.kind);
            query.bind(row.leaf.as_bytes().as_slice()).bind(row.salt.as_slice())
        })
    };
}

macro_rules! bind_trees {
    ($query:expr, $ledgers:expr) => {
        $ledgers.iter().fold($query, |query, ledger| {
            query.bind(ledger.state.id.0).bind(ledger.state.last_seq).bind(ledger.tree.peaks())
        })
    };
}

/// Writes events down with their leaves.
async fn insert_events(tx: &mut Tx, rows: &[(&Event, &Unwritten)]) -> Result<(), StoreError> {
    let db = tx.db();
    let sql = INSERT_EVENTS.sql(&db, rows.len());
    on_db!(db, |c| bind_events!(sqlx::query(sql), rows).execute(c).await.map(drop))?;
    Ok(())
}

/// Writes the last numbers given and the trees.
async fn update_trees(tx: &mut Tx, ledgers: &[&mut Ledger]) -> Result<(), StoreError> {
    let db = tx.db();
    let sql = UPDATE_TREES.sql(&db, ledgers.len());
    let query =
        on_db!(db, |c| bind_trees!(sqlx::query(sql), ledgers).execute(c).await.map(|done| done.rows_affected()));
    all_of(query?, ledgers.len())
}

fn all_of(written: u64, rows: usize) -> Result<(), StoreError> {
    let all = written == rows as u64;
    all.then_some(()).ok_or(StoreError::Inconsistent("an incident that went while it was held"))
}

async fn update_listed(tx: &mut Tx, incident: IncidentId, listed: &Listed) -> Result<(), StoreError> {
    const SQL: &str = "update incidents set title = $2, severity = $3, status = $4, is_open = $5, resolved_at = $6 \
                       where id = $1";
    let status = word(&listed.status)?;
    on_db!(tx.db(), |c| {
        let query = sqlx::query(SQL)
            .bind(incident.0)
            .bind(clean(&listed.title))
            .bind(i64::from(listed.severity.number()))
            .bind(status)
            .bind(listed.status.is_open())
            .bind(listed.resolved);
        query.execute(c).await.map(drop)
    })?;
    Ok(())
}

/// Writes down the responders after the first `known`.
async fn insert_responders(tx: &mut Tx, state: &IncidentState, known: usize) -> Result<(), StoreError> {
    const SQL: &str = "insert into incident_responders (incident_id, user_id, name, joined_at, \
                       place) values ($1, $2, $3, $4, $5) \
                       on conflict (incident_id, user_id) do nothing";
    for (place, (joined_at, person)) in state.responders.iter().enumerate().skip(known) {
        on_db!(tx.db(), |c| {
            let query = sqlx::query(SQL)
                .bind(state.id.0)
                .bind(person.id.0)
                .bind(clean(&person.name))
                .bind(*joined_at)
                .bind(number(place));
            query.execute(c).await.map(drop)
        })?;
    }
    Ok(())
}
