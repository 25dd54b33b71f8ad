//! The one way by which an attempt's output leaves a runner: decoded, redacted, made plain, put into chunks.

use std::borrow::Cow;
use std::path::PathBuf;
use std::time::Duration;

use farol_api::capture::Withheld;
use farol_api::digest::Digest;
use farol_api::event::FullResult;
use farol_api::output::{Column, OutputCap, OutputContent};
use farol_incident::spec::AttemptSpec;
use farol_store::failpoint;
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use tokio::task::yield_now;
use tokio::time::Instant;

use crate::left::{AllLeft, Left};
use crate::redact::{MARKER, RedactStream, Secrets};
use crate::spool::Spool;
use crate::text::{PlainStream, Utf8Stream, plain};
use crate::watch::Watch;

/// How much of an attempt's output is kept, and how it is put into chunks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most rows kept.
    pub rows: u64,
    /// Most bytes kept.
    pub bytes: u64,
    /// Most bytes of the file that takes the whole of a result which the output cuts.
    pub result_bytes: u64,
    /// Most bytes of a script's output that are read and thrown away after that, before the script is ended.
    pub drained_bytes: u64,
    /// Most rows in a chunk.
    pub chunk_rows: usize,
    /// Most bytes in a chunk, about.
    pub chunk_bytes: usize,
    /// The least time between two chunks that are not full.
    pub chunk_every: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rows: 1_000,
            bytes: 1 << 20,
            result_bytes: 256 << 20,
            drained_bytes: 256 << 20,
            chunk_rows: 200,
            chunk_bytes: 32 << 10,
            chunk_every: Duration::from_millis(50),
        }
    }
}

/// Takes finished chunks, in order. Bounded: a slow store slows the runner down.
#[derive(Clone, Debug)]
pub struct OutputSink(mpsc::Sender<OutputContent>);

impl OutputSink {
    /// Makes a sink that holds at most `chunks`, and the end that reads it; dropping that end says that output can no
    /// longer be stored.
    pub fn channel(chunks: usize) -> (Self, mpsc::Receiver<OutputContent>) {
        let (sender, receiver) = mpsc::channel(chunks);
        (Self(sender), receiver)
    }
}

/// Standard output or standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error, and the target's own words about an error.
    Err,
}

/// What is known of the output when the attempt ended.
#[derive(Debug)]
pub(crate) struct Printed {
    pub digest: Option<Digest>,
    pub truncated: bool,
    /// The whole of a result that was cut.
    pub full: Option<FullResult>,
    /// Output could not be stored.
    pub broken: bool,
    /// Whether what was expected came out.
    pub expected_seen: Option<bool>,
    /// What is left for later steps.
    pub left: AllLeft,
}

#[derive(Debug)]
enum Pending {
    Nothing,
    Text(Stream, String),
    Rows(Vec<Vec<Option<String>>>, usize),
}

#[derive(Debug)]
struct TextWay {
    decode: Utf8Stream,
    redact: RedactStream,
    plain: PlainStream,
}

impl TextWay {
    fn new(secrets: &Secrets) -> Self {
        Self {
            decode: Utf8Stream::default(),
            redact: RedactStream::new(secrets.clone()),
            plain: PlainStream::default(),
        }
    }

    fn push(&mut self, bytes: &[u8]) -> String {
        let text = self.decode.push(bytes);
        let text = self.redact.push(&text);
        self.plain.push(&text)
    }

    fn finish(&mut self) -> String {
        let rest = self.decode.finish();
        let mut text = self.redact.push(&rest);
        text.push_str(&self.redact.finish());
        self.plain.push(&text)
    }
}

/// Everything that an attempt says passes through here.
#[derive(Debug)]
pub(crate) struct Printer {
    sink: OutputSink,
    limits: Limits,
    secrets: Secrets,
    out: TextWay,
    err: TextWay,
    watch: Watch,
    left: Left,
    /// It was said that what a script prints is not shown.
    hid_text: bool,
    pending: Pending,
    last_flush: Option<Instant>,
    digest: Sha256,
    /// How many chunks were sent.
    sent: u64,
    truncated: bool,
    broken: bool,
    spool: Spool,
    result_ended: bool,
}

