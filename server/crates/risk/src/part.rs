//! Parts of a statement, and the markers of values in them.

use std::ops::Range;

use farol_api::risk::Dialect;

use crate::sql::lexer;

/// A part of a text, a statement of a block for one, with the values that its markers take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The statement, its markers counted from 1.
    pub text: String,
    /// Which of the values of the whole text its markers take, in their order, from 0.
    pub values: Vec<usize>,
}

/// Cuts a part out of a text, and counts its markers from 1. `marker` counts those of `?` so far.
pub(crate) fn part(dialect: Dialect, text: &str, range: Range<usize>, marker: &mut usize) -> Option<Part> {
    let (mut out, mut values) = (String::new(), Vec::new());
    let mut done = range.start;
    for Mark { span, number } in marks(dialect, text, &range)? {
        let value = number.unwrap_or(*marker);
        *marker += usize::from(number.is_none());
        let place = match values.iter().position(|known| *known == value) {
            Some(place) if number.is_some() => place,
            _ => {
                values.push(value);
                values.len() - 1
            }
        };
        out.push_str(&text[done..span.start]);
        out.push_str(&marked(dialect, place));
        done = span.end;
    }
    out.push_str(&text[done..range.end]);
    Some(Part { text: out, values })
}

/// Puts a part behind another: its markers are counted on from there.
pub(crate) fn append(dialect: Dialect, whole: &mut Part, more: Part) -> Option<()> {
    let (before, range, mut done) = (whole.values.len(), 0..more.text.len(), 0);
    for Mark { span, number } in marks(dialect, &more.text, &range)? {
        whole.text.push_str(&more.text[done..span.start]);
        whole.text.push_str(&marked(dialect, before + number.unwrap_or(0)));
        done = span.end;
    }
    whole.text.push_str(&more.text[done..]);
    whole.values.extend(more.values);
    Some(())
}

/// A marker of a value, and which value it takes, from 0; the next one where it does not say.
struct Mark {
    span: Range<usize>,
    number: Option<usize>,
}

/// The markers within a range; nothing where one of them is none of ours.
fn marks(dialect: Dialect, text: &str, range: &Range<usize>) -> Option<Vec<Mark>> {
    let tokens = lexer::tokens(dialect, text);
    let mut marks = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if token.span.start < range.start || token.span.end > range.end {
            continue;
        }
        let (word, span) = (token.of(text), token.span.clone());
        match dialect {
            Dialect::Postgres => {
                if let Some(number) = word.strip_prefix('$').and_then(|number| number.parse::<usize>().ok()) {
                    marks.push(Mark { span, number: Some(number.checked_sub(1)?) });
                }
            }
            Dialect::Sqlite if word == "?" => {
                let number = tokens.get(at + 1).filter(|next| next.span.start == span.end)?.of(text);
                let end = span.end + number.len();
                let number = number.parse::<usize>().ok()?.checked_sub(1)?;
                marks.push(Mark { span: span.start..end, number: Some(number) });
            }
            Dialect::Mysql if word == "?" => marks.push(Mark { span, number: None }),
            _ => {}
        }
    }
    Some(marks)
}

/// The marker of a value, from 0.
fn marked(dialect: Dialect, place: usize) -> String {
    match dialect {
        Dialect::Postgres => format!("${}", place + 1),
        Dialect::Sqlite => format!("?{}", place + 1),
        Dialect::Mysql | Dialect::Shell => "?".to_owned(),
    }
}
