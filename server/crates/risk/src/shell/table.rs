//! The tables of commands: what each line means, and which line fits a call. `commands/README.md` has the format.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use farol_api::risk::{Dialect, RiskClass};

use super::arguments::{Arguments, Given};
use super::words::{MARK, Word};

pub(super) const SHIPPED: [&str; 11] = [
    include_str!("commands/cloud.tsv"),
    include_str!("commands/containers.tsv"),
    include_str!("commands/databases.tsv"),
    include_str!("commands/files.tsv"),
    include_str!("commands/kubernetes.tsv"),
    include_str!("commands/platforms.tsv"),
    include_str!("commands/services.tsv"),
    include_str!("commands/shell.tsv"),
    include_str!("commands/system.tsv"),
    include_str!("commands/tools.tsv"),
    include_str!("commands/wrappers.tsv"),
];

/// The shipped tables.
pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(&SHIPPED));

/// Every command that is known, by name: the tables that Farol comes with, and what a team adds to them.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub(super) commands: HashMap<String, Command>,
    /// The team's lines.
    pub(super) text: String,
}

/// What is known of one command.
#[derive(Clone, Debug, Default)]
pub(super) struct Command {
    /// Options that take the next word as their value.
    pub values: HashSet<String>,
    /// Options that take a value only where it is attached to them.
    pub attached: HashSet<String>,
    /// Options without a value that may stand before the words that decide.
    pub flags: HashSet<String>,
    /// Single-dash options are whole words, not letters.
    pub long: bool,
    /// The beginning of a long option stands for it.
    pub abbreviates: bool,
    /// `_` in the name of an option is `-`, and `--loose-` before it says nothing.
    pub underscores: bool,
    /// Upper and lower case are the same in its words.
    pub nocase: bool,
    /// `NAME=value` before the inner command sets a variable for it.
    pub assigns: bool,
    /// Options end at the first word that is none: the rest belongs to the inner command.
    pub leading: bool,
    /// Words that nobody knows are appended to the inner command.
    pub appends: bool,
    /// Options that are followed by a command up to `;` or `+`.
    pub exec: HashSet<String>,
    pub rules: Vec<Rule>,
    /// Rules that a team adds to a command that Farol comes with.
    pub team: Vec<Rule>,
}

/// One line of a table.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub verdict: Verdict,
    /// Whether it raises the class of the rule that fits, rather than being tried as that rule.
    pub raises: bool,
    /// Patterns of the words that are no options, from the first on.
    pub words: Vec<String>,
    /// Options that must be there, or must not.
    pub options: Vec<Condition>,
}

/// What a line says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Verdict {
    Class(RiskClass),
    /// What follows the matched words is a command.
    Command,
    /// What follows `--` is a command.
    CommandAfterDashes,
    /// The value of the option, or the first word after it, is a script.
    Script,
    /// The standard input is a script.
    Input,
    /// The standard input is sent to another machine, so it is unknown unless there is none.
    Sends,
    /// All that follows, joined, is a script.
    Join,
    /// The value of the option is SQL.
    Sql(Dialect),
}

/// Returns the dialect that a line about SQL names.
pub(super) fn dialect(word: &str) -> Option<Dialect> {
    match word {
        "postgres" => Some(Dialect::Postgres),
        "mysql" => Some(Dialect::Mysql),
        "sqlite" => Some(Dialect::Sqlite),
        _ => None,
    }
}

/// An option that must be there, or must not; perhaps with certain values.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    pub present: bool,
    /// Whether it is no option but a word such as `of=/dev/sda`.
    pub word: bool,
    pub name: String,
    /// Patterns of its value, and whether one of them must fit or none.
    pub values: Option<(bool, String)>,
}

/// How a rule fits.
#[derive(Debug, PartialEq)]
pub(super) enum Fit {
    No,
    /// It fits; the last word or option that it needed stands at this index.
    Yes(Option<usize>),
    /// It depends on a word that nobody knows, at this index.
    Perhaps(usize),
}

