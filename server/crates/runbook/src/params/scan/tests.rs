use super::*;

thread_local! {
    /// How many bytes were looked at for what fills braces in.
    pub static LOOKED_AT: Cell<usize> = const { Cell::new(0) };
}

fn looked_at(text: &str) -> usize {
    LOOKED_AT.with(|count| count.set(0));
    Scan::new(true, text, &Assigned::default()).run();
    LOOKED_AT.with(Cell::get)
}

#[test]
fn a_line_full_of_braces_is_looked_at_once() {
    for text in ["echo {a} ".repeat(10_000), "print(f\"{a}\") ".repeat(10_000), "echo {a}\n".repeat(10_000)] {
        assert!(looked_at(&text) < 2 * text.len(), "{} for {}", looked_at(&text), text.len());
    }
}

#[test]
fn a_word_of_many_parts_is_not_looked_through_for_each() {
    let text = format!("ls {}", "xxx-abcd-".repeat(20_000));
    let found = Scan::new(true, &text, &Assigned::default()).run();
    assert_eq!(found.len(), 20_000);
    assert!(looked_at(&text) < 40 * text.len(), "{} for {}", looked_at(&text), text.len());
}

#[test]
fn what_fills_braces_in_does_so_up_to_the_end_of_its_line() {
    let found = |text: &str| Scan::new(true, text, &Assigned::default()).run().len();
    assert_eq!(found("print(f\"{a} {b}\")\necho {c}"), 1);
    assert_eq!(found("echo {a} {b}; print(f\"{c}\") {d}"), 2);
}

#[test]
fn quotes_begin_anew_in_a_substitution() {
    let found = |text: &str| {
        let found = Scan::new(true, text, &Assigned::default()).run();
        found.into_iter().map(|used| used.token).collect::<Vec<_>>()
    };
    assert_eq!(found("put \"$(jq -n --arg u \"$NAME\" '{u:$u}')-$END\" '$x' $LAST"), ["$NAME", "$END", "$LAST"]);
    assert_eq!(found("put \"$(echo \"$(echo '$a' \"($B)\")\" (x) '$c')'$D'\""), ["$B", "$D"]);
}
