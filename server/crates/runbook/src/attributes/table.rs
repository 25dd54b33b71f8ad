//! Every key that an author may write, on a fence and in front matter: one table for reading, linting, completing and
//! documenting.

use std::fmt;

use crate::lexicon::{self, Lexicon};

/// One key with its meaning.
#[derive(Debug)]
pub struct KeyDoc {
    /// The key, as it is written.
    pub name: &'static str,
    /// What values it takes.
    pub value: ValueKind,
    /// One sentence in English.
    pub en: &'static str,
    /// The same in Brazilian Portuguese.
    pub pt: &'static str,
    /// An example that is read without a diagnostic: `key=value` for a fence, YAML for front matter.
    pub example: &'static str,
}

/// What values a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// Any text.
    Text,
    /// Present or absent; a value is ignored.
    Flag,
    /// An id: letters, digits, `-`, `_`, `.`.
    Id,
    /// Ids with commas or blanks between them.
    Ids,
    /// The name of a target, as in the list of targets.
    Target,
    /// Names that a command could use as variables, with commas between them.
    Names,
    /// A time span: seconds, `30s`, `5m`, `1 hour`.
    Duration,
    /// A time span that may be nothing: an objective of no data loss is 0.
    Objective,
    /// How many rows: a number, or `1..10`.
    Rows,
    /// A whole number from 0 up to the one given.
    Count(u32),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A day, as `2027-06-30`.
    Date,
    /// A list of texts.
    List,
    /// A list of alert names, of maps of labels, or of matchers such as `severity=~"page|warn"`.
    Matchers,
    /// A list of parameters.
    Parameters,
}

impl ValueKind {
    /// Tells whether a written value can be understood.
    pub fn takes(self, value: &str) -> bool {
        let id = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c));
        match self {
            Self::Text => !value.trim().is_empty(),
            Self::Flag | Self::List | Self::Matchers | Self::Parameters => true,
            Self::Id => id(value),
            Self::Ids => {
                let mut ids = value.split([',', ' ']).filter(|v| !v.is_empty()).peekable();
                ids.peek().is_some() && ids.all(id)
            }
            Self::Target => farol_api::id::is_slug(value),
            Self::Names => {
                let name = |text: &str| id(text) && !text.starts_with(|c: char| c.is_ascii_digit());
                value.split(',').map(str::trim).all(name)
            }
            Self::Duration => seconds(value).is_some_and(|s| s > 0),
            Self::Objective => seconds(value).is_some(),
            Self::Rows => farol_api::hold::RowRange::read(value).is_some(),
            Self::Count(most) => value.parse::<u32>().is_ok_and(|n| n <= most),
            Self::OneOf(words) => words.contains(&value),
            Self::Date => is_date(value),
        }
    }

    /// Says what is expected, in English and in Portuguese.
    pub fn words(self) -> (String, String) {
        let (en, pt) = match self {
            Self::Text => ("a text", "um texto"),
            Self::Flag => ("nothing", "nada"),
            Self::Id => ("an id such as check-lag", "um id como check-lag"),
            Self::Ids => ("ids such as check-lag,stop-writes", "ids como check-lag,stop-writes"),
            Self::Target => ("the name of a target, such as shop-prod", "o nome de um alvo, como shop-prod"),
            Self::Names => ("names such as lag_seconds", "nomes como lag_seconds"),
            Self::Duration | Self::Objective => ("a duration such as 30s or 5m", "uma duração como 30s ou 5m"),
            Self::Rows => ("a number of rows such as 1 or 1..10", "um número de linhas como 1 ou 1..10"),
            Self::Count(most) => {
                return (format!("a whole number up to {most}"), format!("um número inteiro até {most}"));
            }
            Self::OneOf(words) => return (words.join(", "), words.join(", ")),
            Self::Date => ("a day such as 2027-06-30", "um dia como 2027-06-30"),
            Self::List => ("a list", "uma lista"),
            Self::Matchers => ("a list of alerts", "uma lista de alertas"),
            Self::Parameters => ("a list of parameters", "uma lista de parâmetros"),
        };
        (en.to_owned(), pt.to_owned())
    }
}

impl fmt::Display for ValueKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().0)
    }
}

/// Returns the keys of a fence.
pub fn catalogue() -> &'static [KeyDoc] {
    FENCE
}

/// Returns the keys of front matter.
pub fn front_matter() -> &'static [KeyDoc] {
    FRONT
}

/// Returns the keys of one parameter in front matter.
pub fn parameter() -> &'static [KeyDoc] {
    PARAMETER
}

/// Reads a time span in seconds: `90`, `30s`, `1h30m`, or as people write it.
pub fn seconds(text: &str) -> Option<u32> {
    let plain = text.parse::<u32>().ok().or_else(|| short(text));
    plain.or_else(|| lexicon::seconds(Lexicon::of(None), text).and_then(|s| u32::try_from(s).ok()))
}

