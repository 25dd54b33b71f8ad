//! Headings side by side that each are a problem of their own, though none says "scenario".

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::doc::{Doc, LeafKind};
use crate::lexicon::{Category, Lexicon};
use crate::outline::{PHASES, Section, runs_of};
use crate::words::{first_word, fold, shorten, table};

/// Which parts of a problem stand directly under a heading, as labels or as headings.
#[derive(Clone, Copy, Default)]
pub struct Parts {
    /// Symptoms or causes.
    why: bool,
    /// A solution or a diagnosis.
    what: bool,
    /// When it is the one to choose.
    when: bool,
}

/// Finds for each section which parts of a problem it holds.
pub fn parts(doc: &Doc<'_>, lexicon: &Lexicon, sections: &[Section<'_>]) -> Vec<Parts> {
    let mut parts = vec![Parts::default(); sections.len()];
    let mut current = None;
    let mut next = 0;
    for (i, leaf) in doc.leaves.iter().enumerate() {
        match leaf.kind {
            LeafKind::Heading(_) => {
                current = Some(next);
                next += 1;
                if let Some(parent) = sections.get(next - 1).and_then(|s| s.parent) {
                    parts[parent].note(lexicon, sections[next - 1].name);
                }
            }
            LeafKind::Paragraph if doc.runs(i).first().is_some_and(|r| r.strong) && leaf.item.is_none() => {
                // "**What to do.** Usually wait.": the label is what is bold.
                let bold = doc.runs(i).first().map_or("", |run| run.text.trim());
                let label = fold(shorten(if bold.ends_with(['.', '?']) { bold } else { doc.plain(i) }, 80));
                if let Some(section) = current {
                    parts[section].note(lexicon, label.split(':').next().unwrap_or("").trim());
                }
            }
            LeafKind::Paragraph if i > 0 && matches!(doc.leaves[i - 1].kind, LeafKind::Heading(_)) => {
                let text = shorten(doc.plain(i), 80);
                if lexicon.label_may_start(Category::WhenTo, text)
                    && let Some(section) = current
                {
                    parts[section].when |= lexicon.label_starts(Category::WhenTo, &fold(text)).is_some();
                }
            }
            _ => {}
        }
    }
    parts
}

impl Parts {
    fn note(&mut self, lexicon: &Lexicon, label: &str) {
        let is = |category: Category| lexicon.label_starts(category, label).is_some_and(|w| label.len() < w.len() + 24);
        const SEEN: [&str; 10] = [
            "what's happening",
            "what’s happening",
            "what is happening",
            "what happens",
            "what you'll see",
            "what you will see",
            "o que acontece",
            "o que esta acontecendo",
            "que pasa",
            "que esta pasando",
        ];
        const DONE: [&str; 5] = ["what to do", "what to check", "o que fazer", "que hacer", "como agir"];
        self.why |= is(Category::Symptoms) || is(Category::Cause);
        self.what |= is(Category::Solution) || is(Category::PhaseDiagnose);
        if matches!(label.as_bytes().first(), Some(b'w' | b'o' | b'q' | b'c' | 0xc2)) {
            let label = label.trim_start_matches('¿');
            let begins = |words: &[&str]| words.iter().any(|words| label.starts_with(words));
            self.why |= begins(&SEEN);
            self.what |= begins(&DONE);
        }
        self.when |= is(Category::WhenTo);
    }
}

/// Returns the word of a heading that names one case: `Causa 2: …`, `Sintoma: site fora`, `Solução B – …`.
pub fn named(lexicon: &Lexicon, name: &str) -> Option<&'static str> {
    let word = lexicon.label_starts(Category::Case, name)?;
    let rest = name[word.len()..].trim_start();
    let key = rest.split([' ', ':', '-', '–', '—', ')', '.']).next().unwrap_or("");
    let numbered = key.bytes().all(|b| b.is_ascii_digit()) || key.len() == 1;
    let told = rest.trim_start_matches([':', '-', '–', '—', '#', ' ']).len() > 1;
    (!key.is_empty() && numbered || rest.starts_with([':', '–', '—']) && told).then_some(word)
}

