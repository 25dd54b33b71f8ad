//! Placeholders in commands, and the parameters they make.

use std::cell::OnceCell;

use farol_api::graph::{CommandLanguage, PlaceholderUse};
use farol_api::text::Span;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::words::{self, fold};

/// Which variables the document's commands have assigned so far.
#[derive(Default)]
pub struct Assigned(FxHashSet<String>);

impl Assigned {
    /// Notes what a shell command assigns.
    pub fn learn(&mut self, text: &str) {
        self.0.extend(assigned(text).into_iter().map(str::to_owned));
    }
}

/// The variables that a shell command assigns.
pub fn assigned(text: &str) -> Vec<&str> {
    let words = shell_words(text);
    let (mut before, mut names) = ("", Vec::new());
    for word in words.filter(|w| !w.is_empty()) {
        let name = word.split_once('=').map(|(n, _)| n.trim_end_matches('+'));
        names.extend(name.filter(|n| is_variable(n)));
        if matches!(before, "read" | "for" | "-r" | "select" | "mapfile" | "-t") && is_variable(word) {
            names.push(word);
        }
        before = word;
    }
    names
}

/// What stands between blanks, semicolons, pipes and the like; empty where two of them meet.
fn shell_words(text: &str) -> impl Iterator<Item = &str> {
    let ends = |at: &usize| match text.as_bytes()[*at] {
        b'\t'..=b'\r' | b' ' | b';' | b'(' | b'|' | b'&' => true,
        byte => !byte.is_ascii() && text.is_char_boundary(*at) && text[*at..].starts_with(char::is_whitespace),
    };
    let mut at = Some(0);
    std::iter::from_fn(move || {
        let start = at?;
        let end = (start..text.len()).find(ends);
        at = end.map(|end| end + text[end..].chars().next().map_or(0, char::len_utf8));
        Some(&text[start..end.unwrap_or(text.len())])
    })
}

/// Where a command assigns each of its own variables first.
fn assignments(text: &str) -> FxHashMap<&str, usize> {
    let mut out = FxHashMap::default();
    if !text.contains('=') && !["for ", "read ", "select "].iter().any(|w| text.contains(w)) {
        return out;
    }
    let (mut at, mut before) = (0, "");
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, ';' | '(' | '|' | '&')) {
        if matches!(before, "for" | "read" | "select" | "-r") && is_variable(word) {
            out.entry(word).or_insert(at + word.len());
        }
        before = if word.is_empty() { before } else { word };
        if let Some((name, _)) = word.split_once('=').filter(|(name, _)| is_variable(name)) {
            // The value itself may still use the variable of the same name: `X="$X:y"`.
            out.entry(name).or_insert(at + word.len());
        }
        at += word.len() + 1;
    }
    out
}

/// The body of a heredoc with a quoted delimiter: what looks like a variable there is text.
fn quoted_heredoc(text: &str) -> std::ops::Range<usize> {
    if !words::has(text, "<<") {
        return 0..0;
    }
    let found = ["<<'", "<< '", "<<\"", "<< \"", "<<-'", "<<-\""].iter().filter_map(|mark| text.find(mark)).min();
    let line = found.and_then(|at| text[at..].find('\n').map(|end| at + end + 1));
    line.map_or(0..0, |start| start..text.len())
}

/// The variables that a shell command uses, as `$X` and `${X…}`.
pub fn variables(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('$').filter_map(|(at, _)| {
        let rest = text[at + 1..].strip_prefix('{').unwrap_or(&text[at + 1..]);
        let end = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        Some(&rest[..end]).filter(|name| is_variable(name))
    })
}

fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Variables that every shell has.
const GIVEN: [&str; 24] = [
    "HOME", "PATH", "USER", "PWD", "OLDPWD", "HOSTNAME", "SHELL", "EDITOR", "RANDOM", "SECONDS", "LINENO", "UID",
    "EUID", "PPID", "IFS", "TMPDIR", "LANG", "TERM", "LOGNAME", "BASHPID", "OSTYPE", "REPLY", "OPTARG", "NF",
];

