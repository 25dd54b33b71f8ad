//! `farol graph`: the step graph of a runbook, as a picture or for other programs.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use farol_api::runbook::Runbook;
use farol_api::text::Locale;
use farol_diagram::{Options, WIDTH_WIDE, dot, mermaid, svg};

use super::input;
use super::say::{self, complain, locale};
use crate::reading;

/// Arguments of `farol graph`.
#[derive(Debug, Args)]
pub struct Graph {
    /// A runbook; - reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// A picture, a language of other programs, or the graph itself
    #[arg(long, value_enum, default_value = "svg")]
    format: Format,
    /// The language of the words that are not the author's: en or pt-BR
    #[arg(long, alias = "locale", value_name = "TAG", default_value = "en", value_parser = locale)]
    lang: Locale,
    /// The width of the picture in pixels; 360 suits a phone
    #[arg(long, default_value_t = WIDTH_WIDE, value_name = "PIXELS")]
    width: u16,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Svg,
    Dot,
    Mermaid,
    Json,
}

impl Graph {
    /// Runs it. Exits 2 where the file could not be read, or nothing be written.
    pub fn run(&self) -> ExitCode {
        let drawn = input::read(&self.file).map_err(|why| why.get(self.lang).to_owned()).and_then(|text| {
            let runbook = reading::classified(&text, None, |texts| {
                texts.iter().map(|(dialect, text)| farol_risk::classify(*dialect, text)).collect()
            });
            self.draw(&runbook)
        });
        let printed =
            drawn.and_then(|drawn| say::print(drawn.as_bytes()).map_err(|error| format!("cannot write: {error}")));
        match printed {
            Ok(()) => ExitCode::SUCCESS,
            Err(sentence) => {
                complain(&sentence);
                ExitCode::from(2)
            }
        }
    }

    fn draw(&self, runbook: &Runbook) -> Result<String, String> {
        let locale = self.lang;
        Ok(match self.format {
            Format::Svg => {
                let options = Options {
                    locale,
                    title: &runbook.title,
                    width: self.width,
                    standalone: true,
                    ..Options::default()
                };
                svg(&runbook.graph, &options)
            }
            Format::Dot => dot(&runbook.graph, locale),
            Format::Mermaid => mermaid(&runbook.graph, locale),
            Format::Json => serde_json::to_string(&runbook.graph).map_err(|error| error.to_string())? + "\n",
        })
    }
}
