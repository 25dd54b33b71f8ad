//! Commands of plain words, which nothing but their program and what it is told to do shows to be commands.

use super::containers::{self, Containers};
use crate::words::split;

/// `kubectl get pods`, `systemctl restart shop`: a program that everybody knows, and what it is told to do, in words that have no
/// other marks. Under a label of another language only such a line is typed, and only where nothing else stands beside it.
pub fn is_plain_call(line: &str) -> bool {
    const MOST: usize = 6;
    let mut words = split(line);
    let (Some(program), Some(verb)) = (words.next(), words.next()) else { return false };
    let rest: Vec<&str> = words.take(MOST).collect();
    let named = |word: &&str| {
        word.starts_with(|c: char| c.is_ascii_alphanumeric())
            && word.ends_with(|c: char| c.is_ascii_alphanumeric())
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./@:".contains(&byte))
    };
    rest.len() + 2 <= MOST && rest.iter().all(named) && asks(program, verb, &rest)
}

/// Tells whether a program does something when told so, with such words behind it.
fn asks(program: &str, verb: &str, rest: &[&str]) -> bool {
    let more = rest.len();
    let among = |verbs: &str| verbs.split_ascii_whitespace().any(|known| known == verb);
    match (program, containers::of(program)) {
        (_, Some(Containers::Engine)) => {
            among("ps images stats version info") && more == 0
                || among("logs start stop restart kill rm rmi pull inspect top port") && more > 0
        }
        (_, Some(Containers::Compose)) => among("ps up down logs restart pull start stop"),
        (_, Some(Containers::Cluster)) => {
            among("cluster-info version api-resources") && more == 0
                || among("get describe logs top delete cordon uncordon drain rollout") && more > 0
        }
        ("systemctl", _) => {
            among("daemon-reload list-units list-timers") && more == 0
                || among("status start stop restart reload enable disable is-active is-enabled is-failed") && more == 1
        }
        ("service", _) => matches!(rest, ["status" | "start" | "stop" | "restart" | "reload"]),
        ("git", _) => among("pull status fetch log push stash") && more < 3,
        ("helm", _) => among("list ls") && more == 0 || among("status history rollback") && (1..3).contains(&more),
        ("terraform" | "tofu", _) => {
            among("init plan apply validate output refresh") && more == 0
                || verb == "workspace" && matches!(rest, ["list" | "show" | "select" | "new", ..])
        }
        ("npm" | "yarn" | "pnpm", _) => among("install ci start test build") && more == 0 || verb == "run" && more == 1,
        ("redis-cli", _) => among("ping info") && more < 2,
        ("ceph", _) => among("status health df"),
        ("rabbitmqctl", _) => among("status list_queues cluster_status"),
        ("patronictl", _) => verb == "list",
        ("apt" | "apt-get", _) => among("update upgrade") && more == 0,
        _ => false,
    }
}
