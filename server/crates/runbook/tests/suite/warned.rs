//! How far a warning reaches: to the command that it speaks of, and to no other.

use crate::intros::INTROS;
use crate::typed::typed;

/// A runbook in one of the three languages, with a block of shell at its end.
fn runbook(language: usize, text: &str) -> String {
    format!("# X\n\n{}\n\n{text}\n\n```bash\nrm -rf /srv/shop\n```\n", INTROS[language])
}

/// Checks that the block behind each of these texts, by language, is only shown.
fn shown(texts: [&[&str]; 3]) {
    for (language, texts) in texts.iter().enumerate() {
        for text in *texts {
            assert_eq!(typed(&runbook(language, text)), Vec::<String>::new(), "{text}");
        }
    }
}

/// Checks that the block behind each of these texts, by language, is read.
fn read(texts: [&[&str]; 3]) {
    for (language, texts) in texts.iter().enumerate() {
        for text in *texts {
            assert_eq!(typed(&runbook(language, text)), ["rm -rf /srv/shop"], "{text}");
        }
    }
}

#[test]
fn a_warning_in_brackets_speaks_of_the_block_behind_it() {
    shown([
        &[
            "Delete the volume (do not delete it in production):",
            "Truncate the table (never truncate it in production):",
            "Cancel the orders (do not cancel them in production):",
            "Restore it (never in production):",
        ],
        &[
            "Reinicie o primário (não reinicie em produção):",
            "Apague o volume (nunca apague em produção):",
            "Feche as contas (não feche as contas em produção):",
            "Restaure (nunca em produção):",
        ],
        &[
            "Borre el volumen (no borre el volumen en producción):",
            "Reinicie el primario (nunca reinicie en producción):",
            "Cierre las cuentas (no cierre las cuentas en producción):",
            "Restaure (nunca en producción):",
        ],
    ]);
    let sql = "# X\n\nTruncate the table (never truncate it in production):\n\n```sql\nTRUNCATE orders;\n```\n";
    assert_eq!(typed(sql), Vec::<String>::new());
    read([
        &["Clean the volume (do not interrupt it):", "Clean the volume. Do not close the terminal:"],
        &["Limpe o volume (não interrompa):", "Limpe o volume. Não feche o terminal:"],
        &["Limpie el volumen (no lo interrumpa):", "Limpie el volumen. No cierre la terminal:"],
    ]);
}

