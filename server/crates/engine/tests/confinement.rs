//! What scripts are kept from, at the level that this machine reaches; what it cannot do is said and skipped.

mod common;

use std::path::Path;
use std::process::{Command, Stdio};

use common::{Ran, config, run, run_with, script, shell};
use farol_api::confine::{Confinement, Lack, Machine};
use farol_api::event::{FailureCode, Outcome};
use farol_api::risk::RiskClass;
use farol_api::target::{CredentialRole, ShellSettings};
use farol_engine::job::{ResolvedTarget, RunConfig};
use farol_engine::shell::Hidden;
use farol_incident::spec::AttemptSpec;
use farol_testkit::skipped;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

fn on(change: impl FnOnce(&mut ShellSettings)) -> ResolvedTarget {
    let mut settings = ShellSettings::default();
    change(&mut settings);
    ResolvedTarget { shell: Some(settings), ..ResolvedTarget::default() }
}

fn reading(text: &str) -> AttemptSpec {
    AttemptSpec { class: RiskClass::Read, role: CredentialRole::ReadOnly, ..script(text) }
}

/// A data folder with a key in it, in which the workspaces lie, and a folder that is not Farol's.
struct Scene {
    folder: TempDir,
    config: RunConfig,
    machine: Machine,
}

impl Scene {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir_all(data.join("keys")).unwrap();
        std::fs::create_dir(folder.path().join("others")).unwrap();
        std::fs::write(data.join("keys/vault"), "the-key").unwrap();
        std::fs::write(folder.path().join("others/log"), "a line\n").unwrap();
        let mut config = config(&data.join("workspaces"));
        config.runners = common::runners(&data);
        let machine = config.runners.machine().await.unwrap();
        Self { folder, config, machine }
    }

    /// The scene where scripts are kept from files; nothing, and a line that says so, elsewhere.
    async fn with_files() -> Option<Self> {
        Self::with(Confinement::Files).await
    }

    /// The scene on a machine that reaches a level.
    async fn with(level: Confinement) -> Option<Self> {
        let scene = Self::new().await;
        if scene.machine.level < level {
            skipped(&format!("this machine lacks {:?}", scene.machine.lacks_for(level)));
            return None;
        }
        Some(scene)
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().canonicalize().unwrap().join(name).display().to_string()
    }

    async fn run(&self, spec: &AttemptSpec, target: &ResolvedTarget) -> Ran {
        run_with(spec, target, &self.config, &CancellationToken::new()).await
    }
}

fn works(program: &str, args: &[&str]) -> bool {
    let ran = Command::new(program).args(args).stdout(Stdio::null()).stderr(Stdio::null()).status();
    ran.is_ok_and(|status| status.success())
}

/// The machine is asked again by other means: a probe that always says no would make every test here pass.
#[tokio::test]
async fn the_machine_is_described_as_it_is() {
    let machine = Scene::new().await.machine;
    let own_processes = ["--user", "--map-current-user", "--pid", "--mount", "--fork", "--mount-proc", "true"];
    let own_processes = if nix::unistd::geteuid().is_root() { &own_processes[2..] } else { &own_processes[..] };
    if works("unshare", own_processes) {
        assert!(machine.has(Lack::Namespaces), "{machine:?}");
    } else {
        skipped("no namespaces can be made here");
    }
    let active = std::fs::read_to_string("/sys/kernel/security/lsm").unwrap_or_default();
    if active.split(',').any(|module| module.trim() == "landlock") {
        // Before 6.2 it cannot keep a file from being cut off.
        assert_eq!(machine.has(Lack::Landlock), kernel() >= (6, 2), "{machine:?}");
    } else {
        skipped("the kernel does not say whether Landlock is on");
    }
    if std::fs::read_to_string("/proc/sys/kernel/seccomp/actions_avail").is_ok_and(|known| known.contains("errno")) {
        assert!(machine.has(Lack::Seccomp), "{machine:?}");
    } else {
        skipped("the kernel does not say whether it filters calls");
    }
}

