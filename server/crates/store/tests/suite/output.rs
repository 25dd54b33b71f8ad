use farol_api::event::EventKind;
use farol_api::output::{Column, OutputCap, OutputContent};
use farol_api::target::Environment;
use farol_store::{Claim, Store, output_digest};

use crate::scene::{Scene, claim, succeeded};

fn stdout(text: &str) -> OutputContent {
    OutputContent::Stdout { text: text.into() }
}

on_both! {
    async fn output_is_numbered_on_in_its_incident(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Sandbox).await;
        scene.queue(store, &scene.spec(&db, "a")).await;
        scene.queue(store, &scene.spec(&db, "b")).await;
        let (first, second) = (claim(store).await, claim(store).await);
        let one = store.append_output(&first, vec![stdout("1"), stdout("2")]).await.unwrap();
        let two = store.append_output(&second, vec![stdout("3")]).await.unwrap();
        let three = store.append_output(&first, vec![stdout("4")]).await.unwrap();
        assert_eq!(store.append_output(&first, Vec::new()).await.unwrap(), []);
        let all = [one.clone(), two, three.clone()].concat();
        assert_eq!(all.iter().map(|chunk| chunk.seq).collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert_eq!(store.output_after(scene.incident, 0, 100).await.unwrap(), all);
        assert_eq!(store.output_after(scene.incident, 2, 1).await.unwrap(), all[2..3]);
        let of_first = [one, three].concat();
        assert_eq!(store.attempt_output(first.attempt(), 0, 100).await.unwrap(), of_first);
        assert_eq!(store.attempt_output(first.attempt(), 1, 1).await.unwrap(), of_first[1..2]);
        assert_eq!(store.last_output_seq(scene.incident).await.unwrap(), 4);
    }

    async fn every_kind_of_output_comes_back_as_it_was(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Sandbox).await;
        scene.queue(store, &scene.spec(&db, "a")).await;
        let claim = claim(store).await;
        let column = Column {
            name: "état".into(),
            type_name: "text".into(),
            numeric: false,
        };
        let contents = vec![
            stdout("NUL \0, escape \u{1b}[31m, emoji 🚨 and a quote \"\n"),
            OutputContent::Stderr { text: "oh".into() },
            OutputContent::Columns { columns: vec![column.clone(), column] },
            OutputContent::Rows { rows: vec![vec![None, Some(String::new())]] },
            OutputContent::Truncated { cap: OutputCap::Rows { kept: 1 } },
        ];
        store.append_output(&claim, contents.clone()).await.unwrap();
        let stored = store.attempt_output(claim.attempt(), 0, 100).await.unwrap();
        let stored: Vec<OutputContent> = stored.into_iter().map(|chunk| chunk.content).collect();
        assert_eq!(stored, contents);
    }

    async fn the_end_carries_the_digest_of_all_output(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Sandbox).await;
        scene.queue(store, &scene.spec(&db, "a")).await;
        let claim = claim(store).await;
        let contents: Vec<OutputContent> = (0..450).map(|n| stdout(&format!("line {n}"))).collect();
        for part in contents.chunks(100) {
            store.append_output(&claim, part.to_vec()).await.unwrap();
        }
        let event = store.finish(&claim, succeeded()).await.unwrap();
        let EventKind::AttemptFinished { result, .. } = event.kind else { panic!() };
        assert_eq!(result.output_digest, output_digest(&contents));
        assert_ne!(result.output_digest, output_digest(&contents[1..]));
    }

    async fn no_output_has_no_digest(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Sandbox).await;
        scene.queue(store, &scene.spec(&db, "a")).await;
        let claim = claim(store).await;
        let mut claimed = succeeded();
        claimed.output_digest = output_digest([&stdout("made up")]);
        let event = store.finish(&claim, claimed).await.unwrap();
        let EventKind::AttemptFinished { result, .. } = event.kind else { panic!() };
        assert_eq!(result.output_digest, None);
    }

    /// Two attempts of one incident that print at once: no number twice, none missing.
    async fn attempts_that_print_at_once_share_one_count(db: TestDb) {
        let (here, there) = (db.store().clone(), db.another().await);
        let scene = Scene::new(&db, Environment::Sandbox).await;
        scene.queue(&here, &scene.spec(&db, "a")).await;
        scene.queue(&here, &scene.spec(&db, "b")).await;
        let (first, second) = (claim(&here).await, claim(&there).await);
        let print = |store: Store, claim: Claim| async move {
            for n in 0..20 {
                store.append_output(&claim, vec![stdout(&n.to_string())]).await.unwrap();
            }
        };
        tokio::join!(print(here.clone(), first), print(there, second));
        let all = here.output_after(scene.incident, 0, 100).await.unwrap();
        let seqs: Vec<i64> = all.iter().map(|chunk| chunk.seq).collect();
        assert_eq!(seqs, (1..=40).collect::<Vec<_>>());
    }
}
