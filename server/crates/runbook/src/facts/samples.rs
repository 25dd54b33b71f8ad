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
                out.push(Sample { token, kind, parameter: None, steps: Vec::new(), span, line: node.line });
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
    let mut found = match command.language {
        CommandLanguage::Shell => killed(text),
        _ => Vec::new(),
    };
    found.extend(backend_ids(command));
    let signs = for_words(text, |start, word, signs| {
        if signs & AT != 0 {
            found.extend(login(word).map(|r| (start + r.start..start + r.end, ParameterKind::Secret)));
        }
        // In a query such a word is a column of a catalogue.
        if let Some((range, kind)) = sample(word, signs).filter(|_| !(generic(word) && fold(text).contains("select"))) {
            let written_to = kind == ParameterKind::Host && is_email(word, &range) && !connects(command);
            let (range, kind) = if written_to { (0..word.len(), ParameterKind::Text) } else { (range, kind) };
            found.push((start + range.start..start + range.end, kind));
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

/// `kill -9 12345`, `sudo kill PID`: the process of the day on which it was written. 1 is the first of a container.
fn killed(text: &str) -> Vec<(Range<usize>, ParameterKind)> {
    if let Some(sent) = sent(text) {
        return vec![(sent, ParameterKind::Pid)];
    }
    let command = text.strip_prefix("sudo ").unwrap_or(text);
    let Some(rest) = command.strip_prefix("kill ") else { return Vec::new() };
    let mut at = text.len() - rest.len();
    let mut found = Vec::new();
    for word in rest.split([' ', '\n']) {
        let range = at..at + word.len();
        at = range.end + 1;
        let number = word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_digit());
        if number || word.eq_ignore_ascii_case("pid") {
            found.push((range, ParameterKind::Pid));
        } else if !word.is_empty() && !word.starts_with('-') {
            // A signal's name behind `-s`; anything else may already be of the next command.
            if !word.bytes().all(|byte| byte.is_ascii_uppercase()) {
                break;
            }
        }
    }
    found
}

/// `mysql -e "KILL 12345"`
fn sent(text: &str) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let is = |at: usize, word: &str| {
        bytes.get(at..at + word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word.as_bytes()))
    };
    let mut places = memchr::memchr2_iter(b'K', b'k', bytes);
    let at = places.find(|at| *at > 0 && matches!(bytes[at - 1], b'"' | b'\'') && is(*at, "kill "))?;
    let start = at + "kill ".len();
    let start = if is(start, "query ") { start + "query ".len() } else { start };
    let digits = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mysql = || ["mysql", "mariadb"].iter().any(|client| has(text, client));
    (digits > 0 && mysql()).then_some(start..start + digits)
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

/// What of a word is a sample, and of what.
fn sample(word: &str, signs: u8) -> Option<(Range<usize>, ParameterKind)> {
    // No sample is so short and without digits, and most words are.
    const SHORTEST: usize = 6;
    let digits = signs & DIGIT != 0;
    let begins = matches!(word.as_bytes()[0] | 0x20, b'n' | b'm' | b'e' | b't' | b'd' | b'i' | b's' | b'a');
    if !digits && (word.len() < SHORTEST || signs & EM == 0 && !begins) {
        return None;
    }
    let lower = if signs & UPPER == 0 { Cow::Borrowed(word) } else { word.to_ascii_lowercase().into() };
    if let Some(found) = host(&lower, signs) {
        return Some(found);
    }
    let names =
        ["nome_da_", "nome_do_", "nome-da-", "nome-do-", "nombre_de_", "nombre-de-", "my-", "meu-", "minha-", "mi-"];
    let named = lower.starts_with(['n', 'm']) && lower.len() > 5 && names.iter().any(|n| lower.starts_with(n));
    // `example-bots/gunner.ts` is a file of the project.
    let shown = || lower.starts_with("example-") && !lower.contains(['/', '.']);
    if named || shown() || generic(&lower) {
        return Some((0..word.len(), ParameterKind::Name));
    }
    (digits && dated(&lower)).then_some((0..word.len(), ParameterKind::Path))
}

/// A host of a domain or a network that is kept for examples; of an address in the web, the host alone.
fn host(lower: &str, signs: u8) -> Option<(Range<usize>, ParameterKind)> {
    const DOMAINS: [&str; 7] =
        ["example.com", "example.org", "example.net", "exemplo.com", "ejemplo.com", "seudominio", "tudominio"];
    const NETWORKS: [&str; 4] = ["192.0.2.", "198.51.100.", "203.0.113.", "1.2.3.4"];
    let long = signs & EM != 0 && lower.len() >= "tudominio".len();
    let domain =
        long && (has(lower, "mpl") || has(lower, "dominio")) && DOMAINS.iter().any(|domain| has(lower, domain));
    let network = || signs & DIGIT != 0 && NETWORKS.iter().any(|network| has(lower, network));
    if !domain && !network() {
        return None;
    }
    let start = lower.find("://").map_or(0, |at| at + 3);
    let end = lower[start..].find(['/', '?', '#', '\\']).map_or(lower.len(), |at| start + at);
    let authority = &lower[start..end];
    let start = authority.rfind('@').map_or(start, |at| start + at + 1);
    let end = lower[start..end].find(':').map_or(end, |at| start + at);
    let host = &lower[start..end];
    let kept =
        DOMAINS.iter().any(|domain| has(host, domain)) || NETWORKS.iter().any(|network| host.starts_with(network));
    kept.then_some((start..end, ParameterKind::Host))
}

/// `user@example.com`, which may be a login too.
fn is_email(word: &str, host: &Range<usize>) -> bool {
    host.end == word.len() && word[..host.start].ends_with('@') && !has(word, "://")
}

/// Tells whether a command goes to another host.
fn connects(command: &Command) -> bool {
    command.language == CommandLanguage::Shell
        && ["ssh", "scp", "sftp", "rsync"].iter().any(|program| has(&command.text, program))
}

/// Tells whether a sample may be what is meant: `my-shop` is the name of many a namespace.
pub fn may_be_meant(sample: &Sample) -> bool {
    sample.kind == ParameterKind::Name
        && ["my-", "meu-", "minha-", "mi-", "example-"].iter().any(|start| fold(&sample.token).starts_with(start))
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
        assert_eq!(tokens(Shell, "kill -9 12345"), ["12345"]);
        assert_eq!(tokens(Shell, "sudo kill -s TERM PID"), ["PID"]);
        assert_eq!(tokens(Shell, "kill -HUP 1"), Vec::<&str>::new());
        assert_eq!(tokens(Shell, "kill $(cat app.pid) && sleep 10"), Vec::<&str>::new());
        assert_eq!(tokens(Shell, "psql \"postgresql://user:pass@{endpoint}/x\""), ["user:pass"]);
        assert_eq!(tokens(Shell, "curl -f https://api.example.com:8443/health?x=1"), ["api.example.com"]);
        assert_eq!(tokens(Shell, "scp a.sql deploy@db.exemplo.com.br:/srv"), ["db.exemplo.com.br"]);
        assert_eq!(tokens(Shell, "ping -c 1 203.0.113.7 && nc -z http://192.0.2.1:80/"), ["203.0.113.7", "192.0.2.1"]);
        assert_eq!(tokens(Shell, "ssh ops@web.example.com uptime"), ["web.example.com"]);
        assert_eq!(tokens(Sql, "UPDATE u SET email = 'ana@example.com'"), ["ana@example.com"]);
        assert_eq!(tokens(Shell, "mysql -e \"KILL 4711\""), ["4711"]);
        assert_eq!(tokens(Shell, "curl https://shop.io/?next=/docs/example.com"), Vec::<&str>::new());
        assert_eq!(tokens(Shell, "TARGET_TIME=\"2024-12-29 14:30:00\""), ["2024-12-29 14:30:00"]);
        assert_eq!(tokens(Shell, "terraform workspace select example-development"), ["example-development"]);
        assert_eq!(
            tokens(Shell, "./restore.sh backups/db_20250109_120000.sql.gz"),
            ["backups/db_20250109_120000.sql.gz"]
        );
        assert_eq!(tokens(Shell, "kubectl get pods -n shop --since=1h"), Vec::<&str>::new());
    }
}
