//! What is named, looked for or printed once more, and not typed; and what only sounds like it.

use crate::each::each;
use crate::intros::INTROS;
use farol_api::graph::EdgeKind;
use farol_runbook::{inspect, parse};

#[test]
fn the_label_of_a_tool_names_it() {
    let named: [&[&str]; 3] = [
        &[
            "Gets stuck tasks going again. Tool: `npm run recover` (after `npm run build`).",
            "- Tool: `npm run recover`",
        ],
        &[
            "Solta as tarefas presas. Ferramenta: `npm run recover` (após `npm run build`).",
            "- Ferramenta: `npm run recover`",
        ],
        &[
            "Suelta las tareas. Herramienta: `npm run recover` (tras `npm run build`).",
            "- Herramienta: `npm run recover`",
        ],
    ];
    each(named, 0, |text| format!("{text}\n"));
    let typed: [&[&str]; 3] = [
        &["Command: `npm run recover`", "You can use the queue tool: `npm run recover`"],
        &["Comando: `npm run recover`", "Use a ferramenta: `npm run recover`"],
        &["Comando: `npm run recover`", "Use la herramienta: `npm run recover`"],
    ];
    each(typed, 1, |text| format!("{text}\n"));
}

/// A line of a script that is to be changed, and what it becomes.
#[test]
fn lines_that_are_looked_for_in_a_file_are_shown() {
    let steps: [&[(&str, &str)]; 3] = [
        &[("Find the line:", "Change it to:"), ("Look for this line:", "Replace it with:")],
        &[("Procure a linha:", "Altere para:"), ("Localize a linha:", "Troque por:")],
        &[("Busca la línea:", "Auméntala a:"), ("Encuentra esta línea:", "Cámbiala por:")],
    ];
    for pairs in steps {
        for (find, put) in pairs {
            let text = format!(
                "# X\n\n1. {find}\n   ```bash\n   sleep 60\n   ```\n2. {put}\n   ```bash\n   sleep 120\n   ```\n\n```bash\ndf -h\n```\n"
            );
            assert_eq!(crate::typed::typed(&text), ["df -h"], "{text}");
        }
    }
    let looks: [&[&str]; 3] = [&["Find the line:"], &["Procure a linha:"], &["Busca la línea:"]];
    each(looks, 1, |find| format!("{find}\n\n```bash\ngrep -n sleep /srv/start.sh\n```\n"));
    let alone: [&[&str]; 3] = [&["Change it to:"], &["Altere para:"], &["Cámbiala por:"]];
    each(alone, 1, |put| format!("{put}\n\n```bash\nshopctl set limit 5\n```\n"));
}

#[test]
fn a_local_variable_is_a_line_of_a_function() {
    let line: [&[&str]; 3] = [&["local tries=60"], &["local tentativas=60"], &["local intentos=60"]];
    each(line, 0, |line| format!("```bash\n{line}\n```\n"));
    each(line, 1, |line| format!("```bash\nwait_for() {{\n  {line}\n  sleep 5\n}}\n```\n"));
}

#[test]
fn what_is_done_to_nothing_is_no_statement() {
    let nothing: [&[&str]; 3] = [
        &["| >30 % | `ALTER INDEX REBUILD` |", "- Use `ALTER TABLE ADD COLUMN`"],
        &["| >30 % | `ALTER INDEX REORGANIZE` |", "- Use `ALTER TABLE DROP COLUMN`"],
        &["| >30 % | `ALTER INDEX REBUILD` |", "- Use `ALTER TABLE RENAME`"],
    ];
    each(nothing, 0, |text| format!("| | Command |\n|---|---|\n{text}\n"));
    let whole: [&[&str]; 3] = [
        &[
            "- Use `ALTER INDEX ALL ON orders REBUILD`",
            "- Use `ALTER SYSTEM SET work_mem = '1GB'`",
            "- Use `DBCC CHECKDB WITH PHYSICAL_ONLY` (faster)",
        ],
        &["- Use `ALTER INDEX ALL ON pedidos REBUILD`", "- Use `DBCC CHECKDB WITH PHYSICAL_ONLY` (mais rápido)"],
        &["- Use `ALTER INDEX ALL ON pedidos REBUILD`", "- Use `DBCC CHECKDB WITH PHYSICAL_ONLY` (más rápido)"],
    ];
    each(whole, 1, |text| format!("{text}\n"));
}

