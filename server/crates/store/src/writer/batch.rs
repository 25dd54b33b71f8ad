//! One transaction of the writer: the incidents that it holds, and what each of its members adds to them.

use std::collections::{BTreeSet, HashMap};

use farol_api::event::{Actor, Event, EventKind};
use farol_api::id::{AttemptId, IncidentId};
use farol_incident::Decision;
use farol_record::Tree;

use super::job::{Answer, Item, Place, Waiting};
use crate::incidents::{Ending, Ledger, Mark, Rest, follow, write_ledgers};
use crate::live::Wake;
use crate::pool::{Session, Tx, on_db};
use crate::record::{lock_rows, tree_of};
use crate::{Store, StoreError};

/// A transaction that several members write in.
pub(crate) struct Batch {
    pub(crate) store: Store,
    tx: Tx,
    /// Whether it has one member: then that member's failure is the transaction's.
    alone: bool,
    /// The incidents that are locked, each with its last number and its tree.
    held: HashMap<IncidentId, Result<(i64, Tree), StoreError>>,
    ledgers: HashMap<IncidentId, Box<Ledger>>,
    /// Attempts that were queued here.
    queued: Vec<(IncidentId, AttemptId)>,
    member: Member,
    /// The only member has failed: there is nothing to keep, and nothing more to say.
    dropped: bool,
    /// Why nothing of the batch can be kept.
    broken: Option<StoreError>,
}

/// What the member at work did.
#[derive(Default)]
struct Member {
    /// Whether it may have written rows.
    wrote: bool,
    /// The ledgers that it added to, as they were before.
    marks: Vec<Mark>,
    /// How many attempts had been queued before it.
    queued: usize,
}

impl Batch {
    /// Begins a transaction, unless one has begun, and locks incidents, always in the order of their numbers: no two batches wait for each other.
    pub(super) async fn begin(
        store: &Store,
        begun: Option<Tx>,
        incidents: BTreeSet<IncidentId>,
        alone: bool,
    ) -> Result<Self, StoreError> {
        let mut tx = match begun {
            Some(tx) => tx,
            None => store.begin_here().await?,
        };
        let rows = lock_rows(&mut tx, &incidents).await?;
        let mut batch = Self {
            store: store.clone(),
            tx,
            alone,
            held: HashMap::with_capacity(rows.len()),
            ledgers: HashMap::new(),
            queued: Vec::new(),
            member: Member::default(),
            dropped: false,
            broken: None,
        };
        for (incident, row) in rows {
            let held = if row.is_behind() {
                batch.sql(SAVE).await?;
                let tree = tree_of(&mut batch.tx, row).await;
                if tree.is_err() {
                    batch.sql(BACK).await?;
                }
                batch.sql(RELEASE).await?;
                tree
            } else {
                tree_of(&mut batch.tx, row).await
            };
            batch.held.insert(incident, held);
        }
        Ok(batch)
    }

    /// Returns what is known of an incident that is locked; nothing where there is no such incident.
    pub(crate) async fn ledger(&mut self, incident: IncidentId) -> Result<Option<&Ledger>, StoreError> {
        if !self.ledgers.contains_key(&incident) {
            let (last, tree) = match self.held.get(&incident) {
                None => return Ok(None),
                Some(Ok(held)) => held.clone(),
                Some(Err(error)) => return Err(error.again()),
            };
            let ledger = Ledger::load(&self.store, &mut self.tx, incident, last, tree).await?;
            self.ledgers.insert(incident, ledger);
        }
        Ok(self.ledgers.get(&incident).map(|ledger| &**ledger))
    }

    /// Takes an incident in that was made in this batch.
    pub(crate) fn declared(&mut self, ledger: Box<Ledger>) {
        self.tx.wake(Wake::Incident(ledger.state.id));
        self.ledgers.insert(ledger.state.id, ledger);
    }

