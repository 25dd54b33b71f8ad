//! First words that nobody knows: programs, or words around them.

use super::judge::{SMALL_WORDS, assignment, has_evidence, past_assignments};
use super::known::{self, Word};
use crate::words::{has, has_gap, lines, split};

/// `kubectl   /usr/bin/kubectl   OK`, `syft   NOT_INSTALLED   MISSING (scans)`: what a check of several things printed.
pub fn is_status(line: &str) -> bool {
    const STATES: [&str; 9] =
        ["OK", "MISSING", "NOT_INSTALLED", "INSTALLED", "PASS", "PASSED", "FAIL", "FAILED", "DONE"];
    has(line, "  ") && {
        let told = before_remark(line).trim_end();
        let told = told.split_once(" (").filter(|_| told.ends_with(')')).map_or(told, |(told, _)| told).trim_end();
        let before = told.trim_end_matches(|c: char| !c.is_whitespace());
        before.len() > 1 && has(before, "  ") && STATES.contains(&&told[before.len()..])
    }
}

/// `/var/lib/data/core.14177`: a path alone, and not to where programs lie.
pub fn is_file(word: &str) -> bool {
    let program = ["bin/", "script", ".sh", ".bash", ".py", ".rb"].iter().any(|mark| word.contains(mark));
    word.starts_with('/') && word.matches('/').count() > 1 && !program
}

/// `volume name        path inside`, `spawning "x"`, `agent.jar  sender.jar`: words under or after a command.
pub fn is_gloss(word: &str, line: &str) -> bool {
    let gap = || has_gap(line) && has(before_remark(line), "   ") && !line.contains(" -") && !line.ends_with('\\');
    let numbered = || {
        let note = memchr::memchr(b'#', line.as_bytes()).and_then(|_| line.split_once(" #"));
        note.is_some_and(|(_, n)| n.starts_with(|c: char| c.is_ascii_digit()))
    };
    let foreign = || line.ends_with(" {") || has(line, "): ") || matches!(word, "nameserver" | "options");
    let ticked =
        || !line.is_ascii() && (line.trim_end().ends_with(['✓', '✔', '✅', '❌', '✗', '✘']) || has(line, " → "));
    let gloss = word.len() > 5 && word.ends_with("ing") || ticked() || foreign() || numbered() || gap();
    gloss && known::word(word) == Word::Unknown
}

/// `UUID=78A7-45 /mnt/shop exfat defaults 0 0`: a line of `/etc/fstab`, or of what a program printed.
pub fn is_mount(line: &str) -> bool {
    const KINDS: [&str; 13] =
        ["ext4", "ext3", "xfs", "btrfs", "exfat", "vfat", "ntfs", "nfs", "nfs4", "cifs", "swap", "tmpfs", "auto"];
    let device = ["UUID=", "PARTUUID=", "LABEL=", "/dev/", "//", "tmpfs "].iter().any(|start| line.starts_with(start));
    // `/dev/sdd on /shop type xfs (rw)`, `git --version   -> 2.46`: what was printed.
    let printed = device && has(line, " on /") && has(line, " type ")
        || memchr::memchr(b'>', line.as_bytes()).is_some() && has(line, "  -> ");
    printed || device && split(line).nth(2).is_some_and(|kind| KINDS.contains(&kind)) && split(line).count() > 3
}

/// `export const LIMIT`, `tail coverage`, `at ceiling`: other languages, names and words.
pub fn is_of_a_language(first: &str, rest: &str) -> bool {
    let word = split(rest).next().unwrap_or("");
    match first {
        "export" => matches!(
            word,
            "const"
                | "default"
                | "function"
                | "class"
                | "interface"
                | "type"
                | "async"
                | "let"
                | "enum"
                | "abstract"
                | "*"
                | "{"
        ),
        "at" | "tail" | "head" | "seq" | "sort" | "cut" | "less" | "more" => {
            split(rest).count() == 1 && word != "now" && word.bytes().all(|byte| byte.is_ascii_lowercase())
        }
        _ => false,
    }
}

