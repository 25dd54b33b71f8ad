//! Options on a command line and their values: the words that are neither.

/// Which options of a program take the next word for their value.
pub struct Takes {
    /// Letters of short ones, which may stand behind others in one word.
    pub short: &'static str,
    /// Long ones.
    pub long: &'static [&'static str],
}

impl Takes {
    /// Tells whether an option takes the next word: `-u root`, `-iu root`; not `-uroot` and `--user=root`.
    fn next(&self, word: &str) -> bool {
        if word.starts_with("--") {
            return self.long.contains(&word);
        }
        let letters = word[1..].char_indices();
        let valued = letters.clone().find(|(_, letter)| self.short.contains(*letter));
        valued.is_some_and(|(at, letter)| at + letter.len_utf8() == word.len() - 1) || self.long.contains(&word)
    }

    /// Goes past the options that some words begin with, and past the `--` behind them.
    pub fn past<'w, 's>(&self, words: &'w [&'s str]) -> &'w [&'s str] {
        let mut at = 0;
        while let Some(word) = words.get(at).filter(|word| word.starts_with('-') && word.len() > 1) {
            at += 1;
            if *word == "--" {
                break;
            }
            at += usize::from(self.next(word));
        }
        words.get(at..).unwrap_or_default()
    }

    /// Returns the words that are neither options nor their values.
    pub fn plain<'s>(&self, words: &[&'s str]) -> Vec<&'s str> {
        let (mut rest, mut plain) = (self.past(words), Vec::new());
        while let Some((word, after)) = rest.split_first() {
            plain.push(*word);
            rest = self.past(after);
        }
        plain
    }
}

/// What `sudo` takes.
const SUDO: Takes = Takes {
    short: "ughpCrtTUDR",
    long: &["--user", "--group", "--host", "--prompt", "--chdir", "--chroot", "--role", "--type", "--other-user"],
};

/// Nothing takes a value.
pub const NONE: Takes = Takes { short: "", long: &[] };

/// Goes past assignments and programs that run another: `A=1 sudo -u postgres psql`; tells whether the last of them
/// opens a shell where nothing follows: `sudo -iu postgres`.
pub fn unwrapped<'w, 's>(words: &'w [&'s str]) -> (&'w [&'s str], bool) {
    let (mut words, mut shell) = (words, false);
    while let Some((word, rest)) = words.split_first() {
        let wrapped = match *word {
            "sudo" | "doas" => {
                let after = SUDO.past(rest);
                let options = &rest[..rest.len() - after.len()];
                let opens = |word: &&str| {
                    matches!(*word, "--login" | "--shell")
                        || word.starts_with('-') && !word.starts_with("--") && {
                            let end = word.find(|c| SUDO.short.contains(c)).unwrap_or(word.len());
                            word[..end].contains(['i', 's'])
                        }
                };
                shell = options.iter().any(opens);
                after
            }
            "exec" | "nohup" | "time" | "env" | "command" => NONE.past(rest),
            _ if super::judge::assignment(word).is_some() => rest,
            _ => break,
        };
        words = wrapped;
    }
    (words, shell && words.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of<'s>(text: &'s str) -> (Vec<&'s str>, bool) {
        let words: Vec<&'s str> = text.split(' ').collect();
        let (rest, shell) = unwrapped(&words);
        (rest.to_vec(), shell)
    }

    #[test]
    fn values_of_options_are_no_words() {
        let takes = Takes { short: "ue", long: &["--user"] };
        let words =
            ["-u", "root", "-itu", "root", "-uroot", "--user", "root", "--user=root", "web", "-e", "A=1", "-x", "ls"];
        assert_eq!(takes.plain(&words), ["web", "ls"]);
        assert_eq!(takes.past(&["-x", "--", "-u"]), ["-u"]);
        assert_eq!(takes.past(&["-u"]), [""; 0]);
    }

    #[test]
    fn what_runs_another_program_is_gone_past() {
        assert_eq!(of("A=1 sudo -H -u postgres psql -c x"), (vec!["psql", "-c", "x"], false));
        assert_eq!(of("sudo -iu postgres"), (vec![], true));
        assert_eq!(of("sudo -u simon ls"), (vec!["ls"], false));
        assert_eq!(of("sudo -v"), (vec![], false));
        assert_eq!(of("nohup env A=1 ls"), (vec!["ls"], false));
    }
}
