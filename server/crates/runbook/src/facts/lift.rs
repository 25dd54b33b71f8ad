//! SQL inside shell commands: `psql -c "…"`, `mysql -e`, `sqlite3 file "…"`, also in a container.

use farol_api::graph::{CommandLanguage, LiftedSql, LiftedStatement, Node, NodeKind, StepGraph};
use farol_api::text::Span;

use super::shell_words::{Simple, Word, split};
use crate::code;
use crate::code::options::{MYSQL, PSQL, SQLITE};
use crate::params;
use crate::words::has;

/// Lifts the SQL out of all shell steps.
pub fn all(graph: &StepGraph) -> Vec<LiftedSql> {
    graph.nodes.iter().filter(|n| n.kind == NodeKind::Shell).filter_map(of).collect()
}

fn of(node: &Node) -> Option<LiftedSql> {
    let text = node.command.as_ref().map(|c| c.text.as_str())?;
    // Nearly all of them are called after SQL.
    let bytes = text.as_bytes();
    let sql = memchr::memchr_iter(b'q', bytes).any(|at| bytes[..at].ends_with(b"s") && bytes[at..].starts_with(b"ql"));
    if !sql && !has(text, "mariadb") && !has(text, "clickhouse") || !CLIENTS.iter().any(|client| text.contains(client))
    {
        return None;
    }
    let simples = split(text);
    let alone = simples.len() == 1 && !simples[0].redirected;
    let mut found = simples.iter().find_map(|simple| client(text, simple, None, 0))?;
    found.step = node.id.clone();
    found.whole = alone && found.whole;
    Some(found)
}

const CLIENTS: [&str; 5] = ["psql", "mysql", "mariadb", "sqlite3", "clickhouse-client"];

/// Finds the client in a simple command, after what it is reached through.
fn client(text: &str, simple: &Simple, through: Option<String>, depth: usize) -> Option<LiftedSql> {
    let words = &simple.words;
    let (at, found) = words.iter().enumerate().find_map(|(i, w)| Some((i, client_of(&w.text)?)))?;
    let before = &words[..at];
    let program = program_of(before);
    let reached = match program {
        "" => None,
        "ssh" | "crictl" | "fly" | "railway" => Some(reached(before)),
        program if code::containers::of(program).is_some() => Some(reached(before)),
        // `su - postgres -c "psql …"` and the like: the command is one word.
        _ => return None,
    };
    let through = through.or(reached);
    if depth == 0 && found.contains(' ') {
        let inner = &words[at];
        let nested = split(&inner.text).into_iter().find_map(|s| client(&inner.text, &s, through.clone(), 1))?;
        let span = Span::from(inner.range.clone());
        let statements = nested.statements.into_iter().map(|s| LiftedStatement { span, ..s }).collect();
        return Some(LiftedSql { statements, ..nested });
    }
    let name = found;
    let options = Options::read(name, &words[at + 1..]);
    let mut statements: Vec<LiftedStatement> = Vec::new();
    for sql in &options.sql {
        statements.extend(statements_of(&sql.text, Span::from(sql.range.clone())));
    }
    if let (Some(body), true) = (&simple.heredoc, options.sql.is_empty()) {
        statements.extend(statements_of(text.get(body.clone())?, Span::from(body.clone())));
    }
    let found = LiftedSql {
        // Filled in by who knows the step.
        step: crate::ids::placeholder(),
        client: name.to_owned(),
        database: options.database,
        host: options.host,
        through,
        whole: true,
        statements,
    };
    (!found.statements.is_empty()).then_some(found)
}

/// The client that a word names; a whole command in quotes counts as the word itself.
fn client_of(word: &str) -> Option<&str> {
    if word.contains(' ') {
        let inside = word.split_whitespace().take(8).any(|w| client_of(w.rsplit('/').next().unwrap_or(w)).is_some());
        return inside.then_some(word);
    }
    let name = word.rsplit('/').next().unwrap_or(word);
    let plain = CLIENTS.contains(&name) || name == "gitlab-psql";
    plain.then_some(word)
}

/// The program before the client: what it is reached through, or nothing but `sudo -u postgres`.
fn program_of(before: &[Word]) -> &str {
    let words: Vec<&str> = before.iter().map(|word| word.text.as_str()).collect();
    code::unwrapped(&words).0.first().copied().unwrap_or("")
}

/// `kubectl exec postgresql-0 -n shop`, without the flags of a terminal.
fn reached(before: &[Word]) -> String {
    let kept =
        before.iter().map(|w| w.text.as_str()).filter(|w| !matches!(*w, "--" | "-it" | "-ti" | "-i" | "-t" | "-T"));
    kept.collect::<Vec<_>>().join(" ")
}

