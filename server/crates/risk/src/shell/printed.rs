//! What commands print, where that stands in the script.

use super::redirect::Input;
use super::words::Word;

/// Returns what a literal `echo`, `printf` or `cat` of a here-document prints, so that what is given to a client through
/// a pipe can be read.
pub(super) fn printed_by(words: &[Word], input: &Input) -> Option<String> {
    let (name, rest) = words.split_first()?;
    if matches!(name.value.as_str(), "true" | ":") && rest.is_empty() {
        return Some(String::new());
    }
    if name.value == "cat" {
        return match input {
            Input::Text(text) if rest.iter().all(|word| word.value == "-") => Some(text.clone()),
            _ => None,
        };
    }
    if !rest.iter().all(|word| word.is_literal() && !word.braces) {
        return None;
    }
    if name.value == "printf" {
        return printf(rest);
    }
    let rest = match rest.split_first() {
        Some((option, rest)) if option.value == "-n" => rest,
        _ => rest,
    };
    let plain =
        name.value == "echo" && rest.iter().all(|word| !word.value.starts_with('-') && !word.value.contains('\\'));
    plain.then(|| rest.iter().map(|word| word.value.as_str()).collect::<Vec<_>>().join(" "))
}

/// `printf 'text\n'` and `printf '%s\n' text…`; no other formats.
fn printf(words: &[Word]) -> Option<String> {
    let (format, values) = words.split_first()?;
    if matches!(format.value.as_str(), "%s\\n" | "%s") {
        let between = if format.value == "%s" { "" } else { "\n" };
        return Some(values.iter().map(|word| format!("{}{between}", word.value)).collect());
    }
    let text = format.value.replace("\\n", "\n");
    (values.is_empty() && !text.contains(['%', '\\']) && !text.starts_with('-')).then_some(text)
}
