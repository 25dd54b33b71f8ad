//! A uniform tree of the parser's answer, so that a walk cannot forget a kind of node.
//!
//! `pg_query` has some 270 kinds of node and no visitor that reaches all of them; they all know how to serialise
//! themselves, and that reaches every field.

use serde::ser::{self, Serialize};

/// One value of the syntax tree. False, zero, empty and absent values are all [`Tree::Nothing`].
#[derive(Debug, PartialEq)]
pub(super) enum Tree {
    Nothing,
    Number(i64),
    Text(String),
    List(Vec<Tree>),
    Node(Node),
}

/// A message of the syntax tree: its type and its fields that hold something.
#[derive(Debug, PartialEq)]
pub(super) struct Node {
    pub name: &'static str,
    pub fields: Vec<(&'static str, Tree)>,
}

impl Node {
    pub fn get(&self, field: &str) -> Option<&Tree> {
        self.fields.iter().find(|(name, _)| *name == field).map(|(_, tree)| tree)
    }

    pub fn node(&self, field: &str) -> Option<&Node> {
        self.get(field).and_then(Tree::node)
    }

    pub fn list(&self, field: &str) -> &[Tree] {
        match self.get(field) {
            Some(Tree::List(items)) => items,
            _ => &[],
        }
    }

    pub fn number(&self, field: &str) -> i64 {
        match self.get(field) {
            Some(Tree::Number(number)) => *number,
            _ => 0,
        }
    }

    pub fn text(&self, field: &str) -> &str {
        match self.get(field) {
            Some(Tree::Text(text)) => text,
            _ => "",
        }
    }

    /// Returns where it starts, for the types that say so.
    pub fn location(&self) -> Option<usize> {
        usize::try_from(self.number("location")).ok()
    }

    /// Returns the strings of a list of names, such as a qualified name.
    pub fn names(&self, field: &str) -> Vec<&str> {
        self.list(field)
            .iter()
            .filter_map(Tree::node)
            .filter(|node| node.name == "String")
            .map(|node| node.text("sval"))
            .collect()
    }

    /// Calls `see` for this node and all below it; `see` tells whether to go below.
    pub fn walk<'a>(&'a self, see: &mut impl FnMut(&'a Node) -> bool) {
        if see(self) {
            self.fields.iter().for_each(|(_, tree)| tree.walk(see));
        }
    }
}

impl Tree {
    pub fn node(&self) -> Option<&Node> {
        match self {
            Self::Node(node) => Some(node),
            _ => None,
        }
    }

    fn walk<'a>(&'a self, see: &mut impl FnMut(&'a Node) -> bool) {
        match self {
            Self::Node(node) => node.walk(see),
            Self::List(items) => items.iter().for_each(|item| item.walk(see)),
            Self::Nothing | Self::Number(_) | Self::Text(_) => {}
        }
    }

    /// Tells whether two expressions are the same apart from where they stand.
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Node(one), Self::Node(two)) => one.same(two),
            (Self::List(one), Self::List(two)) => one.len() == two.len() && one.iter().zip(two).all(|(a, b)| a.same(b)),
            _ => self == other,
        }
    }
}

impl Node {
    pub fn same(&self, other: &Self) -> bool {
        let fields = |node: &Self| node.fields.iter().filter(|(name, _)| !name.ends_with("location")).count();
        self.name == other.name
            && fields(self) == fields(other)
            && self
                .fields
                .iter()
                .filter(|(name, _)| !name.ends_with("location"))
                .all(|(name, tree)| other.get(name).is_some_and(|theirs| tree.same(theirs)))
    }
}

/// Builds the tree of anything that serialises.
pub(super) fn of(value: &impl Serialize) -> Option<Tree> {
    value.serialize(Builder).ok()
}

/// The builder never fails; `serde` asks for an error type all the same.
#[derive(Debug)]
pub(super) struct Never;

impl std::fmt::Display for Never {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("a syntax tree could not be built")
    }
}

impl std::error::Error for Never {}

impl ser::Error for Never {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self
    }
}

struct Builder;

