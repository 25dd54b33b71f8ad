//! Source that is typed at the console of an application, and source that only stands beside one.

use crate::each::each;
use crate::typed::typed;

const RUBY: &str = "```ruby\nOrder.where(paid: nil).count\n```\n";

#[test]
fn a_console_that_was_opened_stays_open_in_the_sections_below() {
    let opened: [&[&str]; 3] = [
        &["1. Open a Rails console on the shop:\n\n   ```sh\n   kubectl exec -it deploy/shop -- rails c\n   ```\n"],
        &["1. Abra um console do Rails na loja:\n\n   ```sh\n   kubectl exec -it deploy/loja -- rails c\n   ```\n"],
        &[
            "1. Abra una consola de Rails en la tienda:\n\n   ```sh\n   kubectl exec -it deploy/tienda -- rails c\n   ```\n",
        ],
    ];
    let below = |lead: &str| format!("## A\n\n{lead}\n### B\n\nX:\n\n{RUBY}\n### C\n\nY:\n\n{RUBY}");
    each(opened, 3, below);
    let beside = |lead: &str| format!("## A\n\n{lead}\n## B\n\nX:\n\n{RUBY}");
    each(opened, 1, beside);
}

#[test]
fn a_console_that_is_spoken_of_is_one_for_all_below_it() {
    let spoken: [&[&str]; 3] = [
        &[
            "Follow the guide to open a Rails console for the shop.",
            "Using the console, you can find the order in the application:",
        ],
        &["Abra o Rails console da loja.", "Usando o console, você encontra o pedido na aplicação:"],
        &["Abra la consola de Rails de la tienda.", "Usando la consola, encuentra el pedido en la aplicación:"],
    ];
    each(spoken, 2, |lead| {
        format!("## A\n\n{lead}\n\n{RUBY}\n\nIt counts them, and says how many.\n\nAgain.\n\n{RUBY}")
    });
    let told: [&[&str]; 3] = [
        &["The shop uses the Rails console for all."],
        &["A loja usa o Rails console para tudo."],
        &["La tienda usa la consola de Rails para todo."],
    ];
    each(told, 0, |lead| format!("## A\n\n{lead}\n\nText.\n\nMore of it.\n\n{RUBY}"));
}

#[test]
fn a_long_section_keeps_its_console() {
    let text = format!("## A\n\n```sh\nrails c\n```\n\n{}{RUBY}", "Text.\n\n".repeat(50));
    assert_eq!(typed(&format!("{}{text}", "## Before\n\nText.\n\n".repeat(60))).len(), 2);
}

#[test]
fn what_stands_in_a_file_or_was_answered_is_not_typed_at_the_console() {
    for source in
        ["gem 'shop', path: '../shop'", "class Order\n  has_many :lines\nend", "{ 'user': 13 }", "config.cache = 1"]
    {
        let text = format!("## From the Rails console\n\nText.\n\nMore.\n\nThird.\n\n```ruby\n{source}\n```\n");
        assert_eq!(typed(&text), Vec::<String>::new(), "{source}");
    }
}

#[test]
fn the_prompt_of_a_console_is_no_part_of_what_is_typed() {
    let text = "## Rename it\n\nIn the Rails console:\n\n```ruby\n> o = Order.find(1)\n> o.paid = true\n# look at it first\n> o.save!\n```\n";
    assert_eq!(typed(text), ["o = Order.find(1)", "o.paid = true", "o.save!"]);
}
