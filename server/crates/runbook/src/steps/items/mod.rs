//! List items: checks, orders, prohibitions, facts.

pub mod beside;
pub mod boxed;
pub mod checklists;
pub mod listed;
pub mod manual;
pub mod names;
pub mod ours;

use farol_api::graph::{CommandLanguage as L, NodeKind, Phase};

use super::{Lead, ListLead, Origin, Walker};
use crate::code;
use crate::doc::{Run, RunKind};
use crate::folding::Words;
use crate::lexicon::{Category, Lexicon, Signs, split_leading};
use crate::references::{Places, Pointer};
use crate::steps::prose::spans::{self, title_before, told_to_run};
use crate::steps::{prose, told};
use crate::titles::Titles;
use crate::words::{find_phrase, first_word, fold, past_marks, shorten};

use boxed::BOXES;
use names::{explains_an_option, is_cited, is_named, is_only_a_name, names_a_copy, only_tells, without_tag};

impl Walker<'_> {
    /// Handles the first paragraph of an item.
    pub(super) fn item(&mut self, item: usize) {
        let doc = self.doc;
        let info = &doc.items[item];
        let leaf = &doc.leaves[self.leaf];
        let text = self.plain(self.leaf);
        let folded = self.fold(shorten(text, 4000));
        let lead = self.lead.take();
        self.note_order(item);
        self.note_mistake(item, lead.as_ref().map_or("", |lead| lead.title));
        // Under a box, plain items tell more of it.
        let boxed = self.is_boxed(item);
        let due = self.checklist_due.is_some() && !info.is_ordered();
        let task = info.task || text.starts_with(BOXES);
        let listed = !boxed && !task && (due || self.goes_on(item));
        if listed && self.is_group(item, text) {
            if !self.goes_on(item) {
                self.open_checklist(info.list, info.span());
            }
            return;
        }
        if task || listed {
            self.check(item, boxed::past_box(text));
            self.lead = Some(Lead { title: text, item: Some(item), ..Lead::default() });
            return;
        }
        self.checklist_due = None;
        let place = leaf.span().start;
        let under = lead.as_ref().filter(|l| l.item != Some(item));
        let below =
            std::iter::successors(info.parent, |p| doc.items[*p].parent).any(|p| self.forbidden_item == Some(p));
        let forbidden = self.forbidden || below || under.is_some_and(|l| l.prohibits);
        let expects = under.is_some_and(|l| l.expects);
        let keep = under.cloned();
        // The conditions of an item have nothing to do with the next one beside it; its warnings may.
        let inside = |outer: usize| std::iter::successors(info.parent, |p| doc.items[*p].parent).any(|p| p == outer);
        if let Some(lead) = under.filter(|l| l.item.is_none_or(inside)) {
            let (guard, minutes, describes) = (lead.guard.clone(), lead.minutes, lead.describes);
            let checks = self.asks_whether(lead.text);
            let label = fold(shorten(lead.title, 60));
            let informs = self.lexicon.label_starts(Category::Info, &label).is_some();
            let (symptoms, causes) = self.names_a_part(&label);
            let describes = describes || symptoms;
            let mends = self.quiet() && self.is_remedy(lead.text);
            self.list_lead = Some(ListLead { guard, minutes, describes, informs, causes, mends, checks });
        }
        if !self.is_only_history() {
            self.role(item, text, &folded, place, forbidden, expects);
        }
        // A lead speaks for the whole list, until a block or another paragraph comes.
        if self.lead.is_none() {
            self.lead = keep.filter(|l| l.prohibits || l.expects);
        }
    }

    fn role(&mut self, item: usize, text: &str, folded: &str, place: usize, forbidden: bool, expects: bool) {
        let span = self.doc.leaves[self.leaf].span();
        let free = !self.context.item_exec[item];
        // "Bad: `rm -rf x`" shows what not to do.
        let wrong = free && memchr::memchr(b':', text.as_bytes()).is_some() && self.calls_wrong(text);
        let forbidden = forbidden || wrong || free && self.is_doubted(text);
        // "Cannot connect" under "Symptoms" is what one sees.
        let seen = || self.list_lead.as_ref().is_some_and(|l| l.describes) && !self.runs().iter().any(Run::is_command);
        if forbidden || free && (self.prohibits(text) || self.only_forbids(text)) && !seen() {
            self.note_forbidden(item, text);
            let draft = self.draft(NodeKind::Prohibition, Origin::Item, text, span.clone());
            let split = after_prohibition(self.lexicon, self.words(), text);
            self.push(draft);
            // "Don't restart the pod, run `x`": only what is told after the turn is read.
            let told = !forbidden && !self.quiet() && self.inline_commands(text, place);
            if let Some(rest) = split.filter(|_| !forbidden && !told && !self.quiet()) {
                self.manual(rest, place);
            }
            return;
        }
        if expects {
            self.observe(text);
            return;
        }
        if self.escalation(text, folded, Origin::Item) {
            return;
        }
        if self.context.item_exec[item] {
            let guard = self.inline_beside_block(item, text, place);
            self.lead = Some(Lead { item: Some(item), guard, ..self.lead_from(text, place) });
            return;
        }
        if explains_an_option(self.runs()) || self.only_points() {
            return;
        }
        let quiet = self.quiet();
        // Also in a section that only tells, "Command: `x`" under a box says how to check it.
        let commands = (!quiet || self.is_boxed(item)) && self.inline_commands(text, place);
        if quiet || commands || self.requests(text) || is_only_a_name(self.runs()) {
            return;
        }
        if self.context.item_acts_below[item] {
            if let Some((_, place)) = self.guard_of(text, place) {
                self.out.loose_guards.push(place);
            }
            return;
        }
        let bold_step = self.is_bold_step(item);
        let causes = self.list_lead.as_ref().is_some_and(|l| l.causes);
        let text_orders = |text: &str| orders(self.lexicon, self.words(), text);
        let told = match causes {
            _ if self.says_what_for(folded) || self.is_part_of_a_program(item, folded) => false,
            true => text.split_once([':', '→', '–', '—']).is_some_and(|(_, remedy)| text_orders(remedy)),
            false => self.context.item_orders[item].unwrap_or_else(|| text_orders(text)),
        };
        let ours = || self.doc.items[item].is_ordered() && ours::orders(self.lexicon, folded, self.runs());
        if told || bold_step || self.leads_on(text, folded, place) || !causes && (ours() || self.borrows(item, folded))
        {
            self.manual(text, place);
        } else if self.section.and_then(|s| self.outline.sections[s].phase) == Some(Phase::Verify) {
            let draft = self.draft(NodeKind::Verify, Origin::Item, text, span);
            self.push(draft);
        } else if self.lexicon.starts(Category::GuardStrong, folded).is_some() && !self.only_asks(text) {
            self.out.loose_guards.push(place);
        }
    }

    /// Tells whether an item begins with a link to a part of the document, or is one of those that inform and nothing but links.
    fn only_points(&self) -> bool {
        let runs = self.runs();
        let pointer = runs.first().and_then(|r| self.doc.link(r));
        let listed = self.list_lead.as_ref().is_some_and(|l| l.informs);
        let linked = |r: &Run<'_>| self.doc.link(r).is_some_and(|l| !l.starts_with('#')) || r.text.trim().is_empty();
        listed && runs.iter().all(linked) || pointer.is_some_and(|link| link.starts_with('#'))
    }

    /// Tells whether an item holds a command that the heading may forbid, and does not order it.
    fn is_doubted(&self, text: &str) -> bool {
        self.heading_doubts() && self.runs().iter().any(Run::is_command) && !orders(self.lexicon, self.words(), text)
    }

    /// "Scope: move the jobs": what a part is for, or how far it goes.
    fn says_what_for(&self, folded: &str) -> bool {
        let end = memchr::memchr(b':', folded.as_bytes());
        let label = end.map(|end| folded[..end].trim_matches(|c: char| !c.is_alphanumeric()));
        label.is_some_and(|label| self.lexicon.label_is(Category::Aim, label))
    }

    /// "A script that:" and "copies the base" below it.
    fn is_part_of_a_program(&self, item: usize, folded: &str) -> bool {
        if told::of_a_part(self.lexicon, self.runs(), folded) {
            return true;
        }
        let around = self.doc.items[item].parent.and_then(|parent| self.context.item_first[parent]);
        let text = around.map_or("", |leaf| self.doc.plain(leaf)).trim_end();
        let says = ["que:", "that:", "which:"].iter().any(|end| text.ends_with(end)) && self.describes(text);
        says || ["para:", "to:"].iter().any(|end| text.ends_with(end))
            && names::tells_of_a_change(&fold(shorten(text, 60)))
    }

    /// "If it fails, see Rollback": a step, where there is such a section.
    fn leads_on(&self, text: &str, folded: &str, place: usize) -> bool {
        let guarded = self.lexicon.starts(Category::Guard, folded).is_some() || text.starts_with(['(', '[']);
        let mentions = |category: Category| self.lexicon.mentions(category, text);
        if !guarded || !self.may(text, Signs::POINTS) || !mentions(Category::Goto) && !mentions(Category::Numbered) {
            return false;
        }
        let split = split_leading(self.lexicon, self.words(), text);
        let folded = self.fold(shorten(split.rest, 400)).into_owned();
        if split.guard.is_some() && self.sends_to_step(&folded) {
            return true;
        }
        if split.guard.is_none() || self.lexicon.starts(Category::Goto, &folded).is_none() {
            return false;
        }
        let words = Pointer { text: split.rest.to_owned(), folded, place, guarded: true };
        let titles = || self.section_titles.get_or_init(|| Titles::new(self.outline));
        let names = self.section_names.get_or_init(|| Places::new(self.lexicon, self.outline));
        words.names_a_place(self.lexicon, names) || titles().find(self.lexicon, self.outline, &words).is_some()
    }

    /// "Never run:" and a list below it; "Never restart without:" lists what to do first.
    fn note_forbidden(&mut self, item: usize, text: &str) {
        let around = std::iter::successors(Some(item), |i| self.doc.items[*i].parent);
        let already = around.skip(1).any(|i| self.forbidden_item == Some(i));
        let needs = ["without", "until", "unless", "before", "sem", "ate", "antes", "sin", "hasta", "a menos"];
        let folded = self.fold(shorten(text, 400));
        let conditional = needs.iter().any(|word| find_phrase(&folded, word, 0).is_some());
        if !already && text.trim_end().ends_with(':') && !conditional {
            self.forbidden_item = Some(item);
        }
    }

    fn observe(&mut self, text: &str) {
        if let Some(last) = self.last_command {
            let expected = self.out.drafts[last].rare().expected.get_or_insert_default();
            if !expected.is_empty() {
                expected.push('\n');
            }
            expected.push_str(shorten(text, 500));
        }
    }

    /// Notes whether the outermost list at hand is numbered and begins with an order.
    fn note_order(&mut self, item: usize) {
        let setup = self.section.is_some_and(|s| self.outline.sections[s].setup);
        let outer = std::iter::successors(Some(item), |i| self.doc.items[*i].parent).last().unwrap_or(item);
        let list = self.doc.items[outer].list;
        if setup && self.ordering.is_none_or(|(known, _)| known != list) {
            let orders = self.lexicon.is_imperative(&self.fold(shorten(self.plain(self.leaf), 200)));
            self.ordering = Some((list, self.doc.items[outer].is_ordered() && orders));
        }
    }

    /// Tells whether a folded label is "Symptoms" or the like, and whether it is "Causes".
    pub(super) fn names_a_part(&self, label: &str) -> (bool, bool) {
        let label = past_marks(label).trim_end_matches([':', ' ']);
        let is =
            |category: Category| self.lexicon.label_starts(category, label).is_some_and(|w| label.len() < w.len() + 16);
        // "Causes and solutions:" has what to do as well.
        (is(Category::Symptoms), is(Category::Cause) && !crate::cases::has_remedies(self.lexicon, label))
    }

    /// "**Solution**:" as the last line of a paragraph: what stands below it is done, also where a section only tells of causes.
    fn is_remedy(&self, text: &str) -> bool {
        let line = text.trim_end().rsplit('\n').next().unwrap_or("");
        let label = self.fold(shorten(line, 40));
        self.lexicon.label_is(Category::Solution, label.trim_matches(|c: char| !c.is_alphanumeric()))
    }

    /// Bold titles of an ordered list are its steps, where nothing in the list orders anything else.
    fn is_bold_step(&self, item: usize) -> bool {
        let info = &self.doc.items[item];
        let bold = self.runs().first().is_some_and(|r| r.strong);
        bold && info.is_ordered() && self.runs().iter().all(|r| r.strong || r.text.trim().is_empty()) && {
            let text = self.plain(self.leaf);
            self.lexicon.is_imperative(&self.fold(shorten(text, 200)))
        }
    }

    /// Code spans of an item that are whole commands become nodes; tells whether there were any.
    pub(super) fn inline_commands(&mut self, text: &str, place: usize) -> bool {
        let runs = self.runs();
        let boxed = self.doc.leaves[self.leaf].item.is_some_and(|item| self.doc.items[item].task)
            || self.plain(self.leaf).starts_with(BOXES);
        let told = |i: &usize| {
            told_to_run(self.lexicon, runs, *i, true) || boxed && boxed::is_in_brackets(self.lexicon, runs, *i)
        };
        let found: Vec<usize> = (0..runs.len()).filter(told).collect();
        let guard = if found.is_empty() { None } else { self.guard_of(text, place) };
        for i in &found {
            let run = &self.runs()[*i];
            let mut title = title_before(self.runs(), *i);
            if title.is_empty() {
                title = self.title_around(*i).unwrap_or_else(|| run.text.to_string());
            } else if spans::leaves_open(self.lexicon, &title) {
                title = format!("{title} {}", shorten(run.text.trim(), 80));
            }
            self.inline(run.text.trim(), run.span(), title, guard.clone());
        }
        if !found.is_empty() {
            self.note_later_guards(text, place);
        }
        !found.is_empty()
    }

    /// An item that is only a command is titled by the item around it and by what follows in brackets.
    fn title_around(&self, run: usize) -> Option<String> {
        let leaf = &self.doc.leaves[self.leaf];
        let parent = self.doc.items[leaf.item?].parent?;
        let outer = self.plain(self.context.item_first[parent]?);
        let after = crate::doc::plain(&self.runs()[run + 1..]);
        let outer = super::clean_title(outer);
        Some(if after.starts_with('(') { format!("{outer} {after}") } else { outer })
    }

    /// In prose only a code span right after "run" is a command to run, and one that stands alone.
    pub(super) fn inline_in_prose(&mut self) -> bool {
        let runs = self.runs();
        let alone = self.is_command_alone();
        // "`x` — ends all sessions": a command with what it does.
        let glossed = || {
            let behind = runs.get(1).map_or("", |run| run.text.trim_start());
            runs[0].is_command() && behind.starts_with(['—', '–']) && !spans::is_forbidden(self.lexicon, runs, 0)
        };
        let told = |i: &usize| {
            alone && runs[*i].is_command()
                || told_to_run(self.lexicon, runs, *i, false)
                || *i == 0 && !self.quiet() && glossed()
        };
        let found: Vec<usize> = (0..runs.len()).filter(told).collect();
        let mut guard: Option<(String, usize)> = None;
        for i in &found {
            let run = &self.runs()[*i];
            let own = self.condition_before(*i);
            // "If it fails, run `a` and `b`": one condition of both.
            guard = own.map(|own| match guard.take().filter(|(before, _)| *before == own) {
                Some(same) => same,
                None => (own, run.span().start),
            });
            self.inline(run.text.trim(), run.span(), run.text.to_string(), guard.clone());
        }
        !found.is_empty()
    }

    pub(super) fn inline(
        &mut self,
        text: &str,
        span: std::ops::Range<usize>,
        title: String,
        guard: Option<(String, usize)>,
    ) {
        let text = text.strip_prefix("$ ").unwrap_or(text).to_owned();
        // What is typed into psql or a chat is no program of the shell.
        let language = match text.starts_with('\\') || code::is_chat_command(&text) {
            true => L::Other,
            false if code::is_sql(&text) => L::Sql,
            false => L::Shell,
        };
        let ticks = self.doc.text[span.clone()].bytes().take_while(|b| *b == b'`').count();
        let inner = span.start + ticks..span.end.saturating_sub(ticks).max(span.start + ticks);
        let kind = super::kind_of(language, &text);
        let mut draft = self.draft(kind, Origin::Inline, title, span);
        self.command(&mut draft, language, text, inner);
        draft.guard = guard;
        self.last_command = self.push(draft).or(self.last_command);
    }

    /// `GET /health` is shown with its text and ticked by a person.
    fn requests(&mut self, text: &str) -> bool {
        let runs = self.runs();
        let Some(run) = runs.iter().find(|r| r.kind == RunKind::Code && code::is_http(r.text)) else { return false };
        let (request, inner) = (run.text.to_string(), run.span());
        let span = self.doc.leaves[self.leaf].span();
        let title = prose::first_sentence(text);
        let mut draft = self.draft(NodeKind::Http, Origin::Item, title, span.clone());
        self.command(&mut draft, L::Http, request, inner);
        draft.guard = self.guard_of(text, span.start);
        draft.text = self.source(&span).to_owned();
        self.push(draft);
        self.note_later_guards(text, span.start);
        true
    }
}

