//! Postgres.

use farol_api::target::DatabaseKind;
use farol_engine::job::ResolvedTarget;
use farol_testkit::{PostgresServer, TargetDatabase};
use sqlx::{Connection, Executor, PgConnection, Row};

use super::{World, changes, nothing_changes, statements};

const TABLES: [&str; 5] = [
    include_str!("../../../risk/tests/postgres.tsv"),
    include_str!("../../../risk/tests/postgres_functions.tsv"),
    include_str!("../../../risk/tests/postgres_hunts.tsv"),
    include_str!("../../../risk/tests/postgres_statements.tsv"),
    include_str!("../../../risk/tests/postgres_blind.tsv"),
];

/// The tables, functions and roles that most statements name; functions that write are open to everybody.
const SETUP: &str = "
create table t (id serial primary key, a int, b text, c text, n int, x int, name text, state text, created_at timestamptz, u int);
insert into t values (1, 10, 'one', 'c', 1, 1, 'one', 'open', '2026-01-01', 1), (2, 20, null, 'd', 2, 2, 'two', 'done', '2026-01-02', 2);
create table u (like t including all); insert into u select * from t;
create table orders (like t including all); create table log (n bigint);
create table c (id int references t (id), v int); create table r (v int);
create sequence s; create view v as select * from t; create materialized view m as select * from t; create materialized view mv as select 1 as one;
create index i on t (a); create index idx on t (b);
create type mood as enum ('sad', 'ok');
create function f() returns int language sql security definer as 'insert into log values (1) returning 1';
create function f(x int) returns int language sql security definer as 'insert into log values (x) returning 1';
create procedure p() language sql security definer as 'insert into log values (1)';
create function tf() returns trigger language plpgsql as 'begin return new; end';
create trigger tr before update on u for each row execute function tf();
create schema other; create table other.t (a int); create extension if not exists pg_trgm;
create publication pub for table t; create role r nologin; create role bob nologin;";

