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
    const ENDS: [&str; 17] = [
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
        "_SERVICE",
        "_SERVICO",
        "_SERVICIO",
        "_CONTAINER",
    ];
    let len = length(text);
    let name = &text[..len];
    let apart = || text.get(len).is_none_or(|byte| b" :/@\n\"'".contains(byte));
    // Most words in capitals are those of statements and have one part.
    if memchr::memchr(b'_', name).is_none() {
        const ALONE: [&str; 4] = ["USUARIO", "CONTRASENA", "CONTRASENIA", "SENHA"];
        // `docker compose restart SERVICO`; a column of a table may be called so: `-o custom-columns=POD:.metadata.name`.
        const THINGS: [&str; 8] =
            ["SERVICE", "SERVICO", "SERVICIO", "CONTAINER", "CONTENEDOR", "CONTEINER", "NOMBRE", "NOME"];
        let last = || text.get(len).is_none_or(|byte| b" \n\"'".contains(byte));
        let is = |list: &[&str]| list.iter().any(|word| name == word.as_bytes());
        return (is(&ALONE) && apart() || is(&THINGS) && last()).then_some(len);
    }
    // `-f MIGRATION_FILE.sql`
    let ending = || matches!(text[len..], [b'.', next, ..] if next.is_ascii_lowercase()) && name.ends_with(b"_FILE");
    const STARTS: [&str; 10] =
        ["NOMBRE_", "NOME_", "NUEVO_", "NOVO_", "NUEVA_", "NOVA_", "IP_", "ID_", "SENHA_", "CONTRASENA_"];
    let begins = || STARTS.iter().any(|start| name.len() > start.len() && name.starts_with(start.as_bytes()));
    let whole = apart() || ending();
    let ends = ENDS.iter().any(|end| name.len() > end.len() && name.ends_with(end.as_bytes()));
    (whole && (ends || begins() || is_phrase(name))).then_some(len)
}

/// The length of `psql -d DATABASE`: a word that SQL has too, behind the option of a client.
pub fn base(head: &str, text: &[u8]) -> Option<usize> {
    const NAMES: [&str; 4] = ["DATABASE", "DBNAME", "BANCO", "BASE_DE_DATOS"];
    let len = length(text);
    (head.ends_with(" -d ") && NAMES.iter().any(|name| text[..len] == *name.as_bytes())).then_some(len)
}

/// The length of `MAIS_RECENTE`, `MAS_RECIENTE`, `MOST_RECENT` within a file's name: which copy it is has to be looked up.
pub fn newest(text: &[u8]) -> Option<usize> {
    const NAMES: [&str; 3] = ["MAIS_RECENTE", "MAS_RECIENTE", "MOST_RECENT"];
    let len = length(text);
    NAMES.iter().any(|name| text[..len] == *name.as_bytes()).then_some(len)
}

/// The length of `TIMESTAMP`, `FECHA` within a file's name: `shop-TIMESTAMP.sql.gz`.
pub fn stamped(text: &[u8]) -> Option<usize> {
    const NAMES: [&str; 3] = ["TIMESTAMP", "FECHA", "DATE"];
    let len = length(text);
    let ends = |rest: &[u8]| match rest {
        [b'.', next, ..] => next.is_ascii_lowercase(),
        [next, ..] => matches!(next, b'/' | b'-'),
        [] => false,
    };
    (NAMES.iter().any(|name| text[..len] == *name.as_bytes()) && ends(&text[len..])).then_some(len)
}

/// `psql "DATABASE_URL"`: the length of a name that stands for an address, alone between quotes.
pub fn address(text: &[u8]) -> Option<usize> {
    let len = length(text);
    (text[..len].ends_with(b"_URL") && len > 5 && text.get(len) == Some(&b'"')).then_some(len)
}

/// `ALTER USER x WITH PASSWORD 'NUEVA_CONTRASEÑA'`, `IDENTIFIED BY 'SENHA_FORTE'`: what stands for a secret in a statement;
/// `at` is where the name begins.
pub fn secret(text: &str, at: usize) -> Option<usize> {
    const KINDS: [&str; 8] = ["PASSWORD", "SENHA", "CONTRASE", "PASS", "CLAVE", "SECRET", "SEGURA", "FORTE"];
    // No name is longer.
    const LONGEST: usize = 64;
    let head = text[..at].strip_suffix('\'')?.trim_end();
    let tail = |word: &str| head.get(head.len().checked_sub(word.len())?..);
    if !["password", " by"].iter().any(|word| tail(word).is_some_and(|tail| tail.eq_ignore_ascii_case(word))) {
        return None;
    }
    let name = text[at..]
        .split('\'')
        .next()
        .filter(|name| name.len() < LONGEST && text.as_bytes().get(at + name.len()) == Some(&b'\''))?;
    let capitals = name.chars().all(|c| c.is_uppercase() || c == '_' || c.is_ascii_digit());
    (capitals && KINDS.iter().any(|kind| crate::words::has(name, kind))).then_some(name.len())
}

