//! What is to be filled in within paths, and hosts that only sound so.

/// Returns how long the name is that stands at an offset for a whole part of a path of Windows, where brackets match nothing:
/// `C:\Program Files\PostgreSQL\[version]\bin`.
pub fn folder(text: &str, at: usize) -> Option<usize> {
    const LONGEST: usize = 60;
    let rest = text[..at].ends_with('\\').then(|| &text[at + 1..])?;
    let end = rest.bytes().take(LONGEST).position(|byte| matches!(byte, b']' | b'\n'))?;
    let (name, behind) = (&rest[..end], &rest[end..]);
    let named = name.len() > 3 && name.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '_'));
    (named && behind.starts_with("]\\")).then_some(end + 2)
}

/// `u123.your-storagebox.de`: domains that are so called; `before` is what stands before it.
pub fn is_real(before: u8, bytes: &[u8]) -> bool {
    const HOSTS: [&[u8]; 2] = [b"your-storagebox.de", b"your-server.de"];
    before == b'.' && HOSTS.iter().any(|host| bytes.starts_with(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_path_of_windows_is_filled_in() {
        let of = |text: &str| text.find('[').and_then(|at| folder(text, at)).map(|len| len - 2);
        assert_eq!(of(r"C:\Program Files\PostgreSQL\[versão]\bin\psql.exe"), Some("versão".len()));
        assert_eq!(of(r"C:\shop\[my name]\x"), Some(7));
        for text in [r"C:\shop\[a-z]\x", r"C:\shop\[abc]\x", r"C:\shop\x[name]\y", r"C:\shop\[name].txt"] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn a_domain_may_be_so_called() {
        assert!(is_real(b'.', b"your-storagebox.de:23") && !is_real(b'/', b"your-storagebox.de"));
        assert!(!is_real(b'.', b"your-domain.de"));
    }
}
