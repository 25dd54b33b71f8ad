//! What a change leaves behind for putting it back, on real servers.

mod common;

use common::held::{Db, before, commit, decide, held};
use farol_api::event::{FailureCode, Outcome};
use farol_api::hold::NoUndo;
use farol_engine::hold::Verdict;

#[tokio::test]
async fn a_change_is_put_back_exactly() {
    for db in Db::all().await {
        let was = before(&db);
        for text in [
            "update orders set state = 'x''y', price = price * 3, note = 'neu' where id in (1, 2)",
            "update orders set note = null where id = 1",
            "delete from orders where state = 'open'",
            "delete from orders",
        ] {
            let (ran, seen) = commit(&held(text), &db).await;
            assert_eq!(ran.result.outcome, Outcome::Succeeded, "{}", ran.stderr());
            assert_ne!(db.orders().await, was, "{text}");
            let undo = db.undo(&seen);
            let (undone, _) = commit(&undo, &db).await;
            assert_eq!(undone.result.outcome, Outcome::Succeeded, "{text} {:?} {}", undo.asked.parts, undone.stderr());
            assert_eq!(db.orders().await, was, "{text}");
        }
    }
}

#[tokio::test]
async fn an_undo_is_refused_where_a_row_is_not_as_it_was_left() {
    for db in Db::all().await {
        let (_, seen) = commit(&held("update orders set state = 'gone' where id in (1, 2)"), &db).await;
        db.execute("update orders set note = 'touched' where id = 2").await;
        let left = db.orders().await;
        let ran = common::run(&db.undo(&seen), &db.rw()).await;
        assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::Failed, Some(FailureCode::RowsOutside)));
        assert_eq!(db.orders().await, left, "nothing at all was undone");
        let (_, seen) = commit(&held("delete from orders where id = 3"), &db).await;
        db.execute("insert into orders values (3, 'again', 1, null)").await;
        let left = db.orders().await;
        let ran = common::run(&db.undo(&seen), &db.rw()).await;
        assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::Failed, Some(FailureCode::StatementRefused)));
        assert_eq!(db.orders().await, left);
    }
}

#[tokio::test]
async fn where_rows_cannot_be_put_back_soundly_it_says_why() {
    for db in Db::all().await {
        db.execute("create table parents (id int primary key); insert into parents values (1)").await;
        let cases = [
            ("update plain set a = 2", NoUndo::NoPrimaryKey),
            ("update orders set id = 9 where id = 3", NoUndo::OtherRows),
            ("update orders set state = 'z' where id = (select min(id) from orders o)", NoUndo::NotSimple),
            ("delete from orders where id = 77", NoUndo::NoRows),
        ];
        for (text, why) in cases {
            // MariaDB lets no statement read the table that it changes.
            if why == NoUndo::NotSimple && matches!(db, Db::Mariadb(_)) {
                continue;
            }
            let mut told = None;
            let ran = decide(&held(text), &db.rw(), |seen| {
                told = Some(seen.undo);
                async { Verdict::RollBack(None) }
            })
            .await;
            let told = told.unwrap_or_else(|| panic!("{text}: {}", ran.stderr()));
            if why == NoUndo::NotSimple {
                assert!(told.is_ok(), "{text}: a subquery that gives the same answer is no obstacle: {told:?}");
            } else {
                assert_eq!(told.err(), Some(why), "{text}");
            }
        }
    }
}

#[tokio::test]
async fn triggers_and_cascades_stand_in_the_way_of_an_undo() {
    let told = async |db: &Db, text: &str| {
        let (_, seen) = commit(&held(text), db).await;
        seen.undo.err()
    };
    let db = Db::postgres().await;
    db.execute(
        "create table kids (id int primary key, o int references orders (id) on delete cascade); \
         create function noted() returns trigger language plpgsql as 'begin new.a := new.a + 1; return new; end'; \
         create table watched (id int primary key, a int); insert into watched values (1, 1); \
         create trigger t before update on watched for each row execute function noted(); \
         grant all on all tables in schema public to public",
    )
    .await;
    assert_eq!(told(&db, "delete from orders where id = 1").await, Some(NoUndo::Cascades));
    assert_eq!(told(&db, "update watched set a = 5 where id = 1").await, Some(NoUndo::Triggers));
    let db = Db::sqlite().await;
    db.execute("create trigger tg after delete on orders begin insert into plain values (old.id); end").await;
    assert_eq!(told(&db, "delete from orders where id = 1").await, Some(NoUndo::Triggers));
    let db = Db::mariadb().await;
    db.execute("create trigger tg after delete on orders for each row insert into plain values (old.id)").await;
    assert_eq!(told(&db, "delete from orders where id = 1").await, Some(NoUndo::Triggers));
}
