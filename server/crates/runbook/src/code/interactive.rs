//! Commands that need somebody at a terminal.

use super::judge::assignment;
use crate::words::split;

/// Tells whether a shell command needs a terminal, waits for ever or opens another shell.
pub fn is_interactive(text: &str) -> bool {
    let text = text.trim();
    let mut words: Vec<&str> = Vec::with_capacity(16);
    words.extend(split(text).take(64));
    let skip = words.iter().take_while(|w| assignment(w).is_some() || matches!(**w, "sudo" | "exec")).count();
    let words = &words[skip..];
    let Some(program) = words.first() else {
        return false;
    };
    let piped = text.contains('|') || text.contains("<<") || text.contains(" < ");
    let has = |flags: &[&str]| words.iter().any(|w| flags.contains(w));
    let last = words.last().copied().unwrap_or("");
    if text.ends_with('&') && !text.ends_with("&&") || opens_console(text) {
        return true;
    }
    match *program {
        "exit" | "logout" | "quit" | "\\q" => words.len() == 1,
        "psql" | "mysql" | "mariadb" | "sqlite3" | "mongosh" | "redis-cli" | "pgcli" | "mycli" => {
            !piped && !client_has_work(program, words)
        }
        "ssh" | "tsh" => !piped && !ssh_has_command(words),
        "kubectl" | "oc" | "docker" | "podman" | "docker-compose" | "nerdctl" => {
            let shell = matches!(last, "bash" | "sh" | "zsh" | "/bin/bash" | "/bin/sh" | "psql" | "mysql" | "ash");
            let client = has(&["psql", "mysql"]) && !piped && nested_client_is_idle(words);
            has(&["exec", "run", "rsh", "debug"]) && (shell || client)
                || !piped && opens_inside(words)
                || has(&["port-forward", "proxy", "edit", "attach", "rsh"])
                || follows(words) && !text.contains("| head")
        }
        // A batch of it ends by itself.
        "top" if words.iter().any(|word| word.starts_with("-b")) => false,
        "top" | "htop" | "iotop" | "vi" | "vim" | "nano" | "emacs" | "less" | "more" | "watch" | "man" | "visudo"
        | "telnet" | "ftp" | "sftp" | "tmux" | "screen" | "nethogs" | "iftop" | "atop" => !piped,
        "tail" | "journalctl" => has(&["-f", "-F", "--follow", "-fu", "-xef", "-fn"]) && !text.contains("| head"),
        "su" | "bash" | "sh" | "zsh" | "python" | "python3" | "irb" => words.len() == 1 || last == "-",
        "sudo" => has(&["-i", "-s"]),
        "-i" | "-s" | "-su" => true,
        _ => false,
    }
}

/// Tells whether a command leaves somebody at the console of a language or of an application: what is typed there is no
/// shell.
pub fn opens_console(text: &str) -> bool {
    let text = text.trim();
    if text.len() > 400 || text.contains(['|', '<', '\n', ';']) {
        return false;
    }
    let words: Vec<&str> = split(text).filter(|w| *w != "sudo" && (!w.starts_with('-') || *w == "-a")).collect();
    let last = words.last().copied().unwrap_or("");
    let before = words.len().checked_sub(2).map_or("", |at| words[at]);
    let framework = matches!(
        (before.rsplit('/').next().unwrap_or(""), last),
        ("rails" | "gitlab-rails", "console" | "c")
            | ("manage.py", "shell" | "shell_plus")
            | ("artisan", "tinker")
            | ("flask", "shell")
            | ("php", "-a")
            | ("bin/console", "shell")
            | ("odoo" | "odoo-bin", "shell")
            | ("iex", "mix")
    );
    let language = matches!(
        last,
        "irb" | "pry" | "ipython" | "python" | "python3" | "node" | "iex" | "bpython" | "ghci" | "jshell"
    );
    // What installs, restarts or ends a program names it too.
    let runs = match words.as_slice() {
        [_] | [.., "exec" | "run", _] => true,
        // The name of the container stands between.
        ["docker" | "podman" | "nerdctl" | "kubectl" | "oc", .., "exec" | "run", _, _]
        | ["docker-compose", .., "exec" | "run", _, _] => true,
        _ => text.strip_suffix(last).is_some_and(|rest| rest.ends_with(" -- ")),
    };
    // `node --version` says its version and ends.
    framework || language && runs && text.ends_with(last) && !text.contains("exec -d")
}

/// Tells whether a line leaves such a console.
pub fn leaves_console(line: &str) -> bool {
    matches!(line.trim().trim_end_matches(';'), "exit" | "quit" | "exit()" | "quit()" | ".exit" | "logout")
}

/// Tells whether what runs in the container leaves somebody at a prompt: `exec -it pod -- redis-cli`, `exec db bash -l`.
fn opens_inside(words: &[&str]) -> bool {
    let cluster = matches!(words[0], "kubectl" | "oc");
    let Some(at) = words.iter().position(|word| matches!(*word, "exec" | "run" | "debug")) else { return false };
    let terminal = words.iter().any(|word| matches!(*word, "-it" | "-ti" | "-t" | "--tty" | "--tty=true"));
    let inner = match words.iter().position(|word| *word == "--") {
        Some(end) => &words[end + 1..],
        // The shell of a pod that is made for it.
        None if cluster => return terminal && words[at] != "exec",
        None if words[at] == "exec" => after_container(&words[at + 1..]),
        // An image may have a command of its own.
        None => return false,
    };
    let Some((program, options)) = inner.split_first() else { return false };
    let shell = matches!(program.rsplit('/').next(), Some("bash" | "sh" | "zsh" | "ash"));
    let bare = options.iter().all(|word| word.starts_with('-') && !word.contains('c'));
    shell && bare || is_interactive(&inner.join(" "))
}

