//! Scripts, the hostile ones above all: whatever one does, nothing of it is left when the attempt has ended.

mod common;

use std::time::Duration;

use common::{Ran, config, run, run_with, script, shell};
use farol_api::event::{FailureCode, Outcome};
use farol_api::output::OutputCap;
use farol_api::target::ShellSettings;
use farol_engine::job::ResolvedTarget;
use farol_engine::output::OutputSink;
use farol_engine::shell::{Hidden, Runners};
use tokio_util::sync::CancellationToken;

/// Returns the processes that carry a mark in their environment.
fn marked(mark: &str) -> Vec<i32> {
    let pids = std::fs::read_dir("/proc").unwrap().flatten();
    let pids = pids.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    let carries = |pid: &i32| {
        let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        String::from_utf8_lossy(&environment).contains(mark)
    };
    pids.filter(carries).collect()
}

async fn until(mut condition: impl FnMut() -> bool) {
    for _ in 0..1_000 {
        if condition() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it never came to that");
}

#[tokio::test]
async fn a_script_gives_its_output_and_exit_code() {
    let ran = run(&script("echo out; echo err >&2; exit 3"), &shell()).await;
    assert_eq!((ran.stdout().as_str(), ran.stderr().as_str()), ("out\n", "err\n"));
    assert_eq!((ran.result.outcome, ran.result.exit_code), (Outcome::Failed, Some(3)));
    assert_eq!(ran.result.failure, Some(FailureCode::ExitCode));
    assert!(ran.result.output_digest.is_some());
    let ran = run(&script("true"), &shell()).await;
    assert_eq!((ran.result.outcome, ran.result.exit_code), (Outcome::Succeeded, Some(0)));
    assert_eq!((ran.result.output_digest, ran.chunks.len()), (None, 0));
}

#[tokio::test]
async fn the_first_failing_command_ends_a_script() {
    let ran = run(&script("false | cat\necho reached"), &shell()).await;
    assert_eq!((ran.stdout().as_str(), ran.result.exit_code), ("", Some(1)));
    let ran = run(&script("echo $NOT_SET; echo reached"), &shell()).await;
    assert_eq!((ran.stdout().as_str(), ran.result.outcome), ("", Outcome::Failed));
}

#[tokio::test]
async fn a_signal_is_told_from_an_exit() {
    let ran = run(&script("kill -SEGV $$"), &shell()).await;
    assert_eq!((ran.result.failure, ran.result.exit_code), (Some(FailureCode::Signal), Some(139)));
}

#[tokio::test]
async fn exec_replaces_the_shell_and_is_still_followed() {
    let ran = run(&script("exec bash -c 'echo replaced; exit 7'"), &shell()).await;
    assert_eq!((ran.stdout().as_str(), ran.result.exit_code), ("replaced\n", Some(7)));
}

#[tokio::test]
async fn steps_of_an_incident_share_a_folder_that_others_cannot_enter() {
    let folder = tempfile::tempdir().unwrap();
    let (config, cancel) = (config(folder.path()), CancellationToken::new());
    run_with(&script("echo kept > backup.sql"), &shell(), &config, &cancel).await;
    let ran = run_with(&script("cat backup.sql; echo $HOME; stat -c %a ."), &shell(), &config, &cancel).await;
    let home = folder.path().canonicalize().unwrap().join("1");
    assert_eq!(ran.stdout(), format!("kept\n{}\n700\n", home.display()));
}

#[tokio::test]
async fn a_script_sees_an_allow_list_of_variables_only() {
    let mut spec = script("env | sort");
    spec.env.insert("FAROL_P_host".into(), "it's \"$(id)\"\nb".into());
    let ran = run(&spec, &shell()).await;
    let out = ran.stdout();
    let names: Vec<_> = out.lines().filter_map(|line| Some(line.split_once('=')?.0)).collect();
    assert_eq!(names, ["FAROL_ATTEMPT", "FAROL_P_host", "HOME", "LANG", "PATH", "PWD", "SHLVL", "TERM", "TMPDIR", "_"]);
    assert!(out.contains("FAROL_P_host=it's \"$(id)\"\n"), "{out}");
}

/// Who may look at a process' environment, or is started with it, does not get the secret from there.
#[tokio::test]
async fn a_secret_is_known_to_the_script_and_in_no_programs_environment() {
    let look = "f() { printf '%s' \"${#FAROL_P_db_password}\"; }; f; (f); cat /proc/$$/environ /proc/self/environ | tr '\\0' '\\n' | grep -c FAROL_P; true";
    let mut spec = script(look);
    spec.env.insert("FAROL_P_db_password".into(), "correct horse".into());
    spec.secrets = vec!["db-password".into()];
    assert_eq!(run(&spec, &shell()).await.stdout(), "13130\n");
    // A shell that is handed a function would find nothing where the value stands.
    spec.text = "f() { printf '%s' \"${#FAROL_P_db_password}\"; }; export -f f; bash -c f".into();
    assert_eq!(run(&spec, &shell()).await.stdout(), "13");
}

#[tokio::test]
async fn a_variable_that_changes_bash_is_refused() {
    let mut spec = script("echo ran");
    spec.env.insert("BASH_ENV".into(), "/tmp/x".into());
    let ran = run(&spec, &shell()).await;
    assert_eq!((ran.result.failure, ran.stdout().as_str()), (Some(FailureCode::RunnerFailed), ""));
    assert!(ran.stderr().contains("BASH_ENV"), "{}", ran.stderr());
}

#[tokio::test]
async fn the_targets_folders_come_first_and_stand_in_for_commands() {
    let tools = tempfile::tempdir().unwrap();
    let tool = tools.path().join("kubectl");
    std::fs::write(&tool, "#!/bin/sh\necho \"stand-in $*\"\n").unwrap();
    std::fs::set_permissions(&tool, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let path = vec![tools.path().display().to_string(), "/usr/bin".into(), "/bin".into()];
    let settings = ShellSettings { path, ..ShellSettings::default() };
    let target = ResolvedTarget { shell: Some(settings), ..ResolvedTarget::default() };
    assert_eq!(run(&script("kubectl get pods"), &target).await.stdout(), "stand-in get pods\n");
}

/// The script's text may hold what nobody else on the machine is to read.
#[tokio::test]
async fn the_script_is_not_seen_by_those_who_list_processes() {
    let ran = run(&script("cat /proc/$$/cmdline /proc/$PPID/cmdline | tr '\\0' ' ' # hidden-words"), &shell()).await;
    assert!(ran.stdout().contains("pipefail") && !ran.stdout().contains("hidden-words"), "{}", ran.stdout());
}

/// The runner hides itself; the server calls `hide_self`, as this test's process does here.
#[tokio::test]
async fn the_servers_environment_cannot_be_read() {
    farol_engine::shell::hide_self().unwrap();
    let server = std::process::id();
    let ran = run(&script(&format!("cat /proc/{server}/environ /proc/$PPID/environ || echo refused")), &shell()).await;
    assert_eq!(ran.stdout(), "refused\n", "{}", ran.stderr());
}

#[tokio::test]
async fn a_daemon_that_left_the_session_is_ended_with_the_script() {
    let spec = script(
        "(setsid bash -c 'trap \"\" TERM HUP INT; (setsid sleep 1000 &) ; sleep 1000' </dev/null >/dev/null 2>&1 &)\n\
         nohup sleep 1000 >/dev/null 2>&1 &\n\
         python3 -c 'import os,time\nif os.fork()==0:\n os.setsid()\n if os.fork()==0:\n  os.closerange(0,64)\n  time.sleep(1000)\n os._exit(0)' || true\n\
         sleep 0.2; echo started",
    );
    let mark = format!("FAROL_ATTEMPT={}", spec.attempt);
    let ran = run(&spec, &shell()).await;
    assert_eq!((ran.stdout().as_str(), ran.result.outcome), ("started\n", Outcome::Succeeded));
    assert!(ran.stderr().contains("had left running were ended"), "{}", ran.stderr());
    assert_eq!(marked(&mark), Vec::<i32>::new());
}

#[tokio::test]
async fn a_fork_bomb_is_outrun() {
    let spec = script(
        "fork() { while :; do (sleep 100 &); done; }\n\
         for i in 1 2 3 4; do fork & done; sleep 0.3; kill -9 $$",
    );
    let mark = format!("FAROL_ATTEMPT={}", spec.attempt);
    let ran = run(&spec, &shell()).await;
    assert_eq!(ran.result.failure, Some(FailureCode::Signal));
    assert_eq!(marked(&mark), Vec::<i32>::new());
}

#[tokio::test]
async fn a_hanging_script_is_ended_at_its_time_limit() {
    let mut spec = script("trap '' TERM; echo before; while :; do sleep 100 || true; done");
    spec.timeout_seconds = 1;
    let mark = format!("FAROL_ATTEMPT={}", spec.attempt);
    let ran = run(&spec, &shell()).await;
    assert_eq!((ran.result.outcome, ran.stdout().as_str()), (Outcome::TimedOut, "before\n"));
    assert_eq!(marked(&mark), Vec::<i32>::new());
}

/// Runs a script and stops it once it has made the file `ready`.
async fn stopped(text: &str) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let (config, cancel) = (config(folder.path()), CancellationToken::new());
    let ready = folder.path().join("1/ready");
    let (spec, target) = (script(text), shell());
    let (ran, ()) = tokio::join!(run_with(&spec, &target, &config, &cancel), async {
        until(|| ready.exists()).await;
        cancel.cancel();
    });
    ran
}

#[tokio::test]
async fn a_script_is_stopped_on_demand_and_may_clean_up() {
    let ran = stopped("trap 'echo cleaned; exit 9' TERM; touch ready; while :; do sleep 0.05; done").await;
    assert_eq!((ran.result.outcome, ran.result.exit_code), (Outcome::Cancelled, Some(9)));
    assert_eq!(ran.stdout(), "cleaned\n");
}

#[tokio::test]
async fn what_is_stopped_while_it_runs_is_not_said_to_be_left() {
    let ran = stopped("trap '' TERM; sleep 1000 & touch ready; wait").await;
    assert_eq!((ran.result.outcome, ran.stderr().as_str()), (Outcome::Cancelled, ""));
}

#[tokio::test]
async fn what_was_cancelled_before_it_started_leaves_nothing() {
    let cancel = CancellationToken::new();
    cancel.cancel();
    let folder = tempfile::tempdir().unwrap();
    let ran = run_with(&script("sleep 1000"), &shell(), &config(folder.path()), &cancel).await;
    assert_eq!(ran.result.outcome, Outcome::Cancelled);
}

#[tokio::test]
async fn endless_output_is_cut_and_ended() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    config.limits.bytes = 100_000;
    config.limits.drained_bytes = 5_000_000;
    let ran = run_with(&script("yes"), &shell(), &config, &CancellationToken::new()).await;
    assert_eq!(ran.cap(), Some(OutputCap::Bytes { kept: 100_000 }));
    assert_eq!((ran.stdout().len(), ran.result.truncated), (100_000, true));
    assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::Failed, Some(FailureCode::Signal)));
    assert!(ran.stderr().contains("without end"));
}