#[tokio::test]
async fn the_level_that_was_reached_is_in_the_result() {
    let scene = Scene::new().await;
    let reached = scene.run(&script("true"), &shell()).await.result.confined;
    assert_eq!(reached, Some(scene.machine.level));
    let among = scene.run(&script("true"), &on(|settings| settings.no_namespaces = true)).await.result.confined;
    assert_eq!(among, Some(scene.machine.level.min(Confinement::Files)));
}

#[tokio::test]
async fn what_the_machine_cannot_give_is_refused_before_anything_runs() {
    let scene = Scene::new().await;
    if scene.machine.level == Confinement::Resources {
        skipped("this machine gives all there is");
    } else {
        let demanding = on(|settings| settings.least_confinement = Confinement::Resources);
        let ran = scene.run(&script("touch ran"), &demanding).await;
        assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::Failed, Some(FailureCode::RunnerFailed)));
        assert!(ran.stderr().contains("lacks") && ran.stderr().contains("Nothing ran."), "{}", ran.stderr());
        assert!(!Path::new(&scene.path("data/workspaces/1/ran")).exists());
    }
    // What a target turns off it cannot demand.
    let contrary = on(|settings| {
        settings.least_confinement = Confinement::Processes;
        settings.no_namespaces = true;
    });
    let ran = scene.run(&script("touch ran"), &contrary).await;
    assert_eq!(ran.result.outcome, Outcome::Failed);
    assert!(!Path::new(&scene.path("data/workspaces/1/ran")).exists());
}

#[tokio::test]
async fn nobody_reads_the_data_folder() {
    let Some(scene) = Scene::with_files().await else { return };
    let key = scene.path("data/keys/vault");
    let text = format!(
        "cat {key} || echo refused\n\
         ln -s {key} link && cat link || echo refused\n\
         ln {key} hard && cat hard || echo refused\n\
         cp -r {0} copy || true; cat copy/keys/vault || echo refused\n\
         true > {key} || echo refused\n\
         truncate -s 0 {key} || echo refused\n\
         rm -f {key} || echo refused\n\
         mv {0} {0}-away || echo refused\n\
         touch {0}/new || echo refused\n",
        scene.path("data")
    );
    for spec in [script(&text), reading(&text)] {
        for target in [shell(), on(|settings| settings.no_namespaces = true)] {
            let ran = scene.run(&spec, &target).await;
            assert_eq!(ran.stdout(), "refused\n".repeat(9), "{}", ran.stderr());
            assert_eq!(std::fs::read_to_string(&key).unwrap(), "the-key");
        }
    }
}

/// Who a file belongs to, its mode, its times and what else hangs on it: no rule about files keeps a script from those.
const MARKS: &str = "chmod 777 FILE || echo refused; chgrp $(id -g) FILE || echo refused\n\
     touch -d 2001-01-01 FILE || echo refused; setfattr -n user.farol -v x FILE || echo refused\n";

#[tokio::test]
async fn nobody_changes_what_hangs_on_the_data_folder() {
    let Some(scene) = Scene::with(Confinement::Processes).await else { return };
    let (data, key, store) = (scene.path("data"), scene.path("data/keys/vault"), scene.path("others/store.db"));
    std::fs::write(&store, "").unwrap();
    let hidden =
        Hidden { there: vec![data.clone().into()], databases: vec![store.clone().into()], ..Hidden::default() };
    let scene = Scene { config: RunConfig { runners: common::keeping(hidden), ..scene.config }, ..scene };
    let text: String = [&data, &key, &store].map(|file| MARKS.replace("FILE", file)).concat();
    let before = [&data, &key, &store].map(|file| marks(file));
    for spec in [script(&text), reading(&text)] {
        let ran = scene.run(&spec, &shell()).await;
        assert_eq!(ran.stdout(), "refused\n".repeat(12), "{}", ran.stderr());
        assert_eq!([&data, &key, &store].map(|file| marks(file)), before);
    }
    // What is its own it does with as it likes, and a step that changes things with all else.
    let (own, elsewhere) =
        ("touch new; chmod 700 new; touch -d 2001-01-01 new", MARKS.replace("FILE", &scene.path("others/log")));
    let ran = scene.run(&reading(own), &shell()).await;
    assert_eq!((ran.result.outcome, ran.stdout().as_str()), (Outcome::Succeeded, ""), "{}", ran.stderr());
    let changed = scene.run(&script(&format!("{elsewhere}{own}")), &shell()).await;
    assert!(!changed.stderr().contains("chmod") && !changed.stderr().contains("touch"), "{}", changed.stderr());
}

