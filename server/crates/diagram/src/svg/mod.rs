//! The picture as SVG: no scripts, no inline styles, no references to anything outside.
//!
//! Every shape and text has a class, and presentation attributes that hold without any style sheet: lines and letters
//! take the colour of the text around the picture. The style sheet of the interface colours the classes.

mod shapes;
mod xml;

use farol_api::graph::{NodeKind, StepGraph};
use farol_api::incident::StepStatus;

use self::xml::Xml;
use crate::facts::{Facts, risk_look, sign};
use crate::layout::{self, Body, Card, Part, Picture, Role, WireKind, leading};
use crate::options::Options;
use crate::words;

/// The colours of the classes, as the interface has them.
const SHEET: &str = include_str!("sheet.css");

/// The tokens of the interface, for a picture that stands alone.
const TOKENS: &str = include_str!("tokens.css");

/// Fonts as the interface has them, where they are there.
const FONTS: &str = "Atkinson Hyperlegible Next, Atkinson Hyperlegible, system-ui, DejaVu Sans, sans-serif";

/// Draws a graph.
///
/// The picture is `options.width` pixels wide, and as high as it has to be. The same graph and options give the same
/// bytes.
pub fn svg(graph: &StepGraph, options: &Options<'_>) -> String {
    let facts = Facts::new(graph, options.locale, layout::deepest(options.width));
    let mut picture = layout::layout(&facts, options.width, options.highlight);
    let empty = picture.cards.is_empty();
    if empty {
        picture.height = 48;
    }
    let mut drawing = Drawing { xml: Xml::default(), facts: &facts, options };
    drawing.begin(&picture);
    if empty {
        drawing.text("small", (16, 29), 13, false, &[words::no_steps(options.locale).to_owned()], 18);
    }
    drawing.bands(&picture);
    drawing.wires(&picture);
    drawing.labels(&picture);
    for card in &picture.cards {
        drawing.card(card);
    }
    drawing.xml.finish()
}

struct Drawing<'a> {
    xml: Xml,
    facts: &'a Facts<'a>,
    options: &'a Options<'a>,
}

