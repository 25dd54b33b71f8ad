//! YAML as a small tree with places. Bounded: aliases of lists and maps are never followed, depth and size have an end.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use saphyr_parser::{Event, Parser};

/// The most values that are read.
const MOST: usize = 4096;
/// The deepest nesting that is read; front matter needs three.
const DEEPEST: usize = 16;

/// A value with its place, in bytes of the text.
#[derive(Debug)]
pub struct Node {
    pub value: Value,
    pub span: Range<usize>,
}

/// A value; scalars stay as they are written.
#[derive(Debug)]
pub enum Value {
    Scalar(String),
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
}

/// Why a text is not read.
#[derive(Debug)]
pub struct Broken {
    /// Why, in the parser's words.
    pub why: Cow<'static, str>,
    /// Where, in bytes of the text.
    pub at: usize,
}

impl Node {
    /// Returns the text of a scalar that is not empty.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(text) if !matches!(text.as_str(), "" | "~" | "null") => Some(text),
            _ => None,
        }
    }
}

/// Reads the first document of a text; `None` where there is nothing in it.
pub fn read(text: &str) -> Result<Option<Node>, Broken> {
    let places = Places::new(text);
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event
            .map_err(|error| Broken { why: error.info().to_owned().into(), at: places.byte(error.marker().index()) })?;
        if matches!(event, Event::DocumentEnd) {
            break;
        }
        builder.event(event, places.byte(span.start.index())..places.byte(span.end.index()))?;
    }
    Ok(builder.root)
}

enum Open {
    List(Vec<Node>),
    Map(Vec<(Node, Node)>, Option<Node>),
}

#[derive(Default)]
struct Builder {
    /// What is open, with where it starts and its anchor.
    stack: Vec<(Open, usize)>,
    /// Scalars that an alias may name.
    anchors: HashMap<usize, String>,
    count: usize,
    root: Option<Node>,
}

impl Builder {
    fn event(&mut self, event: Event<'_>, span: Range<usize>) -> Result<(), Broken> {
        self.count += 1;
        if self.count > MOST {
            return Err(Broken { why: "more values than are read".into(), at: span.start });
        }
        match event {
            Event::Scalar(text, _, anchor, _) => {
                if anchor > 0 {
                    self.anchors.insert(anchor, text.to_string());
                }
                self.put(Node { value: Value::Scalar(text.into_owned()), span });
            }
            Event::Alias(anchor) => {
                let text = self.anchors.get(&anchor).cloned();
                let text =
                    text.ok_or(Broken { why: "an alias of a list or a map is not followed".into(), at: span.start })?;
                self.put(Node { value: Value::Scalar(text), span });
            }
            Event::SequenceStart(..) => self.open(Open::List(Vec::new()), span.start)?,
            Event::MappingStart(..) => self.open(Open::Map(Vec::new(), None), span.start)?,
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some((open, start)) = self.stack.pop() {
                    let value = match open {
                        Open::List(nodes) => Value::List(nodes),
                        Open::Map(pairs, _) => Value::Map(pairs),
                    };
                    self.put(Node { value, span: start..span.end.max(start) });
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, open: Open, at: usize) -> Result<(), Broken> {
        if self.stack.len() >= DEEPEST {
            return Err(Broken { why: "nested deeper than is read".into(), at });
        }
        self.stack.push((open, at));
        Ok(())
    }

    fn put(&mut self, node: Node) {
        match self.stack.last_mut() {
            None => self.root = Some(node),
            Some((Open::List(nodes), _)) => nodes.push(node),
            Some((Open::Map(pairs, key), _)) => match key.take() {
                Some(key) => pairs.push((key, node)),
                None => *key = Some(node),
            },
        }
    }
}

/// Bytes of characters: the parser counts characters.
struct Places {
    length: usize,
    /// The byte of each character; empty where all are one byte.
    bytes: Vec<usize>,
}

impl Places {
    fn new(text: &str) -> Self {
        let bytes = if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(at, _)| at).collect() };
        Self { length: text.len(), bytes }
    }

    fn byte(&self, character: usize) -> usize {
        if self.bytes.is_empty() {
            return character.min(self.length);
        }
        self.bytes.get(character).copied().unwrap_or(self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(text: &str) -> (String, usize) {
        let broken = read(text).unwrap_err();
        (broken.why.into_owned(), broken.at)
    }

    #[test]
    fn places_are_bytes_whatever_the_letters_and_line_ends() {
        for text in ["título: ação\nowner: é\n", "título: ação\r\nowner: é\r\n", "a: b\r\nowner: x\r\n"] {
            let Some(Node { value: Value::Map(pairs), .. }) = read(text).unwrap() else { panic!("{text:?}") };
            for (key, value) in &pairs {
                assert_eq!(Some(&text[key.span.clone()]), key.text(), "{text:?}");
                assert_eq!(Some(&text[value.span.clone()]), value.text(), "{text:?}");
            }
            assert_eq!(pairs.len(), 2);
        }
    }

    #[test]
    fn bombs_are_refused_at_once() {
        let laughs = "a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n";
        assert_eq!(why(laughs).0, "an alias of a list or a map is not followed");
        assert!(why(&"[".repeat(40)).0.contains("deep"));
        assert!(read(&"[".repeat(60_000)).is_err() && read(&"{a: ".repeat(20_000)).is_err());
        assert!(why(&format!("a: [{}]", "x, ".repeat(20_000))).0.contains("more values"));
        assert!(why(&"- ".repeat(30_000)).0.contains("deep"));
        assert!(why("a: b: c\n").1 <= "a: b: c\n".len());
        assert!(read("").unwrap().is_none() && read("# nothing\n").unwrap().is_none());
        assert!(read("a: &x shop\nb: *x\n").is_ok());
    }
}