/// Finds the placeholders of a command, in order.
pub fn find(language: CommandLanguage, text: &str, assigned: &Assigned) -> Vec<PlaceholderUse> {
    let shell = language == CommandLanguage::Shell;
    let bytes = text.as_bytes();
    let (own, literal) = (OnceCell::new(), OnceCell::new());
    Scan { text, bytes, shell, single: false, at: 0, assigned, own, literal }.run()
}

/// Finds the placeholders of a comment: only bracketed ones, for prose is full of dots.
pub fn find_in_comment(text: &str) -> Vec<String> {
    let nothing = Assigned::default();
    let found = find(CommandLanguage::Other, text, &nothing);
    let bracketed = found.into_iter().map(|p| p.token).filter(|t| t.starts_with(['<', '{']));
    bracketed.collect()
}

/// Makes a parameter's name from a token: folded, words joined by `_`.
pub fn name_of(token: &str) -> String {
    let mut name = String::new();
    for c in fold(token).chars() {
        if c.is_ascii_alphanumeric() {
            name.push(c);
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
        if name.len() >= 60 {
            break;
        }
    }
    let name = name.trim_end_matches('_');
    match token {
        _ if !name.is_empty() => name.to_owned(),
        _ if token.contains('*') => "secret".to_owned(),
        _ => "text".to_owned(),
    }
}

/// Tells whether a parameter's value must not be shown.
pub fn is_secret(name: &str) -> bool {
    let mut words = "password senha secret token passwd api_key apikey contrasena private_key credential".split(' ');
    words.any(|w| name.contains(w)) || name.ends_with("_key") || name == "pass"
}

struct Scan<'a> {
    text: &'a str,
    bytes: &'a [u8],
    shell: bool,
    /// Inside single quotes of a shell command.
    single: bool,
    at: usize,
    assigned: &'a Assigned,
    /// Where the command itself assigns variables, as soon as it uses one.
    own: OnceCell<FxHashMap<&'a str, usize>>,
    /// Where nothing is expanded.
    literal: OnceCell<std::ops::Range<usize>>,
}

/// The first letters of words that may be filled in: `YOUR_X`, `SEU_X`, `xxx`, `AAAA`, `DD`.
const fn may_be_filled(byte: u8) -> bool {
    matches!(byte, b'x' | b'X' | b'Y' | b'S' | b'T' | b'M' | b'y' | b's' | b't' | b'A' | b'D')
}

impl<'a> Scan<'a> {
    fn has(&self, words: &[&str]) -> bool {
        words.iter().any(|w| words::has(self.text, w))
    }

    /// Whether the command formats dates: `YYYY-MM` is a format then.
    fn formats(&self) -> bool {
        words::has(self.text, "_")
            && self.has(&["to_char", "to_date", "to_timestamp", "TO_CHAR", "date_format", "DATE_FORMAT"])
    }

    /// Whether it searches: `[ABC]` is a pattern then.
    fn searched(&self) -> bool {
        self.shell && self.has(&["grep", "sed ", "awk ", "rg "])
    }

    /// Whether it names temporary files: `XXXX` is a template then.
    fn temporary(&self) -> bool {
        words::has(self.text, "mktemp")
    }

