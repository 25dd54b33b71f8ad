//! A script's syntax tree: every command in it counts, whatever decides whether it runs.

use std::io::Cursor;
use std::ops::Range;

use brush_parser::ast::{
    self, Command, CommandPrefixOrSuffixItem as Item, CompoundCommand, CompoundList, ExtendedTestExpr,
};
use brush_parser::{Parser, ParserOptions};
use farol_api::risk::RiskClass;

use super::MOST_DEPTH;
use super::command::Call;
use super::names::dangerous_variable;
use super::printed::printed_by;
use super::redirect::Input;
use super::table::Table;
use super::words::Word;
use crate::bounds;
use crate::finding::{Finding, quoted};

/// What a script has defined so far.
#[derive(Debug, Default)]
pub(super) struct Defined {
    pub functions: Vec<String>,
    /// Variables that hold options, such as `ARGS="-X DELETE"`, and whether their value starts with one.
    pub options: Vec<(String, bool)>,
    /// Whether a shell other than bash reads it, for which `((` opens two subshells.
    pub other_shell: bool,
    /// What the script is given on its standard input, where another command runs it.
    pub given: Input,
}

/// Classifies a script; `depth` counts the scripts around it.
pub(super) fn classify(table: &Table, text: &str, depth: usize, defined: &mut Defined) -> Finding {
    if depth > MOST_DEPTH {
        return Finding::unknown(
            None,
            "Scripts stand too deep inside scripts.",
            "Há scripts demais dentro de scripts.",
        );
    }
    if let Some(refusal) = bounds::refusal(text, true) {
        return refusal;
    }
    let options = ParserOptions::default();
    let program = match Parser::new(Cursor::new(text.as_bytes()), &options).parse_program() {
        Ok(program) => program,
        Err(error) => {
            return Finding::unknown(
                None,
                format!("The shell parser refuses it: {error}."),
                format!("O analisador de shell recusa o texto: {error}."),
            );
        }
    };
    let substitutes = ["$(", "`", "<("].iter().any(|sign| text.contains(sign));
    if matches!(defined.given, Input::Text(_)) && (substitutes || !is_one_pipeline(&program)) {
        // Which of its commands reads how much of it only shows when it runs.
        defined.given = Input::Stream;
    }
    let mut reader = Reader::new(table, text, depth, defined);
    reader.split_signs();
    program.complete_commands.iter().for_each(|list| reader.list(list));
    reader.finish()
}

/// Tells whether a script is one pipeline, whose first command reads all that the script is given.
fn is_one_pipeline(program: &ast::Program) -> bool {
    let [CompoundList(items)] = program.complete_commands.as_slice() else { return false };
    let [ast::CompoundListItem(and_or, _)] = items.as_slice() else { return false };
    and_or.additional.is_empty() && matches!(and_or.first.seq.first(), Some(Command::Simple(_)))
}

/// Reads one script and gathers what it finds.
pub(super) struct Reader<'a> {
    /// What is known of commands.
    pub table: &'a Table,
    pub text: &'a str,
    /// The byte of each character, where a script is not plain ASCII.
    pub offsets: Option<Vec<usize>>,
    pub depth: usize,
    pub defined: &'a mut Defined,
    /// How many findings there were.
    pub findings: usize,
    /// Whether what stands here reads what something else writes: in a loop or a group that is given input.
    fed: bool,
    /// Whether what stands here runs in this shell, whatever came before it.
    certain: bool,
    worst: Option<Finding>,
}

impl<'a> Reader<'a> {
    fn new(table: &'a Table, text: &'a str, depth: usize, defined: &'a mut Defined) -> Self {
        let offsets = (!text.is_ascii()).then(|| text.char_indices().map(|(at, _)| at).chain([text.len()]).collect());
        Self { table, text, offsets, depth, defined, findings: 0, fed: false, certain: true, worst: None }
    }

    /// A backslash at a line's end joins `$` and `(rm x)` for bash, in here-documents and quotes too.
    fn split_signs(&mut self) {
        let signs = ["$\\\n", "<\\\n", ">\\\n", "[\\\n"];
        let Some(at) = signs.iter().filter_map(|sign| self.text.find(sign)).min() else { return };
        self.found(Finding::unknown(
            Some(at..at + 2),
            "What this sign begins goes on in the next line.",
            "O que este sinal começa continua na linha seguinte.",
        ));
    }

    /// Counts a finding; the highest stays.
    pub fn found(&mut self, finding: Finding) {
        self.findings += 1;
        match &mut self.worst {
            Some(worst) => worst.raise(finding),
            None => self.worst = Some(finding),
        }
    }

    fn finish(self) -> Finding {
        self.worst
            .unwrap_or_else(|| Finding::new(RiskClass::Read, None, "There is no command.", "Não há nenhum comando."))
    }

