//! Redirections: what a command reads, and which files it writes.

use brush_parser::ast::{IoFileRedirectKind as Kind, IoFileRedirectTarget as Target, IoRedirect};
use brush_parser::{ParserOptions, word};
use farol_api::risk::RiskClass;

use super::script::Reader;
use super::words::{Word, runs_in_braces};
use crate::finding::{Finding, quoted};

/// What a command reads on its standard input.
#[derive(Clone, Debug, Default)]
pub(super) enum Input {
    /// Whatever the script was given.
    #[default]
    Inherited,
    /// The output of another command, or a file.
    Stream,
    /// A file by redirection.
    File,
    /// A text that stands in the script.
    Text(String),
}

impl Reader<'_> {
    /// Classifies a redirection; returns the standard input where it sets that.
    pub(super) fn redirect(&mut self, redirect: &IoRedirect) -> Option<Input> {
        match redirect {
            IoRedirect::File(descriptor, kind, target) => self.file(*descriptor, kind, target),
            IoRedirect::OutputAndError(word, _) => {
                let word = self.word(word);
                self.writes(&word);
                None
            }
            IoRedirect::HereString(_, word) => {
                let word = self.word(word);
                Some(if word.is_literal() { Input::Text(word.value) } else { Input::Stream })
            }
            IoRedirect::HereDocument(_, document) => {
                let raw = &document.doc.value;
                if !document.requires_expansion {
                    return Some(Input::Text(raw.clone()));
                }
                let span = document.here_end.loc.as_ref().and_then(|place| self.bytes(place));
                if runs_in_braces(raw, false) {
                    self.braces_run(span.clone());
                }
                if ends_early(raw, &document.here_end.value) {
                    self.found(Finding::unknown(
                        span,
                        "A here-document ends where two lines are one.",
                        "Um here-document termina onde duas linhas são uma só.",
                    ));
                }
                Some(self.expanded(raw))
            }
        }
    }

    fn expanded(&mut self, raw: &str) -> Input {
        let Ok(pieces) = word::parse_heredoc(raw, &ParserOptions::default()) else {
            self.found(Finding::unknown(None, "A here-document is unreadable.", "Um here-document é ilegível."));
            return Input::Stream;
        };
        let literal: Option<String> = pieces.iter().map(|piece| literal(&piece.piece)).collect();
        if let Some(text) = literal {
            return Input::Text(text);
        }
        for piece in &pieces {
            match &piece.piece {
                word::WordPiece::CommandSubstitution(script)
                | word::WordPiece::BackquotedCommandSubstitution(script) => {
                    let span = self.text.find(script.as_str()).map(|at| at..at + script.len());
                    self.substitution(script, &span);
                }
                word::WordPiece::Text(_) | word::WordPiece::EscapeSequence(_) => {}
                _ => {
                    let source = raw.get(piece.start_index..piece.end_index).unwrap_or(raw);
                    if source.contains("$(") || source.contains('`') {
                        self.unquoted(source, None);
                    }
                }
            }
        }
        Input::Stream
    }

    fn file(&mut self, descriptor: Option<i32>, kind: &Kind, target: &Target) -> Option<Input> {
        let standard_input = descriptor.is_none_or(|descriptor| descriptor == 0);
        match (kind, target) {
            (Kind::Read, Target::Filename(word)) => {
                let word = self.word(word);
                self.network(&word);
                let nothing = word.value == "/dev/null";
                standard_input.then_some(if nothing { Input::Text(String::new()) } else { Input::File })
            }
            (_, Target::ProcessSubstitution(_, subshell)) => {
                self.substituted(subshell);
                matches!(kind, Kind::Read).then_some(Input::Stream)
            }
            (_, Target::Filename(word) | Target::Duplicate(word)) => {
                let word = self.word(word);
                let descriptor = word.value.trim_end_matches('-').bytes().all(|byte| byte.is_ascii_digit());
                if !(matches!(kind, Kind::DuplicateInput | Kind::DuplicateOutput) && descriptor) {
                    self.writes(&word);
                }
                None
            }
            (_, Target::Fd(_)) => None,
        }
    }

    fn substituted(&mut self, subshell: &brush_parser::ast::SubshellCommand) {
        let span = self.bytes(&subshell.loc);
        let source = span.clone().and_then(|span| self.text.get(span)).map(str::to_owned);
        // Without its own brackets: `<(( rm x ))` is a subshell in it and no arithmetic.
        let script = source.map(|source| {
            let inside = source.strip_prefix('(').and_then(|inside| inside.strip_suffix(')'));
            inside.map(str::to_owned).unwrap_or(source)
        });
        match script {
            Some(script) => self.substitution(&script, &span),
            None => self.found(Finding::unknown(
                None,
                "A process substitution is unreadable.",
                "Uma substituição de processo é ilegível.",
            )),
        }
    }

    fn network(&mut self, word: &Word) -> bool {
        let network = word.value.starts_with("/dev/tcp/") || word.value.starts_with("/dev/udp/");
        if network {
            self.found(Finding::unknown(
                word.span.clone(),
                "It opens a network connection.",
                "Abre uma conexão de rede.",
            ));
        }
        network
    }

    fn writes(&mut self, word: &Word) {
        let harmless = matches!(word.value.as_str(), "/dev/null" | "/dev/stdout" | "/dev/stderr" | "/dev/tty")
            || word
                .value
                .strip_prefix("/dev/fd/")
                .is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
        if harmless || self.network(word) {
            return;
        }
        let shown = quoted(word.span.clone().and_then(|span| self.text.get(span)).unwrap_or("…"));
        if word.value.starts_with("/dev/") || word.value.starts_with("/proc/") || word.value.starts_with("/sys/") {
            self.found(Finding::new(
                RiskClass::Destructive,
                word.span.clone(),
                format!("The redirection writes to the device {shown}."),
                format!("O redirecionamento grava no dispositivo {shown}."),
            ));
            return;
        }
        self.found(Finding::new(
            RiskClass::Write,
            word.span.clone(),
            format!("The redirection writes the file {shown}."),
            format!("O redirecionamento grava o arquivo {shown}."),
        ));
    }
}

/// Tells whether a line that a backslash continues is the end of the document for bash; the parser does not look there.
fn ends_early(raw: &str, end: &str) -> bool {
    raw.contains("\\\n") && raw.replace("\\\n", "").lines().any(|line| line.trim_start_matches('\t') == end)
}

/// Returns what a piece of a here-document stands for, where that is known: a backslash stays before most characters.
fn literal(piece: &word::WordPiece) -> Option<&str> {
    match piece {
        word::WordPiece::Text(text) => Some(text),
        word::WordPiece::EscapeSequence(text) => Some(match text.strip_prefix('\\') {
            Some("\n") => "",
            Some(escaped @ ("$" | "`" | "\\")) => escaped,
            _ => text,
        }),
        _ => None,
    }
}
