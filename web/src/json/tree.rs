//! A reader of JSON trees that is small once compiled: objects are read by name only, and an error has no words.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value;

/// Something to read.
#[derive(Clone, Copy)]
pub struct Tree<'a>(pub &'a Value);

/// It is not what was asked for. What exactly is wrong helps nobody in a browser.
#[derive(Debug)]
pub struct Unreadable;

impl fmt::Display for Unreadable {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Unreadable {}

impl Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

/// Those that hand out what is there, whatever was asked for: a visitor refuses what it cannot take.
macro_rules! as_it_is {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
            self.deserialize_any(visitor)
        }
    )*};
}

/// Those that only one kind of JSON can answer, so that nothing is compiled for the others.
macro_rules! scalars {
    ($($method:ident: $as:ident => $visit:ident;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
            visitor.$visit(self.0.$as().ok_or(Unreadable)?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Tree<'de> {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(value), _) => visitor.visit_u64(value),
                (None, Some(value)) => visitor.visit_i64(value),
                _ => visitor.visit_f64(number.as_f64().ok_or(Unreadable)?),
            },
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(_) => self.deserialize_seq(visitor),
            Value::Object(_) => self.deserialize_map(visitor),
        }
    }

    scalars! {
        deserialize_bool: as_bool => visit_bool;
        deserialize_i8: as_i64 => visit_i64;
        deserialize_i16: as_i64 => visit_i64;
        deserialize_i32: as_i64 => visit_i64;
        deserialize_i64: as_i64 => visit_i64;
        deserialize_u8: as_u64 => visit_u64;
        deserialize_u16: as_u64 => visit_u64;
        deserialize_u32: as_u64 => visit_u64;
        deserialize_u64: as_u64 => visit_u64;
        deserialize_f32: as_f64 => visit_f64;
        deserialize_f64: as_f64 => visit_f64;
        deserialize_char: as_str => visit_borrowed_str;
        deserialize_str: as_str => visit_borrowed_str;
        deserialize_string: as_str => visit_borrowed_str;
        deserialize_identifier: as_str => visit_borrowed_str;
    }

    as_it_is!(deserialize_i128 deserialize_u128 deserialize_bytes deserialize_byte_buf);

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.0.is_null() { visitor.visit_unit() } else { Err(Unreadable) }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_seq(Items(self.0.as_array().ok_or(Unreadable)?.iter()))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_map(Entries { rest: self.0.as_object().ok_or(Unreadable)?.iter(), value: None })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_map(visitor)
    }

    /// `"name"`, or `{"name": what it holds}`.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        let (name, held) = match self.0 {
            Value::Object(object) => object.iter().next().map(|(name, held)| (&**name, held)).ok_or(Unreadable)?,
            _ => (self.0.as_str().ok_or(Unreadable)?, &Value::Null),
        };
        visitor.visit_enum(Variant { name, held })
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }
}

struct Items<'a>(std::slice::Iter<'a, Value>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unreadable> {
        self.0.next().map(|value| seed.deserialize(Tree(value))).transpose()
    }
}

struct Entries<'a> {
    rest: serde_json::map::Iter<'a>,
    value: Option<&'a Value>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unreadable> {
        let Some((name, value)) = self.rest.next() else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(Name(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unreadable> {
        seed.deserialize(Tree(self.value.take().ok_or(Unreadable)?))
    }
}

/// The name of an entry.
struct Name<'a>(&'a str);

impl<'de> Deserializer<'de> for Name<'de> {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Variant<'a> {
    name: &'a str,
    held: &'a Value,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Unreadable;
    type Variant = Held<'de>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Held<'de>), Unreadable> {
        Ok((seed.deserialize(Name(self.name))?, Held(self.held)))
    }
}

/// What a variant holds.
struct Held<'a>(&'a Value);

impl<'de> VariantAccess<'de> for Held<'de> {
    type Error = Unreadable;

    fn unit_variant(self) -> Result<(), Unreadable> {
        if self.0.is_null() { Ok(()) } else { Err(Unreadable) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unreadable> {
        seed.deserialize(Tree(self.0))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        Tree(self.0).deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Unreadable> {
        Tree(self.0).deserialize_map(visitor)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize, de::DeserializeOwned};
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Plain,
        Wrapped(Number),
        Pair(i64, String),
        Named { a: Option<u8>, b: Vec<f64> },
    }

    #[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    struct Number(u64);

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct All {
        kinds: Vec<Kind>,
        names: BTreeMap<Kinds, (bool, char)>,
        #[serde(default)]
        missing: Option<String>,
        nothing: (),
        least: i64,
        most: u64,
        at: chrono::DateTime<chrono::Utc>,
        any: Value,
        answer: Result<String, Number>,
    }

    #[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    struct Kinds(String);

    fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
        T::deserialize(Tree(value)).ok()
    }

    #[test]
    fn all_that_serde_writes_is_read_again() {
        let all = All {
            kinds: vec![
                Kind::Plain,
                Kind::Wrapped(Number(u64::MAX)),
                Kind::Pair(-7, "x".to_owned()),
                Kind::Named { a: None, b: vec![1.5, -2.0, 3.0] },
                Kind::Named { a: Some(255), b: Vec::new() },
            ],
            names: BTreeMap::from([(Kinds("ação".to_owned()), (true, 'é'))]),
            missing: None,
            nothing: (),
            least: i64::MIN,
            most: u64::MAX,
            at: "2026-11-28T03:00:00.123456Z".parse().unwrap(),
            any: json!({"deep": [1, -1, 0.5, null, {"x": "y"}]}),
            answer: Err(Number(4)),
        };
        let mut value = serde_json::to_value(&all).unwrap();
        assert_eq!(read(&value), Some(All { ..all }));
        value["of a later version"] = json!([{"unknown": {}}]);
        value.as_object_mut().unwrap().remove("missing");
        assert_eq!(read::<All>(&value), serde_json::from_value(value).ok());
    }

    #[test]
    fn what_is_of_another_kind_is_refused() {
        for value in [json!(null), json!("plain "), json!({}), json!({"pair": [1]}), json!({"wrapped": -1}), json!([])]
        {
            assert_eq!(read::<Kind>(&value), None, "{value}");
        }
        assert_eq!(read::<Kind>(&json!({"named": {"a": 256, "b": []}})), None);
        assert_eq!(read::<Kind>(&json!({"named": {"a": 1}})), None);
        assert_eq!(read::<Vec<u8>>(&json!({"0": 1})), None);
        assert_eq!(read::<String>(&json!(1)), None);
        assert_eq!(read::<bool>(&json!("true")), None);
    }
}
