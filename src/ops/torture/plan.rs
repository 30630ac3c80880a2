//! The plans of harm: their names and promises, how much of it, and what was found.

use std::path::PathBuf;

use serde::Serialize;

/// Harm to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HarmPlan {
    /// `kill -9` of a process that writes.
    Crash,
    /// `kill -9` of a process that lets people in.
    Accounts,
    /// Power cuts that keep any part of what was not synced.
    Power,
    /// A disk that is full and has room again.
    Disk,
    /// Flipped bits, cut-off files, zeroed pages.
    Corruption,
    /// Backups under write load, and their restores.
    Backup,
    /// `kill -9` of backups and restores.
    Interrupted,
    /// Archives that mean harm.
    Hostile,
}

/// How much harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// A look at whether the plans themselves work.
    Tiny,
    /// Minutes.
    Quick,
    /// As long as it takes: the figures that are published.
    Full,
}

/// How to go about it.
#[derive(Clone, Debug)]
pub struct Config {
    /// An empty directory.
    pub scratch: PathBuf,
    /// This program, whose processes are killed.
    pub program: PathBuf,
    /// Seed of everything that is drawn.
    pub seed: u64,
    /// How much.
    pub scale: Scale,
    /// With a bug in what is tested, so that the plan must fail.
    pub planted: bool,
}

/// What a plan found.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// The plan's name.
    pub plan: &'static str,
    /// What is promised.
    pub promise: &'static str,
    /// How often it was tried.
    pub tried: u64,
    /// What else was counted.
    pub counts: Vec<(&'static str, u64)>,
    /// Broken promises, in words.
    pub broken: Vec<String>,
    /// Why it could not be tried; none when it was.
    pub skipped: Option<String>,
    /// How long it took.
    pub seconds: f64,
}

impl HarmPlan {
    /// All, in the order in which they are run.
    pub const ALL: [Self; 8] = [
        Self::Crash,
        Self::Accounts,
        Self::Power,
        Self::Disk,
        Self::Corruption,
        Self::Backup,
        Self::Interrupted,
        Self::Hostile,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Crash => "crash",
            Self::Accounts => "accounts",
            Self::Power => "power",
            Self::Disk => "disk",
            Self::Corruption => "corruption",
            Self::Backup => "backup",
            Self::Interrupted => "interrupted",
            Self::Hostile => "hostile",
        }
    }

    /// What is promised.
    pub(super) fn promise(self) -> &'static str {
        match self {
            Self::Crash => "kill -9 loses no acknowledged write and leaves none half done",
            Self::Accounts => {
                "kill -9 loses no account, keeps none that was deleted, forks no sign-in"
            }
            Self::Power => "a power cut loses no acknowledged write; the store opens",
            Self::Disk => "a full disk refuses writes, not reads; writes resume in 10 s",
            Self::Corruption => "damage is noticed or harmless: no wrong answer",
            Self::Backup => "a backup under load restores its snapshot, twice the same",
            Self::Interrupted => "a killed backup or restore leaves the old or the new",
            Self::Hostile => "a hostile archive writes nothing outside and is refused",
        }
    }
}

impl std::str::FromStr for HarmPlan {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let names = Self::ALL.map(Self::name).join(", ");
        let found = Self::ALL.into_iter().find(|plan| plan.name() == text);
        found.ok_or_else(|| format!("the plans are {names}"))
    }
}

impl Outcome {
    /// True when the promise held wherever it was tried.
    pub fn held(&self) -> bool {
        self.broken.is_empty()
    }
}
