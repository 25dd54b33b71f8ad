//! Runners that are started ahead of time: for one place and one script, told nothing of any attempt, and never left behind.

mod common;
#[expect(dead_code, reason = "a part of it is used")]
#[path = "common/scene.rs"]
mod scene;
#[path = "common/shells.rs"]
mod shells;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use common::{Ran, config, run_with, script, shell};
use farol_api::confine::Confinement;
use farol_api::event::Outcome;
use farol_api::id::IncidentId;
use farol_api::request::SaveTarget;
use farol_api::risk::RiskClass;
use farol_api::target::{CredentialRole, Environment, ShellSettings};
use farol_engine::job::{ResolvedTarget, RunConfig};
use farol_engine::shell::Hidden;
use farol_incident::spec::AttemptSpec;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use shells::{parent, read, shells_in, until};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

struct Bench {
    folder: TempDir,
    config: RunConfig,
}

impl Bench {
    /// A bench on a machine where shells are started ahead of time at all: they are not where nothing keeps scripts apart.
    async fn new() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir_all(data.join("keys")).unwrap();
        let mut config = config(&data.join("workspaces"));
        config.runners = common::keeping(Hidden {
            there: vec![data.clone()],
            perhaps: vec![folder.path().join("perhaps")],
            ..Hidden::default()
        });
        let machine = config.runners.machine().await.unwrap();
        if machine.level < Confinement::Files {
            farol_testkit::skipped(&format!("this machine lacks {:?}", machine.lacks_for(Confinement::Files)));
            return None;
        }
        Some(Self { folder, config })
    }

    fn home(&self, incident: i64) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join("data/workspaces").join(incident.to_string())
    }

    async fn run(&self, spec: &AttemptSpec, target: &ResolvedTarget) -> Ran {
        let ran = run_with(spec, target, &self.config, &CancellationToken::new()).await;
        assert_eq!(ran.result.outcome, Outcome::Succeeded, "{}", ran.stderr());
        ran
    }

    /// Runs a script as an engine does, and returns the runner that waits afterwards.
    async fn run_and_wait(&self, spec: &AttemptSpec, target: &ResolvedTarget) -> i32 {
        self.run(spec, target).await;
        self.config.runners.attempt_ended();
        self.waiting(spec.incident.0).await
    }

    /// The one runner that waits.
    async fn waiting(&self, incident: i64) -> i32 {
        let home = self.home(incident);
        until(|| shells_in(&home).len() == 1).await;
        parent(shells_in(&home)[0])
    }

    async fn until_none_waits(&self) {
        let home = self.home(1);
        until(|| shells_in(&home).is_empty()).await;
    }

    /// Runs a script, and returns the runner that it has, as [`known`] calls it.
    async fn runner_of(&self, spec: &AttemptSpec, target: &ResolvedTarget) -> String {
        let text = "readlink /proc/$$/ns/pid; echo $PPID".to_owned();
        let out = self.run(&AttemptSpec { text, ..spec.clone() }, target).await.stdout();
        let (view, runner) = out.split_once('\n').unwrap();
        if view == own_view() { runner.trim().to_owned() } else { view.to_owned() }
    }
}

/// The view of processes that this test has.
fn own_view() -> String {
    std::fs::read_link("/proc/self/ns/pid").unwrap().display().to_string()
}

/// What a runner that waits is known by to a script in it: its view, where it has one, else its id.
fn known(runner: i32) -> String {
    // The runner hides itself; its shell is in the same view.
    let below = std::fs::read_to_string(format!("/proc/{runner}/task/{runner}/children")).unwrap();
    let view = std::fs::read_link(format!("/proc/{}/ns/pid", below.trim())).unwrap().display().to_string();
    if view == own_view() { runner.to_string() } else { view }
}

/// Whether a process has ended, even where nobody has taken leave of it.
fn is_dead(pid: i32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_none_or(|(_, state)| state.starts_with('Z'))
}

