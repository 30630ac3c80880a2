//! What the store and its backups promise, put to the test on the host's own
//! machine: kills, power cuts, full disks, flipped bits, hostile archives.
//!
//! Each plan does harm in a scratch directory and looks for a broken promise. So
//! that a plan that finds nothing means something, each can be run with a planted
//! bug, which it must find ([`Config::planted`]).
//!
//! Invariants: nothing outside [`Config::scratch`] is written; a seed repeats the
//! choices of every plan that does not depend on when a process is killed.

mod accounts;
mod backups;
mod bench;
mod corruption;
mod crash;
mod disk;
mod load;
mod plan;
mod power;
mod process;
mod worker;

use std::time::Instant;

use bench::Bench;

pub use plan::{Config, HarmPlan, Outcome, Scale};
pub use process::Worker;
pub use worker::work;

impl HarmPlan {
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
            Self::Accounts => accounts::run(&mut bench)?,
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
