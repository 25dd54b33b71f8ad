//! What a value stands among in a word of a shell, and whether it could say more there than its place.
//!
//! A secret is approved unseen. As a piece of an address, or of a text of settings, a value with an `@` or a blank in it could
//! name another host than the one that stands there.

use std::collections::BTreeMap;
use std::ops::Range;

use farol_api::graph::PlaceholderUse;

use super::shell_scan::{Place, Stand, scan};

/// What stands around a value that is a piece of a longer text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    /// Who logs on where: `postgres://app:<password>@db`.
    Authority,
    /// What follows the host of an address: `https://chat/hooks/<token>`.
    Path,
    /// Settings that signs part from each other: `host=db password=<password>`, `?user=a&key=<key>`.
    Settings,
    /// A field of a form, which `&` would end: `-d client_secret=<secret>`.
    Field,
    /// One setting by itself, which a blank would end: `-d password=<password>`.
    Setting,
    /// Quotes that another program reads: `{"password": "<password>"}`.
    Quotes(char),
    /// Words of a line, such as a header or a line of a file.
    Line,
}

impl Among {
    /// Tells whether a value is no more than the piece it stands for.
    pub fn lets(self, value: &str) -> bool {
        let only = |signs: &str| value.chars().all(|c| c.is_ascii_alphanumeric() || signs.contains(c));
        match self {
            Self::Authority => only("._~-+=%!*^:"),
            Self::Path => only("._~-+/=%!*^:@,") && !value.contains(".."),
            Self::Settings => only("._~-+/=%!*^"),
            Self::Field => !value.contains('&') && !value.contains(char::is_control),
            Self::Setting => !value.contains(char::is_whitespace),
            Self::Quotes(quote) => !value.contains([quote, '\\']) && !value.contains(char::is_control),
            Self::Line => !value.contains(char::is_control),
        }
    }
}

/// Settings by which a client of a database is told where to go; `-d password=<x>` may go on with `host=`.
const OF_CONNECTIONS: [&str; 8] =
    ["password", "sslpassword", "passfile", "user", "dbname", "host", "service", "options"];

/// Options of many settings, which a comma parts: `helm --set`, `gcloud --update-env-vars`.
const LISTS: [&str; 3] = ["--set", "--update-", "--mount"];

/// Options of `curl` and `wget` that send what stands behind them as it is.
const FORMS: [&str; 7] = ["-d", "--data", "--data-raw", "--data-ascii", "--data-binary", "--post-data", "--body-data"];

/// Finds the parameters whose values could say more than their place, also by way of a variable that holds them
/// (`PW=<password>; psql "postgres://app:$PW@db"`). Whether that matters depends on who sees them.
pub fn loose(text: &str, uses: &[PlaceholderUse], stands: &[Stand], values: &BTreeMap<String, String>) -> Vec<String> {
    let mut places: Vec<(&str, Range<usize>, Stand)> = uses
        .iter()
        .zip(stands)
        .map(|(used, stand)| (used.parameter.as_str(), used.span.start..used.span.end, *stand))
        .collect();
    let (mut loose, mut followed, mut next) = (Vec::new(), Vec::new(), 0);
    while let Some((parameter, at, stand)) = places.get(next).cloned() {
        next += 1;
        if stand.place == Place::Comment {
            continue;
        }
        let said = said(text, &at, stand);
        let among = among(text, &said, &at, stand);
        let value = values.get(parameter).map_or("", String::as_str);
        if among.is_some_and(|among| !among.lets(value)) {
            loose.push(parameter.to_owned());
        }
        let Some(variable) = assigned(&said) else { continue };
        if !followed.contains(&(parameter, variable.to_owned())) {
            followed.push((parameter, variable.to_owned()));
            places.extend(expansions(text, variable).into_iter().map(|(at, stand)| (parameter, at, stand)));
        }
    }
    loose
}

/// Tells whether a value could say more than its place wherever a variable that holds it is expanded.
pub fn is_loose(text: &str, variable: &str, value: &str) -> bool {
    let among = |(at, stand): (Range<usize>, Stand)| among(text, &said(text, &at, stand), &at, stand);
    expansions(text, variable).into_iter().filter_map(among).any(|among| !among.lets(value))
}

