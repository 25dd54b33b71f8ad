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
    pub fn next(&self, word: &str) -> bool {
        if !word.starts_with('-') || word.len() < 2 {
            return false;
        }
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

/// What `ssh` takes.
pub const SSH: Takes = Takes { short: "BbcDEeFIiJLlmOopQRSWw", long: &["--cluster", "--proxy", "--login", "--user"] };

/// What `kubectl` and its `exec` take.
pub const KUBECTL: Takes = Takes {
    short: "ncsfl",
    long: &["--namespace", "--context", "--cluster", "--container", "--kubeconfig", "--image", "--target", "--user"],
};

/// What `docker` and `docker compose` take before their command.
pub const DOCKER: Takes = Takes {
    short: "Hclfp",
    long: &[
        "--host",
        "--context",
        "--config",
        "--file",
        "--project-name",
        "--project-directory",
        "--profile",
        "--env-file",
    ],
};

/// What `docker run` and `docker exec` take.
pub const IN_CONTAINER: Takes = Takes {
    short: "uewvpmlhac",
    long: &[
        "--user",
        "--env",
        "--env-file",
        "--workdir",
        "--index",
        "--detach-keys",
        "--volume",
        "--publish",
        "--name",
        "--network",
        "--net",
        "--entrypoint",
        "--mount",
        "--memory",
        "--cpus",
        "--hostname",
        "--label",
        "--restart",
        "--add-host",
        "--link",
        "--platform",
        "--pull",
        "--gpus",
        "--volumes-from",
        "--cap-add",
        "--security-opt",
    ],
};

/// What `psql` takes, but for what gives it work: `-c`, `-f`, `-l`.
pub const PSQL: Takes = Takes {
    short: "hpUdvFPRTLo",
    long: &["--host", "--port", "--username", "--dbname", "--set", "--variable", "--pset", "--output", "--log-file"],
};

/// What `mysql` takes, but for `-e`.
pub const MYSQL: Takes = Takes {
    short: "huPSD",
    long: &["--host", "--user", "--port", "--socket", "--database", "--defaults-file", "--ssl-ca", "--protocol"],
};

/// What `sqlite3` takes.
pub const SQLITE: Takes =
    Takes { short: "", long: &["-separator", "-init", "-nullvalue", "-newline", "-mmap", "-vfs"] };

/// What `redis-cli` takes.
pub const REDIS: Takes = Takes {
    short: "hpsaurindDX",
    long: &["--user", "--pass", "--cacert", "--cacertdir", "--cert", "--key", "--sni", "--tls-ciphers"],
};

/// What consoles of frameworks take.
pub const CONSOLE: Takes = Takes {
    short: "eisp",
    long: &["--environment", "--interface", "--settings", "--database", "-d", "--config", "--env"],
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
