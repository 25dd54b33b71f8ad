//! One call: which command it is, what its words make of it, and the commands inside it.

use std::ops::Range;

use farol_api::risk::RiskClass;

use super::arguments::{Arguments, Given};
use super::clients;
use super::mongo;
use super::names::{assignment, dangerous_variable, known_name};
use super::programs;
use super::redirect::Input;
use super::script::Reader;
use super::table::{Command, Fit, Rule, Verdict};
use super::words::{MARK, Word};
use crate::finding::{Finding, quoted};

/// A command's words and what it reads.
pub(super) struct Call<'w> {
    pub words: &'w [Word],
    pub input: &'w Input,
    /// How many commands run this one.
    pub wrapped: usize,
}

/// Whether a team's rule may still decide.
enum Settled {
    Open,
    Closed,
}

/// How many commands may run one another.
const MOST_WRAPPERS: usize = 12;

impl Call<'_> {
    /// Classifies the call and every command inside it.
    pub fn classify(&self, reader: &mut Reader<'_>) -> Finding {
        let Some((first, rest)) = self.words.split_first() else {
            return Finding::new(RiskClass::Read, None, "There is no command.", "Não há nenhum comando.");
        };
        if self.wrapped > MOST_WRAPPERS {
            return Finding::unknown(
                first.span.clone(),
                "Too many commands run one another.",
                "Comandos demais executam uns aos outros.",
            );
        }
        if !first.is_literal() {
            return Finding::unknown(
                first.span.clone(),
                "Which command this is only shows when it runs.",
                "Só na execução se sabe qual é o comando.",
            );
        }
        if let Some(word) = self.words.iter().find(|word| word.braces) {
            return Finding::unknown(
                word.span.clone(),
                "Braces could expand to options.",
                "As chaves podem expandir para opções.",
            );
        }
        if let Some(word) = rest.iter().find(|word| word.options).filter(|_| obeys_options(&first.value, reader)) {
            return Finding::unknown(
                word.span.clone(),
                "Which options these are only shows when it runs.",
                "Só na execução se sabe quais são estas opções.",
            );
        }
        // A team may name a script of its own by its path.
        let named = reader.table.get(&first.value).map(|_| first.value.as_str());
        let name = named.or_else(|| known_name(&first.value));
        // What another command runs is a program, never a function.
        let defined = self.wrapped == 0 && reader.defined.functions.contains(&first.value);
        let finding = match name {
            Some(name) if clients::knows(name) => Some(clients::classify(name, first, rest, self.input, reader)),
            Some(name) => reader.table.get(name).map(|command| self.by_table(name, command, reader)),
            None => None,
        };
        match finding {
            Some(finding) => finding,
            None if defined => Finding::new(
                RiskClass::Read,
                first.span.clone(),
                format!("{} is a function of this script.", quoted(&first.value)),
                format!("{} é uma função deste script.", quoted(&first.value)),
            ),
            None => Finding::unknown(
                first.span.clone(),
                format!("{} is not a command that Farol knows.", quoted(&first.value)),
                format!("{} não é um comando que o Farol conheça.", quoted(&first.value)),
            ),
        }
    }

    fn by_table(&self, name: &str, command: &Command, reader: &mut Reader<'_>) -> Finding {
        let rest = &self.words[1..];
        if evaluates_names(name) {
            self.assignments(rest, reader);
        }
        if sets_names(name)
            && let Some(word) = rest.iter().find(|word| word.value.starts_with(MARK))
        {
            reader.found(Finding::unknown(
                word.span.clone(),
                "Which variables it sets only shows when it runs.",
                "Só na execução se sabe quais variáveis ele define.",
            ));
        }
        let arguments = Arguments::sort(command, rest);
        let mut finding = if programs::knows(name) {
            programs::classify(name, &self.words[0], rest, &arguments)
        } else {
            self.base(name, command, &arguments, reader)
        };
        raising(name, command, rest, &arguments).for_each(|raise| finding.raise(raise));
        for inner in executed(command, rest) {
            let words: Vec<Word> = inner.iter().map(|word| replaced(word, "{}")).collect();
            finding.raise(Call { words: &words, input: &Input::Stream, wrapped: self.wrapped + 1 }.classify(reader));
        }
        finding
    }

    /// The first rule that fits decides. A team's rule decides alone only where the shipped ones end at unknown.
    fn base(&self, name: &str, command: &Command, arguments: &Arguments, reader: &mut Reader<'_>) -> Finding {
        let shipped = if mongo::knows(name) {
            let finding = mongo::classify(name, &self.words[0], &self.words[1..], arguments);
            let settled = if finding.class == RiskClass::Unknown { Settled::Open } else { Settled::Closed };
            Some((finding, settled))
        } else {
            self.decided(name, command, &command.rules, arguments, reader)
        };
        let team = self.decided(name, command, &command.team, arguments, reader).map(|(finding, _)| finding);
        match (shipped, team) {
            (None | Some((_, Settled::Open)), Some(team)) => team,
            (Some((mut finding, Settled::Closed)), Some(team)) => {
                finding.raise(team);
                finding
            }
            (Some((finding, _)), None) => finding,
            (None, None) => {
                let words = quoted(&shown(&self.text(Some(0))));
                Finding::unknown(
                    self.span(Some(0)),
                    format!("Farol does not know what {words} does."),
                    format!("O Farol não sabe o que {words} faz."),
                )
            }
        }
    }

    fn decided(
        &self,
        name: &str,
        command: &Command,
        rules: &[Rule],
        arguments: &Arguments,
        reader: &mut Reader<'_>,
    ) -> Option<(Finding, Settled)> {
        let rest = &self.words[1..];
        for rule in rules.iter().filter(|rule| !rule.raises) {
            let last = match rule.fit(command, rest, arguments) {
                Fit::No => continue,
                Fit::Perhaps(at) => {
                    let finding = Finding::unknown(
                        rest[at].span.clone(),
                        format!("What {} is told to do only shows when it runs.", quoted(name)),
                        format!("Só na execução se sabe o que {} vai fazer.", quoted(name)),
                    );
                    return Some((finding, Settled::Closed));
                }
                Fit::Yes(last) => last,
            };
            let inner = match rule.verdict {
                Verdict::Class(RiskClass::Unknown) => {
                    return Some((self.fitting(RiskClass::Unknown, last), Settled::Open));
                }
                Verdict::Class(class) => {
                    let decides = arguments.positionals.get(rule.words.len().wrapping_sub(1)).copied();
                    let odd = arguments.doubtful(decides.filter(|_| specific(&rule.words)));
                    let finding = odd.map_or_else(|| self.fitting(class, last), |odd| odd_option(name, &rest[odd]));
                    return Some((finding, Settled::Closed));
                }
                Verdict::Command => arguments.positionals.get(rule.words.len()).copied(),
                Verdict::CommandAfterDashes => arguments.dashes.map(|at| at + 1),
                Verdict::Script | Verdict::Input | Verdict::Sends | Verdict::Join | Verdict::Sql(_) => {
                    match self.script(name, rule, arguments, last, reader) {
                        Some(finding) => return Some((finding, Settled::Closed)),
                        None => continue,
                    }
                }
            };
            if let Some(at) = inner.filter(|at| *at < rest.len()) {
                let doubtful = arguments.doubtful(Some(at)).filter(|_| rule.verdict == Verdict::Command);
                let finding = match doubtful {
                    Some(odd) => odd_option(name, &rest[odd]),
                    None => self.inner(name, command, at, arguments, reader),
                };
                return Some((finding, Settled::Closed));
            }
        }
        None
    }

    /// Makes the finding of a rule that fits up to a word.
    fn fitting(&self, class: RiskClass, last: Option<usize>) -> Finding {
        super::says(class, &shown(&self.text(last)), self.span(last))
    }

    /// Classifies the command that a wrapper runs, from a word on.
    fn inner(
        &self,
        name: &str,
        command: &Command,
        at: usize,
        arguments: &Arguments,
        reader: &mut Reader<'_>,
    ) -> Finding {
        let mut words: Vec<Word> = self.words[1 + at..].to_vec();
        if command.assigns {
            let count = words.iter().take_while(|word| assignment(&word.value).is_some()).count();
            let settings: Vec<Word> = words.drain(..count).collect();
            self.assignments(&settings, reader);
        }
        if command.appends {
            let marker =
                arguments.options.iter().find(|option| matches!(option.name.as_str(), "-I" | "-i" | "--replace"));
            let placeholder = marker.map(|option| {
                option.value.clone().filter(|value| !value.is_empty()).unwrap_or_else(|| "{}".to_owned())
            });
            match placeholder {
                Some(placeholder) => words = words.iter().map(|word| replaced(word, &placeholder)).collect(),
                None => words.push(Word::dynamic(None)),
            }
            let interprets = words.first().is_some_and(|first| {
                reader.table.get(&first.value).is_some_and(|inner| {
                    inner.rules.iter().any(|rule| rule.verdict == Verdict::Script && rule.words.is_empty())
                })
            });
            if interprets {
                return Finding::unknown(
                    self.span(Some(at)),
                    "What it reads becomes part of a script.",
                    "O que ele lê torna-se parte de um script.",
                );
            }
        }
        if words.is_empty() {
            return super::says(RiskClass::Read, name, self.span(None));
        }
        if matches!(name, "npx" | "pnpx" | "bunx") {
            // `supabase@latest` is still supabase.
            if let Some(version) = words[0].value.rfind('@').filter(|at| *at > 0) {
                words[0].value.truncate(version);
            }
        }
        let finding = Call { words: &words, input: self.input, wrapped: self.wrapped + 1 }.classify(reader);
        match name {
            "sudo" | "doas" => finding
                .noting("It runs with another user's rights.", "O comando roda com os direitos de outro usuário."),
            _ => finding,
        }
    }

    /// Classifies the text that a rule says is run; nothing where there is none.
    fn script(
        &self,
        name: &str,
        rule: &Rule,
        arguments: &Arguments,
        last: Option<usize>,
        reader: &mut Reader<'_>,
    ) -> Option<Finding> {
        let rest = &self.words[1..];
        match rule.verdict {
            Verdict::Join => return self.joined(name, *arguments.positionals.get(rule.words.len())?, reader),
            Verdict::Input => {
                return Some(match self.input {
                    Input::Text(text) => Self::run(name, text, &Some(0..reader.text.len()), &Input::Inherited, reader),
                    _ => Finding::unknown(
                        self.span(None),
                        format!("{} runs what it reads.", quoted(name)),
                        format!("{} executa o que lê.", quoted(name)),
                    ),
                });
            }
            Verdict::Sends => return self.sends(last),
            _ => {}
        }
        let option = arguments.options.iter().find(|option| Some(option.at) == last && rule.asks_for(&option.name));
        let again = option.and_then(|one| {
            let same = |other: &&Given| other.at != one.at && other.value.is_some() && rule.asks_for(&other.name);
            arguments.options.iter().find(same)
        });
        if let Some(again) = again {
            return Some(Finding::unknown(
                rest[again.at].span.clone(),
                format!("{} is given more than one text to run.", quoted(name)),
                format!("{} recebe mais de um texto para executar.", quoted(name)),
            ));
        }
        let at = match option {
            Some(option) if option.value.is_some() => option.value_at,
            Some(_) if matches!(rule.verdict, Verdict::Sql(_)) => return None,
            _ => *arguments.positionals.first()?,
        };
        let word = rest.get(at)?;
        let value = match option.filter(|option| option.at == at || option.value_at == at) {
            Some(option) => option.value.as_deref().unwrap_or(&word.value),
            None => &word.value,
        };
        if let Verdict::Sql(dialect) = rule.verdict {
            return option.map(|_| clients::sql(dialect, name, value, word.span.clone(), reader));
        }
        Some(self.text_of(name, value, word.span.clone(), reader))
    }

    /// Classifies the words from one on as the script that they are together, elsewhere or again and again.
    fn joined(&self, name: &str, from: usize, reader: &mut Reader<'_>) -> Option<Finding> {
        let words = self.words.get(from + 1..)?;
        // `ssh host -- cmd`: the dashes end the options of ssh.
        let words = if words.first().is_some_and(|word| word.value == "--") { &words[1..] } else { words };
        let words = Some(words).filter(|words| !words.is_empty())?;
        let joined = words.iter().map(|word| word.value.as_str()).collect::<Vec<_>>().join(" ");
        let span = words.first().zip(words.last()).and_then(|(first, last)| {
            let (first, last) = (first.span.clone()?, last.span.clone()?);
            Some(first.start..last.end.max(first.end))
        });
        Some(self.text_of(name, &joined, span, reader))
    }

    fn text_of(&self, name: &str, script: &str, span: Option<Range<usize>>, reader: &mut Reader<'_>) -> Finding {
        if script.contains(MARK) {
            return Finding::unknown(
                span,
                format!("The script that {} runs only shows when it runs.", quoted(name)),
                format!("Só na execução se conhece o script que {} executa.", quoted(name)),
            );
        }
        Self::run(name, script, &span, self.input, reader)
    }

    /// Classifies a script for the shell that runs it, with what it is given on its standard input.
    fn run(name: &str, script: &str, span: &Option<Range<usize>>, given: &Input, reader: &mut Reader<'_>) -> Finding {
        if name == "trap" {
            return reader.nested(script, span);
        }
        let before = std::mem::replace(&mut reader.defined.given, given.clone());
        let around = reader.defined.other_shell;
        reader.defined.other_shell = match name {
            "bash" | "ksh" | "zsh" => false,
            "ssh" => around,
            _ => true,
        };
        // A shell of its own does not know the functions of this one.
        let functions = std::mem::take(&mut reader.defined.functions);
        let finding = reader.nested(script, span);
        reader.defined.functions = functions;
        reader.defined.other_shell = around;
        reader.defined.given = before;
        finding
    }

    /// Tells of a command that sends on what it reads; nothing where it is given nothing.
    fn sends(&self, last: Option<usize>) -> Option<Finding> {
        let silent = match self.input {
            Input::Inherited => true,
            // `Q` ends the connection of `openssl s_client`.
            Input::Text(text) => matches!(text.trim(), "" | "Q"),
            Input::Stream | Input::File => false,
        };
        let words = quoted(&shown(&self.text(last)));
        let sentences = (format!("{words} sends what it reads."), format!("{words} envia o que lê."));
        (!silent).then(|| Finding::unknown(self.span(last), sentences.0, sentences.1))
    }

    fn assignments(&self, words: &[Word], reader: &mut Reader<'_>) {
        for word in words {
            if word.value.contains('[') && (word.value.contains("$(") || word.value.contains('`')) {
                reader.found(Finding::unknown(
                    word.span.clone(),
                    "A subscript runs the substitutions that it holds.",
                    "Um índice executa as substituições que contém.",
                ));
            }
            let name = assignment(&word.value).unwrap_or(&word.value);
            let name = name.trim_end_matches('+');
            // `printf -vPATH`, `read -aPATH`: the name is attached to the option.
            let name = name.strip_prefix('-').and_then(|option| option.get(1..)).unwrap_or(name);
            reader.holds(name, word.value.split_once('=').map_or("", |(_, value)| value));
            if dangerous_variable(name) || (name.contains('[') && name.contains(MARK)) {
                reader.assigned(name, word.span.clone());
            }
        }
    }

    /// The words up to an index, for a reason.
    fn text(&self, last: Option<usize>) -> String {
        let end = last.map_or(1, |last| last + 2).min(self.words.len());
        let name = self.words[0].value.rsplit('/').next().unwrap_or("");
        std::iter::once(name)
            .chain(self.words[1..end].iter().map(|word| word.value.as_str()))
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn span(&self, last: Option<usize>) -> Option<Range<usize>> {
        let start = self.words[0].span.clone()?;
        let end = last.and_then(|last| self.words.get(last + 1)).and_then(|word| word.span.clone());
        Some(start.start..end.map_or(start.end, |end| end.end.max(start.end)))
    }
}

