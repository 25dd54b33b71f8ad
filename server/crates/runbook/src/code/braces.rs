//! What stands in braces over several lines of a script: functions, and pieces of other files.

/// `stop() {`, `function stop() {`: a function of the shell begins.
pub fn names_function(line: &str) -> bool {
    let Some((name, rest)) = line.strip_suffix('{').and_then(|line| line.split_once("()")) else { return false };
    let name = name.trim_start_matches("function ").trim();
    rest.trim().is_empty() && !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
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
