//! Cases side by side, with what to do in each, in three languages; and words that only quote, name or aim.

use crate::typed::typed;
use farol_api::graph::NodeKind;
use farol_runbook::{inspect, parse};

fn scenarios(text: &str) -> usize {
    inspect(text, None).1.scenarios
}

/// The titles of what people do themselves.
fn manual(text: &str) -> Vec<String> {
    let nodes = parse(text, None).graph.nodes.into_iter();
    nodes.filter(|n| n.kind == NodeKind::Manual && n.command.is_none()).map(|n| n.title).collect()
}

#[test]
fn items_that_name_a_case_each_are_alternatives() {
    for text in [
        "# X\n\n## Resposta\n\n- **Alerta de fila:**\n    1. Parar os produtores\n    2. Ver os registros\n- **Alerta de disco:**\n    1. Apagar o cache\n",
        "# X\n\n## Respuesta\n\n- **Alerta de cola:**\n    1. Detener los productores\n- **Alerta de disco:**\n    1. Borrar el caché\n",
        "# X\n\n## Response\n\n- **Alert on the queue:**\n    1. Stop the producers\n- **Alert on the disk:**\n    1. Clean the cache\n",
        "# X\n\n- Troubleshooting:\n  - `403` ao abrir a fila:\n    - Validar o papel do consumidor\n  - Pod não sobe:\n    - Rever o limite de memória\n",
        "# X\n\n## Solución de problemas\n\n- La página sale en blanco:\n  - Reiniciar el servidor\n- `timeout` al pagar:\n  - Revisar el banco\n",
        "# X\n\n## Troubleshooting\n\n- Blank page:\n  - Restart the server\n- `timeout` at the till:\n  - `systemctl restart till`\n",
        "# X\n\n## A loja não abre. O que fazer?\n\n### Acabei de instalar\n\n1. Verifique o DNS\n\n### Acabei de atualizar\n\n1. Volte a versão\n",
        "# X\n\n## La tienda no abre. ¿Qué hacer?\n\n### Instalación nueva\n\n1. Verifique el DNS\n\n### Recién actualizada\n\n1. Vuelva a la versión anterior\n",
        "# X\n\n## The shop does not open. What to do?\n\n### New installation\n\n1. Check the DNS\n\n### Just updated\n\n1. Put the old version back\n",
        "# X\n\n## Ubuntu\n\n```sh\napt install loja\n```\n\n## Arch Linux\n\n```sh\npacman -S loja\n```\n",
    ] {
        assert_eq!(scenarios(text), 2, "{text}");
    }
}

#[test]
fn parts_of_one_thing_are_no_alternatives() {
    for text in [
        "# X\n\n## Passos\n\n- Causa de tudo:\n  - Ver o disco\n- Causa do resto:\n  - Ver a rede\n",
        "# X\n\n## Pasos\n\n- Preparar:\n  - Avisar al equipo\n- Detener:\n  - Cerrar la cola\n",
        "# X\n\n## Steps\n\n- Before:\n  - Tell the team\n- After:\n  - Close the ticket\n",
        "# X\n\n## Alerts\n\n- Alert on the queue:\n  - above 100 for ten minutes\n- Alert on the disk:\n  - above 90 %\n",
    ] {
        assert_eq!(scenarios(text), 0, "{text}");
    }
}

