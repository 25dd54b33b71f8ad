//! What can go wrong in any store, in words a caller can branch on.

use sqlx::error::DatabaseError;

/// A failure of the store itself. The source is for the log; it never goes to a client.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Others held what was needed for too long; trying again may work.
    #[error("the store is busy")]
    Busy(#[source] sqlx::Error),
    /// The store cannot be reached or stopped answering.
    #[error("the store is unavailable")]
    Unavailable(#[source] sqlx::Error),
    /// The disk of the store is full.
    #[error("the disk of the store is full")]
    Full(#[source] sqlx::Error),
    /// What is stored cannot be read back.
    #[error("the store holds something unreadable: {what}")]
    Corrupt {
        /// Which thing, for example `events.kind`.
        what: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The Postgres store has not all migrations of this program; `farol migrate` applies them.
    #[error("the store is not migrated: run `farol migrate` with the same settings first")]
    NotMigrated,
    /// The store was migrated by a newer program, or its migrations were changed after they were applied.
    #[error("the store's migrations are not this program's")]
    ForeignMigrations(#[source] Option<sqlx::migrate::MigrateError>),
    /// The store was sealed with another key.
    #[error("the store was sealed with another key")]
    WrongKey,
    /// What was asked for needs the store to itself, and another program has it open.
    #[error("another program has the store open")]
    InUse,
    /// A text holds a NUL character, which a database text cannot.
    #[error("a text holds a NUL character")]
    NulInText,
    /// The caller asked for something that the rules exclude; a programming error.
    #[error("the store was asked for something inconsistent: {0}")]
    Inconsistent(&'static str),
    /// Anything else.
    #[error("the store failed")]
    Unexpected(#[source] sqlx::Error),
}

impl StoreError {
    /// Judges a failure to connect: time that ran out means that nobody answered.
    pub(crate) fn unreached(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::PoolTimedOut => Self::Unavailable(error),
            other => other.into(),
        }
    }

    /// Judges a failure to have a store alone: who waited for others in vain has them in the way.
    pub(crate) fn in_use(self) -> Self {
        match self {
            Self::Busy(_) => Self::InUse,
            other => other,
        }
    }

    /// Says the same to one more of those who shared a transaction; what is for the log is kept as its words.
    pub(crate) fn again(&self) -> Self {
        let told = |error: &sqlx::Error| sqlx::Error::Protocol(error.to_string());
        match self {
            Self::Busy(error) => Self::Busy(told(error)),
            Self::Unavailable(error) => Self::Unavailable(told(error)),
            Self::Full(error) => Self::Full(told(error)),
            Self::Corrupt { what, source } => Self::corrupt(what, source.to_string()),
            Self::NotMigrated => Self::NotMigrated,
            Self::ForeignMigrations(_) => Self::ForeignMigrations(None),
            Self::WrongKey => Self::WrongKey,
            Self::InUse => Self::InUse,
            Self::NulInText => Self::NulInText,
            Self::Inconsistent(what) => Self::Inconsistent(what),
            Self::Unexpected(error) => Self::Unexpected(told(error)),
        }
    }

    /// Tells whether the database itself said it, rather than we of what it holds: on Postgres that ends the transaction.
    pub(crate) fn is_of_database(&self) -> bool {
        match self {
            Self::Busy(_) | Self::Unavailable(_) | Self::Full(_) | Self::Unexpected(_) => true,
            Self::NotMigrated | Self::NulInText => true,
            Self::Corrupt { source, .. } => matches!(source.downcast_ref(), Some(sqlx::Error::Database(_))),
            Self::ForeignMigrations(_) | Self::WrongKey | Self::InUse | Self::Inconsistent(_) => false,
        }
    }

    /// Tells whether it is about the one thing that was asked for: of others the store may still be asked.
    pub(crate) const fn is_of_what_is_stored(&self) -> bool {
        matches!(self, Self::Corrupt { .. } | Self::NulInText | Self::Inconsistent(_))
    }

    pub(crate) fn corrupt(what: &'static str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Corrupt { what, source: source.into() }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match &error {
            E::PoolTimedOut => Self::Busy(error),
            E::Io(_) | E::Tls(_) | E::PoolClosed | E::WorkerCrashed | E::Protocol(_) => Self::Unavailable(error),
            E::ColumnDecode { .. } | E::Decode(_) => Self::corrupt("a column", error),
            E::Database(database) => match kind_of(database.as_ref()) {
                Kind::Busy => Self::Busy(error),
                Kind::Unavailable => Self::Unavailable(error),
                Kind::Full => Self::Full(error),
                Kind::Corrupt => Self::corrupt("the database file", error),
                Kind::NotMigrated => Self::NotMigrated,
                Kind::Nul => Self::NulInText,
                Kind::Other => Self::Unexpected(error),
            },
            _ => Self::Unexpected(error),
        }
    }
}

enum Kind {
    Busy,
    Unavailable,
    Full,
    Corrupt,
    NotMigrated,
    Nul,
    Other,
}

fn kind_of(error: &dyn DatabaseError) -> Kind {
    let Some(code) = error.code() else {
        return Kind::Other;
    };
    // Postgres has five characters, SQLite a number whose low byte is the primary code.
    if error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() {
        return match code.as_ref() {
            "53100" => Kind::Full,
            "40001" | "40P01" | "55P03" | "57014" => Kind::Busy,
            "XX001" | "XX002" => Kind::Corrupt,
            "42P01" | "42703" => Kind::NotMigrated,
            "22021" => Kind::Nul,
            code if code.starts_with("53") => Kind::Busy,
            "25P03" => Kind::Unavailable,
            code if code.starts_with("08") || code.starts_with("57P") => Kind::Unavailable,
            code if code.starts_with("58") || code.starts_with("28") => Kind::Unavailable,
            _ => Kind::Other,
        };
    }
    match code.parse::<i32>().map(|code| code & 0xff) {
        Ok(5 | 6) => Kind::Busy,
        Ok(13) => Kind::Full,
        Ok(11 | 26) => Kind::Corrupt,
        Ok(8 | 10 | 14 | 23) => Kind::Unavailable,
        _ => Kind::Other,
    }
}

/// Tells whether an error is a broken uniqueness.
pub(crate) fn is_unique_violation(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(database) if database.is_unique_violation())
}
