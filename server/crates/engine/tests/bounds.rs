//! What a script may use with all that it starts, where Farol was given a cgroup; elsewhere this is said and skipped.
//!
//! As nobody in particular under systemd: `systemd-run --user --scope -p Delegate=yes target/debug/deps/bounds-…`. Nothing else
//! may be in the cgroup, `cargo` included.

mod common;

use std::path::PathBuf;

use common::{Ran, config, run_with, script, shell};
use farol_api::confine::Confinement;
use farol_api::event::{FailureCode, Outcome};
use farol_api::target::ShellSettings;
use farol_engine::job::{ResolvedTarget, RunConfig};
use farol_engine::shell::Bounds;
use farol_incident::spec::AttemptSpec;
use farol_testkit::skipped;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const BOUNDS: Bounds = Bounds { memory: 64 << 20, processes: 24 };
/// Prints the group that a script is in.
const TELL: &str = "sed -n 's/^0:://p' /proc/self/cgroup\n";

struct Scene {
    folder: TempDir,
    config: RunConfig,
}

impl Scene {
    async fn new() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        let machine = config.runners.machine().await.unwrap();
        if machine.level < Confinement::Resources {
            skipped(&format!("this machine lacks {:?}", machine.lacks));
            return None;
        }
        let runners = config.runners.clone().with_bounds(BOUNDS);
        Some(Self { config: RunConfig { runners, ..config }, folder })
    }

    /// Runs a script that tells its group first; returns what it left of that, and all else.
    async fn run(&self, spec: &AttemptSpec, target: &ResolvedTarget) -> (PathBuf, Ran) {
        let spec = AttemptSpec { text: format!("{TELL}{}", spec.text), ..spec.clone() };
        let ran = run_with(&spec, target, &self.config, &CancellationToken::new()).await;
        let name = ran.stdout().lines().next().unwrap_or_default().trim_start_matches('/').to_owned();
        let group = PathBuf::from("/sys/fs/cgroup").join(&name);
        assert!(name.contains("step-") && group.parent().unwrap().is_dir(), "{name}: {}", ran.stderr());
        (group, ran)
    }
}

fn among() -> ResolvedTarget {
    let settings = ShellSettings { no_namespaces: true, ..ShellSettings::default() };
    ResolvedTarget { shell: Some(settings), ..ResolvedTarget::default() }
}

#[tokio::test]
async fn every_script_has_a_group_with_bounds_that_goes_with_it() {
    let Some(scene) = Scene::new().await else { return };
    let look = script("cd /sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup); cat memory.max pids.max");
    for (target, level) in [(shell(), Confinement::Resources), (among(), Confinement::Files)] {
        let (group, ran) = scene.run(&look, &target).await;
        assert!(ran.stdout().ends_with("\n67108864\n24\n"), "{}{}", ran.stdout(), ran.stderr());
        assert_eq!((ran.result.outcome, ran.result.confined), (Outcome::Succeeded, Some(level)));
        assert!(!group.exists());
    }
}

#[tokio::test]
async fn nobody_leaves_the_group() {
    let Some(scene) = Scene::new().await else { return };
    let leave = "cd /sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)\n\
                 echo $$ > ../farol/cgroup.procs || echo refused; echo max > memory.max || echo refused\n\
                 mkdir in || echo refused";
    for target in [shell(), among()] {
        let (_, ran) = scene.run(&script(leave), &target).await;
        assert!(ran.stdout().ends_with("\nrefused\nrefused\nrefused\n"), "{}{}", ran.stdout(), ran.stderr());
    }
}

#[tokio::test]
async fn a_script_that_takes_all_memory_is_ended_with_all_that_it_started() {
    let Some(scene) = Scene::new().await else { return };
    // What has no end of a line is kept whole in memory.
    let hog = script("(setsid sleep 1000 &); tail /dev/zero || true; echo went on");
    for target in [shell(), among()] {
        let (group, ran) = scene.run(&hog, &target).await;
        assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::Failed, Some(FailureCode::Signal)));
        assert!(!ran.stdout().contains("went on"), "{}", ran.stdout());
        assert!(ran.stderr().contains("more than 64 MiB of memory"), "{}", ran.stderr());
        assert!(!group.exists());
    }
}

#[tokio::test]
async fn a_bomb_stays_within_its_bounds_and_nothing_of_it_is_left() {
    let Some(scene) = Scene::new().await else { return };
    let bomb = script("bomb() { bomb | bomb & }; bomb 2> /dev/null; sleep 1000");
    for target in [shell(), among()] {
        let (group, ran) = scene.run(&AttemptSpec { timeout_seconds: 2, ..bomb.clone() }, &target).await;
        assert_eq!(ran.result.outcome, Outcome::TimedOut, "{}", ran.stderr());
        assert!(ran.stderr().contains("more than 24 processes"), "{}", ran.stderr());
        assert!(!ran.stderr().contains("could not be ended"), "{}", ran.stderr());
        assert!(!group.exists());
    }
    assert!(scene.folder.path().exists());
}

#[tokio::test]
async fn what_was_left_running_is_counted_and_ended_with_the_group() {
    let Some(scene) = Scene::new().await else { return };
    for target in [shell(), among()] {
        let (group, ran) = scene.run(&script("(setsid sleep 1000 &); sleep 1000 & true"), &target).await;
        assert!(ran.stderr().contains("2 process(es) that the script had left running"), "{}", ran.stderr());
        assert_eq!(ran.result.outcome, Outcome::Succeeded);
        assert!(!group.exists());
    }
}
