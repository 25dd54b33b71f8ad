//! The values of SQLite, and the types that the store keeps as them: in the same form as sqlx's own connections do.

use std::borrow::Cow;
use std::fmt;

use chrono::SecondsFormat;
use farol_api::clock::Timestamp;
use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, ValueRef};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Decode, Encode, Type};
use uuid::Uuid;

use super::driver::Sqlite;

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

/// What kind of value something is kept as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Integer,
    Real,
    Text,
    Blob,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(sqlx::TypeInfo::name(self))
    }
}

impl sqlx::TypeInfo for Kind {
    fn is_null(&self) -> bool {
        *self == Self::Null
    }

    fn name(&self) -> &str {
        match self {
            Self::Null => "null",
            Self::Integer => "integer",
            Self::Real => "real",
            Self::Text => "text",
            Self::Blob => "blob",
        }
    }
}

impl Value {
    /// Copies what SQLite has. A text that is none is bytes.
    pub fn of(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(value) => Self::Integer(value),
            ValueRef::Real(value) => Self::Real(value),
            ValueRef::Text(text) => {
                String::from_utf8(text.to_vec()).map_or_else(|no_text| Self::Blob(no_text.into_bytes()), Self::Text)
            }
            ValueRef::Blob(bytes) => Self::Blob(bytes.to_vec()),
        }
    }

    pub const fn kind(&self) -> Kind {
        match self {
            Self::Null => Kind::Null,
            Self::Integer(_) => Kind::Integer,
            Self::Real(_) => Kind::Real,
            Self::Text(_) => Kind::Text,
            Self::Blob(_) => Kind::Blob,
        }
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(value) => ValueRef::Integer(*value),
            Self::Real(value) => ValueRef::Real(*value),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// A value that is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ref<'r>(pub &'r Value);

impl sqlx::Value for Value {
    type Database = Sqlite;

    fn as_ref(&self) -> Ref<'_> {
        Ref(self)
    }

    fn type_info(&self) -> Cow<'_, Kind> {
        Cow::Owned(self.kind())
    }

    fn is_null(&self) -> bool {
        *self == Self::Null
    }
}

impl<'r> sqlx::ValueRef<'r> for Ref<'r> {
    type Database = Sqlite;

    fn to_owned(&self) -> Value {
        self.0.clone()
    }

    fn type_info(&self) -> Cow<'_, Kind> {
        Cow::Owned(self.0.kind())
    }

    fn is_null(&self) -> bool {
        *self.0 == Value::Null
    }
}

/// A type and what it is kept as: how it is written, and read.
macro_rules! kept_as {
    ($($type:ty: $kind:ident, |$write:ident| $written:expr, |$read:pat_param| $value:expr;)*) => {$(
        impl Type<Sqlite> for $type {
            fn type_info() -> Kind {
                Kind::$kind
            }
        }

        impl<'q> Encode<'q, Sqlite> for $type {
            fn encode_by_ref(&self, buffer: &mut Vec<Value>) -> Result<IsNull, BoxDynError> {
                let $write = self;
                buffer.push(Value::$kind($written));
                Ok(IsNull::No)
            }
        }

        impl<'r> Decode<'r, Sqlite> for $type {
            fn decode(value: Ref<'r>) -> Result<Self, BoxDynError> {
                match value.0 {
                    Value::$kind($read) => Ok($value),
                    other => Err(format!("{} where {} was expected", other.kind(), Kind::$kind).into()),
                }
            }
        }
    )*};
}

kept_as! {
    i64: Integer, |value| *value, |value| *value;
    bool: Integer, |value| (*value).into(), |value| *value != 0;
    String: Text, |value| value.clone(), |value| value.clone();
    Vec<u8>: Blob, |value| value.clone(), |value| value.clone();
    Uuid: Blob, |value| value.as_bytes().to_vec(), |value| Uuid::from_slice(value)?;
    Timestamp: Text, |value| value.to_rfc3339_opts(SecondsFormat::AutoSi, false),
        |value| chrono::DateTime::parse_from_rfc3339(value)?.to_utc();
}

impl Type<Sqlite> for str {
    fn type_info() -> Kind {
        Kind::Text
    }
}

impl<'q> Encode<'q, Sqlite> for &'q str {
    fn encode_by_ref(&self, buffer: &mut Vec<Value>) -> Result<IsNull, BoxDynError> {
        buffer.push(Value::Text((*self).to_owned()));
        Ok(IsNull::No)
    }
}

impl Type<Sqlite> for [u8] {
    fn type_info() -> Kind {
        Kind::Blob
    }
}

impl<'q> Encode<'q, Sqlite> for &'q [u8] {
    fn encode_by_ref(&self, buffer: &mut Vec<Value>) -> Result<IsNull, BoxDynError> {
        buffer.push(Value::Blob(self.to_vec()));
        Ok(IsNull::No)
    }
}

sqlx_core::impl_encode_for_option!(Sqlite);
