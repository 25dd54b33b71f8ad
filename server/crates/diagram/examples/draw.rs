//! Draws runbooks: `draw [--width N] [--locale TAG] [--walked N] [--format svg|dot|mermaid|list] FILE`.
//!
//! `--walked N` shows the first N steps as done, and the next as the current one.

use std::collections::BTreeMap;

use farol_api::incident::StepStatus;
use farol_api::text::Locale;
use farol_diagram::{Highlight, Options, WIDTH_WIDE, dot, mermaid, outline, svg};

fn main() -> std::io::Result<()> {
    let mut options = Options { width: WIDTH_WIDE, standalone: true, ..Options::default() };
    let mut walked = None;
    let mut format = "svg".to_owned();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().unwrap_or_default();
        match argument.as_str() {
            "--width" => options.width = value().parse().unwrap_or(WIDTH_WIDE),
            "--locale" => options.locale = Locale::from_tag(&value()).unwrap_or_default(),
            "--walked" => walked = value().parse::<usize>().ok(),
            "--format" => format = value(),
            path => {
                let text = String::from_utf8_lossy(&std::fs::read(path)?).into_owned();
                let runbook = farol_runbook::parse(&text, None);
                let steps = || runbook.graph.nodes.iter().filter(|node| node.kind.is_step());
                let highlight = walked.map(|count| Highlight {
                    statuses: steps()
                        .map(|n| n.id.clone())
                        .take(count)
                        .map(|id| (id, StepStatus::Done))
                        .collect::<BTreeMap<_, _>>(),
                    current: steps().nth(count).map(|node| node.id.clone()),
                });
                let options = Options { title: &runbook.title, highlight: highlight.as_ref(), ..options };
                match format.as_str() {
                    "dot" => print!("{}", dot(&runbook.graph, options.locale)),
                    "mermaid" => print!("{}", mermaid(&runbook.graph, options.locale)),
                    "list" => outline(&runbook.graph, options.locale).iter().for_each(|line| println!("{line}")),
                    _ => print!("{}", svg(&runbook.graph, &options)),
                }
            }
        }
    }
    Ok(())
}