impl Printer {
    /// `result_file` takes the whole of a result that is longer than the limits.
    pub fn new(sink: OutputSink, limits: Limits, secrets: Secrets, result_file: PathBuf) -> Self {
        let (out, err) = (TextWay::new(&secrets), TextWay::new(&secrets));
        Self {
            spool: Spool::new(result_file, limits.result_bytes),
            sink,
            limits,
            secrets,
            out,
            err,
            watch: Watch::default(),
            left: Left::default(),
            hid_text: false,
            pending: Pending::Nothing,
            last_flush: None,
            digest: Sha256::new(),
            sent: 0,
            truncated: false,
            broken: false,
            result_ended: false,
        }
    }

    /// Looks for what its author expects, and keeps what they want kept.
    pub fn of(mut self, spec: &AttemptSpec) -> Self {
        self.watch = Watch::new(spec.asked.expected.clone());
        self.left = Left::new(spec);
        self
    }

    /// Keeps a value for later steps, unless it must not be kept.
    pub fn leave(&mut self, name: &str, value: &[u8]) {
        self.left.value(name, value, &self.secrets);
    }

    /// Says that a value was not kept.
    pub fn withhold(&mut self, name: &str, why: Withheld) {
        self.left.withhold(name, why);
    }

    /// Keeps the folder that a script ended in.
    pub fn leave_folder(&mut self, folder: String) {
        self.left.folder(folder, &self.secrets);
    }

    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Whether output can no longer be stored.
    pub fn broken(&self) -> bool {
        self.broken
    }

    /// When what is pending is to be flushed; far away where nothing is.
    pub fn due(&self) -> Instant {
        match (&self.pending, self.last_flush) {
            (Pending::Nothing, _) => Instant::now() + Duration::from_secs(3600),
            (_, None) => Instant::now(),
            (_, Some(last)) => last + self.limits.chunk_every,
        }
    }

    /// Takes bytes of a stream of a script.
    pub async fn bytes(&mut self, stream: Stream, bytes: &[u8]) {
        let text = match stream {
            Stream::Out => {
                self.left.bytes(bytes);
                match (self.left.hides_text(), &self.hid_text) {
                    (false, _) => self.out.push(bytes),
                    (true, true) => String::new(),
                    (true, false) => {
                        self.hid_text = true;
                        format!("{MARKER}\n")
                    }
                }
            }
            Stream::Err => self.err.push(bytes),
        };
        self.text(stream, text).await;
    }

    /// Takes a whole message, which becomes lines of standard error.
    pub async fn message(&mut self, message: &str) {
        let mut text = plain(&self.secrets.redact(message.trim_end()));
        if !text.is_empty() {
            text.push('\n');
            self.text(Stream::Err, text).await;
        }
    }

    pub async fn columns(&mut self, columns: Vec<Column>) {
        self.flush().await;
        let columns = columns.into_iter().map(|column| Column { name: self.clean(&column.name), ..column });
        let columns: Vec<_> = columns.collect();
        self.spool.begin(columns.iter().map(|column| column.name.as_str())).await;
        self.send(OutputContent::Columns { columns }).await;
    }

    pub async fn row(&mut self, row: Vec<Option<String>>) {
        self.keep_row(row.iter().map(|cell| cell.as_deref().map(Cow::Borrowed))).await;
        if !matches!(self.pending, Pending::Rows(..)) {
            self.flush().await;
            self.pending = Pending::Rows(Vec::new(), 0);
        }
        self.left.row(&row, &self.secrets);
        let cells = row.into_iter().enumerate();
        let shown = cells.map(|(at, cell)| {
            cell.map(|cell| if self.left.hides_column(at) { MARKER.to_owned() } else { self.clean(&cell) })
        });
        let row: Vec<_> = shown.collect();
        row.iter().flatten().for_each(|cell| self.watch.cell(cell));
        let mut full = false;
        if let Pending::Rows(rows, bytes) = &mut self.pending {
            *bytes += row.iter().flatten().map(String::len).sum::<usize>();
            rows.push(row);
            full = rows.len() >= self.limits.chunk_rows || *bytes >= self.limits.chunk_bytes;
        }
        self.flush_where_due(full).await;
    }

    /// Shows rows that are no result: nothing of them is kept for later steps, or compared with what is expected.
    pub async fn sample(&mut self, columns: Vec<Column>, rows: Vec<Vec<Option<String>>>) {
        self.flush().await;
        let columns = columns.into_iter().map(|column| Column { name: self.clean(&column.name), ..column });
        let columns = columns.collect();
        self.send(OutputContent::Columns { columns }).await;
        let clean = |row: Vec<Option<String>>| row.into_iter().map(|cell| cell.map(|cell| self.clean(&cell))).collect();
        let rows = rows.into_iter().map(clean).collect();
        self.send(OutputContent::Rows { rows }).await;
    }

