//! Markdown read in MB/s beside the bare parser's events.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

use pulldown_cmark::Parser;

use crate::table::{Series, Table};
use crate::{Effort, checkout};

/// At least so many bytes are read in a turn, so that a turn is not over in no time.
const BYTES: usize = 1 << 20;

/// What the Markdown pass may cost, in bare events.
const PASS: f64 = 1.1;
/// What the whole reading may cost of prose, and of documents that are dense with commands.
const WHOLE: [f64; 2] = [3.0, 6.0];

/// Reads the shipped library, other people's runbooks where they are at hand, and one long document.
pub fn measure(effort: &Effort, table: &mut Table) -> anyhow::Result<()> {
    let library = texts(&checkout("runbooks"))?;
    let mut prose: Vec<String> = texts(&checkout("."))?;
    prose.extend(texts(&checkout("docs"))?);
    prose.extend(texts(&checkout("docs/decisions"))?);
    gates(effort, table, "prose", &prose, WHOLE[0]);
    gates(effort, table, "commands", &library, WHOLE[1]);
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

/// The costs that have an aim, each beside bare events of the same bytes in the same turn.
fn gates(effort: &Effort, table: &mut Table, corpus: &str, texts: &[String], whole: f64) {
    let mut bare = Series::new(format!("bare pulldown-cmark events of {corpus}"), "ns/byte");
    let mut pass = Series::new(format!("Markdown pass of {corpus}, at most {PASS} x"), "ns/byte");
    let mut read = Series::new(format!("whole reading of {corpus}, at most {whole} x"), "ns/byte");
    let bytes: usize = texts.iter().map(String::len).sum();
    let repeats = BYTES.div_ceil(bytes.max(1));
    let cost = |work: &dyn Fn(&str)| 1e3 / speed(texts, repeats, work);
    for _ in 0..effort.turns(15) {
        bare.push(cost(&drain));
        pass.push(cost(&|text| {
            black_box(farol_runbook::count_blocks(text));
        }));
        read.push(cost(&|text| drop(black_box(farol_runbook::parse(text, None)))));
    }
    table.add(&bare, &[]);
    table.add(&pass, &[&bare]);
    table.add(&read, &[&bare]);
}

fn drain(text: &str) {
    Parser::new_ext(text, farol_runbook::MARKDOWN).into_offset_iter().for_each(|event| drop(black_box(event)));
}

fn compare(effort: &Effort, table: &mut Table, corpus: &str, texts: &[String]) {
    let mut bare = Series::new("bare pulldown-cmark events", "MB/s");
    let mut parse = Series::new(format!("read: {corpus}"), "MB/s");
    let mut html = Series::new(format!("rendered: {corpus}"), "MB/s");
    let bytes: usize = texts.iter().map(String::len).sum();
    let repeats = BYTES.div_ceil(bytes.max(1));
    for _ in 0..effort.turns(15) {
        bare.push(speed(texts, repeats, drain));
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