    fn own(&self) -> &FxHashMap<&'a str, usize> {
        self.own.get_or_init(|| assignments(self.text))
    }

    fn literal(&self) -> &std::ops::Range<usize> {
        self.literal.get_or_init(|| quoted_heredoc(self.text))
    }

    /// Goes past letters and digits: nothing to fill in starts inside a word.
    fn past_word(&mut self) {
        let rest = &self.bytes[self.at + 1..];
        self.at += 1 + rest.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    }

    fn run(mut self) -> Vec<PlaceholderUse> {
        let mut found: Vec<PlaceholderUse> = Vec::new();
        let mut double = false;
        while let Some(&byte) = self.bytes.get(self.at) {
            let len = match byte {
                b'\'' if self.shell && !double => {
                    self.single = !self.single;
                    None
                }
                b'"' if self.shell && !self.single => {
                    double = !double;
                    None
                }
                b'\\' if self.shell && !self.single => {
                    self.at += 1;
                    None
                }
                b'<' => self.angle(),
                b'{' => self.brace(),
                b'[' => self.square(),
                b'$' if self.shell && !self.single => self.variable(),
                b'.' => self.dots(),
                b'*' => self.stars(),
                _ if byte.is_ascii_alphanumeric() => {
                    let found = match byte {
                        _ if may_be_filled(byte) && self.at_word_start() => self.word(),
                        b'Y' | b'A' | b'D' if self.before() == b'_' => self.stamp(),
                        _ => None,
                    };
                    if found.is_none() {
                        self.past_word();
                        continue;
                    }
                    found
                }
                _ => None,
            };
            match len {
                Some(len) => {
                    let token = self.text[self.at..self.at + len].to_owned();
                    let parameter = name_of(&token);
                    found.push(PlaceholderUse { parameter, token, span: Span::new(self.at, self.at + len) });
                    self.at += len;
                }
                None => self.at += 1,
            }
        }
        found
    }

    fn before(&self) -> u8 {
        self.at.checked_sub(1).map_or(b' ', |at| self.bytes[at])
    }

    fn at_word_start(&self) -> bool {
        !self.before().is_ascii_alphanumeric() && !matches!(self.before(), b'_' | b'$' | b'%')
    }

    /// Returns the content up to `close` on the same line, and the whole length.
    fn until(&self, skip: usize, close: &str, max: usize) -> Option<(&str, usize)> {
        let rest = &self.text[self.at + skip..];
        let window = &rest.as_bytes()[..rest.len().min(max)];
        let line = window.iter().position(|b| *b == b'\n').unwrap_or(window.len());
        let end = window[..line].windows(close.len()).position(|w| w == close.as_bytes())?;
        Some((&rest[..end], skip + end + close.len()))
    }

    /// `<name>`, with spaces and colons too; not `<(cmd)`, `<<EOF`, `< file >`, `</tag>` or `a <b and c> d`.
    fn angle(&self) -> Option<usize> {
        if self.before() == b'<' || self.bytes.get(self.at + 1) == Some(&b'<') {
            return None;
        }
        let (content, len) = self.until(1, ">", 160)?;
        let first = content.chars().next()?;
        let good = first.is_alphabetic() || first.is_ascii_digit() || first == '_' || first == '$';
        let plain = !content.ends_with(' ') && !content.contains(['<', '"', '\'', '|', ';', '&', '=', '('])
            || content.contains(": ") && !content.contains(['"', '<']);
        let folded = fold(content);
        let comparison =
            folded.contains(" and ") && !self.shell || first.is_ascii_digit() && !content.contains(char::is_alphabetic);
        (good && plain && !comparison && !content.ends_with(' ')).then_some(len)
    }

    /// `{name}` and `{{name}}`; not `${x}`, JSON, brace expansion, Go templates or `stash@{0}`.
    fn brace(&self) -> Option<usize> {
        if matches!(self.before(), b'$' | b'%' | b'{' | b'\\') {
            return None;
        }
        let double = self.bytes.get(self.at + 1) == Some(&b'{');
        let (content, len) = if double { self.until(2, "}}", 100)? } else { self.until(1, "}", 100)? };
        let name = if double { content.trim() } else { content };
        let first = name.chars().next()?;
        let good = (first.is_alphabetic() || first == '_')
            && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' '))
            && !name.ends_with(' ');
        let keyword =
            matches!(name, "print" | "u" | "upstream" | "push" | "end" | "else" | "next" | "exit" | "n" | "p" | "d");
        // `jsonb_set(x, '{path}', …)`: the path to a value, not a value.
        if !double && self.before() == b'\'' && ["jsonb_", "#>", "#-"].iter().any(|w| self.text.contains(w)) {
            return None;
        }
        let code = self.single && !double && name.contains(' ');
        (good && !keyword && !code && !self.starts_block(name)).then_some(len)
    }

    /// `do {cmd}` never has a blank inside; `{ a; }` always has one first and is excluded by it.
    fn starts_block(&self, name: &str) -> bool {
        name.contains("  ")
    }

    /// `[NAME]`, `[cluster-name]`; not tests, indexes, character classes or usage brackets.
    fn square(&self) -> Option<usize> {
        let word =
            self.until(1, "]", 60).is_some_and(|(w, _)| w.len() > 3 && w.bytes().all(|b| b.is_ascii_lowercase()));
        if self.before() == b'-' && word && !self.searched() {
            return self.until(1, "]", 60).map(|(_, len)| len);
        }
        if !matches!(self.before(), b' ' | b'"' | b'\'' | b'/' | b'=' | b':' | b'@' | b'\n' | b'\t' | b'(') {
            return None;
        }
        let (content, len) = self.until(1, "]", 60)?;
        let letters = content.chars().filter(|c| c.is_alphabetic()).count();
        let plain = content.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' '));
        let upper = content.chars().all(|c| !c.is_lowercase());
        let joined = content.contains(['_', '-'])
            && !content.starts_with('-')
            && !content.contains("a-z")
            && !content.contains("A-Z");
        let used = self.bytes.get(self.at + len).is_none_or(|b| !matches!(b, b'*' | b'+' | b'[' | b'{'));
        (plain
            && letters >= 2
            && (upper || joined)
            && !content.starts_with('-')
            && !self.is_said()
            && !content.starts_with(' ')
            && !content.ends_with(' ')
            && !self.searched()
            && used)
            .then_some(len)
    }

    /// `echo "[ERROR] …"`: a mark that the command prints.
    fn is_said(&self) -> bool {
        let head = self.text[..self.at].trim_end_matches(['"', '\'']);
        ["echo ", "echo -e ", "printf "].iter().any(|word| head.ends_with(word))
    }

    /// `$NAME` and `${NAME}` that nothing assigned and that the shell does not bring along.
    fn variable(&self) -> Option<usize> {
        let rest = &self.text[self.at + 1..];
        let braced = rest.starts_with('{');
        let name = rest.trim_start_matches('{');
        let end = name.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        let name = &name[..end];
        let closed = !braced || rest[1 + end..].starts_with('}');
        let doubled = rest.starts_with("{{");
        let known = || {
            GIVEN.contains(&name)
                || self.assigned.0.contains(name)
                || self.own().get(name).is_some_and(|set| *set <= self.at)
                || self.literal().contains(&self.at)
        };
        (is_variable(name) && closed && !doubled && !known()).then_some(1 + end + if braced { 2 } else { 0 })
    }

    /// `...` where text is missing; not `./...`, `a...b` or `{1...3}`.
    fn dots(&self) -> Option<usize> {
        let count = self.bytes[self.at..].iter().take_while(|b| **b == b'.').count();
        let after = self.bytes.get(self.at + count).copied().unwrap_or(b' ');
        let before = self.before();
        let range = before.is_ascii_alphanumeric() || before == b'.';
        let package = before == b'/' && self.text[..self.at].ends_with("./") && !self.text[..self.at].ends_with("//");
        let free = matches!(before, b' ' | b'"' | b'\'' | b'/' | b'=' | b'(' | b'<' | b':' | b'\n' | b',');
        (count == 3 && !range && !package && free && !after.is_ascii_alphanumeric()).then_some(3)
    }

    /// `***` in place of a secret.
    fn stars(&self) -> Option<usize> {
        let count = self.bytes[self.at..].iter().take_while(|b| **b == b'*').count();
        (count >= 3 && self.before() != b'*' && matches!(self.before(), b':' | b'=' | b'"' | b'\'' | b' '))
            .then_some(count)
    }

    /// `YOUR_X`, `SEU_X`, `xxx`, `YYYYMMDD`.
    fn word(&self) -> Option<usize> {
        let bytes = &self.bytes[self.at..];
        let len = bytes.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')).count();
        let word = self.text[self.at..self.at + len].trim_end_matches('-');
        let xs = bytes.iter().take_while(|b| matches!(b, b'x' | b'X')).count();
        let next = bytes.get(xs).copied().unwrap_or(b' ');
        if xs >= 3
            && !next.is_ascii_alphanumeric()
            && next != b'_'
            && !self.temporary()
            && (bytes[0] == b'x' || xs < 6 || self.before() != b'.')
        {
            let dashed = word.bytes().all(|b| matches!(b, b'x' | b'X' | b'-'));
            return Some(if dashed { word.len() } else { xs });
        }
        let upper = !word.as_bytes()[..word.len().min(6)].iter().any(u8::is_ascii_lowercase);
        let stem =
            ["YOUR", "SEU_", "SUA_", "TU_", "MEU_", "MINHA_", "SEU-", "SUA-"].iter().any(|s| word.starts_with(s));
        if upper && stem && word.len() > 4
            || ["your-", "your_", "seu-", "seu_", "sua-", "tu-"].iter().any(|s| word.starts_with(s))
        {
            return Some(self.possessive(word));
        }
        self.stamp()
    }

    /// `YYYYMMDD`, `AAAA-MM-DD_HHMMSS`, `DD-MM-YYYY`, `YYYY-MM-DD HH:MM:SS`, also within a file's name.
    fn stamp(&self) -> Option<usize> {
        let rest = &self.text[self.at..];
        let letter = |c: char| matches!(c, 'Y' | 'A' | 'M' | 'D' | 'H' | 'S' | 'T' | 'Z' | '_' | '-' | ':');
        let end = rest.find(|c| !letter(c)).unwrap_or(rest.len());
        let time = rest[end..].strip_prefix(' ').filter(|t| t.starts_with("HH:MM"));
        let clock = time.map_or(0, |t| 1 + t.find(|c| !letter(c)).unwrap_or(t.len()));
        let word = &rest[..end];
        let year = ["YYYY", "AAAA"].iter().any(|y| word.starts_with(y) || word.starts_with("DD") && word.contains(y));
        let len = rest[..end + clock].trim_end_matches([':', '-', '_']).len();
        (year && word.contains("MM") && !self.formats() && self.before() != b'+').then_some(len)
    }

    /// `YOURNAME-praefect-db`: in upper case only the upper-case part is the token.
    fn possessive(&self, word: &str) -> usize {
        if word.starts_with(|c: char| c.is_ascii_lowercase()) {
            return word.len();
        }
        word.find(|c: char| c.is_ascii_lowercase())
            .map_or(word.len(), |at| word[..at].trim_end_matches(['-', '_']).len().max(4))
    }
}

