//! Headings: what each one means, and which of them are alternatives.

use std::ops::Range;

use farol_api::graph::Phase;
use rustc_hash::FxHashMap;

use crate::anchors::{anchor_of, unique};
use crate::cases;
use crate::doc::{Doc, LeafKind};
use crate::folding::Words;
use crate::lexicon::{Category, Lexicon, split_guard};
use crate::ways;

/// A heading with what stands under it.
pub struct Section<'a> {
    /// Plain text.
    pub title: &'a str,
    /// Folded, without its number.
    pub name: &'a str,
    /// Its number as written, for example `2.1`.
    pub number: Option<&'a str>,
    /// 1 to 6.
    pub level: u8,
    /// Unique in the document.
    pub anchor: &'a str,
    /// From the heading to the next of its level or higher.
    pub span: Range<usize>,
    /// The heading alone.
    pub heading: Range<usize>,
    /// The leaf that is the heading.
    pub leaf: usize,
    /// One after its last leaf.
    pub end: usize,
    /// The section around it.
    pub parent: Option<usize>,
    /// Where in an incident it belongs, inherited from outside.
    pub phase: Option<Phase>,
    /// Whether it only informs: what it lists are no steps.
    pub quiet: bool,
    /// Whether it is quiet only because it tells how something is set up: an ordered list there may order.
    pub setup: bool,
    /// The arm that it is.
    pub arm: Option<usize>,
}

/// A choice between arms.
pub struct Decision {
    /// The section whose arms they are.
    pub section: Option<usize>,
    /// Its arms, in order.
    pub arms: Vec<usize>,
}

/// One alternative.
pub struct Arm {
    /// The decision it belongs to.
    pub decision: usize,
    /// Its index there.
    pub index: usize,
    /// The author's name for it.
    pub label: String,
    /// The author's condition for it.
    pub guard: Option<String>,
    /// Where it stands.
    pub span: Range<usize>,
}

/// All sections and the choices among them.
#[derive(Default)]
pub struct Outline<'a> {
    /// Headings, in order.
    pub sections: Vec<Section<'a>>,
    /// Choices.
    pub decisions: Vec<Decision>,
    /// Their arms.
    pub arms: Vec<Arm>,
}

impl Outline<'_> {
    /// Returns the titles from the outermost section to this one.
    pub fn path(&self, section: Option<usize>) -> Vec<String> {
        let mut titles: Vec<String> = self.ancestors(section).map(|s| self.sections[s].title.to_owned()).collect();
        titles.reverse();
        titles
    }

    /// Returns a section and those around it, innermost first.
    pub fn ancestors(&self, section: Option<usize>) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(section, |s| self.sections[*s].parent)
    }

    /// Returns the arms that a section lies in, outermost first.
    pub fn arms_of(&self, section: Option<usize>) -> impl Iterator<Item = usize> + Clone + '_ {
        // No heading lies in more than five others.
        let mut around = [None; 6];
        for (place, section) in around.iter_mut().rev().zip(self.ancestors(section)) {
            *place = self.sections[section].arm;
        }
        around.into_iter().flatten()
    }

    /// Returns which of some sections of one name is meant at a place of the text: the one with the closest section
    /// around both; nothing where several are as close.
    pub fn nearest(&self, sections: &[usize], place: usize) -> Option<usize> {
        // As many around the place are looked at as may hold it, and two more to tell whether one is closest.
        const NEAR: usize = 8;
        if let [only] = sections {
            return Some(*only);
        }
        let after = sections.partition_point(|s| self.sections[*s].span.start <= place);
        let sections = &sections[after.saturating_sub(NEAR)..sections.len().min(after + 2)];
        let depth = |section: usize| {
            let around =
                self.ancestors(self.sections[section].parent).filter(|s| self.sections[*s].span.contains(&place));
            around.map(|s| self.sections[s].level).max().unwrap_or(0)
        };
        let outside = || sections.iter().copied().filter(|s| !self.sections[*s].span.contains(&place));
        let deepest = outside().map(depth).max()?;
        let mut found = outside().filter(|s| depth(*s) == deepest);
        found.next().filter(|_| found.next().is_none())
    }

    /// Adds a choice.
    pub fn decide(&mut self, section: Option<usize>, arms: Vec<(String, Option<String>, Range<usize>)>) -> Vec<usize> {
        let decision = self.decisions.len();
        let first = self.arms.len();
        for (index, (label, guard, span)) in arms.into_iter().enumerate() {
            self.arms.push(Arm { decision, index, label, guard, span });
        }
        let ids: Vec<usize> = (first..self.arms.len()).collect();
        self.decisions.push(Decision { section, arms: ids.clone() });
        ids
    }
}

