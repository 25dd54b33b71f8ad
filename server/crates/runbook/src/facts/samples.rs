//! Values in commands that only show what belongs there: a bare `pid`, `user:pass`, a sample host.

use std::borrow::Cow;
use std::ops::Range;

use farol_api::graph::{Command, CommandLanguage, NodeKind, StepGraph};
use farol_api::runbook::{ParameterKind, Sample};
use farol_api::text::Span;
use rustc_hash::FxHashMap;

use crate::words::{behind_last, fold, has};

/// Collects sample values, each once, in order.
pub fn all(graph: &StepGraph) -> Vec<Sample> {
    let mut out: Vec<Sample> = Vec::new();
    let mut place: FxHashMap<String, usize> = FxHashMap::default();
    let shown = [NodeKind::Reference, NodeKind::Prohibition];
    for node in graph.nodes.iter().filter(|n| !shown.contains(&n.kind)) {
        let Some(command) = &node.command else { continue };
        for (range, kind) in find(command) {
            let token = command.text[range.clone()].to_owned();
            let index = *place.entry(token.clone()).or_insert_with(|| {
                let inside = command.span.start + range.start;
                let end = (inside + token.len()).min(command.span.end);
                // A prompt before a later line moves the text: the command as a whole is near enough then.
                let span = if command.text.contains('\n') { command.span } else { Span::new(inside.min(end), end) };
                out.push(Sample { token, kind, steps: Vec::new(), span, line: node.line });
                out.len() - 1
            });
            if out[index].steps.last() != Some(&node.id) {
                out[index].steps.push(node.id.clone());
            }
        }
    }
    out
}

/// Finds sample values in a command that no placeholder covers.
pub fn find(command: &Command) -> Vec<(Range<usize>, ParameterKind)> {
    let text = &command.text;
    // Long texts are data, not something to fill in.
    if text.len() > 16 * 1024 {
        return Vec::new();
    }
    let mut found = backend_ids(command);
    let signs = for_words(text, |start, word, signs| {
        if signs & AT != 0 {
            found.extend(login(word).map(|r| (start + r.start..start + r.end, ParameterKind::Secret)));
        }
        // In a query such a word is a column of a catalogue.
        if let Some(kind) = sample(word, signs).filter(|_| !(generic(word) && fold(text).contains("select"))) {
            found.push((start..start + word.len(), kind));
        }
    });
    if signs & DIGIT != 0 {
        found.extend(timestamps(text).map(|r| (r, ParameterKind::Timestamp)));
    }
    if found.is_empty() {
        return found;
    }
    let covered = |r: &Range<usize>| command.placeholders.iter().any(|p| p.span.start < r.end && r.start < p.span.end);
    found.retain(|(range, _)| text.get(range.clone()).is_some() && !covered(range));
    found.sort_by_key(|(range, _)| range.start);
    found
}

/// Ends a word: a blank, a quote, a comma and the like.
const END: u8 = 1;
/// May be white space beyond ASCII.
const WIDE: u8 = 2;
const DIGIT: u8 = 4;
const UPPER: u8 = 8;
const AT: u8 = 16;
/// An `m`, which all sample hosts have.
const EM: u8 = 32;

/// Stands behind the last byte.
const OVER: u8 = END | WIDE;

/// What each byte is in a word.
const SIGNS: [u8; 256] = {
    let mut signs = [0; 256];
    let mut byte: u8 = 0;
    loop {
        signs[byte as usize] = match byte {
            b'\t'..=b'\r' | b' ' | b'"' | b'\'' | b'`' | b'=' | b',' | b'(' | b')' => END,
            0xc2 | 0xe1..=0xe3 => WIDE,
            b'0'..=b'9' => DIGIT,
            b'm' => EM,
            b'M' => UPPER | EM,
            b'A'..=b'Z' => UPPER,
            b'@' => AT,
            _ => 0,
        };
        if byte == u8::MAX {
            break signs;
        }
        byte += 1;
    }
};

/// What is looked for: no sample is without any of these.
const TELLING: u8 = DIGIT | AT | EM;

