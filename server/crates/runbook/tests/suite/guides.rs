//! What guides, plans and tables of whom to call hold, beside plain steps.

use crate::typed::typed;
use farol_api::graph::{Node, NodeKind};
use farol_runbook::{inspect, parse};

fn nodes(text: &str) -> Vec<Node> {
    parse(text, None).graph.nodes
}

fn titles(text: &str) -> Vec<String> {
    nodes(text).into_iter().map(|node| node.title).collect()
}

#[test]
fn what_an_installer_will_do_is_no_step() {
    for text in [
        "# Loja\n\n## Instalação\n\n```bash\nsudo ./install.sh\n```\n\nO instalador vai:\n- Criar o usuário\n- Configurar o Nginx\n",
        "# Tienda\n\n## Instalación\n\n```bash\nsudo ./install.sh\n```\n\nEl instalador va a:\n- Crear el usuario\n- Configurar Nginx\n",
        "# Shop\n\n## Install\n\n```bash\nsudo ./install.sh\n```\n\nThe upgrade will:\n- Create the user\n- Configure Nginx\n",
        "# Tienda\n\n## Solución\n\n- Se cambió la tarea nocturna para:\n  - Verificar la copia\n  - Hacer el envío dos veces\n",
    ] {
        assert_eq!(inspect(text, None).1.manual_steps, 0, "{text}");
    }
    let ordered = "# Shop\n\n## Install\n\nYou will:\n\n1. Create the user\n2. Configure Nginx\n";
    assert_eq!(inspect(ordered, None).1.manual_steps, 2);
}

#[test]
fn what_a_backup_must_contain_is_looked_for_and_not_run() {
    for text in [
        "# X\n\n## Verificar\n\n```bash\nhead -50 copia.sql\n```\n\nUm backup válido deve conter:\n- `USE loja_db`\n- `INSERT INTO` com dados\n",
        "# X\n\n## Verificar\n\n```bash\nhead -50 copia.sql\n```\n\nEl respaldo válido debe contener:\n- `USE tienda_db`\n- `INSERT INTO` con datos\n",
        "# X\n\n## Verify\n\n```bash\nhead -50 copia.sql\n```\n\nA valid backup must contain:\n- `USE shop_db`\n- `INSERT INTO` with data\n",
    ] {
        assert_eq!(typed(text), ["head -50 copia.sql"], "{text}");
    }
}

#[test]
fn each_symptom_with_what_to_do_is_a_case() {
    for (text, command) in [
        (
            "# Plantão\n\n## Sintomas\n\n### Site fora\n1. `docker compose ps` mostra o que está de pé?\n2. Reinicie a API.\n\n### Fila parada\n- Reinicie o worker.\n",
            "docker compose ps",
        ),
        (
            "# Guardia\n\n## Síntomas\n\n### Sitio caído\n1. `docker compose ps` — ¿está sano?\n2. Reinicie la API.\n\n### Cola detenida\n- Reinicie el worker.\n",
            "docker compose ps",
        ),
        (
            "# On call\n\n## Symptoms\n\n### Site down\n1. `docker compose ps` — is it healthy?\n2. Restart the API.\n\n### Queue grows\n- Restart the worker.\n",
            "docker compose ps",
        ),
    ] {
        assert_eq!(typed(text), [command], "{text}");
        assert_eq!(inspect(text, None).1.scenarios, 2, "{text}");
    }
    // Where nothing is done about them, they are only what is seen.
    let told = "# X\n\n## Symptoms\n\n### Logs\n- `docker ps` shows a container that restarts\n\n### Metrics\n- Latency grows\n- Errors grow\n\n### Users\n- Nobody gets in\n";
    assert_eq!(inspect(told, None).1.scenarios, 0);
}

#[test]
fn a_table_of_whom_to_call_when_escalates() {
    for text in [
        "# X\n\n## Escalonamento\n\n| Condição | Escalar para |\n|---|---|\n| Gateway sem resposta | Infra |\n| VPN fora | Redes |\n",
        "# X\n\n## Escalamiento\n\n| Condición | Escalar a |\n|---|---|\n| Gateway sin respuesta | Infra |\n| VPN caída | Redes |\n",
        "# X\n\n## Escalation\n\n| Condition | Escalate To |\n|---|---|\n| Gateway unreachable | Infrastructure |\n| VPN down | Networks |\n",
    ] {
        let calls: Vec<Node> = nodes(text).into_iter().filter(|node| node.kind == NodeKind::Escalation).collect();
        assert_eq!(calls.len(), 2, "{text}");
        assert!(calls.iter().all(|node| node.guard.is_some()), "{text}");
        assert!(calls[0].title.contains("Infra"), "{text}");
    }
}