    fn list(&mut self, list: &CompoundList) {
        let certain = self.certain;
        for ast::CompoundListItem(and_or, separator) in &list.0 {
            let alone = and_or.additional.is_empty() && !matches!(separator, ast::SeparatorOperator::Async);
            for (_, pipeline) in and_or.iter() {
                self.certain = certain && alone && pipeline.seq.len() == 1;
                self.pipeline(pipeline);
            }
        }
        self.certain = certain;
    }

    fn pipeline(&mut self, pipeline: &ast::Pipeline) {
        let mut input = if self.fed { Input::Stream } else { self.defined.given.clone() };
        for command in &pipeline.seq {
            let output = self.command(command, input);
            input = output.map_or(Input::Stream, Input::Text);
        }
    }

    /// Classifies a command; returns what it prints where that is known.
    fn command(&mut self, command: &Command, input: Input) -> Option<String> {
        match command {
            Command::Simple(simple) => return self.simple(simple, input),
            Command::Compound(compound, redirects) => {
                let mut fed = self.fed || !matches!(input, Input::Inherited);
                for redirect in redirects.iter().flat_map(|redirects| &redirects.0) {
                    fed |= self.redirect(redirect).is_some();
                }
                self.fed_compound(compound, fed);
            }
            Command::Function(function) => {
                // One that is defined only perhaps, or in a subshell, may not be what its name calls.
                if self.certain {
                    self.defined.functions.push(function.fname.value.clone());
                }
                // Who calls it may give it input.
                self.fed_compound(&function.body.0, true);
                if let Some(redirects) = &function.body.1 {
                    redirects.0.iter().for_each(|redirect| {
                        self.redirect(redirect);
                    });
                }
            }
            Command::ExtendedTest(test, redirects) => {
                let span = self.bytes(&test.loc);
                self.test(&test.expr, &span);
                let source = span.clone().and_then(|span| self.text.get(span)).unwrap_or("");
                if self.defined.other_shell && source.contains(['<', '>']) {
                    self.found(Finding::new(
                        RiskClass::Write,
                        span.clone(),
                        "A shell other than bash writes a file there.",
                        "Um shell que não é o bash grava um arquivo ali.",
                    ));
                }
                self.found(super::says(RiskClass::Read, "[[ … ]]", span));
                if let Some(redirects) = redirects {
                    redirects.0.iter().for_each(|redirect| {
                        self.redirect(redirect);
                    });
                }
            }
        }
        None
    }

    fn fed_compound(&mut self, compound: &CompoundCommand, fed: bool) {
        let before = (self.fed, self.certain);
        (self.fed, self.certain) = (fed, false);
        self.compound(compound);
        (self.fed, self.certain) = before;
    }

    fn compound(&mut self, compound: &CompoundCommand) {
        match compound {
            CompoundCommand::Arithmetic(command) => self.double_brackets(command),
            CompoundCommand::ArithmeticForClause(command) => {
                let span = self.bytes(&command.loc);
                for expr in [&command.initializer, &command.condition, &command.updater].into_iter().flatten() {
                    self.arithmetic(&expr.value, &span);
                }
                self.list(&command.body.list);
            }
            CompoundCommand::BraceGroup(group) => self.list(&group.list),
            CompoundCommand::Subshell(group) => self.list(&group.list),
            CompoundCommand::ForClause(command) => {
                let named = |word: &ast::Word| self.names_a_place(&command.variable_name, &word.value);
                if command.values.is_none() || !command.values.iter().flatten().all(named) {
                    self.assigned(&command.variable_name, self.bytes(&command.loc));
                }
                command.values.iter().flatten().for_each(|word| {
                    let value = self.word(word);
                    self.kept(&value.value, value.span);
                    self.holds(&command.variable_name, &word.value);
                });
                self.list(&command.body.list);
            }
            CompoundCommand::CaseClause(command) => {
                self.word(&command.value);
                for case in &command.cases {
                    case.patterns.iter().for_each(|word| {
                        self.word(word);
                    });
                    case.cmd.iter().for_each(|list| self.list(list));
                }
            }
            CompoundCommand::IfClause(command) => {
                self.list(&command.condition);
                self.list(&command.then);
                for part in command.elses.iter().flatten() {
                    part.condition.iter().for_each(|list| self.list(list));
                    self.list(&part.body);
                }
            }
            CompoundCommand::WhileClause(command) | CompoundCommand::UntilClause(command) => {
                self.list(&command.0);
                self.list(&command.1.list);
            }
            CompoundCommand::Coprocess(command) => {
                if let Some(name) = &command.name {
                    self.assigned(&name.value, self.bytes(&command.loc));
                }
                self.command(&command.body, Input::Stream);
            }
        }
    }

