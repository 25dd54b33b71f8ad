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
fn links_into_another_file_are_followed_to_their_section() {
    let folder = tempfile::tempdir().unwrap();
    let links = ["", "#promote", "#Promote", "#a%C3%A7%C3%A3o", "#the-old-one", "#L3", "#promota", "#gone"];
    let links: String = links.iter().map(|anchor| format!("1. See [it](fail%20over.MD{anchor})\n")).collect();
    fs::write(folder.path().join("web.md"), format!("# Web\n\n{links}")).unwrap();
    let other = "# Failover\n\n## Promote\n\n1. Call\n\n## Ação\n\n<a name=\"the-old-one\"></a>\n";
    fs::write(folder.path().join("fail over.MD"), other).unwrap();
    let text = printed(&farol(folder.path(), &["lint", "web.md"]));
    let broken: Vec<_> = text.lines().filter(|line| line.contains("broken-")).collect();
    assert_eq!(broken.len(), 2, "{text}");
    for (line, anchor) in broken.iter().zip(["promota", "gone"]) {
        let said = format!("warning[broken-section-link]: fail%20over.MD#{anchor} leads to no section of that file.");
        assert!(line.ends_with(&said), "{line}");
    }
    let sarif: Value =
        serde_json::from_slice(&farol(folder.path(), &["lint", "--format", "sarif", "web.md"]).stdout).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let near = results.iter().find(|result| result["ruleId"] == "broken-section-link").unwrap();
    let replacement = &near["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["insertedContent"]["text"], "fail%20over.MD#promote");
}

#[test]
fn a_folder_is_looked_through_whatever_the_case_of_the_ending_and_links_to_files_are_followed() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for below in ["wiki/sub", "wiki/.git", "wiki/node_modules/x", "elsewhere"] {
        fs::create_dir_all(at(below)).unwrap();
    }
    fs::write(at("wiki/node_modules/x/README.md"), "# Other people's\n").unwrap();
    for name in ["wiki/a.MD", "wiki/sub/b.Markdown", "wiki/.git/c.md", "elsewhere/d.md", "elsewhere/e.md"] {
        fs::write(at(name), "# One\n\n1. Look\n").unwrap();
    }
    std::os::unix::fs::symlink("../elsewhere/d.md", at("wiki/d.md")).unwrap();
    std::os::unix::fs::symlink("a.MD", at("wiki/again.md")).unwrap();
    std::os::unix::fs::symlink("../elsewhere", at("wiki/else")).unwrap();
    let lint = farol(folder.path(), &["lint", "wiki"]);
    assert!(printed(&lint).ends_with("3 files, 0 errors, 0 warnings\n"), "each once: {}", printed(&lint));
    assert!(complained(&lint).contains("wiki/else: is a link to a folder, and was not followed"));
    assert_eq!(lint.status.code(), Some(0), "{}", complained(&lint));
    std::os::unix::fs::symlink("nowhere.md", at("wiki/sub/z.md")).unwrap();
    let lint = farol(folder.path(), &["lint", "--lang", "pt-BR", "wiki"]);
    assert!(complained(&lint).contains("wiki/sub/z.md: não pode ser lido: não existe"), "{}", complained(&lint));
    assert_eq!(lint.status.code(), Some(2));
}

#[test]
fn one_is_not_counted_as_many() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.md"), "# A\n\n```sql {id=x}\nselect 1;\n```\n\n```sql {id=x}\nselect 2;\n```\n")
        .unwrap();
    for (language, said) in [("en", "1 file, 1 error, 0 warnings\n"), ("pt-BR", "1 arquivo, 1 erro, 0 avisos\n")] {
        let text = printed(&farol(folder.path(), &["lint", "--lang", language, "a.md"]));
        assert!(text.ends_with(said), "{text}");
    }
}

#[test]
fn a_path_in_sarif_is_a_uri_whatever_bytes_it_has() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().canonicalize().unwrap().join(OsStr::from_bytes(b"fila \xe7.md"));
    fs::write(&path, BROKEN).unwrap();
    let lint = Command::new(env!("CARGO_BIN_EXE_farol"))
        .args(["lint", "--format", "sarif"])
        .arg(&path)
        .current_dir(folder.path())
        .output()
        .unwrap();
    let sarif: Value = serde_json::from_slice(&lint.stdout).unwrap();
    let uri = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    let uri = uri.as_str().unwrap();
    assert!(uri.starts_with("file:///") && uri.ends_with("/fila%20%E7.md"), "{uri}");
    let walked = printed(&farol(folder.path(), &["lint", "."]));
    assert!(walked.contains("unclosed-fence"), "{walked}");
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
