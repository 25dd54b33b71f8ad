//! `farol verify`: what an exported record proves, without a server and without a network.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use farol_api::text::{Locale, Localized};
use farol_record::verify::{Report, Unreadable};
use farol_record::{PublicKey, Verifier};
use serde::Serialize;
use serde_json::{Value, json};

use super::input::unreadable;
use super::say::{self, Format, complain, locale};

/// The longest line that is read, in bytes. A runbook's largest text fits several times.
const LONGEST_LINE: u64 = 64 * 1024 * 1024;
/// The largest file of keys or checkpoints, in bytes.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Arguments of `farol verify`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exits 0 where everything in the bundle is proved, 1 where something is wrong or not proved, 2 where it cannot be read."
)]
pub struct Verify {
    /// The exported record of an incident; - reads standard input
    #[arg(value_name = "BUNDLE")]
    bundle: PathBuf,
    /// A key whose signatures are believed, as `farol keys` prints it, or a file of such keys
    #[arg(long = "key", value_name = "KEY|FILE")]
    keys: Vec<String>,
    /// A file of checkpoints that were kept elsewhere: the record must agree with those of its incident
    #[arg(long = "checkpoint", value_name = "FILE")]
    checkpoints: Vec<PathBuf>,
    /// Text for people, or one JSON object
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// The language of the messages: en or pt-BR
    #[arg(long, value_name = "TAG", default_value = "en", value_parser = locale)]
    lang: Locale,
}

/// Why there is no report.
enum Failure {
    /// Something that was named on the command line, and what is wrong with it.
    Named(String, Localized),
    /// The bundle is none.
    Bundle(Unreadable),
}

impl Verify {
    /// Runs it.
    pub fn run(&self) -> ExitCode {
        let (code, printed) = match self.verify() {
            Ok(report) => (u8::from(!report.proves()), self.print(&report)),
            Err(Failure::Named(name, why)) => {
                complain(&format_args!("{name}: {}", why.get(self.lang)));
                return ExitCode::from(2);
            }
            Err(Failure::Bundle(why)) => (2, self.print_unreadable(&why)),
        };
        if let Err(error) = printed {
            complain(&format_args!("cannot write: {error}"));
            return ExitCode::from(2);
        }
        ExitCode::from(code)
    }

    fn verify(&self) -> Result<Report, Failure> {
        let mut keys = Vec::new();
        for key in &self.keys {
            keys.extend(keys_of(key)?);
        }
        let mut verifier = Verifier::new(keys);
        for path in &self.checkpoints {
            let notes = notes(&file(path)?);
            if notes.is_empty() {
                let why = Localized::new("holds no checkpoint", "não contém nenhum checkpoint");
                return Err(Failure::Named(path.display().to_string(), why));
            }
            for note in notes {
                verifier.kept_elsewhere(&note).map_err(|_| {
                    let why =
                        Localized::new("holds something that is no checkpoint", "contém algo que não é um checkpoint");
                    Failure::Named(path.display().to_string(), why)
                })?;
            }
        }
        let failed = |error| Failure::Named(self.bundle.display().to_string(), unreadable(&error));
        if self.bundle == Path::new("-") {
            return read(io::stdin().lock(), verifier, failed);
        }
        read(BufReader::new(open(&self.bundle)?), verifier, failed)
    }

    fn print(&self, report: &Report) -> io::Result<()> {
        let get = |text: Localized| text.get(self.lang).to_owned();
        if matches!(self.format, Format::Json) {
            let mut object = serde_json::to_value(report).map_err(io::Error::from)?;
            object["verdict"] = json!(if report.proves() { "proved" } else { "not_proved" });
            object["message"] = json!(get(report.verdict()));
            object["problems"] = said(&report.problems, |problem| get(problem.say()));
            object["gaps"] = said(&report.gaps, |gap| get(gap.say()));
            object["remarks"] = said(&report.remarks, |remark| get(remark.say()));
            return say::print(format!("{object}\n").as_bytes());
        }
        let word = |en: &str, pt: &str| Localized::new(en, pt).get(self.lang).to_owned();
        let (wrong, gap) = (word("wrong", "errado"), word("not proved", "não provado"));
        let (good, note) = (word("good", "certo"), word("note", "nota"));
        let lines = report.problems.iter().map(|problem| (&wrong, get(problem.say())));
        let lines = lines.chain(report.gaps.iter().map(|unproved| (&gap, get(unproved.say()))));
        let lines = lines.chain(report.signed.iter().map(|signed| (&good, get(signed.say()))));
        let lines = lines.chain(report.remarks.iter().map(|remark| (&note, get(remark.say()))));
        let lines: String = lines.map(|(word, sentence)| format!("  {word}: {}\n", plain(&sentence))).collect();
        say::print(format!("{}\n{}\n{lines}", self.about(report), get(report.verdict())).as_bytes())
    }

