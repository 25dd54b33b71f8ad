//! Calls while rendering: the server's own router, in-process.

use super::{Answer, unreachable_api};
use crate::ssr::ServerApi;

pub async fn call(
    api: Option<&ServerApi>,
    method: &'static str,
    path: &str,
    body: Option<String>,
) -> Answer<(u16, String)> {
    let Some(api) = api else { return Err(unreachable_api()) };
    (api.0)(method, path.to_owned(), body).await.map_err(|_| unreachable_api())
}
