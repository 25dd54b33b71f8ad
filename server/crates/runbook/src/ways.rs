//! What makes the headings under one the ways out of it.

use crate::cases;
use crate::doc::{Doc, LeafKind};
use crate::lexicon::{Category, Lexicon};
use crate::outline::{Section, is_scenario, runs_of};
use crate::words::shorten;

/// "My screen stays black. What to do?": what is under it are the ways in which that happens.
pub fn asks_what_to_do(name: &str) -> bool {
    let name = name.trim_end_matches(|c: char| !c.is_alphanumeric());
    let asked = [". what to do", "? what to do", ". o que fazer", "? o que fazer", ". que hacer", "? que hacer"];
    let asks = |name: &str| asked.iter().any(|words| name.ends_with(words));
    if name.contains('¿') { asks(&name.replace('¿', "")) } else { asks(name) }
}

/// "Option 1" and "Option 2": side by side, or with nothing between them but what only tells.
pub fn options(doc: &Doc<'_>, lexicon: &Lexicon, sections: &[Section<'_>], family: &[usize]) -> Vec<Vec<usize>> {
    let of = |i: &usize| &sections[*i];
    let named = |i: &usize| {
        is_scenario(lexicon, of(i).name, of(i).title)
            && !crate::over::is_over(doc, of(i))
            && !sorts(lexicon, sections, *i)
    };
    // They ascend.
    let found: Vec<usize> = family.iter().copied().filter(named).collect();
    let is = |i: &usize| found.binary_search(i).is_ok();
    let runs = if found.len() > 1 { runs_of(family, is) } else { Vec::new() };
    if found.len() < 2 || !runs.is_empty() {
        return runs;
    }
    let acting: Vec<usize> = family.iter().copied().filter(|i| is(i) || cases::acts(doc, lexicon, of(i))).collect();
    runs_of(&acting, is)
}

/// "Problemas com o Docker", "Problems by service": a heading under which problems are put in order.
pub fn sorts_problems(name: &str) -> bool {
    const LONGEST: usize = 40;
    ["problemas ", "problems ", "issues "].iter().any(|word| name.starts_with(word)) && name.len() < LONGEST
}

/// The same over such problems: they are the cases.
pub fn sorts(lexicon: &Lexicon, sections: &[Section<'_>], section: usize) -> bool {
    let below = |next: &Section<'_>| next.parent == Some(section) && cases::is_trouble(lexicon, next.name);
    sorts_problems(sections[section].name) && sections.get(section + 1).is_some_and(below)
}

/// "Restarting the pod", "Moving the data": what can be done, each under its name.
pub fn is_gerund(name: &str) -> bool {
    name.split(' ').next().is_some_and(|w| w.len() > 5 && w.ends_with("ing"))
}

/// The headings under "Mitigation" of which about half begin with when they hold ("If the pod hangs:"), at least two of them and no
/// step of a row: one does what fits, not all of it. Whom to ask then is none of them.
pub fn depending(doc: &Doc<'_>, lexicon: &Lexicon, sections: &[Section<'_>], family: &[usize]) -> Option<Vec<usize>> {
    let conditional = |section: &Section<'_>| {
        let leaf = section.leaf + 1;
        let text = |leaf: &crate::doc::Leaf| matches!(leaf.kind, LeafKind::Paragraph) && leaf.item.is_none();
        doc.leaves.get(leaf).is_some_and(text) && leaf < section.end && {
            let folded = doc.words(leaf).fold(shorten(doc.plain(leaf), 60));
            // "When you are done", "before you begin" say when in a row.
            ["if ", "se ", "si ", "caso ", "en caso "].iter().any(|word| folded.starts_with(word))
                && lexicon.starts(Category::GuardStrong, &folded).is_some()
        }
    };
    let stepped = |section: &Section<'_>| {
        section.number.is_some() || lexicon.label_starts(Category::Step, section.name).is_some()
    };
    let called = |name: &str| {
        ["support", "suporte", "soporte"].contains(&name)
            || [Category::PhaseEscalate, Category::Info].iter().any(|of| lexicon.label_is(*of, name))
    };
    let ways: Vec<usize> = family.iter().copied().filter(|section| !called(sections[*section].name)).collect();
    let of = || ways.iter().map(|section| &sections[*section]);
    let led = of().filter(|section| conditional(section)).count();
    (led > 1 && led * 2 >= ways.len() && !of().any(stepped)).then_some(ways)
}
