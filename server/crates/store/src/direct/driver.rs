//! What sqlx asks of a database. Statements are run when they are asked for; there is nothing to wait for.

use std::convert::Infallible;
use std::str::FromStr;
use std::sync::Arc;

use futures::future::{self, BoxFuture, FutureExt};
use futures::stream::{self, BoxStream, StreamExt};
use log::LevelFilter;
use sqlx::error::BoxDynError;
use sqlx::{
    Arguments, ColumnIndex, ConnectOptions, Connection, Database, Describe, Either, Encode, Error, Execute, Executor,
    IntoArguments, SqlStr, Statement, Transaction, Type,
};
use sqlx_core::Url;
use sqlx_core::transaction::TransactionManager;

use super::Direct;
use super::values::{Kind, Ref, Value};

/// SQLite as [`Direct`] speaks with it.
#[derive(Debug)]
pub(crate) struct Sqlite;

impl Database for Sqlite {
    type Connection = NoSuch;
    type TransactionManager = NoSuch;
    type Row = Row;
    type QueryResult = Done;
    type Column = Column;
    type TypeInfo = Kind;
    type Value = Value;
    type ValueRef<'r> = Ref<'r>;
    type Arguments = Values;
    type ArgumentBuffer = Vec<Value>;
    type Statement = NoSuch;

    const NAME: &'static str = "SQLite";
    const URL_SCHEMES: &'static [&'static str] = &[];
}

/// What a statement is given.
#[derive(Debug, Default)]
pub(crate) struct Values(Vec<Value>);

impl Arguments for Values {
    type Database = Sqlite;

    fn reserve(&mut self, additional: usize, _size: usize) {
        self.0.reserve(additional);
    }

    fn add<'t, T: Encode<'t, Sqlite> + Type<Sqlite>>(&mut self, value: T) -> Result<(), BoxDynError> {
        if value.encode(&mut self.0)?.is_null() {
            self.0.push(Value::Null);
        }
        Ok(())
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

impl IntoArguments<Sqlite> for Values {
    fn into_arguments(self) -> Self {
        self
    }
}

/// A row that was read.
#[derive(Debug)]
pub(crate) struct Row {
    cells: Box<[Value]>,
    columns: Arc<[Column]>,
}

impl Row {
    pub(super) const fn new(cells: Box<[Value]>, columns: Arc<[Column]>) -> Self {
        Self { cells, columns }
    }
}

impl sqlx::Row for Row {
    type Database = Sqlite;

    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn try_get_raw<I: ColumnIndex<Self>>(&self, index: I) -> Result<Ref<'_>, Error> {
        Ok(Ref(&self.cells[index.index(self)?]))
    }
}

impl ColumnIndex<Row> for usize {
    fn index(&self, row: &Row) -> Result<usize, Error> {
        let len = row.cells.len();
        if *self < len { Ok(*self) } else { Err(Error::ColumnIndexOutOfBounds { index: *self, len }) }
    }
}

impl ColumnIndex<Row> for &'_ str {
    fn index(&self, row: &Row) -> Result<usize, Error> {
        let found = row.columns.iter().position(|column| &*column.name == *self);
        found.ok_or_else(|| Error::ColumnNotFound((*self).into()))
    }
}

/// A column of a row.
#[derive(Debug)]
pub(crate) struct Column {
    place: usize,
    name: Box<str>,
}

impl Column {
    pub(super) fn new(place: usize, name: &str) -> Self {
        Self { place, name: name.into() }
    }
}

impl sqlx::Column for Column {
    type Database = Sqlite;

    fn ordinal(&self) -> usize {
        self.place
    }

    fn name(&self) -> &str {
        &self.name
    }

    /// Any value may stand in any column.
    fn type_info(&self) -> &Kind {
        &Kind::Null
    }
}

/// What a statement did.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Done(u64);

impl Done {
    pub(super) const fn of(changed: u64) -> Self {
        Self(changed)
    }

    pub(crate) const fn rows_affected(self) -> u64 {
        self.0
    }
}

impl Extend<Self> for Done {
    fn extend<T: IntoIterator<Item = Self>>(&mut self, all: T) {
        self.0 += all.into_iter().map(|done| done.0).sum::<u64>();
    }
}