#[test]
fn a_rollback_in_a_table_of_conditions_is_to_be_done() {
    let text = "# X\n\n## Cuándo\n\n| Condición | Acción |\n|---|---|\n| `/healthz` falla | Rollback inmediato |\n| Errores > 5% | Rollback inmediato |\n";
    assert_eq!(inspect(text, None).1.conditionals, 2);
    assert!(nodes(text).iter().all(|node| node.kind == NodeKind::Manual && node.guard.is_some()));
}

#[test]
fn paths_with_letters_are_arms() {
    for text in [
        "# X\n\n## Recuperação\n\n**Caminho A — esquema parcial:**\n1. Reverta a coluna.\n\n**Caminho B — esquema perdido:**\n1. Pare a aplicação.\n",
        "# X\n\n## Recuperación\n\n**Camino A — esquema parcial:**\n1. Revierta la columna.\n\n**Camino B — esquema perdido:**\n1. Pare la aplicación.\n",
        "# X\n\n## Recovery\n\n**Path A — partial schema:**\n1. Revert the column.\n\n**Path B — lost schema:**\n1. Stop the app.\n",
    ] {
        assert_eq!(inspect(text, None).1.scenarios, 2, "{text}");
    }
    let address = "# X\n\n## Onde\n\n**Caminho do backup:** /srv/backup\n\n**Caminho do log:** /var/log/loja\n";
    assert_eq!(inspect(address, None).1.scenarios, 0);
}

#[test]
fn english_names_of_what_to_do_are_steps_between_orders() {
    for (text, steps) in [
        (
            "# X\n\nO que fazer quando a migração falha.\n\n## Passos\n\n1. Corrigir o arquivo da migração\n2. Commit + deploy\n3. Restore do backup\n",
            3,
        ),
        (
            "# X\n\nQué hacer cuando la clave se filtra.\n\n## Pasos\n\n1. Rotar la clave\n2. Redeploy ambos servicios\n3. Throttle el endpoint afectado\n",
            3,
        ),
        (
            "# X\n\nComo a aplicação chega à produção.\n\n## Fluxo\n\n1. O time aprova a mudança\n2. Deploy automático na Vercel\n",
            0,
        ),
        (
            "# X\n\nO que fazer quando a migração falha.\n\n## Passos\n\n1. Corrigir o arquivo da migração\n2. Deploy concluído em dez minutos\n",
            1,
        ),
    ] {
        assert_eq!(inspect(text, None).1.manual_steps, steps, "{text}");
    }
}

