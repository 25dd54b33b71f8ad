//! The OpenAPI 3.1 document, made from the endpoint table.

use std::collections::BTreeMap;

use axum::http::Method;
use farol_api::problem::{MEDIA_TYPE, Problem};
use serde_json::{Value, json};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::endpoint::{BodySchema, Endpoint, Guard};

/// Writes the document.
pub fn document(endpoints: &[Endpoint]) -> Value {
    let mut schemas = BTreeMap::new();
    let mut problem = vec![(Problem::name().into_owned(), Problem::schema())];
    Problem::schemas(&mut problem);
    collect(&mut schemas, &problem);
    let mut paths: BTreeMap<&str, BTreeMap<&str, Value>> = BTreeMap::new();
    for endpoint in endpoints {
        let (takes, answers) = (endpoint.takes.map(|make| make()), endpoint.answers.body.map(|make| make()));
        takes.iter().chain(&answers).for_each(|body| collect(&mut schemas, &body.named));
        let operation = operation(endpoint, takes.as_ref(), answers.as_ref());
        paths.entry(endpoint.path).or_default().insert(method_key(&endpoint.method), operation);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Farol",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "session": { "type": "apiKey", "in": "cookie", "name": crate::auth::session::COOKIE },
                "token": { "type": "http", "scheme": "bearer" },
            },
        },
    })
}

fn collect(schemas: &mut BTreeMap<String, Value>, named: &[(String, RefOr<Schema>)]) {
    for (name, schema) in named {
        schemas.entry(name.clone()).or_insert_with(|| serde_json::to_value(schema).unwrap_or_default());
    }
}

fn method_key(method: &Method) -> &'static str {
    match method.as_str() {
        "POST" => "post",
        "PUT" => "put",
        "PATCH" => "patch",
        "DELETE" => "delete",
        _ => "get",
    }
}

fn operation(endpoint: &Endpoint, takes: Option<&BodySchema>, answers: Option<&BodySchema>) -> Value {
    let names = endpoint.path.split('/').filter_map(|s| s.strip_prefix('{')?.strip_suffix('}'));
    let in_path =
        names.map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }));
    let in_query = endpoint.query.iter();
    let in_query = in_query.map(|name| json!({ "name": name, "in": "query", "schema": { "type": "string" } }));
    let mut operation = json!({
        "summary": endpoint.summary,
        "tags": [endpoint.path.split('/').nth(2).unwrap_or("farol")],
        "parameters": in_path.chain(in_query).collect::<Vec<_>>(),
        "responses": {
            endpoint.answers.status.to_string(): answer(endpoint, answers),
            "default": {
                "description": "What went wrong, as a problem document (RFC 9457)",
                "content": { MEDIA_TYPE: { "schema": { "$ref": "#/components/schemas/Problem" } } },
            },
        },
    });
    if endpoint.uploads {
        operation["requestBody"] = json!({ "required": true, "content": { "multipart/form-data": {} } });
    }
    if let Some(body) = takes {
        operation["requestBody"] =
            json!({ "required": true, "content": { "application/json": { "schema": schema_of(body) } } });
    }
    operation["security"] = match endpoint.guard {
        Guard::Public => json!([]),
        Guard::LoggedIn | Guard::May(_) => json!([{ "session": [] }, { "token": [] }]),
    };
    if let Guard::May(permission) = endpoint.guard {
        operation["x-permission"] = json!(permission);
    }
    operation
}

fn answer(endpoint: &Endpoint, body: Option<&BodySchema>) -> Value {
    match (body, endpoint.answers.status) {
        (Some(body), _) => json!({
            "description": "Done",
            "content": { endpoint.answers.media_type: { "schema": schema_of(body) } },
        }),
        (None, 204) => json!({ "description": "Done" }),
        (None, _) => json!({ "description": "Done", "content": { endpoint.answers.media_type: {} } }),
    }
}

fn schema_of(body: &BodySchema) -> Value {
    serde_json::to_value(&body.schema).unwrap_or_default()
}