#[tokio::test]
async fn a_script_with_too_much_output_still_ends_well() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    config.limits.bytes = 1_000;
    let ran = run_with(
        &script("head -c 3000000 /dev/zero | tr '\\0' x; exit 0"),
        &shell(),
        &config,
        &CancellationToken::new(),
    )
    .await;
    assert_eq!((ran.result.outcome, ran.stdout().len(), ran.result.truncated), (Outcome::Succeeded, 1_000, true));
}

#[tokio::test]
async fn binary_output_and_a_huge_line_become_text() {
    let ran = run(&script(r"printf 'a\xff\x00\x1b[31mb\r\nc'; head -c 300000 /dev/zero | tr '\0' z"), &shell()).await;
    let out = ran.stdout();
    assert!(out.starts_with("a\u{FFFD}␀␛[31mb\nczzz"), "{:?}", &out[..40]);
    assert_eq!(out.chars().filter(|c| *c == 'z').count(), 300_000);
}

#[tokio::test]
async fn standard_input_is_empty() {
    assert_eq!(run(&script("cat; read -r line || echo none"), &shell()).await.stdout(), "none\n");
}

#[tokio::test]
async fn a_secret_never_reaches_the_output() {
    let mut spec = script(
        "echo \"$FAROL_P_db_password\" | fold -w 3; for i in 1 2; do printf '%s' \"$FAROL_P_db_password\"; sleep 0.1; done; printf '%s' \"x$FAROL_P_db_password\" | base64 -w0",
    );
    spec.env.insert("FAROL_P_db_password".into(), "correct horse battery".into());
    spec.secrets = vec!["db-password".into()];
    let ran = run(&spec, &shell()).await;
    let out = ran.stdout();
    assert!(!out.contains("horse") && out.contains("[secret]"), "{out}");
    assert!(!out.contains("3JyZWN0IGhvcnNl"), "{out}");
}

