//! The functions that a target defines itself, as its catalogue lists them.

use std::collections::{HashMap, HashSet};

use farol_api::risk::{Dialect, RiskClass};
use serde::{Deserialize, Serialize};

use crate::change::names;

/// What a function promises of itself: `pg_proc.provolatile`. From what promises most to what promises least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Volatility {
    /// `i`: the same answer for the same arguments, always.
    Immutable,
    /// `s`: the same answer within one statement; it changes nothing.
    Stable,
    /// `v`: it can do anything.
    Volatile,
}

impl Volatility {
    /// Reads the letter of `pg_proc.provolatile`; what is no such letter promises nothing.
    pub fn of_letter(letter: char) -> Self {
        match letter {
            'i' => Self::Immutable,
            's' => Self::Stable,
            _ => Self::Volatile,
        }
    }
}

/// The functions of one target outside `pg_catalog`.
///
/// Made of the rows of
///
/// ```sql
/// SELECT n.nspname, p.proname, p.provolatile, pg_function_is_visible(p.oid)
/// FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname <> 'pg_catalog'
/// ```
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TargetFunctions {
    /// By name as a query writes it, with and without schema.
    promises: HashMap<String, Volatility>,
}

impl TargetFunctions {
    /// Adds a function; one of several with the same name counts that promises least. `visible` tells whether the
    /// search path finds it without its schema.
    pub fn add(&mut self, schema: &str, name: &str, volatility: Volatility, visible: bool) {
        let bare = visible.then(|| name.to_owned());
        for key in bare.into_iter().chain([format!("{schema}.{name}")]) {
            let worst = self.promises.entry(key).or_insert(volatility);
            *worst = (*worst).max(volatility);
        }
    }

    /// Tells whether there is none.
    pub fn is_empty(&self) -> bool {
        self.promises.is_empty()
    }

    /// Returns those that a text could call, for its words: all that matter to its class.
    pub fn named_in(&self, text: &str) -> Self {
        if self.promises.is_empty() {
            return Self::default();
        }
        // What is not quoted is found in lower case.
        let words: HashSet<String> =
            names(Dialect::Postgres, text).into_iter().flat_map(|word| [word.to_lowercase(), word]).collect();
        let called = |name: &str| name.rsplit('.').next().is_some_and(|last| words.contains(last));
        let promises = self.promises.iter().filter(|(name, _)| called(name) || words.contains(name.as_str()));
        Self { promises: promises.map(|(name, promise)| (name.clone(), *promise)).collect() }
    }

    /// Returns the class of a call of a function by the name that a query writes, where the target has one: `Read` where
    /// it promises to change nothing, else `Unknown`.
    pub(super) fn class(&self, name: &str) -> Option<RiskClass> {
        self.promises.get(name).map(|promise| match promise {
            Volatility::Immutable | Volatility::Stable => RiskClass::Read,
            Volatility::Volatile => RiskClass::Unknown,
        })
    }
}
