//! Whether a WHERE condition leaves any row out.

use super::tree::{Node, Tree};
use crate::sql::opposite;

/// What can be said of a condition without looking at the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    /// True for every row, or decided by nothing in the row.
    Always,
    /// False for every row.
    Never,
    /// It depends on the row.
    Depends,
}

const AND: i64 = 1;
const OR: i64 = 2;
const NOT: i64 = 3;
const IS_NULL: i64 = 1;

/// Judges a condition; an absent one is always true.
pub(super) fn truth(condition: Option<&Tree>) -> Truth {
    condition.and_then(Tree::node).map_or(Truth::Always, judge)
}

fn judge(node: &Node) -> Truth {
    if node.name == "BoolExpr" {
        return boolean(node);
    }
    if node.name == "AExpr" && identical(node) {
        return Truth::Always;
    }
    if names_column(node) {
        return Truth::Depends;
    }
    if constant(node) == Some(false) { Truth::Never } else { Truth::Always }
}

/// Tells whether it names a column; `EXISTS (SELECT * FROM u)` does not.
fn names_column(node: &Node) -> bool {
    let mut found = false;
    node.walk(&mut |node| {
        let star = |fields: &[Tree]| matches!(fields, [Tree::Node(field)] if field.name == "AStar");
        found |= node.name == "CurrentOfExpr" || (node.name == "ColumnRef" && !star(node.list("fields")));
        !found
    });
    found
}

fn boolean(node: &Node) -> Truth {
    let parts: Vec<&Node> = node.list("args").iter().filter_map(Tree::node).collect();
    let truths: Vec<Truth> = parts.iter().map(|part| judge(part)).collect();
    match node.number("boolop") {
        AND if truths.contains(&Truth::Never) => Truth::Never,
        AND if truths.iter().all(|truth| *truth == Truth::Always) => Truth::Always,
        OR if truths.contains(&Truth::Always) || complementary(&parts) => Truth::Always,
        OR if truths.iter().all(|truth| *truth == Truth::Never) => Truth::Never,
        NOT => match truths.first() {
            Some(Truth::Never) => Truth::Always,
            Some(Truth::Always) if parts.first().is_some_and(|part| constant(part) == Some(true)) => Truth::Never,
            Some(Truth::Always) => Truth::Always,
            _ => Truth::Depends,
        },
        _ => Truth::Depends,
    }
}

/// `a = a`, `a LIKE '%'` and the like.
fn identical(node: &Node) -> bool {
    let (Some(left), Some(right)) = (node.get("lexpr"), node.get("rexpr")) else { return false };
    let operator = node.names("name").pop().unwrap_or("");
    let everything = right.node().is_some_and(|value| text_of(value) == Some("%"));
    match operator {
        "=" | ">=" | "<=" => left.same(right),
        "~~" | "~~*" => everything,
        _ => false,
    }
}

/// `a IS NULL OR a IS NOT NULL`, `a = 1 OR a <> 1`, `a OR NOT a`.
fn complementary(parts: &[&Node]) -> bool {
    let opposed = |one: &Node, other: &Node| {
        let negated = one.name == "BoolExpr"
            && one.number("boolop") == NOT
            && one.list("args").first().and_then(Tree::node).is_some_and(|inner| inner.same(other));
        let same = |field: &str| one.get(field).zip(other.get(field)).is_some_and(|(one, other)| one.same(other));
        let compared = one.name == "AExpr" && other.name == "AExpr" && same("lexpr") && same("rexpr");
        let operator = |node: &Node| node.names("name").pop().unwrap_or("").to_owned();
        negated || (compared && opposite(&operator(one)) == operator(other))
    };
    if parts.iter().any(|one| parts.iter().any(|other| opposed(one, other))) {
        return true;
    }
    let tests = |kind: bool| {
        parts
            .iter()
            .filter(move |part| part.name == "NullTest" && (part.number("nulltesttype") == IS_NULL) == kind)
            .filter_map(|part| part.get("arg"))
    };
    tests(true).any(|one| tests(false).any(|two| one.same(two)))
}

/// Evaluates the few constants that people write: `true`, `1 = 0`, `'a' = 'b'`.
fn constant(node: &Node) -> Option<bool> {
    match node.name {
        "AConst" => match node.node("val")?.name {
            "Boolean" => Some(node.node("val")?.number("boolval") != 0),
            _ => None,
        },
        "AExpr" if node.names("name") == ["="] => {
            let (left, right) = (node.node("lexpr")?, node.node("rexpr")?);
            let plain = left.name == "AConst" && right.name == "AConst";
            let kinds = left.node("val")?.name == right.node("val")?.name;
            // `1.0 = 1.00` is true: numbers that are written otherwise may be the same.
            let written = left.node("val")?.name != "Float" || left.same(right);
            (plain && kinds && written).then(|| left.same(right))
        }
        _ => None,
    }
}

fn text_of(node: &Node) -> Option<&str> {
    let value = node.node("val").filter(|value| value.name == "String")?;
    Some(value.text("sval"))
}
