//! Files, tables of scripts and lists that only look like something to type.

use crate::each::each;
use crate::typed::typed;

fn block(label: &str, text: &str) -> String {
    format!("## Steps\n\n```{label}\n{text}\n```\n")
}

#[test]
fn a_block_that_begins_with_its_own_name_is_a_file() {
    let sql: [&[&str]; 3] = [
        &["-- migrations/0007_orders.sql", "-- 0007_orders.sql", "-- db/clean.sql:", "-- migration 0007_orders.sql"],
        &["-- migrations/0007_pedidos.sql", "-- limpeza.sql", "-- Arquivo: 0007_pedidos.sql"],
        &["-- migrations/0007_pedidos.sql", "-- limpieza.sql", "-- Migración: 0007_pedidos.sql"],
    ];
    each(sql, 0, |name| block("sql", &format!("{name}\n\nDELETE FROM orders;")));
    let shell: [&[&str]; 3] = [
        &["# scripts/backup.sh", "# `backup.sh`", "# .github/workflows/ci.yml", "# /etc/systemd/system/shop.service"],
        &["# scripts/copia.sh", "# deploy.sh:"],
        &["# scripts/respaldo.sh", "# desplegar.sh"],
    ];
    each(shell, 0, |name| block("bash", &format!("{name}\nset -e\nrm -rf /srv/shop")));
    let read: [&[&str]; 3] = [
        &["# backup.sh makes a copy", "# Node.js", "# docker-compose.yml", "# Orders"],
        &["# backup.sh faz uma cópia", "# Pedidos"],
        &["# backup.sh hace una copia", "# Pedidos"],
    ];
    each(read, 1, |name| block("bash", &format!("{name}\ndocker ps")));
    // What is run below its name is a title.
    each([&["# backup.sh"], &["# backup.sh"], &["# backup.sh"]], 1, |name| {
        block("bash", &format!("{name}\n./backup.sh"))
    });
    let asked: [&[&str]; 3] = [&["Run the following:"], &["Execute o seguinte:"], &["Ejecute lo siguiente:"]];
    each(asked, 1, |lead| format!("{lead}\n\n```sql\n-- clean.sql\nDELETE FROM orders;\n```\n"));
}

#[test]
fn how_a_table_is_made_up_is_shown_under_its_name() {
    let text = |above: &str, name: &str| {
        let table =
            "CREATE TABLE IF NOT EXISTS shop.orders (\n    id bigint\n);\nCREATE INDEX orders_id ON shop.orders(id);";
        format!("## {above}\n\n### {name}\n\n```sql\n{table}\n```\n")
    };
    let names: [&[&str]; 3] = [&["Table `orders`", "Schema: orders"], &["Tabela orders"], &["Tabla `orders`"]];
    let above = ["How it works", "Como funciona", "Cómo funciona"];
    each(names, 0, |name| text(above[usize::from(name.starts_with("Tabla"))], name));
    let set_up: [&[&str]; 3] = [&["2. Create the tables"], &["2. Criar as tabelas"], &["2. Crear las tablas"]];
    each(set_up, 2, |above| text(above, "Table orders"));
    let others: [&[&str]; 3] = [&["Table customers", "Orders"], &["Tabela clientes"], &["Tabla clientes"]];
    each(others, 2, |name| text("How it works", name));
}

#[test]
fn what_names_no_host_or_breaks_off_is_no_command() {
    let spans: [&[&str]; 3] = [
        &["Reproduce with `curl /v1/me`", "Run `CREATE INDEX CONCURRENTLY`", "Filtering with `grep -vE ...` cut lines"],
        &["Reproduza com `curl /v1/me`", "Rode `DROP TABLE IF EXISTS`", "Filtrar com `grep -vE ...` cortou linhas"],
        &["Reproduzca con `curl /v1/me`", "Corra `DROP TABLE IF EXISTS`", "Filtrar con `grep -vE ...` cortó líneas"],
    ];
    each(spans, 0, |text| format!("- {text}\n"));
    let read: [&[&str]; 3] = [
        &["Reproduce with `curl http://x/v1/me`"],
        &["Reproduza com `curl http://x/v1/me`"],
        &["Reproduzca con `curl http://x/v1/me`"],
    ];
    each(read, 1, |text| format!("- {text}\n"));
}

