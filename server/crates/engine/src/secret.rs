//! Values that are never shown.

/// A text that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretText(pub String);

impl std::fmt::Debug for SecretText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretText(…)")
    }
}

/// The URL of a credential, for example `postgres://user:password@host/db`. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretUrl(String);

impl SecretUrl {
    /// Wraps a URL.
    pub fn new(url: impl Into<String>) -> Self {
        Self(url.into())
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// Tells whether a password stands in it.
    pub(crate) fn has_password(&self) -> bool {
        url_password(&self.0).or_else(|| query_password(&self.0)).is_some()
    }

    /// Returns what must never show in output: the URL and its password, as written and decoded.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let mut secrets = vec![self.0.clone()];
        for password in url_password(&self.0).into_iter().chain(query_password(&self.0)) {
            secrets.push(decode_percent(password));
            secrets.push(decode_percent(&password.replace('+', " ")));
            secrets.push(password.to_owned());
        }
        secrets
    }
}

impl std::fmt::Debug for SecretUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretUrl(…)")
    }
}

fn url_password(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let (user, _) = authority.rsplit_once('@')?;
    let (_, password) = user.split_once(':')?;
    (!password.is_empty()).then_some(password)
}

/// The password where it stands behind the question mark, as Postgres takes it there too.
fn query_password(url: &str) -> Option<&str> {
    let (_, query) = url.split_once('?')?;
    let query = query.split('#').next()?;
    let mut passwords = query.split('&').filter_map(|pair| pair.strip_prefix("password="));
    passwords.find(|password| !password.is_empty())
}

fn decode_percent(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| *first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_of_a_url_is_a_secret_as_written_and_decoded() {
        let secrets = SecretUrl::new("postgres://u:p%40ss@h:1/db?x=y:z@w").secrets();
        assert!(secrets.contains(&"p%40ss".to_owned()) && secrets.contains(&"p@ss".to_owned()), "{secrets:?}");
        let secrets = SecretUrl::new("postgres://h/db?user=u&password=p%40s+s&sslmode=require").secrets();
        assert!(
            ["p%40s+s", "p@s+s", "p@s s"].iter().all(|known| secrets.contains(&(*known).to_owned())),
            "{secrets:?}"
        );
        assert_eq!(SecretUrl::new("sqlite:///a:b@c").secrets().len(), 1);
        assert_eq!(SecretUrl::new("postgres://u@h/db").secrets().len(), 1);
    }
}