/// Tells whether a heading is nothing but a condition: `Se usou Docker:`, `Si el disco está lleno`.
pub fn is_condition(lexicon: &Lexicon, section: &Section<'_>) -> bool {
    let name = section.name;
    let guard = lexicon.starts(Category::GuardStrong, name).filter(|g| name.len() > g.len() + 4);
    guard.is_some() && lexicon.label_starts(Category::WhenTo, name).is_none() && !is_phase(lexicon, name)
}

/// "Mitigação por cenário", "Recovery by incident type": what is under such a heading are the cases.
pub fn is_by_case(lexicon: &Lexicon, name: &str) -> bool {
    const BY: [&str; 5] = [" por ", " by ", " per ", " segundo ", " segun "];
    const CASES: [&str; 12] = [
        "cenario",
        "escenario",
        "scenario",
        "sintoma",
        "symptom",
        "alerta",
        "alert",
        "incident",
        "incidente",
        "falha",
        "fallo",
        "problema",
    ];
    let by = BY.iter().find_map(|word| name.rfind(word).map(|at| &name[at + word.len()..]));
    by.is_some_and(|rest| {
        let rest = ["tipo de ", "el ", "o "].iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
        let rest = rest.trim_end_matches(|c: char| !c.is_alphanumeric()).trim_end_matches(" type");
        // "Triage by type": what is done about each; "files by type" only lists them.
        let phased = || PHASES.iter().any(|(category, _)| lexicon.label_starts(*category, name).is_some());
        CASES.contains(&rest) || matches!(rest, "type" | "tipo") && phased()
    })
}

/// "Symptoms" and under it "Site down", "Queue grows", each with what to do: half of them or more say that in a list.
pub fn seen(doc: &Doc<'_>, lexicon: &Lexicon, sections: &[Section<'_>], family: &[usize]) -> Vec<Vec<usize>> {
    let around = family.first().and_then(|i| sections[*i].parent).map(|parent| &sections[parent]);
    if !around.is_some_and(|s| s.level > 1 && lexicon.label_is(Category::Symptoms, s.name)) {
        return Vec::new();
    }
    let orders = |leaf: usize| {
        doc.leaves[leaf].item.is_some()
            && (crate::steps::orders(lexicon, doc.words(leaf), doc.plain(leaf))
                || doc.runs(leaf).iter().any(crate::doc::Run::is_command))
    };
    let acting = family.iter().filter(|i| (sections[**i].leaf + 1..sections[**i].end).any(orders)).count();
    let all = acting * 2 >= family.len();
    runs_of(family, |i| all && !is_phase(lexicon, sections[*i].name))
}

/// "Manually", "Automático": a way beside the others.
pub fn is_by_hand(doc: &Doc<'_>, lexicon: &Lexicon, section: &Section<'_>) -> bool {
    let name = section.name;
    let way = matches!(name.as_bytes().first(), Some(b'm' | b'a' | b'b' | b'd')) && {
        let name = name.find('(').map_or(name, |aside| name[..aside].trim_end_matches(' '));
        let one = ["manual", "automat"].iter().any(|stem| name.starts_with(stem)) && !name.contains(' ');
        one || matches!(name, "by hand" | "a mao" | "a mano" | "de forma manual" | "de forma automatica")
    };
    way && acts(doc, lexicon, section)
}

/// "Common problems", "Troubleshooting": what stands under a heading of that name are problems.
pub fn are_under(lexicon: &Lexicon, name: &str) -> bool {
    let name = name.trim_matches(|c: char| !c.is_alphanumeric());
    const FEW: usize = 24;
    let of =
        |category: Category| lexicon.label_starts(category, name).is_some_and(|word| name.len() < word.len() + FEW);
    // "Shop – Troubleshooting"
    const TAILS: [bool; 256] = table(b"-:\xe2");
    let tailed = || name.bytes().any(|byte| TAILS[usize::from(byte)]);
    let tail = || name.rsplit_once(['-', '–', '—', ':']).map_or("", |(_, tail)| tail.trim());
    of(Category::Problems) || are_common(lexicon, name) || tailed() && lexicon.label_is(Category::Problems, tail())
}

