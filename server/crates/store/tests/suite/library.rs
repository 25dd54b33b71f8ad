//! The library: what is found, in which order, and what an import leaves.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::Duration;
use farol_api::editors::{Editors, Untold};
use farol_api::event::{EventKind, RunbookRef};
use farol_api::id::{RevisionId, RunbookId};
use farol_api::library::{FacetKind, ImportReport, Library};
use farol_api::risk::RiskClass;
use farol_api::user::Role;
use farol_store::{FileSaved, LibraryQuery, Loose, NewFile, RunbookFacts, Store, StoreOptions, Tie, Words, Writers};
use farol_testkit::builders::{declared_with, incident, person, user};
use farol_testkit::{TestClock, TestDb, VAULT_KEY};
use sqlx::Connection;

fn id(text: &str) -> RunbookId {
    text.parse().unwrap()
}

fn facts(title: &str, text: &str) -> RunbookFacts {
    let words = Words::of(title, text.lines().filter_map(|line| line.strip_prefix("## ")), text);
    RunbookFacts { title: title.to_owned(), steps: 2, problems: 1, words, ..RunbookFacts::default() }
}

fn file(path: &str, text: &str) -> NewFile {
    let title = text.lines().next().unwrap().trim_start_matches("# ");
    let stem = path.rsplit('/').next().unwrap().trim_end_matches(".md");
    NewFile {
        path: path.to_owned(),
        runbook: id(stem),
        base: None,
        revision: digest(text),
        source: text.as_bytes().to_vec(),
        facts: facts(title, text),
        reading: None,
        writers: Writers::Importer,
    }
}

fn digest(text: &str) -> RevisionId {
    use sha2::{Digest as _, Sha256};
    RevisionId::from_bytes(Sha256::digest(text.as_bytes()).into())
}

async fn import(store: &Store, files: &[NewFile]) -> Vec<FileSaved> {
    store.import_files("wiki", None, "", &files.into()).await.unwrap()
}

async fn search(store: &Store, words: &str, facets: &[(FacetKind, &str)]) -> Library {
    let facets = facets.iter().map(|(kind, value)| (*kind, (*value).to_owned())).collect::<BTreeMap<_, _>>();
    let query = LibraryQuery { words: Some(words.to_owned()), facets, page: 1, rows: 50 };
    store.library(&query).await.unwrap()
}

async fn found(store: &Store, words: &str) -> Vec<String> {
    names(&search(store, words, &[]).await)
}

fn names(library: &Library) -> Vec<String> {
    library.runbooks.iter().map(|row| row.runbook.id.to_string()).collect()
}

fn values(library: &Library, kind: FacetKind) -> Vec<(&str, u64)> {
    let facet = library.facets.iter().find(|facet| facet.kind == kind).unwrap();
    facet.values.iter().map(|value| (value.value.as_str(), value.count)).collect()
}

/// A small library, with what somebody might look for in different places.
fn shelf() -> Vec<NewFile> {
    vec![
        file("replica.md", "# Réplica atrasada em São Paulo\n\n## Medir\n\npg_last_wal_replay_lsn()\n"),
        file("db/failover.md", "# Failover\n\n## Replica takes over\n\nAlert: ReplicaDown\n"),
        file("disk-100.md", "# Disco 100% cheio\n\ndf -h; the replica can wait\n"),
        file("cache.md", "# Cache\n\nkubectl rollout restart deploy/cache\n"),
        file("wait.md", "# Ждать\n\nподождать\n"),
    ]
}

trait Named {
    fn named(self, id: &str) -> Self;
}

impl Named for NewFile {
    fn named(mut self, to: &str) -> Self {
        self.runbook = id(to);
        self
    }
}

