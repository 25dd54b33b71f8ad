//! Steps that stand in other words or places than most, and words that look like steps and only tell.

use crate::intros::INTROS;
use crate::typed::typed;
use farol_api::graph::NodeKind;
use farol_runbook::{inspect, parse};

fn document(language: usize, text: &str) -> String {
    format!("# X\n\n{}\n\n{text}\n", INTROS[language])
}

/// Checks how many steps in lists and headings, and in paragraphs, each of some texts has.
fn steps(wanted: (usize, usize), texts: &[(usize, &str)]) {
    for (language, text) in texts {
        let document = document(*language, text);
        let counts = inspect(&document, None).1;
        assert_eq!((counts.manual_steps, counts.prose_steps), wanted, "{document}");
    }
}

/// What a script does stands behind "that:"; what must be done behind "must:".
#[test]
fn what_a_script_does_is_no_step() {
    let list = |intro: &str, items: [&str; 2]| format!("## A\n\n{intro}\n\n- {}\n- {}", items[0], items[1]);
    for (language, intro, items, wanted) in [
        (0, "I wrote `clean.sh`, a script that:", ["Clean the cache", "Remove old images"], 0),
        (0, "To save more space we could:", ["Use smaller images", "Compress big files"], 0),
        (0, "There are a few ways to do that:", ["Clean the cache", "Remove old images"], 2),
        (0, "Check the list, and then:", ["Clean the cache", "Remove old images"], 2),
        (1, "Criei o script `limpar.sh` que:", ["Limpa o cache", "Remove imagens antigas"], 0),
        (1, "Para poupar mais espaço poderíamos:", ["Usar imagens menores", "Comprimir arquivos grandes"], 0),
        (1, "Antes temos que:", ["Limpar o cache", "Remover imagens antigas"], 2),
        (2, "He creado `limpiar.sh` que:", ["Limpia el caché", "Elimina imágenes antiguas"], 0),
        (2, "Para ahorrar más espacio podríamos:", ["Usar imágenes más pequeñas", "Comprimir archivos grandes"], 0),
        (2, "Antes hay que:", ["Limpiar el caché", "Eliminar imágenes antiguas"], 2),
    ] {
        steps((wanted, 0), &[(language, &list(intro, items))]);
    }
}

#[test]
fn an_order_behind_the_label_of_a_remedy_is_a_step() {
    steps(
        (0, 1),
        &[
            (0, "## A\n\n**Solution:** Restart the shop by hand."),
            (0, "## A\n\n**Fix**: Configure the variables in the panel."),
            (1, "## A\n\n**Solução:** Configure as variáveis no painel."),
            (1, "## A\n\n**Ação:** Verificar se o disco tem espaço."),
            (2, "## A\n\n**Solución:** Configure las variables en el panel."),
            (2, "## A\n\n**Acción**: Verificar que el disco tenga espacio."),
        ],
    );
    steps(
        (0, 0),
        &[
            (0, "## A\n\n**Solution:** a newer version of the shop."),
            (0, "## A\n\n**Cause:** Restart of the shop."),
            (1, "## A\n\n**Solução:** variáveis no painel."),
            (2, "## A\n\n**Causa:** Reinicio de la tienda."),
        ],
    );
}

#[test]
fn a_numbered_heading_over_what_is_only_shown_is_a_step() {
    let form = "```\nTo: support@shop.example\nSubject: new keys\n```";
    steps(
        (2, 0),
        &[
            (
                0,
                &format!(
                    "## A\n\n### Step 1: Contact the bank\n\n{form}\n\n### Step 2: Notify the users\n\nThey log in again."
                ),
            ),
            (
                1,
                &format!(
                    "## A\n\n### Passo 1: Contatar o banco\n\n{form}\n\n### Passo 2: Notificar os usuários\n\nEntram de novo."
                ),
            ),
            (
                2,
                &format!(
                    "## A\n\n### Paso 1: Contactar al banco\n\n{form}\n\n### Paso 2: Notificar a los usuarios\n\nEntran otra vez."
                ),
            ),
        ],
    );
    let typed = "### Paso 1: Reiniciar la tienda\n\n```bash\nsystemctl restart tienda\n```";
    steps((0, 0), &[(2, &format!("## A\n\n{typed}"))]);
}