pub(crate) const PHASES: [(Category, Phase); 9] = [
    (Category::PhaseDetect, Phase::Detect),
    (Category::PhaseTriage, Phase::Triage),
    (Category::PhaseDiagnose, Phase::Diagnose),
    (Category::PhaseResolve, Phase::Resolve),
    (Category::PhaseVerify, Phase::Verify),
    (Category::PhaseRollback, Phase::Rollback),
    (Category::PhaseEscalate, Phase::Escalate),
    (Category::PhasePrevent, Phase::Prevent),
    (Category::PhaseReview, Phase::Review),
];

/// Reads the headings.
pub fn read<'a>(doc: &Doc<'a>, lexicon: &Lexicon) -> Outline<'a> {
    let mut outline = Outline { sections: sections(doc, lexicon), ..Outline::default() };
    choices(doc, lexicon, &mut outline);
    outline
}

fn sections<'a>(doc: &Doc<'a>, lexicon: &Lexicon) -> Vec<Section<'a>> {
    let mut sections: Vec<Section<'a>> = Vec::with_capacity(doc.headings);
    let mut open: Vec<usize> = Vec::new();
    let mut anchors: FxHashMap<&str, usize> = FxHashMap::default();
    anchors.reserve(doc.headings);
    for (leaf, heading) in doc.leaves.iter().enumerate() {
        let LeafKind::Heading(level) = heading.kind else { continue };
        while open.last().is_some_and(|o| sections[*o].level >= level) {
            close(&mut sections, &mut open, heading.span().start, leaf);
        }
        let title = doc.plain(leaf);
        let folded = doc.words(leaf).fold(title);
        let (number, name) = number_of(&folded);
        let (number, name) = (number.map(|number| doc.keep(number)), doc.keep(name));
        let parent = open.last().copied();
        let outer = parent.map(|p| (sections[p].phase, cases::is_quiet(lexicon, &sections[p])));
        let (phase, quiet) = meaning(lexicon, name, level, outer);
        // "2. Create the key" orders, also under "Configuration".
        let quiet = quiet && !(number.is_some() && lexicon.is_imperative(name));
        let own = lexicon.label_starts(Category::Info, name).is_some();
        let setup = quiet
            && (lexicon.label_starts(Category::Setup, name).is_some()
                || !own && parent.is_some_and(|p| sections[p].setup));
        let anchor = unique(doc, &mut anchors, doc.keep(&anchor_of(title)));
        open.push(sections.len());
        let (span, head) = (heading.span().start..doc.text.len(), heading.span());
        sections.push(Section {
            title,
            name,
            number,
            level,
            anchor,
            span,
            heading: head,
            leaf,
            end: doc.leaves.len(),
            parent,
            phase,
            quiet,
            setup,
            arm: None,
        });
    }
    sections
}