#[test]
fn what_something_is_for_and_what_an_entry_does_is_only_named() {
    let told: [&[&str]; 3] = [
        &[
            "The volume is its own so that it can be watched with `docker system df -v`.",
            "Entry 3 → `git pull --ff-only` + `build` + `up -d`",
        ],
        &[
            "O volume é próprio para que se possa ver com `docker system df -v`.",
            "Opção 3 → `git pull --ff-only` + `build` + `up -d`",
        ],
        &[
            "El volumen es propio para que se pueda vigilar con `docker system df -v`.",
            "Opción 3 → `git pull --ff-only` + `build` + `up -d`",
        ],
    ];
    each(told, 0, |text| format!("- {text}\n"));
    let read: [&[&str]; 3] = [
        &["Watch it with `docker system df -v`."],
        &["Veja com `docker system df -v`."],
        &["Vigile con `docker system df -v`."],
    ];
    each(read, 1, |text| format!("- {text}\n"));
}

#[test]
fn a_program_behind_values_on_lines_of_their_own_is_typed_whatever_the_sentence_names() {
    let leads: [&[&str]; 3] = [
        &[
            "The script restores all of it and counts the rows of each table, and compares what it found with the sums of the manifest.",
        ],
        &[
            "O script restaura tudo e conta as linhas de cada tabela, e compara o que encontrou com as somas que estão no manifest.",
        ],
        &[
            "El script hace todo y cuenta las filas de cada tabla, y compara lo que encontró con las sumas que están en el manifest.",
        ],
    ];
    let block =
        "URL=\"postgres://shop@db/shop\" \\\nKEY=\"<key of the copy>\" \\\nbash scripts/restore.sh ./copies/a.enc";
    each(leads, 1, |lead| format!("{lead}\n\n```bash\n{block}\n```\n"));
}

#[test]
fn what_a_package_s_script_runs_is_not_typed() {
    let table = |rows: &str| format!("## Scripts\n\n| Script | Command | What for |\n|---|---|---|\n{rows}\n");
    let rows: [&[&str]; 3] = [
        &["| `lint` | `eslint src/` | Looks at the source |"],
        &["| `lint` | `eslint src/` | Olha o código |"],
        &["| `lint` | `eslint src/` | Mira el código |"],
    ];
    each(rows, 0, table);
    let typed: [&[&str]; 3] = [
        &["| `lint` | `npm run lint` | Runs `eslint src/` |"],
        &["| `lint` | `npm run lint` | Roda `eslint src/` |"],
        &["| `lint` | `npm run lint` | Corre `eslint src/` |"],
    ];
    each(typed, 1, table);
}

#[test]
fn addresses_of_pages_and_pieces_of_code_are_not_typed() {
    let pages: [&[&str]; 3] = [
        &["/dashboard        what there is to see\n/alerts           all alerts"],
        &["/painel        visão executiva\n/alertas       central de alertas"],
        &["/panel        visión ejecutiva\n/alertas      central de alertas"],
    ];
    each(pages, 0, |lines| format!("```\n{lines}\n```\n"));
    let spans: [&[&str]; 3] = [
        &[
            "Use `function shows(Order $order, ?string $path = null): bool`",
            "Use `test orders table`, not `orders test table`",
            "Declare `readonly onChange?: (id: string) => Promise<void>;`",
            "Add `kind text CHECK (kind <> '')`",
        ],
        &["Use `function mostra(Pedido $pedido): bool`"],
        &["Use `function muestra(Pedido $pedido): bool`"],
    ];
    each(spans, 0, |text| format!("- {text}\n"));
    assert_eq!(typed("# X\n\n1. Add:\n\n```php\nuse App\\Orders\\Late;\n```\n"), Vec::<String>::new());
    assert_eq!(typed("# X\n\n1. Look: `test -f /srv/shop`\n"), ["test -f /srv/shop"]);
}

