//! Ways of writing that documents nobody had looked at brought along.

use crate::each::each;
use farol_runbook::inspect;

#[test]
fn a_remark_far_behind_a_command_makes_no_columns_of_it() {
    let read: [&[&str]; 3] = [
        &["shopctl release fetch <node>      # for each node", "shopctl queue drop       # empties it"],
        &["shopctl release baixar <no>      # para cada nó", "lojactl fila limpar       # esvazia"],
        &["shopctl release bajar <nodo>      # por cada nodo", "tiendactl cola vaciar       # la vacía"],
    ];
    each(read, 1, |line| format!("```bash\n{line}\n```\n"));
    let names: [&[&str]; 3] = [
        &["apache          # the server\nsquid           # the proxy\n\"a name\"        # more"],
        &["apache          # o servidor\nsquid           # o proxy\nnagios          # mais"],
        &["apache          # el servidor\nsquid           # el proxy\nnagios          # más"],
    ];
    each(names, 0, |lines| format!("```bash\n{lines}\n```\n"));
    let column: [&[&str]; 3] = [&["source VARCHAR(20) NOT NULL"], &["source VARCHAR(20)"], &["source VARCHAR(20)"]];
    each(column, 0, |line| format!("```sql\n{line}\n```\n"));
}

/// What is not the dump is no prohibition; nobody who can log in is a problem.
#[test]
fn a_not_that_forbids_nothing_leaves_the_block_below_it() {
    let read: [&[&str]; 3] = [
        &["Always from the remote copy, not from the local dump."],
        &["**Sempre a partir da cópia remota**, não do dump local.", "Ninguém pode voltar a entrar. Conte as linhas:"],
        &[
            "**Siempre desde la copia remota**, no del dump local.",
            "Sin los hashes nadie puede volver a entrar. Contá las filas:",
            "Errores que hay que mirar, no ignorar. Contá las filas:",
        ],
    ];
    each(read, 1, |lead| format!("{lead}\n\n```bash\ndf -h /srv\n```\n"));
    let headings: [&[&str]; 3] =
        [&["Nobody can log in"], &["Ninguém pode entrar no painel"], &["\"Nadie puede entrar al panel\""]];
    each(headings, 1, |heading| format!("### {heading}\n\n```bash\ndf -h /srv\n```\n"));
    let shown: [&[&str]; 3] = [
        &["Nobody may run this:"],
        &["Ninguém pode executar isto:", "Ninguém deve rodar isto:"],
        &["Nadie puede ejecutar esto:", "Nadie debe correr esto:"],
    ];
    each(shown, 0, |lead| format!("{lead}\n\n```bash\ndf -h /srv\n```\n"));
}

#[test]
fn a_paragraph_that_begins_with_a_command_and_says_what_it_does_is_one() {
    let read: [&[&str]; 3] = [
        &["`npm run admin:password` — ends all sessions."],
        &["`npm run admin:senha` — encerra todas as sessões. Não depende do correio."],
        &["`npm run admin:clave` — cierra todas las sesiones. No depende del correo."],
    ];
    each(read, 1, |text| format!("### Access\n\n{text}\n"));
    let told: [&[&str]; 3] = [
        &["`npm run admin:password` ends all sessions.", "`npm run x` — never in production."],
        &["`npm run admin:senha` encerra as sessões.", "`npm run x` — nunca em produção."],
        &["`npm run admin:clave` cierra las sesiones.", "`npm run x` — nunca en producción."],
    ];
    each(told, 0, |text| format!("### Access\n\n{text}\n"));
    let asked: [&[&str]; 3] = [
        &["Decide whether it needs `npm run seed`"],
        &["Definir se precisa `npm run seed`"],
        &["Definir si se requiere `npm run seed`"],
    ];
    each(asked, 0, |text| format!("- {text}\n"));
}

