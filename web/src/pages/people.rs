//! People: roles, invitations, who may log in.

use farol_api::paths;
use farol_api::request::{Invited, Me, People};
use farol_api::user::{Invitation, Permission, Role, User};
use leptos::prelude::*;

use crate::components::badge::Stamp;
use crate::components::page::{PageTitle, load, show};
use crate::form::field::{Choice, Send, Text};
use crate::form::{Form, Scope, wire};
use crate::words::people::words;
use crate::words::terms::{Term, may};
use crate::words::{break_glass, common, fill};

/// The people page.
#[component]
pub fn PeoplePage() -> impl IntoView {
    show(load::<People>(paths::api_people), view_of)
}

fn view_of(people: People, me: Me) -> AnyView {
    let (w, c) = (words(), common::words());
    let manages = me.user.role.may(Permission::ManagePeople);
    let rows: Vec<_> = people.users.into_iter().map(|user| row(user, &me)).collect();
    let roles: Vec<_> =
        Role::ALL.map(|role| view! { <div><dt>{role.word()}</dt><dd>{may(role)}</dd></div> }.into_any()).into();
    view! {
        <PageTitle text=c.people/>
        <div class="page">
            <h1>{c.people}</h1>
            <div class="scroll" tabindex="0" role="region" aria-label=c.people>
                // On a phone each row becomes a card; the roles keep it a table for those who listen.
                <table class="cards" role="table">
                    <thead role="rowgroup"><tr role="row">
                        <th scope="col" role="columnheader">{c.name}</th><th scope="col" role="columnheader">{w.role}</th>
                        <th scope="col" role="columnheader">{w.since}</th><th scope="col" role="columnheader">{c.state}</th>
                    </tr></thead>
                    <tbody role="rowgroup">{rows}</tbody>
                </table>
            </div>
            {manages.then(|| view! { {invite(&me)} {invitations(people.invitations)} })}
            <h2>{w.what_roles}</h2>
            <dl class="facts words">{roles}</dl>
        </div>
    }
    .into_any()
}

/// Roles that the reader can give.
fn givable(me: &Me) -> Vec<(String, String)> {
    let owners = me.user.role.may(Permission::ManageOwners);
    let roles = Role::ALL.into_iter().filter(|role| owners || *role != Role::Owner);
    roles.map(|role| (wire(&role), role.word().to_owned())).collect()
}

fn row(user: User, me: &Me) -> AnyView {
    let w = words();
    let own = user.id == me.user.id;
    let manages =
        me.user.role.may(Permission::ManagePeople) && (user.role != Role::Owner || me.user.role == Role::Owner);
    let disabled = user.disabled_at.is_some();
    let id = user.id;
    let role = manages.then(|| {
        let options = givable(me);
        view! {
            <Form action=paths::api_person(id) method="PATCH" back=paths::people() id=format!("role-{id}") class="inline">
                <Choice name="role" label=w.role options=options value=wire(&user.role) required=true/>
                <Send label=w.set_role/>
            </Form>
        }
        .into_any()
    });
    let door = (manages && !own).then(|| {
        let (label, value) = if disabled { (w.enable, "false") } else { (w.disable, "true") };
        view! {
            <Form action=paths::api_person(id) method="PATCH" back=paths::people() id=format!("door-{id}") kinds="disabled:flag">
                <input type="hidden" name="disabled" value=value/>
                <Send label=label/>
            </Form>
        }
    });
    let password = (manages && !disabled).then(|| {
        view! {
            <Form action=paths::api_password_link(id) back=paths::people() id=format!("password-{id}") show=true>
                <Send label=w.password_link/>
                <Link/>
            </Form>
        }
    });
    let glass = (me.user.may(Permission::ManageOwners) && user.role != Role::Owner && !disabled).then(|| {
        let g = break_glass::words();
        let (label, value) = if user.break_glass { (g.forbid, "false") } else { (g.allow, "true") };
        view! {
            <Form action=paths::api_person(id) method="PATCH" back=paths::people() id=format!("glass-{id}") kinds="break_glass:flag">
                <input type="hidden" name="break_glass" value=value/>
                <Send label=label/>
            </Form>
        }
    });
    let breaks =
        user.may(Permission::BreakGlass).then(|| view! { <span class="sub">{break_glass::words().may}</span> });
    view! {
        <tr role="row">
            <td role="cell">{user.name}{own.then(|| format!(" ({})", w.you))}<span class="sub">{user.email}</span></td>
            <td role="cell">{role.unwrap_or_else(|| user.role.word().into_any())}{breaks}{glass}</td>
            <td role="cell" class="num"><span class="label phone">{w.since}": "</span><Stamp at=user.created_at/></td>
            <td role="cell"><span class="state ok">{if disabled { w.disabled } else { w.active }}</span>{door}{password}</td>
        </tr>
    }
    .into_any()
}

fn invite(me: &Me) -> AnyView {
    let (w, c) = (words(), common::words());
    let roles = givable(me);
    view! {
        <h2>{w.invite}</h2>
        <Form action=paths::api_invitations() back=paths::people() show=true class="narrow">
            <Text name="email" label=c.email kind="email" required=true/>
            <Choice name="role" label=w.role options=roles value=wire(&Role::Responder) required=true/>
            <Send label=w.invite_go look="go"/>
            <Link/>
        </Form>
    }
    .into_any()
}

/// The link of an invitation just made; it is never shown again.
#[component]
fn Link() -> impl IntoView {
    let w = words();
    let invited = use_context::<Scope>().and_then(|scope| scope.answer::<Invited>());
    invited.map(|invited| {
        let path = invited.path;
        view! {
            <div class="note" role="status">
                <p>{fill(w.link_once, &[&invited.invitation.email])}</p>
                <p><a class="secret" rel="external" href=path.clone()>{path.clone()}</a></p>
            </div>
        }
    })
}

fn invitations(open: Vec<Invitation>) -> AnyView {
    let w = words();
    let empty = open.is_empty();
    let items: Vec<_> = open
        .into_iter()
        .map(|invitation| {
            let action = paths::api_withdraw_invitation(invitation.id);
            view! {
                <li class="line">
                    <span>{invitation.email}</span>
                    <span class="label">{if invitation.resets { w.new_password } else { invitation.role.word() }}" · "{w.ends}" "<Stamp at=invitation.expires_at/></span>
                    <Form action=action method="DELETE" back=paths::people() class="end"><Send label=w.withdraw/></Form>
                </li>
            }
            .into_any()
        })
        .collect();
    view! {
        <h2>{w.open_invitations}</h2>
        {empty.then(|| view! { <p class="label">{w.no_invitations}</p> })}
        <ul class="list">{items}</ul>
    }
    .into_any()
}
