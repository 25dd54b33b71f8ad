//! What each kind of statement does.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use farol_api::risk::{Dialect, RiskClass};
use pg_query::protobuf::{AlterTableType, CmdType, MergeMatchKind, ObjectType};

use super::condition::{Truth, truth};
use super::target::TargetFunctions;
use super::tree::{Node, Tree};
use crate::finding::{Finding, quoted};
use crate::sql::functions::Functions;
use crate::sql::lexer::{self, Token};
use crate::sql::{every_row, own_tables, says};

static FUNCTIONS: LazyLock<Functions> = LazyLock::new(|| Functions::read(include_str!("functions.tsv")));
static STATEMENTS: LazyLock<Functions> = LazyLock::new(|| Functions::read(include_str!("statements.tsv")));
static OPERATORS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| include_str!("operators.txt").lines().collect());

const COMMAND_UPDATE: i64 = CmdType::CmdUpdate as i64;
const COMMAND_DELETE: i64 = CmdType::CmdDelete as i64;

/// Reads the statements of one text.
pub(super) struct Reader<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    target: Option<&'t TargetFunctions>,
}

impl<'t> Reader<'t> {
    /// Makes a reader for the statement that stands at `span` of the text.
    pub fn new(text: &'t str, span: Range<usize>, target: Option<&'t TargetFunctions>) -> Self {
        let tokens = lexer::tokens(Dialect::Postgres, text)
            .into_iter()
            .filter(|token| span.contains(&token.span.start))
            .collect();
        Self { text, tokens, target }
    }

    /// Classifies a whole statement.
    pub fn statement(&self, tree: &Tree) -> Finding {
        tree.node().map_or_else(|| self.opening(RiskClass::Unknown), |node| self.node(node))
    }

    /// Classifies a statement and everything below it.
    fn node(&self, node: &Node) -> Finding {
        if node.name == "ExplainStmt" {
            return self.explain(node);
        }
        let mut finding = self.own(node);
        if let Some(part) = self.catalogue(node) {
            finding.raise(part);
        }
        node.walk(&mut |below| {
            if std::ptr::eq(below, node) {
                return true;
            }
            // `ALTER SYSTEM SET` and its kin hold a SET that does not run as one.
            if below.name == "VariableSetStmt" {
                return false;
            }
            // The expressions of a policy are kept, and called by whoever uses the table.
            if matches!(node.name, "CreatePolicyStmt" | "AlterPolicyStmt") {
                return false;
            }
            if is_statement(below.name) {
                finding.raise(self.node(below));
                return false;
            }
            if let Some(part) = self.part(below) {
                finding.raise(part);
            }
            true
        });
        finding
    }

    /// Classifies what a statement does by itself.
    fn own(&self, node: &Node) -> Finding {
        match node.name {
            "SelectStmt" | "ReturnStmt" => self.opening(RiskClass::Read),
            "DeleteStmt" => self.rows(node, "DELETE"),
            "UpdateStmt" => self.rows(node, "UPDATE"),
            "MergeStmt" => self.merge(node),
            "CopyStmt" => self.copy(node),
            "DropStmt" => self.drop_object(node),
            "AlterTableStmt" => self.alter_table(node),
            "DefineStmt" => self.opening(if harmless_definition(node.number("kind")) {
                RiskClass::Schema
            } else {
                RiskClass::Administration
            }),
            "RenameStmt" => self.opening(if privileged(node.number("rename_type")) {
                RiskClass::Administration
            } else {
                RiskClass::Schema
            }),
            "DoStmt" | "CallStmt" | "ExecuteStmt" => {
                let place = self.opening(RiskClass::Unknown).span;
                let word = quoted(&self.words(1));
                Finding::unknown(
                    place,
                    format!("{word} runs code that Farol does not see."),
                    format!("{word} executa código que o Farol não vê."),
                )
            }
            name => {
                let class = STATEMENTS.class(name).unwrap_or(RiskClass::Unknown);
                match keyword(name) {
                    Some(word) => says(class, word, self.verb(node, word)),
                    None => self.opening(class),
                }
            }
        }
    }

