//! What a step would do, asked of the database before it runs.

use std::collections::BTreeMap;

use farol_api::approval::{AttemptRequest, Way};
use farol_api::dry_run::{DryRun, DryRunView, ROWS_OF_ALL};
use farol_api::event::Outcome;
use farol_api::id::{IncidentId, StepId};
use farol_api::incident::AttemptStatus;
use farol_api::output::{OutputChunk, OutputContent};
use farol_api::paths;
use farol_api::request::Me;
use farol_api::user::Permission;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::components::output::output_view;
use crate::components::page::{PageTitle, load, show};
use crate::form::Form;
use crate::form::field::Send;
use crate::room::exactly;
use crate::time;
use crate::url::encode;
use crate::words::dry_run::words;
use crate::words::terms::Term;
use crate::words::{count, fill, hold, room};

/// The page of a step's dry runs.
#[component]
pub fn DryRunPage() -> impl IntoView {
    let params = use_params_map();
    let of = move |name: &str| params.with(|params| params.get(name)).unwrap_or_default();
    let at = Memo::new(move |_| (of("id"), of("step")));
    let path = move || at.with(|(id, step)| format!("/api/incidents/{}/steps/{}/dry-run", encode(id), encode(step)));
    let place =
        move || at.with_untracked(|(id, step)| Some((IncidentId(id.parse().ok()?), step.parse::<StepId>().ok()?)));
    show(load::<DryRunView>(path), move |view, me| {
        place().map_or_else(|| ().into_any(), |(id, step)| page(id, &step, view, &me))
    })
}

fn page(id: IncidentId, step: &StepId, view: DryRunView, me: &Me) -> AnyView {
    let w = words();
    let may = me.user.may(Permission::Respond) && view.incident_open;
    let title = format!("{}: {}", w.title, view.title);
    let asked: Vec<_> = Way::DRY.into_iter().map(|way| one(id, way, &view, may)).collect();
    let answered = !view.runs.is_empty();
    let nothing =
        (view.questions.is_empty() && view.runs.is_empty()).then(|| view! { <p class="note">{w.nothing}</p> });
    view! {
        <PageTitle text=title.clone()/>
        <div class="page">
            <p class="label">
                <a href=paths::incident_step(id, step)>{hold::words().room}</a>
                " · INC-"{id.to_string()}" · "{view.incident_title.clone()}
            </p>
            <h1>{title}</h1>
            <p>{w.about}</p>
            {(!view.incident_open).then(|| view! { <p class="note">{w.incident_over}</p> })}
            {nothing}
            {asked}
            {answered.then(|| view! { <p class="note">{w.now}</p> })}
        </div>
    }
    .into_any()
}

/// One question with its latest answer.
fn one(id: IncidentId, way: Way, view: &DryRunView, may: bool) -> Option<AnyView> {
    let w = words();
    let question = view.questions.iter().find(|question| question.way == way);
    let run = view.runs.iter().find(|run| run.attempt.request.way == way);
    if question.is_none() && run.is_none() {
        return None;
    }
    let title = if way == Way::Rows { w.rows } else { w.explain };
    let answer = run.map(|run| answer(id, run));
    let ask = question.map(|question| ask(id, question, run.is_some(), may && !view.under_way));
    Some(view! { <h2>{title}</h2>{answer}{ask} }.into_any())
}

fn ask(id: IncidentId, question: &AttemptRequest, again: bool, may: bool) -> AnyView {
    let w = words();
    let back = paths::dry_run(id, &question.step);
    let (digest, way) = (question.digest.to_string(), question.way.as_str());
    let short = fill(room::words().digest, &[question.digest.short()]);
    let form = may.then(|| {
        view! {
            <Form action=paths::api_attempts(id, &question.step) back=back id=format!("ask-{way}")>
                <input type="hidden" name="digest" value=digest/>
                <input type="hidden" name="way" value=way/>
                <p class="label">{short}</p>
                <Send label={if again { w.ask_again } else { w.ask }} look={if again { "" } else { "go" }}/>
            </Form>
        }
    });
    view! { <p><b>{w.exactly}</b></p>{exactly(question)}{form} }.into_any()
}

