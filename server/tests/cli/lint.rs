use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::{BROKEN, complained, farol, printed};

#[test]
fn one_finding_in_three_formats_and_two_languages() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("fila 1.md"), BROKEN).unwrap();
    let text = printed(&farol(folder.path(), &["lint", "--lang", "pt-BR", "."]));
    assert!(text.contains("fila 1.md:5: warning[unclosed-fence]: Este bloco de código não é fechado"), "{text}");

    let lines = printed(&farol(folder.path(), &["lint", "--format", "json", "fila 1.md"]));
    let found: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(found.iter().any(|found| found["code"] == "unclosed-fence" && found["path"] == "fila 1.md"), "{lines}");

    let sarif = farol(folder.path(), &["lint", "--format", "sarif", "fila 1.md"]);
    let sarif: Value = serde_json::from_slice(&sarif.stdout).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let result = results.iter().find(|result| result["ruleId"] == "unclosed-fence").unwrap();
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!((&place["artifactLocation"]["uri"], &place["region"]["startLine"]), (&json!("fila%201.md"), &json!(5)));
    assert!(result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"].is_string());
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    for result in results {
        assert!(rules.iter().any(|rule| rule["id"] == result["ruleId"]), "{result}");
    }
}

/// One runbook with one fault of each kind that only the command line can see.
const OVERDUE: &str = "---\nreview_by: 2020-01-31\nparameters:\n  - {name: pid, pattern: '[0-9'}\n---\n\n# Fila\n\n\
    1. Veja [o outro](fila-failovr.md) e [este](fila-failover.md)\n\n```bash {tiemout=30s}\nrm -rf /srv/fila/<pid>\n```\n";

#[test]
fn the_day_the_folder_the_risk_and_the_patterns_are_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("fila.md"), OVERDUE).unwrap();
    fs::write(folder.path().join("fila-failover.md"), "# Failover\n\n1. Call\n").unwrap();
    let lint = farol(folder.path(), &["lint", "."]);
    let text = printed(&lint);
    for code in [
        "fila.md:2: warning[stale-review]",
        "fila.md:4: error[invalid-pattern]",
        "fila.md:9: warning[broken-runbook-link]: fila-failovr.md leads",
        "fila.md:11: warning[unknown-attribute]: The attribute tiemout",
        "fila.md:12: warning[destructive-without-verification]",
    ] {
        assert!(text.contains(code), "{code} is missing: {text}");
    }
    assert_eq!((text.matches("broken-runbook-link").count(), lint.status.code()), (1, Some(1)));
}

#[test]
fn sarif_has_the_shape_that_the_standard_wants() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("fila.md"), OVERDUE).unwrap();
    let sarif: Value =
        serde_json::from_slice(&farol(folder.path(), &["lint", "--format", "sarif", "."]).stdout).unwrap();
    assert_eq!(sarif["$schema"].as_str().map(|s| s.contains("sarif-2.1.0")), Some(true));
    let run = &sarif["runs"][0];
    assert_eq!(
        (run["tool"]["driver"]["name"].as_str(), run["columnKind"].as_str()),
        (Some("farol"), Some("utf16CodeUnits"))
    );
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for rule in rules {
        assert!(
            rule["id"].is_string() && rule["shortDescription"]["text"].is_string() && rule["help"]["text"].is_string()
        );
        assert!(["error", "warning", "note"].contains(&rule["defaultConfiguration"]["level"].as_str().unwrap()));
    }
    let region = |region: &Value| {
        let number = |key: &str| region[key].as_u64().unwrap();
        let (from, to) = ((number("startLine"), number("startColumn")), (number("endLine"), number("endColumn")));
        assert!(from.0 >= 1 && from.1 >= 1 && from <= to, "{region}");
    };
    let results = run["results"].as_array().unwrap();
    assert!(results.len() >= 4);
    for result in results {
        assert!(rules.iter().any(|rule| rule["id"] == result["ruleId"]), "{result}");
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()));
        region(&result["locations"][0]["physicalLocation"]["region"]);
        for fix in result["fixes"].as_array().into_iter().flatten() {
            assert!(fix["description"]["text"].is_string());
            let replacement = &fix["artifactChanges"][0]["replacements"][0];
            region(&replacement["deletedRegion"]);
            assert!(replacement["insertedContent"]["text"].is_string());
        }
    }
    let fixed = results.iter().find(|result| result["ruleId"] == "unknown-attribute").unwrap();
    let replacement = &fixed["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["insertedContent"]["text"], "timeout");
    assert_eq!(
        replacement["deletedRegion"],
        json!({ "startLine": 11, "startColumn": 10, "endLine": 11, "endColumn": 17 })
    );
}

#[test]
fn what_a_stranger_does_wrong_gets_a_sentence_and_exit_code_2() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("empty")).unwrap();
    fs::write(folder.path().join("binary.md"), b"\x7fELF\0\x01").unwrap();
    fs::write(folder.path().join("latin1.md"), b"# A\xe7\xe3o\n").unwrap();
    fs::write(folder.path().join("good.md"), "# Good\n\n```sql\nselect 1;\n```\n").unwrap();
    for (arguments, sentence) in [
        (["lint", "missing.md"], "missing.md: cannot be read"),
        (["lint", "binary.md"], "binary.md: holds NUL bytes"),
        (["lint", "latin1.md"], "latin1.md: is not UTF-8 at line 1"),
        (["lint", "empty"], "empty: holds no file"),
        (["fix", "empty"], "empty: holds no file"),
        (["fix", "missing.md"], "missing.md: cannot be read"),
    ] {
        let output = farol(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(complained(&output).contains(sentence), "{arguments:?}: {}", complained(&output));
    }
    let both = farol(folder.path(), &["lint", "good.md", "missing.md"]);
    assert!(printed(&both).contains("2 files, 0 errors"), "the rest is done: {}", printed(&both));
}

#[test]
fn standard_input_is_read_and_a_closed_pipe_is_no_crash() {
    let folder = tempfile::tempdir().unwrap();
    let with_input = |text: &str| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_farol"))
            .args(["lint", "-"])
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        child
    };
    let read = with_input(BROKEN).wait_with_output().unwrap();
    assert!(printed(&read).contains("-:5: warning[unclosed-fence]"), "{}", printed(&read));
    let mut child = with_input(&format!("# Many\n\n{}", "1. Restart the server\n".repeat(2000)));
    drop(child.stdout.take());
    let left = child.wait_with_output().unwrap();
    assert!(
        left.status.code().is_some_and(|code| code < 2) && !complained(&left).contains("panicked"),
        "{}",
        complained(&left)
    );
}
