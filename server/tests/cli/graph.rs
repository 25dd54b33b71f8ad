use std::fs;

use crate::{BROKEN, complained, farol, printed};

#[test]
fn a_graph_in_each_format_and_a_word_about_what_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("fila.md"), BROKEN).unwrap();
    for (format, begins) in [("svg", "<svg "), ("dot", "digraph"), ("mermaid", "flowchart "), ("json", "{\"start\":")] {
        let graph = farol(folder.path(), &["graph", "fila.md", "--format", format]);
        assert_eq!(graph.status.code(), Some(0), "{}", complained(&graph));
        assert!(printed(&graph).starts_with(begins), "{format}: {}", printed(&graph));
        assert!(printed(&graph).contains("Veja a fila"), "{format}: {}", printed(&graph));
    }
    let missing = farol(folder.path(), &["graph", "nothing.md"]);
    assert_eq!((missing.status.code(), printed(&missing).as_str()), (Some(2), ""));
    assert!(complained(&missing).contains("nothing.md: cannot be read"), "{}", complained(&missing));
}
