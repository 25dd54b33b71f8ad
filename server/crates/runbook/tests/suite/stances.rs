//! Headings, labels, titles and comments that forbid what they stand over, and those that only sound so.

use crate::intros::INTROS;
use crate::typed::typed;
use farol_api::graph::NodeKind;
use farol_runbook::parse;

/// Checks for texts by language how many commands are read from documents that they are put into.
fn each(texts: [&[&str]; 3], commands: usize, document: impl Fn(&str) -> String) {
    let mut wrong = Vec::new();
    for (language, texts) in texts.iter().enumerate() {
        let documents = texts.iter().map(|text| format!("# X\n\n{}\n\n{}", INTROS[language], document(text)));
        wrong.extend(documents.filter(|document| typed(document).len() != commands));
    }
    assert_eq!(wrong, Vec::<String>::new(), "not {commands}");
}

fn under(heading: &str) -> String {
    format!("## {heading}\n\n```bash\nrm -rf /srv/shop\n```\n")
}

#[test]
fn a_heading_that_names_a_problem_or_a_policy_forbids_nothing() {
    let read: [&[&str]; 3] = [
        &[
            "Cannot run the migration",
            "Can't run the worker",
            "Avoid using too much memory",
            "Do not use root",
            "Never use the root account",
            "Do not use the default password",
        ],
        &[
            "Não consigo rodar a migração",
            "Não é possível executar a migração",
            "Não foi possível rodar a migração",
            "Evite usar memória demais",
            "Não use root",
            "Nunca use a conta root",
            "Não usar a senha padrão",
        ],
        &[
            "No se puede ejecutar la migración",
            "No puedo ejecutar la migración",
            "No es posible ejecutar la migración",
            "Evite usar demasiada memoria",
            "No use root",
            "No usar la cuenta root",
            "Nunca use la contraseña por defecto",
        ],
    ];
    each(read, 1, under);
}

#[test]
fn a_heading_that_forbids_is_heeded_though_it_goes_on() {
    let shown: [&[&str]; 3] = [
        &[
            "What not to do",
            "Do not run",
            "Never run this in production",
            "Do not use",
            "Do not use this",
            "Do not use the following commands",
            "Never run VACUUM FULL",
            "Avoid using force pushes",
            "Cannot be run in production",
            "Cannot run in production",
            "Cannot run this",
            "Do not use excessive permissions",
            "Never use admin commands",
            "Old failover (do not use)",
            "Do not use direct deletion",
        ],
        &[
            "O que não fazer",
            "Não execute",
            "Nunca execute isto em produção",
            "Não use",
            "Não rode estes comandos",
            "Nunca rode VACUUM FULL",
            "Não pode ser executado em produção",
            "Não use exclusão direta",
        ],
        &[
            "Qué no hacer",
            "No ejecutar",
            "Nunca ejecute esto en producción",
            "No use esto",
            "No corra estos comandos",
            "Nunca ejecute VACUUM FULL",
            "No se puede ejecutar en producción",
            "No use borrado directo",
        ],
    ];
    each(shown, 0, under);
}

#[test]
fn what_is_ordered_under_a_policy_is_read_unless_it_is_what_the_policy_names() {
    let led = |texts: &str| {
        let (heading, lead) = texts.split_once('|').unwrap();
        format!("## {heading}\n\n{lead}\n\n```bash\npg_dump shop | gzip > /srv/shop.gz\n```\n")
    };
    let read: [&[&str]; 3] = [
        &[
            "Do not use the old export|Take a dump:",
            "Avoid data loss|Take a copy first:",
            "Never run migrations by hand|Start with a copy:",
        ],
        &["Não use a exportação antiga|Faça uma cópia:", "Evitar perda de dados|Faça uma cópia antes:"],
        &["No use la exportación antigua|Haga una copia:", "Evitar pérdida de datos|Haga una copia antes:"],
    ];
    each(read, 1, led);
    let shown: [&[&str]; 3] = [
        &[
            "Do not use the old export|It fills the disk:",
            "Never use pg_dump|Run the following:",
            "Never run dumps at noon|They fill the disk:",
            "What not to do|Take a dump:",
            "Never run this|Take a dump:",
            "Avoid doing this|Take a dump:",
            "Avoid the following|Take a dump:",
        ],
        &[
            "Não use a exportação antiga|Ela enche o disco:",
            "Nunca use pg_dump|Execute o seguinte:",
            "O que não fazer|Faça uma cópia:",
            "Evite isto|Faça uma cópia:",
        ],
        &[
            "No use la exportación antigua|Llena el disco:",
            "Nunca use pg_dump|Ejecute lo siguiente:",
            "Qué no hacer|Haga una copia:",
            "Evite esto|Haga una copia:",
        ],
    ];
    each(shown, 0, led);
}

