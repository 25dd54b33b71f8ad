//! What makes headings and labels side by side the arms of a choice, and what a heading's condition guards; in three languages.

use crate::typed::typed;
use farol_runbook::inspect;

fn scenarios(text: &str) -> usize {
    inspect(text, None).1.scenarios
}

fn conditions(text: &str) -> usize {
    inspect(text, None).1.conditionals
}

#[test]
fn labels_of_problems_under_a_heading_for_them_are_arms() {
    for text in [
        "# X\n\n## 🆘 Em caso de problemas\n\n**Fila parada:**\n\n```sh\nsystemctl restart fila\n```\n\n**DNS não propagou:**\n- Aguardar meia hora\n",
        "# X\n\n## En caso de problemas\n\n**Cola detenida**\n\n```sh\nsystemctl restart cola\n```\n\n**Página en blanco**\n\n- Reiniciar el servidor\n",
        "# X\n\n## Troubleshooting\n\n**Queue is stuck:**\n\n```sh\nsystemctl restart queue\n```\n\n**Blank page:**\n\n- Restart the server\n",
        "# X\n\n## Se algo der errado\n\n### Fila parada\n\n```sh\nsystemctl restart fila\n```\n\n### Página em branco\n\n- Reiniciar o servidor\n",
        "# X\n\n## Si algo sale mal\n\n### Cola detenida\n\n```sh\nsystemctl restart cola\n```\n\n### Página en blanco\n\n- Reiniciar el servidor\n",
        "# X\n\n## If something goes wrong\n\n### Queue is stuck\n\n```sh\nsystemctl restart queue\n```\n\n### Blank page\n\n- Restart the server\n",
    ] {
        assert_eq!(scenarios(text), 2, "{text}");
    }
    for text in [
        "# X\n\n## Troubleshooting\n\n**Sintomas:**\n\n- Fila parada\n\n**Solução:**\n\n```sh\nsystemctl restart fila\n```\n",
        "# X\n\n## Preparar\n\n**Fila**\n\n```sh\nsystemctl restart fila\n```\n\n**Disco**\n\n```sh\ndf -h\n```\n",
        "# X\n\nO que fazer quando a fila de pedidos não anda.\n\n## Se não funcionar\n\n**1. Limpe o cache:**\n\n```sh\nrm -r cache\n```\n\n**2. Reinicie a fila:**\n\n```sh\nsystemctl restart fila\n```\n",
        "# X\n\n## If something goes wrong\n\n### 1. Clear the cache\n\n```sh\nrm -r cache\n```\n\n### 2. Restart the queue\n\n```sh\nsystemctl restart queue\n```\n",
        "# X\n\n## Troubleshooting\n\n**Queue is stuck:** the worker hangs.\n\n**Blank page:** the server is down.\n",
    ] {
        assert_eq!(scenarios(text), 0, "{text}");
    }
}

#[test]
fn headings_that_name_mishaps_side_by_side_are_arms() {
    for text in [
        "# X\n\n## Procedimentos\n\n### Falha de rede\n\n```sh\nip route\n```\n\n### Perda de dados\n\n1. Restaurar a cópia\n",
        "# X\n\n## Procedimientos\n\n### Caída del servidor\n\n```sh\nip route\n```\n\n### Error de permisos\n\n1. Restaurar la copia\n",
        "# X\n\n## Procedures\n\n### Loss of the primary\n\n```sh\nip route\n```\n\n### Corruption of the index\n\n1. Restore the copy\n",
        "# X\n\n## Troubleshooting\n\n### The queue is stuck\n\n```sh\nip route\n```\n\n### Blank page\n\n1. Restart the server\n",
        "# X\n\n## Procedures\n\n### Network failure\n\n```sh\nip route\n```\n\n### Data loss\n\n1. Restore the copy\n",
    ] {
        assert_eq!(scenarios(text), 2, "{text}");
    }
    for text in [
        "# X\n\n## Passos\n\n### Solução de problemas\n\n```sh\nip route\n```\n\n### Causa da falha\n\n- Ver o disco\n",
        "# X\n\n## Steps\n\n### Error handling\n\n```sh\nip route\n```\n\n### Error codes\n\n- See the table\n",
        "# X\n\n## Passos\n\n### Falha de rede\n\nA rede cai às vezes.\n\n### Perda de dados\n\nNunca houve.\n",
    ] {
        assert_eq!(scenarios(text), 0, "{text}");
    }
}