#[tokio::test]
async fn a_step_that_reads_changes_nothing_that_hangs_on_a_file() {
    let Some(scene) = Scene::with(Confinement::Processes).await else { return };
    let log = scene.path("others/log");
    let before = marks(&log);
    let ran = scene.run(&reading(&MARKS.replace("FILE", &log)), &shell()).await;
    assert_eq!(ran.stdout(), "refused\n".repeat(4), "{}", ran.stderr());
    assert_eq!(marks(&log), before);
}

/// Mode, group, and whether the time is the one that the scripts set: Farol itself makes folders there meanwhile.
fn marks(file: &str) -> (u32, u32, bool) {
    use std::os::unix::fs::MetadataExt;
    let known = std::fs::metadata(file).unwrap();
    (known.mode(), known.gid(), known.mtime() < 1_000_000_000)
}

#[tokio::test]
async fn where_what_must_be_hidden_cannot_be_found_nothing_runs() {
    let mut scene = Scene::new().await;
    let (data, gone) = (scene.folder.path().join("data"), scene.folder.path().join("gone"));
    for hidden in [
        Hidden { there: vec![data.clone(), gone.clone()], ..Hidden::default() },
        Hidden { there: vec![data.clone()], databases: vec![gone.clone()], ..Hidden::default() },
    ] {
        scene.config.runners = common::keeping(hidden);
        let ran = scene.run(&script("touch ran"), &shell()).await;
        assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::Failed, Some(FailureCode::RunnerFailed)));
        assert!(ran.stderr().contains("Nothing ran."), "{}", ran.stderr());
        assert!(!data.join("workspaces/1/ran").exists());
    }
    let perhaps = Hidden { there: vec![data.clone()], perhaps: vec![gone.clone()], ..Hidden::default() };
    scene.config.runners = common::keeping(perhaps);
    let ran = scene.run(&script(&format!("echo ran; touch {} || echo refused", gone.display())), &shell()).await;
    let refused = if scene.machine.level >= Confinement::Files { "refused\n" } else { "" };
    assert_eq!(ran.stdout(), format!("ran\n{refused}"), "{}", ran.stderr());
}

#[tokio::test]
async fn a_step_that_reads_writes_in_its_own_folder_only() {
    let Some(scene) = Scene::with_files().await else { return };
    let text = format!(
        "cat {0}/log; echo x >> {0}/log || echo refused; touch {0}/new || echo refused; rm -f {0}/log || echo refused\n\
         touch /tmp/farol-$$ || echo refused\n\
         echo kept > here; mkdir folder; mv here folder/there; cat folder/there\n\
         f=$(mktemp); echo temporary > \"$f\"; cat \"$f\"; echo gone > /dev/null; sort <<< one; ls / > /dev/null\n",
        scene.path("others")
    );
    let ran = scene.run(&reading(&text), &shell()).await;
    assert_eq!(ran.stdout(), "a line\nrefused\nrefused\nrefused\nrefused\nkept\ntemporary\none\n", "{}", ran.stderr());
    assert_eq!(ran.result.outcome, Outcome::Succeeded);
}

