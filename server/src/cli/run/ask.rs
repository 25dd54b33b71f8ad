//! Asking the person at the terminal.

use std::io::{BufRead, IsTerminal, Write};

use farol_api::text::{Locale, Localized};

/// Asks where there is somebody to ask.
pub(super) struct Ask {
    lang: Locale,
    somebody: bool,
}

impl Ask {
    pub fn new(lang: Locale) -> Self {
        Self { lang, somebody: std::io::stdin().is_terminal() && std::io::stderr().is_terminal() }
    }

    /// Whether there is somebody to ask.
    pub fn can(&self) -> bool {
        self.somebody
    }

    /// Asks for a line; nothing where nobody is there, or the line is empty or the end.
    pub async fn line(&self, en: &str, pt: &str) -> Option<String> {
        if !self.somebody {
            return None;
        }
        let question = Localized::new(en, pt).get(self.lang).to_owned();
        let asked = tokio::task::spawn_blocking(move || {
            eprint!("{question} ");
            let _ = std::io::stderr().flush();
            let mut line = String::new();
            std::io::stdin().lock().read_line(&mut line).ok()?;
            let line = line.trim().to_owned();
            (!line.is_empty()).then_some(line)
        });
        asked.await.ok().flatten()
    }

    /// Asks a question that `y` or `s` answers with yes.
    pub async fn yes(&self, en: &str, pt: &str) -> bool {
        let answer = self.line(&format!("{en} [y/N]"), &format!("{pt} [s/N]")).await;
        answer.is_some_and(|answer| matches!(answer.to_lowercase().as_str(), "y" | "yes" | "s" | "sim"))
    }
}
