//! What begins like a command and is none, by its shape.

use super::known::{self, Word};
use crate::words::{has, lines, split, trim};

/// `${{ github.ref }}`: the source of a workflow, which no shell understands.
pub fn is_of_a_workflow(text: &str) -> bool {
    const CONTEXTS: [&str; 10] =
        ["github.", "secrets.", "vars.", "env.", "steps.", "needs.", "inputs.", "matrix.", "runner.", "job."];
    let expression = |at: usize| text[at + 1..].strip_prefix('{').map_or("", str::trim_start);
    let opens = |at: &usize| text[..*at].ends_with('$');
    memchr::memchr_iter(b'{', text.as_bytes())
        .filter(opens)
        .any(|at| CONTEXTS.iter().any(|context| expression(at).starts_with(context)))
}

/// A line of nothing but an arrow, with or without words behind it: a diagram of what happens.
pub fn is_a_flow(text: &str) -> bool {
    let arrow =
        |line: &str| line.trim().strip_prefix(['↓', '▼', '⬇']).is_some_and(|rest| !rest.starts_with(['/', '.']));
    // The first byte of all three.
    memchr::memchr(0xe2, text.as_bytes()).is_some() && lines(text).any(arrow)
}

/// `deploy.sh` over `settings.xml`: what a folder holds.
pub fn lists_files(text: &str) -> bool {
    const MOST: usize = 40;
    let file = |line: &str| {
        let (stem, end) = line.rsplit_once('.').unwrap_or_default();
        !stem.is_empty()
            && (2..6).contains(&end.len())
            && line.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    };
    let script = |line: &str| [".sh", ".bash", ".ps1", ".bat", ".cmd", ".exe", ".py"].iter().any(|e| line.ends_with(e));
    let mut all = lines(text).map(trim).filter(|line| !line.is_empty()).take(MOST).peekable();
    let (mut scripts, mut others) = (0, 0);
    all.peek().is_some_and(|line| file(line))
        && all.all(|line| {
            scripts += usize::from(script(line));
            others += usize::from(!script(line));
            file(line)
        })
        && scripts > 0
        && others > 0
}

/// `web-1   Ready    worker   3h   v1.23`: a row of what a cluster or an engine lists, under a name that is a program's too.
pub fn is_row(line: &str) -> bool {
    const STATES: [&str; 12] = [
        "Ready",
        "NotReady",
        "Running",
        "Pending",
        "Completed",
        "CrashLoopBackOff",
        "Terminating",
        "Up",
        "Exited",
        "Active",
        "Bound",
        "Healthy",
    ];
    let Some((_, rest)) = line.split_once("  ") else { return false };
    let cell = rest.trim_start();
    let state = cell.split(' ').next().unwrap_or("");
    STATES.contains(&state.split(',').next().unwrap_or("")) && cell[state.len()..].starts_with(' ')
}

/// Two gaps of three blanks or more that no option follows: cells of a row, whatever stands in them.
pub fn has_wide_gaps(line: &str) -> bool {
    let mut gaps = line.split("   ").skip(1).filter(|rest| !rest.is_empty());
    let cell = |rest: &str| !rest.trim_start().starts_with(['-', '#', '|', '>', '&', '\\']);
    gaps.by_ref().take(8).filter(|rest| cell(rest)).count() > 1
}

/// `belongs_to :user`, `h j k l`: what stands behind a word that nobody knows in other languages, and keys.
pub fn is_of_something_else(word: &str, after: &str) -> bool {
    let symbol = |rest: &str| rest.starts_with(|c: char| c.is_ascii_lowercase());
    after.strip_prefix(':').is_some_and(symbol)
        || word.len() == 1 && after.split(' ').next().is_some_and(|next| next.len() == 1 && symbol(next))
        || after.starts_with('(') && is_number(after.split(' ').next().unwrap_or(""))
}

