//! MariaDB.

use farol_api::target::DatabaseKind;
use farol_engine::job::ResolvedTarget;
use farol_testkit::{MariaDbServer, TargetDatabase};
use sqlx::{AssertSqlSafe, Connection, Executor, MySqlConnection, Row};

use super::{World, changes, nothing_changes, statements};

const TABLES: [&str; 6] = [
    include_str!("../../../risk/tests/mysql.tsv"),
    include_str!("../../../risk/tests/mysql_functions.tsv"),
    include_str!("../../../risk/tests/mysql_hunts.tsv"),
    include_str!("../../../risk/tests/mysql_statements.tsv"),
    include_str!("../../../risk/tests/mysql_broken.tsv"),
    include_str!("../../../risk/tests/mysql_blind.tsv"),
];

/// What most statements name. Routines run as who made them, and everybody may call them.
const SETUP: [&str; 15] = [
    "create table t (id int auto_increment primary key, a int, b varchar(50), c varchar(50), n int, x int, name varchar(50), created datetime, u int) engine = innodb",
    "insert into t values (1, 10, 'one', 'c', 1, 1, 'one', '2026-01-01', 1), (2, 20, null, 'd', 2, 2, 'two', '2026-01-02', 2)",
    "create table u like t",
    "insert into u select * from t",
    "create table t1 like t",
    "create table t2 like t",
    "create table orders like t",
    "create table myisam (a int) engine = myisam",
    "create table log (n bigint)",
    "create index i on t (a)",
    "create view v as select * from t",
    "create sequence s",
    "create function f() returns int begin insert into log values (1); return 1; end",
    "create procedure p() begin commit; insert into log values (1); end",
    "create trigger tr before update on u for each row set new.a = 1",
];

/// Everything of a database and its server, one thing a line; `{db}` is its name.
const STATE: [(&str, &str); 12] = [
    (
        "tables",
        "select group_concat(concat_ws(':', table_name, table_type, engine, table_comment, create_options) order by 1) from information_schema.tables where table_schema = '{db}'",
    ),
    (
        "columns",
        "select group_concat(concat_ws(':', table_name, column_name, column_type, is_nullable, column_default) order by 1) from information_schema.columns where table_schema = '{db}'",
    ),
    (
        "indexes",
        "select group_concat(concat_ws(':', table_name, index_name, column_name) order by 1) from information_schema.statistics where table_schema = '{db}'",
    ),
    (
        "routines",
        "select group_concat(concat_ws(':', routine_name, routine_definition) order by 1) from information_schema.routines where routine_schema = '{db}'",
    ),
    (
        "triggers",
        "select group_concat(concat_ws(':', trigger_name, action_statement) order by 1) from information_schema.triggers where trigger_schema = '{db}'",
    ),
    (
        "views",
        "select group_concat(view_definition order by 1) from information_schema.views where table_schema = '{db}'",
    ),
    ("events", "select group_concat(event_name order by 1) from information_schema.events where event_schema = '{db}'"),
    ("schemas", "select group_concat(schema_name order by 1) from information_schema.schemata"),
    ("users", "select sha2(group_concat(concat_ws(':', host, user, priv) order by 1), 256) from mysql.global_priv"),
    (
        "grants",
        "select sha2(group_concat(concat_ws(':', grantee, table_schema, privilege_type) order by 1), 256) from information_schema.schema_privileges",
    ),
    (
        "settings",
        "select sha2(group_concat(concat_ws('=', variable_name, variable_value) order by 1), 256) from information_schema.global_variables where variable_name not regexp 'timestamp|gtid|last_|rand_|identity|insert_id|pseudo|innodb_buffer_pool_(load|dump)'",
    ),
    (
        "plugins",
        "select group_concat(concat_ws(':', plugin_name, plugin_status) order by 1) from information_schema.plugins",
    ),
];

/// A MySQL that stands in for MariaDB has no sequences.
fn setup() -> impl Iterator<Item = &'static str> {
    SETUP.into_iter().filter(|setup| !MariaDbServer::is_mysql() || !setup.starts_with("create sequence"))
}

