//! What comes out: well-formed, harmless, the same each time, and nothing left out.

#[expect(dead_code, reason = "the tests of the layout use the rest")]
mod graphs;

use std::collections::BTreeMap;

use farol_api::graph::StepGraph;
use farol_api::id::StepId;
use farol_api::incident::StepStatus;
use farol_api::text::Locale;
use farol_diagram::{Highlight, LineKind, Options, dot, mermaid, outline, svg};
use proptest::prelude::*;

fn walked() -> Highlight {
    let statuses = [("lag", StepStatus::Succeeded), ("restart", StepStatus::Running), ("rebuild", StepStatus::Failed)];
    let statuses: BTreeMap<StepId, StepStatus> = statuses.map(|(id, status)| (graphs::id(id), status)).into();
    Highlight { statuses, current: Some(graphs::id("restart")) }
}

/// What may stand in a picture inside a page under a strict Content-Security-Policy.
fn harmless(text: &str) {
    let document = roxmltree::Document::parse(text).expect("well-formed XML");
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let name = node.tag_name().name();
        let known = ["svg", "title", "desc", "g", "a", "rect", "path", "polygon", "circle", "text", "tspan"];
        assert!(known.contains(&name), "{name}");
        for attribute in node.attributes() {
            assert!(!attribute.name().starts_with("on") && attribute.name() != "style", "{attribute:?}");
        }
    }
    let ids: Vec<&str> = document.descendants().filter_map(|node| node.attribute("id")).collect();
    assert_eq!(ids, ["graph-title", "graph-desc"]);
}

#[test]
fn a_small_graph_as_a_picture() {
    let link = |id: &StepId| Some(format!("#step-{id}"));
    let highlight = walked();
    let options = Options {
        title: "A replica falls behind",
        link: Some(&link),
        highlight: Some(&highlight),
        ..Options::default()
    };
    let text = svg(&graphs::sample(), &options);
    harmless(&text);
    insta::assert_snapshot!("small.svg", text);
}

#[test]
fn a_small_graph_in_words() {
    let graph = graphs::sample();
    let list = |locale| outline(&graph, locale).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!("outline", list(Locale::En));
    insta::assert_snapshot!("outline.pt", list(Locale::PtBr));
    insta::assert_snapshot!("dot", dot(&graph, Locale::En));
    insta::assert_snapshot!("mermaid", mermaid(&graph, Locale::PtBr));
}

#[test]
fn nothing_is_drawn_of_nothing() {
    let empty = StepGraph::default();
    let text = svg(&empty, &Options::default());
    harmless(&text);
    assert!(text.contains("No steps"), "{text}");
    assert_eq!(outline(&empty, Locale::En), []);
    assert!(mermaid(&empty, Locale::PtBr).contains("Nenhum passo"));
    assert!(dot(&empty, Locale::En).ends_with("}\n"));
}

#[test]
fn links_are_links_and_without_them_it_is_an_image() {
    let graph = graphs::sample();
    let text = svg(&graph, &Options::default());
    assert!(text.contains("role=\"img\"") && !text.contains("<a "));
    let link = |id: &StepId| (id.as_str() != "lag").then(|| format!("/x?a=1&b=\"{id}"));
    let text = svg(&graph, &Options { link: Some(&link), ..Options::default() });
    assert!(text.contains("role=\"group\""));
    let document = roxmltree::Document::parse(&text).expect("well-formed XML");
    let links: Vec<&str> = document.descendants().filter_map(|node| node.attribute("href")).collect();
    assert_eq!(links.len(), graph.nodes.len() - 1);
    assert!(links.contains(&"/x?a=1&b=\"rebuild"));
}

#[test]
fn where_one_is_stands_there_in_words() {
    let highlight = walked();
    let options = Options { locale: Locale::PtBr, highlight: Some(&highlight), ..Options::default() };
    let text = svg(&graphs::sample(), &options);
    assert_eq!(text.matches("aria-current=\"step\"").count(), 1);
    assert!(text.contains("▶ executando · você está aqui"), "{text}");
    assert!(text.contains("✕ falhou"));
}

#[test]
fn alone_it_brings_its_colours_and_in_a_page_none() {
    let graph = graphs::chain(2);
    assert!(!svg(&graph, &Options::default()).contains("<style"));
    let alone = svg(&graph, &Options { standalone: true, ..Options::default() });
    assert!(alone.contains("prefers-color-scheme: dark"));
    roxmltree::Document::parse(&alone).expect("well-formed XML");
}

