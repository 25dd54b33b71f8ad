//! What is seen or told of, and not typed: commands as subjects, failures as people see them, lines of other files.

use crate::typed::typed;
use farol_runbook::inspect;

#[test]
fn a_command_that_a_sentence_is_about_is_not_run() {
    for text in [
        "# X\n\nO que fazer quando a fila de pedidos não anda.\n\n## Cuidados\n\n- O comando `git reset --hard origin/main` apaga as mudanças\n- Este comando `git stash` guarda o trabalho\n",
        "# X\n\nQué hacer cuando la cola de los pedidos no avanza.\n\n## Cuidado\n\n- El comando `git reset --hard origin/main` eliminará los cambios\n",
        "# X\n\n## Mind\n\n- The command `git reset --hard origin/main` drops all changes\n\n**You see:**\n\n- Container runs: `docker ps` shows the container\n",
    ] {
        assert_eq!(typed(text), Vec::<String>::new(), "{text}");
    }
    for (text, command) in [
        (
            "# X\n\nO que fazer quando a fila de pedidos não anda.\n\n## Passos\n\n- O comando `git stash` deve ser executado antes\n",
            "git stash",
        ),
        (
            "# X\n\nQué hacer cuando la cola de los pedidos no avanza.\n\n## Pasos\n\n- Verificar: `docker ps` muestra el contenedor\n",
            "docker ps",
        ),
        ("# X\n\n## Commands\n\n- `docker ps` shows the containers\n", "docker ps"),
    ] {
        assert_eq!(typed(text), [command], "{text}");
    }
}

#[test]
fn what_went_wrong_is_shown_below_you_see() {
    for text in [
        "# X\n\n## Falha\n\n**Você vê:**\n\n```\ndocker exec -it loja bash\nOCI runtime exec failed: unable to start\n```\n",
        "# X\n\n## Fallo\n\n**Verás:**\n\n```\ndocker exec -it tienda bash\nOCI runtime exec failed: unable to start\n```\n",
        "# X\n\n## Failure\n\n**You see:**\n\n```\ndocker exec -it shop bash\nOCI runtime exec failed: unable to start\n```\n",
    ] {
        assert_eq!(typed(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_heading_that_asks_about_logs_is_no_label_of_output() {
    for text in [
        "# X\n\n## Logs Docker crescendo?\n\n```sh\nmake remote-restart\n```\n",
        "# X\n\n## Log no aparece en el panel\n\n```sh\nmake remote-restart\n```\n",
        "# X\n\n## Logs are growing?\n\n```sh\nmake remote-restart\n```\n",
    ] {
        assert_eq!(typed(text), ["make remote-restart"], "{text}");
    }
    let questions = "# X\n\n## Troubleshooting rápido\n\n### Disco ainda enchendo?\n\n1. `df -h`\n\n### Prometheus > 10GB?\n\n```sh\ndf -h\n```\n";
    assert_eq!(inspect(questions, None).1.scenarios, 2);
}

#[test]
fn an_open_line_of_a_batch_file_is_no_command() {
    for text in [
        "# X\n\n## Limite\n\nPara mudar, edite `copia.bat`:\n\n```batch\nif %COUNT% gtr 10 (\n```\n",
        "# X\n\n## Límite\n\nPara cambiar este límite, edita `copia.bat` y modifica:\n\n```batch\nif %COUNT% gtr 10 (\n```\n",
        "# X\n\n## Limit\n\nTo change it, edit `copy.bat`:\n\n```batch\nif %COUNT% gtr 10 (\n```\n",
    ] {
        assert_eq!(typed(text), Vec::<String>::new(), "{text}");
    }
    let whole = "# X\n\n## Limit\n\n```batch\nif exist copy.zip (\n  del copy.zip\n)\n```\n";
    assert_eq!(typed(whole).len(), 1);
}

#[test]
fn what_stands_below_a_script_s_name_tells_what_it_does() {
    for text in [
        "# X\n\nO que fazer quando a fila de pedidos não anda.\n\n## Scripts\n\n### 1. `volta.sh` - Voltar\n\nRestaura a base a partir da cópia.\n",
        "# X\n\nQué hacer cuando la cola de los pedidos no avanza.\n\n## Scripts\n\n### 1. `vuelve.bat` - Volver\n\nRestaura la base desde la copia.\n",
    ] {
        let counts = inspect(text, None).1;
        assert_eq!((counts.manual_steps, counts.prose_steps), (0, 0), "{text}");
    }
    for text in [
        "# X\n\nO que fazer quando a fila de pedidos não anda.\n\n## Passos\n\n### `volta.sh`\n\nExecute o script no servidor.\n",
        "# X\n\nQué hacer cuando la cola de los pedidos no avanza.\n\n## Pasos\n\n### Volver\n\nRestaura la base desde la copia.\n",
    ] {
        assert_eq!(inspect(text, None).1.prose_steps, 1, "{text}");
    }
}

#[test]
fn the_lines_of_a_file_that_is_edited_or_made_are_shown() {
    for text in [
        "# X\n\n## Limite\n\nEdite `copia.ps1`, linha 18:\n\n```powershell\n$DIAS = 30\nRemove-Item C:\\copias\\*\n```\n",
        "# X\n\n## Migração\n\nCrie `limpa.sql` na raiz:\n\n```sql\nDELETE FROM pedidos;\n```\n",
        "# X\n\n## Límite\n\nEdita `copia.ps1` y modifica:\n\n```powershell\nRemove-Item C:\\copias\\*\n```\n",
        "# X\n\n## Limit\n\nEdit `copy.sh`, line 4:\n\n```bash\nrm -r /copies\n```\n",
        "# X\n\n## Migration\n\nCreate `clean.sql` in the root:\n\n```sql\nDELETE FROM orders;\n```\n",
    ] {
        assert_eq!(typed(text), Vec::<String>::new(), "{text}");
    }
    for text in [
        "# X\n\n## Passos\n\nEdite `copia.sh` e execute:\n\n```bash\nbash /srv/roda.sh\n```\n",
        "# X\n\n## Pasos\n\nEdita `copia.sh`:\n\n```bash\nnano copia.sh\n```\n",
        "# X\n\n## Steps\n\nCreate `clean.sql` in the root, then run it:\n\n```sql\nDELETE FROM orders;\n```\n",
        "# X\n\n## Steps\n\nChange into the folder of `copy.sh` and start it:\n\n```bash\nmake start\n```\n",
    ] {
        assert_eq!(typed(text).len(), 1, "{text}");
    }
}
