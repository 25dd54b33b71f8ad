//! The words that statements begin with.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use crate::words::split;

/// What statements begin with.
pub const STARTS: &str = "select with insert update delete create alter drop show set explain analyze vacuum reindex begin \
     commit rollback grant revoke truncate copy call do kill flush pragma use describe desc optimize \
     check lock unlock checkpoint listen notify start stop change reset merge refresh comment cluster \
     prepare execute exec deallocate declare fetch values table attach detach backup restore savepoint \
     repair replace reassign dbcc";

/// What statements begin with whose first word alone is no sign of one: `install nginx`, `load average`.
const PAIRS: [(&str, &str); 10] = [
    ("purge", "binary master"),
    ("rename", "table tables user"),
    ("checksum", "table tables"),
    ("xa", "begin commit end prepare recover rollback start"),
    ("load", "data index xml"),
    ("install", "component plugin soname"),
    ("uninstall", "component plugin soname"),
    ("discard", "all plans sequences temp temporary"),
    ("import", "foreign"),
    ("security", "label"),
];

/// `SELECCIONAR origen, destino` and `FROM flujos` or `WHERE …` below it: a query whose words a machine translated with the text
/// around it. A person puts it right and types it.
pub fn is_translated(text: &str) -> bool {
    const SELECTS: [&str; 2] = ["SELECCIONAR ", "SELECIONAR "];
    const PARTS: [&str; 6] = ["FROM ", "WHERE ", "DONDE ", "ONDE ", "ORDENAR POR ", "GROUP BY "];
    text.starts_with('S') && SELECTS.iter().any(|word| text.starts_with(word)) && {
        let query = crate::words::lines(text).take(40).take_while(|line| !line.trim().is_empty());
        let mut query = query.peekable();
        let first = query.peek().is_some_and(|line| line.contains(" FROM "));
        first || query.skip(1).any(|line| PARTS.iter().any(|part| line.trim_start().starts_with(part)))
    }
}

/// Tells whether statements begin with a word.
pub fn starts(word: &str) -> bool {
    static SET: LazyLock<FxHashSet<&str>> = LazyLock::new(|| STARTS.split(' ').collect());
    SET.contains(Lower::of(word).as_str())
}

/// A short word in lower case; what is longer than any word of SQL is no word.
pub struct Lower {
    bytes: [u8; Self::LONGEST],
    len: usize,
}

impl Lower {
    const LONGEST: usize = 16;

    pub fn of(word: &str) -> Self {
        let mut bytes = [0; Self::LONGEST];
        let len = if word.len() <= Self::LONGEST { word.len() } else { 0 };
        bytes[..len].copy_from_slice(&word.as_bytes()[..len]);
        bytes.make_ascii_lowercase();
        Self { bytes, len }
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.len]).unwrap_or("")
    }
}

/// `PURGE BINARY LOGS`, `RENAME TABLE`.
pub fn begins_with_pair(word: &str, rest: &str) -> bool {
    let first = Lower::of(word);
    let Some((_, seconds)) = PAIRS.iter().find(|(begins, _)| *begins == first.as_str()) else { return false };
    let second = Lower::of(split(rest).next().unwrap_or("").trim_end_matches(';'));
    seconds.split(' ').any(|known| known == second.as_str())
}
