//! Lines that programs print, or that stand in their files.

use crate::words::{has, split};

/// `ssh -i ______ user@______` has blanks to fill in by hand; `ssh-rsa AAAA…` is a key.
pub fn is_form(line: &str) -> bool {
    line.starts_with("ssh-rsa AAAA") || line.starts_with("ssh-ed25519 AAAA") || has(line, "_____")
}

/// A line of `pg_hba.conf`: kind, database, user, perhaps an address, method.
pub fn is_access_rule(line: &str) -> bool {
    let methods = ["md5", "trust", "reject", "peer", "ident", "scram-sha-256", "cert", "password", "ldap", "gss"];
    let words = split(line).count();
    let network =
        |w: &str| w.split_once('/').is_some_and(|(address, _)| address.contains(['.', ':']) && !address.contains('-'));
    let all = split(line).nth(1).is_some_and(|w| matches!(w, "all" | "replication"))
        || split(line).nth(3).is_some_and(network);
    (4..9).contains(&words) && all || (4..9).contains(&words) && split(line).skip(3).any(|w| methods.contains(&w))
}

/// `at Pool.get (src/pool.ts:30:5)`: a frame of a stack.
pub fn is_trace(line: &str) -> bool {
    line.starts_with("at ") && line.ends_with(')') && line.contains('(')
}

/// `2024-05-01 …`, `ERROR …`, `drwxr-xr-x …`: a line of a log, or of a listing.
pub fn is_log(line: &str) -> bool {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let date = digits == 4 && line[4..].starts_with(['-', '/']);
    let mode = line.starts_with(['d', '-', 'l']) && line.len() > 10;
    if mode && line.bytes().take(10).skip(1).all(|b| b"rwxstT-".contains(&b)) {
        return true;
    }
    if digits == 0 && !line.starts_with(['E', 'W', 'I', 'D', 'F', 'P', 'L', 'T', 'e']) {
        return false;
    }
    let level = ["ERROR", "WARN", "INFO", "DEBUG", "FATAL", "Error:", "error:", "Warning:", "PANIC", "LOG:", "TRACE"];
    date || digits > 0 || level.iter().any(|l| line.starts_with(l))
}

/// Five fields of times, then a command.
pub fn is_cron(line: &str) -> bool {
    if !line.starts_with(|c: char| c.is_ascii_digit() || "@*/,-".contains(c)) {
        return false;
    }
    let fields: Vec<&str> = split(line).take(6).collect();
    line.starts_with("@daily")
        || line.starts_with("@hourly")
        || line.starts_with("@reboot")
        || fields.len() == 6
            && fields[..5].iter().all(|f| f.bytes().all(|b| b.is_ascii_digit() || b"*/,-".contains(&b)))
}