on_both! {
    async fn whom_a_repository_names_is_an_editor_as_soon_as_they_have_an_account(db: TestDb) {
        let store = db.store();
        let by = |people: &[&[&str]]| {
            Writers::Told(people.iter().map(|one| one.iter().map(|&address| address.to_owned()).collect()).collect())
        };
        let untold = |why| Editors { untold: Some(why), ..Editors::default() };
        let named = NewFile { writers: Writers::Untold(Untold::Uncommitted), ..file("a.md", "# A\n") };
        let revision = named.revision.clone();
        import(store, &[named, file("b.md", "# B\n")]).await;
        assert_eq!(store.editors(&revision).await.unwrap(), untold(Untold::Uncommitted));
        let known = store.catalogue("wiki").await.unwrap().files;
        assert_eq!(known.iter().map(|file| (file.open, file.untold)).collect::<Vec<_>>(), [
            (true, Some(Untold::Uncommitted)),
            (true, None),
        ]);
        let ana = user(store, "Ana", Role::Author).await;
        let mine = [ana.email.to_uppercase(), "ana@home.example".to_owned()];
        let told = by(&[&[&mine[1], &mine[0]], &["bia@x"]]);
        store.tell_writers(&[(revision.clone(), told.clone())]).await.unwrap();
        // The same again, and a copy of which nothing is known, change nothing.
        let again = [(revision.clone(), told), (revision.clone(), Writers::Untold(Untold::NoHistory))];
        store.tell_writers(&again).await.unwrap();
        let expected = Editors { people: vec![person(&ana)], strangers: 1, untold: None };
        assert_eq!(store.editors(&revision).await.unwrap(), expected);
        assert!(store.editors(&revision).await.unwrap().names(ana.id));
        assert!(!store.catalogue("wiki").await.unwrap().files[0].open);
        let eva = user(store, "Eva", Role::Author).await;
        assert!(!store.editors(&revision).await.unwrap().names(eva.id));
    }

    async fn a_search_finds_all_its_words_the_title_first(db: TestDb) {
        let store = db.store();
        assert_eq!(import(store, &shelf()).await, [FileSaved::Saved; 5]);
        assert_eq!(found(store, "REPLICA").await, ["replica", "failover", "disk-100"]);
        assert_eq!(found(store, "réplica são p").await, ["replica"]);
        assert_eq!(found(store, "100%").await, ["disk-100"]);
        assert_eq!(found(store, "disk").await, ["disk-100"], "the id counts as the title does");
        assert_eq!(found(store, "wal replay").await, ["replica"]);
        assert_eq!(found(store, "kubectl ro").await, ["cache"]);
        assert_eq!(found(store, "ro kubectl").await, [""; 0], "but only the last word is a beginning");
        assert_eq!(found(store, "жда").await, ["wait"]);
        assert_eq!(found(store, "_ %").await, [""; 0]);
        assert_eq!(found(store, "\" OR 'x' & (:*").await, [""; 0]);
        assert_eq!(found(store, " ").await, ["cache", "disk-100", "failover", "replica", "wait"]);
    }

    async fn what_was_found_is_narrowed_down_by_facets(db: TestDb) {
        let store = db.store();
        let mut files = shelf();
        let languages = ["pt", "en", "pt", "en", "ru"];
        for (file, language) in files.iter_mut().zip(languages) {
            file.facts.language = Some(language.to_owned());
        }
        files[0].facts.owner = Some("Database on-call".into());
        files[0].facts.highest_risk = Some(RiskClass::Read);
        files[1].facts.highest_risk = Some(RiskClass::Destructive);
        files[2].facts.review_by = Some("2001-01-01".into());
        files[3].facts.service = Some("cart".into());
        import(store, &files).await;
        let all = search(store, "", &[]).await;
        assert_eq!(all.total, 5);
        assert_eq!(values(&all, FacetKind::Language), [("en", 2), ("pt", 2), ("ru", 1)]);
        assert_eq!(values(&all, FacetKind::Owner), [("Database on-call", 1), ("", 4)]);
        assert_eq!(values(&all, FacetKind::Freshness), [("fresh", 4), ("stale", 1)]);
        let replicas = search(store, "replica", &[(FacetKind::Language, "pt")]).await;
        assert_eq!(replicas.total, 2);
        assert_eq!(values(&replicas, FacetKind::Risk), [("read", 1), ("", 1)]);
        let row = &replicas.runbooks[0];
        assert_eq!((row.owner.as_deref(), row.file.as_deref()), (Some("Database on-call"), Some("wiki/replica.md")));
        assert!(!row.stale && replicas.runbooks[1].stale);
        assert_eq!(search(store, "replica", &[(FacetKind::Owner, "")]).await.total, 2);
        assert_eq!(search(store, "", &[(FacetKind::Freshness, "stale")]).await.runbooks[0].runbook.id, id("disk-100"));
    }

    async fn a_year_without_a_change_makes_a_runbook_stale(db: TestDb) {
        let store = db.store();
        import(store, &shelf()[..1]).await;
        db.clock().advance(Duration::days(365));
        assert!(!search(store, "", &[]).await.runbooks[0].stale);
        db.clock().advance(Duration::days(1));
        assert!(search(store, "", &[]).await.runbooks[0].stale);
    }

    async fn pages_hold_each_runbook_once(db: TestDb) {
        let store = db.store();
        import(store, &shelf()).await;
        let mut seen = Vec::new();
        for page in 1..=3 {
            let query = LibraryQuery { page, rows: 2, ..LibraryQuery::default() };
            let library = store.library(&query).await.unwrap();
            assert_eq!((library.total, library.pages, library.page), (5, 3, page));
            seen.extend(library.runbooks.into_iter().map(|row| row.runbook.id.to_string()));
        }
        assert_eq!(seen, ["cache", "disk-100", "failover", "replica", "wait"]);
    }

    /// However few rows a page has, and in however many places the words stand.
    async fn pages_of_what_was_found_are_pieces_of_one_list(db: TestDb) {
        let store = db.store();
        import(store, &many()).await;
        for words in ["replica", "r", "the", "lag replica", "1"] {
            let of = |page: u32, rows: u32| LibraryQuery { words: Some(words.to_owned()), page, rows, ..LibraryQuery::default() };
            let whole = names(&store.library(&of(1, 60)).await.unwrap());
            for rows in [1, 3, 7] {
                let mut pieces = Vec::new();
                for page in 1..=60_u32.div_ceil(rows) {
                    pieces.extend(names(&store.library(&of(page, rows)).await.unwrap()));
                }
                assert_eq!(pieces, whole, "{words:?} by {rows}");
            }
        }
    }

    async fn a_new_revision_is_found_by_its_words_and_no_more_by_the_old_ones(db: TestDb) {
        let store = db.store();
        let first = file("cache.md", "# Cache\n\nold\n");
        import(store, std::slice::from_ref(&first)).await;
        let mut second = file("cache.md", "# Cache\n\nnew\n");
        second.base = Some(first.revision.clone());
        assert_eq!(import(store, std::slice::from_ref(&second)).await, [FileSaved::Saved]);
        assert_eq!(found(store, "old").await, [""; 0]);
        assert_eq!(found(store, "new").await, ["cache"]);
        let stored = store.newest_revision(&id("cache")).await.unwrap().unwrap();
        assert_eq!((stored.summary.number, stored.source.as_slice()), (2, second.source.as_slice()));
        let mut late = file("cache.md", "# Cache\n\nlate\n");
        late.base = Some(first.revision);
        assert_eq!(import(store, &[late, first_of("cache")]).await, [FileSaved::Conflict; 2]);
        assert_eq!(found(store, "late").await, [""; 0]);
    }

    async fn the_catalogue_knows_files_ids_and_runbooks_without_a_file(db: TestDb) {
        let store = db.store();
        let one = file("db/failover.md", "# Failover\n");
        import(store, std::slice::from_ref(&one)).await;
        let shipped = farol_testkit::builders::runbook(store, "shipped", "Shipped", None).await.revision;
        let known = store.catalogue("wiki").await.unwrap();
        assert_eq!(known.files.len(), 1);
        let failover = &known.files[0];
        assert_eq!((failover.path.as_str(), &failover.runbook, failover.steps), ("db/failover.md", &id("failover"), 2));
        assert_eq!((&failover.imported, &failover.newest), (&one.revision, &one.revision));
        let loose = Loose { runbook: id("shipped"), newest: shipped.id.clone(), steps: 0, problems: 0 };
        assert_eq!(known.loose, [loose]);
        assert!(known.ids.contains(&id("failover")));
        assert!(store.catalogue("other").await.unwrap().files.is_empty());

        let ties = [
            Tie { from: Some("db/failover.md".into()), path: "pg/failover.md".into(), runbook: id("failover"), revision: one.revision.clone() },
            Tie { from: None, path: "shipped.md".into(), runbook: id("shipped"), revision: shipped.id },
        ];
        store.tie_files("wiki", &ties).await.unwrap();
        let paths: Vec<_> = store.catalogue("wiki").await.unwrap().files.into_iter().map(|file| file.path).collect();
        assert_eq!(paths, ["pg/failover.md", "shipped.md"]);
        assert_eq!(store.files_of(&id("failover")).await.unwrap(), [("wiki".into(), "pg/failover.md".into())]);
        assert_eq!(store.runbook_of("wiki", "shipped.md").await.unwrap(), Some(id("shipped")));
        assert_eq!(store.runbook_of("wiki", "db/failover.md").await.unwrap(), None);
    }

    async fn a_row_says_when_it_was_walked_and_drilled_last(db: TestDb) {
        let store = db.store();
        let rita = user(store, "Rita", Role::Responder).await;
        import(store, &shelf()[..1]).await;
        let revision = store.newest_revision(&id("replica")).await.unwrap().unwrap().summary.id;
        let walked = RunbookRef { id: id("replica"), revision, title: "Réplica".into() };
        let declare = |drill: bool| {
            let (rita, walked) = (rita.clone(), walked.clone());
            async move {
                let mut kind = declared_with("It lags", Some(walked.clone()), None);
                if let EventKind::Declared { drill: is_drill, .. } = &mut kind {
                    *is_drill = drill;
                }
                incident(store, &rita, kind).await
            }
        };
        declare(false).await;
        let run = declare(false).await;
        let drill = declare(true).await;
        let row = search(store, "", &[]).await.runbooks.remove(0);
        assert_eq!(row.last_run.unwrap().incident, run);
        assert_eq!(row.last_drill.unwrap().incident, drill);
    }

    async fn reports_and_watched_folders_are_kept(db: TestDb) {
        let store = db.store();
        let ana = user(store, "Ana", Role::Owner).await;
        let watch = store.add_watch("/srv/wiki", "wiki", &person(&ana)).await.unwrap().unwrap();
        assert_eq!(store.add_watch("/srv/wiki", "wiki", &person(&ana)).await.unwrap(), None);
        let report = ImportReport { source: "wiki".into(), new: 3, ..ImportReport::default() };
        let first = store.keep_report(None, &report).await.unwrap();
        store.looked_at_watch(watch.id, Some(first), None).await.unwrap();
        for _ in 0..205 {
            store.keep_report(Some(&person(&ana)), &report).await.unwrap();
        }
        assert_eq!(store.report(first).await.unwrap().unwrap().report, report, "the watch refers to it");
        assert!(store.report(first + 1).await.unwrap().is_none(), "the oldest are forgotten");
        store.looked_at_watch(watch.id, None, Some("it is gone")).await.unwrap();
        let watched = store.watches().await.unwrap().remove(0);
        assert_eq!((watched.import, watched.failure.as_deref()), (Some(first), Some("it is gone")));
        assert_eq!(store.reports(2).await.unwrap().len(), 2);
        assert!(store.remove_watch(watch.id).await.unwrap());
        assert!(!store.remove_watch(watch.id).await.unwrap());
    }
}