impl Drawing<'_> {
    fn begin(&mut self, picture: &Picture) {
        let Options { id, locale, title, .. } = *self.options;
        let nodes = self.facts.plan.nodes;
        let steps = nodes.iter().filter(|node| node.kind.is_step()).count();
        let decisions = nodes.iter().filter(|node| node.kind == NodeKind::Decision).count();
        // Links inside an image are unreachable; with links it is a group of them.
        let role = if self.options.link.is_some() { "group" } else { "img" };
        let (width, height) = (picture.width, picture.height);
        let xml = &mut self.xml;
        xml.open("svg").attr("xmlns", "http://www.w3.org/2000/svg").attr("class", "graph");
        xml.attr("viewBox", format_args!("0 0 {width} {height}")).attr("width", width).attr("height", height);
        xml.attr("role", role).attr("aria-labelledby", format_args!("{id}-title {id}-desc"));
        xml.attr("lang", locale.tag()).attr("font-family", FONTS).attr("fill", "currentColor");
        let name = words::step_graph(locale);
        let name = if title.is_empty() { name.to_owned() } else { format!("{name}: {title}") };
        xml.open("title").attr("id", format_args!("{id}-title")).text(&name).close();
        let summary = words::summary(locale, steps, decisions);
        xml.open("desc").attr("id", format_args!("{id}-desc")).text(&summary).close();
        if self.options.standalone {
            xml.open("style").sheet(TOKENS).sheet(SHEET).close();
            xml.open("rect").attr("class", "ground").attr("width", width).attr("height", height);
            xml.attr("fill", "none").close();
        }
    }

    fn bands(&mut self, picture: &Picture) {
        for band in &picture.bands {
            let rect = band.rect;
            self.xml.open("g").attr("class", "lane");
            self.xml.open("rect").attr("x", rect.x).attr("y", rect.y).attr("width", rect.w).attr("height", rect.h);
            self.xml.attr("rx", 4).attr("fill-opacity", "0.05").close();
            self.text("heading", band.at, 13, true, std::slice::from_ref(&band.heading), 18);
            self.xml.close();
        }
    }

    fn wires(&mut self, picture: &Picture) {
        for wire in &picture.wires {
            let (class, dashes, thick) = match wire.kind {
                WireKind::Flow => ("flow", None, 2),
                WireKind::Tie => ("tie", Some("2 3"), 1),
                WireKind::Goto => ("jump", Some("6 4"), 2),
                WireKind::Needs => ("needs", Some("2 4"), 2),
                WireKind::Failure => ("failure", Some("9 3 2 3"), 2),
            };
            self.xml.open("path").attr("class", class).attr("d", shapes::line(&wire.points)).attr("fill", "none");
            self.xml.attr("stroke", "currentColor").attr("stroke-width", thick);
            if let Some(dashes) = dashes {
                self.xml.attr("stroke-dasharray", dashes);
            }
            self.xml.close();
            if let Some(head) = wire.arrow.then(|| shapes::head(&wire.points)).flatten() {
                self.xml.open("path").attr("class", format_args!("head {class}")).attr("d", head).close();
            }
        }
        if let Some((x, y)) = picture.start {
            self.xml.open("circle").attr("class", "start").attr("cx", x).attr("cy", y).attr("r", 6).close();
        }
    }

    fn labels(&mut self, picture: &Picture) {
        for label in &picture.labels {
            let at = (label.rect.x, label.rect.y + 14);
            self.xml.open("g").attr("class", "branch").open("title").text(&label.whole).close();
            self.text("name", at, 14, true, &label.label, 19);
            let lines = i32::try_from(label.label.len()).unwrap_or(0);
            self.text("guard", (at.0, at.1 + 19 * lines), 13, false, &label.guard, 18);
            self.xml.close();
        }
    }

    fn card(&mut self, card: &Card) {
        let facts = self.facts;
        let node = &facts.plan.nodes[card.node];
        let status = self.options.highlight.and_then(|highlight| highlight.statuses.get(&node.id)).copied();
        let current = self.options.highlight.is_some_and(|highlight| highlight.current.as_ref() == Some(&node.id));
        let link = self.options.link.and_then(|link| link(&node.id));
        let mut class = format!("node {}", kind_class(node.kind));
        if let Some((look, _)) = risk_look(node) {
            class.push_str(" risk-");
            class.push_str(look);
        }
        if let Some(status) = status {
            class.push_str(" is-");
            class.push_str(status_class(status));
        }
        if current {
            class.push_str(" is-current");
        }
        let whole = self.whole(card);
        match &link {
            Some(href) => self.xml.open("a").attr("href", href).attr("aria-label", &whole),
            None => self.xml.open("g"),
        };
        self.xml.attr("class", class);
        if current {
            self.xml.attr("aria-current", "step");
        }
        self.xml.open("title").text(&whole).close();
        self.shape(card, current);
        for body in &card.body {
            self.body(card, body);
        }
        self.xml.close();
    }

    fn shape(&mut self, card: &Card, current: bool) {
        let node = &self.facts.plan.nodes[card.node];
        let heavy = risk_look(node).is_some_and(|(look, _)| look == "destroy") || node.kind == NodeKind::Prohibition;
        let thick = if current || heavy { 2 } else { 1 };
        let rect = card.rect;
        if card.role == Role::Decision {
            let (x, y, half) = (rect.x + 18, rect.y + 18, 18);
            let points =
                format_args!("{x},{} {},{y} {x},{} {},{y}", y - half, x + half, y + half, x - half).to_string();
            self.xml.open("polygon").attr("class", "box").attr("points", points);
            self.xml.attr("fill", "none").attr("stroke", "currentColor").attr("stroke-width", 2).close();
            self.xml.open("text").attr("class", "name").attr("x", x).attr("y", y + 6).attr("font-size", 16);
            self.xml.attr("font-weight", 700).attr("text-anchor", "middle").text("?").close();
        } else {
            self.xml.open("rect").attr("class", "box").attr("x", rect.x).attr("y", rect.y);
            self.xml.attr("width", rect.w).attr("height", rect.h).attr("rx", 4);
            self.xml.attr("fill", "none").attr("stroke", "currentColor").attr("stroke-width", thick);
            if matches!(node.kind, NodeKind::Reference | NodeKind::Goto) {
                self.xml.attr("stroke-dasharray", "5 4");
            }
            self.xml.close();
        }
        if current && card.role != Role::Decision {
            self.xml.open("rect").attr("class", "here").attr("x", rect.x).attr("y", rect.y);
            self.xml.attr("width", 6).attr("height", rect.h).close();
        }
    }

    fn body(&mut self, card: &Card, body: &Body) {
        let (class, size, bold) = match body.part {
            Part::Title => ("name", 14, true),
            Part::Guard => ("guard", 13, false),
            Part::Nature => ("nature", 13, false),
            Part::Leads => ("leads", 13, false),
            Part::Status => ("status", 13, true),
        };
        if body.part == Part::Nature && card.role != Role::Decision {
            let (x, y) = (card.text_x(), body.at.1 - 12);
            let sign = sign(&self.facts.plan.nodes[card.node]);
            self.xml.open("path").attr("class", "sign").attr("d", shapes::outline(sign));
            self.xml.attr("transform", format_args!("translate({x} {y}) scale(.625)"));
            self.xml.attr("fill", "none").attr("stroke", "currentColor").attr("stroke-width", 2);
            self.xml.attr("stroke-linecap", "round").attr("stroke-linejoin", "round").close();
        }
        self.text(class, body.at, size, bold, &body.lines, leading(body.part));
    }

    /// Everything that is said of a node, in full.
    fn whole(&self, card: &Card) -> String {
        let facts = self.facts;
        let node = &facts.plan.nodes[card.node];
        let mut parts = vec![facts.numbered(card.node)];
        parts.extend(facts.guard(node.guard.as_deref()));
        parts.push(facts.nature(card.node));
        parts.extend(facts.leads(card.node).map(|(word, to)| format!("{word} {}", facts.name(to))));
        let status = card.body.iter().find(|body| body.part == Part::Status);
        parts.extend(status.map(|status| status.lines.join(" ")));
        parts.join(". ")
    }

    fn text(&mut self, class: &'static str, at: (i32, i32), size: i32, bold: bool, lines: &[String], leading: i32) {
        if lines.is_empty() {
            return;
        }
        self.xml.open("text").attr("class", class).attr("font-size", size);
        if bold {
            self.xml.attr("font-weight", 600);
        }
        for (line, index) in lines.iter().zip(0..) {
            self.xml.open("tspan").attr("x", at.0).attr("y", at.1 + leading * index).text(line).close();
        }
        self.xml.close();
    }
}

const fn kind_class(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Sql => "sql",
        NodeKind::Shell => "shell",
        NodeKind::Http => "http",
        NodeKind::Manual => "manual",
        NodeKind::Check => "check",
        NodeKind::Verify => "verify",
        NodeKind::Decision => "decision",
        NodeKind::Reference => "reference",
        NodeKind::Prohibition => "prohibition",
        NodeKind::Escalation => "escalation",
        NodeKind::Goto => "goto",
    }
}

const fn status_class(status: StepStatus) -> &'static str {
    match status {
        StepStatus::Pending => "todo",
        StepStatus::AwaitingApproval | StepStatus::Cancelled => "wait",
        StepStatus::Queued | StepStatus::Running => "run",
        StepStatus::Succeeded | StepStatus::Done => "ok",
        StepStatus::Skipped => "skipped",
        StepStatus::Failed | StepStatus::TimedOut | StepStatus::OutcomeUnknown => "bad",
    }
}
