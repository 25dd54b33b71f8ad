//! Asking the person at the terminal.

use std::io::{BufRead, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use farol_api::text::{Locale, Localized};
use tokio::sync::Mutex;

use super::wish::Wish;

/// Asks where there is somebody to ask, until they leave with Ctrl-C or a signal ends it.
pub(super) struct Ask {
    lang: Locale,
    somebody: bool,
    left: AtomicBool,
    /// Heard from the first question on.
    wish: Mutex<Option<Wish>>,
}

impl Ask {
    pub fn new(lang: Locale) -> Self {
        Self {
            lang,
            somebody: std::io::stdin().is_terminal() && std::io::stderr().is_terminal(),
            left: AtomicBool::new(false),
            wish: Mutex::new(None),
        }
    }

    /// Whether a wish to stop has come between two questions.
    pub async fn is_left(&self) -> bool {
        self.wish.lock().await.as_mut().is_some_and(Wish::has_come)
    }

    /// Whether there is somebody to ask.
    pub fn can(&self) -> bool {
        self.somebody && !self.left.load(Ordering::Relaxed)
    }

    /// Asks for a line; nothing where nobody is there, or the line is empty or the end.
    pub async fn line(&self, en: &str, pt: &str) -> Option<String> {
        if !self.can() {
            return None;
        }
        let question = super::tell::visible(Localized::new(en, pt).get(self.lang));
        let mut heard = self.wish.lock().await;
        let wish = match heard.as_mut() {
            Some(wish) => wish,
            None => heard.insert(Wish::listen().ok()?),
        };
        let asked = tokio::task::spawn_blocking(move || {
            let _ = write!(std::io::stderr(), "{question} ");
            let _ = std::io::stderr().flush();
            let mut line = String::new();
            std::io::stdin().lock().read_line(&mut line).ok()?;
            let line = line.trim().to_owned();
            (!line.is_empty()).then_some(line)
        });
        tokio::select! {
            line = asked => line.ok().flatten(),
            () = wish.comes() => {
                self.left.store(true, Ordering::Relaxed);
                let _ = writeln!(std::io::stderr());
                None
            }
        }
    }

    /// Asks a question that `y` or `s` answers with yes.
    pub async fn yes(&self, en: &str, pt: &str) -> bool {
        let answer = self.line(&format!("{en} [y/N]"), &format!("{pt} [s/N]")).await;
        answer.is_some_and(|answer| matches!(answer.to_lowercase().as_str(), "y" | "yes" | "s" | "sim"))
    }
}
