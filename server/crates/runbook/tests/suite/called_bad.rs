//! What an author calls bad, old or forbidden is never run, in whatever words; what only sounds so is.

use crate::each::each;

/// Headings over what must not be typed.
const BAD: [&[&str]; 3] = [
    &[
        "Commands we no longer use",
        "Commands that we don't use anymore",
        "Commands we do not use",
        "Commands you must not use",
        "Commands not to use",
        "Commands to avoid",
        "Avoid these commands",
        "Do NOT do this",
        "Don't do this",
        "Anti-patterns",
        "Antipatterns",
        "Bad examples",
        "Bad example",
        "Deprecated",
        "Old",
        "Old (v1)",
        "Deprecated commands",
        "Legacy",
        "Legacy commands",
        "Obsolete",
        "Obsolete procedure",
        "Old way",
        "The old way",
        "Old method (before 2024)",
        "Outdated",
        "Forbidden",
        "Forbidden commands",
        "Wrong way",
        "What to avoid",
        "Things to avoid",
        "Retired",
        "Retired procedure",
        "Commands removed",
        "Previously used commands",
    ],
    &[
        "Comandos que não usamos mais",
        "Comandos que não usamos",
        "Comandos que não se usam mais",
        "Comandos que não devem ser usados",
        "Comandos a não usar",
        "Evite estes comandos",
        "NÃO faça isto",
        "Não faça isso",
        "Antipadrões",
        "Anti-padrões",
        "Exemplos ruins",
        "Maus exemplos",
        "Obsoleto",
        "Antigo (v1)",
        "Comandos obsoletos",
        "Legado",
        "Comandos legados",
        "Descontinuado",
        "Forma antiga",
        "Jeito antigo",
        "O jeito antigo (até 2023)",
        "Procedimento antigo",
        "Proibido",
        "Comandos proibidos",
        "Jeito errado",
        "O que evitar",
        "Deprecado",
    ],
    &[
        "Comandos que no usamos más",
        "Comandos que ya no usamos",
        "Comandos que ya no se usan",
        "Comandos que no se deben usar",
        "Comandos a no usar",
        "Evite estos comandos",
        "Evitar estos comandos",
        "NO haga esto",
        "No hacer esto",
        "Antipatrones",
        "Anti-patrones",
        "Malos ejemplos",
        "Ejemplos malos",
        "Obsoleto",
        "Antiguo (Compose v1)",
        "Comandos obsoletos",
        "Legado",
        "Heredado",
        "Forma antigua",
        "Manera antigua",
        "La forma antigua (hasta 2023)",
        "Procedimiento antiguo",
        "Prohibido",
        "Comandos prohibidos",
        "Manera incorrecta",
        "Qué evitar",
        "Deprecado",
    ],
];

#[test]
fn a_heading_that_calls_what_is_under_it_bad_is_heeded() {
    each(BAD, 0, |heading| format!("## {heading}\n\n```bash\nrm -rf /srv/shop\n```\n"));
    each(BAD, 0, |heading| format!("## {heading}\n\nRemove it:\n\n```bash\nrm -rf /srv/shop\n```\n"));
    each(BAD, 0, |heading| format!("## {heading}\n\n- `rm -rf /srv/shop`\n- Run `dropdb shop`\n"));
    each(BAD, 0, |heading| format!("## {heading}\n\n| Command | Notes |\n|---|---|\n| `rm -rf /srv/shop` | x |\n"));
    each(BAD, 0, |heading| format!("## ❌ {heading}\n\n```bash\nrm -rf /srv/shop\n```\n"));
    each(BAD, 0, |heading| format!("## 4.2 {heading}\n\n### Shop\n\n```bash\nrm -rf /srv/shop\n```\n"));
}

#[test]
fn a_numbered_mistake_and_a_command_that_is_called_wrong_are_heeded() {
    let wrong: [&[&str]; 3] = [
        &["Wrong #1", "Wrong #2 (locks the table)", "Original command (incorrect)", "❌ First command (wrong)"],
        &["Errado #1 (trava a tabela)", "Comando original (incorreto)"],
        &["Incorrecto 2", "❌ Comando original (incorrecto)"],
    ];
    each(wrong, 0, |heading| format!("## {heading}\n\n```bash\nrm -rf /srv/shop\n```\n"));
    each(wrong, 0, |label| format!("**{label}:**\n\n```bash\nrm -rf /srv/shop\n```\n"));
}

