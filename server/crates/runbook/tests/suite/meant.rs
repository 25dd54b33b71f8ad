//! What a person is asked to do beside words that call something output, obsolete or forbidden, and what only looks like it.

use crate::intros::INTROS;
use crate::typed::typed;

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

/// Words that tell of something else in passing leave the block asked for.
#[test]
fn what_is_obsolete_or_needless_is_the_thing_that_is_named() {
    let asked = [
        (0, "Remove the volumes that are no longer used:"),
        (0, "The volumes that are no longer in use:"),
        (0, "If the index is no longer used, drop it:"),
        (0, "Once the index is no longer used:"),
        (0, "If the version is deprecated, upgrade it:"),
        (0, "This is the command used to run the backup:"),
        (0, "You don't need to run this as root:"),
        (0, "There is no need to run this twice:"),
        (1, "Se o índice não é mais usado, apague:"),
        (1, "Liste a versão que está obsoleta:"),
        (1, "Não é preciso rodar isto como root:"),
        (2, "Si el índice ya no se usa, bórrelo:"),
        (2, "Borre los volúmenes del servicio que ya no se usa:"),
        (2, "No hace falta correr esto como root:"),
    ];
    check("uptime", "uptime", true, &asked);
    let shown = [
        (0, "This command is no longer used:"),
        (0, "The old command that is no longer used:"),
        (0, "This one, which is deprecated:"),
        (0, "We used to run:"),
        (0, "You don't need to run this, the job did:"),
        (0, "See the old script, for reference only:"),
        (1, "Este comando não é mais usado:"),
        (1, "O comando que está obsoleto:"),
        (1, "Não é preciso rodar isto, o job já faz:"),
        (2, "Este comando ya no se usa:"),
        (2, "El comando que está obsoleto:"),
        (2, "No hace falta correr esto:"),
    ];
    check("uptime", "uptime", false, &shown);
}

/// "This script performs the failover:" says what the block below is for.
#[test]
fn a_script_that_stands_below_is_typed() {
    let asked = [
        (0, "This script performs the failover:"),
        (0, "The following script does the restore:"),
        (0, "The job below runs the copy:"),
        (1, "O script abaixo faz o backup:"),
        (1, "Este script executa a cópia:"),
        (2, "El siguiente script hace la copia:"),
        (2, "El script de abajo hace la copia:"),
    ];
    check("pg_dump shop > shop.sql", "pg_dump shop > shop.sql", true, &asked);
    let shown = [
        (0, "This script runs:"),
        (0, "This script does the following:"),
        (0, "The script runs the restore:"),
        (0, "This is what the deploy job executes:"),
        (1, "Este script executa:"),
        (1, "O script faz o seguinte:"),
        (2, "Lo que ejecuta el script:"),
        (2, "Este script hace lo siguiente:"),
    ];
    check("pg_dump shop > shop.sql", "pg_dump shop > shop.sql", false, &shown);
}

/// What is added to a file stands in front of its name.
#[test]
fn what_is_put_elsewhere_is_not_put_into_the_file_that_is_named() {
    let asked = [
        (0, "Add to the cluster the nodes of `hosts`:"),
        (0, "Add to the load balancer what is in `nodes.conf`:"),
        (1, "Coloque em manutenção o serviço `loja.service`:"),
        (1, "Adicione ao cluster os nós de `hosts`:"),
        (2, "Ponga en mantenimiento el servicio `tienda.service`:"),
    ];
    check("systemctl stop loja", "systemctl stop loja", true, &asked);
    let shown = [
        (0, "Add to your `~/.bashrc`:"),
        (0, "Add the following to the end of the file `/etc/hosts`:"),
        (0, "Append to the server's `postgresql.conf`:"),
        (1, "Adicione ao final do arquivo `/etc/hosts`:"),
        (1, "Coloque no seu `~/.bashrc`:"),
        (2, "Agregue al final del archivo `/etc/hosts`:"),
        (2, "Ponga en el archivo `tienda.conf`:"),
    ];
    check("systemctl stop loja", "systemctl stop loja", false, &shown);
}

/// A cross forbids its row in the column of what is allowed; elsewhere it says that something is not there, or not done.
#[test]
fn a_cross_in_a_cell_is_read_by_its_column() {
    for (header, row) in [
        ("| Command | Windows | Linux |", "| `df -h` | ❌ | ✅ |"),
        ("| Step | Command | Done |", "| Look | `df -h` | ❌ |"),
        ("| Comando | Automático | Nota |", "| `df -h` | ❌ | x |"),
        ("| Paso | Comando | Hecho |", "| Mirar | `df -h` | ❌ |"),
        ("| Command | Allowed | Notes |", "| `df -h` | ✅ | ❌ |"),
    ] {
        let text = format!("# X\n\nWhat to do.\n\n{header}\n|---|---|---|\n{row}\n");
        assert_eq!(typed(&text), ["df -h"], "{text}");
    }
    for (header, row) in [
        ("| Command | Notes | Allowed |", "| `df -h` | x | ❌ |"),
        ("| Command | Notes | In production |", "| `df -h` | x | ⛔ |"),
        ("| Command | Notes | In production |", "| `df -h` | 🚫 | x |"),
        ("| Command | Notes | Safe? |", "| `df -h` | x | No |"),
        ("| Comando | Notas | Permitido |", "| `df -h` | x | Não |"),
        ("| Comando | Notas | Recomendado |", "| `df -h` | x | ❌ |"),
        ("| Comando | Notas | Permitido |", "| `df -h` | x | Nunca |"),
        ("| Comando | Notas | Ambiente |", "| `df -h` | x | No en producción |"),
        ("| Comando | Notas | Ambiente |", "| `df -h` | x | Não em produção! |"),
    ] {
        let text = format!("# X\n\nWhat to do.\n\n{header}\n|---|---|---|\n{row}\n");
        assert_eq!(typed(&text), Vec::<String>::new(), "{text}");
    }
}