#[test]
fn a_label_of_a_solution_may_name_where_it_holds() {
    for text in [
        "# X\n\n## Porta ocupada\n\n**Solução Windows:**\n\n```powershell\nnetstat -ano\n```\n\n**Solução Mac/Linux:**\n\n```sh\nlsof -i :3000\n```\n",
        "# X\n\n## Puerto ocupado\n\n**En Windows:**\n\n```powershell\nnetstat -ano\n```\n\n**En Linux/macOS:**\n\n```sh\nlsof -i :3000\n```\n",
        "# X\n\n## Port in use\n\n**Solution (Windows):**\n\n```powershell\nnetstat -ano\n```\n\n**Solution (Linux):**\n\n```sh\nlsof -i :3000\n```\n",
    ] {
        assert_eq!(scenarios(text), 2, "{text}");
    }
}

#[test]
fn the_condition_in_a_heading_guards_what_stands_under_it() {
    for text in [
        "# X\n\n## TLS (se usar domínio)\n\n```sh\ncertbot renew\n```\n\n- [ ] Testar o site\n",
        "# X\n\n## TLS (si se usa dominio)\n\n```sh\ncertbot renew\n```\n\n- [ ] Probar el sitio\n",
        "# X\n\n## TLS (optional)\n\n```sh\ncertbot renew\n```\n\n- [ ] Try the page\n",
        "# X\n\nO que fazer quando a fila de pedidos não anda.\n\n## Se a migração falhar\n\n```sh\n./volta.sh loja\n```\n",
        "# X\n\nQué hacer cuando la cola de los pedidos no avanza.\n\n## Si la migración falla\n\n```sh\n./vuelve.sh tienda\n```\n",
        "# X\n\n## Step 3: If the migration fails\n\n```sh\n./back.sh shop\n```\n",
    ] {
        assert_eq!(conditions(text), 1, "{text}");
    }
    for text in [
        "# X\n\n## Quando usar\n\n- Fila parada\n\n## Passos\n\n```sh\ndf -h\n```\n",
        "# X\n\n## Caso de uso\n\n```sh\ndf -h\n```\n",
        "# X\n\n## TLS (Let's Encrypt)\n\n```sh\ncertbot renew\n```\n",
    ] {
        assert_eq!(conditions(text), 0, "{text}");
    }
}

#[test]
fn a_command_in_brackets_behind_a_box_is_one_to_run() {
    for (text, commands) in [
        (
            "# X\n\n## Antes\n\n- [ ] Sistema atualizado (`apt update && apt upgrade -y`)\n- [ ] Versão marcada (`v1.2`)\n",
            &["apt update && apt upgrade -y"][..],
        ),
        ("# X\n\n## Antes\n\n- [ ] Dependencias instaladas (`npm ci`).\n", &["npm ci"]),
        (
            "# X\n\n## Before\n\n- [ ] Nodes are ready (`kubectl get nodes`)\n- [ ] Nobody has run it (never `kubectl delete ns shop`)\n",
            &["kubectl get nodes"],
        ),
        // What a box denies is not brought about by what stands in its bracket.
        (
            "# X\n\n## Before\n\n- [ ] Nobody ran the cleanup (`rm -rf /data/old`)\n- [ ] Cluster isn't deleted (`kubectl delete ns shop`)\n\
             - [ ] The cache was kept without flushing (`redis-cli flushall`)\n- [ ] Cleanup (`rm -rf old`) was not run\n\
             - [ ] No one used it (`dropdb shop`)\n- [ ] No stale locks (`aws dynamodb scan`)\n",
            &["aws dynamodb scan"],
        ),
        (
            "# X\n\n## Antes\n\n- [ ] O serviço não foi reiniciado (`systemctl restart shop`)\n- [ ] Nenhum nó foi removido (`kubectl delete node n1`)\n\
             - [ ] Ninguém usou o atalho (`rm -rf /var/lib/x`)\n- [ ] Sem limpar o cache (`redis-cli flushall`)\n\
             - [ ] Log sem erros no servidor (`tail -f app.log`)\n- [ ] Se não resolver, rebuild (`docker compose up -d`)\n",
            &["tail -f app.log", "docker compose up -d"],
        ),
        (
            "# X\n\n## Antes\n\n- [ ] El servicio no se reinició (`systemctl restart shop`)\n- [ ] Nadie borró la base (`dropdb shop`)\n\
             - [ ] Sin vaciar la caché (`redis-cli flushall`)\n- [ ] Compila sin errores (`npm run build`)\n",
            &["npm run build"],
        ),
        // Outside of a box such a bracket only tells.
        ("# X\n\n## Evidências\n\n- Sistema atualizado (`apt update`)\n- Saída de `docker ps` e `docker stats`\n", &[]),
        ("# X\n\n## Evidence\n\n- Output of `docker ps` and `docker stats`\n", &[]),
        ("# X\n\n## Steps\n\n- Run `docker ps` and `docker stats`\n", &["docker ps", "docker stats"]),
    ] {
        assert_eq!(typed(text), commands, "{text}");
    }
}

