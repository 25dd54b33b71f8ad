//! Ways of writing, each in three languages: what is a step, what it leads to, and what only informs.

use crate::typed::typed;
use farol_api::graph::{EdgeKind, NodeKind};
use farol_api::runbook::Runbook;
use farol_runbook::{inspect, parse};

/// The titles of what people do themselves.
fn manual(text: &str) -> Vec<String> {
    let nodes = parse(text, None).graph.nodes.into_iter();
    nodes
        .filter(|n| matches!(n.kind, NodeKind::Manual | NodeKind::Goto) && n.command.is_none())
        .map(|n| n.title)
        .collect()
}

/// Where go-tos lead: the title of the step that points, and of the one it points to.
fn gotos(runbook: &Runbook) -> Vec<(String, String)> {
    let title = |id| runbook.graph.nodes.iter().find(|n| n.id == id).map(|n| n.title.clone()).unwrap();
    let edges = runbook.graph.edges.iter().filter(|e| e.kind == EdgeKind::Goto);
    edges.map(|e| (title(e.from.clone()), title(e.to.clone()))).collect()
}

#[test]
fn a_go_to_may_name_a_section_by_its_title() {
    for (text, to) in [
        (
            "# X\n\n## Passos\n\n1. Subir a versão\n2. Se a tela não abrir, ir para a seção Rollback\n\n## Rollback\n\n1. Voltar a imagem\n",
            "Voltar a imagem",
        ),
        (
            "# X\n\n## Passos\n\n1. Subir a versão\n2. Se falhar, ver Procedimento de Retorno\n\n## 4. Procedimento de Retorno\n\n1. Voltar a imagem\n",
            "Voltar a imagem",
        ),
        (
            "# X\n\n## Passos\n\n1. Se o disco encher, consulte \"Limpar o disco\" abaixo\n\n## 🧹 Limpar o disco\n\n1. Apagar o cache\n",
            "Apagar o cache",
        ),
        (
            "# X\n\n## Pasos\n\n1. Subir la versión\n2. Si la pantalla no abre, ir a la sección Vuelta atrás\n\n## Vuelta atrás\n\n1. Volver a la imagen\n",
            "Volver a la imagen",
        ),
        (
            "# X\n\n## Pasos\n\n1. Si falla, véase Restauración de la base (más abajo)\n\n## Restauración de la base\n\n1. Copiar el archivo\n",
            "Copiar el archivo",
        ),
        (
            "# X\n\n## Steps\n\n1. Ship it\n2. If the page stays blank, go to the Rollback section\n\n## Rollback plan\n\n1. Put the image back\n",
            "Put the image back",
        ),
        (
            "# X\n\n## Steps\n\n1. Stop the writers (see Drain the queue)\n\n## Drain the queue\n\n1. Close the tap\n",
            "Close the tap",
        ),
        (
            "# X\n\n## Steps\n\n1. Ship it\n2. If the page stays blank, go to rollback.\n\n## Rollback\n\n1. Put the image back\n",
            "Put the image back",
        ),
    ] {
        let found = gotos(&parse(text, None));
        assert_eq!(found.iter().map(|(_, to)| to.as_str()).collect::<Vec<_>>(), [to], "{text}\n{found:?}");
    }
}

#[test]
fn what_only_shares_a_word_with_a_heading_points_nowhere() {
    for text in [
        "# X\n\n## Passos\n\n1. Ver logs do serviço\n2. Ver estado\n\n## Logs\n\n1. Girar os arquivos\n\n## Estado\n\n1. Anotar a hora\n",
        "# X\n\n## Pasos\n\n1. Consulte el estado\n2. Ver la red\n\n## Estado\n\n1. Anotar la hora\n\n## Red\n\n1. Medir la red\n",
        "# X\n\n## Steps\n\n1. See the logs of the worker\n2. Follow the queue\n\n## Queue\n\n1. Close the tap\n\n## Logs\n\n1. Rotate the files\n",
    ] {
        assert_eq!(gotos(&parse(text, None)), [], "{text}");
    }
}

