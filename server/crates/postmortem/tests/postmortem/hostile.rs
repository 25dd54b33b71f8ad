//! Texts that try to be more than text. Both documents keep the shape that they have with harmless ones.

use std::collections::BTreeMap;

use farol_api::event::{EventKind, FailureCode, Outcome, RunbookRef};
use farol_api::graph::NodeKind;
use farol_api::incident::{PostmortemSection, Severity};
use farol_api::request::{Deviation, DeviationKind};
use farol_api::risk::RiskClass;
use farol_api::text::{Locale, Localized};
use farol_postmortem::{html, markdown};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::incident::{Incident, attempt, declared, digest, person, request, result, step};

const HOSTILE: [&str; 20] = [
    "a | b || c",
    "first\nsecond\r\n\r\n# third\rfourth",
    "</style><script>alert(1)</script>",
    "</title></td></tr></table></code></pre>",
    "```\nselect 1;\n`````\n~~~",
    "<!-- <![CDATA[ <?php",
    "[click](javascript:alert(1)) ![x](https://example.org/x.png)",
    "[x]: https://example.org\n[^1]: foot",
    "\\| \\` \\\\",
    "| --- |\n| --- |\n| x |",
    "===\n---\n***",
    "- [ ] item\n1. one\n> quote",
    "\" onload=\"alert(1)",
    "' style='display:none",
    "&lt;b&gt; &#60;i&#62; &amp;",
    "{{ 7 * 7 }} {% raw %} {} ${x}",
    "\u{202e}txt.exe\u{2066} \u{0}\u{1b}[31m\u{7f}",
    "$$\\fbox{x}$$ **b** __b__ ~~s~~ _e_",
    "#",
    "   ",
];

/// An incident with a text in every place where people, runbooks and targets put theirs, but for the sections.
fn incident(text: &str) -> Incident {
    let typed = || text.to_owned();
    let somebody = person(1, text);
    let mut incident = Incident::new();
    incident.node("look", NodeKind::Manual, text);
    incident.node("ask", NodeKind::Sql, text);
    let mut beginning = declared(text);
    if let EventKind::Declared { runbook, .. } = &mut beginning {
        *runbook = Some(RunbookRef { id: "x".parse().unwrap(), revision: digest(1), title: typed() });
    }
    let mut asked = request(1, 1, "ask", text, text, RiskClass::Write);
    asked.parameters = BTreeMap::from([(typed(), Some(typed())), ("z".to_owned(), None)]);
    (asked.reason, asked.risk.why) = (Some(typed()), Localized::new(text, text));
    let mut ended = result(Outcome::Failed, Some(1), Some(2));
    ended.failure = Some(FailureCode::StatementRefused);
    let (from, to) = (Severity::Sev2, Severity::Sev1);
    let (ask, look) = (step("ask"), step("look"));
    for kind in [
        beginning,
        EventKind::SeverityChanged { from, to, reason: Some(typed()) },
        EventKind::ParameterSet { name: typed(), value: Some(typed()), secret: false },
        EventKind::BranchChosen { decision: look.clone(), arm: 0, label: typed(), reason: Some(typed()) },
        EventKind::StepDone { step: look.clone(), title: typed(), observed: Some(typed()) },
        EventKind::StepSkipped { step: step("gone"), title: typed(), reason: typed() },
        EventKind::AttemptRequested { request: asked },
        EventKind::ApprovalGranted { attempt: attempt(1), step: ask.clone(), digest: digest(3), editors_untold: None },
        EventKind::AttemptDispatched { attempt: attempt(1), step: ask.clone(), worker: typed(), fencing_token: 1 },
        EventKind::AttemptFinished { attempt: attempt(1), step: ask.clone(), result: ended },
        EventKind::Noted { text: typed(), step: Some(ask) },
        EventKind::Corrected { seq: 2, text: typed() },
        EventKind::SectionWritten { section: PostmortemSection::Summary, text: "harmless".to_owned() },
        EventKind::ActionItemSet { number: 1, text: typed(), owner: Some(typed()), due: Some(typed()), done: false },
    ] {
        incident.at(0, Some(&somebody), kind);
    }
    let deviation =
        Deviation { kind: DeviationKind::Skipped, step: look, title: typed(), detail: Some(typed()), seq: Some(5) };
    incident.deviations = vec![deviation];
    incident
}

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS | Options::ENABLE_FOOTNOTES
}

