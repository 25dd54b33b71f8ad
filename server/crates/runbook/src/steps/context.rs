//! What has to be known of all leaves and items before the walk.

use farol_api::runbook::BlockKind;
use rustc_hash::FxHashMap;

use super::blocks::{examples, filed, put, recurring, swapped};
use super::consoles;
use super::forbidden::running;
use super::told::{failed, said};
use crate::attributes::Fence;
use crate::code::{self, Hint, Reading};
use crate::doc::{Doc, Leaf, LeafKind, Run, RunKind};
use crate::lexicon::{Category, Lexicon, Signs};
use crate::words::{first_word, fold, lines};

/// Facts by leaf and by item.
pub struct Context {
    /// What each code block holds, in order; taken by the walk.
    codes: Vec<Option<(Fence, Reading)>>,
    /// Whether a paragraph is metadata.
    pub meta: Vec<bool>,
    /// Whether an item holds an executable block itself.
    pub item_exec: Vec<bool>,
    /// Whether an item below this one orders something.
    pub item_acts_below: Vec<bool>,
    /// Whether an item's own text orders something, where it had to be known already.
    pub item_orders: Vec<Option<bool>>,
    /// The first leaf of each item.
    pub item_first: Vec<Option<usize>>,
}

impl Context {
    /// Returns what the block of a leaf holds.
    pub fn code(&self, leaf: &Leaf) -> Option<&(Fence, Reading)> {
        let LeafKind::Code(code) = leaf.kind else { return None };
        self.codes[code as usize].as_ref()
    }

    /// The same, for whoever needs it last.
    pub fn take_code(&mut self, leaf: &Leaf) -> Option<(Fence, Reading)> {
        let LeafKind::Code(code) = leaf.kind else { return None };
        self.codes[code as usize].take()
    }

    /// Looks over a document.
    pub fn new(doc: &Doc<'_>, lexicon: &Lexicon, meta: Vec<bool>) -> Self {
        let used = last_uses(doc);
        let mut item_exec = vec![false; doc.items.len()];
        let mut item_first: Vec<Option<usize>> = vec![None; doc.items.len()];
        let mut codes = Vec::new();
        for (i, leaf) in doc.leaves.iter().enumerate() {
            if let Some(item) = leaf.item {
                item_first[item].get_or_insert(i);
            }
            if leaf.kind.is_code() {
                let read = read_code(doc, lexicon, i, &used);
                if let (Some(item), Some((_, reading))) = (leaf.item, &read) {
                    item_exec[item] |= reading.kind != BlockKind::Reference;
                }
                codes.push(read);
            }
        }
        read_recurring(doc, lexicon, &used, &mut codes, &mut item_exec);
        let mut item_acts_below = vec![false; doc.items.len()];
        let mut item_orders = vec![None; doc.items.len()];
        for (i, item) in doc.items.iter().enumerate().rev() {
            let Some(parent) = item.parent.filter(|parent| !item_acts_below[*parent]) else { continue };
            let acts = item_exec[i] || item_acts_below[i] || {
                let orders = |leaf| super::items::orders(lexicon, doc.words(leaf), doc.plain(leaf));
                let told = item_first[i].is_some_and(orders);
                item_orders[i] = Some(told);
                told || item_first[i].is_some_and(|leaf| holds_command(doc, leaf))
            };
            item_acts_below[parent] |= acts;
        }
        Self { codes, meta, item_exec, item_acts_below, item_orders, item_first }
    }
}

fn holds_command(doc: &Doc<'_>, leaf: usize) -> bool {
    doc.runs(leaf).iter().any(Run::is_command)
}

fn read_code(doc: &Doc<'_>, lexicon: &Lexicon, leaf: usize, used: &FxHashMap<&str, usize>) -> Option<(Fence, Reading)> {
    let code = doc.code(leaf)?;
    let fence = Fence::read(code.info);
    let body = code.text.trim_start();
    let blank = &code.text[..code.text.len() - body.len()];
    let first = if blank.is_empty() || blank.ends_with('\n') { lines(body).next().unwrap_or("") } else { "" };
    let rule =
        first.starts_with('#') && lexicon.find(Category::AlertRule, &fold(crate::words::shorten(first, 200))).is_some();
    let hint = match fence.is_shown() {
        true => Hint::Never,
        false if rule || shows_a_fence(doc, leaf) => Hint::Never,
        false if adds_to_a_script(lexicon, first, code.text) && !writes(doc, leaf) => Hint::Never,
        false if shows_output_again(doc, lexicon, leaf) => Hint::Never,
        false if examples::are_named(first, code.text) => Hint::Never,
        false if swapped::is_looked_for(doc, leaf) || swapped::is_put_there(doc, leaf) => Hint::Never,
        false if put::is_before_or_after(doc, leaf) => Hint::Never,
        false if swapped::is_swapped(doc, leaf) => Hint::Shown,
        false => hint(doc, lexicon, leaf),
    };
    let reading = read_as(doc, leaf, &fence, hint, used);
    Some((fence, reading))
}

