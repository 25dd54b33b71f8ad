//! What is to be done in the place of something else, and programs that nobody here knows.

use crate::each::each;

#[test]
fn what_is_to_be_done_instead_is_not_forbidden() {
    let read: [&[&str]; 3] = [
        &[
            "Never merge, **always** rebase. If files were changed, stash them.",
            "The limit can be raised, but should not exceed 3000.",
            "If any of the rows is red, do not proceed.",
            "DO NOT use `KEYS` here, this will freeze the server.\nInstead use:",
            "This task only reads the entry, never creates or owns it.",
        ],
        &[
            "NÃO use `KEYS` aqui. Em vez disso, rode:",
            "O limite pode subir, mas não deve exceder 3000.",
            "Se alguma linha vier vermelha, não prossiga.",
        ],
        &[
            "NO use `KEYS` aquí. En su lugar use:",
            "El límite puede subir, pero no debe exceder 3000.",
            "Si alguna fila sale en rojo, no continúe.",
        ],
    ];
    each(read, 1, |lead| format!("{lead}\n\n```bash\nshopctl queue list --all\n```\n"));
    let shown: [&[&str]; 3] = [
        &[
            "Never run it in production, always in staging:",
            "Never run this:",
            "Never run this in production. Always ask the DBA first:",
            "Never run this in production, always ask the DBA first:",
            "Never run this, always wait:",
            "If any of the rows is red, do not proceed:",
            "Do not run this. Instead, ask the DBA:",
            "Do not run this. Instead, call the on-call:",
            "Do not run this. Instead, wait for the lock to clear:",
            "Do not run this, it should not exceed anything:",
        ],
        &[
            "Nunca rode isto em produção, sempre em homologação:",
            "Não rode isto, que não deve exceder nada:",
            "Nunca rode isto em produção. Sempre peça ao DBA antes:",
            "Nunca rode isto, sempre chame o DBA:",
            "Não execute isto. Em vez disso, abra um chamado:",
        ],
        &[
            "Nunca ejecute esto en producción, siempre en pruebas:",
            "No ejecute esto, que no debe exceder nada:",
            "Nunca ejecute esto, siempre pregunte antes:",
            "No ejecute esto. En su lugar, llame al DBA:",
        ],
    ];
    each(shown, 0, |lead| format!("{lead}\n\n```bash\nshopctl queue list --all\n```\n"));
}

#[test]
fn a_transcript_without_an_answer_is_no_output() {
    let leads: [&[&str]; 3] = [
        &["Show the values of all keys.  Output values are decoded."],
        &["Mostra os valores. Saída esperada na tela."],
        &["Muestra los valores. Salida esperada en pantalla."],
    ];
    each(leads, 1, |lead| format!("{lead}\n\n```shell\n$ consul kv get -recurse shop\n```\n"));
    let answered: [&[&str]; 3] = [&["Example output:"], &["Saída esperada:"], &["Salida esperada:"]];
    each(answered, 0, |lead| format!("{lead}\n\n```shell\n$ consul kv get shop\nopen since nine\n```\n"));
}

#[test]
fn a_program_that_runs_another_one_is_read_without_a_label() {
    let read: [&[&str]; 3] = [
        &["shoptool aws s3 rm s3://shop-mirror/<file>", "shoptool env shop -- terraform plan"],
        &["lojatool aws s3 rm s3://espelho/<arquivo>", "lojatool env loja -- terraform plan"],
        &["tiendatool aws s3 rm s3://espejo/<archivo>", "tiendatool env tienda -- terraform plan"],
    ];
    each(read, 1, |line| format!("1. Remove it:\n\n   ```\n   {line}\n   ```\n"));
    let told: [&[&str]; 3] = [
        &["listen 8080", "keep git and docker/compose apart", "this aws takes the shop/orders over"],
        &["depois aws assume a loja/pedidos"],
        &["luego aws toma la tienda/pedidos"],
    ];
    each(told, 0, |line| format!("1. Remove it:\n\n   ```\n   {line}\n   ```\n"));
}

#[test]
fn where_the_text_asks_to_run_something_an_unknown_program_is_read() {
    let read: [&[&str]; 3] = [
        &["Run the following task to fill it again:", "Then execute:"],
        &["Execute a tarefa a seguir para encher de novo:", "Rode:"],
        &["Ejecute la tarea siguiente para llenarla de nuevo:", "Ejecute:"],
    ];
    each(read, 1, |lead| format!("{lead}\n\n```\nk exec deploy/shop -- orders:fill\n```\n"));
    each(read, 1, |lead| format!("{lead}\n\n```\nlojatool fila encher pedidos\n```\n"));
    each(read, 0, |lead| format!("{lead}\n\n```\nthe orders of the shop\n```\n"));
    each(read, 0, |lead| format!("{lead}\n\n```\nmaxmemory 2gb;\n```\n"));
    each(read, 0, |lead| format!("{lead}\n\n```\nserver web1 10.0.0.7:80 check\n```\n"));
    let told: [&[&str]; 3] = [&["It holds:"], &["Contém:"], &["Contiene:"]];
    each(told, 0, |lead| format!("{lead}\n\n```\nlojatool fila encher pedidos\n```\n"));
}

