//! What an attempt printed or returned.

use farol_api::output::{Column, OutputCap, OutputChunk, OutputContent};
use leptos::prelude::*;

use crate::words::fill;
use crate::words::room::words;

/// Chunks put together as people read them: text as text, rows under their columns.
#[derive(Clone, Debug, PartialEq)]
enum Part {
    Text { text: String, error: bool },
    Table { columns: Vec<Column>, rows: Vec<Vec<Option<String>>> },
    Cut(OutputCap),
}

fn parts<'c>(chunks: impl IntoIterator<Item = &'c OutputChunk>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for chunk in chunks {
        match &chunk.content {
            OutputContent::Stdout { text } | OutputContent::Stderr { text } => {
                let is_error = matches!(chunk.content, OutputContent::Stderr { .. });
                match parts.last_mut() {
                    Some(Part::Text { text: so_far, error }) if *error == is_error => so_far.push_str(text),
                    _ => parts.push(Part::Text { text: text.clone(), error: is_error }),
                }
            }
            OutputContent::Columns { columns } => {
                parts.push(Part::Table { columns: columns.clone(), rows: Vec::new() });
            }
            OutputContent::Rows { rows: more } => match parts.last_mut() {
                Some(Part::Table { rows, .. }) => rows.extend_from_slice(more),
                _ => parts.push(Part::Table { columns: Vec::new(), rows: more.clone() }),
            },
            OutputContent::Truncated { cap } => parts.push(Part::Cut(*cap)),
        }
    }
    parts
}

/// Shows output, oldest first.
pub fn output_view<'c>(chunks: impl IntoIterator<Item = &'c OutputChunk>) -> AnyView {
    let parts: Vec<_> = parts(chunks).into_iter().map(part_view).collect();
    if parts.is_empty() {
        return view! { <p class="label">{words().no_output}</p> }.into_any();
    }
    view! { <div class="output">{parts}</div> }.into_any()
}

fn part_view(part: Part) -> AnyView {
    let w = words();
    match part {
        Part::Text { text, error: false } => view! { <pre class="log" tabindex="0">{text}</pre> }.into_any(),
        Part::Text { text, error: true } => view! {
            <p class="label">{w.stderr}</p>
            <pre class="log err" tabindex="0">{text}</pre>
        }
        .into_any(),
        Part::Table { columns, rows } => table(&columns, rows),
        Part::Cut(OutputCap::Rows { kept }) => {
            view! { <p class="note wait">{fill(w.cut_rows, &[&kept.to_string()])}</p> }.into_any()
        }
        Part::Cut(OutputCap::Bytes { kept }) => {
            view! { <p class="note wait">{fill(w.cut_bytes, &[&kept.to_string()])}</p> }.into_any()
        }
    }
}

fn table(columns: &[Column], rows: Vec<Vec<Option<String>>>) -> AnyView {
    let w = words();
    let right: Vec<bool> = columns.iter().map(|column| column.numeric).collect();
    let empty = rows.is_empty();
    let head: Vec<_> = columns
        .iter()
        .map(|column| {
            view! {
                <th scope="col" class=column.numeric.then_some("r")>
                    {column.name.clone()}
                    <span class="type">{column.type_name.clone()}</span>
                </th>
            }
            .into_any()
        })
        .collect();
    let body: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let cells: Vec<_> = row
                .into_iter()
                .enumerate()
                .map(|(index, cell)| {
                    let right = right.get(index).copied().unwrap_or(false);
                    match cell {
                        Some(text) => view! { <td class=if right { "num r" } else { "num" }>{text}</td> }.into_any(),
                        None => view! { <td class="null">"NULL"</td> }.into_any(),
                    }
                })
                .collect();
            view! { <tr>{cells}</tr> }.into_any()
        })
        .collect();
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=w.output>
            <table class="rows"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>
        </div>
        {empty.then(|| view! { <p class="label">{w.no_rows}</p> })}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use farol_api::id::AttemptId;

    fn chunk(content: OutputContent) -> OutputChunk {
        OutputChunk {
            attempt: AttemptId("00000000-0000-0000-0000-000000000001".parse().unwrap()),
            seq: 1,
            at: chrono::DateTime::UNIX_EPOCH,
            content,
        }
    }

    #[test]
    fn rows_of_several_chunks_stand_under_one_head() {
        let column = Column { name: "n".into(), type_name: "int4".into(), numeric: true };
        let row = || vec![vec![Some("1".to_owned())], vec![None]];
        let chunks = [
            chunk(OutputContent::Columns { columns: vec![column.clone()] }),
            chunk(OutputContent::Rows { rows: row() }),
            chunk(OutputContent::Rows { rows: row() }),
        ];
        let shown = parts(&chunks);
        assert!(matches!(&shown[..], [Part::Table { rows, columns }] if rows.len() == 4 && columns[0] == column));
    }

    #[test]
    fn the_two_streams_stay_apart_in_their_order() {
        let text = |error: bool, text: &str| match error {
            true => chunk(OutputContent::Stderr { text: text.into() }),
            false => chunk(OutputContent::Stdout { text: text.into() }),
        };
        let shown = parts(&[text(false, "a"), text(false, "b\n"), text(true, "!"), text(false, "c")]);
        let texts: Vec<_> = shown.iter().map(|part| matches!(part, Part::Text { error: true, .. })).collect();
        assert_eq!(texts, [false, true, false]);
    }
}
