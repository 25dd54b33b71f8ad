//! Streams a result into the printer, up to the caps.

use std::borrow::Cow;
use std::task::Poll;

use farol_api::output::{Column, OutputCap};
use farol_store::failpoint;
use futures::{Stream, StreamExt};
use sqlx::Either;
use tokio::time::{Instant, sleep_until, timeout_at};
use tokio_util::sync::CancellationToken;

use super::STOP_PATIENCE;
use super::failure::{Meaning, meaning};
use crate::output::Printer;

/// How the rows of one database become text.
pub(super) trait Rows {
    type Row;
    type Done;

    /// Describes the columns of a row.
    fn columns(&self, row: &Self::Row) -> Vec<Column>;

    /// Writes each cell as the database itself would, in order; absent for NULL.
    fn each<'r>(&self, row: &'r Self::Row) -> impl Iterator<Item = Option<Cow<'r, str>>>;

    /// The same, owned.
    fn cells(&self, row: &Self::Row) -> Vec<Option<String>> {
        self.each(row).map(|cell| cell.map(Cow::into_owned)).collect()
    }

    /// Returns the rows that a statement changed.
    fn affected(&self, done: &Self::Done) -> u64;

    /// Returns the key that the database says it stored for this very statement; 0 where it says none.
    fn stored_key(&self, _done: &Self::Done) -> u64 {
        0
    }
}

/// Why the pump stopped.
#[derive(Debug)]
pub(super) enum Pumped {
    /// The statement ended.
    Done,
    /// The target sent an error.
    Error(sqlx::Error),
    /// Somebody asked to stop before anything was sent.
    NotSent,
    /// Enough was read, and the rest is not wanted.
    Enough,
    /// Somebody asked to stop.
    Cancelled,
    /// It ran longer than it may, and the target did not stop it.
    Deadline,
}

/// What was counted.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub seen: u64,
    pub affected: u64,
    pub had_columns: bool,
    /// The key that the database says it stored; 0 where it says none.
    pub stored_key: u64,
}

impl Counts {
    /// Returns how many rows a data change changed. One that returns its rows is not counted by every database.
    pub const fn changed(&self) -> u64 {
        if self.affected == 0 { self.seen } else { self.affected }
    }
}

/// Reads one result.
pub(super) struct Pump<'a> {
    pub printer: &'a mut Printer,
    pub cancel: &'a CancellationToken,
    pub give_up: Instant,
    /// Whether the statement may be stopped where nothing is kept any more; a write goes on all the same.
    pub may_stop: bool,
    pub counts: Counts,
    /// The columns as they were known before the first row.
    prepared: Vec<Column>,
    columns_said: bool,
    bytes: u64,
    cut: bool,
}

impl<'a> Pump<'a> {
    pub fn new(
        printer: &'a mut Printer,
        cancel: &'a CancellationToken,
        give_up: Instant,
        may_stop: bool,
        prepared: Vec<Column>,
    ) -> Self {
        let counts = Counts { had_columns: !prepared.is_empty(), ..Counts::default() };
        Self { printer, cancel, give_up, may_stop, counts, prepared, columns_said: false, bytes: 0, cut: false }
    }

