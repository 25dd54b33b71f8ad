//! From a block's text to its pieces.

mod consoles;

use farol_api::graph::CommandLanguage;
use farol_api::runbook::BlockKind;

use super::calls::is_plain_call;
use super::judge::{self, Family};
use super::known::Word;
use super::whole::{
    are_only_assigned, before_broken_end, buried_label, has_only_options, is_drawn, is_mongo, is_only_assignments,
    is_only_paths, is_source, is_surely_typed, lies_unproven,
};
use super::{
    Hint, Logical, Piece, Reading, braces, changes, doubt, functions, interactive, lookalikes, prompt, promql, remarks,
    shell, sql, sqlplus, transcript, windows,
};
use crate::words::{line_from, lines, split, trim, without_end};

/// Reads a block by its label and what it holds; `used` says whether a variable is used elsewhere.
pub fn read(label: &str, text: &str, hint: Hint, used: &dyn Fn(&str) -> bool) -> Reading {
    let buried = buried_label(text).filter(|_| label.is_empty());
    let label = buried.unwrap_or(label);
    let family = judge::family(label);
    if family == Family::Never || hint == Hint::Never || trim(text).is_empty() || is_source(text, hint) {
        return Reading::reference();
    }
    let text = before_broken_end(text);
    if let Some(reading) = transcript::read(family, text) {
        // "Example output:" shows a prompt and what came back once more.
        let came_back = || reading.pieces.contains(&Piece::Output);
        return if hint == Hint::Shown && came_back() { Reading::reference() } else { reading };
    }
    let asked = hint == Hint::Asked;
    let is_of_consoles = matches!(label, "python" | "py" | "ruby" | "rb" | "php" | "elixir");
    let console = hint == Hint::Console && is_of_consoles;
    let family = match family {
        // `python manage.py shell` and what is typed there, labelled as what that is.
        Family::Source
            if is_of_consoles && lines(text).find(|l| !trim(l).is_empty()).is_some_and(interactive::opens_console) =>
        {
            Family::Shell
        }
        family if console || is_mongo(family, text) => Family::OtherConsole,
        family => family,
    };
    let (shells, sqls) = (shell::Splitter::new(), sql::Splitter::new());
    let outside = buried.map(|_| true);
    let reading = Reader {
        family,
        asked,
        text,
        at: 0,
        pieces: Vec::new(),
        last: None,
        filed: false,
        console: false,
        outside,
        shells,
        sqls,
    }
    .run();
    let sure = || is_surely_typed(&reading.pieces) || family == Family::Shell && has_only_options(&reading.pieces);
    let doubtful = match hint {
        Hint::Shown => matches!(family, Family::Unknown | Family::Source) || !sure(),
        Hint::Perhaps => !sure() && !are_only_assigned(&reading.pieces),
        _ => false,
    };
    let paths =
        family == Family::Unknown && !asked && (is_only_paths(&reading.pieces) || lookalikes::lists_files(text));
    if doubtful || paths || is_only_assignments(&reading.pieces, used) || lies_unproven(family, &reading.pieces) {
        return Reading::reference();
    }
    reading
}

/// `\\dt` is not SQL and is typed by people.
pub fn sql_language(text: &str) -> CommandLanguage {
    let meta = text.trim_start().starts_with('\\') || !sql::starts_statement(text);
    if meta { CommandLanguage::Other } else { CommandLanguage::Sql }
}

/// Reads a comment line.
pub fn comment(line: &str, at: usize, mark: &str) -> Piece {
    let start = line.len() - line.trim_start().len();
    let words = line.trim().trim_start_matches(mark).trim();
    let words = without_end(words, "*/").trim().trim_matches(|c| matches!(c, '=' | '-' | '#' | '*' | '─'));
    Piece::Comment(words.trim().to_owned(), at + start..at + line.trim_end().len())
}

struct Reader<'a> {
    family: Family,
    /// Whether the text before the block tells to run or query something.
    asked: bool,
    text: &'a str,
    at: usize,
    pieces: Vec<Piece>,
    /// Which of them is the last command: it is asked for at every line.
    last: Option<usize>,
    /// Whether a comment right above says that what is set here stands in a file.
    filed: bool,
    /// Whether the shell commands so far leave somebody at the console of a language.
    console: bool,
    /// Where fences stand in the text: whether the line at hand is outside them.
    outside: Option<bool>,
    shells: shell::Splitter,
    sqls: sql::Splitter,
}

