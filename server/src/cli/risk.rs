//! `farol risk`: the class of a statement or script.

use std::io::{BufRead, Read, Write};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use farol_api::risk::Dialect;
use farol_risk::{class_word, classify, to_json};

/// Arguments of `farol risk`.
#[derive(Debug, Args)]
pub struct Risk {
    /// The language of standard input
    #[arg(long, value_enum)]
    dialect: Language,
    /// Text for a person, or one JSON string a line in and one object a line out
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Language {
    Postgres,
    Mysql,
    Sqlite,
    Shell,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Risk {
    /// Runs it. Exits 2 where standard input is not what the format asks for.
    pub fn run(&self) -> ExitCode {
        match self.classify() {
            Ok(()) => ExitCode::SUCCESS,
            Err(sentence) => {
                eprintln!("farol: {sentence}");
                ExitCode::from(2)
            }
        }
    }

    fn classify(&self) -> Result<(), String> {
        let dialect = match self.dialect {
            Language::Postgres => Dialect::Postgres,
            Language::Mysql => Dialect::Mysql,
            Language::Sqlite => Dialect::Sqlite,
            Language::Shell => Dialect::Shell,
        };
        let mut out = std::io::stdout().lock();
        match self.format {
            Format::Text => {
                let mut text = String::new();
                let read = std::io::stdin().lock().read_to_string(&mut text);
                read.map_err(|error| format!("standard input cannot be read: {error}"))?;
                let verdict = classify(dialect, &text);
                let words = verdict.span.map(|span| span.of(&text).to_owned()).unwrap_or_default();
                let class = class_word(dialect, verdict.class);
                writeln!(out, "{class}: {}", verdict.why.en).map_err(|error| error.to_string())?;
                if !words.is_empty() {
                    writeln!(out, "decided by: {words}").map_err(|error| error.to_string())?;
                }
            }
            Format::Json => {
                for (index, line) in std::io::stdin().lock().lines().enumerate() {
                    let line = line.map_err(|error| format!("standard input cannot be read: {error}"))?;
                    let text: String = serde_json::from_str(&line)
                        .map_err(|_| format!("line {} of standard input is not a JSON string", index + 1))?;
                    let object = to_json(dialect, &classify(dialect, &text));
                    writeln!(out, "{object}").map_err(|error| error.to_string())?;
                }
            }
        }
        Ok(())
    }
}
