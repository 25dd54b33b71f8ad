//! Titles that say in a sentence what nobody is to do: "What you should not do", "Lo que no hay que hacer".

mod each;
mod intros;
mod typed;

use each::each;

/// Titles over what must not be typed.
const SHUNNED: [&[&str]; 3] = [
    &[
        "What you should not do",
        "What we must never do",
        "What never to do",
        "Things not to do",
        "Things you should never do",
        "Things to never do",
        "How not to do it",
        "Mistakes to avoid",
        "Actions to avoid",
        "Commands to never run",
        "Commands that no longer work",
        "Commands that don't work anymore",
        "Commands that stopped working in 8.0",
        "Commands removed in 8.0",
        "Commands that are not allowed",
        "Commands not allowed in production",
        "Unsupported commands",
        "Blacklisted commands",
        "Prohibited actions",
        "Forbidden operations",
        "Don'ts",
        "Do not paste this",
    ],
    &[
        "O que nunca fazer",
        "O que NÃO se deve fazer",
        "O que você não deve fazer",
        "O que não devemos fazer",
        "O que não pode ser feito",
        "O que não é para fazer",
        "O que não se faz em produção",
        "Coisas que não devem ser feitas",
        "Coisas para não fazer",
        "Como não fazer",
        "Isto não se faz",
        "Erros a evitar",
        "Ações a evitar",
        "Comandos que não funcionam mais",
        "Comandos que já não funcionam",
        "Comandos que deixaram de funcionar na 8.0",
        "Comandos removidos na 8.0",
        "Comandos não permitidos",
        "Comandos banidos",
        "Ações proibidas",
        "Operações proibidas",
        "Proibições",
        "Não copie isto",
    ],
    &[
        "Lo que NO hay que hacer",
        "Lo que nunca hay que hacer",
        "Lo que no debe hacerse",
        "Lo que no debes hacer",
        "Lo que no se hace",
        "Qué NO hay que hacer",
        "Qué no correr",
        "Cosas que no hay que hacer",
        "Cosas a no hacer",
        "Cómo no hacerlo",
        "Esto no se hace",
        "Errores a evitar",
        "Acciones a evitar",
        "Comandos que ya no funcionan",
        "Comandos que ya no funcionan en 8.0",
        "Comandos que dejaron de funcionar",
        "Comandos eliminados en 8.0",
        "Comandos no permitidos",
        "Comandos que no están permitidos",
        "Acciones prohibidas",
        "Operaciones prohibidas",
        "Prohibiciones",
        "No copies esto",
    ],
];

#[test]
fn a_title_that_says_what_nobody_is_to_do_is_heeded() {
    each(SHUNNED, 0, |title| format!("## {title}\n\n```bash\nrm -rf /srv/shop\n```\n"));
    each(SHUNNED, 0, |title| format!("## {title}\n\n- `rm -rf /srv/shop`\n- `dropdb shop` (all of it)\n"));
    each(SHUNNED, 0, |title| format!("## {title}\n\n1. `rm -rf /srv/shop`\n"));
    each(SHUNNED, 0, |title| format!("## 7. {title}\n\n| Command | Notes |\n|---|---|\n| `rm -rf /srv/shop` | x |\n"));
    each(SHUNNED, 0, |title| format!("**{title}:**\n\n```bash\nrm -rf /srv/shop\n```\n"));
    each(SHUNNED, 0, |title| format!("{title}:\n\n- `rm -rf /srv/shop`\n"));
    each(SHUNNED, 0, |title| format!("```bash\n# {title}\nrm -rf /srv/shop\n```\n"));
}

/// Titles that only sound so.
const DONE: [&[&str]; 3] = [
    &[
        "What to do when the queue does not move",
        "What to do if you cannot do a rollback",
        "What to do when it no longer works",
        "How to do it without downtime",
        "How to tell that it is not working",
        "Things to do first",
        "Actions",
        "Errors in the log",
        "Common mistakes",
        "The site does not work",
        "Scripts that do not finish",
        "Removed nodes",
        "Commands that work on all nodes",
    ],
    &[
        "O que fazer quando não sobe",
        "O que fazer se não der para fazer o rollback",
        "Como fazer sem parar a loja",
        "Como saber que não está funcionando",
        "O que não aparece no painel",
        "Coisas a fazer primeiro",
        "Ações",
        "Erros no log",
        "Não funciona mais",
        "O site não funciona",
        "Comandos que funcionam em todos os nós",
        "Como não perder dados",
    ],
    &[
        "Qué hacer cuando no levanta",
        "Qué hacer si no se puede hacer login",
        "Cómo hacerlo sin parar la tienda",
        "Cómo saber que no funciona",
        "Lo que no aparece en el panel",
        "Cosas a hacer primero",
        "Acciones",
        "Errores en el log",
        "Ya no funciona",
        "El sitio no funciona",
        "Comandos que funcionan en todos los nodos",
        "Cómo no perder datos",
    ],
];

#[test]
fn a_title_that_only_sounds_so_is_not() {
    each(DONE, 1, |title| format!("## {title}\n\n```bash\nsystemctl restart web\n```\n"));
    each(DONE, 1, |title| format!("## {title}\n\n1. `systemctl restart web`\n"));
    each(DONE, 1, |title| format!("**{title}:**\n\n```bash\nsystemctl restart web\n```\n"));
    each(DONE, 1, |title| format!("```bash\n# {title}\nsystemctl restart web\n```\n"));
}