/// `function order(items):`, `gem "rack", "~> 3"`, `go 1.22`: what other languages, files of settings and answers hold.
pub fn declares(word: &str, after: &str) -> bool {
    // `git version 2.39.1`: what `git --version` prints.
    let number = after.strip_prefix("version ").map(|rest| rest.trim_start_matches('v'));
    if number.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()) && rest.contains('.')) {
        return true;
    }
    match word {
        // A function of a shell names no arguments.
        "function" => after.split_once('(').is_some_and(|(_, rest)| !rest.trim_start().starts_with(')')),
        "gem" => after.starts_with(['"', '\'']),
        // What the client says when it opens.
        "psql" => after.starts_with('('),
        // `/opt   /srv`, `/panel (new)`: folders, what a bot is told, and pages; no program lies there.
        word if word.starts_with('/') && !word[1..].contains(['/', '.']) && !after.is_empty() => {
            // `/QUIET   # what it does`: a switch of a program for Windows.
            let switch = || after.starts_with('#') && word[1..].bytes().all(|b| b.is_ascii_uppercase());
            after.starts_with('(') || switch() || split(after).all(|word| word.starts_with('/'))
        }
        "go" => after.contains('.') && after.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'),
        _ => false,
    }
}

/// `BEGIN RSA`: what stands over a key.
pub fn is_mark_of_a_key(text: &str) -> bool {
    const KINDS: [&str; 8] = ["RSA", "OPENSSH", "EC ", "PRIVATE", "PUBLIC", "CERTIFICATE", "ENCRYPTED", "PGP"];
    text.strip_prefix("BEGIN ").is_some_and(|kind| KINDS.iter().any(|known| kind.starts_with(known)))
}

/// `rm -rf /`, `chmod -R 777 /*`: what is only ever named, as a warning or as what a program refuses.
pub fn wrecks_everything(text: &str) -> bool {
    let mut words = split(text).skip_while(|word| *word == "sudo");
    let program = words.next().unwrap_or("");
    let root = |word: &str| matches!(word, "/" | "/*" | "--no-preserve-root");
    let deep = |word: &str| {
        word == "--recursive" || word.starts_with('-') && !word.starts_with("--") && word.contains(['r', 'R'])
    };
    matches!(program, "rm" | "chmod" | "chown" | "chgrp") && words.clone().any(root) && words.any(deep)
}

/// `rm -rf`, `chmod 777`, `dd if=`: a program with its options, and nothing to do it to; `exit 1`: how a script ends.
pub fn lacks_operands(text: &str) -> bool {
    let mut words = split(text);
    let program = words.next().unwrap_or("");
    let program = if program == "sudo" { words.next().unwrap_or("") } else { program };
    let least = match program {
        "rm" | "kill" | "curl" | "wget" | "ssh" | "tail" | "head" | "cat" | "shred" | "mkdir" | "touch" | "killall" => {
            1
        }
        "chmod" | "chown" | "cp" | "mv" | "ln" | "scp" => 2,
        // `sudo zip` names the program, `unzip -v` asks it for its version.
        "zip" | "unzip" | "tar" | "rsync" | "gzip" => return words.next().is_none(),
        // `pg_restore --list` says how, `pg_restore --version` is whole.
        "pg_restore" => return words.all(|word| word.starts_with("--") && !matches!(word, "--version" | "--help")),
        // `psql -f` names no file.
        "psql" | "sqlcmd" if text.ends_with(" -f") || text.ends_with(" -i") => return true,
        "exit" => return true,
        "aws" => return is_copy_without_files(text),
        _ => return text.ends_with('='),
    };
    // `mv data{,.old}` names two.
    text.ends_with('=')
        || matches!(program, "curl" | "wget") && names_no_host(text)
        || !text.contains('{') && words.filter(|word| !word.starts_with('-')).take(least).count() < least
}

/// `curl /health`: a path, and nobody who would answer it.
fn names_no_host(text: &str) -> bool {
    let mut words = split(text).skip(1).filter(|word| !word.starts_with('-'));
    text.len() < 80 && words.all(|word| word.starts_with('/'))
}

/// `shopctl secrets set STOP_*`: a family of names, of which one is meant.
pub fn names_a_family(text: &str) -> bool {
    let capital = |word: &str| word.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
    memchr::memchr(b'*', text.as_bytes()).is_some()
        && split(text).any(|word| word.strip_suffix("_*").is_some_and(|name| name.len() > 2 && capital(name)))
}