#[test]
fn a_label_may_stand_before_what_it_orders() {
    for text in [
        "# X\n\nO que fazer quando a fila de pedidos não anda.\n\n## Voltar\n\n**Via Git:**\n\n```sh\ngit revert HEAD\n```\n\n**Via pacote:** rodar `volta.ps1` e enviar o arquivo.\n",
        "# X\n\nQué hacer cuando la cola de los pedidos no avanza.\n\n## Volver\n\n**Opción A:** reiniciar el servicio.\n\n**Opción B**: restaurar la copia.\n",
        "# X\n\n## Go back\n\n**Option A:** restart the service.\n\n**Option B:** restore the copy.\n",
    ] {
        assert_eq!(scenarios(text), 2, "{text}");
    }
    // White space as nobody would write it, and a letter of several bytes right behind.
    let by = |blanks: &str, told: &str| {
        scenarios(&format!(
            "# X\n\nO que fazer quando a fila de pedidos não anda.\n\n## Opções\n\n**Opção{blanks}A:** {told}reiniciar\n\n**Opção{blanks}B:** {told}restaurar a cópia\n"
        ))
    };
    for blanks in ["  ", "   ", "    ", "\u{a0}\u{a0}"] {
        assert_eq!((by(blanks, ""), by(blanks, "é ")), (2, by(" ", "é ")), "{blanks:?}");
    }
    let told = "# X\n\n## Hosts\n\n**Option A:** a small machine.\n\n**Option B:** two of them.\n";
    assert_eq!(scenarios(told), 0);
}

#[test]
fn what_is_cut_short_or_set_in_a_file_is_not_typed() {
    for text in [
        "# X\n\n## Passos\n\n```sql\nDO $$\nBEGIN\n  -- ... (as outras alterações)\n  PERFORM 1;\nEND $$;\n```\n",
        "# X\n\n## Pasos\n\n```sql\nALTER TABLE pedidos ...\nADD COLUMN estado ...\n```\n",
        "# X\n\n## Steps\n\n```sh\n# In the .env of the server:\nDB_HOST=db\nDB_PORT=5432\n```\n",
    ] {
        assert_eq!(typed(text), Vec::<String>::new(), "{text}");
    }
    let both = "# X\n\n## Passos\n\n```sh\nssh -L 5432:db:5432 loja\n\n# No .env do servidor, usar:\nDB_HOST=localhost\n\n# Depois\nnpm start\n```\n";
    assert_eq!(typed(both), ["ssh -L 5432:db:5432 loja", "npm start"]);
    let asked = "# X\n\n## Steps\n\n```sql\nSELECT ... FROM orders;\n```\n";
    assert_eq!(typed(asked).len(), 1);
}

#[test]
fn an_arm_may_have_its_condition_in_brackets() {
    for text in [
        "# X\n\n## Agendar\n\n### Opção 1: cron (se tem servidor)\n\n```sh\ncrontab -e\n```\n\n### Opção 2: na nuvem\n\n```sh\ngcloud scheduler jobs list\n```\n",
        "# X\n\n## Programar\n\n### Opción 1: cron (si tienes servidor)\n\n```sh\ncrontab -e\n```\n\n### Opción 2: en la nube\n\n```sh\ngcloud scheduler jobs list\n```\n",
        "# X\n\n## Schedule\n\n### Option 1: cron (optional)\n\n```sh\ncrontab -e\n```\n\n### Option 2: in the cloud\n\n```sh\ngcloud scheduler jobs list\n```\n",
    ] {
        let introduced = text.replace("# X\n", "# X\n\nO que fazer quando a fila de pedidos não anda / qué hacer cuando la cola de los pedidos no avanza\n");
        let text = if text.contains("cloud\n\n```") && text.contains("Schedule") { text } else { &introduced };
        assert_eq!((scenarios(text), conditions(text)), (2, 1), "{text}");
    }
}

