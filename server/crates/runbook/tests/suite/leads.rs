//! Where a step leads: to a scenario behind a condition, to a section by its title, to what a table's threshold asks for, and
//! to a function that its own block defines.

use farol_api::graph::{EdgeKind, NodeKind, StepGraph};
use farol_runbook::{inspect, parse};

use crate::intros::INTROS;
use crate::typed::typed;

/// Each go-to: the title of the step that it starts from, and of the one that it leads to.
fn gotos(text: &str) -> Vec<(String, String)> {
    let StepGraph { nodes, edges, .. } = parse(text, None).graph;
    let title = |id| nodes.iter().find(|node| node.id == id).map(|node| node.title.clone()).unwrap_or_default();
    edges
        .into_iter()
        .filter(|edge| edge.kind == EdgeKind::Goto)
        .map(|edge| (title(edge.from), title(edge.to)))
        .collect()
}

/// The conditions of the steps that a person does.
fn guarded(text: &str) -> Vec<(String, String)> {
    let nodes = parse(text, None).graph.nodes.into_iter().filter(|node| node.kind == NodeKind::Manual);
    nodes.filter_map(|node| Some((node.guard?, node.title))).collect()
}

#[test]
fn a_scenario_that_a_condition_points_to_is_gone_to() {
    for (scenario, words, intro) in [
        ("Scenario", "If it fails, see Scenario 2", "What to do when the queue of the shop is stuck."),
        ("Cenário", "Se falhar, ver Cenário 2", "O que fazer quando a fila da loja não anda."),
        ("Escenario", "Si falla, ver Escenario 2", "Qué hacer cuando la cola de la tienda no avanza."),
    ] {
        let text = format!(
            "# X\n\n{intro}\n\n## {scenario} 1: a\n\n1. `systemctl restart a`\n2. {words}\n\n## {scenario} 2: b\n\n1. `systemctl restart b`\n"
        );
        let found = gotos(&text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert!(found[0].1.contains('b'), "{found:?}");
        // Where there is no such scenario, nobody is sent there.
        assert_eq!(gotos(&text.replace(&format!("{scenario} 2\n"), &format!("{scenario} 7\n"))), [], "{text}");
    }
}

#[test]
fn a_title_that_a_step_sends_to_is_gone_to() {
    for (words, intro) in [
        ("Skip to Rollback", "What to do when the queue of the shop is stuck."),
        ("Go back to the section Rollback", "What to do when the queue of the shop is stuck."),
        ("Siga para a seção Rollback", "O que fazer quando a fila da loja não anda."),
        ("Pule para Rollback", "O que fazer quando a fila da loja não anda."),
        ("Volte para a seção Rollback", "O que fazer quando a fila da loja não anda."),
        ("Salte a Rollback", "Qué hacer cuando la cola de la tienda no avanza."),
        ("Regrese a la sección Rollback", "Qué hacer cuando la cola de la tienda no avanza."),
    ] {
        let text = format!(
            "# X\n\n{intro}\n\n## Deploy\n\n1. `systemctl restart a`\n2. {words}\n\n## Rollback\n\n1. `systemctl stop a`\n"
        );
        assert_eq!(gotos(&text).len(), 1, "{text}");
    }
}

#[test]
fn a_threshold_in_a_short_document_says_what_to_do() {
    for (header, orders) in [
        ("Lag | Action", ["Page the DBA", "Restart the consumer"]),
        ("Atraso | Ação", ["Acionar o DBA", "Reiniciar o consumidor"]),
        ("Retraso | Acción", ["Llamar al DBA", "Reiniciar el consumidor"]),
    ] {
        let [first, second] = orders;
        let text = format!("# T\n\n| {header} |\n|---|---|\n| > 300s | {first} |\n| > 60s | {second} |\n");
        let wanted = [("> 300s".to_owned(), first.to_owned()), ("> 60s".to_owned(), second.to_owned())];
        assert_eq!(guarded(&text), wanted, "{text}");
    }
}

#[test]
fn what_calls_a_function_runs_with_its_definition() {
    for define in ["clean() {", "function clean {", "function clean() {"] {
        let script = format!("{define}\n  rm -f \"$1\"\n}}\n\n# now\nclean /tmp/x");
        let text = format!("# X\n\n```bash\ndate\n{script}\nuptime\n```\n");
        assert_eq!(typed(&text), ["date", &script, "uptime"], "{text}");
        assert_eq!(inspect(&text, None).1.commands, 4, "a person counts the definition and the call");
    }
    let apart = "# X\n\n```bash\nclean() {\n  rm -f /tmp/x\n}\nls clean\n```\n";
    assert_eq!(typed(apart), ["clean() {\n  rm -f /tmp/x\n}", "ls clean"]);
}

#[test]
fn what_is_done_again_is_an_order() {
    for (intro, words) in [
        ("O que fazer quando a fila da loja não anda.", ["Religue o nó", "Reabra a conexão"]),
        ("Qué hacer cuando la cola de la tienda no avanza.", ["Si sigue fallando, llama al DBA", "Reintenta la carga"]),
    ] {
        let [first, second] = words;
        let text = format!("# X\n\n{intro}\n\n1. {first}\n2. {second}\n");
        let nodes = parse(&text, None).graph.nodes;
        assert_eq!(nodes.iter().filter(|node| node.kind == NodeKind::Manual).count(), 2, "{text}");
    }
}

/// Each go-to of a text in a language: the lines that it starts from and that it leads to.
fn lines(language: usize, text: &str) -> Vec<(usize, usize)> {
    let StepGraph { nodes, edges, .. } = parse(&format!("# X\n\n{}\n\n{text}\n", INTROS[language]), None).graph;
    let line = |id| nodes.iter().find(|node| node.id == id).map_or(0, |node| node.line - 4);
    let gotos = edges.into_iter().filter(|edge| edge.kind == EdgeKind::Goto);
    gotos.map(|edge| (line(edge.from), line(edge.to))).collect()
}

#[test]
fn a_step_of_the_same_list_is_gone_to_by_its_number() {
    for (language, steps, ways) in [
        (
            0,
            ["Restart the queue", "Check the disk"],
            &["Return to step 1", "If it fails, go back to step 1", "Repeat steps 1-2", "If not, see step 1 above"][..],
        ),
        (
            1,
            ["Reinicie a fila", "Verifique o disco"],
            &[
                "Volte ao passo 1",
                "Se falhar, repita o passo 1",
                "Ir para a etapa 1",
                "Se não, ver passo 1",
                "Retorne ao item 1",
            ],
        ),
        (
            2,
            ["Reinicie la cola", "Verifique el disco"],
            &["Vuelva al paso 1", "Si falla, repita el paso 1", "Ir al paso 1", "Si no, véase el paso 1"],
        ),
    ] {
        let [first, second] = steps;
        for way in ways {
            let text = format!("## A\n\n1. {first}\n2. {second}\n3. {way}\n\n## B\n\n1. {second}\n2. {first}");
            assert_eq!(lines(language, &text), [(5, 3)], "{text}");
            let nested = format!("## A\n\n1. {first}\n2. {second}\n3. {second}:\n   - {way}\n");
            assert_eq!(lines(language, &nested), [(6, 3)], "{nested}");
            let missing = text.replace('1', "9");
            assert_eq!(lines(language, &missing.replace("9. ", "1. ")), [], "{missing}");
        }
    }
}

#[test]
fn a_number_leads_to_the_only_step_that_has_it() {
    for (language, step, orders, way) in [
        (0, "Step", ["Restart the queue", "Check the disk"], "If it is full, go back to step 2."),
        (1, "Passo", ["Reinicie a fila", "Verifique o disco"], "Se estiver cheio, volte ao passo 2."),
        (2, "Paso", ["Reinicie la cola", "Verifique el disco"], "Si está lleno, vuelva al paso 2."),
    ] {
        let [first, second] = orders;
        for (text, wanted) in [
            // Headings that are called so, or only have numbers.
            (
                format!(
                    "## {step} 1: {first}\n\n- `systemctl restart a`\n\n## {step} 2: {second}\n\n- `df -h`\n\n## C\n\n{way}"
                ),
                &[(11, 7)][..],
            ),
            (
                format!("## 1. {first}\n\n- `systemctl restart a`\n\n## 2. {second}\n\n- `df -h`\n\n## 3. C\n\n{way}"),
                &[(11, 7)],
            ),
            // Labels.
            (
                format!(
                    "## A\n\n**{step} 1:** {first}\n\n- `systemctl restart a`\n\n**{step} 2:** {second}\n\n- `df -h`\n\n{way}"
                ),
                &[(11, 9)],
            ),
            // Comments in a block.
            (
                format!("## A\n\n```bash\n# 1. {first}\nsystemctl restart a\n\n# 2. {second}\ndf -h\n```\n\n{way}"),
                &[(11, 8)],
            ),
            // A list before the words.
            (format!("## A\n\n1. {first}\n2. {second}\n\n{way}\n\n## B\n\n1. {first}\n2. {second}"), &[(6, 4)]),
            // Nobody can tell which of two is meant.
            (format!("## A\n\n1. {first}\n2. {second}\n\n## B\n\n1. {first}\n2. {second}\n\n## C\n\n{way}"), &[]),
            (
                format!(
                    "## {step} 1: {first}\n\n`systemctl restart a`\n\n## {step} 2: {second}\n\n`df -h`\n\n## {step} 3: C\n\n1. {first}\n2. {second}\n3. {way}"
                ),
                &[],
            ),
        ] {
            assert_eq!(lines(language, &text), wanted, "{text}");
        }
    }
}

#[test]
fn what_names_a_step_without_sending_there_leads_nowhere() {
    let list = |first: &str, second: &str, words: &str| format!("## A\n\n1. {first}\n2. {second}\n3. {words}");
    for (language, first, second, words) in [
        (0, "Restart the queue", "Check the disk", "Do not return to step 1"),
        (0, "Restart the queue", "Check the disk", "Use the value from step 1"),
        (0, "Restart the queue", "Check the disk", "Repeat step 1 of the restore runbook"),
        (1, "Reinicie a fila", "Verifique o disco", "Não volte ao passo 1"),
        (1, "Reinicie a fila", "Verifique o disco", "Use o valor do passo 1"),
        (2, "Reinicie la cola", "Verifique el disco", "No vuelva al paso 1"),
        (2, "Reinicie la cola", "Verifique el disco", "Use el valor del paso 1"),
    ] {
        assert_eq!(lines(language, &list(first, second, words)), [], "{words}");
    }
}

/// Who goes back does nothing else; who does more, does it first.
#[test]
fn a_step_that_orders_more_than_to_go_back_stays_one() {
    let kinds = |words: &str| {
        let runbook = parse(&format!("# X\n\n## A\n\n1. Restart the queue\n2. {words}\n"), None);
        let resolved = runbook.references.iter().filter(|reference| reference.section.is_some()).count();
        (runbook.graph.nodes[1].kind, resolved)
    };
    assert_eq!(kinds("If it fails, go back to step 1"), (NodeKind::Goto, 1));
    assert_eq!(kinds("Go back to step 1 and do the same for each of the hosts"), (NodeKind::Manual, 1));
    assert_eq!(kinds("Restart the disk, then return to step 1"), (NodeKind::Manual, 1));
    assert_eq!(kinds("Copy the address (see step 1)"), (NodeKind::Manual, 1));
}

/// What only mentions where to look is still to be done, and ticked.
#[test]
fn an_order_that_mentions_a_section_stays_a_step() {
    let kind = |section: &str, words: &str| {
        let [at, look] = [section, "Look"];
        let text = format!(
            "# X\n\n## 3. A\n\n1. {words}\n\n## 4. {look}\n\n1. Verify it. Verificar a fila.\n\n## {at} 2: b\n\n`df -h`\n"
        );
        let StepGraph { nodes, edges, .. } = parse(&text, None).graph;
        (nodes[0].kind, edges.iter().filter(|edge| edge.kind == EdgeKind::Goto && edge.from == nodes[0].id).count())
    };
    for (scenario, words) in [
        ("Scenario", "Restart the pod (see Section 4)."),
        ("Scenario", "Reset the cache. See section 4 for details."),
        ("Scenario", "Restart the pod, then see Scenario 2"),
        ("Cenário", "Reinicie o pod (ver seção 4)"),
        ("Cenário", "Limpe o cache. Ver o Cenário 2."),
        ("Escenario", "Reinicie el pod (ver sección 4)"),
        ("Escenario", "Limpie la caché: ver el Escenario 2"),
    ] {
        assert_eq!(kind(scenario, words), (NodeKind::Manual, 1), "{words}");
    }
    for (scenario, words) in [
        ("Scenario", "If it fails, see section 4"),
        ("Scenario", "Then go to section 4."),
        ("Scenario", "If it is still down: go to Scenario 2"),
        ("Cenário", "Se falhar, ver seção 4"),
        ("Cenário", "Se não resolver, vá para o Cenário 2"),
        ("Escenario", "Si falla, vaya a la sección 4"),
    ] {
        assert_eq!(kind(scenario, words), (NodeKind::Goto, 1), "{words}");
    }
}

/// "Stage 2" is not "Step 2", and a heading counts before the lists below it.
#[test]
fn a_step_is_told_by_what_it_is_called() {
    let text = "### Step 1: a\n\n- `systemctl restart a`\n\n### Step 2: b\n\n- `df -h`\n\n### C\n\n1. Go to stage 2";
    assert_eq!(lines(0, text), []);
    assert_eq!(lines(0, &text.replace("to stage", "to step")), [(11, 7)]);
    let below = "- If so, follow step 1 below\n\n### 1. Restart the queue\n\n1. Open the page\n2. Restart it\n\n### 2. Check it\n\n1. Open the disk";
    assert_eq!(lines(0, below), [(1, 5)]);
}
