//! One check for texts in three languages.

use crate::intros::INTROS;
use crate::typed::typed;

/// Checks for texts by language how many commands are read from documents that they are put into.
pub fn each(texts: [&[&str]; 3], commands: usize, document: impl Fn(&str) -> String) {
    let mut wrong: Vec<&&str> = Vec::new();
    for (language, texts) in texts.iter().enumerate() {
        let read = |text: &str| typed(&format!("# X\n\n{}\n\n{}", INTROS[language], document(text))).len();
        wrong.extend(texts.iter().filter(|text| read(text) != commands));
    }
    assert!(wrong.is_empty(), "not {commands} in {:?}: {wrong:?}", document("…"));
}
