//! Whether a WHERE condition leaves any row out, for `sqlparser`'s expressions.

use std::ops::ControlFlow;

use crate::sql::opposite;
use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator, Value, visit_expressions};

/// What can be said of a condition without looking at the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    Always,
    Never,
    Depends,
}

/// Judges a condition; an absent one is always true.
pub(super) fn truth(condition: Option<&Expr>) -> Truth {
    condition.map_or(Truth::Always, judge)
}

fn judge(expr: &Expr) -> Truth {
    match expr {
        Expr::Nested(inner) => judge(inner),
        Expr::BinaryOp { left, op, right } => binary(expr, left, op, right),
        Expr::UnaryOp { op: UnaryOperator::Not | UnaryOperator::BangNot, expr: inner } => match judge(inner) {
            Truth::Never => Truth::Always,
            Truth::Always if constant(inner) == Some(true) => Truth::Never,
            other => other,
        },
        Expr::Like { negated: false, pattern, .. } if pattern.to_string() == "'%'" => Truth::Always,
        _ => plain(expr),
    }
}

fn binary(expr: &Expr, left: &Expr, op: &BinaryOperator, right: &Expr) -> Truth {
    let sides = || (judge(left), judge(right));
    match op {
        BinaryOperator::And => match sides() {
            (Truth::Never, _) | (_, Truth::Never) => Truth::Never,
            (Truth::Always, Truth::Always) => Truth::Always,
            _ => Truth::Depends,
        },
        BinaryOperator::Or => match sides() {
            (Truth::Always, _) | (_, Truth::Always) => Truth::Always,
            (Truth::Never, Truth::Never) => Truth::Never,
            _ if complementary(left, right) => Truth::Always,
            _ => Truth::Depends,
        },
        BinaryOperator::Eq | BinaryOperator::GtEq | BinaryOperator::LtEq | BinaryOperator::Spaceship
            if left.to_string() == right.to_string() =>
        {
            Truth::Always
        }
        _ => plain(expr),
    }
}

/// `a IS NULL OR a IS NOT NULL`, `a = 1 OR a <> 1`, `a OR NOT a`.
fn complementary(left: &Expr, right: &Expr) -> bool {
    let negates = |one: &Expr, other: &Expr| {
        matches!(one, Expr::UnaryOp { op: UnaryOperator::Not | UnaryOperator::BangNot, expr }
            if expr.to_string() == other.to_string())
    };
    if negates(left, right) || negates(right, left) {
        return true;
    }
    match (left, right) {
        (Expr::Nested(inner), other) | (other, Expr::Nested(inner)) => complementary(inner, other),
        (
            Expr::BinaryOp { left: one, op, right: two },
            Expr::BinaryOp { left: other_one, op: other, right: other_two },
        ) => {
            one.to_string() == other_one.to_string()
                && two.to_string() == other_two.to_string()
                && opposite(&op.to_string()) == other.to_string()
        }
        (Expr::IsNull(one), Expr::IsNotNull(two)) | (Expr::IsNotNull(one), Expr::IsNull(two)) => {
            one.to_string() == two.to_string()
        }
        _ => false,
    }
}

fn plain(expr: &Expr) -> Truth {
    if names_column(expr) {
        return Truth::Depends;
    }
    if constant(expr) == Some(false) { Truth::Never } else { Truth::Always }
}

fn names_column(expr: &Expr) -> bool {
    visit_expressions(expr, |part| match part {
        Expr::Identifier(_)
        | Expr::CompoundIdentifier(_)
        | Expr::CompoundFieldAccess { .. }
        | Expr::MatchAgainst { .. } => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    })
    .is_break()
}

/// Evaluates the few constants that people write: `true`, `0`, `1 = 0`.
fn constant(expr: &Expr) -> Option<bool> {
    match expr {
        Expr::Nested(inner) => constant(inner),
        Expr::Value(value) => match &value.value {
            Value::Boolean(value) => Some(*value),
            Value::Number(digits, _) => digits.parse::<f64>().ok().map(|number| number != 0.0),
            _ => None,
        },
        Expr::BinaryOp { left, op: BinaryOperator::Eq, right } => match (left.as_ref(), right.as_ref()) {
            (Expr::Value(one), Expr::Value(two)) => equal(&one.value, &two.value),
            _ => None,
        },
        _ => None,
    }
}

/// Compares two constants; nothing where a collation or a conversion decides.
fn equal(one: &Value, two: &Value) -> Option<bool> {
    match (one, two) {
        (Value::Number(one, _), Value::Number(two, _)) => {
            let number = |digits: &str| digits.parse::<f64>().ok();
            Some(number(one)? == number(two)?)
        }
        (Value::Number(..), _) | (_, Value::Number(..)) => None,
        _ if one == two => Some(true),
        (Value::SingleQuotedString(one), Value::SingleQuotedString(two)) => {
            let folded = |text: &str| text.trim_end().to_ascii_lowercase();
            let plain = one.is_ascii() && two.is_ascii();
            (plain && folded(one) != folded(two)).then_some(false)
        }
        _ => None,
    }
}
