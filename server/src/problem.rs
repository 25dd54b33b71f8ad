//! Errors of the API, and how they become problem documents in the reader's language.

mod words;

use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use farol_api::confine::Lack;
use farol_api::incident::Erasure;
use farol_api::problem::{FieldError, MEDIA_TYPE, Problem};
use farol_api::room::BlockedReason;
use farol_api::terms::Term;
use farol_api::text::{Locale, Localized};
use farol_api::user::Permission;
use farol_incident::Refusal;
use farol_runbook::BindError;
use farol_store::{
    AcceptError, AppendError, BrokenRecord, ChangeUserError, CheckpointError, DeleteTargetError, SaveRevisionError,
    SetUpError, StoreError,
};

use crate::gate::{Wanted, why_unbound};
use crate::locale::locale_of;

/// Why a request was not done.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// Nobody is logged in.
    #[error("not logged in")]
    Unauthenticated,
    /// The role does not allow it.
    #[error("the role lacks {0:?}")]
    Forbidden(Permission),
    /// The token may not do it, whoever it acts for.
    #[error("beyond the token's scope")]
    BeyondToken,
    /// The request came from another site.
    #[error("cross-site request")]
    CrossSite,
    /// The host name is not one of ours.
    #[error("unknown host name")]
    UnknownHost,
    /// There is no such thing.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The path exists, the method does not.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// The body is not what it should be.
    #[error("unreadable body: {0}")]
    Unreadable(String),
    /// A field is wrong.
    #[error("invalid field {0}")]
    Invalid(&'static str, Localized),
    /// The body is too large.
    #[error("too large")]
    TooLarge,
    /// E-mail or password is wrong, or the account is closed; which of them is not told.
    #[error("login failed")]
    LoginFailed,
    /// Too many failed logins.
    #[error("too many failed logins")]
    TooManyLogins,
    /// The one-time token is wrong.
    #[error("wrong set-up token")]
    WrongToken,
    /// There is an owner already.
    #[error("set up already")]
    SetUpDone,
    /// The invitation is used, withdrawn or expired.
    #[error("invitation gone")]
    InvitationGone,
    /// The file of a whole result is not on this server, or not any more.
    #[error("result gone")]
    ResultGone,
    /// What is asked for was erased.
    #[error("erased")]
    Erased(Box<Erasure>),
    /// Nobody would be left who owns this Farol.
    #[error("the last owner stays one")]
    LastOwner,
    /// Somebody has this e-mail already.
    #[error("the e-mail is taken")]
    EmailTaken,
    /// A new runbook has the id of another.
    #[error("a runbook of that id exists")]
    RunbookExists,
    /// Somebody saved another revision meanwhile.
    #[error("the runbook was changed meanwhile")]
    RevisionConflict,
    /// Open incidents use the target.
    #[error("the target is in use")]
    TargetInUse,
    /// The incident's rules refuse it.
    #[error("refused: {0}")]
    Refused(#[from] Refusal),
    /// The step cannot run as things are.
    #[error("blocked: {0:?}")]
    Blocked(BlockedReason),
    /// The target demands more confinement than this machine gives.
    #[error("not confined enough: {0:?}")]
    NotConfined(Vec<Lack>),
    /// A placeholder cannot be filled safely.
    #[error("cannot bind: {0}")]
    Bind(BindError),
    /// What the step would do cannot honestly be asked beforehand.
    #[error("no dry run")]
    NoDryRun,
    /// Somebody relies on a hold, or on rows being counted, and the step is none that can be held.
    #[error("cannot be held: {0:?}")]
    CannotHold(Wanted),
    /// What was changed is not committed, or was undone already.
    #[error("nothing to undo")]
    NothingToUndo,
    /// What was changed cannot be put back from here.
    #[error("cannot be undone")]
    CannotUndo,
    /// The same idempotency key came with another request.
    #[error("idempotency key used for another request")]
    KeyReused,
    /// The first request with this key is still being done.
    #[error("the same request is still being done")]
    KeyBusy,
    /// Somebody changed an incident's record in the database.
    #[error(transparent)]
    RecordChanged(#[from] BrokenRecord),
    /// The server is stopping.
    #[error("stopping")]
    Stopping,
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A defect.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl<E: Into<Self>> From<AppendError<E>> for ApiError {
    fn from(error: AppendError<E>) -> Self {
        match error {
            AppendError::Refused(refusal) => refusal.into(),
            AppendError::NotFound => Self::NotFound("incident"),
            AppendError::Store(error) => Self::Store(error),
        }
    }
}

impl From<CheckpointError> for ApiError {
    fn from(error: CheckpointError) -> Self {
        match error {
            CheckpointError::Broken(broken) => broken.into(),
            CheckpointError::NotFound => Self::NotFound("incident"),
            CheckpointError::Store(error) => Self::Store(error),
        }
    }
}

impl From<SetUpError> for ApiError {
    fn from(error: SetUpError) -> Self {
        match error {
            SetUpError::AlreadySetUp => Self::SetUpDone,
            SetUpError::WrongToken => Self::WrongToken,
            SetUpError::Store(error) => Self::Store(error),
        }
    }
}

impl From<AcceptError> for ApiError {
    fn from(error: AcceptError) -> Self {
        match error {
            AcceptError::NotOpen => Self::InvitationGone,
            AcceptError::EmailTaken => Self::EmailTaken,
            AcceptError::Store(error) => Self::Store(error),
        }
    }
}

impl From<ChangeUserError> for ApiError {
    fn from(error: ChangeUserError) -> Self {
        match error {
            ChangeUserError::LastOwner => Self::LastOwner,
            ChangeUserError::Store(error) => Self::Store(error),
        }
    }
}

impl From<SaveRevisionError> for ApiError {
    fn from(error: SaveRevisionError) -> Self {
        match error {
            SaveRevisionError::Exists => Self::RunbookExists,
            SaveRevisionError::NotFound => Self::NotFound("runbook"),
            SaveRevisionError::Conflict { .. } => Self::RevisionConflict,
            SaveRevisionError::Store(error) => Self::Store(error),
        }
    }
}

impl From<DeleteTargetError> for ApiError {
    fn from(error: DeleteTargetError) -> Self {
        match error {
            DeleteTargetError::InUse { .. } => Self::TargetInUse,
            DeleteTargetError::Store(error) => Self::Store(error),
        }
    }
}

impl ApiError {
    /// Returns the document for a reader.
    pub fn problem(&self, locale: Locale) -> Problem {
        let words = words::words(self);
        let errors = match self {
            Self::Invalid(field, message) => {
                vec![FieldError { field: (*field).to_owned(), message: message.get(locale).to_owned() }]
            }
            Self::Bind(error) => fields(error, locale),
            _ => Vec::new(),
        };
        Problem {
            type_uri: format!("/problems/{}", words.code),
            status: words.status.as_u16(),
            code: words.code.to_owned(),
            title: words.title.get(locale).to_owned(),
            detail: words.detail.get(locale).to_owned(),
            errors,
            request_id: None,
        }
    }
}

/// Which parameters want another value, or one at all, and why.
fn fields(error: &BindError, locale: Locale) -> Vec<FieldError> {
    let names = match error {
        BindError::Missing(names) => names.as_slice(),
        other => &other.refused_value().map(str::to_owned).into_iter().collect::<Vec<_>>(),
    };
    let message = why_unbound(error).term(locale);
    names.iter().map(|field| FieldError { field: field.clone(), message: message.to_owned() }).collect()
}

impl IntoResponse for ApiError {
    /// Leaves the error in the response; [`localise`] writes the document, knowing the reader's language.
    fn into_response(self) -> Response {
        let mut response = words::words(&self).status.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// Writes problem documents for the errors that handlers leave, and logs the cause of each 5xx once.
pub async fn localise(request: Request, next: Next) -> Response {
    let locale = locale_of(request.headers());
    let request_id = request.headers().get("x-request-id").and_then(|v| v.to_str().ok()).map(str::to_owned);
    let response = next.run(request).await;
    let Some(error) = response.extensions().get::<Arc<ApiError>>().cloned() else {
        return response;
    };
    let mut problem = error.problem(locale);
    problem.request_id = request_id;
    if response.status().is_server_error() {
        let error = causes(error.as_ref());
        tracing::error!(code = problem.code, request_id = problem.request_id, error);
    } else {
        tracing::debug!(code = problem.code, request_id = problem.request_id, error = %error);
    }
    respond(&problem)
}

/// The whole chain of an error, for the log alone.
fn causes(error: &dyn std::error::Error) -> String {
    let chain = std::iter::successors(Some(error), |error| error.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Makes the response of a problem document.
pub fn respond(problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = serde_json::to_vec(problem).unwrap_or_default();
    let mut response = (status, body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    if matches!(problem.code.as_str(), "too_many_logins" | "busy" | "stopping" | "store_unavailable") {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
    }
    response
}
