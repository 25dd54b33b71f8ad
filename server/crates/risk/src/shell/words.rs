//! Words of a script: what they are once the shell has unquoted them, and what runs while it expands them.

use std::ops::Range;

use brush_parser::word::{self, ParameterExpr, WordPiece, WordPieceWithSource};
use brush_parser::{ParserOptions, SourceSpan, ast};

use super::script::Reader;
use crate::finding::Finding;

/// Stands in a value where an expansion stands whose result nobody knows.
pub(super) const MARK: char = '\u{1}';

/// A word after unquoting.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// Its text, with [`MARK`] for each expansion.
    pub value: String,
    /// Where it stands in the script, if it does.
    pub span: Option<Range<usize>>,
    /// Whether braces outside quotes make several words of it, some of which could be options.
    pub braces: bool,
    /// Whether it stands for options: `$ARGS`, `"$@"`, a variable that the script gives an option as its value.
    pub options: bool,
}

impl Word {
    /// Tells whether nothing in it depends on the moment.
    pub fn is_literal(&self) -> bool {
        !self.value.contains(MARK)
    }

    /// Makes a word that nobody knows.
    pub fn dynamic(span: Option<Range<usize>>) -> Self {
        Self { value: MARK.to_string(), span, braces: false, options: false }
    }
}

impl Reader<'_> {
    /// Turns a place of the parser, counted in characters, into bytes.
    pub(super) fn bytes(&self, place: &SourceSpan) -> Option<Range<usize>> {
        let (start, end) = (place.start.index, place.end.index);
        let range = match &self.offsets {
            None => start..end,
            Some(offsets) => *offsets.get(start)?..*offsets.get(end)?,
        };
        self.text.get(range.clone()).is_some().then_some(range)
    }

    /// Unquotes a word, and classifies what its substitutions run.
    pub(super) fn word(&mut self, word: &ast::Word) -> Word {
        let span = word.loc.as_ref().and_then(|place| self.bytes(place));
        let source = span.clone().and_then(|span| self.text.get(span)).unwrap_or(&word.value);
        if runs_in_braces(source, true) {
            self.braces_run(span.clone());
        }
        self.unquoted(&word.value, span)
    }

    pub(super) fn unquoted(&mut self, raw: &str, span: Option<Range<usize>>) -> Word {
        let Ok(pieces) = word::parse(raw, &ParserOptions::default()) else {
            self.found(Finding::unknown(
                span.clone(),
                "A word with unreadable quoting could expand to anything.",
                "Uma palavra com aspas ilegíveis pode expandir para qualquer coisa.",
            ));
            return Word::dynamic(span);
        };
        let mut value = String::new();
        let mut braces = false;
        for piece in &pieces {
            if let WordPiece::Text(text) = &piece.piece {
                braces |= has_option_braces(text);
            }
            self.piece(raw, piece, &span, &mut value);
        }
        Word { value, span, braces, options: stands_for_options(raw, &self.defined.options) }
    }

    pub(super) fn braces_run(&mut self, span: Option<Range<usize>>) {
        self.found(Finding::unknown(
            span,
            "A newer bash runs what stands in these braces.",
            "Um bash mais novo executa o que está nestas chaves.",
        ));
    }

    fn piece(&mut self, raw: &str, piece: &WordPieceWithSource, span: &Option<Range<usize>>, value: &mut String) {
        match &piece.piece {
            WordPiece::Text(text) | WordPiece::SingleQuotedText(text) => value.push_str(&text.replace(MARK, "?")),
            WordPiece::AnsiCQuotedText(text) if !text.contains('\\') => value.push_str(text),
            WordPiece::AnsiCQuotedText(_) => value.push(MARK),
            WordPiece::EscapeSequence(text) => {
                value.push_str(text.strip_prefix('\\').unwrap_or(text).trim_start_matches('\n'))
            }
            WordPiece::DoubleQuotedSequence(inner) | WordPiece::GettextDoubleQuotedSequence(inner) => {
                inner.iter().for_each(|piece| self.piece(raw, piece, span, value));
            }
            WordPiece::TildeExpansion(_) => value.push('~'),
            WordPiece::CommandSubstitution(script) => {
                value.push(MARK);
                self.substitution(script, span);
            }
            WordPiece::BackquotedCommandSubstitution(script) => {
                value.push(MARK);
                let script = script.replace("\\`", "`").replace("\\$", "$").replace("\\\\", "\\");
                self.substitution(&script, span);
            }
            WordPiece::ParameterExpansion(expr) => {
                value.push(MARK);
                self.parameter(expr, raw.get(piece.start_index..piece.end_index).unwrap_or(raw), span);
            }
            WordPiece::ArithmeticExpression(expr) => {
                value.push(MARK);
                self.arithmetic(&expr.value, span);
            }
        }
    }

    /// Classifies a script that runs inside this one and whose output becomes text.
    pub(super) fn substitution(&mut self, script: &str, span: &Option<Range<usize>>) {
        let finding = self.nested(script, span);
        self.found(finding);
    }

    /// Classifies a script that stands in this one, verbatim where possible, so that the reason can point into it.
    pub(super) fn nested(&mut self, script: &str, span: &Option<Range<usize>>) -> Finding {
        // What it defines is gone when it ends.
        let functions = self.defined.functions.clone();
        let finding = super::script::classify(self.table, script, self.depth + 1, self.defined);
        self.defined.functions = functions;
        let place = span.clone().and_then(|span| {
            let found = self.text.get(span.clone())?.find(script)?;
            Some(span.start + found)
        });
        match place {
            Some(offset) if !script.is_empty() => finding.shifted(offset),
            _ => finding.at(span.clone()),
        }
    }

    fn parameter(&mut self, expr: &ParameterExpr, raw: &str, span: &Option<Range<usize>>) {
        if matches!(expr, ParameterExpr::Transform { op: word::ParameterTransformOp::PromptExpand, .. }) {
            self.found(Finding::unknown(
                span.clone(),
                "`@P` runs what the value holds.",
                "`@P` executa o que o valor contém.",
            ));
        }
        if let ParameterExpr::AssignDefaultValues { parameter: word::Parameter::Named(name), .. } = expr {
            self.assigned(name, span.clone());
        }
        if evaluates(raw) {
            self.counted(raw, span);
        }
        if evaluates(raw) && raw.trim_start_matches("${FAROL_P_").contains("FAROL_P_") {
            self.arithmetic(raw, span);
        }
        if !raises_commands(raw) {
            return;
        }
        let inner = raw.trim_start_matches("${").trim_end_matches('}');
        let before = self.findings;
        self.unquoted(inner, span.clone());
        if self.findings == before {
            self.found(Finding::unknown(
                span.clone(),
                "A substitution is hidden inside a parameter expansion.",
                "Há uma substituição escondida dentro de uma expansão de parâmetro.",
            ));
        }
    }

    /// Arithmetic evaluates the text of variables, subscripts and the commands in them included.
    pub(super) fn arithmetic(&mut self, expr: &str, span: &Option<Range<usize>>) {
        // `$(((1)) && rm x)` is a command in a substitution, where the parser takes a bracket behind it for the second.
        if raises_commands(expr) || expr.contains("FAROL_P_") || !balanced(expr) {
            self.found(Finding::unknown(
                span.clone(),
                "Arithmetic runs the substitutions that it is given.",
                "A aritmética executa as substituições que recebe.",
            ));
        }
        self.counted(expr, span);
    }

    /// `((PATH = 1))` sets the variable as `PATH=1` does.
    pub(super) fn counted(&mut self, expr: &str, span: &Option<Range<usize>>) {
        if !["=", "++", "--"].iter().any(|sets| expr.contains(sets)) {
            return;
        }
        expr.split(|char: char| !char.is_ascii_alphanumeric() && char != '_')
            .filter(|name| !name.is_empty())
            .for_each(|name| self.assigned(name, span.clone()));
    }
}