#[test]
fn a_table_with_boxes_in_its_rows_is_a_checklist() {
    for text in [
        "# X\n\n## Contenção\n\n| Ação | Tarefa |\n|---|---|\n| [ ] **Revogar** | Tirar a chave do ar |\n| [ ] **Avisar** | Falar com o time |\n",
        "# X\n\n## Contención\n\n| Acción | Hecho |\n|---|---|\n| Revocar la clave | [ ] |\n| Avisar al equipo | [x] |\n",
        "# X\n\n## Contain\n\n| Task | Done |\n|---|---|\n| Revoke the key | [ ] |\n| Tell the team | [ ] |\n",
    ] {
        let counts = inspect(text, None).1;
        assert_eq!((counts.checklists, counts.check_items), (1, 2), "{text}");
    }
    let states = "# X\n\n## Metrics\n\n| Rate | State |\n|---|---|\n| 5 % | OK |\n| 9 % | [ ] OK [ ] ALERT |\n";
    assert_eq!(inspect(states, None).1.checklists, 0);
}

#[test]
fn a_drawn_box_is_one_to_tick() {
    for text in [
        "# X\n\n## Antes\n\n- ☐ Avisar o time\n- ☐ Dependências instaladas (`npm ci`)\n",
        "# X\n\n## Antes\n\n* ⬜ Avisar al equipo\n* ☑ Dependencias instaladas (`npm ci`)\n",
        "# X\n\n## Before\n\n- □ Tell the team\n- □ Packages are installed (`npm ci`)\n",
    ] {
        let counts = inspect(text, None).1;
        assert_eq!((counts.checklists, counts.check_items, counts.manual_steps), (1, 2, 0), "{text}");
        assert_eq!(typed(text), ["npm ci"], "{text}");
    }
}

#[test]
fn numbered_headings_with_lists_are_arms_where_they_name_problems() {
    let with = |head: &str, names: [&str; 3]| {
        let sections =
            names.iter().enumerate().map(|(i, name)| format!("## {}. {name}\n\n1. Ver\n2. Corrigir\n\n", i + 1));
        format!("{head}\n\n{}", sections.collect::<String>())
    };
    for text in [
        with(
            "# X\n\nO que fazer quando a fila de pedidos não anda.",
            ["Pedido sem cliente", "Estoque negativo", "E-mail repetido"],
        ),
        with(
            "# X\n\nQué hacer cuando la cola de los pedidos no avanza.",
            ["Pedido sin cliente", "Existencias negativas", "Correo duplicado"],
        ),
        with(
            "# X\n\nWhat to do with the data.",
            ["Orders without a customer", "Orphaned payments", "Stock below zero"],
        ),
    ] {
        assert_eq!(scenarios(&text), 3, "{text}");
    }
    for text in [
        with("# X\n\nComo instalar a loja no servidor.", ["Servidor", "Banco de dados", "Domínio"]),
        with("# X\n\nHow to set up the shop.", ["The machine", "The database", "The domain"]),
    ] {
        assert_eq!(scenarios(&text), 0, "{text}");
    }
}

#[test]
fn problems_beside_errors_are_arms_of_the_same_choice() {
    for text in [
        "# X\n\n## Troubleshooting\n\n### Error: \"no space\"\n\n```sh\ndf -h\n```\n\n### Error: \"refused\"\n\n```sh\nss -tln\n```\n\n### The restore is slow\n\n```sh\nfree -h\n```\n\n### Blank pages\n\n```sh\nls dump\n```\n",
        "# X\n\n## Solución de problemas comunes\n\n### Error: \"no existe\"\n\n```sh\ndf -h\n```\n\n### Error: \"rechazada\"\n\n```sh\nss -tln\n```\n\n### Restauración muy lenta\n\n```sh\nfree -h\n```\n\n### Tablas vacías\n\n```sh\nls dump\n```\n",
        "# X\n\n## Solução de problemas\n\n### Erro: \"não existe\"\n\n```sh\ndf -h\n```\n\n### Erro: \"recusada\"\n\n```sh\nss -tln\n```\n\n### Restore muito lento\n\n```sh\nfree -h\n```\n\n### Tabelas vazias\n\n```sh\nls dump\n```\n",
    ] {
        assert_eq!(scenarios(text), 4, "{text}");
    }
    let elsewhere = "# X\n\n## Steps\n\n### Error: \"no space\"\n\n```sh\ndf -h\n```\n\n### Error: \"refused\"\n\n```sh\nss -tln\n```\n\n### The dump\n\n```sh\nls dump\n```\n";
    assert_eq!(scenarios(elsewhere), 2);
}

