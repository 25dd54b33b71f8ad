//! Text that escapes, entities and emphasis split.

use super::{Builder, Run};

/// Runs of more bytes are not joined with what follows, so that joining stays cheap.
const LONGEST_JOINED: usize = 4096;

impl<'a> Builder<'a> {
    pub(super) fn joins(&self, last: &Run<'a>) -> bool {
        let leads = |link: u32| link.checked_sub(1).map(|link| self.doc.links[link as usize]);
        let length = if self.joining { self.built.text.len() } else { last.text.len() };
        last.strong == (self.strong > 0)
            && (last.link == self.link || leads(last.link) == leads(self.link))
            && length < LONGEST_JOINED
    }

    /// Appends a text to the last run; what stands side by side in the source stays a part of it.
    pub(super) fn join(&mut self, text: &str, end: u32) {
        let Some(last) = self.doc.runs.last_mut() else { return };
        last.span.end = end;
        if !self.joining {
            let (source, before) = (self.doc.text, last.text);
            if before.as_bytes().as_ptr_range().end == text.as_ptr()
                && let Some(start) = (before.as_ptr() as usize).checked_sub(source.as_ptr() as usize)
                && let Some(joined) = source.get(start..start + before.len() + text.len())
            {
                last.text = joined;
                return;
            }
            self.joining = true;
            self.built.text.clear();
            self.built.text.reserve(400);
            self.built.text.push_str(before);
        }
        self.built.text.push_str(text);
    }

    /// Gives the last run what was put together of it.
    #[inline(always)]
    pub(super) fn settle(&mut self) {
        if self.joining {
            self.settle_text();
        }
    }

    fn settle_text(&mut self) {
        self.joining = false;
        if let Some(last) = self.doc.runs.last_mut() {
            last.text = self.doc.room.alloc_str(&self.built.text);
        }
    }
}