/// What a sentence still orders after what it forbids: "do not x; do y".
fn after_prohibition<'a>(lexicon: &Lexicon, words: Words<'_>, text: &'a str) -> Option<&'a str> {
    let (_, rest) = text.split_once("; ").or_else(|| text.split_once(". "))?;
    orders(lexicon, words, rest).then_some(rest)
}

/// Tells whether an item's text orders something, in any of its clauses.
pub fn orders(lexicon: &Lexicon, words: Words<'_>, text: &str) -> bool {
    let text = without_tag(shorten(text, 2000));
    if only_tells(text) {
        return false;
    }
    let addressed = addresses(&words.fold(text));
    for clause in clauses(text).take(24) {
        let may = addressed || lexicon.may_order(clause) || clause.trim_start().starts_with(['(', '[']);
        if !may || is_cited(text, clause) || clause.eq_ignore_ascii_case("note:") {
            continue;
        }
        let written = split_leading(lexicon, words, clause).rest;
        if lexicon.is_voseo(written) {
            return true;
        }
        let folded = words.fold(written);
        let start = past_marks(&folded);
        if lexicon.starts(Category::Prohibit, start).is_some() || is_named(start) || names_a_copy(start) {
            continue;
        }
        if lexicon.is_imperative(start)
            || addressed && told(lexicon, start)
            || after_a_place(lexicon, start)
            || orders_in_english(lexicon, start)
            || ["ir para ", "ir a ", "ir al ", "ir ao "].iter().any(|words| start.starts_with(words))
        {
            return true;
        }
    }
    false
}