fn first_of(name: &str) -> NewFile {
    file(&format!("{name}.md"), "# Another\n")
}

#[tokio::test]
async fn both_databases_find_the_same_in_the_same_order() {
    let (sqlite, postgres) = (TestDb::sqlite().await, TestDb::postgres().await);
    let files = many();
    import(sqlite.store(), &files).await;
    import(postgres.store(), &files).await;
    for words in QUERIES {
        for facets in
            [&[][..], &[(FacetKind::Language, "pt")], &[(FacetKind::Owner, ""), (FacetKind::Freshness, "stale")]]
        {
            let (here, there) =
                (search(sqlite.store(), words, facets).await, search(postgres.store(), words, facets).await);
            assert_eq!(names(&here), names(&there), "{words:?} {facets:?}");
            assert_eq!((here.total, here.pages, here.facets), (there.total, there.pages, there.facets), "{words:?}");
        }
    }
    assert!(search(sqlite.store(), "replica", &[]).await.total > 20, "the queries find something");
}

/// A store of before has its runbooks counted as well.
#[tokio::test]
async fn what_was_imported_before_words_had_their_kinds_is_counted_too() {
    const BEFORE: &str = "alter table library_words drop column facets, drop column fresh_until; \
        delete from _sqlx_migrations where version = 17";
    let db = TestDb::postgres().await;
    import(db.store(), &many()).await;
    let before = search(db.store(), "replica", &[]).await;
    db.store().close().await;
    let mut connection = sqlx::PgConnection::connect(db.url()).await.unwrap();
    sqlx::raw_sql(BEFORE).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    Store::migrate(db.url(), &StoreOptions::new(Arc::new(TestClock::default()))).await.unwrap();
    let store = db.reopen(VAULT_KEY).await.unwrap();
    assert_eq!(search(&store, "replica", &[]).await, before);
}

