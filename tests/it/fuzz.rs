//! Replays the corpus of the fuzz targets, and a bounded number of changes to it.

use std::fs;
use std::path::Path;

#[path = "../fuzz/targets.rs"]
mod targets;

use targets::{ALL, Target};

/// Changed inputs for each target; `AFWD_FUZZ` asks for more.
const CHANGES: usize = 150;
const LONGEST: usize = 64 << 10;

fn replay(name: &str, target: Target) {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fuzz/corpus")
        .join(name);
    let mut corpus = Vec::new();
    for entry in fs::read_dir(&dir).expect("a corpus") {
        corpus.push(fs::read(entry.expect("an entry").path()).expect("a file"));
    }
    corpus.sort();
    assert!(!corpus.is_empty(), "{} is empty", dir.display());
    corpus.iter().for_each(|input| target(input));
    let asked = std::env::var("AFWD_FUZZ").ok().and_then(|n| n.parse().ok());
    let mut dice = fastrand::Rng::with_seed(7);
    for _ in 0..asked.unwrap_or(CHANGES) {
        let mut input = corpus[dice.usize(..corpus.len())].clone();
        for _ in 0..dice.u8(1..6) {
            change(&mut input, &mut dice);
        }
        target(&input);
    }
}

/// As fuzzers change inputs: bits, numbers that break things, parts twice or gone.
fn change(input: &mut Vec<u8>, dice: &mut fastrand::Rng) {
    const NASTY: [&[u8]; 12] = [
        b"-1",
        b"99999999999999999999",
        b"NaN",
        b"1e400",
        b"",
        b"\"",
        b",",
        b"\0",
        b"\xff\xfe",
        b"null",
        b"5.3",
        b"{",
    ];
    let at = dice.usize(..=input.len());
    let end = (at + dice.usize(0..40)).min(input.len());
    match dice.u8(0..5) {
        0 if at < input.len() => input[at] ^= 1 << dice.u8(0..8),
        1 => drop(input.drain(at..end)),
        2 => input.truncate(at),
        3 => {
            let nasty = NASTY[dice.usize(..NASTY.len())];
            drop(input.splice(at..end, nasty.iter().copied()));
        }
        _ if input.len() < LONGEST => {
            let part = input[at..end].to_vec();
            drop(input.splice(at..at, part));
        }
        _ => {}
    }
}

#[test]
fn no_input_from_outside_panics() {
    for (name, target) in ALL {
        replay(name, target);
    }
}
