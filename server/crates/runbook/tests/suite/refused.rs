//! What is only shown, or forbidden, stays so wherever it stands: in a directive, a block of statements, a fold.

use crate::typed::typed;

fn none(texts: &[&str]) {
    for text in texts {
        assert_eq!(typed(text), Vec::<String>::new(), "{text}");
    }
}

/// A directive in a comment, in `<pre>` or in a fence only shows how one is written.
#[test]
fn a_directive_within_something_else_is_no_command() {
    none(&[
        "# X\n\n<!--\n\n:::{code-block} bash\nrm -rf /srv/loja\n:::\n\n-->\n",
        "# X\n\n<pre>\n\n:::{code-block} bash\nrm -rf /srv/loja\n:::\n\n</pre>\n",
        "# X\n\n```text\n:::{code-block} bash\nrm -rf /srv/loja\n:::\n```\n",
        "# X\n\nText <!-- old:\n:::{code-block} bash\nrm -rf /srv/loja\n:::\n--> text.\n",
        "# X\n\n````markdown\n```bash\nls\n```\n\n:::{code-block} bash\nrm -rf /srv/loja\n:::\n````\n\n````text\n:::{code} sh\nrm -rf /srv/loja\n:::\n```\n````\n",
    ]);
    let beside = "# X\n\n```text\nolá\n```\n\n<!-- nota -->\n\n:::{code-block} bash\nuptime\n:::\n\n:::{code-block} bash\ndf -h\n:::\n";
    assert_eq!(typed(beside), ["uptime", "df -h"]);
}

#[test]
fn a_caption_forbids_its_block() {
    none(&[
        "# X\n\nSteps:\n\n:::{code-block} bash\n:caption: Do NOT run this in production\n:linenos:\n\nrm -rf /srv/loja\n:::\n",
        "# X\n\nSteps:\n\n:::{code-block} bash\n---\ncaption: Do NOT run this in production\n---\nrm -rf /srv/loja\n:::\n",
        "# X\n\nPassos:\n\n:::{code-block} bash\n:caption: Não execute isto em produção\n\nrm -rf /srv/loja\n:::\n",
        "# X\n\nPasos:\n\n:::{code-block} bash\n:caption: No ejecute esto en producción\n\nrm -rf /srv/loja\n:::\n",
        "# X\n\nNever run this:\n\n:::{code-block} bash\n:caption: Empty the shop\n\nrm -rf /srv/loja\n:::\n",
    ]);
    let text = "# X\n\n:::{code-block} bash\n:caption: Restart the shop\n\nsystemctl restart loja\n:::\n";
    assert_eq!(typed(text), ["systemctl restart loja"]);
}

#[test]
fn a_comment_within_a_block_of_changes_forbids_all_of_it() {
    none(&[
        "# X\n\n```sql\nBEGIN;\n-- never run this in production:\nUPDATE orders SET state = 'x';\nCOMMIT;\n```\n",
        "# X\n\nO que fazer quando a fila não anda.\n\n```sql\nBEGIN;\nUPDATE pedidos SET estado = 'x';\n-- NÃO EXECUTE\nDELETE FROM pedidos;\nCOMMIT;\n```\n",
        "# X\n\nQué hacer cuando la cola no avanza.\n\n```sql\nBEGIN;\nUPDATE pedidos SET estado = 'x'; -- nunca en producción\nCOMMIT;\n```\n",
        "# X\n\n```bash\nclean() {\n  # Never run this:\n  rm -rf /srv/shop\n}\n```\n",
        "# X\n\nO que fazer quando a fila não anda.\n\n```bash\nlimpar() {\n  # Nunca execute isto:\n  rm -rf /srv/loja\n}\n```\n",
        "# X\n\nQué hacer cuando la cola no avanza.\n\n```bash\nlimpiar() {\n  # No ejecutar esto:\n  rm -rf /srv/tienda\n}\n```\n",
    ]);
    let told = "# X\n\n```sql\nBEGIN;\n-- The old ones\nUPDATE orders SET state = 'x';\nCOMMIT;\n```\n\n```bash\nclean() {\n  # The old ones\n  rm -rf /srv/shop/old\n}\n```\n";
    assert_eq!(typed(told).len(), 2);
}

