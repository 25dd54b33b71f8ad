//! `farol serve`: puts the server together, runs it, and stops it in order.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use anyhow::Context;
use farol_api::clock::Clock;
use farol_engine::job::RunConfig;
use farol_engine::output::Limits;
use farol_engine::shell::{Bounds, Hidden, Runners};
use farol_engine::sql::Warm;
use farol_engine::{Engine, EngineConfig};
use farol_risk::service::Classifier;
use farol_store::StoreOptions;
use secrecy::ExposeSecret;
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use crate::app::{App, Parts};
use crate::assets::Site;
use crate::auth::secret::random_secret;
use crate::auth::throttle::LoginThrottle;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::functions::Functions;
use crate::library::watch::{self, Watching};
use crate::reading::Reader;
use crate::serving::Serving;
use crate::{demo, keys, library, record, retention, risk_table, router};

/// How long running steps and requests may go on after a stop was asked for.
const GRACE: std::time::Duration = std::time::Duration::from_secs(10);
/// The shortest lease, in seconds: it is renewed three times before it ends, on a machine that may be busy.
const SHORTEST_LEASE: u32 = 3;

/// Runs the server until it is told to stop.
pub fn run(config: Config, with_demo: bool) -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=error,hyper=warn"));
    // What a target says beside its rows is output, whatever else is asked to be logged.
    let filter = filter.add_directive("sqlx::postgres::notice=off".parse()?);
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let variables = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    for name in crate::config::misnamed(variables) {
        tracing::warn!(name, "an environment variable is no setting, and sets nothing; README.md has them all");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(config.listen).await;
        let listener = listener.with_context(|| format!("cannot listen on {}", config.listen))?;
        let app = start(config, std::env::current_exe()?).await?;
        library::shipped::import(&app).await.context("the shipped library could not be imported")?;
        if with_demo {
            demo::set_up(&app).await?;
        }
        tokio::spawn(keep_library(app.clone()));
        tokio::spawn(retention::run(app.clone()));
        let _serving = Serving::at(&app.config.data, listener.local_addr()?);
        welcome(&app, listener.local_addr()?, with_demo).await?;
        serve(app, listener).await
    })
}

/// Makes runbooks found that were saved before there was a search, then follows the folders that are watched.
async fn keep_library(app: App) {
    if let Err(error) = library::index(&app).await {
        tracing::warn!(%error, "some runbooks cannot be found by their words yet");
    }
    watch::run(app).await;
}

/// Makes a folder that nobody else on the machine can read; one that is there keeps the rights it has.
pub(crate) fn make_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Names what is Farol's own, which no script sees into.
fn hidden(config: &Config) -> Hidden {
    let store = config.store_url();
    Hidden {
        there: vec![config.data.clone()],
        databases: farol_store::sqlite_file(&store).map(Path::to_owned).into_iter().collect(),
        perhaps: Some(config.file.clone()).filter(|file| !file.as_os_str().is_empty()).into_iter().collect(),
    }
}

/// Opens the store, starts the classifier and the engine.
///
/// `exe` is the `farol` binary, of which the subprocesses are made.
pub async fn start(config: Config, exe: PathBuf) -> anyhow::Result<App> {
    any_spawner::Executor::init_tokio().ok();
    make_private(&config.data).with_context(|| format!("cannot make {}", config.data.display()))?;
    let clock = Arc::new(SystemClock);
    let store = keys::open(&config, StoreOptions::new(clock.clone())).await?;
    let commands = risk_table::load(config.risk_table.as_deref())?;
    let classifier = Classifier::spawn_with(exe.clone(), vec!["risk-worker".to_owned()], &commands)
        .context("the classifier cannot be started")?;
    let reader = Reader::new(classifier);
    store.classify_by(reader.rules());
    let stopping = CancellationToken::new();
    let run = RunConfig {
        limits: Limits { result_bytes: config.result_bytes, ..Limits::default() },
        runners: Runners::new(vec![exe, PathBuf::from("shell-supervisor")], hidden(&config))
            .with_bounds(Bounds { memory: config.script_memory_bytes, processes: config.script_processes })
            // What the demo's scripts work on: nothing that anybody needs.
            .with_open(vec![config.data.join("demo")]),
        workspaces: std::path::absolute(config.data.join("workspaces"))?,
        results: config.results(),
        warm: Warm::new(config.warm_connections),
    };
    let machine = run.runners.machine().await.context("the supervisor of scripts cannot be started")?;
    tracing::info!(level = machine.level.as_str(), lacks = ?machine.lacks, "scripts are confined");
    if let Err(error) = run.runners.hidden() {
        tracing::error!(%error, "no script will run: what must be kept from it cannot be found");
    }
    // A name of its own for every start: a restarted server must not pass for the one that died.
    let mut engine = EngineConfig::new(format!("farol-{}", clock.new_uuid()), run);
    engine.concurrency = config.workers.max(1);
    engine.grace = GRACE;
    engine.lease = std::time::Duration::from_secs(config.lease_seconds.max(SHORTEST_LEASE).into());
    engine.sweep_every = engine.sweep_every.min(engine.lease / 3);
    let runners = engine.run.runners.clone();
    let engine = Engine::start(store.clone(), engine);
    Ok(App::new(Parts {
        openapi: OnceLock::new(),
        endpoints: router::endpoints(),
        site: Site::load(&config.site),
        config,
        store,
        clock,
        reader,
        functions: Functions::default(),
        engine: Mutex::new(Some(engine)),
        machine,
        runners,
        throttle: LoginThrottle::default(),
        importing: Mutex::new(()),
        watching: Watching::default(),
        stopping,
    }))
}

/// Answers requests until a signal comes; then lets what runs end, for a while.
pub async fn serve(app: App, listener: TcpListener) -> anyhow::Result<()> {
    let stopping = app.stopping.clone();
    let service = router::all(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown({
        let stopping = stopping.clone();
        async move {
            tokio::select! {
                () = signalled() => {}
                () = stopping.cancelled() => {}
            }
            tracing::info!("stopping: no new steps are begun");
            stopping.cancel();
        }
    });
    let server = tokio::spawn(async move { server.await });
    let signing = tokio::spawn(record::keep(app.clone()));
    stopping.cancelled().await;
    if let Some(engine) = app.engine.lock().await.take() {
        engine.shutdown().await;
    }
    if tokio::time::timeout(GRACE, server).await.is_err() {
        tracing::warn!("some requests did not end in time");
    }
    if tokio::time::timeout(GRACE, signing).await.is_err() {
        tracing::warn!("a record is still being signed");
    }
    app.store.close().await;
    Ok(())
}

/// Prints where to go and how to get in.
async fn welcome(app: &App, address: SocketAddr, with_demo: bool) -> anyhow::Result<()> {
    let mut text = format!("Farol {} listens on http://{address}\n", env!("CARGO_PKG_VERSION"));
    if app.store.is_set_up().await? {
        text.push_str(&format!("Log in at http://{address}/login\n"));
    } else {
        let token = random_secret()?;
        app.store.set_setup_token(&token).await?;
        let token = token.expose_secret();
        text.push_str(&format!("Make your owner account at http://{address}/setup?token={token}\n"));
        text.push_str(&format!("(one-time token: {token})\n"));
    }
    if with_demo {
        text.push_str(
            "The demo target `demo` is a shop in SQLite that you may break; docs/demo.md walks through it.\n",
        );
    }
    let mut out = std::io::stdout().lock();
    // A server whose output nobody reads any more serves all the same.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    Ok(())
}

async fn signalled() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