/// "Stop writes", "Check the lag" in a document of another language; "Check de saúde" names a thing there.
fn orders_in_english(lexicon: &Lexicon, start: &str) -> bool {
    let word = first_word(start);
    let imported = lexicon.is(Category::Imported, word);
    if !imported && !lexicon.is(Category::Verb, word) {
        return false;
    }
    let next = first_word(&start[word.len()..]);
    if imported {
        // "Submit" alone is what a form's last button says.
        return (!next.is_empty() || start.trim_end() == "submit")
            && !matches!(next, "de" | "do" | "da" | "dos" | "das" | "del" | "e" | "y");
    }
    matches!(next, "the" | "all" | "your" | "any" | "each" | "every" | "that" | "whether")
}

/// Cuts a text after each colon, semicolon, full stop, dash and arrow.
fn clauses(text: &str) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    // In `auth.log` nothing ends.
    let within = move |at: usize| bytes[at] == b'.' && matches!(bytes.get(at + 1), Some(b'a'..=b'z' | b'0'..=b'9'));
    // "Is it up? Check the pod": most texts ask nothing.
    let asked = memchr::memchr_iter(b'?', bytes).find(|at| bytes.get(at + 1) == Some(&b' ')).map(|at| at + 1);
    let next_mark = move |from: usize| {
        let mut marks = memchr::memchr3_iter(b':', b';', b'.', &bytes[from..]).map(|at| from + at);
        let mark = marks.find(|at| !within(*at)).map(|at| at + 1);
        mark.into_iter().chain(asked.filter(|at| *at > from)).min()
    };
    // An en dash, an em dash, an arrow: most texts have none.
    let next_dash = |from: usize| {
        let mut leads = memchr::memchr_iter(0xe2, &bytes[from..]).map(|at| from + at + 1);
        let dash = leads.find(|at| matches!(bytes[*at..], [0x80, 0x93 | 0x94, ..] | [0x86, 0x92, ..]));
        dash.map(|at| at + 2)
    };
    let (mut start, mut dash) = (0, next_dash(0));
    std::iter::from_fn(move || {
        if dash.is_some_and(|dash| dash <= start) {
            dash = next_dash(start);
        }
        let mark = next_mark(start);
        let end = mark.into_iter().chain(dash).min().unwrap_or(bytes.len());
        let clause = &text[start..end];
        start = end;
        Some(clause).filter(|clause| !clause.is_empty())
    })
}

