//! Settings, from `farol.toml`, then `FAROL_*` variables, then the command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use farol_engine::shell::Bounds;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};

/// Everything that can be set.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the server listens.
    pub listen: SocketAddr,
    /// Folder of the embedded store, keys and workspaces.
    pub data: PathBuf,
    /// The store: `sqlite:` and a path, or `postgres://…`. The embedded store in `data` where absent.
    pub store: Option<String>,
    /// Folder of the built front end.
    pub site: PathBuf,
    /// Host names that the server answers to, beside loopback.
    pub hosts: Vec<String>,
    /// Whether a proxy in front speaks HTTPS for it. Beyond loopback Farol refuses to serve without one.
    pub behind_proxy: bool,
    /// How many steps run at once.
    pub workers: usize,
    /// How many connections are kept ready for each target and role in use; 0 opens one for each step when it comes.
    pub warm_connections: usize,
    /// How long a server that gives no sign of life keeps its steps, in seconds; then nobody knows how they ended.
    pub lease_seconds: u32,
    /// How long an approval request stays open, in minutes.
    pub approval_minutes: u32,
    /// How long a change is held for a person to commit it, in seconds; then it is rolled back.
    pub hold_seconds: u32,
    /// Largest runbook, in bytes.
    pub runbook_bytes: usize,
    /// Most bytes kept of one result that is longer than a step shows; it can be downloaded.
    pub result_bytes: u64,
    /// How many days such a result is kept as a file, whatever becomes of its incident.
    pub retention_file_days: u32,
    /// How many days after the end of an incident the stored output of its attempts is erased; 0 keeps it.
    pub retention_days: u32,
    /// Most bytes of memory that a script uses with all that it starts, where Farol has a cgroup.
    pub script_memory_bytes: u64,
    /// Most processes of it at once.
    pub script_processes: u32,
    /// Largest upload of an import, in bytes.
    pub import_bytes: usize,
    /// Folders of this machine below which one may be watched; none may where it is empty.
    pub library_roots: Vec<PathBuf>,
    /// A team's lines for the table of commands; the shipped table alone where absent.
    pub risk_table: Option<PathBuf>,
    /// The file that the settings were read from, which need not be there. It may hold the store's password.
    #[serde(skip)]
    pub file: PathBuf,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 3000)),
            data: PathBuf::from("data"),
            store: None,
            site: PathBuf::from("target/site"),
            hosts: Vec::new(),
            behind_proxy: false,
            workers: 4,
            warm_connections: 2,
            lease_seconds: 30,
            approval_minutes: 30,
            hold_seconds: 60,
            runbook_bytes: 10 * 1024 * 1024,
            result_bytes: 256 * 1024 * 1024,
            retention_file_days: 30,
            retention_days: 0,
            script_memory_bytes: Bounds::default().memory,
            script_processes: Bounds::default().processes,
            import_bytes: 64 * 1024 * 1024,
            library_roots: Vec::new(),
            risk_table: None,
            file: PathBuf::new(),
        }
    }
}

/// What the variables of settings begin with.
const PREFIX: &str = "FAROL_";
/// The settings that a variable can set.
const SETTINGS: [&str; 20] = [
    "listen",
    "data",
    "store",
    "site",
    "hosts",
    "behind_proxy",
    "workers",
    "warm_connections",
    "lease_seconds",
    "approval_minutes",
    "hold_seconds",
    "runbook_bytes",
    "result_bytes",
    "retention_file_days",
    "retention_days",
    "script_memory_bytes",
    "script_processes",
    "import_bytes",
    "library_roots",
    "risk_table",
];
/// Variables of Farol's that are no settings: a program's token and server.
const OTHERS: [&str; 2] = ["token", "server"];

/// What is wrong with the settings.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file that was named is not there.
    #[error("there is no settings file {}", .0.display())]
    NoFile(PathBuf),
    /// A value is of the wrong kind, or a name is unknown.
    #[error("the settings cannot be read: {0}")]
    Unreadable(Box<figment::Error>),
    /// Plain HTTP would leave the machine.
    #[error(
        "{0} is not a loopback address, and without a proxy that speaks HTTPS passwords would travel readable; \
         set behind_proxy = true (FAROL_BEHIND_PROXY=true) when there is one, or listen on 127.0.0.1"
    )]
    PlainHttp(SocketAddr),
    /// A time is shorter than anybody can act in, or longer than databases count.
    #[error("{name} = {value} is not a time that can be kept: from {least} to {most} is wanted")]
    Time {
        /// The setting.
        name: &'static str,
        /// What it is set to.
        value: u32,
        /// The least.
        least: u32,
        /// The most.
        most: u32,
    },
}

