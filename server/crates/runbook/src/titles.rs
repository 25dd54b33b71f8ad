//! Go-tos that name a section by its title: "ir para a seção Rollback", "see Drain the queue", "(ver Limpar o disco)".

use farol_api::graph::Phase;

use crate::lexicon::{Category, Lexicon};
use crate::outline::{Outline, Section};
use crate::references::{Pointer, past_article};
use crate::words::{find, shorten};

/// As far as a title is looked for behind the words that point.
const LONGEST: usize = 80;

/// How many words of a step are looked at, where several point.
const MOST: usize = 8;

/// Sections by their titles without case, accents and numbers.
pub struct Titles<'o> {
    /// The names in the order of letters.
    names: Vec<&'o str>,
    /// The section of each, ascending where several have one name.
    sections: Vec<usize>,
}

/// How sure the words around a title are that it is one.
struct Mark {
    /// "The section …", or quotes around it.
    named: bool,
    /// "Go to", which can hardly mean to look at a thing.
    leads: bool,
    /// "(see …)".
    aside: bool,
}

impl<'o> Titles<'o> {
    /// Collects the titles; the document's own is none.
    pub fn new(outline: &'o Outline<'o>) -> Self {
        let is_title = |section: &Section<'_>| {
            (section.level > 1 || section.parent.is_some()) && section.name.len() > 2 && section.name.len() < LONGEST
        };
        let titles = outline.sections.iter().enumerate().filter(|(_, section)| is_title(section));
        let mut titles: Vec<(&str, usize)> = titles.map(|(i, section)| (section.name, i)).collect();
        titles.sort_unstable();
        let (names, sections) = titles.into_iter().unzip();
        Self { names, sections }
    }

    /// All sections of one name.
    fn of(&self, name: &str) -> &[usize] {
        let from = self.names.partition_point(|known| *known < name);
        let same = self.names[from..].iter().take_while(|known| **known == name).count();
        &self.sections[from..from + same]
    }

    /// Finds the section that a step's words name.
    pub fn find(&self, lexicon: &Lexicon, outline: &Outline<'_>, words: &Pointer) -> Option<usize> {
        let folded = words.folded.as_str();
        let mut from = 0;
        for _ in 0..MOST {
            let (at, phrase) = lexicon.find(Category::Goto, &folded[from..])?;
            let start = from + at + phrase.len();
            let mark = Mark {
                named: false,
                leads: phrase.contains(' '),
                aside: folded[..from + at].trim_end().ends_with('('),
            };
            // "In Grafana, go to Alerts": a place of some other program.
            let sentence = folded[..from + at].rsplit(['.', '\n', ';', '(']).next().unwrap_or("").trim();
            if lexicon.starts(Category::Place, sentence).is_some() && sentence.ends_with(',') {
                from = start;
                continue;
            }
            if let Some(section) = self.named_by(outline, words, &folded[start..], mark) {
                return Some(section);
            }
            from = start;
        }
        None
    }

    fn named_by(&self, outline: &Outline<'_>, words: &Pointer, rest: &str, mut mark: Mark) -> Option<usize> {
        let rest = past_article(rest.trim_start());
        let section = ["section ", "secao ", "seccion ", "apartado "].iter().find_map(|word| rest.strip_prefix(word));
        let bare = section.unwrap_or(rest).trim_start_matches(['*', '_', '`']);
        let quoted = bare.strip_prefix(['"', '“', '«', '\'']);
        mark.named = section.is_some() || quoted.is_some();
        let body = shorten(quoted.unwrap_or(bare), LONGEST);
        let ends = |c: char| matches!(c, '.' | ',' | ';' | ':' | '(' | ')' | '"' | '”' | '»' | '*' | '\n' | '—' | '–');
        let end = body.find(ends).unwrap_or(body.len());
        let body = &body[..end];
        // An apostrophe at a word's end closes the quotes; one within a word does not.
        let closes = |at: &usize| !body[at + 1..].starts_with(char::is_alphanumeric);
        let end = body.match_indices('\'').map(|(at, _)| at).find(closes).unwrap_or(body.len());
        let body = body[..end].trim_end();
        let (body, after) = without_tail(body);
        mark.named |= after;
        let rest = &rest[find(rest, body).unwrap_or(0) + body.len()..];
        if section.is_none() && names_a_view(rest) {
            return None;
        }
        let found = match self.of(body) {
            [] => self.starting(body).filter(|_| mark.named)?,
            sections => outline.nearest(sections, words.place)?,
        };
        let target = &outline.sections[found];
        let inside = target.span.contains(&words.place);
        (!inside && mark.is_meant(target, words)).then_some(found)
    }

    /// The one section whose title starts with some words.
    fn starting(&self, words: &str) -> Option<usize> {
        // As many titles that begin alike are looked at.
        const MOST: usize = 64;
        let from = self.names.partition_point(|name| *name < words);
        let alike = self.names[from..].iter().take(MOST).map_while(|name| name.strip_prefix(words)).enumerate();
        let mut found = alike.filter(|(_, rest)| words.len() > 2 && rest.starts_with([' ', ':', '(', '-', '/']));
        let (at, _) = found.next().filter(|_| found.next().is_none())?;
        Some(self.sections[from + at])
    }
}