/// "Common problems", "Common deployment issues": what may go wrong, and a word for where.
pub fn are_common(lexicon: &Lexicon, name: &str) -> bool {
    const FEW: usize = 24;
    let of = |name: &str| lexicon.label_starts(Category::Cases, name).is_some_and(|word| name.len() < word.len() + FEW);
    let around = || {
        let (first, _) = name.split_once(' ').filter(|(first, _)| matches!(*first, "common" | "known" | "frequent"))?;
        let (inside, last) = name.rsplit_once(' ')?;
        let short = name.len() < 60 && inside.split(' ').count() < 4;
        short.then(|| lexicon.label_is(Category::Cases, &format!("{first} {last}")))
    };
    of(name) || around() == Some(true)
}

/// Tells whether a name says that something goes wrong: `Falha de rede`, `No se puede conectar`, `Disk failure`.
pub fn is_trouble(lexicon: &Lexicon, name: &str) -> bool {
    const LONGEST: usize = 100;
    const PARTS: [Category; 4] = [Category::Symptoms, Category::Cause, Category::Solution, Category::Step];
    name.len() < LONGEST
        && !PARTS.iter().any(|part| lexicon.label_starts(*part, name).is_some())
        && !are_under(lexicon, name)
        && (name.starts_with('"') || lexicon.find(Category::Trouble, name).is_some())
        && lexicon.find(Category::TroubleNot, name).is_none()
        && (!lexicon.is_imperative(name) || is_subject(lexicon, name))
}

/// "Backup fails", "Login no funciona": what stands before that word orders nothing.
fn is_subject(lexicon: &Lexicon, name: &str) -> bool {
    name.split_once(' ').is_some_and(|(_, rest)| lexicon.label_starts(Category::Fails, rest).is_some())
}

/// "copy failed": the name of an alert orders nothing, whatever it begins with.
fn says_trouble(lexicon: &Lexicon, name: &str) -> bool {
    lexicon.find(Category::Trouble, name).is_some() && lexicon.find(Category::TroubleNot, name).is_none()
}

/// Finds headings that say what goes wrong, each with what to do about it; under "Troubleshooting" those among them too.
fn troubles(doc: &Doc<'_>, lexicon: &Lexicon, sections: &[Section<'_>], family: &[usize]) -> Vec<Vec<usize>> {
    let of = |i: &usize| &sections[*i];
    let around = family.first().and_then(|i| of(i).parent).map_or("", |parent| of(&parent).name);
    let under = are_under(lexicon, around) || {
        let parent = family.first().and_then(|i| of(i).parent);
        let above = parent.and_then(|parent| of(&parent).parent).map_or("", |above| of(&above).name);
        crate::ways::sorts_problems(around) || crate::ways::sorts_problems(above)
    };
    // "Disk still filling up?": there the question is the problem.
    let is = |s: &Section<'_>| {
        is_trouble(lexicon, s.name)
            || under && s.name.ends_with('?')
            || alert(s.title).is_some_and(|name| says_trouble(lexicon, &name))
    };
    let troubled: Vec<usize> =
        family.iter().copied().filter(|i| is(of(i)) && !crate::ways::sorts(lexicon, sections, *i)).collect();
    if troubled.is_empty() {
        return Vec::new();
    }
    // A whole document about problems names some of them by what is seen.
    let whole = under && family.first().and_then(|i| of(i).parent).is_some_and(|parent| of(&parent).level == 1);
    let most = troubled.len() * 2 >= family.len() || whole && troubled.len() > 2 && troubled.len() * 4 >= family.len();
    let alerts = || family.iter().all(|i| alert(of(i).title).is_some());
    // One among several that does not say what is wrong.
    let ends = [family.first(), family.last()];
    let but_one =
        || troubled.len() > 2 && troubled.len() + 1 == family.len() && ends == [troubled.first(), troubled.last()];
    let all = most && (under || alerts()) || but_one();
    // Under "Description of the problem" an error is only shown.
    let told = |s: &Section<'_>| s.quiet && around.starts_with("descri");
    // A document may have very many headings, and they ascend.
    runs_of(family, |i| {
        (troubled.binary_search(i).is_ok() && !told(of(i)) || all && is_free(lexicon, of(i)))
            && (acts(doc, lexicon, of(i))
                || under && (whole || troubled.binary_search(i).is_ok()) && advises(doc, lexicon, of(i)))
    })
}

