//! How runbooks that are imported get their ids.

use std::collections::HashSet;
use std::path::Path;

use farol_api::id::RunbookId;

/// File names that say nothing about what is in them.
const BLAND: [&str; 5] = ["readme", "index", "runbook", "playbook", "procedure"];
/// Words that are addresses of pages beside runbooks.
const RESERVED: [&str; 2] = ["new", "preview"];

/// Takes a free id for a file: its name, its folder and name, its title, and one of these with a number where all are taken.
pub fn take(path: &str, title: &str, taken: &mut HashSet<RunbookId>) -> RunbookId {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let slug = |text: &str| farol_runbook::slug(text);
    let name = slug(stem.rsplit('/').next().unwrap_or_default());
    let mut two = stem.rsplitn(3, '/');
    let (last, folder) = (two.next().unwrap_or_default(), two.next().unwrap_or_default());
    let with_folder = slug(&format!("{folder} {last}"));
    let bland = BLAND.contains(&name.as_str());
    let wishes = if bland {
        [slug(folder), slug(title), with_folder, name]
    } else {
        [name, with_folder, slug(title), String::new()]
    };
    let wishes: Vec<&str> = wishes.iter().map(String::as_str).filter(|wish| !wish.is_empty()).collect();
    let base = wishes.first().copied().unwrap_or("runbook");
    let numbered = (2_u64..).map(|number| format!("{base}-{number}"));
    let mut candidates = wishes.iter().map(|wish| (*wish).to_owned()).chain(numbered);
    loop {
        let Some(wish) = candidates.next().filter(|wish| !RESERVED.contains(&wish.as_str())) else { continue };
        if let Ok(id) = wish.parse::<RunbookId>()
            && taken.insert(id.clone())
        {
            return id;
        }
    }
}

/// Makes the name of a source from that of a folder, an archive or a file.
pub fn source(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let ending = [".tar.gz", ".tgz", ".tar", ".zip"].into_iter().find(|ending| lower.ends_with(ending));
    let name = ending.map_or(name, |ending| &name[..name.len() - ending.len()]);
    let clean: String = name.chars().filter(|c| !c.is_control() && *c != '/').take(100).collect();
    if clean.trim().is_empty() { "files".to_owned() } else { clean.trim().to_owned() }
}

/// Makes the name of a source from that of a folder; with the folder around it, or a number, where another has the name.
pub fn free_source(folder: &Path, is_taken: impl Fn(&str) -> bool) -> String {
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().chars().take(40).collect();
    let own: String = name(folder);
    let around: String = folder.parent().map(name).unwrap_or_default();
    let numbered = (2_u64..).map(|number| format!("{own} {number}"));
    let wishes = [own.clone(), format!("{around} {own}")].into_iter().chain(numbered);
    wishes.map(|wish| source(&wish)).find(|wish| !is_taken(wish)).unwrap_or(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_says_what_the_file_is_and_is_nobody_elses() {
        let mut taken = HashSet::new();
        let mut take = |path: &str, title: &str| take(path, title, &mut taken).to_string();
        assert_eq!(take("db/Failover do Patroni.md", "x"), "failover-do-patroni");
        assert_eq!(take("kafka/failover-do-patroni.md", "x"), "kafka-failover-do-patroni");
        assert_eq!(take("failover-do-patroni.md", "Failover"), "failover");
        assert_eq!(take("failover-do-patroni.md", "Failover"), "failover-do-patroni-2");
        assert_eq!(take("disk-full/README.md", "x"), "disk-full");
        assert_eq!(take("README.md", "Disk is full"), "disk-is-full");
        assert_eq!(take("日本.md", "日本"), "runbook-2");
        assert_eq!(take("new.md", "new"), "new-2");
        assert_eq!(take(".md", ""), "runbook-3");
    }

    #[test]
    fn a_source_is_named_by_what_it_is() {
        assert_eq!(source("runbooks.tar.gz"), "runbooks");
        assert_eq!(source("Wiki Export.ZIP"), "Wiki Export");
        assert_eq!(source("\n"), "files");
    }
    #[test]
    fn two_folders_of_one_name_are_two_sources() {
        let mut taken: Vec<String> = Vec::new();
        for wanted in ["runbooks", "b runbooks", "runbooks 2"] {
            let folder = if taken.is_empty() { "/srv/a/runbooks" } else { "/srv/b/runbooks" };
            taken.push(free_source(Path::new(folder), |name| taken.iter().any(|other| other == name)));
            assert_eq!(taken.last().unwrap(), wanted);
        }
        let long = format!("/srv/{}", "x".repeat(300));
        assert_eq!(free_source(Path::new(&long), |name| name.ends_with('x')), format!("{} 2", "x".repeat(40)));
    }
}