fn close(sections: &mut [Section<'_>], open: &mut Vec<usize>, offset: usize, leaf: usize) {
    if let Some(section) = open.pop() {
        sections[section].span.end = offset;
        sections[section].end = leaf;
    }
}

/// What a heading says of the steps under it: the phase, and whether they are steps at all.
fn meaning(lexicon: &Lexicon, name: &str, level: u8, outer: Option<(Option<Phase>, bool)>) -> (Option<Phase>, bool) {
    let phrase = |category: Category| lexicon.label_starts(category, name).map_or(0, str::len);
    let own = PHASES.iter().map(|(category, phase)| (phrase(*category), *phase)).max_by_key(|(len, _)| *len);
    // "Symptom: the site is down" names a case and lists no symptoms.
    let one = cases::named(lexicon, name).is_some();
    let own = own.filter(|(len, phase)| *len > 0 && !(one && *phase == Phase::Detect));
    let info = if one { 0 } else { phrase(Category::Info) };
    let info = if info > 0 && cases::has_remedies(lexicon, name) { 0 } else { info };
    let (phase, quiet) = outer.unwrap_or_default();
    if level == 1 {
        return (None, false);
    }
    match own {
        Some((len, own)) if info < len => (Some(own), own == Phase::Prevent && quiet),
        Some((_, own)) => (Some(own), true),
        None if info > 0 => (phase, true),
        None => (phase, quiet),
    }
}

/// Takes `1.`, `2.1`, `3)`, `Passo 4:` off a folded title.
pub fn number_of(folded: &str) -> (Option<&str>, &str) {
    let start = crate::words::past_marks(folded);
    let digits = start.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(start.len());
    let number = start[..digits].trim_end_matches('.');
    let rest = start[digits..].trim_start_matches([')', ':', '-', '–', '—', '.', ' ']);
    let separated = start[digits..].starts_with([' ', ')', ':', '-']) || start[..digits].ends_with('.');
    // "403 Forbidden": what a server answered.
    let answered = number.len() == 3
        && !number.contains('.')
        && number.starts_with(['4', '5'])
        && start[digits..].starts_with(' ');
    if !number.is_empty() && number.len() < 8 && separated && !answered && !rest.is_empty() {
        return (Some(number), rest.trim_end_matches(':').trim());
    }
    (None, start.trim_end_matches([':', ' ']))
}

/// Finds sibling headings that are alternatives.
fn choices(doc: &Doc<'_>, lexicon: &Lexicon, outline: &mut Outline<'_>) {
    let mut families: FxHashMap<(Option<usize>, u8), Vec<usize>> = FxHashMap::default();
    let mut order = Vec::new();
    for (i, section) in outline.sections.iter().enumerate() {
        let key = (section.parent, section.level);
        let family = families.entry(key).or_default();
        if family.is_empty() {
            order.push(key);
        }
        family.push(i);
    }
    let (lists, parts) = (holds_list(doc), cases::parts(doc, lexicon, &outline.sections));
    for key in order {
        let family = families.remove(&key).filter(|family| family.len() > 1).unwrap_or_default();
        for run in alternatives(doc, lexicon, outline, &lists, &parts, &family) {
            let arms = run.iter().map(|s| arm_of(lexicon, &outline.sections[*s])).collect();
            let ids = outline.decide(key.0, arms);
            for (section, arm) in run.into_iter().zip(ids) {
                outline.sections[section].arm = Some(arm);
                outline.sections[section].quiet = false;
            }
        }
    }
}

fn arm_of(lexicon: &Lexicon, section: &Section<'_>) -> (String, Option<String>, Range<usize>) {
    if cases::is_condition(lexicon, section) {
        return (section.title.to_owned(), Some(section.title.trim_end_matches(':').to_owned()), section.span.clone());
    }
    let after = section.title.split_once([':', '–', '—']).map_or("", |(_, rest)| rest.trim());
    let guard = split_guard(lexicon, Words::NONE, after).guard.map(str::to_owned);
    (section.title.to_owned(), guard, section.span.clone())
}

/// Which headings own an ordered list directly, by leaf.
fn holds_list(doc: &Doc<'_>) -> Vec<usize> {
    // Prefix sums of leaves that open an ordered list's first item.
    let mut sums = vec![0];
    let mut last = None;
    for leaf in &doc.leaves {
        let first = leaf.item.filter(|i| doc.items[*i].number == Some(1) && Some(*i) != last);
        last = leaf.item.or(last);
        sums.push(sums[sums.len() - 1] + usize::from(first.is_some()));
    }
    sums
}

fn alternatives(
    doc: &Doc<'_>,
    lexicon: &Lexicon,
    outline: &Outline<'_>,
    lists: &[usize],
    parts: &[cases::Parts],
    family: &[usize],
) -> Vec<Vec<usize>> {
    let of = |i: &usize| &outline.sections[*i];
    let mut runs = ways::options(doc, lexicon, &outline.sections, family);
    if runs.is_empty() {
        runs = runs_of(family, |i| {
            let name = of(i).name;
            let other =
                lexicon.label_starts(Category::Scenario, name).is_some_and(|w| w == name && w.contains("alternativ"));
            other
                || is_way(lexicon, name)
                || cases::is_by_hand(doc, lexicon, of(i))
                || lexicon.label_starts(Category::Via, name).is_some()
                || lexicon.label_starts(Category::Env, name).is_some() && !names_a_file(name)
        });
    }
    if runs.is_empty() {
        runs = cases::by_way(&outline.sections, family);
    }
    let cases = family.first().and_then(|i| of(i).parent).is_some_and(|p| {
        let name = outline.sections[p].name;
        outline.sections[p].level > 1
            && (cases::are_common(lexicon, name) || ways::asks_what_to_do(name) || cases::is_by_case(lexicon, name))
    });
    if runs.is_empty() && cases {
        let phase = |s: &Section<'_>| PHASES.iter().any(|(c, _)| lexicon.label_is(*c, s.name));
        // "If it does not work" and orders below it: what to try, one after the other.
        let tried = family.first().and_then(|i| of(i).parent).map_or("", |p| outline.sections[p].name);
        let tried = lexicon.starts(Category::Guard, tried).is_some();
        runs = runs_of(family, |i| {
            let name = of(i).name;
            !phase(of(i))
                && lexicon.label_starts(Category::Step, name).is_none()
                && !(tried && lexicon.is_imperative(name))
        });
    }
    if runs.is_empty() && is_numbered_incidents(lexicon, outline, lists, family) {
        let held = |i: &usize| of(i).number.is_some() && holds(lists, of(i));
        runs = runs_of(family, held);
    }
    if runs.is_empty() {
        runs = cases::seen(doc, lexicon, &outline.sections, family);
    }
    if runs.is_empty() {
        runs = cases::find(doc, lexicon, &outline.sections, parts, family);
    }
    runs = cases::widen(doc, lexicon, &outline.sections, family, runs);
    let resolving = family
        .first()
        .and_then(|i| of(i).parent)
        .is_some_and(|p| outline.sections[p].phase == Some(Phase::Resolve) && outline.sections[p].level > 1);
    if runs.is_empty() && resolving {
        runs = runs_of(family, |i| of(i).number.is_none() && ways::is_gerund(of(i).name));
        if runs.is_empty() {
            runs.extend(ways::depending(doc, lexicon, &outline.sections, family));
        }
    }
    runs
}

fn holds(lists: &[usize], section: &Section<'_>) -> bool {
    lists[section.end] > lists[section.leaf]
}

/// `Scenario 1: …`, `Cenário A`, `Problema: …`; a plain "Case study" is none.
pub fn is_scenario(lexicon: &Lexicon, name: &str, title: &str) -> bool {
    let Some(word) = lexicon.label_starts(Category::Scenario, name) else {
        return is_numbered_runbook(name) || is_option_of(lexicon, name);
    };
    let rest = name[word.len()..].trim_start();
    let key = rest.split([' ', ':', '-', '–', '—', ')', '.']).next().unwrap_or("");
    let numbered = !key.is_empty() && (key.bytes().all(|b| b.is_ascii_digit()) || key.len() == 1 && rest.len() > 1);
    rest.starts_with([':', '-', '–', '—', '#']) || numbered || rest.len() == 1 && title.len() < 24
}

/// `Rollback option 2: …`: which option of what.
fn is_option_of(lexicon: &Lexicon, name: &str) -> bool {
    let rest = name.split_once(' ').map_or("", |(_, rest)| rest);
    rest.starts_with("op") && lexicon.names_option(rest)
}

/// `RUNBOOK-003: …`, `Playbook 2 – …`: one of several in a document.
fn is_numbered_runbook(name: &str) -> bool {
    let rest = ["runbook", "playbook"].iter().find_map(|word| name.strip_prefix(word));
    rest.map(|rest| rest.trim_start_matches([' ', '-', '#'])).is_some_and(|rest| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        (1..4).contains(&digits) && rest[digits..].trim_start().starts_with([':', '-', '–', '—'])
    })
}