    fn rows(&self, node: &Node, word: &'static str) -> Finding {
        let place = self.verb(node, word);
        match truth(node.get("where_clause")) {
            Truth::Always => every_row(word, node.get("where_clause").is_some(), place),
            Truth::Never | Truth::Depends => says(RiskClass::Write, word, place),
        }
    }

    /// A data change in the catalogue administers the server; one of `pg_settings` is a SET.
    fn catalogue(&self, node: &Node) -> Option<Finding> {
        let word = match node.name {
            "InsertStmt" => "INSERT",
            "UpdateStmt" => "UPDATE",
            "DeleteStmt" => "DELETE",
            "MergeStmt" => "MERGE",
            "CopyStmt" if node.number("is_from") != 0 => "COPY",
            "AlterTableStmt" => "ALTER",
            _ => return None,
        };
        let table = node.node("relation")?;
        let (schema, name) = (table.text("schemaname"), table.text("relname"));
        let own = matches!(schema, "pg_catalog" | "information_schema" | "pg_toast")
            || (schema.is_empty() && name.starts_with("pg_"));
        let span = self.verb(node, word);
        if own && word == "UPDATE" && name == "pg_settings" {
            return Some(says(RiskClass::Session, "UPDATE pg_settings", span));
        }
        own.then(|| own_tables(word, span))
    }

    /// Finds the keyword of a data change by the table that follows it: there can be several in one statement.
    fn verb(&self, node: &Node, word: &str) -> Option<Range<usize>> {
        let table = node.node("relation").map_or(usize::MAX, |table| table.location().unwrap_or(0));
        let mut before = self.tokens.iter().filter(|token| token.span.start < table && token.is(self.text, word));
        before.next_back().map(|token| token.span.clone()).or_else(|| self.word(word))
    }

    /// `FOR UPDATE`, `FOR NO KEY UPDATE`, `FOR SHARE`, `FOR KEY SHARE`.
    fn locking(&self) -> Option<Range<usize>> {
        let is = |at: usize, words: &[&str]| {
            self.tokens.get(at).is_some_and(|token| words.iter().any(|word| token.is(self.text, word)))
        };
        let start =
            (0..self.tokens.len()).find(|at| is(*at, &["FOR"]) && is(at + 1, &["UPDATE", "SHARE", "NO", "KEY"]))?;
        let end = (start..self.tokens.len()).find(|at| is(*at, &["UPDATE", "SHARE"]))?;
        Some(self.tokens[start].span.start..self.tokens[end].span.end)
    }

    fn merge(&self, node: &Node) -> Finding {
        let always = truth(node.get("join_condition")) == Truth::Always;
        let total = node.list("merge_when_clauses").iter().filter_map(Tree::node).any(|clause| {
            let unmatched = clause.number("match_kind") == MergeMatchKind::MergeWhenNotMatchedBySource as i64;
            let changes = matches!(clause.number("command_type"), COMMAND_UPDATE | COMMAND_DELETE);
            let everything = clause.get("condition").is_none();
            let deletes = clause.number("command_type") == COMMAND_DELETE;
            everything && ((unmatched && deletes) || (always && changes))
        });
        if total {
            return every_row("MERGE", true, self.word("MERGE"));
        }
        says(RiskClass::Write, "MERGE", self.word("MERGE"))
    }

    fn copy(&self, node: &Node) -> Finding {
        let program = node.number("is_program") != 0;
        let file = !node.text("filename").is_empty();
        if program {
            return says(RiskClass::Administration, "COPY … PROGRAM", self.word("PROGRAM"));
        }
        if file {
            return says(RiskClass::Administration, "COPY", self.word("COPY"))
                .noting("It reads or writes a file of the server.", "O comando lê ou grava um arquivo do servidor.");
        }
        let class = if node.number("is_from") != 0 { RiskClass::Write } else { RiskClass::Read };
        says(class, "COPY", self.word("COPY"))
    }