#[test]
fn a_query_of_kusto_is_one_command_with_its_pipes() {
    let text = "# X\n\nLook:\n\n```kql\nrequests\n| where timestamp > ago(1h)\n| take 5\n\nexceptions\n| take 5\n```\n";
    assert_eq!(typed(text), ["requests\n| where timestamp > ago(1h)\n| take 5", "exceptions\n| take 5"]);
}

/// What a file is about, and names of programs with nothing to do it to.
#[test]
fn mentions_in_a_row_are_not_typed() {
    let told: [&[&str]; 3] = [
        &[
            "`guard.sh` — `rm -rf /`, `git push --force`, `git reset --hard`",
            "Blocks `chmod 777`",
            "`rm -rf`",
            "`dd if=`",
        ],
        &["`guarda.sh` — `rm -rf /`, `git push --force`", "`tail -f`"],
        &["`guardia.sh` — `rm -rf /`, `git push --force`", "`kill -9`"],
    ];
    each(told, 0, |text| format!("1. {text}\n"));
    let read: [&[&str]; 3] = [
        &["`docker ps` — the state", "`web` — `docker restart web`", "`mv /srv/shop{,.old}`", "`./a.sh --all`"],
        &["`docker ps` — o estado", "`kill -9 4711`"],
        &["`docker ps` — el estado", "`tail -f shop.log`"],
    ];
    each(read, 1, |text| format!("1. {text}\n"));
    assert_eq!(typed("# X\n\n1. Add:\n\n```sql\nCHECK (a IS NOT NULL)\n```\n"), Vec::<String>::new());
}

#[test]
fn what_a_label_calls_a_file_is_its_source() {
    let of = |lead: &str| format!("## Steps\n\n{lead}\n\n```sql\nDELETE FROM orders;\n```\n");
    let named: [&[&str]; 3] = [
        &[
            "**File:** `db/clean.sql`",
            "Create `db/clean.sql`:",
            "`db/clean.sql`:",
            "1. **Create script** (`clean.sql`):",
        ],
        &["**Arquivo:** `db/limpeza.sql`", "Crie um arquivo `limpeza.sql`:", "Novo arquivo: `limpeza.sql`"],
        &["**Archivo:** `db/limpieza.sql`", "Archivo SQL: `limpieza.sql`", "Agregar migración en `migrations.ts`:"],
    ];
    each(named, 0, of);
    let read: [&[&str]; 3] = [
        &[
            "Run `db/clean.sql`:",
            "The same as `clean.sql`, by hand:",
            "**File:** `db/orders.csv`",
            "Delete what is old:",
        ],
        &["Execute `limpeza.sql`:", "Arquivo: `limpeza.sql` já existe, então rode:", "Apague os velhos:"],
        &["Ejecute `limpieza.sql`:", "Borre los viejos:"],
    ];
    each(read, 1, of);
    // What makes the file, moves it or runs it is typed.
    let script = |line: &str| format!("## Steps\n\n**Script:** `jobs/clean.sh`\n\n```bash\n{line}\n```\n");
    let typed: &[&str] = &["jobs/clean.sh --all", "cd /srv/shop", "chmod +x jobs/clean.sh", "nano jobs/clean.sh"];
    each([typed, typed, typed], 1, script);
    let source: &[&str] = &["rm -rf /srv/shop/tmp"];
    each([source, source, source], 0, script);
}

#[test]
fn the_name_of_a_release_is_not_typed() {
    let named: &[&str] = &["v1.0.0 – production deploy", "v2.11.4-rc.1"];
    each([named, named, named], 0, |line| block("bash", line));
    let typed: &[&str] = &["v2ray run", "vault status", "git checkout v1.0.0"];
    each([typed, typed, typed], 1, |line| block("bash", line));
}

