//! What few documents write: lines for a script, conditions and remedies in labels, versions without numbers; in three languages.

use crate::typed::typed;
use farol_api::graph::NodeKind;
use farol_runbook::{inspect, parse};

/// The titles of what people do themselves.
fn manual(text: &str) -> Vec<String> {
    let nodes = parse(text, None).graph.nodes.into_iter();
    nodes.filter(|n| n.kind == NodeKind::Manual && n.command.is_none()).map(|n| n.title).collect()
}

fn tokens(text: &str) -> Vec<String> {
    inspect(text, None).1.placeholder_list
}

#[test]
fn lines_for_a_script_are_not_typed() {
    for text in [
        "# X\n\n## Alertas\n\n```bash\n# Adicione ao vigia.sh\nCANAL=\"#loja\"\n\navisa() {\n    curl -d \"$1\" \"https://chat/$CANAL\"\n}\n```\n",
        "# X\n\n## Alertas\n\n```bash\n# Agregar a scripts/vigia.sh:\nCANAL=\"#tienda\"\n\navisa() {\n    curl -d \"$1\" \"https://chat/$CANAL\"\n}\n```\n",
        "# X\n\n## Alerts\n\n```bash\n# Add to watch.sh\nCHANNEL=\"#shop\"\n\nnotify() {\n    curl -d \"$1\" \"https://chat/$CHANNEL\"\n}\n```\n",
    ] {
        assert_eq!(typed(text), [""; 0], "{text}");
    }
    for (text, command) in [
        ("# X\n\n```bash\n# Add to watch.sh\necho 'sleep 5' >> watch.sh\n```\n", "echo 'sleep 5' >> watch.sh"),
        ("# X\n\n```bash\n# Add to the cluster\nkubectl apply -f node.yml\n```\n", "kubectl apply -f node.yml"),
    ] {
        assert_eq!(typed(text), [command], "{text}");
    }
}

#[test]
fn a_name_behind_a_not_and_what_a_command_leaves_alone_forbid_nothing() {
    for (text, command) in [
        (
            "# Acceso\n\nQué hacer cuando el servidor no responde.\n\n```bash\n# Entrar por la red local (no ZeroTier)\nuptime\n```\n",
            "uptime",
        ),
        (
            "# Disco\n\nQué hacer cuando el disco está lleno.\n\n```bash\n# Limpiar volúmenes (ojo: no borra los externos)\ndocker volume prune -f\n```\n",
            "docker volume prune -f",
        ),
    ] {
        assert_eq!(typed(text), [command], "{text}");
    }
    for text in [
        "# Disco\n\nQué hacer cuando el disco está lleno.\n\n```bash\n# Limpiar volúmenes (ojo: no correr en producción)\ndocker volume prune -f\n```\n",
        "# Disco\n\nQué hacer cuando el disco está lleno.\n\n```bash\n# No borre los volúmenes\ndocker volume prune -f\n```\n",
        "# Disco\n\nO que fazer quando o disco está cheio.\n\n```bash\n# Não apague os volumes!\ndocker volume prune -f\n```\n",
    ] {
        assert_eq!(typed(text), [""; 0], "{text}");
    }
}

#[test]
fn a_script_behind_what_it_does_is_run() {
    for text in [
        "# X\n\n## Se a base caiu\n\n1. Fazer uma cópia: `./copia.sh`\n2. Chamar o plantão\n",
        "# X\n\n## Si cae la base\n\n1. Hacer una copia: `./copia.sh`\n2. Llamar a la guardia\n",
        "# X\n\n## When the base is down\n\n1. Make a copy: `./copia.sh`\n2. Call the next one\n",
    ] {
        assert_eq!(typed(text), ["./copia.sh"], "{text}");
    }
    for text in [
        "# X\n\n## Ficheiros\n\n- Script: `./copia.sh`\n- `./copia.sh` - faz a cópia\n",
        "# X\n\n## Steps\n\n- Read the source: `./copy.sh` says what it does\n",
    ] {
        assert_eq!(typed(text), [""; 0], "{text}");
    }
    for question in ["- [ ] WiX instalado?", "- ¿Está instalado WiX?", "- [ ] Is WiX there?"] {
        let text = format!("# X\n\n## Antes\n\n{question} `heat.exe -help`\n");
        assert_eq!(typed(&text), ["heat.exe -help"], "{text}");
    }
    assert_eq!(typed("# X\n\n## Before\n\n- Who ran it? `rm -r /srv/old` ended in tears\n"), [""; 0]);
}