impl Table {
    /// Reads tables; a line that is not understood makes its command unknown rather than being skipped.
    pub(super) fn read(texts: &[&str]) -> Self {
        let mut table = Self::default();
        for line in texts.iter().flat_map(|text| text.lines()) {
            let mut cells = line.split('\t');
            let (Some(names), Some(what)) = (cells.next(), cells.next()) else { continue };
            if names.starts_with('#') {
                continue;
            }
            let rest: Vec<&str> = cells.next().unwrap_or("").split_whitespace().collect();
            for name in names.split('|') {
                table.commands.entry(name.to_owned()).or_default().add(what, &rest);
            }
        }
        table
    }

    pub(super) fn get(&self, name: &str) -> Option<&Command> {
        self.commands.get(name)
    }
}

impl Command {
    /// Tells whether a rule or a command inside depends on options.
    pub fn obeys_options(&self) -> bool {
        !self.exec.is_empty() || self.rules.iter().chain(&self.team).any(|rule| !rule.options.is_empty())
    }

    /// Returns the option that the command takes a word for. What could be several is an error for the command too.
    pub fn meant(&self, name: &str) -> String {
        let plain =
            if self.underscores { name.replace('_', "-").replacen("--loose-", "--", 1) } else { name.to_owned() };
        let listed = || self.values.iter().chain(&self.flags).chain(&self.attached);
        if !self.abbreviates || plain.len() < 3 || listed().any(|option| *option == plain) {
            return plain;
        }
        let mut longer = listed().filter(|option| option.starts_with(&plain));
        match (longer.next(), longer.next()) {
            (Some(one), None) => one.clone(),
            _ => plain,
        }
    }

    pub fn add(&mut self, what: &str, rest: &[&str]) {
        let words = || rest.iter().map(|word| (*word).to_owned());
        match what {
            "values" => self.values.extend(words()),
            "attached" => self.attached.extend(words()),
            "flags" => self.flags.extend(words()),
            "exec" => self.exec.extend(words()),
            // What is SQL is the option's value.
            "sql" => {
                let options = rest.iter().filter(|word| word.starts_with('-'));
                self.values.extend(options.flat_map(|word| word.split('|')).map(str::to_owned));
                self.rules.push(Rule::read(what, rest));
            }
            "style" => {
                self.long |= rest.contains(&"long");
                self.abbreviates |= rest.contains(&"abbreviates");
                self.underscores |= rest.contains(&"underscores");
                self.nocase |= rest.contains(&"nocase");
                self.assigns |= rest.contains(&"assigns");
                self.leading |= rest.contains(&"leading");
                self.appends |= rest.contains(&"appends");
            }
            _ => self.rules.push(Rule::read(what, rest)),
        }
    }
}

impl Rule {
    pub fn read(what: &str, rest: &[&str]) -> Self {
        let (raises, what) = what.strip_prefix('+').map_or((false, what), |what| (true, what));
        let verdict = match what {
            "read" => Verdict::Class(RiskClass::Read),
            "write" => Verdict::Class(RiskClass::Write),
            "destructive" => Verdict::Class(RiskClass::Destructive),
            "command" if rest.contains(&"--") => Verdict::CommandAfterDashes,
            "command" => Verdict::Command,
            "script" => Verdict::Script,
            "input" => Verdict::Input,
            "sends" => Verdict::Sends,
            "join" => Verdict::Join,
            "sql" => {
                rest.first().and_then(|word| dialect(word)).map_or(Verdict::Class(RiskClass::Unknown), Verdict::Sql)
            }
            _ => Verdict::Class(RiskClass::Unknown),
        };
        let (options, words): (Vec<&str>, Vec<&str>) = rest
            .iter()
            .copied()
            .skip(usize::from(matches!(verdict, Verdict::Sql(_))))
            .filter(|word| *word != "--" && *word != "...")
            .partition(|word| word.len() > 1 && word.trim_start_matches('!').starts_with(['-', '@']));
        Self {
            verdict,
            raises,
            words: words.into_iter().map(str::to_owned).collect(),
            options: options.into_iter().map(Condition::read).collect(),
        }
    }

