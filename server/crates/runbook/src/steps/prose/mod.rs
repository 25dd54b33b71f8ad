//! Paragraphs outside code: leads, orders, prohibitions, escalations, expected results.

pub mod clauses;
pub mod purposes;
pub mod sent;
pub mod spans;

use farol_api::graph::{NodeKind, Phase};

use super::{Lead, ListLead, Origin, Walker};
use crate::doc::{LeafKind, RunKind};
use crate::lexicon::{Category, Signs, minutes_after, split_guard, split_leading};
use crate::steps::folds::unboxed;
use crate::steps::forbidden::{bad, forbid, turned};
use crate::steps::items;
use crate::steps::told::things;
use crate::words::{behind_last, first_word, has, past_marks, shorten, trim};

impl<'a> Walker<'a> {
    pub(super) fn paragraph(&mut self) {
        let leaf = &self.doc.leaves[self.leaf];
        if let Some(item) = leaf.item
            && self.context.item_first[item] == Some(self.leaf)
        {
            return self.item(item);
        }
        let words = unboxed(self.plain(self.leaf));
        let text: &str = &words;
        let folded = self.fold(shorten(text, 4000));
        if leaf.item.is_none() {
            self.list_lead = None;
        }
        if self.expected(text, &folded) || self.when_to_use(text, &folded) {
            return;
        }
        if self.is_command_alone() && (self.forbidden || self.heading_doubts() || self.is_led_by_a_prohibition()) {
            self.lead = None;
            let draft = self.draft(NodeKind::Prohibition, Origin::Paragraph, text, leaf.span());
            self.push(draft);
            return;
        }
        if self.is_command_alone() && self.inline_in_prose() {
            self.lead = None;
            return;
        }
        let next_is_block = self.introduces() && !self.stands_alone(text);
        let below = || {
            has(&folded, "checklist")
                && ["checklist below", "following checklist"].iter().any(|words| folded.contains(words))
        };
        if text.trim_end().ends_with(':')
            && (self.lexicon.label_starts(Category::Checklist, &folded).is_some() || below())
        {
            self.checklist_due = Some(text.to_owned());
        }
        if next_is_block {
            let lead = self.lead_from(text, leaf.span().start);
            self.note_guard(&lead);
            self.lead = Some(lead);
            return;
        }
        self.lead = None;
        self.free_paragraph(text, &folded);
        self.label_of_a_list(text, &folded);
    }

    /// "**Symptoms**" without a colon, right before a list.
    fn label_of_a_list(&mut self, text: &str, folded: &str) {
        let listed = self.doc.leaves.get(self.leaf + 1).is_some_and(|next| next.item.is_some());
        let free = self.doc.leaves[self.leaf].item.is_none() && text.len() < 60;
        if listed && free && self.runs().iter().all(|r| r.strong) {
            let (describes, causes) = self.names_a_part(folded);
            if describes || causes {
                self.list_lead = Some(ListLead { describes, causes, ..ListLead::default() });
            }
        }
    }

    /// "Never run:" and a paragraph that is only the command.
    fn is_led_by_a_prohibition(&self) -> bool {
        let before = self.leaf.checked_sub(1).filter(|leaf| self.doc.leaves[*leaf].kind == LeafKind::Paragraph);
        let text = before.map_or("", |leaf| self.doc.plain(leaf));
        text.trim_end().ends_with(':') && self.forbids(text)
    }

    /// "If it is behind, stop and call": a step of its own, whatever block comes next.
    fn stands_alone(&self, text: &str) -> bool {
        // What is cut off stands before, unless there are blanks to cut.
        let split = if trim(text).len() < text.len() { split_guard } else { split_leading };
        let split = split(self.lexicon, self.words(), text);
        let announces = ["following", "command", "comando", "seguinte", "siguiente", "below", "abaixo"];
        let folded = self.fold(shorten(text, 1000));
        split.guard.is_some()
            && split.rest.len() < text.len()
            && !text.trim_end().ends_with(':')
            && self.lexicon.is_imperative(&self.fold(shorten(split.rest, 200)))
            && !announces.iter().any(|w| folded.contains(w))
            && self.lexicon.find(Category::RunWord, &folded).is_none()
    }

