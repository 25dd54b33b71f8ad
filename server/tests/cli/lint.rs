use std::fs;

use serde_json::{Value, json};

use crate::{BROKEN, farol, printed};

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