/// "On the left side, click": the order comes after the comma, or after a quoted name.
fn after_a_place(lexicon: &Lexicon, folded: &str) -> bool {
    lexicon.starts(Category::Place, folded).is_some()
        && folded.split([',', '"', '”']).skip(1).take(6).any(|part| {
            let part = part.trim_start();
            lexicon.is_verb(first_word(part))
                || ["click en ", "click em ", "click no ", "clic en "].iter().any(|w| part.starts_with(w))
        })
}

/// Tells whether a folded text may tell somebody to do something: "you …", "… should be …".
fn addresses(folded: &str) -> bool {
    // All of these have a `u`, which is rare enough to look for.
    let bytes = folded.as_bytes();
    let addressed = |at: usize| {
        let (before, after) = bytes.split_at(at);
        before.ends_with(b"yo") && after.starts_with(b"u ")
            || before.ends_with(b"sho") && after.starts_with(b"uld be")
            || after.starts_with(b"usuario ")
    };
    memchr::memchr_iter(b'u', bytes).any(addressed)
}

/// "you can restart", "you should check".
fn told(lexicon: &Lexicon, folded: &str) -> bool {
    addresses(folded)
        && ["you can", "you should", "you must", "you need to", "you may", "usuario deve", "should be"].iter().any(
            |phrase| {
                find_phrase(folded, phrase, 0).is_some_and(|at| {
                    let rest = folded[at + phrase.len()..].trim_start();
                    let second = rest.split_once(' ').map_or("", |(_, r)| r);
                    lexicon.is_verb(first_word(rest))
                        || rest.split(' ').next().is_some_and(|w| w.ends_with("ly"))
                            && lexicon.is_verb(first_word(second))
                })
            },
        )
}