/// The words behind the name of a container: options, some with a value, stand before it.
fn after_container<'w>(words: &'w [&'w str]) -> &'w [&'w str] {
    let mut at = 0;
    while let Some(word) = words.get(at).filter(|word| word.starts_with('-')) {
        at += 1 + usize::from(matches!(
            *word,
            "-u" | "--user" | "-e" | "--env" | "--env-file" | "-w" | "--workdir" | "--index"
        ));
    }
    words.get(at + 1..).unwrap_or_default()
}

/// `logs -f` and `get -w` never end; the `-f` of `docker compose -f FILE logs` names a file.
fn follows(words: &[&str]) -> bool {
    let at = words.iter().position(|w| matches!(*w, "logs" | "get" | "log"));
    at.is_some_and(|i| words[i..].iter().any(|w| matches!(*w, "-f" | "--follow" | "-w" | "--watch")))
}

fn client_has_work(program: &str, words: &[&str]) -> bool {
    if program == "redis-cli" {
        let mut rest = words.iter().skip(1);
        while let Some(word) = rest.next() {
            if matches!(*word, "-h" | "-p" | "-a" | "-n" | "-u" | "--user" | "--pass") {
                rest.next();
            } else if !word.starts_with('-') || word.starts_with("--") && !matches!(*word, "--tls" | "--raw") {
                return true;
            }
        }
        return false;
    }
    let work = ["-c", "-f", "-e", "-l", "-V", "--version", "-At", "--list"];
    let long = ["--command", "--file", "--execute", "--eval", "-e"];
    let flagged = words.iter().skip(1).any(|w| {
        work.contains(w)
            || long.iter().any(|l| w.starts_with(l))
            || w.starts_with('-') && !w.starts_with("--") && w.ends_with('c') && program == "psql"
    });
    flagged || program == "sqlite3" && words.len() > 2 && words.iter().skip(2).any(|w| w.contains(['"', '\'', '.']))
}

fn nested_client_is_idle(words: &[&str]) -> bool {
    let at = words.iter().position(|w| matches!(*w, "psql" | "mysql"));
    at.is_some_and(|i| !client_has_work(words[i], &words[i..]))
}

/// `ssh [options] host command`: is there a command?
fn ssh_has_command(words: &[&str]) -> bool {
    let mut rest = words.iter().skip(1);
    let mut host = false;
    while let Some(word) = rest.next() {
        if word.starts_with('-') && !host {
            if word.len() == 2 && b"bcDEeFIiJLlmOopQRSWw".contains(&word.as_bytes()[1]) {
                rest.next();
            }
        } else if host {
            return true;
        } else {
            host = true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consoles_of_languages_are_told_from_their_programs() {
        for yes in [
            "bundle exec rails console",
            "rails c",
            "python manage.py shell",
            "php artisan tinker",
            "irb",
            "python3",
            "docker compose exec app python manage.py shell",
            "kubectl exec -it deploy/api -- rails c",
            "kubectl exec -it api-0 -- python3",
            "docker exec -it web node",
            "sudo python3",
            "iex -S mix",
        ] {
            assert!(opens_console(yes), "{yes}");
        }
        for no in [
            "node --version",
            "python3 -m venv",
            "rails runner \"User.count\"",
            "python manage.py migrate",
            "apt install python3",
            "sudo apt-get install -y python3",
            "sudo systemctl restart node",
            "sudo pkill -f python",
            "docker exec web pkill node",
            "which node",
            "python manage.py shell < fix.py",
        ] {
            assert!(!opens_console(no), "{no}");
        }
    }

    #[test]
    fn what_needs_a_terminal_is_told() {
        for yes in [
            "psql -h db -U app",
            "ssh host",
            "ssh -L 5432:db:5432 bastion",
            "kubectl exec -it pod -- bash",
            "kubectl port-forward svc/x 9090:9090 &",
            "kubectl get pods -w",
            "tail -f /var/log/x",
            "kubectl exec -it pg-0 -- psql -U postgres",
            "kubectl exec -it redis-0 -- redis-cli",
            "kubectl exec -it web-0 -n shop -- /bin/bash -l",
            "kubectl run -it --rm look --image=busybox",
            "docker exec -it -u postgres db bash -l",
            "docker compose exec web bin/rails c",
            "docker exec -it db mongosh",
            "kubectl exec web-0 -- tail -f /var/log/x",
        ] {
            assert!(is_interactive(yes), "{yes}");
        }
        for no in [
            "psql -U postgres -c 'select 1'",
            "ssh host 'uptime'",
            "kubectl exec -it pg-0 -- psql -U postgres -c \"select 1\"",
            "kubectl get pods",
            "kubectl exec pg-0 -- patronictl list",
            "kubectl exec -it redis-0 -- redis-cli info",
            "kubectl exec -it web-0 -- bash -c 'ls'",
            "kubectl exec -it web-0 -- sh -lc 'ls'",
            "docker exec -it db mysql -e 'select 1'",
            "docker exec -u postgres db psql -c 'select 1'",
            "docker exec -it web ls -t",
            "kubectl exec web-0 -- top -b -n 1",
            "kubectl run look --image=busybox --rm -it -- ls",
            "psql shop < backup.sql",
        ] {
            assert!(!is_interactive(no), "{no}");
        }
    }
}