#[test]
fn a_program_that_the_document_types_is_read_wherever_it_stands_alone() {
    let typed = "```bash\nlojatool indice refazer -o\n```\n";
    let told: [&[&str]; 3] = [&["## Users"], &["## Usuários"], &["## Usuarios"]];
    each(told, 2, |heading| format!("{heading}\n\n```\nlojatool user list\n```\n\n{typed}"));
    each(told, 0, |heading| format!("{heading}\n\n```\nlojatool user list\n```\n"));
    let printed: [&[&str]; 3] = [
        &["You should get some version number output, like in the following:"],
        &["A saída traz a versão, como em:"],
        &["La salida trae la versión, como en:"],
    ];
    each(printed, 1, |lead| format!("{typed}\n{lead}\n\n```\nlojatool version v5.13.0\n```\n"));
}

#[test]
fn what_is_seen_by_typing_it_runs() {
    let read: [&[&str]; 3] =
        [&["You will see the new service:"], &["Você deve ver o serviço:"], &["Debe ver el servicio:"]];
    each(read, 1, |lead| {
        format!("{lead}\n\n```console\n$ kubectl get service shop\nNAME   TYPE\nshop   ClusterIP\n```\n")
    });
    // What was typed above is shown once more with its answer.
    let typed = "```bash\nkubectl get service shop\n```\n";
    let answer = "```console\n$ kubectl get service shop\nNAME   TYPE\nshop   ClusterIP\n```\n";
    each(read, 1, |lead| format!("{typed}\n{lead}\n\n{answer}"));
    let output: [&[&str]; 3] = [
        &["Expected output after you run it:"],
        &["Saída esperada depois de executar:"],
        &["Salida esperada después de ejecutar:"],
    ];
    each(output, 0, |lead| format!("{lead}\n\n{answer}"));
    let login: [&[&str]; 3] = [&["Log into the console:"], &["Log in na loja:"], &["Log in en la tienda:"]];
    each(login, 1, |lead| format!("{lead}\n\n```\nshoptool aws enter-shop -l\n```\n"));
}

#[test]
fn prompts_are_found_behind_long_names_under_other_labels_and_beside_an_answer() {
    let answer = "+ Cluster: shop ---+\n| Member | Host |\n";
    let host =
        "root@shop-database-primary-01-db-shop-production.c.shop-production-europe.internal:/var/log/shopdatabase";
    let read: [&[&str]; 3] = [&["Look:"], &["Olhe:"], &["Mire:"]];
    each(read, 1, |lead| format!("{lead}\n\n```\n{host}# shop-patronictl list\n{answer}```\n"));
    each(read, 1, |lead| format!("{lead}\n\n```ruby\n$ shop-rake orders:fill\nfilled\n```\n"));
    let run: [&[&str]; 3] = [
        &["To find them, you can run (example output):"],
        &["Para achar, rode (exemplo de saída):"],
        &["Para hallarlos, ejecute (ejemplo de salida):"],
    ];
    each(run, 1, |lead| format!("{lead}\n\n```console\n$ ceph osd tree\nID  CLASS\n```\n"));
}

#[test]
fn what_is_stored_for_later_runs() {
    let later = "Use it:\n\n```sh\naws rds restore --sg $group_id\n```\n";
    let read: [&[&str]; 3] = [
        &["Store the output as environment variables:"],
        &["Guarde a saída em variáveis de ambiente:"],
        &["Guarde la salida en variables de entorno:"],
    ];
    each(read, 2, |lead| format!("{lead}\n\n```sh\ngroup_id=\"<output>\"\n```\n\n{later}"));
}

#[test]
fn what_a_console_answers_is_not_typed() {
    let open = "Open it:\n\n```sh\nrails console\n```\n";
    let read: [&[&str]; 3] = [&["Delete the order:"], &["Apague o pedido:"], &["Borre el pedido:"]];
    each(read, 2, |lead| format!("{open}\n{lead}\n\n```ruby\nOrder.find(7).destroy\n=> true\n```\n"));
    each(read, 1, |lead| format!("{open}\n{lead}\n\n```ruby\n=> {{}}\n```\n"));
}

#[test]
fn scripts_that_the_shell_reads_and_what_follows_assignments_run() {
    let read: [&[&str]; 3] =
        [&["Run the import script."], &["Execute o script de importação."], &["Ejecute el script de importación."]];
    each(read, 1, |lead| format!("{lead}\n\n```console\n. import-shop.sh\n```\n"));
    let login: [&[&str]; 3] = [&["Log into the shop:"], &["Log em produção:"], &["Log de la tienda:"]];
    each(login, 2, |lead| format!("{lead}\n\n```sh\nROLE=admin\nkubectl config use-context $PLACE\n```\n"));
}

