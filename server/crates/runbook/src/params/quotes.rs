//! Whether a place in a shell command lies in single quotes, where nothing is expanded.

/// What is open where a command is read.
pub struct Quotes {
    /// In single quotes.
    pub single: bool,
    double: bool,
    /// The brackets that are open in each `$(…)` within double quotes, in which quotes begin anew.
    nested: Vec<usize>,
}

impl Quotes {
    /// Nothing is open.
    pub const NONE: Self = Self { single: false, double: false, nested: Vec::new() };

    /// Goes past a sign outside words, before `next`; tells whether it is a quote or a bracket.
    pub fn see(&mut self, sign: u8, next: Option<&u8>) -> bool {
        match sign {
            b'\'' if !self.double => self.single = !self.single,
            b'"' if !self.single => self.double = !self.double,
            b'$' if self.double && next == Some(&b'(') => {
                self.nested.push(0);
                self.double = false;
            }
            b'(' | b')' if !self.single && !self.double => self.bracket(sign == b'('),
            _ => {}
        }
        matches!(sign, b'\'' | b'"' | b'(' | b')')
    }

    fn bracket(&mut self, opens: bool) {
        let Some(open) = self.nested.last_mut() else { return };
        *open = if opens { *open + 1 } else { open.saturating_sub(1) };
        if *open == 0 {
            self.nested.pop();
            self.double = true;
        }
    }
}