fn target(change: impl FnOnce(&mut ShellSettings)) -> ResolvedTarget {
    let mut settings = ShellSettings::default();
    change(&mut settings);
    ResolvedTarget { shell: Some(settings), ..ResolvedTarget::default() }
}

#[tokio::test]
async fn a_script_gets_the_runner_that_waits_and_no_other_script_gets_it() {
    let Some(bench) = Bench::new().await else { return };
    for target in [shell(), target(|settings| settings.no_namespaces = true)] {
        let mut used = BTreeSet::new();
        let mut waits = bench.run_and_wait(&script("true"), &target).await;
        for _ in 0..3 {
            let name = known(waits);
            assert_eq!(bench.runner_of(&script(""), &target).await, name);
            // By their ids: a view that has ended leaves its number to the next one.
            assert!(used.insert(waits), "a runner of one script is never that of another");
            bench.config.runners.attempt_ended();
            waits = bench.waiting(1).await;
        }
        bench.config.runners.forget();
        bench.until_none_waits().await;
    }
}

#[tokio::test]
async fn what_waits_knows_of_no_attempt_and_its_script_sees_what_every_script_sees() {
    let Some(bench) = Bench::new().await else { return };
    // The descriptors are listed into a file: while a pipeline begins the shell itself holds an end of it. That of the script
    // has whatever number was free.
    let look = "env | sort | sed 's/^FAROL_ATTEMPT=.*/FAROL_ATTEMPT/'; set -o | grep on$; trap; umask; \
                ls -l /proc/$$/fd > fds; sed 's/.*[0-9] \\([0-9]*\\) -> /\\1 /; s/:\\[[0-9]*\\]//; s/^[0-9]* .memfd:step/step/' fds";
    let first = bench.run(&script(look), &shell()).await.stdout();
    let mut secret =
        script("BACKUP=hunter22; cd /; echo \"$FAROL_P_password\" > /dev/null; export LEFT=behind; set +u");
    secret.env.insert("FAROL_P_password".into(), "hunter22".into());
    secret.env.insert("BACKUP".into(), "hunter22".into());
    secret.asked.variables = vec!["BACKUP".into()];
    bench.run(&secret, &shell()).await;
    // The script ended elsewhere: what waits does there.
    bench.config.runners.attempt_ended();
    until(|| shells_in(&PathBuf::from("/")).len() == 1).await;
    let waits = shells_in(&PathBuf::from("/"))[0];
    for of in [waits, parent(waits)] {
        let all = read(of, "environ") + &read(of, "cmdline");
        assert!(!all.contains("hunter22") && !all.contains("FAROL_P") && !all.contains("FAROL_ATTEMPT"), "{all}");
    }
    bench.config.runners.forget();
    bench.run_and_wait(&script("true"), &shell()).await;
    let mut spec = script(look);
    let second = bench.run(&spec, &shell()).await.stdout();
    assert_eq!(second, first);
    bench.config.runners.attempt_ended();
    bench.waiting(1).await;
    spec = script("echo $FAROL_ATTEMPT");
    assert_eq!(bench.run(&spec, &shell()).await.stdout(), format!("{}\n", spec.attempt));
    // The script's time begins with the script, however long the shell waited.
    bench.config.runners.attempt_ended();
    bench.waiting(1).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let begun = Instant::now();
    let seconds = bench.run(&script("echo $SECONDS"), &shell()).await.stdout();
    assert!(seconds.trim().parse::<u64>().unwrap() <= begun.elapsed().as_secs() + 1, "{seconds}");
}