/// Finds where a variable is expanded: `$X`, and `${X` with whatever follows.
fn expansions(text: &str, variable: &str) -> Vec<(Range<usize>, Stand)> {
    let found = text.match_indices('$').filter_map(|(at, _)| {
        let rest = &text[at + 1..];
        let braced = rest.starts_with('{');
        let rest = rest.trim_start_matches('{').strip_prefix(variable)?;
        if rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
            return None;
        }
        let named = text.len() - rest.len();
        let end = if braced { rest.find('}').map_or(named, |end| named + end + 1) } else { named };
        Some(PlaceholderUse {
            token: text[at..end].to_owned(),
            parameter: String::new(),
            span: farol_api::text::Span::new(at, end),
        })
    });
    let uses: Vec<_> = found.collect();
    let stands = scan(text, &uses);
    uses.into_iter().map(|used| used.span.start..used.span.end).zip(stands).collect()
}

/// What the word of a value says before it, without the shell's own quotes.
fn said(text: &str, at: &Range<usize>, stand: Stand) -> String {
    let before = text.get(stand.word..at.start).unwrap_or_default();
    if stand.place == Place::Heredoc {
        return before.to_owned();
    }
    let (mut said, mut quote, mut chars) = (String::new(), None, before.chars().peekable());
    while let Some(c) = chars.next() {
        match (quote, c) {
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            (None, '\\') => said.extend(chars.next().filter(|c| *c != '\n')),
            (Some('"'), '\\') => match chars.next_if(|c| "\"\\$`\n".contains(*c)) {
                Some(c) => said.extend(Some(c).filter(|c| *c != '\n')),
                None => said.push(c),
            },
            _ => said.push(c),
        }
    }
    said
}

