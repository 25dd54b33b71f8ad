//! Defaults and examples that the text gives beside a placeholder: "`<bucket>` (e.g. `shop-copies`)".

use farol_api::graph::StepGraph;
use farol_api::runbook::Parameter;
use rustc_hash::FxHashMap;

use crate::words::shorten;

/// What stands before an example, in small letters.
const EXAMPLES: [&str; 12] = [
    "e.g.",
    "ex.:",
    "ex:",
    "ex. ",
    "p. ej.",
    "p.ej.",
    "ej.:",
    "por exemplo",
    "por ejemplo",
    "for example",
    "such as",
    "for instance",
];

/// What stands before a default.
const DEFAULTS: [&str; 6] = ["defaults to", "default", "padrão", "padrao", "por defecto", "predeterminado"];

/// How many bytes behind the placeholder they stand at most.
const FAR: usize = 240;

/// No value is longer, in bytes.
const LONGEST: usize = 80;

/// Gives parameters what the text says of them where they stand; `text` is the whole document.
pub fn describe(parameters: &mut [Parameter], graph: &StepGraph, text: &str) {
    // A bare word may stand anywhere, and a secret is not written down.
    let marked = |parameter: &Parameter| {
        !parameter.secret && parameter.token.len() > 2 && parameter.token.starts_with(['<', '{', '[', '$'])
    };
    let asked = parameters.iter().enumerate().filter(|(_, parameter)| marked(parameter));
    let asked: FxHashMap<String, usize> = asked.map(|(at, parameter)| (parameter.token.clone(), at)).collect();
    if asked.is_empty() {
        return;
    }
    let bytes = text.as_bytes();
    let marks = memchr::memchr3_iter(b'<', b'{', b'[', bytes).chain(memchr::memchr_iter(b'$', bytes));
    for at in marks.filter(|at| begins(&text[..*at])) {
        let token = token(&text[at..]);
        let rest = &text[at + token.len()..];
        if let Some(parameter) = asked.get(token).filter(|_| rest.starts_with(['`', '*', '"', ' ', ':'])) {
            give(&mut parameters[*parameter], said(rest));
        }
    }
    for command in graph.nodes.iter().filter_map(|node| node.command.as_deref()) {
        let last = command.placeholders.last().filter(|last| last.span.end == command.text.len());
        let Some(parameter) = last.and_then(|last| asked.get(&last.token)) else { continue };
        let rest = text.get(command.span.end..).unwrap_or("");
        if rest.starts_with(' ') && rest.trim_start_matches(' ').starts_with('#') {
            give(&mut parameters[*parameter], said(rest));
        }
    }
}

/// What a mark begins, up to the mark that ends it; of a variable its name.
fn token(text: &str) -> &str {
    let bytes = text.as_bytes();
    let head = &bytes[..bytes.len().min(LONGEST)];
    let end = match bytes {
        [b'$', b'{', ..] | [b'{', ..] => {
            let end = memchr::memchr(b'}', head).map_or(0, |end| end + 1);
            end + usize::from(text.starts_with("{{") && bytes.get(end) == Some(&b'}'))
        }
        [b'<', ..] => memchr::memchr(b'>', head).map_or(0, |end| end + 1),
        [b'[', ..] => memchr::memchr(b']', head).map_or(0, |end| end + 1),
        _ => 1 + head.iter().skip(1).take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count(),
    };
    &text[..end]
}

fn give(parameter: &mut Parameter, said: Option<(bool, &str)>) {
    match said {
        Some((true, value)) => drop(parameter.default.get_or_insert_with(|| value.to_owned())),
        Some((false, value)) => drop(parameter.example.get_or_insert_with(|| value.to_owned())),
        None => {}
    }
}

/// Tells whether what follows may be spoken of: a span of its own, or what a line, an item or a cell begins with.
fn begins(before: &str) -> bool {
    match before.as_bytes() {
        [.., b'`' | b'*' | b'"' | b'\n'] | [] => true,
        [.., b' '] => before.trim_end_matches(' ').ends_with(['|', '-', '*', '\n']),
        _ => false,
    }
}