    /// Which incident it is, and how much there is of it.
    fn about(&self, report: &Report) -> String {
        let Report { incident, origin, entries, dispatched, outputs, .. } = report;
        let some =
            |count: u64, one: &str, many: &str| say::count(usize::try_from(count).unwrap_or(usize::MAX), one, many);
        let counts = match self.lang {
            Locale::En => [
                some(*entries, "entry", "entries"),
                some(*dispatched, "step dispatched", "steps dispatched"),
                some(*outputs, "chunk of output", "chunks of output"),
            ],
            Locale::PtBr => [
                some(*entries, "entrada", "entradas"),
                some(*dispatched, "passo enviado", "passos enviados"),
                some(*outputs, "trecho de saída", "trechos de saída"),
            ],
        };
        format!("INC-{incident} ({}): {}", plain(origin), counts.join(", "))
    }

    fn print_unreadable(&self, why: &Unreadable) -> io::Result<()> {
        let sentence = why.say().get(self.lang).to_owned();
        if matches!(self.format, Format::Text) {
            complain(&format_args!("{}: {sentence}", self.bundle.display()));
            return Ok(());
        }
        let mut object = serde_json::to_value(why).map_err(io::Error::from)?;
        object["verdict"] = json!("unreadable");
        object["message"] = json!(sentence);
        say::print(format!("{object}\n").as_bytes())
    }
}

/// A key itself, or those of a file: one a line, comments begin with #.
fn keys_of(text: &str) -> Result<Vec<PublicKey>, Failure> {
    if let Ok(key) = text.parse() {
        return Ok(vec![key]);
    }
    let path = Path::new(text);
    if !path.exists() {
        let why = Localized::new(
            "is neither a key, as `farol keys` prints it, nor a file",
            "não é uma chave, como `farol keys` a mostra, nem um arquivo",
        );
        return Err(Failure::Named(text.to_owned(), why));
    }
    let lines = file(path)?;
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let keys: Result<Vec<PublicKey>, _> = lines.map(str::parse).collect();
    keys.ok().filter(|keys| !keys.is_empty()).ok_or_else(|| {
        let why = Localized::new(
            "is no file of keys, as `farol keys` prints them",
            "não é um arquivo de chaves, como `farol keys` as mostra",
        );
        Failure::Named(text.to_owned(), why)
    })
}

fn open(path: &Path) -> Result<File, Failure> {
    let named = |why| Failure::Named(path.display().to_string(), why);
    if path.is_dir() {
        return Err(named(Localized::new("is a folder; name a file in it", "é uma pasta; indique um arquivo dela")));
    }
    File::open(path).map_err(|error| named(unreadable(&error)))
}

/// The text of a small file.
fn file(path: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let read = open(path)?.take(LARGEST).read_to_string(&mut text);
    read.map_err(|error| Failure::Named(path.display().to_string(), unreadable(&error)))?;
    Ok(text)
}

/// What the bundle itself says reaches a terminal without control characters.
fn plain(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// A list of findings, each with its sentence.
fn said<T: Serialize>(findings: &[T], say: impl Fn(&T) -> String) -> Value {
    let all = findings.iter().map(|finding| {
        let mut object = serde_json::to_value(finding).unwrap_or_default();
        object["message"] = json!(say(finding));
        object
    });
    all.collect()
}

/// Signed notes one after the other, with empty lines between, as `farol checkpoint` prints them.
fn notes(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n");
    let blocks: Vec<&str> =
        text.split("\n\n").map(|block| block.trim_matches('\n')).filter(|b| !b.is_empty()).collect();
    blocks.chunks(2).map(|note| format!("{}\n", note.join("\n\n"))).collect()
}

/// Reads a bundle line by line: it may be larger than the memory.
fn read(
    mut from: impl BufRead,
    mut verifier: Verifier,
    failed: impl Fn(io::Error) -> Failure,
) -> Result<Report, Failure> {
    let mut bytes = Vec::new();
    for number in 1.. {
        bytes.clear();
        let length = from.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut bytes).map_err(&failed)?;
        if length == 0 {
            break;
        }
        let none = if number == 1 { Unreadable::NotARecord } else { Unreadable::Line { line: number } };
        let Some(line) = bytes.strip_suffix(b"\n") else {
            // A last line without its newline was cut within.
            let is_cut = number > 1 && (length as u64) < LONGEST_LINE;
            return Err(Failure::Bundle(if is_cut { Unreadable::Cut { lines: number } } else { none }));
        };
        let line = std::str::from_utf8(line).map_err(|_| Failure::Bundle(none))?;
        verifier.line(line).map_err(Failure::Bundle)?;
    }
    verifier.finish().map_err(Failure::Bundle)
}