#[test]
fn what_stands_in_brackets_behind_an_option_is_to_be_filled_in() {
    let count = |line: &str| inspect(&format!("# X\n\n```bash\n{line}\n```\n"), None).1.placeholder_list;
    assert_eq!(count("mysqldump -u [user] -p[password] [database] > x.sql"), ["[user]", "[password]", "[database]"],);
    assert_eq!(count("docker exec -it [container] sh"), ["[container]"]);
    assert_eq!(count("ls -l [abc]* && grep -r [error] ."), [""; 0]);
    assert_eq!(count("shop [options] [command]"), [""; 0]);
}

/// A request that a person sends is no command, so no token in it counts.
#[test]
fn tokens_of_requests_are_not_counted() {
    let text =
        "# X\n\n1. Repeat it:\n   - `GET /orders/{order_id}`\n\n2. Look:\n\n```bash\ncurl localhost/{shop}\n```\n";
    assert_eq!(inspect(text, None).1.placeholder_list, ["{shop}"]);
}

/// What a command asks the operator for is known to the commands behind it.
#[test]
fn what_is_read_behind_a_question_is_assigned() {
    let text = "# X\n\n```bash\nread -p \"Which namespace [shop]: \" NS; NS=${NS:-shop}\nread -sp 'Password: ' DB_PASSWORD; echo\nread -r -p \"Host: \" HOST\n```\n\n```bash\nkubectl -n $NS get pods\nmysql -h $HOST -p$DB_PASSWORD $OTHER\n```\n";
    assert_eq!(inspect(text, None).1.placeholder_list, ["$OTHER"]);
}

#[test]
fn settings_mounts_and_what_programs_printed_are_not_typed() {
    let blocks: [&[&str]; 3] = [
        &[
            "env|WORKER=python /srv/run.py --in {input}",
            "ini|shop = /usr/bin/shop --all",
            "|UUID=78A7-4532 /mnt/shop exfat defaults,uid=1001 0 0",
            "bash|/dev/sdb1 /srv ext4 defaults 0 2",
            "|/dev/sdd on /srv type xfs (rw,noatime)",
            "|git --version       -> git version 2.46\nnode --version      -> v24.11",
        ],
        &["env|WORKER=python /srv/run.py --in {entrada}"],
        &["env|WORKER=python /srv/run.py --in {entrada}"],
    ];
    each(blocks, 0, |text| {
        let (label, code) = text.split_once('|').unwrap_or(("", text));
        format!("Seen, visto:\n\n```{label}\n{code}\n```\n")
    });
    let address: [&[&str]; 3] = [
        &["Health check path", "Query the endpoint"],
        &["Verificar o caminho", "Consultar a rota"],
        &["Verificar la ruta", "Consultar la dirección"],
    ];
    each(address, 0, |lead| format!("- {lead}:\n\n```text\n/health\n```\n"));
}

/// In a path of Windows a backslash escapes nothing.
#[test]
fn what_stands_in_a_path_of_windows_is_to_be_filled_in() {
    let count = |line: &str| inspect(&format!("# X\n\n```bat\n{line}\n```\n"), None).1.placeholder_list;
    assert_eq!(count("robocopy \\\\build\\shop\\{version} D:\\sites\\<site> /MIR"), ["{version}", "<site>"]);
    assert_eq!(count("copy C:\\backup\\{day}\\shop.bak D:\\restore"), ["{day}"]);
    let shell = |line: &str| inspect(&format!("# X\n\n```bash\n{line}\n```\n"), None).1.placeholder_list;
    assert_eq!(shell("grep -E a\\{x} log && echo \\<b\\> \\\\ c:d"), [""; 0]);
}

#[test]
fn scripts_of_windows_in_a_folder_are_typed() {
    let block = |label: &str, line: &str| crate::typed::typed(&format!("# X\n\nRestart:\n\n```{label}\n{line}\n```\n"));
    assert_eq!(block("bat", "deploy\\shop\\start.bat --all"), ["deploy\\shop\\start.bat --all"]);
    assert_eq!(block("powershell", "jobs\\clean.ps1"), ["jobs\\clean.ps1"]);
    assert_eq!(block("", "C:\\shop\\start.bat"), [""; 0], "a path that is only named");
    assert_eq!(block("bat", "deploy\\shop\\notes.txt"), [""; 0]);
    let spans: [&[&str]; 3] =
        [&["Run `jobs\\clean.bat`"], &["Execute `jobs\\limpa.bat`"], &["Ejecute `jobs\\limpia.bat`"]];
    each(spans, 1, |text| format!("1. {text}\n"));
}

