//! Reading the shipped runbooks, for a look at a change: criterion compares with the run before.
//!
//! `make bench` prints the ratio to the bare parser from interleaved runs; this tells whether a change made either slower.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pulldown_cmark::Parser;

fn reading(criterion: &mut Criterion) {
    let library = library().unwrap_or_default();
    assert!(!library.is_empty(), "the shipped runbooks are not where they belong");
    let bytes = library.iter().map(String::len).sum::<usize>();
    let mut group = criterion.benchmark_group("library");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("bare events", |bencher| {
        bencher.iter(|| {
            for text in &library {
                Parser::new_ext(text, farol_runbook::MARKDOWN)
                    .into_offset_iter()
                    .for_each(|event| drop(black_box(event)));
            }
        });
    });
    group.bench_function("parse", |bencher| {
        bencher.iter(|| library.iter().for_each(|text| drop(black_box(farol_runbook::parse(text, None)))));
    });
    group.bench_function("to_html", |bencher| {
        bencher.iter(|| library.iter().for_each(|text| drop(black_box(farol_runbook::to_html(text)))));
    });
    group.finish();
}

fn library() -> std::io::Result<Vec<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../runbooks");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        files.push(entry?.path());
    }
    files.sort();
    files.into_iter().filter(|file| file.extension().is_some_and(|e| e == "md")).map(std::fs::read_to_string).collect()
}

criterion_group!(benches, reading);
criterion_main!(benches);