impl Mark {
    /// "See the logs" looks at logs, though a heading says so too; "see Drain the queue" does not.
    fn is_meant(&self, target: &Section<'_>, words: &Pointer) -> bool {
        if self.named || self.leads {
            return true;
        }
        let title = target.title.trim_start_matches(|c: char| !c.is_alphabetic()).trim_end_matches([':', ' ', '.']);
        let written = title.starts_with(char::is_uppercase) && crate::words::has(&words.text, title);
        let apart = matches!(target.phase, Some(Phase::Rollback | Phase::Escalate | Phase::Resolve));
        written && (self.aside || apart || words.guarded || title.contains(' '))
    }
}

/// What people look at and press.
fn is_view(word: &str) -> bool {
    matches!(
        word,
        "click"
            | "select"
            | "press"
            | "button"
            | "tab"
            | "page"
            | "menu"
            | "screen"
            | "panel"
            | "dashboard"
            | "console"
            | "sidebar"
            | "website"
            | "portal"
            | "clique"
            | "clicar"
            | "clica"
            | "selecione"
            | "pressione"
            | "botao"
            | "aba"
            | "pagina"
            | "tela"
            | "painel"
            | "clic"
            | "seleccione"
            | "selecciona"
            | "pulse"
            | "pulsa"
            | "presione"
            | "boton"
            | "pestana"
            | "pantalla"
            | "consola"
            | "grafana"
            | "kibana"
            | "datadog"
            | "github"
            | "gitlab"
            | "aws"
            | "azure"
    )
}

/// "Go to Settings, click Users", "go to Deployments in the console": what stands behind a name tells of something to look
/// at and to press, which is no section.
fn names_a_view(rest: &str) -> bool {
    let sentence = rest.split(['\n']).next().unwrap_or("");
    let sentence = sentence.split(". ").next().unwrap_or("");
    // What stands behind a hyphen is no word of its own.
    let mut words = sentence.split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-'));
    words.any(|word| is_view(&word[..memchr::memchr(b'-', word.as_bytes()).unwrap_or(word.len())]))
        || sentence.trim_start_matches(['"', '*', '_', '\'', '”', '»', '`']).trim_start().starts_with(['>', '→', '»'])
}

/// Takes "section", "below" and the like off the end; tells whether the words named a section.
fn without_tail(body: &str) -> (&str, bool) {
    const TAILS: [&str; 12] = [
        " section",
        " below",
        " above",
        " abaixo",
        " acima",
        " mais abaixo",
        " abajo",
        " arriba",
        " mas abajo",
        " mas arriba",
        " do runbook",
        " del runbook",
    ];
    let tail = TAILS
        .iter()
        .find_map(|tail| body.strip_suffix(tail).map(|rest| (rest.trim_end_matches(['"', '”', ' ']), *tail)));
    tail.map_or((body, false), |(rest, tail)| (rest, tail == " section"))
}
