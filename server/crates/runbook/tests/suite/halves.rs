//! Commands that are named within what holds or ends something, and halves of commands; in three languages.

use crate::each::each;
use crate::intros::INTROS;
use crate::typed::typed;
use farol_api::graph::NodeKind;
use farol_runbook::parse;

/// What goes on behind `&&` or a pipe is not there, and the first half alone may do what nobody meant.
#[test]
fn half_a_command_in_a_code_span_is_none() {
    let told: [&[&str]; 3] = [
        &[
            "- `cd /srv/shop &&` is needed, for cron knows no folder",
            "- Run `make clean |`",
            "- Run `systemctl stop web ||`",
        ],
        &["- `cd /srv/loja &&` é obrigatório, pois o cron não sabe a pasta", "- Execute `make clean |`"],
        &["- `cd /srv/tienda &&` es obligatorio, pues cron no sabe la carpeta", "- Ejecute `make clean \\`"],
    ];
    each(told, 0, |item| item.to_owned());
    each([&["- Run `cd /srv/shop && ls`"], &["- Execute `make web &`"], &["- Ejecute `ls | wc -l`"]], 1, |item| {
        item.to_owned()
    });
}

#[test]
fn what_is_listed_as_the_condition_of_an_order_is_not_typed() {
    let told: [&[&str]; 3] = [
        &["Stop if:", "Abort the deploy if any of these happens:", "Roll back when one of the following is true:"],
        &[
            "Pare se:",
            "Interrompa o deploy se ocorrer qualquer um destes casos:",
            "Reverter quando alguma das condições abaixo ocorrer:",
        ],
        &[
            "Detenga todo si:",
            "Detener la intervención si ocurre cualquiera de estos casos:",
            "Revertir cuando se cumpla alguna de las siguientes condiciones:",
        ],
    ];
    each(told, 0, |lead| format!("## Limits\n\n{lead}\n\n- `apt upgrade --dry-run` x\n- Samba `testparm -s`\n"));
    let read: [&[&str]; 3] = [
        &["If any of these fails:", "Check if:", "Run these if any of the pods is down:"],
        &["Se qualquer um destes falhar:", "Verifique se:"],
        &["Si falla cualquiera de estos:", "Verifique si:"],
    ];
    each(read, 1, |lead| format!("## Limits\n\n{lead}\n\n- `systemctl restart web`\n"));
}

/// "`DATABASE_URL` | the base; it is kept in step with `x`": what a variable is for.
#[test]
fn what_a_table_tells_of_a_variable_is_not_typed() {
    let told: [&[&str]; 3] = [
        &["The base. It is kept in step with `prisma db push`.", "Read by the script that runs `npm run seed`."],
        &["A base. O esquema é mantido com `prisma db push`."],
        &["Postgres. El esquema se sincroniza con `prisma db push`; no hay migraciones."],
    ];
    let table = |cell: &str| format!("| Name | What for |\n|---|---|\n| `DATABASE_URL` | {cell} |\n");
    each(told, 0, table);
    let read: [&[&str]; 3] = [
        &["Generate it with `openssl rand -hex 32`"],
        &["Gerar com `openssl rand -hex 32`"],
        &["Generar con `openssl rand -hex 32`"],
    ];
    each(read, 1, table);
}

#[test]
fn what_does_not_work_with_a_command_is_no_order() {
    let told: [&[&str]; 3] = [
        &[
            "- Samba does not validate with `testparm -s`",
            "- If it cannot be started with `systemctl start web`, read its log",
        ],
        &["- O Samba não valida com `testparm -s`"],
        &["- Samba no valida con `testparm -s`"],
    ];
    each(told, 0, |item| item.to_owned());
    let read: [&[&str]; 3] = [
        &["- Validate Samba with `testparm -s`", "- If it does not answer, start it with `systemctl start web`"],
        &["- Validar o Samba com `testparm -s`"],
        &["- Validar Samba con `testparm -s`", "- Si no responde, reinícielo con `systemctl restart web`"],
    ];
    each(read, 1, |item| item.to_owned());
}

