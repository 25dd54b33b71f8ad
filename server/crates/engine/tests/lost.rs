//! Runners and supervisors that are killed or stopped: what is known is said, and nothing is left.

mod common;
#[path = "common/shells.rs"]
mod shells;

use common::{Ran, config, run_with, script, shell};
use farol_api::confine::Lack;
use farol_api::event::{FailureCode, Outcome};
use farol_api::target::ShellSettings;
use farol_engine::job::{ResolvedTarget, RunConfig};
use farol_engine::output::OutputSink;
use farol_incident::spec::AttemptSpec;
use farol_testkit::skipped;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use shells::{parent, processes, read, shells_in, until};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// Both kinds of runners: in a view of its own where the machine gives one, and among the machine's processes.
fn targets() -> [ResolvedTarget; 2] {
    let among = ShellSettings { no_namespaces: true, ..ShellSettings::default() };
    [shell(), ResolvedTarget { shell: Some(among), ..ResolvedTarget::default() }]
}

/// A script that leaves the session, clears its environment and waits; what it starts sleeps for a time that nobody
/// else sleeps for.
struct Sleeper {
    spec: AttemptSpec,
    seconds: String,
}

impl Sleeper {
    fn new() -> Self {
        let mut spec = script("");
        // Seconds that name this attempt.
        let seconds =
            format!("1{:09}", spec.attempt.0.as_u128() % 1_000_000_000 + u128::from(std::process::id()) * 1_000);
        spec.text = format!(
            "trap '' TERM\n(env -i setsid sleep {seconds} &) ; setsid sleep {seconds} &\n\
             while [ \"$(grep -azs sleep.{seconds} /proc/[0-9]*/cmdline | wc -c)\" = 0 ]; do :; done\ntouch ready; wait; sleep {seconds}"
        );
        Self { spec, seconds }
    }

    /// Returns the processes of it that sleep.
    fn sleeping(&self) -> Vec<i32> {
        let wanted = format!("sleep\0{}\0", self.seconds);
        processes().into_iter().filter(|pid| read(*pid, "cmdline") == wanted).collect()
    }

    /// Returns the first process of the script, which runs in the workspace of its scene.
    fn bash(&self, scene: &Scene) -> i32 {
        let home = scene.folder.path().canonicalize().unwrap().join("1");
        shells_in(&home).pop().expect("the script")
    }

    async fn until_gone(&self) {
        until(|| self.sleeping().is_empty()).await;
    }
}

fn signal(pid: i32, signal: Signal) {
    kill(Pid::from_raw(pid), signal).unwrap();
}

struct Scene {
    folder: TempDir,
    config: RunConfig,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        Self { folder, config }
    }

    async fn run(&self, spec: &AttemptSpec, target: &ResolvedTarget) -> Ran {
        run_with(spec, target, &self.config, &CancellationToken::new()).await
    }

    /// Runs a sleeper, and does something to it once it sleeps.
    async fn run_and(&self, sleeper: &Sleeper, target: &ResolvedTarget, act: impl FnOnce(i32)) -> Ran {
        let ready = self.folder.path().join("1/ready");
        let _ = std::fs::remove_file(&ready);
        let acting = async {
            until(|| ready.exists()).await;
            act(sleeper.bash(self));
        };
        tokio::join!(self.run(&sleeper.spec, target), acting).0
    }
}

#[tokio::test]
async fn when_the_runner_is_killed_the_outcome_is_unknown_and_nothing_is_left() {
    let scene = Scene::new();
    for target in targets() {
        let sleeper = Sleeper::new();
        let ran = scene.run_and(&sleeper, &target, |bash| signal(parent(bash), Signal::SIGKILL)).await;
        assert_eq!(
            (ran.result.outcome, ran.result.failure),
            (Outcome::OutcomeUnknown, Some(FailureCode::RunnerFailed))
        );
        assert_eq!(sleeper.sleeping(), Vec::<i32>::new());
    }
}

/// A lease that ends lets go of a run; a runner that somebody has stopped must not keep its script for ever.
#[tokio::test]
async fn a_stopped_runner_that_is_let_go_of_leaves_nothing() {
    let scene = Scene::new();
    for target in targets() {
        let sleeper = Sleeper::new();
        let ready = scene.folder.path().join("1/ready");
        let _ = std::fs::remove_file(&ready);
        {
            let (sink, _chunks) = OutputSink::channel(8);
            let cancel = CancellationToken::new();
            let mut run = std::pin::pin!(farol_engine::run(&sleeper.spec, &target, &scene.config, sink, &cancel));
            tokio::select! {
                _ = &mut run => panic!("it ended"),
                () = until(|| ready.exists()) => {}
            }
            signal(parent(sleeper.bash(&scene)), Signal::SIGSTOP);
        }
        sleeper.until_gone().await;
    }
}

#[tokio::test]
async fn a_lost_supervisor_is_replaced_and_what_runs_ends_as_ever() {
    let scene = Scene::new();
    for target in targets() {
        let mut waits = Sleeper::new();
        waits.spec.text = "touch ready; until [ -e go ]; do sleep 0.05; done; rm go; echo went".to_owned();
        let go = scene.folder.path().join("1/go");
        let ran = scene
            .run_and(&waits, &target, |bash| {
                signal(parent(parent(bash)), Signal::SIGKILL);
                std::fs::write(&go, "").unwrap();
            })
            .await;
        assert_eq!((ran.stdout().as_str(), ran.result.outcome), ("went\n", Outcome::Succeeded));
        assert_eq!(scene.run(&script("echo again"), &target).await.stdout(), "again\n");
    }
}

#[tokio::test]
async fn when_runner_and_supervisor_are_killed_together_nothing_is_left() {
    let scene = Scene::new();
    for target in targets() {
        let sleeper = Sleeper::new();
        let ran = scene
            .run_and(&sleeper, &target, |bash| {
                let runner = parent(bash);
                signal(parent(runner), Signal::SIGKILL);
                signal(runner, Signal::SIGKILL);
            })
            .await;
        assert_eq!(ran.result.outcome, Outcome::OutcomeUnknown);
        let own_view = target.shell.as_ref().is_some_and(|shell| !shell.no_namespaces);
        if has(&scene, Lack::Cgroup).await || own_view && has(&scene, Lack::Namespaces).await {
            assert_eq!(sleeper.sleeping(), Vec::<i32>::new());
        } else {
            // What has left the session and cleared its environment has no name any more: only a view or a group of its
            // own, or a living supervisor, ends it.
            skipped("no group can be made here, and no view either or the target wants none");
            sleeper.sleeping().into_iter().for_each(|pid| signal(pid, Signal::SIGKILL));
        }
        assert_eq!(scene.run(&script("echo again"), &target).await.stdout(), "again\n");
    }
}

async fn has(scene: &Scene, measure: Lack) -> bool {
    scene.config.runners.machine().await.unwrap().has(measure)
}
