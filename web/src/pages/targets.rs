//! Targets: where steps run.

use std::fmt::Write;

use farol_api::confine::{Confinement, Machine};
use farol_api::paths;
use farol_api::request::{Me, TargetCheck};
use farol_api::target::{CredentialRole, DatabaseKind, Environment, ShellSettings, Target};
use farol_api::user::Permission;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::components::badge::{Env, Stamp};
use crate::components::page::{PageTitle, load, show, show_me};
use crate::form::field::{Area, Choice, Send, Text, Tick};
use crate::form::{Form, Scope, wire};
use crate::url::encode;
use crate::words::targets::words;
use crate::words::terms::Term;
use crate::words::{common, fill};

/// The list of targets.
#[component]
pub fn TargetsPage() -> impl IntoView {
    show(load::<Vec<Target>>(paths::api_targets), list)
}

fn list(targets: Vec<Target>, me: Me) -> AnyView {
    let (w, c) = (words(), common::words());
    let new = me
        .user
        .role
        .may(Permission::ManageTargets)
        .then(|| view! { <a class="btn" href=paths::new_target()>{w.new}</a> });
    let empty = targets.is_empty();
    let rows: Vec<_> = targets.into_iter().map(row).collect();
    view! {
        <PageTitle text=c.targets/>
        <div class="page">
            <div class="page-head"><h1>{c.targets}</h1>{new}</div>
            {if empty {
                view! { <div class="empty"><p>{w.empty}</p><p class="hint">{w.empty_hint}</p></div> }.into_any()
            } else {
                view! {
                    <div class="scroll" tabindex="0" role="region" aria-label=c.targets>
                        <table>
                            <thead><tr>
                                <th scope="col">{w.id}</th><th scope="col">{w.environment}</th>
                                <th scope="col">{w.where_runs}</th><th scope="col">{w.credentials}</th>
                            </tr></thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </div>
                }.into_any()
            }}
        </div>
    }
    .into_any()
}

const fn database_name(kind: DatabaseKind) -> &'static str {
    match kind {
        DatabaseKind::Postgres => "PostgreSQL",
        DatabaseKind::Mysql => "MariaDB / MySQL",
        DatabaseKind::Sqlite => "SQLite",
    }
}

fn row(target: Target) -> AnyView {
    let w = words();
    let runs = [target.database.map(database_name), target.shell.as_ref().map(|_| w.shell)];
    let runs = runs.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let credentials = target.credentials.iter().map(|role| role.word()).collect::<Vec<_>>().join(", ");
    view! {
        <tr>
            <td><a href=paths::target(&target.id)>{target.id.to_string()}</a><span class="sub">{target.description}</span></td>
            <td><Env environment=target.environment/></td>
            <td>{runs}</td>
            <td>{if credentials.is_empty() { "–".to_owned() } else { credentials }}</td>
        </tr>
    }
    .into_any()
}

/// The page that registers a target.
#[component]
pub fn NewTargetPage() -> impl IntoView {
    show_me(|me| {
        let w = words();
        if !me.user.role.may(Permission::ManageTargets) {
            return view! { <div class="page narrow"><h1>{w.new}</h1><p>{w.read_only_page}</p></div> }.into_any();
        }
        view! {
            <PageTitle text=w.new/>
            <div class="page narrow"><h1>{w.new}</h1>{settings(None)}</div>
        }
        .into_any()
    })
}

/// The page of one target.
#[component]
pub fn TargetPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| encode(&params.with(|params| params.get("id")).unwrap_or_default()));
    show(load::<Target>(move || format!("/api/targets/{}", id.get())), one)
}

