//! A throw-away MariaDB, or a MySQL in its place.
//!
//! `FAROL_MYSQLD` names the program of a MySQL server: then everything that would run on MariaDB runs on that one. Debian has
//! none, so nothing here depends on it.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

use super::TargetDatabase;
use super::guard::{Account, Guard, blocking, free_port, program};

const SUPERUSER: &str = "farol_test";
const PASSWORD: &str = "throw-away";

/// What the names of a database's users begin with: the end of its name, for a MySQL takes 32 characters, `_admin` among
/// them. An end that begins with a digit gets a letter in front: `0000259e0008` would be read as a number.
fn account_of(database: &str) -> String {
    let end = &database[database.len().saturating_sub(24)..];
    if end.starts_with(|first: char| first.is_ascii_digit()) { format!("u{end}") } else { end.to_owned() }
}

/// Run by the server itself before it listens, each time that it starts.
const INIT: &str = "
create user if not exists 'farol_test'@'127.0.0.1' identified by 'throw-away';
grant all on *.* to 'farol_test'@'127.0.0.1' with grant option;
";

const ROLES: &str = "
create database {db} character set utf8mb4;
create user '{user}_ro'@'127.0.0.1' identified by '{password}';
create user '{user}_rw'@'127.0.0.1' identified by '{password}';
create user '{user}_admin'@'127.0.0.1' identified by '{password}';
grant select, show view on {db}.* to '{user}_ro'@'127.0.0.1';
grant select, insert, update, delete, show view on {db}.* to '{user}_rw'@'127.0.0.1';
grant all on {db}.* to '{user}_admin'@'127.0.0.1';
grant process, {kill} on *.* to '{user}_admin'@'127.0.0.1';
";

/// A MariaDB of one's own: a temporary folder, a free loopback port, nothing flushed to the disk.
#[derive(Debug)]
pub struct MariaDbServer {
    port: u16,
    guard: Guard,
}

impl MariaDbServer {
    /// Returns the one that all tests of this process share, started by the first who asks.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<MariaDbServer> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// Starts one for a test that stops or breaks it.
    pub fn start() -> Self {
        let account = Account::of("mysql");
        let folder = account.folder("farol-mariadb-");
        let folders = [PathBuf::from("/usr/sbin"), PathBuf::from("/usr/bin")];
        let named = mysqld();
        let server = named.clone().unwrap_or_else(|| program("mariadbd", &folders, "mariadb-server"));
        let data = folder.join("data");
        // Not the shared one: a MariaDB that starts there removes the temporary tables of those that run, which end them.
        let temporary = account.subfolder(&folder, "tmp");
        let install = || program("mariadb-install-db", &folders, "mariadb-server");
        let mut init = account.command(named.clone().unwrap_or_else(install), &folder);
        init.arg("--no-defaults");
        init.arg(format!("--datadir={}", data.display()));
        init.env("TMPDIR", &temporary);
        match named {
            Some(_) => init.arg("--initialize-insecure"),
            None => init.args(["--skip-test-db", "--auth-root-authentication-method=normal"]),
        };
        account.run(init);
        let file = folder.join("init.sql");
        fs::write(&file, INIT).expect("the init file");
        let port = free_port();
        let arguments = [
            "--no-defaults".to_owned(),
            format!("--datadir={}", data.display()),
            format!("--tmpdir={}", temporary.display()),
            format!("--port={port}"),
            "--bind-address=127.0.0.1".to_owned(),
            "--skip-name-resolve".to_owned(),
            format!("--socket={}", folder.join("socket").display()),
            format!("--pid-file={}", folder.join("pid").display()),
            format!("--init-file={}", file.display()),
            "--innodb-flush-log-at-trx-commit=0".to_owned(),
            "--innodb-buffer-pool-size=32M".to_owned(),
        ];
        let mut command: Vec<&OsStr> = vec![server.as_ref()];
        command.extend(arguments.iter().map(OsStr::new));
        if Self::is_mysql() {
            // As a MariaDB that is told nothing.
            command.extend(["--skip-log-bin", "--mysqlx=OFF"].map(OsStr::new));
        }
        let mut guard = Guard::start(account, &folder, "KILL", &command);
        let superuser = url(port, SUPERUSER, "mysql");
        guard.wait_until(|| blocking(execute(&superuser, "select 1".to_owned())));
        Self { port, guard }
    }

    /// Tells whether a MySQL stands in for MariaDB.
    pub fn is_mysql() -> bool {
        mysqld().is_some()
    }

    /// Kills it. Its data stay.
    pub fn crash(&mut self) {
        self.guard.stop("KILL");
    }

    /// Starts it again after it was stopped, on the same port, and waits until it answers.
    pub fn start_again(&mut self) {
        self.guard.start_again();
        let superuser = url(self.port, SUPERUSER, "mysql");
        self.guard.wait_until(|| blocking(execute(&superuser, "select 1".to_owned())));
    }

    /// Returns the port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns its temporary folder.
    pub fn folder(&self) -> &Path {
        self.guard.folder()
    }

    /// Makes a database with users `NAME_ro`, `NAME_rw` and `NAME_admin`. The name is a plain identifier.
    pub async fn create_target(&self, name: &str) -> TargetDatabase {
        let user = &account_of(name);
        let roles = ROLES.replace("{db}", name).replace("{user}", user).replace("{password}", PASSWORD);
        let kill = if Self::is_mysql() { "connection_admin" } else { "connection admin" };
        let roles = roles.replace("{kill}", kill);
        self.execute("mysql", roles).await;
        let of = |role: &str| url(self.port, &format!("{user}_{role}"), name);
        TargetDatabase {
            name: name.to_owned(),
            account: user.clone(),
            ro: of("ro"),
            rw: of("rw"),
            admin: of("admin"),
            superuser: url(self.port, SUPERUSER, name),
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

/// The MySQL that is to stand in for MariaDB.
fn mysqld() -> Option<PathBuf> {
    std::env::var_os("FAROL_MYSQLD").map(PathBuf::from)
}

fn url(port: u16, user: &str, database: &str) -> String {
    // A MySQL takes no password in the clear.
    let mode = if MariaDbServer::is_mysql() { "required" } else { "disabled" };
    format!("mysql://{user}:{PASSWORD}@127.0.0.1:{port}/{database}?ssl-mode={mode}")
}

async fn execute(url: &str, sql: String) -> Result<(), sqlx::Error> {
    let options: MySqlConnectOptions = url.parse()?;
    let mut connection: MySqlConnection = options.connect().await?;
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
    connection.close().await
}