/// A list drawn with too few blanks stands beside the item that forbids it.
#[test]
fn a_warning_within_an_item_speaks_of_the_list_behind_it() {
    for (language, never) in ["Never run these:", "Nunca execute estes:", "Nunca ejecute estos:"].iter().enumerate() {
        let text = format!("# X\n\n{}\n\n- A\n\n  {never}\n\n- `rm -rf /srv/shop`\n", INTROS[language]);
        assert_eq!(typed(&text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn what_must_not_be_used_to_cancel_is_no_terminal_to_leave_open() {
    shown([
        &["Run the new tool. Never use this to cancel jobs:", "Run the new tool. Do not use it to close tickets:"],
        &["Execute o novo. Nunca use este para fechar pedidos:", "Execute o novo. Não use isto para cancelar pedidos:"],
        &["Ejecute el nuevo. Nunca use este para cerrar pedidos:", "Ejecute el nuevo. No use esto para cancelar:"],
    ]);
}

#[test]
fn what_was_done_once_is_no_command() {
    let span = |language: usize, label: &str| format!("# X\n\n{}\n\n- {label}: `rm -rf /srv/shop`\n", INTROS[language]);
    for (language, labels) in [
        ["What was done", "What was tried", "Which was stopped", "What was tried?"],
        ["O que foi feito", "O que foi tentado", "Qual foi parado", "O que foi feito?"],
        ["Qué fue hecho", "Lo que fue probado", "Cuál fue detenido", "Qué fue hecho?"],
    ]
    .iter()
    .enumerate()
    {
        for label in labels {
            assert_eq!(typed(&span(language, label)), Vec::<String>::new(), "{label}");
        }
    }
    for (language, label) in [(0, "Who was logged in"), (1, "Quem foi conectado"), (2, "Quién fue conectado")] {
        assert_eq!(typed(&span(language, label)).len(), 1, "{label}");
    }
}

#[test]
fn a_comment_behind_a_shift_or_a_quoted_arrow_is_read() {
    for line in ["n=$((1 << 4))", "n=$((1 << n))", "(( n <<= m ))", "echo 'a <<b'", "echo \"see <<b\""] {
        for (language, comment) in ["Never run this", "Nunca execute isto", "Nunca ejecute esto"].iter().enumerate() {
            let text = format!(
                "# X\n\n{}\n\n```bash\nf() {{\n  {line}\n  # {comment}\n  rm -rf /srv/shop\n}}\n```\n",
                INTROS[language]
            );
            assert_eq!(typed(&text), Vec::<String>::new(), "{line} {comment}");
        }
    }
    let written = "# X\n\n```bash\nf() {\n  cat > x <<EOF\n# Never run this\nEOF\n  ls /srv/shop\n}\n```\n";
    assert_eq!(typed(written).len(), 1);
}

#[test]
fn an_apostrophe_opens_no_title() {
    for (info, read) in [
        ("don't run this", false),
        ("title=\"Don't run this\"", false),
        ("title='Don't run this'", false),
        ("title=\"Don’t run this\" {1-3}", false),
        ("linenums=\"1\" title=\"Never run this\"", false),
        ("title=\"Não execute isto\"", false),
        ("title='No ejecute esto'", false),
        ("title='The shop's disk'", true),
        ("title=\"Empty the shop\" {1-3}", true),
        ("linenums=\"1\"", true),
    ] {
        let text = format!("# X\n\n{}\n\n```bash {info}\nrm -rf /srv/shop\n```\n", INTROS[0]);
        assert_eq!(typed(&text).len(), usize::from(read), "{info}");
    }
}

/// Two blocks, each with words before it.
const TWO: &str = "It empties all.\n\n```bash\nrm -rf /srv/a\n```\n\nor\n\n```bash\nrm -rf /srv/b\n```\n";

#[test]
fn the_first_words_of_a_box_speak_of_all_of_it() {
    for (language, never) in ["Never run these", "Nunca execute estes", "Nunca ejecute estos"].iter().enumerate() {
        for open in [
            ":::danger\n",
            ":::danger\n\n",
            ":::{danger}\n",
            ":::{danger}\n:class: x\n\n",
            "::: warning Careful\n",
            ":::{admonition} Cuidado\n",
        ] {
            let text = format!(
                "# X\n\n{}\n\n{open}{never}\n\n{TWO}\n:::\n\nThen, depois, después:\n\n```bash\nuptime\n```\n",
                INTROS[language]
            );
            assert_eq!(typed(&text), ["uptime"], "{open}{never}");
        }
        for open in ["> [!CAUTION]\n> ", "> [!CAUTION]\n>\n> "] {
            let quote = TWO.trim_end().replace('\n', "\n> ");
            let text = format!("# X\n\n{}\n\n{open}{never}\n>\n> {quote}\n\n```bash\nuptime\n```\n", INTROS[language]);
            assert_eq!(typed(&text), ["uptime"], "{open}{never}");
        }
    }
    let open = "# X\n\n:::note\nCareful.\n\nStart it:\n\n```bash\nuptime\n```\n\n:::\n";
    assert_eq!(typed(open), ["uptime"]);
    let other =
        "# X\n\n:::note\nDo not restart both. Restart the replica:\n\n```bash\nsystemctl restart replica\n```\n:::\n";
    assert_eq!(typed(other), ["systemctl restart replica"]);
}

#[test]
fn a_box_ends_behind_a_table_or_html() {
    for body in ["| a | b |\n|---|---|\n| x | y |", "<div>\nx\n</div>", "- a\n- b", "<br>", "> x"] {
        for never in ["Never run this", "Nunca execute isto", "Nunca ejecute esto"] {
            let text = format!("# X\n\n:::danger {never}\n\n{body}\n:::\n\n## Next\n\n```bash\nuptime\n```\n");
            assert_eq!(typed(&text), ["uptime"], "{text}");
            let within = format!("# X\n\n:::danger {never}\n\n{body}\n\n```bash\nuptime\n```\n\n:::\n");
            assert_eq!(typed(&within), Vec::<String>::new(), "{within}");
        }
    }
    let comment = "# X\n\n:::danger Never run this\n\n<!--\n:::\n-->\n\n```bash\nuptime\n```\n\n:::\n";
    assert_eq!(typed(comment), Vec::<String>::new());
}
