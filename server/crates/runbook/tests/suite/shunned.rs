//! Titles that say in a sentence what nobody is to do: "What you should not do", "Lo que no hay que hacer".

use crate::each::each;

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

/// Sentences over what must not be typed.
const TOLD: [&[&str]; 3] = [
    &[
        "The commands below are dangerous and forbidden:",
        "The following no longer work:",
        "These no longer work in version 8:",
        "This is how NOT to do it:",
        "The mistake was:",
        "The wrong command was:",
        "These are only an example of what not to do:",
        "Hands off:",
        "Not like this:",
    ],
    &[
        "Os comandos abaixo são perigosos e proibidos:",
        "Os seguintes não funcionam mais:",
        "Estes deixaram de funcionar na versão 8:",
        "O que não fazemos:",
        "É assim que NÃO se faz:",
        "O erro foi:",
        "O comando errado foi:",
        "São só exemplos do que não fazer:",
        "Tire a mão disto:",
        "É terminantemente proibido:",
        "Assim não:",
    ],
    &[
        "Los siguientes ya no funcionan:",
        "Estos dejaron de funcionar en la versión 8:",
        "Lo que no hacemos:",
        "Así NO se hace:",
        "El error fue:",
        "El comando equivocado fue:",
        "Son solo ejemplos de lo que no hay que hacer:",
        "Manos fuera de esto:",
        "Está terminantemente prohibido:",
        "Así no:",
    ],
];

#[test]
fn a_sentence_that_says_so_is_heeded() {
    each(TOLD, 0, |lead| format!("## X\n\n{lead}\n\n```bash\nrm -rf /srv/shop\n```\n"));
    each(TOLD, 0, |lead| format!("## X\n\n{lead}\n\n- `rm -rf /srv/shop`\n"));
    let once: [&[&str]; 3] = [
        &["This is what broke production in March:", "Somebody once typed this, and it deleted all:"],
        &["Foi isto que derrubou a produção em março:", "Alguém já digitou isto e apagou tudo:"],
        &["Esto fue lo que tiró producción en marzo:", "Este comando causó el incidente:"],
    ];
    each(once, 0, |lead| format!("## X\n\n{lead}\n\n```bash\nrm -rf /srv/shop\n```\n"));
    let read: [&[&str]; 3] = [
        &[
            "If the logins no longer work, restart it:",
            "Find what caused the incident:",
            "The old command was replaced by:",
            "What is not done by the script:",
            "These still work:",
            "The error was gone after:",
        ],
        &[
            "Se os logins não funcionam mais, reinicie:",
            "Procure o que causou o incidente:",
            "Estes ainda funcionam:",
            "O que o script não faz:",
        ],
        &[
            "Si los accesos ya no funcionan, reinicie:",
            "Busque lo que causó el incidente:",
            "Estos todavía funcionan:",
            "Lo que no hace el script:",
        ],
    ];
    each(read, 1, |lead| format!("## X\n\n{lead}\n\n```bash\nsystemctl restart web\n```\n"));
}
