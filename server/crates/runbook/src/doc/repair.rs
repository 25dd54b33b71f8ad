//! Fences that were not closed as CommonMark wants it, read as their author meant them.
//!
//! The text itself is never changed: it is cut into segments that are parsed one by one, so that a block
//! which would swallow the rest of the document ends where the author thought it ended.

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::Extent;
use super::directives::Directives;
use super::parts::Parts;
use super::raw::Raws;
use crate::words::trim;

/// Something that was read otherwise than CommonMark would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// The opening fence.
    pub fence: Range<usize>,
    /// Where the block was ended; a closing fence belongs there.
    pub end: usize,
    /// The closing fence that is missing there.
    pub marker: String,
}

struct FenceLine {
    line: Extent,
    /// What stands behind the marks.
    info: Extent,
    count: u32,
    marker: u8,
}

impl FenceLine {
    const fn start(&self) -> usize {
        self.line.start as usize
    }

    const fn end(&self) -> usize {
        self.line.end as usize
    }

    const fn is_bare(&self) -> bool {
        self.info.start == self.info.end
    }

    fn label<'a>(&self, text: &'a str) -> &'a str {
        let info = &text[self.info.range()];
        let end = info.bytes().position(|byte| matches!(byte, b' ' | b'{' | b','));
        &info[..end.unwrap_or(info.len())]
    }

    /// Tells whether it may have one of the labels that are asked for, all of which begin with one of two letters.
    fn may_be_labelled(&self, text: &str) -> bool {
        matches!(text.as_bytes().get(self.info.start as usize), Some(b'm' | b'M' | b't' | b'T'))
    }

    fn is_labelled(&self, text: &str, labels: &[&str]) -> bool {
        self.may_be_labelled(text) && labels.iter().any(|other| self.label(text).eq_ignore_ascii_case(other))
    }
}

/// What a document is cut into.
#[derive(Default)]
pub struct Cuts {
    /// Segments, each to be parsed on its own.
    pub ranges: Vec<Range<usize>>,
    /// What was read otherwise than CommonMark would.
    pub repairs: Vec<Repair>,
    /// Blocks that CommonMark does not see as one, each right behind the segment that ends there.
    pub whole: Vec<Whole>,
    /// Whether any fence has a bracket right behind its marks.
    pub braced: bool,
    /// Where a segment ends in the midst of a list, a table or a paragraph that is too long.
    pub long: Vec<usize>,
}

/// A block that is read as one: Markdown with the fences in it, or the code of a directive.
#[derive(Debug, PartialEq, Eq)]
pub struct Whole {
    /// All of it.
    pub span: Range<usize>,
    /// Its text.
    pub body: Range<usize>,
    /// Its label.
    pub label: Range<usize>,
    /// What its author wrote over it.
    pub caption: Option<Range<usize>>,
}

/// Cuts `text[from..]` into segments; `tilded` is whether it may have a tilde.
pub fn segments(text: &str, from: usize, tilded: bool) -> Cuts {
    cut(text, from, tilded, &Raws::new(text))
}

/// The same, with the HTML of the text.
pub fn cut(text: &str, from: usize, tilded: bool, raws: &Raws<'_>) -> Cuts {
    let fences = fence_lines(text, from, tilded);
    let braced = fences.iter().any(|fence| text.as_bytes().get(fence.info.start as usize) == Some(&b'{'));
    let mut cutter = Cutter {
        text,
        longest: OnceCell::new(),
        fences,
        directives: Directives::new(text, from),
        raw: raws.next(from),
        raws,
        cuts: Cuts { ranges: Vec::with_capacity(1), braced, ..Cuts::default() },
        parts: Parts::new(text, raws.declares),
        start: from,
        free: from,
        at: 0,
    };
    cutter.run();
    cutter.cuts
}

/// Goes through what begins a block that hides what is in it: fences, directives, raw HTML.
struct Cutter<'a> {
    text: &'a str,
    fences: Vec<FenceLine>,
    /// For each fence line the longest bare fence from there on, per marker, once somebody asked.
    longest: OnceCell<Vec<[u32; 2]>>,
    directives: Directives<'a>,
    raws: &'a Raws<'a>,
    /// Where the next HTML that is no Markdown may begin.
    raw: Option<usize>,
    cuts: Cuts,
    parts: Parts<'a>,
    /// Where the segment at hand starts.
    start: usize,
    /// Where the last block ends that hides what is in it.
    free: usize,
    /// The next fence.
    at: usize,
}

