//! Commands that are only told of: what they did, and what a program does with them.

use crate::each::each;
use crate::intros::INTROS;
use crate::typed::typed;
use farol_api::graph::NodeKind;
use farol_runbook::{inspect, parse};

#[test]
fn what_a_command_did_is_a_record() {
    let told: [&[&str]; 3] = [
        &[
            "**2025-11-07, staging:** `shopctl move --dry-run` produced the file `a.json` and changed nothing.",
            "Friday: `shopctl move --all` returned 0.",
            "Copy of May: `shopctl move --all` took 40 minutes.",
        ],
        &[
            "**07/11/2025 – homologação:** `lojactl mover --dry-run` gerou o arquivo `a.json`, sem mudar nada.",
            "Sexta: `lojactl mover --tudo` retornou 0.",
            "Cópia de maio: `lojactl mover --tudo` levou 40 minutos.",
        ],
        &[
            "**07/11/2025 – pruebas:** `tiendactl mover --dry-run` generó el archivo `a.json`, sin cambiar nada.",
            "Viernes: `tiendactl mover --todo` devolvió 0.",
            "Copia de mayo: `tiendactl mover --todo` tardó 40 minutos.",
        ],
    ];
    each(told, 0, |text| format!("## Runs\n\n- {text}\n"));
    let read: [&[&str]; 3] = [
        &[
            "Staging: `shopctl move --dry-run` (produced nothing in May)",
            "Friday: `shopctl move --all`",
            "Send them what `shopctl state --all` printed",
        ],
        &["Homologação: `lojactl mover --dry-run` (gerou nada em maio)", "Sexta: `lojactl mover --tudo`"],
        &["Pruebas: `tiendactl mover --dry-run` (no generó nada en mayo)", "Viernes: `tiendactl mover --todo`"],
    ];
    each(read, 1, |text| format!("## Runs\n\n- {text}\n"));
}

#[test]
fn what_a_program_does_with_a_command_is_told() {
    let told: [&[&str]; 3] = [
        &[
            "The task falls back to asking each copy with `SHOW ALL SLAVES STATUS` and makes the same table.",
            "If it is not there, wait. The operator lists the pods with `kubectl get pods -n shop`.",
            "This script counts them using `kubectl get pods -n shop`",
        ],
        &[
            "O operador pergunta a cada cópia com `SHOW ALL SLAVES STATUS` e monta a mesma tabela.",
            "O script lista os pods com `kubectl get pods -n loja`.",
            "A rotina conta tudo usando `kubectl get pods -n loja`",
        ],
        &[
            "El operador consulta cada copia con `SHOW ALL SLAVES STATUS` y arma la misma tabla.",
            "El script lista los pods con `kubectl get pods -n tienda`.",
            "La tarea los cuenta usando `kubectl get pods -n tienda`",
        ],
    ];
    each(told, 0, |text| format!("## Copies\n\n- {text}\n"));
    let read: [&[&str]; 3] = [
        &[
            "The job can be started again with `kubectl create -f job.yaml`.",
            "The operator is restarted with `kubectl rollout restart deploy/op`.",
            "Ask each copy with `SHOW ALL SLAVES STATUS`.",
            "If the job hangs, restart it with `kubectl rollout restart deploy/op`.",
            "The list of pods: get it with `kubectl get pods -n shop`.",
        ],
        &[
            "O job pode ser refeito com `kubectl create -f job.yaml`.",
            "O operador é reiniciado com `kubectl rollout restart deploy/op`.",
            "Pergunte a cada cópia com `SHOW ALL SLAVES STATUS`.",
            "Se o job travar, reinicie com `kubectl rollout restart deploy/op`.",
        ],
        &[
            "El job se puede rehacer con `kubectl create -f job.yaml`.",
            "El operador se reinicia con `kubectl rollout restart deploy/op`.",
            "Consulte cada copia con `SHOW ALL SLAVES STATUS`.",
            "Si el job se cuelga, reinícielo con `kubectl rollout restart deploy/op`.",
        ],
    ];
    each(read, 1, |text| format!("## Copies\n\n- {text}\n"));
}

#[test]
fn what_is_good_practice_is_no_step() {
    let manual = |language: usize, heading: &str, item: &str| {
        let text = format!("# X\n\n{}\n\n## {heading}\n\n- {item}\n", INTROS[language]);
        inspect(&text, None).1.manual_steps
    };
    for (language, heading) in [
        (0, "Best practices"),
        (0, "Security best practices:"),
        (0, "💡 Tips"),
        (1, "Boas práticas diárias:"),
        (1, "Melhores práticas de segurança"),
        (1, "Dicas"),
        (2, "✅ Buenas prácticas"),
        (2, "Consejos:"),
    ] {
        let item = ["Rotate the keys of the shop", "Trocar as chaves da loja", "Rotar las claves de la tienda"];
        assert_eq!(manual(language, heading, item[language]), 0, "{heading}");
        assert_eq!(manual(language, "X", item[language]), 1);
    }
    // What is typed there still is.
    let block = "## Best practices\n\nLook at the disk each week:\n\n```bash\ndf -h /srv\n```\n";
    assert_eq!(typed(&format!("# X\n\n{}\n\n{block}", INTROS[0])), ["df -h /srv"]);
}