/// What people type, and what would be syntax to either database.
const QUERIES: [&str; 22] = [
    "",
    "replica",
    "réplica",
    "repl",
    "r",
    "1",
    "10",
    "1e5",
    "2024-01-02",
    "lag replica",
    "replica lag",
    "OR",
    "near(",
    "a & b",
    "the",
    "pg_stat",
    "ção",
    "Straße",
    "'",
    "\"quoted words\"",
    "disk -full",
    "ПЕРЕЗАПУСК",
];

/// Runbooks made of words that come in all combinations, from numbers alone: the same in every run.
fn many() -> Vec<NewFile> {
    const WORDS: [&str; 16] = [
        "replica",
        "réplica",
        "lag",
        "Lag",
        "10%",
        "1e5",
        "2024-01-02",
        "pg_stat_activity",
        "disk",
        "full",
        "operação",
        "strasse",
        "the",
        "a",
        "b",
        "Перезапуск",
    ];
    let word = |n: usize| WORDS[n % WORDS.len()];
    let mut files = Vec::new();
    for n in 0..60 {
        let text = format!(
            "# {} {}\n\n## {} {}\n\n{} {} {} number {n}\n",
            word(n * 3),
            word(n / 2),
            word(n * 7 + 1),
            word(n * 5),
            word(n * 11 + 2),
            word(n + 9),
            word(n * 13)
        );
        let mut file = file(&format!("r/{n}.md"), &text).named(&format!("r-{n}"));
        file.facts.language = Some(["pt", "en", "es"][n % 3].to_owned());
        file.facts.owner = (n % 2 == 0).then(|| ["Zoé", "ana", "Ana"][n % 3].to_owned());
        file.facts.review_by = (n % 5 == 0).then(|| "2001-01-01".to_owned());
        files.push(file);
    }
    files
}