/// Reads blocks once more that hold only programs which the document types elsewhere.
fn read_recurring(
    doc: &Doc<'_>,
    lexicon: &Lexicon,
    used: &FxHashMap<&str, usize>,
    codes: &mut [Option<(Fence, Reading)>],
    item_exec: &mut [bool],
) {
    let mut found = Vec::new();
    for (i, leaf) in doc.leaves.iter().enumerate() {
        let LeafKind::Code(at) = leaf.kind else { continue };
        let (Some((fence, reading)), Some(code)) = (&codes[at as usize], doc.code(i)) else { continue };
        if let Some(words) = recurring::candidates(fence, reading, code.text) {
            found.push((i, at as usize, words));
        }
    }
    if found.is_empty() {
        return;
    }
    let typed = recurring::typed(codes.iter().flatten().map(|(_, reading)| reading));
    found.retain(|(_, _, words)| words.iter().all(|word| typed.contains(word)));
    for (leaf, at, _) in found {
        let answers = || {
            let before = leaf.checked_sub(1).map_or(std::borrow::Cow::Borrowed(""), |before| fold(doc.plain(before)));
            ["output", "said", "salida", "result", "retorn", "devuelv"].iter().any(|word| before.contains(word))
        };
        if let (Some((fence, reading)), Hint::None | Hint::Asked) = (&mut codes[at], hint(doc, lexicon, leaf))
            && !answers()
        {
            *reading = read_as(doc, leaf, fence, Hint::Asked, used);
            if let Some(item) = doc.leaves[leaf].item {
                item_exec[item] |= reading.kind != BlockKind::Reference;
            }
        }
    }
}

fn read_as(doc: &Doc<'_>, leaf: usize, fence: &Fence, hint: Hint, used: &FxHashMap<&str, usize>) -> Reading {
    let end = doc.leaves[leaf].span().end;
    let text = doc.code(leaf).map_or("", |code| code.text);
    code::read(fence.label.as_str(), text, hint, &|name| used.get(name).is_some_and(|at| *at >= end))
}

/// A fence with a fence in it shows how one is written; what is indented too far for a fence is none.
fn shows_a_fence(doc: &Doc<'_>, leaf: usize) -> bool {
    let Some(code) = doc.code(leaf) else { return false };
    let opening = doc.leaves[leaf].span().start..code.source(0);
    code::buried_label(code.text).is_some() && doc.text.get(opening).is_some_and(|mark| !mark.trim().is_empty())
}

