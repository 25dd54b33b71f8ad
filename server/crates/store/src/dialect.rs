//! Where SQLite and Postgres really differ.

use std::collections::BTreeSet;

use farol_api::id::IncidentId;

use crate::live::Wake;
use crate::pool::Db;

/// The channel that servers on one Postgres wake each other by.
pub(crate) const CHANNEL: &str = "farol_live";

/// A query that the two databases spell differently.
#[derive(Clone, Copy)]
pub(crate) struct Sql {
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

impl Sql {
    pub(crate) const fn of(self, db: &Db<'_>) -> &'static str {
        match db {
            Db::Sqlite(_) | Db::Direct(_) => self.sqlite,
            Db::Postgres(_) => self.postgres,
        }
    }
}

/// A query that locks the rows it reads. SQLite has one writer, whose transaction is the lock.
macro_rules! for_update {
    ($sql:literal) => {
        Sql { sqlite: $sql, postgres: concat!($sql, " for update") }
    };
}

pub(crate) const LOCK_INCIDENT: Sql =
    for_update!("select id, last_seq, hashed_size, peaks from incidents where id = $1");

/// The same for several, always in one order. The list is JSON on SQLite, and an array on Postgres.
pub(crate) const LOCK_INCIDENTS: Sql = Sql {
    sqlite: "select id, last_seq, hashed_size, peaks from incidents where id in (select value from json_each($1))",
    postgres: "select id, last_seq, hashed_size, peaks from incidents where id = any($1) order by id for update",
};

pub(crate) const LOCK_SIGNING_KEY: Sql = for_update!("select label from signing_keys where is_current = $1");

pub(crate) const LOCK_OWNERS: Sql =
    for_update!("select id from users where role = 'owner' and disabled_at is null order by id");

pub(crate) const LOCK_TARGET: Sql = for_update!("select version from targets where id = $1");

macro_rules! target_with_roles {
    ($lock:literal) => {
        concat!(
            "select t.id, t.description, t.environment, t.database_kind, t.shell, t.timeout_seconds, t.approvals, t.version, \
             t.updated_at, c.role, case when c.role = $2 then c.sealed end as sealed from targets t \
             left join target_credentials c on c.target_id = t.id where t.id = $1",
            $lock
        )
    };
}

/// A target, a row a role that it has a credential of; the sealed one of the role asked for. No role is called "".
pub(crate) const FIND_TARGET: &str = target_with_roles!("");
/// The same, and keeps the target as it is while a dispatch checks it; dispatches do not wait for each other.
pub(crate) const KEEP_TARGET: Sql =
    Sql { sqlite: target_with_roles!(""), postgres: target_with_roles!(" for share of t") };

pub(crate) const LOCK_RUNBOOK: Sql = for_update!("select number from runbooks where id = $1");

/// Keeps the words of a runbook, instead of those that it had; Postgres with what they are counted by. Both are given one text
/// of words with blanks between.
pub(crate) const WRITE_WORDS: Sql = Sql {
    sqlite: "insert or replace into library_words (rowid, words) values ($1, $2)",
    postgres: "insert into library_words (doc, words, facets, fresh_until) \
               select doc, array_to_tsvector(string_to_array(rtrim($2), ' ')), facets, fresh_until from library where doc = $1 \
               on conflict (doc) do update set words = excluded.words, facets = excluded.facets, fresh_until = excluded.fresh_until",
};

/// Makes Postgres search words by their index, until the end of the transaction. Its planner does not count what it
/// costs to unpack the words of a document, so it would unpack all of them where a word is common; nor does it know how
/// common the word is in a plan that it keeps. Compiling a query that takes milliseconds takes longer than the query.
pub(crate) async fn search_by_index(db: Db<'_>) -> Result<(), sqlx::Error> {
    const SQL: &str = "select set_config('enable_seqscan', 'off', true), \
                       set_config('plan_cache_mode', 'force_custom_plan', true), set_config('jit', 'off', true)";
    let Db::Postgres(connection) = db else {
        return Ok(());
    };
    sqlx::query(SQL).execute(connection).await?;
    Ok(())
}

/// Has Postgres count what there is now, and put the new entries of the index in their places. It would do so by itself
/// within minutes; until then it plans every search for the few runbooks that there were before, and looks through the list of new
/// entries each time, which takes several times as long. Where the server's account does not own the tables, Postgres
/// passes them over.
pub(crate) async fn library_grew(db: Db<'_>) -> Result<(), sqlx::Error> {
    const SQL: &str = "vacuum (analyze) runbooks, library, library_files, library_words (doc, facets, fresh_until)";
    let Db::Postgres(connection) = db else {
        return Ok(());
    };
    sqlx::query(SQL).execute(connection).await?;
    Ok(())
}

/// The key of the advisory lock that every open store holds a share of on Postgres, in its own database. On SQLite the file
/// itself is locked.
pub const OPEN_LOCK: i64 = 0x6661_726f_6c00_0001;

/// Takes a share of the store until the connection ends: nobody has it alone meanwhile. Waits for who has.
pub(crate) async fn keep_open(connection: impl sqlx::PgExecutor<'_>) -> Result<(), sqlx::Error> {
    sqlx::query("select pg_advisory_lock_shared($1)").bind(OPEN_LOCK).execute(connection).await.map(drop)
}

/// Takes the store alone until the transaction ends; tells whether nobody else has it open.
pub(crate) async fn keep_alone(db: Db<'_>) -> Result<bool, sqlx::Error> {
    match db {
        Db::Sqlite(_) | Db::Direct(_) => Ok(true),
        Db::Postgres(connection) => {
            let query = sqlx::query_scalar("select pg_try_advisory_xact_lock($1)").bind(OPEN_LOCK);
            query.fetch_one(connection).await
        }
    }
}

/// Tells other servers whom to wake, as part of the transaction. SQLite has one server.
pub(crate) async fn notify(db: Db<'_>, wakes: &BTreeSet<Wake>) -> Result<(), sqlx::Error> {
    let Db::Postgres(connection) = db else {
        return Ok(());
    };
    let words: Vec<String> = wakes.iter().map(|wake| word(*wake)).collect();
    sqlx::query("select pg_notify($1, $2)").bind(CHANNEL).bind(words.join(" ")).execute(connection).await?;
    Ok(())
}

/// Reads what [`notify`] wrote; words of a newer program are passed over.
pub(crate) fn parse_wakes(payload: &str) -> impl Iterator<Item = Wake> + '_ {
    payload.split(' ').filter_map(|word| match word.split_at_checked(1)? {
        ("i", number) => number.parse().ok().map(|id| Wake::Incident(IncidentId(id))),
        ("o", number) => number.parse().ok().map(|id| Wake::Output(IncidentId(id))),
        ("j", "") => Some(Wake::Jobs),
        ("t", "") => Some(Wake::Targets),
        _ => None,
    })
}

fn word(wake: Wake) -> String {
    match wake {
        Wake::Incident(id) => format!("i{id}"),
        Wake::Output(id) => format!("o{id}"),
        Wake::Jobs => "j".to_owned(),
        Wake::Targets => "t".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_to_other_servers_is_read_back() {
        let wakes = [Wake::Incident(IncidentId(12)), Wake::Output(IncidentId(3)), Wake::Jobs, Wake::Targets];
        let payload: Vec<String> = wakes.iter().map(|wake| word(*wake)).collect();
        let read: Vec<Wake> = parse_wakes(&payload.join(" ")).collect();
        assert_eq!(read, wakes);
        assert_eq!(parse_wakes("x9 é i j1").count(), 0);
    }
}
