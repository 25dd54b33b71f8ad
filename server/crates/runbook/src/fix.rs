//! Applying the fixes that diagnostics carry, and nothing else.

use farol_api::runbook::{Diagnostic, TextEdit};

use crate::parse;

/// Applies all fixes that are sure, also those that only an earlier one makes visible.
///
/// Returns the new text and the diagnostics mended, each with its place in the text as it was when it was found.
/// Mending the result again changes nothing.
pub fn mend(text: &str) -> (String, Vec<Diagnostic>) {
    // No more than a hundred of a kind are found at once.
    const MOST_ROUNDS: usize = 64;
    let (mut text, mut done) = (text.to_owned(), Vec::new());
    for _ in 0..MOST_ROUNDS {
        let mut found = parse(&text, None).diagnostics;
        found.retain(|d| d.fix.as_ref().is_some_and(|edit| edit.sure));
        let (mended, applied) = apply_fixes(&text, &found);
        if applied == 0 || mended == text {
            break;
        }
        text = mended;
        done.extend(found);
    }
    (text, done)
}

/// Applies the sure fixes of diagnostics to the text they were found in. Returns the new text and how many were applied.
///
/// No byte outside the fixes' spans changes. A fix that overlaps one before it, or whose span is not in the text, is left
/// out: reading the result again finds what is still to do.
pub fn apply_fixes(text: &str, diagnostics: &[Diagnostic]) -> (String, usize) {
    let mut edits: Vec<&TextEdit> =
        diagnostics.iter().filter_map(|found| found.fix.as_ref()).filter(|edit| edit.sure).collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    edits.dedup();
    let (mut out, mut at, mut applied) = (String::with_capacity(text.len()), 0, 0);
    for edit in edits {
        let (Some(kept), Some(_)) = (text.get(at..edit.span.start), text.get(edit.span.start..edit.span.end)) else {
            continue;
        };
        out.push_str(kept);
        out.push_str(&edit.replacement);
        at = edit.span.end;
        applied += 1;
    }
    out.push_str(&text[at..]);
    (out, applied)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(text: &str) -> (String, usize) {
        apply_fixes(text, &parse(text, None).diagnostics)
    }

    #[test]
    fn an_unclosed_fence_is_closed_and_no_other_byte_changes() {
        let text = "# Olá\r\n\n1. See\n\n```sql\nselect 1;\n\n## Then  \n\nText\tàé\n";
        let (mended, applied) = fixed(text);
        assert_eq!(applied, 1);
        let (before, after) = text.split_at(text.find("\n## Then").unwrap());
        assert!(mended.starts_with(before) && mended.ends_with(after), "{mended:?}");
        assert_eq!(mended.len(), text.len() + "```\n".len());
        assert_eq!(fixed(&mended), (mended.clone(), 0), "once is enough");
    }

    #[test]
    fn what_needs_no_mending_comes_back_as_it_was() {
        let text = "# Fine\n\n1. See\n\n```sql\nselect 1;\n```\n";
        assert_eq!(fixed(text), (text.to_owned(), 0));
    }

    #[test]
    fn overlapping_fixes_are_not_both_applied() {
        use crate::diagnose::{catalogue, diagnostic};
        use farol_api::text::Span;
        let edit = |start, end, with: &str| {
            let mut found = diagnostic(&catalogue::UNCLOSED_FENCE, "", Span::new(start, end), 1);
            found.fix = Some(TextEdit { span: Span::new(start, end), replacement: with.to_owned(), sure: true });
            found
        };
        let found = [edit(1, 4, "X"), edit(2, 5, "Y"), edit(7, 99, "Z")];
        assert_eq!(apply_fixes("abcdef", &found), ("aXef".to_owned(), 1));
    }
}
