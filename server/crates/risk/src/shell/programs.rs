//! Programs that are given to sed and awk as a word.

use farol_api::risk::RiskClass;

use super::arguments::Arguments;
use super::words::{MARK, Word};
use crate::finding::{Finding, quoted};

/// Tells whether a command is an interpreter whose program is read here.
pub(super) fn knows(name: &str) -> bool {
    matches!(name, "sed" | "awk" | "gawk" | "mawk" | "nawk")
}

/// Classifies the programs of a call of sed or awk.
pub(super) fn classify(name: &str, first: &Word, words: &[Word], arguments: &Arguments) -> Finding {
    let sed = name == "sed";
    let from_file = arguments.options.iter().find(|option| {
        matches!(option.name.as_str(), "-f" | "--file")
            || (!sed && matches!(option.name.as_str(), "-i" | "-l" | "-e" | "-E" | "--include" | "--load" | "--exec"))
    });
    if let Some(option) = from_file {
        return Finding::unknown(
            words[option.at].span.clone(),
            format!("{} runs a program from a file.", quoted(name)),
            format!("{} executa um programa de um arquivo.", quoted(name)),
        );
    }
    let mut programs: Vec<usize> = arguments
        .options
        .iter()
        .filter(|option| sed && matches!(option.name.as_str(), "-e" | "--expression"))
        .map(|option| option.value_at)
        .collect();
    if programs.is_empty() {
        programs.extend(arguments.positionals.first());
    }
    let mut finding = super::says(RiskClass::Read, name, first.span.clone());
    for at in programs {
        let Some(word) = words.get(at) else { continue };
        let program = word.value.strip_prefix("--expression=").unwrap_or(&word.value);
        let class = match program {
            program if program.contains(MARK) => RiskClass::Unknown,
            program if sed => sed_class(program),
            program => awk_class(program),
        };
        finding.raise(super::says(class, &format!("{name} '{}'", program.replace(MARK, "…")), word.span.clone()));
    }
    finding
}

/// The class of a sed program; what is not understood is unknown.
fn sed_class(program: &str) -> RiskClass {
    let mut reader = Sed { chars: program.chars().collect(), at: 0 };
    let mut class = RiskClass::Read;
    while reader.skip(|char| char.is_whitespace() || matches!(char, ';' | '}')) {
        match reader.command() {
            Some(found) => class = class.max(found),
            None => return RiskClass::Unknown,
        }
    }
    class
}

struct Sed {
    chars: Vec<char>,
    at: usize,
}

impl Sed {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    /// Skips what fits; tells whether anything is left.
    fn skip(&mut self, fits: impl Fn(char) -> bool) -> bool {
        while self.peek().is_some_and(&fits) {
            self.at += 1;
        }
        self.peek().is_some()
    }

    fn next(&mut self) -> Option<char> {
        let char = self.peek()?;
        self.at += 1;
        Some(char)
    }

    /// Skips to behind the next delimiter that is not escaped.
    fn part(&mut self, delimiter: char) -> Option<()> {
        loop {
            match self.next()? {
                '\\' => {
                    self.next()?;
                }
                // A delimiter inside a bracket expression is a plain character.
                '[' if delimiter != '[' => self.bracket()?,
                char if char == delimiter => return Some(()),
                _ => {}
            }
        }
    }

    /// Skips a bracket expression, whose opening bracket is behind.
    fn bracket(&mut self) -> Option<()> {
        self.skip_one('^');
        self.skip_one(']');
        loop {
            match self.next()? {
                ']' => return Some(()),
                '\n' => return None,
                '[' if matches!(self.peek(), Some(':' | '.' | '=')) => {
                    let kind = self.next()?;
                    while !(self.next()? == kind && self.peek() == Some(']')) {}
                    self.next()?;
                }
                _ => {}
            }
        }
    }

    fn skip_one(&mut self, wanted: char) {
        if self.peek() == Some(wanted) {
            self.at += 1;
        }
    }