/// What a line ends in goes on behind a blank line and a comment, as in the shell.
#[test]
fn a_chain_goes_on_behind_a_blank_line() {
    let block = |text: &str| crate::typed::typed(&format!("# X\n\n```bash\n{text}\n```\n"));
    let chain = "# 1. owner\nchown -R web /srv/shop && \\\n\n# 2. reload\nnginx -t && \\\n\n# 3. tell\necho done";
    assert_eq!(block(chain).len(), 1);
    assert_eq!(block("docker stop web \\\n\ndocker start web").len(), 2, "only one line is joined");
    let tests = "[ -d \"/srv/shop\" ] && chown -R web /srv/shop || true\n[ -f x ] || touch x";
    assert_eq!(block(tests).len(), 2);
    assert_eq!(block("[ INFO ] started\n[ ] first"), [""; 0]);
    assert_eq!(block("[shop]\nname = web"), [""; 0]);
}

/// What only says when or where stands before a command in a paragraph.
#[test]
fn a_paragraph_that_leads_to_its_command_is_one() {
    let read: [&[&str]; 3] = [
        &[
            "On the server: `git pull --ff-only`.",
            "To go back: `git checkout v1`.",
            "If it fails, `docker restart web`.",
            "Then `docker restart web`.",
            "Check: `docker ps -a`",
        ],
        &[
            "No servidor: `git pull --ff-only`.",
            "Para voltar: `git checkout v1`.",
            "Se falhar, `docker restart web`.",
            "Depois `docker restart web`.",
            "**Verificação:** `docker ps -a` (em todos).",
        ],
        &[
            "En el servidor: `git pull --ff-only`.",
            "Para volver: `git checkout v1`.",
            "Si falla, `docker restart web`.",
            "Luego `docker restart web`.",
            "Ejecuta `docker restart web`.",
        ],
    ];
    each(read, 1, |text| format!("### Access\n\n{text}\n"));
    let told: [&[&str]; 3] = [
        &[
            "On the server: `git pull --ff-only` runs every night.",
            "If it fails, `docker restart web` was not run.",
            "The entry point: `node server.js --all`.",
            "Never on the server: `git pull --ff-only`.",
            "To ask for help: `/help <question>`",
        ],
        &["No servidor: `git pull --ff-only` roda toda noite.", "O que roda: `node server.js --all`."],
        &["El script ejecuta `docker restart web`.", "Lo que corre: `node server.js --all`."],
    ];
    each(told, 0, |text| format!("### Access\n\n{text}\n"));
}

#[test]
fn programs_of_windows_and_of_disks_are_known_without_a_label() {
    let block = |line: &str| crate::typed::typed(&format!("# X\n\nRestart:\n\n```\n{line}\n```\n"));
    for line in [
        "PowerShell -ExecutionPolicy Bypass -File start.ps1",
        "iisreset /restart",
        "wevtutil cl System",
        "iscsiadm -m session",
        "ping6 -c 3 db01",
        "update-grub",
    ] {
        assert_eq!(block(line), [line]);
    }
    let label = |line: &str| crate::typed::typed(&format!("# X\n\n```powershell\n{line}\n```\n"));
    assert_eq!(label("PowerShell -File start.ps1").len(), 1);
    assert_eq!(block("PowerShell 5.1 or later"), [""; 0]);
    assert_eq!(block("squid           the proxy\nhttpd           the server\nnamed           names"), [""; 0]);
    let pt = "# X\n\nO que fazer quando a fila de pedidos da loja não anda.\n\n- Saída do `shopctl status --all`\n";
    assert_eq!(crate::typed::typed(pt), [""; 0], "of it");
}