#[test]
fn what_only_describes_the_problem_is_no_arm() {
    for (around, under) in [("Description of the problem", 0), ("Troubleshooting", 2)] {
        let text = format!(
            "# X\n\n## {around}\n\n### The whole error\n\n```\nlogger.rb:40: (ArgumentError)\n```\n\n### What the failure is about\n\n```\nlogger.rb:41: (ArgumentError)\n```\n"
        );
        assert_eq!(scenarios(&text), under, "{text}");
    }
    let text = "# X\n\nCómo se hace con los datos.\n\n## Descripción del problema\n\n### Error completo\n\n```\nlogger.rb:40: (ArgumentError)\n```\n\n### Contexto del error\n\n```\nlogger.rb:41: x\n```\n";
    assert_eq!(scenarios(text), 0);
}

#[test]
fn items_that_begin_with_the_name_of_an_option_are_arms() {
    for text in [
        "# X\n\n## Import\n\n- **Option A (by hand):** open the tool and choose the file.\n- **Option B (terminal):** run this:\n  ```sh\n  mysql shop < x.sql\n  ```\n",
        "# X\n\nComo se faz com os dados.\n\n## Importar\n\n- **Opção A (manual):** abra a ferramenta e escolha o arquivo.\n- **Opção B (terminal):** rode isto:\n  ```sh\n  mysql loja < x.sql\n  ```\n",
        "# X\n\nCómo se hace con los datos.\n\n## Importar\n\n- **Opción A (visual):** abra la herramienta y elija el archivo.\n- **Opción B (terminal):** corre esto:\n  ```sh\n  mysql tienda < x.sql\n  ```\n",
    ] {
        assert_eq!(scenarios(text), 2, "{text}");
    }
    let facts = "# X\n\n## Import\n\n- **Option A:** fast, but loses the rows.\n- **Option B:** slow.\n";
    assert_eq!(scenarios(facts), 0);
}

#[test]
fn a_condition_is_found_behind_signs_and_before_a_colon() {
    for text in [
        "# X\n\n## Steps\n\n📌 If the disk is full, restart the server.\n",
        "# X\n\n## Steps\n\n5️⃣ If the disk is full, restart the server.\n",
        "# X\n\nComo se faz com os dados.\n\n## Passos\n\n⚠️ Se o disco encher, reinicie o servidor.\n",
        "# X\n\nCómo se hace con los datos.\n\n## Pasos\n\n👉 Si el disco se llena, reinicie el servidor.\n",
        "# X\n\nComo se faz com os dados.\n\n## Webhook (OPCIONAL mas recomendado):\n\n1. Copie o valor\n",
        "# X\n\nCómo se hace con los datos.\n\n## Webhook (opcional):\n\n1. Copie el valor\n",
        "# X\n\n## Webhook (optional):\n\n1. Copy the value\n",
    ] {
        assert_eq!(conditions(text), 1, "{text}");
    }
}

#[test]
fn headings_that_say_when_to_choose_them_are_arms() {
    for text in [
        "# Voltar atrás\n\n## Rollback do site\n\nUsar quando só a página quebrou.\n\n```sh\n./volta.sh site\n```\n\n## Rollback da API\n\nUsar quando a API responde com erro.\n\n```sh\n./volta.sh api\n```\n",
        "# Volver atrás\n\n## Rollback manual\n\n### Cuándo usar rollback manual\n- La consola no responde\n\n### Pasos\n\n```sh\n./vuelve.sh web\n```\n\n## Recuperación total\n\n### Cuándo usar recuperación total\n- Se perdieron datos\n\n### Pasos\n\n```sh\n./vuelve.sh todo\n```\n",
        "# Going back\n\n## Flip the flag\n\n**When to use:** the feature alone is broken\n\n```sh\n./flip.sh off\n```\n\n## Previous image\n\n**When to use:** the pods crash\n\n```sh\nkubectl rollout undo deploy/shop\n```\n",
    ] {
        assert_eq!(scenarios(text), 2, "{text}");
    }
    for text in [
        "# Going back\n\n## Background\n\n**When to use:** always\n\n## Steps\n\n```sh\n./flip.sh off\n```\n",
        "# Kinds\n\n## Manual\n\n**When to use:** the console is down\n\n## Automatic\n\n**When to use:** most of the time\n",
    ] {
        assert_eq!(scenarios(text), 0, "{text}");
    }
}

