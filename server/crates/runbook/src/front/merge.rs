//! What front matter says about parameters, given to those that the commands ask for.

use farol_api::front_matter::FrontMatter;
use farol_api::runbook::{Parameter, ParameterKind};
use farol_api::text::Span;

/// Gives the declarations to the parameters of their names; returns those that no step uses: name, place.
pub fn merge(front: &FrontMatter, parameters: &mut [Parameter]) -> Vec<(String, Span)> {
    let mut unused = Vec::new();
    for declared in &front.parameters {
        let Some(parameter) = parameters.iter_mut().find(|p| p.name == declared.name) else {
            unused.push((declared.name.clone(), declared.span));
            continue;
        };
        // What its name tells to be a secret stays one unless its author says otherwise in so many words.
        parameter.kind = declared.kind.unwrap_or(parameter.kind);
        parameter.secret = declared.secret.unwrap_or(parameter.secret || parameter.kind == ParameterKind::Secret);
        match (parameter.secret, parameter.kind) {
            (true, ParameterKind::Connection) => {}
            (true, _) => parameter.kind = ParameterKind::Secret,
            (false, ParameterKind::Secret) => parameter.kind = ParameterKind::Text,
            (false, _) => {}
        }
        if parameter.secret {
            parameter.default = None;
            parameter.example = None;
        } else {
            parameter.default = declared.default.clone().or(parameter.default.take());
        }
        parameter.pattern.clone_from(&declared.pattern);
        parameter.description.clone_from(&declared.description);
    }
    unused
}
