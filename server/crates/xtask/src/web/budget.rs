//! What a first visit, and the scripts of single pages beside it, may cost in bytes over the wire.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use super::Flavour;
use super::site::Site;

const KIB: u64 = 1024;

/// What the module may weigh today. 200 KiB are allowed in the end: it is lowered with every step towards that, and raised only
/// with the reason in `docs/decisions/0011-one-island.md`.
const WASM_LIMIT: u64 = 240 * KIB;

/// One line of the size report.
#[derive(Debug)]
pub struct Item {
    name: &'static str,
    bytes: u64,
    limit: u64,
}

/// Weighs the site as a browser receives it.
pub fn sizes(site: &Site) -> Result<[Item; 7]> {
    let mut fonts = 0;
    for font in site.manifest.fonts.values() {
        fonts += size(&site.folder.join(font))?;
    }
    let brotli = |name: &str| size(&site.folder.join(format!("{name}.br")));
    Ok([
        Item { name: "wasm (brotli)", bytes: brotli(&site.manifest.wasm)?, limit: WASM_LIMIT },
        Item { name: "script (brotli)", bytes: brotli(&site.manifest.js)?, limit: 20 * KIB },
        Item { name: "editor (brotli)", bytes: brotli(&site.manifest.editor)?, limit: 128 * KIB },
        Item { name: "search (brotli)", bytes: brotli(&site.manifest.search)?, limit: 2 * KIB },
        Item { name: "notices (brotli)", bytes: brotli(&site.manifest.notices)?, limit: 2 * KIB },
        Item { name: "style (brotli)", bytes: brotli(&site.manifest.css)?, limit: 20 * KIB },
        Item { name: "fonts", bytes: fonts, limit: 60 * KIB },
    ])
}

/// Prints the sizes, and fails if one is over its limit in a build that is to ship.
pub fn report(sizes: &[Item], flavour: Flavour) -> Result<()> {
    for item in sizes {
        println!("web: {:<16} {:>7} of at most {} bytes", item.name, item.bytes, item.limit);
    }
    match flavour {
        Flavour::Release => check(sizes),
        Flavour::Dev => Ok(()),
    }
}

fn check(items: &[Item]) -> Result<()> {
    match items.iter().find(|item| item.bytes > item.limit) {
        Some(item) => bail!("{} is over its limit: {} of {} bytes", item.name, item.bytes, item.limit),
        None => Ok(()),
    }
}

fn size(file: &Path) -> Result<u64> {
    Ok(fs::metadata(file)?.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_too_many_fails() {
        assert!(check(&[Item { name: "style", bytes: 20, limit: 20 }]).is_ok());
        assert!(check(&[Item { name: "style", bytes: 21, limit: 20 }]).is_err());
    }
}