/// What the options of a call add to what the command does anyway.
pub(super) fn raising(
    name: &str,
    command: &Command,
    words: &[Word],
    arguments: &Arguments,
) -> impl Iterator<Item = Finding> {
    command.rules.iter().filter(|rule| rule.raises).filter_map(move |rule| {
        let (Fit::Yes(at), Verdict::Class(class)) = (rule.fit(command, words, arguments), rule.verdict) else {
            return None;
        };
        let Some(at) = at else { return Some(super::says(class, name, None)) };
        let from = arguments.options.iter().find(|option| option.value_at == at).map_or(at, |option| option.at);
        let pointed = words.get(from..=at).unwrap_or_default();
        let values = pointed.iter().map(|word| word.value.as_str()).collect::<Vec<_>>().join(" ");
        let span = pointed.first().zip(pointed.last()).and_then(|(first, last)| {
            let (first, last) = (first.span.clone()?, last.span.clone()?);
            Some(first.start..last.end.max(first.end))
        });
        Some(super::says(class, &shown(&format!("{name} {values}")), span))
    })
}

/// Tells whether options can make a command do more.
fn obeys_options(name: &str, reader: &Reader<'_>) -> bool {
    let name = known_name(name).unwrap_or(name);
    clients::knows(name)
        || programs::knows(name)
        || mongo::knows(name)
        || reader.table.get(name).is_some_and(Command::obeys_options)
}

