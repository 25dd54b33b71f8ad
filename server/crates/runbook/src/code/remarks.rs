//! Lines of a script that nobody types: what a comment says stands in a file, and remarks in brackets.

use super::judge;
use crate::words::{find_phrase, first_word, fold, has, past_marks, shorten, split};

/// What a comment orders to do to a file.
const ACTS: [&str; 33] = [
    "add",
    "update",
    "change",
    "edit",
    "append",
    "put",
    "replace",
    "modify",
    "agregar",
    "agrega",
    "agregue",
    "anadir",
    "anade",
    "actualizar",
    "actualiza",
    "actualice",
    "cambiar",
    "cambia",
    "cambie",
    "editar",
    "edita",
    "edite",
    "modificar",
    "modifica",
    "adicionar",
    "adicione",
    "atualizar",
    "atualize",
    "alterar",
    "altere",
    "trocar",
    "troque",
    "reemplazar",
];

/// What it is done to.
const LINES: [&str; 16] = [
    "this line",
    "these lines",
    "following line",
    "following lines",
    "esta linha",
    "estas linhas",
    "seguinte linha",
    "seguintes linhas",
    "esta linea",
    "estas lineas",
    "siguiente linea",
    "siguientes lineas",
    "la linea",
    "a linha",
    "the line",
    "the lines",
];

/// Where it is put.
const PLACES: [&str; 17] = [
    "top of the file",
    "end of the file",
    "start of the file",
    "beginning of the file",
    "inicio del archivo",
    "final del archivo",
    "inicio do arquivo",
    "final do arquivo",
    "fim do arquivo",
    "to .env",
    "in .env",
    "ao .env",
    "no .env",
    "al .env",
    "en .env",
    "en el .env",
    "to the .env",
];

/// "Update this line with the new password:", "Agregar al inicio del archivo": what is set below stands in a file.
/// "In the .env of the server:", above its settings, and "Add:" where the `last` command opened an editor.
pub fn says_so(comment: &str, last: Option<&str>) -> bool {
    if comment.ends_with(':') && (has(comment, ".env") || adds(comment) && last.is_some_and(opens_an_editor)) {
        return true;
    }
    // "Change these lines to your values": what is set for the commands below is typed, as it is then.
    const OWN: [&str; 7] = ["your", "values", "seus", "suas", "sus", "tus", "valores"];
    let words = comment.trim_start_matches(['#', ' ']);
    // "1. Edit it".
    let words = words.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches(['.', ')', ' ']);
    let folded = fold(shorten(words, 200));
    let start = past_marks(&folded);
    let names = |list: &[&str]| list.iter().any(|words| find_phrase(start, words, 0).is_some());
    ACTS.contains(&first_word(start)) && (names(&PLACES) || names(&LINES) && !names(&OWN))
}

/// "Add or edit:", "Adicione/edite:", and "To:" below "Change:": after an editor has been opened, the lines below are put into
/// its file.
fn adds(comment: &str) -> bool {
    const FEW: usize = 4;
    let folded = fold(shorten(comment.trim_start_matches(['#', ' ']), 80));
    let start = past_marks(&folded);
    const BETWEEN: [&str; 7] = ["to:", "by:", "with:", "por:", "para:", "com:", "con:"];
    BETWEEN.contains(&start)
        || split(start).count() <= FEW && ACTS.contains(&start.split([' ', '/', ':', ',']).next().unwrap_or(""))
}

/// `sudo nano /etc/x.conf`, `vim x`.
pub fn opens_an_editor(command: &str) -> bool {
    let mut words = split(command).skip_while(|word| matches!(*word, "sudo" | "doas"));
    matches!(words.next(), Some("nano" | "vi" | "vim" | "nvim" | "emacs" | "pico" | "micro" | "code" | "gedit" | "ee"))
}

/// Tells whether a line only sets something, in a shell, in a file of settings or in PowerShell.
pub fn is_setting(line: &str) -> bool {
    let plain = line.strip_prefix("export ").unwrap_or(line);
    let windows = line.strip_prefix("$env:").and_then(|rest| rest.split_once('='));
    judge::past_assignments(plain) == ("", true) || windows.is_some_and(|(name, _)| !name.trim().contains(' '))
}

/// `(or git push --tags)`, `(y rm -rf web)`: a remark in brackets that stands alone on its line.
pub fn is_aside(line: &str) -> bool {
    const JOINING: [&str; 9] = ["or", "ou", "o", "u", "and", "e", "y", "then", "depois"];
    let Some(inside) = line.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) else { return false };
    let first = split(inside).next().unwrap_or("");
    let word = fold(first.trim_end_matches([':', ','])).into_owned();
    let joined = JOINING.contains(&word.as_str()) && inside.len() > first.len();
    joined && !inside.contains("&&") && !inside.contains(';')
}