#[test]
fn what_solves_a_cause_is_done() {
    let manual = |language: usize, causes: &str, lead: &str, items: [&str; 2]| {
        let text = format!(
            "# X\n\n{}\n\n## {causes}\n\n### 1. A\n\n{lead}\n- {}\n- {}\n",
            INTROS[language], items[0], items[1]
        );
        inspect(&text, None).1.manual_steps
    };
    for (language, causes, lead, items) in [
        (0, "Possible causes", "**Problem**: the port is shut\n**Solution**:", ["Open the panel", "Close the port"]),
        (1, "Possíveis causas", "**Problema**: porta fechada\n**Solução**: ", ["Abra o painel", "Libere a porta"]),
        (
            2,
            "Posibles causas",
            "**Problema**: puerto cerrado\n\n**Solución**:\n",
            ["Abra el panel", "Libere el puerto"],
        ),
    ] {
        assert_eq!(manual(language, causes, lead, items), 2, "{lead}");
        assert_eq!(manual(language, causes, &lead.replace("Sol", "Not"), items), 0, "{lead}");
    }
}

#[test]
fn a_heading_that_orders_over_what_is_expected_is_one_step() {
    for (language, heading, must) in [
        (0, "Verify the settings of the shop", "The page has to say"),
        (1, "Verificar as variáveis da loja", "A página deve ter"),
        (2, "Revisar las variables de la tienda", "La página debe tener"),
    ] {
        let list = format!("- {must}:\n  - `A_B`\n  - `C_D`\n");
        let text = format!("# X\n\n{}\n\n## Verification\n\n### 3. {heading}\n\n{list}", INTROS[language]);
        assert_eq!(inspect(&text, None).1.manual_steps, 1, "{text}");
        assert_eq!(inspect(&text.replace("### 3. ", "### "), None).1.manual_steps, 0, "{text}");
    }
}

#[test]
fn the_version_that_a_program_prints_is_no_command() {
    let below: [&[&str]; 3] = [
        &["If it works, you should get some version number, like in the following example:", "It prints:"],
        &["Se funcionar, a versão aparece, como no exemplo:", "Aparece:"],
        &["Si funciona, se ve la versión, como en el ejemplo:", "Se ve:"],
    ];
    for told in ["git version 2.39.1", "gds version v5.13.0"] {
        each(below, 0, |lead| format!("{lead}\n\n```\n{told}\n```\n"));
    }
    each(below.map(|_| &["git --version", "terraform version", "helm version --short"][..]), 1, |text| {
        format!("1. Run, execute, ejecute:\n\n```sh\n{text}\n```\n")
    });
}

#[test]
fn a_bold_name_before_what_a_program_does_is_no_step() {
    let manual = |language: usize, item: &str| {
        inspect(&format!("# X\n\n{}\n\n## Copies\n\n- {item}\n", INTROS[language]), None).1.manual_steps
    };
    for (language, item) in [
        (0, "**Lock and drain** — on apply, the task sets the old primary read-only."),
        (1, "**Bloquear e drenar** — ao aplicar, o operador deixa a base antiga só para leitura."),
        (2, "**Bloquear y drenar** — al aplicar, el script deja la base vieja de solo lectura."),
    ] {
        assert_eq!(manual(language, item), 0, "{item}");
    }
    for (language, item) in [
        (0, "**Drain the node** — the task must be gone by then."),
        (1, "**Drenar o nó** — o operador pode demorar um pouco."),
        (2, "**Drenar el nodo** — con la base vieja de solo lectura."),
    ] {
        assert_eq!(manual(language, item), 1, "{item}");
    }
}

#[test]
fn what_it_verifies_with_is_told() {
    let told = [
        "Creating it again revokes all grants, gives only the one that was asked for, and verifies it with `SHOW GRANTS`.",
        "The last part checks with `kubectl get pods -n shop` that all came back.",
    ];
    for text in told {
        assert_eq!(typed(&format!("## Facts\n\n- {text}\n")), Vec::<String>::new(), "{text}");
    }
    let read = [
        "Run all checks with `shopctl state --all`.",
        "Repeat the checks with `kubectl get pods -n shop`.",
        "Give it again and verify it with `SHOW GRANTS`.",
    ];
    for text in read {
        assert_eq!(typed(&format!("## Facts\n\n- {text}\n")).len(), 1, "{text}");
    }
}

#[test]
fn a_cell_that_says_what_failed_is_no_order() {
    let table = |head: &str, cell: &str| format!("| {head} | |\n|---|---|\n| `PATCH_FAILED` | {cell} |\n");
    let told: [&[&str]; 3] =
        [&["`kubectl patch shop` failed"], &["`kubectl patch loja` falhou"], &["`kubectl patch tienda` falló"]];
    each(told, 0, |cell| table("Code", cell));
    let read: [&[&str]; 3] = [&["`kubectl patch shop`"], &["`kubectl patch loja`"], &["`kubectl patch tienda`"]];
    each(read, 1, |cell| table("Code", cell));
}

/// It is typed, but not at a shell.
#[test]
fn what_is_typed_into_a_chat_is_for_people() {
    for text in ["Type `/pager trigger` in the channel.", "Run `/pager help`.", "`/pager trigger`"] {
        let runbook = parse(&format!("## Call\n\n- {text}\n"), None);
        let shell = runbook.graph.nodes.iter().filter(|node| node.kind == NodeKind::Shell);
        assert_eq!(shell.count(), 0, "{text}");
    }
}
