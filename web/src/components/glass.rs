//! Break-glass as it is listed: who, why, until when, what ran, what was found.

use farol_api::incident::BreakGlassView;
use farol_api::paths;
use farol_api::request::Me;
use farol_api::user::Permission;
use leptos::prelude::*;

use super::badge::Sev;
use crate::form::Form;
use crate::form::field::{Area, Send};
use crate::time;
use crate::words::break_glass::words;
use crate::words::fill;

/// One of them; `back` is the page that its forms come back to.
pub fn one(view: BreakGlassView, me: &Me, back: String) -> AnyView {
    let w = words();
    let BreakGlassView { incident_id, incident_title, severity, glass, open, ran, may_review } = view;
    let until = time::stamp(glass.closed_at.unwrap_or(glass.until));
    // It lasts half an hour at most: the day is said once.
    let (_, until) = until.split_once(' ').unwrap_or(("", &until));
    let by = fill(w.by, &[&glass.by.name, &time::stamp(glass.opened_at), until]);
    let own = glass.by.id == me.user.id;
    let nothing = ran.is_empty();
    let ran: Vec<_> = ran
        .into_iter()
        .map(|(title, digest)| view! { <li>{title}" "<span class="label">{digest}</span></li> }.into_any())
        .collect();
    let number = glass.number;
    let end = (open && me.user.may(Permission::Respond)).then(|| {
        view! {
            <Form action=paths::api_close_break_glass(incident_id, number) back=back.clone()>
                <Send label=w.end look="stop"/>
            </Form>
        }
    });
    let review = may_review.then(|| {
        view! {
            <Form action=paths::api_review_break_glass(incident_id, number) back=back.clone()>
                <Area name="text" label=w.review required=true/>
                <Send label=w.review_go look="go"/>
            </Form>
        }
    });
    let waits = (!open && !may_review && glass.review.is_none() && own).then(|| view! { <p class="hint">{w.own}</p> });
    view! {
        <section class="approval">
            <div class="line">
                <Sev severity/>
                <h3>{by}</h3>
                <span class=if open { "state wait" } else { "state" }>{if open { w.open } else { w.ended }}</span>
                <span class="label end"><a href=paths::break_glass(incident_id)>"INC-"{incident_id.to_string()}" · "{incident_title}</a></span>
            </div>
            <p>{glass.reason}</p>
            {if nothing {
                view! { <p class="label">{w.ran_nothing}</p> }.into_any()
            } else {
                view! { <p class="label">{w.ran}":"</p><ul class="list">{ran}</ul> }.into_any()
            }}
            {glass.review.map(|review| view! {
                <p class="label">{fill(w.reviewed, &[&review.by.name, &time::stamp(review.at)])}</p>
                <p>{review.text}</p>
            })}
            {waits}
            {end}
            {review}
        </section>
    }
    .into_any()
}
