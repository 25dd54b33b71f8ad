//! What every handler can reach.

use std::sync::{Arc, OnceLock};

use axum::body::Bytes;
use farol_api::clock::Clock;
use farol_api::confine::Machine;
use farol_engine::EngineHandle;
use farol_engine::shell::Runners;
use farol_store::Store;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use crate::assets::Site;
use crate::auth::throttle::LoginThrottle;
use crate::config::Config;
use crate::functions::Functions;
use crate::http::endpoint::Endpoint;
use crate::library::watch::Watching;
use crate::reading::Reader;

/// The server's state. Clones share it.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts of the state.
pub struct Parts {
    /// The settings.
    pub config: Config,
    /// All that is kept.
    pub store: Store,
    /// Time and ids.
    pub clock: Arc<dyn Clock>,
    /// Reads runbooks and classifies their commands.
    pub reader: Reader,
    /// What the functions of targets promise.
    pub functions: Functions,
    /// Runs steps, until the server stops and takes it out.
    pub engine: Mutex<Option<EngineHandle>>,
    /// How far scripts are confined on this machine.
    pub machine: Machine,
    /// What runs scripts, and knows which files are Farol's own.
    pub runners: Runners,
    /// Slows down whoever guesses passwords.
    pub throttle: LoginThrottle,
    /// Held by whoever imports: what is unpacked stands in memory, and one such heap at a time is enough.
    pub importing: Mutex<()>,
    /// Wakes whoever watches folders.
    pub watching: Watching,
    /// The built front end.
    pub site: Site,
    /// The endpoint table, for the form translator.
    pub endpoints: Vec<Endpoint>,
    /// The OpenAPI document as it is sent, from when it is first asked for.
    pub openapi: OnceLock<Bytes>,
    /// Ends live streams when the server stops.
    pub stopping: CancellationToken,
}

impl App {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
