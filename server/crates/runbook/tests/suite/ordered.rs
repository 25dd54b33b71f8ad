//! What is ordered in other words: behind a purpose, behind a label, or in the place of what somebody does not choose.

use crate::each::each;
use crate::intros::INTROS;
use crate::typed::typed;
use farol_runbook::{Counts, inspect};

fn counts(language: usize, text: &str) -> Counts {
    inspect(&document(language, text), None).1
}

fn document(language: usize, text: &str) -> String {
    format!("# X\n\n{}\n\n## A\n\n{text}\n", INTROS[language])
}

#[test]
fn what_somebody_does_not_choose_is_not_forbidden() {
    for (language, text) in [
        (0, "If you prefer not to use the CLI, you can:\n\n1. Open the panel\n2. Run `kubectl get pods`"),
        (1, "Se preferir não usar a CLI, você pode:\n\n1. Abrir o painel\n2. Executar: `kubectl get pods`"),
        (1, "Se optar por não usar a CLI:\n\n1. Abrir o painel\n2. Executar: `kubectl get pods`"),
        (2, "Si prefieres no usar la CLI, puedes:\n\n1. Ir al panel\n2. Ejecutar: `kubectl get pods`"),
    ] {
        assert_eq!(typed(&document(language, text)), ["kubectl get pods"], "{text}");
    }
    for (language, text) in [
        (1, "Se a fila parar, não usar o script:\n\n- `kubectl delete pods --all`"),
        (2, "Si la cola se para, no usar el script:\n\n- `kubectl delete pods --all`"),
        (2, "Preferimos no usar estos comandos:\n\n- `kubectl delete pods --all`"),
    ] {
        assert_eq!(typed(&document(language, text)), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_command_behind_the_label_of_a_solution_is_read() {
    for text in [
        "**Solución**: Ejecuta `railway login`",
        "**Solución:** Ejecuta `railway login` y selecciona el proyecto",
        "Ejecuta `railway login` y selecciona el proyecto",
    ] {
        assert_eq!(typed(&document(2, text)), ["railway login"], "{text}");
    }
    for text in ["**Diseño**: Ejecuta `railway login` cada noche", "El script: Ejecuta `railway login` y termina"] {
        assert_eq!(typed(&document(2, text)), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn an_order_behind_its_purpose_is_a_step() {
    for (language, text) in [
        (0, "To fix it, restart the service."),
        (0, "In order to find out more than the list shows, such as the labels, query the service."),
        (1, "Para corrigir, reinicie o serviço."),
        (2, "Para corregirlo, reinicie el servicio."),
    ] {
        assert_eq!(counts(language, text).prose_steps, 1, "{text}");
    }
    for (language, text) in [
        (0, "To learn more about queues, read the manual."),
        (0, "To restart it, see the next section."),
        (0, "To this day, nobody knows why."),
        (1, "Para mais informações, consulte o manual."),
        (2, "Para obtener más información, consulte el manual."),
    ] {
        assert_eq!(counts(language, text).prose_steps, 0, "{text}");
    }
}

#[test]
fn what_was_done_or_is_quoted_orders_nothing() {
    for (language, text) in [
        (0, "- ✅ Added step 8: Update the document"),
        (0, "- **Message:** \"feat: Add the queue to the panel\""),
        (1, "- ✅ Adicionado o passo 8: Atualizar o documento"),
        (1, "- **Mensagem:** \"feat: Adicionar a fila ao painel\""),
        (2, "- ✅ Agregado el paso 8: Actualizar el documento"),
    ] {
        assert_eq!(counts(language, text).manual_steps, 0, "{text}");
    }
    for (language, text) in [
        (0, "- ✅ Update the document"),
        (0, "- Search for \"error: disk full\" in the log"),
        (1, "- ✅ Atualizar o documento"),
        (2, "- ✅ Valida el respaldo"),
    ] {
        assert_eq!(counts(language, text).manual_steps, 1, "{text}");
    }
}

#[test]
fn yes_is_no_condition() {
    let text = "- En el cuadro, asigne el nombre. A continuación, elija Sí, crear la regla";
    assert_eq!((counts(2, text).manual_steps, counts(2, text).conditionals), (1, 0));
    assert_eq!(counts(2, "- Reinicie el servicio si la cola no avanza").conditionals, 1);
}

#[test]
fn what_only_psql_knows_is_typed_into_it() {
    let copy = "\\copy (SELECT * FROM orders) TO 'orders.csv' CSV HEADER;";
    let text = format!("```bash\nrailway connect postgres\n\n# Inside psql\n{copy}\n\\dt\n```");
    assert_eq!(typed(&document(0, &text)), ["railway connect postgres", copy, "\\dt"]);
    let asked = "- Bases: `\\l`\n- Users: `\\du` (in psql)\n- Digits: `\\d+`";
    assert_eq!(typed(&document(0, asked)), ["\\l", "\\du"]);
}

#[test]
fn a_command_at_the_start_of_a_sentence_is_not_told_by_the_one_before() {
    let text = "- **State**: now two of them are running. `ceph -s` output should report one mon";
    assert_eq!(typed(&document(0, text)), Vec::<String>::new());
    assert_eq!(typed(&document(0, "- Try running `ceph -s` now")), ["ceph -s"]);
}

#[test]
fn a_fence_too_far_in_is_typed_into_the_console_before_it() {
    let text = "1. Too many jobs\n  *  Suppose that one project has many, and\n   you want them gone. In\n   `gitlab-rails console`, you can run:\n\n    ```ruby\n    queue = Sidekiq::Queue.all\n    queue.each do |one|\n      one.clear\n\n      one.size\n    end\n    ```\n";
    let typed = typed(&document(0, text));
    assert_eq!(typed.len(), 2, "{typed:?}");
    assert!(typed[1].ends_with("end"), "{typed:?}");
}

#[test]
fn what_is_looked_at_is_no_condition() {
    for (language, text) in [
        (0, "The shop has a proxy. Check:\n\n1. If the domain is right\n2. If there are errors"),
        (1, "A loja usa um proxy. Verifique:\n\n1. Se o domínio está certo\n2. Se há erros"),
        (2, "La tienda usa un proxy. Verifique:\n\n1. Si el dominio es correcto\n2. Si hay errores"),
    ] {
        assert_eq!(counts(language, text).conditionals, 0, "{text}");
    }
    let told =
        "The shop has a proxy. Do this:\n\n- If the domain is wrong, mend it\n- If there are errors, call the owner";
    assert_eq!(counts(0, told).conditionals, 2);
}

#[test]
fn common_causes_with_what_to_do_are_arms() {
    for (language, name) in [(0, "Common causes"), (1, "Causas comuns"), (2, "Causas comunes")] {
        let text = format!(
            "# X\n\n{}\n\n## {name}\n\n### 1. Timeout\n\n```bash\ndf -h\n```\n\n### 2. Bug\n\n```bash\ndu -sh /\n```\n",
            INTROS[language]
        );
        assert_eq!(inspect(&text, None).1.scenarios, 2, "{text}");
    }
}

#[test]
fn what_is_asked_for_is_typed_again_with_its_answer() {
    let lead: [&[&str]; 3] = [
        &["To look for lost disks, you can run (example output):"],
        &["Para procurar discos perdidos, execute (exemplo de saída):"],
        &["Para buscar discos perdidos, ejecute (ejemplo de salida):"],
    ];
    let text = |lead: &str| {
        format!(
            "## Map\n\n```bash\nceph osd tree\n```\n\n## Lost\n\n{lead}\n\n```console\n$ ceph osd tree\nID  CLASS WEIGHT  TYPE NAME\n-1       57.38062 root default\n```\n"
        )
    };
    each(lead, 2, text);
}

#[test]
fn how_it_was_before_does_not_forbid_what_is_done_now() {
    let lead: [&[&str]; 3] = [
        &["Previously: the operator made it.\nNow create the driver."],
        &["Anteriormente: o operador fazia isso.\nAgora crie o driver."],
        &["Anteriormente: lo hacía el operador.\nAhora cree el driver."],
    ];
    each(lead, 1, |lead| format!("## Driver\n\n{lead}\n\n```console\nkubectl apply -f driver.yaml\n```\n"));
    let before: [&[&str]; 3] = [&["Previously:"], &["Anteriormente:"], &["Anteriormente:"]];
    each(before, 0, |lead| format!("## Driver\n\n{lead}\n\n```console\nkubectl apply -f driver.yaml\n```\n"));
}

#[test]
fn a_way_through_a_console_is_a_step_of_a_numbered_list() {
    for text in [
        "# X\n\n## Restart\n\n1. Cloud portal → `shop-prod` → **Overview** → button **Stop**.\n2. Wait 10 seconds.\n",
        "# X\n\n## Reinício\n\n1. Portal → `shop-prod` → **Visão geral** → botão **Parar**.\n2. Espere 10 segundos.\n",
        "# X\n\n## Reinicio del servicio de la tienda\n\n1. Portal → `shop-prod` → **Resumen** → botón **Detener**.\n2. Espere 10 segundos.\n",
    ] {
        assert_eq!(inspect(text, None).1.manual_steps, 2, "{text}");
    }
    // How data flows, with nothing to click.
    let flows = "# X\n\n## Data\n\n1. Browser → proxy → API\n2. API → queue → worker\n";
    assert_eq!(inspect(flows, None).1.manual_steps, 0);
}

#[test]
fn a_backup_that_something_is_said_of_is_a_noun() {
    let told =
        "# X\n\n## Pause\n\nBackup schedules can be paused at two levels.\n\nBackup data is stored in the vault.\n";
    assert_eq!(inspect(told, None).1.prose_steps, 0);
    let ordered = "# X\n\n## Upgrade\n\nBackup the database before anything else.\n";
    assert_eq!(inspect(ordered, None).1.prose_steps, 1);
}
