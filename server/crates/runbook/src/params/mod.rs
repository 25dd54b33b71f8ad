//! Placeholders in commands, and the parameters they make.

mod begins;
mod capitals;
mod names;
mod own;
mod paths;
mod quotes;
mod scan;

use farol_api::graph::{CommandLanguage, PlaceholderUse};
use rustc_hash::FxHashSet;

use crate::words::{self, fold};
use scan::Scan;

pub use names::Names;

/// Which variables the document's commands have assigned so far.
#[derive(Default)]
pub struct Assigned(FxHashSet<String>);

impl Assigned {
    /// Notes what a shell command assigns.
    pub fn learn(&mut self, names: &[String]) {
        self.0.extend(names.iter().cloned());
    }
}

/// The variables that a shell command assigns.
pub fn assigned(text: &str) -> Vec<&str> {
    if !may_assign(text) {
        return Vec::new();
    }
    let words = shell_words(past_own(text));
    let (mut before, mut names) = ("", Vec::new());
    // `read -p "Which cluster: " CLUSTER`: behind options and a question.
    let (mut reads, mut quote) = (false, None);
    for word in words.filter(|w| !w.is_empty()) {
        let quoted = quote.is_some() || word.starts_with(['"', '\'']);
        quote = match quote {
            Some(mark) => Some(mark).filter(|mark| !word.ends_with(*mark)),
            None => word.chars().next().filter(|mark| quoted && (word.len() == 1 || !word.ends_with(*mark))),
        };
        if reads && !quoted && is_variable(word) {
            names.push(word);
        }
        reads = word == "read" || reads && (quoted || word.starts_with('-') || is_variable(word));
        let name = word.bytes().position(|byte| byte == b'=').map(|at| word[..at].trim_end_matches('+'));
        names.extend(name.filter(|n| is_variable(n)));
        if matches!(before, "read" | "for" | "-r" | "select" | "mapfile" | "-t") && is_variable(word) {
            names.push(word);
        }
        before = word;
    }
    names
}

/// Most commands assign nothing: what does has a mark, or a word that begins like one of these.
fn may_assign(text: &str) -> bool {
    const SIGNS: [&[u8]; 6] = [b"read", b"for", b"select", b"mapfile", b"-r", b"-t"];
    let bytes = text.as_bytes();
    let mut outside = true;
    memchr::memchr(b'=', bytes).is_some()
        || bytes.iter().enumerate().any(|(at, byte)| {
            let begins = outside;
            outside = ENDS[usize::from(*byte)];
            begins
                && matches!(byte, b'r' | b'f' | b's' | b'm' | b'-')
                && SIGNS.iter().any(|s| bytes[at..].starts_with(s))
        })
}

/// What ends a word of a shell, and the lead bytes of all white space beyond ASCII.
const ENDS: [bool; 256] = words::table(b"\t\n\x0b\x0c\r ;(|&\xc2\xe1\xe2\xe3");

/// `MODE=staging ./restore.sh`: what stands before a program is set for that program alone.
fn past_own(text: &str) -> &str {
    let (rest, any) = crate::code::past_assignments(text);
    let mut lines = text[..text.len() - rest.len()].lines().map(str::trim_end);
    let ends = |rest: &str| rest.is_empty() || rest.starts_with([';', '&', '|', '#', ')', '\\']);
    // The last line of what was skipped is what the program stands on, unless that begins one of its own.
    let last = lines.next_back().unwrap_or("");
    let goes_on = text[..text.len() - rest.len()].ends_with([' ', '\t']) || last.ends_with('\\');
    match any && !ends(rest) && goes_on && lines.all(|line| line.is_empty() || line.ends_with('\\')) {
        true => rest,
        false => text,
    }
}

/// What stands between blanks, semicolons, pipes and the like; empty where two of them meet.
fn shell_words(text: &str) -> impl Iterator<Item = &str> {
    let ends = |at: &usize| {
        let byte = text.as_bytes()[*at];
        ENDS[usize::from(byte)] && (byte.is_ascii() || text[*at..].starts_with(char::is_whitespace))
    };
    let mut at = Some(0);
    std::iter::from_fn(move || {
        let start = at?;
        let end = (start..text.len()).find(ends);
        at = end.map(|end| end + text[end..].chars().next().map_or(0, char::len_utf8));
        Some(&text[start..end.unwrap_or(text.len())])
    })
}

/// The variables that a shell command uses, as `$X` and `${X…}`.
pub fn variables(text: &str) -> impl Iterator<Item = &str> {
    memchr::memchr_iter(b'$', text.as_bytes()).filter_map(|at| {
        let rest = text[at + 1..].strip_prefix('{').unwrap_or(&text[at + 1..]);
        let end = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        Some(&rest[..end]).filter(|name| is_variable(name))
    })
}

fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Finds the placeholders of a command, in order.
pub fn find(language: CommandLanguage, text: &str, assigned: &Assigned) -> Vec<PlaceholderUse> {
    Scan::new(language == CommandLanguage::Shell, text, assigned).run()
}

/// Finds the placeholders of a comment: only bracketed ones, for prose is full of dots.
pub fn find_in_comment(text: &str) -> Vec<String> {
    // "Pattern: /{environment}/{service}" tells what a value looks like.
    const FORMS: [&str; 8] = ["pattern", "format", "formato", "padrao", "patron", "syntax", "sintaxe", "sintaxis"];
    let label = text.split_once(':').map(|(label, _)| fold(label.trim()));
    let tells = |label: &str| {
        FORMS.contains(&label) || ["convencion", "convencao", "convention"].iter().any(|word| words::has(label, word))
    };
    if label.is_some_and(|label| tells(&label)) {
        return Vec::new();
    }
    let nothing = Assigned::default();
    let found = find(CommandLanguage::Other, text, &nothing);
    let bracketed = found.into_iter().map(|p| p.token).filter(|t| t.starts_with(['<', '{']));
    bracketed.collect()
}

/// The end of a text, at most so many bytes.
pub fn tail(text: &str, most: usize) -> &str {
    let mut start = text.len().saturating_sub(most);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}

