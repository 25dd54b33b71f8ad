//! Commands that need somebody at a terminal.

use super::containers::{self, Containers};
use super::options::{CONSOLE, DOCKER, IN_CONTAINER, KUBECTL, MYSQL, PSQL, REDIS, SQLITE, SSH, unwrapped};
use crate::words::{split, table, trim};

/// Tells whether a shell command needs a terminal, waits for ever or opens another shell.
pub fn is_interactive(text: &str) -> bool {
    needs_terminal(text, 0)
}

fn needs_terminal(text: &str, depth: usize) -> bool {
    let text = trim(text);
    let mut words: Vec<&str> = Vec::with_capacity(16);
    // A line may go on behind a backslash.
    words.extend(split(text).filter(|word| *word != "\\").take(64));
    // All words are there, but for what only joins lines.
    let console = words.len() == 64 || words.iter().any(|word| names_console(word));
    if text.ends_with('&') && !text.ends_with("&&") || console && opens_console(text) {
        return true;
    }
    let (words, shell) = unwrapped(&words);
    let Some(program) = words.first() else { return shell };
    let piped = || text.contains('|') || text.contains("<<") || text.contains(" < ");
    match *program {
        _ if leaves(text) => true,
        "psql" | "mysql" | "mariadb" | "sqlite3" | "mongosh" | "redis-cli" | "pgcli" | "mycli" => {
            !piped() && !client_has_work(program, words)
        }
        "ssh" => !piped() && is_remote_shell(&words[1..], depth),
        "tsh" => {
            let rest = words.get(1).filter(|word| **word == "ssh").map_or(1, |_| 2);
            !piped() && is_remote_shell(words.get(rest..).unwrap_or_default(), depth)
        }
        program if containers::of(program).is_some() => in_container(words, text, piped(), depth),
        // A batch of it ends by itself.
        "top" if words.iter().any(|word| word.starts_with("-b")) => false,
        "top" | "htop" | "iotop" | "vi" | "vim" | "nano" | "emacs" | "less" | "more" | "watch" | "man" | "visudo"
        | "telnet" | "ftp" | "sftp" | "tmux" | "screen" | "nethogs" | "iftop" | "atop" => !piped(),
        "railway" | "fly" | "flyctl" | "heroku" | "gcloud" => !piped() && enters(words),
        // The `-F` of `journalctl | grep -F` is one of `grep`.
        "tail" | "journalctl" => {
            words.iter().take_while(|word| **word != "|").any(|word| goes_on(word)) && !text.contains("| head")
        }
        "su" => !piped() && becomes_another(words, depth),
        "bash" | "sh" | "zsh" | "ash" => !piped() && is_bare_shell(words),
        "python" | "python3" | "irb" => !piped() && words[1..].iter().all(|word| matches!(*word, "-i" | "-q" | "-")),
        _ => false,
    }
}

/// `-f`, `-100f`, `-xfu nginx`: what is followed never ends; `-u fluentd` and `-unfs` only name a unit.
fn goes_on(word: &str) -> bool {
    let Some(letters) = word.strip_prefix('-') else { return false };
    let letters = &letters[..letters.find(['u', 'n', 'o', 'p', 'S', 't', 'g']).unwrap_or(letters.len())];
    word == "--follow" || word.starts_with("--follow=") || !letters.starts_with('-') && letters.contains(['f', 'F'])
}

/// `su - postgres` opens a shell, `su - postgres -c 'ls'` does not.
fn becomes_another(words: &[&str], depth: usize) -> bool {
    let at = words.iter().position(|word| matches!(*word, "-c" | "--command" | "--session-command" | "-lc"));
    at.is_none_or(|at| runs_interactive(words.get(at + 1..).unwrap_or_default(), depth))
}

/// Tells whether words that another program runs leave somebody at a prompt.
fn runs_interactive(words: &[&str], depth: usize) -> bool {
    // Shells within shells are not opened without end.
    const DEEPEST: usize = 3;
    depth < DEEPEST && needs_terminal(words.join(" ").trim_matches(['\'', '"']), depth + 1)
}

/// `bash`, `sh -l`; not `bash script.sh` and `bash -c '…'`.
fn is_bare_shell(words: &[&str]) -> bool {
    words[1..].iter().all(|word| word.starts_with('-') && (word.starts_with("--") || !word.contains(['c', 'n', 's'])))
}