#[test]
fn a_checklist_under_a_numbered_heading_is_one() {
    for (language, text) in [
        (
            0,
            "## 2. Checklist before the deploy\n\nCheck all of it:\n\n- **Build**: make sure that it is green\n- **Image**: verify its tag",
        ),
        (
            1,
            "## 2. Checklist de pré-deploy\n\nAntes de tudo:\n\n* **Build**: confirme se terminou\n* **Imagem**: verifique a tag",
        ),
        (
            2,
            "## 2. Checklist de despliegue\n\nAntes de todo:\n\n- **Build**: confirme que terminó\n- **Imagen**: verifique la etiqueta",
        ),
    ] {
        let counts = inspect(&document(language, text), None).1;
        assert_eq!((counts.checklists, counts.check_items, counts.manual_steps), (1, 2, 0), "{text}");
    }
    let ordered = "## 2. Checklist de despliegue\n\n1. Confirme que terminó\n2. Verifique la etiqueta";
    steps((2, 0), &[(2, ordered)]);
}

#[test]
fn clicks_and_arrows_lead_through_an_interface() {
    steps(
        (3, 0),
        &[
            (0, "## A\n\n1. Go to the panel\n2. Click **Deploy** → **Reload**\n3. **Resize** → Choose a bigger disk"),
            (
                1,
                "## A\n\n1. Vá ao painel\n2. Click em **Deploy** → **Reload**\n3. **Resize** → Selecione um disco maior",
            ),
            (
                2,
                "## A\n\n1. Ve al panel\n2. Click en **Deploy** → **Reload**\n3. **Resize** → Selecciona un disco mayor",
            ),
        ],
    );
}

/// A condition belongs to the item that it stands in, and to no item after it.
#[test]
fn the_condition_of_an_item_is_not_that_of_the_next() {
    for (language, text) in [
        (
            0,
            "## A\n\n1. Promote the replica. It also stops the primary if that can be reached.\n  ```bash\n  ghe promote\n  ```\n2. Notify the users",
        ),
        (
            1,
            "## A\n\n4. Promova a réplica. Isso também para o primário se ele for acessível.\n  ```bash\n  ghe promote\n  ```\n5. Avise os usuários",
        ),
        (
            2,
            "## A\n\n4. Promueva la réplica. Esto deja sin servicio al primario si se puede alcanzar.\n  ```bash\n  ghe promote\n  ```\n5. Avise a los usuarios",
        ),
    ] {
        let document = document(language, text);
        let nodes = parse(&document, None).graph.nodes;
        let guarded: Vec<_> = nodes.iter().filter(|node| node.guard.is_some()).map(|node| &node.title).collect();
        assert!(guarded.is_empty(), "{document}{guarded:?}");
    }
}

#[test]
fn whether_something_is_so_is_no_condition_though_a_place_stands_between() {
    for (language, text) in [
        (0, "## A\n\n- Check in the panel if the database is active"),
        (1, "## A\n\n- Verifique no painel se o banco está ativo"),
        (2, "## A\n\n- Verifique en el panel si la base está activa"),
        (0, "## A\n\n- Check the address and if the database is active"),
        (1, "## A\n\n- Verificar o endereço e se o banco está ativo"),
        (2, "## A\n\n- Verificar la dirección y si la base está activa"),
    ] {
        assert_eq!(inspect(&document(language, text), None).1.conditionals, 0, "{text}");
    }
    for (language, text) in [
        (0, "## A\n\n- Restart it in the panel if the database is down"),
        (1, "## A\n\n- Reinicie no painel se o banco estiver parado"),
        (2, "## A\n\n- Reinicie en el panel si la base está caída"),
        (1, "## A\n\n- Reiniciar o banco e se falhar avisar o time"),
        (2, "## A\n\n- Reiniciar la base y si falla avisar al equipo"),
    ] {
        assert_eq!(inspect(&document(language, text), None).1.conditionals, 1, "{text}");
    }
}

/// A file to save stays one, whatever its label names: "Health check script:" asks for no query.
#[test]
fn a_script_under_a_label_that_names_a_check_is_a_file() {
    let script = "```bash\n#!/bin/bash\n# check.sh\nURL=x\ncurl -f $URL\nexit 1\n```";
    for (language, label) in [
        (0, "**Health Check Script:**"),
        (0, "Verify script:"),
        (1, "**Script para verificar a saúde:**"),
        (1, "Consulta das métricas:"),
        (2, "**Script para verificar la salud:**"),
        (2, "Consulta de métricas:"),
    ] {
        assert_eq!(typed(&document(language, &format!("{label}\n\n{script}"))), Vec::<String>::new(), "{label}");
    }
}

