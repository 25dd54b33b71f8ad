//! YAML front matter: its keys with a meaning, and what it says about parameters.

mod alerts;
mod merge;
mod yaml;

use std::ops::Range;

use farol_api::front_matter::{FrontMatter, ParameterDeclaration};
use farol_api::runbook::ParameterKind;
use farol_api::text::{Localized, Span};

use crate::attributes::{self, KeyDoc};
use crate::doc::Doc;
use crate::params;
use crate::words::shorten;
use yaml::{Node, Value};

pub use alerts::merge as merge_alerts;
pub use merge::merge;

/// Something in front matter that is not understood.
pub struct Problem {
    /// What kind of thing.
    pub kind: ProblemKind,
    /// What, in the words of a sentence.
    pub about: Localized,
    /// Where.
    pub span: Span,
    /// The key that was probably meant; it stands in `span`.
    pub meant: Option<&'static str>,
}

/// What kind of problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// It could not be read, or a value could not.
    Unread,
    /// A key that is nearly one of Farol's.
    NearMiss,
}

/// Reads front matter; what is wrong with it is told, and the rest is kept.
pub fn read(doc: &Doc<'_>) -> (Option<FrontMatter>, Vec<Problem>) {
    let Some(front) = doc.front.clone() else { return (None, toml(doc.text).into_iter().collect()) };
    let mut reader = Reader { doc, base: front.start, problems: Vec::new() };
    let pairs = match yaml::read(&doc.text[front.clone()]) {
        Ok(None) => return (None, reader.problems),
        Ok(Some(Node { value: Value::Map(pairs), .. })) => pairs,
        Ok(Some(other)) => {
            reader.say("it holds no keys with values", "não tem chaves com valores", &other.span);
            return (None, reader.problems);
        }
        Err(broken) => {
            let line = doc.line(front.start + broken.at);
            let (en, pt) = (format!("this is no YAML: {}", broken.why), format!("isto não é YAML, na linha {line}"));
            reader.say(&en, &pt, &(broken.at..broken.at));
            return (None, reader.problems);
        }
    };
    let mut out = FrontMatter { span: Span::from(front), ..FrontMatter::default() };
    for (key, value) in reader.known(&pairs, attributes::front_matter()) {
        reader.set(&mut out, key, value);
    }
    (Some(out), reader.problems)
}

/// Front matter in TOML, between lines of `+++`, is not read: that is said.
fn toml(text: &str) -> Option<Problem> {
    let rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = rest.lines();
    let fenced = lines.next().is_some_and(|l| l.trim_end() == "+++") && lines.take(500).any(|l| l.trim_end() == "+++");
    let start = text.len() - rest.len();
    fenced.then(|| Problem {
        kind: ProblemKind::Unread,
        about: Localized::new(
            "TOML between lines of +++ is not read; write YAML between lines of ---",
            "TOML entre linhas de +++ não é lido; escreva YAML entre linhas de ---",
        ),
        span: Span::new(start, start + 3),
        meant: None,
    })
}

