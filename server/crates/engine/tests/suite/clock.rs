//! The engine while the machine's clock is set back or forward: what runs goes on, and what is lost is found out in the end.

use std::time::Duration;

use crate::scene::Scene;
use farol_api::event::{FailureCode, Outcome};
use farol_engine::EngineConfig;

/// Short enough to be renewed several times in a test, and long enough for a machine that is busy.
const LEASE: Duration = Duration::from_secs(3);

fn eager(config: &mut EngineConfig) {
    config.lease = LEASE;
    config.sweep_every = Duration::from_millis(100);
}

async fn a_clock_set_back_ends_nothing_sends_nothing_twice_and_hides_no_loss(scene: Scene) {
    let engines = [scene.start(eager), scene.start(eager)];
    let runs = scene.script("touch ready; until [ -e go ]; do sleep 0.05; done; echo went");
    scene.queue(&runs).await;
    scene.until_exists("ready").await;
    scene.clock.set_by(chrono::Duration::hours(-1));
    // Meanwhile the lease of the first is renewed, by a clock that says that it was taken in an hour.
    let meanwhile = scene.script("sleep 5; echo slept");
    scene.queue(&meanwhile).await;
    assert_eq!(scene.end(&meanwhile).await.outcome, Outcome::Succeeded);
    std::fs::write(scene.file("go"), "").unwrap();
    assert_eq!(scene.end(&runs).await.outcome, Outcome::Succeeded);
    for engine in engines {
        engine.shutdown().await;
    }

    // A server takes one and dies, and the clock is set back before anybody notices.
    let lost = scene.script("touch never");
    scene.queue(&lost).await;
    scene.store.take_next("dead", LEASE).await.unwrap().unwrap();
    scene.clock.set_by(chrono::Duration::hours(-1));
    let engine = scene.start(eager);
    let next = scene.script("echo next");
    scene.queue(&next).await;
    assert_eq!(scene.end(&next).await.outcome, Outcome::Succeeded, "the one that was lost holds nobody up");
    assert_eq!((scene.results(lost.attempt).await.len(), scene.dispatches(lost.attempt).await), (0, 1));
    scene.clock.set_by(chrono::Duration::hours(1) + chrono::Duration::from_std(LEASE).unwrap());
    let end = scene.end(&lost).await;
    assert_eq!((end.outcome, end.failure), (Outcome::OutcomeUnknown, Some(FailureCode::ServerLost)));
    assert!(!scene.file("never").exists());
    engine.shutdown().await;
    scene.store.checkpoint(scene.incident).await.expect("a record that holds");
}

/// Each lease seems to have ended when the clock is set forward, but whoever runs an attempt renews it.
async fn a_clock_set_forward_ends_nothing(scene: Scene) {
    let engines = [scene.start(eager), scene.start(eager)];
    let runs = scene.script("touch ready; until [ -e go ]; do sleep 0.05; done; echo went");
    scene.queue(&runs).await;
    scene.until_exists("ready").await;
    scene.clock.set_by(chrono::Duration::hours(1));
    let meanwhile = scene.script("sleep 5; echo slept");
    scene.queue(&meanwhile).await;
    assert_eq!(scene.end(&meanwhile).await.outcome, Outcome::Succeeded);
    std::fs::write(scene.file("go"), "").unwrap();
    assert_eq!(scene.end(&runs).await.outcome, Outcome::Succeeded);
    for engine in engines {
        engine.shutdown().await;
    }
    scene.store.checkpoint(scene.incident).await.expect("a record that holds");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_set_forward_ends_nothing_on_sqlite() {
    a_clock_set_forward_ends_nothing(Scene::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_set_forward_ends_nothing_on_postgres() {
    a_clock_set_forward_ends_nothing(Scene::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_set_back_ends_nothing_sends_nothing_twice_and_hides_no_loss_on_sqlite() {
    a_clock_set_back_ends_nothing_sends_nothing_twice_and_hides_no_loss(Scene::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_set_back_ends_nothing_sends_nothing_twice_and_hides_no_loss_on_postgres() {
    a_clock_set_back_ends_nothing_sends_nothing_twice_and_hides_no_loss(Scene::postgres().await).await;
}