/// `grep -vE ...`: what is done, with dots for all that it is done to.
pub fn is_only_dots(text: &str) -> bool {
    matches!(text.as_bytes(), [.., b' ', b'.', b'.', b'.'] | [.., 0xe2, 0x80, 0xa6]) && {
        let mut words = split(text).skip(1).filter(|word| !word.starts_with('-'));
        matches!(words.next(), Some("..." | "…")) && words.next().is_none()
    }
}

/// `aws s3 cp`: the name of what does it, with nothing to copy.
fn is_copy_without_files(text: &str) -> bool {
    let mut words = split(text).skip_while(|word| *word != "s3").skip(1);
    matches!(words.next(), Some("cp" | "mv" | "sync" | "rm")) && !words.any(|word| !word.starts_with('-'))
}

/// `shop release fetch <node>      # for each`: a line without its remark, which stands behind a gap.
pub fn before_remark(line: &str) -> &str {
    let remark = memchr::memchr(b'#', line.as_bytes()).and_then(|_| line.split_once(" #"));
    // One word with a remark stands in a list of words.
    let told = remark.map(|(told, _)| told.trim_end()).filter(|told| told.contains(' ') && !told.starts_with('"'));
    told.unwrap_or(line)
}

/// "copy the text to loja.crt", "import raiz.pem to …": words that could be programs, in a sentence.
pub fn tells(word: Word, line: &str) -> bool {
    let option =
        |w: &str| w.starts_with('-') && w.trim_start_matches('-').starts_with(|c: char| c.is_ascii_alphabetic());
    matches!(word, Word::Maybe | Word::Unknown)
        && has(line, " to ")
        && !is_remarked(line)
        && unquoted(line).any(|part| has(part, " to "))
        && !split(line).skip(1).any(option)
}

/// `DB="shop"  # change to yours`: the sentence is a remark on an assignment.
fn is_remarked(line: &str) -> bool {
    let (rest, assigned) = past_assignments(line);
    assigned && rest.starts_with("# ")
}

/// What of a line stands outside double quotes: `wall "going down to be mended"` is no sentence.
fn unquoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('"').step_by(2)
}

/// `frob --all`: a program that nobody here knows, but with its options.
pub fn has_options(text: &str) -> bool {
    let line = before_remark(lines(text).next().unwrap_or("").trim()).trim_end();
    let word = split(line).next().unwrap_or("");
    let option = |w: &str| {
        let name = w.trim_start_matches('-');
        (1..3).contains(&(w.len() - name.len())) && name.starts_with(|c: char| c.is_ascii_alphabetic())
    };
    let small = |w: &str| SMALL_WORDS.contains(&w);
    let words = || split(line).skip(1).take(40);
    known::word(word) == Word::Unknown && words().any(option) && !words().any(small) && !line.ends_with(['.', ':', ','])
}

/// Tells whether a line whose first word nobody knows is typed; `asked` is whether the text before asks to run something.
pub fn is_typed(line: &str, asked: bool) -> bool {
    // `error="…" shop=web`: a line of a log.
    let logged = |name: &str| matches!(name, "error" | "err" | "level" | "msg" | "time" | "ts" | "caller");
    let assigns = || assignment(split(line).next().unwrap_or("")).is_some_and(|name| !logged(name));
    has_options(line) || wraps(line) || is_of_a_cluster(line) || asked && is_called(line) || assigns()
}

/// `k exec deploy/shop -- shop:count`: the short name that people give `kubectl`.
pub fn is_of_a_cluster(line: &str) -> bool {
    const VERBS: [&str; 12] = [
        "get", "describe", "logs", "exec", "apply", "delete", "rollout", "scale", "cordon", "uncordon", "drain", "top",
    ];
    let mut words = split(line);
    words.next() == Some("k") && words.next().is_some_and(|verb| VERBS.contains(&verb)) && words.next().is_some()
}