#[test]
fn a_fold_a_tab_and_a_box_with_such_a_title_are_heeded() {
    each(BAD, 0, |title| {
        format!("<details>\n<summary>{title}</summary>\n\n```bash\nrm -rf /srv/shop\n```\n\n</details>\n")
    });
    each(BAD, 0, |title| format!("=== \"{title}\"\n\n    ```bash\n    rm -rf /srv/shop\n    ```\n"));
    each(BAD, 0, |title| format!("!!! danger \"{title}\"\n\n    ```bash\n    rm -rf /srv/shop\n    ```\n"));
    each(BAD, 0, |title| format!(":::danger {title}\n\n```bash\nrm -rf /srv/shop\n```\n\n:::\n"));
    each(BAD, 0, |title| format!("**{title}:**\n\n```bash\nrm -rf /srv/shop\n```\n"));
    each(BAD, 0, |title| format!("{title}:\n\n- `rm -rf /srv/shop`\n"));
    each(BAD, 0, |title| format!("- **{title}:** `rm -rf /srv/shop`\n"));
    each(BAD, 0, |title| format!("```bash title=\"{title}\"\nrm -rf /srv/shop\n```\n"));
}

/// Headings over what is meant to be typed.
const GOOD: [&[&str]; 3] = [
    &[
        "Avoid data loss",
        "403 Forbidden",
        "Error 403: Forbidden",
        "Migrate the legacy database",
        "Legacy database restore",
        "Restore the old database",
        "Restore the database (old)",
        "Password (incorrect)",
        "Remove obsolete images",
        "Clean up deprecated volumes",
        "Find outdated packages",
        "Upgrade outdated packages",
        "Delete old backups",
        "Old backups",
        "Bad gateway",
        "Bad disk",
        "502 Bad Gateway",
        "Wrong password",
        "Wrong time zone",
        "Retire a node",
        "Users that no longer log in",
        "Removed nodes",
        "Commands we use",
    ],
    &[
        "Evitar indisponibilidade",
        "Evite perda de dados",
        "403 Forbidden",
        "Erro 403 (proibido)",
        "Migrar o banco legado",
        "Banco legado",
        "Remover imagens obsoletas",
        "Apagar backups antigos",
        "Backups antigos",
        "Senha errada",
        "Comandos que usamos",
    ],
    &[
        "Evitar la caída",
        "Evite la pérdida de datos",
        "403 Forbidden",
        "Error 403 (prohibido)",
        "Migrar la base heredada",
        "Base heredada",
        "Eliminar imágenes obsoletas",
        "Borrar respaldos antiguos",
        "Respaldos antiguos",
        "Contraseña incorrecta",
        "Comandos que usamos",
    ],
];

#[test]
fn a_heading_that_only_sounds_so_is_not() {
    each(GOOD, 1, |heading| format!("## {heading}\n\nReinicie:\n\n```bash\nsystemctl restart web\n```\n"));
    let bare: [&[&str]; 3] = [
        &["403 Forbidden", "Error 403: Forbidden", "Remove obsolete images", "Bad gateway", "Old backups"],
        &["403 Forbidden", "Erro 403 (proibido)", "Banco legado", "Remover imagens obsoletas"],
        &["403 Forbidden", "Error 403 (prohibido)", "Base heredada", "Eliminar imágenes obsoletas"],
    ];
    each(bare, 1, |heading| format!("## {heading}\n\n```bash\nsystemctl restart web\n```\n"));
    each(bare, 1, |heading| format!("## {heading}\n\n1. `systemctl restart web`\n"));
}