    /// `((n > 3))` calculates, but `( (rm x) )` is a subshell in a subshell: where the brackets touch at both ends tells
    /// bash which it is, and the parser does not look.
    fn double_brackets(&mut self, command: &ast::ArithmeticCommand) {
        let span = self.bytes(&command.loc);
        let source = span.clone().and_then(|span| self.text.get(span));
        let calculates = source.is_some_and(|source| source.starts_with("((") && source.ends_with("))"));
        if calculates && !self.defined.other_shell {
            self.found(super::says(RiskClass::Read, "(( … ))", span.clone()));
            self.arithmetic(&command.expr.value, &span);
            return;
        }
        let inside = source.and_then(|source| source.get(1..source.len().checked_sub(1)?));
        let finding = match inside {
            Some(inside) => self.nested(inside, &span),
            None => Finding::unknown(span, "A subshell is unreadable.", "Um subshell é ilegível."),
        };
        self.found(finding);
    }

    fn test(&mut self, expr: &ExtendedTestExpr, span: &Option<Range<usize>>) {
        match expr {
            ExtendedTestExpr::And(left, right) | ExtendedTestExpr::Or(left, right) => {
                self.test(left, span);
                self.test(right, span);
            }
            ExtendedTestExpr::Not(inner) | ExtendedTestExpr::Parenthesized(inner) => self.test(inner, span),
            ExtendedTestExpr::UnaryTest(_, word) => self.tested(word, true, span),
            ExtendedTestExpr::BinaryTest(predicate, left, right) => {
                let arithmetic = predicate.to_string().starts_with('-');
                self.tested(left, arithmetic, span);
                self.tested(right, arithmetic, span);
            }
        }
    }

    /// `-v` and the comparisons of numbers evaluate the text that they are given.
    fn tested(&mut self, word: &ast::Word, evaluated: bool, span: &Option<Range<usize>>) {
        let value = self.word(word).value;
        // The parser takes `[[ a =~ (x <(rm x)) ]]` for a text; bash runs what stands in it.
        if value.contains("<(") || value.contains(">(") {
            self.found(Finding::unknown(
                span.clone(),
                "A process substitution stands where the parser sees a text.",
                "Há uma substituição de processo onde o analisador vê um texto.",
            ));
        }
        if evaluated {
            self.arithmetic(&value, span);
            if word.value.contains("FAROL_P_") && !word.value.starts_with('"') {
                self.arithmetic(&word.value, span);
            }
        }
    }

    fn simple(&mut self, simple: &ast::SimpleCommand, input: Input) -> Option<String> {
        let mut words: Vec<Word> = Vec::new();
        let mut input = input;
        // `IFS= read -r line` sets it for that one builtin, which only splits what it reads.
        let reads = simple.word_or_name.as_ref().is_some_and(|name| name.value == "read");
        for item in simple.prefix.iter().flat_map(|prefix| &prefix.0) {
            match item {
                Item::AssignmentWord(assignment, word) if reads && assignment.name.to_string() == "IFS" => {
                    self.word(word);
                }
                // `ENV=prod` alone is a name that the script keeps; before a command it is the shell's start file.
                Item::AssignmentWord(assignment, word)
                    if simple.word_or_name.is_none()
                        && self.names_a_place(
                            &assignment.name.to_string(),
                            word.value.split_once('=').map_or("", |(_, value)| value),
                        ) => {}
                _ => self.item(item, true, &mut words, &mut input),
            }
        }
        if let Some(name) = &simple.word_or_name {
            let name = self.word(name);
            words.push(name);
        }
        for item in simple.suffix.iter().flat_map(|suffix| &suffix.0) {
            self.item(item, false, &mut words, &mut input);
        }
        let Some(first) = words.first() else {
            let span = simple
                .prefix
                .as_ref()
                .and_then(brush_parser::ast::SourceLocation::location)
                .and_then(|place| self.bytes(&place));
            self.found(Finding::new(
                RiskClass::Read,
                span,
                "It sets variables of the script.",
                "Define variáveis do script.",
            ));
            return None;
        };
        self.takes_keywords(&words);
        if first.value == "unset" {
            let gone = |name: &String| words.iter().any(|word| word.value == *name || !word.is_literal());
            self.defined.functions.retain(|name| !gone(name));
        }
        let matched = words.iter().any(|word| self.matches_files(word));
        let printed = printed_by(&words, &input).filter(|_| !matched);
        let span = first.span.clone();
        let call = Call { words: &words, input: &input, wrapped: 0 };
        let finding = call.classify(self);
        self.found(if finding.span.is_none() { finding.at(span) } else { finding });
        printed
    }

    /// Tells whether a word stands for whatever files there are.
    fn matches_files(&self, word: &Word) -> bool {
        let source = word.span.clone().and_then(|span| self.text.get(span)).unwrap_or("");
        let (mut single, mut double) = (false, false);
        source.chars().any(|char| {
            single ^= char == '\'' && !double;
            double ^= char == '"' && !single;
            matches!(char, '*' | '?' | '[') && !single && !double
        })
    }

