//! One open connection in a transaction, whichever database it leads to.

use std::time::Duration;

use farol_api::event::FailureCode;
use farol_api::hold::HeldLock;
use farol_api::risk::Dialect;
use farol_api::target::DatabaseKind;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, Executor, SqliteConnection};
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use super::super::failure::{Meaning, meaning, words};
use super::super::pump::{Counts, Rows};
use super::super::{STOP_PATIENCE, Statement, audited, mysql, postgres, sqlite, witness};
use super::Ready;
use crate::ended::Ended;
use crate::output::Printer;

/// The rows of an answer to a question of our own, as text.
pub(super) type Answer = Vec<Vec<Option<String>>>;

/// How much longer than a person may take the target keeps a silent transaction open.
const IDLE_SLACK: Duration = Duration::from_secs(60);
/// How many locks are told.
const LOCKS: &str = "20";
/// Marks the transaction.
const MARK: &str = "savepoint farol_held";
/// Takes the mark away; refused where there is none.
const UNMARK: &str = "release savepoint farol_held";

pub(super) enum Line {
    Postgres(postgres::Session),
    Mysql(mysql::Session),
    Sqlite(SqliteConnection),
}

impl Line {
    pub async fn open(ready: Ready, statement: &Statement<'_>) -> Result<Self, (FailureCode, String)> {
        let Ready { kind, postgres, mysql } = ready;
        Ok(match kind {
            DatabaseKind::Postgres => {
                Self::Postgres(postgres::open(statement, postgres).await.map_err(|why| postgres::explain(&why))?)
            }
            DatabaseKind::Mysql => Self::Mysql(mysql::open(statement, mysql).await?),
            DatabaseKind::Sqlite => {
                Self::Sqlite(sqlite::open(statement.url, statement.reads, statement.timeout).await?)
            }
        })
    }

    pub const fn dialect(&self) -> Dialect {
        match self {
            Self::Postgres(_) => Dialect::Postgres,
            Self::Mysql(_) => Dialect::Mysql,
            Self::Sqlite(_) => Dialect::Sqlite,
        }
    }

    /// Begins the transaction, and lets it stay silent for as long as a person may take.
    pub async fn begin(&mut self, wait: Duration) -> Result<(), sqlx::Error> {
        let idle = wait + IDLE_SLACK;
        let sql = match self {
            Self::Postgres(_) => {
                format!("set idle_in_transaction_session_timeout = {}; begin read write", idle.as_millis())
            }
            Self::Mysql(_) => {
                // Without autocommit, what is sent after the transaction was lost stands in one again.
                let wait = format!("set session autocommit = 0, session wait_timeout = {}", idle.as_secs());
                self.ask(wait).await?;
                // MariaDB alone has this one.
                let _ = self.ask(format!("set session idle_transaction_timeout = {}", idle.as_secs())).await;
                "start transaction".to_owned()
            }
            Self::Sqlite(_) => "begin immediate".to_owned(),
        };
        self.ask(sql).await?;
        if matches!(self, Self::Mysql(_) | Self::Sqlite(_)) {
            self.ask(MARK.to_owned()).await?;
        }
        Ok(())
    }