#[test]
fn versions_numbers_and_lines_that_are_not_there_are_asked_for() {
    for (command, token) in [
        ("wget https://example.org/nube-XX.X.X.zip", "XX.X.X"),
        ("wget https://example.org/nube-x.y.z.zip", "x.y.z"),
        ("kubectl scale deploy/loja --replicas=N", "N"),
        (
            "docker run -d \\\n  --name loja \\\n  [as mesmas variáveis de ambiente] \\\n  loja:7",
            "[as mesmas variáveis de ambiente]",
        ),
        ("docker run -d \\\n  [las mismas variables de entorno] \\\n  tienda:7", "[las mismas variables de entorno]"),
        ("docker run -d \\\n  [the same variables] \\\n  shop:7", "[the same variables]"),
        ("curl -X PATCH https://status.io/pages/PAGE_ID", "PAGE_ID"),
        ("kubectl create secret generic till --from-literal=key=whsec_...", "..."),
    ] {
        assert_eq!(tokens(&format!("# X\n\n```bash\n{command}\n```\n")), [token], "{command}");
    }
    for command in ["ping XX.XX.XX.XX", "make VERBOSE=N", "[ -d /srv ] && \\\n  [ -d /tmp ] && \\\n  ls"] {
        assert_eq!(tokens(&format!("# X\n\n```bash\n{command}\n```\n")), [""; 0], "{command}");
    }
    for comment in [
        "O nome segue a convenção: {tabela}_{coluna}",
        "Sigue la convención: {tabla}_{columna}",
        "By convention: {table}_{column}",
    ] {
        assert_eq!(tokens(&format!("# X\n\n```sql\n-- {comment}\nSELECT 1;\n```\n")), [""; 0], "{comment}");
    }
}

#[test]
fn what_stands_behind_a_numbered_remedy_or_a_question_is_ordered() {
    for (text, step) in [
        (
            "# Fila\n\nO que fazer quando a fila não anda.\n\n## Fila parada\n\n**Solução 2**: Reiniciar a API pelo painel\n",
            "Reiniciar a API pelo painel",
        ),
        (
            "# Cola\n\nQué hacer cuando la cola no avanza.\n\n## Cola detenida\n\n**Solución 2**: Reiniciar la API desde el panel\n",
            "Reiniciar la API desde el panel",
        ),
        (
            "# X\n\n## Queue is stuck\n\n**Solution 2**: Restart the API from the panel\n",
            "Restart the API from the panel",
        ),
        (
            "# X\n\nO que fazer depois do deploy.\n\n## Seguir\n\n**Está no ar?** Pule a parte 3 e execute a parte 4.\n",
            "Pule a parte 3 e execute a parte 4",
        ),
        ("# X\n\n## Going on\n\n**Is it up?** Skip part 3.\n", "Skip part 3"),
        (
            "# Cola\n\nQué hacer cuando la cola no avanza.\n\n## Cola detenida\n\n**Último recurso:** Reiniciar el servidor entero\n",
            "Reiniciar el servidor entero",
        ),
    ] {
        assert_eq!(manual(text), [step], "{text}");
        assert_eq!(inspect(text, None).1.prose_steps, 1, "{text}");
    }
}