fn answer(id: IncidentId, run: &DryRun) -> AnyView {
    let w = words();
    let attempt = &run.attempt;
    let here = paths::dry_run(id, &attempt.request.step);
    let again = hold::words().look_again;
    if attempt.status != AttemptStatus::Finished {
        return view! { <p class="note">{w.under_way}" "<a href=here>{again}</a></p> }.into_any();
    }
    let by = attempt.requested_by.as_ref().map(|by| by.name.clone()).unwrap_or_default();
    let at = attempt.finished_at.map(time::stamp).unwrap_or_default();
    let result = attempt.result.as_ref();
    if let Some(result) = result.filter(|result| result.outcome != Outcome::Succeeded) {
        let why = result.failure.map_or(result.outcome.word(), Term::word);
        return view! {
            <p class="note bad">{fill(w.not_answered, &[why])}</p>
            {output_view(run.output.iter())}
        }
        .into_any();
    }
    let said = if attempt.request.way == Way::Rows { rows(&run.output) } else { plan(&run.output) };
    view! {
        {said}
        <p class="label">{fill(w.answered, &[&by, &at])}" "<a href=paths::attempt(id, attempt.request.attempt)>{attempt.request.digest.short().to_owned()}</a></p>
    }
    .into_any()
}

/// How many rows, then the first ones, or how many of each change: their number stands in the first column of each.
fn rows(output: &[OutputChunk]) -> AnyView {
    let w = words();
    let (mut all, mut shown, mut by_change) = (0, 0, false);
    let mut chunks = output.to_vec();
    for chunk in &mut chunks {
        match &mut chunk.content {
            OutputContent::Columns { columns } if !columns.is_empty() => {
                by_change = columns.remove(0).name == ROWS_OF_ALL;
            }
            OutputContent::Rows { rows } => {
                for row in rows.iter_mut().filter(|row| !row.is_empty()) {
                    shown += 1;
                    all = row.remove(0).and_then(|count| count.parse().ok()).unwrap_or(all);
                }
            }
            _ => {}
        }
    }
    if all == 0 {
        return view! { <p><b>{w.rows_none}</b></p> }.into_any();
    }
    let first = (shown < all && !by_change).then(|| fill(w.first, &[&shown.to_string()]));
    view! { <p><b>{count(all, w.rows_one, w.rows_many)}</b>" "{first}</p>{output_view(chunks.iter())} }.into_any()
}

/// A plan that is lines is a text; any other is a table.
fn plan(output: &[OutputChunk]) -> AnyView {
    let columns = output.iter().find_map(|chunk| match &chunk.content {
        OutputContent::Columns { columns } => {
            Some(columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>())
        }
        _ => None,
    });
    let rows = || {
        output.iter().filter_map(|chunk| match &chunk.content {
            OutputContent::Rows { rows } => Some(rows),
            _ => None,
        })
    };
    let lines = match columns.as_deref() {
        Some([_]) => rows().flatten().flatten().flatten().map(|cell| format!("{cell}\n")).collect::<String>(),
        Some(["id", "parent", "notused", "detail"]) => tree(rows().flatten()),
        _ => return output_view(output.iter()),
    };
    view! { <pre class="log" tabindex="0">{lines}</pre> }.into_any()
}

/// The plan of SQLite: each row says below which other one it stands.
fn tree<'r>(rows: impl Iterator<Item = &'r Vec<Option<String>>>) -> String {
    let mut depths = BTreeMap::new();
    let mut lines = String::new();
    for row in rows {
        let [id, parent, _, detail] = row.as_slice() else { continue };
        let depth = depths.get(parent).map_or(0, |depth| depth + 1);
        depths.insert(id, depth);
        lines.push_str(&"  ".repeat(depth));
        lines.push_str(detail.as_deref().unwrap_or_default());
        lines.push('\n');
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_below_another_row_of_a_plan_is_indented() {
        let row =
            |id: &str, parent: &str, detail: &str| [id, parent, "0", detail].map(|cell| Some(cell.to_owned())).to_vec();
        let rows =
            [row("2", "0", "SCAN o"), row("5", "0", "SUBQUERY"), row("9", "5", "SEARCH i"), row("11", "0", "SORT")];
        assert_eq!(tree(rows.iter()), "SCAN o\nSUBQUERY\n  SEARCH i\nSORT\n");
    }
}
