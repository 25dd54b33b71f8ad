//! What the words around a command make of it: boxes, labels of output, bad queries, what is to be avoided beside it.

use crate::each::each;

/// The first sentence of a box tells, the second forbids.
#[test]
fn a_later_sentence_of_a_box_forbids_as_well() {
    let shown: [&[&str]; 3] = [
        &[
            "This empties the shop. Never run it in production.",
            "This was used before 2024. Do not run this.",
            "Data loss! Do not run this command in production.",
            "The volume is shared. It must not be run here.",
        ],
        &[
            "Isto esvazia a loja. Nunca execute em produção.",
            "Foi usado até 2023. Não execute isto.",
            "Perda de dados! Não rode este comando em produção.",
        ],
        &[
            "Esto vacía la tienda. Nunca lo ejecute en producción.",
            "Se usó hasta 2023. No ejecute esto.",
            "¡Pérdida de datos! No ejecute este comando en producción.",
        ],
    ];
    for mark in ["CAUTION", "WARNING", "IMPORTANT"] {
        each(shown, 0, |words| format!("> [!{mark}]\n> {words}\n>\n> ```bash\n> rm -rf /srv/shop\n> ```\n"));
        each(shown, 0, |words| format!("> [!{mark}]\n> {words}\n\n```bash\nrm -rf /srv/shop\n```\n"));
    }
    each(shown, 0, |words| format!(":::danger\n{words}\n\n```bash\nrm -rf /srv/shop\n```\n\n:::\n"));
    each(shown, 0, |words| format!("!!! danger\n    {words}\n\n    ```bash\n    rm -rf /srv/shop\n    ```\n"));
    let read: [&[&str]; 3] = [
        &["This empties the shop. Take a copy first.", "Do not restart both. Restart the replica:"],
        &["Isto esvazia a loja. Faça uma cópia antes.", "Não reinicie os dois. Reinicie a réplica:"],
        &["Esto vacía la tienda. Haga una copia antes.", "No reinicie ambos. Reinicie la réplica:"],
    ];
    each(read, 1, |words| format!("> [!WARNING]\n> {words}\n>\n> ```bash\n> systemctl restart replica\n> ```\n"));
    let after: [&[&str]; 3] = [
        &["This empties the shop. Never run it twice. Start the copy:"],
        &["Isto esvazia a loja. Nunca execute duas vezes. Inicie a cópia:"],
        &["Esto vacía la tienda. Nunca lo ejecute dos veces. Inicie la copia:"],
    ];
    each(after, 1, |words| format!("> [!WARNING]\n> Careful.\n\n{words}\n\n```bash\nsystemctl start copy\n```\n"));
}

#[test]
fn what_a_bare_label_calls_output_is_shown_whatever_its_fence_says() {
    let labels: [&[&str]; 3] = [
        &[
            "Example output:",
            "Expected output:",
            "Output:",
            "Sample output:",
            "**Output:**",
            "Example output",
            "Result:",
            "Expected result:",
        ],
        &["Saída esperada:", "Saída:", "Exemplo de saída:", "**Saída:**", "Resultado esperado:", "Resultado:"],
        &["Salida esperada:", "Salida:", "Ejemplo de salida:", "**Salida:**", "Resultado esperado:", "Resultado:"],
    ];
    for fence in ["bash", "sh", "console", "sql"] {
        let line = if fence == "sql" { "SELECT 1;" } else { "docker start web" };
        each(labels, 1, |label| {
            format!("Reinicie:\n\n```bash\ndocker restart web\n```\n\n{label}\n\n```{fence}\n{line}\n```\n")
        });
    }
    let read: [&[&str]; 3] = [
        &[
            "Check the output:",
            "Look at the output of the job:",
            "Save the output with:",
            "Expected to be empty, list them:",
        ],
        &["Verifique a saída:", "Salve a saída com:", "Veja o resultado:"],
        &["Verifique la salida:", "Guarde la salida con:", "Vea el resultado:"],
    ];
    each(read, 2, |lead| {
        format!("Reinicie:\n\n```bash\ndocker restart web\n```\n\n{lead}\n\n```bash\ndocker logs web\n```\n")
    });
}

