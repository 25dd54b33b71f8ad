//! Things that come in twos and must not drift apart: the migrations of both stores, the words of both languages.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::workspace::Workspace;

const MIGRATIONS: [&str; 2] = ["migrations/sqlite", "migrations/postgres"];
const LOCALES: [&str; 2] = ["web/locales/en.json", "web/locales/pt-BR.json"];

pub fn problems(workspace: &Workspace) -> Result<Vec<String>> {
    let [sqlite, postgres] = MIGRATIONS.map(|folder| stems(workspace, folder));
    let mut problems = differences("a migration", MIGRATIONS, &sqlite?, &postgres?);
    let [english, portuguese] = LOCALES.map(|file| words(workspace, file));
    problems.extend(judge_words(&english?, &portuguese?));
    Ok(problems)
}

fn stems(workspace: &Workspace, folder: &str) -> Result<BTreeSet<String>> {
    let mut stems = BTreeSet::new();
    for entry in fs::read_dir(workspace.path(folder)).with_context(|| folder.to_owned())? {
        let path = entry?.path();
        stems.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    }
    Ok(stems)
}

/// The texts of a locale file, by their dotted key.
fn words(workspace: &Workspace, file: &str) -> Result<BTreeMap<String, String>> {
    let text = fs::read_to_string(workspace.path(file)).with_context(|| file.to_owned())?;
    let mut words = BTreeMap::new();
    flatten("", &serde_json::from_str(&text).with_context(|| file.to_owned())?, &mut words);
    Ok(words)
}

fn flatten(prefix: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
                flatten(&key, value, into);
            }
        }
        Value::String(text) => {
            into.insert(prefix.to_owned(), text.clone());
        }
        other => {
            into.insert(prefix.to_owned(), other.to_string());
        }
    }
}

fn judge_words(english: &BTreeMap<String, String>, portuguese: &BTreeMap<String, String>) -> Vec<String> {
    let keys = |words: &BTreeMap<String, String>| words.keys().cloned().collect();
    let mut problems = differences("the text", LOCALES, &keys(english), &keys(portuguese));
    for (key, text) in english {
        let Some(other) = portuguese.get(key) else { continue };
        if text.trim().is_empty() || other.trim().is_empty() {
            problems.push(format!("the text {key} is empty"));
        }
        if variables(text) != variables(other) {
            problems.push(format!("the text {key} takes other variables in {} than in {}", LOCALES[0], LOCALES[1]));
        }
    }
    problems
}

/// The names between double braces.
fn variables(text: &str) -> BTreeSet<&str> {
    text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}")).map(|(name, _)| name.trim()).collect()
}

fn differences(what: &str, places: [&str; 2], one: &BTreeSet<String>, other: &BTreeSet<String>) -> Vec<String> {
    let missing = |name: &String, here: &str, there: &str| format!("{what} {name} is in {here} and not in {there}");
    let mut problems: Vec<String> = one.difference(other).map(|name| missing(name, places[0], places[1])).collect();
    problems.extend(other.difference(one).map(|name| missing(name, places[1], places[0])));
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locale(json: &str) -> BTreeMap<String, String> {
        let mut words = BTreeMap::new();
        flatten("", &serde_json::from_str(json).unwrap(), &mut words);
        words
    }

    #[test]
    fn equal_twins_pass() {
        let words = locale(r#"{"room": {"run": "Run {{ step }}"}}"#);
        assert_eq!(judge_words(&words, &locale(r#"{"room": {"run": "Executar {{step}}"}}"#)), Vec::<String>::new());
    }

    #[test]
    fn a_key_on_one_side_only_fails() {
        let both = locale(r#"{"room": {"run": "Run", "stop": "Stop"}}"#);
        let one = locale(r#"{"room": {"run": "Run"}}"#);
        assert_eq!(
            judge_words(&both, &one),
            ["the text room.stop is in web/locales/en.json and not in web/locales/pt-BR.json"]
        );
        assert_eq!(judge_words(&one, &both).len(), 1);
    }

    #[test]
    fn an_empty_text_and_a_lost_variable_fail() {
        let words = locale(r#"{"run": "Run {{ step }}"}"#);
        assert_eq!(judge_words(&words, &locale(r#"{"run": "Executar"}"#)).len(), 1);
        assert_eq!(judge_words(&locale(r#"{"run": "Run"}"#), &locale(r#"{"run": " "}"#)).len(), 1);
    }

    #[test]
    fn a_migration_on_one_side_only_fails() {
        let house = tempfile::tempdir().unwrap();
        for file in ["sqlite/0001_start.sql", "sqlite/0002_more.sql", "postgres/0001_start.sql"] {
            let file = house.path().join("migrations").join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "").unwrap();
        }
        let workspace = Workspace::at(house.path());
        let [sqlite, postgres] = MIGRATIONS.map(|folder| stems(&workspace, folder).unwrap());
        assert_eq!(differences("a migration", MIGRATIONS, &sqlite, &postgres).len(), 1);
    }
}
