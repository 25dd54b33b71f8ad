//! Programs that run commands in containers.

/// What such a program looks after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Containers {
    /// The containers of one machine: `docker`.
    Engine,
    /// Some that belong together: `docker-compose`.
    Compose,
    /// Those of a cluster: `kubectl`.
    Cluster,
}

/// Returns what a program looks after; nothing where it runs no containers.
pub fn of(program: &str) -> Option<Containers> {
    match program {
        "docker" | "podman" | "nerdctl" => Some(Containers::Engine),
        "docker-compose" => Some(Containers::Compose),
        "kubectl" | "oc" | "k" => Some(Containers::Cluster),
        _ => None,
    }
}
