//! What mongosh is given with `--eval`: chains of known methods with literal arguments. Any other JavaScript is unknown.

use std::sync::LazyLock;

use farol_api::risk::RiskClass;

use super::arguments::Arguments;
use super::words::{MARK, Word};
use crate::finding::{Finding, quoted};
use crate::sql::functions::Functions;

static METHODS: LazyLock<Functions> = LazyLock::new(|| Functions::read(include_str!("mongo_methods.tsv")));

/// How deep literals may stand in literals.
const MOST_DEPTH: usize = 20;

/// Tells whether a command is a shell of MongoDB.
pub(super) fn knows(name: &str) -> bool {
    matches!(name, "mongosh" | "mongo")
}

/// Classifies a call by what it evaluates; a file and a session are unknown.
pub(super) fn classify(name: &str, first: &Word, words: &[Word], arguments: &Arguments) -> Finding {
    let given = |option: &str| arguments.options.iter().find(|found| found.name == option);
    if given("--version").is_some() || given("--help").is_some() {
        return super::says(RiskClass::Read, name, first.span.clone());
    }
    const FILES: [&str; 4] = [".js", ".mjs", ".cjs", ".mongodb"];
    let file = |word: &Word| FILES.iter().any(|end| word.value.ends_with(end));
    let texts: Vec<_> = arguments.options.iter().filter(|option| option.name == "--eval").collect();
    let files = arguments.positionals.len() > 1 || arguments.positionals.iter().any(|at| file(&words[*at]));
    let others = ["-f", "--file", "--shell", "--jsContext"].iter().any(|option| given(option).is_some());
    if texts.is_empty() || files || others {
        return super::says(RiskClass::Unknown, name, first.span.clone());
    }
    let mut worst = super::says(RiskClass::Read, name, first.span.clone());
    for option in texts {
        let place = words.get(option.value_at).and_then(|word| word.span.clone());
        let text = option.value.as_deref().unwrap_or("");
        let (class, what) = class_of(text).unwrap_or((RiskClass::Unknown, String::new()));
        worst.raise(match class {
            RiskClass::Unknown => Finding::unknown(
                place,
                format!("What {} evaluates is not understood.", quoted(name)),
                format!("O que {} avalia não é entendido.", quoted(name)),
            ),
            class => super::says(super::four(class), &format!("{name} … {what}"), place),
        });
    }
    worst
}

/// Returns the highest class among the statements, and the method that decides it; nothing where one is not understood.
fn class_of(text: &str) -> Option<(RiskClass, String)> {
    let mut reader = Reader { tokens: tokens(text)?, at: 0 };
    let mut worst = (RiskClass::Read, String::new());
    let mut any = false;
    loop {
        while reader.skip(";") {}
        if reader.at == reader.tokens.len() {
            return any.then_some(worst);
        }
        let found = reader.statement()?;
        any = true;
        if found.0 > worst.0 || worst.1.is_empty() {
            worst = found;
        }
    }
}

#[derive(Debug, PartialEq)]
enum Token {
    Name(String),
    Text(String),
    Number,
    Mark(char),
}

/// Splits a text; nothing where it holds an operator, a comment, a template or an escape, or where what it holds only
/// shows when it runs: a value between quotes could end them.
fn tokens(text: &str) -> Option<Vec<Token>> {
    if text.contains(MARK) {
        return None;
    }
    let chars: Vec<char> = text.chars().collect();
    let (mut tokens, mut at) = (Vec::new(), 0);
    while let Some(&char) = chars.get(at) {
        let length = |fits: fn(char) -> bool| chars[at..].iter().take_while(|char| fits(**char)).count();
        match char {
            _ if char.is_whitespace() => at += 1,
            '\'' | '"' => {
                let end = chars[at + 1..].iter().position(|found| *found == char || matches!(found, '\\' | '\n'))?;
                if chars[at + 1 + end] != char {
                    return None;
                }
                tokens.push(Token::Text(chars[at + 1..at + 1 + end].iter().collect()));
                at += end + 2;
            }
            '.' | ',' | ':' | ';' | '(' | ')' | '[' | ']' | '{' | '}' | '-' => {
                tokens.push(Token::Mark(char));
                at += 1;
            }
            _ if char.is_ascii_digit() => {
                at += length(|char| char.is_ascii_alphanumeric() || char == '.');
                tokens.push(Token::Number);
            }
            _ if char.is_ascii_alphabetic() || matches!(char, '_' | '$') => {
                let end = at + length(|char| char.is_ascii_alphanumeric() || matches!(char, '_' | '$'));
                tokens.push(Token::Name(chars[at..end].iter().collect()));
                at = end;
            }
            _ => return None,
        }
    }
    Some(tokens)
}

