//! Fences that say one thing and hold another.

use farol_api::graph::{CommandLanguage, Node, NodeKind};
use farol_api::id::StepId;
use farol_api::runbook::{Block, BlockKind, Diagnostic, Runbook, TextEdit};
use farol_api::text::{Localized, Span};
use rustc_hash::FxHashMap;

use super::{attributes, catalogue, localized};
use crate::code;
use crate::doc::Doc;
use crate::steps::{BlockDraft, Steps};
use crate::words::lines;

/// Says which labels lie, and offers the label that the block's content has.
pub fn all(doc: &Doc<'_>, steps: &Steps, runbook: &Runbook, out: &mut Vec<Diagnostic>) {
    let lying: Vec<_> = steps.blocks.iter().zip(&runbook.blocks).filter(|(_, b)| lies(&b.label, b.kind)).collect();
    if lying.is_empty() {
        return;
    }
    let by_id: FxHashMap<&StepId, &Node> = runbook.graph.nodes.iter().map(|n| (&n.id, n)).collect();
    for (draft, block) in lying {
        let about = names_both(&block.label, block.kind);
        let mut found = localized(&catalogue::FENCE_LABEL_MISMATCH, &about, block.span, block.line);
        let nodes: Vec<&Node> = block.steps.iter().filter_map(|id| by_id.get(id).copied()).collect();
        // What is forbidden may be a script all the same.
        if nodes.iter().any(|node| node.kind == NodeKind::Prohibition) {
            continue;
        }
        found.fix = fix(doc, draft, block, &nodes);
        out.push(found);
    }
}

/// "sql, but it holds shell commands".
fn names_both(label: &str, kind: BlockKind) -> Localized {
    let (en, pt) = match kind {
        BlockKind::Sql => ("SQL", "SQL"),
        BlockKind::Shell => ("shell commands", "comandos de shell"),
        BlockKind::Console | BlockKind::Reference => ("something else", "outra coisa"),
    };
    Localized::new(format!("{label}, but it holds {en}"), format!("{label}, mas contém {pt}"))
}

fn lies(label: &str, kind: BlockKind) -> bool {
    let shell = matches!(label, "bash" | "sh" | "shell" | "zsh");
    let source =
        matches!(label, "python" | "py" | "yaml" | "yml" | "json" | "javascript" | "js" | "ini" | "toml" | "conf");
    // What is typed at the console of a language is labelled as that.
    let program = matches!(
        label,
        "typescript" | "ts" | "go" | "golang" | "java" | "ruby" | "rb" | "php" | "hcl" | "dockerfile" | "rust"
    );
    shell && matches!(kind, BlockKind::Reference | BlockKind::Sql)
        || label == "sql" && kind == BlockKind::Shell
        || source && kind.is_exec()
        || program && matches!(kind, BlockKind::Shell | BlockKind::Sql)
}

fn fix(doc: &Doc<'_>, draft: &BlockDraft, block: &Block, nodes: &[&Node]) -> Option<TextEdit> {
    let info = attributes::info(doc, draft.leaf)?;
    let end = info.start + block.label.len();
    let written = doc.text.get(info.start..end)?;
    if block.label.is_empty() || !written.eq_ignore_ascii_case(&block.label) {
        return None;
    }
    let replacement = match block.kind {
        BlockKind::Sql => "sql",
        BlockKind::Shell => "bash",
        BlockKind::Reference => "text",
        BlockKind::Console => return None,
    };
    let sure = block.kind.is_exec() && is_unmistakable(doc, draft, nodes);
    Some(TextEdit { span: Span::new(info.start, end), replacement: replacement.to_owned(), sure })
}

/// Tells whether a block holds commands of one language and nothing else: every line belongs to one, and each begins
/// with a word that begins a command in that language.
fn is_unmistakable(doc: &Doc<'_>, block: &BlockDraft, nodes: &[&Node]) -> bool {
    let Some(code) = doc.code(block.leaf) else { return false };
    let commands: Vec<_> = nodes.iter().filter_map(|node| node.command.as_ref()).collect();
    let surely = |language: CommandLanguage, text: &str| match language {
        CommandLanguage::Sql => code::is_sql(lines(text).next().unwrap_or("")),
        CommandLanguage::Shell => code::is_surely_typed(text),
        _ => false,
    };
    let held = |text: &str| lines(text).filter(|line| !line.trim().is_empty()).count();
    let lines: usize = commands.iter().map(|command| held(&command.text)).sum();
    let one = commands.windows(2).all(|pair| pair[0].language == pair[1].language);
    !commands.is_empty() && one && lines == held(code.text) && commands.iter().all(|c| surely(c.language, &c.text))
}