impl Reader<'_> {
    fn run(mut self) -> Reading {
        let (mut shells, mut sqls, mut others, mut listed) = (0usize, 0usize, 0usize, false);
        while self.at < self.text.len() {
            let piece = self.next();
            if let Piece::Command(c) = &piece {
                match c.language {
                    CommandLanguage::Sql => sqls += 1,
                    CommandLanguage::Shell => shells += 1,
                    _ => others += 1,
                }
                // What leaves the console is typed in it too.
                if c.language == CommandLanguage::Shell || interactive::leaves(&c.text) {
                    self.console = interactive::opens_console(&c.text);
                }
            }
            if matches!(piece, Piece::Command(_)) {
                self.last = Some(self.pieces.len());
            }
            let listing = piece == Piece::Output && shells + sqls + others == 0;
            // A listing that starts with something nobody types is no script.
            if listing && self.is_doubtful() {
                return Reading::reference();
            }
            listed |= listing;
            self.pieces.push(piece);
        }
        let surely = |p: &Piece| {
            let Piece::Command(c) = p else { return false };
            // `shop queue drop <name>  # empties it`: what is only listed has no argument and a remark.
            let rest = self.text.get(c.range.end..).unwrap_or("").trim_start_matches(' ');
            let told = rest.starts_with("# ") && self.family == Family::Shell;
            (told && c.text.contains(' ') && !c.text.starts_with('"'))
                || judge::line(&c.text) >= Word::Maybe
                || doubt::has_options(&c.text)
                || judge::past_assignments(&c.text).1
        };
        if (listed || shells > 2) && sqls + others == 0 && !self.pieces.iter().any(surely) {
            return Reading::reference();
        }
        let kind = match (shells, sqls, others) {
            (0, 0, 0) => return Reading::reference(),
            (0, 0, _) => BlockKind::Console,
            (a, b, _) if b > a || self.family == Family::Sql && b > 0 => BlockKind::Sql,
            _ => BlockKind::Shell,
        };
        Reading { kind, pieces: functions::join_calls(self.text, self.pieces) }
    }

    fn is_doubtful(&self) -> bool {
        matches!(self.family, Family::Unknown | Family::Source | Family::Console)
    }

    fn next(&mut self) -> Piece {
        let text = self.text;
        let line = line_from(text, self.at);
        let (at, body, sql) = (self.at, trim(line), self.family == Family::Sql);
        let mark = body.strip_prefix("```").or_else(|| body.strip_prefix("~~~"));
        let fence = mark.is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_alphanumeric()));
        if body.is_empty() || fence || sql && (body == ";" || body.eq_ignore_ascii_case("go") || body == "/") {
            self.at += line.len();
            self.outside = self.outside.map(|outside| outside != fence);
            return Piece::Blank;
        }
        if self.outside == Some(true) {
            // Prose after a fence that is indented too far.
            self.at += line.len();
            return Piece::Output;
        }
        if matches!(self.family, Family::OtherConsole | Family::Source) && body.starts_with("//") {
            self.at += line.len();
            return comment(line, at, "/");
        }
        if body.starts_with('#') && !(sql && body.starts_with("#>")) {
            self.at += line.len();
            self.filed = remarks::says_so(body, self.last().map(|last| &*last.text));
            return comment(line, at, "#");
        }
        if matches!(self.family, Family::Shell | Family::Windows | Family::Console) && remarks::is_aside(body) {
            self.at += line.len();
            return comment(line, at, "#");
        }
        self.filed &= remarks::is_setting(body);
        if self.filed {
            self.at += line.len();
            return Piece::Output;
        }
        if body.starts_with("--") && (sql || !body.starts_with("--") || body.starts_with("-- ")) {
            self.at += line.len();
            return comment(line, at, "-");
        }
        if body.starts_with("/*") {
            let end = text[at..].find("*/").map_or(line.len(), |n| n + 2).max(line.len());
            self.at = (at + end).min(text.len());
            let start = line.len() - line.trim_start().len();
            let words = body.trim_start_matches(['/', '*']).trim_end_matches(['/', '*']).trim();
            return Piece::Comment(words.to_owned(), at + start..at + line.trim_end().len());
        }
        let start = at + (line.len() - line.trim_start().len());
        if self.leaves_client(body) {
            self.at += line.len();
            let range = start..start + body.len();
            return Piece::Command(Logical { language: CommandLanguage::Other, text: body.to_owned(), range });
        }
        if body.starts_with("fields @") {
            return self.insights(start);
        }
        match self.family {
            Family::Sql => self.sql(start, line),
            Family::OtherConsole => self.whole_lines(start, line),
            _ if sql::is_surely_sql(body) || sql::opens(&text[start..]) => self.statement(start),
            Family::Shell | Family::Console | Family::Unknown if self.queries(body) => self.query(start),
            _ => self.shell(start, line),
        }
    }

    /// The last command so far.
    fn last(&self) -> Option<&Logical> {
        match self.pieces.get(self.last?) {
            Some(Piece::Command(command)) => Some(command),
            _ => None,
        }
    }

    /// PromQL is typed where the label is a console's or the text before asks for it.
    fn queries(&self, body: &str) -> bool {
        (self.asked || self.family != Family::Unknown) && promql::opens(body)
            || promql::is_log_query(self.text[self.at..].trim_start())
    }

    fn query(&mut self, start: usize) -> Piece {
        let end = promql::end(self.text, start);
        self.at = end.next.max(start + 1);
        let text = self.text[start..end.code].to_owned();
        Piece::Command(Logical { language: CommandLanguage::Other, text, range: start..end.code })
    }

    fn sql(&mut self, start: usize, line: &str) -> Piece {
        let body = trim(line);
        if sql::starts_statement(body) || body.starts_with('\\') || delimiter(body) {
            return self.statement(start);
        }
        if sqlplus::is_of_sqlplus(body) {
            self.at += line.len();
            let range = start..start + body.len();
            return Piece::Command(Logical { language: CommandLanguage::Other, text: body.to_owned(), range });
        }
        // A shell command in an SQL fence: the label lies about one line.
        if judge::line(body) == Word::Sure && judge::has_evidence(body) || is_plain_call(body) {
            return self.command(start);
        }
        self.at += line.len();
        Piece::Output
    }

    fn statement(&mut self, start: usize) -> Piece {
        let end = changes::end(self.text, start).unwrap_or_else(|| self.sqls.end(self.text, start));
        self.at = end.next.max(start + 1);
        let text = self.text[start..end.code].to_owned();
        if delimiter(&text) {
            return Piece::Blank;
        }
        if sql::is_cut_short(&text) {
            return Piece::Output;
        }
        Piece::Command(Logical { language: sql_language(&text), text, range: start..end.code })
    }

    fn shell(&mut self, start: usize, line: &str) -> Piece {
        let body = trim(line);
        if self.is_asked_of_client(body) {
            return self.statement(start + 2);
        }
        let judged = judge::line(body);
        let typed = match (self.family, judged) {
            (_, Word::No) => false,
            // `NODE_ENV=development`: no line of PowerShell, but one of a file.
            (Family::Windows, Word::Unknown) if judge::past_assignments(body) == ("", true) => false,
            (Family::Unknown | Family::Source, _) if is_drawn(body) => false,
            (Family::Shell, judged) if doubt::tells(judged, body) => false,
            (Family::Shell, Word::Unknown) if self.is_beside_a_command(body) => false,
            (Family::Unknown, _) if judge::is_chat_command(body) && !self.asked && !body.contains(' ') => false,
            (Family::Source, _) if judge::is_program_text(body) => false,
            (Family::Source, _) if judge::is_task(body) || is_plain_call(body) => !judge::is_prose(body),
            (Family::Source, Word::Sure) => {
                let address = body.contains("://") && !body.contains("curl");
                judge::has_evidence(body) && !judge::is_prose(body) && !address && !doubt::calls_a_method(body)
            }
            (Family::Source, Word::Maybe) => {
                judge::has_evidence(body) && !body.contains(['(', ')', ';', '{', '}']) && split(body).count() > 2
            }
            (Family::Source, Word::Unknown) => false,
            (_, Word::Sure) => !judge::is_prose(body),
            (Family::Shell | Family::Windows, Word::Maybe | Word::Unknown) => !judge::is_prose(body),
            (_, Word::Maybe) => judge::has_evidence(body) || doubt::is_call(body, self.asked) && !judge::is_prose(body),
            (_, Word::Unknown) => doubt::is_typed(body, self.asked),
        };
        let inside =
            self.last().map(|c| c.text.contains("redis-cli") && super::is_interactive(&c.text) || is_typed_redis(c));
        if self.is_in_console() && judged == Word::Sure && judge::has_evidence(body) && !prompt::is_call(body) {
            self.console = false;
        }
        let client = self.is_in_psql(body) || prompt::copies(body);
        if inside == Some(true) && prompt::is_redis(body) || self.is_in_console() || client {
            return self.whole_lines(start, line);
        }
        if let Some(function) = self.function(start, body) {
            return function;
        }
        let statement = self.family == Family::Windows && windows::starts_statement(body);
        if typed || statement || windows::is_surely(body) {
            return self.command(start);
        }
        self.at += line.len();
        if lookalikes::heads_output(body) {
            let rest = &self.text[self.at..];
            self.at += rest.find("\n\n").map_or(rest.len(), |end| end + 1);
        }
        if body.ends_with('{') && self.family == Family::Shell {
            self.at = braces::end(self.text, start).unwrap_or(self.at);
        }
        Piece::Output
    }

    /// `stop() {` and all up to its end: defined at once.
    fn function(&mut self, start: usize, body: &str) -> Option<Piece> {
        let named = self.family == Family::Shell && braces::names_function(body);
        let end = Some(()).filter(|()| named).and_then(|()| braces::end(self.text, start))?;
        self.at = end;
        let text = self.text[start..end].trim_end().to_owned();
        let range = start..start + text.len();
        Some(Piece::Command(Logical { language: CommandLanguage::Shell, text, range }))
    }

    fn command(&mut self, start: usize) -> Piece {
        let rest = &self.text[start..];
        let windows = self.family == Family::Windows || windows::begins(rest);
        let end = if windows { windows::end(self.text, start) } else { self.shells.end(self.text, start) };
        self.at = end.next.max(start + 1);
        // `if %COUNT% gtr 10 (` and nothing behind it: a line of another file.
        if windows && self.text[start..end.code].ends_with(['(', '{']) {
            return Piece::Output;
        }
        let foreign = windows || judge::is_chat_command(rest);
        let language = if foreign { CommandLanguage::Other } else { CommandLanguage::Shell };
        Piece::Command(Logical { language, text: self.text[start..end.code].to_owned(), range: start..end.code })
    }
}

