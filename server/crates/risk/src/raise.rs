//! What an author knows of a command beyond its text.

use farol_api::risk::{RiskClass, RiskVerdict};
use farol_api::text::Localized;

/// Raises a verdict to the least class that the author marked the step with, and says so; never lowers it.
pub fn raise(verdict: RiskVerdict, least: Option<RiskClass>) -> RiskVerdict {
    let Some(least) = least.filter(|least| *least > verdict.class) else { return verdict };
    let ((marked, marcado), (computed, calculado)) = (word(least), word(verdict.class));
    let why = Localized::new(
        format!("the author marked it as {marked}; by its text it would be {computed}: {}", verdict.why.en),
        format!("o autor o marcou como {marcado}; pelo texto seria {calculado}: {}", verdict.why.pt),
    );
    RiskVerdict { class: least, why, span: verdict.span }
}

const fn word(class: RiskClass) -> (&'static str, &'static str) {
    match class {
        RiskClass::Read => ("a read", "leitura"),
        RiskClass::SideEffect => ("a read with a side effect", "leitura com efeito colateral"),
        RiskClass::Write => ("a write", "escrita"),
        RiskClass::Schema => ("a change of schema", "mudança de esquema"),
        RiskClass::Destructive => ("destructive", "destrutivo"),
        RiskClass::Administration => ("administration", "administração"),
        RiskClass::Unknown => ("unknown", "desconhecido"),
        RiskClass::Session => ("session control", "controle de sessão"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(class: RiskClass) -> RiskVerdict {
        RiskVerdict { class, why: Localized::new("it reads", "lê"), span: None }
    }

    #[test]
    fn a_mark_raises_and_says_so_and_never_lowers() {
        let raised = raise(verdict(RiskClass::Read), Some(RiskClass::Destructive));
        assert_eq!(raised.class, RiskClass::Destructive);
        assert_eq!(raised.why.en, "the author marked it as destructive; by its text it would be a read: it reads");
        assert_eq!(raised.why.pt, "o autor o marcou como destrutivo; pelo texto seria leitura: lê");
        for (computed, least) in [
            (RiskClass::Destructive, Some(RiskClass::Read)),
            (RiskClass::Write, Some(RiskClass::Write)),
            (RiskClass::Unknown, Some(RiskClass::Administration)),
            (RiskClass::Session, Some(RiskClass::Administration)),
            (RiskClass::Write, None),
        ] {
            assert_eq!(raise(verdict(computed), least), verdict(computed), "{computed:?} {least:?}");
        }
    }
}
