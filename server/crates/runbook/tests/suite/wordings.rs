//! Ways of writing in documents of public repositories: who does something, what is only named, and which headings are problems.

use crate::each::each;
use crate::intros;
use farol_runbook::{Counts, inspect};

fn counts(language: usize, text: &str) -> Counts {
    inspect(&format!("# X\n\n{}\n\n{text}", intros::INTROS[language]), None).1
}

/// Checks a count of documents that texts by language are put into.
fn count(texts: [&[&str]; 3], want: usize, of: impl Fn(&Counts) -> usize, document: impl Fn(&str) -> String) {
    for (language, texts) in texts.iter().enumerate() {
        for text in *texts {
            let document = document(text);
            assert_eq!(of(&counts(language, &document)), want, "{document}");
        }
    }
}

#[test]
fn what_a_program_runs_after_something_is_shown() {
    let block = |lead: &str| format!("## A\n\n{lead}\n\n```bash\nscripts/seed.sh\n```\n");
    let told: [&[&str]; 3] = [
        &["After each release, the pipeline runs:", "When the branch is merged, the job executes:"],
        &["Depois de cada versão, o pipeline executa:", "Após o merge, o job roda:"],
        &["Después de cada versión, el pipeline ejecuta:", "Cuando se fusiona la rama, el job corre:"],
    ];
    each(told, 0, block);
    let read: [&[&str]; 3] = [
        &["After each release, run:", "If the pipeline runs, stop it with:", "When the pipeline runs too long:"],
        &["Depois de cada versão, rode:", "Se o pipeline executa por muito tempo, pare com:"],
        &["Después de cada versión, ejecute:", "Si el pipeline ejecuta de más, deténgalo con:"],
    ];
    each(read, 1, block);
}

#[test]
fn what_a_pipeline_does_or_a_thing_is_for_is_no_step() {
    let lists: [&[&str]; 3] = [
        &[
            "This pipeline does:\n\n1. Build the image\n2. Deploy it\n",
            "The copy is used to:\n\n- install the package\n- run the tests\n",
        ],
        &[
            "Este pipeline faz:\n\n1. Construir a imagem\n2. Publicar a imagem\n",
            "A cópia é usada para:\n\n- instalar o pacote\n- rodar os testes\n",
        ],
        &[
            "Este pipeline ejecuta:\n\n1. Construir la imagen\n2. Publicar la imagen\n",
            "La copia se usa para:\n\n- instalar el paquete\n- ejecutar las pruebas\n",
        ],
    ];
    count(lists, 0, |counts| counts.manual_steps, |list| format!("## A\n\n{list}"));
    let comments: [&[&str]; 3] = [
        &["# The pipeline:\n# 1. Build the image\n# 2. Run the tests"],
        &["# O pipeline:\n# 1. Construir a imagem\n# 2. Executar os testes"],
        &["# El pipeline:\n# 1. Construye la imagen\n# 2. Ejecuta las pruebas"],
    ];
    count(comments, 0, |c| c.manual_steps, |text| format!("## A\n\n```bash\ngit push origin v1\n\n{text}\n```\n"));
    let steps: [&[&str]; 3] = [
        &["# Then:\n# 1. Open the panel\n# 2. Check the logs"],
        &["# Depois:\n# 1. Abrir o painel\n# 2. Verificar os logs"],
        &["# Luego:\n# 1. Abrir el panel\n# 2. Revisar los logs"],
    ];
    count(steps, 2, |c| c.manual_steps, |text| format!("## A\n\n```bash\ngit push origin v1\n\n{text}\n```\n"));
}

#[test]
fn a_command_that_was_run_or_broke_is_only_named() {
    let named: [&[&str]; 3] = [
        &["- Check that you ran `git pull`.", "**Symptom**: errors when running `npm install`."],
        &["- Confirme se você fez `git pull`.", "**Sintoma**: erros ao executar `npm install`."],
        &["- Confirme si hizo `git pull`.", "**Síntoma**: errores al ejecutar `npm install`."],
    ];
    each(named, 0, |text| format!("## A\n\n{text}\n"));
    let read: [&[&str]; 3] = [
        &["- Run `git pull`.", "- Confirm that the script can be ran: `bundle exec copy.rb --help`"],
        &["- Execute `git pull`.", "- Reinicie o cache ao executar `redis-cli flushall`."],
        &["- Ejecute `git pull`.", "- Reinicie la caché al ejecutar `redis-cli flushall`."],
    ];
    each(read, 1, |text| format!("## A\n\n{text}\n"));
}

