//! Names in capitals that stand for what is to be filled in: `docker logs CONTAINER_ID`, `git tag vX.Y.Z`.

use crate::words::{has, split};

/// How long a version is that is not there.
pub const VERSION: usize = "X.Y.Z".len();

/// `X.Y.Z`, `X.X.X`, `x.y.z`: a version with letters for its numbers.
pub fn version(text: &[u8]) -> bool {
    let ends = |next: Option<&u8>| next.is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'.');
    match text {
        [b'X', b'.', b'X' | b'Y', b'.', b'X' | b'Z', rest @ ..]
        | [b'x', b'.', b'x' | b'y', b'.', b'x' | b'z', rest @ ..] => ends(rest.first()),
        _ => false,
    }
}

/// The length of a name that says what is to stand in its place: `POD_NAME`, `COMMIT_ANTERIOR`, `NEW_PASSWORD`.
pub fn named(text: &[u8]) -> Option<usize> {
    const ENDS: [&str; 9] =
        ["_ID", "_NAME", "_HASH", "_SHA", "_IP", "_HOSTNAME", "_ANTERIOR", "_PREVIOUS", "_PASSWORD"];
    let len =
        text.iter().take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || **byte == b'_').count();
    let name = &text[..len];
    let whole = text.get(len).is_none_or(|byte| b" :/@\n\"'".contains(byte));
    (whole && ENDS.iter().any(|end| name.len() > end.len() && name.ends_with(end.as_bytes()))).then_some(len)
}

/// Tells whether a command takes names of things, and none of variables: `docker`, but not with `-e`.
pub fn takes_names(text: &str) -> bool {
    const PROGRAMS: [&str; 12] =
        ["docker", "podman", "kubectl", "oc", "git", "ssh", "scp", "rsync", "kill", "psql", "systemctl", "aws"];
    const VARIABLES: [&str; 10] =
        [" -e ", "--env", "printenv", "grep", "config", "secret", "unset", "export", "echo", " env"];
    let mut words = split(text).skip_while(|word| *word == "sudo");
    words.next().is_some_and(|program| PROGRAMS.contains(&program)) && !VARIABLES.iter().any(|word| has(text, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_to_fill_in_are_told_from_values() {
        assert_eq!(named(b"CONTAINER_ID --tail 5"), Some(12));
        assert_eq!(named(b"COMMIT_ANTERIOR"), Some(15));
        assert_eq!(named(b"SERVER_IP:/srv"), Some(9));
        for value in ["POD_NAME=x", "SIGHUP", "FETCH_HEAD", "_ID", "APP_ID_X", "ID"] {
            assert_eq!(named(value.as_bytes()), None, "{value}");
        }
        assert!(version(b"X.Y.Z") && version(b"X.X.X web") && !version(b"X.Y") && !version(b"X.Y.Zed"));
        assert!(takes_names("docker logs CONTAINER_ID") && takes_names("sudo kill PROCESS_ID"));
        assert!(!takes_names("docker run -e APP_ID web") && !takes_names("heroku open APP_NAME"));
    }
}
