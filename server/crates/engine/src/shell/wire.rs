//! What the server, its supervisor and a runner say to each other.
//!
//! To the supervisor (a socket of messages): a [`Start`] with one descriptor, the runner's end of a stream. On that
//! stream, down: one line of JSON, the [`Place`]; a second one, at once or later, the [`RunSpec`]; then nothing, or a line
//! `stop`. Its end means that the server is gone. Up: frames of a kind, a length and that many bytes.

use std::collections::BTreeMap;
use std::path::PathBuf;

use farol_api::confine::Confinement;
use serde::{Deserialize, Serialize};

use super::files::Rules;
use super::groups::{Bounds, Reached};

/// The largest payload of a frame, in bytes.
pub(crate) const FRAME_MAX: usize = 64 << 10;

/// What the supervisor has to know of a runner before it forks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Start {
    /// Whether it gets its own view of the processes, where the machine can give it one.
    pub own_processes: bool,
    /// Whether it gets no network.
    pub no_network: bool,
    /// What it has bounds to, where the machine can give it some.
    pub bounds: Bounds,
}

/// Where a script is to run: all that can be known before there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    /// Variables that its shell begins with.
    pub env: BTreeMap<String, String>,
    pub cwd: PathBuf,
    /// What it may reach.
    pub rules: Rules,
    /// The least confinement that it may run with.
    pub least: Confinement,
}

/// One script to run. It holds secrets, so nothing prints it.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct RunSpec {
    pub script: String,
    /// Variables that its shell is told before it; [`super::env::can_be_told`] says which can be.
    pub told: BTreeMap<String, String>,
    /// The same for its shell alone, not for the programs that it starts.
    pub kept: BTreeMap<String, String>,
    pub timeout_ms: u64,
    /// How long a script may take to end by itself after it was asked to.
    pub grace_ms: u64,
    pub kept_bytes: u64,
    pub drained_bytes: u64,
    /// Variables that are handed back where the script ends well.
    pub leave: Vec<String>,
}

/// The kinds of frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameKind {
    Out = 1,
    Err = 2,
    /// Output was cut; the payload is empty.
    Truncated = 3,
    /// The last frame: [`Exit`] as JSON.
    Exit = 4,
    /// A piece of what the script left, before the last frame.
    Left = 5,
    /// The first frame, before anything of the script runs: [`Begun`] as JSON.
    Begun = 6,
}

/// Says that a runner lives and is about to start its script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Begun {
    /// Its id, which is that of its session too; absent where it has a view of its own, whose processes end with it.
    pub pid: Option<i32>,
    /// What confines the script.
    pub confined: Confinement,
}

impl FrameKind {
    pub fn from_byte(byte: u8) -> Option<Self> {
        [Self::Out, Self::Err, Self::Truncated, Self::Exit, Self::Left, Self::Begun]
            .into_iter()
            .find(|kind| *kind as u8 == byte)
    }
}

/// Why a script was ended by the runner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Killed {
    /// It was stopped on demand.
    Stopped,
    /// It ran too long.
    Timeout,
    /// It printed too much.
    Flood,
}

/// How a script ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Exit {
    /// Its exit code, where it exited.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Why the runner ended it.
    pub killed: Option<Killed>,
    /// Processes that it left behind and that were ended.
    pub left_behind: u32,
    /// Processes that could not be ended.
    pub survivors: u32,
    /// The bounds that it ran into.
    pub reached: Reached,
    /// Why it could not be started.
    pub error: Option<String>,
}

/// Appends a frame; a payload larger than [`FRAME_MAX`] becomes several.
pub(crate) fn push_frame(buffer: &mut Vec<u8>, kind: FrameKind, payload: &[u8]) {
    let mut pieces = payload.chunks(FRAME_MAX).peekable();
    if pieces.peek().is_none() {
        push_piece(buffer, kind, &[]);
    }
    pieces.for_each(|piece| push_piece(buffer, kind, piece));
}

fn push_piece(buffer: &mut Vec<u8>, kind: FrameKind, piece: &[u8]) {
    // A piece is at most FRAME_MAX long.
    let length = u32::try_from(piece.len()).unwrap_or(u32::MAX);
    buffer.push(kind as u8);
    buffer.extend_from_slice(&length.to_be_bytes());
    buffer.extend_from_slice(piece);
}

/// Takes the first whole frame out of a buffer; an error where the bytes are no frame.
pub(crate) fn take_frame(buffer: &mut Vec<u8>) -> Result<Option<(FrameKind, Vec<u8>)>, BadFrame> {
    let Some((header, rest)) = buffer.split_at_checked(5) else { return Ok(None) };
    let kind = FrameKind::from_byte(header[0]).ok_or(BadFrame)?;
    let length = u32::from_be_bytes([header[1], header[2], header[3], header[4]]) as usize;
    if length > FRAME_MAX {
        return Err(BadFrame);
    }
    let Some(payload) = rest.get(..length).map(<[u8]>::to_vec) else { return Ok(None) };
    buffer.drain(..5 + length);
    Ok(Some((kind, payload)))
}

/// Says that a runner wrote something that is no frame.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadFrame;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_survive_any_cut() {
        let mut wire = Vec::new();
        push_frame(&mut wire, FrameKind::Out, b"abc");
        push_frame(&mut wire, FrameKind::Truncated, b"");
        push_frame(&mut wire, FrameKind::Err, &vec![7; FRAME_MAX + 1]);
        for step in [1, 3, 1000] {
            let (mut buffer, mut seen) = (Vec::new(), Vec::new());
            for piece in wire.chunks(step) {
                buffer.extend_from_slice(piece);
                while let Some((kind, payload)) = take_frame(&mut buffer).unwrap() {
                    seen.push((kind, payload.len()));
                }
            }
            let kinds =
                [(FrameKind::Out, 3), (FrameKind::Truncated, 0), (FrameKind::Err, FRAME_MAX), (FrameKind::Err, 1)];
            assert_eq!(seen, kinds);
        }
    }

    #[test]
    fn what_is_no_frame_is_refused() {
        assert_eq!(take_frame(&mut vec![9, 0, 0, 0, 0]), Err(BadFrame));
        assert_eq!(take_frame(&mut vec![1, 255, 0, 0, 0]), Err(BadFrame));
    }
}