impl Cutter<'_> {
    fn run(&mut self) {
        loop {
            if self.raw.is_none() && self.directives.peek().is_none() && self.parts.are_whole() {
                self.pass_regular();
            }
            let fence = self.fences.get(self.at).map(FenceLine::start);
            let directive = self.directives.peek().map(|found| found.span.start);
            let first = fence.into_iter().chain(directive).min();
            // Where nothing follows that might stand in it, HTML is left to the parser.
            self.part(first.unwrap_or(self.text.len()));
            let Some(first) = first else { break };
            match &self.raw {
                Some(raw) if *raw < first => self.hide(),
                _ if fence == Some(first) => self.fence(),
                _ => self.directive(),
            }
        }
        self.cuts.ranges.push(self.start..self.text.len());
    }

    /// Goes on behind blocks that are closed by the next fence, and that no other follows without a label: nothing is to be
    /// mended there.
    fn pass_regular(&mut self) {
        while let Some([open, close]) = self.fences.get(self.at..self.at + 2)
            && open.marker == close.marker
            && close.is_bare()
            && close.count >= open.count
            && self.fences.get(self.at + 2).is_none_or(|next| !next.is_bare())
            && !open.may_be_labelled(self.text)
        {
            self.free = close.end();
            self.at += 2;
        }
    }

    /// Ends segments up to a block that hides what is in it, where the text is long.
    fn part(&mut self, before: usize) {
        let free = self.free..before.min(self.raw.unwrap_or(before));
        while let Some((end, open)) = self.parts.end(self.start, &free) {
            self.cuts.ranges.push(self.start..end);
            self.cuts.long.extend(open.then_some(end));
            self.start = end;
        }
    }

    /// Goes on behind a place: no fence, directive or HTML before it is one.
    fn pass(&mut self, end: usize) {
        self.free = end;
        while self.fences.get(self.at).is_some_and(|fence| fence.start() < end) {
            self.at += 1;
        }
        self.directives.pass(end);
        if self.raw.is_some_and(|raw| raw < end) {
            self.raw = self.raws.next(end);
        }
    }

    fn hide(&mut self) {
        let Some(at) = self.raw.take() else { return };
        let Some(raw) = self.raws.whole(at) else {
            self.raw = self.raws.next(at + 1);
            return;
        };
        if raw.cut {
            self.cuts.ranges.push(self.start..raw.span.start);
            self.start = raw.span.end;
        }
        self.raw = self.raws.next(raw.span.end);
        self.pass(raw.span.end);
    }

    fn directive(&mut self) {
        let Some(found) = self.directives.take() else { return };
        let end = found.span.end;
        self.whole(found);
        self.pass(end);
    }

    fn whole(&mut self, block: Whole) {
        self.cuts.ranges.push(self.start..block.span.start);
        self.start = block.span.end;
        self.cuts.whole.push(block);
    }

    fn fence(&mut self) {
        let (text, fences) = (self.text, &self.fences);
        let open = &fences[self.at];
        if let Some(close) = nested_close(text, fences, self.at) {
            let name = open.label(text);
            let label = text[open.start()..open.end()].find(name).map_or(open.start(), |at| open.start() + at);
            let block = Whole {
                span: open.start()..fences[close].end(),
                body: open.end()..fences[close].start(),
                label: label..label + name.len(),
                caption: None,
            };
            self.at = close + 1;
            let end = block.span.end;
            self.whole(block);
            return self.pass(end);
        }
        match self.closing() {
            Closing::At(next) => {
                let end = fences[next].end();
                self.parts.heed_fence(open.start()..end);
                self.at = next + 1;
                self.pass(end);
            }
            Closing::Missing { end, next, skip } => {
                self.parts.stop();
                let marker = char::from(open.marker).to_string().repeat(open.count.max(3) as usize);
                self.cuts.repairs.push(Repair { fence: open.start()..open.end(), end, marker });
                self.cuts.ranges.push(self.start..end);
                self.start = end + skip;
                self.at = next;
                self.pass(end + skip);
            }
        }
    }

    fn closing(&self) -> Closing {
        let (text, fences, open) = (self.text, &self.fences, self.at);
        let fence = &fences[open];
        let closable = || {
            let longest = self.longest.get_or_init(|| longest_closers(fences));
            longest.get(open + 1).is_some_and(|l| l[kind(fence.marker)] >= fence.count)
        };
        for (line, next) in fences[open + 1..].iter().zip(open + 1..) {
            if line.marker != fence.marker {
                continue;
            }
            let bare = line.is_bare();
            if bare && line.count >= fence.count {
                let heading = fences_are_odd(fences, next).then(|| heading_between(text, fence, line.start()));
                return heading.flatten().map_or(Closing::At(next), |end| Closing::Missing { end, next, skip: 0 });
            }
            if bare && line.count >= 3 && !closable() {
                return Closing::Missing { end: line.start(), next: next + 1, skip: line.end() - line.start() };
            }
            let shows_markdown = || fence.is_labelled(text, &["markdown", "md", "mdx", "text", "txt"]);
            if !bare && line.count >= fence.count && !line.label(text).is_empty() && !shows_markdown() {
                let end = heading_between(text, fence, line.start()).unwrap_or(line.start());
                return Closing::Missing { end, next, skip: 0 };
            }
        }
        let end = heading_between(text, fence, text.len()).unwrap_or(text.len());
        Closing::Missing { end, next: fences.len(), skip: 0 }
    }
}

