//! Names in capitals that stand for what is to be filled in: `docker logs CONTAINER_ID`, `git tag vX.Y.Z`.

use crate::words::{has, split};

/// The length of `X.Y.Z`, `XX.X.X`, `x.y.z`: a version with letters for its numbers.
pub fn version(text: &[u8]) -> Option<usize> {
    // `app-X.Y.Z.zip` goes on with an ending, `X.X.X.X` with a number.
    let ends = |rest: &[u8]| match rest {
        [b'.', first, second, ..] => first.is_ascii_lowercase() && second.is_ascii_alphanumeric(),
        [next, ..] => !next.is_ascii_alphanumeric() && *next != b'.',
        [] => true,
    };
    let rest = match text {
        [b'X', b'X', rest @ ..] | [b'X', rest @ ..] => rest,
        [b'x', rest @ ..] => rest,
        _ => return None,
    };
    let rest = match (text[0], rest) {
        (b'X', [b'.', b'X' | b'Y', b'.', b'X' | b'Z', rest @ ..])
        | (b'x', [b'.', b'x' | b'y', b'.', b'x' | b'z', rest @ ..]) => rest,
        _ => return None,
    };
    ends(rest).then(|| text.len() - rest.len())
}

/// The length of a name that says what is to stand in its place: `POD_NAME`, `COMMIT_ANTERIOR`, `NEW_PASSWORD`.
pub fn named(text: &[u8]) -> Option<usize> {
    const ENDS: [&str; 13] = [
        "_ID",
        "_NAME",
        "_HASH",
        "_SHA",
        "_IP",
        "_HOSTNAME",
        "_ANTERIOR",
        "_PREVIOUS",
        "_PASSWORD",
        "_VERSION",
        "_VERSAO",
        "_TAG",
        "_FILE",
    ];
    let len =
        text.iter().take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || **byte == b'_').count();
    let name = &text[..len];
    // `-f MIGRATION_FILE.sql`
    let ending = || matches!(text[len..], [b'.', next, ..] if next.is_ascii_lowercase()) && name.ends_with(b"_FILE");
    const STARTS: [&str; 6] = ["NOMBRE_", "NOME_", "NUEVO_", "NOVO_", "IP_", "ID_"];
    const ALONE: [&str; 4] = ["USUARIO", "CONTRASENA", "CONTRASENIA", "SENHA"];
    let begins = || STARTS.iter().any(|start| name.len() > start.len() && name.starts_with(start.as_bytes()));
    let alone = || ALONE.iter().any(|word| name == word.as_bytes());
    let whole = text.get(len).is_none_or(|byte| b" :/@\n\"'".contains(byte)) || ending();
    let ends = ENDS.iter().any(|end| name.len() > end.len() && name.ends_with(end.as_bytes()));
    (whole && (ends || begins() || alone())).then_some(len)
}

/// Tells whether a command takes names of things, and none of variables: `docker`, but not with `-e`.
pub fn takes_names(text: &str) -> bool {
    const PROGRAMS: [&str; 20] = [
        "mysql",
        "mysqldump",
        "pg_dump",
        "pg_restore",
        "createdb",
        "dropdb",
        "docker",
        "podman",
        "kubectl",
        "oc",
        "git",
        "ssh",
        "scp",
        "rsync",
        "kill",
        "psql",
        "systemctl",
        "aws",
        "curl",
        "wget",
    ];
    const VARIABLES: [&str; 10] =
        [" -e ", "--env", "printenv", "grep", "config", "secret", "unset", "export", "echo", " env"];
    let mut words = split(text).skip_while(|word| *word == "sudo");
    words.next().is_some_and(|program| PROGRAMS.contains(&program)) && !VARIABLES.iter().any(|word| has(text, word))
}

/// `--replicas=N`: tells whether the letter at a place is a number to choose.
pub fn number(text: &str, at: usize) -> bool {
    let (head, tail) = (&text[..at], &text[at + 1..]);
    let word = &head[head.rfind([' ', '\n']).map_or(0, |gap| gap + 1)..];
    head.ends_with('=') && word.starts_with("--") && tail.bytes().next().is_none_or(|byte| byte.is_ascii_whitespace())
}

/// `[the same variables] \`: tells whether words in brackets stand alone on one of the lines of a command.
pub fn stands_for_lines(text: &str, at: usize, len: usize) -> bool {
    let words = &text[at + 1..at + len - 1];
    let tail = text[at + len..].trim_start_matches(' ');
    words.contains(' ')
        && words.chars().all(|c| c.is_alphabetic() || c == ' ')
        && text[..at].trim_end_matches([' ', '\t']).ends_with("\\\n")
        && (tail.is_empty() || tail.starts_with(['\\', '\n']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_to_fill_in_are_told_from_values() {
        assert_eq!(named(b"CONTAINER_ID --tail 5"), Some(12));
        assert_eq!(named(b"COMMIT_ANTERIOR"), Some(15));
        assert_eq!(named(b"SERVER_IP:/srv"), Some(9));
        assert_eq!([named(b"PREVIOUS_VERSION -n shop"), named(b"MIGRATION_FILE.sql")], [Some(16), Some(14)]);
        for value in ["POD_NAME=x", "SIGHUP", "FETCH_HEAD", "_ID", "APP_ID_X", "ID", "POD_NAME.sql", "OLD_FILE.SQL"] {
            assert_eq!(named(value.as_bytes()), None, "{value}");
        }
        assert_eq!([version(b"X.Y.Z"), version(b"X.X.X web"), version(b"x.y.z.zip")], [Some(5); 3]);
        assert_eq!(version(b"XX.X.X.zip"), Some(6));
        assert_eq!([version(b"X.Y"), version(b"X.Y.Zed"), version(b"X.X.X.X"), version(b"XXX.X.X")], [None; 4]);
        assert!(takes_names("docker logs CONTAINER_ID") && takes_names("sudo kill PROCESS_ID"));
        assert!(!takes_names("docker run -e APP_ID web") && !takes_names("heroku open APP_NAME"));
    }
}