/// What the rest of a line gives for the placeholder before it, and whether that is its default.
fn said(rest: &str) -> Option<(bool, &str)> {
    let line = shorten(rest, FAR).split(['\n', '\r']).next()?;
    // What is said behind another placeholder is said of that one.
    let line = &line[..line.find(['<', '{', ';']).unwrap_or(line.len())];
    let small = line.to_ascii_lowercase();
    let first = |words: &[&str]| words.iter().filter_map(|word| Some((whole(&small, word)?, word.len()))).min();
    let (example, default) = (first(&EXAMPLES), first(&DEFAULTS));
    let is_default = default.is_some_and(|default| example.is_none_or(|example| default < example));
    let (at, length) = if is_default { default? } else { example? };
    // Another span between them is what is spoken of, and a remark begins with what it gives.
    let between = line[..at].strip_prefix(['`', '*', '"']).unwrap_or(&line[..at]);
    let remark = between.trim_start_matches(' ');
    if between.contains('`') || between.contains(". ") || remark.starts_with('#') && remark.trim() != "#" {
        return None;
    }
    let value = value(&line[at + length..])?;
    // `./update.sh 4.6.1` is the whole command once more.
    (!value.starts_with("./")).then_some((is_default, value))
}

/// Where a word stands that is no part of another one.
fn whole(text: &str, word: &str) -> Option<usize> {
    let mut places = memchr::memmem::find_iter(text.as_bytes(), word.as_bytes());
    places.find(|at| !text[..*at].ends_with(char::is_alphanumeric))
}

/// The value that a text begins with, behind what joins it: in quotes, or one word that can be no other.
fn value(text: &str) -> Option<&str> {
    let from = text.trim_start_matches([' ', '*', '_']);
    let text = ["is ", "é ", "es "].iter().find_map(|joins| from.strip_prefix(joins)).unwrap_or(from);
    let text = text.trim_start_matches([' ', ':', '=', '*', '_', ',']);
    let joined = from.len() > text.len();
    let quoted = text.chars().next().filter(|mark| matches!(mark, '`' | '"' | '\''));
    let value = match quoted {
        Some(mark) => text[1..].split(mark).next().filter(|value| value.len() + 2 <= text.len())?,
        None => {
            let end = text.find(|c: char| c.is_whitespace() || ",;)".contains(c)).unwrap_or(text.len());
            let closed = text[end..].starts_with(')') || joined && text[end..].trim().is_empty();
            let word = text[..end].trim_end_matches(['.', '*', '_', '`']);
            // A plain word in the midst of a sentence is one of the sentence.
            let value = closed || word.contains(|c: char| c.is_ascii_digit() || "-_./:@".contains(c));
            Some(word).filter(|_| value)?
        }
    };
    let value = value.trim();
    (!value.is_empty() && value.len() <= LONGEST && !value.contains(['<', '{'])).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_text_gives_is_told_from_what_it_says() {
        for (rest, want) in [
            ("` (e.g. `shop-copies`) holds them", Some((false, "shop-copies"))),
            (": nome do bucket (ex.: loja-copias)", Some((false, "loja-copias"))),
            (" es el puerto, por ejemplo 5432.", Some((false, "5432"))),
            ("`, see `a` (e.g. `b`)", None),
            ("   # e.g. ./update.sh 4.6.1", None),
            ("   # p. ej. db-1.interno", Some((false, "db-1.interno"))),
            ("` – port of the replica (default: 5433)", Some((true, "5433"))),
            ("` (padrão: `public`)", Some((true, "public"))),
            ("` is the port, default 5432, e.g. 6000", Some((true, "5432"))),
            ("` – por defecto es `main`", Some((true, "main"))),
            ("` such as the main one", None),
            ("` is the host. For example, look at `x`", None),
            ("` and `<other>` (e.g. `b`)", None),
            ("   # default namespace", None),
            ("   # default: shop", Some((true, "shop"))),
            ("\n(e.g. `b`)", None),
            ("` regex: `a`, default", None),
            ("` (e.g. ``)", None),
        ] {
            assert_eq!(said(rest), want, "{rest}");
        }
    }
}