/// Calls for each word of a command that may be one, with where it starts and what signs are in it; returns the signs of all.
fn for_words<'t>(text: &'t str, mut call: impl FnMut(usize, &'t str, u8)) -> u8 {
    let (mut start, mut seen, mut all) = (0, 0, 0);
    let mut from = 0;
    let sign_at = |at: usize| text.as_bytes().get(at).map(|byte| SIGNS[usize::from(*byte)]);
    while let Some(mut sign) = sign_at(from) {
        while sign & (END | WIDE) == 0 {
            seen |= sign;
            from += 1;
            sign = sign_at(from).unwrap_or(OVER);
        }
        if sign == OVER {
            break;
        }
        let at = from;
        from += 1;
        let blank = sign == WIDE && text[at..].starts_with(char::is_whitespace);
        if sign != END && !blank {
            seen |= sign;
            continue;
        }
        if at > start && seen & TELLING != 0 {
            call(start, &text[start..at], seen);
        }
        let length = if blank { text[at..].chars().next().map_or(1, char::len_utf8) } else { 1 };
        all |= seen;
        (start, seen) = (at + length, 0);
    }
    if start < text.len() && seen & TELLING != 0 {
        call(start, &text[start..], seen);
    }
    all | seen
}

/// `pg_terminate_backend(pid)` without a table that has a `pid`, `KILL 12345`.
fn backend_ids(command: &Command) -> Vec<(Range<usize>, ParameterKind)> {
    let text = &command.text;
    let mut found = Vec::new();
    let kills = text.get(..5).is_some_and(|w| w.eq_ignore_ascii_case("kill "));
    let ends = |at: usize| at > 8 && text.as_bytes()[at - 8..at].eq_ignore_ascii_case(b"_backend");
    if !kills && !memchr::memchr_iter(b'(', text.as_bytes()).any(ends) {
        return found;
    }
    let folded = text.to_ascii_lowercase();
    let queried = folded.contains(" from ") || folded.contains("\nfrom ");
    for function in ["pg_cancel_backend(", "pg_terminate_backend("] {
        for (at, _) in folded.match_indices(function) {
            let start = at + function.len();
            let len = folded[start..].find(')').unwrap_or(0);
            let inside = folded[start..start + len].trim();
            let number = !inside.is_empty() && inside.bytes().all(|b| b.is_ascii_digit());
            if number || inside == "pid" && !queried {
                found.push((start..start + len, ParameterKind::Pid));
            }
        }
    }
    let killed = folded.trim_end_matches(';').strip_prefix("kill ");
    if let Some(rest) = killed.filter(|_| command.language == CommandLanguage::Sql) {
        let id = rest.rsplit(' ').next().unwrap_or("");
        if id.bytes().all(|b| b.is_ascii_digit()) || matches!(id, "id" | "pid" | "thread_id" | "process_id") {
            let end = folded.trim_end_matches(';').len();
            found.push((end - id.len()..end, ParameterKind::Pid));
        }
    }
    found
}

/// `user:pass` before an `@`.
fn login(word: &str) -> Option<Range<usize>> {
    memchr::memchr(b'@', word.as_bytes())?;
    let scheme = word.find("://").map_or(0, |at| at + 3);
    let at = word[scheme..].find('@')? + scheme;
    let (user, password) = word[scheme..at].split_once(':')?;
    let users = ["user", "usuario", "username", "usr", "postgres", "admin", "root"];
    let passwords = ["pass", "password", "senha", "passwd", "secret", "contrasena", "clave", "pwd"];
    let sample = users.contains(&&*fold(user)) && passwords.contains(&&*fold(password));
    sample.then_some(scheme..at)
}

fn sample(word: &str, signs: u8) -> Option<ParameterKind> {
    // No sample is so short and without digits, and most words are.
    const SHORTEST: usize = 6;
    let digits = signs & DIGIT != 0;
    let begins = matches!(word.as_bytes()[0] | 0x20, b'n' | b'm' | b'e' | b't' | b'd' | b'i' | b's' | b'a');
    if !digits && (word.len() < SHORTEST || signs & EM == 0 && !begins) {
        return None;
    }
    let lower = if signs & UPPER == 0 { Cow::Borrowed(word) } else { word.to_ascii_lowercase().into() };
    let host = ["example.com", "example.org", "example.net", "exemplo.com", "ejemplo.com", "seudominio", "tudominio"];
    let address = ["192.0.2.", "198.51.100.", "203.0.113.", "1.2.3.4"];
    let long = signs & EM != 0 && lower.len() >= "tudominio".len();
    if long && (has(&lower, "mpl") || has(&lower, "dominio")) && host.iter().any(|h| has(&lower, h)) {
        return Some(if lower.contains("://") { ParameterKind::Url } else { ParameterKind::Host });
    }
    if digits && address.iter().any(|a| lower.starts_with(a)) {
        return Some(ParameterKind::Host);
    }
    let names =
        ["nome_da_", "nome_do_", "nome-da-", "nome-do-", "nombre_de_", "nombre-de-", "my-", "meu-", "minha-", "mi-"];
    let named = lower.starts_with(['n', 'm']) && lower.len() > 5 && names.iter().any(|n| lower.starts_with(n));
    if named || lower.starts_with("example-") || generic(&lower) {
        return Some(ParameterKind::Name);
    }
    (digits && dated(&lower)).then_some(ParameterKind::Path)
}

