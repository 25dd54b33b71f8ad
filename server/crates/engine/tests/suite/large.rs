//! Results that are longer than the output keeps.

use crate::common::{config, read, run_with, whole};
use crate::postgres::Db;
use farol_api::event::Outcome;
use farol_api::output::{OutputCap, OutputContent};
use farol_engine::output::OutputSink;
use farol_engine::secret::SecretText;
use tokio_util::sync::CancellationToken;

#[tokio::test]
async fn a_large_result_is_cut_and_kept_whole_in_a_file() {
    let db = Db::new().await;
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    let mut target = db.ro();
    target.secrets = vec![SecretText("hunter2-17".into())];
    let text = "select i, case when i % 2 = 0 then '' end as e, 'a,\"b\"\n' as q, 'hunter2-' || i as s, e'\\x1b' as x \
                from generate_series(1, 20000) i";
    let spec = read(text);
    let ran = run_with(&spec, &target, &config, &CancellationToken::new()).await;
    assert_eq!((ran.cap(), ran.rows().len()), (Some(OutputCap::Rows { kept: 1_000 }), 1_000), "{}", ran.stderr());
    assert_eq!((ran.result.outcome, ran.result.truncated, ran.result.rows), (Outcome::Succeeded, true, Some(20_000)));
    let full = ran.result.full.unwrap();
    assert_eq!((full.rows, full.complete), (20_000, true));
    let csv = whole(&config, &spec, &full);
    assert!(
        csv.starts_with("i,e,q,s,x\n1,,\"a,\"\"b\"\"\n\",hunter2-1,\u{1b}\n2,\"\",\"a,"),
        "NULL is nothing: {}",
        &csv[..80]
    );
    assert!(csv.contains("\n17,,\"a,\"\"b\"\"\n\",[secret],") && !csv.contains("hunter2-17"), "a secret stays one");
}

/// Who stores the output shares the task of the run: the rows of a fast server must not keep it from its turn until they end.
#[tokio::test]
async fn who_looks_on_sees_the_first_rows_before_the_rest_is_read() {
    let db = Db::new().await;
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    let spec = read("select generate_series(1, 200000) as i");
    let (sink, mut chunks) = OutputSink::channel(64);
    let (target, cancel) = (db.ro(), CancellationToken::new());
    let run = farol_engine::run(&spec, &target, &config, sink, &cancel);
    let file = farol_engine::result_file(&config.results, spec.attempt);
    let (result, seen) = tokio::join!(run, async {
        let mut seen = 0;
        while let Some(chunk) = chunks.recv().await {
            // There is a file once the output is cut.
            if let OutputContent::Rows { rows } = &chunk
                && !file.exists()
            {
                seen += rows.len();
            }
        }
        seen
    });
    assert_eq!(result.full.map(|full| full.rows), Some(200_000));
    assert!(seen >= 200, "{seen}");
}

#[tokio::test]
async fn a_result_that_never_ends_fills_its_file_and_is_stopped() {
    let mut db = Db::new().await;
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    config.limits.result_bytes = 1 << 20;
    let spec = read("select generate_series(1, 2000000000) as i, repeat('x', 10)");
    let ran = run_with(&spec, &db.ro(), &config, &CancellationToken::new()).await;
    assert_eq!((ran.result.outcome, ran.result.truncated), (Outcome::Succeeded, true));
    let full = ran.result.full.unwrap();
    assert!(!full.complete && full.bytes >= 1 << 20 && full.bytes < 2 << 20, "{full:?}");
    assert_eq!(whole(&config, &spec, &full).lines().count() as u64, full.rows + 1);
    while db.backends(&spec.attempt.to_string()).await > 0 {}
}

/// The file of a result that broke off says so, or half a table would pass for the whole.
#[tokio::test]
async fn a_result_that_breaks_off_is_not_said_to_be_whole() {
    let db = Db::new().await;
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    let spec = read("select i, 1 / (15000 - i) from generate_series(1, 20000) i");
    let ran = run_with(&spec, &db.ro(), &config, &CancellationToken::new()).await;
    assert_eq!((ran.result.outcome, ran.rows().len()), (Outcome::Failed, 1_000), "{}", ran.stderr());
    let full = ran.result.full.unwrap();
    assert!(!full.complete && full.rows > 1_000 && full.rows < 15_000, "{full:?}");
}

/// What was shown within a second is worth having: the rest was cut, and nothing failed.
#[tokio::test]
async fn a_result_that_runs_out_of_time_keeps_what_came() {
    let db = Db::new().await;
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    let mut spec = read("select i, case when i > 5000 then pg_sleep(0.2) end from generate_series(1, 20000) i");
    spec.timeout_seconds = 1;
    let ran = run_with(&spec, &db.ro(), &config, &CancellationToken::new()).await;
    assert_eq!((ran.result.outcome, ran.rows().len()), (Outcome::Succeeded, 1_000), "{}", ran.stderr());
    assert!(!ran.result.full.unwrap().complete);
}
