//! Marks at the ends of lines and around names: what goes on below, what is only named, what is to be filled in; in three languages.

use crate::each::each;
use crate::intros::INTROS;
use crate::typed::typed;
use farol_api::graph::NodeKind;
use farol_runbook::{inspect, parse};

fn document(language: usize, text: &str) -> String {
    format!("# X\n\n{}\n\n## A\n\n{text}", INTROS[language])
}

/// Half of such a command would run with its options left out.
#[test]
fn a_command_that_goes_on_as_in_windows_is_whole() {
    for (label, command) in [
        ("bash", "pg_restore ^\n  --dbname=shop ^\n  --clean ^\n  shop.dump"),
        ("", "docker run ^\n  -d ^\n  web"),
        ("sh", "docker run `\n  -d web `\n  --rm"),
    ] {
        let text = document(0, &format!("```{label}\n{command}\nls -l\n```\n"));
        assert_eq!(typed(&text), [command, "ls -l"], "{text}");
        // No shell that Farol starts knows such ends of lines.
        let kinds: Vec<_> = parse(&text, None).graph.nodes.iter().map(|node| node.kind).collect();
        assert_eq!(kinds, [NodeKind::Manual, NodeKind::Shell], "{text}");
    }
}

#[test]
fn what_something_else_runs_is_only_named() {
    let told: [&[&str]; 3] = [
        &["- The job `./tidy.sh --all` run by cron at night", "- `./tidy.sh --all` executed by the scheduler"],
        &["- O comando `./limpa.sh --tudo` rodado por cron externo", "- `./limpa.sh --tudo` executado pelo cron"],
        &["- El comando `./limpia.sh --todo` ejecutado por cron externo"],
    ];
    each(told, 0, |item| item.to_owned());
    // What a list wants done by the reader is to be typed.
    let read: [&[&str]; 3] = [
        &["- [ ] `./move.sh --all` executed without an error"],
        &["- [ ] `./move.sh --all` executado sem erro"],
        &["- [ ] `./move.sh --all` ejecutado sin error"],
    ];
    each(read, 1, |item| item.to_owned());
}

/// "Change: … To: …" in a file that was opened, where the second would overwrite what the shell has.
#[test]
fn the_new_line_of_a_file_is_not_typed_either() {
    let texts: [&[&str]; 3] = [&["Change/To"], &["Alterar/Para", "Trocar/Por"], &["Cambiar/Por"]];
    each(texts, 1, |words| {
        let (old, new) = words.split_once('/').unwrap_or_default();
        format!(
            "```bash\n# Open it\nnano .env\n\n# {old}:\nDATABASE_URL=postgres://old\n\n# {new}:\nDATABASE_URL=postgres://new\n```\n"
        )
    });
}

#[test]
fn an_example_and_the_same_filled_in_are_shown() {
    let texts: [&[&str]; 3] = [&["becomes", "becomes:"], &["torna-se:", "vira"], &["pasa a ser:"]];
    each(texts, 1, |word| {
        format!(
            "A full address has the server in it.\n\n```\n./copy.sh list <address>\n```\n\n{word}\n\n```\n./copy.sh list ssh://web/repo\n```\n\n\
             ### List\n\n```\n./copy.sh list <address>\n```\n"
        )
    });
}

#[test]
fn a_look_in_the_place_of_what_is_forbidden_is_read() {
    let read: [&[&str]; 3] = [
        &["# Do NOT mount sda2 yet\n# Only check that it is there"],
        &["# NÃO montar sda2 ainda\n# Apenas verificar se existe"],
        &["# NO montar sda2 en escritura todavía\n# Solo verificar que existe"],
    ];
    each(read, 1, |comment| format!("```bash\n{comment}\nfdisk -l /dev/sda\n```\n"));
    each(read, 0, |comment| format!("```bash\n{comment}\nmount /dev/sda2 /mnt\n```\n"));
    let shown: [&[&str]; 3] = [
        &["# Do NOT run this yet\n# Only check that it is there", "# Do NOT mount sda2 yet\n# Only with the other key"],
        &["# NÃO executar ainda\n# Apenas verificar se existe"],
        &["# NO ejecutar todavía\n# Solo verificar que existe", "# NO montar sda2\n# Está en uso"],
    ];
    each(shown, 0, |comment| format!("```bash\n{comment}\nmount /dev/sda2 /mnt\n```\n"));
}