/// A question in the words of the server that is asked.
fn asked(question: &str) -> String {
    if !MariaDbServer::is_mysql() {
        return question.to_owned();
    }
    question
        .replace("information_schema.global_variables", "performance_schema.global_variables")
        .replace(
            "host, user, priv)",
            "host, user, hex(authentication_string), account_locked, select_priv, super_priv)",
        )
        .replace("mysql.global_priv", "mysql.user")
}

struct Db {
    server: MariaDbServer,
    urls: TargetDatabase,
    boss: MySqlConnection,
}

impl Db {
    async fn new() -> Self {
        // Of its own: some of the statements change the whole server.
        let server = MariaDbServer::start();
        let urls = server.create_target("world").await;
        server.execute("mysql", "grant execute on world.* to 'world_ro'@'127.0.0.1'").await;
        let mut boss = MySqlConnection::connect(&urls.superuser).await.unwrap();
        for setup in setup() {
            (&mut boss).execute(sqlx::raw_sql(setup)).await.unwrap();
        }
        Self { server, urls, boss }
    }

    async fn ask(&mut self, question: String) -> Result<String, sqlx::Error> {
        let row = (&mut self.boss).fetch_one(sqlx::raw_sql(AssertSqlSafe(question))).await?;
        Ok(row.try_get::<Option<String>, _>(0)?.unwrap_or_default())
    }

    async fn tell(&mut self) -> Result<String, sqlx::Error> {
        (&mut self.boss).execute(sqlx::raw_sql("set group_concat_max_len = 10000000")).await?;
        let name = self.urls.name.clone();
        let mut state = String::new();
        for (what, question) in STATE {
            let is = self.ask(asked(question).replace("{db}", &name)).await?;
            state.push_str(&format!("{what} {}\n", is.replace('\n', " ")));
        }
        let tables = (&mut self.boss)
            .fetch_all(sqlx::raw_sql("select cast(table_name as char) from information_schema.tables where table_schema = 'world' and table_type in ('BASE TABLE', 'SEQUENCE') order by 1"))
            .await?;
        for table in tables {
            let table: String = table.try_get(0)?;
            let row =
                (&mut self.boss).fetch_one(sqlx::raw_sql(AssertSqlSafe(format!("checksum table `{table}`")))).await?;
            state.push_str(&format!("rows of {table} {:?}\n", row.try_get::<Option<i64>, _>(1)?));
        }
        Ok(state)
    }
}

impl World for Db {
    fn ro(&self) -> ResolvedTarget {
        super::common::database(DatabaseKind::Mysql, &self.urls.ro)
    }

    fn superuser(&self) -> ResolvedTarget {
        super::common::database(DatabaseKind::Mysql, &self.urls.superuser)
    }

    async fn mend(&mut self) {
        for setup in setup() {
            // What is still there is not made again.
            let _ = (&mut self.boss).execute(sqlx::raw_sql(setup)).await;
        }
    }

    async fn state(&mut self) -> String {
        let state = match self.tell().await {
            Ok(state) => state,
            // The control group may have ended this session; no read may, and a new one sees what is different.
            Err(_) => {
                self.boss = MySqlConnection::connect(&self.urls.superuser).await.unwrap();
                format!("{}the session was ended\n", self.tell().await.unwrap())
            }
        };
        let files = std::fs::read_dir(self.server.folder()).unwrap().count();
        format!("{state}files {files}")
    }
}

#[tokio::test]
async fn no_statement_run_as_a_read_changes_a_mariadb() {
    nothing_changes(&mut Db::new().await, &statements("mysql", &TABLES)).await;
}

#[tokio::test]
async fn the_same_statements_change_a_mariadb_when_a_superuser_runs_them() {
    let changed = changes(&mut Db::new().await, &statements("mysql", &TABLES)).await;
    assert!(changed > 50, "{changed} statements changed something");
}
