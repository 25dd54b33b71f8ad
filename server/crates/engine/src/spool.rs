//! A whole result as a file of [`crate::csv`], for results that are longer than the output keeps.
//!
//! Rows wait in memory until the output is cut; most results never become a file.

use std::borrow::Cow;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use farol_api::digest::Digest;
use farol_api::event::FullResult;
use farol_api::id::AttemptId;
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::csv;
use crate::redact::Secrets;

/// How many bytes go to the file at once.
const PIECE: usize = 128 << 10;
/// How many pieces may wait for the disk before the target has to wait too.
const PIECES_WAITING: usize = 4;

/// Where an attempt's whole result is kept, if it is kept.
pub fn result_file(folder: &Path, attempt: AttemptId) -> PathBuf {
    folder.join(format!("{attempt}.csv"))
}

/// Takes the rows of one result.
#[derive(Debug)]
pub(crate) struct Spool {
    path: PathBuf,
    limit: u64,
    piece: Vec<u8>,
    rows: u64,
    bytes: u64,
    /// Whether a row came that the file has no room for.
    dropped: bool,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Nothing was cut so far.
    Waiting,
    Writing(mpsc::Sender<Vec<u8>>, JoinHandle<std::io::Result<Sha256>>),
    /// As much is kept as may be.
    Full(JoinHandle<std::io::Result<Sha256>>),
    /// The result that was cut is over.
    Done(Option<FullResult>),
}

impl Spool {
    /// Keeps at most `limit` bytes in the file.
    pub fn new(path: PathBuf, limit: u64) -> Self {
        Self { path, limit, piece: Vec::new(), rows: 0, bytes: 0, dropped: false, state: State::Waiting }
    }

    /// Whether further rows would be kept.
    pub fn takes_more(&self) -> bool {
        matches!(self.state, State::Waiting | State::Writing(..))
    }

    /// Begins a result with the names of its columns; ends the one before.
    pub async fn begin(&mut self, names: impl Iterator<Item = &str>) {
        match self.state {
            State::Waiting => {
                self.piece.clear();
                self.rows = 0;
                csv::write_record(&mut self.piece, names.map(|name| Some(Cow::Borrowed(name))));
            }
            State::Writing(..) => self.end(true).await,
            State::Full(_) | State::Done(_) => {}
        }
    }

    /// Takes a row; secrets in it are not written.
    pub async fn row(&mut self, cells: impl Iterator<Item = Option<Cow<'_, str>>>, secrets: &Secrets) {
        if !self.takes_more() {
            self.dropped |= matches!(self.state, State::Full(_));
            return;
        }
        csv::write_record(&mut self.piece, cells.map(|cell| cell.map(|cell| secrets.clean(cell))));
        self.rows += 1;
        if self.piece.len() >= PIECE && matches!(self.state, State::Writing(..)) {
            self.pass_on().await;
        }
    }

    /// The output is cut here: what waits goes into a file, and so does all that follows.
    pub fn keep(&mut self) {
        if !matches!(self.state, State::Waiting) {
            return;
        }
        let (pieces, waiting) = mpsc::channel(PIECES_WAITING);
        let path = self.path.clone();
        self.state = State::Writing(pieces, tokio::task::spawn_blocking(move || write_file(&path, waiting)));
    }

    /// Ends the file, and tells what it holds; nothing where the output was not cut or the file could not be written.
    pub async fn finish(mut self, complete: bool) -> Option<FullResult> {
        self.end(complete).await;
        match self.state {
            State::Done(kept) => kept,
            _ => None,
        }
    }

    async fn end(&mut self, complete: bool) {
        if matches!(self.state, State::Writing(..)) {
            self.pass_on().await;
        }
        let complete = complete && !self.dropped;
        let written = match std::mem::replace(&mut self.state, State::Done(None)) {
            State::Writing(pieces, written) => {
                drop(pieces);
                written
            }
            State::Full(written) => written,
            state => {
                self.state = state;
                return;
            }
        };
        let kept = match written.await {
            Ok(Ok(hash)) => {
                let digest = Digest::from_bytes(hash.finalize().into());
                Some(FullResult { rows: self.rows, bytes: self.bytes, digest, complete })
            }
            Ok(Err(error)) => {
                tracing::error!(%error, path = %self.path.display(), "a whole result could not be kept");
                None
            }
            Err(_) => None,
        };
        self.state = State::Done(kept);
    }

    async fn pass_on(&mut self) {
        let State::Writing(pieces, _) = &self.state else { return };
        self.bytes += self.piece.len() as u64;
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE + PIECE / 8));
        // A file that cannot be written says so at its end.
        let _ = pieces.send(piece).await;
        if self.bytes >= self.limit
            && let State::Writing(_, written) = std::mem::replace(&mut self.state, State::Waiting)
        {
            self.state = State::Full(written);
        }
    }
}

fn write_file(path: &Path, mut pieces: mpsc::Receiver<Vec<u8>>) -> std::io::Result<Sha256> {
    use std::os::unix::fs::OpenOptionsExt as _;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    let mut hash = Sha256::new();
    while let Some(piece) = pieces.blocking_recv() {
        file.write_all(&piece)?;
        hash.update(&piece);
    }
    file.sync_data()?;
    Ok(hash)
}