    /// Reads until the end, an error, a cap or a wish to stop.
    pub async fn run<R, S>(&mut self, rows: &R, stream: &mut S) -> Pumped
    where
        R: Rows,
        S: Stream<Item = Result<Either<R::Done, R::Row>, sqlx::Error>> + Unpin,
    {
        // The statement is sent when the stream is first asked. A wish to stop that comes before has nothing to stop, and
        // one that came in between must find the statement sent: what waits for its end would send it else.
        if self.cancel.is_cancelled() {
            return Pumped::NotSent;
        }
        failpoint("a statement that is not sent");
        let mut first = std::future::poll_fn(|context| {
            Poll::Ready(match stream.poll_next_unpin(context) {
                Poll::Ready(item) => Some(item),
                Poll::Pending => None,
            })
        })
        .await;
        failpoint("a statement that is sent");
        loop {
            let item = match first.take() {
                Some(item) => item,
                None => tokio::select! {
                () = self.cancel.cancelled() => return Pumped::Cancelled,
                () = sleep_until(self.give_up) => {
                    return if self.may_stop && self.cut { Pumped::Enough } else { Pumped::Deadline };
                }
                () = sleep_until(self.printer.due()) => {
                    self.printer.flush().await;
                    continue;
                }
                item = stream.next() => item,
                },
            };
            match item {
                None => {
                    self.printer.result_ended();
                    return Pumped::Done;
                }
                // Rows were seen, and a file has as many as there was time for: that is a cut, and no failure.
                Some(Err(error)) if self.out_of_time(&error) => return Pumped::Enough,
                Some(Err(error)) => return Pumped::Error(error),
                Some(Ok(Either::Left(done))) => {
                    self.counts.stored_key = rows.stored_key(&done);
                    self.end_of_result(rows.affected(&done)).await;
                }
                Some(Ok(Either::Right(row))) => self.row(rows, &row).await,
            }
            if self.may_stop && (self.printer.broken() || (self.cut && !self.printer.keeps_more())) {
                return Pumped::Enough;
            }
        }
    }

    fn out_of_time(&self, error: &sqlx::Error) -> bool {
        self.may_stop && self.cut && meaning(error) == Meaning::Interrupted
    }

    async fn end_of_result(&mut self, affected: u64) {
        self.counts.affected = self.counts.affected.saturating_add(affected);
        if !self.columns_said && !self.prepared.is_empty() {
            let columns = std::mem::take(&mut self.prepared);
            self.printer.columns(columns).await;
        }
        self.prepared.clear();
        self.columns_said = false;
    }

    async fn row<R: Rows>(&mut self, rows: &R, row: &R::Row) {
        if self.cut {
            return self.keep(rows, row).await;
        }
        let limits = self.printer.limits();
        let (most_rows, most_bytes) = (limits.rows, limits.bytes);
        if self.counts.seen >= most_rows {
            self.cut = true;
            self.printer.truncated_result(OutputCap::Rows { kept: most_rows }).await;
            return self.keep(rows, row).await;
        }
        if !self.columns_said {
            let columns = rows.columns(row);
            // What was prepared knows the names of types that the rows only have numbers for.
            let prepared = std::mem::take(&mut self.prepared);
            let columns = if prepared.len() == columns.len() { prepared } else { columns };
            self.printer.columns(columns).await;
            self.columns_said = true;
            self.counts.had_columns = true;
        }
        let cells = rows.cells(row);
        let bytes: usize = cells.iter().flatten().map(|cell| cell.len() + 1).sum();
        self.bytes = self.bytes.saturating_add(bytes as u64);
        if self.bytes > most_bytes {
            self.cut = true;
            self.printer.truncated_result(OutputCap::Bytes { kept: most_bytes }).await;
            return self.keep(rows, row).await;
        }
        self.counts.seen += 1;
        self.printer.row(cells).await;
    }

    /// Counts a row that the output has no room for, and keeps it where the whole result is kept.
    async fn keep<R: Rows>(&mut self, rows: &R, row: &R::Row) {
        self.counts.seen += 1;
        self.printer.keep_row(rows.each(row)).await;
    }
}

/// How a statement ended after it was asked to.
#[derive(Debug)]
pub(super) enum Stopped {
    /// It had ended by itself before the wish reached it.
    Done,
    /// The target sent an error, for example that it was interrupted.
    Error(sqlx::Error),
    /// It gave no sign.
    Silent,
}

/// Waits for the end of a statement that was asked to stop, and throws its rows away.
pub(super) async fn drain<D, W, S>(stream: &mut S) -> Stopped
where
    S: Stream<Item = Result<Either<D, W>, sqlx::Error>> + Unpin,
{
    let until = Instant::now() + STOP_PATIENCE;
    loop {
        match timeout_at(until, stream.next()).await {
            Err(_) => return Stopped::Silent,
            Ok(None) => return Stopped::Done,
            Ok(Some(Err(error))) => return Stopped::Error(error),
            Ok(Some(Ok(_))) => {}
        }
    }
}