    /// Whether something in the rows of the result is kept from everybody.
    pub fn hides_rows(&self) -> bool {
        self.left.hides_rows()
    }

    /// Whether a text would be shown as it stands.
    pub fn shows(&self, text: &str) -> bool {
        self.secrets.redact(text) == text
    }

    /// Takes a row that the output has no room for: it goes to the file with the whole result alone.
    pub async fn keep_row(&mut self, cells: impl Iterator<Item = Option<Cow<'_, str>>>) {
        let left = &self.left;
        let cells = cells.enumerate().map(|(at, cell)| match cell {
            Some(_) if left.hides_column(at) => Some(Cow::Borrowed(MARKER)),
            cell => cell,
        });
        self.spool.row(cells, &self.secrets).await;
    }

    /// Whether rows that the output has no room for would still be kept.
    pub fn keeps_more(&self) -> bool {
        self.spool.takes_more()
    }

    /// The last row of the result has been read. Without this word its file is not all of it.
    pub fn result_ended(&mut self) {
        self.result_ended = true;
    }

    /// Ends the output for want of room; the rest of a result goes to its file.
    pub async fn truncated_result(&mut self, cap: OutputCap) {
        self.truncated(cap).await;
        self.spool.keep();
    }

    pub async fn truncated(&mut self, cap: OutputCap) {
        self.out.redact.discard();
        self.err.redact.discard();
        self.flush().await;
        self.truncated = true;
        self.send(OutputContent::Truncated { cap }).await;
    }

    /// Sends what is pending.
    pub async fn flush(&mut self) {
        let content = match std::mem::replace(&mut self.pending, Pending::Nothing) {
            Pending::Nothing => return,
            Pending::Text(Stream::Out, text) => OutputContent::Stdout { text },
            Pending::Text(Stream::Err, text) => OutputContent::Stderr { text },
            Pending::Rows(rows, _) => OutputContent::Rows { rows },
        };
        self.last_flush = Some(Instant::now());
        self.send(content).await;
    }

    /// Sends what is pending, and returns how many chunks there are.
    pub async fn so_far(&mut self) -> u64 {
        self.flush().await;
        self.sent
    }

    /// Sends what was held back; nothing more can come from a script.
    pub async fn end_of_streams(&mut self) {
        let out = self.out.finish();
        self.text(Stream::Out, out).await;
        let err = self.err.finish();
        self.text(Stream::Err, err).await;
        self.flush().await;
    }

    pub async fn finish(mut self) -> Printed {
        self.end_of_streams().await;
        let digest = (self.sent > 0 && !self.broken).then(|| Digest::from_bytes(self.digest.finalize().into()));
        let expected_seen = self.watch.finish(self.truncated);
        let full = self.spool.finish(self.result_ended).await;
        let left = self.left.finish(&self.secrets);
        Printed { digest, truncated: self.truncated, full, broken: self.broken, expected_seen, left }
    }

    async fn text(&mut self, stream: Stream, text: String) {
        if text.is_empty() {
            return;
        }
        if stream == Stream::Out {
            self.watch.text(&text);
        }
        match &mut self.pending {
            Pending::Text(pending, already) if *pending == stream => already.push_str(&text),
            _ => {
                self.flush().await;
                self.pending = Pending::Text(stream, text);
            }
        }
        let full = matches!(&self.pending, Pending::Text(_, text) if text.len() >= self.limits.chunk_bytes);
        self.flush_where_due(full).await;
    }

    async fn flush_where_due(&mut self, full: bool) {
        if full || self.due() <= Instant::now() {
            self.flush().await;
        }
        if full {
            // Who stores shares this task, and output that is always there already would keep it from its turn for as many as
            // a hundred reads of the socket: those who look on would see the first rows of a long result later.
            yield_now().await;
        }
    }

    /// Redacts a cell or a name and makes it plain.
    fn clean(&self, text: &str) -> String {
        plain(&self.secrets.redact(text))
    }

    async fn send(&mut self, content: OutputContent) {
        if self.broken {
            return;
        }
        // The digest is over each chunk's JSON and a line feed, in order: what a reader of the output can compute.
        let line = serde_json::to_vec(&content).unwrap_or_default();
        failpoint("output on its way");
        if self.sink.0.send(content).await.is_err() {
            self.broken = true;
            return;
        }
        self.digest.update(&line);
        self.digest.update(b"\n");
        self.sent += 1;
    }
}
