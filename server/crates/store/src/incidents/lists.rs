//! Lists of incidents.

use farol_api::clock::Timestamp;
use farol_api::id::{IncidentId, UserId};
use farol_api::incident::IncidentSummary;
use farol_api::user::Person;
use sqlx::FromRow;
use uuid::Uuid;

use crate::codec::{count, from_word, severity};
use crate::pool::{Session, on_db};
use crate::{Store, StoreError};

/// The columns of a summary; `$1` is the reader.
macro_rules! summaries {
    ($rest:literal) => {
        concat!(
            "select id, title, severity, status, drill, runbook_title, declared_at, resolved_at, \
             rto_seconds, exists (select 1 from incident_responders r \
             where r.incident_id = incidents.id and r.user_id = $1) as mine from incidents ",
            $rest
        )
    };
}

#[derive(FromRow)]
struct SummaryRow {
    id: i64,
    title: String,
    severity: i64,
    status: String,
    drill: bool,
    runbook_title: Option<String>,
    declared_at: Timestamp,
    resolved_at: Option<Timestamp>,
    rto_seconds: Option<i64>,
    mine: bool,
}

impl SummaryRow {
    fn summary(self) -> Result<IncidentSummary, StoreError> {
        let rto = self.rto_seconds;
        Ok(IncidentSummary {
            id: IncidentId(self.id),
            title: self.title,
            severity: severity(self.severity)?,
            status: from_word("incidents.status", &self.status)?,
            drill: self.drill,
            runbook_title: self.runbook_title,
            declared_at: self.declared_at,
            resolved_at: self.resolved_at,
            rto_seconds: rto.map(|seconds| count("incidents.rto_seconds", seconds)).transpose()?,
            mine: self.mine,
        })
    }
}

#[derive(FromRow)]
struct ResponderRow {
    joined_at: Timestamp,
    user_id: Uuid,
    name: String,
}

impl Store {
    /// Returns the open incidents: the reader's own first, then the worst, then the newest.
    pub async fn open_incidents(&self, reader: UserId) -> Result<Vec<IncidentSummary>, StoreError> {
        const SQL: &str = summaries!("where is_open order by mine desc, severity, declared_at desc, id desc");
        let mut session = self.reader().await?;
        let rows: Vec<SummaryRow> = on_db!(session.db(), |c| sqlx::query_as(SQL).bind(reader.0).fetch_all(c).await)?;
        rows.into_iter().map(SummaryRow::summary).collect()
    }

    /// Returns incidents that are over, the newest first.
    pub async fn recent_incidents(&self, reader: UserId, limit: u32) -> Result<Vec<IncidentSummary>, StoreError> {
        const SQL: &str = summaries!("where not is_open order by id desc limit $2");
        let mut session = self.reader().await?;
        let rows: Vec<SummaryRow> = on_db!(session.db(), |c| {
            let query = sqlx::query_as(SQL).bind(reader.0).bind(i64::from(limit));
            query.fetch_all(c).await
        })?;
        rows.into_iter().map(SummaryRow::summary).collect()
    }

    /// Returns all incidents, newest first, those before one where given.
    pub async fn incidents(
        &self,
        reader: UserId,
        before: Option<IncidentId>,
        limit: u32,
    ) -> Result<Vec<IncidentSummary>, StoreError> {
        const SQL: &str = summaries!("where id < $2 order by id desc limit $3");
        let before = before.map_or(i64::MAX, |id| id.0);
        let mut session = self.reader().await?;
        let rows: Vec<SummaryRow> = on_db!(session.db(), |c| {
            let query = sqlx::query_as(SQL).bind(reader.0).bind(before).bind(i64::from(limit));
            query.fetch_all(c).await
        })?;
        rows.into_iter().map(SummaryRow::summary).collect()
    }

    /// Returns who did something in an incident, in the order they joined, with the time.
    pub async fn responders(&self, incident: IncidentId) -> Result<Vec<(Timestamp, Person)>, StoreError> {
        const SQL: &str = "select joined_at, user_id, name from incident_responders \
                           where incident_id = $1 order by place";
        let mut reader = self.reader().await?;
        let rows: Vec<ResponderRow> = on_db!(reader.db(), |c| sqlx::query_as(SQL).bind(incident.0).fetch_all(c).await)?;
        let person = |row: ResponderRow| Person { id: UserId(row.user_id), name: row.name };
        Ok(rows.into_iter().map(|row| (row.joined_at, person(row))).collect())
    }
}
