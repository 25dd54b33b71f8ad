//! What is held before it is committed: shown, and decided by whoever is there, or as it was said beforehand.

use farol_api::hold::Held;
use farol_api::id::AttemptId;
use farol_api::paths;
use farol_api::request::{DecideHold, Events};

use super::Stop;
use super::walk::Walk;

impl Walk<'_> {
    /// Returns what an attempt holds now, while nobody has decided.
    pub fn held(&self, attempt: AttemptId) -> Option<Held> {
        let hold = self.room.state.attempts.get(&attempt)?.hold.as_ref()?;
        hold.decided.is_none().then(|| hold.held.clone())
    }

    /// Whether an attempt held something.
    pub fn was_held(&self, attempt: AttemptId) -> bool {
        self.room.state.attempts.get(&attempt).is_some_and(|attempt| attempt.hold.is_some())
    }

    /// Decides. Where nobody is there and nothing was said it is rolled back; then the answer is true.
    pub async fn decide(&self, attempt: AttemptId, held: &Held) -> Result<bool, Stop> {
        self.tell.held(held, self.door.page(&paths::attempt(self.id, attempt)).as_deref());
        let (commit, undecided) = match (self.run.commit, self.run.roll_back) {
            (true, _) => (true, false),
            (_, true) => (false, false),
            _ if self.ask.can() => (self.ask.yes("Commit it?", "Confirmar?").await, false),
            _ => (false, true),
        };
        let path = paths::api_hold(self.id, attempt);
        let body = serde_json::to_vec(&DecideHold { commit }).map_err(|error| Stop::Unusable(error.to_string()))?;
        // Too late, or decided elsewhere meanwhile: how it ends stands in the record, and is read from there.
        let decided = self.door.try_post::<Events>(&path, body).await?;
        if let Err(problem) = decided
            && !matches!(problem.code.as_str(), "attempt_over" | "not_held" | "hold_over")
        {
            return Err(Stop::refused(&problem));
        }
        Ok(undecided)
    }
}
