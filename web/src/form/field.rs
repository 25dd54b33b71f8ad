//! The fields of a form, each with its label, its hint and what is wrong with it.

use leptos::prelude::*;

use super::Scope;
use crate::components::erase::part;
use crate::words::common::words;

fn scope() -> Scope {
    use_context().unwrap_or_else(|| Scope {
        id: String::new(),
        echo: None,
        problem: RwSignal::new(None),
        pending: RwSignal::new(false),
    })
}

/// The parts that all fields share, around a control.
#[component]
fn Around(
    id: String,
    name: &'static str,
    label: String,
    hint: Option<String>,
    required: bool,
    control: AnyView,
) -> impl IntoView {
    let problem = scope().problem;
    let error_id = format!("{id}-error");
    let hint_id = format!("{id}-hint");
    let error = move || {
        let problem = problem.get()?;
        let error = problem.errors.into_iter().find(|error| error.field == name)?;
        Some(view! { <p class="error" id=error_id.clone()>{error.message}</p> })
    };
    view! {
        <div class="field">
            <label for=id>{label}{(!required).then(|| view! { " " <span class="label">"("{words().optional}")"</span> })}</label>
            {hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> })}
            {part(error)}
            {control}
        </div>
    }
    .into_any()
}

fn described(id: &str, hint: Option<&String>, name: &'static str) -> impl Fn() -> Option<String> + use<> {
    let problem = scope().problem;
    let (id, hint) = (id.to_owned(), hint.is_some());
    move || {
        let wrong = problem.get().is_some_and(|problem| problem.errors.iter().any(|error| error.field == name));
        let hint = hint.then(|| format!("{id}-hint"));
        let error = wrong.then(|| format!("{id}-error"));
        let ids: Vec<String> = [error, hint].into_iter().flatten().collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

fn invalid(name: &'static str) -> impl Fn() -> Option<&'static str> {
    let problem = scope().problem;
    move || {
        let problem = problem.get()?;
        problem.errors.iter().any(|error| error.field == name).then_some("true")
    }
}

/// One line of text.
#[component]
pub fn Text(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional, into)] value: Option<String>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] required: bool,
    #[prop(optional)] autocomplete: Option<&'static str>,
    #[prop(optional, into)] placeholder: Option<String>,
    /// Tells fields of one name on a page apart.
    #[prop(optional, into)]
    key: String,
    #[prop(optional)] focus: bool,
) -> impl IntoView {
    let scope = scope();
    let id = format!("f{}-{name}{key}", scope.id);
    let hint = hint.filter(|hint| !hint.is_empty());
    let value = if kind == "password" { None } else { scope.typed(name).or(value) };
    let describedby = described(&id, hint.as_ref(), name);
    let mono = matches!(kind, "number" | "datetime-local").then_some("num");
    let control = view! {
        <input
            id=id.clone()
            name=name
            type=kind
            value=value
            class=mono
            required=required
            autofocus=focus
            autocomplete=autocomplete.unwrap_or("off")
            placeholder=placeholder
            aria-describedby=describedby
            aria-invalid=invalid(name)
        />
    }
    .into_any();
    view! { <Around id name label hint required control/> }.into_any()
}

/// Several lines of text.
#[component]
pub fn Area(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: Option<String>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] required: bool,
    #[prop(default = 3)] rows: u32,
    #[prop(optional)] mono: bool,
    #[prop(optional, into)] key: String,
) -> impl IntoView {
    let scope = scope();
    let id = format!("f{}-{name}{key}", scope.id);
    let value = scope.typed(name).or(value).unwrap_or_default();
    let describedby = described(&id, hint.as_ref(), name);
    // A text area drops one newline at its beginning.
    let value = if value.starts_with('\n') { format!("\n{value}") } else { value };
    let control = view! {
        <textarea
            id=id.clone()
            name=name
            rows=rows
            class=mono.then_some("mono")
            required=required
            spellcheck=if mono { "false" } else { "true" }
            aria-describedby=describedby
            aria-invalid=invalid(name)
        >
            {value}
        </textarea>
    }
    .into_any();
    view! { <Around id name label hint required control/> }.into_any()
}

/// Files from the visitor's computer, or all of a folder.
#[component]
pub fn Files(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] accept: Option<&'static str>,
    #[prop(optional)] folder: bool,
    #[prop(optional, into)] key: String,
) -> impl IntoView {
    let scope = scope();
    let id = format!("f{}-{name}{key}", scope.id);
    let describedby = described(&id, hint.as_ref(), name);
    let input = view! {
        <input type="file" id=id.clone() name=name multiple required accept=accept aria-describedby=describedby aria-invalid=invalid(name)/>
    };
    let control = if folder {
        input.add_any_attr(leptos::attr::custom::custom_attribute("webkitdirectory", "")).into_any()
    } else {
        input.into_any()
    };
    view! { <Around id name label hint required=true control/> }.into_any()
}

/// One of several; `options` are values and what people read.
#[component]
pub fn Choice(
    name: &'static str,
    #[prop(into)] label: String,
    options: Vec<(String, String)>,
    #[prop(optional, into)] value: Option<String>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] key: String,
) -> impl IntoView {
    let scope = scope();
    let id = format!("f{}-{name}{key}", scope.id);
    let value = scope.typed(name).or(value).unwrap_or_default();
    let describedby = described(&id, hint.as_ref(), name);
    let options: Vec<_> = options
        .into_iter()
        .map(|(option, text)| {
            let selected = option == value;
            view! { <option value=option selected=selected>{text}</option> }.into_any()
        })
        .collect();
    let control = view! {
        <select id=id.clone() name=name required=required aria-describedby=describedby aria-invalid=invalid(name)>
            {options}
        </select>
    }
    .into_any();
    view! { <Around id name label hint required control/> }.into_any()
}

/// A box to tick. The form's `kinds` must call it a `flag`.
#[component]
pub fn Tick(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(optional)] checked: bool,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] key: String,
) -> impl IntoView {
    let scope = scope();
    let id = format!("f{}-{name}{key}", scope.id);
    let checked = match &scope.echo {
        Some(_) => scope.typed(name).is_some(),
        None => checked,
    };
    view! {
        <div class="tick">
            <input type="checkbox" id=id.clone() name=name checked=checked required=required/>
            <label for=id>{label}</label>
        </div>
    }
    .into_any()
}

/// The button that sends a form; it says so while an answer is awaited.
#[component]
pub fn Send(
    #[prop(into)] label: String,
    /// `go`, `stop`, or nothing for a quiet one.
    #[prop(optional)]
    look: &'static str,
    /// The key that presses it.
    #[prop(optional)]
    shortcut: Option<&'static str>,
    /// The id of the form, where the button stands outside it.
    #[prop(optional)]
    form: Option<&'static str>,
) -> impl IntoView {
    let pending = scope().pending;
    view! {
        <button type="submit" form=form class=look data-key=shortcut aria-disabled=move || pending.get().then_some("true")>
            {label}
            {shortcut.map(|key| view! { " " <kbd aria-hidden="true">{key}</kbd> })}
        </button>
    }
    .into_any()
}