#[test]
fn what_was_tried_is_told_from_what_somebody_else_tries() {
    let read: [&[&str]; 3] = [
        &[
            "Failed attempts to log in",
            "Failed attempts to connect",
            "Failed attempts at login",
            "Failed attempts to log in to the shop",
        ],
        &["Tentativas que falharam de login", "Tentativas que falharam de acesso"],
        &["Intentos fallidos de inicio de sesión", "Intentos fallidos de acceso"],
    ];
    each(read, 1, under);
    let shown: [&[&str]; 3] = [
        &[
            "Failed attempts:",
            "Failed attempts",
            "Failed attempts to fix it",
            "Failed attempts to restore access",
            "Failed attempts to connect the replica",
            "What we tried:",
            "Bad:",
            "Wrong:",
            "Bad queries",
        ],
        &["Tentativas que falharam", "O que já tentamos:", "Ruim:", "Errado:", "Tentativas que falharam de conserto"],
        &["Intentos fallidos", "Lo que ya intentamos:", "Mal:", "Incorrecto:", "Intentos fallidos de arreglo"],
    ];
    each(shown, 0, under);
    let find = "SELECT pid, query FROM pg_stat_activity WHERE state = 'active';";
    let bad = "SELECT * FROM orders WHERE lower(name) = 'a';";
    for (sql, commands) in [(find, 1), (bad, 0)] {
        for heading in ["Bad queries", "Bad query"] {
            let text = format!("# X\n\n{}\n\n## {heading}\n\n```sql\n{sql}\n```\n", INTROS[0]);
            assert_eq!(typed(&text).len(), commands, "{text}");
            let text = format!("# X\n\n{}\n\n## {heading}\n\nFind them with:\n\n```sql\n{sql}\n```\n", INTROS[0]);
            assert_eq!(typed(&text).len(), 1, "{text}");
        }
    }
}

/// The titles of all warnings of a document.
fn warnings(text: &str) -> Vec<String> {
    let nodes = parse(text, None).graph.nodes.into_iter();
    nodes.filter(|node| node.kind == NodeKind::Prohibition).map(|node| node.title).collect()
}

fn block(label: &str, text: &str) -> String {
    format!("```{label}\n{text}\n```\n")
}

/// A block of a command under a comment, of the two with a bar between.
fn commented(text: &str) -> String {
    let (comment, command) = text.split_once('|').unwrap();
    block("bash", &format!("# {comment}\n{command}"))
}

#[test]
fn a_comment_about_another_way_or_other_things_warns_and_forbids_no_command() {
    let read: [&[&str]; 3] = [
        &[
            "do not use -f here|docker rm web",
            "never use --force: it loses the volume|docker rm web",
            "do not touch the others|docker rm web",
            "do not run as root|./install.sh",
            "never restart the primary|systemctl restart pg@replica",
        ],
        &[
            "não use -f aqui|docker rm web",
            "nunca use --force: perde o volume|docker rm web",
            "não mexa nos outros|docker rm web",
            "não execute como root|./install.sh",
            "não reinicie o primário|docker restart pg-replica-1",
        ],
        &[
            "no use -f aquí|docker rm web",
            "nunca use --force: pierde el volumen|docker rm web",
            "no toque los demás|docker rm web",
            "no ejecute como root|./install.sh",
            "nunca reinicie el primario|docker restart pg-replica-1",
        ],
    ];
    each(read, 1, commented);
    for (language, texts) in read.iter().enumerate() {
        for text in *texts {
            let document = format!("# X\n\n{}\n\n{}", INTROS[language], commented(text));
            let comment = text.split('|').next().unwrap();
            assert_eq!(warnings(&document), [comment], "{document}");
        }
    }
}

#[test]
fn a_comment_that_forbids_its_command_takes_it() {
    let shown: [&[&str]; 3] = [
        &[
            "do not run|docker rm web",
            "never run this in production|docker rm web",
            "don't run the next line|docker rm web",
            "do not use -f here|docker rm -f web",
            "do not delete the volume|rm -rf /srv/shop",
            "do not touch|rm -rf /srv/shop",
            "never restart the primary|systemctl restart pg@primary",
            "never restart the primary|systemctl restart postgresql",
            "do not use -f, do not run this|docker rm web",
            "do not run as root|sudo ./install.sh",
            "never run this with -x|docker rm web",
            "do not run this or the others|docker rm web",
        ],
        &[
            "não executar|docker rm web",
            "nunca execute isto em produção|docker rm web",
            "não rode a próxima linha|docker rm web",
            "não use -f aqui|docker rm -f web",
            "não apague o volume|rm -rf /srv/shop",
            "não use -f, não execute|docker rm web",
        ],
        &[
            "no ejecutar|docker rm web",
            "nunca ejecute esto en producción|docker rm web",
            "no ejecute la línea siguiente|docker rm web",
            "no use -f aquí|docker rm -f web",
            "no borre el volumen|rm -rf /srv/shop",
            "no use -f, no lo ejecute|docker rm web",
        ],
    ];
    each(shown, 0, commented);
}