/// Tells whether a command leaves somebody at the prompt of `psql`.
pub fn opens_psql(text: &str) -> bool {
    ["psql", "postgres"].iter().any(|name| crate::words::has(text, name))
        && is_interactive(text)
        && (crate::words::has(text, "psql") || split(text).any(|word| word == "connect"))
}

/// `railway shell`, `fly ssh console`, `heroku run bash`: a platform's own way into a machine or a database.
fn enters(words: &[&str]) -> bool {
    let works = |word: &&str| matches!(*word, "-c" | "-C" | "--command" | "--") || word.starts_with("--command=");
    let enters = match words {
        ["railway", "shell" | "connect" | "ssh", ..] | ["gcloud", "sql", "connect", ..] => true,
        ["fly" | "flyctl", "ssh", "console", ..] | ["fly" | "flyctl", "postgres" | "pg" | "mpg", "connect", ..] => true,
        ["heroku", "run", rest @ ..] => rest.iter().any(|word| matches!(*word, "bash" | "sh")) && !rest.contains(&"-c"),
        ["heroku", "pg:psql" | "ps:exec" | "redis:cli", ..] => true,
        _ => return false,
    };
    enters && !words.iter().any(works)
}

/// Tells whether a word is one of those of which one is in all that opens a console.
fn names_console(word: &str) -> bool {
    matches!(word, "console" | "c" | "shell" | "shell_plus" | "tinker" | "-a" | "irb" | "pry" | "ipython" | "python")
        || matches!(word, "python3" | "node" | "iex" | "bpython" | "ghci" | "jshell")
}

/// Tells whether a command leaves somebody at the console of a language or of an application: what is typed there is no
/// shell.
pub fn opens_console(text: &str) -> bool {
    const OTHERS: [bool; 256] = table(b"|<\n;");
    let text = trim(text);
    if text.len() > 400 || text.bytes().any(|byte| OTHERS[usize::from(byte)]) {
        return false;
    }
    if !split(text).any(names_console) {
        return false;
    }
    let words: Vec<&str> = split(text).collect();
    let words = match inside(unwrapped(&words).0) {
        Some(inner) => unwrapped(inner).0,
        None => unwrapped(&words).0,
    };
    let words = match words {
        ["bundle" | "poetry" | "pipenv" | "uv" | "rbenv", "exec" | "run", rest @ ..] => rest,
        words => words,
    };
    let opens = |pair: &[&str]| {
        let opening = matches!(pair[1], "console" | "c" | "shell" | "shell_plus" | "tinker" | "-a");
        let program = if opening { pair[0].rsplit('/').next().unwrap_or("") } else { "" };
        matches!(
            (program, pair[1]),
            ("rails" | "gitlab-rails", "console" | "c")
                | ("manage.py", "shell" | "shell_plus")
                | ("artisan", "tinker")
                | ("flask", "shell")
                | ("php", "-a")
                | ("console", "shell")
                | ("odoo" | "odoo-bin", "shell")
        )
    };
    let works = |word: &&str| matches!(*word, "-c" | "--command" | "-r") || word.starts_with("--execute");
    let framework = words.windows(2).position(opens).is_some_and(|at| {
        let rest = &words[at + 2..];
        CONSOLE.plain(rest).is_empty() && !rest.iter().any(works)
    });
    let language = match words {
        ["iex", "-S", "mix", ..] => true,
        [name, rest @ ..] => {
            let language = matches!(
                *name,
                "irb" | "pry" | "ipython" | "python" | "python3" | "node" | "iex" | "bpython" | "ghci" | "jshell"
            );
            language && rest.iter().all(|word| matches!(*word, "-i" | "-q" | "--interactive"))
        }
        [] => false,
    };
    framework || language
}

/// Tells whether a line leaves a console, a client or a shell.
pub fn leaves(line: &str) -> bool {
    const WORDS: [&str; 8] = ["exit", "quit", "logout", "\\q", "exit()", "quit()", ".exit", ".quit"];
    const LONGEST: usize = 6;
    let line = trim(line).trim_end_matches(';');
    line.len() <= LONGEST && WORDS.iter().any(|word| line.eq_ignore_ascii_case(word))
}