/// `(1)`.
fn is_number(word: &str) -> bool {
    let inner = word.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    inner.is_some_and(|inner| !inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `ip dhcp pool x`, `alias eth0 tg3`: a router's words, and lines of files, that begin like a shell's.
pub fn is_of_another(word: &str, after: &str) -> bool {
    match word {
        "ip" => is_of_a_router(after),
        // `alias x='y'`, `alias -p`
        "alias" => after.contains(' ') && !after.contains('=') && !after.starts_with('-') && !after.contains("#"),
        // "copy the key to a.crt": `copy` of Windows takes no such word.
        "copy" => has(after, " to ") && !after.contains('"'),
        // `class Order < Record`
        "class" => after.starts_with(|c: char| c.is_ascii_uppercase()) && !after.contains('='),
        // A key of an editor; the program does nothing without operands.
        "dd" => after.is_empty() || after.starts_with('#'),
        _ => false,
    }
}

/// `dhcp pool {name}`, `route 0.0.0.0 0.0.0.0 10.0.0.1`: what a router takes behind `ip`.
fn is_of_a_router(after: &str) -> bool {
    const ITS: [&str; 16] = [
        "dhcp",
        "helper-address",
        "default-gateway",
        "domain-name",
        "domain-lookup",
        "domain",
        "name-server",
        "routing",
        "ssh",
        "nat",
        "access-list",
        "access-group",
        "http",
        "ospf",
        "arp",
        "host",
    ];
    let mut words = split(after);
    let (object, next) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    ITS.contains(&object)
        || matches!(object, "route" | "address" | "add") && next.starts_with(|c: char| c.is_ascii_digit())
}

/// `orders-data` right below `ls /srv/volumes`: what was listed, and no program.
pub fn is_listed_below(last: &str, body: &str) -> bool {
    let listed = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    last.starts_with("ls ") && body.bytes().all(listed) && known::word(body) == Word::Unknown
}

/// "Output" alone on its line: what follows it came back.
pub fn heads_output(body: &str) -> bool {
    matches!(body.trim_end_matches(':'), "Output" | "output" | "Salida" | "salida" | "Saída" | "saída" | "Saida")
}

/// `GRANT right TO [user | role]`, `[ENGINE [=] InnoDB]`: how a statement is made up, and not one.
pub fn is_synopsis(text: &str) -> bool {
    if memchr::memchr2(b'[', b'{', text.as_bytes()).is_none() {
        return false;
    }
    if memchr::memmem::find(text.as_bytes(), b"[=]").is_some() {
        return true;
    }
    let pairs = text.match_indices(['[', '{']).filter_map(|(at, mark)| {
        let rest = &text[at + 1..];
        Some(&rest[..rest.find(if mark == "[" { ']' } else { '}' })?])
    });
    let words = |inside: &str| {
        let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ' ' | '|' | '\'' | '[');
        inside.contains(" | ") && inside.chars().all(word)
    };
    pairs.take(16).any(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_keys_are_no_commands() {
        assert!(is_row("minikube   Ready    control-plane   3h18m   v1.23.1"));
        assert!(is_row("nginx      Up 3 hours   80/tcp"));
        assert!(!is_row("kubectl    get   pods"));
        assert!(has_wide_gaps("4e99be64   shop-web   \"python -m http.server\""));
        assert!(!has_wide_gaps("frob   --all   -x   # everything"));
        for (word, after) in [("belongs_to", ":user"), ("h", "j k l"), ("stdout", "(1)  # where it goes")] {
            assert!(is_of_something_else(word, after), "{word} {after}");
        }
        for (word, after) in [("frob", ":8080"), ("w", "-h"), ("frob", "(all)")] {
            assert!(!is_of_something_else(word, after), "{word} {after}");
        }
    }

    #[test]
    fn a_router_takes_other_words_behind_the_same_one() {
        for after in ["dhcp pool shop", "route 0.0.0.0 0.0.0.0 10.0.0.1", "address 10.0.0.2 255.0.0.0", "routing"] {
            assert!(is_of_another("ip", after), "{after}");
        }
        for after in ["route add 10.0.0.0/8 via 10.0.0.1", "address show", "a", "-c route", "link set eth0 up", "route"]
        {
            assert!(!is_of_another("ip", after), "{after}");
        }
        assert!(is_of_another("alias", "eth0 tg3") && !is_of_another("alias", "k=kubectl"));
    }
}
