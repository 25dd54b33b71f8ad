//! Names of parameters whose tokens have none.

use farol_api::graph::PlaceholderUse;
use rustc_hash::FxHashMap;

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
