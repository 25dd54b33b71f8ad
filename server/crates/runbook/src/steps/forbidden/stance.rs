//! What a heading says of all that stands under it: that it must not be done, or only something that sounds like it.

use super::bad;
use super::forbid::{found, is_reminder, past_leads, reminds, starts};
use super::running::{asks, is_subjunctive, names_its_running, runs_subjunctive, verb_after};
use crate::code;
use crate::folding::Words;
use crate::lexicon::{Category, Lexicon, Signs};
use crate::steps::told::errors;
use crate::steps::{Lead, Walker, items};
use crate::words::{first_word, fold, has, shorten, table, trim};

/// What a heading does to what stands under it, from the least.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stance {
    /// Nothing: it names a task, or a problem.
    #[default]
    Free,
    /// "Avoid data loss": what is ordered there is meant to be done.
    Aim,
    /// "Do not use the old export": the same, but a bare command may be what must not be used.
    Policy,
    /// "Bad queries": examples of them, or how to find them.
    Examples,
    /// "What not to do": all of it must not be done.
    Forbids,
}

impl Walker<'_> {
    /// Tells whether the section at hand, or one around it, lists what must not be done.
    pub(in crate::steps) fn section_forbids(&self) -> bool {
        let (stance, section) = self.stance;
        stance == Stance::Forbids && self.outline.sections[section].level > 1
    }

    /// What the heading of the section at hand says, or of one around it but for the document's title.
    pub(in crate::steps) fn section_stance(&mut self) -> (Stance, usize) {
        let sections = &self.outline.sections;
        let forbids = |s: usize| self.doc.signs(sections[s].leaf).may(Signs::FORBIDS.or(Signs::NEGATES));
        self.stances.extend(self.section.map(|s| read(self.lexicon, sections[s].name, forbids(s))));
        let around =
            self.outline.ancestors(self.section).filter(|s| Some(*s) == self.section || sections[*s].level > 1);
        let stances = around.map(|s| (self.stances[s], s));
        let far = stances.filter(|(stance, s)| *stance > Stance::Aim || Some(*s) == self.section);
        far.max_by_key(|(stance, _)| *stance).unwrap_or_default()
    }

    /// Tells whether the heading lets a block be read, whose first words are these.
    pub(in crate::steps) fn heading_lets_read(&self, lead: &Lead<'_>, block: &str) -> bool {
        let (stance, section) = self.stance;
        stance == Stance::Free || {
            let led = items::orders(self.lexicon, Words::NONE, lead.title)
                && (stance != Stance::Examples || seeks(self.lexicon, &fold(shorten(lead.title, 200))));
            lets_read(self.lexicon, stance, self.outline.sections[section].name, led, block)
        }
    }

    /// Tells whether a command that stands alone may be what the heading says not to use.
    pub(in crate::steps) fn heading_doubts(&self) -> bool {
        self.stance.0 > Stance::Aim
    }

    /// "Do not skip the checks": what goes past them is no way to heed that.
    pub(in crate::steps) fn skips(&self, reminder: &str, command: &str) -> bool {
        const PAST: [&str; 6] = ["skip", "--no-", "ignore", "omit", "=false", "--force"];
        self.lexicon.may_start(Category::Prohibit, reminder)
            && is_reminder(self.lexicon, &fold(shorten(reminder, 200)))
            && PAST.iter().any(|word| has(command, word))
    }
}

/// Reads a folded heading.
pub fn of(lexicon: &Lexicon, name: &str) -> Stance {
    read(lexicon, name, true)
}

/// The same; `forbids` is whether it may hold words that forbid.
fn read(lexicon: &Lexicon, name: &str, forbids: bool) -> Stance {
    const ASIDE: [bool; 256] = table(b"(),;\xe2");
    const NAMED: [bool; 256] = table(b":/|[]");
    const MARKS: [bool; 256] = table(b"(),;:/|[]-\xe2");
    if errors::is_answer(name) {
        return Stance::Free;
    }
    let whole = of_one(lexicon, name, forbids);
    // Most headings are one part. What begins like a dash may be none, and cuts nothing then.
    if !name.bytes().any(|byte| MARKS[usize::from(byte)]) {
        return whole;
    }
    // "Old failover (do not use)", but not "Create a user (do not use root)".
    let asides = parts_of(name, &ASIDE).chain(name.split(" - ").skip(1));
    // "Legacy: do not use", "[deprecated] Failover", but not "Pull policy: Never".
    let says = |part: &&str| {
        let part = trim(part);
        memchr::memchr(b' ', part.as_bytes()).is_some() || past(lexicon, part) == Stance::Forbids
    };
    let parts = asides.chain(parts_of(name, &NAMED).filter(says)).map(trim);
    // "Validate the schema (legacy)" names a system.
    let parts = parts.filter(|part| *part != name && !bad::is_system(part));
    let refused = bad::marks_wrong(lexicon, name)
        || parts.into_iter().any(|part| of_one(lexicon, part, forbids) == Stance::Forbids);
    if refused { Stance::Forbids } else { whole }
}

