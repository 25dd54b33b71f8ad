//! What sqlx has no call for: SQLite's authorizer, its hardening switches, and a look at a statement before it runs.
#![expect(unsafe_code, reason = "SQLite's C interface has no safe form in sqlx for these calls")]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr::{null, null_mut};

use libsqlite3_sys as ffi;
use sqlx::sqlite::LockedSqliteHandle;

/// What a statement may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Permit {
    /// Read tables and settings, nothing else.
    Read,
    /// Change the database, but reach no other file.
    Write,
    /// All but loading code.
    Administer,
}

/// Settings that can be asked for without changing anything.
const ASKED_PRAGMAS: [&str; 40] = [
    "application_id",
    "analysis_limit",
    "auto_vacuum",
    "automatic_index",
    "busy_timeout",
    "cache_size",
    "cache_spill",
    "cell_size_check",
    "checkpoint_fullfsync",
    "collation_list",
    "compile_options",
    "data_version",
    "database_list",
    "defer_foreign_keys",
    "encoding",
    "foreign_keys",
    "freelist_count",
    "fullfsync",
    "function_list",
    "ignore_check_constraints",
    "journal_mode",
    "journal_size_limit",
    "locking_mode",
    "max_page_count",
    "mmap_size",
    "module_list",
    "page_count",
    "page_size",
    "pragma_list",
    "query_only",
    "read_uncommitted",
    "recursive_triggers",
    "reverse_unordered_selects",
    "schema_version",
    "secure_delete",
    "synchronous",
    "table_list",
    "temp_store",
    "user_version",
    "wal_autocheckpoint",
];
/// Questions about a table or an index, or a check, which take an argument and change nothing.
const ARGUED_PRAGMAS: [&str; 10] = [
    "foreign_key_check",
    "foreign_key_list",
    "index_info",
    "index_list",
    "index_xinfo",
    "integrity_check",
    "quick_check",
    "table_info",
    "table_list",
    "table_xinfo",
];
/// Functions that reach beyond the database.
const REFUSED_FUNCTIONS: [&str; 6] = ["load_extension", "fts3_tokenizer", "readfile", "writefile", "edit", "shell"];

/// Switches hardening on and makes SQLite ask [`Permit`] before it compiles anything.
pub(super) fn harden(handle: &mut LockedSqliteHandle<'_>, permit: Permit) {
    let db = handle.as_raw_handle().as_ptr();
    let user_data: *mut c_void = match permit {
        Permit::Read => null_mut(),
        Permit::Write => std::ptr::without_provenance_mut(1),
        Permit::Administer => std::ptr::without_provenance_mut(2),
    };
    // SAFETY: the handle is locked, so that no other thread uses `db`. The switches take an int and an optional out
    // pointer, which may be null. The authorizer's user data is a number and never followed; the function lives as
    // long as the program.
    unsafe {
        for (switch, on) in [
            (ffi::SQLITE_DBCONFIG_DEFENSIVE, 1),
            (ffi::SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0),
            (ffi::SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0),
            (ffi::SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0),
        ] {
            ffi::sqlite3_db_config(db, switch, on as c_int, null_mut::<c_int>());
        }
        if permit == Permit::Read {
            ffi::sqlite3_limit(db, ffi::SQLITE_LIMIT_ATTACHED, 0);
        }
        ffi::sqlite3_limit(db, ffi::SQLITE_LIMIT_LENGTH, 64 << 20);
        ffi::sqlite3_set_authorizer(db, Some(authorize), user_data);
    }
}

/// What SQLite knows of a statement before it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// Name and declared type of each column.
    pub columns: Vec<(String, Option<String>)>,
    pub parameters: usize,
    pub read_only: bool,
}

/// Why a text cannot run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum BadText {
    Empty,
    Several,
    /// SQLite's own words.
    Error(String),
}

/// Compiles a text, proves that it is one statement and describes it; nothing runs.
pub(super) fn shape(handle: &mut LockedSqliteHandle<'_>, text: &str) -> Result<Shape, BadText> {
    let db = handle.as_raw_handle().as_ptr();
    let mut statement = compile(db, text)?;
    let used = statement.used;
    let shape = statement.describe().ok_or(BadText::Empty)?;
    drop(statement);
    // What follows must be nothing but white space, comments and semicolons.
    let mut rest = &text[used..];
    while !rest.is_empty() {
        let next = compile(db, rest)?;
        if !next.raw.is_null() {
            return Err(BadText::Several);
        }
        if next.used == 0 {
            break;
        }
        rest = &rest[next.used..];
    }
    Ok(shape)
}

/// A compiled statement, which is freed when it goes.
struct Compiled {
    raw: *mut ffi::sqlite3_stmt,
    used: usize,
}

impl Drop for Compiled {
    fn drop(&mut self) {
        // SAFETY: `raw` came from sqlite3_prepare_v2 and is freed once; null is allowed.
        unsafe {
            ffi::sqlite3_finalize(self.raw);
        }
    }
}