#[test]
fn what_a_check_of_several_tools_printed_is_not_typed() {
    let block = |text: &str| crate::typed::typed(&format!("# X\n\nTools:\n\n```\n{text}\n```\n"));
    let seen =
        "python    Python 3.13.5         OK\nkubectl   /usr/bin/kubectl OK\nsyft      NOT_INSTALLED    MISSING (scans)";
    assert_eq!(block(seen), [""; 0]);
    assert_eq!(block("kubectl get pods   # OK\ndocker  ps\necho OK").len(), 3);
}

/// The arrow that some shells prompt with is drawn by programs too.
#[test]
fn an_arrow_before_what_no_program_begins_is_output() {
    let block = |text: &str| crate::typed::typed(&format!("# X\n\nStart it:\n\n```\n{text}\n```\n"));
    let shown =
        "VITE v5.4.21  ready in 300 ms\n\n➜  Local:   http://localhost:5173/\n➜  Network: use --host\n➜  press h";
    assert_eq!(block(shown), [""; 0]);
    assert_eq!(block("➜  docker restart web\nweb"), ["docker restart web"]);
    assert_eq!(block("❯ ./start.sh --all"), ["./start.sh --all"]);
}

/// What the words before a block call a message, a file or what appears is not typed, where the label says nothing.
#[test]
fn more_words_for_what_appears_and_for_messages_and_files() {
    let shown: [&[&str]; 3] = [
        &[
            "You will see",
            "The command returns",
            "Message to post",
            "Copy this message",
            "The final file",
            "Cron entry",
        ],
        &["Você verá", "Deve aparecer", "O comando retorna", "Copie esta mensagem", "O arquivo deve ficar assim"],
        &["Verás algo así", "Debe aparecer", "El comando devuelve", "Copie este mensaje", "El archivo queda así"],
    ];
    each(shown, 0, |lead| format!("{lead}:\n\n```\ndocker start web\nweb\n```\n"));
    let read: [&[&str]; 3] = [
        &["Run it", "You should run", "See the log"],
        &["Deve ser reiniciado", "Veja o log", "Execute"],
        &["Debe reiniciarse", "Vea el log", "Ejecute"],
    ];
    each(read, 1, |lead| format!("{lead}:\n\n```\ndocker start web\n```\n"));
    let past: [&[&str]; 3] = [&["What was done"], &["O que foi feito"], &["Lo que se hizo"]];
    each(past, 0, |title| format!("## {title}\n\n```bash\ndocker start web\n```\n"));
}

#[test]
fn what_is_run_without_a_person_is_a_mention_in_an_item_too() {
    let told: [&[&str]; 3] = [
        &[
            "The pipeline runs `helm upgrade web ./chart`.",
            "The pipeline runs `helm upgrade` or `docker stack deploy web`.",
            "The deploy job executes: `kubectl apply -f web.yml`",
        ],
        &[
            "O pipeline executa `helm upgrade web ./chart`.",
            "O pipeline executa `helm upgrade` ou `docker stack deploy web`.",
        ],
        &[
            "El pipeline ejecuta `helm upgrade web ./chart`.",
            "El pipeline ejecuta `helm upgrade` o `docker stack deploy web`.",
        ],
    ];
    each(told, 0, |text| format!("## Steps\n\n1. {text}\n"));
    let orders: [&[&str]; 3] = [
        &[
            "Check that the job runs: `kubectl get jobs -n shop`",
            "Start the command: `./start.sh --all`",
            "If the pipeline runs, stop it: `./ci stop web`",
            "Restart: `kubectl rollout restart deploy/web`",
        ],
        &["Verifique se o job roda: `kubectl get jobs -n shop`", "Execute o comando: `./start.sh --all`"],
        &["Verificar que el job corre: `kubectl get jobs -n shop`", "Ejecute el comando: `./start.sh --all`"],
    ];
    each(orders, 1, |text| format!("## Steps\n\n1. {text}\n"));
    let nothing_to_copy: [&[&str]; 3] = [
        &["Upload it (e.g. using `aws s3 cp`)."],
        &["Subir o arquivo (ex. usando `aws s3 cp`)."],
        &["Subir el archivo (ej. usando `aws s3 sync`)."],
    ];
    each(nothing_to_copy, 0, |text| format!("## Steps\n\n1. {text}\n"));
}

