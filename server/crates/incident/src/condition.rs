//! An author's condition (`when="lag_seconds > 30"`), where it is simple enough to be told from known values.

/// A comparison of one named value with one literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition<'a> {
    /// The name, without a `$`.
    pub name: &'a str,
    /// How it is compared.
    pub operator: Operator,
    /// With what, without quotes.
    pub literal: &'a str,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `==` or `=`.
    Equal,
    /// `!=` or `<>`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    AtMost,
    /// `>`.
    More,
    /// `>=`.
    AtLeast,
}

/// Longer ones first: `>=` begins with `>`.
const OPERATORS: [(&str, Operator); 8] = [
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("<>", Operator::NotEqual),
    ("<=", Operator::AtMost),
    (">=", Operator::AtLeast),
    ("=", Operator::Equal),
    ("<", Operator::Less),
    (">", Operator::More),
];

impl<'a> Condition<'a> {
    /// Reads a comparison; nothing where the text is anything else, which only a person can judge then.
    pub fn read(text: &'a str) -> Option<Self> {
        let at = text.find(['=', '!', '<', '>'])?;
        let (mark, operator) = OPERATORS.iter().find(|(mark, _)| text[at..].starts_with(mark))?;
        let name = name(text[..at].trim())?;
        let literal = literal(text[at + mark.len()..].trim())?;
        Some(Self { name, operator: *operator, literal })
    }

    /// Compares a value; nothing where order is asked for and one of the two is no number.
    pub fn is_met_by(&self, value: &str) -> Option<bool> {
        let value = value.trim();
        let order = compare_numbers(value, self.literal);
        Some(match self.operator {
            Operator::Equal => same(value, self.literal),
            Operator::NotEqual => !same(value, self.literal),
            Operator::Less => order?.is_lt(),
            Operator::AtMost => order?.is_le(),
            Operator::More => order?.is_gt(),
            Operator::AtLeast => order?.is_ge(),
        })
    }
}

/// Tells whether two values are the same text or the same number.
pub fn same(left: &str, right: &str) -> bool {
    compare_numbers(left, right).map_or(left == right, std::cmp::Ordering::is_eq)
}

fn name(text: &str) -> Option<&str> {
    let text = text.strip_prefix('$').unwrap_or(text);
    let text = text.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')).unwrap_or(text);
    let starts = text.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let whole = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    (starts && whole).then_some(text)
}

/// A quoted text, or one word.
fn literal(text: &str) -> Option<&str> {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            return inner.strip_suffix(quote).filter(|inner| !inner.contains(quote));
        }
    }
    let whole = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '.' | ':' | '/' | '%'));
    (!text.is_empty() && whole).then_some(text)
}

/// Compares two decimal numbers exactly, however long they are.
fn compare_numbers(left: &str, right: &str) -> Option<std::cmp::Ordering> {
    let (left, right) = (Decimal::read(left)?, Decimal::read(right)?);
    Some(match (left.negative, right.negative) {
        (false, true) => std::cmp::Ordering::Greater,
        (true, false) => std::cmp::Ordering::Less,
        (false, false) => left.size(&right),
        (true, true) => right.size(&left),
    })
}

struct Decimal<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
}

impl<'a> Decimal<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !plain(whole) || !plain(fraction) {
            return None;
        }
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        // There is no other zero than zero.
        let negative = text.starts_with('-') && !(whole.is_empty() && fraction.is_empty());
        Some(Self { negative, whole, fraction })
    }

    fn size(&self, other: &Self) -> std::cmp::Ordering {
        let whole = self.whole.len().cmp(&other.whole.len()).then_with(|| self.whole.cmp(other.whole));
        whole.then_with(|| self.fraction.cmp(other.fraction))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(text: &str, value: &str) -> Option<bool> {
        Condition::read(text)?.is_met_by(value)
    }

    #[test]
    fn a_comparison_is_told_from_its_value() {
        for (text, value, expected) in [
            ("lag_seconds > 30", "31", true),
            ("lag_seconds > 30", "30", false),
            ("lag_seconds>=30", " 30.0\n", true),
            ("$role == primary", "primary", true),
            ("${role} != \"primary\"", "standby", true),
            ("role <> 'hot standby'", "hot standby", false),
            ("n <= -1.5", "-1.50", true),
            ("n = 9007199254740993", "9007199254740992", false),
            ("n < 2", "10", false),
            ("n < -2", "-10", true),
            ("n = 0", "-0", true),
            ("version = 1.10", "1.1", true),
        ] {
            assert_eq!(met(text, value), Some(expected), "{text} with {value}");
        }
    }

    #[test]
    fn what_is_no_simple_comparison_is_left_to_people() {
        for text in [
            "",
            "lag",
            "the lag is above 30",
            "lag > 30 and role = primary",
            "lag > ",
            "> 30",
            "a b > 3",
            "a > b c",
            "a =~ x.*",
            "f(x) > 3",
            "a > $b",
        ] {
            assert_eq!(Condition::read(text), None, "{text}");
        }
        assert_eq!(met("role > primary", "standby"), None, "words have no order here");
        assert_eq!(met("lag > 30", "unknown"), None);
    }
}