    fn drop_object(&self, node: &Node) -> Finding {
        let kind = i32::try_from(node.number("remove_type")).ok().and_then(|kind| ObjectType::try_from(kind).ok());
        let class = match kind {
            Some(
                ObjectType::ObjectExtension
                | ObjectType::ObjectFdw
                | ObjectType::ObjectForeignServer
                | ObjectType::ObjectEventTrigger
                | ObjectType::ObjectLanguage
                | ObjectType::ObjectPublication
                | ObjectType::ObjectSubscription
                | ObjectType::ObjectAccessMethod,
            ) => RiskClass::Administration,
            _ => RiskClass::Destructive,
        };
        says(class, &self.words(2), self.span(2))
    }

    fn alter_table(&self, node: &Node) -> Finding {
        let mut finding = self.opening(RiskClass::Schema);
        for command in node.list("cmds").iter().filter_map(Tree::node) {
            let kind =
                i32::try_from(command.number("subtype")).ok().and_then(|kind| AlterTableType::try_from(kind).ok());
            match kind {
                Some(AlterTableType::AtDropColumn) => {
                    finding.raise(says(
                        RiskClass::Destructive,
                        &format!("DROP COLUMN {}", command.text("name")),
                        self.word("DROP"),
                    ));
                }
                Some(AlterTableType::AtChangeOwner) => {
                    finding.raise(says(RiskClass::Administration, "OWNER TO", self.word("OWNER")));
                }
                _ => {}
            }
        }
        finding
    }

    /// `EXPLAIN` plans; only with `ANALYZE` it runs. Planning can call functions that are not volatile.
    fn explain(&self, node: &Node) -> Finding {
        let Some(inner) = node.node("query") else { return self.opening(RiskClass::Unknown) };
        let analyze = node
            .list("options")
            .iter()
            .filter_map(Tree::node)
            .any(|option| option.text("defname") == "analyze" && switched_on(option));
        let finding = self.explained().node(inner);
        if analyze {
            let mut result = says(RiskClass::Read, "EXPLAIN ANALYZE", self.word("EXPLAIN"));
            result.raise(finding.noting("EXPLAIN ANALYZE runs the statement.", "EXPLAIN ANALYZE executa a instrução."));
            return result;
        }
        if finding.class == RiskClass::Unknown {
            return finding.noting("Planning can already call it.", "O planejamento já pode chamá-la.");
        }
        says(RiskClass::Read, "EXPLAIN", self.word("EXPLAIN"))
    }

    /// Returns a reader of what stands behind EXPLAIN and its options, so that its own words are named.
    fn explained(&self) -> Self {
        let is = |at: usize, word: &str| self.tokens.get(at).is_some_and(|token| token.is(self.text, word));
        let behind = if is(1, "(") {
            (2..self.tokens.len()).find(|at| is(*at, ")")).map_or(1, |at| at + 1)
        } else {
            (1..self.tokens.len()).find(|at| !is(*at, "ANALYZE") && !is(*at, "VERBOSE")).unwrap_or(1)
        };
        Self { text: self.text, tokens: self.tokens[behind.min(self.tokens.len())..].to_vec(), target: self.target }
    }

    /// Classifies what can stand inside any statement.
    fn part(&self, node: &Node) -> Option<Finding> {
        match node.name {
            "FuncCall" => Some(self.call(node)),
            "AExpr" => self.operator(&node.names("name"), node.location()),
            "SortBy" => self.operator(&node.names("use_op"), node.location()),
            "SubLink" => self.operator(&node.names("oper_name"), node.location()),
            "LockingClause" => Some(says(RiskClass::SideEffect, "FOR UPDATE/SHARE", self.locking())),
            "IntoClause" if self.word("INTO").is_some() => {
                Some(says(RiskClass::Schema, "SELECT INTO", self.word("INTO")))
            }
            "RangeTableSample" => self.sampling(node),
            "AIndirection" => self.attribute(node),
            _ => None,
        }
    }

