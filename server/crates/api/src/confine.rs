//! How far a script is kept from the machine that runs it.

use serde::{Deserialize, Serialize};

use crate::target::ShellSettings;
use crate::text::Localized;

/// A level of confinement. Each holds all before it; what each stops stands in `docs/confinement.md`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Confinement {
    /// It gains no privileges, sees nothing of Farol's memory or environment, has bounds on files and processes, and
    /// its whole tree is ended with it.
    #[default]
    Process,
    /// The kernel keeps it out of Farol's own files, lets a step that reads write only in its own folder, and refuses
    /// the calls that reach into other processes and into the kernel itself.
    Files,
    /// It sees and signals no processes but its own, and the kernel itself ends them all.
    Processes,
    /// All that it starts has bounds on memory and number together.
    Resources,
}

impl Confinement {
    /// All of them, least first.
    pub const ALL: [Self; 4] = [Self::Process, Self::Files, Self::Processes, Self::Resources];

    /// Returns its name, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Process => "process",
            Self::Files => "files",
            Self::Processes => "processes",
            Self::Resources => "resources",
        }
    }

    /// Tells whether it is the least, which every script has.
    pub fn is_least(&self) -> bool {
        *self == Self::default()
    }
}

/// A measure that a machine lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    /// The kernel has no Landlock, one that cannot keep a file from being cut off (before Linux 6.2), or it is switched off.
    Landlock,
    /// The kernel filters no calls.
    Seccomp,
    /// Farol may make no namespaces of processes here.
    Namespaces,
    /// Farol may make no namespaces of networks here.
    NetworkNamespaces,
    /// No cgroup of version 2, with the controllers of memory and processes, was given over to Farol.
    Cgroup,
}

impl Lack {
    /// Says what is not there, for people.
    pub fn words(self) -> Localized {
        let (english, portuguese) = match self {
            Self::Landlock => {
                ("Linux 6.2 or later with Landlock switched on", "Linux 6.2 ou mais novo com o Landlock ligado")
            }
            Self::Seccomp => ("a kernel that filters system calls", "um kernel que filtra chamadas de sistema"),
            Self::Namespaces => (
                "the right to make user, mount and process namespaces",
                "o direito de criar namespaces de usuário, de montagem e de processos",
            ),
            Self::NetworkNamespaces => {
                ("the right to make network namespaces", "o direito de criar namespaces de rede")
            }
            Self::Cgroup => ("a cgroup given over to Farol (version 2)", "um cgroup entregue ao Farol (versão 2)"),
        };
        Localized::new(english, portuguese)
    }
}

/// How far a machine can confine a script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Machine {
    /// The highest level that a script reaches there.
    pub level: Confinement,
    /// What is not there.
    pub lacks: Vec<Lack>,
}

impl Machine {
    /// Describes a machine by what it lacks.
    pub fn lacking(lacks: Vec<Lack>) -> Self {
        let mut machine = Self { level: Confinement::Process, lacks };
        let reached = Confinement::ALL.into_iter().filter(|level| machine.lacks_for(*level).is_empty());
        machine.level = reached.max().unwrap_or_default();
        machine
    }

    /// Returns what stands between this machine and a level.
    pub fn lacks_for(&self, level: Confinement) -> Vec<Lack> {
        let needs: &[Lack] = match level {
            Confinement::Process => &[],
            Confinement::Files => &[Lack::Landlock, Lack::Seccomp],
            Confinement::Processes => &[Lack::Landlock, Lack::Seccomp, Lack::Namespaces],
            Confinement::Resources => &[Lack::Landlock, Lack::Seccomp, Lack::Namespaces, Lack::Cgroup],
        };
        self.lacks.iter().filter(|lack| needs.contains(lack)).copied().collect()
    }

    /// Tells whether a measure is there.
    pub fn has(&self, measure: Lack) -> bool {
        !self.lacks.contains(&measure)
    }

    /// Returns what scripts of a target would lack here, where they must not run; `least` is what an approval bound.
    pub fn refuses(&self, settings: &ShellSettings, least: Confinement) -> Option<Vec<Lack>> {
        let mut lacks = self.lacks_for(least.max(settings.least_confinement));
        if settings.no_network && !self.has(Lack::NetworkNamespaces) {
            lacks.push(Lack::NetworkNamespaces);
        }
        (!lacks.is_empty()).then_some(lacks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_holds_all_before_it() {
        let level = |lacks: &[Lack]| Machine::lacking(lacks.to_vec()).level;
        assert_eq!(level(&[]), Confinement::Resources);
        assert_eq!(level(&[Lack::Cgroup, Lack::NetworkNamespaces]), Confinement::Processes);
        assert_eq!(level(&[Lack::Namespaces]), Confinement::Files);
        assert_eq!(level(&[Lack::Landlock]), Confinement::Process);
    }

    #[test]
    fn what_a_target_demands_and_the_machine_lacks_is_named() {
        let machine = Machine::lacking(vec![Lack::NetworkNamespaces, Lack::Cgroup]);
        let settings = ShellSettings::default();
        assert_eq!(machine.refuses(&settings, Confinement::Processes), None);
        assert_eq!(machine.refuses(&settings, Confinement::Resources), Some(vec![Lack::Cgroup]));
        let apart = ShellSettings { no_network: true, ..settings };
        assert_eq!(machine.refuses(&apart, Confinement::Process), Some(vec![Lack::NetworkNamespaces]));
    }
}