fn generic(word: &str) -> bool {
    let names = ["table_name", "database_name", "db_name", "dbname", "index_name", "slot_name", "abc123"];
    let starts = matches!(word.as_bytes(), [b't' | b'T' | b'd' | b'D' | b'i' | b'I' | b's' | b'S' | b'a' | b'A', ..]);
    starts && word.len() < 14 && names.iter().any(|name| word.eq_ignore_ascii_case(name))
}

/// `backup_20250109_120000.sql.gz`: a file of one certain day.
fn dated(word: &str) -> bool {
    const DAY: usize = 8;
    if word.len() < DAY {
        return false;
    }
    let file = behind_last(word, "/");
    let dump = ["sql", "dump", "gz", "enc", "tar", "bak", "zst"].iter().any(|end| file.ends_with(end));
    let day = file.as_bytes().windows(DAY).any(|w| w.iter().all(u8::is_ascii_digit) && w.starts_with(b"20"));
    dump && day
}

/// `2024-12-29 14:30:00` and `2024-12-29T14:30`.
fn timestamps(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let bytes = text.as_bytes();
    let digit = move |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let shape = move |at: usize| {
        (0..4).all(|i| digit(at + i)) && bytes.get(at + 4) == Some(&b'-') && (5..7).all(|i| digit(at + i))
    };
    let full = move |at: usize| {
        shape(at)
            && bytes.get(at + 7) == Some(&b'-')
            && (8..10).all(|i| digit(at + i))
            && matches!(bytes.get(at + 10), Some(b' ' | b'T'))
            && (11..13).all(|i| digit(at + i))
            && bytes.get(at + 13) == Some(&b':')
    };
    let starts = memchr::memchr_iter(b'-', bytes).filter_map(|dash| dash.checked_sub(4));
    starts.filter(move |at| (*at == 0 || !digit(at - 1)) && full(*at)).map(move |at| {
        let tail = bytes[at + 11..].iter().take_while(|b| b.is_ascii_digit() || matches!(b, b':' | b'.' | b'Z' | b'+'));
        at..at + 11 + tail.count()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(language: CommandLanguage, text: &str) -> Vec<&str> {
        let placeholders = crate::params::find(language, text, &crate::params::Assigned::default());
        let command =
            Command { language, text: text.to_owned(), placeholders, span: Span::new(0, text.len()), line: 1 };
        find(&command).into_iter().map(|(r, _)| &text[r]).collect()
    }

    #[test]
    fn samples_are_told_from_values() {
        use CommandLanguage::{Shell, Sql};
        assert_eq!(tokens(Sql, "SELECT pg_cancel_backend(pid);"), ["pid"]);
        assert_eq!(tokens(Sql, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"), Vec::<&str>::new());
        assert_eq!(tokens(Sql, "KILL 12345;"), ["12345"]);
        assert_eq!(tokens(Shell, "psql \"postgresql://user:pass@{endpoint}/x\""), ["user:pass"]);
        assert_eq!(tokens(Shell, "TARGET_TIME=\"2024-12-29 14:30:00\""), ["2024-12-29 14:30:00"]);
        assert_eq!(tokens(Shell, "terraform workspace select example-development"), ["example-development"]);
        assert_eq!(
            tokens(Shell, "./restore.sh backups/db_20250109_120000.sql.gz"),
            ["backups/db_20250109_120000.sql.gz"]
        );
        assert_eq!(tokens(Shell, "kubectl get pods -n shop --since=1h"), Vec::<&str>::new());
    }
}