/// Tells whether a builtin takes names of variables, whose subscripts it evaluates.
fn evaluates_names(name: &str) -> bool {
    sets_names(name)
        || matches!(name, "read" | "printf" | "unset" | "test" | "[" | "getopts" | "mapfile" | "readarray" | "wait")
}

/// Tells whether a builtin sets the variables that its words name.
fn sets_names(name: &str) -> bool {
    matches!(name, "export" | "declare" | "typeset" | "local" | "readonly")
}

fn specific(patterns: &[String]) -> bool {
    patterns.iter().any(|pattern| pattern != "*" && pattern != "$")
}

fn odd_option(name: &str, word: &Word) -> Finding {
    Finding::unknown(
        word.span.clone(),
        format!("Farol does not know the option {} of {}.", quoted(&shown(&word.value)), quoted(name)),
        format!("O Farol não conhece a opção {} de {}.", quoted(&shown(&word.value)), quoted(name)),
    )
}

/// The commands that options such as `-exec` are followed by.
fn executed<'w>(command: &Command, words: &'w [Word]) -> Vec<&'w [Word]> {
    let starts = words.iter().enumerate().filter(|(_, word)| command.exec.contains(&word.value)).map(|(at, _)| at + 1);
    starts
        .map(|start| {
            let length = words[start..]
                .iter()
                .position(|word| word.value == ";" || word.value == "+")
                .unwrap_or(words.len() - start);
            &words[start..start + length]
        })
        .collect()
}

fn replaced(word: &Word, placeholder: &str) -> Word {
    Word { value: word.value.replace(placeholder, &MARK.to_string()), ..word.clone() }
}

/// Shows a value with its expansions as dots.
fn shown(value: &str) -> String {
    value.replace(MARK, "…")
}
