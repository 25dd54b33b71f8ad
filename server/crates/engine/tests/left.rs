//! What attempts leave for later steps: variables, what came out, and the folder.

mod common;

use common::{Ran, config, database, read, run, run_with, script, shell};
use farol_api::capture::Withheld;
use farol_api::event::{FailureCode, Outcome};
use farol_api::target::DatabaseKind;
use farol_engine::secret::SecretText;
use farol_incident::spec::AttemptSpec;
use farol_testkit::SqliteFile;
use tokio_util::sync::CancellationToken;

fn keeping(text: &str, variables: &[&str]) -> AttemptSpec {
    let mut spec = script(text);
    spec.asked.variables = variables.iter().map(|name| (*name).to_owned()).collect();
    spec
}

fn captured(ran: &Ran) -> Vec<(&str, Option<&str>)> {
    ran.result.captured.iter().map(|one| (one.name.as_str(), one.value.as_deref())).collect()
}

#[tokio::test]
async fn a_script_that_ends_well_leaves_the_variables_that_were_asked_for() {
    let text = "COPY=$(printf 'two\\nlines')\nexport B=\"it's\"\nC=other\necho ran";
    let ran = run(&keeping(text, &["COPY", "B", "UNSET", "PATH"]), &shell()).await;
    assert_eq!(ran.result.outcome, Outcome::Succeeded, "{}", ran.stderr());
    assert_eq!((ran.stdout().as_str(), ran.stderr().as_str()), ("ran\n", ""));
    assert_eq!(captured(&ran), [("COPY", Some("two\nlines")), ("B", Some("it's"))]);
    assert_eq!(ran.result.directory, None, "it began and ended in the workspace");
}

#[tokio::test]
async fn a_script_that_traces_itself_shows_nothing_but_its_own_lines() {
    let ran = run(&keeping("set -x; A=1; echo out", &["A"]), &shell()).await;
    assert_eq!((ran.stdout().as_str(), ran.stderr().as_str()), ("out\n", "+ A=1\n+ echo out\n"));
    assert_eq!(captured(&ran), [("A", Some("1"))]);
}

/// A step that goes through `"${list[@]}"` would take the first element for all of them.
#[tokio::test]
async fn an_array_is_not_kept_and_says_so() {
    let text = "list=(x y); declare -A map=([k]=v); declare -ax none=(); declare -r plain=1; declare -i count=2";
    let ran = run(&keeping(text, &["list", "map", "none", "plain", "count", "UNSET"]), &shell()).await;
    let kept = [("list", None), ("map", None), ("none", None), ("plain", Some("1")), ("count", Some("2"))];
    assert_eq!((captured(&ran), ran.stderr().as_str()), (kept.to_vec(), ""));
    assert!(ran.result.captured[..3].iter().all(|one| one.withheld == Some(Withheld::NotText)));
}

#[tokio::test]
async fn a_script_that_fails_is_stopped_or_ends_by_itself_leaves_nothing() {
    for (text, code) in [("A=1; false", 1), ("A=1; exit 3", 3), ("A=1; echo $NOT_SET", 1), ("A=1; exec true", 0)] {
        let ran = run(&keeping(text, &["A"]), &shell()).await;
        assert_eq!((ran.result.exit_code, captured(&ran)), (Some(code), vec![]), "{text}");
        assert_eq!(ran.result.directory, None, "{text}");
    }
    let ran =
        run(&keeping("(A=inner); A=outer; bash -c 'A=child'; env | grep -c BASH_ENV || true", &["A"]), &shell()).await;
    assert_eq!(captured(&ran), [("A", Some("outer"))], "{}", ran.stderr());
    assert_eq!(ran.stdout(), "0\n", "what the script starts does not read those lines again");
}

#[tokio::test]
async fn what_a_script_says_it_leaves_cannot_pass_for_another_and_has_bounds() {
    // The descriptor is open for whoever looks for it; only names that were asked for count.
    let text = "for fd in /proc/self/fd/*; do [[ $(readlink $fd) == *left* ]] && printf 'EVIL\\0x\\0' > $fd && echo found; done 2>/dev/null; A=mine";
    let ran = run(&keeping(text, &["A"]), &shell()).await;
    assert_eq!((ran.stdout().as_str(), captured(&ran)), ("found\n", vec![("A", Some("mine"))]), "{}", ran.stderr());
    let ran = run(&keeping("A=$(head -c 300000 /dev/zero | tr '\\0' x); B=after", &["A", "B"]), &shell()).await;
    assert_eq!(captured(&ran), [("A", None), ("B", None)]);
    assert!(ran.result.captured.iter().all(|one| one.withheld == Some(Withheld::TooLong)));
}

#[tokio::test]
async fn a_value_that_holds_a_secret_is_not_kept_and_says_so() {
    let mut target = shell();
    target.secrets = vec![SecretText("hunter22-of-the-shop".into())];
    let mut spec = keeping("A=\"x hunter22-of-the-shop y\"; echo hunter22-of-the-shop", &["A"]);
    spec.asked.results = vec!["out".into()];
    let ran = run(&spec, &target).await;
    assert_eq!(captured(&ran), [("A", None), ("out", None)]);
    assert!(ran.result.captured.iter().all(|one| one.withheld == Some(Withheld::Secret)));
}