/// `BackupFailed`: the name of an alert in words.
fn alert(title: &str) -> Option<String> {
    const LONGEST: usize = 80;
    let plain = title.len() < LONGEST && title.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let begins =
        |at: &usize| title.as_bytes()[*at].is_ascii_uppercase() && title.as_bytes()[at - 1].is_ascii_lowercase();
    if !plain || !title.starts_with(|c: char| c.is_ascii_uppercase()) || !(1..title.len()).any(|at| begins(&at)) {
        return None;
    }
    let mut words = String::with_capacity(title.len() + 8);
    for (at, c) in title.char_indices() {
        if at > 0 && begins(&at) {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    Some(words)
}

/// Under "Troubleshooting" problems stand beside those that say "Error: …", and are cases as they are.
pub fn widen(
    doc: &Doc<'_>,
    lexicon: &Lexicon,
    sections: &[Section<'_>],
    family: &[usize],
    runs: Vec<Vec<usize>>,
) -> Vec<Vec<usize>> {
    let of = |i: &usize| &sections[*i];
    let around = family.first().and_then(|i| of(i).parent).map_or("", |parent| of(&parent).name);
    let known: Vec<usize> = runs.concat();
    if known.is_empty() || known.len() * 2 < family.len() || !are_under(lexicon, around) {
        return runs;
    }
    // Both ascend.
    runs_of(family, |i| known.binary_search(i).is_ok() || is_free(lexicon, of(i)) && acts(doc, lexicon, of(i)))
}

/// Tells whether a heading may name a problem, though it does not say so: it names no phase and no step, and orders nothing.
fn is_free(lexicon: &Lexicon, section: &Section<'_>) -> bool {
    !section.quiet
        && !is_phase(lexicon, section.name)
        && !lexicon.is_imperative(section.name)
        && lexicon.label_starts(Category::Step, section.name).is_none()
}

/// Tells whether something is done under a heading: a block, or a list that orders.
pub fn acts(doc: &Doc<'_>, lexicon: &Lexicon, section: &Section<'_>) -> bool {
    act(doc, lexicon, section.leaf + 1..section.end)
}

/// The same of neighbouring leaves.
pub fn act(doc: &Doc<'_>, lexicon: &Lexicon, mut leaves: Range<usize>) -> bool {
    leaves.any(|leaf| match doc.leaves[leaf].kind {
        LeafKind::Code(_) => true,
        LeafKind::Paragraph => {
            doc.leaves[leaf].item.is_some()
                && (crate::steps::orders(lexicon, doc.words(leaf), doc.plain(leaf))
                    || doc.runs(leaf).iter().any(crate::doc::Run::is_command))
        }
        _ => false,
    })
}

/// Tells whether a paragraph under a heading says what to do.
fn advises(doc: &Doc<'_>, lexicon: &Lexicon, section: &Section<'_>) -> bool {
    (section.leaf + 1..section.end).any(|leaf| {
        matches!(doc.leaves[leaf].kind, LeafKind::Paragraph)
            && (crate::steps::orders(lexicon, doc.words(leaf), doc.plain(leaf))
                || doc.runs(leaf).iter().any(crate::doc::Run::is_command))
    })
}

/// The condition that a heading names for what stands under it: `TLS (se usar domínio)`, `Step 3: If it fails`.
pub fn condition<'a>(lexicon: &Lexicon, section: &Section<'a>) -> Option<&'a str> {
    if section.level == 1 || section.quiet {
        return None;
    }
    let bracket = section.title.trim_end_matches(':').strip_suffix(')').and_then(|title| title.rsplit_once('('));
    let says = |text: &str| guards(lexicon, &fold(text)).is_some();
    if let Some((_, inside)) = bracket.filter(|(before, inside)| !before.is_empty() && says(inside)) {
        return Some(inside);
    }
    // Of an arm the condition is known, where it stands before all else.
    let name = if section.arm.is_some() { return None } else { section.name };
    let ordered = name.split_once(": ").filter(|(step, _)| lexicon.label_starts(Category::Step, step).is_some());
    let name = ordered.map_or(name, |(_, rest)| rest);
    let title = section.title.trim_end_matches(':');
    let title = if ordered.is_some() {
        title.split_once(": ").map_or(title, |(_, rest)| rest)
    } else {
        without_number(section)
    };
    let guard = guards(lexicon, name).filter(|guard| name.len() > guard.len() + 4);
    (guard.is_some() && !is_phase(lexicon, name)).then_some(title)
}

/// "Railway (if chosen)", "Docker (se usar Docker)": one of what may be chosen.
fn is_chosen(name: &str) -> bool {
    const CHOSEN: [&str; 8] = ["chosen", "chose", "using", "use", "usar", "usa", "usas", "usando"];
    const STEMS: [&str; 3] = ["escolh", "elegi", "utiliz"];
    let inside = name.strip_suffix(')').and_then(|name| name.rsplit_once('(')).map_or("", |(_, inside)| inside);
    let mut words = inside.split(' ');
    matches!(words.next(), Some("if" | "se" | "si"))
        && words.take(3).any(|word| CHOSEN.contains(&word) || STEMS.iter().any(|stem| word.starts_with(stem)))
}

/// "4) If it does not answer": the title without what counts it.
fn without_number<'a>(section: &Section<'a>) -> &'a str {
    let title = section.title.trim_end_matches(':');
    let marks = |c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | '-' | '–' | '—' | ':' | ' ');
    if section.number.is_some() && title.starts_with(|c: char| c.is_ascii_digit()) {
        title.trim_start_matches(marks)
    } else {
        title
    }
}

