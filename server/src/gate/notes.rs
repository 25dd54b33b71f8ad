//! What is to be said of a step before somebody acts on it: what its author asks for, and how that stands.

use std::collections::{BTreeMap, BTreeSet};

use farol_api::capture::{Captured, Origin, Withheld};
use farol_api::editors::Untold;
use farol_api::event::Outcome;
use farol_api::graph::{Capture, LiftedSql, Node, StepGraph};
use farol_api::hold::UndoOffer;
use farol_api::id::TargetId;
use farol_api::incident::IncidentState;
use farol_api::room::{Gate, NoteTopic, StepNote};
use farol_api::runbook::Runbook;
use farol_api::terms::{Term, after_commit};
use farol_api::text::{Locale, Localized};
use farol_incident::condition::Condition;
use farol_runbook::parameter_name;

use super::checks;

/// Says all that is to be said of the steps on the way taken, in their order.
pub fn notes(state: &IncidentState, runbook: &Runbook) -> Vec<StepNote> {
    let graph = &runbook.graph;
    let nodes = graph.nodes.iter().filter(|node| node.kind.is_step() && state.is_on_path(graph, node));
    nodes.flat_map(|node| of(state, runbook, node)).collect()
}

/// Says of the steps that need somebody else's approval that nobody can be named as who wrote them.
pub fn notes_of_editors(gates: &[Gate], untold: Untold) -> Vec<StepNote> {
    let (en, pt) = (untold.term(Locale::En), untold.term(Locale::PtBr));
    let text = Localized::new(
        format!(
            "Nobody can be named as who wrote this revision of the runbook: {en}. Whoever wrote it could approve this step; approve it only if you did not."
        ),
        format!(
            "Não se sabe quem escreveu esta revisão do runbook: {pt}. Quem a escreveu poderia aprovar este passo; aprove só se não foi você."
        ),
    );
    let asks = gates.iter().filter(|gate| gate.requirement.is_some_and(|takes| takes.approvals > 0));
    let mut steps: Vec<_> = asks.map(|gate| gate.step.clone()).collect();
    steps.dedup();
    let note = |step| StepNote { step, topic: NoteTopic::Editors, met: None, text: text.clone() };
    steps.into_iter().map(note).collect()
}

fn of(state: &IncidentState, runbook: &Runbook, node: &Node) -> Vec<StepNote> {
    let graph = &runbook.graph;
    let about = [
        (NoteTopic::Needs, needs(state, graph, node)),
        (NoteTopic::Condition, condition(state, node)),
        (NoteTopic::Terminal, terminal(state, node)),
        (NoteTopic::Awaited, awaited(state, runbook, node)),
        (NoteTopic::Samples, samples(state, runbook, node)),
        (NoteTopic::Hold, held(state, node)),
        (NoteTopic::Checks, checks::of_unknown(state, runbook, node).map(|text| (None, text))),
        (NoteTopic::Left, left(state, node)),
        (NoteTopic::Expected, expected(state, node)),
        (NoteTopic::Retries, retries(state, node)),
        (NoteTopic::OnFailure, on_failure(state, graph, node)),
    ];
    let said = about.into_iter().filter_map(|(topic, said)| Some((topic, said?)));
    said.map(|(topic, (met, text))| StepNote { step: node.id.clone(), topic, met, text }).collect()
}

type Said = Option<(Option<bool>, Localized)>;

fn say(met: Option<bool>, en: String, pt: String) -> Said {
    Some((met, Localized::new(en, pt)))
}

fn needs(state: &IncidentState, graph: &StepGraph, node: &Node) -> Said {
    let settled = state.steps.get(&node.id).is_some_and(|step| step.status.is_settled());
    let unmet = state.unmet_needs(graph, &node.id).filter_map(|id| graph.node(id));
    let titles: Vec<_> = unmet.map(|node| format!("“{}”", node.title)).collect();
    if titles.is_empty() || settled {
        return None;
    }
    let titles = titles.join(", ");
    say(Some(false), format!("Do this first: {titles}."), format!("Faça antes: {titles}."))
}