#[test]
fn what_a_platform_starts_or_builds_with_is_a_setting() {
    let set: [&[&str]; 3] = [
        &[
            "**Start command**: `celery -A shop worker`",
            "Build command: `npm run build`",
            "Check that it uses: `gunicorn shop.wsgi`",
        ],
        &[
            "**Comando de início**: `celery -A shop worker`",
            "Build command: `npm run build`",
            "Verifique que usa: `gunicorn shop.wsgi`",
        ],
        &[
            "**Comando de inicio**: `celery -A shop worker`",
            "Comando de construcción: `npm run build`",
            "Verifica que use: `gunicorn shop.wsgi`",
        ],
    ];
    each(set, 0, |text| format!("## Steps\n\n1. Open the settings\n2. {text}\n"));
    each(set, 0, |text| format!("## Steps\n\n{text}\n"));
    let rows: [&[&str]; 3] = [
        &["| **Start command** | `npm start` |", "| Build Command | `npm ci && npm run build` |"],
        &["| Comando de início | `npm start` |", "| Comando de build | `npm run build` |"],
        &["| Comando de inicio | `npm start` |", "| Comando de construcción | `npm run build` |"],
    ];
    each(rows, 0, |row| format!("## Steps\n\n| Field | Command |\n|---|---|\n{row}\n"));
    let typed: [&[&str]; 3] =
        [&["| Restart | `npm start` |"], &["| Reiniciar | `npm start` |"], &["| Reiniciar | `npm start` |"]];
    each(typed, 1, |row| format!("## Steps\n\n| Field | Command |\n|---|---|\n{row}\n"));
}

#[test]
fn what_an_option_does_is_no_step() {
    let options: [&[&str]; 3] = [
        &[
            "`--clean`: Remove what is there",
            "`-T`: Read from stdin",
            "`--build` – Build the images (as `docker compose build web` does)",
        ],
        &["`--clean`: Remover o que existe", "`-T`: Ler da entrada"],
        &["`--clean`: Limpia objetos existentes", "`-T`: Lee de stdin"],
    ];
    for (language, items) in options.iter().enumerate() {
        for item in *items {
            let counts =
                inspect(&format!("# X\n\n{}\n\n**Options:**\n\n- {item}\n", crate::intros::INTROS[language]), None).1;
            assert_eq!((counts.manual_steps, counts.inline_commands), (0, 0), "{item}");
        }
    }
    let steps = inspect("# X\n\nHow to do it.\n\n## Steps\n\n- `web.yml`: Remove the port\n", None).1;
    assert_eq!(steps.manual_steps, 1);
}

#[test]
fn a_prompt_without_its_blank_is_one_before_a_short_name_too() {
    let block = |line: &str| format!("## Steps\n\n```bash\n{line}\nNAME    COMPLETIONS\nshop    0/1\n```\n");
    each([&["$k get jobs"], &["$k get jobs"], &["$kubectl get jobs"]], 1, block);
    each([&["$k jobs"], &["$k"], &["$K get jobs"]], 0, block);
}

/// How many steps for people are read, by language, from documents that these texts are put into.
fn steps(texts: [&[&str]; 3], want: usize, document: impl Fn(&str) -> String) {
    for (language, texts) in texts.iter().enumerate() {
        for text in *texts {
            let counts = inspect(&format!("# X\n\n{}\n\n{}", crate::intros::INTROS[language], document(text)), None).1;
            assert_eq!(counts.manual_steps + counts.prose_steps, want, "{text}");
        }
    }
}