/// In MyST the fence of a box may be of backticks, as that of code is.
#[test]
fn what_stands_in_a_box_of_backticks_is_read_as_text() {
    let boxed = |name: &str, words: &str, command: &str| {
        format!(
            "# X\n\nWhat to do when the disk is full.\n\n## A\n\n````{{{name}}}\n{words}\n\n```bash\n{command}\n```\n````\n\n```bash\nls\n```\n"
        )
    };
    assert_eq!(typed(&boxed("warning", "Put this before it:", "./move.sh --all")), ["./move.sh --all", "ls"]);
    assert_eq!(typed(&boxed("note", "Open the port first:", "ssh -L 1:db:1 web")), ["ssh -L 1:db:1 web", "ls"]);
    assert_eq!(typed(&boxed("danger", "Never run this:", "./clean.sh --all")), ["ls"]);
    assert_eq!(typed(&boxed("code-block", "", "./clean.sh --all")).first().map(String::as_str), Some("ls"));
    for (language, words, order) in
        [(0, "Only two have it.", "Run"), (1, "Só dois têm isso.", "Execute"), (2, "Solo dos lo tienen.", "Ejecute")]
    {
        let text = format!(
            "# X\n\n{}\n\n## A\n\n```{{note}}\n{words}\n{order} `ls -l`.\n```\n\n1. {order}:\n\n   ```{{tip}}\n   {words}\n   ```\n\n   ```bash\n   ls\n   ```\n",
            INTROS[language]
        );
        let runbook = parse(&text, None);
        let shown = runbook.graph.nodes.iter().filter(|node| node.kind == NodeKind::Reference).count();
        assert_eq!((typed(&text), shown), (vec!["ls -l".to_owned(), "ls".to_owned()], 0), "{text}");
        for command in runbook.graph.nodes.iter().filter_map(|node| node.command.as_ref()) {
            assert_eq!(command.text, text[command.span.start..command.span.end]);
        }
    }
}

/// The client that stands above it asks for it; a quote or an answer stands behind nothing of the kind.
#[test]
fn a_statement_behind_the_prompt_of_an_opened_client_is_typed() {
    let statement = "SELECT count(*) FROM orders\n  WHERE at > now();";
    for client in ["gcloud sql connect shop-db --user=app", "psql -h db shop", "mysql -u root -p"] {
        let text = format!(
            "# X\n\n1. Look:\n\n```bash\n# Ask it\n{client}\n> SELECT 1;\n> {statement}\n# Some are there\n```\n"
        );
        assert_eq!(typed(&text), [client, "SELECT 1;"], "{text}");
        let text = format!("# X\n\n1. Look:\n\n```bash\n{client}\n> SELECT 1;\n> SELECT 2;\n```\n");
        assert_eq!(typed(&text), [client, "SELECT 1;", "SELECT 2;"], "{text}");
    }
    assert_eq!(typed("# X\n\n1. Look:\n\n```bash\ncat log\n> SELECT 1;\n```\n"), ["cat log"]);
}

#[test]
fn a_command_that_is_pointed_to_is_typed() {
    let read: [&[&str]; 3] = [
        &[
            "Run this `kubectl get pods -A`",
            "Run the following: `kubectl get pods -A`",
            "Find it by running the command\n\n`kubectl get pods -n <name>`\n(with the name of the shop)",
        ],
        &["Execute isto: `kubectl get pods -A`", "Execute o seguinte `kubectl get pods -A`"],
        &["Ejecute esto `kubectl get pods -A`", "Ejecute lo siguiente: `kubectl get pods -A`"],
    ];
    each(read, 1, |text| text.to_owned());
    let told: [&[&str]; 3] = [
        &["It is not easy to run `kubectl get pods -A` here", "The alert is about this `kubectl get pods -A`"],
        &["Não é fácil executar `kubectl get pods -A` aqui", "O alerta fala disto `kubectl get pods -A`"],
        &["No es fácil ejecutar `kubectl get pods -A` aquí"],
    ];
    each(told, 0, |text| text.to_owned());
}

#[test]
fn what_is_cut_off_in_an_address_is_asked_for() {
    for (text, token) in [
        ("DATABASE_URL='postgres://…' node scripts/look.mjs", "…"),
        ("curl -H \"Authorization: Bearer …\" https://shop.internal/jobs", "…"),
        ("curl https://TU-DOMINIO/api/jobs", "TU-DOMINIO"),
        ("curl https://SEU-DOMINIO/api/jobs", "SEU-DOMINIO"),
    ] {
        let runbook = parse(&format!("# X\n\n## A\n\n```bash\n{text}\n```\n"), None);
        let found: Vec<_> = runbook.parameters.iter().map(|parameter| parameter.token.as_str()).collect();
        assert_eq!(found, [token], "{text}");
    }
    for text in ["echo 'Wait… a bit'", "ls a…b"] {
        let runbook = parse(&format!("# X\n\n## A\n\n```bash\n{text}\n```\n"), None);
        assert!(runbook.parameters.is_empty(), "{text}: {:?}", runbook.parameters);
    }
}
