//! Tables of two columns, a label and its value in each row.

use farol_api::runbook::MetadataKind;

use super::{Pair, kind_of, part};
use crate::doc::{Row, Run, Table, plain};
use crate::lexicon::Lexicon;
use crate::words::fold;

/// What the second column of such a table is called: "Field | Value".
const VALUES: [&str; 14] = [
    "value",
    "valor",
    "detail",
    "details",
    "detalhe",
    "detalhes",
    "detalle",
    "detalles",
    "description",
    "descricao",
    "descripcion",
    "objective",
    "objetivo",
    "target",
];

/// Tells whether a table holds metadata: two of its labels are known, and half of them; before the first section one that says more
/// than what it is of is enough.
pub(super) fn holds(lexicon: &Lexicon, table: Table<'_, '_>, at_top: bool) -> bool {
    if table.header().count() != 2 {
        return false;
    }
    let labels = table.rows().skip(1).filter_map(|row| row.get(0).map(plain));
    let (mut all, mut known, mut telling) = (0, 0, 0);
    for label in labels {
        let kind = kind_of(lexicon, label.trim_end_matches(':'));
        all += 1;
        known += usize::from(kind.is_some());
        telling += usize::from(kind.is_some_and(|kind| kind != MetadataKind::Other));
    }
    telling > 0 && known * 2 >= all && (known > 1 || at_top)
}

/// Its labels and values; what stands where the columns are named may be a pair, too.
pub(super) fn rows<'d>(lexicon: &Lexicon, table: Table<'d, '_>) -> Vec<Pair<'d>> {
    let named = table.rows().next().and_then(|header| pair(&header)).filter(|(label, value, _)| {
        let value = fold(value);
        kind_of(lexicon, label).is_some() && !VALUES.contains(&&*value) && kind_of(lexicon, &value).is_none()
    });
    named.into_iter().chain(table.rows().skip(1).filter_map(|row| pair(&row))).collect()
}

fn pair<'d>(row: &Row<'d, '_>) -> Option<Pair<'d>> {
    let (label, value) = (row.get(0)?, row.get(1)?);
    let spans = || label.iter().chain(value).map(Run::span);
    let span = spans().map(|span| span.start).min()?..spans().map(|span| span.end).max()?;
    let (label, value) = (part(plain(label), |label| label.trim_end_matches(':').trim()), plain(value));
    (!label.is_empty() && !value.is_empty()).then_some((label, value, span))
}