#[test]
fn options_and_replicas_are_no_block_of_changes() {
    for text in [
        "# X\n\n```sql\nBEGIN;\n-- Option A\nUPDATE orders SET state = 'x';\n-- Option B\nDELETE FROM orders;\nCOMMIT;\n```\n",
        "# X\n\n```sql\nBEGIN;\n-- Opção A\nUPDATE pedidos SET estado = 'x';\n-- Opção B\nDELETE FROM pedidos;\nCOMMIT;\n```\n",
        "# X\n\n```sql\nBEGIN;\n-- Opción A\nUPDATE pedidos SET estado = 'x';\n-- Opción B\nDELETE FROM pedidos;\nCOMMIT;\n```\n",
    ] {
        assert_eq!(typed(text).len(), 4, "{text}");
    }
    let replica = "# X\n\n```sql\nSTART REPLICA;\nUPDATE orders SET state = 'x';\nCOMMIT;\n```\n";
    assert_eq!(typed(replica), ["START REPLICA;", "UPDATE orders SET state = 'x';", "COMMIT;"]);
    let begun = "# X\n\n```sql\nSTART TRANSACTION;\nUPDATE orders SET state = 'x';\nCOMMIT;\n```\n";
    assert_eq!(typed(begun).len(), 1);
}

#[test]
fn a_plan_s_tilde_is_no_prompt() {
    none(&[
        "# X\n\n```\nTerraform will perform:\n  ~ docker_image.loja = \"a\" -> \"b\"\n  ~ docker {\n```\n",
        "# X\n\n```\n~ docker image = \"a\" -> \"b\"\n~ kubernetes {\n```\n",
        "# X\n\n```bash\n    ~ aws s3 -> eu\n    ~ make all\n```\n",
        "# X\n\n```console\nPlan: 1 to change\n~ docker compose up\n```\n",
    ]);
    assert_eq!(
        typed("# X\n\n```\n~ docker compose up -d\n~ kubectl get pods\n```\n"),
        ["docker compose up -d", "kubectl get pods"]
    );
}

#[test]
fn a_mention_of_a_language_opens_no_console() {
    none(&[
        "# X\n\nThe shop is written in `python`.\n\n```python\norders = load()\norders.delete()\n```\n",
        "# X\n\nA loja é escrita em `python3`.\n\n```python\npedidos = carrega()\npedidos.apaga()\n```\n",
        "# X\n\nLa tienda está escrita en `python`.\n\n```python\npedidos = carga()\npedidos.borra()\n```\n",
    ]);
}

#[test]
fn a_typographic_apostrophe_forbids_as_well() {
    none(&[
        "# X\n\nDon’t run this in production:\n\n```bash\nrm -rf /srv/shop\n```\n",
        "# X\n\nThis shouldn’t be run in production:\n\n```bash\nrm -rf /srv/shop\n```\n",
        "# X\n\nYou mustn’t run this:\n\n```bash\nrm -rf /srv/shop\n```\n",
        "# X\n\n1. Don’t run `rm -rf /srv/shop`\n",
        "# X\n\n```bash\n# don’t run this\nrm -rf /srv/shop\n```\n",
    ]);
}

#[test]
fn a_heading_that_forbids_forbids_its_blocks() {
    for heading in [
        "Don't run this",
        "Don’t run this",
        "Don't use this",
        "Must not be run",
        "Jamais execute",
        "Jamais use isto",
        "Jamás ejecute",
        "Jamás use esto",
        "No ejecutes esto",
    ] {
        none(&[&format!("# X\n\n## {heading}\n\n```bash\nrm -rf /srv/shop\n```\n")]);
    }
}

