//! Problems of which a document only says that they are over.

use crate::doc::{Doc, LeafKind};
use crate::outline::Section;
use crate::words::{fold, shorten};

/// "Erro 1: …" and "**Status**: Já corrigido", or "✅ Fixed" below it: a heading with nothing to do under it.
pub fn is_over(doc: &Doc<'_>, section: &Section<'_>) -> bool {
    const LABELS: [&str; 5] = ["status", "estado", "situacao", "situacion", "state"];
    let leaves = section.leaf + 1..section.end;
    let told = |leaf: usize| matches!(doc.leaves[leaf].kind, LeafKind::Paragraph) && doc.leaves[leaf].item.is_none();
    let mut texts = leaves.filter(|leaf| !matches!(doc.leaves[*leaf].kind, LeafKind::Rule));
    let one = texts.next().filter(|leaf| told(*leaf) && texts.next().is_none());
    one.is_some_and(|leaf| {
        let text = doc.plain(leaf);
        text.starts_with('✅')
            || text.split_once(':').is_some_and(|(label, _)| LABELS.contains(&&*fold(shorten(label.trim(), 20))))
    })
}
