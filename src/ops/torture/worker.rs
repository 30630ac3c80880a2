//! What this program does when it is a process of a plan, to be killed.

use std::path::Path;
use std::thread;
use std::time::Duration;

use super::accounts;
use super::backups::{hostile, interrupted};
use super::load::{self, Seen};
use super::process::{Worker, say};

/// Does `worker`'s work in `dir`, until it is done or the process is killed.
///
/// # Errors
/// When it fails.
pub fn work(worker: Worker, dir: &Path, planted: bool) -> anyhow::Result<()> {
    match worker {
        Worker::Write => write(dir, planted),
        Worker::Accounts => accounts::let_in(dir, planted),
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