/// The server is killed: its end of the pipe closes, and nobody is there to clean up but the runner.
#[tokio::test]
async fn when_the_server_is_gone_nothing_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let spec = script("(setsid sleep 1000 &); trap '' TERM; touch ready; sleep 1000; sleep 1000");
    let mark = format!("FAROL_ATTEMPT={}", spec.attempt);
    let ready = folder.path().join("1/ready");
    let config = config(folder.path());
    {
        let (sink, _chunks) = OutputSink::channel(8);
        let (target, cancel) = (shell(), CancellationToken::new());
        let mut run = std::pin::pin!(farol_engine::run(&spec, &target, &config, sink, &cancel));
        tokio::select! {
            _ = &mut run => panic!("it ended"),
            () = until(|| ready.exists()) => {}
        }
        // The shell was there before its attempt; what bears the attempt's name is what it starts.
        until(|| !marked(&mark).is_empty()).await;
    }
    until(|| marked(&mark).is_empty()).await;
}

#[tokio::test]
async fn a_runner_that_does_not_exist_is_said_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    config.runners = Runners::new(vec!["/nowhere/farol".into()], Hidden::default());
    let ran = run_with(&script("true"), &shell(), &config, &CancellationToken::new()).await;
    assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::Failed, Some(FailureCode::RunnerFailed)));
}

/// The store can no longer take output: what the script does goes on, and its end is known.
#[tokio::test]
async fn output_that_cannot_be_stored_does_not_hide_how_it_ended() {
    let folder = tempfile::tempdir().unwrap();
    let (sink, chunks) = OutputSink::channel(8);
    drop(chunks);
    let spec = script("for i in $(seq 2000); do echo $i; done; touch done");
    let result = farol_engine::run(&spec, &shell(), &config(folder.path()), sink, &CancellationToken::new()).await;
    assert_eq!((result.outcome, result.failure), (Outcome::Succeeded, Some(FailureCode::OutputNotStored)));
    assert!(folder.path().join("1/done").exists() && result.truncated);
}