#[test]
fn bad_queries_with_an_order_are_shown_unless_they_look_at_what_runs() {
    let shown: [&[&str]; 3] = [
        &["Bad queries|Rewrite this:", "Bad queries|Do not write this:", "Bad query examples|Compare:"],
        &["Consultas ruins|Reescreva isto:", "Queries ruins|Compare:"],
        &["Consultas malas|Reescriba esto:", "Malas consultas|Compare:"],
    ];
    let document = |text: &str| {
        let (heading, lead) = text.split_once('|').unwrap_or((text, ""));
        format!("## {heading}\n\n{lead}\n\n```sql\nSELECT * FROM orders WHERE lower(name) = 'a';\n```\n")
    };
    each(shown, 0, document);
    let find = |text: &str| {
        let (heading, lead) = text.split_once('|').unwrap_or((text, ""));
        format!("## {heading}\n\n{lead}\n\n```sql\nSELECT pid FROM pg_stat_activity;\n```\n")
    };
    let read: [&[&str]; 3] = [
        &["Bad queries|Find them:", "Bad queries|End them with:"],
        &["Consultas ruins|Encontre-as:", "Queries ruins|Liste com:"],
        &["Consultas malas|Búsquelas:", "Malas consultas|Encuéntrelas con:"],
    ];
    each(read, 1, find);
}

#[test]
fn what_is_to_be_avoided_beside_the_command_forbids_it_not() {
    let read: [&[&str]; 3] = [
        &[
            "Restart it (avoid peak hours):",
            "Restart it, avoid downtime:",
            "Restart it one by one (avoid downtime):",
            "Do not wait: run this now:",
            "Don't wait, restart it:",
            "Don't panic: restart it:",
            "Avoid data loss by stopping it first:",
            "Restart it outside of peak hours:",
        ],
        &[
            "Reinicie (evite horários de pico):",
            "Reinicie um a um (evite indisponibilidade):",
            "Não espere: execute agora:",
            "Não se preocupe: reinicie:",
            "Evite perda de dados parando antes:",
        ],
        &[
            "Reinicie (evite las horas pico):",
            "Reinicie uno a uno (evite la caída):",
            "No espere: ejecute ahora:",
            "No se preocupe: reinicie:",
            "Evite la pérdida de datos parando antes:",
        ],
    ];
    each(read, 1, |lead| format!("{lead}\n\n```bash\nsystemctl restart web\n```\n"));
    each(read, 1, |lead| format!("- {lead} `systemctl restart web`\n"));
    each(read, 1, |lead| format!("```bash\n# {}\nsystemctl restart web\n```\n", lead.trim_end_matches(':')));
    let shown: [&[&str]; 3] = [
        &[
            "Restart it (avoid in production):",
            "Restart it (avoid this in production):",
            "Avoid running this at peak hours:",
            "Do not wait and do not run this:",
            "Avoid:",
        ],
        &["Reinicie (evite em produção):", "Evite rodar isto no horário de pico:", "Evite:"],
        &["Reinicie (evite en producción):", "Evite ejecutar esto en horas pico:", "Evite:"],
    ];
    each(shown, 0, |lead| format!("{lead}\n\n```bash\nsystemctl restart web\n```\n"));
}

#[test]
fn where_a_command_is_not_run_forbids_it_not_where_it_is() {
    let read: [&[&str]; 3] = [
        &["Run it in staging, never in production:", "Restore it into the base on a copy (never in production):"],
        &[
            "Rode no staging, nunca em produção:",
            "Execute em homologação (nunca em produção):",
            "**Isolamento:** restauro num banco **descartável** (`copia`), nunca no `loja` (prod). A produção só é lida.",
        ],
        &[
            "Ejecute en staging, nunca en producción:",
            "Restaure en una copia, nunca en producción:",
            "Córralo en el entorno de pruebas (nunca en producción):",
        ],
    ];
    each(read, 1, |lead| format!("{lead}\n\n```bash\npg_restore -d shop shop.dump\n```\n"));
    let shown: [&[&str]; 3] = [
        &[
            "Restore the copy (never in production):",
            "Restart it, never in staging:",
            "Never in production, in staging:",
        ],
        &["Restaure a cópia (nunca em produção):", "Reinicie, nunca em homologação:"],
        &["Restaure la copia (nunca en producción):", "Reinicie, nunca en staging:"],
    ];
    each(shown, 0, |lead| format!("{lead}\n\n```bash\npg_restore -d shop shop.dump\n```\n"));
}