#[test]
fn what_an_address_or_a_script_does_is_only_told() {
    let told: [&[&str]; 3] = [
        &["| Endpoint | Use |\n|---|---|\n| `/healthz` | Checks the base with `SELECT 1`. |"],
        &["| Rota | Uso |\n|---|---|\n| `/healthz` | Valida o banco usando `SELECT 1`. |"],
        &[
            "| Endpoint | Uso |\n|---|---|\n| `/healthz` | Valida la base usando `SELECT 1`. |",
            "| Script | Uso |\n|---|---|\n| `copiar.sh` | Valida la copia usando `pg_restore -l a.dump`. |",
        ],
    ];
    each(told, 0, |table| format!("## A\n\n{table}\n"));
    let read: [&[&str]; 3] = [
        &["| Task | Command |\n|---|---|\n| `copy.sh` | `bash scripts/copy.sh` |"],
        &["| Rotina | Comando |\n|---|---|\n| Cópia | `bash scripts/copiar.sh` |"],
        &["| Síntoma | Acción |\n|---|---|\n| `/healthz` | Reinicie con `systemctl restart tienda` |"],
    ];
    each(read, 1, |table| format!("## A\n\n{table}\n"));
}

#[test]
fn a_program_without_what_it_needs_is_a_name() {
    let named: [&[&str]; 3] = [
        &["- Back the folder up with `sudo zip` to `/srv`."],
        &["- Salvar a pasta com `sudo tar` em `/srv`."],
        &["- Respaldar la carpeta con `sudo zip` a `/srv`."],
    ];
    each(named, 0, |text| format!("## A\n\n{text}\n"));
    let read: [&[&str]; 3] =
        [&["- Run `sudo zip a.zip a`."], &["- Rode `sudo reboot now`."], &["- Ejecute `unzip -v`."]];
    each(read, 1, |text| format!("## A\n\n{text}\n"));
}

#[test]
fn a_plugin_of_kubectl_is_a_program() {
    let read: [&[&str]; 3] = [
        &["1. List the pods: `kubectl-shop get pods -A`"],
        &["1. Listar os pods: `kubectl-loja get pods -A`"],
        &["1. Listar los pods: `kubectl-tienda get pods -A`"],
    ];
    each(read, 1, |text| format!("## A\n\n{text}\n"));
    let named: [&[&str]; 3] = [
        &["1. `kubectl-web-0 is down`", "- `kubectl-shop login`: listens on one address alone"],
        &["- `kubectl-loja login`: só escuta um endereço"],
        &["- `kubectl-tienda login`: solo escucha una dirección"],
    ];
    each(named, 0, |text| format!("## A\n\n{text}\n"));
}

#[test]
fn a_thing_that_is_not_to_be_taken_for_another_forbids_nothing() {
    let block = |lead: &str| format!("## A\n\n{lead}\n\n```sql\nselect count(*) from orders;\n```\n");
    let read: [&[&str]; 3] = [
        &["Check the table, never the message. It says so even if nothing was done:"],
        &["Confira a tabela, nunca a mensagem. Ela diz isso mesmo sem ter feito nada:"],
        &["Revise la tabla, nunca el mensaje. Lo dice aunque no haya hecho nada:"],
    ];
    each(read, 1, block);
    let shown: [&[&str]; 3] = [
        &["Check the table, never run this:", "Read the copy, never the one in production:", "Never the first thing:"],
        &["Confira a tabela, nunca execute isto:", "Leia a cópia, nunca a de produção:"],
        &["Revise la tabla, nunca ejecute esto:", "Lea la copia, nunca la de producción:"],
    ];
    each(shown, 0, block);
}

#[test]
fn the_name_of_a_file_or_a_picture_orders_nothing() {
    let named: [&[&str]; 3] = [
        &["- Many failures in `/var/log/auth.log`", "![Check the board](a.png)"],
        &["- Muitas falhas em `/var/log/auth.log`", "![Verifique o painel](a.png)"],
        &["- Muchos fallos en `/var/log/auth.log`", "![Revise el panel](a.png)"],
    ];
    count(named, 0, |c| c.manual_steps + c.prose_steps, |text| format!("## A\n\n{text}\n"));
}

#[test]
fn a_bold_number_makes_a_step_of_its_paragraph() {
    let steps: [&[&str]; 3] = [
        &["**2. Fill in `.env`.** Each name is explained there."],
        &["**2. Preencher o `.env`.** Cada nome está explicado lá."],
        &["**2. Completar `.env`.** Cada nombre está explicado ahí.", "**2. Creá la carpeta** con el archivo."],
    ];
    count(steps, 1, |c| c.manual_steps, |text| format!("## A\n\n{text}\n\nMore.\n"));
    let answers: [&[&str]; 3] = [
        &["**2. How do I change the port?**\nEdit the file `/etc/shop.json`."],
        &["**2. Como mudo a porta?**\nEdite o arquivo `/etc/loja.json`."],
        &["**2. ¿Cómo cambio el puerto?**\nEdite el archivo `/etc/tienda.json`."],
    ];
    count(answers, 1, |c| c.prose_steps, |text| format!("## A\n\n{text}\n\nMore.\n"));
    let none: [&[&str]; 3] = [
        &["**2. The file.** Each name is explained there."],
        &["**2. O arquivo.** Cada nome está explicado lá."],
        &["**2. El archivo.** Cada nombre está explicado ahí."],
    ];
    count(none, 0, |c| c.manual_steps, |text| format!("## A\n\n{text}\n\nMore.\n"));
}