/// Columns and cells that forbid their rows.
const REFUSED: [&[&str]; 3] = [
    &[
        "Forbidden = yes",
        "Forbidden? = ✅",
        "Forbidden = x",
        "Prohibited = Yes",
        "Dangerous = yes",
        "Deprecated = yes",
        "Obsolete = true",
        "Do not use = ✔",
        "Use = no",
        "Use? = No",
        "Use in prod = ✗",
        "Prod = no",
        "Production = ❌",
        "OK? = no",
        "OK = ✗",
        "Safe? = no",
        "Safe in production? = No",
        "Allowed = false",
        "Allowed? = no.",
        "Run = no",
        "In production = never",
        "Status = deprecated",
        "Status = Obsolete",
        "Status = forbidden",
        "Notes = do not use",
        "Notes = deprecated",
    ],
    &[
        "Proibido = sim",
        "Proibido? = Sim",
        "Vetado = sim",
        "Obsoleto = sim",
        "Perigoso = sim",
        "Permitido = não",
        "Usar = não",
        "Usar? = ✗",
        "Produção = não",
        "Prod = não",
        "Em produção = Não",
        "OK? = não",
        "Pode usar? = não",
        "Pode rodar em produção? = não",
        "Seguro? = Não",
        "Status = obsoleto",
        "Situação = descontinuado",
        "Observação = não usar",
    ],
    &[
        "Prohibido = sí",
        "Prohibido = Sí",
        "Vetado = sí",
        "Obsoleto = sí",
        "Peligroso = sí",
        "Permitido = no",
        "Usar = no",
        "¿Usar? = ✗",
        "Producción = no",
        "Prod = no",
        "En producción = No",
        "¿OK? = no",
        "¿Se puede usar? = no",
        "¿Seguro? = No",
        "Estado = obsoleto",
        "Notas = no usar",
    ],
];

/// Columns and cells that do not.
const LET: [&[&str]; 3] = [
    &[
        "Safe to repeat = no",
        "Safe to re-run = no",
        "Safe to run twice = No",
        "Safe to interrupt? = no",
        "Forbidden = no",
        "Dangerous = no",
        "Deprecated = no",
        "Use = yes",
        "Use = look at the disk",
        "Use = Notifies the team",
        "Prod = yes",
        "OK? = yes",
        "Safe? = ✅",
        "Requires sudo = no",
        "Downtime = no",
        "Destructive = no",
        "Reversible = no",
        "Automated = no",
        "Status = active",
        "Production = now",
        "Needs restart = no",
    ],
    &[
        "Seguro repetir = não",
        "Pode repetir? = não",
        "Proibido = não",
        "Perigoso = não",
        "Usar = sim",
        "Uso = ver o disco",
        "Produção = sim",
        "Requer sudo = não",
        "Reversível = não",
        "Automático = não",
    ],
    &[
        "Seguro repetir = no",
        "¿Se puede repetir? = no",
        "Prohibido = no",
        "Peligroso = no",
        "Usar = sí",
        "Uso = ver el disco",
        "Producción = sí",
        "Requiere sudo = no",
        "Reversible = no",
        "Automático = no",
    ],
];

#[test]
fn a_column_that_forbids_is_heeded() {
    let row = |text: &str| {
        let (column, cell) = text.split_once(" = ").unwrap_or((text, ""));
        format!("## Steps\n\n| Command | {column} |\n|---|---|\n| `rm -rf /srv/shop` | {cell} |\n")
    };
    each(REFUSED, 0, row);
    each(LET, 1, row);
}

/// Comments above a bad command, and above the good one behind it.
const PAIRS: [&[&str]; 3] = [
    &[
        "WRONG = RIGHT",
        "Wrong: = Right:",
        "wrong = correct",
        "bad: = good:",
        "BAD = GOOD",
        "Bad (empties all) = Good",
        "Bad - empties all = Good - empties one",
        "deprecated = new",
        "DEPRECATED: use the next one = current",
        "old way = new way",
        "Old way: = New way:",
        "obsolete = since 2024",
        "don't = do",
        "incorrect = correct",
        "Not recommended = Recommended",
        "❌ Bad = ✅ Good",
        "❌ = ✅",
        "legacy = new",
        "Avoid: = Prefer:",
        "avoid this = do this",
        "don't do this = do this instead",
        "not like this = like this",
    ],
    &[
        "ERRADO = CERTO",
        "errado: = certo:",
        "Errado = Correto",
        "ruim = bom",
        "incorreto = correto",
        "obsoleto = novo",
        "jeito antigo = jeito novo",
        "Forma antiga: = Forma nova:",
        "deprecado = atual",
        "legado = novo",
        "não faça = faça",
        "não faça isso = faça isso",
        "❌ Errado = ✅ Certo",
        "evite = prefira",
        "descontinuado = desde 2024",
    ],
    &[
        "MAL = BIEN",
        "mal: = bien:",
        "Incorrecto = Correcto",
        "incorrecto: = correcto:",
        "malo = bueno",
        "obsoleto = nuevo",
        "forma antigua = forma nueva",
        "deprecado = actual",
        "no hacer = hacer",
        "no haga esto = haga esto",
        "❌ Mal = ✅ Bien",
        "evitar = preferir",
    ],
];

