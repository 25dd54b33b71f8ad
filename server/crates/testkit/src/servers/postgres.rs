//! A throw-away Postgres.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

use super::TargetDatabase;
use super::guard::{Account, Guard, blocking, free_port, program};

/// The superuser; its password is that of every user here.
const SUPERUSER: &str = "farol_test";
const PASSWORD: &str = "throw-away";

/// The superuser's password goes over loopback as it is: the other method's thousands of hashes, unoptimised in the
/// client, would cost each of many tests a tenth of a second a connection.
const ACCESS: &str = "
host all farol_test 127.0.0.1/32 password
host all all 127.0.0.1/32 scram-sha-256
";

/// Tables that either maker makes later are theirs to read or write too.
const ROLES: &str = "
create role {db}_ro login password '{password}';
create role {db}_rw login password '{password}';
create role {db}_admin login password '{password}';
grant pg_monitor, pg_signal_backend to {db}_admin;
alter database {db} owner to {db}_admin;
revoke create on schema public from public;
grant usage on schema public to {db}_ro, {db}_rw;
grant all on schema public to {db}_admin;
alter default privileges grant select on tables to {db}_ro;
alter default privileges grant select, insert, update, delete on tables to {db}_rw;
alter default privileges grant all on tables to {db}_admin;
alter default privileges grant usage on sequences to {db}_rw;
alter default privileges for role {db}_admin grant select on tables to {db}_ro;
alter default privileges for role {db}_admin
    grant select, insert, update, delete on tables to {db}_rw;
alter default privileges for role {db}_admin grant usage on sequences to {db}_rw;
";

/// A Postgres of one's own: a temporary folder, a free loopback port, nothing flushed to the disk.
#[derive(Debug)]
pub struct PostgresServer {
    port: u16,
    guard: Guard,
}

impl PostgresServer {
    /// Returns the one that all tests of this process share, started by the first who asks.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<PostgresServer> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// Starts one for a test that stops or breaks it.
    pub fn start() -> Self {
        let account = Account::of("postgres");
        let folder = account.folder("farol-postgres-");
        let folders = version_folders();
        let initdb = program("initdb", &folders, "postgresql");
        let postgres = program("postgres", &folders, "postgresql");
        let (data, secret) = (folder.join("data"), folder.join("secret"));
        fs::write(&secret, PASSWORD).expect("the password file");
        let mut init = account.command(initdb, &folder);
        init.arg("-D").arg(&data).args(["-U", SUPERUSER]);
        // A locale that orders as people do, so that a query that relies on the order of bytes is found out.
        init.args(["-E", "UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=en-US", "--no-sync"]);
        init.arg("--auth=scram-sha-256").arg("--pwfile").arg(&secret);
        account.run(init);
        fs::write(data.join("pg_hba.conf"), ACCESS).expect("the access file");
        let port = free_port();
        let settings = [
            format!("port={port}"),
            "listen_addresses=127.0.0.1".to_owned(),
            "unix_socket_directories=".to_owned(),
            "max_connections=400".to_owned(),
            "shared_buffers=32MB".to_owned(),
            // Nothing waits for the disk. What is committed outlives a crash of the server all the same, as tests of one expect.
            "fsync=off".to_owned(),
            "full_page_writes=off".to_owned(),
        ];
        let mut command: Vec<&OsStr> = vec![postgres.as_ref(), "-D".as_ref(), data.as_ref()];
        for setting in &settings {
            command.extend([OsStr::new("-c"), OsStr::new(setting)]);
        }
        let mut guard = Guard::start(account, &folder, "QUIT", &command);
        let superuser = url(port, SUPERUSER, "postgres");
        guard.wait_until(|| blocking(execute(&superuser, "select 1".to_owned())));
        Self { port, guard }
    }

    /// Ends it: connections are closed, and what runs is rolled back. Its data stay.
    pub fn stop(&mut self) {
        self.guard.stop("INT");
    }

    /// Kills it as a machine that loses its power does. Its data stay.
    pub fn crash(&mut self) {
        self.guard.stop("QUIT");
    }

    /// Starts it again after it was stopped, on the same port, and waits until it answers.
    pub fn start_again(&mut self) {
        self.guard.start_again();
        let superuser = url(self.port, SUPERUSER, "postgres");
        self.guard.wait_until(|| blocking(execute(&superuser, "select 1".to_owned())));
    }

    /// Has it start next time as one that follows another: it takes no changes until it is promoted.
    pub fn become_standby(&self) {
        let signal = self.guard.folder().join("data/standby.signal");
        fs::write(signal, "").expect("a file in its folder");
    }

    /// Returns the port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns its temporary folder.
    pub fn folder(&self) -> &Path {
        self.guard.folder()
    }

    /// Makes a database and returns its URL for the superuser.
    pub async fn create_database(&self, name: &str) -> String {
        self.execute("postgres", format!("create database {name}")).await;
        url(self.port, SUPERUSER, name)
    }

    /// Copies a database that nobody is connected to, and returns the copy's URL for the superuser.
    pub async fn copy_database(&self, from: &str, name: &str) -> String {
        let sql = format!("create database {name} template {from}");
        self.execute("postgres", sql).await;
        url(self.port, SUPERUSER, name)
    }

    /// Makes a database with users `NAME_ro`, `NAME_rw` and `NAME_admin`. The name is a plain identifier.
    pub async fn create_target(&self, name: &str) -> TargetDatabase {
        let superuser = self.create_database(name).await;
        let roles = ROLES.replace("{db}", name).replace("{password}", PASSWORD);
        self.execute(name, roles).await;
        let of = |role: &str| url(self.port, &format!("{name}_{role}"), name);
        TargetDatabase {
            name: name.to_owned(),
            account: name.to_owned(),
            ro: of("ro"),
            rw: of("rw"),
            admin: of("admin"),
            superuser,
        }
    }

    /// Runs statements as the superuser.
    pub async fn execute(&self, database: &str, sql: impl Into<String>) {
        let url = url(self.port, SUPERUSER, database);
        let sql = sql.into();
        let done = execute(&url, sql.clone()).await;
        done.unwrap_or_else(|e| panic!("{sql}: {e}"));
    }
}

fn url(port: u16, user: &str, database: &str) -> String {
    format!("postgres://{user}:{PASSWORD}@127.0.0.1:{port}/{database}?sslmode=disable")
}

async fn execute(url: &str, sql: String) -> Result<(), sqlx::Error> {
    let options: PgConnectOptions = url.parse()?;
    let mut connection: PgConnection = options.connect().await?;
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
    connection.close().await
}

/// Debian keeps each version's programs apart; the newest first.
fn version_folders() -> Vec<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut numbered: Vec<(u32, PathBuf)> = versions
        .flatten()
        .filter_map(|entry| {
            let number = entry.file_name().to_str()?.parse().ok()?;
            Some((number, entry.path().join("bin")))
        })
        .collect();
    numbered.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    numbered.into_iter().map(|(_, folder)| folder).collect()
}
