//! What would happen: every step in its order, what it takes, and nothing recorded.

use farol_api::graph::Node;
use farol_api::paths;
use farol_api::room::RoomView;
use farol_api::target::Target;
use serde_json::json;

use super::door::Door;
use super::given;
use super::tell::{Tell, indented};
use super::walk::{find, is_the_one};
use super::{Run, Stop};
use crate::gate::taken;

/// Shows the steps of the incident or the runbook.
pub(super) async fn show(run: &Run, door: &Door, tell: &Tell) -> Result<(), Stop> {
    let (nodes, incident_target): (Vec<Node>, _) = match (run.incident, &run.runbook) {
        (Some(id), _) => {
            let room: RoomView = door.get(&paths::api_incident(id)).await?;
            is_the_one(run, &room)?;
            given::check(run, &room.graph, &room.parameters)?;
            (room.path().cloned().collect(), room.state.target.clone())
        }
        (None, runbook) => {
            let detail = find(run, door, runbook.as_deref().unwrap_or_default()).await?;
            let runbook = farol_runbook::carry::with_carried(detail.runbook);
            given::check(run, &runbook.graph, &runbook.parameters)?;
            (runbook.graph.nodes, None)
        }
    };
    let targets: Vec<Target> = door.get(&paths::api_targets()).await?;
    let target = run.target.clone().or(incident_target);
    let wanted = |node: &&Node| node.kind.is_step() && (run.step.is_empty() || run.step.contains(&node.id));
    for node in nodes.iter().filter(wanted) {
        let named = node.attributes.target.clone().or_else(|| target.as_ref().map(ToString::to_string));
        let place = targets.iter().find(|target| Some(target.id.as_str()) == named.as_deref());
        let takes = node.risk.as_ref().zip(place).and_then(|(risk, place)| taken(node, risk.class, place));
        let text = node.command.as_ref().filter(|_| node.kind.is_executable()).map(|command| command.text.as_str());
        let missing = node.command.iter().flat_map(|command| &command.placeholders).map(|used| &used.parameter);
        let missing: std::collections::BTreeSet<_> =
            missing.filter(|name| !run.param.iter().any(|(given, _)| given == *name)).collect();
        let value = json!({
            "type": "planned", "step": node.id, "kind": node.kind, "title": node.title, "text": text, "target": named,
            "target_known": place.is_some(), "risk": node.risk, "requirement": takes, "missing": missing,
        });
        tell.planned(&value, || {
            let mut lines = vec![format!("{} ({}) {}", node.id, word(node), node.title)];
            lines.extend(text.map(indented));
            if let Some(risk) = &node.risk {
                let known = named.clone().unwrap_or_else(|| tell.words("no target", "sem alvo").to_owned());
                let takes = takes.map(|takes| tell.takes(takes));
                let takes =
                    takes.unwrap_or_else(|| tell.words("cannot run as it is", "não pode rodar assim").to_owned());
                lines.push(format!("  {known} · {takes} · {}", tell.localized(&risk.why)));
            }
            if !missing.is_empty() && text.is_some() {
                let names = missing.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
                lines.push(format!("  {}: {names}", tell.words("still to fill", "falta preencher")));
            }
            lines.join("\n")
        });
    }
    Ok(())
}

fn word(node: &Node) -> String {
    serde_json::to_value(node.kind).ok().and_then(|kind| kind.as_str().map(str::to_owned)).unwrap_or_default()
}