#[tokio::test]
async fn every_value_arrives_as_it_is_also_where_the_shell_waits() {
    let Some(bench) = Bench::new().await else { return };
    let values =
        ["", "it's \"$(id)\" `id` \\ \\' !x", "two\nlines\n", "é 語 \u{1F600}", "\u{1}\u{7f}\r\u{1b}", "-n", "a\tb "];
    for waits in [false, true] {
        if waits {
            bench.run_and_wait(&script("true"), &shell()).await;
        }
        let mut spec =
            script("for n in 0 1 2 3 4 5 6; do v=FAROL_P_$n; printf '%s' \"${!v}\" | base64 -w0; echo; done");
        for (number, value) in values.iter().enumerate() {
            spec.env.insert(format!("FAROL_P_{number}"), (*value).to_owned());
        }
        let out = bench.run(&spec, &shell()).await.stdout();
        let encoded = |value: &&str| base64::Engine::encode(&base64::engine::general_purpose::STANDARD, value);
        assert_eq!(out.lines().map(str::to_owned).collect::<Vec<_>>(), values.iter().map(encoded).collect::<Vec<_>>());
        let mut named = script("echo $BACKUP $IFS_");
        named.env.insert("BACKUP".into(), "b".into());
        named.env.insert("IFS_".into(), "i".into());
        assert_eq!(bench.run(&named, &shell()).await.stdout(), "b i\n");
    }
}

#[tokio::test]
async fn what_waits_in_one_place_is_nothing_to_another() {
    let Some(bench) = Bench::new().await else { return };
    let waits = known(bench.run_and_wait(&script("true"), &shell()).await);
    let elsewhere = AttemptSpec { incident: IncidentId(2), ..script("") };
    assert_ne!(bench.runner_of(&elsewhere, &shell()).await, waits);
    let reads = AttemptSpec { class: RiskClass::Read, role: CredentialRole::ReadOnly, ..script("true") };
    let other_targets = [
        target(|settings| settings.least_confinement = Confinement::Files),
        target(|settings| settings.no_namespaces = true),
        target(|settings| settings.path = vec!["/bin".into(), "/usr/bin".into()]),
        target(|settings| drop(settings.env.insert("PGHOST".into(), "db".into()))),
    ];
    for other in &other_targets {
        assert_ne!(bench.runner_of(&script(""), other).await, waits);
    }
    bench.run(&reads, &shell()).await;
    assert_eq!(bench.runner_of(&script(""), &shell()).await, waits);
}

/// A step that only reads must not get a shell that may write, nor the other way round.
#[tokio::test]
async fn a_step_that_reads_never_gets_a_shell_that_writes() {
    let Some(bench) = Bench::new().await else { return };
    let outside = bench.folder.path().join("outside");
    std::fs::create_dir(&outside).unwrap();
    let text = format!("touch {}/x 2>/dev/null && echo wrote || echo kept", outside.display());
    let reads = AttemptSpec { class: RiskClass::Read, role: CredentialRole::ReadOnly, ..script(&text) };
    bench.run_and_wait(&script("true"), &shell()).await;
    assert_eq!(bench.run(&reads, &shell()).await.stdout(), "kept\n");
    bench.config.runners.attempt_ended();
    let home = bench.home(1);
    until(|| shells_in(&home).len() == 2).await;
    assert_eq!(bench.run(&reads, &shell()).await.stdout(), "kept\n");
    assert_eq!(bench.run(&script(&text), &shell()).await.stdout(), "wrote\n");
}

#[tokio::test]
async fn rules_that_were_made_before_are_made_anew_where_the_machine_has_changed() {
    let Some(bench) = Bench::new().await else { return };
    bench.run_and_wait(&script("true"), &shell()).await;
    let (beside, perhaps) = (bench.folder.path().join("beside"), bench.folder.path().join("perhaps"));
    std::fs::write(&beside, "seen\n").unwrap();
    std::fs::write(&perhaps, "hidden\n").unwrap();
    std::fs::remove_dir_all(bench.home(1)).unwrap();
    let text = format!(
        "cat {}; cat {} 2>/dev/null || echo kept; chmod 777 {} 2>/dev/null && echo changed || echo kept; echo here > file",
        beside.display(),
        perhaps.display(),
        perhaps.display()
    );
    let out = bench.run(&script(&text), &shell()).await.stdout();
    let own_view = bench.config.runners.machine().await.unwrap().level >= Confinement::Processes;
    assert_eq!(out, if own_view { "seen\nkept\nkept\n" } else { "seen\nkept\nchanged\n" });
    assert_eq!(std::fs::read_to_string(bench.home(1).join("file")).unwrap(), "here\n");
}