/// Cuts a heading at some marks; one that begins like a dash is none unless it is one.
fn parts_of<'n>(name: &'n str, marks: &'static [bool; 256]) -> impl Iterator<Item = &'n str> {
    let mut rest = Some(name);
    std::iter::from_fn(move || {
        let text = rest?;
        let dashed = |at: usize| text[at..].starts_with(['–', '—']);
        let cuts = |(at, byte): &(usize, u8)| marks[usize::from(*byte)] && (byte.is_ascii() || dashed(*at));
        let cut = (0..).zip(text.bytes()).find(cuts);
        rest = cut.map(|(at, byte)| &text[at + if byte.is_ascii() { 1 } else { '—'.len_utf8() }..]);
        Some(cut.map_or(text, |(at, _)| &text[..at]))
    })
}

fn of_one(lexicon: &Lexicon, name: &str, forbids: bool) -> Stance {
    const LISTED: [&str; 12] = [
        "command",
        "comando",
        "what not",
        "what to avoid",
        "o que nao",
        "o que evitar",
        "que no ",
        "que evitar",
        "don't",
        "anti-pattern",
        "proibid",
        "prohibid",
    ];
    let label = lexicon.label_starts(Category::ProhibitLabel, name);
    if !forbids && label.is_none() {
        return past(lexicon, name);
    }
    if label.is_some_and(|phrase| phrase == name || LISTED.iter().any(|word| phrase.contains(word)))
        || found(lexicon, name).is_some()
    {
        return Stance::Forbids;
    }
    let start = past_leads(lexicon, name);
    let phrase = starts(lexicon, start);
    if bad::avoids_harm(lexicon, start) {
        return Stance::Free;
    }
    let reminded =
        phrase.or(label).is_some_and(|phrase| start.get(phrase.len()..).is_some_and(|r| reminds(lexicon, r)));
    if reminded {
        return Stance::Free;
    }
    // "Avoid this", "evite o seguinte".
    let follows = |phrase: &str| {
        let words = words_of(&start[phrase.len()..]);
        words.take(2).any(|word| lexicon.label_is(Category::WhatFollows, word))
    };
    // "Evite estes comandos".
    let these = |phrase: &str| {
        let mut words = words_of(&start[phrase.len()..]);
        let first = words.next().unwrap_or("");
        lexicon.label_is(Category::Itself, first)
            && words.next().is_some_and(|word| lexicon.label_is(Category::Procedure, word))
    };
    if phrase.is_some_and(|phrase| !matches!(phrase, "no" | "nao") && (follows(phrase) || these(phrase))) {
        return Stance::Forbids;
    }
    if names_its_running(lexicon, name) {
        let stance = of_its_running(lexicon, name);
        // "Cannot run the migration" names a problem, "cannot run in production" does not.
        let problem = phrase == Some("cannot") && stance < Stance::Forbids;
        return if problem { Stance::Free } else { stance };
    }
    let told = past(lexicon, name);
    let denies = phrase.is_some_and(|phrase| denies(lexicon, phrase, &start[phrase.len()..]));
    match told {
        Stance::Free if denies && phrase.is_some_and(|phrase| ends_in_this(lexicon, &start[phrase.len()..])) => {
            Stance::Forbids
        }
        Stance::Free if label.is_some() || denies => Stance::Aim,
        told => told,
    }
}

/// "Never delete pods" forbids what does that; "no space left", "não conecta" tell.
fn denies(lexicon: &Lexicon, phrase: &str, rest: &str) -> bool {
    let verb = verb_after(lexicon, rest);
    !matches!(phrase, "no" | "nao" | "cannot" | "no longer")
        || lexicon.is_infinitive(verb) && lexicon.is_verb(verb)
        || is_subjunctive(lexicon, verb)
        || matches!(phrase, "no" | "nao") && is_ordered_not(lexicon, verb)
}

/// "Do not copy this": what must not be typed stands below; `rest` is what follows the "not".
fn ends_in_this(lexicon: &Lexicon, rest: &str) -> bool {
    let mut words = words_of(rest).skip(1);
    words.next().is_some_and(|word| lexicon.label_is(Category::Itself, word)) && words.next().is_none()
}

/// "Não apague", "no borre": an order to one person, as it stands behind a "not".
fn is_ordered_not(lexicon: &Lexicon, verb: &str) -> bool {
    lexicon.is_verb(verb) && verb.ends_with(['e', 'a'])
}