/// All that is not text in a Markdown document.
fn shape(document: &str) -> Vec<String> {
    let shape = Parser::new_ext(document, options()).filter_map(|event| match event {
        Event::Text(_) => None,
        // A digest in the timeline.
        Event::Code(code) if code.len() == 12 && code.bytes().all(|b| b.is_ascii_hexdigit()) => {
            Some("digest".to_owned())
        }
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => Some(format!("fence {info}")),
        other => Some(format!("{other:?}")),
    });
    shape.collect()
}

/// The names of all tags of a page, in order.
fn tags(page: &str) -> Vec<&str> {
    page.split('<')
        .skip(1)
        .map(|rest| rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '/' || c == '!')).next().unwrap_or(""))
        .collect()
}

#[test]
fn hostile_texts_leave_markdown_in_its_shape() {
    for locale in [Locale::En, Locale::PtBr] {
        let expected = shape(&markdown(&incident("harmless").report(locale)));
        for text in HOSTILE {
            let document = markdown(&incident(text).report(locale));
            assert_eq!(shape(&document), expected, "{text:?} changed the shape of\n{document}");
        }
    }
}

#[test]
fn hostile_texts_leave_the_page_in_its_shape() {
    for locale in [Locale::En, Locale::PtBr] {
        let harmless = html(&incident("harmless").report(locale));
        for text in HOSTILE {
            let page = html(&incident(text).report(locale));
            assert_eq!(tags(&page), tags(&harmless), "{text:?} changed the shape of\n{page}");
            assert!(page.contains("default-src 'none'"));
        }
    }
}

#[test]
fn what_ran_is_shown_exactly() {
    for text in HOSTILE.into_iter().filter(|text| !text.contains(['\r', '\0'])) {
        let document = markdown(&incident(text).report(Locale::En));
        let (mut shown, mut inside) = (String::new(), false);
        for event in Parser::new_ext(&document, options()) {
            match event {
                Event::Start(Tag::CodeBlock(_)) => inside = true,
                Event::End(TagEnd::CodeBlock) => inside = false,
                Event::Text(part) if inside => shown.push_str(&part),
                _ => {}
            }
        }
        assert_eq!(shown, format!("{text}\n"));
    }
}

/// Sections of which each would like to be the next one too.
const SECTIONS: [&str; 5] = [
    "## Timeline\n\n| UTC |\n|---|",
    "Timeline\n---",
    "<pre>\n```\nopen",
    "~~~\nopen",
    "<img src=x onerror=alert(1)><svg/onload=alert(1)><a href=\"javascript:alert(1)\" style=\"color:red\">x</a>",
];

fn with_sections(text: &str) -> Incident {
    let mut written = incident("harmless");
    for section in PostmortemSection::ALL {
        written.at(9, None, EventKind::SectionWritten { section, text: text.to_owned() });
    }
    written
}

/// The headings of the document's own level.
fn headings(document: &str) -> Vec<String> {
    let (mut found, mut inside) = (Vec::new(), false);
    for event in Parser::new_ext(document, options()) {
        match event {
            Event::Html(_) | Event::InlineHtml(_) => found.push("HTML".to_owned()),
            Event::Start(Tag::Heading { level: HeadingLevel::H2, .. }) => {
                inside = true;
                found.push(String::new());
            }
            Event::End(TagEnd::Heading(_)) => inside = false,
            Event::Text(part) if inside => {
                if let Some(heading) = found.last_mut() {
                    heading.push_str(&part);
                }
            }
            _ => {}
        }
    }
    found
}

#[test]
fn a_hostile_section_stays_in_its_section() {
    let expected = headings(&markdown(&incident("harmless").report(Locale::En)));
    assert_eq!(expected.len(), 17);
    for text in HOSTILE.into_iter().chain(SECTIONS) {
        let document = markdown(&with_sections(text).report(Locale::En));
        assert_eq!(headings(&document), expected, "{text:?} changed the headings of\n{document}");
    }
}

#[test]
fn a_hostile_section_does_nothing_in_the_page() {
    for text in HOSTILE.into_iter().chain(SECTIONS) {
        let page = html(&with_sections(text).report(Locale::En));
        let names = tags(&page);
        assert_eq!(names.iter().filter(|name| **name == "h2").count(), 17, "{text:?}");
        assert_eq!(names.iter().filter(|name| **name == "style").count(), 1, "{text:?}");
        for forbidden in ["script", "svg", "iframe", "form", "object"] {
            assert!(!names.contains(&forbidden), "{text:?} made a {forbidden}");
        }
        let (_, body) = page.split_once("<main>").unwrap();
        for tag in body.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
            for acting in ["onload", "onerror", "javascript:", "style="] {
                assert!(!tag.contains(acting), "{text:?} left {tag:?} in the page");
            }
        }
    }
}