/// A condition that is no simple comparison stands as the step's guard, and nothing is said of it.
fn condition(state: &IncidentState, node: &Node) -> Said {
    let condition = Condition::read(node.attributes.condition()?)?;
    let name = condition.name;
    let Some(value) = value_of(state, name) else {
        if sealed(state, &parameter_name(name)).is_some() {
            return say(
                None,
                format!("Whether its condition holds is yours to judge: {name} is a secret."),
                format!("Se a condição vale, cabe a você julgar: {name} é um segredo."),
            );
        }
        return say(
            None,
            format!("Whether its condition holds cannot be told yet: nothing has given {name} a value."),
            format!("Ainda não se sabe se a condição vale: nada deu um valor a {name}."),
        );
    };
    let shown = shorten(value);
    match condition.is_met_by(value) {
        Some(true) => say(
            Some(true),
            format!("Its condition holds: {name} is {shown}."),
            format!("A condição vale: {name} é {shown}."),
        ),
        Some(false) => say(
            Some(false),
            format!("Its condition does not hold now: {name} is {shown}. Skip the step, unless you know better."),
            format!("A condição não vale agora: {name} é {shown}. Pule o passo, a menos que saiba melhor."),
        ),
        None => say(
            None,
            format!("Whether its condition holds is yours to judge: {name} is {shown}."),
            format!("Se a condição vale, cabe a você julgar: {name} é {shown}."),
        ),
    }
}

fn value_of<'s>(state: &'s IncidentState, name: &str) -> Option<&'s str> {
    let name = parameter_name(name);
    let filled = state.parameters.get(&name).map(|filled| filled.value.as_deref());
    let left = || state.captured.iter().find(|(known, _)| parameter_name(known) == name);
    filled.unwrap_or_else(|| left().map(|(_, left)| left.value.as_str()))
}

/// Finds the secret that a step left under the name of a parameter.
pub(super) fn sealed<'s>(state: &'s IncidentState, parameter: &str) -> Option<(&'s String, &'s Origin)> {
    state.sealed.iter().find(|(name, _)| parameter_name(name) == parameter)
}

/// That a terminal is asked for, which no step has.
fn terminal(state: &IncidentState, node: &Node) -> Said {
    let settled = state.steps.get(&node.id).is_some_and(|step| step.status.is_settled());
    let command = node.command.as_ref().filter(|_| node.kind.is_executable() && !settled)?;
    if !farol_runbook::asks_for_terminal(command) {
        return None;
    }
    say(
        None,
        "It asks for a terminal, which a step does not have: it runs without one (-i in the place of -it).".to_owned(),
        "Pede um terminal, que um passo não tem: executa sem ele (-i no lugar de -it).".to_owned(),
    )
}

/// That a secret is part of the statement which the database gets: it may keep what it gets.
pub(super) fn secrets(names: BTreeSet<String>) -> Option<Localized> {
    if names.is_empty() {
        return None;
    }
    let names = names.into_iter().collect::<Vec<_>>().join(", ");
    let text = Localized::new(
        format!(
            "{names}: put into the statement when it is sent, and kept in no record of Farol. The database's own log may keep the statement."
        ),
        format!(
            "{names}: entra no comando ao ser enviado, e nenhum registro do Farol o guarda. O log do próprio banco de dados pode guardar o comando."
        ),
    );
    Some(text)
}

/// Values that look like examples, and that the step runs with, since none can be put in their place.
fn samples(state: &IncidentState, runbook: &Runbook, node: &Node) -> Said {
    let settled = state.steps.get(&node.id).is_some_and(|step| step.status.is_settled());
    let command = node.command.as_ref().filter(|_| node.kind.is_executable() && !settled)?;
    let asked = |token: &String| command.placeholders.iter().any(|used| used.token == *token);
    let stay = runbook.samples.iter().filter(|sample| sample.steps.contains(&node.id) && !asked(&sample.token));
    let tokens = stay.map(|sample| sample.token.as_str()).collect::<Vec<_>>().join(", ");
    if tokens.is_empty() {
        return None;
    }
    say(
        Some(false),
        format!("It holds what looks like an example, and runs with it as it stands: {tokens}."),
        format!("Contém o que parece um exemplo, e executa com ele como está: {tokens}."),
    )
}

