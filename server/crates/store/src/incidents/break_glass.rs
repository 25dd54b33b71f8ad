//! Where the glass was broken, for those who must be told on every page.

use farol_api::clock::Timestamp;
use farol_api::event::{Event, EventKind};
use farol_api::id::IncidentId;
use farol_api::request::OpenBreakGlass;
use sqlx::FromRow;

use super::follow::one;
use crate::pool::{Session, Tx, on_db};
use crate::{Store, StoreError};

#[derive(FromRow)]
struct OpenRow {
    incident_id: i64,
    title: String,
    name: String,
    until_at: Timestamp,
}

impl Store {
    /// Returns where the glass is broken now, the one that lasts longest first.
    pub async fn open_break_glass(&self) -> Result<Vec<OpenBreakGlass>, StoreError> {
        const SQL: &str = "select b.incident_id, i.title, u.name, b.until_at from break_glass b \
                           join incidents i on i.id = b.incident_id join users u on u.id = b.person_id \
                           where b.reviewed_at is null and b.closed_at is null and b.until_at >= $1 \
                           order by b.until_at desc, b.incident_id";
        let now = self.now();
        let mut session = self.reader().await?;
        let rows: Vec<OpenRow> = on_db!(session.db(), |c| sqlx::query_as(SQL).bind(now).fetch_all(c).await)?;
        let open = rows.into_iter().map(|row| OpenBreakGlass {
            incident_id: IncidentId(row.incident_id),
            incident_title: row.title,
            by: row.name,
            until: row.until_at,
        });
        Ok(open.collect())
    }

    /// Returns the incidents in which somebody broke the glass and nobody looked at it since, the oldest first.
    pub async fn unreviewed_break_glass(&self) -> Result<Vec<IncidentId>, StoreError> {
        const SQL: &str = "select distinct incident_id from break_glass where reviewed_at is null order by incident_id";
        let mut session = self.reader().await?;
        let ids: Vec<i64> = on_db!(session.db(), |c| sqlx::query_scalar(SQL).fetch_all(c).await)?;
        Ok(ids.into_iter().map(IncidentId).collect())
    }
}

pub(super) async fn follow(tx: &mut Tx, event: &Event) -> Result<(), StoreError> {
    let (incident, at) = (event.incident_id.0, event.occurred_at);
    let person = event.actor.person().ok_or(StoreError::Inconsistent("break-glass that is nobody's"))?.id.0;
    let changed: u64 = match &event.kind {
        EventKind::BreakGlassOpened { number, until, .. } => {
            const SQL: &str =
                "insert into break_glass (incident_id, number, person_id, until_at) values ($1, $2, $3, $4)";
            let (number, until) = (i64::from(*number), *until);
            on_db!(tx.db(), |c| {
                let query = sqlx::query(SQL).bind(incident).bind(number).bind(person).bind(until);
                query.execute(c).await.map(|done| done.rows_affected())
            })?
        }
        EventKind::BreakGlassClosed { number } => {
            const SQL: &str =
                "update break_glass set closed_at = $3 where incident_id = $1 and number = $2 and closed_at is null";
            mark(tx, SQL, incident, *number, at).await?
        }
        EventKind::BreakGlassReviewed { number, .. } => {
            const SQL: &str = "update break_glass set reviewed_at = $3 \
                               where incident_id = $1 and number = $2 and reviewed_at is null";
            mark(tx, SQL, incident, *number, at).await?
        }
        _ => 1,
    };
    one(changed, "break-glass that is in another state")
}

async fn mark(tx: &mut Tx, sql: &'static str, incident: i64, number: u32, at: Timestamp) -> Result<u64, StoreError> {
    let marked = on_db!(tx.db(), |c| {
        let query = sqlx::query(sql).bind(incident).bind(i64::from(number)).bind(at);
        query.execute(c).await.map(|done| done.rows_affected())
    })?;
    Ok(marked)
}