/// Makes a parameter's name from a token: folded, words joined by `_`.
pub fn name_of(token: &str) -> String {
    let mut name = String::with_capacity(token.len());
    for c in fold(token).chars() {
        if c.is_ascii_alphanumeric() {
            name.push(c);
        } else if c.is_alphabetic() && !matches!(c, 'ª' | 'º') {
            // A letter of another script stands as its number, or all words of that script had one name.
            name.push_str(&format!("u{:x}", u32::from(c)));
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
        if name.len() >= 60 {
            break;
        }
    }
    name.truncate(name.trim_end_matches('_').len());
    match token {
        _ if !name.is_empty() => name,
        _ if token.contains('*') => "secret".to_owned(),
        _ => "text".to_owned(),
    }
}

/// Tells whether a parameter's name is that of a connection string: `SUPABASE_DB_URL`, `prod_dsn`, `string_de_conexao`.
pub fn is_connection(name: &str) -> bool {
    const ENDS: [&str; 5] = ["dsn", "connection_string", "conn_str", "string_de_conexao", "cadena_de_conexion"];
    // What an address is of that has a password in it.
    const OF: &str = "amqp banco broker conexao conexion conn connection database datos db jdbc mariadb mongo mongodb mysql \
         pg postgres postgresql rabbitmq redis";
    const ADDRESSES: [&str; 4] = ["url_", "uri_", "_url", "_uri"];
    let ends = |end: &&str| name.strip_suffix(*end).is_some_and(|before| before.is_empty() || before.ends_with('_'));
    // `DB_URL`, `url_do_banco`.
    let of = |address: &str| {
        let rest = match address.starts_with('_') {
            true => name.strip_suffix(address).and_then(|rest| rest.rsplit('_').next()),
            false => name.strip_prefix(address).and_then(|rest| rest.rsplit('_').next()),
        };
        rest.is_some_and(|word| OF.split_ascii_whitespace().any(|known| known == word))
    };
    ENDS.iter().any(ends) || ADDRESSES.iter().any(|address| of(address))
}

/// Tells whether a parameter's value must not be shown; connection strings hold passwords.
pub fn is_secret(name: &str) -> bool {
    const WORDS: [&str; 16] = [
        "password",
        "passphrase",
        "passcode",
        "palavra_passe",
        "senha",
        "secret",
        "segredo",
        "token",
        "passwd",
        "api_key",
        "apikey",
        "contrasena",
        "private_key",
        "credential",
        "credencia",
        "bearer",
    ];
    const BEGINS: [bool; 256] = words::firsts(&WORDS);
    let bytes = name.as_bytes();
    let mut places = (0..bytes.len()).filter(|at| BEGINS[usize::from(bytes[*at])]);
    let said = places.any(|at| WORDS.iter().any(|word| bytes[at..].starts_with(word.as_bytes())))
        || name.ends_with("_key")
        || name.split('_').any(|word| matches!(word, "pass" | "pwd"))
        || is_key(name);
    said && !only_points(name) || is_connection(name)
}

/// `secret_name`, `caminho_da_chave_privada`: what a secret is called, or where it lies. Who approves `kubectl delete secret <secret-name>`
/// has to see it. What is meant stands last in English and first elsewhere, and before a preposition: `senha_do_arquivo` is a password.
fn only_points(name: &str) -> bool {
    const LAST: &str = "name names id ids file files filename path arn namespace ttl expiry dir folder";
    const FIRST: &str = "name nome nombre id file arquivo archivo fichero path caminho ruta arn namespace";
    const OF: &str = "a o da de del do dos das la el of to for from in no na en para";
    let is = |words: &str, word: &str| words.split(' ').any(|known| known == word);
    let words: Vec<&str> = name.split('_').collect();
    let [first, second, ..] = words[..] else { return matches!(name, "secretname" | "tokenname" | "tokenid") };
    // `nome_e_senha` is a password as well; Vault's `secret_id` opens something, as an `id_token` does.
    if words.iter().any(|word| is("e y and ou or", word)) || words.ends_with(&["secret", "id"]) {
        return false;
    }
    let last =
        words.last().is_some_and(|last| is(LAST, last) || matches!(*last, "secretname" | "tokenname" | "tokenid"));
    is(FIRST, first) && is(OF, second) || last && !words.iter().any(|word| is(OF, word))
}

/// `chave_api`, `tu_clave`: a key that opens something. `chave` and `clave` alone find something just as well.
fn is_key(name: &str) -> bool {
    const OF: [&str; 8] = ["api", "privada", "acesso", "acceso", "mestra", "maestra", "cifrado", "criptografia"];
    let mut words = name.split('_').skip_while(|word| !matches!(*word, "chave" | "clave"));
    match words.next() {
        None => false,
        Some(_) => words.any(|word| OF.contains(&word)) || matches!(name, "tu_clave" | "su_clave" | "mi_clave"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<String> {
        find(CommandLanguage::Shell, text, &Assigned::default()).into_iter().map(|p| p.token).collect()
    }

    #[test]
    fn names_of_secrets_are_known_in_three_languages() {
        let secrets = "db_pass MYSQL_PWD passphrase chave_api chave_de_api chave_privada segredo credencial palavra_passe \
            tu_clave clave_api contrasena github_token REDIS_URL mongodb_uri string_de_conexao cadena_de_conexion url_do_banco \
            url_de_la_base_de_datos CELERY_BROKER_URL database_url conn_str secret_id vault_secret_id id_token file_password \
            senha_do_arquivo senha_arquivo token_del_archivo password_for_file nome_e_senha nome_de_usuario_e_senha";
        for name in secrets.split_whitespace() {
            assert!(is_secret(&name.to_ascii_lowercase()), "{name}");
        }
        let others = "chave clave palabra_clave chave_primaria bypass passo pasta url site_url grafana_url key database host compass base \
            secret_name your_secret_name external_secret_name nome_do_secret nombre_del_secreto tokenid token_id private_key_file \
            restic_ssh_key_file ruta_a_la_clave_privada caminho_da_chave_privada password_file secret_namespace id_de_secrets";
        for name in others.split_whitespace() {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn tokens_to_fill_in_are_found() {
        for (text, want) in [
            ("select pg_cancel_backend(<pid>);", vec!["<pid>"]),
            (
                "amtool --end <end of alert in the form: 2023-11-03T15:59> x",
                vec!["<end of alert in the form: 2023-11-03T15:59>"],
            ),
            ("psql postgresql://u:p@{endpoint}/x", vec!["{endpoint}"]),
            ("psql \"postgresql://...@{main}/x\"", vec!["...", "{main}"]),
            ("oc logs $POD -n ${NS}", vec!["$POD", "${NS}"]),
            ("ssh YOURNAME-praefect-db@console-01", vec!["YOURNAME"]),
            ("psql -h db.xxx.rds.amazonaws.com", vec!["xxx"]),
            ("aws s3 cp s3://b/backup-YYYYMMDD.sql .", vec!["YYYYMMDD"]),
            ("for v in $(docker volume ls -q); do echo \"$v ${v}\"; done", vec![]),
            ("psql -c \"UPDATE c SET d = jsonb_set(d, '{chave}', '1')\"", vec![]),
            ("gunzip -c loja_YYYYMMDD_HHMMSS.sql.gz", vec!["YYYYMMDD_HHMMSS"]),
            ("restaura --ate 'AAAA-MM-DD HH:MM:SS'", vec!["AAAA-MM-DD HH:MM:SS"]),
            ("ls dump_DD-MM-YYYY_loja.sql", vec!["DD-MM-YYYY"]),
            ("kubectl -n [NAMESPACE] get pods", vec!["[NAMESPACE]"]),
            ("tar xf config_XXXXXXXX.tar.gz", vec!["XXXXXXXX"]),
            ("mktemp /tmp/shop_XXXXXX", vec![]),
            ("ssh [usuario]@[ip]", vec!["[usuario]", "[ip]"]),
            ("psql -U tu_usuario -c \"ALTER ROLE r PASSWORD 'sua_senha'\"", vec!["tu_usuario", "sua_senha"]),
            ("login --clave tu_contraseña_nueva tu-api", vec!["tu_contraseña_nueva", "tu-api"]),
            ("helm upgrade {{ release }}", vec!["{{ release }}"]),
            ("docker logs CONTAINER_ID --tail 100", vec!["CONTAINER_ID"]),
            ("git reset --hard COMMIT_ANTERIOR", vec!["COMMIT_ANTERIOR"]),
            ("scp copia.sql deploy@SERVER_IP:/srv", vec!["SERVER_IP"]),
            ("git tag vX.Y.Z && git push origin vX.Y.Z", vec!["X.Y.Z", "X.Y.Z"]),
            ("git tag dev_X.X.X", vec!["X.X.X"]),
            ("curl -H \"Authorization: Bearer [token]\" x", vec!["[token]"]),
            ("aws ssm put-parameter --name /a/b --value \"[value]\"", vec!["[value]"]),
            ("rds copy --from ${db-instance-name} --to ${your-name}", vec!["${db-instance-name}", "${your-name}"]),
            ("docker compose restart SERVICO", vec!["SERVICO"]),
            ("docker service update --rollback PILHA_SERVICO", vec!["PILHA_SERVICO"]),
            ("gunzip -c /b/copia_MAIS_RECENTE.gz | psql -U app -d BANCO", vec!["MAIS_RECENTE", "BANCO"]),
            ("npx prisma migrate resolve --rolled-back NOMBRE_MIGRACION", vec!["NOMBRE_MIGRACION"]),
        ] {
            assert_eq!(tokens(text), want, "{text}");
        }
    }

    #[test]
    fn shell_is_no_placeholder() {
        for text in [
            "diff <(ls a) <(ls b)",
            "x 2>&1; echo $? $1 $$ $@ ${X:-default}",
            "cat <<EOF",
            "awk '{print $4}' < in > out",
            "kubectl get pods -o jsonpath='{.items[0].name}'",
            "docker ps --format '{{.Names}}'",
            "curl -w '%{http_code}' -d '{\"a\": 1}' x",
            "cp a.{sql,bak} /tmp; go test ./...; git diff a...b",
            "[ -f x ] && grep '[0-9]' y; [[ -n $HOME ]]",
            "find . -exec rm {} \\;",
            "mktemp /tmp/x.XXXXXX",
            "date +%Y%m%d",
            "echo '$NOT'",
            "cat > x.sh <<'EOF'\nA=1\necho $A $B\nEOF",
            "NS=shop; kubectl -n $NS get pods",
            "git reset --hard FETCH_HEAD",
            "docker exec web printenv APP_NAME",
            "docker run -e APP_NAME=shop web",
            "kubectl get pods -l 'x in (A_NAME)'",
            "php -r \"echo 'Done ' . \\$x . '...\\n';\"",
            "echo 'v1.x'; cp a.x.y b",
            "cd ${dir-web} && echo ${a:-b-c-d}",
            "aws ec2 describe --query \"[Name]\"; aws x --jq '[name]'",
            "kubectl get pods -o custom-columns=POD:.metadata.name,SERVICE:.spec.service",
            "psql -c 'ALTER DATABASE shop OPEN'",
        ] {
            assert_eq!(tokens(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn assigned_variables_are_captured_values() {
        let mut assigned = Assigned::default();
        assigned.learn(&["NS", "NAME"].map(str::to_owned));
        assert_eq!(super::assigned("export NS=\"$(kubectl get x)\"; read -r NAME"), ["NS", "NAME", "NAME"]);
        let found = find(CommandLanguage::Shell, "echo $NS $NAME $OTHER", &assigned);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].token, "$OTHER");
        for (text, kept) in [
            ("MODE=staging ./restore.sh", false),
            ("MODE=\"a b\" \\\nURL=$(cat url) \\\n  ./restore.sh --all", false),
            ("MODE=staging", true),
            ("MODE=staging; ./restore.sh", true),
            ("MODE=$(date) && ./restore.sh", true),
            ("MODE=staging\n./restore.sh", true),
            ("export MODE=staging", true),
            ("MODE=staging # as it was", true),
        ] {
            assert_eq!(assigned_names(text), kept, "{text}");
        }
    }

    fn assigned_names(text: &str) -> bool {
        super::assigned(text).contains(&"MODE")
    }

    #[test]
    fn names_do_not_depend_on_spelling() {
        assert_eq!(name_of("<pod-name>"), name_of("<pod_name>"));
        assert_eq!(name_of("<Nome da réplica>"), "nome_da_replica");
        assert_eq!(name_of("..."), "text");
        assert_eq!(name_of("<nº da réplica>"), "n_da_replica");
        let names = ["<хост>", "<порт>", "<主机>", "<端口>", "<хост1>", "<порт1>"].map(name_of);
        assert_eq!(names.iter().collect::<std::collections::HashSet<_>>().len(), names.len(), "{names:?}");
    }
}