/// What the literals of a call hold.
#[derive(Debug, Default)]
struct Given {
    /// Names of fields, from the outside in, in the order of the text.
    fields: Vec<String>,
    /// Whether the first argument is missing or `{}`.
    everything: bool,
    /// The first argument, where it is a text.
    text: Option<String>,
}

/// Where a chain has come to.
#[derive(Clone, Copy, PartialEq)]
enum Level {
    Database,
    Collection,
    Answer,
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
}

impl Reader {
    fn skip(&mut self, mark: &str) -> bool {
        let found = matches!(self.tokens.get(self.at), Some(Token::Mark(char)) if mark.starts_with(*char));
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, mark: &str) -> Option<()> {
        self.skip(mark).then_some(())
    }

    fn name(&mut self) -> Option<String> {
        let Some(Token::Name(name)) = self.tokens.get(self.at) else { return None };
        let name = name.clone();
        self.at += 1;
        Some(name)
    }

    fn statement(&mut self) -> Option<(RiskClass, String)> {
        let name = self.name()?;
        match name.as_str() {
            "show" | "use" => {
                let what = self.name()?;
                Some((RiskClass::Read, format!("{name} {what}")))
            }
            "print" | "printjson" | "tojson" => self.printed(),
            "JSON" | "EJSON" => {
                self.expect(".")?;
                self.name().filter(|name| name == "stringify")?;
                self.printed()
            }
            "db" | "rs" | "sh" => self.chain(&name),
            _ => None,
        }
    }

    /// `printjson(db.stats())`, `JSON.stringify(rs.status(), null, 2)`
    fn printed(&mut self) -> Option<(RiskClass, String)> {
        self.expect("(")?;
        let inner = self.statement()?;
        while self.skip(",") {
            self.literal(&mut Given::default(), 0)?;
        }
        self.expect(")")?;
        Some(inner)
    }

    fn chain(&mut self, root: &str) -> Option<(RiskClass, String)> {
        let mut worst = (RiskClass::Read, root.to_owned());
        let mut level = Level::Database;
        loop {
            if self.skip("[") {
                let Some(Token::Text(_) | Token::Number) = self.tokens.get(self.at) else { return None };
                self.at += 1;
                self.expect("]")?;
            } else if self.skip(".") {
                let name = self.name()?;
                if self.skip("(") {
                    let given = self.arguments()?;
                    let (class, after) = called(root, level, &name, &given)?;
                    if class > worst.0 || worst.1 == root {
                        worst = (class, format!("{name}()"));
                    }
                    level = after;
                    continue;
                }
            } else {
                return Some(worst);
            }
            if level == Level::Database {
                level = if root == "db" { Level::Collection } else { Level::Answer };
            }
        }
    }

    fn arguments(&mut self) -> Option<Given> {
        let mut given = Given { everything: true, ..Given::default() };
        if self.skip(")") {
            return Some(given);
        }
        if let Some(Token::Text(text)) = self.tokens.get(self.at) {
            given.text = Some(text.clone());
        }
        let empty = self.tokens.get(self.at..self.at + 2);
        given.everything = empty.is_some_and(|two| two[0] == Token::Mark('{') && two[1] == Token::Mark('}'));
        loop {
            self.literal(&mut given, 0)?;
            if self.skip(")") {
                return Some(given);
            }
            self.expect(",")?;
        }
    }