#[test]
fn headings_that_differ_in_the_way_alone_are_arms() {
    for text in [
        "# X\n\n### 2.1 Deploy via Docker\n\n```sh\ndocker compose up -d\n```\n\n### 2.2 Deploy via Helm\n\n```sh\nhelm upgrade loja ./loja\n```\n",
        "# X\n\n### Restaurar usando la consola\n\n1. Abrir la consola\n\n### Restaurar usando la CLI\n\n```sh\naws rds describe-db-instances\n```\n",
        "# X\n\n### Restore using the console\n\n1. Open the console\n\n### Restore using the CLI\n\n```sh\naws rds describe-db-instances\n```\n",
    ] {
        assert_eq!(scenarios(text), 2, "{text}");
    }
    let steps =
        "# X\n\n## Copy the dump via SCP\n\n```sh\nscp a b:\n```\n\n## Load it via psql\n\n```sh\npsql -f a\n```\n";
    assert_eq!(scenarios(steps), 0);
}

#[test]
fn degrees_that_say_what_to_do_are_arms() {
    for text in [
        "# X\n\n## Resposta\n\n**SEV-1: loja fora**\n\n- Tempo: 5 minutos\n- Ações:\n  1. Chamar o plantão\n\n**SEV-2: loja lenta**\n\n- Ações:\n  1. Ver o painel\n",
        "# X\n\n### Prioridad alta (cola de 20 a 50)\n\n```sh\n./escala.sh 4\n```\n\n### Prioridad baja (cola < 20)\n\n- Revisar la cola mañana\n",
        "# X\n\n### CRITICAL priority (over 50 jobs)\n\n```sh\n./scale.sh 8\n```\n\n### HIGH priority (20-50 jobs)\n\n```sh\n./scale.sh 4\n```\n",
        "# X\n\n## 2. P0 incident response\n\n```sh\n./page.sh\n```\n\n## 3. P1 incident response\n\n```sh\n./note.sh\n```\n",
    ] {
        assert_eq!(scenarios(text), 2, "{text}");
    }
    for text in [
        "# X\n\n### Severidade crítica (P1)\n\n- Sistema fora do ar\n- Perda de dados\n\n### Severidade baixa (P4)\n\n- Melhorias\n",
        "# X\n\n## Pendências\n\n### Prioridade alta\n\n- Corrigir o filtro\n\n### Prioridade baixa (depois)\n\n- Trocar a cor\n",
        "# X\n\n**P1 - Crítico:**\n\n- Sistema fora do ar\n\n**P2 - Alto:**\n\n- Sistema lento\n",
    ] {
        assert_eq!(scenarios(text), 0, "{text}");
    }
}

#[test]
fn numbered_runbooks_and_options_of_something_are_arms() {
    for text in [
        "# X\n\n## RUNBOOK-001: Dados expostos\n\n```sh\n./fecha.sh\n```\n\n## RUNBOOK-002: Nota rejeitada\n\n```sh\n./reenvia.sh\n```\n",
        "# X\n\n### Rollback opción 1: desde la copia\n\n```sh\n./vuelve.sh\n```\n\n### Rollback opción 2: desde la consola\n\n1. Abrir la consola\n",
        "# X\n\n## Playbook 1 – Shop is gone\n\n```sh\n./back.sh\n```\n\n## Playbook 2 – Till is stuck\n\n```sh\n./till.sh\n```\n",
    ] {
        assert_eq!(scenarios(text), 2, "{text}");
    }
}

