//! What `farol fix` does to a text: only what it is sure of, and once is enough.

use farol_runbook::{apply_fixes, mend, parse};
use proptest::prelude::*;

/// Pieces with and without faults; joined in any order they make texts that nobody thought of.
const PIECES: [&str; 18] = [
    "# Olá mundo\n\n",
    "## Depois à noite\n\n",
    "1. Look\n2. Call 🔥\n\n",
    "```sql {tiemout=30s}\nselect 1;\n```\n\n",
    "```bash\nSELECT * FROM pedidos;\n```\n\n",
    "```sql\nkubectl get pods\n```\n\n",
    "```yaml\nkubectl get pods -n loja\n```\n\n",
    "```bash {Timeout=5 retires=1}\nls -l\n",
    "```\n",
    "```sh\npsql -c “SELECT 1” loja\n```\n\n",
    "```sql\nSELECT * FROM t WHERE nome = ‘José’;\n```\n\n",
    "````bash\ndf -h\n```\n\n",
    "- item\n\n  ```sql {taget=x}\n  select 2;\n  ```\n\n",
    "> ```sh {aproval=required}\n> echo “a” ‘b’\n> ```\n\n",
    "~~~bash\necho don’t\n~~~\n\n",
    "---\nowners: x\n---\n",
    "text\tàé\u{a0}…\n\n",
    "```json {\"timout\":5}\n{}\n```\n\n",
];

fn text() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(&PIECES[..]), 0..9);
    (pieces, any::<bool>(), any::<bool>()).prop_map(|(pieces, windows, mark)| {
        let text = pieces.concat();
        let text = if windows { text.replace('\n', "\r\n") } else { text };
        if mark { format!("\u{feff}{text}") } else { text }
    })
}

proptest! {
    #[test]
    fn outside_the_edits_no_byte_changes_and_a_second_run_changes_nothing(text in text()) {
        let found = parse(&text, None).diagnostics;
        let mut edits: Vec<_> = found.iter().filter_map(|d| d.fix.as_ref()).filter(|fix| fix.sure).collect();
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        edits.dedup();
        let (once, applied) = apply_fixes(&text, &found);
        prop_assert_eq!(applied, edits.len(), "no two fixes touch each other");
        // Taking the edits back gives the very text.
        let (mut back, mut old, mut new) = (String::new(), 0, 0);
        for edit in edits {
            let kept = edit.span.start - old;
            back.push_str(&once[new..new + kept]);
            back.push_str(&text[edit.span.start..edit.span.end]);
            new += kept;
            prop_assert!(once[new..].starts_with(&edit.replacement));
            new += edit.replacement.len();
            old = edit.span.end;
        }
        back.push_str(&once[new..]);
        prop_assert_eq!(&back, &text);
        let (mended, _) = mend(&text);
        let (again, more) = mend(&mended);
        prop_assert_eq!(&again, &mended);
        prop_assert!(more.is_empty());
        prop_assert!(!mended.contains("\r\n") || !mended.replace("\r\n", "").contains('\n'), "line ends are not mixed");
    }
}

#[test]
fn what_is_not_sure_is_left_to_its_author() {
    for text in [
        "# A\n\nSee [x](#escalaton)\n\n## Escalation\n\n1. Call\n",
        "---\nowners: DBA\n---\n\n# A\n\n1. Look\n",
        "# A\n\n```bash\n2024-01-01 12:00:00 ERROR no space left\n```\n",
        "# A\n\n```sql {trget2=x}\nselect 1;\n```\n",
    ] {
        let offered = parse(text, None).diagnostics.iter().filter(|d| d.fix.is_some()).count();
        assert_eq!((offered, mend(text).0.as_str()), (1, text));
    }
}
