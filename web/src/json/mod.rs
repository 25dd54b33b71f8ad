//! Reading JSON into the API's types.
//!
//! On the server that is serde_json's. In the browser each kind of value that serde_json reads from text brings its own copy
//! of the code that finds the value's end, and words for what is wrong with it: a quarter of the module. There the text is
//! made into a tree first, and [`tree`] hands that out.

#[cfg(any(test, feature = "hydrate"))]
mod tree;

use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads a text; nothing where it is not what was asked for.
pub fn from_str<T: DeserializeOwned>(text: &str) -> Option<T> {
    #[cfg(feature = "hydrate")]
    {
        from_value(&serde_json::from_str(text).ok()?)
    }
    #[cfg(not(feature = "hydrate"))]
    {
        serde_json::from_str(text).ok()
    }
}

/// Reads a tree; nothing where it is not what was asked for.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Option<T> {
    #[cfg(feature = "hydrate")]
    {
        T::deserialize(tree::Tree(value)).ok()
    }
    #[cfg(not(feature = "hydrate"))]
    {
        T::deserialize(value).ok()
    }
}
