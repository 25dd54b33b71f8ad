//! What stands in braces over several lines of a script: functions, and pieces of other files.

use super::functions;

/// `stop() {`, `function stop {`: a function of the shell begins, and goes on in the next line.
pub fn names_function(line: &str) -> bool {
    functions::begins(line).is_some_and(|(_, rest)| rest.trim().is_empty())
}

/// `server {` and all up to its end: a piece of some file, in the middle of a script.
pub fn end(text: &str, start: usize) -> Option<usize> {
    // As many lines as people paste.
    const MOST: usize = 200;
    let (mut depth, mut at) = (0usize, start);
    for line in text[start..].split_inclusive('\n').take(MOST) {
        at += line.len();
        for byte in line.bytes() {
            match byte {
                b'{' => depth += 1,
                b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}
