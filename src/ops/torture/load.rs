//! What is written while harm is done: chapters, one after the other, each over
//! three tables in one transaction.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::domain::ProspectId;
use crate::store::{
    Config, OpenError, Opening, PlayerFacts, Quarantined, Reserve, Store, StoreError,
};

const FIRST: u32 = 700_000;
const SOURCE: &str = "torture";

/// What a store turns out to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// So many chapters, all whole.
    Chapters(u32),
    /// It says that it can't answer.
    Refused(String),
    /// A wrong answer, or a panic.
    Wrong(String),
}

/// A store for chapters: it writes to the last byte, and nearly every read reaches
/// the disk.
pub(super) fn config(dir: &Path) -> Config {
    Config {
        cache_bytes: 64 << 10,
        reserve: Reserve::Bytes(0),
        ..Config::new(dir)
    }
}

/// Opens or makes a store for chapters.
pub(super) fn open(dir: &Path) -> Result<Store, OpenError> {
    Store::open(&config(dir), Opening::CreateIfAbsent)
}

/// Writes chapter `n`; it is on disk when this returns.
pub(super) fn write(store: &Store, n: u32) -> Result<(), StoreError> {
    write_named(store, n, name(n))
}

/// Writes another text in place of chapter `n`: a bug to be found.
pub(super) fn write_wrongly(store: &Store, n: u32) -> Result<(), StoreError> {
    write_named(store, n, "not what was said".to_owned())
}

fn write_named(store: &Store, n: u32, name: String) -> Result<(), StoreError> {
    let row = Quarantined {
        file: format!("chapter-{n:06}"),
        line: 1,
        kind: SOURCE.to_owned(),
        reason: name.clone(),
        row: String::new(),
    };
    let facts = PlayerFacts {
        name,
        name_rank: 1,
        ..PlayerFacts::default()
    };
    store.write(|tx| {
        tx.put_players(&[(ProspectId(FIRST + n), facts)])?;
        tx.put_quarantined(&row.file, std::slice::from_ref(&row))?;
        tx.change_source(SOURCE, |state| {
            state.rows = state.rows.max(u64::from(n) + 1);
        })
    })
}

/// Opens the store in `dir`, which must exist, and reads everything.
pub(super) fn look(dir: &Path) -> Seen {
    look_with(&config(dir))
}

/// As [`look`].
pub(super) fn look_with(config: &Config) -> Seen {
    let looked = catch_unwind(AssertUnwindSafe(|| {
        match Store::open(config, Opening::MustExist) {
            Ok(store) => read(&store),
            Err(error) => Seen::Refused(error.to_string()),
        }
    }));
    looked.unwrap_or_else(|_| Seen::Wrong("a panic".to_owned()))
}

/// Reads everything.
pub(super) fn read(store: &Store) -> Seen {
    let read = store.read(|tx| {
        let rows = tx.source(SOURCE)?.rows;
        Ok((rows, tx.prospects()?, tx.quarantined(usize::MAX)?))
    });
    let (rows, players, reasons) = match read {
        Ok(read) => read,
        Err(error) => return Seen::Refused(error.to_string()),
    };
    if players.len() as u64 != rows || reasons.len() as u64 != rows {
        return Seen::Wrong(format!(
            "{rows} chapters counted, {} and {} kept",
            players.len(),
            reasons.len()
        ));
    }
    for (n, (player, reason)) in (0..).zip(players.iter().zip(&reasons)) {
        let expected = name(n);
        let same = player.id == ProspectId(FIRST + n)
            && player.name == expected
            && reason.reason == expected;
        if !same {
            return Seen::Wrong(format!("chapter {n} is not what was written"));
        }
    }
    Seen::Chapters(players.len() as u32)
}

fn name(n: u32) -> String {
    format!("Chapter {n} {}", "x".repeat(n as usize % 400))
}