#[test]
fn a_name_is_no_order_whatever_it_begins_with() {
    let names: [&[&str]; 3] = [
        &["`test_key_expires` - one hour", "test_key_expires → FAILED", "load_health_error"],
        &["`MYSQLUSER`", "verificar_dados.py – 40 linhas"],
        &["`MYSQLUSER`", "*Se descargará un `.sql` a tu disco (ej: `ochotier_laravel.sql`).*"],
    ];
    steps(names, 0, |name| format!("## Steps\n\n- {name}\n"));
    let orders: [&[&str]; 3] = [&["Test the key"], &["Verificar os dados"], &["Verificar los datos"]];
    steps(orders, 1, |order| format!("## Steps\n\n- {order}\n"));
}

#[test]
fn orders_to_a_friend_and_clicks_behind_a_place_are_steps() {
    let orders: [&[&str]; 3] = [
        &["On the left, click on \"New\""],
        &["Em Ajustes, click em \"Novo\"", "Login como administrador", "Descompacte o arquivo"],
        &[
            "En tu proyecto, click en \"+ New\"",
            "Busca y selecciona `TIENDA`",
            "Deja seleccionado el método",
            "Conéctate a tu servidor",
            "Descomprime el archivo",
            "Autoriza el acceso",
        ],
    ];
    steps(orders, 1, |order| format!("## Steps\n\n1. {order}\n"));
    let facts: [&[&str]; 3] = [
        &["In the panel"],
        &["Login funciona", "Login com senha errada"],
        &["Deja de responder", "Búsqueda de datos", "Marca de agua"],
    ];
    steps(facts, 0, |fact| format!("## Steps\n\n1. {fact}\n"));
}

#[test]
fn what_a_script_will_do_is_no_step() {
    let leads: [&[&str]; 3] = [&["This will:"], &["Isto fará:", "Isso irá:"], &["Esto hará:", "Esto hace:"]];
    let items = ["Remove old files", "Remover arquivos velhos", "Eliminar archivos viejos"];
    for (language, leads) in leads.iter().enumerate() {
        for lead in *leads {
            let text = format!(
                "# X\n\n{}\n\n## A\n\n```sh\n./clean.sh\n```\n\n{lead}\n1. {}\n",
                crate::intros::INTROS[language],
                items[language]
            );
            assert_eq!(inspect(&text, None).1.manual_steps, 0, "{text}");
        }
    }
}

#[test]
fn an_order_may_stand_below_a_label_in_one_paragraph() {
    let labels: [&[&str]; 3] = [
        &["**9.1. The API**\nOpen the page of the API."],
        &["**9.1. A API**\nAbra a página da API."],
        &["**9.1. Verificación (API)**\nNavegar a `https://api.shop/health`."],
    ];
    steps(labels, 1, |text| format!("## Check\n\n{text}\n\nMore of it.\n"));
    steps([&["**9.1. The API**\nThe page of the API."], &[], &[]], 0, |text| {
        format!("## Check\n\n{text}\n\nMore of it.\n")
    });
}

#[test]
fn what_we_do_not_do_and_what_an_attacker_did_is_shown() {
    let leads: [&[&str]; 3] = [
        &[
            "We do not do this:",
            "We never run these:",
            "The attacker ran:",
            "This used to be the way:",
            "The installer executes:",
        ],
        &[
            "Nós não fazemos isto:",
            "Nunca rodamos isso em produção:",
            "O atacante executou:",
            "Antes se fazia assim:",
            "O instalador executa:",
        ],
        &[
            "Nosotros no hacemos esto:",
            "Nunca corremos eso en producción:",
            "El atacante ejecutó:",
            "Antes se hacía así:",
            "El instalador ejecuta:",
        ],
    ];
    each(leads, 0, |lead| format!("## A\n\n{lead}\n\n```bash\nrm -rf /srv/a\n```\n"));
    let read: [&[&str]; 3] = [
        &["We do not do this by hand. Run the script:", "Look for what the attacker left:", "Run the installer:"],
        &["Não fazemos isto à mão. Rode o script:", "Procure o que o atacante deixou:", "Execute o instalador:"],
        &["No hacemos esto a mano. Ejecute el script:", "Busque lo que dejó el atacante:", "Ejecute el instalador:"],
    ];
    each(read, 1, |lead| format!("## A\n\n{lead}\n\n```bash\nls /srv/a\n```\n"));
}