/// `Método recomendado: …`, `Preferred method: …`: a word for one of several ways, and which of them.
fn is_way(lexicon: &Lexicon, name: &str) -> bool {
    let mut words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let (first, second) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    lexicon.label_is(Category::Option, first) && says_which(second)
        || says_which(first) && lexicon.label_is(Category::Option, second)
}

/// "Future automated path", "Caminho rápido": the same of a label over a numbered list.
pub fn is_way_to_go(lexicon: &Lexicon, name: &str) -> bool {
    const WAYS: [&str; 7] = ["path", "route", "approach", "caminho", "rota", "camino", "ruta"];
    let words = || name.split(|c: char| !c.is_alphanumeric());
    words().any(says_which)
        && words().any(|word| WAYS.contains(&word) || lexicon.label_is(Category::Option, word))
        && !lexicon.is_imperative(name)
}

/// "docker-compose.yml (base)"
fn names_a_file(name: &str) -> bool {
    name.split(' ').next().is_some_and(|word| word.contains('.'))
}

/// Tells whether a word says which of several ways one is.
fn says_which(word: &str) -> bool {
    const WHICH: [&str; 19] = [
        "recomend",
        "recommend",
        "alternativ",
        "prefer",
        "manual",
        "automatic",
        "rapid",
        "quick",
        "complet",
        "simple",
        "sencill",
        "avanz",
        "avanc",
        "advanced",
        "classic",
        "clasic",
        "fast",
        "segur",
        "automat",
    ];
    WHICH.iter().any(|stem| word.starts_with(stem))
}