#[test]
fn the_end_of_an_inner_fold_lifts_nothing() {
    none(&[
        "# X\n\n<details>\n<summary>Never run</summary>\n\n<details>\n<summary>Notes</summary>\n\ntext\n\n</details>\n\n```bash\nrm -rf /srv/shop\n```\n\n</details>\n",
        "# X\n\n<details>\n<summary>Nunca execute</summary>\n<details>\n<summary>Notas</summary>\n\n```bash\nrm -rf /srv/loja\n```\n\n</details>\n</details>\n",
        "# X\n\n<details><summary>Nunca ejecutar</summary>\n\n<details><summary>a</summary>\n\nx\n\n</details>\n<details><summary>b</summary>\n\nx\n\n</details>\n\n```bash\nrm -rf /srv/tienda\n```\n\n</details>\n",
    ]);
    let after = "# X\n\n<details>\n<summary>Never run</summary>\n\n<details>\n<summary>Notes</summary>\n\ntext\n\n</details>\n</details>\n\n```bash\nuptime\n```\n";
    assert_eq!(typed(after), ["uptime"]);
}

#[test]
fn a_table_of_settings_runs_nothing() {
    none(&[
        "# X\n\n## Configuration\n\n| Service | Command |\n|---|---|\n| api | `node server.js` |\n",
        "# X\n\n## Configuração\n\n| Serviço | Comando |\n|---|---|\n| api | `node server.js` |\n",
        "# X\n\n## Configuración\n\n| Servicio | Comando |\n|---|---|\n| api | `node server.js` |\n",
    ]);
    for text in [
        "# X\n\n## Requirements\n\n| Tool | Command |\n|---|---|\n| client | `psql --version` |\n",
        "# X\n\n## Pré-requisitos\n\n| Ferramenta | Comando |\n|---|---|\n| cliente | `psql --version` |\n",
        "# X\n\n## Requisitos previos\n\n| Herramienta | Comando |\n|---|---|\n| cliente | `psql --version` |\n",
    ] {
        assert_eq!(typed(text), ["psql --version"], "{text}");
    }
}

#[test]
fn a_box_that_forbids_forbids_all_that_is_in_it() {
    none(&[
        "# X\n\n:::danger Never run this\n\nIt drops all.\n\n```bash\nrm -rf /srv/a\n```\n\n```bash\nrm -rf /srv/b\n```\n\n:::\n",
        "# X\n\n:::{danger} Do not ever run\n:class: x\n\nIt drops all.\n\n```bash\nrm -rf /srv/a\n```\n:::\n",
        "# X\n\n:::{admonition} Nunca rode isto\n\nApaga tudo.\n\n```bash\nrm -rf /srv/a\n```\n:::\n",
        "# X\n\n> [!CAUTION]\n> Never run these:\n>\n> ```bash\n> rm -rf /srv/a\n> ```\n>\n> or\n>\n> ```bash\n> rm -rf /srv/b\n> ```\n",
        "# X\n\n!!! danger \"No corras esto\"\n\n    Borra todo.\n\n    ```bash\n    rm -rf /srv/a\n    ```\n",
        "# X\n\nNever run these:\n\n```bash\nrm -rf /srv/a\n```\n\n```bash\nrm -rf /srv/b\n```\n",
    ]);
    let after = "# X\n\n:::danger Never run this\n\n```bash\nrm -rf /srv/a\n```\n\n:::\n\n```bash\nuptime\n```\n\n:::{note}\nDo not wait.\n:::\n\n```bash\ndf -h\n```\n\n> [!CAUTION]\n> Do not restart both. Restart the replica:\n>\n> ```bash\n> systemctl restart replica\n> ```\n";
    assert_eq!(typed(after), ["uptime", "df -h", "systemctl restart replica"]);
}

