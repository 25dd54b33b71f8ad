//! A shell that is started and waits for its script: it has begun in its folder, with its rules, and nothing to run.
//!
//! What bash reads first (`BASH_ENV`) is a pipe; it waits there until one line is written that sends it on: to the lines
//! before the script, and then to the script, both in memory files that were empty until then.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use farol_api::confine::Confinement;
use nix::fcntl::{FcntlArg, FdFlag, OFlag, fcntl};
use nix::sys::memfd::{MFdFlags, memfd_create};
use nix::unistd::pipe2;

use super::basis::Basis;
use super::groups::Group;
use super::wire::{Place, RunSpec};
use super::{confine, keep, namespaces, raw};

/// A shell that waits.
pub(super) struct Ready {
    pub child: Child,
    /// How far it is confined.
    pub confined: Confinement,
    /// What the script will leave.
    pub left: File,
    basis: Basis,
    script: File,
    before: File,
    gate: OwnedFd,
    gate_of_shell: i32,
}

impl Ready {
    /// Starts one in a place; `own_view` says that the caller is the first process of its view.
    pub fn start(place: &Place, own_view: bool, group: Option<&Group>) -> io::Result<Self> {
        // Before the rules are made: those hold for what is mounted then.
        let kept = own_view && namespaces::keep(&place.rules).is_ok();
        let mut basis = Basis::begin(&place.rules);
        let (armour, confined) = confine::armour(&place.rules, kept, group, &mut basis);
        if confined < place.least {
            return Err(io::Error::other(format!(
                "The target demands the confinement \"{}\", and this machine gives \"{}\". Nothing ran.",
                place.least.as_str(),
                confined.as_str()
            )));
        }
        // The script goes through a descriptor: an argument would be seen by everybody who lists processes.
        let (script, before, left) = (memory("step")?, memory("before")?, memory("left")?);
        let (shells, gate) = pipe2(OFlag::O_CLOEXEC)?;
        fcntl(&shells, FcntlArg::F_SETFD(FdFlag::empty()))?;
        let child = spawn(place, &script, &shells, armour)?;
        let gate_of_shell = shells.as_raw_fd();
        Ok(Self { child, confined, left, basis, script, before, gate, gate_of_shell })
    }

    /// Tells whether it would be started now as it was.
    pub fn is_as_new(&self) -> bool {
        self.basis.holds()
    }

    /// Lets it run a script; returns its process and what that will leave.
    pub fn go(mut self, spec: &RunSpec) -> io::Result<(Child, File)> {
        self.script.write_all(spec.script.as_bytes())?;
        // The descriptor of the script itself stays: bash opens it last.
        let through = [self.before.as_raw_fd(), self.gate_of_shell];
        let lines = keep::prelude(spec, self.left.as_raw_fd(), through);
        self.before.write_all(lines.as_bytes())?;
        // So short that it fits into every pipe. Its end opens the gate.
        let line = format!("unset BASH_ENV\n. /dev/fd/{}\n", self.before.as_raw_fd());
        // Where it has ended already, how it ended says so.
        let _ = File::from(self.gate).write_all(line.as_bytes());
        Ok((self.child, self.left))
    }
}

fn spawn(place: &Place, script: &File, gate: &OwnedFd, armour: raw::Armour) -> io::Result<Child> {
    // Not looked for on the target's PATH: what stands there are the commands of steps.
    let bash = ["/bin/bash", "/usr/bin/bash"].into_iter().find(|bash| Path::new(bash).exists()).unwrap_or("bash");
    let mut command = Command::new(bash);
    command
        .args(["--noprofile", "--norc", "-euo", "pipefail"])
        .arg(format!("/dev/fd/{}", script.as_raw_fd()))
        .env_clear()
        .envs(&place.env)
        .env("BASH_ENV", format!("/dev/fd/{}", gate.as_raw_fd()))
        .current_dir(&place.cwd)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    raw::arm(&mut command, armour);
    command.spawn().map_err(|error| io::Error::new(error.kind(), format!("bash cannot be started: {error}")))
}

/// Makes a memory file that the script's shell gets too.
fn memory(name: &str) -> io::Result<File> {
    let file = memfd_create(name, MFdFlags::MFD_CLOEXEC)?;
    fcntl(&file, FcntlArg::F_SETFD(FdFlag::empty()))?;
    Ok(File::from(file))
}