    /// After `set -k` every later word `NAME=value` sets a variable, wherever it stands.
    fn takes_keywords(&mut self, words: &[Word]) {
        let options = words.iter().take_while(|word| word.value != "--");
        let keyword =
            |word: &&Word| word.value == "keyword" || (word.value.starts_with('-') && word.value.contains('k'));
        let Some(word) = options.filter(|_| words[0].value == "set").find(keyword) else { return };
        self.found(Finding::unknown(
            word.span.clone(),
            "Words of later commands would set variables.",
            "Palavras de comandos seguintes definiriam variáveis.",
        ));
    }

    fn item(&mut self, item: &Item, prefix: bool, words: &mut Vec<Word>, input: &mut Input) {
        match item {
            Item::IoRedirect(redirect) => {
                if let Some(new) = self.redirect(redirect) {
                    *input = new;
                }
            }
            Item::Word(word) => {
                let word = self.word(word);
                words.push(word);
            }
            Item::AssignmentWord(assignment, word) if prefix => {
                let span = self.bytes(&assignment.loc);
                let name = assignment.name.to_string();
                self.assigned(&name, span.clone());
                self.holds(&name, word.value.split_once('=').map_or("", |(_, value)| value));
                let value = self.word(word).value;
                self.kept(&value, span);
                self.keys(assignment);
            }
            Item::AssignmentWord(assignment, word) => {
                let word = self.word(word);
                words.push(word);
                self.keys(assignment);
            }
            Item::ProcessSubstitution(_, subshell) => {
                self.list(&subshell.list);
                words.push(Word::dynamic(self.bytes(&subshell.loc)));
            }
        }
    }

    /// Notes a variable whose value could be read as options later.
    pub(super) fn holds(&mut self, name: &str, value: &str) {
        let plain = value.trim_start_matches(['"', '\'', '(', ' ']);
        let starts = plain.starts_with('-');
        // What a substitution prints is not known, and what runs in it has options of its own.
        let holds = plain.contains(" -") && !plain.contains("$(") && !plain.contains('`');
        if starts || holds {
            self.defined.options.push((name.trim_end_matches('+').to_owned(), starts));
        }
    }

    /// The keys of `a=([$(echo 'b[$(rm x)]')]=1)` are arithmetic.
    fn keys(&mut self, assignment: &ast::Assignment) {
        let ast::AssignmentValue::Array(items) = &assignment.value else { return };
        let span = self.bytes(&assignment.loc);
        for (key, value) in items {
            // The parser does not see a key that holds a substitution.
            let unseen = Some(value).filter(|value| value.value.starts_with('[') && value.value.contains("]="));
            if let Some(key) = key.as_ref().or(unseen) {
                self.arithmetic(&key.value, &span);
            }
        }
    }

    /// A value such as `a[$(rm x)]` runs its substitution as soon as arithmetic meets the variable.
    fn kept(&mut self, value: &str, span: Option<Range<usize>>) {
        if subscript_runs(value) {
            self.found(Finding::unknown(
                span,
                "A subscript runs the substitutions that it holds.",
                "Um índice executa as substituições que contém.",
            ));
        }
    }

    /// Tells whether an assignment is `ENV=prod`, which only shells that start interactively would read as a file, and
    /// only where the script exports it.
    fn names_a_place(&self, name: &str, value: &str) -> bool {
        let value = value.trim_matches(['"', '\'']);
        let plain =
            !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
        let exports = self.text.contains("allexport")
            || self.text.split("set -").skip(1).any(|rest| {
                rest.split(|char: char| !char.is_ascii_alphabetic()).next().is_some_and(|letters| letters.contains('a'))
            });
        name == "ENV" && plain && !exports && self.depth == 0
    }

    /// Some variables change what later words run.
    pub(super) fn assigned(&mut self, name: &str, span: Option<Range<usize>>) {
        if dangerous_variable(name) {
            self.found(Finding::unknown(
                span.clone(),
                format!("The variable {} changes what other commands run.", quoted(name)),
                format!("A variável {} muda o que outros comandos executam.", quoted(name)),
            ));
        }
        if name.contains(['`', '$']) {
            self.arithmetic(name, &None);
        }
        if let Some((_, subscript)) = name.split_once('[') {
            self.counted(subscript, &span);
        }
    }
}

/// Tells whether a text subscripts a name with a substitution; `[?State==`running`]` of a query is none.
fn subscript_runs(value: &str) -> bool {
    value.match_indices('[').any(|(at, _)| {
        let named = value[..at].ends_with(|char: char| char.is_ascii_alphanumeric() || char == '_');
        let inside = &value[at + 1..];
        named && !inside.starts_with('?') && (inside.contains("$(") || inside.contains('`'))
    })
}
