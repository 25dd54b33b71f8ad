//! Checkpoints held against the tree that the entries give.

use std::collections::BTreeMap;

use super::{Gap, Problem, Remark, Signed};
use crate::{Checkpoint, Hash, InvalidNote, Note, PublicKey, Tree};

/// All checkpoints, and the roots that the entries have at their sizes.
///
/// Every root is taken from the same sequence of leaves, so checkpoints that agree with it are consistent with each
/// other.
pub(super) struct Heads {
    keys: Vec<PublicKey>,
    heads: Vec<Head>,
    roots: BTreeMap<u64, Option<Hash>>,
    last_size: u64,
}

struct Head {
    note: Note,
    checkpoint: Checkpoint,
    kept_elsewhere: bool,
}

/// What the checkpoints say.
#[derive(Default)]
pub(super) struct Judged {
    pub(super) proved: u64,
    /// Up to here the entries agree with some checkpoint, whoever signed it.
    agreed: u64,
    pub(super) signed: Vec<Signed>,
    pub(super) problems: Vec<Problem>,
    pub(super) gaps: Vec<Gap>,
    pub(super) remarks: Vec<Remark>,
}

impl Heads {
    pub(super) fn new(keys: Vec<PublicKey>) -> Self {
        let empty = Some(Tree::default().root());
        Self { keys, heads: Vec::new(), roots: BTreeMap::from([(0, empty)]), last_size: 0 }
    }

    /// Adds a checkpoint; tells whether it stands after those of the bundle that are smaller.
    pub(super) fn add(&mut self, note: &str, kept_elsewhere: bool) -> Result<bool, InvalidNote> {
        let note = Note::read(note)?;
        let checkpoint = Checkpoint::read(note.text()).ok_or(InvalidNote)?;
        let size = checkpoint.size;
        self.roots.entry(size).or_default();
        self.heads.push(Head { note, checkpoint, kept_elsewhere });
        let follows = kept_elsewhere || size >= self.last_size;
        if !kept_elsewhere {
            self.last_size = size;
        }
        Ok(follows)
    }

    /// Takes the root at a size that some checkpoint has.
    pub(super) fn reach(&mut self, tree: &Tree) {
        if let Some(root) = self.roots.get_mut(&tree.size()) {
            *root = Some(tree.root());
        }
    }

    /// Judges all checkpoints, smaller sizes first. `broken` is where entries were seen not to be as appended.
    pub(super) fn judge(mut self, origin: &str, entries: u64, broken: Option<i64>) -> Judged {
        let mut judged = Judged::default();
        self.heads.sort_by_key(|head| head.checkpoint.size);
        for head in &self.heads {
            self.judge_one(head, origin, entries, broken, &mut judged);
        }
        let mut kept = self.heads.iter().filter(|head| head.kept_elsewhere).peekable();
        if kept.peek().is_some() && !kept.any(|head| head.checkpoint.origin == origin) {
            judged.gaps.push(Gap::NoneKept);
        }
        if judged.proved < entries {
            judged.gaps.push(if self.keys.is_empty() {
                let mut claimed: Vec<_> =
                    self.heads.iter().flat_map(|head| head.note.signatures()).map(|s| s.label()).collect();
                claimed.sort();
                claimed.dedup();
                Gap::NoKey { claimed }
            } else {
                Gap::Unsigned { from: judged.proved + 1, to: entries }
            });
        }
        judged
    }

    fn judge_one(&self, head: &Head, origin: &str, entries: u64, broken: Option<i64>, judged: &mut Judged) {
        let Checkpoint { origin: of, size, root } = &head.checkpoint;
        if of != origin {
            // A file of checkpoints kept elsewhere holds those of other incidents too.
            if !head.kept_elsewhere {
                judged.problems.push(Problem::OtherOrigin { origin: of.clone() });
            }
            return;
        }
        // A key signs for the store whose name it has, and for no other.
        let keys: Vec<_> = self.keys.iter().filter(|key| is_of(key, origin)).collect();
        let (good, bad) = signers(&keys, head);
        judged.problems.extend(bad.into_iter().map(|key| Problem::BadSignature { size: *size, key }));
        let agrees = match self.roots.get(size).copied().flatten() {
            Some(ours) => ours == *root,
            None => {
                judged.problems.push(Problem::Cut { size: *size, entries });
                return;
            }
        };
        let is_explained = broken.is_some_and(|broken| broken <= size.cast_signed());
        if !agrees && !is_explained {
            judged.problems.push(Problem::Rewritten { after: judged.agreed, size: *size });
        }
        if agrees {
            judged.agreed = *size;
        }
        if good.is_empty() {
            let unknown = head.note.signatures().iter().filter(|s| !keys.iter().any(|key| s.claims(key)));
            let known = !self.keys.is_empty();
            judged
                .remarks
                .extend(unknown.filter(|_| known).map(|s| Remark::UnknownKey { size: *size, key: s.label() }));
        } else if agrees && !is_explained {
            judged.proved = *size;
            let signed = good.into_iter().map(|key| Signed { size: *size, key, kept_elsewhere: head.kept_elsewhere });
            judged.signed.extend(signed);
        }
    }
}

fn is_of(key: &PublicKey, origin: &str) -> bool {
    origin.strip_prefix(key.name()).is_some_and(|rest| rest.starts_with("/incidents/"))
}

/// The named keys whose signatures are good, and those whose are not.
fn signers(keys: &[&PublicKey], head: &Head) -> (Vec<String>, Vec<String>) {
    let claimed = keys.iter().filter_map(|key| Some((key.label(), head.note.is_signed_by(key)?)));
    let (good, bad): (Vec<_>, Vec<_>) = claimed.partition(|(_, is_good)| *is_good);
    let labels = |keys: Vec<(String, bool)>| keys.into_iter().map(|(label, _)| label).collect();
    (labels(good), labels(bad))
}