    /// Proves that the transaction that was begun is still the one that stands. Databases end one by themselves, for a
    /// deadlock or a full disk, and what is sent then would be committed without anybody's word.
    pub async fn stands(&mut self) -> Result<(), FailureCode> {
        let sql: &[&str] = match self {
            // A mark that stayed would give what is written after it a number of its own.
            Self::Postgres(_) => &[MARK, UNMARK],
            // The mark of the beginning went with its transaction.
            Self::Mysql(_) | Self::Sqlite(_) => &[UNMARK, MARK],
        };
        for sql in sql {
            match timeout(STOP_PATIENCE, self.ask((*sql).to_owned())).await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) if meaning(&error) == Meaning::Refused => return Err(FailureCode::StatementRefused),
                Ok(Err(_)) | Err(_) => return Err(FailureCode::ConnectionLost),
            }
        }
        Ok(())
    }

    /// Stops a question that nobody waits for any more: it may wait for rows that others hold.
    pub async fn interrupt(&self) {
        match self {
            Self::Postgres(session) => session.interrupt().await,
            Self::Mysql(session) => session.interrupt().await,
            Self::Sqlite(_) => {}
        }
    }

    /// Asks a question of our own.
    pub async fn ask(&mut self, sql: String) -> Result<Answer, sqlx::Error> {
        let sql = sqlx::raw_sql(audited(sql));
        Ok(match self {
            Self::Postgres(session) => {
                let rows = session.conn.fetch_all(sql).await?;
                rows.iter().map(|row| postgres::PgRows.cells(row)).collect()
            }
            Self::Mysql(session) => {
                let rows = session.conn.fetch_all(sql).await?;
                rows.iter().map(|row| mysql::MySqlRows.cells(row)).collect()
            }
            Self::Sqlite(conn) => {
                // What watches over the statement's time does not watch over the end of the transaction.
                conn.lock_handle().await?.remove_progress_handler();
                let rows = conn.fetch_all(sql).await?;
                rows.iter().map(|row| sqlite::SqliteRows.cells(row)).collect()
            }
        })
    }

    /// Asks a question that may be refused without harm to the transaction.
    pub async fn look(&mut self, sql: String) -> Option<Answer> {
        self.ask("savepoint farol_look".to_owned()).await.ok()?;
        let answer = self.ask(sql).await.ok();
        self.leave_look(answer.is_some()).await?;
        answer
    }

    /// The same with values of the author's.
    pub async fn look_with(&mut self, statement: &Statement<'_>) -> Option<Answer> {
        self.ask("savepoint farol_look".to_owned()).await.ok()?;
        let answer = match self {
            Self::Postgres(session) => postgres::rows(&mut session.conn, statement).await,
            Self::Mysql(session) => mysql::rows(&mut session.conn, statement).await,
            Self::Sqlite(conn) => sqlite::rows(conn, statement).await,
        };
        self.leave_look(answer.is_some()).await?;
        answer
    }

    async fn leave_look(&mut self, well: bool) -> Option<()> {
        if !well {
            self.ask("rollback to savepoint farol_look".to_owned()).await.ok()?;
        }
        self.ask("release savepoint farol_look".to_owned()).await.ok().map(drop)
    }

    /// Sends a statement of the author's.
    pub async fn send(
        &mut self,
        statement: &Statement<'_>,
        printer: &mut Printer,
        cancel: &CancellationToken,
    ) -> Result<Counts, Ended> {
        let started = Instant::now();
        match self {
            Self::Postgres(session) => {
                let counts = postgres::send(session, statement, started, printer, cancel).await?;
                let forgotten = postgres::forget(&mut session.conn, statement).await;
                forgotten.map_err(|_| Ended::failed(FailureCode::ConnectionLost))?;
                Ok(counts)
            }
            Self::Mysql(session) => mysql::send(session, statement, started, printer, cancel).await,
            Self::Sqlite(conn) => sqlite::send(conn, statement, started, printer, cancel).await,
        }
    }

    /// Tells by what the database can be asked later what became of this transaction; nothing where it cannot.
    pub async fn number(&mut self) -> Option<String> {
        let Self::Postgres(_) = self else { return None };
        // One that hides who it is refuses: the transaction must outlive that.
        let answer = timeout(STOP_PATIENCE, self.look(witness::NUMBER.to_owned())).await.ok()??;
        answer.into_iter().flatten().next()?
    }

    /// Returns how a database is reached that can be asked what became of a change.
    pub const fn whom(&self) -> Option<&PgConnectOptions> {
        match self {
            Self::Postgres(session) => Some(session.options()),
            Self::Mysql(_) | Self::Sqlite(_) => None,
        }
    }

    /// Commits. `Err(None)` where no answer came in time: a commit may wait for a disk, for checks that were deferred, or for
    /// whoever backs the database up.
    pub async fn commit(&mut self, limit: Duration) -> Result<(), Option<sqlx::Error>> {
        match timeout(limit + STOP_PATIENCE, self.ask("commit".to_owned())).await {
            Ok(ended) => ended.map(drop).map_err(Some),
            Err(_) => Err(None),
        }
    }

    /// Rolls back, and returns what the database says could not be. The end of the connection rolls back as well.
    pub async fn roll_back(mut self) -> Option<String> {
        let left = self.left_by("rollback").await;
        self.close().await;
        left
    }

    /// Returns what the database says cannot be rolled back of what was sent: a view may stand for a table that knows no
    /// transactions, and a trigger may write into one. Everything else stays as it is.
    pub async fn cannot_roll_back(&mut self) -> Option<String> {
        let Self::Mysql(_) = self else { return None };
        timeout(STOP_PATIENCE, self.ask("savepoint farol_seen".to_owned())).await.ok()?.ok()?;
        self.left_by("rollback to savepoint farol_seen").await
    }

    /// Rolls something back, and returns what the database says could not be.
    async fn left_by(&mut self, roll_back: &str) -> Option<String> {
        let rolled_back = timeout(STOP_PATIENCE, self.ask(roll_back.to_owned())).await;
        let (Ok(Ok(_)), Self::Mysql(_)) = (&rolled_back, &self) else { return None };
        let warnings = timeout(STOP_PATIENCE, self.ask("show warnings".to_owned())).await;
        let warnings = warnings.ok().and_then(Result::ok).unwrap_or_default();
        // ER_WARNING_NOT_COMPLETE_ROLLBACK
        let found = warnings.into_iter().find(|row| row.get(1).cloned().flatten().as_deref() == Some("1196"));
        found.and_then(|row| row.into_iter().nth(2).flatten())
    }

    /// Never used again.
    pub async fn close(self) {
        match self {
            Self::Postgres(session) => session.close().await,
            Self::Mysql(session) => session.close().await,
            Self::Sqlite(conn) => drop(timeout(Duration::from_secs(1), conn.close()).await),
        }
    }

    /// Names the locks that the transaction holds, and counts the sessions that wait for it, as far as it is told.
    pub async fn locks(&mut self) -> (Vec<HeldLock>, Option<u64>) {
        let lock = |row: &Vec<Option<String>>| {
            let cell = |at: usize| row.get(at).cloned().flatten();
            Some(HeldLock { on: cell(0)?, mode: cell(1)? })
        };
        match self {
            Self::Postgres(_) => {
                let sql = format!(
                    "select distinct l.relation::regclass::text, l.mode from pg_catalog.pg_locks l \
                     join pg_catalog.pg_class c on c.oid = l.relation and c.relkind in ('r', 'p', 'm') \
                     join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname <> 'pg_catalog' \
                     where l.pid = pg_catalog.pg_backend_pid() and l.granted and l.locktype = 'relation' \
                     order by 1, 2 limit {LOCKS}"
                );
                let locks = self.look(sql).await.unwrap_or_default();
                let waiting = "select count(*) from pg_catalog.pg_stat_activity where \
                               pg_catalog.pg_backend_pid() = any (pg_catalog.pg_blocking_pids(pid))";
                let waiting = self.look(waiting.to_owned()).await.unwrap_or_default();
                let waiting = waiting.into_iter().flatten().next().flatten().and_then(|count| count.parse().ok());
                (locks.iter().filter_map(lock).collect(), waiting)
            }
            Self::Mysql(_) => {
                let sql = "select concat(trx_rows_locked, ' rows, ', trx_tables_locked, ' tables'), 'InnoDB' \
                           from information_schema.innodb_trx where trx_mysql_thread_id = connection_id()";
                let locks = self.look(sql.to_owned()).await.unwrap_or_default();
                (locks.iter().filter_map(lock).collect(), None)
            }
            Self::Sqlite(_) => (vec![HeldLock { on: "main".to_owned(), mode: "RESERVED".to_owned() }], None),
        }
    }
}

