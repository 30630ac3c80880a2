//! Power cuts. Everything the store does to its file is recorded; an image is what
//! a disk may hold when the power goes: all that was synced, and of what was not
//! any part, torn at sectors, in any order.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use parking_lot::{Mutex, MutexGuard};

use super::bench::Bench;
use super::load::{self, Seen};
use crate::data_dir::STORE;
use crate::store::{Config, Disk, DiskFile, Files, Opening, Store};

const SECTOR: usize = 512;
/// Bytes at the beginning of the file that redb calls its header.
const HEADER: u64 = 4096;
/// Chapters written before the power goes, at the most.
const CHAPTERS: u32 = 60;
/// Of so many images one loses power again while it is being opened.
const TWICE: u32 = 10;

#[derive(Clone, Debug)]
enum Op {
    Write(u64, Vec<u8>),
    Resize(u64),
    Sync,
    /// So many chapters have been acknowledged.
    Kept(u32),
}

/// The file system, with everything that is done to it.
#[derive(Clone, Debug, Default)]
struct Recorder(Arc<Mutex<Vec<Op>>>);

#[derive(Debug)]
struct Recorded(Recorder, Box<dyn DiskFile>);

pub(super) fn run(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let dir = bench.fresh()?;
    let (before, log) = record(&dir)?;
    let images = bench.times(30, 500, 10_000);
    let mut cuts: Vec<usize> = (0..images)
        .map(|_| bench.dice.usize(1..=log.len()))
        .collect();
    cuts.sort_unstable();
    let target = bench.fresh()?;
    let mut state = Replay::new(before, bench.config.planted);
    let mut next = log.iter();
    let mut done = 0;
    for (number, cut) in (0..).zip(cuts) {
        for op in next.by_ref().take(cut - done) {
            state.take(op);
        }
        done = cut;
        bench.tried += 1;
        let image = state.image(&mut bench.dice);
        judge(bench, &target, &image, state.kept)?;
        if number % TWICE == 0 {
            cut_again(bench, &target, &image, state.kept)?;
        }
    }
    Ok(())
}

/// A store that is written to: its file before, and what was done to it.
fn record(dir: &Path) -> anyhow::Result<(Vec<u8>, Vec<Op>)> {
    let store = load::open(dir)?;
    load::write(&store, 0)?;
    drop(store);
    let before = fs::read(dir.join(STORE))?;
    let recorder = Recorder::default();
    let store = Store::open(&recorder.config(dir), Opening::MustExist)?;
    recorder.log().insert(0, Op::Kept(1));
    for n in 1..CHAPTERS {
        load::write(&store, n)?;
        recorder.log().push(Op::Kept(n + 1));
    }
    drop(store);
    let log = std::mem::take(&mut *recorder.log());
    Ok((before, log))
}

fn judge(bench: &mut Bench<'_>, dir: &Path, image: &[u8], kept: u32) -> io::Result<()> {
    fs::write(dir.join(STORE), image)?;
    match load::look(dir) {
        Seen::Chapters(held) if held >= kept => {}
        Seen::Chapters(held) => bench.break_promise(format!("{kept} acknowledged, {held} kept")),
        Seen::Refused(reason) => bench.break_promise(format!("does not open: {reason}")),
        Seen::Wrong(what) => bench.break_promise(what),
    }
    Ok(())
}

/// The power goes again while the store is being repaired.
fn cut_again(bench: &mut Bench<'_>, dir: &Path, image: &[u8], kept: u32) -> anyhow::Result<()> {
    fs::write(dir.join(STORE), image)?;
    let recorder = Recorder::default();
    load::look_with(&recorder.config(dir));
    let log = std::mem::take(&mut *recorder.log());
    if log.is_empty() {
        return Ok(());
    }
    bench.count("of them cut off twice");
    let mut state = Replay::new(image.to_vec(), false);
    for op in &log[..bench.dice.usize(1..=log.len())] {
        state.take(op);
    }
    let image = state.image(&mut bench.dice);
    Ok(judge(bench, dir, &image, kept)?)
}

impl Recorder {
    fn config(&self, dir: &Path) -> Config {
        Config {
            disk: Arc::new(self.clone()),
            ..load::config(dir)
        }
    }

    fn log(&self) -> MutexGuard<'_, Vec<Op>> {
        self.0.lock()
    }
}

impl Disk for Recorder {
    fn open(&self, path: &Path, writable: bool) -> io::Result<Box<dyn DiskFile>> {
        let file = Files.open(path, writable)?;
        Ok(Box::new(Recorded(self.clone(), file)))
    }

    fn free(&self, path: &Path) -> io::Result<u64> {
        Files.free(path)
    }
}

impl DiskFile for Recorded {
    fn len(&self) -> io::Result<u64> {
        self.1.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.1.read(offset, out)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.log().push(Op::Write(offset, data.to_vec()));
        self.1.write(offset, data)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.log().push(Op::Resize(len));
        self.1.set_len(len)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.log().push(Op::Sync);
        self.1.sync()
    }
}

/// The file as far as the disk has promised to keep it, and what came since.
struct Replay {
    durable: Vec<u8>,
    pending: Vec<Op>,
    kept: u32,
    /// A disk that says it has synced and never does.
    lies: bool,
}

impl Replay {
    fn new(durable: Vec<u8>, lies: bool) -> Self {
        Self {
            durable,
            pending: Vec::new(),
            kept: 0,
            lies,
        }
    }

    fn take(&mut self, op: &Op) {
        match op {
            Op::Kept(chapters) => self.kept = *chapters,
            Op::Sync if self.lies => {}
            Op::Sync => {
                for op in std::mem::take(&mut self.pending) {
                    apply(&mut self.durable, &op, |_| true);
                }
            }
            Op::Write(..) | Op::Resize(_) => self.pending.push(op.clone()),
        }
    }

    /// What may be on the disk now.
    fn image(&self, dice: &mut fastrand::Rng) -> Vec<u8> {
        let mut image = self.durable.clone();
        let mode = dice.u8(0..5);
        let share = dice.f64();
        for op in &self.pending {
            apply(&mut image, op, |offset| match mode {
                0 => false,
                1 => true,
                2 => offset < HEADER,
                _ => dice.f64() < share,
            });
        }
        image
    }
}

/// Does `op` to the file, as far as `reaches` says that the sector at an offset
/// got there.
fn apply(file: &mut Vec<u8>, op: &Op, mut reaches: impl FnMut(u64) -> bool) {
    match op {
        Op::Resize(len) => {
            if reaches(0) {
                file.resize(*len as usize, 0);
            }
        }
        Op::Write(offset, data) => {
            for (at, sector) in data.chunks(SECTOR).enumerate() {
                let begin = *offset as usize + at * SECTOR;
                if !reaches(begin as u64) {
                    continue;
                }
                let end = begin + sector.len();
                if file.len() < end {
                    file.resize(end, 0);
                }
                file[begin..end].copy_from_slice(sector);
            }
        }
        Op::Sync | Op::Kept(_) => {}
    }
}