/// What the paragraph before a block says of it.
fn hint(doc: &Doc<'_>, lexicon: &Lexicon, leaf: usize) -> Hint {
    let Some(before) = leaf.checked_sub(1) else { return Hint::None };
    let summary = match doc.leaves[before].kind {
        LeafKind::Html => {
            super::folds::summary(&doc.text[doc.leaves[before].span()]).map(|title| fold(&title).into_owned())
        }
        _ => None,
    };
    if summary.is_none() && !matches!(doc.leaves[before].kind, LeafKind::Paragraph | LeafKind::Heading(_)) {
        // A console that the block before left open.
        let goes_on = doc.leaves[before].kind.is_code() && consoles::is_at_one(doc, lexicon, leaf);
        return if goes_on { Hint::Console } else { Hint::None };
    }
    // What the words do not hold is not searched for.
    let signs = if summary.is_some() { Signs::ALL } else { doc.signs(before) };
    let shows = signs.may(Signs::SHOWS);
    let text = summary.map_or_else(|| doc.words(before).fold(doc.plain(before)), std::borrow::Cow::Owned);
    let last = super::prose::last_of(text.trim_end_matches([':', '.', ' ']));
    let starts = |category: Category| lexicon.label_starts(category, last);
    if belongs_elsewhere(doc, lexicon, before, leaf, last) {
        return Hint::Never;
    }
    // What only a longer text says in passing is no word on the block.
    let announces = text.trim_end_matches(['*', '_', ' ']).ends_with(':');
    let says = announces || last.len() < 80;
    let tells = announces && shows;
    if shows && says && super::told::of_the_past(lexicon, last)
        || tells && (super::told::of_a_program(lexicon, last) || super::told::by_itself(lexicon, last))
        || said::is_tale(lexicon, last, announces, is_heading(doc, before))
    {
        return Hint::Never;
    }
    let output = starts(Category::Output).or(starts(Category::Expected)).filter(|_| labels(doc, before, last));
    // "Expected output:" says it of whatever follows.
    if output.is_some_and(|phrase| phrase == last && is_of_output(phrase)) {
        return Hint::Never;
    }
    // "You can run (example output):"
    let runs = || signs.may(Signs::RUNS) && running::is_asked_in(lexicon, last);
    if output.is_none() && has_prompt(doc, leaf) && runs() {
        return Hint::Asked;
    }
    if output.is_some_and(|phrase| tells_what_appears(phrase) && !(is_seen(phrase) && is_first_typed(doc, leaf)))
        || failed::is_told(doc, lexicon, leaf, last, announces, shows)
        || starts(Category::Template).is_some()
        || starts(Category::Save).is_some_and(|p| p != "editar" && p != "edit") && !opens_an_editor(doc, leaf)
    {
        return Hint::Shown;
    }
    if shows && lexicon.find(Category::AlertRule, last).is_some() && !lexicon.is_imperative(last) {
        return Hint::Never;
    }
    let says = shows
        && (lexicon.find(Category::Output, behind_condition(lexicon, last)).is_some_and(|(_, p)| p.contains(' '))
            || lexicon.find(Category::Save, last).is_some());
    if output.is_some() || says {
        return Hint::Perhaps;
    }
    // "Health check script:" asks for no query.
    let script = || doc.code(leaf).is_some_and(|code| code.text.trim_start().starts_with("#!"));
    let asked = runs() || shows && lexicon.find(Category::QueryWord, last).is_some() && !script();
    let address = || lexicon.label_is(Category::Address, first_word(last.rsplit(' ').next().unwrap_or("")));
    match asked && !address() {
        _ if consoles::is_at_one(doc, lexicon, leaf) => Hint::Console,
        true => Hint::Asked,
        false => Hint::None,
    }
}

/// "If you see an error, try running": what is ordered behind a condition; all of any other sentence.
fn behind_condition<'t>(lexicon: &Lexicon, sentence: &'t str) -> &'t str {
    let ordered = sentence.rsplit_once(", ").filter(|(_, clause)| lexicon.is_imperative(clause));
    ordered.filter(|_| lexicon.starts(Category::GuardStrong, sentence).is_some()).map_or(sentence, |(_, clause)| clause)
}

fn is_heading(doc: &Doc<'_>, leaf: usize) -> bool {
    matches!(doc.leaves[leaf].kind, LeafKind::Heading(_))
}

/// A heading such as "Execution result" over several blocks: all of them are what came out.
fn shows_output_again(doc: &Doc<'_>, lexicon: &Lexicon, leaf: usize) -> bool {
    const ROW: usize = 6;
    let is_code = |at: &usize| doc.leaves[*at].kind.is_code();
    let above = (0..leaf).rev().take(ROW).find(|at| !is_code(at));
    let heading = above.filter(|at| at + 1 < leaf && is_heading(doc, *at));
    heading.is_some_and(|at| {
        let name = fold(crate::words::shorten(doc.plain(at), 60));
        let name = crate::words::past_marks(&name).trim_end_matches([':', ' ']);
        lexicon.label_starts(Category::Output, name).is_some_and(|phrase| phrase == name && is_of_output(phrase))
    })
}

/// Tells whether what stands before a block says that its lines go into a file, or are a platform's.
fn belongs_elsewhere(doc: &Doc<'_>, lexicon: &Lexicon, before: usize, leaf: usize, last: &str) -> bool {
    let added = adds_to_a_file(doc, lexicon, before, last) || filed::is_of_a_profile(doc, lexicon, leaf, last);
    added && !writes(doc, leaf)
        || filed::is_of_a_file(doc, lexicon, before, leaf)
        || put::says_so(doc, before, leaf, last)
        || filed::is_of_a_table(doc, before, leaf)
        || is_set(doc, lexicon, leaf, last)
}

