//! What is meant to be typed stays so, though a word beside it sounds like a warning, a sentence or a tale.

use crate::typed::typed;
use farol_runbook::parse;

#[test]
fn a_label_may_say_what_was() {
    for text in [
        "# X\n\nWhat to do about the shop:\n\n- If the queue was stopped: `systemctl start shop`\n",
        "# X\n\nWhat to do about the shop:\n\n- Who was logged in: `last -n 20`\n",
        "# X\n\nO que fazer com a fila de pedidos da loja.\n\n- Se a fila foi parada: `systemctl start loja`\n",
        "# X\n\nO que fazer com a fila de pedidos da loja.\n\n- Quem foi conectado: `last -n 20`\n",
        "# X\n\nQué hacer con la cola de los pedidos de la tienda.\n\n- Si la cola fue detenida: `systemctl start tienda`\n",
        "# X\n\nQué hacer con la cola de los pedidos de la tienda.\n\n- Quién fue conectado: `last -n 20`\n",
    ] {
        assert_eq!(typed(text).len(), 1, "{text}");
    }
    for text in [
        "# X\n\n- What was run by mistake: `rm -rf /srv/shop`\n",
        "# X\n\n- The service was started with: `docker compose up -d`\n",
        "# X\n\nO que houve com a fila de pedidos da loja.\n\n- O que foi executado por engano: `rm -rf /srv/loja`\n",
        "# X\n\nQué pasó con la cola de los pedidos.\n\n- Lo que fue ejecutado por error: `rm -rf /srv/tienda`\n",
    ] {
        assert_eq!(typed(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn what_is_not_to_be_disturbed_runs() {
    for text in [
        "# X\n\nRun the migration (do not interrupt it):\n\n```bash\n./migrate.sh --all\n```\n",
        "# X\n\nRun the migration. Do not close the terminal:\n\n```bash\n./migrate.sh --all\n```\n",
        "# X\n\nO que fazer com a base de pedidos da loja.\n\nExecute a migração (não a interrompa):\n\n```bash\n./migrate.sh --all\n```\n",
        "# X\n\nQué hacer con la base de los pedidos de la tienda.\n\nEjecute la migración (no la interrumpa):\n\n```bash\n./migrate.sh --all\n```\n",
    ] {
        assert_eq!(typed(text), ["./migrate.sh --all"], "{text}");
    }
    for text in [
        "# X\n\nThe old migration (do not run it):\n\n```bash\n./migrate.sh --all\n```\n",
        "# X\n\nDrop the base (do not do this in production):\n\n```bash\n./migrate.sh --all\n```\n",
        "# X\n\nO que fazer com a base de pedidos da loja.\n\nApague a base (não fazer isto em produção):\n\n```bash\n./migrate.sh --all\n```\n",
        "# X\n\nRun the new one instead (never run this):\n\n```bash\n./migrate.sh --all\n```\n",
    ] {
        assert_eq!(typed(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_quoted_sentence_is_an_argument() {
    assert_eq!(typed("# X\n\n```bash\nwall \"The shop goes down to be mended\"\n```\n").len(), 1);
}

#[test]
fn a_recursive_query_is_one_statement() {
    let query = "WITH RECURSIVE tree (\n  id,\n  parent\n) AS (\n  SELECT id, parent FROM parts\n  UNION ALL\n  SELECT p.id, p.parent FROM parts p JOIN tree t ON t.id = p.parent\n)\nSELECT * FROM tree;";
    for label in ["sql", ""] {
        assert_eq!(typed(&format!("# X\n\n```{label}\n{query}\n```\n")), [query], "{label}");
    }
}

#[test]
fn what_comes_after_a_file_was_changed_is_typed() {
    for text in [
        "# X\n\nAdd to `/etc/shop/shop.conf` the new address and restart the shop:\n\n```bash\nsystemctl restart shop\n```\n",
        "# X\n\nO que fazer com a base de pedidos da loja.\n\nAdicione ao `.env` a chave nova e reinicie a loja:\n\n```bash\nsystemctl restart loja\n```\n",
        "# X\n\nQué hacer con la base de los pedidos de la tienda.\n\nAgregue al `.env` la clave nueva y reinicie la tienda:\n\n```bash\nsystemctl restart tienda\n```\n",
    ] {
        assert_eq!(typed(text).len(), 1, "{text}");
    }
    for text in [
        "# X\n\nAdd this to `/etc/hosts`:\n\n```bash\nexport A=1\nalias loja='ssh loja'\n```\n",
        "# X\n\nO que fazer com a base de pedidos da loja.\n\nColoque no `~/.bashrc`:\n\n```bash\nalias loja='ssh loja'\n```\n",
        "# X\n\nQué hacer con la base de los pedidos de la tienda.\n\nAñada al `~/.bashrc`:\n\n```bash\nalias tienda='ssh tienda'\n```\n",
    ] {
        assert_eq!(typed(text), Vec::<String>::new(), "{text}");
    }
}

/// Old Macs end lines with a carriage return alone: nothing of the text changes, and all of it is read.
#[test]
fn lines_that_end_in_a_carriage_return_are_read() {
    for (intro, order) in [
        ("What to do when the queue is stuck and the disk is full.", "Tell the team"),
        ("O que fazer quando a fila não anda e o disco enche.", "Avise a equipe"),
        ("Qué hacer cuando la cola no avanza y el disco se llena.", "Avise al equipo"),
    ] {
        let unix = format!(
            "---\nowner: x\n---\n\n# X\n\n{intro}\n\n## A\n\n```bash\ndf -h\nuptime\n```\n\n1. {order}\n2. {order}\n"
        );
        let wanted = parse(&unix, None);
        assert_eq!(wanted.graph.nodes.len(), 4);
        let mac = unix.replace('\n', "\r");
        let read = parse(&mac, None);
        assert_eq!(read.graph, wanted.graph, "{mac:?}");
        assert_eq!(read.front_matter, wanted.front_matter);
        for node in &read.graph.nodes {
            assert_eq!(mac[node.span.start..node.span.end].replace('\r', "\n"), unix[node.span.start..node.span.end]);
        }
        // Each of the three, but for one that would make another of the next.
        let lines: Vec<&str> = unix.lines().collect();
        let end = |at: usize| if lines.get(at + 1) == Some(&"") { "\r\n" } else { ["\r", "\n", "\r\n"][at % 3] };
        let mixed: String = lines.iter().enumerate().flat_map(|(at, line)| [*line, end(at)]).collect();
        let titles = |text: &str| {
            parse(text, None).graph.nodes.into_iter().map(|node| (node.title, node.line)).collect::<Vec<_>>()
        };
        assert_eq!(titles(&mixed), titles(&unix), "{mixed:?}");
    }
    let open = "# X\r\r```bash\rdf -h\r\r## B\r\r1. Tell the team\r";
    let (mended, found) = farol_runbook::mend(open);
    assert_eq!(found.len(), 1);
    assert_eq!(mended, "# X\r\r```bash\rdf -h\r```\r\r## B\r\r1. Tell the team\r");
}
