//! The pipeline: text, leaves, headings, steps, graph, parameters, diagnostics.

use bumpalo::Bump;
use farol_api::graph::StepGraph;
use farol_api::runbook::{Block, Checklist, Parameter, ParameterKind, Runbook, Section, Table, TableKind};
use farol_api::text::Span;
use rustc_hash::FxHashMap;

use crate::counts::{self, Counts};
use crate::diagnose::{self, catalogue};
use crate::doc::{self, Doc, plain};
use crate::graph::{self, Built};
use crate::lexicon::Lexicon;
use crate::outline::{self, Outline};
use crate::steps::{self, Steps};
use crate::{MAX_BYTES, dense, facts, front, meta, params, references, survey};

/// Reads a document; what it holds is counted where somebody wants to know.
pub fn read(text: &str, previous: Option<&Runbook>, counted: bool) -> (Runbook, Counts) {
    if text.len() > MAX_BYTES {
        return refused(text, &catalogue::TOO_LARGE, MAX_BYTES);
    }
    if dense::is_too_dense(text) {
        return refused(text, &catalogue::TOO_DENSE, dense::BYTES_A_MARK);
    }
    let room = Bump::new();
    let mut doc = doc::read(text, &room);
    if doc.full {
        return refused(text, &catalogue::TOO_MANY_BLOCKS, doc::MOST_LEAVES);
    }
    let language = survey::read(&mut doc);
    let lexicon = Lexicon::of(language);
    let mut outline = outline::read(&doc, lexicon);
    let is_meta = meta::leaves(&doc, lexicon, &outline);
    let metadata = meta::read(&doc, lexicon, &outline, &is_meta);
    let mut steps = steps::walk(&doc, lexicon, &mut outline, is_meta);
    doc.forget();
    let mut counts = if counted { counts::count(&doc, &outline, &steps) } else { Counts::default() };
    let mut built = graph::build(&doc, &outline, &mut steps, previous);
    let (references, broken) = references::read(&doc, lexicon, &outline, &mut built);
    let samples = facts::asked::read(&mut built.graph);
    let mut runbook = Runbook {
        title: title(&outline, &metadata),
        language: language.map(|l| l.tag().to_owned()),
        metadata,
        sections: sections(&doc, &outline),
        blocks: blocks(&doc, &mut steps, &built),
        parameters: parameters(&built.graph),
        checklists: checklists(&doc, &steps, &built),
        tables: tables(&doc),
        references,
        samples,
        ..Runbook::default()
    };
    runbook.graph = std::mem::take(&mut built.graph);
    facts::fill(&mut runbook, &doc, lexicon, &outline, &built.assigns);
    let (front, problems) = front::read(&doc);
    let unused = front.as_ref().map(|front| front::merge(front, &mut runbook.parameters)).unwrap_or_default();
    if let Some(front) = &front {
        front::merge_alerts(front, &doc, &mut runbook.alerts);
    }
    runbook.front_matter = front;
    counts.implicit_placeholders = runbook.samples.len();
    let found = diagnose::Found { broken: &broken, front: &problems, unused: &unused };
    runbook.diagnostics = diagnose::all(&doc, &outline, &steps, &built, &found, &runbook);
    (runbook, counts)
}

fn refused(text: &str, entry: &catalogue::Entry, limit: usize) -> (Runbook, Counts) {
    let found = diagnose::diagnostic(entry, &limit.to_string(), Span::new(0, text.len()), 1);
    (Runbook { diagnostics: vec![found], ..Runbook::default() }, Counts::default())
}

fn title(outline: &Outline<'_>, metadata: &[farol_api::runbook::Metadata]) -> String {
    let front = metadata.iter().find(|m| m.label.eq_ignore_ascii_case("title")).map(|m| m.value.clone());
    let heading = outline.sections.first().map(|s| s.title.to_owned());
    // A heading that is only a template's expression says less than the front matter.
    heading.filter(|h| h.chars().any(char::is_alphabetic) && !h.contains("<%")).or(front).unwrap_or_default()
}

fn sections(doc: &Doc<'_>, outline: &Outline<'_>) -> Vec<Section> {
    let section = |s: &outline::Section<'_>| Section {
        title: s.title.to_owned(),
        level: s.level,
        anchor: s.anchor.to_owned(),
        span: Span::from(s.span.clone()),
        line: doc.line(s.span.start),
    };
    outline.sections.iter().map(section).collect()
}

/// The blocks of code, which take their labels along.
fn blocks(doc: &Doc<'_>, steps: &mut Steps, built: &Built) -> Vec<Block> {
    let block = |b: &mut steps::BlockDraft| Block {
        label: std::mem::take(&mut b.label),
        kind: b.kind,
        steps: b.drafts.clone().map(|d| built.id(d)).collect(),
        span: Span::from(b.span.clone()),
        line: doc.line(b.span.start),
    };
    steps.blocks.iter_mut().map(block).collect()
}

fn checklists(doc: &Doc<'_>, steps: &Steps, built: &Built) -> Vec<Checklist> {
    let list = |c: &steps::ChecklistDraft| Checklist {
        title: c.title.clone(),
        steps: c.drafts.iter().map(|d| built.id(*d)).collect(),
        span: Span::from(c.span.clone()),
        line: doc.line(c.span.start),
    };
    steps.checklists.iter().map(list).collect()
}

fn tables(doc: &Doc<'_>) -> Vec<Table> {
    let table = |leaf: usize| {
        let mut rows =
            doc.table(leaf)?.rows().map(|row| row.cells().map(|cell| plain(cell).into_owned()).collect::<Vec<_>>());
        let header = rows.next().unwrap_or_default();
        let (rows, span) = (rows.collect(), Span::from(doc.leaves[leaf].span()));
        Some(Table { header, rows, span, line: doc.line(span.start), kind: TableKind::default() })
    };
    (0..doc.leaves.len()).filter_map(table).collect()
}

fn parameters(graph: &StepGraph) -> Vec<Parameter> {
    let mut out: Vec<Parameter> = Vec::new();
    let mut place: FxHashMap<&str, usize> = FxHashMap::default();
    for node in &graph.nodes {
        for used in node.command.iter().flat_map(|c| &c.placeholders) {
            let index = *place.entry(&used.parameter).or_insert_with(|| {
                out.push(Parameter {
                    name: used.parameter.clone(),
                    token: used.token.clone(),
                    steps: Vec::new(),
                    default: None,
                    secret: params::is_secret(&used.parameter),
                    kind: ParameterKind::default(),
                    example: None,
                    pattern: None,
                    description: None,
                });
                out.len() - 1
            });
            if out[index].steps.last() != Some(&node.id) {
                out[index].steps.push(node.id.clone());
            }
        }
    }
    out
}