/// Reads `30s`, `5m`, `1h30m`, `2d`, with nothing between.
pub fn short(text: &str) -> Option<u32> {
    let (mut total, mut number) = (0u32, None);
    for byte in text.bytes() {
        let unit = match byte.to_ascii_lowercase() {
            b'0'..=b'9' => {
                number = Some(number.unwrap_or(0u32).checked_mul(10)?.checked_add(u32::from(byte - b'0'))?);
                continue;
            }
            b's' => 1,
            b'm' => 60,
            b'h' => 3600,
            b'd' => 86_400,
            _ => return None,
        };
        total = total.checked_add(number.take()?.checked_mul(unit)?)?;
    }
    (number.is_none() && !text.is_empty()).then_some(total)
}

/// Tells whether a text is a day of the calendar, as `2027-06-30`.
pub fn is_date(text: &str) -> bool {
    let shape =
        text.len() == 10 && text.bytes().enumerate().all(|(i, b)| matches!((i, b), (4 | 7, b'-') | (_, b'0'..=b'9')));
    shape && text.parse::<chrono::NaiveDate>().is_ok()
}

/// Keys of Runme and Pandoc that are accepted, in lower case: they mean the same, or nothing that Farol acts on.
pub const ACCEPTED: [&str; 20] = [
    "name",
    "title",
    "phase",
    "interactive",
    "background",
    "cwd",
    "excludefromrunall",
    "promptenv",
    "category",
    "tag",
    "mimetype",
    "closeterminalonsuccess",
    "terminalrows",
    "class",
    "openterminalonstart",
    "ignore",
    "language",
    "linenumbers",
    "startfrom",
    "hl_lines",
];

/// The kinds of a parameter, as front matter names them.
pub const PARAMETER_TYPES: &[&str] =
    &["text", "host", "port", "pid", "timestamp", "path", "name", "number", "secret", "connection", "url"];

const FENCE: &[KeyDoc] = &[
    KeyDoc {
        name: "id",
        value: ValueKind::Id,
        en: "The step's own id; without one it is made from the title, and kept when other parts of the file change.",
        pt: "O id do passo; sem ele, é feito do título e mantido quando outras partes do arquivo mudam.",
        example: "id=count-locks",
    },
    KeyDoc {
        name: "target",
        value: ValueKind::Target,
        en: "The target it runs on, whatever target the incident has.",
        pt: "O alvo em que executa, seja qual for o alvo do incidente.",
        example: "target=shop-replica",
    },
    KeyDoc {
        name: "needs",
        value: ValueKind::Ids,
        en: "Ids of earlier steps that must be done first, with commas between them.",
        pt: "Ids de passos anteriores que precisam estar feitos antes, separados por vírgulas.",
        example: "needs=check-lag",
    },
    KeyDoc {
        name: "when",
        value: ValueKind::Text,
        en: "The condition under which the step is done.",
        pt: "A condição em que o passo é feito.",
        example: "when=\"lag_seconds > 30\"",
    },
    KeyDoc {
        name: "timeout",
        value: ValueKind::Duration,
        en: "The longest it may run: seconds, or `30s`, `5m`.",
        pt: "O máximo que pode durar: segundos, ou `30s`, `5m`.",
        example: "timeout=30s",
    },
    KeyDoc {
        name: "retries",
        value: ValueKind::Count(10),
        en: "How often it may be run again after it failed.",
        pt: "Quantas vezes pode ser executado de novo depois de falhar.",
        example: "retries=2",
    },
    KeyDoc {
        name: "capture",
        value: ValueKind::Names,
        en: "The name under which what came out is kept for later steps.",
        pt: "O nome com que o resultado é guardado para passos posteriores.",
        example: "capture=lag_seconds",
    },
    KeyDoc {
        name: "expect",
        value: ValueKind::Text,
        en: "What should be seen, in the place of an \"Expected\" paragraph.",
        pt: "O que deve ser visto, no lugar de um parágrafo \"Esperado\".",
        example: "expect=\"0\"",
    },
    KeyDoc {
        name: "risk",
        value: ValueKind::OneOf(&["read", "side_effect", "write", "schema", "destructive", "administration"]),
        en: "The least risk class that the step is taken for; it raises what was computed and never lowers it.",
        pt: "A menor classe de risco com que o passo é tratado; aumenta a que foi calculada e nunca a reduz.",
        example: "risk=destructive",
    },
    KeyDoc {
        name: "approval",
        value: ValueKind::OneOf(&["required"]),
        en: "Somebody else must approve it, whatever its class takes.",
        pt: "Outra pessoa precisa aprovar, seja qual for a exigência da classe.",
        example: "approval=required",
    },
    KeyDoc {
        name: "rows",
        value: ValueKind::Rows,
        en: "How many rows it may change; outside, all is rolled back.",
        pt: "Quantas linhas pode alterar; fora disso, tudo é desfeito.",
        example: "rows=1..10",
    },
    KeyDoc {
        name: "hold",
        value: ValueKind::OneOf(&["yes", "no"]),
        en: "Whether what it changes is held until a person commits it; without it, everywhere but on a sandbox.",
        pt: "Se o que altera fica retido até uma pessoa confirmar; sem isso, em todo lugar menos em sandbox.",
        example: "hold=yes",
    },
    KeyDoc {
        name: "on_failure",
        value: ValueKind::Id,
        en: "The id of the step that comes next if this one fails.",
        pt: "O id do passo que vem a seguir se este falhar.",
        example: "on_failure=escalate",
    },
    KeyDoc {
        name: "run",
        value: ValueKind::OneOf(&["never"]),
        en: "`run=never`: the block is shown, never run.",
        pt: "`run=never`: o bloco é mostrado, nunca executado.",
        example: "run=never",
    },
    KeyDoc {
        name: "output",
        value: ValueKind::Flag,
        en: "The block is output: shown, never run.",
        pt: "O bloco é saída: mostrado, nunca executado.",
        example: "output",
    },
];

