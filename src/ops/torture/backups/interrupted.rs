//! Kills of backups and of restores.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::super::bench::{Bench, names};
use super::super::load::{self, Seen};
use super::super::process::Worker;
use super::{back_up, restore};
use crate::ops::backup::{recover, verify};

/// Chapters of the data that a restore replaces, and of the backup.
const OLD: u32 = 30;
const NEW: u32 = 90;
/// Names that the processes of this program agree on.
const ARCHIVE: &str = "backup.tar.zst";
const DATA: &str = "data";
/// Undisturbed runs, so that kills fall into the work and not behind it.
const WARM_UPS: u32 = 3;

pub(in crate::ops::torture) fn run(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let template = template(bench)?;
    let longest = [
        undisturbed(bench, Worker::Backup, &template)?,
        undisturbed(bench, Worker::Restore, &template)?,
    ];
    for turn in 0..bench.times(4, 20, 200) {
        bench.tried += 1;
        match turn % 2 {
            0 => killed_backup(bench, longest[0])?,
            _ => killed_restore(bench, longest[1], &template)?,
        }
    }
    Ok(())
}

/// How long it takes at best when nobody kills it.
fn undisturbed(bench: &mut Bench<'_>, work: Worker, template: &[u8]) -> anyhow::Result<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..WARM_UPS {
        let dir = bench.fresh()?;
        fill(&dir.join(DATA), NEW)?;
        if work == Worker::Restore {
            fs::write(dir.join(ARCHIVE), template)?;
        }
        let begun = Instant::now();
        let ended = bench.start(work, &dir)?.wait()?;
        anyhow::ensure!(ended.success(), "an undisturbed {work:?} failed: {ended}");
        best = best.min(begun.elapsed());
    }
    Ok(best)
}

/// What the processes do until they are killed.
pub(in crate::ops::torture) fn back_up_in(dir: &Path) -> anyhow::Result<()> {
    let data = dir.join(DATA);
    let store = load::open(&data)?;
    back_up(&store, &data, &dir.join(ARCHIVE))?;
    Ok(())
}

/// As [`back_up_in`].
pub(in crate::ops::torture) fn restore_in(dir: &Path) -> anyhow::Result<()> {
    restore(&dir.join(DATA), &dir.join(ARCHIVE))?;
    Ok(())
}

/// A backup of [`NEW`] chapters.
fn template(bench: &mut Bench<'_>) -> anyhow::Result<Vec<u8>> {
    let dir = bench.fresh()?;
    fill(&dir.join(DATA), NEW)?;
    back_up_in(&dir)?;
    Ok(fs::read(dir.join(ARCHIVE))?)
}

fn fill(dir: &Path, chapters: u32) -> anyhow::Result<()> {
    fs::create_dir_all(dir)?;
    let store = load::open(dir)?;
    for n in 0..chapters {
        load::write(&store, n)?;
    }
    Ok(())
}

fn kill_at_some_time(
    bench: &mut Bench<'_>,
    work: Worker,
    dir: &Path,
    longest: Duration,
) -> anyhow::Result<()> {
    let mut child = bench.start(work, dir)?;
    thread::sleep(longest.mul_f64(bench.dice.f64()));
    if child.try_wait()?.is_some() {
        bench.count("of them finished before");
    }
    child.kill()?;
    child.wait()?;
    Ok(())
}

fn killed_backup(bench: &mut Bench<'_>, longest: Duration) -> anyhow::Result<()> {
    let dir = bench.fresh()?;
    fill(&dir.join(DATA), NEW)?;
    kill_at_some_time(bench, Worker::Backup, &dir, longest)?;
    let archive = dir.join(ARCHIVE);
    if bench.config.planted {
        fs::write(&archive, b"half of it")?;
    }
    if archive.exists()
        && let Err(error) = verify(&archive, None, &dir)
    {
        bench.break_promise(format!("a half made backup has its name: {error}"));
    }
    match load::look(&dir.join(DATA)) {
        Seen::Chapters(NEW) => {}
        seen => bench.break_promise(format!("a backup changed the data: {seen:?}")),
    }
    // The next backup clears away what the killed one left.
    fs::remove_file(&archive).or_else(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    })?;
    back_up_in(&dir)?;
    let left: Vec<_> = names(&dir)?
        .into_iter()
        .filter(|name| name != DATA && name != ARCHIVE)
        .collect();
    if !left.is_empty() {
        bench.break_promise(format!("a killed backup left {}", left.join(", ")));
    }
    Ok(())
}

fn killed_restore(bench: &mut Bench<'_>, longest: Duration, template: &[u8]) -> anyhow::Result<()> {
    let dir = bench.fresh()?;
    let data = dir.join(DATA);
    fill(&data, OLD)?;
    fs::write(dir.join(ARCHIVE), template)?;
    kill_at_some_time(bench, Worker::Restore, &dir, longest)?;
    recover(&data)?;
    if bench.config.planted {
        load::write(&load::open(&data)?, NEW)?;
    }
    match load::look(&data) {
        Seen::Chapters(OLD) => bench.count("old"),
        Seen::Chapters(NEW) => bench.count("new"),
        seen => bench.break_promise(format!("neither the old data nor the new: {seen:?}")),
    }
    Ok(())
}