#[test]
fn strategies_types_and_ways_are_arms() {
    for text in [
        "# X\n\n## Estratégia A — cópia limpa (recomendada)\n\n```sh\n./copia.sh\n```\n\n## Estratégia B — sobre a base\n\n```sh\n./sobre.sh\n```\n",
        "# X\n\n## Estrategia A — restauración limpia\n\n```sh\n./copia.sh\n```\n\n## Estrategia B — sobre la base\n\n```sh\n./sobre.sh\n```\n",
        "# X\n\n## Strategy A: clean restore\n\n```sh\n./copy.sh\n```\n\n## Strategy B: in place\n\n```sh\n./place.sh\n```\n",
        "# X\n\n## Triagem por tipo\n\n### Tipo 1: chave da API\n\n```sh\n./chave.sh\n```\n\n### Tipo 2: senha da base\n\n```sh\n./senha.sh\n```\n",
        "# X\n\n## Triage por tipo\n\n### Tipo 1: clave de la API\n\n```sh\n./clave.sh\n```\n\n### Tipo 2: contraseña\n\n```sh\n./pass.sh\n```\n",
        "# X\n\n## Recovery by type\n\n### Type 1: API key\n\n```sh\n./key.sh\n```\n\n### Type 2: password\n\n```sh\n./pass.sh\n```\n",
        "# X\n\nO que fazer quando a loja não sobe.\n\n- Opção A (automática): esperar o pipeline e revisar o resultado.\n- Opção B (manual): `vercel --prod` na sua máquina.\n",
        "# X\n\nQué hacer cuando la tienda no arranca.\n\n- Opción A (automática): esperar el pipeline y revisar el resultado.\n- Opción B (manual): `vercel --prod` desde su equipo.\n",
        "# X\n\n- Option A (automatic): wait for the pipeline and look at the result.\n- Option B (by hand): `vercel --prod` on your machine.\n",
        "# X\n\n## Common deployment issues\n\n### Deployment stuck\n\n1. Check the quotas\n\n### Rolling update\n\n1. Read the logs\n",
        "# X\n\nO que fazer quando a loja não sobe.\n\nCaminho rápido:\n\n1. Reiniciar o serviço\n\nCaminho completo:\n\n1. Restaurar a cópia\n",
        "# X\n\nQué hacer cuando la tienda no arranca.\n\nCamino rápido:\n\n1. Reiniciar el servicio\n\nCamino completo:\n\n1. Restaurar la copia\n",
        "# X\n\nFuture automated path:\n\n1. Promote the follower\n\nManual restore path today:\n\n1. Restore the copy\n",
    ] {
        assert_eq!(scenarios(text), 2, "{text}");
    }
    for text in [
        "# X\n\n## Files by type\n\n### Type 1: sources\n\n```sh\nls src\n```\n\n### Type 2: tests\n\n```sh\nls tests\n```\n",
        "# X\n\nSource path:\n\n1. Copy the files\n\nTarget path:\n\n1. Copy them back\n",
        "# X\n\n- Option A is the old way.\n- Option B is the new one.\n",
    ] {
        assert_eq!(scenarios(text), 0, "{text}");
    }
}

#[test]
fn the_numbered_step_behind_options_in_a_block_belongs_to_all_of_them() {
    for (step, option, next) in [
        ("Find the backup", "Option", "Download it"),
        ("Achar a cópia", "Opção", "Baixar a cópia"),
        ("Encontrar la copia", "Opción", "Descargar la copia"),
    ] {
        let text = format!(
            "# X\n\n```sh\n# 1. {step}\n# {option} A: remote\naws s3 ls\n\n# {option} B: local\nls backups\n\n# 2. {next}\n./get.sh\n```\n"
        );
        let nodes = farol_runbook::parse(&text, None).graph.nodes;
        let arm = |command: &str| {
            let found = nodes.iter().find(|n| n.command.as_ref().is_some_and(|c| c.text == command));
            found.expect("it is read").arm.is_some()
        };
        assert!(arm("aws s3 ls") && arm("ls backups"), "{text}");
        assert!(!arm("./get.sh"), "{text}");
    }
}

#[test]
fn an_english_verb_under_a_number_orders_in_any_language() {
    for (text, steps) in [
        (
            "# X\n\nQué hacer cuando la clave de la base se filtra.\n\n```bash\n# 1. Revocar la clave\n# 2. Update Bitwarden con la nueva clave\n# 3. Restart containers\n```\n",
            3,
        ),
        (
            "# X\n\nO que fazer quando a chave da base vaza.\n\n```bash\n# 1. Revogar a chave\n# 2. Update Bitwarden com a nova chave\n# 3. Deploy automático da loja\n```\n",
            2,
        ),
    ] {
        assert_eq!(inspect(text, None).1.manual_steps, steps, "{text}");
    }
}

#[test]
fn whom_to_call_when_no_way_helps_is_told_beside_all_of_them() {
    for text in [
        "# Disk\n\n## Free it\n\nOption A – vacuum:\n\n```bash\nvacuumdb -d shop\n```\n\nOption B – grow:\n\n1. Open the console and grow it\n\n\
         If nothing helps after 20 minutes, page the DBA.\n",
        "# Disco\n\n## Liberar\n\n**Opção A:**\n\n```bash\nvacuumdb -d shop\n```\n\n**Opção B:**\n\n1. Aumente o volume no painel\n\n\
         Se não resolver em 20 minutos, acione o DBA.\n",
        "# Disco\n\n## Liberar\n\n**Opción A:**\n\n```bash\nvacuumdb -d shop\n```\n\n**Opción B:**\n\n1. Amplíe el volumen en el panel\n\n\
         Si no se resuelve en 20 minutos, llame al DBA.\n",
    ] {
        let runbook = farol_runbook::parse(text, None);
        let calls: Vec<_> = runbook.graph.nodes.iter().filter(|node| node.after_minutes == Some(20)).collect();
        assert_eq!(calls.len(), 1, "{text}");
        assert!(calls[0].arm.is_none(), "{text}");
        let arms = runbook.graph.nodes.iter().filter(|node| node.arm.is_some()).count();
        assert_eq!(arms, 2, "{text}");
    }
}

