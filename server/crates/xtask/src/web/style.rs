//! The style sheet: the files of `web/style` in the order of their names, with the names of fonts and images resolved.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;

/// Joins the style files; `resolve` gives the published name of what a `url(…)` names.
pub fn concatenate(workspace: &Workspace, resolve: impl Fn(&str) -> Option<String>) -> Result<String> {
    let folder = workspace.path("web/style");
    let mut files = Vec::new();
    if folder.exists() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "css") {
                files.push(path);
            }
        }
    }
    files.sort();
    let mut style = String::new();
    for file in files {
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        style.push_str(&resolve_urls(&text, &resolve).with_context(|| file.display().to_string())?);
        style.push('\n');
    }
    Ok(style)
}

/// Replaces each `url(fonts/…)` and `url(static/…)` by its published name. `data:` and `#fragment` stay.
fn resolve_urls(style: &str, resolve: impl Fn(&str) -> Option<String>) -> Result<String> {
    let mut resolved = String::with_capacity(style.len());
    let mut rest = style;
    while let Some(start) = rest.find("url(") {
        let (before, after) = rest.split_at(start + "url(".len());
        resolved.push_str(before);
        let Some(end) = after.find(')') else { bail!("a url( is not closed") };
        let name = after[..end].trim().trim_matches(['"', '\'']);
        if name.starts_with("data:") || name.starts_with('#') {
            resolved.push_str(&after[..end]);
        } else {
            let Some(published) = resolve(name) else { bail!("url({name}) names nothing that the build knows") };
            resolved.push_str(&format!("\"{published}\""));
        }
        rest = &after[end..];
    }
    resolved.push_str(rest);
    Ok(resolved)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published(name: &str) -> Option<String> {
        (name == "fonts/a.woff2").then(|| "a-0123.woff2".to_owned())
    }

    #[test]
    fn names_are_resolved_and_data_stays() {
        let style = "@font-face{src:url(\"fonts/a.woff2\") format(\"woff2\")} b{mask:url(#m);c:url(data:image/png;x)}";
        let expected =
            "@font-face{src:url(\"a-0123.woff2\") format(\"woff2\")} b{mask:url(#m);c:url(data:image/png;x)}";
        assert_eq!(resolve_urls(style, published).unwrap(), expected);
    }

    #[test]
    fn an_unknown_name_fails_the_build() {
        assert!(resolve_urls("b{background:url(fonts/none.woff2)}", published).is_err());
    }
}
