//! `farol risk`: the class of a statement or script.

use std::io::{self, BufRead, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use farol_api::risk::{Dialect, RiskClass, RiskVerdict};
use farol_api::text::{Locale, Localized};
use farol_risk::service::Classifier;
use farol_risk::{class_word, to_json};

use super::say::{Format, complain, locale};

/// The longest line of JSON that is read, in bytes: the longest text that is classified, each byte escaped, fits.
const LONGEST_LINE: u64 = 512 * 1024;
/// How much of a text is read: more than the classifier accepts, so that it says so itself.
const LONGEST_TEXT: u64 = 1024 * 1024;

/// Arguments of `farol risk`.
#[derive(Debug, Args)]
pub struct Risk {
    /// The language of standard input
    #[arg(long, value_enum)]
    dialect: Language,
    /// Text for a person, or one JSON string a line in and one object a line out
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// The language of the reason: en or pt-BR
    #[arg(long, value_name = "TAG", default_value = "en", value_parser = locale)]
    lang: Locale,
    /// A team's table of commands, as the setting `risk_table` names it
    #[arg(long, value_name = "FILE")]
    table: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Language {
    Postgres,
    Mysql,
    Sqlite,
    Shell,
}

impl Risk {
    /// Runs it. Exits 2 where standard input is not what the format asks for, or the table is not understood.
    pub fn run(&self) -> ExitCode {
        match self.classify() {
            Ok(0) => ExitCode::SUCCESS,
            Ok(1) => failed("one line of standard input is no JSON string"),
            Ok(bad) => failed(&format!("{bad} lines of standard input are no JSON strings")),
            Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
            Err(error) => failed(&format!("{error:#}")),
        }
    }

    /// Returns how many lines were no JSON strings.
    fn classify(&self) -> anyhow::Result<usize> {
        let table = crate::risk_table::load(self.table.as_deref())?;
        // As the server does it: what crashes or hangs a parser costs one verdict.
        let classifier = Classifier::spawn_with(std::env::current_exe()?, vec!["risk-worker".to_owned()], &table)?;
        let dialect = match self.dialect {
            Language::Postgres => Dialect::Postgres,
            Language::Mysql => Dialect::Mysql,
            Language::Sqlite => Dialect::Sqlite,
            Language::Shell => Dialect::Shell,
        };
        let (input, output) = (io::stdin().lock(), io::stdout().lock());
        match self.format {
            Format::Text => one_text(&classifier, dialect, self.lang, input, output).map(|()| 0),
            Format::Json => lines(&classifier, dialect, input, output),
        }
    }
}

fn failed(sentence: &str) -> ExitCode {
    complain(&sentence);
    ExitCode::from(2)
}

/// Whoever reads may stop reading: that is no failure.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

fn one_text(
    classifier: &Classifier,
    dialect: Dialect,
    lang: Locale,
    input: impl Read,
    mut output: impl Write,
) -> anyhow::Result<()> {
    let mut bytes = Vec::new();
    input.take(LONGEST_TEXT).read_to_end(&mut bytes)?;
    // Cut off or not, what is so long is refused for its length.
    let text = match String::from_utf8(bytes) {
        Err(error) if error.as_bytes().len() as u64 == LONGEST_TEXT => {
            String::from_utf8_lossy(error.as_bytes()).into_owned()
        }
        read => read.map_err(|_| anyhow::anyhow!("standard input is not UTF-8, so it is no text to classify"))?,
    };
    let verdict = classifier.classify(dialect, &text);
    writeln!(output, "{}: {}", class_word(dialect, verdict.class), verdict.why.get(lang))?;
    let Some(span) = verdict.span else { return Ok(()) };
    let before = &text[..span.start];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    let words = span.of(&text);
    match lang {
        Locale::PtBr => writeln!(output, "decidido por, linha {line}, coluna {column}: {words}")?,
        Locale::En => writeln!(output, "decided by, line {line}, column {column}: {words}")?,
    }
    Ok(())
}

/// One object a line, whatever the line was: one that is no JSON string is unknown. Returns how many of these there were.
fn lines(
    classifier: &Classifier,
    dialect: Dialect,
    mut input: impl BufRead,
    mut output: impl Write,
) -> anyhow::Result<usize> {
    let mut bad = 0;
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(bad);
        }
        let cut = line.len() as u64 == LONGEST_LINE && line.last() != Some(&b'\n');
        let verdict = if cut {
            input.skip_until(b'\n')?;
            unread("The line is too long to be read.", "A linha é longa demais para ser lida.")
        } else if let Ok(text) = serde_json::from_slice::<String>(&line) {
            classifier.classify(dialect, &text)
        } else {
            bad += 1;
            unread("The line is no JSON string.", "A linha não é uma string JSON.")
        };
        writeln!(output, "{}", to_json(dialect, &verdict))?;
    }
}

fn unread(en: &str, pt: &str) -> RiskVerdict {
    RiskVerdict { class: RiskClass::Unknown, why: Localized::new(en, pt), span: None }
}