    /// A paragraph that introduces nothing: does it order, forbid or escalate?
    fn free_paragraph(&mut self, text: &str, folded: &str) {
        let span = self.doc.leaves[self.leaf].span();
        if self.is_only_history() {
            return;
        }
        let wrong = memchr::memchr(b':', text.as_bytes()).is_some() && self.calls_wrong(text);
        let warns = || (self.prohibits(text) || self.only_forbids(text)) && self.warns_outside_spans();
        if self.forbidden || wrong || warns() {
            let draft = self.draft(NodeKind::Prohibition, Origin::Paragraph, text, span);
            self.push(draft);
            return;
        }
        if self.escalation(text, folded, Origin::Paragraph) {
            return;
        }
        if self.points(text, folded)
            || self.points_to_step(text)
            || self.inline_in_prose()
            || self.quiet()
            || self.doc.leaves[self.leaf].quoted
            || is_a_place(text)
        {
            return;
        }
        let (text, origin) = self.past_bold_number(text);
        let rest = split_leading(self.lexicon, self.words(), self.past_label_line(self.past_remedy(text))).rest;
        let first = self.fold(shorten(purposes::past(self.lexicon, self.words(), rest), 200));
        // Before the first heading only what the document is for is said, unless it has none.
        let placed = self.section.is_some() || self.outline.sections.is_empty();
        let admonition = self.plain(self.leaf).starts_with(['!', '?']) && text.len() < self.plain(self.leaf).len();
        // "### `volta.sh`" and "Restaura a base": what the script does, unless the form only orders.
        let above = self.leaf.checked_sub(1).filter(|leaf| matches!(self.doc.leaves[*leaf].kind, LeafKind::Heading(_)));
        if above.is_some_and(|leaf| self.is_of_code(leaf)) && self.lexicon.may_tell(first_word(&first)) {
            return;
        }
        let goes = ["ir a ", "ir para "].iter().any(|words| first.starts_with(words));
        let orders = self.lexicon.is_imperative(&first)
            || origin == Origin::Heading && items::orders(self.lexicon, self.words(), first_sentence(rest));
        // What a picture shows is no order.
        let pictured = || self.source(&span).trim_start_matches('[').starts_with("![");
        if !admonition && placed && (goes || orders && !self.refers(&first)) && !pictured() {
            let guard = self.guard_of(text, span.start);
            let mut draft = self.draft(NodeKind::Manual, origin, first_sentence(rest), span);
            draft.guard = guard;
            draft.text = self.source(&draft.span).to_owned();
            let place = draft.span.start;
            self.push(draft);
            self.note_later_guards(text, place);
        } else if !admonition && placed && self.needs_doing(text) {
            let mut draft = self.draft(NodeKind::Manual, Origin::Paragraph, first_sentence(text), span);
            draft.text = self.source(&draft.span).to_owned();
            self.push(draft);
        }
    }

