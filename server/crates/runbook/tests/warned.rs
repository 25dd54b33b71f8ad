//! How far a warning reaches: to the command that it speaks of, and to no other.

mod typed;

use typed::typed;

/// Introductions in three languages, so that each document is read in its own.
const INTROS: [&str; 3] = [
    "What to do when the queue of the shop is stuck and the disk is full.",
    "O que fazer quando a fila de pedidos da loja não anda e o disco enche.",
    "Qué hacer cuando la cola de los pedidos de la tienda no avanza y el disco se llena.",
];

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
        ],
        &[
            "Reinicie o primário (não reinicie em produção):",
            "Apague o volume (nunca apague em produção):",
            "Feche as contas (não feche as contas em produção):",
        ],
        &[
            "Borre el volumen (no borre el volumen en producción):",
            "Reinicie el primario (nunca reinicie en producción):",
            "Cierre las cuentas (no cierre las cuentas en producción):",
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