/// The same is said in many ways, in three languages, and with every apostrophe.
#[test]
fn a_warning_is_one_however_it_is_worded() {
    for words in [
        "Dont run this",
        "Don´t run this",
        "Donʼt ever run this",
        "Do not ever run this",
        "Never ever run this",
        "You mustn’t run this",
        "No one should run this in production",
        "On no account run this",
        "This is not to be run in production",
        "Nunca rode isto",
        "Nem pense em rodar isto",
        "Jamais execute isto",
        "Isto não é para rodar em produção",
        "De jeito nenhum rode isto",
        "Ninguém deve executar isto",
        "No corras esto",
        "No corra esto",
        "Ni se te ocurra ejecutar esto",
        "Jamás ejecute esto",
        "De ninguna manera ejecute esto",
        "Nadie debe ejecutar esto",
    ] {
        none(&[
            &format!("# X\n\n{words}:\n\n```bash\nrm -rf /srv/shop\n```\n"),
            &format!("# X\n\n## {words}\n\nText.\n\n```bash\nrm -rf /srv/shop\n```\n"),
            &format!("# X\n\n```bash\n# {words}\nrm -rf /srv/shop\n```\n"),
            &format!(
                "# X\n\n<details>\n<summary>{words}</summary>\n\nText.\n\n```bash\nrm -rf /srv/shop\n```\n\n</details>\n"
            ),
            &format!("# X\n\n```bash title=\"{words}\"\nrm -rf /srv/shop\n```\n"),
            &format!("# X\n\n```bash\nclean() {{\n  # {words}\n  rm -rf /srv/shop\n}}\n```\n"),
        ]);
    }
}

#[test]
fn a_fence_within_a_fence_or_a_comment_is_only_shown() {
    none(&[
        "# X\n\n````\n```bash\nrm -rf /srv/shop\n```\n````\n",
        "# X\n\n````markdown\n```bash\nrm -rf /srv/shop\n```\n````\n",
        "# X\n\n<!--\n```bash\nrm -rf /srv/a\n\n## Old\n\n```bash\nrm -rf /srv/b\n```\n-->\n",
        "# X\n\nText <!-- old:\n```bash\nrm -rf /srv/shop\n```\n--> text.\n",
    ]);
    assert_eq!(typed("# X\n\n1. Text\n\n        ```bash\n        uptime\n        ```\n"), ["uptime"]);
}

/// An introduction, and what stands over a block that nobody is asked to run.
const PASSED: &[(&str, &[&str])] = &[
    (
        "What to do when the queue of the shop is stuck.",
        &[
            "## Deprecated\n\nThe steps:",
            "## Old failover (do not use)\n\nThe steps:",
            "## What we tried\n\nThe steps:",
            "## Steps\n\nFor reference only:",
            "## Steps\n\nThe old procedure, kept for history:",
            "## Steps\n\nThis is what the deploy job executes:",
            "## Steps\n\nThe Dockerfile runs:",
            "## Steps\n\nIt is not meant to be run by hand:",
            "## Steps\n\nThere's no need to run this, the job did:",
            "## Example of a bad command",
            "## Steps\n\n**Incorrect usage**",
            "## Steps\n\nAt 10:02 somebody typed:",
            "## Steps\n\nWhoever runs this loses the data:",
        ],
    ),
    (
        "O que fazer quando a fila de pedidos da loja não anda.",
        &[
            "## Obsoleto\n\nOs passos:",
            "## Procedimento antigo (não usar)\n\nOs passos:",
            "## O que já tentamos\n\nOs passos:",
            "## Passos\n\nApenas para referência:",
            "## Passos\n\nO cron já executa isto toda noite:",
            "## Passos\n\nNão é preciso rodar isto, o job já faz:",
            "## Exemplo do que não se deve fazer",
            "## Passos\n\n**Uso incorreto**",
            "## Passos\n\nÀs 10:02 alguém digitou:",
            "## Passos\n\nQuem rodar isto perde os dados:",
        ],
    ),
    (
        "Qué hacer cuando la cola de los pedidos de la tienda no avanza.",
        &[
            "## Obsoleto\n\nLos pasos:",
            "## Procedimiento antiguo (no usar)\n\nLos pasos:",
            "## Lo que ya probamos\n\nLos pasos:",
            "## Pasos\n\nSolo como referencia, lo que ejecuta el script:",
            "## Pasos\n\nEl cron ejecuta esto cada noche:",
            "## Pasos\n\nNo hace falta correr esto, el job ya lo hace:",
            "## Malas prácticas",
            "## Pasos\n\n**Uso incorrecto**",
            "## Pasos\n\nA las 10:02 alguien escribió:",
            "## Pasos\n\nQuien ejecute esto pierde los datos:",
        ],
    ),
];

