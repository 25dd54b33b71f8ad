//! The one statement that a shell step hands to a client, as a command of its own: for a database that can be spoken to
//! without the shell.

use farol_api::graph::{Command, CommandLanguage, LiftedSql, LiftedStatement, Node, NodeKind, PlaceholderUse};
use farol_api::risk::Dialect;
use farol_api::runbook::Runbook;
use farol_api::text::Span;

use crate::facts::samples;

/// Returns the statement of a step that does nothing but send it, with the dialect of its client; nothing wherever the
/// database might get another text than the one that stands there.
pub fn direct(runbook: &Runbook, node: &Node) -> Option<(Command, Dialect)> {
    let command = node.command.as_ref().filter(|_| node.kind == NodeKind::Shell)?;
    let lifted = lifted(runbook, node)?;
    let [statement] = lifted.statements.as_slice() else { return None };
    let dialect = dialect_of(&lifted.client)?;
    if steers_client(&command.text) {
        return None;
    }
    let text = statement_text(statement, dialect)?;
    if !is_literal(command, statement) && holds_expansion(text, &statement.placeholders) {
        return None;
    }
    let placeholders = statement.placeholders.iter().map(|used| same_parameter(command, used));
    let mut direct = Command {
        language: CommandLanguage::Sql,
        text: text.to_owned(),
        placeholders: placeholders.collect::<Option<_>>()?,
        span: command.span,
        line: command.line,
    };
    ask_for_samples(command, &mut direct);
    // What is asked for in the argument has to be filled in here too.
    let inside =
        |used: &&PlaceholderUse| statement.span.start <= used.span.start && used.span.end <= statement.span.end;
    let asked = |used: &PlaceholderUse| direct.placeholders.iter().any(|here| here.token == used.token);
    command.placeholders.iter().filter(inside).all(asked).then_some((direct, dialect))
}

/// Sample values that the whole command asks for are asked for in its statement.
fn ask_for_samples(command: &Command, direct: &mut Command) {
    for (range, _) in samples::find(direct) {
        let token = direct.text[range.clone()].to_owned();
        let used = PlaceholderUse { parameter: String::new(), token, span: Span::from(range) };
        if let Some(used) = same_parameter(command, &used) {
            let at = direct.placeholders.partition_point(|other| other.span.start < used.span.start);
            direct.placeholders.insert(at, used);
        }
    }
}

/// Returns what is known of a step that does nothing but hand SQL to a client.
pub fn lifted<'r>(runbook: &'r Runbook, node: &Node) -> Option<&'r LiftedSql> {
    runbook.lifted.iter().find(|lifted| lifted.step == node.id && lifted.whole)
}

fn dialect_of(client: &str) -> Option<Dialect> {
    match client.rsplit('/').next().unwrap_or(client) {
        "psql" | "gitlab-psql" => Some(Dialect::Postgres),
        "mysql" | "mariadb" => Some(Dialect::Mysql),
        "sqlite3" => Some(Dialect::Sqlite),
        _ => None,
    }
}

/// Options and commands of clients that do more than send the statement: files, variables, output to a file.
fn steers_client(text: &str) -> bool {
    let options =
        ["--set", "--variable", "--file", "--output", "--log-file", "--init-command", "-cmd", "-init", "--tee"];
    // Their values may stand glued to them.
    let short = ["-v", "-f", "-o", "-L"];
    let steers = |word: &str| {
        let name = word.split('=').next().unwrap_or(word);
        // `.read x` for sqlite3, `\\i x` for psql, in quotes or without.
        let word = word.trim_start_matches(['"', '\'']);
        let command = word
            .strip_prefix(['.', '\\'])
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!'));
        let steering = word.starts_with("PGOPTIONS=")
            || options.contains(&name)
            || short.iter().any(|option| name.starts_with(option));
        steering || command && !matches!(word.trim_end_matches(['"', '\'', ';']), "\\G" | "\\g")
    };
    text.split_whitespace().any(steers)
}