#[test]
fn what_mitigates_on_a_condition_each_is_a_choice() {
    for text in [
        "# X\n\n## Mitigation\n\n### Restart the pod\n\nIf the pod hangs, delete it:\n\n```sh\nkubectl delete pod web\n```\n\n### Check the node\n\nIf it cannot be scheduled:\n\n1. Look at the node\n",
        "# X\n\n## Mitigação\n\n### Reiniciar o pod\n\nSe o pod travar, apague:\n\n```sh\nkubectl delete pod web\n```\n\n### Ver o nó\n\nSe não puder ser agendado:\n\n1. Olhe o nó\n",
        "# X\n\n## Mitigación\n\n### Reiniciar el pod\n\nSi el pod se cuelga, bórrelo:\n\n```sh\nkubectl delete pod web\n```\n\n### Ver el nodo\n\nSi no se puede programar:\n\n1. Mire el nodo\n",
    ] {
        assert_eq!(scenarios(text), 2, "{text}");
        for (from, to) in [("### ", "### 1. "), ("## Mit", "## Not Mit"), ("\nIf ", "\nOnce "), ("\nS", "\nO")] {
            let other = text.replace(from, to);
            assert_eq!(scenarios(&other), if other == text { 2 } else { 0 }, "{other}");
        }
    }
}

#[test]
fn whom_a_numbered_list_is_for_is_a_choice() {
    for text in [
        "# X\n\n## Afterwards\n\n**For a total loss:**\n1. Point the app at the copy.\n2. Tell the users.\n\n**For a few rows:**\n1. Find the tables.\n2. Import them.\n",
        "# X\n\n## Depois\n\n**Para perda total:**\n1. Aponte o app para a cópia.\n2. Avise os usuários.\n\n**Para poucas linhas:**\n1. Ache as tabelas.\n2. Importe as tabelas.\n",
        "# X\n\n## Después\n\n**Para pérdida total:**\n1. Reapunte la app.\n2. Avise a los usuarios.\n\n**Para pocas filas:**\n1. Busque las tablas.\n2. Importe las tablas.\n",
    ] {
        assert_eq!(scenarios(text), 2, "{text}");
    }
    let purposes = "# X\n\n## Banderas\n\n**Para activar la bandera:**\n1. Edite el archivo.\n\n**Para ver los cambios:**\n1. Abra el panel.\n";
    assert_eq!(scenarios(purposes), 0);
}

#[test]
fn kinds_of_incidents_are_a_choice_and_files_for_environments_are_none() {
    for (text, arms) in [
        (
            "# X\n\n## Resolution\n\n### Availability incidents\n\n1. Check the service.\n\n### Security incidents\n\n1. Revoke the keys.\n",
            2,
        ),
        (
            "# X\n\n## Resolução\n\n### Incidentes de Disponibilidade\n\n1. Verifique o serviço.\n\n### Incidentes de Segurança\n\n1. Revogue as chaves.\n",
            2,
        ),
        (
            "# X\n\n## Resolución\n\n### Incidentes de Disponibilidad\n\n1. Revise el servicio.\n\n### Incidentes de Seguridad\n\n1. Revoque las llaves.\n",
            2,
        ),
        (
            "# X\n\n## Files\n\n### docker-compose.yml (base)\n\n1. Edit the ports.\n\n### docker-compose.prod.yml (prod)\n\n1. Edit the image.\n",
            0,
        ),
    ] {
        assert_eq!(scenarios(text), arms, "{text}");
    }
}

#[test]
fn a_table_of_cases_and_what_to_do_is_a_choice() {
    for text in [
        "# X\n\n## When\n\n| Case | Action |\n|---|---|\n| Rows deleted | Restore to staging. |\n| All is lost | Create a new project. |\n",
        "# X\n\n## Quando\n\n| Caso | Ação |\n|---|---|\n| Linhas apagadas | Restaure em homologação. |\n| Tudo perdido | Crie um projeto novo. |\n",
        "# X\n\n## Cuándo\n\n| Caso | Acción |\n|---|---|\n| Filas borradas | Restaure en staging. |\n| Todo perdido | Cree un proyecto nuevo. |\n",
    ] {
        let guarded = farol_runbook::parse(text, None).graph.nodes.iter().filter(|node| node.guard.is_some()).count();
        assert_eq!(guarded, 2, "{text}");
    }
}
