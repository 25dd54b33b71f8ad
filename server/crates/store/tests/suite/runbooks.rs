use chrono::Duration;
use farol_api::id::{RevisionId, RunbookId};
use farol_api::risk::RiskClass;
use farol_api::runbook::Runbook;
use farol_api::user::{Role, User};
use farol_store::{NewRevision, RunbookFacts, RunbookOrder, SaveRevisionError, Saved, Store};
use farol_testkit::builders::{READER, person, runbook, user};

async fn save(
    store: &Store,
    id: &str,
    base: Option<&RevisionId>,
    source: &[u8],
    author: Option<&User>,
) -> Result<Saved, SaveRevisionError> {
    let reading = Runbook::default();
    let saved = store.save_revision(NewRevision {
        runbook: id.parse().unwrap(),
        base: base.cloned(),
        source,
        facts: RunbookFacts { title: format!("Title of {} bytes", source.len()), ..RunbookFacts::default() },
        reading: &reading,
        reader: READER,
        author: author.map(person),
        note: "why".into(),
    });
    saved.await
}

fn id(text: &str) -> RunbookId {
    text.parse().unwrap()
}

on_both! {
    async fn a_source_comes_back_byte_for_byte(db: TestDb) {
        let store = db.store();
        let source = b"# T\xc3\xadtulo\r\n\0\xff\n".as_slice();
        let saved = save(store, "failover", None, source, None).await.unwrap();
        assert!(saved.created);
        assert_eq!(saved.revision.number, 1);
        let newest = store.newest_revision(&id("failover")).await.unwrap().unwrap();
        assert_eq!(newest.source, source);
        assert_eq!((newest.newest, newest.summary), (true, saved.revision));
        assert_eq!(store.newest_revision(&id("nothing")).await.unwrap(), None);
    }

    async fn each_change_makes_a_revision_and_the_same_bytes_make_none(db: TestDb) {
        let store = db.store();
        let ana = user(store, "Ana", Role::Author).await;
        let first = save(store, "failover", None, b"one", Some(&ana)).await.unwrap().revision;
        let same = save(store, "failover", Some(&first.id), b"one", None).await.unwrap();
        assert_eq!((same.created, &same.revision), (false, &first));
        db.clock().advance(Duration::seconds(1));
        let second = save(store, "failover", Some(&first.id), b"two", Some(&ana)).await.unwrap();
        let second = second.revision;
        assert_eq!((second.number, second.created_by.clone()), (2, Some(person(&ana))));
        let third = save(store, "failover", Some(&second.id), b"one", None).await.unwrap().revision;
        assert_eq!((third.number, &third.id), (3, &first.id));
        let history = store.revisions(&id("failover")).await.unwrap();
        assert_eq!(history, [third.clone(), second.clone(), first.clone()]);
        let old = store.revision(&id("failover"), &second.id).await.unwrap().unwrap();
        assert_eq!((old.newest, old.source.as_slice()), (false, b"two".as_slice()));
        let restored = store.revision(&id("failover"), &first.id).await.unwrap().unwrap();
        assert_eq!((restored.newest, restored.summary), (true, third));
        assert_eq!(store.revision(&id("other"), &first.id).await.unwrap(), None);
    }

    async fn a_save_on_an_old_base_is_a_conflict(db: TestDb) {
        let store = db.store();
        let first = save(store, "failover", None, b"one", None).await.unwrap().revision;
        let second = save(store, "failover", Some(&first.id), b"two", None).await.unwrap().revision;
        match save(store, "failover", Some(&first.id), b"three", None).await {
            Err(SaveRevisionError::Conflict { newest }) => assert_eq!(newest, second),
            other => panic!("{other:?}"),
        }
        let taken = save(store, "failover", None, b"four", None).await;
        assert!(matches!(taken, Err(SaveRevisionError::Exists)));
        let missing = save(store, "other", Some(&first.id), b"five", None).await;
        assert!(matches!(missing, Err(SaveRevisionError::NotFound)));
        assert_eq!(store.revisions(&id("failover")).await.unwrap().len(), 2);
    }

    async fn of_two_editors_at_once_one_saves(db: TestDb) {
        let (here, there) = (db.store().clone(), db.another().await);
        let first = save(&here, "failover", None, b"one", None).await.unwrap().revision;
        let (a, b) = tokio::join!(
            save(&here, "failover", Some(&first.id), b"a", None),
            save(&there, "failover", Some(&first.id), b"b", None),
        );
        let (a, b) = (a.map(|saved| saved.created), b.map(|saved| saved.created));
        assert!(matches!(
            (&a, &b),
            (Ok(true), Err(SaveRevisionError::Conflict { .. }))
                | (Err(SaveRevisionError::Conflict { .. }), Ok(true))
        ), "{a:?} {b:?}");
        let (a, b) = tokio::join!(
            save(&here, "other", None, b"a", None),
            save(&there, "other", None, b"b", None),
        );
        assert_eq!([a.is_ok(), b.is_ok()].iter().filter(|ok| **ok).count(), 1);
        assert_eq!(here.revisions(&id("other")).await.unwrap().len(), 1);
    }

    async fn whoever_saved_the_bytes_is_their_editor(db: TestDb) {
        let store = db.store();
        let ana = user(store, "Ana", Role::Author).await;
        let bia = user(store, "Bia", Role::Author).await;
        let first = save(store, "failover", None, b"one", Some(&ana)).await.unwrap().revision;
        let second = save(store, "failover", Some(&first.id), b"two", Some(&bia)).await.unwrap();
        assert!(store.editors(&first.id).await.unwrap().names(ana.id));
        assert!(!store.editors(&first.id).await.unwrap().names(bia.id));
        assert!(store.editors(&second.revision.id).await.unwrap().names(bia.id));
        save(store, "copy", None, b"one", Some(&bia)).await.unwrap();
        assert!(store.editors(&first.id).await.unwrap().names(bia.id), "in another runbook");
    }

    async fn a_list_is_in_the_order_of_titles_or_of_saves(db: TestDb) {
        let store = db.store();
        runbook(store, "replica", "Réplica atrasada em São Paulo", None).await;
        db.clock().advance(Duration::seconds(1));
        runbook(store, "disk-100", "Disco 100% cheio", None).await;
        let by_title = store.runbooks(RunbookOrder::Title, 10).await.unwrap();
        assert_eq!(by_title.iter().map(|found| found.id.as_str()).collect::<Vec<_>>(), ["disk-100", "replica"]);
        let newest = store.runbooks(RunbookOrder::Newest, 1).await.unwrap();
        assert_eq!(newest[0].id, id("disk-100"));
        assert_eq!(store.count_runbooks().await.unwrap(), 2);
    }

    async fn a_list_shows_what_was_read(db: TestDb) {
        let store = db.store();
        let ana = user(store, "Ana", Role::Author).await;
        let saved = runbook(store, "failover", "Failover", Some(&ana)).await;
        let facts = RunbookFacts {
            title: "Failover\0".into(),
            language: Some("pt".into()),
            severity: Some("Alta".into()),
            steps: 7,
            executable_steps: 3,
            highest_risk: Some(RiskClass::Destructive),
            problems: 2,
            ..RunbookFacts::default()
        };
        let reading = Runbook { title: "Failover".into(), ..Runbook::default() };
        store.save_reading(&saved.revision.id, "2", &reading, &facts).await.unwrap();
        let summary = store.runbook(&id("failover")).await.unwrap().unwrap();
        assert_eq!(summary.title, "Failover\u{fffd}");
        assert_eq!((summary.steps, summary.executable_steps, summary.problems), (7, 3, 2));
        assert_eq!(summary.highest_risk, Some(RiskClass::Destructive));
        assert_eq!(summary.language.as_deref(), Some("pt"));
        assert_eq!(summary.updated_by, Some(person(&ana)));
        assert_eq!(store.runbook(&id("nothing")).await.unwrap(), None);
    }

    async fn a_reading_belongs_to_the_reader_that_read_it(db: TestDb) {
        let store = db.store();
        let revision = runbook(store, "failover", "Failover", None).await.revision.id;
        let first = store.reading(&revision, READER).await.unwrap().unwrap();
        assert_eq!(first.title, "Failover");
        assert_eq!(store.reading(&revision, "2").await.unwrap(), None);
        let newer = Runbook { title: "Read anew".into(), ..Runbook::default() };
        let facts = RunbookFacts { title: "Read anew".into(), ..RunbookFacts::default() };
        store.save_reading(&revision, "2", &newer, &facts).await.unwrap();
        assert_eq!(store.reading(&revision, "2").await.unwrap(), Some(newer));
        assert_eq!(store.reading(&revision, READER).await.unwrap(), None);
    }
}