struct Reader<'a> {
    doc: &'a Doc<'a>,
    base: usize,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn place(&self, span: &Range<usize>) -> Span {
        Span::new(self.base + span.start, self.base + span.end)
    }

    fn say(&mut self, en: &str, pt: &str, span: &Range<usize>) {
        let span = self.place(span);
        let about = Localized::new(en, pt);
        self.problems.push(Problem { kind: ProblemKind::Unread, about, span, meant: None });
    }

    /// Tells which pairs have a key with a meaning, and speaks of near misses: other tools have keys of their own.
    fn known<'n>(&mut self, pairs: &'n [(Node, Node)], keys: &'static [KeyDoc]) -> Vec<(&'static KeyDoc, &'n Node)> {
        let mut out: Vec<(&'static KeyDoc, &Node)> = Vec::new();
        for (written, value) in pairs {
            let Some(text) = written.text() else { continue };
            let key = text.trim().to_ascii_lowercase().replace('-', "_");
            match keys.iter().find(|known| known.name == key) {
                Some(known) if out.iter().any(|(other, _)| other.name == known.name) => {
                    self.say(&format!("{key} stands twice"), &format!("{key} aparece duas vezes"), &written.span);
                }
                Some(known) => out.push((known, value)),
                None => self.near_miss(text, &written.span, keys),
            }
        }
        out
    }

    fn near_miss(&mut self, text: &str, span: &Range<usize>, keys: &'static [KeyDoc]) {
        // Short keys are one letter away from many words that other tools read: `repo` and `rpo`.
        const SHORTEST: usize = 5;
        let near = attributes::nearest(text, keys).filter(|(key, away)| *away == 1 && key.len() >= SHORTEST);
        let Some((key, _)) = near else { return };
        let span = self.place(span);
        let meant = (self.doc.text.get(span.start..span.end) == Some(text)).then_some(key);
        let about = Localized::new(format!("{text}; {key} was perhaps meant"), format!("{text}; talvez seja {key}"));
        self.problems.push(Problem { kind: ProblemKind::NearMiss, about, span, meant });
    }

    fn set(&mut self, out: &mut FrontMatter, key: &'static KeyDoc, node: &Node) {
        match key.name {
            "services" => out.services = self.list(key, node),
            "targets" => out.targets = self.list(key, node),
            "alerts" => out.alerts = self.alerts(key, node),
            "parameters" => out.parameters = self.parameters(key, node),
            name => {
                let Some(text) = self.scalar(key, node) else { return };
                match name {
                    "title" => out.title = Some(text),
                    "owner" => out.owner = Some(text),
                    "severity" => out.severity = Some(text),
                    "rto" => out.rto_seconds = attributes::seconds(&text),
                    "rpo" => out.rpo_seconds = attributes::seconds(&text),
                    "review_by" => out.review_by = text.parse().ok(),
                    _ => {}
                }
            }
        }
    }

    fn refuse(&mut self, key: &KeyDoc, node: &Node) {
        let written = node.text().map(|text| format!(": {}", shorten(text, 80))).unwrap_or_default();
        let (en, pt) = key.value.words();
        let (en, pt) =
            (format!("{}{written} (expected: {en})", key.name), format!("{}{written} (esperado: {pt})", key.name));
        self.say(&en, &pt, &node.span);
    }

    fn scalar(&mut self, key: &KeyDoc, node: &Node) -> Option<String> {
        let empty = matches!(node.value, Value::Scalar(_)) && node.text().is_none();
        let text = node.text().map(str::trim).filter(|text| key.value.takes(text));
        if text.is_none() && !empty {
            self.refuse(key, node);
        }
        text.map(|text| shorten(text, 4000).to_owned())
    }

    /// A list of texts; one text stands for a list of one.
    fn list(&mut self, key: &KeyDoc, node: &Node) -> Vec<String> {
        if let Some(text) = node.text() {
            return vec![text.to_owned()];
        }
        let Value::List(nodes) = &node.value else {
            if matches!(node.value, Value::Map(_)) {
                self.refuse(key, node);
            }
            return Vec::new();
        };
        let mut out = Vec::new();
        for node in nodes {
            match node.text() {
                Some(text) => out.push(text.to_owned()),
                None => self.refuse(key, node),
            }
        }
        out
    }

    fn alerts(&mut self, key: &KeyDoc, node: &Node) -> Vec<farol_api::front_matter::AlertPattern> {
        let nodes = match &node.value {
            Value::List(nodes) => nodes.as_slice(),
            _ => std::slice::from_ref(node),
        };
        let mut out = Vec::new();
        for node in nodes {
            match alerts::read(node) {
                Some(pattern) => out.push(pattern),
                None => self.refuse(key, node),
            }
        }
        out
    }

    fn parameters(&mut self, key: &KeyDoc, node: &Node) -> Vec<ParameterDeclaration> {
        let Value::List(nodes) = &node.value else {
            self.refuse(key, node);
            return Vec::new();
        };
        let mut out: Vec<ParameterDeclaration> = Vec::new();
        for node in nodes {
            let Some(declared) = self.parameter(node) else { continue };
            if out.iter().any(|other| other.name == declared.name) {
                let (en, pt) =
                    (format!("{} stands twice", declared.name), format!("{} aparece duas vezes", declared.name));
                self.say(&en, &pt, &node.span);
            } else {
                out.push(declared);
            }
        }
        out
    }

    fn parameter(&mut self, node: &Node) -> Option<ParameterDeclaration> {
        let Value::Map(pairs) = &node.value else {
            self.say("a parameter without a name", "um parâmetro sem nome", &node.span);
            return None;
        };
        let pairs = self.known(pairs, attributes::parameter());
        let mut out = ParameterDeclaration {
            name: String::new(),
            kind: None,
            default: None,
            pattern: None,
            secret: None,
            description: None,
            span: self.place(&node.span),
            line: self.doc.line(self.base + node.span.start),
        };
        let mut default_at = node.span.clone();
        for (key, value) in pairs {
            let Some(text) = self.scalar(key, value) else { continue };
            match key.name {
                "name" => {
                    out.name = params::name_of(&text);
                    out.span = self.place(&value.span);
                    out.line = self.doc.line(out.span.start);
                }
                "type" => out.kind = kind(&text),
                "default" => {
                    out.default = Some(text);
                    default_at = value.span.clone();
                }
                "pattern" => out.pattern = Some(text),
                "secret" => out.secret = Some(text == "true"),
                _ => out.description = Some(text),
            }
        }
        if out.name.is_empty() {
            self.say("a parameter without a name", "um parâmetro sem nome", &node.span);
            return None;
        }
        let secret = out.secret.unwrap_or(out.kind == Some(ParameterKind::Secret) || params::is_secret(&out.name));
        if secret && out.default.take().is_some() {
            self.say("a secret has no default", "um segredo não tem valor padrão", &default_at);
        }
        Some(out)
    }
}

fn kind(word: &str) -> Option<ParameterKind> {
    use ParameterKind as K;
    let kinds = [
        K::Text,
        K::Host,
        K::Port,
        K::Pid,
        K::Timestamp,
        K::Path,
        K::Name,
        K::Number,
        K::Secret,
        K::Connection,
        K::Url,
    ];
    attributes::PARAMETER_TYPES.iter().position(|name| *name == word).and_then(|at| kinds.get(at)).copied()
}

#[cfg(test)]
mod tests;