    fn address(&mut self) -> Option<()> {
        match self.peek() {
            Some('/') => {
                self.at += 1;
                self.part('/')?;
                self.skip(|char| matches!(char, 'I' | 'M'));
            }
            Some('\\') => {
                self.at += 1;
                let delimiter = self.next()?;
                self.part(delimiter)?;
            }
            _ => {
                self.skip(|char| char.is_ascii_digit() || matches!(char, '$' | '~' | '+'));
            }
        }
        Some(())
    }

    fn command(&mut self) -> Option<RiskClass> {
        self.address()?;
        self.skip(|char| char == ' ');
        if self.peek() == Some(',') {
            self.at += 1;
            self.skip(|char| char == ' ');
            self.address()?;
        }
        self.skip(|char| matches!(char, ' ' | '!'));
        match self.next()? {
            '{' | '=' | 'd' | 'D' | 'g' | 'G' | 'h' | 'H' | 'n' | 'N' | 'p' | 'P' | 'x' | 'z' | 'F' => {
                Some(RiskClass::Read)
            }
            'q' | 'Q' | 'l' => {
                self.skip(|char| char.is_ascii_digit() || char == ' ');
                Some(RiskClass::Read)
            }
            's' => self.substitute(),
            'y' => {
                let delimiter = self.next()?;
                self.part(delimiter)?;
                self.part(delimiter)?;
                Some(RiskClass::Read)
            }
            'b' | 't' | 'T' | ':' => {
                // A label ends at a blank, and what follows is the next command.
                self.skip(|char| char == ' ' || char == '\t');
                self.skip(|char| !char.is_whitespace() && !matches!(char, ';' | '}'));
                Some(RiskClass::Read)
            }
            'r' | 'R' => {
                self.skip(|char| char != '\n');
                Some(RiskClass::Read)
            }
            'w' | 'W' => {
                self.skip(|char| char != '\n');
                Some(RiskClass::Write)
            }
            'a' | 'i' | 'c' if !self.chars[self.at..].contains(&'\n') => {
                self.at = self.chars.len();
                Some(RiskClass::Read)
            }
            _ => None,
        }
    }

    fn substitute(&mut self) -> Option<RiskClass> {
        let delimiter = self.next()?;
        self.part(delimiter)?;
        self.part(delimiter)?;
        self.skip(|char| char.is_ascii_digit() || matches!(char, 'g' | 'p' | 'i' | 'I' | 'm' | 'M'));
        match self.peek() {
            None | Some(';' | '\n' | '}' | ' ') => Some(RiskClass::Read),
            Some('w') => {
                self.skip(|char| char != '\n');
                Some(RiskClass::Write)
            }
            _ => None,
        }
    }
}

/// The class of an awk program, from what can leave it: system, pipes, getline and files that are printed to.
fn awk_class(program: &str) -> RiskClass {
    // A backslash at the end of a line may join two words, or part them.
    let [joined, parted] = ["", " "].map(|with| program.replace("\\\r\n", with).replace("\\\n", with));
    lines_class(&joined).max(lines_class(&parted))
}

/// The same for a program whose lines go on nowhere.
fn lines_class(program: &str) -> RiskClass {
    let Some(plain) = without_literals(program) else { return RiskClass::Unknown };
    let words: Vec<&str> = plain.split(|char: char| !(char.is_ascii_alphanumeric() || char == '_')).collect();
    let pipes = plain.replace("||", " ").contains('|');
    // `$1system(…)` is a field and a call.
    let calls = |word: &&str| {
        let behind_a_number = word.starts_with(|char: char| char.is_ascii_digit());
        ["system", "getline", "popen"].iter().any(|call| word == call || (behind_a_number && word.contains(call)))
    };
    if pipes || plain.contains('@') || words.iter().any(calls) {
        return RiskClass::Unknown;
    }
    let writes = plain.split([';', '}', '\n']).any(|statement| {
        let print = statement.find("print");
        print.is_some_and(|at| outside_brackets(&statement[at..], '>'))
    });
    if writes { RiskClass::Write } else { RiskClass::Read }
}

