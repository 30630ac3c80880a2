//! A disk that is full, and has room again: a small one in memory, filled for real.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use super::bench::Bench;
use super::load::{self, Seen};
use crate::store::{Store, StoreError};

/// Size of the disk, and of what is deleted to make room.
const SIZE: &str = "size=12m";
const BALLAST_BYTES: usize = 4 << 20;
/// How soon writes must resume.
const SOON: Duration = Duration::from_secs(10);
/// Writes after which a disk of that size must be full.
const MOST: u32 = 200_000;

pub(super) fn run(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    for _ in 0..bench.times(1, 3, 20) {
        let dir = bench.fresh()?;
        let Some(_disk) = SmallDisk::mount(&dir) else {
            bench.skipped = Some("only root may mount a small disk in memory".to_owned());
            return Ok(());
        };
        bench.tried += 1;
        fill_and_make_room(bench, &dir)?;
    }
    Ok(())
}

fn fill_and_make_room(bench: &mut Bench<'_>, dir: &Path) -> anyhow::Result<()> {
    let ballast = dir.join("ballast");
    fs::write(&ballast, vec![7; BALLAST_BYTES])?;
    let store = load::open(dir)?;
    let mut kept = write_until_full(bench, &store);
    look(bench, &store, kept);
    fs::remove_file(&ballast)?;
    let begun = Instant::now();
    while let Err(error) = load::write(&store, kept) {
        if begun.elapsed() > SOON {
            bench.break_promise(format!("there is room again, and writes fail: {error}"));
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    kept += 1;
    *bench
        .counts
        .entry("ms until writes resumed, in all")
        .or_default() += begun.elapsed().as_millis() as u64;
    look(bench, &store, kept);
    drop(store);
    if bench.broken.is_empty() {
        judge(bench, load::look(dir), kept, "after it was opened again");
    }
    Ok(())
}

/// Chapters that were acknowledged.
fn write_until_full(bench: &mut Bench<'_>, store: &Store) -> u32 {
    for n in 0..MOST {
        match load::write(store, n) {
            Ok(()) => {}
            Err(StoreError::Full { .. }) if bench.config.planted => return n + 1,
            Err(StoreError::Full { .. }) => return n,
            Err(error) => {
                bench.break_promise(format!("a full disk is called otherwise: {error}"));
                return n;
            }
        }
    }
    bench.break_promise("the disk never was full");
    MOST
}

fn look(bench: &mut Bench<'_>, store: &Store, kept: u32) {
    judge(
        bench,
        load::read(store),
        kept,
        "while the disk was full or had room again",
    );
}

fn judge(bench: &mut Bench<'_>, seen: Seen, kept: u32, when: &str) {
    match seen {
        // A write whose end is not known may have been kept.
        Seen::Chapters(held) if held == kept || held == kept + 1 => {}
        seen => bench.break_promise(format!("{kept} acknowledged, {when}: {seen:?}")),
    }
}

/// A disk in memory, unmounted in the end.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(dir: &Path) -> Option<Self> {
        let mut command = Command::new("mount");
        command
            .args(["-t", "tmpfs", "-o", SIZE, "afwd-torture"])
            .arg(dir);
        let done = command.output().is_ok_and(|output| output.status.success());
        done.then(|| Self(dir.to_owned()))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Nothing is left to do when it can't be unmounted but to leave it.
        let _ = Command::new("umount").arg(&self.0).output();
    }
}
