//! Shells, hosts and clients that one step opens and the next are typed into.

use farol_api::graph::{CommandLanguage, ContextKind, Node, NodeKind, ShellContext, StepGraph};

use crate::code;
use crate::words::split;

/// Collects contexts with the steps inside them; a section's end closes all that it opened.
pub fn all(graph: &StepGraph) -> Vec<ShellContext> {
    let mut out: Vec<ShellContext> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut section: &[String] = &[];
    for node in graph.nodes.iter().filter(|n| n.kind != NodeKind::Decision) {
        // The steps of a section share its path.
        if !std::ptr::eq(&*node.section, section) && *node.section != *section {
            section = &node.section;
            open.clear();
        }
        let Some(command) = node.command.as_ref().filter(|_| typed(node)) else { continue };
        if code::leaves(&command.text) {
            open.pop();
            continue;
        }
        // A shell command is not typed at a console: somebody has left it.
        let console = |context: &usize| out[*context].kind == ContextKind::Console;
        while command.language == CommandLanguage::Shell && open.last().is_some_and(console) {
            open.pop();
        }
        for context in &open {
            out[*context].steps.push(node.id.clone());
        }
        // What a machine can run leaves nobody at a prompt.
        let manual = node.kind != NodeKind::Shell && command.language == CommandLanguage::Shell;
        let Some(kind) = manual.then(|| opens(&command.text)).flatten() else { continue };
        // What nests deeper than people type is some other text.
        if open.len() < 8 {
            open.push(out.len());
            let command = command.text.clone();
            out.push(ShellContext { opened_by: node.id.clone(), kind, command, steps: Vec::new() });
        }
    }
    out.retain(|context| !context.steps.is_empty());
    out
}

fn typed(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Shell | NodeKind::Sql | NodeKind::Manual)
}

/// What a command opens, where it leaves somebody at a prompt.
fn opens(text: &str) -> Option<ContextKind> {
    if text.len() > 4096 || text.contains('\n') && !text.contains("\\\n") || !code::is_interactive(text) {
        return None;
    }
    let words: Vec<&str> = split(text).collect();
    let (words, shell) = code::unwrapped(&words);
    let has = |names: &[&str]| words.iter().any(|w| names.contains(w));
    let first = words.first().copied().unwrap_or("");
    let client = has(&["psql", "mysql", "mariadb", "sqlite3", "mongosh", "mongo", "redis-cli", "gitlab-psql", "pgcli"]);
    let runs = has(&["exec", "run", "rsh", "debug"]);
    match first {
        _ if shell => Some(ContextKind::User),
        _ if code::opens_console(text) => Some(ContextKind::Console),
        "ssh" | "tsh" => (!has(&["-L", "-N", "-R", "-D", "-f", "-fN"])).then_some(ContextKind::Remote),
        program if !client && code::containers::of(program).is_some() => runs.then_some(ContextKind::Container),
        "su" | "bash" | "sh" | "zsh" => Some(ContextKind::User),
        "python" | "python3" | "irb" => Some(ContextKind::Console),
        _ => client.then_some(ContextKind::Database),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leaves_somebody_at_a_prompt_opens_a_context() {
        for (text, kind) in [
            ("ssh db-1", Some(ContextKind::Remote)),
            ("psql -h db -U app", Some(ContextKind::Database)),
            ("kubectl exec -it pg-0 -- bash", Some(ContextKind::Container)),
            ("kubectl exec -it pg-0 -- psql -U postgres", Some(ContextKind::Database)),
            ("sudo -i", Some(ContextKind::User)),
            ("sudo -iu postgres", Some(ContextKind::User)),
            ("sudo su - postgres", Some(ContextKind::User)),
            ("sudo -u postgres psql", Some(ContextKind::Database)),
            ("ssh -L 1:db:2 bastion", None),
            ("tail -f x", None),
            ("kubectl logs -f x", None),
            ("ssh db-1 uptime", None),
        ] {
            assert_eq!(opens(text), kind, "{text}");
        }
    }
}
