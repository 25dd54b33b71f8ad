//! Functions that a target defines itself.

use farol_risk::{TargetFunctions, Volatility, classify, classify_for_target};

fn shop() -> TargetFunctions {
    let mut target = TargetFunctions::default();
    for (schema, name, letter, visible) in [
        ("public", "open_orders", 's', true),
        ("public", "tax", 'i', true),
        ("public", "settle", 'v', true),
        ("public", "total", 'i', true),
        ("public", "total", 'v', true),
        ("audit", "last_seen", 's', false),
        ("public", "lower", 'v', true),
        ("public", "Odd", 's', true),
        ("public", "dblink", 's', true),
        ("public", "odd_letter", 'x', true),
    ] {
        target.add(schema, name, Volatility::of_letter(letter), visible);
    }
    target
}

#[test]
fn a_function_is_a_read_where_the_target_promises_it() {
    let target = shop();
    for (text, wanted) in [
        ("SELECT open_orders(), tax(1)", 'R'),
        ("SELECT * FROM public.open_orders()", 'R'),
        ("SELECT audit.last_seen()", 'R'),
        ("SELECT \"Odd\"()", 'R'),
        ("EXPLAIN SELECT tax(1)", 'R'),
        ("UPDATE t SET a = tax(a) WHERE id = 1", 'W'),
        ("CREATE INDEX i ON t (tax(a))", 'X'),
        ("SELECT last_seen()", 'U'),
        ("SELECT settle()", 'U'),
        ("SELECT odd()", 'U'),
        ("SELECT odd_letter()", 'U'),
        ("SELECT nobody_knows()", 'U'),
        ("SELECT total(1)", 'U'),
        ("SELECT now()", 'R'),
    ] {
        assert_eq!(classify_for_target(&target, text).class.letter(), wanted, "{text}");
    }
}

/// What the target says never makes a call of a built-in less than it is, and can make it more.
#[test]
fn a_name_of_a_built_in_keeps_its_class_or_rises() {
    let target = shop();
    for (text, alone, wanted) in [
        ("SELECT lower(a) FROM t", 'R', 'U'),
        ("SELECT pg_catalog.lower(a) FROM t", 'R', 'R'),
        ("SELECT dblink('x', 'y')", 'A', 'A'),
        ("SELECT public.dblink('x', 'y')", 'A', 'A'),
        ("SELECT pg_terminate_backend(1), tax(1)", 'U', 'A'),
    ] {
        assert_eq!(classify(farol_api::risk::Dialect::Postgres, text).class.letter(), alone, "{text}");
        assert_eq!(classify_for_target(&target, text).class.letter(), wanted, "{text}");
    }
    let verdict = classify_for_target(&target, "SELECT 1, settle(2)");
    assert!(verdict.why.en.contains("settle()"), "{verdict:?}");
    assert_eq!(verdict.span.map(|span| span.of("SELECT 1, settle(2)")), Some("settle"));
}
