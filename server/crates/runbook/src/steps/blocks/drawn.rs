//! Steps that are drawn in a block of words: `1. Check the panel`, also within a box.

use super::comments::Entry;

/// What a block of words is labelled.
const LABELS: [&str; 4] = ["", "text", "txt", "plaintext"];

/// The numbered lines of a block of words, each with what stands below it, where they count on from 1; of a single one, nothing.
pub fn steps(label: &str, text: &str) -> Vec<Entry> {
    let mut out = Vec::new();
    if !LABELS.contains(&label) || !text.contains('1') {
        return out;
    }
    let mut list: Vec<Entry> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let words = line.trim_start_matches(is_drawing);
        let start = at + line.len() - words.len();
        at += line.len();
        let words = words.trim_end_matches(is_drawing);
        if words.is_empty() {
            continue;
        }
        let said = (words.to_owned(), start..start + words.len());
        let number = number(words);
        let begins = number == Some(1);
        if begins || number.is_some() && number == Some(list.len() + 1) {
            // A list that begins anew is one of its own.
            if begins {
                close(&mut out, &mut list);
            }
            list.push(Entry { numbered: true, lines: vec![said] });
        } else if let Some(step) = list.last_mut() {
            step.lines.push(said);
        }
    }
    close(&mut out, &mut list);
    out
}

fn close(out: &mut Vec<Entry>, list: &mut Vec<Entry>) {
    if list.len() > 1 {
        out.append(list);
    }
    list.clear();
}

/// White space, and the lines of a box or a tree.
fn is_drawing(c: char) -> bool {
    c.is_whitespace() || c == '|' || ('\u{2500}'..='\u{257f}').contains(&c)
}

/// The number that a line begins with: `1.`, `2)`.
fn number(words: &str) -> Option<usize> {
    let digits = words.bytes().take_while(u8::is_ascii_digit).count();
    let rest = words[digits..].strip_prefix(['.', ')'])?;
    let number = words[..digits].parse().ok()?;
    rest.starts_with(' ').then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heads(label: &str, text: &str) -> Vec<String> {
        steps(label, text).iter().map(|step| step.head().to_owned()).collect()
    }

    #[test]
    fn numbers_that_count_on_are_a_list() {
        let text = "┌─────────────┐\n│ 1. Look     │\n│    at it    │\n│ 2. Restart  │\n└─────────────┘\n";
        assert_eq!(heads("", text), ["Look", "Restart"]);
        assert_eq!(steps("", text)[0].lines[1].0, "at it");
        assert_eq!(heads("text", "A:\n1) Look\n2) Tell\n\nB:\n1) Wait\n2) Go\n"), ["Look", "Tell", "Wait", "Go"]);
        for text in ["1. Look\n", "3. Look\n4. Tell\n", "1.5 seconds\n2.5 seconds\n", "1. Look\n3. Tell\n"] {
            assert_eq!(heads("", text), Vec::<String>::new(), "{text}");
        }
        assert_eq!(heads("log", "1. Look\n2. Tell\n"), Vec::<String>::new());
    }
}
