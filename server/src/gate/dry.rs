//! What can be asked about a step before it runs: its plan, and the rows that it would touch.

use farol_api::approval::Way;
use farol_api::graph::{CommandLanguage, Node};
use farol_api::id::AttemptId;
use farol_api::policy::requirement;
use farol_api::risk::{Dialect, RiskClass};
use farol_api::target::{CredentialRole, Target};
use farol_incident::Asked;
use farol_runbook::Bound;

use super::{Plan, Prepared, Settled};
use crate::app::App;
use crate::problem::ApiError;

/// The longest that a target may think about it, in seconds: whoever asks wants to know before they act.
const LONGEST: u32 = 15;

/// Tells whether a target can be asked about a step.
///
/// A plan can call functions: only where the step itself is understood is that known to be harmless.
pub(super) fn answers(target: &Target, dialect: Dialect, text: &str, class: RiskClass) -> bool {
    let reads = target.credentials.contains(&CredentialRole::ReadOnly);
    reads
        && needs_nobody(target)
        && is_known(class)
        && (farol_risk::rows(dialect, text).is_some() || farol_risk::explain(dialect, text).is_some())
}

/// A look that nobody approves is none that a target allows which wants reads approved.
const fn needs_nobody(target: &Target) -> bool {
    target.approvals.of(RiskClass::Read) == 0
}

const fn is_known(class: RiskClass) -> bool {
    matches!(class, RiskClass::Read | RiskClass::Write | RiskClass::Destructive)
}

impl Plan<'_> {
    /// Prepares a dry run of a step: a statement of its own, on the credential that only reads.
    pub(super) async fn prepare_dry(
        &self,
        app: &App,
        node: &Node,
        attempt: AttemptId,
        way: Way,
    ) -> Result<Prepared, ApiError> {
        if node.command.as_ref().is_none_or(|command| command.language != CommandLanguage::Sql)
            && farol_runbook::direct(self.runbook, node).is_none()
        {
            return Err(ApiError::NoDryRun);
        }
        let place = self.place(node, way).map_err(|(reason, _)| ApiError::Blocked(reason))?;
        if !needs_nobody(place.target) {
            return Err(ApiError::NoDryRun);
        }
        let bound = self.bind(&place).map_err(ApiError::Bind)?;
        let ask = if way == Way::Rows { farol_risk::rows } else { farol_risk::explain };
        let question = ask(place.dialect, &bound.text).ok_or(ApiError::NoDryRun)?;
        let step = place.classify(app, &bound.text).await?;
        let risk = place.classify(app, &question.text).await?;
        let taken = requirement(risk.class, place.target.environment);
        let taken = taken.filter(|_| is_known(step.class) && risk.class == RiskClass::Read);
        let taken = taken.ok_or(ApiError::NoDryRun)?;
        let binds = question.values.iter().filter_map(|at| bound.binds.get(*at).cloned()).collect();
        let bound = Bound { text: question.text, binds, ..Bound::default() };
        let before = self.state.dry_runs(&node.id).count();
        let used: Vec<_> = bound.binds.iter().map(|bind| bind.parameter.clone()).collect();
        let settled = Settled { bound, risk, taken, asked: Asked::default(), before, timeout_seconds: LONGEST };
        let mut prepared = self.put_together(app, node, attempt, &place, settled)?;
        // What else the step takes is not sent with the question.
        prepared.request.parameters.retain(|name, _| used.contains(name));
        prepared.request.origins.retain(|name, _| used.contains(name));
        Ok(prepared)
    }
}