#[test]
fn a_comment_about_other_rows_warns_and_forbids_no_change_of_these() {
    let of = |comment: &str, condition: &str, language: usize| {
        let sql = format!("-- {comment}\nDELETE FROM orders WHERE {condition};");
        let within = format!("BEGIN;\n-- {comment}\nDELETE FROM orders WHERE {condition};\nCOMMIT;");
        [sql, within].map(|sql| format!("# X\n\n{}\n\n{}", INTROS[language], block("sql", &sql)))
    };
    for (language, comment, condition) in [
        (0, "do not touch the paid ones", "paid = false"),
        (0, "do not touch the paid ones", "NOT paid"),
        (0, "never delete the paid ones", "status <> 'paid'"),
        (0, "do not delete those that are paid", "paid = false AND created_at < now()"),
        (1, "não toque nos pagos", "pago = false"),
        (1, "nunca apague os pagos", "status <> 'pago'"),
        (1, "não apague os que já foram pagos", "pago = false"),
        (2, "no tocar los pagados", "pagado = false"),
        (2, "nunca borre los pagados", "estado <> 'pagado'"),
        (2, "no borrar los que ya están pagados", "pagado = false"),
    ] {
        for document in of(comment, condition, language) {
            assert_eq!(typed(&document).len(), 1, "{document}");
            assert_eq!(warnings(&document), [comment], "{document}");
        }
    }
    for (language, comment, condition) in [
        (0, "do not touch the paid ones", "paid = true"),
        (0, "do not delete the paid ones", "status = 'paid'"),
        (0, "do not delete the orders", "paid = false"),
        (0, "never run this", "paid = false"),
        (1, "não toque nos pagos", "pago = true"),
        (1, "nunca apague pedidos", "pago = false"),
        (2, "no tocar los pagados", "pagado = true"),
        (2, "no borre pedidos", "pagado = false"),
    ] {
        for document in of(comment, condition, language) {
            assert_eq!(typed(&document), Vec::<String>::new(), "{document}");
        }
    }
    let two =
        "BEGIN;\n-- do not touch the paid ones\nDELETE FROM orders WHERE paid = false;\nDELETE FROM orders;\nCOMMIT;";
    assert_eq!(typed(&format!("# X\n\n{}", block("sql", two))), Vec::<String>::new());
}

#[test]
fn a_reminder_over_a_block_forbids_nothing() {
    let captions: [&[&str]; 3] = [
        &["Do not forget the backup", "Do not skip", "Don't skip this step", "Never forget this"],
        &["Não esqueça o backup", "Não pule", "Não pule esta etapa", "Nunca esqueça isto"],
        &["No olvide el respaldo", "No omita", "No se salte este paso", "Nunca olvide esto"],
    ];
    each(captions, 1, |title| format!("```bash title=\"{title}\"\nrm -rf /srv/shop\n```\n"));
    each(captions, 1, |title| format!(":::{{code-block}} bash\n:caption: {title}\n\nrm -rf /srv/shop\n:::\n"));
    each(captions, 1, |title| format!("{title}:\n\n```bash\nrm -rf /srv/shop\n```\n"));
    each(captions, 1, |title| format!("## {title}\n\n```bash\nrm -rf /srv/shop\n```\n"));
    each(captions, 1, |title| format!("```bash\n# {title}\nrm -rf /srv/shop\n```\n"));
    each(captions, 1, |title| {
        format!("<details>\n<summary>{title}</summary>\n\n```bash\nrm -rf /srv/shop\n```\n\n</details>\n")
    });
    let forbidden: [&[&str]; 3] = [
        &[
            "Do not run",
            "Do not use it",
            "Do not skip, and do not run this",
            "Never ignore the warning and run this",
            "Never skip the checks with",
        ],
        &["Não execute", "Não use", "Não esqueça: não execute isto", "Nunca ignore o aviso e execute isto"],
        &["No ejecute", "No use esto", "No olvide: no ejecute esto", "Nunca ignore el aviso y ejecute esto"],
    ];
    each(forbidden, 0, |title| format!("{title}:\n\n```bash\nrm -rf /srv/shop\n```\n"));
    let headed: [&[&str]; 3] =
        [&["Do not skip, do not run this"], &["Não pule, não execute isto"], &["No omita, no ejecute esto"]];
    each(headed, 0, under);
    each(forbidden, 0, |title| format!("```bash title=\"{title}\"\nrm -rf /srv/shop\n```\n"));
}