#[tokio::test]
async fn what_comes_out_as_a_secret_is_not_shown() {
    let mut spec = script("printf 'tr0ub4dor'; sleep 0.1; printf '4-of-the-shop\\n'; echo seen >&2");
    spec.asked.results = vec!["api_key".into()];
    spec.secrets = vec!["api_key".into()];
    let ran = run(&spec, &shell()).await;
    assert_eq!((ran.stdout().as_str(), ran.stderr().as_str()), ("[secret]\n", "seen\n"));
    assert_eq!(ran.result.captured[0].withheld, Some(Withheld::Sealed));

    let file = SqliteFile::with(
        "create table t (id integer primary key, key text); insert into t values (7, 'tr0ub4dor'), (8, 'of-the-shop'), (9, null);",
    )
    .await;
    let mut spec = read("select id, key from t order by id");
    spec.asked.results = vec!["id".into(), "api_key".into()];
    spec.secrets = vec!["api_key".into()];
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    config.limits.rows = 1;
    let ran = run_with(&spec, &database(DatabaseKind::Sqlite, &file.url()), &config, &CancellationToken::new()).await;
    assert_eq!(ran.rows(), [[Some("7".to_owned()), Some("[secret]".to_owned())]]);
    assert_eq!(captured(&ran), [("id", Some("7")), ("api_key", None)]);
    // Nor in the file with the whole result.
    let whole = common::whole(&config, &spec, ran.result.full.as_ref().unwrap());
    assert!(whole.contains("8,[secret]") && !whole.contains("shop"), "{whole}");
}

#[tokio::test]
async fn a_script_begins_where_the_one_before_it_ended() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    let run = async |spec: &AttemptSpec| run_with(spec, &shell(), &config, &CancellationToken::new()).await;
    let ran = run(&script("mkdir -p copies/new; cd copies/new; echo x > here")).await;
    assert_eq!(ran.result.directory.as_deref(), Some("copies/new"));
    let mut next = script("cat here; cd /");
    next.asked.directory = ran.result.directory;
    let ran = run(&next).await;
    assert_eq!((ran.stdout().as_str(), ran.result.directory.as_deref()), ("x\n", Some("/")));
    next.text = "cd ../..".into();
    assert_eq!(run(&next).await.result.directory.as_deref(), Some("."));
    next.asked.directory = Some("gone".into());
    let ran = run(&next).await;
    assert_eq!(ran.result.failure, Some(FailureCode::RunnerFailed));
    assert!(ran.stderr().contains("Nothing ran"), "{}", ran.stderr());
    assert_eq!(ran.result.directory.as_deref(), Some("."), "or every later script would be refused too");
}

/// The folder was told as it was found; what has taken its name since may lead anywhere.
#[tokio::test]
async fn a_script_does_not_begin_where_a_link_has_taken_the_folders_place() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    let run = async |spec: &AttemptSpec| run_with(spec, &shell(), &config, &CancellationToken::new()).await;
    let ran = run(&script("mkdir -p copies elsewhere; cd copies")).await;
    let mut next = script("cd ..; rmdir copies; ln -s elsewhere copies");
    next.asked.directory = ran.result.directory;
    assert_eq!(run(&next).await.result.outcome, Outcome::Succeeded);
    next.text = "touch here".into();
    let ran = run(&next).await;
    assert_eq!(ran.result.failure, Some(FailureCode::RunnerFailed), "{}", ran.stderr());
    assert!(ran.stderr().contains("Nothing ran"), "{}", ran.stderr());
    assert_eq!(ran.result.directory.as_deref(), Some("."));
}

#[tokio::test]
async fn a_script_may_use_any_descriptor() {
    let ran = run(&keeping("A=1; exec 3>&1 4>out; echo x >&4; exec 4>&-; cat out", &["A"]), &shell()).await;
    assert_eq!((ran.stdout().as_str(), captured(&ran)), ("x\n", vec![("A", Some("1"))]));
    let ran = run(&keeping("A=zz; exec 3>&2 4>&2 5>&2", &["A"]), &shell()).await;
    assert_eq!((ran.stderr().as_str(), captured(&ran)), ("", vec![("A", Some("zz"))]));
}

#[tokio::test]
async fn a_statement_leaves_the_columns_of_its_first_row() {
    let file = SqliteFile::with(
        "create table t (id integer primary key, name text); insert into t values (7, null), (8, 'x');",
    )
    .await;
    let target = database(DatabaseKind::Sqlite, &file.url());
    let mut spec = read("select id, name from t order by id");
    spec.asked.results = vec!["id".into(), "name".into()];
    let ran = run(&spec, &target).await;
    assert_eq!(captured(&ran), [("id", Some("7")), ("name", None)]);
    let mut none = read("select id from t where id = 99");
    none.asked.results = vec!["id".into()];
    none.asked.expected = Some("99".into());
    let ran = run(&none, &target).await;
    assert_eq!(ran.result.captured[0].withheld, Some(Withheld::Nothing));
    assert_eq!(ran.result.expected_seen, Some(false));
}
