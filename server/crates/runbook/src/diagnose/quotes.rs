//! Typographic quotes where a command needs straight ones.

use farol_api::graph::CommandLanguage;
use farol_api::runbook::{Diagnostic, Runbook, TextEdit};
use farol_api::text::Span;

use super::{catalogue, diagnostic};
use crate::doc::Doc;
use crate::words::shorten;

/// Says which commands hold typographic quotes outside straight ones.
pub fn all(doc: &Doc<'_>, runbook: &Runbook, out: &mut Vec<Diagnostic>) {
    for node in runbook.graph.nodes.iter().filter(|n| n.kind.is_step()) {
        let Some(command) = node.command.as_ref().filter(|c| c.language != CommandLanguage::Other) else { continue };
        let Some(source) = doc.text.get(command.span.start..command.span.end) else { continue };
        // Both begin with the same byte: most commands are done here.
        if memchr::memchr(0xE2, source.as_bytes()).is_none() {
            continue;
        }
        let Some(found) = find(source, command.language == CommandLanguage::Shell) else { continue };
        let start = command.span.start;
        let span = Span::new(start + found.start, start + found.end);
        let words = shorten(&source[found.start..found.end], 60);
        let mut said = diagnostic(&catalogue::SMART_QUOTES, words, span, doc.line(span.start));
        said.fix = found.straight.map(|replacement| TextEdit { span, replacement, sure: true });
        out.push(said);
    }
}

struct Found {
    start: usize,
    end: usize,
    /// The same with straight quotes, where each one has its partner.
    straight: Option<String>,
}

/// The straight form of a typographic quote.
const fn straight(c: char) -> Option<char> {
    match c {
        '“' | '”' | '„' | '‟' => Some('"'),
        '‘' | '’' | '‚' | '‛' => Some('\''),
        _ => None,
    }
}

/// Finds typographic quotes outside straight quotes and comments.
fn find(text: &str, shell: bool) -> Option<Found> {
    let mut places: Vec<(usize, char)> = Vec::new();
    let (mut quote, mut comment, mut escaped, mut inside, mut before) = (None, false, false, false, '\n');
    for (at, c) in text.char_indices() {
        if escaped {
            escaped = false;
            continue;
        }
        escaped = c == '\\' && shell && !comment && quote != Some('\'');
        if comment {
            comment = c != '\n';
        } else if let Some(open) = quote {
            quote = (c != open).then_some(open);
        } else if matches!(c, '"' | '\'' | '`') {
            // A straight quote between typographic ones: whose is it?
            inside |= places.len() % 2 == 1;
            quote = (c != '`').then_some(c);
        } else if shell && c == '#' && before.is_whitespace() || !shell && text[at..].starts_with("--") {
            comment = true;
        } else if straight(c).is_some() {
            places.push((at, c));
        }
        before = c;
    }
    let (first, last) = (places.first()?.0, places.last()?);
    let end = last.0 + last.1.len_utf8();
    let sure = quote.is_none() && !inside && !text.contains("<<") && paired(text, &places, shell);
    let change = |c: char| straight(c).unwrap_or(c);
    let straight = sure.then(|| text[first..end].chars().map(change).collect());
    Some(Found { start: first, end, straight })
}

/// Tells whether the quotes stand in pairs, an opening one where a word begins and a closing one where it ends, with
/// nothing between two pairs that would change.
fn paired(text: &str, places: &[(usize, char)], shell: bool) -> bool {
    let [first, .., last] = places else { return false };
    let between = &text[first.0..last.0];
    let pairs = places.chunks(2).all(|pair| {
        let [(from, open), (to, close)] = pair else { return false };
        let begins = text[..*from].chars().next_back().is_none_or(|c| c.is_whitespace() || "=(,:{[@".contains(c));
        let ends =
            text[to + close.len_utf8()..].chars().next().is_none_or(|c| c.is_whitespace() || "),;:}]|".contains(c));
        let held = &text[from + open.len_utf8()..*to];
        straight(*open) == straight(*close) && begins && ends && !held.contains('\\') && !(shell && held.contains('\n'))
    });
    // Straight quotes between two pairs hold text that stays as it is only where it has no typographic quotes.
    pairs && !between.contains(['"', '\''])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(text: &str, shell: bool) -> Option<Option<String>> {
        find(text, shell).map(|f| f.straight.map(|s| format!("{}{s}{}", &text[..f.start], &text[f.end..])))
    }

    #[test]
    fn pairs_are_made_straight_and_nothing_else() {
        let sure = |text: &str, shell, want: &str| assert_eq!(mended(text, shell), Some(Some(want.to_owned())));
        sure("psql -c “SELECT 1” shop", true, "psql -c \"SELECT 1\" shop");
        sure("SELECT * FROM t WHERE name = ‘José’;", false, "SELECT * FROM t WHERE name = 'José';");
        sure("curl -H “A: b” –d ‘x’", true, "curl -H \"A: b\" –d 'x'");
    }

    #[test]
    fn doubtful_ones_are_said_and_left() {
        for text in ["echo don’t", "echo “a", "echo “say \"hi\"”", "echo “it’s”", "cat <<EOF\n“a”\nEOF", "echo “a\\”"]
        {
            assert_eq!(mended(text, true), Some(None), "{text}");
        }
    }

    #[test]
    fn quotes_in_text_and_comments_are_nobodys_business() {
        for text in ["echo \"He said “hi”\"", "ls # don’t", "echo 'it’s'", "ls"] {
            assert_eq!(mended(text, true), None, "{text}");
        }
        assert_eq!(mended("SELECT 1 -- don’t", false), None);
    }
}
