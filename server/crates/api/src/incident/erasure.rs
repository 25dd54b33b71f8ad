//! What was erased of an incident, and what stands in its place.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Attempt, AttemptStatus, IncidentState};
use crate::event::{Event, EventKind};
use crate::id::AttemptId;
use crate::text::{Locale, Localized};

/// One time that something was erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Erasure {
    /// The entry that says so.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who, by name; absent for the retention.
    pub by: Option<String>,
    /// Why; absent for the retention.
    pub reason: Option<String>,
    /// After how many days the retention erased it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// The attempts whose output was erased.
    pub attempts: Vec<AttemptId>,
    /// The entries whose payload was erased.
    pub entries: Vec<i64>,
}

impl Erasure {
    /// Reads it from its event; nothing where that is another.
    pub fn of(event: &Event) -> Option<Self> {
        let EventKind::PayloadErased { attempts, entries, reason, days } = &event.kind else { return None };
        Some(Self {
            seq: event.seq,
            at: event.occurred_at,
            by: event.actor.name(),
            reason: reason.clone(),
            days: *days,
            attempts: attempts.clone(),
            entries: entries.iter().map(|entry| entry.seq).collect(),
        })
    }

    /// Says who erased it, when and why.
    pub fn said(&self) -> Localized {
        let [en, pt] = self.head();
        let [why, porque] = self.why();
        Localized::new(format!("{en}: {why}"), format!("{pt}: {porque}"))
    }

    /// Says the same in both languages, for a text that stands where nobody knows who reads it.
    pub fn said_to_all(&self) -> String {
        let [en, pt] = self.head();
        match self.why() {
            [why, porque] if why == porque => format!("{en} / {pt}: {why}"),
            [why, porque] => format!("{en}: {why} / {pt}: {porque}"),
        }
    }

    /// Says in a reader's language what stands in the place of what was erased.
    pub fn say_in(events: &mut [Event], locale: Locale) {
        let erasures: Vec<Self> = events.iter().filter_map(Self::of).collect();
        for event in events {
            let erasure = erasures.iter().find(|erasure| erasure.entries.contains(&event.seq));
            let said = erasure.and_then(|erasure| event.kind.with_texts(erasure.said().get(locale)));
            event.kind = said.unwrap_or_else(|| event.kind.clone());
        }
    }

    fn head(&self) -> [String; 2] {
        let (on, em) = (self.at.format("%Y-%m-%d at %H:%M UTC"), self.at.format("%d/%m/%Y às %H:%M UTC"));
        match &self.by {
            Some(by) => [format!("Erased by {by} on {on}"), format!("Apagado por {by} em {em}")],
            None => [format!("Erased by the retention on {on}"), format!("Apagado pela retenção em {em}")],
        }
    }

    fn why(&self) -> [String; 2] {
        match (&self.reason, self.days) {
            (Some(reason), _) => [reason.clone(), reason.clone()],
            (None, Some(days)) => {
                let [day, dia] = if days == 1 { ["day", "dia"] } else { ["days", "dias"] };
                [
                    format!("output is kept for {days} {day} after its incident is over"),
                    format!("a saída é mantida por {days} {dia} depois do fim do incidente"),
                ]
            }
            (None, None) => ["no reason is recorded".to_owned(), "nenhum motivo foi registrado".to_owned()],
        }
    }
}

impl Attempt {
    /// Tells whether output of it was stored, or what would undo it: all that erasing its output removes.
    pub fn has_output(&self) -> bool {
        let Some(result) = self.result.as_ref().filter(|_| self.status == AttemptStatus::Finished) else {
            return false;
        };
        let undo = self.hold.as_ref().is_some_and(|hold| hold.held.undo_rows.is_some());
        result.output_digest.is_some() || result.full.is_some() || !result.captured.is_empty() || undo
    }
}

impl IncidentState {
    /// Returns how the output of an attempt was erased; nothing where it was not.
    pub fn erasure_of(&self, attempt: AttemptId) -> Option<&Erasure> {
        self.erasures.iter().find(|erasure| erasure.attempts.contains(&attempt))
    }

    /// Returns how the payload of an entry was erased; nothing where it was not.
    pub fn erasure_of_entry(&self, seq: i64) -> Option<&Erasure> {
        self.erasures.iter().find(|erasure| erasure.entries.contains(&seq))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn erasure(by: Option<&str>, reason: Option<&str>, days: Option<u32>) -> Erasure {
        Erasure {
            seq: 9,
            at: DateTime::from_timestamp(1_790_000_000, 0).unwrap(),
            by: by.map(str::to_owned),
            reason: reason.map(str::to_owned),
            days,
            attempts: Vec::new(),
            entries: Vec::new(),
        }
    }

    #[test]
    fn who_when_and_why_are_said_in_both_languages() {
        let asked = erasure(Some("Olga"), Some("a customer asked"), None);
        assert_eq!(asked.said().en, "Erased by Olga on 2026-09-21 at 14:13 UTC: a customer asked");
        assert_eq!(asked.said().pt, "Apagado por Olga em 21/09/2026 às 14:13 UTC: a customer asked");
        let both =
            "Erased by Olga on 2026-09-21 at 14:13 UTC / Apagado por Olga em 21/09/2026 às 14:13 UTC: a customer asked";
        assert_eq!(asked.said_to_all(), both);
        let kept = erasure(None, None, Some(90)).said_to_all();
        assert!(kept.contains("is kept for 90 days") && kept.contains("mantida por 90 dias"), "{kept}");
    }
}
