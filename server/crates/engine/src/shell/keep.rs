//! What a script leaves: the variables that were asked for, and the folder that it ended in.
//!
//! The script runs as it was approved, byte for byte. Before it, bash reads a few lines of its own (as it reads what
//! `BASH_ENV` names) that set a trap: where the script ends well, the trap writes names and values into a memory file
//! that nobody else has a name for. A script with an `EXIT` trap of its own, or one that ends by `exec`, leaves nothing.

use std::path::{Path, PathBuf};

use super::env;
use super::wire::RunSpec;

/// Most bytes that are read of what a script leaves.
pub(super) const ALL_MAX: usize = 256 << 10;
/// The name under which the trap writes the folder; no variable can be called so.
const FOLDER: &str = "/";

/// What stands for the value of an array, in the words of `printf`: a byte that no text has. Its first element alone would pass for
/// all of it in a step that goes through them.
const LIST: &str = "\\377";

/// Returns the lines that bash reads before the script `spec`: they tell it variables, and set the trap. `through` are descriptors
/// that it came to them by, which are nothing to the script.
pub(super) fn prelude(spec: &RunSpec, fd: i32, through: [i32; 2]) -> String {
    // The descriptor is moved to one that bash chooses: scripts redirect low ones, and what they leave would go astray.
    // Names come from a runbook's text: what is no plain name never becomes a part of these lines.
    let names: Vec<_> = spec.leave.iter().map(String::as_str).filter(|name| env::is_allowed(name)).collect();
    let told = spec.told.iter().filter_map(|(name, value)| env::tell(name, value));
    let told: String = told.chain(spec.kept.iter().filter_map(|(name, value)| env::keep(name, value))).collect();
    let [one, other] = through;
    // The shell may have waited: to the script, its time begins now.
    format!(
        "{told}SECONDS=0\n\
         exec {{__farol_left}}>&{fd} {fd}>&- {one}>&- {other}>&-\n\
         __farol_leave() {{\n\
         [[ $1 == 0 ]] || return 0\n\
         set +eu\n\
         local __farol_name\n\
         printf '%s\\0%s\\0' {FOLDER} \"$PWD\" >&\"$__farol_left\"\n\
         for __farol_name in {}; do\n\
         if [[ ${{!__farol_name@a}} == *[aA]* ]]; then printf '%s\\0{LIST}\\0' \"$__farol_name\" >&\"$__farol_left\"\n\
         elif [[ -v $__farol_name ]]; then printf '%s\\0%s\\0' \"$__farol_name\" \"${{!__farol_name}}\" >&\"$__farol_left\"\n\
         fi\n\
         done\n\
         return 0\n\
         }} 2>/dev/null\n\
         trap '{{ __farol_leave \"$?\"; }} 2>/dev/null' EXIT\n",
        names.join(" ")
    )
}

/// What a script left, taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Left {
    /// The folder that it ended in.
    pub folder: Option<PathBuf>,
    /// Names and values, in the order in which they were asked for.
    pub variables: Vec<(String, Vec<u8>)>,
    /// Whether there was more than is read.
    pub cut: bool,
}

/// Takes apart what the trap wrote; only names that were asked for are taken.
pub(super) fn read(bytes: &[u8], wanted: &[String]) -> Left {
    use std::os::unix::ffi::OsStrExt;
    let mut left = Left { cut: bytes.len() >= ALL_MAX, ..Left::default() };
    let mut pieces = bytes.split_inclusive(|byte| *byte == 0);
    // A piece without its end was cut.
    while let (Some([name @ .., 0]), Some([value @ .., 0])) = (pieces.next(), pieces.next()) {
        let Ok(name) = std::str::from_utf8(name) else { continue };
        if name == FOLDER {
            left.folder = Some(PathBuf::from(std::ffi::OsStr::from_bytes(value)));
        } else if wanted.iter().any(|wanted| wanted == name) {
            left.variables.push((name.to_owned(), value.to_vec()));
        }
    }
    left
}

/// Writes a folder as it is recorded: within the workspace from there, `.` for that itself, else the whole path.
pub(super) fn recorded(folder: &Path, workspace: &Path) -> Option<String> {
    const LONGEST: usize = 4096;
    let folder = folder.canonicalize().ok()?;
    let inside = folder.strip_prefix(workspace).map(Path::to_path_buf);
    let shown = inside.unwrap_or(folder).into_os_string().into_string().ok()?;
    let shown = if shown.is_empty() { ".".to_owned() } else { shown };
    (shown.len() <= LONGEST && !shown.contains(char::is_control)).then_some(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_asked_for_is_taken_and_what_was_cut_is_not() {
        let wanted = ["A".to_owned(), "B".to_owned()];
        let left = read(b"/\0/tmp\0A\0one\ntwo\0C\0x\0B\0cut", &wanted);
        assert_eq!(left.folder.as_deref(), Some(Path::new("/tmp")));
        assert_eq!(left.variables, [("A".to_owned(), b"one\ntwo".to_vec())]);
        assert_eq!(read(b"", &wanted), Left::default());
        assert_eq!(read(b"\0\0\0", &wanted), Left::default());
    }

    #[test]
    fn no_name_becomes_code() {
        let names = ["GOOD".to_owned(), "a; rm -rf /".to_owned(), "PATH".to_owned(), "$(x)".to_owned()];
        let text = prelude(&RunSpec { leave: names.into(), ..RunSpec::default() }, 9, [7, 8]);
        assert!(text.contains("in GOOD;") && !text.contains("rm -rf") && !text.contains("$(x)"), "{text}");
    }
}