fn number(value: i64) -> Result<Tree, Never> {
    Ok(if value == 0 { Tree::Nothing } else { Tree::Number(value) })
}

macro_rules! numbers {
    ($($method:ident $type:ty),*) => { $(fn $method(self, value: $type) -> Result<Tree, Never> { number(i64::from(value)) })* };
}

impl ser::Serializer for Builder {
    type Ok = Tree;
    type Error = Never;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Items;
    type SerializeMap = ser::Impossible<Tree, Never>;
    type SerializeStruct = Node;
    type SerializeStructVariant = Node;

    numbers!(serialize_bool bool, serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64,
        serialize_u8 u8, serialize_u16 u16, serialize_u32 u32);

    fn serialize_u64(self, value: u64) -> Result<Tree, Never> {
        number(i64::try_from(value).unwrap_or(i64::MAX))
    }
    fn serialize_f32(self, _: f32) -> Result<Tree, Never> {
        Ok(Tree::Nothing)
    }
    fn serialize_f64(self, _: f64) -> Result<Tree, Never> {
        Ok(Tree::Nothing)
    }
    fn serialize_char(self, value: char) -> Result<Tree, Never> {
        Ok(Tree::Text(value.into()))
    }
    fn serialize_str(self, value: &str) -> Result<Tree, Never> {
        Ok(if value.is_empty() { Tree::Nothing } else { Tree::Text(value.to_owned()) })
    }
    fn serialize_bytes(self, _: &[u8]) -> Result<Tree, Never> {
        Ok(Tree::Nothing)
    }
    fn serialize_none(self) -> Result<Tree, Never> {
        Ok(Tree::Nothing)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Tree, Never> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<Tree, Never> {
        Ok(Tree::Nothing)
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<Tree, Never> {
        Ok(Tree::Nothing)
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Tree, Never> {
        Ok(Tree::Text(variant.to_owned()))
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Tree, Never> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<Tree, Never> {
        value.serialize(self)
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Items, Never> {
        Ok(Items(Vec::new()))
    }
    fn serialize_tuple(self, _: usize) -> Result<Items, Never> {
        Ok(Items(Vec::new()))
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Items, Never> {
        Ok(Items(Vec::new()))
    }
    fn serialize_tuple_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Items, Never> {
        Ok(Items(Vec::new()))
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Never> {
        Err(Never)
    }
    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Node, Never> {
        Ok(Node { name, fields: Vec::new() })
    }
    fn serialize_struct_variant(self, _: &'static str, _: u32, name: &'static str, _: usize) -> Result<Node, Never> {
        Ok(Node { name, fields: Vec::new() })
    }
}

struct Items(Vec<Tree>);

impl Items {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        self.0.push(value.serialize(Builder)?);
        Ok(())
    }

    fn finish(self) -> Result<Tree, Never> {
        Ok(if self.0.is_empty() { Tree::Nothing } else { Tree::List(self.0) })
    }
}

macro_rules! items {
    ($($trait:ident $method:ident),*) => { $(impl ser::$trait for Items {
        type Ok = Tree;
        type Error = Never;
        fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> { self.push(value) }
        fn end(self) -> Result<Tree, Never> { self.finish() }
    })* };
}
items!(SerializeSeq serialize_element, SerializeTuple serialize_element, SerializeTupleStruct serialize_field, SerializeTupleVariant serialize_field);

impl Node {
    fn push<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Never> {
        let tree = value.serialize(Builder)?;
        if tree != Tree::Nothing {
            self.fields.push((key, tree));
        }
        Ok(())
    }

    /// `Node` only wraps the one that is meant.
    fn finish(mut self) -> Result<Tree, Never> {
        if self.name == "Node" {
            return Ok(self.fields.pop().map_or(Tree::Nothing, |(_, tree)| tree));
        }
        Ok(Tree::Node(self))
    }
}

macro_rules! nodes {
    ($($trait:ident),*) => { $(impl ser::$trait for Node {
        type Ok = Tree;
        type Error = Never;
        fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Never> { self.push(key, value) }
        fn end(self) -> Result<Tree, Never> { self.finish() }
    })* };
}
nodes!(SerializeStruct, SerializeStructVariant);
