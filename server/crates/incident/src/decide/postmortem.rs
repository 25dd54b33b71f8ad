//! Writing, reviewing and publishing the post-mortem.

use chrono::NaiveDate;
use farol_api::event::EventKind;
use farol_api::incident::{Milestone, PostmortemSection, PostmortemState, Status};

use super::{Case, TEXT_MAX, needed, optional};
use crate::{Decision, Refusal};

pub(super) fn write_section(case: &Case<'_>, section: PostmortemSection, text: String) -> Result<Decision, Refusal> {
    changeable(case)?;
    let text = text.replace("\r\n", "\n").trim().to_owned();
    if text.len() > TEXT_MAX {
        return Err(Refusal::TextTooLong);
    }
    let before = case.state.postmortem.sections.get(&section).map_or("", String::as_str);
    if before == text {
        return Ok(Decision::nothing());
    }
    Ok(EventKind::SectionWritten { section, text }.into())
}

pub(super) fn set_action_item(
    case: &Case<'_>,
    number: Option<u32>,
    text: String,
    owner: Option<String>,
    due: Option<String>,
    done: bool,
) -> Result<Decision, Refusal> {
    over(case)?;
    let items = &case.state.postmortem.action_items;
    let number = match number {
        Some(number) if items.iter().any(|item| item.number == number) => number,
        Some(_) => return Err(Refusal::UnknownActionItem),
        None => items.iter().map(|item| item.number).max().unwrap_or(0) + 1,
    };
    let due = optional(due)?;
    if due.as_deref().is_some_and(|due| NaiveDate::parse_from_str(due, "%Y-%m-%d").is_err()) {
        return Err(Refusal::InvalidDate);
    }
    let text = needed(&text, Refusal::TextNeeded)?;
    Ok(EventKind::ActionItemSet { number, text, owner: optional(owner)?, due, done }.into())
}

pub(super) fn move_to(case: &Case<'_>, to: PostmortemState) -> Result<Decision, Refusal> {
    use PostmortemState::{Draft, InReview, Published, Reviewed};
    over(case)?;
    let from = case.state.postmortem.state;
    match (from, to) {
        _ if from == to => return Ok(Decision::nothing()),
        (Draft, InReview) | (InReview | Reviewed, Draft) | (Reviewed, Published) => {}
        (InReview, Reviewed) => {
            if case.state.postmortem.writers.iter().any(|writer| writer.id == case.actor.id) {
                return Err(Refusal::ReviewerIsWriter);
            }
        }
        _ => return Err(Refusal::PostmortemNotReachable),
    }
    let mut events = vec![EventKind::PostmortemMoved { from, to }];
    if to == Published {
        events.push(EventKind::MilestoneRecorded { milestone: Milestone::PostmortemPublished, at: case.now });
        if case.state.status == Status::Resolved {
            events.push(EventKind::StatusChanged { from: Status::Resolved, to: Status::Closed, reason: None });
            events.push(EventKind::MilestoneRecorded { milestone: Milestone::Closed, at: case.now });
        }
    }
    Ok(Decision::events(events))
}

/// The sections change while the post-mortem is a draft or in review; a reviewer read what is there after that.
fn changeable(case: &Case<'_>) -> Result<(), Refusal> {
    over(case)?;
    match case.state.postmortem.state {
        PostmortemState::Draft | PostmortemState::InReview => Ok(()),
        PostmortemState::Reviewed | PostmortemState::Published => Err(Refusal::PostmortemClosed),
    }
}

fn over(case: &Case<'_>) -> Result<(), Refusal> {
    if case.state.status.is_open() { Err(Refusal::NotResolved) } else { Ok(()) }
}
