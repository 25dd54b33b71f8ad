//! Tables: commands in their cells, checklists, conditions with what to do, whom to call when.

use std::borrow::Cow;

use farol_api::graph::{NodeKind, Phase};

use super::forbidden::bad;
use super::forbidden::stance::{self, Stance};
use super::items::boxed::{TYPED, denies, past_box};
use super::prose::{last_of, spans};
use super::{Origin, Walker};
use crate::doc::{Row, Run, RunKind, Table, Typed, plain};
use crate::folding::Words;
use crate::lexicon::{Category, Lexicon, minutes_after};
use crate::thresholds;
use crate::words::{first_word, fold, fold_in_place, has, past_marks, shorten, starts_with_phrase};

/// The folded names of the columns.
type Names<'t> = Vec<Cow<'t, str>>;

/// What the header says of the columns.
#[derive(Default)]
struct Columns {
    /// The condition's.
    condition: Option<usize>,
    /// The order's.
    remedy: Option<usize>,
    /// Those of commands.
    commands: Vec<usize>,
    /// Those that quote what went wrong, or tell what was found, or done, or what something else runs.
    said: Vec<usize>,
    /// Those that show what not to do.
    wrong: Vec<usize>,
    /// Those that say whether something may be done.
    allowed: Vec<usize>,
    /// Those that may say so, in a word: "Use", "Prod".
    maybe: Vec<usize>,
    /// Those that say whether something must not be done.
    not: Vec<usize>,
}