#[tokio::test]
async fn a_step_that_writes_may_write_elsewhere() {
    let Some(scene) = Scene::with_files().await else { return };
    let text = format!(
        "echo more >> {0}/log; cp {0}/log {0}/copy; mv {0}/copy {0}/moved; cat {0}/moved",
        scene.path("others")
    );
    let ran = scene.run(&script(&text), &shell()).await;
    assert_eq!(ran.stdout(), "a line\nmore\n", "{}", ran.stderr());
}

/// Signal 0 only asks whether one may: where a measure fails, nobody is hurt.
#[tokio::test]
async fn nobody_signals_farol() {
    let Some(scene) = Scene::with_files().await else { return };
    let server = std::process::id();
    let text = format!("kill -0 {server} && echo server; kill -0 $PPID && echo runner; echo asked");
    // Linux 6.12 is the first whose Landlock knows signals.
    let scopes = kernel() >= (6, 12);
    if !scopes {
        skipped("this kernel's Landlock does not know signals: among the machine's processes nothing is asked");
    }
    if scene.machine.level < Confinement::Processes {
        skipped(&format!("this machine lacks {:?}", scene.machine.lacks_for(Confinement::Processes)));
    }
    for spec in [script(&text), reading(&text)] {
        if scopes {
            let among = on(|settings| settings.no_namespaces = true);
            assert_eq!(scene.run(&spec, &among).await.stdout(), "asked\n");
        }
        if scene.machine.level >= Confinement::Processes {
            // In a view of its own one may ask for the runner, which no signal from within reaches.
            let ran = scene.run(&spec, &shell()).await;
            let seen = if scopes { "asked\n" } else { "runner\nasked\n" };
            assert_eq!(ran.stdout(), seen, "{}", ran.stderr());
        }
    }
}

/// The first two numbers of the kernel's version.
fn kernel() -> (u32, u32) {
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap();
    let mut numbers = release.split(['.', '-']).map(|part| part.parse().unwrap_or(0));
    (numbers.next().unwrap(), numbers.next().unwrap())
}

#[tokio::test]
async fn a_script_sees_no_processes_but_its_own() {
    let Some(scene) = Scene::with(Confinement::Processes).await else { return };
    let ran = scene.run(&script("ls -d /proc/[0-9]* | wc -l; (sleep 1000 &); kill -9 -1; kill -9 $$"), &shell()).await;
    let seen: u32 = ran.stdout().trim().parse().unwrap();
    // The runner, bash, `ls` and `wc`.
    assert!(seen <= 4, "{seen}");
    // It killed all that it could, itself included, and its end is known all the same.
    assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::Failed, Some(FailureCode::Signal)));
}

#[tokio::test]
async fn calls_that_reach_into_the_kernel_are_refused() {
    let Some(scene) = Scene::with_files().await else { return };
    let text = "unshare --user true || echo refused; unshare --mount true || echo refused\n\
                mount -t tmpfs none /mnt || echo refused; nsenter --target 1 --mount true || echo refused";
    for target in [shell(), on(|settings| settings.no_namespaces = true)] {
        let ran = scene.run(&script(text), &target).await;
        assert_eq!(ran.stdout(), "refused\n".repeat(4), "{}", ran.stderr());
    }
}

#[tokio::test]
async fn a_target_without_network_reaches_nothing_and_others_do() {
    let scene = Scene::new().await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let knock = script(&format!("(: < /dev/tcp/127.0.0.1/{port}) 2>/dev/null && echo reached || echo refused"));
    assert_eq!(run(&knock, &shell()).await.stdout(), "reached\n");
    let ran = scene.run(&knock, &on(|settings| settings.no_network = true)).await;
    if scene.machine.has(Lack::NetworkNamespaces) {
        assert_eq!(ran.stdout(), "refused\n");
    } else {
        skipped(&format!("this machine lacks {:?}", scene.machine.lacks));
        assert!(ran.stderr().contains("Nothing ran."), "{}", ran.stderr());
    }
}