    /// Tells whether it asks for an option to be there.
    pub fn asks_for(&self, option: &str) -> bool {
        self.options.iter().any(|condition| condition.present && !condition.word && any_fits(&condition.name, option))
    }

    /// Compares it with a call.
    pub fn fit(&self, command: &Command, words: &[Word], arguments: &Arguments) -> Fit {
        let mut last = None;
        for (index, pattern) in self.words.iter().enumerate() {
            let at = arguments.positionals.get(index).copied();
            if pattern == "$" {
                if at.is_some() {
                    return Fit::No;
                }
                continue;
            }
            let Some(at) = at else { return Fit::No };
            let value = &words[at].value;
            let value = if command.nocase { value.to_ascii_lowercase() } else { value.clone() };
            if !any_could_fit(pattern, &value) {
                return Fit::No;
            }
            if pattern != "*" && value.contains(MARK) {
                return Fit::Perhaps(at);
            }
            last = Some(at);
        }
        for condition in &self.options {
            // What nobody knows counts as what raises the class.
            let reads = self.verdict == Verdict::Class(RiskClass::Read);
            let doubt = if condition.present { !reads } else { !self.raises };
            let fit = if condition.word {
                condition.fit_word(words, arguments, doubt)
            } else {
                condition.fit(arguments, doubt)
            };
            match fit {
                Some(at) => last = last.max(at),
                None => return Fit::No,
            }
        }
        Fit::Yes(last)
    }
}

impl Condition {
    fn read(text: &str) -> Self {
        let (present, text) = text.strip_prefix('!').map_or((true, text), |text| (false, text));
        let (word, text) = text.strip_prefix('@').map_or((false, text), |text| (true, text));
        let (name, values) = match text.split_once('=') {
            Some((name, values)) => (
                name,
                Some(values.strip_prefix('!').map_or((true, values.to_owned()), |values| (false, values.to_owned()))),
            ),
            None => (text, None),
        };
        Self { present, word, name: name.to_owned(), values }
    }

    /// Returns where it is met (nowhere in particular where the option must be absent), or nothing where it is not.
    fn fit(&self, arguments: &Arguments, doubt: bool) -> Option<Option<usize>> {
        let fits = |option: &Given| any_fits(&self.name, &option.name);
        // The last of several counts for most commands.
        if !doubt && self.present && self.values.is_some() {
            let mut given = arguments.options.iter().filter(|option| fits(option));
            if !given.all(|option| self.value_fits(option.value.as_deref(), false)) {
                return None;
            }
        }
        let found = arguments.options.iter().find(|option| {
            // Many commands take the beginning of a long option for the whole.
            let short_for = !option.listed
                && option.name.starts_with("--")
                && self.name.split('|').any(|name| name.starts_with(&option.name));
            (short_for && doubt) || (fits(option) && self.value_fits(option.value.as_deref(), doubt))
        });
        // A value that decides is pointed at with its option.
        self.met(
            found.map(
                |option| if self.values.is_some() && option.value.is_some() { option.value_at } else { option.at },
            ),
        )
    }

    /// The same for words that are no options, `@+*` or `@of=/dev/*`; one that nobody knows fits as such a value does.
    fn fit_word(&self, words: &[Word], arguments: &Arguments, doubt: bool) -> Option<Option<usize>> {
        let found = arguments.positionals.iter().copied().find(|at| {
            let value = words[*at].value.as_str();
            if self.values.is_none() {
                // A word of which nothing is known is a value, as everywhere.
                let begun = doubt && !value.starts_with(MARK);
                return any_fits(&self.name, value) || (begun && any_could_fit(&self.name, value));
            }
            match value.split_once('=') {
                Some((name, value)) if !name.contains(MARK) => {
                    any_fits(&self.name, name) && self.value_fits(Some(value), doubt)
                }
                _ => {
                    value.contains(MARK)
                        && doubt
                        && self.name.split('|').any(|name| any_could_fit(&format!("{name}=*"), value))
                }
            }
        });
        self.met(found)
    }

