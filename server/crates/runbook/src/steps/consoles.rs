//! Source that is typed at the console of an application: the Rails console, the Django shell.

use crate::code;
use crate::doc::{Doc, LeafKind, RunKind};
use crate::lexicon::{Category, Lexicon};
use crate::steps::prose::spans;
use crate::words::{first_word, fold, lines, shorten};

/// As many leaves before a block are looked at: whatever it holds, and where it does not look like a file.
const NEAR: usize = 12;
const FAR: usize = 60;

/// What names such a console, whatever stands around it.
const NAMED: [&str; 6] =
    ["rails console", "console do rails", "consola de rails", "django shell", "shell do django", "rails-console"];

/// Tells whether a block of source is typed at a console: what stands right before it says so, or one was opened in its section or
/// one above.
pub fn is_at_one(doc: &Doc<'_>, lexicon: &Lexicon, leaf: usize) -> bool {
    let Some(block) = doc.code(leaf) else { return false };
    let label = if block.info.is_empty() { code::buried_label(block.text).unwrap_or("") } else { block.info };
    if !["py", "rb", "ruby", "php", "elixir"].iter().any(|source| label.starts_with(source)) {
        return false;
    }
    let speaks = |at: usize| !doc.runs(at).is_empty() && speaks_of_one(doc, lexicon, at, false);
    (leaf.saturating_sub(2)..leaf).any(speaks)
        || near_in_section(doc, leaf).any(|at| opens(doc, lexicon, at))
        || !is_of_a_file(block.text)
            && opened(doc, leaf, |at| opens(doc, lexicon, at) || speaks_of_one(doc, lexicon, at, true))
}

/// The few leaves before a block, up to its heading.
fn near_in_section(doc: &Doc<'_>, leaf: usize) -> impl Iterator<Item = usize> {
    let before = (leaf.saturating_sub(NEAR)..leaf).rev();
    before.take_while(|at| !matches!(doc.leaves[*at].kind, LeafKind::Heading(_)))
}

/// Looks for what opens a console in a block's section, and in those that it lies in before its own heading.
fn opened(doc: &Doc<'_>, leaf: usize, opens: impl Fn(usize) -> bool) -> bool {
    let (mut level, mut found) = (u8::MAX, false);
    for at in (leaf.saturating_sub(FAR)..leaf).rev() {
        match doc.leaves[at].kind {
            LeafKind::Heading(own) if own < level => {
                if found || opens(at) {
                    return true;
                }
                level = own;
            }
            // What was opened under a heading beside it.
            LeafKind::Heading(_) => found = false,
            _ => found = found || opens(at),
        }
    }
    // Nothing but its own section was seen, or all that stands before the first heading.
    found && (level == u8::MAX || leaf <= FAR)
}

fn opens(doc: &Doc<'_>, lexicon: &Lexicon, at: usize) -> bool {
    match doc.code(at) {
        Some(block) => {
            let last = block.text.lines().map(str::trim).rfind(|line| !line.is_empty() && !line.starts_with('#'));
            last.is_some_and(code::opens_console)
        }
        None => {
            !matches!(doc.leaves[at].kind, LeafKind::Heading(_))
                && (0..doc.runs(at).len()).any(|span| opens_a_console(doc, lexicon, at, span))
        }
    }
}

/// "In the Rails console:", "### Sidekiq from the console"; `far` is whether it stands further above, where only a name says enough.
fn speaks_of_one(doc: &Doc<'_>, lexicon: &Lexicon, at: usize, far: bool) -> bool {
    const WORDS: [&str; 6] = ["shell", "console", "repl", "consola", "tinker", "irb"];
    const USING: [&str; 3] = ["using the console", "usando o console", "usando la consola"];
    if doc.code(at).is_some() || doc.runs(at).is_empty() {
        return false;
    }
    let text = fold(shorten(doc.plain(at), 200)).into_owned();
    if far && !text.contains("consol") && !text.contains("django") {
        return false;
    }
    let body = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let last = body.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    let heading = matches!(doc.leaves[at].kind, LeafKind::Heading(_));
    // "The shop uses the Rails console for all." tells of one.
    let sentence = body.rsplit(". ").next().unwrap_or("");
    let leads = heading
        || text.ends_with(':')
        || lexicon.starts(Category::Place, sentence).is_some()
        || lexicon.starts(Category::Guard, sentence).is_some()
        || lexicon.is_imperative(sentence);
    let named = NAMED.iter().any(|name| text.contains(name));
    let ends = WORDS.contains(&last) && (!far || heading && last.starts_with("consol"));
    leads && (ends || named) || far && USING.iter().any(|words| text.starts_with(words))
}

/// Tells whether a span opens a console and the reader is told to: "written in `python`" names a language.
fn opens_a_console(doc: &Doc<'_>, lexicon: &Lexicon, leaf: usize, at: usize) -> bool {
    let runs = doc.runs(leaf);
    if runs[at].kind != RunKind::Code || !code::opens_console(runs[at].text) {
        return false;
    }
    let before = fold(shorten(&crate::doc::plain(&runs[at.saturating_sub(4)..at]), 400)).into_owned();
    let sentence = before.rsplit(['.', ';', '!']).next().unwrap_or("").trim();
    // "In `rails console`:", "Abra um `python manage.py shell`".
    let placed = lexicon.starts(Category::Place, sentence).is_some() || lexicon.is_imperative(sentence);
    let named = runs[at].text.contains(' ') && placed && !spans::is_forbidden(lexicon, runs, at);
    named || spans::told_to_run(lexicon, runs, at, doc.leaves[leaf].item.is_some())
}

/// `gem 'shop'`, `class Order`, `config.x = 1`, `{'a': 1}`: what stands in a file, or was answered, and nobody types.
fn is_of_a_file(text: &str) -> bool {
    const STARTS: [&str; 11] =
        ["gem", "config", "source", "class", "module", "namespace", "describe", "def", "set", "template", "web"];
    const HOLDS: [&str; 7] =
        ["\nconfig.", "application.config", "<%", "<script", "#!/", "\"run_list\"", " do |config|"];
    let first = lines(text).map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or("");
    first.starts_with(['{', '[', '"', '\'', '<'])
        || STARTS.contains(&first_word(first))
        || HOLDS.iter().any(|held| text.contains(held))
}