/// What stands in a file is not typed, though the next line is.
#[test]
fn values_under_a_comment_that_edits_a_file_are_no_commands() {
    for (language, comment) in [
        (0, "Edit .env"),
        (0, "Change in app.conf:"),
        (1, "Editar .env"),
        (1, "Altere no arquivo .env:"),
        (2, "Editar .env"),
        (2, "Cambiar en .env"),
    ] {
        let block = format!("```bash\n# {comment}\nAPP_PORT=8000\n\n# Restart\ndocker compose up -d\n```");
        assert_eq!(typed(&document(language, &block)), ["docker compose up -d"], "{comment}");
    }
    let assigned = "```bash\n# Set the port\nAPP_PORT=8000\n\n# Restart\ndocker compose up -d\n```";
    assert_eq!(typed(&document(0, assigned)).len(), 2);
}

/// A mark before a comment behind a command says what it does.
#[test]
fn a_mark_behind_a_command_tells() {
    for (language, remark) in [
        (0, "✅ Remove only the volumes of the shop"),
        (1, "✅ Remove apenas os volumes da loja"),
        (1, "❌ Remove os volumes de todas as lojas"),
        (2, "✅ Elimina solo los volúmenes de la tienda"),
    ] {
        steps((0, 0), &[(language, &format!("```bash\n# X\ndocker compose down -v\n# {remark}\n```"))]);
    }
}

#[test]
fn a_script_is_run_in_a_place() {
    for (language, item) in [
        (0, "Run `./scripts/down.sh` in staging to rehearse"),
        (0, "Run `./scripts/down.sh` on both hosts"),
        (1, "Execute `./scripts/down.sh` em homologação"),
        (2, "Ejecute `./scripts/down.sh` en preproducción"),
    ] {
        assert_eq!(typed(&document(language, &format!("## A\n\n1. {item}"))), ["./scripts/down.sh"], "{item}");
    }
    assert_eq!(typed(&document(0, "## A\n\n1. Run `crontab` in a shell")), Vec::<String>::new());
}

#[test]
fn what_was_run_is_a_state_to_check() {
    for (language, item) in [
        (0, "`docker compose up -d` was run"),
        (0, "`docker compose up -d` has been executed"),
        (1, "`docker compose up -d` foi executado"),
        (1, "`docker compose up -d` já foi rodado"),
        (2, "`docker compose up -d` fue ejecutado"),
        (2, "`docker compose up -d` se ejecutó"),
    ] {
        for mark in ["- [ ] ", "- "] {
            let text = document(language, &format!("## A\n\n{mark}{item}"));
            assert_eq!(typed(&text), Vec::<String>::new(), "{text}");
        }
    }
    assert_eq!(typed(&document(0, "## A\n\n- [ ] `docker compose up -d`, and wait")).len(), 1);
}

/// `\q` in a script is typed into the client that the lines before it opened.
#[test]
fn commands_of_psql_are_typed_though_the_fence_says_shell() {
    let block =
        "```bash\nsudo -u postgres psql\nALTER USER app WITH PASSWORD 'x';\n\\du\n\\q\nsystemctl restart app\n```";
    assert_eq!(typed(&document(0, block)).len(), 5);
    let none = "```bash\ncd /srv\n\\q\n```";
    assert_eq!(typed(&document(0, none)), ["cd /srv"]);
}