impl Walker<'_> {
    /// Code spans in cells that are whole commands become nodes, titled by their row.
    pub(super) fn table(&mut self) {
        let doc = self.doc;
        let Some(table) = doc.table(self.leaf) else { return };
        if let Some(title) = self.checklist_due.take() {
            return self.checklist_table(title, table);
        }
        if is_boxed(table) && !self.quiet() {
            return self.checklist_table(self.heading().to_owned(), table);
        }
        let names: Names<'_> = table.header().map(|cell| fold_in_place(plain(cell))).collect();
        if self.escalations(table, &names) || is_history(&names) || is_settings(table, &names) {
            return;
        }
        let columns = self.columns(table, &names);
        // What to do about what is an order wherever it stands, also under "Common causes".
        let setup = self.is_prepared_by_hand() && !columns.commands.is_empty();
        if self.quiet() && columns.condition.is_none() && !setup {
            return;
        }
        for row in table.rows().skip(1) {
            let before = self.out.drafts.len();
            self.commands_of(&row, &columns);
            self.remedy(&row, &columns, before);
        }
    }

    /// Under "Requirements" a command is tried by hand; under "Configuration" a service runs it itself.
    fn is_prepared_by_hand(&self) -> bool {
        let sections = &self.outline.sections;
        let configures = |s: usize| ["config", "settings", "ajustes"].iter().any(|w| sections[s].name.starts_with(w));
        self.section.is_some_and(|s| sections[s].setup) && !self.outline.ancestors(self.section).any(configures)
    }

    fn columns(&self, table: Table<'_, '_>, names: &Names<'_>) -> Columns {
        let find = |category: Category| names.iter().position(|n| self.lexicon.label_starts(category, n).is_some());
        let commands = (0..names.len()).filter(|i| self.lexicon.label_starts(Category::Command, &names[*i]).is_some());
        let remedy = find(Category::Remedy);
        let cells = |column: usize| table.rows().skip(1).filter_map(move |row| row.get(column).map(plain));
        let told = || remedy.and_then(|remedy| thresholds::column(remedy, cells));
        let before = |column: &usize| remedy.is_some_and(|remedy| *column < remedy);
        // "Case | Action": of what is to be done where nothing else says when.
        let case = || names.iter().position(|name| matches!(&**name, "case" | "caso")).filter(before);
        let condition = find(Category::Threshold).filter(before).or_else(told).or_else(case);
        let was = was_used(names);
        let told = |i: &usize| {
            let name = &*names[*i];
            let start = past_marks(name);
            self.lexicon.label_starts(Category::ToldColumn, start).is_some()
                || super::told::of_a_program(self.lexicon, start)
                || was == Some(*i)
        };
        let said = (0..names.len()).filter(told);
        let of = |test: &dyn Fn(&str) -> bool| -> Vec<usize> {
            let bare = |i: &usize| names[*i].trim_matches(|c: char| !c.is_alphanumeric());
            (0..names.len()).filter(|i| test(bare(i))).collect()
        };
        // "Safe to repeat": no word on whether it is run once.
        let again = |name: &str| name.split(' ').any(|word| self.lexicon.label_is(Category::Again, first_word(word)));
        // "É permitido?", "Is it safe?"
        let asked = |name: &str| {
            let mut words = name.split(' ').take(3).map(first_word).skip(1);
            words.any(|word| {
                self.lexicon.label_is(Category::Allowed, word) && !matches!(word, "pode" | "puede" | "recommended")
            })
        };
        let allowed =
            of(&|name| (self.lexicon.label_starts(Category::Allowed, name).is_some() || asked(name)) && !again(name));
        let maybe = of(&|name| self.lexicon.label_is(Category::Maybe, name));
        let not = of(&|name| self.lexicon.label_starts(Category::MustNot, name).is_some());
        let wrong = (0..names.len())
            .filter(|i| stance::of(self.lexicon, &names[*i]) > Stance::Aim || self.calls_wrong(&names[*i]));
        let (wrong, commands, said) = (wrong.collect(), commands.collect(), said.collect());
        Columns { condition, remedy, commands, said, wrong, allowed, maybe, not }
    }

    fn commands_of(&mut self, row: &Row<'_, '_>, columns: &Columns) {
        let lexicon = self.lexicon;
        // "`/healthz` | checks the database with `select 1`": what an address or a script does.
        let subject = || {
            let first = row.get(0).filter(|cell| cell.len() == 1 && cell[0].kind == RunKind::Code);
            first.is_some_and(|cell| cell[0].text.starts_with('/') || spans::names_a_file(cell[0].text))
        };
        // "`DATABASE_URL` | the base, which is kept in step with `x`": what a variable is for.
        let variable = || {
            let first = row.get(0).filter(|cell| cell.len() == 1 && cell[0].kind == RunKind::Code);
            first.is_some_and(|cell| {
                cell[0].text.bytes().all(|b| b == b'_' || b.is_ascii_uppercase() || b.is_ascii_digit())
            })
        };
        let orders = |before: &[Run<'_>]| super::items::orders(lexicon, Words::NONE, last_of(&plain(before)));
        let spans = || row.cells().enumerate().flat_map(|(i, cell)| (0..cell.len()).map(move |at| (i, cell, at)));
        let is_typed = |(column, cell, at): &(usize, &[Run<'_>], usize)| {
            let typed = match cell[*at].kind {
                RunKind::Code if columns.commands.contains(column) => cell[*at].typed() != Typed::No,
                _ => {
                    cell[*at].is_command()
                        && is_told(lexicon, cell, *at, columns.remedy == Some(*column), !columns.commands.is_empty())
                }
            };
            typed
                && columns.condition != Some(*column)
                && !columns.said.contains(column)
                && (*at == 0 || columns.remedy == Some(*column) || !subject() && (!variable() || orders(&cell[..*at])))
        };
        if !spans().any(|span| is_typed(&span)) {
            return;
        }
        let title = row.get(0).map(plain).unwrap_or_default();
        if spans::is_set(lexicon, &fold(&title)) {
            return;
        }
        // What went wrong, and what a program said of it, forbids nothing: `"no space left" | docker system prune`.
        let quotes = |text: &str| text.starts_with(['"', '“', '«', '\'']);
        let forbids = |i: usize, cell: &[Run<'_>]| {
            columns.condition != Some(i) && !is_code(cell) && {
                let text = plain(cell);
                !quotes(&text) && !is_bare_no(&text) && (self.prohibits(&text) || self.only_forbids(&text))
            }
        };
        let refused = row.cells().enumerate().any(|(i, cell)| refuses(self.lexicon, &plain(cell), columns.asks(i)));
        let forbidden = self.forbidden
            || self.heading_doubts()
            || refused
            || row.cells().enumerate().any(|(i, cell)| forbids(i, cell));
        for (column, cell, at) in spans().filter(is_typed) {
            let run = &cell[at];
            let title = past_box(&title);
            let title = if title == run.text || title.is_empty() { run.text } else { title }.to_owned();
            let condition = columns.condition.and_then(|c| row.get(c)).map(|cell| plain(cell).into_owned());
            let place = row_place(row).unwrap_or(run.start());
            let guard = self.guard_of(&title, run.start()).or(condition.map(|c| (c, place)));
            if forbidden || columns.wrong.contains(&column) || spans::is_forbidden(self.lexicon, cell, at) {
                let draft = self.draft(NodeKind::Prohibition, Origin::Inline, title, run.span());
                self.push(draft);
            } else {
                self.inline(run.text.trim(), run.span(), title, guard);
            }
        }
    }

    /// "More than 80 % | restart the API": a condition with what to do about it.
    fn remedy(&mut self, row: &Row<'_, '_>, columns: &Columns, before: usize) {
        let (Some(condition), Some(remedy)) = (columns.condition, columns.remedy) else { return };
        let (Some(limit), Some(cell)) = (row.get(condition), row.get(remedy)) else { return };
        let (mut guard, order) = (plain(limit).into_owned(), plain(cell).into_owned());
        // "Orphans | > 0 | mend them": a number alone says nothing of what is counted.
        if let Some(what) = row.get(0).filter(|_| condition > 0 && thresholds::is_threshold(&fold(shorten(&guard, 96))))
        {
            guard = format!("{}: {guard}", plain(what));
        }
        let place = row_place(row);
        let (Some(place), true) = (place, self.out.drafts.len() == before) else { return };
        let folded = fold(shorten(&order, 400));
        if guard.is_empty()
            || !super::items::orders(self.lexicon, Words::NONE, &order)
                && self.lexicon.starts(Category::Goto, &folded).is_none()
                // "Rollback at once"
                && self.lexicon.label_starts(Category::PhaseRollback, &folded).is_none()
        {
            return;
        }
        let end = cell.last().map_or(place, |run| run.span().end).max(place);
        // "Follow scenario 1" is nothing to tick.
        let leads =
            self.lexicon.starts(Category::Goto, &folded).is_some() && folded.bytes().any(|b| b.is_ascii_digit());
        let kind = match leads {
            _ if self.prohibits(&order) => NodeKind::Prohibition,
            true => NodeKind::Goto,
            false => NodeKind::Manual,
        };
        let mut draft = self.draft(kind, Origin::Row, order, place..end);
        draft.text = self.source(&draft.span).to_owned();
        draft.guard = Some((guard, place));
        self.push(draft);
    }

    /// Rows of a table that is called a checklist are its items.
    fn checklist_table(&mut self, title: String, table: Table<'_, '_>) {
        let header: Vec<_> = table.header().map(|cell| fold_in_place(plain(cell))).collect();
        let state = ["status", "estado", "ok", "#", "", "feito", "hecho", "done", "no", "n", "check"];
        let column = header.iter().position(|name| !state.contains(&&**name)).unwrap_or(0);
        let span = self.doc.leaves[self.leaf].span();
        let list = usize::MAX;
        self.out.checklists.push(super::ChecklistDraft {
            title: super::clean_title(&title),
            drafts: Vec::new(),
            span,
            list,
        });
        for row in table.rows().skip(1) {
            let Some(place) = row_place(&row) else { continue };
            let text = row.get(column).map(plain).unwrap_or_default();
            let text = past_box(&text);
            let end = row.cells().flatten().map(|run| run.span().end).max().unwrap_or(place);
            let mut draft = self.draft(NodeKind::Check, Origin::Check, text, place..end);
            draft.guard = self.guard_of(text, place);
            let draft = self.push(draft);
            if let Some(list) = self.out.checklists.last_mut() {
                list.drafts.extend(draft);
            }
            // "[ ] Nobody ran it": what was not to be. "[ ] Do not run it" is shown as forbidden.
            if self.prohibits(text) || !denies(self.lexicon, &fold(text)) {
                self.commands_of(&row, &Columns::default());
            }
        }
    }

    /// "Gateway unreachable | infrastructure lead": whom to call when. Tells whether any row says so.
    fn calls(&mut self, table: Table<'_, '_>, when: usize, whom: usize) -> bool {
        let label = table.header().nth(whom).map(plain).unwrap_or_default();
        let mut any = false;
        for row in table.rows().skip(1) {
            let (Some(limit), Some(cell), Some(place)) = (row.get(when), row.get(whom), row_place(&row)) else {
                continue;
            };
            let (guard, called) = (plain(limit), plain(cell));
            if guard.is_empty() || called.is_empty() {
                continue;
            }
            let minutes = minutes_after(self.lexicon, &fold(shorten(&guard, 200)));
            let end = row.cells().flatten().map(|run| run.span().end).max().unwrap_or(place);
            let mut draft = self.draft(NodeKind::Escalation, Origin::Row, format!("{label}: {called}"), place..end);
            draft.rare().after_minutes = minutes;
            draft.text = self.source(&draft.span).to_owned();
            draft.guard = Some((guard.into_owned(), place));
            self.keep(draft);
            any = true;
        }
        any
    }

    /// "L2 | tech lead | more than 15 minutes": whom to call after how long.
    fn escalations(&mut self, table: Table<'_, '_>, names: &Names<'_>) -> bool {
        let section = self.section.map(|s| &self.outline.sections[s]);
        let named = section.is_some_and(|s| s.phase == Some(Phase::Escalate));
        if !named && !names.iter().any(|name| has(name, "escal")) {
            return false;
        }
        let header = names.join(" ");
        // "Severity | Response time" promises, and calls nobody.
        let graded = ["sever", "priorid", "priorit", "criticid", "gravid"].iter().any(|word| header.contains(word));
        let timed = ["respon", "respuesta", "resol", "sla", "tempo de", "tiempo de"].iter().any(|w| header.contains(w));
        let calls = ["escal", "contact", "contat", "who", "quem", "quien", "acion", "notif", "call"];
        if graded && timed && !calls.iter().any(|word| header.contains(word)) {
            return false;
        }
        if let Some((when, whom)) = calls_when(names) {
            return self.calls(table, when, whom);
        }
        let mut any = false;
        for row in table.rows().skip(1) {
            let cells: Vec<_> = row.cells().map(plain).collect();
            let minutes = cells.iter().find_map(|cell| {
                let folded = fold(shorten(cell, 200));
                minutes_after(self.lexicon, &folded).or_else(|| over(self.lexicon, &folded))
            });
            let (Some(minutes), Some(place)) = (minutes, row_place(&row)) else { continue };
            let end = row.cells().flatten().map(|run| run.span().end).max().unwrap_or(place);
            let title = cells.iter().filter(|c| !c.is_empty()).cloned().collect::<Vec<_>>().join(" · ");
            let mut draft = self.draft(NodeKind::Escalation, Origin::Row, title, place..end);
            draft.rare().after_minutes = Some(minutes);
            draft.text = self.source(&draft.span).to_owned();
            self.keep(draft);
            any = true;
        }
        any
    }
}

/// "Condition | Escalate to": the columns of when to call, and whom.
fn calls_when(names: &Names<'_>) -> Option<(usize, usize)> {
    const WHEN: [&str; 14] = [
        "condi",
        "situa",
        "if",
        "se",
        "si",
        "when",
        "quando",
        "cuando",
        "trigger",
        "gatilho",
        "disparador",
        "sintoma",
        "symptom",
        "criteri",
    ];
    let whom = names.iter().position(|name| name.starts_with("escal") && name.contains(' '))?;
    // "Time before escalating" and the like are read by their minutes.
    let called = ["para", "a", "to", "con", "com", "al", "ao"].contains(&names[whom].split(' ').nth(1).unwrap_or(""));
    let word = |name: &str, word: &str| first_word(name) == word || word.len() > 4 && name.starts_with(word);
    let when = names.iter().position(|name| WHEN.iter().any(|known| word(name, known)))?;
    called.then_some((when, whom))
}

/// "Before | After": what was typed once.
fn was_used(names: &[std::borrow::Cow<'_, str>]) -> Option<usize> {
    let is = |words: &[&str]| names.iter().position(|name| words.contains(&&**name));
    let before = is(&["before", "antes", "was", "era"])?;
    is(&["after", "now", "depois", "agora", "despues", "ahora"]).is_some().then_some(before)
}

/// "Não": an answer to what the column asks, whatever that is.
fn is_bare_no(text: &str) -> bool {
    text.len() < 8 && matches!(fold(text).trim_matches(|c: char| !c.is_alphanumeric()), "no" | "nao")
}

/// A cell that is a command, or asks for one: "Run `x`", but not "maps to `x`", nor what it tells of a command beside it.
fn is_told(lexicon: &Lexicon, cell: &[Run<'_>], at: usize, remedy: bool, beside: bool) -> bool {
    const FEW: usize = 3;
    at == 0 && !spans::fails(lexicon, cell, at)
        || (remedy || !beside) && spans::told_to_run(lexicon, cell, at, true)
        || remedy && at == 1 && cell[0].text.split(' ').count() < FEW && !spans::is_put_into_a_file(lexicon, cell, at)
}

/// What a column asks of its rows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asks {
    Nothing,
    /// "Allowed".
    Allowed,
    /// "Use", where only a "no" alone is an answer.
    Maybe,
    /// "Forbidden".
    Not,
}

impl Columns {
    fn asks(&self, column: usize) -> Asks {
        match column {
            i if self.allowed.contains(&i) => Asks::Allowed,
            i if self.maybe.contains(&i) => Asks::Maybe,
            i if self.not.contains(&i) => Asks::Not,
            _ => Asks::Nothing,
        }
    }
}

/// `⛔`, "not in production!", "deprecated", and in the column of what is allowed `❌` or "no": a cell that says nothing else.
fn refuses(lexicon: &Lexicon, cell: &str, asks: Asks) -> bool {
    const STOPS: [char; 2] = ['🚫', '⛔'];
    const CROSSES: [char; 8] = ['❌', '✗', '✘', '✖', '✕', '×', '☒', '❎'];
    const TICKS: [char; 5] = ['✅', '✔', '✓', '☑', '🗹'];
    // Signs as they are typed where there are none.
    const TYPED: [(&str, &str); 6] = [
        (":x:", "❌"),
        (":negative_squared_cross_mark:", "❌"),
        (":no_entry:", "⛔"),
        (":no_entry_sign:", "⛔"),
        (":white_check_mark:", "✅"),
        (":heavy_check_mark:", "✔"),
    ];
    let mut cell = std::borrow::Cow::Borrowed(shorten(cell, 60));
    if cell.contains(':') {
        cell = TYPED.iter().fold(cell.into_owned(), |cell, (typed, sign)| cell.replace(typed, sign)).into();
    }
    let folded = fold(&cell);
    let start = past_marks(&folded);
    let whole = start.trim_end_matches(|c: char| !c.is_alphanumeric());
    let ticked = cell.contains(TICKS);
    if asks == Asks::Not {
        return start.is_empty() && (ticked || cell.contains(CROSSES) || cell.contains(STOPS))
            || lexicon.label_starts(Category::Yes, start).is_some();
    }
    let asked = asks != Asks::Nothing;
    let crossed = cell.contains(STOPS) || asked && cell.contains(CROSSES);
    let said = lexicon.label_starts(Category::Refused, start);
    start.is_empty() && crossed && !ticked
        || said.is_some_and(|words| asks == Asks::Allowed || words.contains(' ') || asked && words == whole)
        || bad::is_over(lexicon, &folded)
}

/// "Date | Cause | What was done": what happened, and nothing to do.
fn is_history(header: &Names<'_>) -> bool {
    let dated = header.iter().any(|name| ["date", "data", "fecha"].iter().any(|word| starts_with_phrase(name, word)));
    let what = ["cause", "causa", "reason", "motivo", "incident", "incidente", "resol", "impact", "root cause"];
    dated && header.iter().any(|name| what.iter().any(|word| name.starts_with(word)))
}

/// "Build command | Output directory", "Entrypoint | Command": what a platform is told, which runs it itself.
fn is_settings(table: Table<'_, '_>, names: &Names<'_>) -> bool {
    let outputs = [
        "output dir",
        "publish dir",
        "diretorio de saida",
        "directorio de salida",
        "carpeta de salida",
        "pasta de saida",
    ];
    let is = |words: &[&str]| names.iter().any(|name| words.contains(&&**name));
    // "Script | Command": what a package's script runs.
    let runners = ["npm ", "pnpm ", "yarn ", "bun ", "make ", "composer ", "just ", "task "];
    let typed = |run: &Run<'_>| run.kind == RunKind::Code && runners.iter().any(|runner| run.text.starts_with(runner));
    let scripts = names.first().is_some_and(|name| matches!(&**name, "script" | "scripts"))
        && !table.rows().skip(1).any(|row| row.cells().flatten().any(typed));
    let built = (scripts || is(&["entrypoint", "replicas"])) && is(&["command", "comando", "cmd"]);
    built || names.iter().any(|name| outputs.iter().any(|word| name.starts_with(word)))
}

/// `> 15 min`, `15 min`: minutes in a cell of an escalation table.
fn over(lexicon: &Lexicon, folded: &str) -> Option<u32> {
    let rest = folded.trim_start_matches(|c: char| !c.is_ascii_digit());
    if folded.len() - rest.len() > 4 {
        return None;
    }
    let minutes = crate::lexicon::seconds(lexicon, shorten(rest, 24))? / 60;
    u32::try_from(minutes).ok().filter(|m| *m > 0)
}

fn is_code(cell: &[Run<'_>]) -> bool {
    cell.iter().all(|run| run.kind == RunKind::Code || run.text.trim().is_empty())
}

fn row_place(row: &Row<'_, '_>) -> Option<usize> {
    row.cells().flatten().map(Run::start).min()
}

/// Each row has a cell that begins with `[ ]`: what Markdown knows no box for.
fn is_boxed(table: Table<'_, '_>) -> bool {
    let boxed = |cell: &[Run<'_>]| {
        let first = cell.first().map_or("", |run| run.text.trim_start());
        TYPED.iter().any(|mark| first.starts_with(mark)) && cell[0].kind == RunKind::Text
    };
    let mut rows = table.rows().skip(1).peekable();
    rows.peek().is_some() && rows.all(|row| row.cells().any(boxed))
}
