//! The endpoints, one file for each noun; each function extracts, decides, stores and responds.

pub mod after;
pub mod approvals;
pub mod attempts;
pub mod authoring;
pub mod break_glass;
pub mod dry_runs;
pub mod erasures;
pub mod graph;
pub mod health;
pub mod holds;
pub mod home;
pub mod incidents;
pub mod invitations;
pub mod library;
pub mod notices;
pub mod people;
pub mod record;
pub mod results;
pub mod room;
pub mod runbooks;
pub mod session;
pub mod setup;
pub mod source;
pub mod steps;
pub mod stream;
pub mod targets;
pub mod vocabulary;

use farol_api::text::Localized;

use crate::problem::ApiError;

/// The longest e-mail address, in characters.
const LONGEST_EMAIL: usize = 254;

/// Trims a field that must hold between 1 and `most` characters.
fn field(name: &'static str, text: &str, most: usize) -> Result<String, ApiError> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(ApiError::Invalid(name, Localized::new("This must be filled.", "Isto precisa ser preenchido."))),
        n if n > most => Err(ApiError::Invalid(
            name,
            Localized::new(format!("At most {most} characters fit."), format!("Cabem no máximo {most} caracteres.")),
        )),
        _ if text.contains('\0') => Err(ApiError::Invalid(
            name,
            Localized::new("A NUL character cannot be kept.", "Um caractere NUL não pode ser guardado."),
        )),
        _ => Ok(text.to_owned()),
    }
}

/// Reads an e-mail address: something before and after one `@`, no white space.
fn email(text: &str) -> Result<String, ApiError> {
    let text = field("email", text, LONGEST_EMAIL)?;
    let plausible =
        text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.len() > 2 && !host.contains('@'));
    if plausible && !text.contains(char::is_whitespace) {
        return Ok(text);
    }
    Err(ApiError::Invalid("email", Localized::new("This is no e-mail address.", "Isto não é um endereço de e-mail.")))
}
