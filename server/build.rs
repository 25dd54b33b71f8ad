//! Lists the shipped library, so that the program carries it.

use std::fmt::Write as _;
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runbooks").canonicalize()?;
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "md") {
            files.push(path);
        }
    }
    files.sort();
    let mut code = String::from("&[\n");
    for file in files {
        let id = file.file_stem().and_then(|stem| stem.to_str()).ok_or("a file name is not UTF-8")?;
        writeln!(code, "    ({id:?}, include_str!({:?})),", file.display().to_string())?;
    }
    code.push(']');
    std::fs::write(Path::new(&std::env::var("OUT_DIR")?).join("library.rs"), code)?;
    Ok(())
}