#[test]
fn what_a_script_does_and_what_is_called_a_backup_orders_nothing() {
    for text in [
        "# Volta\n\nO que fazer quando o deploy falha.\n\n```bash\n./volta.sh\n\n# O script faz:\n# 1. Volta ao commit anterior\n# 2. Reinicia a loja\n```\n",
        "# Vuelta\n\nQué hacer cuando falla el deploy.\n\n```bash\n./vuelve.sh\n\n# El script automáticamente:\n# 1. Vuelve al commit anterior\n# 2. Reinicia la tienda\n```\n",
        "# Back\n\n```bash\n./back.sh\n\n# The script:\n# 1. Restores the commit before\n# 2. Restart of the shop\n```\n",
        "# X\n\n## Access\n\n- **Backup directory:** for the team alone\n- **Backup passwords:** in the vault\n",
        "# X\n\n## Automatizar\n\n- Un script de Node que:\n  - Cree la carpeta\n  - Copie la base\n",
        "# X\n\n## Later\n\n- A script that:\n  - Create the folder\n  - Copy the base\n",
    ] {
        assert_eq!(manual(text), [""; 0], "{text}");
    }
    assert_eq!(manual("# X\n\n## Access\n\n- Backup the shop's base\n"), ["Backup the shop's base"]);
}

#[test]
fn a_condition_behind_a_bold_label_guards() {
    for text in [
        "# Fila\n\nO que fazer quando a fila não anda.\n\n## Passos\n\n**Nível 2**: Se não resolver, avisar:\n\n- Registrar tudo o que tentou\n",
        "# Cola\n\nQué hacer cuando la cola no avanza.\n\n## Pasos\n\n**Nivel 2**: Si no se resuelve, avisar:\n\n- Registrar todo lo que intentó\n",
        "# Queue\n\n## Steps\n\n**Level 2:** If it is still stuck, then:\n\n- Write down what you tried\n",
    ] {
        assert_eq!(inspect(text, None).1.conditionals, 1, "{text}");
    }
}

#[test]
fn the_button_that_sends_a_form_is_pressed() {
    for text in [
        "# Loja\n\nO que fazer depois do deploy.\n\n## Testar\n\n1. Domain: loja.local\n2. Submit\n",
        "# Tienda\n\nQué hacer después del deploy.\n\n## Probar\n\n1. Domain: tienda.local\n2. Submit\n",
        "# Shop\n\n## Try it\n\n1. Domain: shop.local\n2. Submit\n",
    ] {
        assert_eq!(manual(text), ["Submit"], "{text}");
    }
}

#[test]
fn what_is_ordered_below_a_numbered_comment_are_the_steps() {
    for (text, steps) in [
        (
            "# Loja\n\nO que fazer depois do deploy.\n\n```bash\nsupabase db push\n\n# 3. Testar tudo\n# - Criar uma loja\n# - Enviar uma nota\n```\n",
            ["Criar uma loja", "Enviar uma nota"],
        ),
        (
            "# Tienda\n\nQué hacer después del deploy.\n\n```bash\nsupabase db push\n\n# 3. Probar todo\n# - Crear una tienda\n# - Enviar una factura\n```\n",
            ["Crear una tienda", "Enviar una factura"],
        ),
        (
            "# Shop\n\n```bash\nsupabase db push\n\n# 3. Test all of it\n# - Create a shop\n# - Send an invoice\n```\n",
            ["Create a shop", "Send an invoice"],
        ),
    ] {
        assert_eq!(manual(text), steps, "{text}");
    }
    let one = "# Shop\n\n```bash\nsupabase db push\n\n# 3. Create a branch\n# - Parent: main\n# - Point in time: before it\n```\n";
    assert_eq!(manual(one), ["Create a branch"]);
}

#[test]
fn what_is_seen_forbids_nothing() {
    for text in [
        "# Base\n\nO que fazer quando a base cai.\n\n**Sintomas:**\n\n- Não conectar na base\n- Nunca responde\n",
        "# Base\n\nQué hacer cuando cae la base.\n\n**Síntomas:**\n\n- No poder conectar\n- Nunca responde\n",
        "# Base\n\n**Symptoms:**\n\n- Cannot connect to the base\n- Never answers\n",
    ] {
        let nodes = parse(text, None).graph.nodes;
        assert!(nodes.iter().all(|node| node.kind != NodeKind::Prohibition), "{text}: {nodes:?}");
    }
    let text = "# Base\n\n**Symptoms:**\n\n- Never run `rm -rf /srv/base`\n";
    assert!(parse(text, None).graph.nodes.iter().any(|node| node.kind == NodeKind::Prohibition));
}