#[test]
fn what_a_program_says_forbids_nothing() {
    for text in [
        "# X\n\nO que fazer quando a fila de pedidos não anda.\n\n## Troubleshooting\n\n- `Cannot connect to the daemon`:\n  - Reiniciar o agente\n",
        "# X\n\nQué hacer cuando la cola de los pedidos no avanza.\n\n## Pasos\n\n- `No se pudo abrir el zócalo`:\n  - Reiniciar el agente\n",
        "# X\n\n## Steps\n\n- `Could not open the socket`: restart the agent\n",
    ] {
        let nodes = parse(text, None).graph.nodes;
        assert!(nodes.iter().all(|node| node.kind != NodeKind::Prohibition), "{nodes:?}");
        assert_eq!(manual(text).len(), 1, "{text}");
    }
    // What stands behind it still does, and so does a warning in a code span.
    for text in [
        "# X\n\n## Passos\n\n- `Cannot connect to the daemon`: nunca execute `rm -rf /srv/loja`\n",
        "# X\n\n## Steps\n\n`Cannot open the socket`: never run this:\n\n```sh\nrm -rf /srv/shop\n```\n",
        "# X\n\n## Steps\n\n- `NEVER` run `rm -rf /srv/shop`\n",
    ] {
        assert_eq!(typed(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn what_a_part_is_for_is_no_step() {
    for text in [
        "# X\n\n## Fila\n\n- Escopo: mover os trabalhos\n- Passos:\n  - Parar os produtores\n",
        "# X\n\n## Cola\n\n- **Alcance:** mover los trabajos\n- **Objetivo:** validar la cola\n- Detener los productores\n",
        "# X\n\n## Queue\n\n- Scope: move the jobs\n- **Purpose:** check the queue\n- Stop the producers\n",
    ] {
        assert_eq!(manual(text).len(), 1, "{text}\n{:?}", manual(text));
    }
}

#[test]
fn names_of_what_programs_do_are_no_commands() {
    for text in [
        "# X\n\n## Passos\n\n- Credenciais: validar `docker login` + `docker push` na rede local\n- Se falhar, usar `kind load` com a imagem local\n- Executar `kubectl apply`\n",
        "# X\n\n## Pasos\n\n- Usar `docker tag` + `docker push`\n- Ejecutar `helm upgrade`\n",
        "# X\n\n## Steps\n\n- Use `kubectl exec` on the pod\n- Run `systemctl restart`\n",
    ] {
        assert_eq!(typed(text), Vec::<String>::new(), "{text}");
    }
    for (text, commands) in [
        (
            "# X\n\nQué hacer cuando la cola de los pedidos no avanza.\n\n## Pasos\n\n1. Ejecutar `top` o `htop` para ver quién gasta\n",
            &["top", "htop"][..],
        ),
        (
            "# X\n\nO que fazer quando a fila de pedidos não anda.\n\n## Passos\n\n1. Executar `free`, `htop`\n",
            &["free", "htop"],
        ),
        (
            "# X\n\n## Steps\n\n1. Run `docker login`, then `docker push shop:1`\n",
            &["docker login", "docker push shop:1"],
        ),
        (
            "# X\n\n## Emergência\n\n- [ ] Se não resolver, rebuild (`docker compose down && docker compose up -d`)\n",
            &["docker compose down && docker compose up -d"],
        ),
        ("# X\n\n## Pasos\n\n1. Abrir el cliente `psql` o `mysql`\n", &[]),
        ("# X\n\n## Steps\n\n1. Run `psql` and `mysql` clients are needed\n", &["psql"]),
    ] {
        assert_eq!(typed(text), commands, "{text}");
    }
}

#[test]
fn what_a_client_of_oracle_takes_is_typed_there() {
    for text in [
        "# X\n\n## Trocar\n\n```sql\n-- No primário\nSHUTDOWN IMMEDIATE;\nSTARTUP MOUNT;\nALTER DATABASE OPEN;\n```\n",
        "# X\n\n## Cambiar\n\n```sql\nshutdown abort\nstartup nomount;\nALTER DATABASE MOUNT;\n```\n",
        "# X\n\n## Switch\n\n```sql\nARCHIVE LOG LIST;\nRECOVER DATABASE;\nALTER DATABASE OPEN;\n```\n",
    ] {
        let nodes = parse(text, None).graph.nodes;
        let kinds: Vec<NodeKind> = nodes.iter().filter(|n| n.command.is_some()).map(|n| n.kind).collect();
        assert_eq!(kinds, [NodeKind::Manual, NodeKind::Manual, NodeKind::Sql], "{nodes:?}");
    }
    let told = "# X\n\n## Log\n\n```sql\nStartup of the instance: done.\nRecover what you can.\n```\n";
    assert_eq!(typed(told), Vec::<String>::new());
}

#[test]
fn a_remark_behind_an_assignment_is_no_sentence() {
    for text in [
        "# X\n\n## Passos\n\n```bash\nBASE=\"loja\"  # troque to yours\npg_dump \"$BASE\"\n```\n",
        "# X\n\n## Pasos\n\n```bash\nBASE=\"tienda\"  # Change to your base\npg_dump \"$BASE\"\n```\n",
        "# X\n\n## Steps\n\n```bash\nBASE=\"shop\"  # Change to your base\npg_dump \"$BASE\"\n```\n",
    ] {
        assert_eq!(typed(text).len(), 2, "{text}");
        assert_eq!(parse(text, None).parameters.len(), 0, "{text}");
    }
}

#[test]
fn what_a_comment_says_of_a_form_is_not_asked_for() {
    for text in [
        "# X\n\n## Passos\n\n```bash\n# Formato: /{ambiente}/{servico}\nls /srv\n```\n",
        "# X\n\n## Pasos\n\n```bash\n# Patrón: /{entorno}/{servicio}\nls /srv\n```\n",
        "# X\n\n## Steps\n\n```bash\n# Pattern: /{environment}/{service}\nls /srv\n```\n",
    ] {
        assert_eq!(inspect(text, None).1.placeholders, 0, "{text}");
    }
    let beside = "# X\n\n## Steps\n\n```bash\ndocker compose run --rm [service_name] [command]\n```\n";
    assert_eq!(inspect(beside, None).1.placeholders, 2);
    let usage = "# X\n\n## Steps\n\n```bash\nls [options]\n```\n";
    assert_eq!(inspect(usage, None).1.placeholders, 0);
}

#[test]
fn tasks_of_ruby_are_typed_though_their_label_says_source() {
    let text = "# X\n\n## Deploy\n\nPara hacer el deploy\n\n```ruby\ncap production deploy\ncap production jobs:stop    # Stop the jobs\n```\n";
    assert_eq!(typed(text).len(), 2);
    for source in [
        "cap production deploy\nset :branch, 'main'",
        "task :deploy do\n  rake db:migrate\nend",
        "rails = Rails.application\nrails.load",
    ] {
        assert_eq!(typed(&format!("# X\n\n## Deploy\n\n```ruby\n{source}\n```\n")), Vec::<String>::new(), "{source}");
    }
}

#[test]
fn orders_before_any_heading_and_in_other_words_are_steps() {
    for text in [
        "Guia da loja\n\nAbrir a página indicada e ver o estoque.\n\nDeve-se avisar a equipe.\n",
        "Guía de la tienda: qué hacer cuando la cola de los pedidos no avanza.\n\nIr a la página indicada y ver el stock.\n\nLuego se debe avisar al equipo.\n",
        "How to open the shop\n\nOpen the page and look at the stock.\n\nYou will need to tell the team.\n",
    ] {
        assert_eq!(manual(text).len(), 2, "{text}\n{:?}", manual(text));
    }
}

#[test]
fn what_runs_by_itself_is_shown() {
    let intros = [
        (
            "O que fazer quando a fila de pedidos da loja não anda.",
            "A loja está configurada para executar automaticamente ao iniciar:",
        ),
        ("O que fazer quando a fila de pedidos da loja não anda.", "Isso elimina a necessidade de executar à mão:"),
        ("Qué hacer cuando la cola de los pedidos de la tienda no avanza.", "Al arrancar se ejecuta automáticamente:"),
        (
            "Qué hacer cuando la cola de los pedidos de la tienda no avanza.",
            "Esto elimina la necesidad de ejecutar a mano:",
        ),
        ("What to do when the queue of the shop is stuck.", "At startup this is executed automatically:"),
        ("What to do when the queue of the shop is stuck.", "That removes the need to run by hand:"),
    ];
    for (intro, lead) in intros {
        let text = format!("# X\n\n{intro}\n\n## Y\n\n{lead}\n\n```bash\nrm -rf /srv/loja\n```\n");
        assert_eq!(typed(&text), Vec::<String>::new(), "{text}");
    }
    let intros = [
        ("O que fazer quando a fila de pedidos da loja não anda.", "Para executar automaticamente ao iniciar:"),
        ("O que fazer quando a fila de pedidos da loja não anda.", "Roda automaticamente à noite; para forçar:"),
        ("Qué hacer cuando la cola de los pedidos de la tienda no avanza.", "Si no se ejecuta automáticamente:"),
        ("Qué hacer cuando la cola de los pedidos de la tienda no avanza.", "Para que se ejecute automáticamente:"),
        ("What to do when the queue of the shop is stuck.", "To have it run automatically at startup:"),
        ("What to do when the queue of the shop is stuck.", "Configure it to run automatically:"),
        ("What to do when the queue of the shop is stuck.", "Update the shop without having to run the build:"),
        ("O que fazer quando a fila de pedidos da loja não anda.", "Atualize a loja sem precisar executar o build:"),
        ("What to do when the queue of the shop is stuck.", "It did not run automatically. Start it:"),
        ("What to do when the queue of the shop is stuck.", "It runs automatically at night, but it can be started:"),
    ];
    for (intro, lead) in intros {
        let text = format!("# X\n\n{intro}\n\n## Y\n\n{lead}\n\n```bash\nsystemctl enable loja\n```\n");
        assert_eq!(typed(&text).len(), 1, "{text}");
    }
}

#[test]
fn whom_to_call_is_listed_and_not_ordered() {
    let text = "# X\n\n## Escalation\n\n**If it takes longer than 30 minutes:**\n\n1. Escalate to the lead\n2. Consider:\n   - Temporarily disabling the till\n   - Enabling the page\n\n**Emergency contacts:**\n- Team lead: [contact]\n- Security: [contact]\n";
    let nodes = parse(text, None).graph.nodes;
    assert_eq!(nodes.iter().filter(|n| n.kind == NodeKind::Escalation).count(), 2, "{nodes:?}");
}

#[test]
fn headings_under_one_that_sorts_by_case_are_alternatives() {
    for (heading, first, second) in [
        ("Mitigação por cenário", "A) Fila parada", "B) Disco cheio"),
        ("Recovery by incident type", "A) Queue stuck", "B) Disk full"),
        ("Acciones por síntoma", "A) Cola parada", "B) Disco lleno"),
    ] {
        let text = format!("# X\n\n## {heading}\n\n### {first}\n\n1. Restart it.\n\n### {second}\n\n1. Clean it.\n");
        assert_eq!(scenarios(&text), 2, "{text}");
    }
    let text = "# X\n\n## Steps by the clock\n\n### A) Prepare\n\n1. Stop it.\n\n### B) Restore\n\n1. Start it.\n";
    assert_eq!(scenarios(text), 0);
    assert_eq!(typed("# X\n\n- If it fails, the script ends with `exit 1`.\n"), [""; 0]);
}

#[test]
fn headings_with_what_happens_and_what_to_do_in_bold_are_cases() {
    for (language, happens, act, names) in [
        (0, "What's happening.", "What to do.", ["Cold replica", "Queue building"]),
        (1, "O que acontece.", "O que fazer.", ["Réplica fria", "Fila crescendo"]),
        (2, "Qué está pasando.", "Qué hacer.", ["Réplica fría", "Cola en aumento"]),
    ] {
        let section =
            |name: &str| format!("## {name}\n\n**{happens}** It is cold.\n\n**{act}**\n\n1. Check the `shop` pod\n");
        let text =
            format!("# X\n\n{}\n\n{}\n{}", crate::intros::INTROS[language], section(names[0]), section(names[1]));
        assert_eq!(scenarios(&text), 2, "{text}");
    }
}

#[test]
fn by_hand_beside_another_way_is_a_choice() {
    for (language, way, hand) in
        [(0, "Via the pipeline", "Manually"), (1, "Via GitHub", "Manualmente"), (2, "Via GitHub", "De forma manual")]
    {
        let section = |name: &str| format!("### {name}\n\n1. Push the `shop` branch\n\n```sh\ngit push\n```\n");
        let text =
            format!("# X\n\n{}\n\n## Deploy\n\n{}\n{}", crate::intros::INTROS[language], section(way), section(hand));
        assert_eq!(scenarios(&text), 2, "{text}");
    }
}

#[test]
fn what_stands_under_a_decision_tree_is_a_choice() {
    for (language, tree) in [(0, "Decision tree"), (1, "Árvore de decisão"), (2, "Árbol de decisión")] {
        let section = |name: &str| format!("### {name}\n\n```sh\nsystemctl restart shop\n```\n");
        let text = format!(
            "# X\n\n{}\n\n## {tree}\n\n{}\n{}",
            crate::intros::INTROS[language],
            section("Boot"),
            section("Later")
        );
        assert_eq!(scenarios(&text), 2, "{text}");
    }
}

/// What stands between two ways and only tells of them parts them not.
#[test]
fn a_warning_between_two_options_does_not_part_them() {
    let texts = [
        (
            "What to do when the logs of the shop are gone.",
            "Option",
            "Caution",
            "It adds load for all others.",
            "Open the console.",
        ),
        (
            "O que fazer quando os logs da loja somem.",
            "Opção",
            "Cuidado",
            "Isso pesa para todos os outros.",
            "Abra o console.",
        ),
        (
            "Qué hacer cuando los registros de la tienda no están.",
            "Opción",
            "Cuidado",
            "Eso pesa a todos los demás.",
            "Abra la consola.",
        ),
    ];
    for (intro, option, caution, told, order) in texts {
        let text = |between: &str| {
            format!(
                "# X\n\n{intro}\n\n## {option} 1: A\n\n1. {order}\n\n## {caution}\n\n{between}\n\n## {option} 2: B\n\n1. {order}\n"
            )
        };
        assert_eq!(inspect(&text(told), None).1.scenarios, 2, "{option}");
        assert_eq!(inspect(&text(&format!("- {order}")), None).1.scenarios, 0, "{option}");
    }
}

/// "Problems with the network" over problems puts them in order, and "Causes and solutions" has solutions.
#[test]
fn headings_over_problems_are_none_themselves() {
    let texts = [
        (
            "What to do when the shop does not answer.",
            "Problems with",
            ["login", "orders"],
            "The login is not found",
            "The order is missing",
            "Causes and solutions",
            "Check the hour.",
        ),
        (
            "O que fazer quando a loja não responde.",
            "Problemas com",
            ["login", "pedidos"],
            "O código não é aceito",
            "Falha ao pedir",
            "Causas e soluções",
            "Verifique a hora.",
        ),
        (
            "Qué hacer cuando la tienda no responde.",
            "Problemas de",
            ["sesión", "pedidos"],
            "No puedo entrar",
            "Mi pedido no aparece",
            "Causas y soluciones",
            "Verifique la hora.",
        ),
    ];
    for (intro, with, [a, b], one, two, label, order) in texts {
        let text = format!(
            "# X\n\n{intro}\n\n## {with} {a}\n\n### {one}\n\n**{label}:**\n\n- {order}\n\n### {two}\n\n1. {order}\n\n\
             ## {with} {b}\n\n### {one}\n\n1. {order}\n\n### {two}\n\n1. {order}\n"
        );
        let counts = inspect(&text, None).1;
        assert_eq!((counts.scenarios, counts.manual_steps), (4, 4), "{text}");
    }
}
