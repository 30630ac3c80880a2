//! Backups made while the store is written to, and their restores.

pub(super) mod hostile;
pub(super) mod interrupted;

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;

use jiff::Timestamp;

use super::bench::Bench;
use super::load::{self, Seen};
use crate::ops::backup::{BackupJob, Made, Origin, Restore, Restored, Result, unwatched};
use crate::store::{Store, TableSum};

/// Chapters there are before the first backup.
const CHAPTERS: u32 = 200;
/// Name of the table of facts that a store has about itself, which opening may change.
const META: &str = "meta";

pub(super) fn run(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let data = bench.fresh()?;
    let store = load::open(&data)?;
    for n in 0..CHAPTERS {
        load::write(&store, n)?;
    }
    let written = AtomicU32::new(CHAPTERS);
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| keep_writing(&store, &written, &over));
        let tried = (0..bench.times(1, 5, 100)).try_for_each(|_| {
            bench.tried += 1;
            round(bench, &store, &data, &written)
        });
        over.store(true, Ordering::Release);
        tried
    })
}

fn keep_writing(store: &Store, written: &AtomicU32, over: &AtomicBool) {
    while !over.load(Ordering::Acquire) {
        let n = written.load(Ordering::Acquire);
        if load::write(store, n).is_ok() {
            written.store(n + 1, Ordering::Release);
        }
    }
}

fn round(
    bench: &mut Bench<'_>,
    store: &Store,
    data: &Path,
    written: &AtomicU32,
) -> anyhow::Result<()> {
    let archive = bench.fresh()?.join("backup.tar.zst");
    let before = written.load(Ordering::Acquire);
    let made = back_up(store, data, &archive)?;
    // A write may be on disk before it is counted.
    let after = written.load(Ordering::Acquire) + 1;
    if written.load(Ordering::Acquire) == before {
        bench.count("of them without a write meanwhile");
    }
    let mut seen = Vec::new();
    for _ in 0..2 {
        let target = bench.fresh()?;
        restore(&target, &archive)?;
        if bench.config.planted {
            load::write_wrongly(&load::open(&target)?, 3)?;
        }
        seen.push(restored(bench, &target, before..=after)?);
    }
    let promised: Vec<TableSum> = made.verified.manifest.tables;
    if seen
        .iter()
        .any(|tables| *tables != without_meta(promised.clone()))
    {
        bench.break_promise("a restored table is not what the snapshot held");
    }
    Ok(())
}

fn restored(
    bench: &mut Bench<'_>,
    dir: &Path,
    expected: std::ops::RangeInclusive<u32>,
) -> anyhow::Result<Vec<TableSum>> {
    match load::look(dir) {
        Seen::Chapters(held) if expected.contains(&held) => {}
        seen => bench.break_promise(format!("{expected:?} chapters expected: {seen:?}")),
    }
    let contents = load::open(dir)?.contents()?;
    Ok(without_meta(contents.tables))
}

fn without_meta(mut tables: Vec<TableSum>) -> Vec<TableSum> {
    tables.retain(|table| table.name != META);
    tables
}

fn back_up(store: &Store, data: &Path, archive: &Path) -> Result<Made> {
    BackupJob {
        origin: Origin::Store(store),
        data,
        key: None,
        now: Timestamp::UNIX_EPOCH,
        watch: &unwatched,
    }
    .to_file(archive)
}

fn restore(data: &Path, archive: &Path) -> Result<Restored> {
    Restore {
        data,
        key: None,
        force: true,
        now: Timestamp::UNIX_EPOCH,
        prepare: &|_| Ok(()),
        watch: &unwatched,
    }
    .perform(archive)
}