#[test]
fn what_a_label_calls_symptoms_is_no_step() {
    for (text, steps) in [
        (
            "# X\n\n## Fila cheia\n\n**Sintomas:**\n\n- Log: erro ao abrir a conexão\n- Buscar pedidos demora\n\n**Solução:**\n\n1. Reiniciar o consumidor\n",
            &["Reiniciar o consumidor"][..],
        ),
        (
            "# X\n\n## Cola llena\n\n**Síntomas**\n\n- Buscar pedidos tarda mucho\n- Registro: no hay conexión\n\n**Solución:**\n\n1. Reiniciar el consumidor\n",
            &["Reiniciar el consumidor"],
        ),
        (
            "# X\n\n## Full queue\n\n**Symptoms:**\n\n- Log message: no connection left\n- Request duration above 30 seconds\n\n**Causes:**\n\n- Query too slow\n- Disk full: clean the folder of dumps\n\n**Solutions:**\n\n1. Restart the consumer\n",
            &["Disk full: clean the folder of dumps", "Restart the consumer"],
        ),
    ] {
        assert_eq!(manual(text), steps, "{text}");
    }
}

#[test]
fn a_heading_that_asks_what_a_program_does_lists_no_steps() {
    for text in [
        "# X\n\n## O que faz o script\n\n1. Para o serviço\n2. Verifica os dados\n3. Reinicia tudo\n\n## Passos\n\n1. Avisar a equipe\n",
        "# X\n\n### Qué hace la restauración\n\n1. Detiene el servicio\n2. Verifica los datos\n3. Reinicia todo\n\n## Pasos\n\n1. Avisar al equipo\n",
        "# X\n\n### What the script does\n\n1. Stop the service\n2. Check the data\n\n## Steps\n\n1. Tell the team\n",
        "# X\n\n### What happens during the restore\n\n1. Stop the service\n2. Check the data\n\n## Steps\n\n1. Tell the team\n",
    ] {
        assert_eq!(manual(text).len(), 1, "{text}");
    }
}

#[test]
fn what_leaves_a_client_is_typed_into_it() {
    for text in [
        "# X\n\n## Passos\n\n```bash\nmysql -u root -p\n# Trocar a senha\nALTER USER app IDENTIFIED BY 'x';\nEXIT;\n```\n",
        "# X\n\n## Pasos\n\n```sh\nmysql -u root -p\nFLUSH PRIVILEGES;\nquit;\n```\n",
        "# X\n\n## Steps\n\n```sql\nFLUSH PRIVILEGES;\nexit;\n```\n",
    ] {
        let found = typed(text);
        assert!(
            found.last().is_some_and(|last| last.trim_end_matches(';').eq_ignore_ascii_case("exit") || last == "quit;"),
            "{found:?}"
        );
    }
}

