//! What programs, platforms and files do by themselves, and what only says how things should be.

use crate::typed::typed;

#[test]
fn what_something_uses_is_not_typed() {
    for text in [
        "# Copies\n\n## How to get the jobs\n\nOnly one job is active. The agent uses:\n\n```powershell\nImport-Module Copies\nGet-Job -Previous 1\n```\n",
        "# Cópias\n\n## Como obter os jobs\n\nSó um job fica ativo. O agente usa:\n\n```powershell\nImport-Module Copies\nGet-Job -Previous 1\n```\n",
        "# Copias\n\n## Cómo obtener los jobs\n\nSolo un job está activo. El agente usa:\n\n```powershell\nImport-Module Copies\nGet-Job -Previous 1\n```\n",
    ] {
        assert!(typed(text).is_empty(), "{text}");
    }
    for text in [
        "# Copies\n\nThe on-call team uses:\n\n```bash\nsystemctl status shop\n```\n",
        "# Cópias\n\nO plantonista, na dúvida, usa:\n\n```bash\nsystemctl status shop\n```\n",
        "# Cópias\n\nA restauração à mão usa:\n\n```bash\nsystemctl status shop\n```\n",
        "# Copies\n\nThe fix uses:\n\n```bash\nsystemctl status shop\n```\n",
        "# Copies\n\nThe next command uses:\n\n```bash\nsystemctl status shop\n```\n",
        "# Copias\n\nEl equipo de guardia usa:\n\n```bash\nsystemctl status shop\n```\n",
    ] {
        assert_eq!(typed(text), ["systemctl status shop"], "{text}");
    }
}

#[test]
fn a_start_command_with_its_condition_in_brackets_is_a_setting() {
    for label in [
        "**Start Command** (if it asks for one):",
        "**Comando de início** (se pedir override):",
        "**Comando de inicio** (si lo pide):",
    ] {
        let text = format!("# X\n\n1. Create the service.\n2. {label}\n\n```bash\nnode server.js --port $PORT\n```\n");
        assert!(typed(&text).is_empty(), "{text}");
    }
}

#[test]
fn what_a_name_does_with_a_command_is_told() {
    for text in [
        "# X\n\n## Build\n\n1. `node:20-alpine` installs all and builds the site with `npm run build`\n",
        "# X\n\n## Build\n\n1. `node:20-alpine` instala tudo e compila o site com `npm run build`\n",
        "# X\n\n## Build\n\n1. `node:20-alpine` instala todo y compila el sitio con `npm run build`\n",
    ] {
        assert!(typed(text).is_empty(), "{text}");
    }
    for text in [
        "# X\n\n## Checks\n\n1. `web`: run `systemctl status web`\n",
        "# X\n\n## Verificações\n\n1. `web`: execute `systemctl status web`\n",
        "# X\n\n## Verificações do dia\n\n1. `web` para produção, confira com `systemctl status web`\n",
        "# X\n\n## Checks\n\n1. `web` logs, check with `systemctl status web`\n",
        "# X\n\n## Checks\n\n1. `web` uses too much memory, look with `systemctl status web`\n",
        "# X\n\n## Verificações do dia\n\n1. `web` usa muita memória, verifique com `systemctl status web`\n",
        "# X\n\n## Verificación del servicio\n\n1. `web` usa mucha memoria, ejecute `systemctl status web`\n",
        "# X\n\n## Verificación del servicio\n\n1. `web`: ejecute `systemctl status web`\n",
    ] {
        assert_eq!(typed(text), ["systemctl status web"], "{text}");
    }
}

#[test]
fn settings_in_a_block_of_powershell_are_not_typed() {
    for text in [
        "# X\n\n1. Turn on the flag that you need:\n\n```powershell\n# Example in .env\nNODE_ENV=development\nRELAXED=true\n```\n",
        "# X\n\n1. Ative só a flag necessária:\n\n```powershell\n# Exemplo no .env\nNODE_ENV=development\nRELAXED=true\n```\n",
        "# X\n\n1. Activa solo la flag que necesites:\n\n```powershell\n# Ejemplo en .env\nNODE_ENV=development\nRELAXED=true\n```\n",
    ] {
        assert!(typed(text).is_empty(), "{text}");
    }
    let set = "# X\n\n```powershell\n$env:NODE_ENV = 'development'\nnpm start\n```\n";
    assert_eq!(typed(set), ["$env:NODE_ENV = 'development'", "npm start"]);
}

#[test]
fn criteria_and_lessons_order_nothing() {
    for text in [
        "# X\n\n## Acceptance criteria\n\n### Web\n- `docker compose ps` shows `web` as up.\n\n## Lessons learned\n\n1. Changed values are lost: use `bash deploy.sh --all` then.\n",
        "# X\n\n## Critérios de aceite\n\n### Web\n- `docker compose ps` mostra `web` de pé.\n\n## Lições aprendidas\n\n1. Valores alterados se perdem: use `bash deploy.sh --all`.\n",
        "# X\n\n## Criterios de OK por servicio\n\n### Web\n- `docker compose ps` muestra `web` en pie.\n\n## Lecciones aprendidas\n\n1. Los valores se pierden: use `bash deploy.sh --all`.\n",
    ] {
        assert!(typed(text).is_empty(), "{text}");
    }
    let checked = "# X\n\n## Verify\n\n- `docker compose ps` shows `web` as up.\n";
    assert_eq!(typed(checked), ["docker compose ps"]);
}

#[test]
fn a_client_and_the_option_for_a_file_are_only_named() {
    for text in [
        "# X\n\n1. **Restore it**:\n   - Create the database,\n   - Run the `psql -f` with the chosen dump.\n",
        "# X\n\n1. **Restaurar**:\n   - Criar o banco,\n   - Rodar o `psql -f` com o dump escolhido.\n",
        "# X\n\n1. **Restaurar**:\n   - Crear la base,\n   - Correr el `psql -f` con el dump elegido.\n",
    ] {
        assert!(typed(text).is_empty(), "{text}");
    }
}

#[test]
fn how_something_works_is_told() {
    for text in [
        "# X\n\n## How the agent works\n\n1. **Check of the copies** (each hour):\n   - Asks the server: `Get-WBJob -Previous 1`\n   - Sends what it found\n",
        "# X\n\n## 🔄 Fluxo de Funcionamento\n\n1. **Verificação das cópias** (a cada hora):\n   - Consulta o servidor: `Get-WBJob -Previous 1`\n   - Envia o que achou\n",
        "# X\n\n## Flujo de funcionamiento\n\n1. **Verificación de las copias** (cada hora):\n   - Consulta el servidor: `Get-WBJob -Previous 1`\n   - Envía lo que halló\n",
    ] {
        assert!(typed(text).is_empty(), "{text}");
    }
}