#[test]
fn a_column_that_tells_what_was_found_or_what_something_runs_is_not_typed() {
    let table = |header: &str| format!("## Steps\n\n| Item | {header} |\n|---|---|\n| Copy | `docker restart web` |\n");
    let told: [&[&str]; 3] = [
        &["Evidence", "Command run by CI", "What CI runs", "Result", "Output", "Root cause", "What it does"],
        &[
            "Evidência",
            "Comando executado pelo CI",
            "Resultado",
            "Saída",
            "Causa raiz",
            "O que faz",
            "Comando anterior",
        ],
        &["Evidencia", "Lo que ejecuta el CI", "Resultado", "Salida", "Causa", "Qué hace", "Comando anterior"],
    ];
    each(told, 0, table);
    let typed: [&[&str]; 3] = [
        &["Command", "How to check", "What to run", "Rollback", "Notes", "Step", "Fix"],
        &["Comando", "Como verificar", "O que rodar", "Rollback", "Observação", "Passo", "Correção"],
        &["Comando", "Cómo verificar", "Qué correr", "Rollback", "Notas", "Paso", "Solución"],
    ];
    each(typed, 1, table);
    let pair = |header: &str| {
        format!(
            "## Compose\n\n| {header} |\n|---|---|\n| `docker-compose restart web` | `docker compose restart web` |\n"
        )
    };
    each([&["Before | After"], &["Antes | Depois"], &["Antes | Ahora"]], 1, pair);
}

#[test]
fn a_heading_that_is_a_file_s_name_stands_over_its_source() {
    let of = |title: &str| format!("### {title}\n\n```bash\nfind /srv/shop -mtime +7 -delete\n```\n");
    let named: [&[&str]; 3] = [
        &[
            "`scripts/clean.sh`",
            "clean.sh",
            "2. Script: clean.sh",
            "Contents of `clean.sh`",
            "Cleanup script (`clean.sh`)",
        ],
        &["`scripts/limpa.sh`", "limpa.sh", "Crie `scripts/limpa.sh`", "Conteúdo de `limpa.sh`", "O script `limpa.sh`"],
        &["`scripts/limpia.sh`", "limpia.sh", "Crear `scripts/limpia.sh`", "Contenido de `limpia.sh`"],
    ];
    each(named, 0, of);
    let typed: [&[&str]; 3] = [
        &[
            "Run `clean.sh`",
            "Restore with clean.sh",
            "Clean up what clean.sh left",
            "Cleanup script",
            "Release 1.2",
            "e.g.",
        ],
        &["Execute `limpa.sh`", "Restaurar com limpa.sh", "Execute o script `limpa.sh`", "Script de limpeza"],
        &["Ejecutar `limpia.sh`", "Restaurar con limpia.sh", "Ejecute el script `limpia.sh`", "Script de limpieza"],
    ];
    each(typed, 1, of);
    let run = |title: &str| format!("### {title}\n\n```bash\nbash clean.sh --all\n```\n");
    each([&["clean.sh"], &["`clean.sh`"], &["Script: `clean.sh`"]], 1, run);
}

#[test]
fn a_script_to_save_may_say_first_what_it_is_for() {
    let scripts: [&[&str]; 3] = [
        &["# Daily backup\n#!/bin/bash", "# Daily backup\n\n#\n#!/usr/bin/env bash"],
        &["# Cópia diária\n#!/bin/bash"],
        &["# Respaldo diario\n#!/bin/sh"],
    ];
    each(scripts, 0, |start| block("bash", &format!("{start}\npg_dump shop > shop.sql\nrm -rf /srv/old")));
    let typed: [&[&str]; 3] = [
        &["# Daily backup\n# (of the shop)", "# Write it\ncat > b.sh <<'EOF'\n#!/bin/bash\nls\nEOF"],
        &["# Cópia diária"],
        &["# Respaldo diario"],
    ];
    for (language, starts) in typed.iter().enumerate() {
        for start in *starts {
            let text = format!(
                "# X\n\n{}\n\n{}",
                crate::intros::INTROS[language],
                block("bash", &format!("{start}\nls /srv"))
            );
            assert!(crate::typed::typed(&text).contains(&"ls /srv".to_owned()), "{text}");
        }
    }
    let asked: [&[&str]; 3] = [&["Run the following:"], &["Execute o seguinte:"], &["Ejecute lo siguiente:"]];
    each(asked, 1, |lead| format!("{lead}\n\n```bash\n# A copy\n#!/bin/bash\npg_dump shop\n```\n"));
}

