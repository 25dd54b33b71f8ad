//! Telling how it goes: text for people, or a JSON object a line.

use std::io::{IsTerminal, Write};
use std::sync::OnceLock;

use farol_api::approval::AttemptRequest;
use farol_api::event::{AttemptResult, Outcome};
use farol_api::graph::Node;
use farol_api::hold::Held;
use farol_api::id::IncidentId;
use farol_api::output::{OutputCap, OutputContent};
use farol_api::policy::{RequesterAct, Requirement};
use farol_api::terms::{Term, after_commit};
use farol_api::text::{Locale, Localized};
use serde_json::{Value, json};

use super::super::say::{self, Format};

/// Speaks to whoever started it.
pub(super) struct Tell {
    json: bool,
    lang: Locale,
    /// Whether people watch the output, on a terminal that would obey what stands in it.
    watched: bool,
    /// Why some of the output could not be written.
    lost: OnceLock<std::io::Error>,
}

impl Tell {
    pub fn new(format: Option<Format>, lang: Locale) -> Self {
        let watched = std::io::stdout().is_terminal();
        let json = format.map_or(!watched, |format| format == Format::Json);
        Self { json, lang, watched, lost: OnceLock::new() }
    }

    /// Says that some of the output is not where it was to be written, if so.
    pub fn lost(&self) -> Option<String> {
        self.lost.get().map(|error| {
            let words = Localized::new(
                format!("Not all of the output could be written: {error}. All of it is kept in the incident."),
                format!("Nem toda a saída pôde ser gravada: {error}. Toda ela está guardada no incidente."),
            );
            words.get(self.lang).to_owned()
        })
    }

    fn print(&self, text: &str) {
        if let Err(error) = say::print(text.as_bytes()) {
            // The first is what to mend.
            let _ = self.lost.set(error);
        }
    }

    pub fn incident(&self, id: IncidentId, title: &str, page: Option<&str>) {
        self.say(json!({ "type": "incident", "incident": id, "title": title, "page": page }), || match page {
            Some(page) => format!("{} {id}: {title}\n{page}", self.words("Incident", "Incidente")),
            None => format!("{} {id}: {title}", self.words("Incident", "Incidente")),
        });
    }

    pub fn step(&self, node: &Node, place: (usize, usize)) {
        self.say(
            json!({ "type": "step", "step": node.id, "kind": node.kind, "title": node.title, "line": node.line }),
            || format!("\n[{}/{}] {}", place.0, place.1, node.title),
        );
    }

    /// A prohibition that stands over a step.
    pub fn prohibition(&self, text: &str) {
        self.say(json!({ "type": "prohibition", "text": text }), || format!("  ! {text}"));
    }

    /// Exactly what will run, and what it takes.
    pub fn request(&self, request: &AttemptRequest) {
        self.say(json!({ "type": "request", "request": request }), || {
            let mut text = indented(&request.text);
            for (name, value) in &request.parameters {
                let value = value.as_deref().unwrap_or(self.words("(secret)", "(secreto)"));
                text.push_str(&format!("\n  {name} = {value}"));
            }
            let why = request.risk.why.get(self.lang);
            text.push_str(&format!("\n  {} · {} · {why}", request.target, self.takes(request.requirement)));
            text
        });
    }

    pub fn takes(&self, requirement: Requirement) -> String {
        let own = match requirement.requester {
            RequesterAct::Press => self.words("runs at once", "executa de imediato"),
            RequesterAct::Confirm => {
                self.words("confirm what it does beside reading", "confirme o que faz além de ler")
            }
            RequesterAct::Review => self.words("review it", "revise"),
            RequesterAct::TypeTarget => self.words("type the target's name", "digite o nome do alvo"),
            RequesterAct::TypeTargetAndReason => {
                self.words("type the target's name and a reason", "digite o nome do alvo e um motivo")
            }
        };
        match requirement.approvals {
            0 => own.to_owned(),
            _ => format!("{own}, {}", self.words("and another person approves", "e outra pessoa aprova")),
        }
    }

    /// It waits for somebody.
    pub fn waiting(&self, page: Option<&str>) {
        self.say(json!({ "type": "waiting", "for": "approval", "page": page }), || {
            let words = self.words("Waits for another person's approval", "Espera a aprovação de outra pessoa");
            page.map_or_else(|| words.to_owned(), |page| format!("{words}: {page}"))
        });
    }

