//! Who wrote the texts of files: the people of the commits since the text that the library had before.
//!
//! A commit's people are its author, its committer and whom it thanks as co-authors, by the addresses in it and those that
//! the repository's `.mailmap` puts in their place. Git believes what it is told, so these are claims.

use std::collections::{HashMap, HashSet};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use farol_api::editors::Untold;
use farol_store::Writers;

use super::git::{self, Entry, Mute, Repository};

/// The most people that one text is said to be by.
const MOST: usize = 200;
/// The longest address.
const LONGEST: usize = 320;
/// Who commits where somebody presses a button there: no person.
const NOBODY: &str = "noreply@github.com";

/// A text of which the writers are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// Where its file is.
    pub place: &'a Path,
    /// The text.
    pub text: &'a str,
    /// What the library had of the runbook before.
    pub earlier: &'a [Vec<u8>],
}

/// Tells who wrote each text. It may take seconds.
pub fn of(questions: &[Question<'_>]) -> Vec<Writers> {
    let mut answers = vec![Writers::Untold(Untold::NoHistory); questions.len()];
    let mut roots: HashMap<&Path, Option<PathBuf>> = HashMap::new();
    let mut repositories: HashMap<PathBuf, Vec<usize>> = HashMap::new();
    for (at, question) in questions.iter().enumerate() {
        let Some(folder) = question.place.parent() else { continue };
        if let Some(root) = roots.entry(folder).or_insert_with(|| git::root_of(question.place)) {
            repositories.entry(root.clone()).or_default().push(at);
        }
    }
    for (root, asked) in repositories {
        let told = in_repository(&root, asked.iter().map(|at| questions[*at]).collect());
        asked.into_iter().zip(told).for_each(|(at, writers)| answers[at] = writers);
    }
    answers
}

fn in_repository(root: &Path, questions: Vec<Question<'_>>) -> Vec<Writers> {
    let asked = questions.len();
    let repository = match Repository::open(root) {
        Ok(repository) => repository,
        Err(Mute::NoCommit) => return vec![Writers::Untold(Untold::Uncommitted); asked],
        Err(error) => {
            tracing::warn!(%error, folder = %root.display(), "who wrote the runbooks of a repository cannot be told");
            return vec![Writers::Untold(Untold::Unreadable); asked];
        }
    };
    let mut lines: Vec<Line<'_>> = questions.iter().map(|question| Line::new(&repository, question)).collect();
    if let Err(error) = follow(&repository, &mut lines) {
        tracing::warn!(%error, folder = %root.display(), "the history of a repository could not be read");
        lines.iter_mut().for_each(|line| line.cut = true);
    }
    lines.into_iter().map(Line::writers).collect()
}

fn follow(repository: &Repository, lines: &mut [Line<'_>]) -> Result<(), Mute> {
    let paths: Vec<&Path> = lines.iter().map(|line| line.path).collect();
    let at: HashMap<Vec<u8>, usize> =
        paths.iter().enumerate().map(|(at, path)| (path.as_os_str().as_bytes().to_vec(), at)).collect();
    repository.files(&paths, |path, blob| {
        if let Some(at) = at.get(path) {
            lines[*at].committed(blob);
        }
    })?;
    let open: Vec<&Path> = lines.iter().filter(|line| line.goes_on()).map(|line| line.path).collect();
    if open.is_empty() {
        return Ok(());
    }
    let (mut left, mut people, mut is_end) = (open.len(), Vec::new(), false);
    repository.history(&open, |entry| {
        match entry {
            Entry::Commit(text) => (people, is_end) = commit(text, &repository.ends),
            Entry::Change(about, path) => {
                if let Some(line) = at.get(path).map(|at| &mut lines[*at])
                    && line.goes_on()
                {
                    line.change(about, &people, is_end);
                    left -= usize::from(!line.goes_on());
                }
            }
        }
        left > 0
    })
}

/// A file's way back through the history, from text to text.
struct Line<'a> {
    path: &'a Path,
    /// What `git` calls the text, and the text with the line ends that it may have been committed with.
    names: [String; 2],
    /// What it calls the texts that the library had before.
    earlier: HashSet<String>,
    /// The texts that it came to, and whether the commit that made each is still to be found.
    texts: HashMap<String, bool>,
    people: Vec<Vec<String>>,
    /// Whether the history ends before the way back does.
    cut: bool,
}

impl<'a> Line<'a> {
    fn new(repository: &Repository, question: &Question<'a>) -> Self {
        let name = |text: &[u8]| repository.blob(text);
        Self {
            path: question.place.strip_prefix(&repository.root).unwrap_or(question.place),
            names: [name(question.text.as_bytes()), name(question.text.replace("\r\n", "\n").as_bytes())],
            earlier: question.earlier.iter().map(|text| name(text)).collect(),
            texts: HashMap::new(),
            people: Vec::new(),
            cut: false,
        }
    }

    /// Takes what was committed for the text's file; the text begins there only where it is the same.
    fn committed(&mut self, blob: &str) {
        if self.names.iter().any(|name| name == blob) {
            self.texts.insert(blob.to_owned(), true);
        }
    }

    fn goes_on(&self) -> bool {
        self.texts.values().any(|open| *open)
    }

    /// Goes back over a change, where it made a text of this line.
    fn change(&mut self, about: &str, people: &[Vec<String>], is_end: bool) {
        let parents = about.len() - about.trim_start_matches(':').len();
        let mut parts = about.trim_start_matches(':').split(' ').skip(parents + 1);
        let before: Vec<&str> = parts.by_ref().take(parents).collect();
        let Some(made) = parts.next().and_then(|made| self.texts.get_mut(made)).filter(|open| **open) else { return };
        *made = false;
        if is_end {
            self.cut = true;
            return;
        }
        people.iter().for_each(|person| self.name(person));
        // Where the library had nothing before, the last who touched the text are named: of a merge, those of each side.
        if self.earlier.is_empty() && parents == 1 {
            return;
        }
        for text in before {
            if !self.earlier.contains(text) && text.bytes().any(|byte| byte != b'0') {
                self.texts.entry(text.to_owned()).or_insert(true);
            }
        }
    }

    fn name(&mut self, person: &[String]) {
        let is_known = |there: &Vec<String>| there.iter().any(|address| person.contains(address));
        if let Some(at) = self.people.iter().position(is_known) {
            let there = &mut self.people[at];
            let new: Vec<_> = person.iter().filter(|address| !there.contains(address)).cloned().collect();
            there.extend(new);
        } else if self.people.len() < MOST {
            self.people.push(person.to_vec());
        }
    }

    fn writers(self) -> Writers {
        if !self.people.is_empty() {
            Writers::Told(self.people)
        } else if self.cut || self.texts.values().any(|open| *open) {
            Writers::Untold(Untold::Unreadable)
        } else {
            Writers::Untold(Untold::Uncommitted)
        }
    }
}

/// Reads the people of a commit, and whether its clone ends there.
fn commit(text: &str, ends: &HashSet<String>) -> (Vec<Vec<String>>, bool) {
    let mut parts = text.split('\u{2}');
    let is_end = parts.next().is_some_and(|name| ends.contains(name));
    let people = parts.map(|person| {
        let mut addresses: Vec<String> = person.split('\u{3}').map(address).filter(|address| is_one(address)).collect();
        addresses.dedup();
        addresses
    });
    (people.filter(|addresses| !addresses.is_empty()).collect(), is_end)
}

/// Returns the address of `Name <address>`.
fn address(text: &str) -> String {
    let inner = text.rsplit_once('<').map_or(text, |(_, inner)| inner.split('>').next().unwrap_or_default());
    inner.trim().to_lowercase()
}

fn is_one(address: &str) -> bool {
    !address.is_empty() && address.len() <= LONGEST && address != NOBODY
}

#[cfg(test)]
mod tests;
