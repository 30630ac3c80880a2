use std::io::{self, Write};
use std::path::Path;
use std::thread;
use std::time::Duration;

use super::backups::{hostile, interrupted};
use super::load::{self, Seen};

/// What another process of this program does for a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worker {
    /// Writes, and prints the number of each write that was acknowledged.
    Write,
    /// Makes a backup.
    Backup,
    /// Restores one.
    Restore,
    /// Restores hostile archives as it is told to, and prints what happened.
    Hostile,
}

impl Worker {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Write => "write",
            Self::Backup => "backup",
            Self::Restore => "restore",
            Self::Hostile => "hostile",
        }
    }
}

impl std::str::FromStr for Worker {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let all = [Self::Write, Self::Backup, Self::Restore, Self::Hostile];
        let found = all.into_iter().find(|worker| worker.name() == text);
        found.ok_or_else(|| format!("there is no work `{text}`"))
    }
}

/// Does `worker`'s work in `dir`, until it is done or the process is killed.
///
/// # Errors
/// When it fails.
pub fn work(worker: Worker, dir: &Path, planted: bool) -> anyhow::Result<()> {
    match worker {
        Worker::Write => write(dir, planted),
        Worker::Backup => interrupted::back_up_in(dir),
        Worker::Restore => interrupted::restore_in(dir),
        Worker::Hostile => hostile::restore_each(dir, planted),
    }
}

/// The planted bug: it says that it has written before it has.
fn write(dir: &Path, planted: bool) -> anyhow::Result<()> {
    let store = load::open(dir)?;
    let Seen::Chapters(first) = load::read(&store) else {
        anyhow::bail!("the store is not whole");
    };
    for n in first.. {
        if planted {
            say(&n.to_string())?;
            thread::sleep(Duration::from_millis(50));
        }
        load::write(&store, n)?;
        if !planted {
            say(&n.to_string())?;
        }
    }
    Ok(())
}

/// Prints a line at once, for the process that listens.
pub(super) fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