/// What the step uses and no earlier one has left yet.
fn awaited(state: &IncidentState, runbook: &Runbook, node: &Node) -> Said {
    if !node.kind.is_executable() || state.steps.get(&node.id).is_some_and(|step| step.status.is_settled()) {
        return None;
    }
    let awaited = runbook.captures.iter().filter(|capture| capture.used_by.contains(&node.id));
    let awaited = awaited.filter(|capture| {
        let name = parameter_name(&capture.name);
        let left = value_of(state, &capture.name).is_some() || sealed(state, &name).is_some();
        !state.parameters.contains_key(&name) && !left
    });
    let of = |capture: &Capture| {
        let title = runbook.graph.node(&capture.step).map_or("", |node| node.title.as_str());
        let name = &capture.name;
        (format!("“{title}” sets {name}."), format!("“{title}” define {name}."))
    };
    let (en, pt): (Vec<_>, Vec<_>) = awaited.map(of).unzip();
    if en.is_empty() {
        return None;
    }
    let (en, pt) = (en.join(" "), pt.join(" "));
    say(Some(false), format!("{en} Do that first, or fill it in."), format!("{pt} Faça antes, ou preencha."))
}

/// That what its last attempt changed is held, or can be undone.
fn held(state: &IncidentState, node: &Node) -> Said {
    let last = state.steps.get(&node.id)?.attempts.last().and_then(|id| state.attempts.get(id))?;
    let hold = last.hold.as_ref()?;
    let rows = hold.held.rows();
    if last.result.is_none() && hold.decided.is_none() {
        let until = hold.held.until.format("%H:%M:%S");
        let undoes = last.request.hold.as_ref().is_some_and(|hold| hold.undoes.is_some());
        let later = |locale| if undoes { String::new() } else { format!(" {}", after_commit(&hold.held, locale)) };
        return say(
            None,
            format!(
                "Rows that it changed: {rows}. They are held and not committed: nobody else sees them. Until {until} UTC who asked for it, or the commander, commits them or rolls them back; then they are rolled back.{}",
                later(Locale::En)
            ),
            format!(
                "Linhas que alterou: {rows}. Estão retidas e não confirmadas: mais ninguém as vê. Até {until} UTC quem pediu, ou quem comanda, as confirma ou desfaz; depois são desfeitas.{}",
                later(Locale::PtBr)
            ),
        );
    }
    match super::undo_offer(state, last) {
        UndoOffer::Offered { rows } => say(
            None,
            format!("Rows that can be put back as they were, on the page of the attempt: {rows}."),
            format!("Linhas que podem voltar a como estavam, na página da tentativa: {rows}."),
        ),
        UndoOffer::Done { .. } | UndoOffer::Nothing | UndoOffer::Not { .. } => None,
    }
}

/// What its last attempt left for later steps, and what was not kept.
fn left(state: &IncidentState, node: &Node) -> Said {
    let last = state.steps.get(&node.id)?.attempts.last().and_then(|id| state.attempts.get(id))?;
    let captured = last.result.as_ref().map(|result| &result.captured).filter(|captured| !captured.is_empty())?;
    let of = |captured: &Captured| {
        let name = &captured.name;
        if let Some(value) = &captured.value {
            let value = shorten(value);
            return (format!("It left {name}: {value}."), format!("Deixou {name}: {value}."));
        }
        let (en, pt) = match captured.withheld.unwrap_or(Withheld::Nothing) {
            Withheld::Sealed => (
                "is a secret: it is kept sealed for later steps, and shown to nobody",
                "é um segredo: fica selado para os próximos passos, e ninguém o vê",
            ),
            Withheld::Secret => (
                "was not kept, for it holds a secret: fill it in where it is asked for",
                "não foi guardado, pois contém um segredo: preencha onde for pedido",
            ),
            Withheld::TooLong => ("was not kept, for it is too long", "não foi guardado, pois é longo demais"),
            Withheld::NotText => ("was not kept, for it is no text", "não foi guardado, pois não é texto"),
            Withheld::Nothing => ("has no value, for nothing came out", "não tem valor, pois nada saiu"),
            Withheld::Erased => ("was erased, with the output", "foi apagado, com a saída"),
        };
        (format!("{name} {en}."), format!("{name} {pt}."))
    };
    let (en, pt): (Vec<_>, Vec<_>) = captured.iter().map(of).unzip();
    let met = captured.iter().all(|captured| captured.value.is_some() || captured.withheld == Some(Withheld::Sealed));
    say(Some(met), en.join(" "), pt.join(" "))
}

/// The first line of a value, as far as a sentence bears it.
fn shorten(value: &str) -> String {
    const LONGEST: usize = 80;
    let line = value.trim().lines().next().unwrap_or_default();
    if line.chars().count() <= LONGEST && line == value.trim() {
        return format!("“{line}”");
    }
    format!("“{}…”", line.chars().take(LONGEST).collect::<String>())
}