#[test]
fn a_command_that_fails_is_told_of_and_not_ordered() {
    for text in [
        "# X\n\n## Detecção\n\n- `npm run migrate` falha, a API não sobe\n- Alerta: `curl -f http://x/health` falhando\n",
        "# X\n\n## Detección\n\n- `npm run migrate` falla, la API no arranca\n",
        "# X\n\n## Detection\n\n- `npm run migrate` fails, the API does not come up\n- `kubectl get pods` hangs\n",
    ] {
        assert_eq!(typed(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn what_is_ordered_under_configuration_is_done() {
    for (text, count) in [
        ("# X\n\n## Configuração\n\n1. Abrir o painel da nuvem\n2. Criar o balde de cópias\n3. Ativar o alarme\n", 3),
        ("# X\n\n## Configuración\n\n1. Abrir el panel de la nube\n2. Crear el balde de copias\n", 2),
        ("# X\n\n## Configuration\n\n1. Open the console of the cloud\n2. Create the bucket\n", 2),
        ("# X\n\n## Configuração\n\n- Porta 5432\n- Réplicas: 2\n- Verificar é opcional\n", 0),
        ("# X\n\n## Arquitetura\n\n1. Enviar o pedido\n2. Gravar no banco\n", 0),
        ("# X\n\n## Configuration\n\n1. Port 5432\n2. Log level of the server\n", 0),
    ] {
        assert_eq!(manual(text).len(), count, "{text}");
    }
}

#[test]
fn a_directive_with_colons_holds_code_too() {
    for text in [
        "# X\n\nVeja o espaço:\n\n:::{code-block} bash\ndf -h\nls -l /var\n:::\n\nDepois avise.\n",
        "# X\n\nMira el espacio:\n\n::::{code-block} console\n:linenos:\n\n$ df -h\n$ ls -l /var\n::::\n",
        "# X\n\nLook at the space:\n\n:::{code} sh\ndf -h\nls -l /var\n:::\n",
    ] {
        assert_eq!(typed(text), ["df -h", "ls -l /var"], "{text}");
        assert_eq!(inspect(text, None).1.code_blocks, 1);
    }
    assert_eq!(typed("# X\n\n:::{code-block} yaml\na: 1\n:::\n\n:::{note}\nls -l\n:::\n"), Vec::<String>::new());
}

#[test]
fn a_checklist_in_groups_has_their_items() {
    for (text, items) in [
        (
            "# X\n\n## Checklist de plantão\n\n- N1\n  - Abrir o chamado\n  - Avisar o canal\n- N2\n  - Ligar para o gerente\n",
            3,
        ),
        (
            "# X\n\n## Lista de verificación\n\n- **Red**\n  - Ping responde\n  - DNS responde\n- **Base**\n  - Réplica al día\n- Alertas en silencio\n",
            4,
        ),
        ("# X\n\n**Checklist:**\n\n- Network\n  - Ping answers\n- Alarms are silent\n", 2),
    ] {
        let (runbook, counts) = inspect(text, None);
        assert_eq!((counts.checklists, counts.check_items), (1, items), "{text}");
        assert_eq!(runbook.checklists[0].steps.len(), items);
        assert_eq!(counts.manual_steps, 0, "{text}");
    }
}

#[test]
fn a_step_under_a_label_says_whose_it_is() {
    for (text, titles) in [
        (
            "# X\n\n## Passos\n\n1. Primário:\n   - Verificar o atraso\n2. Réplica:\n   - Verificar o atraso\n",
            ["Primário: Verificar o atraso", "Réplica: Verificar o atraso"],
        ),
        (
            "# X\n\n## Pasos\n\n- **Primario**\n  - Verificar el retraso\n- **Réplica**\n  - Verificar el retraso\n",
            ["Primario: Verificar el retraso", "Réplica: Verificar el retraso"],
        ),
        (
            "# X\n\n## Steps\n\n1. The primary:\n   - Check the lag\n2. The replica:\n   - Check the lag\n",
            ["The primary: Check the lag", "The replica: Check the lag"],
        ),
    ] {
        assert_eq!(manual(text), titles, "{text}");
    }
}

#[test]
fn what_contacts_and_requirements_order_is_done() {
    for (text, commands) in [
        (
            "# X\n\n## Contatos de emergência\n\nEm caso de dúvida:\n\n1. Ver os logs: `tail -n 50 app.log`\n2. Ligar para o plantão\n",
            1,
        ),
        (
            "# X\n\n## Contacto de emergencia\n\n1. Revisar los registros: `tail -n 50 app.log`\n2. Llamar al equipo\n",
            1,
        ),
        (
            "# X\n\n## Prerequisites\n\n| Tool | Check command |\n|---|---|\n| Git | `git --version` |\n| Docker | `docker --version` |\n",
            2,
        ),
        ("# X\n\n## Pré-requisitos\n\n- Acesso ao cluster (`kubectl get nodes` responde)\n- Cliente instalado\n", 0),
        ("# X\n\n## Architecture\n\n| Service | Command |\n|---|---|\n| api | `node server.js --port 1` |\n", 0),
    ] {
        assert_eq!(typed(text).len(), commands, "{text}");
    }
}

#[test]
fn an_order_to_a_friend_on_the_river_plate_is_a_step() {
    let text = "# Publicar el sitio\n\n## Pasos para la guardia\n\n1. Iniciá sesión en el panel\n2. **Hacé clic en \"Nuevo\"**\n3. Arrastrá los archivos\n4. Abrí la página de estado\n5. Esperá dos minutos\n6. La página será visible\n7. Así queda en línea\n8. Podrá tardar un rato\n";
    assert_eq!(manual(text).len(), 5, "{:?}", manual(text));
}

#[test]
fn ways_that_an_adjective_names_are_arms() {
    for text in [
        "# X\n\n## Conectar\n\n### Método recomendado: direto\n\n```bash\nssh loja\n```\n\n### Método alternativo: pelo bastião\n\n```bash\nssh bastiao\n```\n",
        "# X\n\n## Conectar\n\n### Opción rápida\n\n1. Reiniciar la cola\n\n### Opción completa\n\n1. Restaurar la base\n",
        "# X\n\n## Connect\n\n### Preferred method: directly\n\n```bash\nssh shop\n```\n\n### Alternative method: through the bastion\n\n```bash\nssh bastion\n```\n",
    ] {
        assert_eq!(inspect(text, None).1.scenarios, 2, "{text}");
    }
}

#[test]
fn a_span_after_an_order_is_told_whatever_the_condition_says() {
    for text in [
        "# X\n\nIf the replica cannot be saved (or you would rather lose it) then run `patronictl remove shop`.\n",
        "# X\n\nSe a réplica não pode ser salva, então execute `patronictl remove shop`.\n",
        "# X\n\nSi la réplica no puede salvarse, ejecute `patronictl remove shop`.\n",
    ] {
        assert_eq!(typed(text), ["patronictl remove shop"], "{text}");
    }
    assert_eq!(typed("# X\n\nThe operator can run `patronictl remove shop` at night.\n"), Vec::<String>::new());
}

#[test]
fn what_somebody_has_learned_is_no_step() {
    for text in [
        "# X\n\n## Steps\n\n1. Restart the queue\n\nYou now know how to:\n\n- Backup the policies\n- Restore the policies\n",
        "# X\n\nO que fazer quando a fila de pedidos não anda.\n\n## Passos\n\n1. Reiniciar a fila\n\nAgora você sabe como:\n\n- Salvar as políticas\n- Restaurar as políticas\n",
        "# X\n\nQué hacer cuando la cola de los pedidos no avanza.\n\n## Pasos\n\n1. Reiniciar la cola\n\nAhora sabes cómo:\n\n- Guardar las políticas\n- Restaurar las políticas\n",
    ] {
        assert_eq!(manual(text).len(), 1, "{text}");
    }
}

#[test]
fn a_console_that_a_span_opened_takes_the_block_below() {
    for text in [
        "# X\n\n1. Suba o Redis: `systemctl start redis`\n2. Abra o Rails: `rails console`\n\nUse uma conta de administrador.\n\n```ruby\nconta = Conta.find_by(nome: 'x')\nconta.salvar\n```\n",
        "# X\n\n1. Abra Rails: `gitlab-rails c`\n\nUse una cuenta de administrador.\n\n```ruby\ncuenta = Cuenta.find_by(nombre: 'x')\ncuenta.guardar\n```\n",
        "# X\n\n1. Start Rails: `bin/rails c`\n\nUse an account of an administrator.\n\n```ruby\naccount = Account.find_by(name: 'x')\naccount.save\n```\n",
    ] {
        assert_eq!(inspect(text, None).1.exec_blocks, 1, "{text}");
    }
    let far = "# X\n\n## Start\n\n1. Start Rails: `bin/rails c`\n\n## Code\n\nThe model:\n\n```ruby\naccount = Account.find_by(name: 'x')\n```\n";
    assert_eq!(inspect(far, None).1.exec_blocks, 0);
}

#[test]
fn a_span_that_keeps_what_a_command_says_is_run() {
    for text in [
        "# X\n\n## Ver o papel\n\n`SENHA=$(sudo grep ^masterauth /etc/redis.conf | cut -d' ' -f2)`\n\n`redis-cli -a $SENHA role`\n",
        "# X\n\n## Ver el papel\n\n1. `CLAVE=$(sudo cat /etc/redis.clave)`\n2. `redis-cli -a $CLAVE role`\n",
        "# X\n\n## See the role\n\n1. Run `KEY=$(sudo cat /etc/redis.key)`\n2. Run `redis-cli -a $KEY role`\n",
    ] {
        assert_eq!(typed(text).len(), 2, "{text}");
    }
    assert_eq!(typed("# X\n\n- `PORT=8080` is the port\n").len(), 0);
}

#[test]
fn the_name_of_a_program_is_no_verb() {
    let text = "# X\n\nO que fazer quando a fila de pedidos não anda.\n\n## Partes\n\n- **Nginx**: Reverse Proxy na porta 80\n- **Jaeger**: Distributed tracing\n- **Docker**: Imagens\n\n## Passos\n\n1. Reiniciar a fila\n";
    assert_eq!(manual(text), ["Reiniciar a fila"]);
}

/// Where the go-tos of a text lead: the titles of the sections that hold their ends.
fn leads(text: &str) -> Vec<(usize, usize)> {
    let runbook = parse(text, None);
    let line = |id: &farol_api::id::StepId| runbook.graph.node(id).map_or(0, |node| node.line);
    let gotos = runbook.graph.edges.iter().filter(|edge| edge.kind == farol_api::graph::EdgeKind::Goto);
    gotos.map(|edge| (line(&edge.from), line(&edge.to))).collect()
}

#[test]
fn a_go_to_leads_to_the_nearest_section_of_its_name() {
    for (intro, goto, name) in [
        ("What to do when the queue of the shop is stuck.", "If it fails, go to the section Rollback", "Rollback"),
        ("O que fazer quando a fila de pedidos não anda.", "Se falhar, ir para a seção Reversão", "Reversão"),
        ("Qué hacer cuando la cola de los pedidos no avanza.", "Si falla, ir a la sección Reversión", "Reversión"),
    ] {
        let text = format!(
            "# X\n\n{intro}\n\n## API\n\n### Deploy\n\n1. {goto}\n\n### {name}\n\n1. `systemctl restart a`\n\n## Web\n\n### Deploy\n\n1. {goto}\n\n### {name}\n\n1. `systemctl restart b`\n"
        );
        assert_eq!(leads(&text), [(9, 13), (19, 23)], "{text}");
        // Nobody can tell which of two is meant that are as near.
        let text = format!(
            "# X\n\n{intro}\n\n## {name}\n\n1. `systemctl restart a`\n\n## {name}\n\n1. `systemctl restart b`\n\n## Deploy\n\n1. {goto}\n"
        );
        assert_eq!(leads(&text), [], "{text}");
    }
}

#[test]
fn a_view_of_another_program_is_no_section() {
    for text in [
        "# X\n\n## Check\n\n1. Go to Deployments, click Restart\n\n## Deployments\n\n1. Restart a\n",
        "# X\n\n## Check\n\n1. In Grafana, go to Deployments\n\n## Deployments\n\n1. Restart a\n",
        "# X\n\n## Check\n\n1. Go to \"Deployments\" in the console\n\n## Deployments\n\n1. Restart a\n",
        "# X\n\nO que fazer quando a fila de pedidos não anda.\n\n## Verificar\n\n1. Ir para Entregas, clique em Reiniciar\n\n## Entregas\n\n1. `systemctl restart a`\n",
        "# X\n\nQué hacer cuando la cola de los pedidos no avanza.\n\n## Verificar\n\n1. Ir a Entregas, haga clic en Reiniciar\n\n## Entregas\n\n1. `systemctl restart a`\n",
    ] {
        assert_eq!(leads(text), [], "{text}");
    }
    let text = "# X\n\n## Check\n\n1. Go to Deployments\n\n## Deployments\n\n1. Restart a\n";
    assert_eq!(leads(text), [(5, 9)]);
}

#[test]
fn a_step_does_not_lead_to_itself_where_it_fails() {
    let source = "# X\n\n```sh {id=a on_failure=b}\ntrue\n```\n\n```sh {id=b on_failure=b}\ntrue\n```\n\n```sh {on_failure=a}\ntrue\n```\n";
    let edges = parse(source, None).graph.edges;
    let failing = |edge: &&farol_api::graph::Edge| matches!(edge.kind, EdgeKind::OnFailure | EdgeKind::Goto);
    let led: Vec<_> = edges.iter().filter(failing).map(|edge| (edge.from.as_str(), edge.to.as_str())).collect();
    assert_eq!(led.len(), 2, "{led:?}");
    assert!(led.iter().all(|(from, to)| from != to), "{led:?}");
}

/// A code span that begins or ends with a line's end is what it is with the ends of lines of Windows.
#[test]
fn a_span_over_lines_is_the_same_on_windows() {
    for text in
        ["# X\n\nRun `\nls -l\n` now.\n", "# X\n\nRun `ls\n-l` now.\n", "# X\n\nRun ` ls\n-l ` now.\n", "# X\n\n`\n`\n"]
    {
        let titles = |text: &str| -> Vec<_> {
            let nodes = parse(text, None).graph.nodes.into_iter();
            nodes.map(|node| (node.id, node.title, node.command.map(|command| command.text))).collect()
        };
        assert_eq!(titles(text), titles(&text.replace('\n', "\r\n")), "{text:?}");
    }
}
