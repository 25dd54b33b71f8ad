//! Writing the post-mortem: sections, action items, review.

use farol_api::incident::{ActionItem, IncidentState, PostmortemSection, PostmortemState};
use farol_api::paths;
use farol_api::request::{AfterView, Me};
use farol_api::user::Permission;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::components::page::{PageTitle, load, show};
use crate::components::prose::Prose;
use crate::form::field::{Area, Send, Text, Tick};
use crate::form::{Form, wire};
use crate::url::encode;
use crate::words::after::words;
use crate::words::fill;
use crate::words::terms::{Term, section_hint};

/// The post-mortem of one incident.
#[component]
pub fn PostmortemPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| encode(&params.with(|params| params.get("id")).unwrap_or_default()));
    show(load::<AfterView>(move || format!("/api/incidents/{}/after", id.get())), |after, me| {
        view_of(after.room.state, me)
    })
}

fn view_of(state: IncidentState, me: Me) -> AnyView {
    let w = words();
    let id = state.id;
    let postmortem = &state.postmortem;
    let open = matches!(postmortem.state, PostmortemState::Draft | PostmortemState::InReview);
    let may_write = open && me.user.role.may(Permission::Respond);
    let sections: Vec<_> = PostmortemSection::ALL.map(|section| section_view(&state, section, may_write)).into();
    let writers = postmortem.writers.iter().map(|person| person.name.clone()).collect::<Vec<_>>().join(", ");
    view! {
        <PageTitle text=format!("{} · INC-{id}", w.postmortem)/>
        <div class="page narrow" data-keep="">
            <p class="label"><a href=paths::after(id)>"INC-"{id.to_string()}</a></p>
            <h1>{w.postmortem}": "{state.title.clone()}</h1>
            <p class="facts-line"><span class="state">"◐ "{postmortem.state.word()}</span></p>
            {(!writers.is_empty()).then(|| view! { <p class="label">{fill(w.writers, &[&writers])}</p> })}
            {postmortem.reviewer.clone().map(|by| view! { <p class="label">{fill(w.reviewer, &[&by.name])}</p> })}
            <p class="links">
                <a rel="external" href=paths::api_postmortem_markdown(id) download=format!("INC-{id}.md")>{w.export}" "{w.export_md}</a>
                <a rel="external" href=paths::api_postmortem_html(id)>{w.export}" "{w.export_html}</a>
            </p>
            {me.user.role.may(Permission::Respond).then(|| moves(&state))}
            {sections}
            <h2 id="actions">{w.action_items}</h2>
            {items(&state, may_write)}
        </div>
    }
    .into_any()
}

fn section_view(state: &IncidentState, section: PostmortemSection, may_write: bool) -> AnyView {
    let w = words();
    let text = state.postmortem.sections.get(&section).cloned().unwrap_or_default();
    let name = wire(&section);
    if !may_write {
        return view! { <section><h2>{section.word()}</h2><Prose text/></section> }.into_any();
    }
    let hint = fill(w.section_hint, &[section_hint(section)]);
    let anchor = name.clone();
    let back = format!("{}#{name}", paths::postmortem(state.id));
    view! {
        <section id=anchor>
            <Form action=paths::api_sections(state.id) back=back id=name.clone()>
                <input type="hidden" name="section" value=name/>
                <Area name="text" label=section.word() hint=hint value=text required=true rows=4/>
                <Send label=w.save_section/>
            </Form>
        </section>
    }
    .into_any()
}

fn moves(state: &IncidentState) -> AnyView {
    use PostmortemState::{Draft, InReview, Published, Reviewed};
    let w = words();
    let next: Vec<(PostmortemState, &'static str)> = match state.postmortem.state {
        Draft => vec![(InReview, w.move_in_review)],
        InReview => vec![(Reviewed, w.move_reviewed), (Draft, w.move_draft)],
        Reviewed => vec![(Published, w.move_published), (Draft, w.move_draft)],
        Published => Vec::new(),
    };
    let forms: Vec<_> = next
        .into_iter()
        .map(|(to, label)| {
            let name = wire(&to);
            view! {
                <Form action=paths::api_postmortem_state(state.id) back=paths::postmortem(state.id) id=format!("to-{name}")>
                    <input type="hidden" name="state" value=name/>
                    <Send label=label/>
                </Form>
            }
            .into_any()
        })
        .collect();
    let note = match state.postmortem.state {
        InReview => Some(w.reviewer_hint),
        Published => Some(w.published_note),
        Draft | Reviewed => None,
    };
    view! {
        {note.map(|note| view! { <p class="hint">{note}</p> })}
        <div class="actions">{forms}</div>
    }
    .into_any()
}

fn items(state: &IncidentState, may_write: bool) -> AnyView {
    let w = words();
    let items = &state.postmortem.action_items;
    let lines: Vec<_> = items.iter().map(|item| item_view(state, item, may_write)).collect();
    view! {
        {items.is_empty().then(|| view! { <p class="hint">{w.no_items}</p> })}
        <ul class="list">{lines}</ul>
        {may_write.then(|| view! { <h3>{w.add_item}</h3> {item_form(state, None)} })}
    }
    .into_any()
}

fn item_view(state: &IncidentState, item: &ActionItem, may_write: bool) -> AnyView {
    let w = words();
    let (shape, word) = if item.done { ("✓", w.done) } else { ("○", w.open) };
    let about = [item.owner.clone(), item.due.clone()].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    view! {
        <li>
            <div class="line">
                <span class="state">{shape}" "{word}</span><span>{item.text.clone()}</span><span class="label end">{about}</span>
            </div>
            {may_write.then(|| view! {
                <details class="act quiet"><summary>{w.change_item}</summary>{item_form(state, Some(item))}</details>
            })}
        </li>
    }
    .into_any()
}

fn item_form(state: &IncidentState, item: Option<&ActionItem>) -> AnyView {
    let w = words();
    let number = item.map(|item| item.number.to_string());
    let key = number.clone().unwrap_or_else(|| "new".to_owned());
    let (text, owner, due, done) = item.map_or_else(Default::default, |item| {
        (item.text.clone(), item.owner.clone().unwrap_or_default(), item.due.clone().unwrap_or_default(), item.done)
    });
    let is_new = number.is_none();
    let back = format!("{}#actions", paths::postmortem(state.id));
    view! {
        <Form action=paths::api_action_items(state.id) back=back id=format!("item-{key}") kinds="number:number done:flag">
            {number.map(|number| view! { <input type="hidden" name="number" value=number/> })}
            <Text name="text" label=w.item value=text required=true/>
            <Text name="owner" label=w.owner value=owner/>
            <Text name="due" label=w.due kind="date" value=due/>
            {(!is_new).then(|| view! { <Tick name="done" label=w.mark_done checked=done/> })}
            <Send label={if is_new { w.add_item } else { w.save_section }}/>
        </Form>
    }
    .into_any()
}