#[test]
fn a_command_above_the_first_prompt_of_a_console_is_typed() {
    for language in 0..3 {
        let text = document(
            language,
            "```console\nkubectl -n shop get pod -l app=web\n$ kubectl -n shop exec -it <pod> -- bash\n```\n",
        );
        assert_eq!(typed(&text).len(), 2, "{text}");
        let told = document(language, "```console\nNAME READY STATUS\nweb-1 1/1 Running\n$ kubectl get pod -A\n```\n");
        assert_eq!(typed(&told), ["kubectl get pod -A"], "{told}");
    }
}

#[test]
fn logs_that_show_no_errors_deny_nothing() {
    let read: [&[&str]; 3] = [
        &["- [ ] Logs do not show errors (`pm2 logs web`)"],
        &["- [ ] Logs do servidor não mostram erros (`pm2 logs web`)", "- [ ] O log não contém erros (`pm2 logs web`)"],
        &["- [ ] Los logs no muestran errores (`pm2 logs web`)"],
    ];
    each(read, 1, |item| item.to_owned());
    let told: [&[&str]; 3] = [
        &["- [ ] The service was not restarted (`pm2 restart web`)"],
        &["- [ ] O serviço não foi reiniciado (`pm2 restart web`)"],
        &["- [ ] El servicio no se reinició (`pm2 restart web`)"],
    ];
    each(told, 0, |item| item.to_owned());
}

#[test]
fn what_is_to_be_found_out_is_no_condition() {
    for (language, item) in [
        (0, "- Test the shop, verifying if the order was assigned"),
        (1, "- Testar a loja criando um pedido e verificando se foi atribuído"),
        (1, "- Definir se serão usadas mensagens ou o telefone"),
        (1, "- Listar as ferramentas; definir como e quando elas devem ser usadas"),
        (2, "- Probar la tienda creando un pedido y verificando si fue asignado"),
    ] {
        let nodes = parse(&document(language, item), None).graph.nodes;
        let found: Vec<_> = nodes.iter().map(|node| (node.kind, node.guard.as_deref())).collect();
        assert_eq!(found, [(NodeKind::Manual, None)], "{item}");
    }
}

#[test]
fn what_stands_for_a_stamp_an_address_or_a_secret_is_asked_for() {
    for (text, tokens) in [
        ("bash restore.sh copies/shop-TIMESTAMP.sql.gz", &["TIMESTAMP"][..]),
        ("tar -xzf shop_FECHA.tar.gz", &["FECHA"]),
        ("cp shop-DATE.sql old/", &["DATE"]),
        ("psql \"DATABASE_URL\"", &["DATABASE_URL"]),
        ("pg_restore --dbname=\"DATABASE_URL\" --clean shop.dump", &["DATABASE_URL"]),
        ("node -e \"console.log(hash('SuaSenhaAqui', 10))\"", &["SuaSenhaAqui"]),
        ("psql -c \"ALTER USER shop WITH PASSWORD 'NOVA_SENHA'\"", &["NOVA_SENHA"]),
        ("date; echo $BUILD_DATE.sql %BUILD-DATE%", &["$BUILD_DATE"]),
        ("docker run -e \"DATABASE_URL\" web", &[]),
        ("docker run --label build-DATE web", &[]),
    ] {
        let text = document(0, &format!("```bash\n{text}\n```\n"));
        assert_eq!(inspect(&text, None).1.placeholder_list, tokens, "{text}");
    }
    for (text, tokens) in [
        ("ALTER USER shop WITH PASSWORD 'NUEVA_CONTRASEÑA';", &["NUEVA_CONTRASEÑA"][..]),
        ("CREATE USER shop IDENTIFIED BY 'SENHA_FORTE';", &["SENHA_FORTE"]),
        ("INSERT INTO users (name, hash) VALUES ('a', '$2a$10$YourHashedPasswordHere');", &["YourHashedPasswordHere"]),
        ("INSERT INTO users (name, hash) VALUES ('a', '$2b$12$...');", &["..."]),
        ("ALTER USER shop WITH PASSWORD 'Tango-42';", &[]),
        ("SELECT TIMESTAMP '2026-01-01';", &[]),
        ("SELECT name FROM t WHERE kind = 'PASSWORD';", &[]),
    ] {
        let text = document(0, &format!("```sql\n{text}\n```\n"));
        assert_eq!(inspect(&text, None).1.placeholder_list, tokens, "{text}");
    }
}

