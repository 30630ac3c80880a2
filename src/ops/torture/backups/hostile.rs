//! Archives that mean harm, restored over good data.

use std::fs;
use std::io::{self, BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdout};
use std::time::Instant;

use anyhow::Context as _;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::bench::{Bench, names};
use super::super::load::{self, Seen};
use super::super::process::{Worker, say};
use crate::data_dir::STORE;
use crate::ops::backup::{BackupJob, Key, Origin, Restore, hostile, unwatched};

/// Names that the processes of this program agree on.
const DATA: &str = "data";
const CASE: &str = "hostile";
const KEY: &str = "key";
/// Memory that refusing them all may take beyond what the process has anyway.
const MEMORY_BYTES: u64 = 64 << 20;
/// Seconds that one of them may take.
const SECONDS: f64 = 2.0;
const CHAPTERS: u32 = 20;

/// What became of one of them.
#[derive(Debug, Serialize, Deserialize)]
struct Answer {
    refused: bool,
    seconds: f64,
    /// Most memory the process has had, beyond what it began with.
    grown_bytes: u64,
}

pub(in crate::ops::torture) fn run(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let dir = bench.fresh()?;
    let (plain, sealed) = archives(&dir)?;
    let data = dir.join(DATA);
    let good = blake3::hash(&fs::read(data.join(STORE))?);
    let outside = names(&dir)?;
    let mut restorer = Restorer::start(bench, &dir)?;
    for case in hostile::cases(&plain, &sealed)? {
        bench.tried += 1;
        fs::write(data.join(CASE), case.bytes())?;
        let Some(answer) = restorer.restore()? else {
            bench.break_promise(format!("{} ended the process", case.name));
            return Ok(());
        };
        judge(bench, &case, &answer);
        if names(&dir)? != outside {
            bench.break_promise(format!("{} wrote outside", case.name));
        }
        let same = fs::read(data.join(STORE)).is_ok_and(|bytes| blake3::hash(&bytes) == good);
        if !same && load::look(&data) != Seen::Chapters(CHAPTERS) {
            bench.break_promise(format!("{} changed the data", case.name));
        }
    }
    Ok(restorer.end()?)
}

fn judge(bench: &mut Bench<'_>, case: &hostile::Case, answer: &Answer) {
    match answer.refused {
        true => bench.count("refused"),
        false if case.must_refuse => bench.break_promise(format!("{} was taken", case.name)),
        false => bench.count("harmless"),
    }
    bench.at_least("ms the slowest", (answer.seconds * 1000.0) as u64);
    bench.at_least("MiB more memory", answer.grown_bytes >> 20);
    if answer.grown_bytes > MEMORY_BYTES {
        bench.break_promise(format!("{}: too much memory", case.name));
    }
    if answer.seconds > SECONDS {
        bench.break_promise(format!("{} took {:.1} s", case.name, answer.seconds));
    }
}

/// A process that restores what it is told to: its memory is that of restoring,
/// not of making archives.
struct Restorer {
    child: Child,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Restorer {
    fn start(bench: &Bench<'_>, dir: &Path) -> anyhow::Result<Self> {
        let mut child = bench.start(Worker::Hostile, dir)?;
        let out = child.stdout.take().context("no pipe")?;
        Ok(Self {
            child,
            answers: BufReader::new(out).lines(),
        })
    }

    /// `None` when the process has ended.
    fn restore(&mut self) -> anyhow::Result<Option<Answer>> {
        if let Some(input) = &mut self.child.stdin {
            writeln!(input)?;
        }
        let line = self.answers.next().transpose()?;
        Ok(line.map(|line| serde_json::from_str(&line)).transpose()?)
    }

    fn end(mut self) -> io::Result<()> {
        drop(self.child.stdin.take());
        self.child.wait().map(drop)
    }
}

/// Restores what lies ready at each line of standard input, and says how it went.
pub(in crate::ops::torture) fn restore_each(dir: &Path, planted: bool) -> anyhow::Result<()> {
    let key = Key::from_key_file(&dir.join(KEY))?;
    let data = dir.join(DATA);
    let before = memory_bytes("VmRSS:");
    for line in io::stdin().lines() {
        line?;
        let begun = Instant::now();
        let restored = Restore {
            data: &data,
            key: Some(&key),
            force: true,
            now: Timestamp::UNIX_EPOCH,
            prepare: &|_| Ok(()),
            watch: &unwatched,
        }
        .perform(&data.join(CASE));
        if planted {
            fs::write(dir.join("escaped"), "outside")?;
        }
        let answer = Answer {
            refused: restored.is_err(),
            seconds: begun.elapsed().as_secs_f64(),
            grown_bytes: memory_bytes("VmHWM:").saturating_sub(before),
        };
        say(&serde_json::to_string(&answer)?)?;
    }
    Ok(())
}

/// A plain and a sealed backup of a store with a model.
fn archives(dir: &Path) -> anyhow::Result<(Vec<u8>, Vec<u8>)> {
    let data = dir.join(DATA);
    fs::create_dir_all(data.join("models/2025-abcdef12"))?;
    fs::write(data.join("models/2025-abcdef12/card.md"), "a card")?;
    let store = load::open(&data)?;
    for n in 0..CHAPTERS {
        load::write(&store, n)?;
    }
    let file = dir.join(KEY);
    Key::make_file(&file)?;
    let key = Key::from_key_file(&file)?;
    let archive = |key: Option<&Key>, name: &str| {
        let path = dir.join(name);
        BackupJob {
            origin: Origin::Store(&store),
            data: &data,
            key,
            now: Timestamp::UNIX_EPOCH,
            watch: &unwatched,
        }
        .to_file(&path)?;
        anyhow::Ok(fs::read(path)?)
    };
    Ok((archive(None, "plain")?, archive(Some(&key), "sealed")?))
}

/// What the system says of this process's memory; 0 where it says nothing.
fn memory_bytes(what: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(what));
    let kib = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    kib.unwrap_or(0) << 10
}