#[test]
fn a_long_title_is_shortened_and_stands_there_in_full_too() {
    let long = "restart the receiving thread ".repeat(200);
    let mut graph = graphs::chain(1);
    graph.nodes[0].title = long.clone();
    let text = svg(&graph, &Options::default());
    let document = roxmltree::Document::parse(&text).expect("well-formed XML");
    let whole = document.descendants().filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "title")));
    assert!(whole.filter_map(|node| node.text()).any(|text| text.contains(long.trim())));
    let lines = document.descendants().filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "tspan")));
    assert!(lines.filter_map(|node| node.text()).any(|text| text.ends_with('…')));
}

#[test]
fn the_list_says_what_the_picture_says() {
    let graph = graphs::sample();
    let picture = svg(&graph, &Options::default());
    let document = roxmltree::Document::parse(&picture).expect("well-formed XML");
    let shown: Vec<&str> = document.descendants().filter_map(|node| node.text()).collect();
    let shown = shown.join("\n");
    for line in outline(&graph, Locale::En) {
        assert!(shown.contains(&line.title), "{}", line.title);
        for note in &line.notes {
            assert!(shown.contains(note.as_str()), "{note}");
        }
        for lead in &line.leads {
            assert!(shown.contains(&format!("{} {}", lead.how, lead.name)), "{lead:?}");
        }
    }
}

/// Reads a quoted string of DOT or Mermaid from its first quote; gives what follows the last one.
fn after_quoted(text: &str, escape: Option<char>) -> Option<&str> {
    let mut chars = text.strip_prefix('"')?.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return text.get(at + 2..),
            c if Some(c) == escape => {
                chars.next()?;
            }
            '\n' => return None,
            _ => {}
        }
    }
    None
}

/// Takes all quoted strings out, so that only what the writer itself wrote is left.
fn without_strings(text: &str, escape: Option<char>) -> String {
    let mut rest = text;
    let mut out = String::new();
    while let Some(at) = rest.find('"') {
        out.push_str(&rest[..at]);
        out.push('_');
        rest = after_quoted(&rest[at..], escape).expect("every string ends on its line");
    }
    out + rest
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_title_gets_out_of_its_place(graph in graphs::any_graph(), width in 300..1100_u16) {
        let options = Options { width, title: "</title>\"", ..Options::default() };
        let text = svg(&graph, &options);
        harmless(&text);
        prop_assert_eq!(&text, &svg(&graph, &options));
        let hidden = text.contains(['\u{202E}', '\u{2066}', '\u{0}', '\u{FFFE}']);
        prop_assert!(!hidden);
    }

    #[test]
    fn every_node_is_listed_once(graph in graphs::any_graph()) {
        let listed: Vec<StepId> = outline(&graph, Locale::En).into_iter().filter_map(|line| line.step).collect();
        let mut listed_sorted = listed.clone();
        listed_sorted.sort();
        let mut all: Vec<StepId> = graph.nodes.iter().map(|node| node.id.clone()).collect();
        all.sort();
        prop_assert_eq!(listed_sorted, all);
        for line in outline(&graph, Locale::PtBr) {
            prop_assert_eq!(line.step.is_some(), matches!(line.kind, LineKind::Node(_)));
            let hidden = line.to_string().contains(['\n', '\u{202E}']);
            prop_assert!(!hidden);
        }
    }

    #[test]
    fn dot_holds_titles_in_strings_only(graph in graphs::any_graph()) {
        let rest = without_strings(&dot(&graph, Locale::En), Some('\\'));
        let plain = |c: char| c.is_ascii_alphanumeric() || " \n_{}[]=,;->.".contains(c);
        prop_assert!(rest.chars().all(plain), "{}", rest);
        prop_assert_eq!(rest.matches('{').count(), rest.matches('}').count());
    }

    #[test]
    fn mermaid_holds_titles_in_strings_only(graph in graphs::any_graph()) {
        let text = mermaid(&graph, Locale::En);
        let rest = without_strings(&text, None);
        let plain = |c: char| c.is_ascii_alphanumeric() || " \n_{}[]|->./".contains(c);
        prop_assert!(rest.chars().all(plain), "{}", rest);
        prop_assert!(!text.contains("%%") && !text.contains("<s"));
    }
}
