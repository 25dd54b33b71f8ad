//! What a person is asked to do beside words that call something output, obsolete or forbidden, and what only looks like it.

use farol_api::graph::NodeKind;
use farol_runbook::parse;

/// An introduction in each language, from which it is told.
const INTROS: [&str; 3] = [
    "What to do when the queue of the shop is stuck.",
    "O que fazer quando a fila de pedidos da loja não anda.",
    "Qué hacer cuando la cola de los pedidos de la tienda no avanza.",
];

/// The commands that somebody could run or is asked to type.
fn typed(text: &str) -> Vec<String> {
    let shown = |kind: NodeKind| matches!(kind, NodeKind::Prohibition | NodeKind::Reference);
    let nodes = parse(text, None).graph.nodes.into_iter().filter(|node| !shown(node.kind));
    nodes.filter_map(|node| node.command.map(|command| command.text)).collect()
}

/// A block that words of the given language introduce.
fn led(language: usize, words: &str, block: &str) -> String {
    format!("# X\n\n{}\n\n{words}\n\n```bash\n{block}\n```\n", INTROS[language])
}

/// Checks whether a block is asked for, by the words before it.
fn check(block: &str, command: &str, asked: bool, sentences: &[(usize, &str)]) {
    for (language, words) in sentences {
        let text = led(*language, words, block);
        let wanted = if asked { vec![command.to_owned()] } else { Vec::new() };
        assert_eq!(typed(&text), wanted, "{text}");
    }
}

#[test]
fn an_example_of_output_is_shown_with_the_prompts_in_it() {
    for (block, command) in [
        ("$ rm -rf /srv\nremoved", "rm -rf /srv"),
        ("mysql> drop table t;\nQuery OK, 0 rows affected (0.01 sec)", "drop table t;"),
    ] {
        let shown = [
            (0, "An example of the output:"),
            (0, "This is an example of what it shows:"),
            (0, "Here is an example of the command's output:"),
            (0, "This is the output:"),
            (1, "Um exemplo da saída:"),
            (1, "Este é um exemplo do que aparece:"),
            (2, "Un ejemplo de la salida:"),
            (2, "Este es un ejemplo de lo que muestra:"),
        ];
        check(block, command, false, &shown);
        let asked = [
            (0, "Run it and look at the output:"),
            (0, "Here is an example of how to do it:"),
            (0, "The command, with its output:"),
            (1, "Execute e olhe a saída:"),
            (2, "Ejecute esto y mire la salida:"),
        ];
        check(block, command, true, &asked);
    }
}

/// In a code span, or after a backslash, nothing is hidden.
#[test]
fn a_comment_that_is_only_named_hides_nothing() {
    for named in ["Comments begin with `` <!-- `` here.", "Comments begin with \\<!-- here.", "`` ` <!-- `` opens one."]
    {
        let text = format!("# X\n\n{named}\n\n```bash\nuptime\n```\n\nThen a --> b\n");
        assert_eq!(typed(&text), ["uptime"], "{text}");
    }
}