impl Direct {
    fn ask<'q>(&self, mut query: impl Execute<'q, Sqlite>, take: impl FnMut(Row) -> bool) -> Result<Done, Error> {
        let values = query.take_arguments().map_err(Error::Encode)?;
        self.query(query.sql().as_str(), values.map(|values| values.0), take)
    }

    fn all<'q>(&self, query: impl Execute<'q, Sqlite>) -> Result<(Vec<Row>, Done), Error> {
        let mut rows = Vec::new();
        let done = self.ask(query, |row| {
            rows.push(row);
            true
        })?;
        Ok((rows, done))
    }
}

impl<'c> Executor<'c> for &'c mut Direct {
    type Database = Sqlite;

    fn execute<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Done, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Sqlite>,
    {
        future::ready(self.ask(query, |_| true)).boxed()
    }

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Either<Done, Row>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Sqlite>,
    {
        match self.all(query) {
            Ok((rows, done)) => {
                let rows = rows.into_iter().map(|row| Ok(Either::Right(row)));
                stream::iter(rows.chain([Ok(Either::Left(done))])).boxed()
            }
            Err(error) => stream::iter([Err(error)]).boxed(),
        }
    }

    fn fetch_all<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Vec<Row>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Sqlite>,
    {
        future::ready(self.all(query).map(|(rows, _)| rows)).boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<Row>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Sqlite>,
    {
        let mut first = None;
        let asked = self.ask(query, |row| {
            first = Some(row);
            false
        });
        future::ready(asked.map(|_| first)).boxed()
    }

    fn prepare_with<'e>(self, _: SqlStr, _: &'e [Kind]) -> BoxFuture<'e, Result<NoSuch, Error>>
    where
        'c: 'e,
    {
        future::ready(Err(unasked())).boxed()
    }

    fn describe<'e>(self, _: SqlStr) -> BoxFuture<'e, Result<Describe<Sqlite>, Error>>
    where
        'c: 'e,
    {
        future::ready(Err(unasked())).boxed()
    }
}

fn unasked() -> Error {
    Error::InvalidArgument("this connection only runs statements".to_owned())
}

/// What sqlx has more of than is used here: its own connections, transactions and statements. There is none.
#[derive(Clone, Debug)]
pub(crate) enum NoSuch {}

impl Connection for NoSuch {
    type Database = Sqlite;
    type Options = NoOptions;

    async fn close(self) -> Result<(), Error> {
        match self {}
    }

    async fn close_hard(self) -> Result<(), Error> {
        match self {}
    }

    async fn ping(&mut self) -> Result<(), Error> {
        match *self {}
    }

    async fn begin(&mut self) -> Result<Transaction<'_, Sqlite>, Error> {
        match *self {}
    }

    fn shrink_buffers(&mut self) {
        match *self {}
    }

    async fn flush(&mut self) -> Result<(), Error> {
        match *self {}
    }

    fn should_flush(&self) -> bool {
        match *self {}
    }
}

impl TransactionManager for NoSuch {
    type Database = Sqlite;

    async fn begin(connection: &mut NoSuch, _: Option<SqlStr>) -> Result<(), Error> {
        match *connection {}
    }

    async fn commit(connection: &mut NoSuch) -> Result<(), Error> {
        match *connection {}
    }

    async fn rollback(connection: &mut NoSuch) -> Result<(), Error> {
        match *connection {}
    }

    fn start_rollback(connection: &mut NoSuch) {
        match *connection {}
    }

    fn get_transaction_depth(connection: &NoSuch) -> usize {
        match *connection {}
    }
}

impl Statement for NoSuch {
    type Database = Sqlite;

    fn into_sql(self) -> SqlStr {
        match self {}
    }

    fn sql(&self) -> &SqlStr {
        match *self {}
    }

    fn parameters(&self) -> Option<Either<&[Kind], usize>> {
        match *self {}
    }

    fn columns(&self) -> &[Column] {
        match *self {}
    }

    sqlx_core::impl_statement_query!(Values);
}

/// No way to connect.
#[derive(Clone, Debug)]
pub(crate) struct NoOptions(Infallible);

impl FromStr for NoOptions {
    type Err = Error;

    fn from_str(_: &str) -> Result<Self, Error> {
        Err(unasked())
    }
}

impl ConnectOptions for NoOptions {
    type Connection = NoSuch;

    fn from_url(_: &Url) -> Result<Self, Error> {
        Err(unasked())
    }

    async fn connect(&self) -> Result<NoSuch, Error> {
        match self.0 {}
    }

    fn log_statements(self, _: LevelFilter) -> Self {
        match self.0 {}
    }

    fn log_slow_statements(self, _: LevelFilter, _: std::time::Duration) -> Self {
        match self.0 {}
    }
}