    fn literal(&mut self, given: &mut Given, depth: usize) -> Option<()> {
        if depth > MOST_DEPTH {
            return None;
        }
        if self.skip("{") {
            while !self.skip("}") {
                match self.tokens.get(self.at)? {
                    Token::Name(name) | Token::Text(name) => given.fields.push(name.clone()),
                    Token::Number => {}
                    Token::Mark(_) => return None,
                }
                self.at += 1;
                self.expect(":")?;
                self.literal(given, depth + 1)?;
                if !self.skip(",") {
                    self.expect("}")?;
                    break;
                }
            }
            return Some(());
        }
        if self.skip("[") {
            while !self.skip("]") {
                self.literal(given, depth + 1)?;
                if !self.skip(",") {
                    self.expect("]")?;
                    break;
                }
            }
            return Some(());
        }
        self.skip("-");
        match self.tokens.get(self.at)? {
            Token::Text(_) | Token::Number => {
                self.at += 1;
                Some(())
            }
            Token::Name(_) => self.word(given, depth),
            Token::Mark(_) => None,
        }
    }

    /// `true`, `ISODate("2024-01-01")`, `new Date()`
    fn word(&mut self, given: &mut Given, depth: usize) -> Option<()> {
        const MADE: [&str; 11] = [
            "ISODate",
            "ObjectId",
            "NumberLong",
            "NumberInt",
            "NumberDecimal",
            "Long",
            "Int32",
            "Timestamp",
            "UUID",
            "Date",
            "BinData",
        ];
        let mut name = self.name()?;
        if name == "new" {
            name = self.name().filter(|name| MADE.contains(&name.as_str()))?;
        }
        if MADE.contains(&name.as_str()) {
            self.expect("(")?;
            while !self.skip(")") {
                self.literal(given, depth + 1)?;
                self.skip(",");
            }
            return Some(());
        }
        matches!(name.as_str(), "true" | "false" | "null" | "undefined" | "printjson" | "print").then_some(())
    }
}

/// The class of a call, and where the chain is after it; nothing where no table names it.
fn called(root: &str, level: Level, name: &str, given: &Given) -> Option<(RiskClass, Level)> {
    if given.fields.iter().any(|field| matches!(field.as_str(), "$where" | "$function" | "$accumulator" | "mapReduce"))
    {
        return None;
    }
    if root == "db" {
        match (level, name) {
            (Level::Database, "getSiblingDB" | "getMongo") => return Some((RiskClass::Read, Level::Database)),
            (Level::Database, "getCollection") => return Some((RiskClass::Read, Level::Collection)),
            (Level::Database, "runCommand" | "adminCommand") => {
                let command = given.text.as_ref().or(given.fields.first())?;
                return Some((METHODS.class(&format!("run.{command}"))?, Level::Answer));
            }
            _ => {}
        }
    }
    let class = match level {
        Level::Database => METHODS.class(&format!("{root}.{name}"))?,
        Level::Collection => METHODS.class(&format!(".{name}"))?,
        Level::Answer => METHODS.class(&format!("cursor.{name}"))?,
    };
    let changes = matches!(name, "deleteMany" | "remove" | "updateMany" | "update");
    // Conditions of these can be true of every document.
    let broad = |field: &String| {
        matches!(field.as_str(), "$exists" | "$ne" | "$nin" | "$nor" | "$not" | "$or" | "$expr" | "$gte" | "$lte")
    };
    let class = match name {
        _ if changes && (given.everything || given.fields.iter().any(broad)) => RiskClass::Destructive,
        "aggregate" if given.fields.iter().any(|field| field == "$out") => RiskClass::Destructive,
        "aggregate" if given.fields.iter().any(|field| field == "$merge") => RiskClass::Write,
        "validate" if given.fields.iter().any(|field| field != "full") => return None,
        _ => class,
    };
    Some((class, Level::Answer))
}