/// "Restore (never overwrite production directly)": how it is not to be done.
#[test]
fn a_manner_in_brackets_behind_an_order_forbids_no_command() {
    for (language, comment) in [
        (0, "Restore (NEVER overwrite production directly)"),
        (1, "Restaurar (NUNCA sobrescrever a produção diretamente)"),
        (2, "Restaurar (NUNCA sobrescribir producción directamente)"),
    ] {
        let block = format!("```bash\n# {comment}\npg_restore -d copy x.dump\n```");
        assert_eq!(typed(&document(language, &block)).len(), 1, "{comment}");
    }
    for (language, comment) in [
        (0, "Restore (NEVER overwrite production)"),
        (0, "Restart the shop. Never delete the folder manually"),
        (1, "Reinicie a loja. Nunca apague a pasta manualmente"),
        (2, "Reinicie la tienda. Nunca borre la carpeta manualmente"),
        (0, "Restore (never restore it directly)"),
        (0, "Restore (never run it directly)"),
        (0, "NEVER overwrite production directly"),
        (1, "Restaurar (nunca restaurar diretamente)"),
        (1, "Restaurar (nunca execute diretamente)"),
        (0, "Restore (never in production)"),
        (1, "Restaurar (nunca em produção)"),
        (2, "Restaurar (nunca en producción)"),
        (2, "Restaurar (nunca en producción directamente)"),
        (2, "Restaurar (no ejecutar directamente)"),
    ] {
        let block = format!("```bash\n# {comment}\npg_restore -d copy x.dump\n```");
        assert_eq!(typed(&document(language, &block)), Vec::<String>::new(), "{comment}");
    }
}

/// What a document or a part of it is for is said in the form of an order.
#[test]
fn a_purpose_is_no_step() {
    steps(
        (0, 0),
        &[
            (0, "## A\n\n### Purpose\n\nRestore the shop in a controlled way."),
            (1, "## A\n\n### Propósito\n\nRestaurar a loja de forma controlada."),
            (1, "## A\n\n### Finalidade\n\nRestaurar a loja de forma controlada."),
            (2, "## A\n\n### Propósito\n\nDesplegar una nueva versión de manera controlada."),
        ],
    );
}

/// A value to fill in may have letters that English has not.
#[test]
fn a_value_to_fill_in_may_have_accents() {
    for (language, sql, token) in [
        (0, "ALTER USER app WITH PASSWORD 'NEW_PASSWORD_HERE';", "NEW_PASSWORD_HERE"),
        (1, "ALTER USER app WITH PASSWORD 'SUA_SENHA_AQUI';", "SUA_SENHA_AQUI"),
        (2, "ALTER USER app WITH PASSWORD 'NUEVA_CONTRASEÑA_AQUÍ';", "NUEVA_CONTRASEÑA_AQUÍ"),
        (2, "ALTER USER app WITH PASSWORD 'NUEVA_CONTRASEÑA_AQUI';", "NUEVA_CONTRASEÑA_AQUI"),
    ] {
        let nodes = parse(&document(language, &format!("```sql\n{sql}\n```")), None).graph.nodes;
        let sql = nodes.into_iter().find(|node| node.kind == NodeKind::Sql).and_then(|node| node.command).unwrap();
        let tokens: Vec<&str> = sql.placeholders.iter().map(|p| p.token.as_str()).collect();
        assert_eq!(tokens, [token]);
    }
}

/// "Dê um reload" orders as "recarregue" does: a borrowed word behind a verb that says nothing.
#[test]
fn a_borrowed_word_behind_an_empty_verb_orders() {
    for (language, words) in [
        (0, "Do a rolling restart of the shop"),
        (0, "Do a reload of nginx"),
        (1, "Dê um reload no nginx"),
        (1, "Se falhar, dê um restart no nginx"),
        (1, "Dar um flush no cache"),
        (1, "Manda um restart na loja"),
        (1, "Faça um deploy da loja"),
        (2, "Dale un restart a la tienda"),
        (2, "Dé un reload a nginx"),
        (2, "Haz un reload de nginx"),
        (2, "Si falla, hazle un flush al caché"),
    ] {
        steps((1, 0), &[(language, &format!("## A\n\n1. {words}"))]);
        let command = "systemctl reload nginx";
        for text in
            [format!("1. {words}: `{command}`"), format!("- {words} (`{command}`)"), format!("{words}: `{command}`")]
        {
            assert_eq!(typed(&document(language, &format!("## A\n\n{text}"))), [command], "{text}");
        }
    }
    for (language, words) in [
        (1, "De um restart para o outro o disco enche"),
        (1, "De um lado, o disco enche"),
        (1, "Dar um erro ao salvar"),
        (2, "De un reinicio a otro se llena el disco"),
        (2, "Da un error al guardar"),
    ] {
        steps((0, 0), &[(language, &format!("## A\n\n1. {words}"))]);
    }
    for (language, words) in [
        (0, "Never do a restart of nginx"),
        (1, "Não dê um restart no nginx"),
        (2, "No le des un restart a nginx"),
        (2, "Nunca haga un reload de nginx"),
    ] {
        assert_eq!(
            typed(&document(language, &format!("## A\n\n1. {words}: `systemctl reload nginx`"))).len(),
            0,
            "{words}"
        );
    }
}