/// "Start command", "Check that the build command is right:": what a platform is told to run.
fn is_set(doc: &Doc<'_>, lexicon: &Lexicon, leaf: usize, sentence: &str) -> bool {
    // All names of such have it in them, and a platform takes one line: below more of them a person starts to work.
    let named = crate::words::has(sentence, "omman") || crate::words::has(sentence, "omand");
    if !named || doc.code(leaf).is_none_or(|code| lines(code.text.trim()).nth(1).is_some()) {
        return false;
    }
    // "Start command (if it is asked for)".
    let name = sentence.find('(').map_or(sentence, |bracket| &sentence[..bracket]);
    let label = name.trim_matches(|c: char| !c.is_alphanumeric());
    let told = || {
        lexicon.label_find(Category::Starts, label).is_some()
            && lexicon.is_imperative(label)
            && [Category::RunWord, Category::Doing].iter().all(|word| lexicon.label_find(*word, label).is_none())
    };
    lexicon.label_is(Category::Starts, label) || told()
}

/// "Log into the console:" speaks of no log.
fn enters(sentence: &str) -> bool {
    ["log in", "log on", "log out"].iter().any(|words| sentence.starts_with(words))
}

/// Tells whether words may call what follows output: "Logs are growing?" and "Logs não aparecem" as headings do not.
fn labels(doc: &Doc<'_>, before: usize, last: &str) -> bool {
    let troubled = || last.ends_with('?') || [" nao ", " no ", " not "].iter().any(|not| last.contains(not));
    !enters(last) && (!is_heading(doc, before) || !troubled())
}

/// "You will see the service:" over `$ kubectl get service`: it is seen by whoever types that.
fn is_seen(phrase: &str) -> bool {
    ["will see", "should see", "must see", "deve ver", "vai ver", "debe ver", "vera"].iter().any(|w| phrase.contains(w))
}

fn has_prompt(doc: &Doc<'_>, leaf: usize) -> bool {
    doc.code(leaf).is_some_and(|code| code.text.trim_start().starts_with("$ "))
}

/// Tells whether a block begins with a prompt and a command that stands nowhere before: elsewhere it is shown once more with its answer.
fn is_first_typed(doc: &Doc<'_>, leaf: usize) -> bool {
    let typed = doc.code(leaf).and_then(|code| code.text.trim_start().strip_prefix("$ "));
    let before = doc.text.get(..doc.leaves[leaf].span().start).unwrap_or("");
    let command = typed.map(|typed| typed.lines().next().unwrap_or("").trim());
    command.is_some_and(|command| !crate::words::has(before, command))
}

/// Tells whether a phrase can only stand over what comes out: "you should see", "deve aparecer", but not "deve ser".
fn tells_what_appears(phrase: &str) -> bool {
    const WORDS: [&str; 22] = [
        "output",
        "said",
        "salida",
        "esperad",
        "expected",
        "should",
        "aparec",
        "mostra",
        "exibir",
        "deve retornar",
        "devolver",
        "deve ver",
        "debe ver",
        "deberia",
        "vera",
        "will see",
        "prints",
        "log ",
        "excerpt",
        "trecho",
        "extracto",
        "fragmento",
    ];
    WORDS.iter().any(|word| phrase.contains(word))
}

/// Tells whether a phrase speaks of what comes out, alone: "log" and "example" may stand over anything.
fn is_of_output(phrase: &str) -> bool {
    ["output", "saida", "salida", "result", "retorno"].iter().any(|word| phrase.contains(word))
}

/// Tells whether a word names a file that people edit.
pub fn is_edited_file(name: &str) -> bool {
    const FILES: [&str; 14] = [
        "rc",
        ".profile",
        ".bash_profile",
        ".bash_aliases",
        ".env",
        ".conf",
        ".ini",
        ".cnf",
        ".cfg",
        "fstab",
        "hosts",
        "sudoers",
        ".properties",
        ".service",
    ];
    !name.contains(' ') && FILES.iter().any(|end| name.ends_with(end))
}