/// Tells whether every bracket has its counterpart.
fn balanced(expr: &str) -> bool {
    let mut open = 0_i32;
    for char in expr.chars() {
        match char {
            '(' => open += 1,
            ')' => open -= 1,
            _ => {}
        }
        if open < 0 {
            return false;
        }
    }
    open == 0
}

fn raises_commands(text: &str) -> bool {
    ["$(", "`", "<(", ">("].iter().any(|start| text.contains(start))
}

/// `${ rm x; }` and `${| rm x; }` run a script since bash 5.3 and mean nothing before. The parser drops the blank, so the
/// source is asked. `quotes` tells whether quotes mean anything there.
pub(super) fn runs_in_braces(source: &str, quotes: bool) -> bool {
    let (mut single, mut double, mut escapes) = (false, false, true);
    let mut before = ' ';
    let mut chars = source.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '\\' if escapes => {
                chars.next();
            }
            '\'' if quotes && !double => {
                single = !single;
                // Only in `$'…'` does a backslash escape the end.
                escapes = !single || before == '$';
            }
            '"' if quotes && !single => double = !double,
            '$' if !single && ["{ ", "{\t", "{\n", "{|"].iter().any(|start| source[at + 1..].starts_with(start)) => {
                return true;
            }
            _ => {}
        }
        before = char;
    }
    false
}

/// Tells whether a word expands to options, from its name or from what the script has put into it.
fn stands_for_options(raw: &str, known: &[(String, bool)]) -> bool {
    let Some(expansion) = raw.trim_start_matches('"').strip_prefix('$') else { return false };
    let inner = expansion.trim_start_matches('{');
    let name: String = inner.chars().take_while(|char| char.is_ascii_alphanumeric() || *char == '_').collect();
    let upper = name.to_ascii_uppercase();
    inner.starts_with(['@', '*'])
        || inner.contains("[@]")
        || inner.contains("[*]")
        || [":--", ":=-", ":+-"].iter().any(|default| inner.contains(default))
        || ["OPTS", "OPTIONS", "ARGS", "ARGUMENTS", "FLAGS"].iter().any(|ending| upper.ends_with(ending))
        || known.iter().any(|(known, starts)| *known == name && (*starts || !raw.starts_with('"')))
}

/// `{-delete,x}` outside quotes becomes several words; only those that start with a dash matter.
fn has_option_braces(text: &str) -> bool {
    text.contains("{-") || text.contains(",-")
}

/// Subscripts and offsets of an expansion are arithmetic.
fn evaluates(expansion: &str) -> bool {
    let offset = expansion.split_once(':').is_some_and(|(_, rest)| !rest.starts_with(['-', '=', '+', '?']));
    expansion.contains('[') || offset
}
