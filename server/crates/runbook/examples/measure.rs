//! Does one thing with Markdown, for an instrument to look at: `measure bare|pass|read|render BYTES FILE…`.
//!
//! `bare` drains the Markdown parser's events, `pass` reads blocks and items from them, `read` reads the runbook, `render`
//! makes HTML. The files are repeated, one text after the other, into a document of at least BYTES; with 0 they are taken one
//! by one as they are. Run it under `valgrind --tool=callgrind` to count instructions.

use std::hint::black_box;

use pulldown_cmark::Parser;

/// Something of everything that tables are made for, in each language.
const WARM: [&str; 3] = [
    "# Warm\n\n1. See the `kubectl logs x`\n\n```sql\nselect 1;\n```\n\n```sh\nls <folder>\n```\n",
    "Verificar se o pod esta de pe na regiao.\n",
    "Verifique si el pod esta en la region con los datos.\n",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (what, bytes) = (arguments.next().unwrap_or_default(), arguments.next().unwrap_or_default().parse::<usize>()?);
    let mut texts = Vec::new();
    for path in arguments {
        texts.push(String::from_utf8_lossy(&std::fs::read(path)?).into_owned());
    }
    if bytes > 0 {
        let whole = texts.join("\n\n");
        texts = vec![whole.repeat(bytes.div_ceil(whole.len().max(1)))];
    }
    // What is built once for all documents is no part of the first.
    WARM.iter().for_each(|text| drop(black_box(farol_runbook::parse(text, None))));
    for text in &texts {
        match what.as_str() {
            "bare" => {
                Parser::new_ext(text, farol_runbook::MARKDOWN).into_offset_iter().for_each(|e| drop(black_box(e)));
            }
            "pass" => drop(black_box(farol_runbook::count_blocks(text))),
            "read" => drop(black_box(farol_runbook::parse(text, None))),
            "render" => drop(black_box(farol_runbook::to_html(text))),
            "nothing" => {}
            other => return Err(format!("{other:?} is nothing to measure").into()),
        }
    }
    Ok(())
}
