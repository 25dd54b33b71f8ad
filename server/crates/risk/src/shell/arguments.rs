//! The words of a call as its command will read them: options, their values, and the rest.

use super::table::Command;
use super::words::Word;

/// An option of a call.
#[derive(Debug)]
pub(super) struct Given {
    /// With its dashes.
    pub name: String,
    pub value: Option<String>,
    /// Whether the table names it as an option.
    pub listed: bool,
    /// The index of the word that holds it.
    pub at: usize,
    /// The index of the word that holds its value.
    pub value_at: usize,
}

/// A call's words, sorted. Indices are those of the words after the command's name.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    pub positionals: Vec<usize>,
    pub options: Vec<Given>,
    /// Options that the table does not name: the word after one may be its value.
    pub odd: Vec<usize>,
    /// Where `--` stands.
    pub dashes: Option<usize>,
}

impl Arguments {
    /// Sorts the words after a command's name.
    pub fn sort(command: &Command, words: &[Word]) -> Self {
        let mut sorted = Self::default();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let value = word.value.as_str();
            let ended = sorted.dashes.is_some() || (command.leading && !sorted.positionals.is_empty());
            if ended || value == "-" || !value.starts_with('-') {
                sorted.positionals.push(at);
            } else if value == "--" {
                sorted.dashes = Some(at);
                sorted.push(command, value, None, at, at);
            } else if value.starts_with("--")
                || command.long
                || command.values.contains(value)
                || command.flags.contains(value)
            {
                at += sorted.whole(command, words, at);
            } else {
                at += sorted.letters(command, words, at);
            }
            at += 1;
        }
        sorted
    }

    /// Reads an option that is a whole word; returns how many more words it takes.
    fn whole(&mut self, command: &Command, words: &[Word], at: usize) -> usize {
        let word = words[at].value.as_str();
        if let Some((name, value)) = word.split_once('=') {
            self.push(command, &command.meant(name), Some(value), at, at);
            return 0;
        }
        let word = command.meant(word);
        let word = word.as_str();
        if command.values.contains(word) {
            self.push(command, word, words.get(at + 1).map(|next| next.value.as_str()), at, at + 1);
            return 1;
        }
        if !command.flags.contains(word) && !command.attached.contains(word) {
            self.odd.push(at);
        }
        self.push(command, word, None, at, at);
        0
    }

    /// Reads a word of single-letter options; returns how many more words it takes.
    fn letters(&mut self, command: &Command, words: &[Word], at: usize) -> usize {
        let word = words[at].value.as_str();
        for (index, letter) in word.char_indices().skip(1) {
            let name = format!("-{letter}");
            let rest = &word[index + letter.len_utf8()..];
            if command.values.contains(&name) {
                let next = words.get(at + 1).map(|next| next.value.as_str());
                let (value, taken) = if rest.is_empty() { (next, 1) } else { (Some(rest), 0) };
                self.push(command, &name, value, at, at + taken);
                return taken;
            }
            if command.attached.contains(&name) {
                self.push(command, &name, Some(rest), at, at);
                return 0;
            }
            if !command.flags.contains(&name) && !letter.is_ascii_digit() {
                self.odd.push(at);
            }
            self.push(command, &name, None, at, at);
        }
        0
    }

    fn push(&mut self, command: &Command, name: &str, value: Option<&str>, at: usize, value_at: usize) {
        let listed = name == "--"
            || command.values.contains(name)
            || command.flags.contains(name)
            || command.attached.contains(name);
        self.options.push(Given { name: name.to_owned(), value: value.map(str::to_owned), listed, at, value_at });
    }

    /// Tells whether an option that the table does not name stands before a word, so that the word could be its value.
    pub fn doubtful(&self, last: Option<usize>) -> Option<usize> {
        self.odd.iter().copied().find(|odd| last.is_some_and(|last| *odd < last))
    }
}
