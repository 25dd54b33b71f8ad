//! Markdown read in MB/s beside the bare parser's events.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

use pulldown_cmark::Parser;

use crate::table::{Series, Table};
use crate::{Effort, checkout};

/// At least so many bytes are read in a turn, so that a turn is not over in no time.
const BYTES: usize = 1 << 20;

/// Reads the shipped library, other people's runbooks where they are at hand, and one long document.
pub fn measure(effort: &Effort, table: &mut Table) -> anyhow::Result<()> {
    let library = texts(&checkout("runbooks"))?;
    compare(effort, table, "library", &library);
    let acceptance =
        std::env::var_os("FAROL_ACCEPTANCE").map_or_else(|| checkout("../shared/acceptance"), PathBuf::from);
    let gold = texts(&acceptance.join("gold")).unwrap_or_default();
    if !gold.is_empty() {
        compare(effort, table, "other people's runbooks", &gold);
    }
    let whole = library.join("\n\n");
    compare(effort, table, "library as one document of 1 MB", &[whole.repeat(BYTES / whole.len() + 1)]);
    Ok(())
}

fn compare(effort: &Effort, table: &mut Table, corpus: &str, texts: &[String]) {
    let mut bare = Series::new("bare pulldown-cmark events", "MB/s");
    let mut parse = Series::new(format!("read: {corpus}"), "MB/s");
    let mut html = Series::new(format!("rendered: {corpus}"), "MB/s");
    let bytes: usize = texts.iter().map(String::len).sum();
    let repeats = BYTES.div_ceil(bytes.max(1));
    for _ in 0..effort.turns(15) {
        bare.push(speed(texts, repeats, |text| {
            Parser::new_ext(text, farol_runbook::MARKDOWN).into_offset_iter().for_each(|event| drop(black_box(event)));
        }));
        parse.push(speed(texts, repeats, |text| drop(black_box(farol_runbook::parse(text, None)))));
        html.push(speed(texts, repeats, |text| drop(black_box(farol_runbook::to_html(text)))));
    }
    table.add(&bare, &[]);
    table.add(&parse, &[&bare]);
    table.add(&html, &[&bare]);
}

fn speed(texts: &[String], repeats: usize, read: impl Fn(&str)) -> f64 {
    let bytes: usize = texts.iter().map(String::len).sum();
    let start = Instant::now();
    for _ in 0..repeats {
        texts.iter().for_each(|text| read(black_box(text)));
    }
    (bytes * repeats) as f64 / 1e6 / start.elapsed().as_secs_f64()
}

fn texts(folder: &Path) -> std::io::Result<Vec<String>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        files.push(entry?.path());
    }
    files.sort();
    files.into_iter().filter(|file| file.extension().is_some_and(|e| e == "md")).map(std::fs::read_to_string).collect()
}
