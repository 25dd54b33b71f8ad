//! The endpoint table: each route with its guard and its wire types, from which the router, the OpenAPI document and
//! the form translator are made. A route without a guard cannot be written.

use axum::http::Method;
use axum::routing::MethodRouter;
use farol_api::user::Permission;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::app::App;

/// Who may call an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Anybody: logging in, invitations, health.
    Public,
    /// Whoever is logged in.
    LoggedIn,
    /// Whoever's role holds the permission.
    May(Permission),
}

/// One method of one path.
pub struct Endpoint {
    /// The method.
    pub method: Method,
    /// The path, with `{name}` for its parameters.
    pub path: &'static str,
    /// Who may call it.
    pub guard: Guard,
    /// One line for the OpenAPI document.
    pub summary: &'static str,
    /// The body it takes.
    pub takes: Option<MakesSchema>,
    /// What it answers when it succeeds.
    pub answers: Answer,
    /// Query parameters.
    pub query: &'static [&'static str],
    /// Whether it takes an upload of files, which may be larger than other bodies.
    pub uploads: bool,
    /// Whether it changes something, so that a repeated request gets its first answer.
    pub changes: bool,
    /// The handler.
    pub(crate) route: MethodRouter<App>,
}

/// Makes a schema for whoever writes the document: all of them at once are some 40 MB.
pub type MakesSchema = fn() -> BodySchema;

/// A schema, by name, with all that it refers to.
pub struct BodySchema {
    /// The schema or a reference to it.
    pub schema: RefOr<Schema>,
    /// The named schemas it needs.
    pub named: Vec<(String, RefOr<Schema>)>,
}

/// What an endpoint answers when it succeeds.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The media type.
    pub media_type: &'static str,
    /// The body's schema; absent for an empty one.
    pub body: Option<MakesSchema>,
}

impl BodySchema {
    fn of<T: ToSchema + PartialSchema>() -> Self {
        let mut named = Vec::new();
        T::schemas(&mut named);
        let inline = T::schema();
        // Lists and maps have no schema of their own; what has one is referred to by name.
        let is_named = matches!(&inline, RefOr::T(Schema::Object(_) | Schema::OneOf(_) | Schema::AllOf(_)));
        if is_named {
            let name = T::name().into_owned();
            named.push((name.clone(), inline));
            Self { schema: RefOr::Ref(utoipa::openapi::Ref::from_schema_name(name)), named }
        } else {
            Self { schema: inline, named }
        }
    }
}

impl Endpoint {
    /// Begins an endpoint that answers 204 with nothing.
    pub fn new(
        method: Method,
        path: &'static str,
        guard: Guard,
        summary: &'static str,
        route: MethodRouter<App>,
    ) -> Self {
        let answers = Answer { status: 204, media_type: "application/json", body: None };
        Self { method, path, guard, summary, takes: None, answers, query: &[], uploads: false, changes: true, route }
    }

    /// Says which body it takes.
    #[must_use]
    pub fn takes<T: ToSchema + PartialSchema>(mut self) -> Self {
        self.takes = Some(BodySchema::of::<T>);
        self
    }

    /// Says what it answers.
    #[must_use]
    pub fn answers<T: ToSchema + PartialSchema>(mut self, status: u16) -> Self {
        self.answers = Answer { status, media_type: "application/json", body: Some(BodySchema::of::<T>) };
        self
    }

    /// Says that it answers something else than JSON.
    #[must_use]
    pub fn answers_with(mut self, media_type: &'static str) -> Self {
        self.answers = Answer { status: 200, media_type, body: None };
        self
    }

    /// Says that it takes files, as a form of `multipart/form-data`.
    #[must_use]
    pub fn uploads(mut self) -> Self {
        self.uploads = true;
        self
    }

    /// Says that it only answers: its idempotency key, if it comes with one, stays free.
    #[must_use]
    pub fn changes_nothing(mut self) -> Self {
        self.changes = false;
        self
    }

    /// Names its query parameters.
    #[must_use]
    pub fn query(mut self, names: &'static [&'static str]) -> Self {
        self.query = names;
        self
    }

    /// Tells whether a path is of this endpoint's form.
    pub fn matches(&self, path: &str) -> bool {
        let (mut mine, mut theirs) = (self.path.split('/'), path.split('/'));
        loop {
            match (mine.next(), theirs.next()) {
                (None, None) => return true,
                (Some(pattern), Some(segment)) if pattern == segment => {}
                (Some(pattern), Some(segment)) if pattern.starts_with('{') && !segment.is_empty() => {}
                _ => return false,
            }
        }
    }
}

/// The one endpoint of a method and path; a literal path wins over one with parameters.
pub fn find<'e>(endpoints: &'e [Endpoint], method: &Method, path: &str) -> Option<&'e Endpoint> {
    let matching = endpoints.iter().filter(|endpoint| endpoint.method == method && endpoint.matches(path));
    matching.min_by_key(|endpoint| endpoint.path.matches('{').count())
}