#[test]
fn a_start_command_that_was_configured_is_a_setting() {
    for text in [
        "# X\n\n## Plataforma\n\n- [ ] Start Command configurado: `node server/index.js`\n",
        "# X\n\n## Plataforma\n\n- [ ] Comando de inicio configurado: `node server/index.js`\n",
        "# X\n\n## Platform\n\n- [ ] Start command configured: `node server/index.js`\n",
    ] {
        assert_eq!(typed(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn what_stands_above_all_prompts_is_typed_too() {
    let text = "# X\n\n## Check\n\n```bash\npython --version\n$ ffmpeg -version\nffmpeg version 6.0\n$ ffprobe -version\n```\n";
    assert_eq!(typed(text), ["python --version", "ffmpeg -version", "ffprobe -version"]);
    let answered = "# X\n\n## Check\n\n```bash\n$ kubectl get pods\nkubectl-proxy 1/1\ndocker ps\n$ date\n```\n";
    assert_eq!(typed(answered), ["kubectl get pods", "date"]);
}

#[test]
fn a_table_that_is_only_hinted_at_is_not_created() {
    let text = "# X\n\n## Migraciones\n\n```sql\nALTER TABLE reservas ADD COLUMN nota TEXT;\nCREATE TABLE auditoria (...);\n```\n";
    assert_eq!(typed(text), ["ALTER TABLE reservas ADD COLUMN nota TEXT;"]);
}

#[test]
fn the_condition_of_a_later_order_does_not_govern_the_first() {
    for text in [
        "# X\n\n## GPU\n\nComprobar el controlador en el host. Si la compilación falla, iniciar la imagen normal.\n",
        "# X\n\n## GPU\n\n1. Verifique o driver no host. Se a compilação falhar, inicie a imagem normal.\n",
        "# X\n\n## GPU\n\n1. Check the driver on the host. If the build fails, start the plain image.\n",
    ] {
        let nodes = nodes(text);
        assert_eq!(nodes.len(), 1, "{text}");
        assert_eq!(nodes[0].guard, None, "{text}");
        assert_eq!(inspect(text, None).1.conditionals, 1, "{text}");
    }
}

#[test]
fn a_bracket_does_not_cut_a_condition() {
    let text = "# X\n\n## Restaurar\n\nSi el rollback no basta (ej. datos perdidos):\n\n```bash\ngcloud sql backups list\n```\n";
    assert_eq!(nodes(text)[0].guard.as_deref(), Some("Si el rollback no basta (ej. datos perdidos)"));
}

#[test]
fn a_word_between_commands_is_no_title() {
    let text = "# X\n\n## Check\n\n1. Look at the pods:\n   - Kubernetes: `kubectl get pods` and `kubectl get events`.\n\n```bash\n# Recent logs\nkubectl logs web-0\n# Or\njournalctl -u web\n```\n";
    let titles = titles(text);
    assert!(!titles.iter().any(|title| matches!(title.trim_end_matches(" (2)"), "and" | "Or")), "{titles:?}");
}

#[test]
fn a_title_goes_on_to_what_it_is_about() {
    for (text, wanted) in [
        ("# X\n\nO que fazer quando a página não abre.\n\n## Passos\n\n1. rode `npm install`\n", "rode npm install"),
        (
            "# X\n\nQué hacer con la base.\n\n## Pasos\n\n1. Verificar el catálogo con `pg_restore --list copia.dump`\n",
            "Verificar el catálogo con pg_restore --list copia.dump",
        ),
        (
            "# X\n\n## Steps\n\n1. Restart the dependency, then the app:\n   `docker compose restart db`.\n",
            "Restart the dependency, then the app",
        ),
        ("# X\n\n## Steps\n\n1. Old hosts keep their names. Rename the newer host\n", "Rename the newer host"),
    ] {
        assert_eq!(titles(text), [wanted], "{text}");
    }
    let later = nodes(
        "# X\n\n## Steps\n\n1. The limit is per address. If everyone shares one bucket, confirm the proxy's setting\n",
    );
    assert_eq!(later[0].guard.as_deref(), Some("If everyone shares one bucket"));
    assert_eq!(later[0].title, "confirm the proxy's setting");
}

#[test]
fn what_answers_a_question_governs_no_command_before_it() {
    let text = "# X\n\n## Passos\n\n1. `docker compose ps` — a API está de pé? Se não, a porta não responde.\n";
    let nodes = nodes(text);
    assert_eq!((nodes.len(), nodes[0].guard.clone()), (1, None));
    assert_eq!(inspect(text, None).1.conditionals, 1);
}

#[test]
fn the_number_of_a_heading_is_no_part_of_its_condition() {
    for (text, condition) in [
        ("# X\n\n## 4) Se o PM2 não responder\n\n```sh\npm2 list\n```\n", "Se o PM2 não responder"),
        ("# X\n\n## 4. Si PM2 no responde\n\n```sh\npm2 list\n```\n", "Si PM2 no responde"),
        ("# X\n\n## Step 3: If PM2 does not answer\n\n```sh\npm2 list\n```\n", "If PM2 does not answer"),
    ] {
        assert_eq!(nodes(text)[0].guard.as_deref(), Some(condition), "{text}");
    }
}

#[test]
fn what_was_chosen_is_an_arm() {
    for text in [
        "# X\n\n## Backend\n\n### Railway (se escolheu)\n\n1. Crie o projeto\n\n### Render (se escolheu)\n\n1. Crie o serviço\n",
        "# X\n\n## Backend\n\n### Railway (si elegiste Railway)\n\n1. Cree el proyecto\n\n### Render (si elegiste Render)\n\n1. Cree el servicio\n",
        "# X\n\n## Backend\n\n### Railway (if using Railway)\n\n1. Create the project\n\n### Render (if using Render)\n\n1. Create the service\n",
    ] {
        assert_eq!(inspect(text, None).1.scenarios, 2, "{text}");
    }
    let needed = "# X\n\n## Backend\n\n### Cache (if needed)\n\n1. Clear the cache\n\n### Queue (if needed)\n\n1. Drain the queue\n";
    assert_eq!(inspect(needed, None).1.scenarios, 0);
}

#[test]
fn attacks_are_cases_of_their_own() {
    for text in [
        "# Plano\n\n## Contenção\n\n### Vazamento de dados\n\n1. Revogar as sessões\n\n### Ransomware\n\n1. Isolar os servidores\n\n### Phishing\n\n1. Bloquear o remetente\n",
        "# Plan\n\n## Contención\n\n### Brecha de datos\n\n1. Revocar las sesiones\n\n### Ransomware\n\n1. Aislar los servidores\n\n### DDoS / abuso de la API\n\n1. Activar el límite\n",
        "# Plan\n\n## Containment\n\n### Data breach\n\n1. Revoke the sessions\n\n### Ransomware\n\n1. Isolate the servers\n\n### Phishing\n\n1. Block the sender\n",
    ] {
        assert_eq!(inspect(text, None).1.scenarios, 3, "{text}");
    }
}

#[test]
fn what_stands_beside_another_name_is_only_named() {
    for text in [
        "# X\n\nO que bloqueia a promoção para produção.\n\n## Bloqueios\n\n- pendências abertas em dados, mypy ou `npm audit` sem aceite formal\n",
        "# X\n\nLo que bloquea el paso a producción.\n\n## Bloqueos\n\n- hallazgos abiertos en el linter o `npm audit` sin aceptación formal\n",
        "# X\n\n## Blockers\n\n- findings in the linter or `npm audit` that nobody accepted\n",
    ] {
        assert_eq!(typed(text), Vec::<String>::new(), "{text}");
    }
    let ordered = "# X\n\n## Steps\n\n- Restart the pod or `docker compose restart web`\n";
    assert_eq!(typed(ordered), ["docker compose restart web"]);
}

#[test]
fn what_a_step_does_is_told_below_this() {
    for text in [
        "# X\n\n## Passo\n\nRode a migração pelo painel.\n\nIsso:\n- Busca os administradores\n- Recria a função\n",
        "# X\n\n## Paso\n\nEjecutar la migración en el panel.\n\nEsto:\n- Busca los administradores\n- Recrea la función\n",
    ] {
        assert_eq!(inspect(text, None).1.manual_steps, 0, "{text}");
    }
}

#[test]
fn an_order_behind_a_question_is_a_step_and_a_note_is_none() {
    for text in [
        "# X\n\nO que fazer quando a fila não anda.\n\n## Passos\n\n1. Quando começou o pico? Correlacionar com o deploy\n",
        "# X\n\nQué hacer cuando la cola no avanza.\n\n## Pasos\n\n1. ¿Cuándo empezó el pico? Comparar con el despliegue\n",
        "# X\n\n## Steps\n\n1. Is the parser slow? Check the latency\n",
    ] {
        assert_eq!(inspect(text, None).1.manual_steps, 1, "{text}");
    }
    let noted = "# X\n\n## Steps\n\n1. Restart the pod\n2. **Note:** a second restart may be needed\n";
    assert_eq!(inspect(noted, None).1.manual_steps, 1);
}

#[test]
fn a_comment_over_two_lines_is_one_title() {
    let text = "# X\n\nO que fazer quando a fila não anda.\n\n## Worker\n\n```bash\n# Verificar se o worker\n# continua registrado:\nredis-cli SMEMBERS workers\n```\n";
    assert_eq!(titles(text), ["Verificar se o worker continua registrado"]);
}

#[test]
fn a_phrase_in_brackets_is_asked_for() {
    let asked =
        |command: &str| inspect(&format!("# X\n\n## Steps\n\n```bash\n{command}\n```\n"), None).1.placeholder_list;
    for phrase in ["[descripción del cambio]", "[motivo da mudança]", "[reason for the change]"] {
        assert_eq!(asked(&format!("gcloud sql backups create b1 --description=\"Before: {phrase}\"")), [phrase]);
    }
    assert_eq!(asked("git commit -m \"Mend the queue [skip ci]\""), Vec::<String>::new());
    assert_eq!(asked("grep \"[error in the queue]\" app.log"), Vec::<String>::new());
}
