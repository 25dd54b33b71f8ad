//! CSV as whole results are kept and downloaded: RFC 4180 with a line feed after each record, and NULL told from the
//! empty text as Postgres' COPY tells them: NULL is nothing at all, the empty text is `""`.

use std::borrow::Cow;

/// Appends one record.
pub fn write_record<'a>(out: &mut Vec<u8>, cells: impl Iterator<Item = Option<Cow<'a, str>>>) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        let Some(cell) = cell else { continue };
        if cell.is_empty() || cell.bytes().any(|byte| matches!(byte, b'"' | b',' | b'\n' | b'\r')) {
            out.push(b'"');
            for byte in cell.bytes() {
                out.push(byte);
                if byte == b'"' {
                    out.push(byte);
                }
            }
            out.push(b'"');
        } else {
            out.extend_from_slice(cell.as_bytes());
        }
    }
    out.push(b'\n');
}

/// Reads records that arrive in pieces, as [`write_record`] writes them.
#[derive(Debug, Default)]
pub struct Records {
    record: Vec<Option<String>>,
    cell: Vec<u8>,
    /// Whether the cell began with a quote.
    quoted: bool,
    /// Whether the place is between quotes.
    inside: bool,
}

impl Records {
    /// Takes a piece and hands each record that it ends to `take`.
    pub fn push(&mut self, piece: &[u8], mut take: impl FnMut(&[Option<String>])) {
        for &byte in piece {
            match byte {
                b'"' if self.inside => self.inside = false,
                b'"' if self.quoted => {
                    // The second of two: a quote that belongs to the text.
                    self.cell.push(b'"');
                    self.inside = true;
                }
                b'"' => (self.quoted, self.inside) = (true, true),
                b',' if !self.inside => self.end_cell(),
                b'\n' if !self.inside => {
                    self.end_cell();
                    take(&self.record);
                    self.record.clear();
                }
                other => self.cell.push(other),
            }
        }
    }

    fn end_cell(&mut self) {
        let quoted = std::mem::take(&mut self.quoted);
        let cell = std::mem::take(&mut self.cell);
        if quoted || !cell.is_empty() {
            self.record.push(Some(String::from_utf8_lossy(&cell).into_owned()));
        } else {
            self.record.push(None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_however_it_is_cut() {
        let rows = [
            vec![Some("id"), Some("a,b"), Some("")],
            vec![None, Some("\"quoted\""), Some("two\nlines\r\n")],
            vec![Some("ação 🚨"), None, None],
            vec![Some("\""), Some("\"\""), Some(",")],
        ];
        let mut text = Vec::new();
        for row in &rows {
            write_record(&mut text, row.iter().map(|cell| cell.map(Cow::Borrowed)));
        }
        assert!(text.starts_with(b"id,\"a,b\",\"\"\n,\"\"\"quoted"), "{}", String::from_utf8_lossy(&text));
        for at in 0..=text.len() {
            let mut read = Vec::new();
            let mut records = Records::default();
            records.push(&text[..at], |record| read.push(record.to_vec()));
            records.push(&text[at..], |record| read.push(record.to_vec()));
            let wanted: Vec<Vec<_>> =
                rows.iter().map(|row| row.iter().map(|cell| cell.map(str::to_owned)).collect()).collect();
            assert_eq!(read, wanted, "cut at {at}");
        }
    }
}
