//! Secrets that stand in the text of a statement, on real databases.

use crate::common::{self, database, run, sql};
use farol_api::event::Outcome;
use farol_api::risk::RiskClass;
use farol_api::target::{CredentialRole, DatabaseKind};
use farol_incident::spec::{AttemptSpec, Bind, Literal};
use farol_testkit::{MariaDbServer, PostgresServer};
use sqlx::{Connection, MySqlConnection, PgConnection};

const NEW: &str = "tr0ub4dor-é3";

/// A statement of an administrator with the secret in the place of `<new>`.
fn with_new(text: &str) -> AttemptSpec {
    let places = text.match_indices("<new>").map(|(at, found)| Literal {
        at,
        length: found.len(),
        bind: Bind { parameter: "new".into(), value: NEW.into() },
    });
    AttemptSpec {
        literals: places.collect(),
        secrets: vec!["new".into()],
        ..sql(text, RiskClass::Administration, CredentialRole::Admin)
    }
}

/// What the database says of it is kept, and must not tell the secret: neither as it is, nor in the words of a syntax error.
fn told(ran: &common::Ran) -> String {
    let told = format!("{ran:?}");
    assert!(!told.contains(NEW), "{told}");
    told
}

#[tokio::test]
async fn a_password_is_changed_on_postgres_and_stands_nowhere() {
    let name = format!("t{}", common::fresh_attempt().0.simple());
    let urls = PostgresServer::shared().create_target(&name).await;
    let boss = database(DatabaseKind::Postgres, &urls.superuser);
    // Roles are the whole server's, and another test compares all but those that are called like a target's.
    let account = format!("{name}_app");
    PostgresServer::shared().execute(&urls.name, format!("create role {account} login")).await;
    let ran = run(&with_new(&format!("ALTER ROLE {account} PASSWORD '<new>'")), &boss).await;
    assert_eq!(ran.result.outcome, Outcome::Succeeded, "{}", told(&ran));
    told(&ran);
    // The server of the tests trusts everybody: that it keeps a password now is all that it tells.
    let mut conn = PgConnection::connect(&urls.superuser).await.unwrap();
    let ask = "select rolpassword from pg_authid where rolname = $1";
    let kept: String = sqlx::query_scalar(ask).bind(&account).fetch_one(&mut conn).await.unwrap();
    assert!(kept.starts_with("SCRAM-SHA-256$"), "{kept}");
    let commented = run(&with_new(&format!("COMMENT ON ROLE {account} IS 'key <new>, <new>'")), &boss).await;
    assert_eq!(commented.result.outcome, Outcome::Succeeded, "{}", told(&commented));
    let ask = "select shobj_description(oid, 'pg_authid') from pg_authid where rolname = $1";
    let comment: String = sqlx::query_scalar(ask).bind(&account).fetch_one(&mut conn).await.unwrap();
    assert_eq!(comment, format!("key {NEW}, {NEW}"));
    let wrong = run(&with_new(&format!("ALTER ROLE {account} PASSWORD '<new>' NO SUCH WORD")), &boss).await;
    assert_eq!(wrong.result.outcome, Outcome::Failed);
    assert!(told(&wrong).contains("syntax error"));
}

#[tokio::test]
async fn a_password_is_changed_on_mariadb_and_opens_the_account() {
    let name = format!("t{}", common::fresh_attempt().0.simple());
    let urls = MariaDbServer::shared().create_target(&name).await;
    let boss = database(DatabaseKind::Mysql, &urls.superuser);
    let account = format!("'{}_ro'@'127.0.0.1'", urls.account);
    for text in [
        format!("ALTER USER {account} IDENTIFIED BY '<new>'"),
        format!("SET PASSWORD FOR {account} = PASSWORD('<new>')"),
    ] {
        if MariaDbServer::is_mysql() && text.starts_with("SET") {
            continue;
        }
        let ran = run(&with_new(&text), &boss).await;
        assert_eq!(ran.result.outcome, Outcome::Succeeded, "{}", told(&ran));
        told(&ran);
        let port = MariaDbServer::shared().port();
        let url = format!("mysql://{}_ro:tr0ub4dor-%C3%A93@127.0.0.1:{port}/{}", urls.account, urls.name);
        MySqlConnection::connect(&url).await.unwrap().close().await.unwrap();
        let other = url.replace("tr0ub4dor", "another");
        assert!(MySqlConnection::connect(&other).await.is_err(), "the account asks for a password");
        MariaDbServer::shared().execute(&urls.name, format!("alter user {account} identified by 'between'")).await;
    }
    let wrong = run(&with_new(&format!("ALTER USER {account} IDENTIFIED BY '<new>' NO SUCH WORD")), &boss).await;
    assert_eq!(wrong.result.outcome, Outcome::Failed);
    assert!(told(&wrong).contains("syntax"));
}