#[test]
fn what_we_do_one_after_the_other_are_steps() {
    let steps: [&[&str]; 3] = [
        &[],
        &["1. Abrimos a lista de clientes.\n2. Clicamos em *Salvar*.\n3. Só devemos escolher a data.\n"],
        &["1. Abrimos la lista de clientes.\n2. Hacemos clic en el icono.\n3. Solo debemos elegir la fecha.\n"],
    ];
    count(steps, 3, |c| c.manual_steps, |text| format!("## A\n\n{text}"));
    let none: [&[&str]; 3] = [
        &[],
        &["- Abrimos a loja em 2020.\n", "1. Usamos filas para os pedidos.\n2. Precisamos de dois nós.\n"],
        &["- Abrimos la tienda en 2020.\n", "1. Usamos colas para los pedidos.\n2. Tenemos dos nodos.\n"],
    ];
    count(none, 0, |c| c.manual_steps, |text| format!("## A\n\n{text}"));
}

#[test]
fn a_document_about_problems_has_one_under_each_heading() {
    let documents = [
        "# Shop - Troubleshooting\n\n## The shop does not open\n\nCheck the proxy.\n\n## The panel does not load\n\nCheck the key.\n\n## The queue is stuck\n\nCheck the log.\n\n## The list is empty\n\n- Check the filter.\n\n## Nothing changed\n\nRestart it:\n\n```sh\nsystemctl restart shop\n```\n",
        "# Solução de problemas\n\n## A loja não abre\n\nVerifique o proxy.\n\n## O painel não carrega\n\nVerifique a chave.\n\n## A fila está travada\n\nVerifique o log.\n\n## A lista ficou vazia\n\n- Verifique o filtro.\n\n## Mudei o arquivo\n\nReinicie:\n\n```sh\nsystemctl restart loja\n```\n",
        "# Solución de problemas\n\n## La tienda no abre\n\nRevise el proxy.\n\n## El panel no carga\n\nRevise la clave.\n\n## La cola está atascada\n\nRevise el log.\n\n## La lista quedó vacía\n\n- Revise el filtro.\n\n## Nada cambió después\n\nReinicie:\n\n```sh\nsystemctl restart tienda\n```\n",
        "# Copies\n\n## CopyFailed\n\n1. Check the disk.\n\n## CopyStale\n\n1. Check the timer.\n\n## QuotaNearLimit\n\n1. Check the quota.\n",
        "# Certificates\n\n## Resolution\n\n### Certificate not ready\n\n1. Delete it.\n\n### Manual renewal\n\n1. Delete the key.\n\n### Pods not running\n\n1. Restart them.\n\n### Challenge failure\n\n1. Check the name.\n",
    ];
    for (text, want) in documents.iter().zip([5, 5, 5, 3, 4]) {
        assert_eq!(inspect(text, None).1.scenarios, want, "{text}");
    }
    for text in [
        "# The shop\n\n## The shop does not open\n\nCheck the proxy.\n\n## Installation\n\n- Run the installer.\n",
        "# Troubleshooting certificates\n\n## Viewing names\n\n- Run `certbot certificates`.\n\n## Getting the status\n\n- Open the panel.\n\n## Other failures\n\n- Open a ticket.\n\n## Timers\n\n- Check the timer.\n",
        "# API\n\n## CreateUser\n\n1. Open the page.\n\n## DeleteUser\n\n1. Open the page.\n",
    ] {
        assert_eq!(inspect(text, None).1.scenarios, 0, "{text}");
    }
}

#[test]
fn a_step_label_makes_a_step_of_its_paragraph() {
    let steps: [&[&str]; 3] = [
        &["**Step 1:** Restart the pod.", "Step 1: Restart the pod.", "**Step 2 - Restart the pod.**"],
        &["**Passo 1:** Reinicie o serviço.", "Passo 1: Reinicie o serviço.", "**Etapa 2 —** Verifique os logs."],
        &["**Paso 1:** Reinicie el servicio.", "Paso 1: Revise los registros.", "**Paso 2.1:** Revise los registros."],
    ];
    count(steps, 1, |c| c.manual_steps + c.prose_steps, |text| format!("## A\n\n{text}\n\nMore.\n"));
    let titles: [&[&str]; 3] = [
        &["**Step 2: Drain the node**\n\nDrain it through the console."],
        &["**Passo 2: Esvaziar o nó**\n\nEsvazie o nó pelo painel."],
        &["**Paso 2: Vaciar el nodo**\n\nRevise el nodo en el panel."],
    ];
    count(titles, 1, |c| c.manual_steps + c.prose_steps, |text| format!("## A\n\n{text}\n\nMore.\n"));
    let none: [&[&str]; 3] = [
        &["**Step 1:** The queue is full.", "**Step 1:**", "Step 1 was done.", "Step 1: never restart the pod."],
        &["**Fase 1:** Planejamento", "**Passo 1:** A fila está cheia.", "**Passo 1:** Não reinicie o serviço."],
        &["**Fase 1:** Planificación", "**Paso 1:** La cola está llena.", "**Paso 1:** No reinicie el servicio."],
    ];
    count(none, 0, |c| c.manual_steps + c.prose_steps, |text| format!("## A\n\n{text}\n\nMore.\n"));
}
