//! The servers are real, their users can do what they should, and nothing stays behind.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use farol_testkit::{MariaDbServer, PostgresServer, SqliteFile, TargetDatabase};
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection, SqliteConnection};

async fn postgres(url: &str, sql: &str) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect(url).await?;
    let sql = AssertSqlSafe(sql.to_owned());
    sqlx::raw_sql(sql).execute(&mut connection).await.map(drop)
}

async fn mariadb(url: &str, sql: &str) -> Result<(), sqlx::Error> {
    let mut connection = MySqlConnection::connect(url).await?;
    let sql = AssertSqlSafe(sql.to_owned());
    sqlx::raw_sql(sql).execute(&mut connection).await.map(drop)
}

#[tokio::test]
async fn postgres_users_can_do_what_their_role_says() {
    let shop = PostgresServer::shared().create_target("shop").await;
    postgres(&shop.superuser, "create table made (id serial, x int)").await.unwrap();
    postgres(&shop.admin, "create table own (id serial, x int)").await.unwrap();
    for table in ["made", "own"] {
        let (read, write) = (format!("select * from {table}"), format!("insert into {table} (x) values (1)"));
        postgres(&shop.ro, &read).await.unwrap();
        assert!(postgres(&shop.ro, &write).await.is_err());
        postgres(&shop.rw, &write).await.unwrap();
        assert!(postgres(&shop.rw, &format!("drop table {table}")).await.is_err());
    }
    assert!(postgres(&shop.ro, "create table t (x int)").await.is_err());
    postgres(&shop.admin, "drop table own").await.unwrap();
    let wrong = shop.ro.replace("throw-away", "wrong");
    assert!(postgres(&wrong, "select 1").await.is_err(), "passwords count");
}

#[tokio::test]
async fn mariadb_users_can_do_what_their_role_says() {
    let shop: TargetDatabase = MariaDbServer::shared().create_target("shop").await;
    mariadb(&shop.admin, "create table t (x int)").await.unwrap();
    mariadb(&shop.ro, "select * from t").await.unwrap();
    assert!(mariadb(&shop.ro, "insert into t values (1)").await.is_err());
    mariadb(&shop.rw, "insert into t values (1)").await.unwrap();
    assert!(mariadb(&shop.rw, "drop table t").await.is_err());
    mariadb(&shop.admin, "show processlist").await.unwrap();
    mariadb(&shop.superuser, "drop table t").await.unwrap();
    let wrong = shop.ro.replace("throw-away", "wrong");
    assert!(mariadb(&wrong, "select 1").await.is_err(), "passwords count");
}

/// The end of a database's name may look like a number; the accounts made of it are identifiers all the same.
#[tokio::test]
async fn mariadb_accounts_need_no_quotes() {
    let numbered = MariaDbServer::shared().create_target("t_0000259e0000000000000008").await;
    mariadb(&numbered.superuser, "create table t (x int)").await.unwrap();
    let grant = format!("grant insert on t to {}_ro@'127.0.0.1'", numbered.account);
    mariadb(&numbered.superuser, &grant).await.unwrap();
    mariadb(&numbered.ro, "insert into t values (1)").await.unwrap();
}

#[tokio::test]
async fn a_sqlite_file_holds_what_it_was_made_with() {
    let file = SqliteFile::with("create table t (x); insert into t values (1), (2)").await;
    let mut connection = SqliteConnection::connect(&file.url()).await.unwrap();
    let rows: i64 = sqlx::query_scalar("select count(*) from t").fetch_one(&mut connection).await.unwrap();
    assert_eq!(rows, 2);
    let folder = file.folder().to_owned();
    drop(file);
    assert!(!folder.exists());
}

/// The test process may be killed with -9: the pipe ends, and the guard cleans up.
#[test]
fn nothing_is_left_of_a_test_process_that_was_killed() {
    const ROLE: &str = "FAROL_TESTKIT_VICTIM";
    if std::env::var_os(ROLE).is_some() {
        let (postgres, mariadb) = (PostgresServer::start(), MariaDbServer::start());
        println!("folders {} {}", postgres.folder().display(), mariadb.folder().display());
        let pid = nix::unistd::Pid::this();
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGKILL).unwrap();
    }
    let name = "nothing_is_left_of_a_test_process_that_was_killed";
    let victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(ROLE, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&victim.stdout);
    let line = said.lines().find_map(|line| line.split_once("folders "));
    let folders = line.unwrap_or_else(|| panic!("{said}")).1.split(' ');
    let deadline = Instant::now() + Duration::from_secs(60);
    for folder in folders {
        while Path::new(folder).exists() {
            assert!(Instant::now() < deadline, "{folder} is still there");
            std::thread::sleep(Duration::from_millis(20));
        }
        let running = Command::new("pgrep").args(["-f", folder]).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&running.stdout), "", "{folder}");
    }
}

#[test]
fn a_server_that_is_dropped_is_gone() {
    let server = PostgresServer::start();
    let (folder, port) = (server.folder().to_owned(), server.port());
    drop(server);
    assert!(!folder.exists());
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
}