/// An error that a person made, or that a server answered, is what to do something about.
#[test]
fn what_is_ordered_behind_the_name_of_an_error_is_read() {
    for (language, words) in [
        (0, "- Human error: restore it with `pg_restore loja.dump`"),
        (0, "**Human error**: run `pg_restore loja.dump`"),
        (0, "- Forbidden (403): restore the role with `pg_restore loja.dump`"),
        (0, "- Forbidden error? Restore the role with `pg_restore loja.dump`"),
        (1, "- **Erro humano**: execute `pg_restore loja.dump`"),
        (1, "- Proibido (403)? Execute `pg_restore loja.dump`"),
        (2, "- **Error humano**: ejecute `pg_restore loja.dump`"),
        (2, "- Prohibido (403): ejecute `pg_restore loja.dump`"),
    ] {
        let text = format!("# X\n\n{}\n\n## A\n\n{words}\n", INTROS[language]);
        assert_eq!(typed(&text), ["pg_restore loja.dump"], "{text}");
    }
    let asked = [
        (0, "Human error: restore the table:"),
        (0, "Forbidden (403)? Check the role:"),
        (0, "**Forbidden (403)** Check the role:"),
        (1, "Proibido (403)? Verifique o papel:"),
        (2, "Prohibido (403)? Revise el rol:"),
    ];
    check("kubectl auth can-i list pods", "kubectl auth can-i list pods", true, &asked);
    for (language, words) in [
        (0, "- Wrong: run `pg_restore loja.dump`"),
        (0, "- ❌ Bad: restore with `pg_restore loja.dump`"),
        (0, "- Human error: `pg_restore loja.dump`"),
        (0, "- Forbidden: `pg_restore loja.dump`"),
        (0, "- Forbidden in production: `pg_restore loja.dump`"),
        (0, "Look first. Forbidden: `pg_restore loja.dump`"),
        (1, "- ❌ Errado: execute `pg_restore loja.dump`"),
        (1, "- Erro humano: executar `pg_restore loja.dump` no servidor errado"),
        (1, "- Proibido: `pg_restore loja.dump`"),
        (1, "- Proibido executar `pg_restore loja.dump`"),
        (2, "- Error humano: ejecutar `pg_restore loja.dump` en producción"),
        (2, "- Prohibido: `pg_restore loja.dump`"),
    ] {
        let text = format!("# X\n\n{}\n\n## A\n\n{words}\n", INTROS[language]);
        assert_eq!(typed(&text), Vec::<String>::new(), "{text}");
    }
    let shown = [(0, "Forbidden:"), (0, "Forbidden commands:"), (1, "Proibido:"), (2, "Prohibido en producción:")];
    check("pg_restore loja.dump", "pg_restore loja.dump", false, &shown);
}

#[test]
fn what_connects_and_resets_is_told_from_sentences() {
    for (sql, wanted) in [
        ("connect to the server at http://x/y first", &[][..]),
        ("connect http://x/y first", &[]),
        ("connect shop/admin first.", &[]),
        ("connect / as sysdba", &["connect / as sysdba"]),
        ("conn shop/secret@//db-1.example:1521/shop", &["conn shop/secret@//db-1.example:1521/shop"]),
    ] {
        let text = format!("# X\n\n## Steps\n\n```sql\n{sql}\nSELECT 1;\n```\n");
        let commands = typed(&text);
        assert_eq!(commands[..commands.len() - 1], *wanted, "{text}");
    }
    assert_eq!(typed("# X\n\n## Steps\n\n1. Run `git reset`\n"), ["git reset"]);
}

/// What the page for authors says of warnings.
#[test]
fn what_the_page_says_of_warnings_is_so() {
    let bash = "```bash\nuptime\n```\n";
    for text in [
        "```bash title=\"Never run this\"\nuptime\n```\n".to_owned(),
        ":::{code-block} bash\n:caption: Do not run this\n\nuptime\n:::\n".to_owned(),
        "1. ~~`df -h`~~\n".to_owned(),
        format!("## Deprecated\n\nThe steps:\n\n{bash}"),
        format!("## Old failover (do not use)\n\nThe steps:\n\n{bash}"),
        format!("## O que já tentamos\n\nOs passos:\n\n{bash}"),
        format!("## Obsoleto\n\nLos pasos:\n\n{bash}"),
        "```bash\nclean() {\n  # Never run this\n  rm -rf /srv/shop\n}\n```\n".to_owned(),
        format!("Never run these:\n\n{bash}\n{bash}"),
        "| Command | Notes |\n|---|---|\n| `df -h` | ⛔ |\n| `uptime` | not in production |\n".to_owned(),
        format!("For reference only:\n\n{bash}"),
        format!("The cron job runs:\n\n{bash}"),
    ] {
        let text = format!("# X\n\nWhat to do when the shop is down.\n\n## Steps\n\n{text}");
        assert_eq!(typed(&text), Vec::<String>::new(), "{text}");
    }
}