/// `keys *` after a bare `redis-cli`: typed into it.
fn is_typed_redis(command: &Logical) -> bool {
    command.language == CommandLanguage::Other && prompt::is_redis(&command.text)
}

fn delimiter(text: &str) -> bool {
    text.get(..10).is_some_and(|w| w.eq_ignore_ascii_case("delimiter "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commands(label: &str, text: &str) -> Vec<String> {
        let reading = read(label, text, Hint::None, &|_| false);
        let texts = reading.pieces.into_iter().filter_map(|p| match p {
            Piece::Command(c) => Some(c.text),
            _ => None,
        });
        texts.collect()
    }

    #[test]
    fn labels_that_lie_do_not_make_configuration_run() {
        for (label, text) in [
            ("bash", "# Primary\nDATABASE_URL=postgresql://u:***@db/x\n\nURL_RO=postgres://x\n"),
            ("bash", "0 3 * * * /usr/local/bin/backup.sh\n"),
            ("yaml", "# postgresql.conf\nmax_connections = 200\nwal_level = replica\n"),
            ("yaml", "alerts:\n  - name: x\n    condition: rate(x[5m]) > 1\n"),
            ("console", "I0428 02:23:13 daemon.go:1250] Enabling\n"),
            ("console", "Failed calling webhook, failing open x: Post \"https://x\"\n"),
            ("console", "pollInterval = 30 * time.Second\n"),
            ("python", "# keep-alive\n# or accept it\n"),
            ("python", "import os\nengine = create(\n    url,\n)\n"),
            ("", "resource \"aws_instance\" \"x\" {\n  count = 1\n}\n"),
            ("", "┌──┐\n│ x │\n└──┘\n"),
            ("", "Dear all,\nwe restart the service at 10.\n"),
            ("output", "$ ls\n"),
            ("bash", "name\tsize\tdate\nbase_01\t12\tmonday\n"),
            ("bash", "const x = lazy(() => load('y'));\n"),
            ("", "host    shop    app    10.0.0.0/8    md5\n"),
            ("bash", "Verifique os logs do serviço e reinicie.\n"),
            ("bash", "C:\\Windows\\System32\\x.exe\n"),
            ("json", "{\"a\": 1}\n"),
            ("tsx", "function Page() {\n  const [a, setA] = useState(null);\n  return <p>{a}</p>;\n}\n"),
            ("ts", "export const LIMIT=3\n"),
            ("", "at Pool.get (src/pool.ts:30:5)\nat run (src/x.ts:1:2)\n"),
            ("", "UPDATE 1\nfeito\n"),
            ("", "/oi → Saudação inicial\n/fim → Encerrar a conversa\n"),
            ("", "/voltar          - Volta a versão\n"),
        ] {
            assert_eq!(commands(label, text), Vec::<String>::new(), "{label}: {text}");
        }
    }

    #[test]
    fn labels_that_lie_do_not_hide_commands() {
        assert_eq!(commands("python", "# flag\nfly secrets set A=true -a api\n"), ["fly secrets set A=true -a api"]);
        assert_eq!(commands("", "terraform apply\n"), ["terraform apply"]);
        let typed = ["terraform workspace list", "terraform workspace select dev", "terraform plan"];
        assert_eq!(commands("terraform", &typed.join("\n")), typed);
        let searched = "// quem abre sem fechar\ngrep -rn \"abrir()\" src --include=\"*.ts\"\n";
        assert_eq!(commands("typescript", searched), ["grep -rn \"abrir()\" src --include=\"*.ts\""]);
        let logs = "{app=\"loja\"}\n| json\n";
        assert_eq!(commands("", logs), [logs.trim_end()]);
        let told = "# No navegador\nhttps://dns.example\n\n# Limpar o cache\nipconfig /flushdns\nsubir-api.bat\n";
        assert_eq!(commands("bash", told), ["ipconfig /flushdns", "subir-api.bat"]);
        let windows = "$env:PGPASSWORD='x'\nRename-Item \"a\" \"b\"\n";
        assert_eq!(commands("powershell", windows), ["$env:PGPASSWORD='x'", "Rename-Item \"a\" \"b\""]);
        assert_eq!(commands("bash", "SELECT 1;\nls -l\n"), ["SELECT 1;", "ls -l"]);
        assert_eq!(commands("console", "oc -n x logs $POD\n"), ["oc -n x logs $POD"]);
    }

    #[test]
    fn a_command_of_plain_words_is_no_prose() {
        for text in [
            "sudo systemctl restart postgresql",
            "fly machines restart web",
            "git pull origin main",
            "frob all things now",
        ] {
            assert_eq!(commands("bash", text), [text]);
        }
        assert_eq!(commands("bash", "check the logs of the service"), Vec::<String>::new());
    }

    #[test]
    fn what_is_typed_into_another_console_is_no_shell() {
        for (label, text, typed) in [
            ("bash", "redis-cli -h cache\nkeys *\ninfo memory\n", vec!["keys *", "info memory"]),
            ("console", "sum(rate(x_total[5m]))\n", vec!["sum(rate(x_total[5m]))"]),
            ("js", "// look\nrs.status()\n", vec!["rs.status()"]),
            ("", "/chatops run deploy web\n", vec![]),
            ("bash", "/chatops run deploy web\n", vec!["/chatops run deploy web"]),
            ("", "127.0.0.1:6379> info\n# Memory\nused: 1\n", vec!["info"]),
            ("bash", "Get-Service worker\n", vec!["Get-Service worker"]),
        ] {
            let reading = read(label, text, Hint::None, &|_| false);
            let others = reading.pieces.iter().filter_map(|p| match p {
                Piece::Command(c) if c.language == CommandLanguage::Other => Some(c.text.as_str()),
                _ => None,
            });
            let found: Vec<&str> = others.collect();
            assert!(label.is_empty() && typed.is_empty() || found == typed, "{text}: {found:?}");
        }
    }

    #[test]
    fn a_root_prompt_needs_no_label() {
        assert_eq!(commands("bash", "# gitlab-ctl status\nrun: web: 4 s\n"), ["gitlab-ctl status"]);
        assert_eq!(commands("", "# kill -TERM 1827\n"), ["kill -TERM 1827"]);
        assert_eq!(commands("bash", "# systemctl restart x\nls -l\n"), ["ls -l"]);
        assert_eq!(commands("bash", "# find the pod that fails\n"), Vec::<String>::new());
    }

    #[test]
    fn assignments_before_a_program_make_a_command() {
        let text = "MODE=staging \\\nURL=\"${URL}\" \\\n./restore.sh x\n";
        assert_eq!(commands("bash", text), [text.trim_end()]);
        assert_eq!(commands("bash", "A=1 bash scripts/x.sh\n"), ["A=1 bash scripts/x.sh"]);
    }

    #[test]
    fn only_what_was_typed_is_taken_from_a_transcript() {
        let text = "$ cd x\n$ terraform workspace list\n* default\n  core\n$ terraform plan\n";
        assert_eq!(commands("bash", text), ["cd x", "terraform workspace list", "terraform plan"]);
        let text = "shop=> select 1,\nshop-> 2;\n ?column?\n----\n 1\n";
        assert_eq!(commands("", text), ["select 1,\n 2;".replace("\n ", "\n")]);
        assert_eq!(commands("console", "sh-5.1# cat etc/hosts\n127.0.0.1 localhost\n"), ["cat etc/hosts"]);
    }

    #[test]
    fn variables_used_elsewhere_make_an_assignment_a_step() {
        let reading = read("bash", "NS=shop\n", Hint::None, &|name| name == "NS");
        assert_eq!(reading.kind, BlockKind::Shell);
    }
}
