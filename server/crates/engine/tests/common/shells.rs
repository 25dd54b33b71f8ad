//! The shells of scripts, as the machine shows them.

use std::path::Path;
use std::time::Duration;

/// Waits until something is so.
pub async fn until(mut condition: impl FnMut() -> bool) {
    for _ in 0..3_000 {
        if condition() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it never came to that");
}

/// Returns all processes.
pub fn processes() -> Vec<i32> {
    let pids = std::fs::read_dir("/proc").unwrap().flatten();
    pids.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

/// Returns what the kernel says of a process; nothing of one that is gone.
pub fn read(pid: i32, what: &str) -> String {
    String::from_utf8_lossy(&std::fs::read(format!("/proc/{pid}/{what}")).unwrap_or_default()).into_owned()
}

/// Returns the parent of a process; 0 of one that is gone, or the first of all.
pub fn parent(pid: i32) -> i32 {
    let status = read(pid, "status");
    let line = status.lines().find_map(|line| line.strip_prefix("PPid:"));
    line.and_then(|line| line.trim().parse().ok()).unwrap_or_default()
}

/// Returns the first processes of this test's scripts in a folder, those that wait for one among them.
pub fn shells_in(folder: &Path) -> Vec<i32> {
    let is_there = |pid: i32| std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == folder);
    let is_first = |pid: &i32| parent(parent(parent(*pid))) == std::process::id().cast_signed();
    let shell = |pid: &i32| read(*pid, "cmdline").contains("pipefail") && is_there(*pid) && is_first(pid);
    processes().into_iter().filter(shell).collect()
}