    /// Appends what was decided, and writes what follows from it. The events' own rows are written at the end, with those
    /// of all others.
    pub(crate) async fn append(
        &mut self,
        incident: IncidentId,
        actor: &Actor,
        decision: Decision,
        ending: Ending,
    ) -> Result<Vec<Event>, StoreError> {
        let now = self.store.now();
        let ledger = self.ledgers.get_mut(&incident);
        let ledger = ledger.ok_or(StoreError::Inconsistent("an append to an incident that is not held"))?;
        self.member.marks.push(ledger.mark());
        let appended = ledger.append(now, actor, decision.events)?;
        let requested = appended.iter().find_map(|event| match &event.kind {
            EventKind::AttemptRequested { request } => Some(request.attempt),
            _ => None,
        });
        let queues = |event: &Event| matches!(&event.kind, EventKind::AttemptQueued { attempt, .. } if requested == Some(*attempt));
        let at_once = requested.filter(|_| appended.iter().any(queues));
        let mut rest = Rest { spec: decision.spec, secret: decision.secret_value, at_once };
        for event in &appended {
            follow(self, event, &mut rest, ending).await?;
            if let EventKind::AttemptQueued { attempt, .. } = &event.kind {
                self.queued.push((incident, *attempt));
            }
        }
        if rest.spec.is_some() || rest.secret.is_some() {
            return Err(StoreError::Inconsistent("a spec or secret value without its event"));
        }
        self.tx.wake(Wake::Incident(incident));
        Ok(appended)
    }

    /// Returns the transaction to read from.
    pub(crate) const fn read(&mut self) -> &mut Tx {
        &mut self.tx
    }

    /// Returns the transaction to write to; what the member at work writes from here on can be undone.
    pub(crate) async fn write(&mut self) -> Result<&mut Tx, StoreError> {
        if !self.member.wrote && !self.alone {
            self.sql(SAVE).await?;
        }
        self.member.wrote = true;
        Ok(&mut self.tx)
    }

    async fn sql(&mut self, sql: &'static str) -> Result<(), sqlx::Error> {
        on_db!(self.tx.db(), |c| sqlx::query(sql).execute(c).await.map(drop))
    }

    /// The member at work is done.
    pub(super) async fn keep(&mut self) {
        let member = std::mem::take(&mut self.member);
        self.member.queued = self.queued.len();
        if member.wrote && !self.alone {
            self.broken = self.sql(RELEASE).await.err().map(StoreError::from);
        }
    }

    /// Takes back what the member at work did; where that cannot be, nothing of the batch is kept.
    pub(super) async fn undo(&mut self, failed: Option<&StoreError>) {
        let member = std::mem::take(&mut self.member);
        self.queued.truncate(member.queued);
        self.member.queued = member.queued;
        for mark in member.marks.into_iter().rev() {
            if let Some(ledger) = self.ledgers.get_mut(&mark.incident) {
                ledger.back_to(mark);
            }
        }
        let of_database = failed.is_some_and(StoreError::is_of_database);
        if self.alone {
            self.dropped = member.wrote || of_database;
        } else if member.wrote {
            // Going back to it leaves it there.
            let mut back = self.sql(BACK).await;
            if back.is_ok() {
                back = self.sql(RELEASE).await;
            }
            // A full disk makes SQLite itself undo everything: what it said first is what happened.
            self.broken = back.err().map(|error| failed.map_or_else(|| error.into(), StoreError::again));
        } else if of_database {
            self.broken = failed.map(StoreError::again);
        }
    }

    /// Gives what was queued here to workers that wait for it, as further members.
    pub(super) async fn hand_over(&mut self) -> Vec<Box<dyn Answer>> {
        let mut answers: Vec<Box<dyn Answer>> = Vec::new();
        if self.dropped {
            return answers;
        }
        let store = self.store.clone();
        for (incident, attempt) in std::mem::take(&mut self.queued) {
            let accepted = if self.is_broken() { None } else { store.inner.offers.accept(incident, attempt) };
            let Some((job, answer)) = accepted else {
                // Whoever has room looks for it.
                self.tx.wake(Wake::Jobs);
                continue;
            };
            self.alone = false;
            let offered: Box<dyn Waiting> = Box::new(Item { place: Place::Locked(incident), job, answer });
            answers.push(offered.run(self).await);
        }
        answers
    }

    pub(super) const fn is_broken(&self) -> bool {
        self.broken.is_some()
    }

    /// Writes the events of all members, waits for the disk, and wakes who waits for them.
    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        if let Some(error) = self.broken {
            let _ = self.tx.rollback().await;
            return Err(error);
        }
        if self.dropped {
            let _ = self.tx.rollback().await;
            return Ok(());
        }
        let mut ledgers: Vec<Box<Ledger>> = self.ledgers.into_values().collect();
        write_ledgers(&mut self.tx, &mut ledgers).await?;
        self.store.commit_here(self.tx).await?;
        ledgers.into_iter().for_each(|ledger| self.store.inner.kept.give_back(ledger));
        Ok(())
    }
}

const SAVE: &str = "savepoint member";
const RELEASE: &str = "release savepoint member";
const BACK: &str = "rollback to savepoint member";