    fn met(&self, found: Option<usize>) -> Option<Option<usize>> {
        match (self.present, found) {
            (true, Some(at)) => Some(Some(at)),
            (false, None) => Some(None),
            _ => None,
        }
    }

    /// A value that nobody knows fits whatever would raise the class (`doubt`), and nothing that would lower it.
    fn value_fits(&self, value: Option<&str>, doubt: bool) -> bool {
        let Some((wanted, patterns)) = &self.values else { return true };
        match value {
            Some(value) if value.contains(MARK) => doubt && (!wanted || any_could_fit(patterns, value)),
            Some(value) => any_fits(patterns, value) == *wanted,
            None => !wanted,
        }
    }
}

/// Tells whether one of the alternatives fits: `a|b-*`.
fn any_fits(patterns: &str, value: &str) -> bool {
    patterns.split('|').any(|pattern| fits(pattern.as_bytes(), value.as_bytes()))
}

/// Tells whether one of the alternatives could fit, whatever the expansions in the value turn out to be.
fn any_could_fit(patterns: &str, value: &str) -> bool {
    if !value.contains(MARK) {
        return any_fits(patterns, value);
    }
    let known = |text: &str, from: char| text.split(from).next().unwrap_or("").len();
    let open = value.replace(MARK, "*");
    patterns.split('|').any(|pattern| {
        if !pattern.contains('*') {
            return fits(open.as_bytes(), pattern.as_bytes());
        }
        // What stands before the first unknown of either must agree, and so must what stands behind the last.
        let head = known(pattern, '*').min(known(value, MARK));
        let tail = |text: &str, from: char| text.rsplit(from).next().unwrap_or("").len();
        let end = tail(pattern, '*').min(tail(value, MARK));
        pattern.as_bytes()[..head] == value.as_bytes()[..head]
            && pattern.as_bytes()[pattern.len() - end..] == value.as_bytes()[value.len() - end..]
    })
}

/// `*` stands for any text. Never goes further back than the last star, so that no pattern takes exponential time.
fn fits(pattern: &[u8], value: &[u8]) -> bool {
    let (mut p, mut v) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while v < value.len() {
        if pattern.get(p) == Some(&b'*') {
            star = Some((p, v));
            p += 1;
        } else if pattern.get(p) == Some(&value[v]) {
            (p, v) = (p + 1, v + 1);
        } else if let Some((at, from)) = star {
            (p, v) = (at + 1, from + 1);
            star = Some((at, from + 1));
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first rule decides, so a command that stands in two tables would be decided by the order of files.
    #[test]
    fn a_command_stands_in_one_table() {
        let mut home: HashMap<&str, usize> = HashMap::new();
        for (file, text) in SHIPPED.iter().enumerate() {
            for line in text.lines().filter(|line| !line.starts_with('#')) {
                for name in line.split('\t').next().unwrap_or("").split('|') {
                    assert_eq!(*home.entry(name).or_insert(file), file, "{name} stands in two tables");
                }
            }
        }
    }

    #[test]
    fn every_line_is_understood() {
        let known = [
            "values",
            "attached",
            "flags",
            "exec",
            "style",
            "read",
            "write",
            "destructive",
            "unknown",
            "command",
            "script",
            "input",
            "sends",
            "join",
            "sql",
        ];
        for line in SHIPPED.iter().flat_map(|text| text.lines()).filter(|line| !line.starts_with('#')) {
            let cells: Vec<&str> = line.split('\t').collect();
            assert!(cells.len() == 2 || cells.len() == 3, "{line}");
            assert!(known.contains(&cells[1].trim_start_matches('+')), "{line}");
        }
    }
}