#[test]
fn what_came_out_is_shown_under_its_heading() {
    let results: [&[&str]; 3] = [
        &["Execution result", "**Command output**"],
        &["**Resultado da Execução**", "Saída do terminal"],
        &["Resultado de la ejecución", "Salida del comando"],
    ];
    let prompt = "[postgres@db ~]$ createdb shop\n[postgres@db ~]$ psql -d shop -c 'select 1'\n 1\n";
    each(results, 0, |name| format!("### {name}\n\n```bash\n{prompt}```\n\n```bash\n# Terminal 2\n{prompt}```\n"));
    let typed: [&[&str]; 3] = [&["Execution"], &["Execução"], &["Ejecución"]];
    each(typed, 2, |name| format!("### {name}\n\n```bash\n{prompt}```\n"));
}

#[test]
fn a_remark_that_says_what_a_statement_does_not_do_forbids_nothing() {
    let says: [&[&str]; 3] = [
        &["Reindex (does not lock)", "Reindex (non-blocking)"],
        &["Reindexar (não bloqueia)", "Reindexar, não trava a tabela", "Reindexar (não causa espera)"],
        &[
            "Reindex concurrente (no bloquea)",
            "Reindexar, no interfiere con la carga",
            "Reindexar (no genera bloqueos)",
        ],
    ];
    each(says, 1, |remark| format!("```sql\n-- {remark}\nREINDEX INDEX CONCURRENTLY idx_orders;\n```\n"));
    let forbids: [&[&str]; 3] = [
        &["Do not lock the table"],
        &["Não bloqueie a tabela", "Não execute em produção"],
        &["No bloquee la tabla", "No ejecutar en producción"],
    ];
    each(forbids, 0, |remark| format!("```sql\n-- {remark}\nREINDEX INDEX CONCURRENTLY idx_orders;\n```\n"));
}

#[test]
fn what_a_plan_is_for_is_no_step() {
    for (heading, item) in [
        ("1.2 Objectives of the plan", "Keep the data of all shops"),
        ("Goals", "Keep the data of all shops"),
        ("1.2 Objetivos do plano", "Manter os dados de todas as lojas"),
        ("1.2 Objetivos de continuidad", "Mantener los datos de todas las tiendas"),
    ] {
        let text = format!("# X\n\n## {heading}\n\n- {item}\n");
        assert_eq!(inspect(&text, None).1.manual_steps, 0, "{text}");
    }
}

#[test]
fn a_command_under_a_box_is_one_whatever_the_section_is_about() {
    let boxed: [&[&str]; 3] = [
        &["## Monitoring\n\n- [ ] **Resources**\n  - CPU: ____ %\n  - Command: `docker stats shop --no-stream`"],
        &["## Monitoramento\n\n- [ ] **Recursos**\n  - CPU: ____ %\n  - Comando: `docker stats loja --no-stream`"],
        &["## Monitoreo\n\n- [ ] **Recursos**\n  - CPU: ____ %\n  - Comando: `docker stats tienda --no-stream`"],
    ];
    each(boxed, 1, |text| format!("{text}\n"));
}

/// Two that say why do not hide the five that only say what goes wrong.
#[test]
fn problems_without_parts_are_cases_beside_those_with_them() {
    for text in [
        "# Troubleshooting\n\n## 1) App does not start\n\n```\ndf -h\n```\n\n## 2) Connection failure\n\n```\ndf -h\n```\n\n## 3) Nginx fails to start\n\n### Symptom\n\nIt is down.\n\n### Solution\n\n```\ndf -h\n```\n\n## 4) Error in the migration\n\n### Diagnosis\n\n```\ndf -h\n```\n\n## 5) Backup fails\n\n```\ndf -h\n```\n",
        "# Troubleshooting operacional\n\n## 1) App não sobe\n\n```\ndf -h\n```\n\n## 2) Falha de conexão\n\n```\ndf -h\n```\n\n## 3) Nginx falha ao iniciar\n\n### Sintoma\n\nFora do ar.\n\n### Solução\n\n```\ndf -h\n```\n\n## 4) Erro na migração\n\n### Diagnóstico\n\n```\ndf -h\n```\n\n## 5) Backup falha\n\n```\ndf -h\n```\n",
        "# Solución de problemas\n\n## 1) La app no arranca\n\n```\ndf -h\n```\n\n## 2) Fallo de conexión\n\n```\ndf -h\n```\n\n## 3) Nginx no inicia\n\n### Síntoma\n\nCaído.\n\n### Solución\n\n```\ndf -h\n```\n\n## 4) Error en la migración\n\n### Diagnóstico\n\n```\ndf -h\n```\n\n## 5) El backup falla\n\n```\ndf -h\n```\n",
    ] {
        assert_eq!(inspect(text, None).1.scenarios, 5, "{text}");
    }
}