/// The fence that ends a Markdown block with labelled blocks in it, counted as their author nested them.
fn nested_close(text: &str, fences: &[FenceLine], open: usize) -> Option<usize> {
    // As many as a template has.
    const LOOK: usize = 64;
    let fence = &fences[open];
    if !fence.is_labelled(text, &["markdown", "md", "mdx"]) {
        return None;
    }
    let (mut depth, mut nested) = (0usize, false);
    for (next, line) in fences.iter().enumerate().skip(open + 1).take(LOOK) {
        if line.marker != fence.marker {
            continue;
        }
        match (line.is_bare(), depth) {
            (false, _) => (depth, nested) = (depth + 1, true),
            (true, 0) if line.count >= fence.count => return nested.then_some(next),
            (true, _) => depth = depth.saturating_sub(1),
        }
    }
    None
}

enum Closing {
    /// The fence line with this index closes the block.
    At(usize),
    /// Nothing closes it: it ends at byte `end`, the next segment starts `skip` bytes later, and the fence
    /// line `next` is looked at next.
    Missing { end: usize, next: usize, skip: usize },
}

/// Tells whether a bare fence is itself followed by nothing that it could be the close of: an odd number of
/// bare fences up to the next labelled one means that one of them opens a block.
fn fences_are_odd(fences: &[FenceLine], from: usize) -> bool {
    let bare = fences[from..].iter().take(64).take_while(|f| f.is_bare()).count();
    bare < 64 && bare.is_multiple_of(2)
}

/// Finds a Markdown heading (two or more `#`, so no shell comment) after a blank line inside a block.
fn heading_between(text: &str, fence: &FenceLine, end: usize) -> Option<usize> {
    // A block longer than this was not left open by mistake; also bounds the work.
    const LOOK: usize = 64 * 1024;
    let mut stop = end.min(fence.end() + LOOK);
    while !text.is_char_boundary(stop) {
        stop -= 1;
    }
    let body = &text[fence.end()..stop];
    let bytes = body.as_bytes();
    let begins = |at: usize| at > 0 && bytes[at - 1] == b'\n' && bytes.get(at + 1) == Some(&b'#');
    if !memchr::memchr_iter(b'#', bytes).any(begins) {
        return None;
    }
    let mut blank = false;
    let mut at = fence.end();
    for line in body.split_inclusive('\n') {
        let hashes = line.bytes().take_while(|b| *b == b'#').count();
        if blank && (2..=6).contains(&hashes) && line[hashes..].starts_with(' ') {
            return Some(at);
        }
        blank = line.trim().is_empty();
        at += line.len();
    }
    None
}

/// For each fence line the longest bare fence from there on, per marker.
fn longest_closers(fences: &[FenceLine]) -> Vec<[u32; 2]> {
    let mut longest = vec![[0, 0]; fences.len()];
    let mut so_far = [0, 0];
    for (i, fence) in fences.iter().enumerate().rev() {
        if fence.is_bare() {
            let slot = &mut so_far[kind(fence.marker)];
            *slot = fence.count.max(*slot);
        }
        longest[i] = so_far;
    }
    longest
}

const fn kind(marker: u8) -> usize {
    if marker == b'~' { 1 } else { 0 }
}

/// Collects the lines that could open or close a block outside containers.
fn fence_lines(text: &str, from: usize, tilded: bool) -> Vec<FenceLine> {
    let (mut out, bytes) = (Vec::new(), text.as_bytes());
    // Most lines hold no fence, so lines are not looked at one by one.
    let (mut ticks, mut tildes) = (ticks(bytes, from), if tilded { tildes(bytes, from) } else { bytes.len() });
    let mut first = ticks.min(tildes);
    while first < text.len() {
        let end = match fence_line(text, from, first) {
            Some(line) => {
                if out.is_empty() {
                    // As many as a document has that has any.
                    out.reserve(40);
                }
                out.push(line);
                out[out.len() - 1].end()
            }
            None => memchr::memchr(b'\n', &bytes[first..]).map_or(text.len(), |len| first + len + 1),
        };
        ticks = if ticks < end { self::ticks(bytes, end) } else { ticks };
        tildes = if tildes < end { self::tildes(bytes, end) } else { tildes };
        first = ticks.min(tildes);
    }
    out
}

