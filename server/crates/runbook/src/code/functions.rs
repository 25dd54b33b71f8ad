//! Functions of the shell: what is called in the block that defines it runs with its definition, as it would be pasted.

use farol_api::graph::CommandLanguage;

use super::shell::Splitter;
use super::{Logical, Piece};
use crate::words::{line_from, lines, split, trim};

/// `stop() {`, `function stop() {`, `function stop {`: the name of the function that begins there, and what stands behind its
/// brace.
pub fn begins(line: &str) -> Option<(&str, &str)> {
    let word = line.strip_prefix("function ").map(str::trim_start);
    let named = word.unwrap_or(line);
    let (name, rest) =
        named.split_at(named.bytes().take_while(|b| b.is_ascii_alphanumeric() || b"_-".contains(b)).count());
    let rest = rest.trim_start();
    let body = match rest.strip_prefix('(') {
        Some(inside) => inside.trim_start().strip_prefix(')')?.trim_start(),
        None => word.map(|_| rest)?,
    };
    Some((name, body.strip_prefix('{')?)).filter(|(name, _)| !name.is_empty())
}

/// Makes one command of a definition and all up to the last call of it: alone, the call would find nothing.
pub fn join_calls(text: &str, mut pieces: Vec<Piece>) -> Vec<Piece> {
    // As many definitions as people paste: each is looked for in all that follows.
    let mut patience = 64;
    let mut at = 0;
    while at < pieces.len() && patience > 0 {
        let last = at + joined(&pieces[at..], &mut patience);
        if last > at
            && let (Piece::Command(first), Piece::Command(call)) = (&pieces[at], &pieces[last])
        {
            let range = first.range.start..call.range.end;
            let whole = Logical { language: CommandLanguage::Shell, text: text[range.clone()].to_owned(), range };
            pieces.splice(at..=last, [Piece::Command(whole)]);
        }
        at += 1;
    }
    pieces
}

/// How many commands a person would count in a command: a definition and what stands with it are several.
pub fn count(command: &str) -> usize {
    if begins(command).is_none() {
        return 1;
    }
    let (mut splitter, mut at, mut count) = (Splitter::new(), 0, 0);
    while at < command.len() {
        let line = line_from(command, at);
        if matches!(trim(line).as_bytes(), [] | [b'#', ..]) {
            at += line.len();
            continue;
        }
        at = splitter.end(command, at).next.max(at + 1);
        count += 1;
    }
    count
}

/// How many pieces further the last call is of a function that the first piece defines, or of one that is defined on the way.
fn joined(pieces: &[Piece], patience: &mut usize) -> usize {
    let (mut last, mut seen) = (0, 0);
    while seen <= last && last < pieces.len() && *patience > 0 {
        let name = defined(&pieces[seen]);
        *patience -= usize::from(name.is_some());
        let call = name.and_then(|name| last_call(&pieces[seen + 1..], name));
        last = last.max(call.map_or(0, |call| seen + 1 + call));
        seen += 1;
    }
    last
}

/// The function that a command defines, where it does nothing else before.
fn defined(piece: &Piece) -> Option<&str> {
    match piece {
        Piece::Command(Logical { language: CommandLanguage::Shell, text, .. }) => begins(text).map(|(name, _)| name),
        _ => None,
    }
}

/// The last of the commands right behind a definition that calls it.
fn last_call(after: &[Piece], name: &str) -> Option<usize> {
    let shell = |piece: &&Piece| match piece {
        Piece::Command(command) => command.language == CommandLanguage::Shell,
        Piece::Comment(..) | Piece::Blank => true,
        Piece::Output => false,
    };
    let near = after.iter().take_while(shell).count();
    after[..near].iter().rposition(|piece| matches!(piece, Piece::Command(command) if calls(&command.text, name)))
}

/// Tells whether a function is called, also behind `do`, in `$(…)` or after an assignment.
fn calls(text: &str, name: &str) -> bool {
    const BEFORE: [&str; 9] = ["then", "do", "else", "elif", "if", "while", "until", "!", "time"];
    let called = |part: &str| {
        let mut words = split(part).skip_while(|word| BEFORE.contains(word) || word.contains('='));
        words.next() == Some(name)
    };
    lines(text)
        .any(|line| line.split([';', '|', '&', '(', ')', '`', '{']).any(|part| called(part.trim_end_matches('"'))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_told_by_how_it_begins() {
        for (line, name) in [
            ("stop() {", "stop"),
            ("stop_all () {", "stop_all"),
            ("function stop() {", "stop"),
            ("function stop {", "stop"),
            ("function stop { ls; }", "stop"),
            ("ping-all( ) { ls; }", "ping-all"),
        ] {
            assert_eq!(begins(line).map(|(name, _)| name), Some(name), "{line}");
        }
        for line in ["server {", "function", "function x", "stop()", "{ ls; }", "() {", "x=() {", "$(stop) {"] {
            assert_eq!(begins(line), None, "{line}");
        }
    }

    #[test]
    fn a_call_runs_with_all_that_it_calls() {
        let command = |text: &str, start: usize| {
            let range = start..start + text.len();
            Piece::Command(Logical { language: CommandLanguage::Shell, text: text.into(), range })
        };
        let text = "f() {\nls\n}\ng() { f; }\n# then\ng\ndate\n";
        let read = || {
            let comment = Piece::Comment("then".into(), 22..28);
            vec![command("f() {\nls\n}", 0), command("g() { f; }", 11), comment, command("g", 29), command("date", 31)]
        };
        let whole = command("f() {\nls\n}\ng() { f; }\n# then\ng", 0);
        assert_eq!(join_calls(text, read()), [whole, command("date", 31)]);
        assert_eq!(count("f() {\nls\n}\ng() { f; }\n# then\ng"), 3);
        assert_eq!((count("date"), count("f() {\nls\n}")), (1, 1));
        let mut apart = read();
        apart.insert(2, Piece::Output);
        assert_eq!(join_calls(text, apart).len(), 5, "what was printed between stays between");
    }

    #[test]
    fn a_call_is_told_from_a_word() {
        for text in [
            "stop",
            "stop now",
            "x=$(stop a)",
            "for i in a; do stop $i; done",
            "A=1 stop",
            "if stop; then",
            "ls && stop",
        ] {
            assert!(calls(text, "stop"), "{text}");
        }
        for text in ["echo stop", "systemctl stop x", "stopped", "ls # stop"] {
            assert!(!calls(text, "stop"), "{text}");
        }
    }
}