/// Takes off how a client shows the result. What is left and still has a backslash, a variable of psql or a copy through
/// the client's own streams is not for a database.
fn statement_text(statement: &LiftedStatement, dialect: Dialect) -> Option<&str> {
    let text = statement.text.trim();
    let text = match dialect {
        Dialect::Mysql => text.strip_suffix("\\G").or_else(|| text.strip_suffix("\\g")).unwrap_or(text).trim_end(),
        _ => text,
    };
    let variable = dialect == Dialect::Postgres && [":'", ":\"", ":{"].iter().any(|mark| text.contains(mark));
    let copies = text.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("copy"));
    (!text.contains('\\') && !variable && !copies).then_some(text)
}

/// Tells whether the shell hands the argument on as it stands: in single quotes from end to end.
fn is_literal(command: &Command, statement: &LiftedStatement) -> bool {
    let raw = statement.span.of(&command.text);
    let inner = raw.strip_prefix('\'').and_then(|raw| raw.strip_suffix('\''));
    inner.is_some_and(|inner| !inner.contains('\''))
}

/// Tells whether a shell would put something else in the place of a part of the text.
fn holds_expansion(text: &str, placeholders: &[PlaceholderUse]) -> bool {
    let filled = |at: usize| placeholders.iter().any(|used| used.span.start <= at && at < used.span.end);
    text.match_indices(['$', '`']).any(|(at, _)| !filled(at))
}

/// The placeholder, under the name that the whole command has for it.
fn same_parameter(command: &Command, used: &PlaceholderUse) -> Option<PlaceholderUse> {
    let known = command.placeholders.iter().find(|known| known.token == used.token)?;
    Some(PlaceholderUse { parameter: known.parameter.clone(), ..used.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(command: &str) -> Option<(String, Dialect)> {
        let runbook = crate::parse(&format!("# X\n\n1. Do it:\n\n```bash\n{command}\n```\n"), None);
        let node = runbook.graph.nodes.iter().find(|node| node.command.is_some())?;
        direct(&runbook, node).map(|(command, dialect)| (command.text, dialect))
    }

    #[test]
    fn one_statement_and_nothing_else_can_go_the_direct_way() {
        for (command, sql, dialect) in [
            ("psql \"$DATABASE_URL\" -c \"select 1\"", "select 1", Dialect::Postgres),
            ("kubectl exec -it pg-0 -- psql -U app -At -c 'select 1;'", "select 1;", Dialect::Postgres),
            ("docker exec db mysql -u root -e 'show replica status\\G'", "show replica status", Dialect::Mysql),
            ("mariadb -e 'select `a` from `b`'", "select `a` from `b`", Dialect::Mysql),
            ("sqlite3 shop.db \"select count(*) from orders\"", "select count(*) from orders", Dialect::Sqlite),
            ("psql -c \"select pg_cancel_backend(<pid>)\"", "select pg_cancel_backend(<pid>)", Dialect::Postgres),
            ("psql shop <<'EOF'\nselect 4;\nEOF", "select 4;", Dialect::Postgres),
        ] {
            assert_eq!(of(command), Some((sql.to_owned(), dialect)), "{command}");
        }
    }

    #[test]
    fn what_does_more_or_sends_another_text_stays_with_the_shell() {
        for command in [
            "psql -c 'select 1' | head",
            "psql -c 'select 1' > out.txt",
            "psql -c 'select 1'; rm x",
            "psql -c 'select 1' -c 'select 2'",
            "psql -c \"select '$DAY'\"",
            "psql -c \"select $(date +%s)\"",
            "mysql -e \"select `date`\"",
            "psql -v day=1 -c \"select :'day'\"",
            "psql -c '\\i x.sql' -c 'select 1'",
            "psql -f x.sql -c 'select 1'",
            "psql -o out.txt -c 'select 1'",
            "PGOPTIONS='-c search_path=old' psql -c 'select 1'",
            "psql -fx.sql -c 'select 1'",
            "psql -oout.txt -c 'select 1'",
            "psql --log-file=x -c 'select 1'",
            "mysql --init-command='set sql_log_bin=0' -e 'delete from t'",
            "psql <<'EOF'\n\\! rm x\nselect 4;\nEOF",
            "psql -c 'copy t from stdin'",
            "sqlite3 shop.db '.read x.sql' 'select 1'",
            "clickhouse-client -q 'select 1'",
            "echo psql",
        ] {
            assert_eq!(of(command), None, "{command}");
        }
    }
}