    /// What was changed waits, neither committed nor rolled back.
    pub fn held(&self, held: &Held, page: Option<&str>) {
        self.say(json!({ "type": "held", "held": held, "page": page }), || {
            let rows: Vec<_> = held.statements.iter().map(|statement| statement.rows.to_string()).collect();
            let (rows, until) = (rows.join(" + "), held.until.format("%H:%M:%S"));
            let locks: Vec<_> = held.locks.iter().map(|lock| format!("{} ({})", lock.on, lock.mode)).collect();
            let words = Localized::new(
                format!("  held: {rows} row(s), not committed; rolled back at {until} UTC unless somebody decides"),
                format!("  retido: {rows} linha(s), não confirmadas; desfeitas às {until} UTC se ninguém decidir"),
            );
            let mut text = words.get(self.lang).to_owned();
            if !locks.is_empty() {
                text.push_str(&format!("\n  {}: {}", self.words("locks", "bloqueios"), locks.join(", ")));
            }
            text.push_str(&format!("\n  {}", after_commit(held, self.lang)));
            text
        });
    }

    pub fn output(&self, content: &OutputContent) {
        if self.json {
            return self.line(&json!({ "type": "output", "content": content }));
        }
        let text = match content {
            OutputContent::Stdout { text } | OutputContent::Stderr { text } => text.clone(),
            OutputContent::Columns { columns } => {
                columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join("\t") + "\n"
            }
            OutputContent::Rows { rows } => rows.iter().map(|row| row_text(row)).collect(),
            OutputContent::Truncated { cap } => {
                let (OutputCap::Rows { kept } | OutputCap::Bytes { kept }) = cap;
                format!("[{} {kept}]\n", self.words("cut at", "cortado em"))
            }
        };
        if self.watched { self.print(&visible(&text)) } else { self.print(&text) }
    }

    pub fn finished(&self, node: &Node, result: &AttemptResult) {
        self.say(json!({ "type": "finished", "step": node.id, "result": result }), || {
            let mut text = format!("  → {}, {} ms", self.outcome(result.outcome), result.duration_ms);
            if let Some(code) = result.exit_code {
                text.push_str(&format!(", {} {code}", self.words("exit code", "código de saída")));
            }
            if let Some(why) = result.failure {
                text.push_str(&format!("\n    {}", why.term(self.lang)));
            }
            text
        });
    }

    fn outcome(&self, outcome: Outcome) -> &'static str {
        match outcome {
            Outcome::Succeeded => self.words("succeeded", "concluído com sucesso"),
            Outcome::Failed => self.words("failed", "falhou"),
            Outcome::Cancelled => self.words("stopped", "interrompido"),
            Outcome::TimedOut => self.words("ran out of time", "esgotou o tempo"),
            Outcome::OutcomeUnknown => self.words("outcome unknown", "desfecho desconhecido"),
            Outcome::Voided => self.words("did not run", "não foi executado"),
        }
    }

    /// A step that a person settled, or that was left out.
    pub fn settled(&self, node: &Node, how: &str) {
        self.say(json!({ "type": "settled", "step": node.id, "how": how }), || format!("  → {how}"));
    }

    /// What somebody who is asked has to read first.
    pub fn note(&self, text: &str) {
        let _ = writeln!(std::io::stderr(), "{}", visible(text));
    }

    /// What a dry run shows of a step.
    pub fn planned(&self, value: &Value, text: impl FnOnce() -> String) {
        self.say(value.clone(), text);
    }

    /// The last line of JSON; people read the complaint instead.
    pub fn end(&self, code: u8, why: Option<&str>) {
        if self.json {
            self.line(&json!({ "type": "end", "code": code, "why": why }));
        }
    }

    pub fn words(&self, en: &'static str, pt: &'static str) -> &'static str {
        match self.lang {
            Locale::En => en,
            Locale::PtBr => pt,
        }
    }

    pub fn localized<'t>(&self, text: &'t Localized) -> &'t str {
        text.get(self.lang)
    }

    fn say(&self, value: Value, text: impl FnOnce() -> String) {
        if self.json {
            self.line(&value);
        } else {
            let _ = writeln!(std::io::stderr(), "{}", visible(&text()));
        }
    }

    fn line(&self, value: &Value) {
        self.print(&format!("{value}\n"));
    }
}

/// Makes what a terminal would obey visible: a runbook could hide with it what is being confirmed.
pub(super) fn visible(text: &str) -> String {
    text.split('\n').map(farol_engine::text::plain).collect::<Vec<_>>().join("\n")
}

pub(super) fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  | {line}")).collect::<Vec<_>>().join("\n")
}

fn row_text(row: &[Option<String>]) -> String {
    row.iter().map(|cell| cell.as_deref().unwrap_or("NULL")).collect::<Vec<_>>().join("\t") + "\n"
}