/// One block takes the other's place in a file; nobody types either.
#[test]
fn the_old_and_the_new_text_of_a_file_are_shown() {
    let between: [&[&str]; 3] = [&["To:", "With:"], &["Para:", "Por:"], &["Por:", "Con:"]];
    let block = |text: &str| format!("```yaml\n          {text}\n```\n");
    each(between, 0, |word| {
        let (old, new) = (block("sudo apt-get install -y jq"), block("sudo apt-get install -y jq bats"));
        format!("In the job, change:\n\n{old}\n{word}\n\n{new}")
    });
}

#[test]
fn a_root_prompt_over_columns_is_a_transcript() {
    let read: [&[&str]; 3] = [
        &[
            "avg-cpu:  %user   %nice   %system",
            "USER       PID   ELAPSED  COMMAND\nhaproxy   1827   99999 /usr/sbin/haproxy",
        ],
        &["avg-cpu:  %user   %nice   %system"],
        &["avg-cpu:  %user   %nice   %system"],
    ];
    each(read, 1, |answer| format!("# Disk\n\n```\n# iostat -x 1 3\n{answer}\n```\n"));
    // A remark over settings stays one.
    let settings: [&[&str]; 3] =
        [&["kind: Pod\nname: shop"], &["tipo: Pod\nnome: loja"], &["tipo: Pod\nnombre: tienda"]];
    each(settings, 0, |lines| format!("# Disk\n\n```\n# kubectl apply -f pod.yaml\n{lines}\n```\n"));
}

#[test]
fn what_only_looks_like_a_statement_or_a_program_is_shown() {
    let drawn: [&[&str]; 3] = [
        &["CREATE API\n   ↓\n[ACTIVE] ← Provisioned"],
        &["CREATE CONTA\n   ↓\n[ATIVA]"],
        &["CREATE CUENTA\n   ↓\n[ACTIVA]"],
    ];
    each(drawn, 0, |drawing| format!("# States\n\n```\n{drawing}\n```\n"));
    let code: [&[&str]; 3] = [
        &["ruby File.read('.ruby-version').chomp"],
        &["ruby File.read('.ruby-version')"],
        &["ruby File.read('.ruby-version')"],
    ];
    each(code, 0, |line| format!("# Version\n\n```ruby\n{line}\n```\n"));
    let read: [&[&str]; 3] = [
        &["CREATE ROLE shop LOGIN;", "REASSIGN OWNED BY a TO b;"],
        &["CREATE ROLE loja LOGIN;"],
        &["CREATE ROLE tienda LOGIN;"],
    ];
    each(read, 1, |line| format!("# Roles\n\n```sql\n{line}\n```\n"));
}

#[test]
fn what_was_done_once_and_what_stands_for_the_other_way_is_shown() {
    let leads: [&[&str]; 3] = [
        &[
            "We used to do this:",
            "This is how we did it before:",
            "Nobody runs this any more:",
            "This is not how we do it:",
            "We stopped doing this:",
            "Instead of this:",
            "Rather than:",
            "Previously:",
            "We avoid this:",
            "No longer needed:",
        ],
        &[
            "Nós não fazemos mais assim:",
            "Não é assim que fazemos:",
            "Antes fazíamos assim:",
            "Era assim que fazíamos:",
            "Ninguém roda mais isto:",
            "Paramos de fazer isto:",
            "Em vez disto:",
            "Ao invés de:",
            "Antigamente:",
            "Evitamos isto:",
            "Por favor, não:",
            "Não é mais necessário:",
        ],
        &[
            "Ya no hacemos esto:",
            "No es así como lo hacemos:",
            "Antes lo hacíamos así:",
            "Nadie ejecuta ya esto:",
            "Dejamos de hacer esto:",
            "En lugar de esto:",
            "En vez de:",
            "Antiguamente:",
            "Evitamos esto:",
            "Por favor, no:",
            "Ya no es necesario:",
        ],
    ];
    each(leads, 0, |lead| format!("## A\n\n{lead}\n\n```bash\nrm -rf /srv/a\n```\n"));
    // What is done in its place comes right behind these words, or is ordered beside them.
    let read: [&[&str]; 3] = [
        &["Instead:", "Instead of the server, restart the service:", "We used to do this by hand. Now run the script:"],
        &[
            "Em vez disso:",
            "Em vez de reiniciar o servidor, reinicie o serviço:",
            "Não fazemos mais isto à mão. Rode o script:",
        ],
        &[
            "En su lugar:",
            "En lugar de reiniciar el servidor, reinicie el servicio:",
            "Ya no hacemos esto a mano. Ejecute el script:",
        ],
    ];
    each(read, 1, |lead| format!("## A\n\n{lead}\n\n```bash\nls /srv/a\n```\n"));
}