#[test]
fn a_list_behind_a_block_of_a_step_is_no_checklist() {
    for (checklist, step, lead, item) in [
        ("Diagnosis checklist", "1. Try the endpoint", "If it refuses:", "The port is closed"),
        ("Checklist de diagnóstico", "1. Testar o endpoint", "Se recusar:", "A porta está fechada"),
        ("Checklist de diagnóstico", "1. Probar el endpoint", "Si lo rechaza:", "El puerto está cerrado"),
    ] {
        let text = format!("# X\n\n## {checklist}\n\n### {step}\n\n```bash\ndf -h\n```\n\n**{lead}**\n- {item}\n");
        assert!(parse(&text, None).checklists.is_empty(), "{text}");
        let list = format!("# X\n\n## {checklist}\n\n### Antes\n\n- {item}\n");
        assert_eq!(parse(&list, None).checklists.len(), 1, "{list}");
    }
}

#[test]
fn what_opens_an_editor_is_typed_though_a_file_is_created() {
    let create: [&[&str]; 3] = [&["Create the file:"], &["Crie o arquivo de script:"], &["Crear el archivo:"]];
    each(create, 2, |lead| format!("{lead}\n\n```\nmkdir -p /srv/scripts/\nnano /srv/scripts/copy.sh\n```\n"));
    each(create, 0, |lead| format!("{lead}\n\n```\nmkdir -p /srv/scripts/\npg_dump shop > /srv/shop.sql\n```\n"));
}

#[test]
fn a_script_with_a_name_to_fill_in_is_typed() {
    let scripts: [&[&str]; 3] =
        [&["./scripts/restore_{{NAME}}.sh"], &["./scripts/restore_{{NOME}}.sh"], &["./scripts/restore_<nombre>.sh"]];
    each(scripts, 1, |script| format!("```\n{script}\n```\n"));
    let addresses: [&[&str]; 3] = [&["/api/orders/{id}"], &["/api/pedidos/{id}"], &["/api/pedidos/<id>"]];
    each(addresses, 0, |address| format!("```\n{address}\n```\n"));
}

#[test]
fn names_to_fill_in_are_asked_for_within_others() {
    let asked = |line: &str| inspect(&format!("# X\n\n```bash\n{line}\n```\n"), None).1.placeholder_list;
    assert_eq!(asked("cat migrations/[TIMESTAMP]_[nome]/migration.sql"), ["[TIMESTAMP]", "[nome]"]);
    assert_eq!(asked("shopctl migrate --name revert_[migration_name]"), ["[migration_name]"]);
    assert_eq!(asked("mysqldump -u USUARIO -p NOMBRE_BASE > copia.sql"), ["USUARIO", "NOMBRE_BASE"]);
    for value in ["ls backup_[abcd].sql", "grep 'log_[a_b]' x", "ls [abc]_[def]", "docker run -e NOME_BASE web"] {
        assert_eq!(asked(value), Vec::<String>::new(), "{value}");
    }
}

#[test]
fn a_step_named_behind_an_arrow_leads_there() {
    for (intro, item) in [
        (INTROS[0], "Look at the alarms: they fire → see step 1"),
        (INTROS[1], "Veja os alarmes: dispararam — ver passo 1"),
        (INTROS[2], "Revise las alarmas, suenan → ver paso 1"),
    ] {
        let text = format!("# X\n\n{intro}\n\n1. Restart the queue: `systemctl restart queue`\n2. {item}\n");
        let edges = parse(&text, None).graph.edges;
        assert_eq!(edges.iter().filter(|edge| edge.kind == EdgeKind::Goto).count(), 1, "{text}");
    }
}

/// The title is the first sentence: the step is named behind it.
#[test]
fn a_step_named_far_behind_the_title_leads_there() {
    for (intro, item) in [
        (INTROS[0], "Look at the alarms. They say which of the queues is stuck. If they fire, go back to step 1."),
        (INTROS[1], "Veja os alarmes. Eles dizem qual das filas parou. Se dispararem, volte ao passo 1."),
        (INTROS[2], "Revise las alarmas. Dicen cuál de las colas se paró. Si suenan, vuelva al paso 1."),
    ] {
        let text = format!("# X\n\n{intro}\n\n1. Restart the queue: `systemctl restart queue`\n2. {item}\n");
        let nodes = parse(&text, None).graph.nodes;
        assert!(nodes.iter().any(|node| node.goto.is_some()), "{text}");
    }
}

#[test]
fn lettered_headings_of_which_one_is_another_way_are_alternatives() {
    let block = "```bash\ndf -h\n```\n";
    for (intro, ways, parts) in [
        (INTROS[0], ["a) From outside", "b) Alternative: from inside"], ["a) From outside", "b) From inside"]),
        (INTROS[1], ["a) Se for `.sql`", "b) Se for `.sql.gz`"], ["a) Tabelas", "b) Índices"]),
        (INTROS[2], ["a) Desde fuera", "b) Alternativa: desde dentro"], ["a) Tablas", "b) Índices"]),
    ] {
        let scenarios = |names: [&str; 2]| {
            let text = format!("# X\n\n{intro}\n\n## Copy\n\n### {}\n\n{block}\n### {}\n\n{block}", names[0], names[1]);
            inspect(&text, None).1.scenarios
        };
        assert_eq!((scenarios(ways), scenarios(parts)), (2, 0), "{ways:?}");
    }
}