#[tokio::test]
async fn a_script_runs_once_where_what_waited_for_it_was_killed_or_stopped() {
    let Some(bench) = Bench::new().await else { return };
    for at in 0..4 {
        let runner = bench.run_and_wait(&script("true"), &shell()).await;
        let shell_of = shells_in(&bench.home(1))[0];
        match at {
            0 => {
                kill(Pid::from_raw(shell_of), Signal::SIGKILL).unwrap();
                // Until it is dead its runner may give it the script, and can only say then that it was killed.
                until(|| is_dead(shell_of)).await;
            }
            1 => kill(Pid::from_raw(runner), Signal::SIGKILL).unwrap(),
            2 => kill(Pid::from_raw(parent(runner)), Signal::SIGKILL).unwrap(),
            // It has its script then, when it is let go of and goes on.
            _ => kill(Pid::from_raw(runner), Signal::SIGSTOP).unwrap(),
        }
        bench.run(&script("echo once >> times"), &shell()).await;
        let times = std::fs::read_to_string(bench.home(1).join("times")).unwrap();
        assert_eq!(times.lines().count(), at + 1);
        bench.config.runners.forget();
        bench.until_none_waits().await;
    }
}

#[tokio::test]
async fn nothing_waits_after_what_it_waited_for_is_forgotten_or_gone() {
    let Some(bench) = Bench::new().await else { return };
    bench.run_and_wait(&script("true"), &shell()).await;
    bench.config.runners.forget();
    bench.until_none_waits().await;
    bench.run_and_wait(&script("true"), &shell()).await;
    bench.config.runners.close();
    bench.until_none_waits().await;
    bench.run(&script("true"), &shell()).await;
    bench.config.runners.attempt_ended();
    assert_eq!(shells_in(&bench.home(1)), Vec::<i32>::new());

    let Some(bench) = Bench::new().await else { return };
    bench.run_and_wait(&script("true"), &shell()).await;
    let (home, Bench { folder, config }) = (bench.home(1), bench);
    // As a server that is killed does: its ends of the streams close.
    drop(config);
    until(|| shells_in(&home).is_empty()).await;
    drop(folder);
}

#[tokio::test]
async fn an_engine_starts_one_after_each_step_and_leaves_none() {
    let scene = scene::Scene::sqlite().await;
    let engine = scene.start(|_| {});
    let spec = scene.script("true");
    let home = scene.folder.path().canonicalize().unwrap().join("w").join(scene.incident.to_string());
    scene.queue(&spec).await;
    assert_eq!(scene.end(&spec).await.outcome, Outcome::Succeeded);
    if common::runners(&home).machine().await.unwrap().level < Confinement::Files {
        farol_testkit::skipped("this machine keeps no scripts apart");
        return;
    }
    until(|| shells_in(&home).len() == 1).await;
    let save = SaveTarget {
        description: "Another".into(),
        environment: Environment::Sandbox,
        database: None,
        credentials: Vec::new(),
        shell: Some(ShellSettings::default()),
        timeout_seconds: None,
        approvals: farol_api::target::LeastApprovals::default(),
    };
    let changed = scene.store.save_target(&scene.target.id, &save).await.unwrap();
    until(|| shells_in(&home).is_empty()).await;
    let again = AttemptSpec { target_version: changed.version, ..scene.script("true") };
    scene.queue(&again).await;
    assert_eq!(scene.end(&again).await.outcome, Outcome::Succeeded);
    until(|| shells_in(&home).len() == 1).await;
    engine.shutdown().await;
    until(|| shells_in(&home).is_empty()).await;
}