/// The word with which a folded text says on what something depends; "when to escalate" and "case 1" say nothing of it.
fn guards(lexicon: &Lexicon, text: &str) -> Option<&'static str> {
    let guard = lexicon.starts(Category::GuardStrong, text)?;
    let next = first_word(&text[guard.len()..]);
    let names = guard == "caso" && (matches!(next, "de" | "do" | "da") || next.len() < 3 && next != "o" && next != "a");
    let asks = matches!(guard, "when" | "quando" | "cuando")
        && (matches!(next, "to" | "not" | "nao" | "no") || lexicon.is_infinitive(next));
    (!names && !asks && lexicon.label_starts(Category::WhenTo, text).is_none()).then_some(guard)
}

/// `a) From outside`, `b) Alternative: from inside`: lettered headings of which one is another way, or a condition.
fn by_letter(lexicon: &Lexicon, sections: &[Section<'_>], family: &[usize]) -> Vec<Vec<usize>> {
    let behind = |i: &usize| {
        let (letter, rest) = sections[*i].name.split_once(')')?;
        (letter.len() == 1 && letter.bytes().all(|byte| byte.is_ascii_lowercase())).then(|| rest.trim_start())
    };
    let another = |name: &str| {
        lexicon.label_starts(Category::Scenario, name).is_some_and(|word| word.contains("alternativ"))
            || lexicon.starts(Category::GuardStrong, name).is_some()
    };
    let any = family.iter().filter_map(behind).any(another);
    if any { runs_of(family, |i| behind(i).is_some()) } else { Vec::new() }
}

/// Finds runs of headings that are cases.
pub fn find(
    doc: &Doc<'_>,
    lexicon: &Lexicon,
    sections: &[Section<'_>],
    parts: &[Parts],
    family: &[usize],
) -> Vec<Vec<usize>> {
    let of = |i: &usize| &sections[*i];
    let word = family.iter().find_map(|i| named(lexicon, of(i).name));
    let mut runs = by_letter(lexicon, sections, family);
    if runs.is_empty() {
        let open = |i: &usize| !crate::over::is_over(doc, of(i));
        runs = runs_of(family, |i| word.is_some() && named(lexicon, of(i).name) == word && open(i));
    }
    if runs.is_empty() {
        runs = runs_of(family, |i| is_condition(lexicon, of(i)) && !of(i).quiet);
    }
    if runs.is_empty() {
        runs = runs_of(family, |i| is_chosen(of(i).name) && !of(i).quiet);
    }
    if runs.is_empty() {
        let free = |s: &Section<'_>| !s.quiet && !is_phase(lexicon, s.name);
        let step = |s: &Section<'_>| lexicon.label_starts(Category::Step, s.name).is_some();
        runs = runs_of(family, |i| free(of(i)) && !step(of(i)) && (parts[*i].why || parts[*i].what));
        // Where most tell why, it is a list of problems and no procedure.
        runs.retain(|run| run.iter().filter(|i| parts[**i].why && parts[**i].what).count() * 2 >= run.len());
    }
    // A few that say why stand among many that say what goes wrong.
    let known: usize = runs.iter().map(Vec::len).sum();
    if known * 2 < family.len() {
        let troubled = troubles(doc, lexicon, sections, family);
        if troubled.iter().map(Vec::len).sum::<usize>() > known {
            runs = troubled;
        }
    }
    if runs.is_empty() {
        let step = |s: &Section<'_>| lexicon.label_starts(Category::Step, s.name).is_some();
        runs = runs_of(family, |i| {
            (parts[*i].when && !of(i).quiet && !step(of(i)) || is_degree(of(i).name)) && acts(doc, lexicon, of(i))
        });
    }
    runs
}

/// "SEV-1: site down", "P0 incident", "High severity", "Prioridade alta (fila > 50)": how bad it is, which says what to do.
pub fn is_degree(name: &str) -> bool {
    const SEVERITIES: [&str; 3] = ["severity", "severidade", "severidad"];
    const PRIORITIES: [&str; 3] = ["priority", "prioridade", "prioridad"];
    const DEGREES: [&str; 15] = [
        "critical", "high", "medium", "low", "critica", "critico", "alta", "alto", "media", "medio", "baixa", "baixo",
        "baja", "bajo", "urgent",
    ];
    let mut words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let (Some(first), second) = (words.next(), words.next().unwrap_or("")) else { return false };
    let digit = |word: &str| word.len() == 1 && word.as_bytes()[0].is_ascii_digit();
    let code = |word: &str, mark: &str| word.strip_prefix(mark).is_some_and(digit);
    let of = |scales: &[&str]| {
        let degree = digit(second) || code(second, "p") || code(second, "sev") || DEGREES.contains(&second);
        scales.contains(&first) && degree || DEGREES.contains(&first) && scales.contains(&second)
    };
    // By its priority work is put in order too.
    let met = || {
        let measured = name.split_once('(').is_some_and(|(_, rest)| rest.contains(|c: char| c.is_ascii_digit()));
        measured
            || ["inciden", "respon", "resposta", "respuesta", "alert"].iter().any(|word| crate::words::has(name, word))
    };
    code(first, "sev")
        || first == "sev" && digit(second)
        || of(&SEVERITIES)
        || (code(first, "p") || of(&PRIORITIES)) && met()
}

/// "Deploy via Docker" beside "Deploy via Helm": headings that differ in the way alone.
pub fn by_way(sections: &[Section<'_>], family: &[usize]) -> Vec<Vec<usize>> {
    let mut stems: FxHashMap<&str, usize> = FxHashMap::default();
    let stem = |i: &usize| before_way(sections[*i].name);
    family.iter().filter_map(stem).for_each(|stem| *stems.entry(stem).or_default() += 1);
    if stems.is_empty() {
        return Vec::new();
    }
    runs_of(family, |i| stem(i).is_some_and(|stem| stems.get(stem).is_some_and(|n| *n > 1)))
}

/// "Deploy via Docker": what is done, where a heading says by which way.
fn before_way(name: &str) -> Option<&str> {
    let mut gaps = memchr::memchr_iter(b' ', name.as_bytes());
    let way = |at: &usize| {
        let word = name[at + 1..].split(' ').next().unwrap_or("");
        matches!(word, "via" | "usando" | "using" | "through" | "mediante" | "atraves")
    };
    gaps.find(way).map(|at| &name[..at])
}

fn is_phase(lexicon: &Lexicon, name: &str) -> bool {
    PHASES.iter().any(|(category, _)| lexicon.label_is(*category, name))
}

/// Tells whether what stands under a heading below this one only informs; below "Erros comuns" it is a case with what to do.
pub fn is_quiet(lexicon: &Lexicon, section: &Section<'_>) -> bool {
    section.quiet && !lexicon.label_is(Category::Cases, section.name)
}

/// "Erros comuns e soluções": what to do about them is listed too.
pub fn has_remedies(lexicon: &Lexicon, name: &str) -> bool {
    let mut words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let joined = words.any(|word| matches!(word, "e" | "y" | "and"));
    joined && words.any(|word| lexicon.label_is(Category::Solution, word))
}