/// Gives each use its final name: tokens without a name of their own are one parameter per command.
pub struct Names {
    counts: FxHashMap<String, usize>,
    known: FxHashMap<String, String>,
}

impl Names {
    /// Starts a document.
    pub fn new() -> Self {
        Self { counts: FxHashMap::default(), known: FxHashMap::default() }
    }

    /// Numbers the nameless tokens of one command.
    pub fn settle(&mut self, text: &str, uses: &mut [PlaceholderUse]) {
        for used in uses {
            let filler = used.token.bytes().all(|b| matches!(b, b'x' | b'X' | b'-'));
            if !filler && !used.token.starts_with(['.', '*']) {
                continue;
            }
            // The same word with the same gap means the same value: a connection string is asked for once.
            let around = around(text, used);
            if let Some(name) = self.known.get(&around) {
                used.parameter.clone_from(name);
                continue;
            }
            if around.contains("://") && used.parameter == "text" {
                used.parameter = "connection".to_owned();
            }
            let count = self.counts.entry(used.parameter.clone()).or_insert(0);
            *count += 1;
            if *count > 1 {
                used.parameter = format!("{}_{count}", used.parameter);
            }
            self.known.insert(around, used.parameter.clone());
        }
    }
}

/// The word that a token stands in; the whole command where it stands alone.
fn around(text: &str, used: &PlaceholderUse) -> String {
    let edge = |c: char| c.is_whitespace() || matches!(c, '"' | '\'');
    let start = text[..used.span.start].rfind(edge).map_or(0, |at| at + 1);
    let end = text[used.span.end..].find(edge).map_or(text.len(), |at| used.span.end + at);
    let word = text.get(start..end).unwrap_or(text);
    if word.len() <= 3 { text.to_owned() } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<String> {
        find(CommandLanguage::Shell, text, &Assigned::default()).into_iter().map(|p| p.token).collect()
    }

    #[test]
    fn tokens_to_fill_in_are_found() {
        for (text, want) in [
            ("select pg_cancel_backend(<pid>);", vec!["<pid>"]),
            (
                "amtool --end <end of alert in the form: 2023-11-03T15:59> x",
                vec!["<end of alert in the form: 2023-11-03T15:59>"],
            ),
            ("psql postgresql://u:p@{endpoint}/x", vec!["{endpoint}"]),
            ("psql \"postgresql://...@{main}/x\"", vec!["...", "{main}"]),
            ("oc logs $POD -n ${NS}", vec!["$POD", "${NS}"]),
            ("ssh YOURNAME-praefect-db@console-01", vec!["YOURNAME"]),
            ("psql -h db.xxx.rds.amazonaws.com", vec!["xxx"]),
            ("aws s3 cp s3://b/backup-YYYYMMDD.sql .", vec!["YYYYMMDD"]),
            ("for v in $(docker volume ls -q); do echo \"$v ${v}\"; done", vec![]),
            ("psql -c \"UPDATE c SET d = jsonb_set(d, '{chave}', '1')\"", vec![]),
            ("gunzip -c loja_YYYYMMDD_HHMMSS.sql.gz", vec!["YYYYMMDD_HHMMSS"]),
            ("restaura --ate 'AAAA-MM-DD HH:MM:SS'", vec!["AAAA-MM-DD HH:MM:SS"]),
            ("ls dump_DD-MM-YYYY_loja.sql", vec!["DD-MM-YYYY"]),
            ("kubectl -n [NAMESPACE] get pods", vec!["[NAMESPACE]"]),
            ("helm upgrade {{ release }}", vec!["{{ release }}"]),
        ] {
            assert_eq!(tokens(text), want, "{text}");
        }
    }

    #[test]
    fn shell_is_no_placeholder() {
        for text in [
            "diff <(ls a) <(ls b)",
            "x 2>&1; echo $? $1 $$ $@ ${X:-default}",
            "cat <<EOF",
            "awk '{print $4}' < in > out",
            "kubectl get pods -o jsonpath='{.items[0].name}'",
            "docker ps --format '{{.Names}}'",
            "curl -w '%{http_code}' -d '{\"a\": 1}' x",
            "cp a.{sql,bak} /tmp; go test ./...; git diff a...b",
            "[ -f x ] && grep '[0-9]' y; [[ -n $HOME ]]",
            "find . -exec rm {} \\;",
            "mktemp /tmp/x.XXXXXX",
            "date +%Y%m%d",
            "echo '$NOT'",
            "cat > x.sh <<'EOF'\nA=1\necho $A $B\nEOF",
            "NS=shop; kubectl -n $NS get pods",
        ] {
            assert_eq!(tokens(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn assigned_variables_are_captured_values() {
        let mut assigned = Assigned::default();
        assigned.learn("export NS=\"$(kubectl get x)\"; read -r NAME");
        let found = find(CommandLanguage::Shell, "echo $NS $NAME $OTHER", &assigned);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].token, "$OTHER");
    }

    #[test]
    fn names_do_not_depend_on_spelling() {
        assert_eq!(name_of("<pod-name>"), name_of("<pod_name>"));
        assert_eq!(name_of("<Nome da réplica>"), "nome_da_replica");
        assert_eq!(name_of("..."), "text");
    }
}
