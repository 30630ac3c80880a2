//! Bits that changed while nobody looked.

use std::fs;
use std::path::Path;

use afwd::store::{Opening, Store};
use tempfile::TempDir;

use super::ledger::Ledger;
use super::{config, open};

/// What became of a damaged file.
#[derive(Debug, Default)]
struct Tally {
    refused: u32,
    errors: u32,
    harmless: u32,
}

/// Numbers that look random and are the same in every run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

/// A closed store without room to spare, so that most of its bytes count, and
/// what it holds.
fn closed_store(dir: &Path) -> (Vec<u8>, Ledger) {
    let grown = TempDir::new().expect("a directory");
    let mut ledger = Ledger::default();
    let store = open(&config(grown.path()));
    for round in 1..6 {
        ledger.put(&store, 0..1500, round).expect("a write");
    }
    let file = dir.join("afwd.redb");
    store.export(&file).expect("a copy");
    (fs::read(file).expect("the file"), ledger)
}

fn try_out(dir: &Path, bytes: &[u8], ledger: &mut Ledger, tally: &mut Tally) {
    fs::write(dir.join("afwd.redb"), bytes).expect("a file");
    let Ok(store) = Store::open(&config(dir), Opening::MustExist) else {
        tally.refused += 1;
        return;
    };
    // Panics at a wrong answer.
    match ledger.check(&store) {
        Ok(()) => tally.harmless += 1,
        Err(_) => tally.errors += 1,
    }
}

#[test]
fn a_damaged_file_gives_no_wrong_answer() {
    let dir = TempDir::new().expect("a directory");
    let (sound, mut ledger) = closed_store(dir.path());
    let seed = 0x5eed_cafe_f00d_0001;
    println!("seed {seed:#x}, {} bytes", sound.len());
    let mut numbers = Numbers(seed);
    let mut tally = Tally::default();
    for _ in 0..100 {
        let mut bytes = sound.clone();
        bytes[numbers.below(sound.len())] ^= 1 << numbers.below(8);
        try_out(dir.path(), &bytes, &mut ledger, &mut tally);
    }
    println!("100 flipped bits: {tally:?}");
    assert!(tally.refused > 20, "{tally:?}");
    for _ in 0..20 {
        let mut bytes = sound.clone();
        let page = numbers.below(sound.len() / 4096) * 4096;
        bytes[page..page + 4096].fill(0);
        try_out(dir.path(), &bytes, &mut ledger, &mut tally);
        let cut = numbers.below(sound.len());
        try_out(dir.path(), &sound[..cut], &mut ledger, &mut tally);
    }
    println!("with 20 empty pages and 20 cuts: {tally:?}");
    try_out(dir.path(), &sound, &mut ledger, &mut tally);
}

#[test]
fn a_damaged_head_gives_no_wrong_answer() {
    let dir = TempDir::new().expect("a directory");
    let mut ledger = Ledger::default();
    let store = open(&config(dir.path()));
    for round in 1..6 {
        ledger.put(&store, 0..40, round).expect("a write");
    }
    drop(store);
    let sound = fs::read(dir.path().join("afwd.redb")).expect("the file");
    let mut tally = Tally::default();
    // The head's 64 bytes, and the two descriptions of the newest states.
    for bit in 0..(64 + 2 * 128) * 8 {
        let mut bytes = sound.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        try_out(dir.path(), &bytes, &mut ledger, &mut tally);
    }
    println!("every bit of the head: {tally:?}");
}

#[test]
fn a_store_killed_without_closing_opens_whole() {
    let dir = TempDir::new().expect("a directory");
    let mut ledger = Ledger::default();
    let store = open(&config(dir.path()));
    let copy = TempDir::new().expect("a directory");
    for round in 1..20 {
        ledger.put(&store, 0..60, round).expect("a write");
        // Between commits the file is what a killed process leaves.
        fs::copy(dir.path().join("afwd.redb"), copy.path().join("afwd.redb")).expect("a copy");
        let left = open(&config(copy.path()));
        ledger.check(&left).expect("everything that was committed");
    }
}