/// The subcommand of a container's program, and what follows it: `docker compose -f x exec`.
fn subcommand<'w, 's>(words: &'w [&'s str]) -> Option<(&'s str, &'w [&'s str])> {
    let takes = if containers::of(words[0]) == Some(Containers::Cluster) { &KUBECTL } else { &DOCKER };
    let mut rest = takes.past(&words[1..]);
    if let ["compose" | "container", more @ ..] = rest {
        rest = takes.past(more);
    }
    rest.split_first().map(|(sub, rest)| (*sub, rest))
}

/// What is run in a container: `ls -l` of `docker exec -u root web ls -l`; nothing where no container is named.
fn inside<'w, 's>(words: &'w [&'s str]) -> Option<&'w [&'s str]> {
    let (program, _) = words.split_first()?;
    let cluster = containers::of(program)? == Containers::Cluster;
    let (sub, rest) = subcommand(words).filter(|(sub, _)| matches!(*sub, "exec" | "run" | "debug"))?;
    if cluster && let Some(end) = rest.iter().position(|word| *word == "--") {
        return rest.get(end + 1..);
    }
    let takes = if cluster { &KUBECTL } else { &IN_CONTAINER };
    let detached = takes.past(rest).len();
    let options = &rest[..rest.len() - detached];
    if !cluster && options.iter().any(|word| matches!(*word, "-d" | "--detach" | "-dit" | "-itd")) {
        return Some(&[]);
    }
    let inner = takes.past(rest).get(1..).unwrap_or_default();
    // Options may stand behind the pod too: `exec pod -it bash`.
    let inner = if cluster { takes.past(inner) } else { inner };
    // The shell of a pod that is made for it has no words here.
    (sub != "debug").then_some(inner)
}

/// Tells whether a command of a container's program needs a terminal.
fn in_container(words: &[&str], text: &str, piped: bool, depth: usize) -> bool {
    let Some((sub, rest)) = subcommand(words) else { return false };
    match sub {
        "exec" | "run" | "debug" if piped => false,
        "exec" | "run" | "debug" => {
            let cluster = containers::of(words[0]) == Some(Containers::Cluster);
            let terminal = rest.iter().any(|word| matches!(*word, "-it" | "-ti" | "-t" | "--tty" | "--tty=true"));
            let separated = rest.contains(&"--");
            if cluster && !separated && sub != "exec" && terminal {
                return true;
            }
            // An image may have a command of its own.
            let inner = inside(words).unwrap_or_default();
            let shell = |word: &str| matches!(word.rsplit('/').next(), Some("bash" | "sh" | "zsh" | "ash"));
            terminal && rest.last().is_some_and(|last| shell(last))
                || inner.first().is_some_and(|first| shell(first) && is_bare_shell(inner))
                || { !inner.is_empty() && runs_interactive(inner, depth) }
        }
        "port-forward" | "proxy" | "edit" | "attach" | "rsh" => true,
        "logs" | "log" => {
            rest.iter().any(|word| matches!(*word, "-f" | "--follow" | "--follow=true")) && !text.contains("| head")
        }
        // The `-f` of `get` names a file.
        "get" => rest.iter().any(|word| matches!(*word, "-w" | "--watch" | "--watch=true")) && !text.contains("| head"),
        // Plugins: `kubectl argo rollouts get rollout web -w`.
        _ => rest.contains(&"get") && rest.iter().any(|word| matches!(*word, "-w" | "--watch")),
    }
}