/// What an item's words tell to run is not lost to the block below it, wherever that stands.
#[test]
fn a_command_in_an_item_stays_beside_its_block() {
    for (language, words) in [
        (0, ["Restart it with `systemctl restart shop`", "Run `systemctl restart shop`, then:", "Tell the team"]),
        (1, ["Reinicie com `systemctl restart shop`", "Rode `systemctl restart shop`, depois:", "Avise a equipe"]),
        (2, ["Reinicie con `systemctl restart shop`", "Ejecute `systemctl restart shop`, luego:", "Avise al equipo"]),
    ] {
        let [plain, before, next] = words;
        for words in [plain, before] {
            for block in ["\n```bash\ndf -h\n```", "```bash\ndf -h\n```", "   ```bash\n   df -h\n   ```"] {
                let text = document(language, &format!("## A\n\n1. {words}\n{block}\n\n2. {next}"));
                assert_eq!(typed(&text), ["systemctl restart shop", "df -h"], "{text}");
            }
        }
        // What the block gives once more, with values perhaps, is one.
        for (span, block) in [
            ("systemctl restart shop", "systemctl restart shop"),
            ("sudo systemctl restart <name>", "systemctl restart shop"),
            ("growpart <disk> <part>", "sudo growpart /dev/sda 1"),
            ("chef vault", "knife vault show x y -z"),
        ] {
            let text = plain.replace("systemctl restart shop", span);
            let text = document(language, &format!("## A\n\n1. {text}\n\n```bash\n{block}\n```\n"));
            assert_eq!(typed(&text), [block], "{text}");
        }
    }
    // What is forbidden or only mentioned stays so.
    for words in [
        "Never run `rm -rf /srv`, instead:",
        "The job runs `rm -rf /srv`. Look at it:",
        "Instead of `rm -rf /srv` run:",
    ] {
        let text = document(0, &format!("## A\n\n1. {words}\n\n```bash\ndf -h\n```\n"));
        assert!(!typed(&text).iter().any(|command| command.starts_with("rm")), "{text}");
    }
}

/// What a heading calls a checklist ends with its list: parts without a list above them belong to it, what to do then does not.
#[test]
fn a_checklist_does_not_make_checks_of_the_orders_below_it() {
    for (language, title, items, apart) in [
        (
            0,
            "Initial checklist",
            ["Check the disk", "Check the network"],
            ["If the disk is full", "Recovery", "Step 2: Restart"],
        ),
        (
            1,
            "Checklist inicial",
            ["Verifique o disco", "Verifique a rede"],
            ["Se o disco encher", "Resolução", "Passo 2: Reiniciar"],
        ),
        (
            2,
            "Lista de verificación",
            ["Verifique el disco", "Verifique la red"],
            ["Si el disco se llena", "Resolución", "Paso 2: Reiniciar"],
        ),
    ] {
        let list = format!("- {}\n- {}", items[0], items[1]);
        let counts = |text: &str| {
            let counts = inspect(&document(language, text), None).1;
            (counts.check_items, counts.manual_steps)
        };
        assert_eq!(counts(&format!("## {title}\n\n{list}\n\n### A\n\n{list}\n\n## B\n\n{list}")), (2, 4), "{title}");
        assert_eq!(
            counts(&format!("## {title}\n\n### A\n\n{list}\n\n### C\n\n{list}\n\n## B\n\n{list}")),
            (4, 2),
            "{title}"
        );
        for apart in apart {
            assert_eq!(counts(&format!("## {title}\n\n### A\n\n{list}\n\n### {apart}\n\n{list}")), (2, 2), "{apart}");
        }
        // The title of a document makes none.
        let whole = format!("# {title}\n\n{}\n\n{list}\n\n## B\n\n{list}\n", INTROS[language]);
        assert_eq!(inspect(&whole, None).1.check_items, 0, "{title}");
    }
}