/// The length of `SuaSenhaAqui`, `YourPasswordHere`: a word that says whose it is to be, and where.
pub fn yours(text: &[u8]) -> Option<usize> {
    const WHOSE: [&[u8]; 5] = [b"Your", b"Sua", b"Seu", b"Tu", b"Su"];
    let whose = WHOSE.iter().find(|whose| text.starts_with(whose))?;
    let len = text.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let word = &text[..len];
    let capital = word.get(whose.len()).is_some_and(u8::is_ascii_uppercase);
    (capital && (word.ends_with(b"Here") || word.ends_with(b"Aqui"))).then_some(len)
}

/// The length of a name in capitals.
fn length(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || **byte == b'_').count()
}

/// `HOST_DO_BANCO`, `PID_DEL_PROCESO`: words in capitals that say what of what.
fn is_phrase(name: &[u8]) -> bool {
    const OF: [&[u8]; 7] = [b"DO", b"DA", b"DOS", b"DAS", b"DE", b"DEL", b"OF"];
    let mut words = name.split(|byte| *byte == b'_');
    let (first, last) = (words.next(), words.next_back());
    first.is_some_and(|word| word.len() > 1)
        && last.is_some_and(|word| word.len() > 1)
        && words.any(|word| OF.contains(&word))
}

/// The length of a name that stands for a value of a statement: `'NOME_DO_CLIENTE'`, `id = ID_DO_USUARIO`, `pg_cancel_backend(PID_DO_PROCESSO)`;
/// `at` is where the name begins.
///
/// Names of columns may be in capitals, so what a bare one is compared with is not, and one in quotes that says no more than its
/// kind is what its column is called.
pub fn value(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memchr(b'_', &bytes[at..at + length(&bytes[at..])])?;
    let len = named(&bytes[at..]).or_else(|| phrase_before_bracket(&bytes[at..]))?;
    let name = &bytes[at..at + len];
    let quoted = text[..at].ends_with('\'');
    if quoted && bytes.get(at + len) != Some(&b'\'') {
        return None;
    }
    let before = text[..at - usize::from(quoted)].trim_end();
    let called = |before: &str| {
        let name = &before[before.rfind(|c: char| !c.is_alphanumeric() && c != '_').map_or(0, |gap| gap + 1)..];
        name.bytes().any(|byte| byte.is_ascii_lowercase()).then(|| name.to_ascii_uppercase())
    };
    let compared = before.strip_suffix('=').filter(|rest| !rest.ends_with(['<', '>', '!', ':'])).map(str::trim_end);
    if let Some(column) = compared {
        let column = called(column)?;
        let kind = column.rsplit('_').next().unwrap_or_default();
        let says = |name: &[u8]| name.strip_suffix(kind.as_bytes()).is_some_and(|rest| rest.ends_with(b"_"));
        return (is_phrase(name) || is_new(name) || quoted && says(name)).then_some(len);
    }
    let function = before.strip_suffix('(').and_then(called);
    (is_phrase(name) && (quoted || function.is_some_and(|name| name.contains('_')))).then_some(len)
}

fn is_new(name: &[u8]) -> bool {
    ["NUEVO_", "NOVO_", "NUEVA_", "NOVA_", "NEW_"].iter().any(|start| name.starts_with(start.as_bytes()))
}

/// A phrase right before what ends a value in SQL.
fn phrase_before_bracket(text: &[u8]) -> Option<usize> {
    let len = length(text);
    let ends = matches!(text.get(len), Some(b')' | b';' | b',' | b'\'') | None);
    (ends && (is_phrase(&text[..len]) || is_new(&text[..len]))).then_some(len)
}

/// Tells whether a command takes names of things, and none of variables: `docker`, but not with `-e`.
pub fn takes_names(text: &str) -> bool {
    const PROGRAMS: [&str; 22] = [
        "mysql",
        "mysqldump",
        "pg_dump",
        "pg_restore",
        "createdb",
        "dropdb",
        "docker",
        "docker-compose",
        "podman",
        "npx",
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
    let mut before = "|";
    // `gunzip -c copy.gz | psql -d DATABASE`
    let mut programs = split(text).filter(|word| matches!(std::mem::replace(&mut before, word), "|" | "sudo"));
    let Some(program) = programs.find(|program| PROGRAMS.contains(program)) else { return false };
    // `scp key.json user@SERVER_IP:/srv/secrets/`: what copies files knows no variables but in paths.
    matches!(program, "scp" | "rsync") || !VARIABLES.iter().any(|word| has(text, word))
}

/// `mysql -uUSUARIO -pSENHA`: tells whether a place is right behind an option of one letter that takes the rest of its word.
/// Few commands have one there.
pub fn is_glued(text: &str, at: usize) -> bool {
    matches!(text.as_bytes()[..at], [.., b' ', b'-', b'u' | b'p' | b'h' | b'P'])
}

/// Tells whether a command is a client of MySQL or MariaDB, whose options are glued to their values.
pub fn glues(text: &str) -> bool {
    ["mysql", "mariadb"].iter().any(|name| has(text, name))
}

/// `--password=SENHA`: tells whether a place is right behind a long option's sign.
pub fn is_option(text: &str, at: usize) -> bool {
    // No option has a longer name.
    const FAR: usize = 64;
    let head = super::tail(&text[..at], FAR);
    head.ends_with('=') && head[head.rfind([' ', '\n']).map_or(0, |gap| gap + 1)..].starts_with("--")
}

/// The length of `REF`, `PASSWORD` or `REGION` in `postgresql://app.REF:PASSWORD@db-REGION.host/shop`: of an address with somebody's
/// name in it, whatever stands in capitals before its path; `at` is where the word begins.
pub fn in_address(text: &str, at: usize) -> Option<usize> {
    /// "ID" may be a part of a name.
    const SHORT: usize = 3;
    /// No address is longer.
    const FAR: usize = 200;
    let len = length(&text.as_bytes()[at..]);
    let apart = text.as_bytes().get(at + len).is_some_and(|byte| b".:@-/".contains(byte));
    if len < SHORT || !apart {
        return None;
    }
    let begin = |c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '=');
    let head = super::tail(&text[..at], FAR);
    let (_, inside) = head[head.rfind(begin).map_or(0, |gap| gap + 1)..].split_once("://")?;
    let rest = crate::words::shorten(&text[at + len..], FAR);
    let rest = &rest[..rest.find(|c: char| begin(c) || c == '/').unwrap_or(rest.len())];
    (!inside.contains('/') && (inside.contains('@') || rest.contains('@'))).then_some(len)
}

