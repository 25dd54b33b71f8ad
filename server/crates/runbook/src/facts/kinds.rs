//! What kind of value each parameter takes, its default and its example.

use std::borrow::Cow;
use std::sync::LazyLock;

use farol_api::graph::{Command, PlaceholderUse};
use farol_api::runbook::{Parameter, ParameterKind, Runbook, Table};
use rustc_hash::FxHashMap;

use crate::params;
use crate::words::fold;

/// Infers kinds from names and places, defaults and examples from tables.
pub fn infer(runbook: &mut Runbook) {
    if runbook.parameters.is_empty() {
        return;
    }
    for parameter in &mut runbook.parameters {
        parameter.kind = by_name(&parameter.name, &parameter.token).unwrap_or_default();
    }
    // Where it stands is looked at only for those whose names say nothing.
    let unnamed = runbook.parameters.iter().filter(|parameter| parameter.kind == ParameterKind::default());
    let mut places: FxHashMap<&str, Option<ParameterKind>> = unnamed.map(|p| (p.name.as_str(), None)).collect();
    for command in runbook.graph.nodes.iter().filter_map(|node| node.command.as_deref()) {
        for used in &command.placeholders {
            if let Some(kind @ None) = places.get_mut(used.parameter.as_str()) {
                *kind = by_place(command, used);
            }
        }
    }
    let places: Vec<_> = runbook.parameters.iter().map(|p| places.get(p.name.as_str()).copied().flatten()).collect();
    let tables = std::mem::take(&mut runbook.tables);
    let described: Vec<Described<'_>> = tables.iter().filter_map(Described::new).collect();
    for (parameter, place) in runbook.parameters.iter_mut().zip(places) {
        parameter.kind = place.unwrap_or(parameter.kind);
        parameter.secret |= parameter.kind == ParameterKind::Secret;
        described.iter().for_each(|table| table.describe(parameter));
        if parameter.secret && parameter.kind != ParameterKind::Connection {
            parameter.kind = ParameterKind::Secret;
        }
    }
    runbook.tables = tables;
}

/// Words that parameters are called by, and what they say of the value.
const NAMES: [(ParameterKind, &str); 9] = [
    (ParameterKind::Connection, "database_url db_url dsn connection conn_str connection_string db_uri"),
    (ParameterKind::Pid, "pid process_id backend_pid id_do_processo"),
    (ParameterKind::Port, "port porta puerto"),
    (ParameterKind::Timestamp, "timestamp date data fecha time hora datetime horario yyyy yyyymmdd when"),
    (ParameterKind::Url, "url uri link webhook"),
    (ParameterKind::Host, "host hostname endpoint server servidor ip address domain dominio bastion"),
    (ParameterKind::Path, "path file arquivo archivo dir directory folder pasta caminho ruta"),
    (ParameterKind::Number, "count number numero replicas size limit n num qtd quantidade"),
    (
        ParameterKind::Name,
        "name nome nombre pod namespace ns table tabela tabla database db user usuario service servico container cluster node deployment instance bucket project app region branch release role schema index queue job",
    ),
];

fn by_name(name: &str, token: &str) -> Option<ParameterKind> {
    use ParameterKind as K;
    if params::is_connection(name) {
        return Some(K::Connection);
    }
    if params::is_secret(name) {
        return Some(K::Secret);
    }
    static KINDS: LazyLock<FxHashMap<&str, K>> = LazyLock::new(|| {
        // What stands first in the list is meant.
        let named = NAMES.iter().rev().flat_map(|(kind, names)| names.split(' ').map(|name| (name, *kind)));
        named.collect()
    });
    let kind_of = |word: &str| KINDS.get(word).copied();
    let mut words = name.split('_').filter(|w| !w.is_empty());
    if token.starts_with("YYYY") || token.starts_with("AAAA") {
        return Some(K::Timestamp);
    }
    // The last word says what the value is: `pod_ip` is an address, `ip_pool_name` a name.
    let (first, last) = (words.next(), words.next_back());
    kind_of(name).or_else(|| kind_of(last.or(first)?)).or_else(|| kind_of(first?))
}

