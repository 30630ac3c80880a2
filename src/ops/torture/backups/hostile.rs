//! Archives that mean harm, restored over good data.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::super::Worker;
use super::super::bench::Bench;
use super::super::load::{self, Seen};
use crate::ops::backup::{Job, Key, Origin, Restore, hostile, unwatched};
use crate::store::FILE;

/// Memory that refusing them all may take beyond what the process has anyway.
const MEMORY_BYTES: u64 = 64 << 20;
/// Seconds that one of them may take.
const SECONDS: f64 = 2.0;
const CHAPTERS: u32 = 20;

/// What a process found that restored them all.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Report {
    cases: u64,
    refused: u64,
    grown_bytes: u64,
    slowest: (f64, String),
    broken: Vec<String>,
}

pub(in crate::ops::torture) fn run(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let dir = bench.fresh()?;
    let mut child = bench.start(Worker::Hostile, &dir)?;
    let mut said = String::new();
    if let Some(out) = child.stdout.as_mut() {
        out.read_to_string(&mut said)?;
    }
    let ended = child.wait()?;
    let Ok(report) = serde_json::from_str::<Report>(&said) else {
        bench.break_promise(format!("the process that restored them ended: {ended}"));
        return Ok(());
    };
    bench.tried = report.cases;
    bench.counts.insert("refused", report.refused);
    bench
        .counts
        .insert("MiB more memory", report.grown_bytes >> 20);
    bench
        .counts
        .insert("ms the slowest", (report.slowest.0 * 1000.0) as u64);
    for how in report.broken {
        bench.break_promise(how);
    }
    if report.grown_bytes > MEMORY_BYTES {
        bench.break_promise(format!("{} MiB more memory", report.grown_bytes >> 20));
    }
    if report.slowest.0 > SECONDS {
        bench.break_promise(format!(
            "{} took {:.1} s",
            report.slowest.1, report.slowest.0
        ));
    }
    Ok(())
}

/// Restores them all and prints what happened.
pub(in crate::ops::torture) fn restore_all(dir: &Path, planted: bool) -> anyhow::Result<String> {
    let (plain, sealed, key) = archives(dir)?;
    let data = dir.join("data");
    let good = blake3::hash(&fs::read(data.join(FILE))?);
    let outside = names(dir)?;
    let mut report = Report::default();
    for case in hostile::cases(&plain, &sealed)? {
        let archive = data.join("hostile");
        fs::write(&archive, case.bytes())?;
        forget_peak();
        let before = memory_bytes("VmRSS:");
        let begun = Instant::now();
        let restored = Restore {
            data: &data,
            key: case.name.contains("seal").then_some(&key),
            force: true,
            now: jiff::Timestamp::UNIX_EPOCH,
            prepare: &|_| Ok(()),
            watch: &unwatched,
        }
        .perform(&archive);
        let seconds = begun.elapsed().as_secs_f64();
        if seconds > report.slowest.0 {
            report.slowest = (seconds, case.name.clone());
        }
        let grown = memory_bytes("VmHWM:").saturating_sub(before);
        report.grown_bytes = report.grown_bytes.max(grown);
        report.cases += 1;
        if planted {
            fs::write(dir.join("escaped"), "outside")?;
        }
        match restored {
            Err(_) => report.refused += 1,
            Ok(_) if case.must_refuse => report.broken.push(format!("{} was taken", case.name)),
            Ok(_) => {}
        }
        if names(dir)? != outside {
            report.broken.push(format!("{} wrote outside", case.name));
        }
        let same = fs::read(data.join(FILE)).is_ok_and(|bytes| blake3::hash(&bytes) == good);
        if !same && load::look(&data) != Seen::Chapters(CHAPTERS) {
            report
                .broken
                .push(format!("{} changed the data", case.name));
        }
    }
    Ok(serde_json::to_string(&report)?)
}

/// A plain and a sealed backup of a store with a model, and the key.
fn archives(dir: &Path) -> anyhow::Result<(Vec<u8>, Vec<u8>, Key)> {
    let data = dir.join("data");
    fs::create_dir_all(data.join("models/2025-abcdef12"))?;
    fs::write(data.join("models/2025-abcdef12/card.md"), "a card")?;
    let store = load::open(&data)?;
    for n in 0..CHAPTERS {
        load::write(&store, n)?;
    }
    let file = dir.join("key");
    Key::make_file(&file)?;
    let key = Key::from_key_file(&file)?;
    let archive = |key: Option<&Key>, name: &str| {
        let path = dir.join(name);
        Job {
            origin: Origin::Store(&store),
            data: &data,
            key,
            now: jiff::Timestamp::UNIX_EPOCH,
            watch: &unwatched,
        }
        .to_file(&path)?;
        anyhow::Ok(fs::read(path)?)
    };
    Ok((archive(None, "plain")?, archive(Some(&key), "sealed")?, key))
}

fn names(dir: &Path) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Begins to measure the most memory anew, where the system can do that.
fn forget_peak() {
    // Without it the peak counts what making the archive took, which is more.
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// What the system says of this process's memory; 0 where it says nothing.
fn memory_bytes(what: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(what));
    let kib = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    kib.unwrap_or(0) << 10
}
