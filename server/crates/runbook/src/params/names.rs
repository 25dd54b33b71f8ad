//! Names of parameters whose tokens have none.

use farol_api::graph::PlaceholderUse;
use rustc_hash::FxHashMap;

use super::tail;
use crate::words::shorten;

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
    // A word of megabytes is not looked through once for each of its tokens.
    const FAR: usize = 500;
    let edge = |c: char| c.is_whitespace() || matches!(c, '"' | '\'');
    let before = tail(&text[..used.span.start], FAR);
    let after = shorten(&text[used.span.end..], FAR);
    let start = used.span.start - before.rfind(edge).map_or(before.len(), |at| before.len() - at - 1);
    let end = used.span.end + after.find(edge).unwrap_or(after.len());
    let word = text.get(start..end).unwrap_or(text);
    if word.len() <= 3 { text.to_owned() } else { word.to_owned() }
}