/// `go vet`; below "Run:" also `consul catalog nodes`: a program that is an everyday word too, with nothing of a sentence.
pub fn is_call(line: &str, asked: bool) -> bool {
    let name =
        |word: &str| word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_'));
    split(line).count() <= 2 || asked && split(line).all(name) && !split(line).any(|word| SMALL_WORDS.contains(&word))
}

/// Tells whether a word can be a program that nobody here knows.
pub fn may_be_program(word: &str) -> bool {
    word.len() > 1 && is_name(word) && known::word(word) == Word::Unknown
}

/// `. ./settings.sh`: a script that the shell reads.
pub fn script(file: &str) -> Word {
    if file.ends_with(".sh") || file.contains('/') { Word::Sure } else { Word::No }
}

/// `tool env shop -- terraform plan`, `tool aws s3 rm s3://…`: a program that nobody here knows runs one that is known.
fn wraps(text: &str) -> bool {
    let line = lines(text).next().unwrap_or("").trim();
    let Some((first, rest)) = line.split_once(' ').filter(|_| is_name(line)) else { return false };
    let (inner, apart) = rest.split_once(" -- ").map_or((rest, false), |(_, inner)| (inner.trim_start(), true));
    let program = known::word(split(inner).next().unwrap_or(""));
    known::word(first) == Word::Unknown
        && !split(rest).any(|word| SMALL_WORDS.contains(&word))
        && (program == Word::Sure && (apart || has_evidence(inner)) || rest.ends_with(" -- \\"))
}

/// `shop db init`, `k exec deploy/shop -- shop:count`: what may be a program, where the text asks to run something.
fn is_called(text: &str) -> bool {
    const MOST: usize = 8;
    let line = lines(text).next().unwrap_or("").trim();
    let words = split(line).count();
    let plain = |word: &str| {
        word.bytes().all(|b| b.is_ascii_graphic() && !b"{};,!?".contains(&b)) && !SMALL_WORDS.contains(&word)
    };
    // What stands in the settings of servers.
    let set = ["server", "listen", "bind", "option", "location", "host", "port", "user", "include", "save", "upstream"];
    !set.contains(&split(line).next().unwrap_or(""))
        && (3..=MOST).contains(&words)
        && is_name(line)
        && split(line).skip(1).all(plain)
        && !line.ends_with(['.', ':'])
}

/// `ruby File.read(".ruby-version")`: a method of a language, called outside quotes.
pub fn calls_a_method(line: &str) -> bool {
    let called = |part: &str| {
        let name = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        part.match_indices('(').any(|(at, _)| {
            let before = &part.as_bytes()[..at];
            let method = before.iter().rev().take_while(|b| name(b)).count();
            method > 0 && before[..at - method].last() == Some(&b'.')
        })
    };
    line.split(['"', '\'']).step_by(2).any(called)
}

/// Tells whether a line begins with what can be a program's name, and assigns or declares nothing.
fn is_name(line: &str) -> bool {
    let mut words = split(line);
    let (first, second) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let name = first.starts_with(|c: char| c.is_ascii_lowercase())
        && first.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    name && (second.is_empty() || second.starts_with(|c: char| c.is_ascii_lowercase()) && !second.ends_with(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_around_a_command_are_none() {
        for (word, line) in [
            ("folder", "folder        where it lies"),
            ("starting", "starting \"helper-1\" on \"host-2\""),
            ("resolver", "resolver #1"),
            ("provider", "provider \"belts\" {"),
        ] {
            assert!(is_gloss(word, line), "{line}");
        }
        assert!(!is_gloss("frob", "frob all things now"));
        assert!(is_file("/var/lib/stock/core.4711") && !is_file("/opt/stock/bin/stockd"));
    }

    #[test]
    fn what_is_quoted_makes_no_sentence() {
        assert!(!tells(Word::Unknown, "wall \"going down to be mended\""));
        assert!(tells(Word::Maybe, "import root.pem to \"Trusted\""));
    }

    #[test]
    fn options_tell_a_program_from_a_sentence() {
        assert!(has_options("frob --all -o x"));
        assert!(has_options("frob --all -o x  # Replace the map with our own version."));
        assert!(!has_options("frob all"));
        assert!(!has_options("use the option --all with it"));
        assert!(!has_options("frob the --all"));
    }
}