    /// "**2. Fill in the file.**", "**Step 2:** Fill in the file.": a step as under a numbered heading, unless a list, a block or a
    /// table stands below.
    fn past_bold_number<'t>(&self, text: &'t str) -> (&'t str, Origin) {
        let strong = self.runs().first().is_some_and(|run| run.strong);
        let text = if strong { self.past_run_in(text) } else { text };
        let past = if strong { super::strip_number(text) } else { trim(text) };
        let past = match past.len() < trim(text).len() {
            true => past,
            false => crate::numbered::past_step(self.lexicon, past, strong).unwrap_or(past),
        };
        let next = self.doc.leaves.get(self.leaf + 1);
        let more = |next: &crate::doc::Leaf| {
            next.item.is_some() || matches!(next.kind, LeafKind::Code(_) | LeafKind::Table(_))
        };
        let numbered = past.len() < trim(text).len()
            && !next.is_some_and(more)
            && self.past_label_line(text).len() == text.len()
            && !self.is_title_of_order();
        if numbered { (past, Origin::Heading) } else { (text, Origin::Paragraph) }
    }

    /// "**Step 2: Drain the node**" over "Drain it through the console.": the order below is the step.
    fn is_title_of_order(&self) -> bool {
        let next = self.leaf + 1;
        let below = self.doc.leaves.get(next).filter(|leaf| leaf.kind == LeafKind::Paragraph && leaf.item.is_none());
        below.is_some()
            && self.runs().iter().all(|run| run.strong)
            && items::orders(self.lexicon, self.doc.words(next), first_sentence(self.doc.plain(next)))
    }

    /// Tells whether a heading begins with the name of a script or another code span.
    pub(super) fn is_of_code(&self, heading: usize) -> bool {
        let first = self.doc.runs(heading).iter().find(|run| run.text.contains(char::is_alphabetic));
        first.is_some_and(|run| run.kind == RunKind::Code)
    }

    /// "The script:", "el sistema realizará:": what follows is done by a program.
    pub(super) fn describes(&self, sentence: &str) -> bool {
        let folded = self.fold(shorten(sentence, 400));
        let clause = behind_last(&folded, ", ").trim_end_matches([':', ' ']);
        let asks =
            folded.starts_with("que hace") || folded.starts_with("what it does") || folded.starts_with("o que faz");
        let aims = [
            "com foco em",
            "con foco en",
            "com o objetivo de",
            "con el objetivo de",
            "focuses on",
            "aims at",
            "is used to",
            "is used for",
            "are used to",
            "are used for",
            "e usado para",
            "e usada para",
            "serve para",
            "se usa para",
            "se utiliza para",
            "sirve para",
        ];
        let end = folded.trim_end_matches([':', ' ']);
        let aimed = aims.iter().any(|words| end.ends_with(words));
        asks || aimed
            || things::what_must_be(end)
            || things::what_it_holds(end)
            || things::what_this_does(end)
            || things::what_comes(end)
            || self.may(sentence, Signs::CONDITION)
                && end.len() < folded.len()
                && things::what_it_depends_on(self.lexicon, end)
            || self.is_said_of_something(&folded)
            || self.lexicon.starts(Category::Actor, clause).is_some() && !self.lexicon.is_imperative(&folded)
    }

    /// "I wrote `x`, a script that:", "we could:": what it does, or might be done, stands below; "hay que:" orders.
    fn is_said_of_something(&self, folded: &str) -> bool {
        if !folded.trim_end().ends_with(':') {
            return false;
        }
        let mut words = folded.trim_end_matches([':', ' ']).rsplit(' ').map(first_word);
        let (last, before) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        self.lexicon.is(Category::Might, last) && (last != "could" || before == "we")
            || matches!(last, "que" | "that" | "which")
                && !self.lexicon.is(Category::BeforeThat, before)
                && !self.lexicon.is(Category::Whether, before)
    }

    /// "Solution: restart it": the order stands behind its label.
    fn past_remedy<'t>(&self, text: &'t str) -> &'t str {
        const LONGEST: usize = 40;
        if !self.runs().first().is_some_and(|run| run.strong) {
            return text;
        }
        let bytes = text.as_bytes();
        let ends = |at: &usize| bytes.get(at + 1) == Some(&b' ');
        // "Is it up? Go on with part 3."
        let end = memchr::memchr2_iter(b':', b'?', &bytes[..bytes.len().min(LONGEST)]).find(ends);
        let label = end.map(|end| (&text[..end], &text[end + 2..]));
        let remedy = |label: &str| {
            if bytes[label.len()] == b'?' {
                return true;
            }
            let folded = self.fold(label);
            // "Solution 2"
            let name = folded.trim_matches(|c: char| !c.is_alphabetic());
            self.lexicon.label_is(Category::Remedy, name) || self.lexicon.label_is(Category::Solution, name)
        };
        label.filter(|(label, _)| remedy(label)).map_or(text, |(_, rest)| rest)
    }

    /// "**9.1. The API**" on a line of its own, and "Open the page" on the next one.
    fn past_label_line<'t>(&self, text: &'t str) -> &'t str {
        let runs = self.runs();
        let strong = runs.iter().take_while(|run| run.strong).count();
        if strong == 0 || runs.get(strong).is_none_or(|run| run.kind != RunKind::Break) {
            return text;
        }
        let label = crate::doc::plain(&runs[..strong]);
        text.strip_prefix(&*label).filter(|rest| !rest.trim().is_empty()).map_or(text, str::trim_start)
    }

    /// "You may need to log in", "you'll need to look deeper": an order in other words.
    fn needs_doing(&self, text: &str) -> bool {
        let folded = self.fold(shorten(text, 2000));
        let must = self.lexicon.label_starts(Category::Must, &folded).map(|words| first_word(&folded[words.len()..]));
        if must.is_some_and(|verb| verb.ends_with('r') && self.lexicon.is_verb(verb)) {
            return true;
        }
        const NEEDS: [&str; 4] = ["you may need to ", "you'll need to ", "you will need to ", "you have to "];
        memchr::memmem::find_iter(folded.as_bytes(), b"you").any(|at| {
            let verb = NEEDS.iter().find_map(|phrase| folded[at..].strip_prefix(phrase)).map(first_word);
            verb.is_some_and(|verb| self.lexicon.is_verb(verb))
        })
    }

    /// "See the guide for more" only points elsewhere.
    fn refers(&self, folded: &str) -> bool {
        self.lexicon.starts(Category::Goto, folded).is_some() || folded.starts_with("note")
    }

    pub(super) fn escalation(&mut self, text: &str, folded: &str, origin: Origin) -> bool {
        let section = self.section.and_then(|s| self.outline.sections[s].phase) == Some(Phase::Escalate);
        if !section && !self.may(text, Signs::ESCALATES) {
            return false;
        }
        // "Emergency contacts:" lists whom to call, and orders nothing.
        if origin == Origin::Item && self.list_lead.as_ref().is_some_and(|lead| lead.informs) {
            return false;
        }
        // "Who is told, and when?" asks.
        if text.trim_end().ends_with('?') {
            return false;
        }
        let own = minutes_after(self.lexicon, folded);
        // "Consider:" and "failing over", "enabling the page" below it: the items are parts of one.
        let part = self.doc.leaves[self.leaf].item.is_some_and(|item| self.doc.items[item].parent.is_some());
        let gerund = |word: &str| word.len() > 5 && (word.ends_with("ing") || word.ends_with("ndo"));
        if origin == Origin::Item && part && own.is_none() && folded.split(' ').take(2).any(gerund) {
            return false;
        }
        let minutes = own.or(self.list_minutes());
        if minutes.is_none() && !section {
            return false;
        }
        // "Status page: https://…" is a page to look at.
        let calls =
            self.lexicon.find(Category::Escalate, folded).is_some_and(|(at, _)| !folded[..at].ends_with("status "));
        if !(calls && minutes.is_some() || section && (calls || minutes.is_some()))
            || origin == Origin::Paragraph && minutes.is_none()
        {
            return false;
        }
        let span = self.doc.leaves[self.leaf].span();
        let split = self.split(text);
        let guard = split.guard.map(|g| (g.to_owned(), span.start));
        let mut draft = self.draft(NodeKind::Escalation, origin, split.rest, span);
        if minutes.is_some() {
            draft.rare().after_minutes = minutes;
        }
        draft.guard = guard;
        draft.text = self.source(&draft.span).to_owned();
        self.push(draft);
        true
    }

    /// "When to use: after a bad release": the condition of the whole section.
    fn when_to_use(&mut self, text: &str, folded: &str) -> bool {
        let start = past_marks(folded);
        if self.lexicon.label_starts(Category::WhenTo, start).is_none() || self.doc.leaves[self.leaf].item.is_some() {
            return false;
        }
        let condition = text.split_once(':').map_or(text, |(_, rest)| rest).trim();
        let condition = if condition.is_empty() { text } else { first_sentence(condition) };
        let place = self.doc.leaves[self.leaf].span().start;
        self.out.loose_guards.push(place);
        let condition = shorten(condition, 400).to_owned();
        match self.section.and_then(|s| self.outline.sections[s].arm) {
            Some(arm) => self.out.arm_guards.push((arm, condition)),
            None => self.section_guard = Some((condition, place)),
        }
        // What a block or a list needs from the words before it, it still gets.
        self.lead = self.introduces().then(|| Lead { text: self.held(text), ..Lead::default() });
        true
    }

    /// "Should return f": what is seen after the command before it.
    fn expected(&mut self, text: &str, folded: &str) -> bool {
        let Some(last) = self.last_command else { return false };
        let start = past_marks(folded);
        if self.lexicon.starts(Category::Expected, start).is_none() {
            return false;
        }
        if self.introduces() {
            // "It must not show:" introduces what is not expected; that is only shown.
            let expects = self.lexicon.starts(Category::Prohibit, start).is_none() && !start.contains(" not ");
            self.lead = Some(Lead { title: self.held(text), expects, ..Lead::default() });
        } else {
            self.out.drafts[last].rare().expected.get_or_insert_with(|| shorten(without_label(text), 2000).to_owned());
        }
        true
    }

    /// Tells whether the next leaf is what this paragraph speaks of.
    fn introduces(&self) -> bool {
        let this = &self.doc.leaves[self.leaf];
        let Some(next) = self.doc.leaves.get(self.leaf + 1) else { return false };
        // A box that is closed speaks of nothing behind it.
        if self.source(&this.span()).trim_end().ends_with("\n:::") {
            return false;
        }
        match next.kind {
            LeafKind::Code(_) => next.item == this.item || this.item.is_none(),
            LeafKind::Paragraph => {
                next.item.is_some() && next.item != this.item && self.plain(self.leaf).ends_with(':')
            }
            LeafKind::Table(_) => self.plain(self.leaf).ends_with(':'),
            _ => false,
        }
    }

    pub(super) fn lead_from(&self, text: &str, place: usize) -> Lead<'a> {
        let last = last_sentence(text);
        // Only "if …" at the start: "when you are done" says when, not whether.
        let conditional = |sentence: &&str| {
            let folded = self.fold(shorten(sentence, 40));
            self.lexicon.starts(Category::GuardStrong, &folded).is_some() && !folded.starts_with("when ")
        };
        // "**Level 2:** If it is still down, call:"
        let labelled = self.runs().first().filter(|run| run.strong && run.text.len() < 40);
        let behind = labelled.and_then(|_| text.split_once(": ")).map_or("", |(_, rest)| first_sentence(rest));
        let sentences = [last, first_sentence(text), behind];
        let sentences = sentences.into_iter().filter(|sentence| !sentence.is_empty()).filter(conditional);
        let guard = sentences.map(|s| self.guard_of(s, place)).find(Option::is_some).flatten();
        let title = self.held(split_leading(self.lexicon, self.words(), last).rest);
        let folded = self.fold(shorten(self.past_error(text), 200));
        let start = past_marks(&folded);
        let labelled = self.lexicon.label_starts(Category::ProhibitLabel, start).is_some();
        let forbidden = labelled
            && !forbid::is_reminder(self.lexicon, start)
            && !bad::avoids_harm(self.lexicon, start)
            && !turned::says_instead(self.lexicon, &self.fold(shorten(text, 1000)));
        Lead {
            title,
            guard,
            text: self.source(&self.doc.leaves[self.leaf].span()),
            item: self.doc.leaves[self.leaf].item,
            prohibits: (forbidden
                || self.forbids(text)
                || self.calls_wrong(text)
                || self.tells_what_is_over(text, last))
                && !self.turns(text, last),
            expects: false,
            minutes: minutes_after(self.lexicon, &self.fold(shorten(text, 1000))),
            describes: self.describes(last),
        }
    }

    /// A condition that no node will carry still counts.
    fn note_guard(&mut self, lead: &Lead<'_>) {
        if let Some((_, place)) = &lead.guard {
            self.out.loose_guards.push(*place);
        }
    }
}