/// What was done once, what others do, and what is only for the record.
#[test]
fn what_nobody_is_asked_to_do_is_shown() {
    let block = "\n\n```bash\nrm -rf /srv/shop\n```\n";
    for (intro, texts) in PASSED {
        for text in *texts {
            none(&[&format!("# X\n\n{intro}\n\n{text}{block}")]);
        }
    }
    none(&[
        "# X\n\nWhat to do about the shop:\n\n1. ~~`rm -rf /srv/shop`~~ (obsolete)\n",
        "# X\n\n1. Look\n\nExample output:\n\n```\n$ rm -rf /srv/shop\nremoved\n```\n",
        "# X\n\n| Command | Notes |\n|---|---|\n| `rm -rf /srv/shop` | ⛔ |\n| `rm -rf /srv/a` | not in production! |\n",
        "# X\n\n```bash\n# The wrong way - this empties the shop\nrm -rf /srv/shop\n```\n",
    ]);
    for text in [
        "# X\n\n## Create a user (do not use root)\n\n```bash\nuseradd shop\n```\n",
        "# X\n\n## The job does not run\n\n```bash\nsystemctl status shop\n```\n",
        "# X\n\n## Pull policy: Never\n\nIf the image is missing:\n\n```bash\ndocker pull shop\n```\n",
        "# X\n\nIf the job runs, stop it:\n\n```bash\nsystemctl stop shop\n```\n",
    ] {
        assert_eq!(typed(text).len(), 1, "{text}");
    }
}

/// Good and bad side by side: in a list, in the columns of a table, in two blocks.
#[test]
fn the_bad_of_two_is_shown() {
    for (intro, good, bad, this, not_this) in [
        ("What to do when the disk of the shop is full.", "Right", "Wrong", "But this", "Not this"),
        ("What to do when the disk of the shop is full.", "Do", "Don't", "This", "It is dangerous to run this"),
        ("O que fazer quando o disco da loja enche.", "Certo", "Errado", "Assim sim", "Assim não"),
        (
            "O que fazer quando o disco da loja enche.",
            "Faça",
            "Não faça",
            "Isto",
            "É perigoso rodar isto com a base no ar",
        ),
        ("Qué hacer cuando el disco de la tienda se llena.", "Bien", "Mal", "Así sí", "Así no"),
        ("Qué hacer cuando el disco de la tienda se llena.", "Haga", "No haga", "Esto", "Sin permiso no ejecuten esto"),
    ] {
        let text = format!(
            "# X\n\n{intro}\n\n## Passos\n\n- {good}: `du -sh /srv`\n- {bad}: `rm -rf /srv`\n\n| {good} | {bad} |\n|---|---|\n| `du -sh /srv` | `rm -rf /srv` |\n\n{not_this}:\n\n```bash\nrm -rf /srv\n```\n\n{this}:\n\n```bash\ndu -sh /srv\n```\n"
        );
        assert!(!typed(&text).iter().any(|command| command.contains("rm ")), "{text}");
        assert_eq!(typed(&text).last().map(String::as_str), Some("du -sh /srv"), "{text}");
        assert!(typed(&text).len() >= 2, "{text}");
    }
}