fn client_has_work(program: &str, words: &[&str]) -> bool {
    let options = || words.iter().skip(1).filter(|word| word.starts_with('-'));
    let says = |word: &str| matches!(word, "-V" | "--version" | "--help" | "-?");
    match program {
        "redis-cli" => {
            let long = ["--scan", "--bigkeys", "--memkeys", "--hotkeys", "--latency", "--stat", "--pipe", "--rdb"];
            let works = |w: &str| says(w) || long.iter().any(|l| w.starts_with(l)) || w == "--eval" || w == "--cluster";
            !REDIS.plain(&words[1..]).is_empty() || options().any(|word| works(word))
        }
        "sqlite3" => {
            SQLITE.plain(&words[1..]).len() > 1
                || options().any(|word| says(word) || matches!(*word, "-cmd" | "-version"))
        }
        "psql" | "pgcli" => {
            let long = ["--command", "--file", "--list"];
            // `-Atc "select 1"`, and not the value of `-U`.
            let cluster = |w: &str| {
                let letters = w.trim_start_matches('-');
                let end = letters.find(|c| PSQL.short.contains(c)).unwrap_or(letters.len());
                !w.starts_with("--") && letters[..end].contains(['c', 'f', 'l'])
            };
            options().any(|word| says(word) || cluster(word) || long.iter().any(|l| word.starts_with(l)))
        }
        _ => {
            let long = ["--execute", "--eval"];
            let cluster = |w: &str| {
                let letters = w.trim_start_matches('-');
                let end = letters.find(|c| MYSQL.short.contains(c) || c == 'p').unwrap_or(letters.len());
                !w.starts_with("--") && letters[..end].contains('e')
            };
            let script = program == "mongosh" && words.iter().skip(1).any(|word| word.ends_with(".js"));
            script || options().any(|word| says(word) || cluster(word) || long.iter().any(|l| word.starts_with(l)))
        }
    }
}

/// `ssh [options] host command`: is there no command, or one that opens a shell?
fn is_remote_shell(words: &[&str], depth: usize) -> bool {
    let Some((_, rest)) = SSH.past(words).split_first() else { return true };
    let command = SSH.past(rest);
    command.is_empty() || runs_interactive(command, depth)
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
            "docker exec -it -u root web python3",
            "docker compose -f x.yml exec --user root web python manage.py shell -i python",
            "bundle exec rails console -e production",
            "sudo -u shop python3",
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
            "journalctl -u shop | grep -F error",
            "python manage.py shell < fix.py",
            "python manage.py shell -c 'print(1)'",
            "php artisan tinker --execute=x",
            "/usr/bin/python3",
            "docker exec -u python web ls",
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
            "railway shell",
            "gcloud sql connect shop-db --user=app",
            "railway connect postgres",
            "fly ssh console -a shop",
            "fly postgres connect -a shop-db",
            "heroku run bash",
            "heroku pg:psql -a shop",
        ] {
            assert!(is_interactive(yes), "{yes}");
        }
    }

    #[test]
    fn values_of_options_hide_no_prompt() {
        for yes in [
            "sudo -u postgres psql",
            "sudo -iu postgres",
            "su - postgres",
            "sudo su - postgres",
            "docker exec -it -u root web bash",
            "docker exec -u root -it web python3",
            "docker compose exec -u root web bash",
            "docker exec -it db \\\n  mysql -u root -p",
            "docker run --rm -it alpine chroot /mnt sh",
            "redis-cli -h cache -p 6379 --tls --insecure",
            "redis-cli --user app --pass x",
            "sqlite3 -header shop.db",
            "psql -h db -U c shop",
            "mysql -u exec -p",
            "tsh ssh root@db-1",
            "ssh db-1 -p 22",
            "ssh -t db-1 psql -U app",
            "ssh db-1 'tail -f /var/log/x'",
            "journalctl -fxeu shop",
            "journalctl -f -u shop | grep -F error",
            "tail -100f /var/log/x",
            "kubectl argo rollouts get rollout web -w",
            "kubectl exec web-0 -- tail -f /var/log/x",
        ] {
            assert!(is_interactive(yes), "{yes}");
        }
    }

    #[test]
    fn what_ends_by_itself_needs_none() {
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
            "sudo -u postgres psql -c 'select 1'",
            "sudo -i chef-server-ctl status",
            "su - postgres -c 'ls'",
            "mysql -u root -Nse 'select 1'",
            "sqlite3 -readonly shop.db .tables",
            "docker restart proxy",
            "oc get clusterrole edit -o yaml",
            "kubectl get -f deploy.yaml",
            "docker run -d --name db mysql",
            "docker exec -d web python3",
            "TOKEN=$(curl -s -X POST http://x)",
            "journalctl -u fluentd -n 50",
            "tsh ssh root@db-1 uptime",
            "psql shop < backup.sql",
            "railway run python manage.py migrate",
            "fly ssh console -a shop -C 'ls'",
            "heroku pg:psql -c 'select 1'",
            "heroku run rake db:migrate",
        ] {
            assert!(!is_interactive(no), "{no}");
        }
    }
}
