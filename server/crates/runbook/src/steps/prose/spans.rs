//! Code spans: which of them the reader is told to run, and what the words around them say.

use crate::doc::{Run, RunKind, Typed, signs_of};
use crate::folding::Words;
use crate::lexicon::{Category, Lexicon, Signs};
use crate::steps::forbidden::{forbid, warned};
use crate::steps::items::boxed::past_box;
use crate::steps::prose::purposes;
use crate::steps::told::{self, mentions, supposed};
use crate::steps::{context, items};
use crate::words::{behind_last, find_phrase, first_word, fold, fold_in_place, past_marks, shorten, trim};

/// What stands before a code span on its line, as a title.
pub fn title_before(runs: &[Run<'_>], at: usize) -> String {
    let mut start = runs[..at].iter().rposition(|r| r.kind == RunKind::Break || r.is_command());
    // "Restart the API:" and the command on a line of its own.
    if start.is_some_and(|start| start > 0 && runs[start].kind == RunKind::Break && start + 1 == at)
        && runs[start.unwrap_or(1) - 1].text.trim_end().ends_with(':')
    {
        start = runs[..at].iter().rposition(Run::is_command);
        let words = crate::doc::plain(&runs[start.map_or(0, |s| s + 1)..at]);
        return crate::words::squeeze(super::last_of(words.trim_end_matches([':', ' ', '\n']))).trim().to_owned();
    }
    let words = crate::doc::plain(&runs[start.map_or(0, |s| s + 1)..at]);
    let words = words.trim_end_matches([':', ' ', '-', '–', '—', '(']).trim_start_matches([',', ';', ')', '.', ' ']);
    // "For A: `x`, as root. For B: `y`": the second has its own.
    let beside = start.is_some_and(|start| runs[start].is_command());
    let words = words.rsplit_once(". ").filter(|_| beside).map_or(words, |(_, last)| last);
    let words = past_box(words);
    let told = words.chars().filter(|c| c.is_alphanumeric()).count() > 2
        && !only_joins(words)
        && !(memchr::memchr(b';', words.as_bytes()).is_some() && ends_in_a_check(&fold(words)));
    if told { words.to_owned() } else { String::new() }
}

/// "It is started again; check `kubectl get pods` for more": nothing else stands in its clause.
fn ends_in_a_check(before: &str) -> bool {
    const CHECKS: [&str; 12] = [
        "check",
        "verify",
        "confirm with",
        "confirm via",
        "verifique",
        "confira",
        "verificar",
        "conferir",
        "revise",
        "revisar",
        "compruebe",
        "comprobar",
    ];
    let ends = |check: &&str| {
        let clause = before.strip_suffix(*check).map(|rest| rest.trim_end_matches(' '));
        clause.is_some_and(|rest| rest.is_empty() || rest.ends_with(['(', ';', '.']))
    };
    before.ends_with(['k', 'y', 'h', 'a', 'e', 'r']) && CHECKS.iter().any(ends)
}

/// "Run", "Check the catalogue with": words that end before what they are about.
pub fn leaves_open(lexicon: &Lexicon, title: &str) -> bool {
    let last = fold(title.rsplit(' ').next().unwrap_or(""));
    matches!(&*last, "with" | "con" | "com" | "via" | "by" | "using" | "usando" | "mediante")
        || lexicon.label_is(Category::Run, &last)
        || lexicon.label_is(Category::RunFriend, &last)
}

/// "or", "y después:": words that say nothing of the command behind them.
pub fn only_joins(words: &str) -> bool {
    const JOINS: [&str; 16] = [
        "or",
        "ou",
        "o",
        "and",
        "e",
        "y",
        "then",
        "and then",
        "or else",
        "luego",
        "depois",
        "e depois",
        "y luego",
        "y despues",
        "bien",
        "tambem",
    ];
    words.len() < 16 && JOINS.contains(&fold(words).trim_matches(|c: char| !c.is_alphanumeric()))
}

/// Tells whether a code span is a command that the reader is told to run, alone or in a row of such.
pub fn told_to_run(lexicon: &Lexicon, runs: &[Run<'_>], at: usize, item: bool) -> bool {
    if runs[at].kind != RunKind::Code {
        return false;
    }
    // A row longer than this is an enumeration, not something to run.
    const LONGEST_ROW: usize = 12;
    let row = std::iter::successors(Some(at), |i| listed_after(runs, *i).then(|| *i - 2)).take(LONGEST_ROW);
    let listed = || {
        listed_after(runs, at) && (runs[at].is_command() || runs[at - 2].typed() == Typed::Bare && is_bare(runs, at))
    };
    is_told(lexicon, runs, at, item) || listed() && row.skip(1).any(|before| is_told(lexicon, runs, before, item))
}

/// "Run `top` or `htop`": the second is one word too, and nothing is said of it.
fn is_bare(runs: &[Run<'_>], at: usize) -> bool {
    let ends = |run: &Run<'_>| run.text.trim_start().starts_with(['.', ',', ';', ')']) || run.kind != RunKind::Text;
    let goes_on =
        |run: &Run<'_>| ["to ", "para ", "and ", "e ", "y "].iter().any(|w| run.text.trim_start().starts_with(w));
    runs[at].typed() == Typed::Bare && runs.get(at + 1).is_none_or(|run| ends(run) || goes_on(run))
}

/// "`docker login` + `docker push`": a name beside another of the same program, which is no whole command.
fn is_summed(runs: &[Run<'_>], at: usize) -> bool {
    let program = |run: &Run<'_>| run.text.split(' ').next().unwrap_or("").to_owned();
    let joined =
        |between: usize| runs.get(between).is_some_and(|run| run.kind == RunKind::Text && trim(run.text) == "+");
    let named = |other: usize| runs.get(other).is_some_and(|run| run.kind == RunKind::Code && run.typed() == Typed::No);
    let same = |other: usize| named(other) && program(&runs[other]) == program(&runs[at]);
    // "3 → `git pull` + `build` + `up -d`": what is done then.
    let sum = || joined(at + 1) && named(at + 2) && joined(at + 3) && named(at + 4);
    joined(at + 1) && same(at + 2) || at >= 2 && joined(at - 1) && same(at - 2) || sum()
}

fn is_told(lexicon: &Lexicon, runs: &[Run<'_>], at: usize, item: bool) -> bool {
    let run = &runs[at];
    if !item && !may_be_told(lexicon, runs, at) {
        return false;
    }
    let whole = run.is_command();
    // A single word is told to be run by the very word before it.
    let asked = || signs_of(&runs[at.saturating_sub(4)..at]).may(Signs::RUNS);
    let may = || item && ends_in_a_script(runs, at) || mentions::looks_alone(run.text) || asked();
    if !whole && (!may() || run.typed() != Typed::Bare) {
        return false;
    }
    !is_summed(runs, at)
        && tells(lexicon, runs, at, item, whole)
        && !supposed::is(lexicon, runs, at)
        && !is_forbidden(lexicon, runs, at)
        && !fails(lexicon, runs, at)
        && !is_put_into_a_file(lexicon, runs, at)
}

/// "Add `export A=1` to `~/.bashrc`": a line of that file.
pub fn is_put_into_a_file(lexicon: &Lexicon, runs: &[Run<'_>], at: usize) -> bool {
    let [between, file, ..] = &runs[at + 1..] else { return false };
    let named = file.kind == RunKind::Code && context::is_edited_file(file.text.trim());
    named && between.kind == RunKind::Text && {
        let between = fold(shorten(between.text.trim(), 40));
        let placed =
            lexicon.label_is(Category::Place, first_word(&between)) || matches!(first_word(&between), "into" | "al");
        let before = fold(at.checked_sub(1).map_or("", |before| runs[before].text)).into_owned();
        let last = before.trim_end().rsplit(' ').next().unwrap_or("");
        placed && lexicon.label_is(Category::Puts, last)
    }
}

/// A look at the last word before a code span in a paragraph: most are followed by no command.
fn may_be_told(lexicon: &Lexicon, runs: &[Run<'_>], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| &runs[before]) else { return false };
    let words = before.text.trim_end();
    if before.kind != RunKind::Text || words.is_empty() || words.ends_with([':', '(', ',']) {
        return true;
    }
    // "Luego `x`": nothing else stands before it.
    const SHORT: usize = 24;
    let labelled = at == 2 && runs[0].strong;
    let alone = if labelled { words.trim_start_matches([':', ' ']) } else { words };
    if words.len() < SHORT && (at == 1 || labelled) && leads_alone(lexicon, &fold(alone)) {
        return true;
    }
    let Some(start) = words.rfind(|c: char| c.is_whitespace() || c == '(') else { return true };
    // White space may be longer than one byte.
    let last =
        fold(words[start..].trim_start_matches(|c: char| c.is_whitespace() || c == '(').trim_end_matches([':', '.']));
    lexicon.is(Category::RunWord, &last)
        || lexicon.is(Category::Run, &last)
        || last == "running"
        || is_this(&last) && past_this(lexicon, &fold(words)).is_some()
}

/// "Run this `x`": what points to what stands behind it.
fn is_this(word: &str) -> bool {
    matches!(word, "this" | "esto" | "isto" | "isso" | "este" | "following" | "seguinte" | "siguiente")
}

/// The word before one that points to a code span, if it tells to run it.
fn past_this<'t>(lexicon: &Lexicon, before: &'t str) -> Option<&'t str> {
    let mut words = before.trim_end_matches([':', ' ']).rsplit(' ').skip(1);
    words.find(|word| !matches!(*word, "the" | "o" | "lo" | "el")).filter(|word| lexicon.is(Category::RunWord, word))
}

/// The word that may tell to run what stands behind it; `last` is the last one.
fn run_word_of<'t>(lexicon: &Lexicon, before: &'t str, last: &'t str) -> &'t str {
    let word = last.trim_end_matches([':', '.']);
    // "Two of them are running. `x` should report": a new sentence begins with it.
    if last.ends_with('.') && lexicon.is(Category::Run, word) {
        return "";
    }
    if is_this(word) { past_this(lexicon, before).unwrap_or(word) } else { word }
}

/// Tells whether the words around a code span tell to run it; `whole` is whether it is a whole command.
fn tells(lexicon: &Lexicon, runs: &[Run<'_>], at: usize, item: bool, whole: bool) -> bool {
    let before = fold_in_place(crate::doc::plain(&runs[at.saturating_sub(4)..at]));
    let before = before.trim_end();
    let last = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or("");
    let run_word = run_word_of(lexicon, before, last);
    let ordered = lexicon.is(Category::RunWord, run_word)
        || run_word == "running" && before.ends_with("try running")
        || lexicon.is(Category::Run, run_word)
            && lexicon.is_imperative(before.rsplit(['.', ';', ',', '?', '!']).next().unwrap_or("").trim());
    // What a condition says of it does not describe it: "if it cannot be saved, run".
    let clause = before.rsplit([',', ';', ')']).next().unwrap_or("");
    let clause = behind_last(clause, " then ");
    let described =
        ["can", "will", "would", "could", "pode", "puede"].iter().any(|w| find_phrase(clause, w, 0).is_some());
    if !whole {
        // "Identify the disks with `lsblk`".
        let looks = ordered && mentions::looks_alone(runs[at].text);
        let asked = || tells_to_run_a_name(lexicon, runs, at, run_word, item && ordered_here(lexicon, clause));
        return !described && (looks || asked());
    }
    let sentence = before.rsplit(['.', ';', '!']).next().unwrap_or("").trim().trim_end_matches('(').to_owned();
    let short = runs_before_end(runs, at, "(") && purposes::is_one_order(lexicon, &sentence);
    let told = lexicon.is_imperative(&sentence) || lexicon.find(Category::RunWord, &sentence).is_some();
    let (named, tool) = labelled(lexicon, &sentence, last);
    let colon = last.ends_with(':') && (told || named);
    let aside = told && runs_before_end(runs, at, "(") && !described && sentence.split(' ').count() < 10;
    if !item {
        return ((ordered || aside || leads_to(lexicon, runs, at, before)) && !described || colon)
            && !mentions::are(lexicon, before);
    }
    let glossed =
        runs.get(at + 1).is_some_and(|r| r.text.starts_with([' ']) && r.text.trim_start().starts_with(['-', '–', '—']));
    let placed =
        (before.ends_with(',') || glossed) && lexicon.starts(Category::Place, before).is_some() && before.len() < 60;
    if placed || ends_in_a_check(before) {
        return true;
    }
    if lexicon.is(Category::Sample, run_word) || is_only_told(lexicon, runs, at, before) {
        return false;
    }
    // "The output of: `x`" names it, and so does "Tool: `x`".
    let part = |before: &str| lexicon.label_is(Category::PartOf, before.rsplit(' ').next().unwrap_or(""));
    let mention = tool || before.strip_suffix(':').is_some_and(part);
    // "It was never started with `x`" tells.
    if lexicon.label_find(Category::Was, clause).is_some() && !ordered_here(lexicon, clause) && !labels(lexicon, clause)
    {
        return false;
    }
    // "Is it installed? `rustc --version`" answers.
    let answers = before.ends_with('?') && runs.len() == at + 1;
    let label =
        before.is_empty() || answers || last.ends_with(':') && !mention || before.ends_with(['-', '–', '—', '→', '>']);
    // What stands in a row goes with the first of it.
    let joined = matches!(run_word, "and" | "or" | "then" | "e" | "ou" | "o" | "y")
        && !(listed_after(runs, at) && runs[at - 2].is_command())
        // In Spanish "or", in Portuguese "the".
        && !(run_word == "o" && lexicon.is(Category::Article, "o"))
        // "No findings open in the linter or `npm audit`": what nothing orders is only named.
        && (run_word == "then" || before == run_word || runs[..at].iter().any(Run::is_command) || items::orders(lexicon, Words::NONE, before));
    label
        || ordered
        || joined
        || short
        || lexicon.is(Category::Run, run_word) && !lexicon.is(Category::PartOf, run_word)
        || items::orders(lexicon, Words::NONE, before)
            && before.trim_end_matches([' ', '(']).split(' ').count() < 12
            && !lexicon.is(Category::Mention, run_word)
}

/// Whether a label such as "Command:" stands right before a code span, and whether it is that of a tool; `last` is its last word.
fn labelled(lexicon: &Lexicon, sentence: &str, last: &str) -> (bool, bool) {
    let label = last.trim_end_matches(':').rsplit('(').next().unwrap_or("");
    let tool = sentence.trim_end_matches([':', ' ']) == label && names_a_tool(label);
    (lexicon.is(Category::ToolWord, label) && !tool, tool)
}

/// "Tool:", "Herramienta:": the label of what is used, where "Command:" would be that of what to type.
fn names_a_tool(label: &str) -> bool {
    ["tool", "utility", "binary", "client", "ferramenta", "utilitario", "herramienta", "utilidad"].contains(&label)
}

/// "Make a copy: `./copy.sh`": what one does, and the script that does it.
fn ends_in_a_script(runs: &[Run<'_>], at: usize) -> bool {
    let closed = || runs.get(at + 1).is_none_or(|run| run.text.trim_start().starts_with(['.', ';', '(']));
    runs[at].text.starts_with("./") && runs_before_end(runs, at, ":") && closed()
}

/// "Run `./x.sh`", "Make a copy: `./copy.sh`": one word alone, `run_word` before it; `ordered` is whether its clause orders.
fn tells_to_run_a_name(lexicon: &Lexicon, runs: &[Run<'_>], at: usize, run_word: &str, ordered: bool) -> bool {
    let named = runs.get(at + 1).map(|r| fold(shorten(r.text.trim_start(), 40))).unwrap_or_default();
    // "Run `./x.sh` in staging": behind a path such a word says where.
    let path = runs[at].text.contains('/');
    let names = lexicon.starts(Category::ToolWord, &named).filter(|word| !(path && matches!(*word, "in" | "on")));
    (lexicon.is(Category::RunWord, run_word) || ordered && ends_in_a_script(runs, at)) && names.is_none()
}

/// "In the pod: `x`", "To go back: `x`", "If it fails, `x`", "Then `x`": a paragraph that says no more than when or where.
fn leads_to(lexicon: &Lexicon, runs: &[Run<'_>], at: usize, before: &str) -> bool {
    const FEW: usize = 8;
    // "To go back: `x` resets it" tells.
    let goes_on = runs.get(at + 1).is_some_and(|run| {
        run.kind == RunKind::Text && run.text.trim_start().starts_with(|c: char| c.is_alphanumeric() || c == '=')
    });
    let start = past_remedy(lexicon, past_marks(before));
    if is_joined_condition(lexicon, start) {
        return true;
    }
    // What a chat knows begins with a slash.
    let first = runs[..at].iter().rposition(|run| run.kind == RunKind::Break).map_or(0, |line| line + 1);
    let plain = runs[first..at].iter().all(|run| run.kind == RunKind::Text) && !runs[at].text.starts_with('/');
    // "Ejecuta `x` y selecciona el proyecto" orders both.
    let joined = || {
        let behind = runs.get(at + 1).map_or("", |run| run.text.trim_start());
        ["y ", "e ", "and "].iter().any(|word| behind.starts_with(word)) && leads_alone(lexicon, start)
    };
    if goes_on && !joined()
        || !plain
        || start.is_empty()
        || start.contains(['.', ';', '!', '?'])
        || start.split(' ').count() > FEW
    {
        return false;
    }
    if let Some(condition) = start.strip_suffix(',') {
        return lexicon.starts(Category::GuardStrong, condition).is_some() && !condition.contains(',');
    }
    if let Some(label) = start.strip_suffix(':') {
        let purpose = ["to ", "para "].iter().find_map(|word| label.strip_prefix(word));
        return lexicon.starts(Category::GuardStrong, label).is_some()
            || lexicon.starts(Category::Place, label).is_some()
            || purpose.is_some_and(|rest| lexicon.is_verb(rest.split(' ').next().unwrap_or("")))
            || lexicon.label_is(Category::Command, label) && !lexicon.is(Category::ToolWord, label);
    }
    leads_alone(lexicon, start)
}

/// "Restart it and, if it still hangs, `x`": what is ordered beside, on a condition.
fn is_joined_condition(lexicon: &Lexicon, before: &str) -> bool {
    let Some((head, condition)) = before.strip_suffix(',').and_then(|rest| rest.rsplit_once(", ")) else {
        return false;
    };
    let Some(ordered) = [" and", " y", " e"].iter().find_map(|word| head.strip_suffix(word)) else { return false };
    let sentence = ordered.rsplit(['.', ';', '!', '?']).next().unwrap_or("");
    lexicon.starts(Category::GuardStrong, condition).is_some()
        && (lexicon.is_imperative(sentence.trim())
            || sentence.rsplit(", ").any(|clause| lexicon.is_imperative(clause.trim())))
}

/// "Solución: ejecuta": the order stands behind its label.
fn past_remedy<'t>(lexicon: &Lexicon, start: &'t str) -> &'t str {
    let labelled = start.split_once(": ").filter(|(label, rest)| {
        let remedy = [Category::Remedy, Category::Solution].into_iter().any(|of| lexicon.label_is(of, label));
        remedy && !rest.is_empty()
    });
    labelled.map_or(start, |(_, rest)| rest)
}

/// "Then", "luego", and "ejecuta" as the first word of a paragraph.
fn leads_alone(lexicon: &Lexicon, start: &str) -> bool {
    lexicon.label_is(Category::Then, start) || lexicon.is(Category::RunFriend, start)
}

/// Tells whether the sentence around a code span forbids it, or names another in its place.
pub fn is_forbidden(lexicon: &Lexicon, runs: &[Run<'_>], at: usize) -> bool {
    let near = signs_of(&runs[at.saturating_sub(17)..runs.len().min(at + 2)]);
    if !near.may(lexicon.forbids.or(Signs::REPLACES)) {
        return false;
    }
    let before = crate::doc::plain(&runs[at.saturating_sub(16)..at]);
    let cut = before.len().saturating_sub(600);
    let cut = (cut..before.len()).find(|at| before.is_char_boundary(*at)).unwrap_or(before.len());
    let before = &before[cut..];
    // Most spans stand behind words that can do neither, and need no folding to know it.
    if forbid::may_replace(before) && forbid::is_replaced(&fold(before))
        || forbid::may(lexicon, before) && {
            let forbids = |before: &str| forbid::forbids(lexicon, &fold(before), forbid::Before::Span);
            // "`Error: cannot delete x`, run": what it says forbids nothing.
            let quoted = || warned::outside_quotes(lexicon, &runs[at.saturating_sub(16)..at]);
            forbids(before) && quoted().is_none_or(|before| forbids(&before))
        }
    {
        return true;
    }
    let behind = runs.get(at + 1).filter(|run| run.kind == RunKind::Text).map_or("", |run| shorten(run.text, 200));
    forbid::may(lexicon, behind) && forbid::forbidden_after(lexicon, &fold(behind), at + 2 >= runs.len())
}

/// `guard.sh`, `deploy/web.yml`: a file's name.
pub fn names_a_file(text: &str) -> bool {
    let (stem, end) = text.rsplit_once('.').unwrap_or(("", ""));
    !stem.is_empty() && (1..5).contains(&end.len()) && end.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Tells whether the words around a code span of an item only tell of it.
fn is_only_told(lexicon: &Lexicon, runs: &[Run<'_>], at: usize, before: &str) -> bool {
    mentions::tells_of_a_file(runs, at)
        || is_told_of(lexicon, runs, at, before)
        || mentions::is_done_by_a_name(lexicon, runs, at)
        || mentions::are(lexicon, before)
        || told::of_its_means(lexicon, before)
        || is_run_by_a_program(lexicon, runs, at)
}

/// "The pipeline runs `x` or `y`": what is run without anybody.
fn is_run_by_a_program(lexicon: &Lexicon, runs: &[Run<'_>], at: usize) -> bool {
    let first =
        std::iter::successors(Some(at), |i| listed_after(runs, *i).then(|| *i - 2)).take(12).last().unwrap_or(at);
    let before = fold_in_place(crate::doc::plain(&runs[first.saturating_sub(4)..first]));
    let sentence = before.rsplit(['.', ';', '!']).next().unwrap_or("").trim();
    let last = sentence.rsplit(' ').next().unwrap_or("").trim_end_matches(':');
    lexicon.label_is(Category::ProgramRuns, last) && told::of_a_program(lexicon, sentence)
}

/// "Start command: `x`", "Check that it uses: `x`": what a platform is told to start.
pub fn is_set(lexicon: &Lexicon, before: &str) -> bool {
    let words = before.trim_end_matches([':', '-', '–', '—', ' ']);
    let label = words.rsplit(['.', ';', ',', '(']).next().unwrap_or("");
    let label = label.trim_matches(|c: char| !c.is_alphanumeric());
    // "Start command configured: `x`"
    let done = |rest: &str| {
        matches!(rest, "" | "set" | "is") || ["ado", "ada", "ido", "ida", "ed"].iter().any(|end| rest.ends_with(end))
    };
    if lexicon.label_starts(Category::Starts, label).is_some_and(|word| done(label[word.len()..].trim_start())) {
        return true;
    }
    let mut last = words.rsplit(' ');
    let (uses, that) = (last.next().unwrap_or(""), last.next().unwrap_or(""));
    matches!(uses, "use" | "uses" | "usa" | "utiliza" | "utilice" | "utilize")
        && matches!(that, "que" | "that" | "it" | "se" | "si")
}

/// "The command `x` deletes the rest": what a command does.
fn is_told_of(lexicon: &Lexicon, runs: &[Run<'_>], at: usize, before: &str) -> bool {
    let Some(behind) = runs.get(at + 1).filter(|run| run.kind == RunKind::Text && run.text.starts_with(' ')) else {
        return false;
    };
    let behind = fold(shorten(behind.text.trim_start(), 40));
    if !behind.starts_with(|c: char| c.is_alphabetic()) {
        return false;
    }
    let start = past_marks(before);
    let which = |word: &str| lexicon.is(Category::Article, word) || lexicon.is(Category::Itself, word);
    let subject = start.split_once(' ').is_some_and(|(first, named)| {
        (which(first) || matches!(first, "the" | "el" | "o")) && lexicon.is(Category::ToolWord, named.trim())
    });
    // "The command `x` must be run first" orders.
    let must = ["deve", "debe", "must", "should", "precisa", "tem que", "tiene que", "has to", "needs"];
    subject && !must.iter().any(|word| behind.starts_with(word))
}

/// "If it was stopped:", "Quem foi conectado:": a label that only says what was; "what was done:" tells of a command.
fn labels(lexicon: &Lexicon, clause: &str) -> bool {
    let label = past_marks(clause);
    let asks = lexicon.label_starts(Category::Who, label).is_some();
    let led = label.ends_with([':', '?', '→', '>', '-', '–', '—']);
    led && (lexicon.starts(Category::Guard, label).is_some() || asks)
        && !label.split(|c: char| !c.is_alphanumeric()).any(|word| lexicon.label_is(Category::RunTold, word))
}

/// Tells whether a clause begins with an order.
fn ordered_here(lexicon: &Lexicon, clause: &str) -> bool {
    lexicon.is_imperative(past_marks(clause))
}

/// "`npm run migrate` fails", "`x` returned 0": what went wrong or came of it, and nothing to do.
pub fn fails(lexicon: &Lexicon, runs: &[Run<'_>], at: usize) -> bool {
    let behind = runs.get(at + 1).filter(|run| run.kind == RunKind::Text && run.text.starts_with(' '));
    // "Send what `x` printed" asks for it.
    let asked = || ["what", "o que", "lo que", "O que", "Lo que"].iter().any(|word| runs_before_end(runs, at, word));
    behind.is_some_and(|run| {
        let text = fold(shorten(run.text.trim_start(), 24));
        // "`x` was run" says what should be so by now.
        lexicon.starts(Category::WasRun, &text).is_some()
            || lexicon.label_starts(Category::Fails, &text).is_some() && !asked()
    })
}

/// Tells whether the text right before a span ends in `mark`.
pub fn runs_before_end(runs: &[Run<'_>], at: usize, mark: &str) -> bool {
    at > 0 && runs[at - 1].kind == RunKind::Text && runs[at - 1].text.trim_end().ends_with(mark)
}

/// `` `a`, `b` ``: the second of two spans with nothing but a comma or a slash between them.
fn listed_after(runs: &[Run<'_>], at: usize) -> bool {
    let words = ["", "then", "and", "and then", "or", "e", "ou", "y", "o", "depois", "e depois", "y luego", "luego"];
    let between = |run: &Run<'_>| {
        let text = fold(shorten(trim(run.text), 20));
        let joined = text.trim_start_matches([',', '/', ';', '&', '+']).trim();
        !text.is_empty() && words.contains(&joined)
    };
    at >= 2 && runs[at - 2].kind == RunKind::Code && runs[at - 1].kind == RunKind::Text && between(&runs[at - 1])
}