/// `--replicas=N`: tells whether the letter at a place is a number to choose.
pub fn number(text: &str, at: usize) -> bool {
    let tail = &text[at + 1..];
    is_option(text, at) && tail.bytes().next().is_none_or(|byte| byte.is_ascii_whitespace())
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

/// "what changes in the schema": words that a phrase has between its others, and a mark such as `skip ci` has not.
pub fn says_what_to_fill_in(content: &str) -> bool {
    const BETWEEN: [&str; 12] = ["de", "del", "do", "da", "que", "of", "the", "to", "in", "for", "what", "para"];
    content.len() > 8 && content.split(' ').any(|word| BETWEEN.contains(&word))
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
        assert_eq!([named(b"HOST_DO_BANCO -U x"), named(b"NOMBRE_DEL_POD")], [Some(13), Some(14)]);
        assert_eq!([named(b"DE_X"), named(b"X_DE_Y"), named(b"END_OF_LINE_X=1")], [None; 3]);
        assert!(takes_names("docker logs CONTAINER_ID") && takes_names("sudo kill PROCESS_ID"));
        assert!(takes_names("scp key.json user@SERVER_IP:/srv/secrets/"));
        assert!(!takes_names("docker run -e APP_ID web") && !takes_names("heroku open APP_NAME"));
    }

    #[test]
    fn parts_of_an_address_with_a_name_are_filled_in() {
        let url = "export DB='postgresql://app.REF:PASSWORD@db-0-REGION.host.acme.io:5432/SHOP'";
        let found: Vec<&str> = ["REF", "PASSWORD", "REGION", "SHOP", "DB"]
            .into_iter()
            .filter(|word| url.find(word).and_then(|at| in_address(url, at)).is_some())
            .collect();
        assert_eq!(found, ["REF", "PASSWORD", "REGION"]);
        let plain = "curl https://host.acme.io/API-V2/items?mail=a@b.c -H X";
        assert_eq!(plain.find("API").and_then(|at| in_address(plain, at)), None);
    }

    #[test]
    fn values_to_fill_in_are_told_from_columns() {
        for (text, name) in [
            ("select * from t where name = 'NOME_DO_CLIENTE' and a = 1", "NOME_DO_CLIENTE"),
            ("update users set email = 'NOVO_EMAIL'", "NOVO_EMAIL"),
            ("update t set a = 1 where id = 'USER_ID'", "USER_ID"),
            ("update t set a = 1 where user_id = 'USER_ID'", "USER_ID"),
            ("delete from t where id = ID_DO_USUARIO;", "ID_DO_USUARIO"),
            ("select pg_cancel_backend(PID_DO_PROCESSO);", "PID_DO_PROCESSO"),
            ("select * from t where k in ('ID_DEL_PEDIDO')", "ID_DEL_PEDIDO"),
        ] {
            assert_eq!(value(text, text.find(name).unwrap()), Some(name.len()), "{text}");
        }
        for (text, name) in [
            ("select * from columns where column_name = 'USER_ID'", "USER_ID"),
            ("select * from t where kind = 'LOG_FILE'", "LOG_FILE"),
            ("select * from t where state = 'END_OF_LIFE_X", "END_OF_LIFE_X"),
            ("select * from T where ID_DO_USUARIO = 5", "ID_DO_USUARIO"),
            ("select * from A join B on A.ID = ID_DO_USUARIO", "ID_DO_USUARIO"),
            ("select count(ID_DO_USUARIO) from T", "ID_DO_USUARIO"),
            ("select USER_ID from t", "USER_ID"),
            ("select * from t where id = USER_ID", "USER_ID"),
        ] {
            assert_eq!(value(text, text.find(name).unwrap()), None, "{text}");
        }
    }
}