    /// `(pid).pg_terminate_backend` is a call too: what stands behind the dot is a field or a function.
    fn attribute(&self, node: &Node) -> Option<Finding> {
        // Of a column, a row, or what a function answers, it is a field unless a function is known to have the name.
        let fields = ["ColumnRef", "FuncCall", "RowExpr", "AIndirection"];
        let of_row = node.node("arg").is_some_and(|arg| fields.contains(&arg.name));
        let names = node.names("indirection");
        let calls = names.iter().enumerate().filter_map(|(index, name)| {
            let span = self.named(name);
            match (FUNCTIONS.class(name), self.target) {
                (Some(class), _) if class > RiskClass::Read => Some(FUNCTIONS.call(name, span)),
                (_, Some(target)) => (target.class(name) == Some(RiskClass::Unknown)).then(|| volatile(name, span)),
                (None, None) if index == 0 && !of_row => Some(FUNCTIONS.call(name, span)),
                _ => None,
            }
        });
        calls.reduce(|mut worst, call| {
            worst.raise(call);
            worst
        })
    }

    fn call(&self, node: &Node) -> Finding {
        let names = node.names("funcname");
        let name = names.last().copied().unwrap_or("");
        let full = names.join(".");
        let span = node.location().and_then(|at| self.written(at, &names));
        // The grammar has folded what was not quoted: `"NOW"()` is no built-in.
        let builtin = match names.as_slice() {
            [_] | ["pg_catalog", _] => true,
            // Extensions live in schemas of the author's choice; only what is dangerous is recognised there.
            _ => FUNCTIONS.class(name) == Some(RiskClass::Administration),
        };
        let finding = if builtin { FUNCTIONS.call(name, span.clone()) } else { FUNCTIONS.call(&full, span.clone()) };
        match self.target.and_then(|target| target.class(&full)) {
            Some(RiskClass::Read) if finding.class == RiskClass::Unknown && FUNCTIONS.class(name).is_none() => {
                promised(&full, span)
            }
            // With other arguments the target's function of the same name could be meant.
            Some(RiskClass::Unknown) if finding.class < RiskClass::Unknown => volatile(&full, span),
            _ => finding,
        }
    }

    fn operator(&self, names: &[&str], at: Option<usize>) -> Option<Finding> {
        let name = names.last()?;
        let builtin = match names {
            [_] | ["pg_catalog", _] => {
                OPERATORS.contains(name) || name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b' ')
            }
            _ => false,
        };
        let span = at
            .filter(|at| self.text.get(*at..).is_some_and(|rest| rest.starts_with(name)))
            .map(|at| at..at + name.len());
        (!builtin).then(|| {
            Finding::unknown(
                span,
                format!("The operator {} is not a known built-in, so it could call anything.", quoted(name)),
                format!("O operador {} não é nativo e pode chamar qualquer coisa.", quoted(name)),
            )
        })
    }

    fn sampling(&self, node: &Node) -> Option<Finding> {
        let known = matches!(
            node.names("method").as_slice(),
            ["bernoulli" | "system"] | ["pg_catalog", "bernoulli" | "system"]
        );
        (!known).then(|| says(RiskClass::Unknown, "TABLESAMPLE", self.word("TABLESAMPLE")))
    }

    /// Makes a finding that points at the statement's first words.
    fn opening(&self, class: RiskClass) -> Finding {
        let count = if class == RiskClass::Read { 1 } else { 2 };
        says(class, &self.words(count), self.span(count))
    }

    /// The first words of the statement, at most `count`.
    fn span(&self, count: usize) -> Option<Range<usize>> {
        let first = self.tokens.first()?;
        // `CREATE OR REPLACE FUNCTION`, `ALTER TEXT SEARCH DICTIONARY`: the kind of object comes late.
        let longer = self.tokens.iter().skip(1).take_while(|token| is_prefix(token.of(self.text))).count();
        let count = if count > 1 { count + longer } else { count };
        let words = self.tokens.iter().take(count).take_while(|token| token.kind == lexer::Kind::Word);
        let end = words.last().map_or(first.span.end, |last| last.span.end);
        Some(first.span.start..end)
    }

    fn words(&self, count: usize) -> String {
        self.span(count).and_then(|span| self.text.get(span)).unwrap_or("").to_owned()
    }

    fn word(&self, word: &str) -> Option<Range<usize>> {
        self.tokens.iter().find(|token| token.is(self.text, word)).map(|token| token.span.clone())
    }

    /// The last place where a name stands, quoted or not.
    fn named(&self, name: &str) -> Option<Range<usize>> {
        let is = |token: &&Token| token.of(self.text).trim_matches('"').eq_ignore_ascii_case(name);
        self.tokens.iter().rfind(is).map(|token| token.span.clone())
    }

    /// A qualified name as the author wrote it at `at`, where it is written so.
    fn written(&self, at: usize, names: &[&str]) -> Option<Range<usize>> {
        let first = self.tokens.iter().position(|token| token.span.start == at)?;
        let parts = self.tokens.iter().skip(first).take(names.len() * 2 - 1);
        let end = parts.clone().next_back()?.span.end;
        let special = names.len() == 2 && !self.text.get(at..end)?.contains('.');
        Some(at..if special { self.tokens.get(first)?.span.end } else { end })
    }
}

