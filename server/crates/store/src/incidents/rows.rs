//! Rows of events and of what lists show.

use farol_api::clock::Timestamp;
use farol_api::event::Event;
use farol_api::id::IncidentId;
use farol_api::incident::{IncidentState, Milestone};
use farol_record::Tree;
use sqlx::FromRow;

use crate::codec::{clean, from_json, number, to_json, word};
use crate::pool::{Session, Tx, on_db};
use crate::{StoreError, record};

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

/// Writes an event down with its leaf, which goes into the incident's tree.
pub(super) async fn insert_event(tx: &mut Tx, event: &Event, tree: &mut Tree) -> Result<(), StoreError> {
    const SQL: &str = "insert into events (incident_id, seq, occurred_at, recorded_at, actor, kind, leaf, salt) \
                       values ($1, $2, $3, $4, $5, $6, $7, $8)";
    let (leaf, salt) = record::leaf(event)?;
    let (actor, kind) = (to_json(&event.actor)?, to_json(&event.kind)?);
    on_db!(tx.db(), |c| {
        let query = sqlx::query(SQL)
            .bind(event.incident_id.0)
            .bind(event.seq)
            .bind(event.occurred_at)
            .bind(event.recorded_at)
            .bind(actor)
            .bind(kind)
            .bind(leaf.as_bytes().as_slice())
            .bind(salt.as_slice());
        query.execute(c).await.map(drop)
    })?;
    tree.append(leaf);
    Ok(())
}

/// Writes what lists show, the last number given, and the tree as it is now.
pub(super) async fn update_incident(tx: &mut Tx, state: &IncidentState, tree: &Tree) -> Result<(), StoreError> {
    const SQL: &str = "update incidents set last_seq = $2, title = $3, severity = $4, status = $5, \
                       is_open = $6, resolved_at = $7, peaks = $8, hashed_size = $9 where id = $1";
    let status = word(&state.status)?;
    let resolved = state.milestones.get(&Milestone::Resolved);
    let resolved = resolved.filter(|_| !state.status.is_open()).copied();
    on_db!(tx.db(), |c| {
        let query = sqlx::query(SQL)
            .bind(state.id.0)
            .bind(state.last_seq)
            .bind(clean(&state.title))
            .bind(i64::from(state.severity.number()))
            .bind(status)
            .bind(state.status.is_open())
            .bind(resolved)
            .bind(tree.peaks())
            .bind(tree.size().cast_signed());
        query.execute(c).await.map(drop)
    })?;
    Ok(())
}

/// Writes down the responders after the first `known`.
pub(super) async fn insert_responders(tx: &mut Tx, state: &IncidentState, known: usize) -> Result<(), StoreError> {
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