fn one(target: Target, me: Me) -> AnyView {
    let (w, c) = (words(), common::words());
    let may = me.user.role.may(Permission::ManageTargets);
    let id = target.id.clone();
    let version = fill(w.version, &[&target.version.to_string()]);
    view! {
        <PageTitle text=target.id.to_string()/>
        <div class="page narrow">
            <p class="label"><a href=paths::targets()>{c.targets}</a></p>
            <h1>{target.id.to_string()}" "<Env environment=target.environment/></h1>
            <p class="label">{target.description.clone()}" · "{version}" · "<Stamp at=target.updated_at/></p>
            {if may {
                view! {
                    <h2>{w.check}</h2>
                    <Form action=paths::api_target_check(&id) back=paths::target(&id) show=true>
                        <Send label=w.check/>
                        <Checked/>
                    </Form>
                    <h2>{w.settings}</h2>
                    {settings(Some(target))}
                    <details class="act stop">
                        <summary>{w.remove}</summary>
                        <Form action=paths::api_target(&id) method="DELETE" back=paths::targets() id="remove">
                            <p>{w.remove_hint}</p>
                            <Send label=w.remove look="stop"/>
                        </Form>
                    </details>
                }.into_any()
            } else {
                view! { <p>{w.read_only_page}</p> }.into_any()
            }}
        </div>
    }
    .into_any()
}

/// What the connection test found, layer by layer.
#[component]
fn Checked() -> impl IntoView {
    let w = words();
    let check = use_context::<Scope>().and_then(|scope| scope.answer::<TargetCheck>());
    check.map(|check| {
        let machine = check.machine.map(confined);
        if check.checks.is_empty() {
            return view! { <p role="status">{w.check_none}</p>{machine} }.into_any();
        }
        let lines: Vec<_> = check
            .checks
            .into_iter()
            .map(|check| {
                let (class, shape) = if check.ok { ("state ok", "✓ ") } else { ("state bad", "✕ ") };
                let said = check.failure.map_or(w.check_ok, Term::word);
                view! { <li>{check.role.word()}": "<span class=class>{shape}{said}</span></li> }.into_any()
            })
            .collect();
        view! { <ul class="plain" role="status">{lines}</ul>{machine} }.into_any()
    })
}

/// Says how far this server confines scripts, and what it lacks.
fn confined(machine: Machine) -> AnyView {
    let w = words();
    let lacks = machine.lacks.into_iter().map(|lack| lack.words().get(crate::visit::locale()).to_owned());
    let lacks = lacks.collect::<Vec<_>>().join(", ");
    let lacks = (!lacks.is_empty()).then(|| view! { <p class="hint">{fill(w.lacks, &[&lacks])}</p> });
    view! { <p role="status">{fill(w.confined, &[level_name(machine.level)])}</p>{lacks} }.into_any()
}

fn level_name(level: Confinement) -> &'static str {
    let w = words();
    match level {
        Confinement::Process => w.level_process,
        Confinement::Files => w.level_files,
        Confinement::Processes => w.level_processes,
        Confinement::Resources => w.level_resources,
    }
}

/// What a target asks of the machine that its scripts run on. The least level is no value: a target without a shell
/// has none either.
fn confinement(shell: Option<&ShellSettings>) -> AnyView {
    let w = words();
    let value = |level: Confinement| if level.is_least() { String::new() } else { wire(&level) };
    let levels = Confinement::ALL.map(|level| (value(level), level_name(level).to_owned())).into();
    let least = value(shell.map(|shell| shell.least_confinement).unwrap_or_default());
    let no_network = shell.is_some_and(|shell| shell.no_network);
    let no_namespaces = shell.is_some_and(|shell| shell.no_namespaces);
    view! {
        <Choice name="shell.least_confinement" label=w.least hint=w.least_hint options=levels value=least/>
        <Tick name="shell.no_network" label=w.no_network checked=no_network/>
        <Tick name="shell.no_namespaces" label=w.no_namespaces checked=no_namespaces/>
    }
    .into_any()
}

const ROLES: [(CredentialRole, &str, &str); 3] = [
    (CredentialRole::ReadOnly, "credentials.0.role", "credentials.0.url"),
    (CredentialRole::ReadWrite, "credentials.1.role", "credentials.1.url"),
    (CredentialRole::Admin, "credentials.2.role", "credentials.2.url"),
];