#[test]
fn settings_stay_settings_whatever_is_to_be_filled_in() {
    let value: [&[&str]; 3] = [
        &[
            "<make one with: python -c \"from django.core.management.utils import get_random_secret_key; print(get_random_secret_key())\">",
        ],
        &[
            "<gere uma com: python -c \"from django.core.management.utils import get_random_secret_key; print(get_random_secret_key())\">",
        ],
        &[
            "<genera una con: python -c \"from django.core.management.utils import get_random_secret_key; print(get_random_secret_key())\">",
        ],
    ];
    each(value, 0, |value| {
        block("bash", &format!("# Django\nSECRET_KEY={value}\nDEBUG=False\nDB_HOST=${{{{MySQL.HOST}}}}\nPORT=587"))
    });
}

#[test]
fn what_a_comment_puts_into_a_file_is_not_typed() {
    let comments: [&[&str]; 3] = [
        &[
            "Update this line with the new password:",
            "Add at the top of the file",
            "3. Edit these lines:",
            "Add this line to .env",
        ],
        &["Atualize esta linha com a senha nova:", "Adicionar ao final do arquivo", "2. Altere estas linhas:"],
        &["Actualiza esta línea con la clave nueva:", "Agregar al inicio del archivo", "1. Cambie estas líneas:"],
    ];
    each(comments, 1, |comment| {
        block("bash", &format!("nano .env\n\n# {comment}\nDB_URL=\"postgres://shop@db/shop\"\nexport A=1"))
    });
    each(comments, 2, |comment| {
        block("powershell", &format!("notepad $PROFILE\n\n# {comment}\n$env:LEVEL = \"INFO\"\n\n# Load\n. $PROFILE"))
    });
    // What does something to a file is typed, and so is what is set for what is typed below.
    let typed: [&[&str]; 3] = [
        &["Update this line with the new password:\nsed -i 's/a/b/' .env", "Set the name of the file:\nFILE=shop.sql"],
        &["Atualize esta linha:\nsed -i 's/a/b/' .env", "Escolha o arquivo:\nARQUIVO=loja.sql"],
        &["Actualiza esta línea:\nsed -i 's/a/b/' .env", "Elige el archivo:\nARCHIVO=tienda.sql"],
    ];
    each(typed, 2, |comment| block("bash", &format!("ls /srv\n# {comment}")));
    let own: [&[&str]; 3] = [
        &["Edit these lines with your own values:", "Change the following lines to match your cluster"],
        &["Altere estas linhas com os seus valores:"],
        &["Cambie estas líneas por sus valores:"],
    ];
    each(own, 2, |comment| block("bash", &format!("# {comment}\nexport CLUSTER=shop\nkubectl config use $CLUSTER")));
}

#[test]
fn a_remark_in_brackets_on_a_line_of_its_own_is_not_typed() {
    let remarks: [&[&str]; 3] = [
        &["(or git push origin --tags)", "(or: git push origin --tags)", "(then rm -rf web)"],
        &["(ou git push origin --tags)", "(depois rm -rf web)"],
        &["(o git push origin --tags)", "(y rm -rf web)"],
    ];
    each(remarks, 1, |remark| block("bash", &format!("git push origin v1\n{remark}")));
    let typed: [&[&str]; 3] = [&["(cd web && npm ci)"], &["(cd web; npm ci)"], &["(cd web && rm -r dist)"]];
    each(typed, 2, |command| block("bash", &format!("git push origin v1\n{command}")));
}