/// What stands before the placeholder: `--port <x>`, `pg_cancel_backend(<x>)`, `postgresql://…`.
fn by_place(command: &Command, used: &PlaceholderUse) -> Option<ParameterKind> {
    use ParameterKind as K;
    let before = params::tail(command.text.get(..used.span.start)?, 500);
    let word = before.rsplit(char::is_whitespace).next().unwrap_or("").trim_start_matches(['"', '\'']);
    let flag = before.trim_end().rsplit(char::is_whitespace).next().unwrap_or("");
    let flagged = match word {
        "" => flag,
        _ if word.ends_with('=') => word,
        _ => before.trim_end().rsplit(char::is_whitespace).nth(1).unwrap_or(""),
    };
    if word.ends_with("_backend(") {
        return Some(K::Pid);
    }
    if is_password(before, command.text.get(used.span.end..)?, word, flagged) {
        return Some(K::Secret);
    }
    if let Some((scheme, rest)) = word.split_once("://") {
        let of_web = ["http", "https", "ws", "wss"].iter().any(|web| scheme.ends_with(web));
        return match () {
            () if rest.contains('@') => Some(K::Host),
            // What is asked of a server there: a number, a name.
            () if rest.contains('/') => None,
            () if of_web => Some(K::Host),
            () => Some(K::Connection),
        };
    }
    match flagged.trim_end_matches('=') {
        "-h" | "--host" => Some(K::Host),
        "--port" => Some(K::Port),
        "-n" | "--namespace" | "-d" | "--dbname" | "-U" | "--username" => Some(K::Name),
        "-f" | "--file" | ">" | "<" => Some(K::Path),
        "--since" | "--until" | "--restore-time" => Some(K::Timestamp),
        "kill" | "-9" | "-p" if before.contains("kill") || before.contains("strace") => Some(K::Pid),
        _ => None,
    }
}

/// Tells whether a password stands here, whatever its name: `postgres://app:<x>@`, `mysql -p<x>`, `IDENTIFIED BY '<x>'`.
fn is_password(before: &str, after: &str, word: &str, flagged: &str) -> bool {
    let is = |word: &str, known: &str| word.eq_ignore_ascii_case(known);
    if let Some((_, login)) = word.split_once("://") {
        // Without an `@` behind it, it is a port.
        return login.contains(':') && !login.contains(['@', '/']) && after.starts_with('@');
    }
    let runs = |programs: &[&str]| {
        let line = before.rsplit(['\n', '|', ';', '&']).next().unwrap_or("");
        let names = line.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or(word));
        names.into_iter().any(|name| programs.contains(&name))
    };
    let asks_mysql = ["mysql", "mysqldump", "mysqladmin", "mysqlcheck", "mariadb", "mariadb-dump", "mariadb-admin"];
    let mut back = before.trim_end_matches(['\'', '"', ' ']).rsplit(char::is_whitespace);
    let (last, earlier) = (back.next().unwrap_or(""), back.next().unwrap_or(""));
    word == "-p" && runs(&asks_mysql)
        || flagged == "-a" && runs(&["redis-cli"])
        || flagged == "-p" && runs(&["sshpass"])
        || matches!(flagged.trim_end_matches('='), "--password" | "--passwd" | "--pass")
        || is(last, "bearer")
        || is(last, "by") && is(earlier, "identified")
        || is(last, "password") && before.ends_with('\'')
}

/// A table that may tell of parameters, and the columns that do.
struct Described<'t> {
    default: Option<usize>,
    example: Option<usize>,
    /// The first row that has a name, or a token, in one of its first two cells.
    rows: FxHashMap<Cow<'t, str>, &'t [String]>,
}

