//! Sentences over what is only told: what something says, what somebody did, what broke something, what is of no use.

use crate::each::each;
use crate::typed::typed;

#[test]
fn what_something_says_and_what_is_over_is_shown() {
    let leads: [&[&str]; 3] = [
        &[
            "A bad restore prints:",
            "If the disk is full, the job's log ends with:",
            "You get:",
            "Before 2024 we did:",
            "The command that caused the outage:",
            "This no longer works:",
            "These commands will fail on a replica:",
        ],
        &[
            "Uma restauração com defeito imprime:",
            "Um nó saudável responde:",
            "O que a equipe fez:",
            "Antes de 2024 rodávamos:",
            "A query que derrubou o banco:",
            "Isto já não funciona:",
        ],
        &[
            "Una restauración fallida imprime:",
            "El nodo sano responde:",
            "Lo que ejecutó el atacante:",
            "El comando que provocó la caída:",
            "Esto ya no funciona:",
        ],
    ];
    each(leads, 0, |lead| format!("## A\n\n{lead}\n\n```\npg_restore -d app a.dump\n```\n"));
    each(leads, 0, |lead| {
        format!("## A\n\n{lead}\n\n```bash\n$ pg_restore -d app a.dump\ncould not open\n$ ls\n```\n")
    });
    each(leads, 0, |lead| format!("## A\n\n{lead} `pg_restore -d app a.dump`\n"));
    let over: [&[&str]; 3] = [
        &["This no longer works:", "The commands that caused the outage:"],
        &["Isto já não funciona:", "Os comandos que derrubaram o banco:"],
        &["Esto ya no funciona:", "Los comandos que provocaron la caída:"],
    ];
    each(over, 0, |lead| format!("## A\n\n{lead}\n\n- `rm -rf /srv/a`\n- `rm -rf /srv/b`\n"));
}

#[test]
fn what_sounds_like_it_and_asks_for_a_command_is_read() {
    let leads: [&[&str]; 3] = [
        &[
            "Check what the node reports:",
            "See what it wrote:",
            "If the node answers:",
            "The service does not work:",
            "If this does not work:",
            "Find the query that caused the lock:",
            "This does not work on a replica, so run it on the primary:",
        ],
        &[
            "Veja o que o nó responde:",
            "Olhe o que o log diz:",
            "O nó não responde:",
            "Se isto não funcionar:",
            "Encontre a query que travou a tabela:",
        ],
        &[
            "Vea lo que responde el nodo:",
            "El nodo no responde:",
            "Si esto no funciona:",
            "Busque la consulta que bloqueó la tabla:",
        ],
    ];
    each(leads, 1, |lead| format!("## A\n\n{lead}\n\n```bash\nls /srv/a\n```\n"));
}

#[test]
fn what_an_error_says_in_a_condition_is_no_prohibition() {
    let leads: [&[&str]; 3] = [
        &["If you see `LoadError: cannot load such file` (e.g. in a test), try running:"],
        &["Se você vê `RuntimeError: cannot open it`, execute:"],
        &["Si ves `java.io.IOException: cannot open it`, ejecute:"],
    ];
    each(leads, 1, |lead| format!("## A\n\n{lead}\n\n```\nls /srv/a\n```\n"));
    // A program that nobody knows is run where one is told to.
    each(leads, 1, |lead| format!("## A\n\n{lead}\n\n```\nshop-docker-run rails assets:clean\n```\n"));
}

#[test]
fn statements_that_are_called_safe_one_after_the_other_are_examples() {
    let block = |first: &str, second: &str| {
        format!(
            "# X\n\n## Migrations\n\n```sql\n-- {first}\nALTER TABLE a ADD COLUMN b TEXT;\n\n-- {second}\nCREATE INDEX i ON a (b);\n```\n"
        )
    };
    for (first, second) in [
        ("✅ Safe: add a column", "✅ Safe: a new index"),
        ("Seguro: nova coluna", "Seguro: novo índice"),
        ("✅ Seguro: agregar columna", "✅ Seguro: nuevo índice"),
    ] {
        assert!(typed(&block(first, second)).is_empty(), "{first}");
    }
    assert_eq!(typed(&block("Safe: add the column", "Then the index")).len(), 2);
    assert_eq!(typed(&block("Add a column", "A new index, safe on a copy")).len(), 2);
}

#[test]
fn an_item_that_asks_for_what_something_says_is_read() {
    let leads: [&[&str]; 3] = [&["See what it wrote:"], &["Veja o que ele escreveu:"], &["Vea lo que escribió:"]];
    each(leads, 1, |lead| format!("## A\n\n1. {lead}\n\n```bash\ncat /srv/a\n```\n"));
}