fn expected(state: &IncidentState, node: &Node) -> Said {
    let expected = node.attributes.expected()?;
    let last = state.steps.get(&node.id)?.attempts.last().and_then(|id| state.attempts.get(id))?;
    let result = last.result.as_ref().filter(|result| result.outcome == Outcome::Succeeded)?;
    let (shown, number) = (shorten(expected), last.request.number);
    match result.expected_seen {
        Some(true) => say(
            Some(true),
            format!("Attempt {number} printed {shown}, as expected."),
            format!("A tentativa {number} imprimiu {shown}, como esperado."),
        ),
        Some(false) => say(
            Some(false),
            format!("Attempt {number} did not print {shown} as a line or a value of its own: look at the output."),
            format!("A tentativa {number} não imprimiu {shown} como uma linha ou um valor: olhe a saída."),
        ),
        None => say(
            None,
            format!("Whether attempt {number} printed {shown} is not known, for its output was cut."),
            format!("Não se sabe se a tentativa {number} imprimiu {shown}, pois a saída foi cortada."),
        ),
    }
}

fn retries(state: &IncidentState, node: &Node) -> Said {
    let settled = state.steps.get(&node.id).is_some_and(|step| step.status.is_settled());
    match state.retries_left(node).filter(|_| !settled)? {
        0 => say(
            Some(false),
            "It failed as often as its author lets it be tried: one more attempt takes a reason.".to_owned(),
            "Falhou tantas vezes quantas o autor permite tentar: mais uma tentativa exige um motivo.".to_owned(),
        ),
        1 => say(
            None,
            "It failed. Its author lets it be tried once more.".to_owned(),
            "Falhou. O autor permite tentar mais uma vez.".to_owned(),
        ),
        left => say(
            None,
            format!("It failed. Its author lets it be tried {left} times more."),
            format!("Falhou. O autor permite tentar mais {left} vezes."),
        ),
    }
}

fn on_failure(state: &IncidentState, graph: &StepGraph, node: &Node) -> Said {
    let next = graph.node(&node.attributes.on_failure()?.parse().ok()?)?;
    let title = &next.title;
    if state.after_failure(node).is_some() {
        return say(
            Some(false),
            format!("It failed: its author sends you to “{title}”."),
            format!("Falhou: o autor manda seguir em “{title}”."),
        );
    }
    let settled = state.steps.get(&node.id).is_some_and(|step| step.status.is_settled());
    if settled {
        return None;
    }
    say(None, format!("If it fails, “{title}” comes next."), format!("Se falhar, o próximo é “{title}”."))
}

/// Says which attempts left what a step uses.
pub(super) fn origins(origins: &BTreeMap<String, Origin>) -> Option<Localized> {
    let of = |(name, from): (&String, &Origin)| {
        let (number, title) = (from.number, &from.title);
        (format!("{name} from attempt {number} of “{title}”"), format!("{name} da tentativa {number} de “{title}”"))
    };
    let (en, pt): (Vec<_>, Vec<_>) = origins.iter().map(of).unzip();
    let said = !en.is_empty();
    said.then(|| Localized::new(format!("It gets {}.", en.join(", ")), format!("Recebe {}.", pt.join(", "))))
}

/// Says what the two ways differ in: where the statement goes.
pub(super) fn two_ways(lifted: &LiftedSql, target: &TargetId) -> Localized {
    let of = |en: &str, pt: &str, value: &Option<String>| {
        value.as_ref().map(|value| (format!("{en} {}", shorten(value)), format!("{pt} {}", shorten(value))))
    };
    let places = [
        of("database", "banco", &lifted.database),
        of("host", "host", &lifted.host),
        of("through", "por", &lifted.through),
    ];
    let (en, pt): (Vec<_>, Vec<_>) = places.into_iter().flatten().unzip();
    let (en, pt) = match en.is_empty() {
        true => ("as its client is set up".to_owned(), "como o cliente estiver configurado".to_owned()),
        false => (en.join(", "), pt.join(", ")),
    };
    Localized::new(
        format!(
            "Directly, its one statement goes to the database of {target}; as the shell command, it goes where the command says ({en})."
        ),
        format!(
            "Diretamente, a instrução vai ao banco de {target}; como comando de shell, vai aonde o comando diz ({pt})."
        ),
    )
}