fn compile(db: *mut ffi::sqlite3, text: &str) -> Result<Compiled, BadText> {
    let length = c_int::try_from(text.len()).map_err(|_| BadText::Error("The statement is too long.".to_owned()))?;
    let (mut raw, mut tail) = (null_mut(), null());
    // SAFETY: `text` is valid for `length` bytes during the call; the out pointers are local; the caller holds the
    // lock of `db`. The tail points into `text`, at most one past its end.
    unsafe {
        let start = text.as_ptr().cast::<c_char>();
        if ffi::sqlite3_prepare_v2(db, start, length, &mut raw, &mut tail) != ffi::SQLITE_OK {
            return Err(BadText::Error(owned(ffi::sqlite3_errmsg(db)).unwrap_or_default()));
        }
        let used = if tail.is_null() { text.len() } else { tail.offset_from(start).unsigned_abs() };
        let used = if text.is_char_boundary(used) { used } else { text.len() };
        Ok(Compiled { raw, used })
    }
}

impl Compiled {
    fn describe(&mut self) -> Option<Shape> {
        if self.raw.is_null() {
            return None;
        }
        // SAFETY: `raw` is a live statement; the texts that SQLite returns are copied before the next call on it.
        unsafe {
            let column = |index| {
                let name = owned(ffi::sqlite3_column_name(self.raw, index)).unwrap_or_default();
                (name, owned(ffi::sqlite3_column_decltype(self.raw, index)))
            };
            Some(Shape {
                columns: (0..ffi::sqlite3_column_count(self.raw)).map(column).collect(),
                parameters: usize::try_from(ffi::sqlite3_bind_parameter_count(self.raw)).unwrap_or(0),
                read_only: ffi::sqlite3_stmt_readonly(self.raw) != 0,
            })
        }
    }
}

/// Copies a C string.
///
/// # Safety
/// `text` is null or points to a string that ends with a zero byte and lives during the call.
unsafe fn owned(text: *const c_char) -> Option<String> {
    if text.is_null() {
        return None;
    }
    // SAFETY: as the caller promises.
    Some(unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned())
}

/// Answers SQLite's question whether a statement may do something.
unsafe extern "C" fn authorize(
    user_data: *mut c_void,
    action: c_int,
    first: *const c_char,
    second: *const c_char,
    _database: *const c_char,
    _trigger: *const c_char,
) -> c_int {
    let permit = match user_data.addr() {
        0 => Permit::Read,
        1 => Permit::Write,
        _ => Permit::Administer,
    };
    // SAFETY: SQLite passes null or strings that live during this call.
    let (first, second) = unsafe { (owned(first), owned(second)) };
    if allows(permit, action, first.as_deref(), second.as_deref()) { ffi::SQLITE_OK } else { ffi::SQLITE_DENY }
}

fn allows(permit: Permit, action: c_int, first: Option<&str>, second: Option<&str>) -> bool {
    let lower = |text: Option<&str>| text.unwrap_or_default().to_ascii_lowercase();
    match action {
        ffi::SQLITE_FUNCTION => !REFUSED_FUNCTIONS.contains(&lower(second).as_str()),
        // VACUUM attaches a file without a name; with a name it is another file.
        ffi::SQLITE_ATTACH => match permit {
            Permit::Read => false,
            Permit::Write => first.unwrap_or_default().is_empty(),
            Permit::Administer => true,
        },
        _ if permit != Permit::Read => true,
        ffi::SQLITE_SELECT | ffi::SQLITE_READ | ffi::SQLITE_RECURSIVE => true,
        ffi::SQLITE_PRAGMA => {
            let name = lower(first);
            let asked = second.is_none() && ASKED_PRAGMAS.contains(&name.as_str());
            asked || ARGUED_PRAGMAS.contains(&name.as_str())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_read_may_ask_for_a_setting_and_not_change_it() {
        assert!(allows(Permit::Read, ffi::SQLITE_PRAGMA, Some("Journal_Mode"), None));
        assert!(!allows(Permit::Read, ffi::SQLITE_PRAGMA, Some("journal_mode"), Some("delete")));
        assert!(!allows(Permit::Read, ffi::SQLITE_PRAGMA, Some("query_only"), Some("off")));
        assert!(allows(Permit::Read, ffi::SQLITE_PRAGMA, Some("table_info"), Some("t")));
    }

    #[test]
    fn only_administration_reaches_another_file() {
        assert!(!allows(Permit::Write, ffi::SQLITE_ATTACH, Some("/tmp/x"), None));
        assert!(allows(Permit::Write, ffi::SQLITE_ATTACH, Some(""), None));
        assert!(allows(Permit::Administer, ffi::SQLITE_ATTACH, Some("/tmp/x"), None));
        assert!(!allows(Permit::Administer, ffi::SQLITE_FUNCTION, None, Some("LOAD_EXTENSION")));
    }
}