/// The first sentence of a text.
pub fn first_sentence(text: &str) -> &str {
    let ends = |mark: u8| {
        let bytes = text.as_bytes();
        memchr::memchr_iter(mark, bytes).find(|at| bytes.get(at + 1) == Some(&b' ') && !is_abbreviated(bytes, *at))
    };
    let end = ends(b'.').or_else(|| ends(b';')).map_or(text.len(), |at| at + 1);
    text[..end].trim()
}

fn last_sentence(text: &str) -> &str {
    let body = text.trim_end_matches([':', '.', ' ']);
    text[body.len() - last_of(body).len()..].trim()
}

/// What stands behind the last full stop of a text.
pub fn last_of(text: &str) -> &str {
    let bytes = text.as_bytes();
    let ends = |at: &usize| bytes.get(at + 1) == Some(&b' ') && !is_abbreviated(bytes, *at);
    let stop = memchr::memrchr_iter(b'.', bytes).find(ends);
    stop.map_or(text, |at| &text[at + 2..])
}

/// Cuts the label off "Expected: one row"; a sentence ("It should return f: …") stays whole.
fn without_label(text: &str) -> &str {
    let label =
        text.split_once(':').filter(|(label, rest)| label.split_whitespace().count() <= 2 && !rest.trim().is_empty());
    label.map_or(text, |(_, rest)| rest.trim_start_matches('*').trim())
}

/// "[Paste the log here]": a place of a form.
pub fn is_a_place(text: &str) -> bool {
    text.starts_with('[') && text.trim_end().ends_with(']')
}

/// "(ej. …", "e.g. …", "Art. 48": where no sentence ends.
fn is_abbreviated(bytes: &[u8], at: usize) -> bool {
    const SHORT: [&[u8]; 6] = [b"(ej", b"(ex", b"p.ej", b"p.ex", b"e.g", b"i.e"];
    const NUMBERED: [&[u8]; 6] = [b" Art", b" art", b"(Art", b"(art", b" sec", b" Sec"];
    let before = &bytes[..at];
    SHORT.iter().any(|short| before.ends_with(short))
        || bytes.get(at + 2).is_some_and(u8::is_ascii_digit) && NUMBERED.iter().any(|short| before.ends_with(short))
}