/// A comment before one command, another before the next.
#[test]
fn a_comment_that_calls_a_command_bad_shows_it_and_not_the_next() {
    for gap in ["\n", "\n\n"] {
        each(PAIRS, 1, |pair| {
            let (bad, good) = pair.split_once(" = ").unwrap_or((pair, ""));
            format!("```bash\n# {bad}\nrm -rf /srv/shop{gap}# {good}\nrm -rf /srv/shop/tmp\n```\n")
        });
        each(PAIRS, 1, |pair| {
            let (bad, good) = pair.split_once(" = ").unwrap_or((pair, ""));
            format!("```sql\n-- {bad}\nDELETE FROM orders;{gap}-- {good}\nDELETE FROM orders WHERE id = 1;\n```\n")
        });
    }
    each(PAIRS, 1, |pair| {
        let (bad, good) = pair.split_once(" = ").unwrap_or((pair, ""));
        format!("```bash\nrm -rf /srv/shop  # {bad}\nrm -rf /srv/shop/tmp  # {good}\n```\n")
    });
}

#[test]
fn a_comment_that_only_sounds_so_is_a_title() {
    let read: [&[&str]; 3] = [
        &[
            "wrong permissions: mend them",
            "Wrong owner",
            "bad blocks",
            "remove deprecated images",
            "old backups",
            "Old backups: delete them",
            "legacy database",
            "Incorrect time on the host",
            "avoid downtime",
            "obsolete kernels",
            "deprecated APIs still in use",
        ],
        &["permissões erradas", "backups antigos", "banco legado", "imagens obsoletas", "apagar o que está obsoleto"],
        &["permisos incorrectos", "respaldos antiguos", "base heredada", "imágenes obsoletas", "mal rendimiento"],
    ];
    each(read, 1, |comment| format!("```bash\n# {comment}\ndf -h /srv\n```\n"));
}

#[test]
fn a_title_without_quotes_forbids_as_well() {
    let shown: [&[&str]; 3] = [
        &["title=Never-run-this", "title=Do-not-run", "name=never_run_this", "caption=Deprecated", "title=Do_not_use"],
        &["title=Nunca-execute-isto", "title=Não-execute", "title=Obsoleto"],
        &["title=Nunca-ejecute-esto", "title=No-ejecutar", "title=Obsoleto"],
    ];
    each(shown, 0, |info| format!("```bash {info}\nrm -rf /srv/shop\n```\n"));
    each(shown, 0, |info| format!("```bash {{{info}}}\nrm -rf /srv/shop\n```\n"));
    let words: [&[&str]; 3] = [
        &["never-run", "do-not-run", "deprecated", "bad", "wrong", "{.bad}", "{.deprecated}", "{.do-not-run}"],
        &["obsoleto", "errado", "nao-execute", "{.errado}"],
        &["obsoleto", "incorrecto", "no-ejecutar", "{.incorrecto}"],
    ];
    each(words, 0, |info| format!("```bash {info}\nrm -rf /srv/shop\n```\n"));
    let read: [&[&str]; 3] = [
        &[
            "title=Empty-the-shop",
            "title=restart_web.sh",
            "name=no-cache",
            "copy",
            "linenums=1",
            "{.no-copy}",
            "id=avoid-downtime",
        ],
        &["title=Reiniciar-a-loja", "name=limpar-cache"],
        &["title=Reiniciar-la-tienda", "name=limpiar-cache"],
    ];
    each(read, 1, |info| format!("```bash {info}\nrm -rf /srv/shop\n```\n"));
}

#[test]
fn a_command_amid_the_words_of_a_cell_is_run_only_where_it_is_ordered() {
    let row = |cell: &str| format!("## Parts\n\n| Part | Notes |\n|---|---|\n| Shop | {cell} |\n");
    let told: [&[&str]; 3] = [
        &["Maps to `docker restart web`", "the evidence (`git status -s`)", "Nightly export from `make export-all`"],
        &["Higiene de `docker restart web` sem tag", "roda `npm run build` com host permitido"],
        &["Higiene de `docker restart web` sin etiqueta", "el panel (`git status -s`)"],
    ];
    each(told, 0, row);
    let ordered: [&[&str]; 3] = [
        &["`docker restart web`", "Run `docker restart web`", "Restart it: `docker restart web`"],
        &["`docker restart web`", "Execute `docker restart web`", "Reinicie: `docker restart web`"],
        &["`docker restart web`", "Ejecute `docker restart web`", "Reinicie: `docker restart web`"],
    ];
    each(ordered, 1, row);
}
