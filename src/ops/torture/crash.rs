//! Kills of a process that writes. What it acknowledged is written down outside.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::thread;
use std::time::Duration;

use super::bench::Bench;
use super::load::{Seen, look};
use super::process::Worker;
use crate::data_dir::STORE;

/// Chapters after which a new store is begun: reading all of them takes time.
const MOST: u32 = 1500;

pub(super) fn run(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let mut dir = bench.fresh()?;
    for _ in 0..bench.times(4, 100, 1000) {
        bench.tried += 1;
        let acknowledged = write_and_kill(bench, &dir)?;
        let held = judge(bench, &dir, acknowledged);
        if held > MOST || !bench.broken.is_empty() {
            dir = bench.fresh()?;
        }
    }
    Ok(())
}

/// The number of chapters the process said it had kept before it was killed.
fn write_and_kill(bench: &mut Bench<'_>, dir: &Path) -> anyhow::Result<u32> {
    let mut child = bench.start(Worker::Write, dir)?;
    let out = child.stdout.take();
    let heard = thread::spawn(move || {
        let lines = out.map(BufReader::new).into_iter().flat_map(BufRead::lines);
        let numbers = lines
            .map_while(Result::ok)
            .filter_map(|line| line.parse().ok());
        numbers.last().map_or(0, |last: u32| last + 1)
    });
    thread::sleep(Duration::from_millis(bench.dice.u64(5..500)));
    child.kill()?;
    child.wait()?;
    Ok(heard.join().unwrap_or(0))
}

fn judge(bench: &mut Bench<'_>, dir: &Path, acknowledged: u32) -> u32 {
    if acknowledged == 0 && !dir.join(STORE).exists() {
        bench.count("killed before the first write");
        return 0;
    }
    match look(dir) {
        Seen::Chapters(held) => {
            if held < acknowledged {
                bench.break_promise(format!("{acknowledged} writes acknowledged, {held} kept"));
            }
            *bench
                .counts
                .entry("acknowledged writes checked")
                .or_default() += u64::from(held);
            held
        }
        Seen::Refused(reason) => {
            // Killed while the store was being made: nothing was promised yet.
            if acknowledged > 0 {
                bench.break_promise(format!("the store does not open: {reason}"));
            }
            MOST + 1
        }
        Seen::Wrong(what) => {
            bench.break_promise(what);
            MOST + 1
        }
    }
}
