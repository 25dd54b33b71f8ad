use farol_api::front_matter::MatchOperator;
use farol_api::runbook::{Diagnostic, ParameterKind, Runbook};

use crate::parse;

const BODY: &str = "\n# Locks\n\n```sql\nSELECT pg_cancel_backend(<pid>);\n```\n";

fn with(front: &str) -> Runbook {
    parse(&format!("---\n{front}---\n{BODY}"), None)
}

fn said(runbook: &Runbook) -> Vec<(&str, &str, usize)> {
    let ours = |d: &&Diagnostic| d.code.starts_with("front-matter") || d.code == "unused-parameter";
    runbook.diagnostics.iter().filter(ours).map(|d| (d.code.as_str(), d.message.en.as_str(), d.line)).collect()
}

#[test]
fn all_keys_are_read_into_types() {
    let runbook = with(
        "title: Locks\nowner: DBA\nseverity: SEV2\nrto: 2h\nrpo: 5m\nservices: shop\ntargets: [a, b]\nreview-by: 2027-06-30\n\
         alerts:\n- Lag\n- alertname: Down\n  severity: page\n- 'job=\"x\", team!~\"a|b\"'\n\
         parameters:\n- name: <pid>\n  type: number\n  default: 42\n  pattern: '[0-9]+'\n  description: The backend\n",
    );
    assert_eq!(said(&runbook), []);
    let front = runbook.front_matter.as_ref().unwrap();
    assert_eq!((front.rto_seconds, front.rpo_seconds), (Some(7200), Some(300)));
    assert_eq!((front.services.join(","), front.targets.join(",")), ("shop".into(), "a,b".into()));
    assert_eq!(front.review_by.unwrap().to_string(), "2027-06-30");
    let operators: Vec<_> = front.alerts.iter().map(|a| a.matchers.last().unwrap().operator).collect();
    assert_eq!(operators, [MatchOperator::Equal, MatchOperator::Equal, MatchOperator::NotMatches]);
    let alerts: Vec<_> = runbook.alerts.iter().map(|a| (a.name.as_str(), a.line)).collect();
    assert_eq!(alerts, [("Lag", 11), ("Down", 12)], "those that have a name");
    let pid = &runbook.parameters[0];
    assert_eq!((pid.kind, pid.default.as_deref()), (ParameterKind::Number, Some("42")));
    assert_eq!((pid.pattern.as_deref(), pid.description.as_deref()), (Some("[0-9]+"), Some("The backend")));
    assert!(!runbook.diagnostics.iter().any(|d| d.code == "placeholder-unfilled"), "it has a default");
}

#[test]
fn a_secret_has_no_default_and_stays_hidden() {
    let runbook = with("parameters:\n- {name: pid, secret: true, default: hunter2}\n");
    assert_eq!(said(&runbook), [("front-matter", "Front matter: a secret has no default.", 3)]);
    assert!(runbook.parameters[0].secret && runbook.parameters[0].default.is_none());
    assert!(!serde_json::to_string(&runbook.parameters).unwrap().contains("hunter2"));
}

#[test]
fn what_is_not_understood_is_said_with_its_line_and_the_rest_is_kept() {
    let runbook = with("owner: DBA\nrto: soon\nparameters:\n- name: ghost\n- nothing\n");
    assert_eq!(runbook.front_matter.as_ref().unwrap().owner.as_deref(), Some("DBA"));
    assert_eq!(
        said(&runbook),
        [
            ("front-matter", "Front matter: rto: soon (expected: a duration such as 30s or 5m).", 3),
            ("unused-parameter", "No step uses the parameter ghost.", 5),
            ("front-matter", "Front matter: a parameter without a name.", 6),
        ]
    );
}

#[test]
fn broken_yaml_costs_only_itself() {
    let runbook = with("owner: DBA\nrto: 2h: x\n");
    let found = said(&runbook);
    assert_eq!((found.len(), found[0].0, found[0].2), (1, "front-matter", 3), "{found:?}");
    assert!(runbook.front_matter.is_none() && runbook.parameters.len() == 1);
    assert_eq!(runbook.metadata[0].value, "DBA", "what can be read line by line still is");
}

#[test]
fn keys_of_other_tools_are_left_alone_and_near_misses_are_not() {
    let runbook = with("tags: [a]\nrepo: x\nlayout: page\nowners: DBA\n");
    assert_eq!(said(&runbook), [("front-matter-key", "This key is not read: owners; owner was perhaps meant.", 5)]);
    let fix = runbook.diagnostics.iter().find_map(|d| d.fix.as_ref()).unwrap();
    assert_eq!((fix.replacement.as_str(), fix.sure), ("owner", false));
}

#[test]
fn toml_is_said_and_lists_are_no_front_matter() {
    let toml = parse("+++\ntitle = \"x\"\n+++\n\n# A\n", None);
    assert_eq!(said(&toml)[0].2, 1);
    assert_eq!(said(&with("- a\n- b\n"))[0].0, "front-matter");
    assert_eq!(said(&parse("# A\n\n1. See\n", None)), []);
}