const FRONT: &[KeyDoc] = &[
    KeyDoc {
        name: "title",
        value: ValueKind::Text,
        en: "The runbook's title, where no heading gives one.",
        pt: "O título do runbook, onde nenhum cabeçalho dá um.",
        example: "title: Replica lag",
    },
    KeyDoc {
        name: "owner",
        value: ValueKind::Text,
        en: "Who keeps it up to date.",
        pt: "Quem o mantém atualizado.",
        example: "owner: Database on-call",
    },
    KeyDoc {
        name: "severity",
        value: ValueKind::Text,
        en: "The severity that its incidents usually have.",
        pt: "A severidade que seus incidentes costumam ter.",
        example: "severity: SEV3",
    },
    KeyDoc {
        name: "rto",
        value: ValueKind::Objective,
        en: "How long recovery may take.",
        pt: "Quanto a recuperação pode levar.",
        example: "rto: 2h",
    },
    KeyDoc {
        name: "rpo",
        value: ValueKind::Objective,
        en: "How much data, in time, may be lost.",
        pt: "Quantos dados, em tempo, podem ser perdidos.",
        example: "rpo: 5m",
    },
    KeyDoc {
        name: "services",
        value: ValueKind::List,
        en: "The services that it is about.",
        pt: "Os serviços de que trata.",
        example: "services: [shop, checkout]",
    },
    KeyDoc {
        name: "targets",
        value: ValueKind::List,
        en: "The targets that its commands run on.",
        pt: "Os alvos em que seus comandos executam.",
        example: "targets:\n  - shop-primary",
    },
    KeyDoc {
        name: "alerts",
        value: ValueKind::Matchers,
        en: "The alerts that it answers: names, label maps or matchers.",
        pt: "Os alertas a que responde: nomes, mapas de rótulos ou condições.",
        example: "alerts:\n  - ReplicaLagHigh\n  - alertname: ReplicaDown\n    severity: page\n  - '{job=\"mysql\", severity=~\"page|warn\"}'",
    },
    KeyDoc {
        name: "parameters",
        value: ValueKind::Parameters,
        en: "More about values that its commands ask for.",
        pt: "Mais sobre valores que seus comandos pedem.",
        example: "parameters:\n  - name: pid\n    type: pid\n    pattern: '[0-9]+'\n    description: The backend that holds the lock",
    },
    KeyDoc {
        name: "review_by",
        value: ValueKind::Date,
        en: "The day by which somebody looks through it again.",
        pt: "O dia até o qual alguém o revisa.",
        example: "review_by: 2999-06-30",
    },
];

const PARAMETER: &[KeyDoc] = &[
    KeyDoc {
        name: "name",
        value: ValueKind::Text,
        en: "The placeholder's name: `pid` for `<pid>`.",
        pt: "O nome da lacuna: `pid` para `<pid>`.",
        example: "name: pid",
    },
    KeyDoc {
        name: "type",
        value: ValueKind::OneOf(PARAMETER_TYPES),
        en: "What kind of value it takes.",
        pt: "Que tipo de valor aceita.",
        example: "type: pid",
    },
    KeyDoc {
        name: "default",
        value: ValueKind::Text,
        en: "The value that is offered; a secret has none.",
        pt: "O valor oferecido; um segredo não tem.",
        example: "default: \"5432\"",
    },
    KeyDoc {
        name: "pattern",
        value: ValueKind::Text,
        en: "A regular expression that the whole value must match.",
        pt: "Uma expressão regular com que o valor inteiro deve casar.",
        example: "pattern: '[0-9]+'",
    },
    KeyDoc {
        name: "secret",
        value: ValueKind::OneOf(&["true", "false"]),
        en: "Whether the value is hidden everywhere.",
        pt: "Se o valor é ocultado em toda parte.",
        example: "secret: true",
    },
    KeyDoc {
        name: "description",
        value: ValueKind::Text,
        en: "One sentence for who has to fill it in.",
        pt: "Uma frase para quem precisa preencher.",
        example: "description: The backend that holds the lock",
    },
];