/// Everything kept in the database, and in its server, that a statement could have changed, one thing a line.
const KEPT: &str = r"
select string_agg(what || ' ' || coalesce(told, '-'), E'\n' order by what) from (
  select 'rows of ' || c.oid::regclass::text as what,
         (xpath('/row/h/text()', query_to_xml(format('select md5(string_agg(md5(x::text), '''' order by x::text)) h from %s x', c.oid::regclass), false, true, '')))[1]::text as told
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'm') and n.nspname !~ '^(pg_|information)'
  union all select 'sequence ' || schemaname || '.' || sequencename, coalesce(last_value::text, 'new') from pg_sequences
  union all select 'class ' || relname || oid::text, md5((c.relname, c.relkind, c.relacl, c.relnatts, c.reltuples, c.relpages, c.reloptions, c.relfilenode, c.relowner)::text) from pg_class c where relnamespace::regnamespace::text !~ '^(pg_toast|pg_temp|information)'
  union all select 'attributes', md5(string_agg((attrelid, attname, atttypid, attnotnull, attisdropped, attstattarget, attacl)::text, ',' order by attrelid, attnum)) from pg_attribute join pg_class c on c.oid = attrelid where c.relnamespace::regnamespace::text !~ '^(pg_temp|pg_toast)'
  union all select 'constraints', md5(string_agg(pg_get_constraintdef(oid), ',' order by oid)) from pg_constraint
  union all select 'functions', md5(string_agg((oid, proname, prosrc, proacl, proconfig, proowner)::text, ',' order by oid)) from pg_proc where pronamespace::regnamespace::text !~ '^pg_temp'
  union all select 'triggers', md5(string_agg((tgname, tgenabled, tgrelid)::text, ',' order by oid)) from pg_trigger
  union all select 'types', md5(string_agg(typname, ',' order by oid)) from pg_type where typnamespace::regnamespace::text !~ '^pg_(temp|toast)'
  union all select 'enums', md5(string_agg(enumlabel, ',' order by oid)) from pg_enum
  union all select 'views', md5(string_agg(definition, ',' order by schemaname, viewname)) from pg_views
  union all select 'rules', md5(string_agg((rulename, ev_class)::text, ',' order by oid)) from pg_rewrite
  union all select 'policies', md5(string_agg(p::text, ',' order by oid)) from pg_policy p
  union all select 'schemas', md5(string_agg((nspname, nspacl, nspowner)::text, ',' order by oid)) from pg_namespace where nspname !~ '^pg_(temp|toast)'
  union all select 'extensions', md5(string_agg((extname, extversion)::text, ',' order by oid)) from pg_extension
  union all select 'roles', md5(string_agg((rolname, rolsuper, rolcanlogin, rolconnlimit, rolpassword, rolvaliduntil, rolcreatedb)::text, ',' order by oid)) from pg_authid
  union all select 'members', md5(string_agg(m::text, ',' order by roleid, member)) from pg_auth_members m
  union all select 'databases', md5(string_agg((datname, datconnlimit, datallowconn, datacl, datdba)::text, ',' order by oid)) from pg_database
  union all select 'role settings', md5(string_agg(d::text, ',' order by setdatabase, setrole)) from pg_db_role_setting d
  union all select 'tablespaces', md5(string_agg(spcname, ',' order by oid)) from pg_tablespace
  union all select 'large objects', count(*)::text from pg_largeobject_metadata
  union all select 'comments', md5(string_agg(d::text, ',' order by objoid, classoid, objsubid)) from pg_description d
  union all select 'labels', count(*)::text from pg_seclabel
  union all select 'publications', md5(string_agg(p::text, ',' order by oid)) from pg_publication p
  union all select 'subscriptions', count(*)::text from pg_subscription
  union all select 'event triggers', count(*)::text from pg_event_trigger
  union all select 'foreign servers', count(*)::text from pg_foreign_server
  union all select 'default privileges', md5(string_agg(d::text, ',' order by oid)) from pg_default_acl d
) s";

/// Where the log of writes and the count of transactions stand: what is kept without the one, as rows of unlogged tables are,
/// takes the other.
const WRITTEN: &str = "select pg_current_wal_insert_lsn() || ' ' || pg_snapshot_xmax(pg_current_snapshot())";

/// What neither of them tells.
const LIVE: &str = r"
select string_agg(what || ' ' || coalesce(told, '-'), E'\n' order by what) from (
  select 'slots' as what, md5(string_agg(slot_name, ',' order by slot_name)) as told from pg_replication_slots
  union all select 'prepared transactions', count(*)::text from pg_prepared_xacts
  union all select 'advisory locks', count(*)::text from pg_locks where locktype = 'advisory'
  union all select 'others connected', count(*)::text from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
  union all select 'statistics reset', coalesce(max(stats_reset)::text, 'never') from pg_stat_database where datname = current_database()
  union all select 'settings', md5(string_agg(name || '=' || setting, ',' order by name)) from pg_settings where context <> 'internal'
  union all select 'configured', md5(pg_read_file('postgresql.auto.conf'))
  union all select 'recovery', pg_is_in_recovery()::text
) s";

struct Db {
    server: PostgresServer,
    urls: TargetDatabase,
    boss: PgConnection,
    /// What was kept when the writes stood there: it takes a while to tell, and most statements write nothing.
    kept: Option<(String, String)>,
}

impl Db {
    async fn new() -> Self {
        // Of its own: some of the statements end other sessions.
        let server = PostgresServer::start();
        server.execute("postgres", "alter system set autovacuum = off").await;
        server.execute("postgres", "select pg_reload_conf()").await;
        let urls = server.create_target("world").await;
        let mut boss = PgConnection::connect(&urls.superuser).await.unwrap();
        boss.execute(sqlx::raw_sql(SETUP)).await.unwrap();
        // Visibility maps and statistics are made now, so that no later read makes them.
        boss.execute(sqlx::raw_sql("vacuum analyze")).await.unwrap();
        Self { server, urls, boss, kept: None }
    }

    /// A session that was closed is still counted for a moment; what a statement opened and left stays.
    async fn wait_for_others(&mut self) {
        const OTHERS: &str = "select count(*)::text from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
        for _ in 0..200 {
            if self.told(OTHERS).await == "0" {
                break;
            }
            self.told("select pg_sleep(0.01)::text").await;
        }
    }

    async fn told(&mut self, question: &'static str) -> String {
        loop {
            match self.boss.fetch_one(sqlx::raw_sql(question)).await {
                Ok(row) => return row.get(0),
                // What an ended session leaves is cleared away by Postgres in its own time, also while it is looked at.
                Err(sqlx::Error::Database(error))
                    if matches!(error.code().as_deref(), Some("XX000" | "42P01" | "2200N")) => {}
                Err(sqlx::Error::Database(error)) if error.code().as_deref() != Some("57P01") => panic!("{error}"),
                // A statement may have ended this session too, which a read must not; the control group may.
                Err(_) => self.boss = PgConnection::connect(&self.urls.superuser).await.unwrap(),
            }
        }
    }
}

impl World for Db {
    fn ro(&self) -> ResolvedTarget {
        super::common::database(DatabaseKind::Postgres, &self.urls.ro)
    }

    fn superuser(&self) -> ResolvedTarget {
        super::common::database(DatabaseKind::Postgres, &self.urls.superuser)
    }

    async fn mend(&mut self) {
        for setup in SETUP.split_inclusive(";\n") {
            // What is still there is not made again.
            let _ = self.boss.execute(sqlx::raw_sql(setup)).await;
        }
    }

    async fn state(&mut self) -> String {
        let written = self.told(WRITTEN).await;
        if self.kept.as_ref().is_none_or(|(when, _)| *when != written) {
            self.kept = Some((written, self.told(KEPT).await));
        }
        self.wait_for_others().await;
        let live = self.told(LIVE).await;
        let kept = self.kept.as_ref().map_or("", |(_, kept)| kept);
        let folder = std::fs::read_dir(self.server.folder()).unwrap().count();
        format!("{kept}\n{live}\nfiles {folder}")
    }
}

#[tokio::test]
async fn no_statement_run_as_a_read_changes_a_postgres() {
    nothing_changes(&mut Db::new().await, &statements("postgres", &TABLES)).await;
}

#[tokio::test]
async fn the_same_statements_change_a_postgres_when_a_superuser_runs_them() {
    let changed = changes(&mut Db::new().await, &statements("postgres", &TABLES)).await;
    assert!(changed > 100, "{changed} statements changed something");
}