#[test]
fn a_problem_that_is_over_is_no_arm() {
    let texts = [
        (0, "Error", "**Status**: already fixed in `urls.py`"),
        (1, "Erro", "✅ **CORRIGIDO** - Substituído por `json()`"),
        (1, "Erro", "**Status**: Já corrigido no arquivo"),
        (2, "Error", "**Estado**: Ya corregido en el archivo"),
    ];
    for (language, word, over) in texts {
        let text = format!("### {word} 1: no match\n\n{over}\n\n### {word} 2: no views\n\n{over}\n");
        assert_eq!(inspect(&document(language, &text), None).1.scenarios, 0, "{text}");
    }
    let open = "### Erro 1: sem rede\n\n**Status**: aberto\n\n1. Reiniciar o roteador\n\n### Erro 2: sem disco\n\n1. Apagar os logs\n";
    assert_eq!(inspect(&document(1, open), None).1.scenarios, 2);
}

#[test]
fn examples_rules_and_what_comes_out_order_nothing() {
    for (language, text) in [
        (0, "1. **Who speaks to the press?**\n   - *Example:* Name a speaker and tell the others\n"),
        (1, "1. **Quais papéis são necessários?**\n   - *Exemplo:* Identificar um líder de evacuação\n"),
        (2, "1. **¿Qué roles hacen falta?**\n   - *Ejemplo:* Identificar un líder de evacuación\n"),
        (2, "```bash\nbash scripts/backup.sh\n```\n\n- Genera: `backups/shop-2026.sql.gz`\n- Solo la base\n"),
        (1, "```bash\nbash scripts/backup.sh\n```\n\n- Gera: `backups/shop-2026.sql.gz`\n"),
        (0, "### Golden rules\n\n- Document each run\n"),
        (1, "### Regras de ouro do rollback\n\n- Documentar cada execução\n"),
        (2, "### 🧠 Reglas de oro del rollback DB\n\n- Documentar cada ejecución\n"),
        (0, "## Escalation\n\n- **Status Page**: https://status.shop.example\n- **CDN**: [Provider status page]\n"),
    ] {
        assert_eq!(inspect(&document(language, text), None).1.manual_steps, 0, "{text}");
    }
    assert_eq!(inspect(&document(2, "- Genera: una clave nueva\n"), None).1.manual_steps, 1);
    assert_eq!(inspect(&document(0, "## Escalation\n\n- Page the DBA\n"), None).1.manual_steps, 1);
}

#[test]
fn a_query_that_a_machine_translated_is_left_to_a_person() {
    for (language, query) in [
        (
            2,
            "SELECCIONAR origen, suma (bytes) como total FROM flujos\nWHERE (origen = '192.0.2.1')\nORDENAR POR total DESC",
        ),
        (1, "SELECIONAR origem\nFROM fluxos\nWHERE origem = '192.0.2.1'"),
    ] {
        let text = document(language, &format!("1. A\n\n```\n{query}\n```\n"));
        assert_eq!(typed(&text), [query], "{text}");
        let nodes = parse(&text, None).graph.nodes;
        assert!(nodes.iter().all(|node| !matches!(node.kind, NodeKind::Sql | NodeKind::Shell)), "{text}");
    }
    for words in ["SELECCIONAR TODO", "SELECCIONAR una opción del menú\ny pulsar Intro"] {
        let text = document(2, &format!("```\n{words}\n```\n"));
        assert_eq!(typed(&text), [""; 0], "{text}");
    }
}
