//! What the store and its backups promise, put to the test on the host's own
//! machine: kills, power cuts, full disks, flipped bits, hostile archives.
//!
//! Each plan does harm in a scratch directory and looks for a broken promise. So
//! that a plan that finds nothing means something, each can be run with a planted
//! bug, which it must find ([`Config::planted`]).
//!
//! Invariants: nothing outside [`Config::scratch`] is written; a seed repeats the
//! choices of every plan that does not depend on when a process is killed.

mod backups;
mod bench;
mod corruption;
mod crash;
mod disk;
mod load;
mod power;
mod worker;

use std::path::PathBuf;
use std::time::Instant;

use bench::Bench;
use serde::Serialize;

pub use worker::{Worker, work};

/// Harm to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Plan {
    /// `kill -9` of a process that writes.
    Crash,
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

impl Plan {
    /// All, in the order in which they are run.
    pub const ALL: [Self; 7] = [
        Self::Crash,
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
            Self::Power => "power",
            Self::Disk => "disk",
            Self::Corruption => "corruption",
            Self::Backup => "backup",
            Self::Interrupted => "interrupted",
            Self::Hostile => "hostile",
        }
    }

    fn promise(self) -> &'static str {
        match self {
            Self::Crash => "kill -9 loses no acknowledged write and leaves none half done",
            Self::Power => "a power cut loses no acknowledged write; the store opens",
            Self::Disk => "a full disk refuses writes, not reads; writes resume in 10 s",
            Self::Corruption => "damage is noticed or harmless: no wrong answer",
            Self::Backup => "a backup under load restores its snapshot, twice the same",
            Self::Interrupted => "a killed backup or restore leaves the old or the new",
            Self::Hostile => "a hostile archive writes nothing outside and is refused",
        }
    }

    /// Carries it out.
    ///
    /// # Errors
    /// When the scratch directory can't be used, or this program not be run; what
    /// the plan finds is no error.
    pub fn run(self, config: &Config) -> anyhow::Result<Outcome> {
        let begun = Instant::now();
        let mut bench = Bench::new(self, config)?;
        match self {
            Self::Crash => crash::run(&mut bench)?,
            Self::Power => power::run(&mut bench)?,
            Self::Disk => disk::run(&mut bench)?,
            Self::Corruption => corruption::run(&mut bench)?,
            Self::Backup => backups::run(&mut bench)?,
            Self::Interrupted => backups::interrupted::run(&mut bench)?,
            Self::Hostile => backups::hostile::run(&mut bench)?,
        }
        Ok(Outcome {
            plan: self.name(),
            promise: self.promise(),
            tried: bench.tried,
            counts: bench.counts.into_iter().collect(),
            broken: bench.broken,
            skipped: bench.skipped,
            seconds: begun.elapsed().as_secs_f64(),
        })
    }
}

impl std::str::FromStr for Plan {
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