impl<'t> Described<'t> {
    fn new(table: &'t Table) -> Option<Self> {
        let header: Vec<Cow<'_, str>> = table.header.iter().map(|h| fold(h)).collect();
        let column = |names: &[&str]| header.iter().position(|h| names.contains(&&**h));
        let default =
            column(&["default", "padrao", "valor padrao", "por defecto", "valor por defecto", "predeterminado"]);
        let example = column(&["example", "exemplo", "ejemplo", "valor", "value"]);
        if default.is_none() && example.is_none() {
            return None;
        }
        let mut rows: FxHashMap<Cow<'t, str>, &'t [String]> = FxHashMap::default();
        for row in &table.rows {
            for cell in row.iter().take(2).filter(|cell| !cell.is_empty()) {
                rows.entry(Cow::Owned(params::name_of(cell))).or_insert(row);
                rows.entry(Cow::Borrowed(cell.trim_matches('`'))).or_insert(row);
            }
        }
        Some(Self { default, example, rows })
    }

    /// A row whose first cell names the parameter gives its default or its example.
    fn describe(&self, parameter: &mut Parameter) {
        let row = self.rows.get(parameter.name.as_str()).or_else(|| self.rows.get(parameter.token.as_str()));
        let Some(row) = row else { return };
        let cell = |column: Option<usize>| {
            let text = row.get(column?)?.trim();
            let value = !matches!(text, "" | "-" | "—" | "–" | "n/a" | "N/A") && text.len() < 200;
            value.then(|| text.to_owned())
        };
        if !parameter.secret {
            parameter.default = parameter.default.take().or(cell(self.default));
            parameter.example = parameter.example.take().or(cell(self.example));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_kinds() {
        use ParameterKind as K;
        for (name, kind) in [
            ("pid", Some(K::Pid)),
            ("db_host", Some(K::Host)),
            ("pod_ip", Some(K::Host)),
            ("nome_da_tabela", Some(K::Name)),
            ("database_url", Some(K::Connection)),
            ("supabase_db_url", Some(K::Connection)),
            ("prod_dsn", Some(K::Connection)),
            ("backup_file", Some(K::Path)),
            ("api_token", Some(K::Secret)),
            ("porta", Some(K::Port)),
            ("whatever", None),
        ] {
            assert_eq!(by_name(name, "<x>"), kind, "{name}");
        }
    }

    #[test]
    fn what_an_address_is_made_of_is_told_apart() {
        use ParameterKind as K;
        for (command, kind) in [
            ("psql postgresql://<valor>/loja -c 'select 1'", K::Connection),
            ("psql postgresql://app@<valor>/loja -c 'select 1'", K::Host),
            ("curl https://<valor>/saude", K::Host),
            ("curl -X DELETE https://api.example.com/pedidos/<valor>", K::Text),
            ("curl -X DELETE \"https://api.example.com/pedidos?de=<valor>\"", K::Text),
        ] {
            let found = crate::parse(&format!("# T\n\n```sh\n{command}\n```\n"), None).parameters;
            assert_eq!(found.iter().find(|one| one.name == "valor").map(|one| one.kind), Some(kind), "{command}");
        }
    }

    #[test]
    fn what_stands_where_a_password_does_is_secret() {
        let parameters = |command: &str| crate::parse(&format!("# T\n\n```sh\n{command}\n```\n"), None).parameters;
        for command in [
            "mysql -u root -p<valor> -e 'select 1'",
            "mysqldump --password=<valor> loja > loja.sql",
            "psql postgresql://app:<valor>@db/loja -c 'select 1'",
            "redis-cli -h cache -a <valor> ping",
            "sshpass -p <valor> ssh deploy@web uptime",
            "curl -H 'Authorization: Bearer <valor>' https://api.example.com/saude",
            "psql -c \"ALTER ROLE app PASSWORD '<valor>'\"",
            "mysql -e \"ALTER USER app IDENTIFIED BY '<valor>'\"",
        ] {
            let found = parameters(command);
            assert!(found.iter().any(|one| one.name == "valor" && one.secret), "{command}: {found:?}");
        }
        for command in [
            "ssh -p <valor> web uptime",
            "curl http://localhost:<valor>/saude",
            "psql postgresql://<valor>/loja -c 'select 1'",
            "tar -a <valor> x",
        ] {
            let found = parameters(command);
            assert!(found.iter().all(|one| !one.secret), "{command}: {found:?}");
        }
    }
}