/// "Add to your `~/.bashrc`:": what follows goes into that file; "Add the key to `.env` and restart:" does not.
fn adds_to_a_file(doc: &Doc<'_>, lexicon: &Lexicon, leaf: usize, last: &str) -> bool {
    let named = |run: &Run<'_>| run.kind == RunKind::Code && is_edited_file(run.text.trim());
    // Few paragraphs name such a file.
    let any = doc.runs(leaf).iter().any(named);
    let Some((at, words)) = any.then(|| lexicon.find(Category::Adds, last)).flatten() else { return false };
    let rest = &last[at + words.len()..];
    // "Add to the cluster the nodes of `hosts`": only what stands right behind is what is added to.
    let target = past_small_words(lexicon, rest);
    if !doc.runs(leaf).iter().any(|run| named(run) && target.starts_with(&*fold(run.text.trim()))) {
        return false;
    }
    // "…, then restart it": what follows is what to do next.
    let mut parts = rest.match_indices([',', ';', ' ']).map(|(at, mark)| rest[at + mark.len()..].trim_start());
    let joins = ["and ", "then ", "e ", "y ", "depois ", "luego "];
    let orders = |part: &str| {
        joins.iter().find_map(|word| part.strip_prefix(word)).is_some_and(|part| lexicon.is_imperative(part))
    };
    !parts.any(orders)
}

/// `# Add to backup.sh` over lines that belong into that script, which is not run below it.
fn adds_to_a_script(lexicon: &Lexicon, first: &str, text: &str) -> bool {
    const SCRIPTS: [&str; 6] = [".sh", ".bash", ".zsh", ".py", ".ps1", ".bat"];
    if !first.starts_with('#') || !first.contains('.') {
        return false;
    }
    let folded = fold(crate::words::shorten(first.trim_start_matches(['#', ' ']), 120));
    let Some(words) = lexicon.label_starts(Category::Adds, &folded) else { return false };
    let name = past_small_words(lexicon, &folded[words.len()..]).split(' ').next().unwrap_or("");
    let name = name.trim_matches(['`', '"', '\'', ':', '*']);
    let file = name.rsplit('/').next().unwrap_or(name);
    SCRIPTS.iter().any(|end| file.len() > end.len() && file.ends_with(end))
        && memchr::memmem::find_iter(fold(text).as_bytes(), file.as_bytes()).take(2).count() < 2
}

/// "the end of your file `x`": what stands before a file's name without naming anything else.
fn past_small_words<'a>(lexicon: &Lexicon, text: &'a str) -> &'a str {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\n', '`', '"', '*', '_', ':']);
        let word = first_word(rest);
        let small = rest.starts_with(word) && (lexicon.is(Category::Small, word) || word.ends_with("'s"));
        let next = if small { rest.get(word.len()..).filter(|next| next.starts_with([' ', '\n'])) } else { None };
        match next {
            Some(next) => rest = next,
            None => return rest,
        }
    }
}

/// Tells whether a block writes into the file itself, or opens it.
fn writes(doc: &Doc<'_>, leaf: usize) -> bool {
    let programs = ["echo", "cat", "tee", "sed", "printf", "sudo", "nano", "vi", "vim", "crontab"];
    doc.code(leaf).is_some_and(|code| programs.contains(&first_word(code.text)))
}

/// "Create the file:" over `mkdir -p /srv` and `nano /srv/copy.sh`: what makes it, and not what is in it.
fn opens_an_editor(doc: &Doc<'_>, leaf: usize) -> bool {
    const FEW: usize = 4;
    const EDITORS: [&str; 7] = ["nano", "vi", "vim", "nvim", "touch", "code", "notepad"];
    let first = |line: &str| first_word(line.trim().trim_start_matches("sudo ")).to_ascii_lowercase();
    let makes = |line: &str| EDITORS.contains(&&*first(line)) || matches!(&*first(line), "mkdir" | "cd");
    doc.code(leaf).is_some_and(|code| {
        let mut all = lines(code.text).filter(|line| !line.trim().is_empty()).take(FEW + 1).peekable();
        let (mut few, mut edits) = (0, false);
        all.peek().is_some()
            && all.all(|line| {
                few += 1;
                edits |= EDITORS.contains(&&*first(line));
                makes(line)
            })
            && few <= FEW
            && edits
    })
}

/// The last place where each shell variable is used.
fn last_uses<'a>(doc: &Doc<'a>) -> FxHashMap<&'a str, usize> {
    let mut uses = FxHashMap::default();
    for at in memchr::memchr_iter(b'$', doc.text.as_bytes()) {
        let rest = doc.text[at + 1..].trim_start_matches('{');
        let end = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').take(64).count();
        if end > 0 {
            uses.insert(&rest[..end], at);
        }
    }
    uses
}