#[derive(Default)]
struct Options<'a> {
    sql: Vec<&'a Word>,
    database: Option<String>,
    host: Option<String>,
}

impl<'a> Options<'a> {
    fn read(client: &str, words: &'a [Word]) -> Self {
        let mut out = Options::default();
        let name = client.rsplit('/').next().unwrap_or(client);
        let (postgres, sqlite) = (name.ends_with("psql"), name == "sqlite3");
        let takes = match (postgres, sqlite) {
            (true, _) => &PSQL,
            (_, true) => &SQLITE,
            _ => &MYSQL,
        };
        let run = if postgres { ["-c", "--command"] } else { ["-e", "--execute"] };
        let mut rest = words.iter().peekable();
        while let Some(word) = rest.next() {
            let text = word.text.as_str();
            let glued = postgres && text.starts_with('-') && !text.starts_with("--") && text.ends_with('c');
            if run.contains(&text) || glued || name == "clickhouse-client" && matches!(text, "-q" | "--query") {
                out.sql.extend(rest.next());
            } else if run
                .iter()
                .any(|flag| text.strip_prefix(flag).is_some_and(|rest| flag.len() > 2 && rest.starts_with('=')))
            {
                out.sql.push(word);
            } else if matches!(text, "-d" | "--dbname" | "-D" | "--database") {
                out.database = rest.next().map(|w| w.text.clone());
            } else if matches!(text, "-h" | "--host") {
                out.host = rest.next().map(|w| w.text.clone());
            } else if takes.next(text) || postgres && matches!(text, "-f" | "--file") {
                rest.next();
            } else if !text.starts_with('-') {
                if out.database.is_none() {
                    out.database = Some(text.to_owned());
                } else if sqlite {
                    out.sql.push(word);
                }
            }
        }
        out
    }
}

fn statements_of(sql: &str, span: Span) -> Vec<LiftedStatement> {
    let sql = sql.strip_prefix("--command=").or_else(|| sql.strip_prefix("--execute=")).unwrap_or(sql);
    let texts = code::statements(sql).into_iter().filter(|s| !s.starts_with(['\\', '.']));
    let statement = |text: &str| {
        let mut placeholders = params::find(CommandLanguage::Sql, text, &params::Assigned::default());
        placeholders.retain(|p| text.get(p.span.start..p.span.end) == Some(p.token.as_str()));
        LiftedStatement { text: text.to_owned(), placeholders, span }
    };
    texts.map(statement).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lifted(text: &str) -> Option<(Vec<String>, Option<String>, bool)> {
        let simples = split(text);
        let alone = simples.len() == 1 && !simples[0].redirected;
        let found = simples.iter().find_map(|s| client(text, s, None, 0))?;
        Some((found.statements.into_iter().map(|s| s.text).collect(), found.through, alone))
    }

    #[test]
    fn sql_is_lifted_out_of_clients() {
        let one = |sql: &str, through: Option<&str>| Some((vec![sql.to_owned()], through.map(str::to_owned), true));
        for (text, sql, through) in [
            ("psql \"$URL\" -c \"select 1\"", "select 1", None),
            ("psql -U postgres -d shop -Atc 'select now()'", "select now()", None),
            ("sudo -u postgres psql -c \"select \\\"a\\\" from t\"", "select \"a\" from t", None),
            ("mysql -u root -psecret shop -e 'show processlist'", "show processlist", None),
            ("sqlite3 data/shop.db 'select count(*) from orders'", "select count(*) from orders", None),
            (
                "kubectl exec -it pg-0 -n shop -- \\\n  psql -U postgres -c \"select 1;\"",
                "select 1;",
                Some("kubectl exec pg-0 -n shop"),
            ),
            ("docker compose exec -T db psql -U app -c 'select 2'", "select 2", Some("docker compose exec db")),
            ("ssh db-1 \"psql -c 'select 3'\"", "select 3", Some("ssh db-1")),
            ("psql shop <<EOF\nselect 4;\nEOF", "select 4;", None),
        ] {
            assert_eq!(lifted(text), one(sql, through), "{text}");
        }
    }

    #[test]
    fn several_statements_stay_apart_and_pipes_are_told() {
        let (sql, _, whole) = lifted("psql -c 'begin; select 1; commit' | head").unwrap();
        assert_eq!(sql, ["begin;", "select 1;", "commit"]);
        assert!(!whole);
        for none in ["psql -l", "psql -f x.sql", "pg_dump shop", "echo psql", "psql -c '\\dt'", "grep psql x"] {
            assert_eq!(lifted(none), None, "{none}");
        }
    }
}