/// "Never run this", "do not use root": what must not be used may be none of the commands below.
fn of_its_running(lexicon: &Lexicon, name: &str) -> Stance {
    // "Never run as root": how it is not to be run.
    if name.split(' ').skip(1).take(3).any(|word| lexicon.label_is(Category::As, word)) {
        let itself = words_of(name).any(|word| lexicon.label_is(Category::Itself, word));
        return if itself { Stance::Forbids } else { Stance::Aim };
    }
    let Some(object) = object_of(lexicon, name) else { return Stance::Forbids };
    let mut words = words_of(object);
    let first = words.clone().next().unwrap_or("");
    if first.is_empty()
        || lexicon.label_is(Category::Place, first)
        || words.clone().any(|word| lexicon.label_is(Category::Itself, word))
    {
        return Stance::Forbids;
    }
    // An account or a resource is nothing that is typed.
    if words.any(|word| lexicon.label_is(Category::Means, word)) { Stance::Aim } else { Stance::Policy }
}

/// What stands behind the last verb of a prohibition.
fn object_of<'n>(lexicon: &Lexicon, name: &'n str) -> Option<&'n str> {
    let asked = |word: &str| asks(lexicon, word) || runs_subjunctive(lexicon, word);
    let word = words_of(name).filter(|word| asked(word)).last()?;
    let at = word.as_ptr() as usize - name.as_ptr() as usize;
    Some(&name[at + word.len()..])
}

fn words_of(text: &str) -> impl Iterator<Item = &str> + Clone {
    text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '_')).filter(|word| !word.is_empty())
}

/// "Deprecated", "What we tried", "O que já tentamos": nothing there is to be done again.
pub fn past(lexicon: &Lexicon, name: &str) -> Stance {
    if bad::is_of_queries(lexicon, name) {
        return Stance::Examples;
    }
    let called = || if bad::is_title(lexicon, name) { Stance::Forbids } else { Stance::Free };
    let Some(phrase) = lexicon.label_starts(Category::Past, name) else { return called() };
    // "Failed attempts to log in" are those of others, "failed attempts to connect the replica" one's own.
    let entered = || {
        let mut words = words_of(&name[phrase.len()..])
            .skip_while(|word| lexicon.label_is(Category::PartOf, word) || matches!(*word, "to" | "at"));
        let enters = words.next().is_some_and(|word| lexicon.label_is(Category::Entering, word));
        let joins = |word: &str| lexicon.label_is(Category::Place, word) || lexicon.label_is(Category::PartOf, word);
        enters && words.next().is_none_or(joins)
    };
    if phrase == name || phrase.contains(' ') && !entered() { Stance::Forbids } else { called() }
}

/// "Find them with:", "Encuéntrelas con:": bad queries are looked for, and not shown.
fn seeks(lexicon: &Lexicon, lead: &str) -> bool {
    const PRONOUNS: [&str; 8] = ["-las", "-los", "las", "los", "-a", "-o", "la", "lo"];
    let is = |word: &str| lexicon.label_is(Category::Seek, word);
    words_of(lead).any(|word| is(word) || PRONOUNS.iter().any(|end| word.strip_suffix(end).is_some_and(is)))
}

/// Tells whether a block may be read under such a heading; `led` is whether the words before it order something.
pub fn lets_read(lexicon: &Lexicon, stance: Stance, name: &str, led: bool, block: &str) -> bool {
    match stance {
        Stance::Free => true,
        Stance::Forbids => false,
        Stance::Examples => led || looks_at_what_runs(block),
        Stance::Aim | Stance::Policy => {
            // "Avoid doing this": what must not be done stands below.
            if words_of(name).any(|word| lexicon.label_is(Category::Itself, word)) {
                return false;
            }
            let object = object_of(lexicon, name);
            let means = stance == Stance::Aim && object.is_some();
            (led || means) && !names_in(lexicon, object.unwrap_or(name), block)
        }
    }
}

/// Tells whether a block holds a word of what must not be used.
fn names_in(lexicon: &Lexicon, object: &str, block: &str) -> bool {
    const STEM: usize = 5;
    const SHORT: usize = 4;
    const SMALL: [Category; 5] =
        [Category::Prohibit, Category::Small, Category::Article, Category::Place, Category::As];
    let block = fold(shorten(block, 4000));
    let raises = || words_of(&block).any(|word| matches!(word, "sudo" | "doas" | "su" | "runas"));
    // A short word is in many others: "rm" in "firmware".
    let named = |word: &str| match word.len() {
        ..SHORT => words_of(&block).any(|there| there == word),
        _ => block.contains(shorten(word, STEM)) || matches!(word, "root" | "admin" | "superuser") && raises(),
    };
    let small = |word: &str| SMALL.iter().any(|category| lexicon.label_is(*category, word));
    words_of(object).filter(|word| !small(word)).any(named)
}

/// Tells whether a block asks a database only about what runs in it.
fn looks_at_what_runs(block: &str) -> bool {
    const VIEWS: [&str; 8] = [
        "pg_stat_",
        "pg_locks",
        "information_schema",
        "performance_schema",
        "processlist",
        "v$s",
        "sys.dm_",
        "system.query_log",
    ];
    let statements = code::statements(block);
    !statements.is_empty()
        && statements.iter().all(|statement| {
            let folded = fold(shorten(statement, 4000));
            matches!(first_word(&folded), "select" | "show") && VIEWS.iter().any(|view| folded.contains(view))
        })
}