/// Blanks strings, regular expressions and comments; nothing where a literal does not end.
fn without_literals(program: &str) -> Option<String> {
    let chars: Vec<char> = program.chars().collect();
    let mut plain = String::new();
    let mut at = 0;
    while let Some(&char) = chars.get(at) {
        let operand = ends_with_operand(&plain);
        match char {
            '"' => at = literal_end(&chars, at, '"')?,
            '/' if !operand => at = literal_end(&chars, at, '/')?,
            '#' => at += chars[at..].iter().position(|char| *char == '\n').unwrap_or(chars.len() - at),
            other => {
                plain.push(other);
                at += 1;
                continue;
            }
        }
        plain.push_str(" 0 ");
    }
    Some(plain)
}

/// Tells whether a `/` that follows divides; behind `print` it begins a regular expression.
fn ends_with_operand(plain: &str) -> bool {
    let plain = plain.trim_end();
    let word = plain.rsplit(|char: char| !(char.is_ascii_alphanumeric() || char == '_')).next().unwrap_or("");
    let keyword = matches!(word, "print" | "printf" | "in" | "return" | "case" | "do" | "else" | "delete" | "exit");
    !keyword && (!word.is_empty() || plain.ends_with([')', ']', '$']))
}

fn literal_end(chars: &[char], start: usize, quote: char) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match chars.get(at)? {
            '\\' => at += 2,
            '\n' => return None,
            char if *char == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

fn outside_brackets(statement: &str, wanted: char) -> bool {
    let mut depth = 0_i32;
    statement.chars().any(|char| {
        depth += i32::from(char == '(') - i32::from(char == ')');
        depth <= 0 && char == wanted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sed_programs() {
        for program in [
            "1,10p",
            "s/a/b/g",
            "/x/,$d",
            "$!N;P;D",
            "s|a|b|;s,c,d,",
            "/^#/!{s/x/y/;p}",
            "y/abc/def/",
            "$ a x",
            "5q",
            "s/[^/]/x/",
            "s/[]/]*[[:space:]]//",
            "1~2d",
        ] {
            assert_eq!(sed_class(program), RiskClass::Read, "{program}");
        }
        assert_eq!(sed_class("s/a/b/w f"), RiskClass::Write);
        assert_eq!(sed_class("w f"), RiskClass::Write);
        assert_eq!(sed_class(":l s//x/w f"), RiskClass::Write);
        for program in ["s/a/b/e", "e", "b l e rm x", "1e rm x", "s/a/b/ge", "s/a/b", "a x\ne rm x"] {
            assert_eq!(sed_class(program), RiskClass::Unknown, "{program}");
        }
    }

    #[test]
    fn awk_programs() {
        for program in [
            "{print $1}",
            "$3 > 100",
            "/a|b/ {n++} END {print n}",
            "{ print (a > b) }",
            "{ print \"a | b > c\" }",
            "$1 / 2 > 3 || x",
        ] {
            assert_eq!(awk_class(program), RiskClass::Read, "{program}");
        }
        assert_eq!(awk_class("{ print > \"f\" }"), RiskClass::Write);
        assert_eq!(awk_class("{ printf \"x\" >> $1 }"), RiskClass::Write);
        assert_eq!(awk_class("BEGIN { print\\\n> \"f\" }"), RiskClass::Write);
        assert_eq!(awk_class("BEGIN { print /[(]/ > \"f\" }"), RiskClass::Write);
        for program in [
            "{ system($1) }",
            "{ $1system(\"rm x\") }",
            "{ print | \"sh\" }",
            "{ \"date\" | getline }",
            "@load \"x\"",
            "{ print \"x }",
        ] {
            assert_eq!(awk_class(program), RiskClass::Unknown, "{program}");
        }
    }
}