#[test]
fn what_is_done_with_a_block_that_is_shown_is_a_step() {
    for (intro, lead, told, numbered) in [
        (INTROS[0], "Paste this content into the panel:", "The file looks like this:", "1. Create the file"),
        (INTROS[1], "Cole o seguinte conteúdo, ajustando as variáveis:", "O arquivo deve ter:", "1. Criar o arquivo"),
        (INTROS[2], "**A. Cambiar puerto en docker-compose.yml**", "Debe tener:", "1. Crear el archivo"),
    ] {
        let steps = |heading: &str, lead: &str| {
            let block = "```yaml\nports:\n  - \"80:80\"\n```\n";
            let counts = inspect(&format!("# X\n\n{intro}\n\n## {heading}\n\n{lead}\n\n{block}"), None).1;
            (counts.manual_steps, counts.prose_steps)
        };
        assert_eq!(steps("Ports", lead), (0, 1), "{lead}");
        assert_eq!(steps("Ports", told), (0, 0), "{told}");
        assert_eq!(steps(numbered, lead), (1, 0), "{numbered}");
    }
}

#[test]
fn how_a_file_came_to_be_is_told() {
    let told: [&[&str]; 3] = [
        &["Restore files generated with `pg_dump --format plain`, then:", "The copy is created by `pg_dump -Fc shop`."],
        &[
            "Restaure os arquivos gerados com `pg_dump --format plain`, depois:",
            "A cópia foi feita com `pg_dump -Fc loja`.",
        ],
        &[
            "Restaure los archivos generados con `pg_dump --format plain`, ejecuta:",
            "Copia creada con `pg_dump -Fc base`.",
        ],
    ];
    each(told, 1, |text| format!("- {text}\n\n  ```bash\n  psql -f shop.sql\n  ```\n"));
    let typed: [&[&str]; 3] = [
        &["Make a copy with `pg_dump -Fc shop`"],
        &["Faça uma cópia com `pg_dump -Fc loja`"],
        &["Haga una copia con `pg_dump -Fc base`"],
    ];
    each(typed, 1, |text| format!("- {text}\n"));
}

#[test]
fn what_a_thing_must_do_and_the_places_of_a_form_are_no_steps() {
    for (intro, lead, item, place) in [
        (INTROS[0], "**Now the backend should:**", "Write a warning to the log", "[Paste the error here]"),
        (INTROS[1], "**Agora o backend deve:**", "Criar o banco na primeira requisição", "[Cole o erro exato aqui]"),
        (INTROS[2], "**Ahora el backend debe:**", "Crear la base en la primera petición", "[Pegue el error aquí]"),
    ] {
        let text = format!("# X\n\n{intro}\n\n## After\n\n{lead}\n- {item}\n\n{place}\n\n```\nlog\n```\n");
        let counts = inspect(&text, None).1;
        assert_eq!((counts.manual_steps, counts.prose_steps), (0, 0), "{text}");
    }
    for (intro, lead, item) in [
        (INTROS[0], "**Whoever is on call should:**", "Write a warning to the channel"),
        (INTROS[1], "**Quem está de plantão deve:**", "Criar o banco de novo"),
        (INTROS[2], "**Quien está de guardia debe:**", "Crear la base de nuevo"),
    ] {
        let text = format!("# X\n\n{intro}\n\n## After\n\n{lead}\n- {item}\n");
        assert_eq!(inspect(&text, None).1.manual_steps, 1, "{text}");
    }
}

#[test]
fn problems_in_order_of_where_they_are_seen_are_cases() {
    let block = "```bash\ndf -h\n```\n";
    for (above, where_, cases) in [
        ("Problems by service", "Odoo (option 13)", ["Error 500 at the start", "Slow performance"]),
        ("Problemas por Stack", "Odoo (Opção 13)", ["Erro 500 ao acessar", "Performance lenta"]),
        ("Problemas por servicio", "Odoo (opción 13)", ["Error 500 al entrar", "Esquema de colores raro"]),
    ] {
        let [first, second] = cases;
        let text = format!("# X\n\n## {above}\n\n### {where_}\n\n#### {first}\n\n{block}\n#### {second}\n\n{block}");
        assert_eq!(inspect(&text, None).1.scenarios, 2, "{text}");
    }
}