fn settings(target: Option<Target>) -> AnyView {
    let w = words();
    let is_new = target.is_none();
    let action = target.as_ref().map_or_else(|| "/api/targets/:id".to_owned(), |target| paths::api_target(&target.id));
    let back = target.as_ref().map_or_else(paths::new_target, |target| paths::target(&target.id));
    let next = target.as_ref().map_or_else(|| "/targets/{id}".to_owned(), |target| paths::target(&target.id));
    let of = |value: fn(&Target) -> String| target.as_ref().map(value).unwrap_or_default();
    let environments = Environment::ALL.map(|environment| (wire(&environment), environment.word().to_owned())).into();
    let kinds = [DatabaseKind::Postgres, DatabaseKind::Mysql, DatabaseKind::Sqlite];
    let kinds = kinds.map(|kind| (wire(&kind), database_name(kind).to_owned()));
    let databases = std::iter::once((String::new(), w.no_database.to_owned())).chain(kinds).collect();
    let held = target.as_ref().map(|target| target.credentials.clone()).unwrap_or_default();
    let credentials: Vec<_> =
        ROLES.map(|(role, role_name, url_name)| credential(role, role_name, url_name, held.contains(&role))).into();
    let environment =
        target.as_ref().map_or_else(|| wire(&Environment::Production), |target| wire(&target.environment));
    let path = of(|target| target.shell.as_ref().map(|shell| shell.path.join("\n")).unwrap_or_default());
    let env = of(|target| {
        let mut lines = String::new();
        for (name, value) in target.shell.iter().flat_map(|shell| &shell.env) {
            let _ = writeln!(lines, "{name}={value}");
        }
        lines
    });
    let confinement = confinement(target.as_ref().and_then(|target| target.shell.as_ref()));
    let (description, database) = (
        of(|target| target.description.clone()),
        of(|target| target.database.map(|kind| wire(&kind)).unwrap_or_default()),
    );
    view! {
        <Form
            action=action
            method="PUT"
            back=back
            next=next
            kinds="timeout_seconds:number approvals.read:number approvals.write:number approvals.other:number shell.path:lines shell.env:pairs shell.no_network:flag shell.no_namespaces:flag"
            secret="credentials.0.url credentials.1.url credentials.2.url"
        >
            {is_new.then(|| view! { <Text name="id" label=w.id hint=w.id_hint required=true/> })}
            <Text name="description" label=w.description value=description/>
            <Choice name="environment" label=w.environment hint=w.environment_hint options=environments value=environment required=true/>
            <Choice name="database" label=w.database options=databases value=database/>
            <fieldset>
                <legend>{w.credentials}</legend>
                <p class="hint">{w.credentials_hint}</p>
                <p class="hint">{w.example_url}</p>
                {credentials}
            </fieldset>
            <fieldset>
                <legend>{w.shell}</legend>
                <p class="hint">{w.shell_hint}</p>
                <Area name="shell.path" label=w.path hint=common::words().lines_hint value=path mono=true rows=2/>
                <Area name="shell.env" label=w.env hint=w.env_hint value=env mono=true rows=2/>
                {confinement}
            </fieldset>
            {limits(target.as_ref())}
            <p class="actions"><Send label=w.save look="go"/></p>
        </Form>
    }
    .into_any()
}

/// How many people a target wants beside what the classes take, and how long its steps may run.
fn limits(target: Option<&Target>) -> AnyView {
    let w = words();
    let least = target.map(|target| target.approvals).unwrap_or_default();
    let timeout = target.map(|target| target.timeout_seconds.to_string()).unwrap_or_default();
    let number = |people: u8| if people == 0 { String::new() } else { people.to_string() };
    view! {
        <fieldset>
            <legend>{w.approvals}</legend>
            <p class="hint">{w.approvals_hint}</p>
            <Text name="approvals.read" label=w.approvals_read kind="number" value=number(least.read)/>
            <Text name="approvals.write" label=w.approvals_write kind="number" value=number(least.write)/>
            <Text name="approvals.other" label=w.approvals_other kind="number" value=number(least.other)/>
        </fieldset>
        <Text name="timeout_seconds" label=w.timeout kind="number" value=timeout/>
    }
    .into_any()
}

fn credential(role: CredentialRole, role_name: &'static str, url_name: &'static str, held: bool) -> AnyView {
    let w = words();
    let hint = if held { w.has } else { w.has_not };
    view! {
        <input type="hidden" name=role_name value=wire(&role)/>
        <Text name=url_name label=role.word() kind="password" hint=hint autocomplete="off"/>
    }
    .into_any()
}