/// How long a change may be held, in seconds: a day. Postgres counts its own limits in 31 bits of milliseconds.
const HOLD_SECONDS: [u32; 2] = [1, 24 * 3600];
/// How long a request may wait for approval, in minutes: 30 days.
const APPROVAL_MINUTES: [u32; 2] = [1, 30 * 24 * 60];

/// Returns the variables that look like settings and are none: one that is misspelt would else pass for one that holds.
pub fn misnamed(variables: impl Iterator<Item = String>) -> Vec<String> {
    let is_none = |name: &String| {
        let setting = name.strip_prefix(PREFIX).map(str::to_ascii_lowercase);
        setting.is_some_and(|setting| !SETTINGS.contains(&setting.as_str()) && !OTHERS.contains(&setting.as_str()))
    };
    variables.filter(is_none).collect()
}

impl Config {
    /// Reads the settings.
    pub fn load(file: Option<&std::path::Path>) -> Result<Self, ConfigError> {
        if let Some(file) = file.filter(|file| !file.is_file()) {
            return Err(ConfigError::NoFile(file.to_owned()));
        }
        let file = file.map_or_else(|| PathBuf::from("farol.toml"), PathBuf::from);
        let read = Figment::from(Serialized::defaults(Self::default()))
            .merge(Toml::file(&file))
            .merge(Env::prefixed(PREFIX).only(&SETTINGS))
            .extract::<Self>();
        let config = read.map_err(|error| ConfigError::Unreadable(Box::new(error)))?;
        Ok(Self { file, ..config })
    }

    /// Refuses settings that would be unsafe, or that nothing could run with.
    pub fn check(&self) -> Result<(), ConfigError> {
        let times = [
            ("hold_seconds", self.hold_seconds, HOLD_SECONDS),
            ("approval_minutes", self.approval_minutes, APPROVAL_MINUTES),
        ];
        for (name, value, [least, most]) in times {
            if !(least..=most).contains(&value) {
                return Err(ConfigError::Time { name, value, least, most });
            }
        }
        if self.listen.ip().is_loopback() || self.behind_proxy {
            Ok(())
        } else {
            Err(ConfigError::PlainHttp(self.listen))
        }
    }

    /// Returns the most bytes that a request may bring.
    pub fn body_bytes(&self, uploads: bool) -> usize {
        let most = if uploads { self.import_bytes } else { self.runbook_bytes };
        most + 64 * 1024
    }

    /// Returns the folder of the results that are longer than their output keeps.
    pub fn results(&self) -> PathBuf {
        self.data.join("results")
    }

    /// Returns the store's URL.
    pub fn store_url(&self) -> String {
        self.store.clone().unwrap_or_else(|| format!("sqlite:{}", self.data.join("farol.db").display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_settings_file_that_was_named_must_be_there() {
        let named = std::path::Path::new("no/such/farol.toml");
        assert!(matches!(Config::load(Some(named)), Err(ConfigError::NoFile(_))));
    }

    #[test]
    fn a_variable_that_is_no_setting_is_told() {
        let set = ["FAROL_RETENTION_DAY", "FAROL_RETENTION_DAYS", "FAROL_TOKEN", "HOME", "farol_data"];
        assert_eq!(misnamed(set.into_iter().map(str::to_owned)), ["FAROL_RETENTION_DAY"]);
    }

    #[test]
    fn every_setting_can_be_set_by_a_variable() {
        let all = serde_json::to_value(Config::default()).unwrap();
        let mut names: Vec<&str> = all.as_object().unwrap().keys().map(String::as_str).collect();
        let mut settings = SETTINGS.to_vec();
        names.sort_unstable();
        settings.sort_unstable();
        assert_eq!(settings, names);
    }

    #[test]
    fn a_time_that_nobody_can_act_in_or_no_database_counts_is_refused_with_its_bounds() {
        let hold = |hold_seconds| Config { hold_seconds, ..Config::default() }.check();
        let approval = |approval_minutes| Config { approval_minutes, ..Config::default() }.check();
        for refused in [hold(0), hold(25 * 24 * 3600), hold(u32::MAX), approval(0), approval(u32::MAX)] {
            let said = refused.unwrap_err().to_string();
            assert!(said.contains("is wanted"), "{said}");
        }
        assert!(hold(24 * 3600).is_ok() && approval(24 * 60).is_ok());
    }

    #[test]
    fn plain_http_beyond_loopback_is_refused() {
        let open = Config { listen: "0.0.0.0:3000".parse().unwrap(), ..Config::default() };
        assert!(matches!(open.check(), Err(ConfigError::PlainHttp(_))));
        assert!(Config { behind_proxy: true, ..open }.check().is_ok());
        assert!(Config::default().check().is_ok());
    }
}