/// Returns the variable that a word assigns to, `X=…` or `X+=…`.
fn assigned(said: &str) -> Option<&str> {
    let name = said.split_once('=')?.0.trim_end_matches('+');
    let valid = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    (valid && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')).then_some(name)
}

/// Tells what a value stands among, given what its word says before it.
fn among(text: &str, said: &str, at: &Range<usize>, stand: Stand) -> Option<Among> {
    let after = text.get(at.end..).unwrap_or_default().trim_start_matches(['"', '\'']);
    let address = said.rsplit(|c: char| c.is_whitespace() || "\"'".contains(c)).next().unwrap_or(said);
    if let Some((_, rest)) = address.rsplit_once("://") {
        return Some(match rest.find(['/', '?', '#']) {
            None => Among::Authority,
            Some(_) if rest.contains(['?', '#']) => Among::Settings,
            Some(_) => Among::Path,
        });
    }
    if after.starts_with('@') {
        return Some(Among::Authority);
    }
    if let Some(setting) = said.strip_suffix('=') {
        let name = setting.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_' || c == '-');
        let option = text.get(..stand.word).unwrap_or_default().split_whitespace().last().unwrap_or_default();
        let listed = |option: &str| LISTS.iter().any(|list| option.starts_with(list)) || option == "-o";
        if name.ends_with(|c: char| c.is_whitespace() || "&?;,{".contains(c)) || listed(option) || listed(said) {
            return Some(Among::Settings);
        }
        if OF_CONNECTIONS.iter().any(|known| is_alone(setting, known)) {
            return Some(Among::Setting);
        }
        if FORMS.contains(&option)
            || FORMS.iter().any(|form| said.strip_prefix(form).is_some_and(|rest| rest.starts_with('=')))
        {
            return Some(Among::Field);
        }
    }
    match said.chars().last() {
        Some(quote @ ('"' | '\'')) => Some(Among::Quotes(quote)),
        _ if stand.place == Place::Heredoc || said.contains(char::is_whitespace) => Some(Among::Line),
        _ => None,
    }
}

/// Tells whether a word is the name of a setting, by itself or behind an option: `-dpassword`, `--dbname=password`.
fn is_alone(setting: &str, known: &str) -> bool {
    let Some(option) = setting.strip_suffix(known) else { return false };
    let short = option.len() == 2 && option.starts_with('-') && !option.starts_with("--");
    option.is_empty() || short || option.starts_with("--db") && option.ends_with('=')
}

#[cfg(test)]
mod tests {
    use farol_api::graph::CommandLanguage;
    use farol_api::risk::Dialect;

    use crate::bind::tests::command;
    use crate::bind::{BindError, bind};

    fn sealed(text: &str, value: &str) -> Result<(), BindError> {
        let command = command(CommandLanguage::Shell, text);
        let values = command.placeholders.iter().map(|used| (used.parameter.clone(), value.to_owned())).collect();
        bind(&command, Dialect::Shell, &values).and_then(|bound| bound.seal(|name| name == "pw")).map(drop)
    }

    /// Each text with a value that fits, and one that would go elsewhere with what the text says.
    #[test]
    fn a_secret_within_an_address_or_settings_cannot_name_another_host() {
        for (text, fits, evil) in [
            ("pg_dump postgres://app:<pw>@db/shop", "aB3._~-+=%!*^", "x@evil"),
            ("pg_dump \"postgres://app:<pw>@db/shop\"", "a%40b", "5432/x"),
            ("git clone https://<pw>@git.example/app.git", "ghp_x1", "evil/"),
            ("git clone 'https://<pw>@git.example/app.git'", "ghp_x1", "evil?"),
            ("git clone https://\"<pw>\"@git.example/app.git", "ghp_x1", "evil#"),
            ("sqlplus app/<pw>@db", "x1", "x@evil"),
            ("curl -X POST https://chat.example/hooks/<pw>", "T0/B0:x@y", "../admin"),
            ("curl 'https://chat.example/v1?user=a&key=<pw>'", "x1", "x&user=root"),
            ("pg_dump \"host=db password=<pw>\"", "x1/", "x host=evil"),
            ("pg_dump -d password=<pw>", "x@&;", "x host=evil"),
            ("pg_dump -dpassword=<pw> -h db", "x@&;", "x host=evil"),
            ("pg_dump --dbname=password=<pw>", "x@&;", "x host=evil"),
            ("pg_dump \"host=db password='<pw>'\"", "x @&;", "x' host='evil"),
            ("bin/migrate --db 'Server=db;Password=<pw>'", "x1", "x;Server=evil"),
            ("pg_dump postgres://<pw>@db/shop", "app:x1", "evil/x"),
            ("curl -d \"client_secret=<pw>\" https://api", "x @/;", "x&role=admin"),
            ("wget --post-data='key=<pw>' https://api", "x @/;", "x&role=admin"),
            ("helm upgrade app chart --set db.password=<pw>", "x1", "x,image.repository=evil"),
            ("gcloud run deploy --update-env-vars=PW=<pw>", "x1", "x,HOST=evil"),
            ("mount -o password=<pw> //files/a /mnt", "x1", "x,exec"),
            ("curl -d '{\"a\": \"<pw>\"}' https://api", "x @/&'", "x\", \"role\": \"admin"),
            ("curl -d \"{\\\"a\\\": \\\"<pw>\\\"}\" https://api", "x @/&'", "x\", \"role\": \"admin"),
            ("curl -H \"Authorization: Bearer <pw>\" https://api", "a.b/c=@", "x\nHost: evil"),
            ("cat > .pgpass <<EOF\ndb:5432:*:app:<pw>\nEOF", "x @:/", "x\nevil:*:*:*:y"),
            ("PW=<pw>\npg_dump \"postgres://app:$PW@db/shop\"", "x1", "x@evil"),
            ("export PW=<pw>; U=\"app:${PW}\"; pg_dump \"postgres://${U}@db/shop\"", "x1", "x@evil"),
            ("PW=<pw>; pg_dump \"postgres://app:${PW:-none}@db/shop\"", "x1", "x@evil"),
        ] {
            assert_eq!(sealed(text, fits), Ok(()), "{text} with {fits}");
            assert_eq!(sealed(text, evil), Err(BindError::NotPiece { parameter: "pw".into() }), "{text} with {evil}");
        }
    }

    /// What is a value to its end says whatever it says.
    #[test]
    fn a_secret_that_is_a_whole_value_may_hold_anything() {
        for text in [
            "mysqldump -p<pw> shop",
            "mysqldump --password=<pw> shop",
            "mysqldump --password=\"<pw>\" shop",
            "PGPASSWORD=<pw> pg_dump shop",
            "PGPASSWORD='<pw>' pg_dump shop",
            "docker run -e POSTGRES_PASSWORD=<pw> postgres",
            "kubectl create secret generic db --from-literal=password=<pw>",
            "curl --data-urlencode \"key=<pw>\" https://api",
            "curl -u admin:<pw> https://api",
            "curl -u \"admin:<pw>\" https://api",
            "echo \"<pw>\" | docker login -u app --password-stdin registry",
            "PW=<pw>; echo \"$PW\" | tee key.pem",
            "pg_dump \"postgres://app@db/shop\" -W <pw>",
        ] {
            assert_eq!(sealed(text, "a b@c/d:e&f;\"g'\nh\\"), Ok(()), "{text}");
        }
        // Whoever approves sees what is no secret.
        let seen = command(CommandLanguage::Shell, "pg_dump postgres://app:<pw>@db/shop");
        let values = [("pw".to_owned(), "x@evil".to_owned())].into();
        assert!(bind(&seen, Dialect::Shell, &values).unwrap().seal(|_| false).is_ok());
    }
}