/// What an error says, for the attempt's output.
pub(super) fn said(error: &sqlx::Error) -> String {
    words(error)
}

#[cfg(test)]
mod tests {
    use farol_api::risk::RiskClass;
    use farol_api::target::CredentialRole;
    use farol_testkit::{MariaDbServer, PostgresServer, SqliteFile};

    use super::*;
    use crate::secret::SecretUrl;

    async fn open(kind: DatabaseKind, url: &str) -> Line {
        let url = SecretUrl::new(url);
        let statement = Statement {
            attempt: "line".to_owned(),
            url: &url,
            text: "",
            binds: &[],
            class: RiskClass::Write,
            role: CredentialRole::ReadWrite,
            reads: false,
            read_only: false,
            timeout: Duration::from_secs(30),
            witness: None,
            uncommitted: false,
        };
        let ready = Ready { kind, postgres: None, mysql: None };
        Line::open(ready, &statement).await.unwrap_or_else(|(code, words)| panic!("{kind:?}: {code:?} {words}"))
    }

    async fn count(line: &mut Line) -> Option<String> {
        line.ask("select count(*) from t".to_owned()).await.unwrap().remove(0).remove(0)
    }

    /// Whatever made a database end a transaction by itself, it is seen before anything more is sent.
    #[tokio::test]
    async fn a_transaction_that_is_lost_is_seen() {
        let sqlite = SqliteFile::with("create table t (id integer primary key)").await;
        let mariadb = MariaDbServer::shared().create_target("line_lost").await;
        let postgres = PostgresServer::shared().create_target("line_lost").await;
        for (kind, url) in [
            (DatabaseKind::Sqlite, &sqlite.url()),
            (DatabaseKind::Mysql, &mariadb.admin),
            (DatabaseKind::Postgres, &postgres.admin),
        ] {
            let mut line = open(kind, url).await;
            if kind != DatabaseKind::Sqlite {
                line.ask("create table t (id int primary key)".to_owned()).await.unwrap();
            }
            line.begin(Duration::from_secs(60)).await.unwrap();
            line.ask("insert into t values (1)".to_owned()).await.unwrap();
            assert_eq!((line.stands().await, line.stands().await), (Ok(()), Ok(())), "{kind:?}");
            assert_eq!(line.look("select nothing from nowhere".to_owned()).await, None);
            assert_eq!(line.stands().await, Ok(()), "{kind:?}: a question that is refused does no harm");
            assert_eq!(count(&mut line).await.as_deref(), Some("1"), "{kind:?}");
            line.ask("rollback".to_owned()).await.unwrap();
            assert_eq!(line.stands().await, Err(FailureCode::StatementRefused), "{kind:?}");
            assert_eq!(line.stands().await, Err(FailureCode::StatementRefused), "{kind:?}: and it stays so");
            assert_eq!(count(&mut line).await.as_deref(), Some("0"), "{kind:?}");
            line.close().await;
        }
    }
}