/// Finds the next three backticks; the end of the text where there are none.
fn ticks(bytes: &[u8], from: usize) -> usize {
    static TICKS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("```"));
    TICKS.find(&bytes[from..]).map_or(bytes.len(), |at| from + at)
}

/// Finds the next three tildes, which few texts have; the end of the text where there are none.
fn tildes(bytes: &[u8], from: usize) -> usize {
    let mut found = memchr::memchr_iter(b'~', &bytes[from..]).map(|at| from + at);
    found.find(|at| bytes[*at..].starts_with(b"~~~")).unwrap_or(bytes.len())
}

/// The line whose marks stand at a place, if it could open or close a block.
fn fence_line(text: &str, from: usize, marks: usize) -> Option<FenceLine> {
    let bytes = text.as_bytes();
    let mut start = marks;
    while start > from && bytes[start - 1] == b' ' {
        start -= 1;
        if marks - start > 3 {
            return None;
        }
    }
    if start > from && bytes[start - 1] != b'\n' {
        return None;
    }
    let (marker, mut info) = (bytes[marks], marks + 3);
    while bytes.get(info) == Some(&marker) {
        info += 1;
    }
    // Lines of fences are short.
    let mut end = info;
    while let Some(byte) = bytes.get(end) {
        end += 1;
        match byte {
            b'\n' => break,
            b'`' if marker == b'`' => return None,
            _ => {}
        }
    }
    let (mut label, mut last) = (info, end);
    while last > label && bytes[last - 1].is_ascii_whitespace() {
        last -= 1;
    }
    if last > label && !(bytes[label].is_ascii_graphic() && bytes[last - 1].is_ascii_graphic()) {
        let inner = trim(&text[label..end]);
        label = inner.as_ptr() as usize - text.as_ptr() as usize;
        last = label + inner.len();
    }
    let count = Extent::new(marks, info);
    Some(FenceLine {
        line: Extent::new(start, end),
        info: Extent::new(label, last),
        count: count.end - count.start,
        marker,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> (Vec<&str>, usize) {
        let Cuts { ranges, repairs, .. } = segments(text, 0, true);
        (ranges.into_iter().map(|r| &text[r]).collect(), repairs.len())
    }

    #[test]
    fn closed_fences_are_left_alone() {
        assert_eq!(pieces("```sh\nls\n```\n\n````md\n```\nx\n```\n````\n").1, 0);
    }

    #[test]
    fn markdown_is_shown_with_the_fences_in_it() {
        let text = "a\n```markdown\n## x\n```bash\nls\n```\n```bash\nrm x\n```\n```\nb\n";
        let Cuts { ranges, repairs, whole, .. } = segments(text, 0, true);
        let parts: Vec<&str> = ranges.into_iter().map(|r| &text[r]).collect();
        assert_eq!(parts, ["a\n", "b\n"]);
        assert_eq!(&text[whole[0].label.clone()], "markdown");
        assert_eq!(&text[whole[0].body.clone()], "## x\n```bash\nls\n```\n```bash\nrm x\n```\n");
        assert!(repairs.is_empty());
        assert!(segments("```md\n# x\n```\n```bash\nls\n```\n", 0, true).whole.is_empty());
    }

    #[test]
    fn a_labelled_fence_ends_the_one_before_it() {
        let (parts, repairs) = pieces("```bash\nls\n\n```sql\nselect 1;\n```\n");
        assert_eq!(parts, ["```bash\nls\n\n", "```sql\nselect 1;\n```\n"]);
        assert_eq!(repairs, 1);
    }

    #[test]
    fn an_open_block_does_not_swallow_the_next_section() {
        let (parts, _) = pieces("```bash\nls\n\n## Next\n\ntext\n");
        assert_eq!(parts, ["```bash\nls\n\n", "## Next\n\ntext\n"]);
    }

    #[test]
    fn a_close_with_fewer_marks_closes() {
        let (parts, repairs) = pieces("````bash\nls\n```\n\ntext\n");
        assert_eq!(parts, ["````bash\nls\n", "\ntext\n"]);
        assert_eq!(repairs, 1);
    }
}