/// Numbered headings that each hold their own step list are incidents, not steps of one.
fn is_numbered_incidents(lexicon: &Lexicon, outline: &Outline<'_>, lists: &[usize], family: &[usize]) -> bool {
    let numbered: Vec<&Section<'_>> =
        family.iter().map(|i| &outline.sections[*i]).filter(|s| s.number.is_some()).collect();
    let share = |test: &dyn Fn(&Section<'_>) -> bool| numbered.iter().filter(|s| test(s)).count() * 10;
    let all = numbered.len();
    let phase = |s: &Section<'_>| PHASES.iter().any(|(c, _)| lexicon.label_starts(*c, s.name).is_some());
    let trouble = |s: &Section<'_>| cases::is_trouble(lexicon, s.name);
    all >= 3
        && share(&trouble) >= all * 2
        && share(&|s| holds(lists, s)) >= all * 8
        && share(&phase) <= all * 3
        && share(&|s| lexicon.is_imperative(s.name) || lexicon.label_starts(Category::Step, s.name).is_some())
            <= all * 4
}

/// Runs of at least two neighbours that pass a test.
pub(crate) fn runs_of(family: &[usize], test: impl Fn(&usize) -> bool) -> Vec<Vec<usize>> {
    let (mut runs, mut run) = (Vec::new(), Vec::new());
    for section in family {
        if test(section) {
            run.push(*section);
            continue;
        }
        match run.len() {
            0 | 1 => run.clear(),
            _ => runs.push(std::mem::take(&mut run)),
        }
    }
    runs.extend(Some(run).filter(|run| run.len() > 1));
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_taken_off_headings() {
        assert_eq!(number_of("1. deteccao"), (Some("1"), "deteccao"));
        assert_eq!(number_of("2.1 status"), (Some("2.1"), "status"));
        assert_eq!(number_of("3) logs"), (Some("3"), "logs"));
        assert_eq!(number_of("500 errors"), (None, "500 errors"));
        assert_eq!(number_of("403: forbidden"), (Some("403"), "forbidden"));
        assert_eq!(number_of("rollback:"), (None, "rollback"));
    }

    #[test]
    fn scenarios_are_told_from_words_that_only_look_so() {
        let lexicon = Lexicon::of(None);
        for yes in ["cenario 1: x", "scenario a", "problema: queries lentas", "option b - restore"] {
            assert!(is_scenario(lexicon, yes, yes), "{yes}");
        }
        for no in ["case study", "problem statement", "opcoes"] {
            assert!(!is_scenario(lexicon, no, no), "{no}");
        }
    }
}
