//! What a team adds to the tables of commands.

use farol_api::risk::{Dialect, RiskClass};
use farol_risk::{CLASSIFIER_VERSION, Table, TableFault, classify_with};

fn word(table: &Table, script: &str) -> &'static str {
    classify_with(table, Dialect::Shell, script).class.shell_word()
}

const TEAM: &str = "\
# our own tools
shopctl\tvalues\t-n --node
shopctl\tread\tstatus|list
shopctl\twrite\trestart *
shopctl\tdestructive\tpurge
shopctl\t+destructive\t--force
./deploy.sh|/opt/shop/deploy.sh\twrite
shop-psql\tsql\tpostgres -c
inside\tcommand\t* ...
remotely\tjoin\t*
kubectl\tread\tcnpg status
kubectl\twrite\tget
rm\tread
npm\twrite\trun deploy
";

#[test]
fn a_team_adds_commands_of_its_own() {
    let table = Table::extended(TEAM).expect("a table");
    for (script, wanted) in [
        ("shopctl status", "read"),
        ("shopctl -n 5 restart web", "write"),
        ("shopctl restart web --force", "destructive"),
        ("shopctl purge", "destructive"),
        ("shopctl something", "unknown"),
        ("./deploy.sh", "write"),
        ("/opt/shop/deploy.sh prod", "write"),
        ("./other.sh", "unknown"),
        ("sudo ./deploy.sh", "write"),
        ("shop-psql -c 'SELECT 1'", "read"),
        ("shop-psql -c 'DROP TABLE t'", "destructive"),
        ("shop-psql -c \"$SQL\"", "unknown"),
        ("shop-psql", "unknown"),
        ("inside web rm x", "destructive"),
        ("remotely h 'ls; rm x'", "destructive"),
        ("remotely h uptime", "read"),
    ] {
        assert_eq!(word(&table, script), wanted, "{script}");
    }
    assert_eq!(word(Table::shipped(), "shopctl status"), "unknown");
}

#[test]
fn a_team_says_more_and_never_less() {
    let table = Table::extended(TEAM).expect("a table");
    for (script, wanted) in [
        ("kubectl cnpg status", "read"),
        ("kubectl get pods", "write"),
        ("kubectl delete pod x", "destructive"),
        ("rm x", "destructive"),
        ("npm run deploy", "write"),
        ("npm run other", "unknown"),
        ("kubectl \"$VERB\" pods", "unknown"),
    ] {
        assert_eq!(word(&table, script), wanted, "{script}");
    }
    let table = Table::extended("sudo\tread\nxargs\tread\nssh\tread").expect("a table");
    for script in ["sudo rm x", "ls | xargs rm", "ssh h rm x"] {
        assert_eq!(word(&table, script), "destructive", "{script}");
    }
    assert_eq!(word(&table, "sudo ./x"), "unknown");
}

#[test]
fn a_line_that_is_not_understood_is_named() {
    let fault = |text: &str| Table::extended(text).expect_err(text);
    let error = fault("a\tread\n\nb read");
    assert_eq!((error.line, error.fault.clone()), (3, TableFault::Cells));
    assert_eq!(error.to_string(), "line 3: a line has two or three cells, split by tabs");
    for (text, wanted) in [
        ("a\tread\tb\tc", TableFault::Cells),
        ("a\tvalues", TableFault::Cells),
        ("a b\tread", TableFault::Name("a b".into())),
        ("a|\tread", TableFault::Name(String::new())),
        ("a\treads", TableFault::What("reads".into())),
        ("a\tvalues\tx", TableFault::Word("x".into())),
        ("a\tstyle\tcurly", TableFault::Word("curly".into())),
        ("a\tsql\toracle -c", TableFault::Word("oracle".into())),
        ("psql\tread", TableFault::Reserved("psql".into())),
        ("sed\tread", TableFault::Reserved("sed".into())),
        ("kubectl\tcommand\tmine ...", TableFault::Reserved("kubectl".into())),
        ("kubectl\tstyle\tlong", TableFault::Reserved("kubectl".into())),
        ("sudo\tvalues\t-Z", TableFault::Reserved("sudo".into())),
        ("git\tflags\t-C", TableFault::Word("-C".into())),
    ] {
        let error = fault(text);
        assert_eq!((error.line, error.fault), (1, wanted), "{text:?}");
    }
    assert_eq!(fault(&"#".repeat(300_000)).fault, TableFault::TooLong);
}

#[test]
fn the_version_names_the_teams_lines() {
    assert_eq!(Table::shipped().version(), CLASSIFIER_VERSION);
    let one = Table::extended("a\tread").expect("a table");
    let two = Table::extended("a\twrite").expect("a table");
    assert!(one.version().starts_with(CLASSIFIER_VERSION));
    assert_ne!(one.version(), two.version());
    assert_eq!(Table::extended("").expect("a table").version(), CLASSIFIER_VERSION);
}

#[test]
fn a_pattern_of_stars_takes_no_time() {
    let table = Table::extended(&format!("a\tread\t{}b", "*x".repeat(200))).expect("a table");
    let verdict = classify_with(&table, Dialect::Shell, &format!("a {}", "x".repeat(30_000)));
    assert_eq!(verdict.class, RiskClass::Unknown);
}