fn promised(name: &str, span: Option<Range<usize>>) -> Finding {
    let shown = quoted(&format!("{name}()"));
    Finding::new(
        RiskClass::Read,
        span,
        format!("The target's function {shown} promises to change nothing."),
        format!("A função {shown} do alvo promete não alterar nada."),
    )
}

fn volatile(name: &str, span: Option<Range<usize>>) -> Finding {
    let shown = quoted(&format!("{name}()"));
    Finding::unknown(
        span,
        format!("The target has a function {shown} of its own that could do anything."),
        format!("O alvo tem uma função {shown} própria, que pode fazer qualquer coisa."),
    )
}

/// Tells whether a word stands between a verb and the kind of object.
fn is_prefix(word: &str) -> bool {
    const WORDS: [&str; 19] = [
        "OR",
        "REPLACE",
        "UNIQUE",
        "TEMP",
        "TEMPORARY",
        "UNLOGGED",
        "FOREIGN",
        "MATERIALIZED",
        "EVENT",
        "TEXT",
        "SEARCH",
        "ACCESS",
        "DATA",
        "LARGE",
        "DEFAULT",
        "CONSTRAINT",
        "RECURSIVE",
        "PROCEDURAL",
        "TRUSTED",
    ];
    WORDS.iter().any(|known| word.eq_ignore_ascii_case(known))
}

fn is_statement(name: &str) -> bool {
    name.ends_with("Stmt") && name != "SetOperationStmt"
}

fn switched_on(option: &Node) -> bool {
    let Some(argument) = option.node("arg") else { return true };
    let word = argument.text("sval").to_ascii_lowercase();
    match argument.name {
        "String" => !matches!(word.as_str(), "false" | "off" | "0" | "no"),
        "Integer" => argument.number("ival") != 0,
        "Boolean" => argument.number("boolval") != 0,
        _ => true,
    }
}

/// Roles, servers and the like belong to the administration whatever is done to them.
fn privileged(kind: i64) -> bool {
    let kind = i32::try_from(kind).ok().and_then(|kind| ObjectType::try_from(kind).ok());
    matches!(
        kind,
        Some(
            ObjectType::ObjectRole
                | ObjectType::ObjectDatabase
                | ObjectType::ObjectFdw
                | ObjectType::ObjectForeignServer
                | ObjectType::ObjectTablespace
                | ObjectType::ObjectEventTrigger
                | ObjectType::ObjectSubscription
                | ObjectType::ObjectPublication
                | ObjectType::ObjectLanguage
        )
    )
}

/// Definitions that name no function: collations, text search configurations and dictionaries.
fn harmless_definition(kind: i64) -> bool {
    let kind = i32::try_from(kind).ok().and_then(|kind| ObjectType::try_from(kind).ok());
    matches!(
        kind,
        Some(ObjectType::ObjectCollation | ObjectType::ObjectTsconfiguration | ObjectType::ObjectTsdictionary)
    )
}

/// The keyword that a statement is told by wherever it stands inside another one.
fn keyword(name: &str) -> Option<&'static str> {
    match name {
        "InsertStmt" => Some("INSERT"),
        "TruncateStmt" => Some("TRUNCATE"),
        _ => None,
    }
}
