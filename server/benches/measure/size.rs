//! What a first visit takes over the wire, in brotli bytes.

use anyhow::Context;
use serde_json::Value;

use crate::checkout;
use crate::table::{Series, Table};

/// Weighs the built front end.
pub fn measure(table: &mut Table) -> anyhow::Result<()> {
    let site = checkout("target/site");
    let manifest: Value = serde_json::from_str(&std::fs::read_to_string(site.join("manifest.json"))?)?;
    for (name, part) in [("wasm", "wasm"), ("script", "js"), ("style", "css")] {
        let file = manifest[part].as_str().with_context(|| format!("the manifest names no {name}"))?;
        let mut bytes = Series::new(format!("size: {name} in brotli"), "bytes");
        bytes.push(std::fs::metadata(site.join(format!("{file}.br")))?.len() as f64);
        table.add(&bytes, &[]);
    }
    Ok(())
}
