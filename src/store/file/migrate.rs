//! Bringing a store of an older version up to date, when it is opened.
//!
//! A migration leads from one schema version to the next in steps. Each step is one
//! transaction, which also notes in `meta` which step is next; so a process that is
//! killed has done a step whole or not at all, and the next start goes on behind it.
//! Before the first step the file is copied to `before-schema-N.redb` beside it, and
//! the copy is checked page by page. To go back, stop the program, move that copy to
//! `afwd.redb` and use the older program.
//!
//! A program that does not know the version a store is on its way to refuses it
//! without changing the file.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use redb::{Database, Durability, ReadableDatabase, WriteTransaction};

use super::head::{Identity, Meta, SCHEMA, check_meta, identify, identity};
use super::reopen::{Opener, guarded};
use crate::data_dir::{BEFORE_SCHEMA, UNFINISHED_STORE};
use crate::store::error::{OpenError, StoreError};
use crate::store::tables::META;

/// Room that the copy leaves free.
const SPARE_BYTES: u64 = 32 << 20;

/// The migrations a program knows, and the version they lead to.
pub(super) struct Plan {
    /// Version of the tables and records.
    pub(super) head: u32,
    /// By the version they lead to, ascending without gaps.
    pub(super) migrations: &'static [Migration],
}

/// The way from one version to the next.
pub(super) struct Migration {
    /// The version it leads to.
    pub(super) to: u32,
    /// In order.
    pub(super) steps: &'static [Step],
}

/// One transaction of a migration. It finds what the step before it left.
pub(super) struct Step {
    /// What it does, for the log.
    pub(super) what: &'static str,
    /// Does it, with redb's own tables: those of `tables.rs` are of today.
    pub(super) run: fn(&WriteTransaction) -> Result<(), redb::Error>,
}

impl Plan {
    /// The plan of this program. Version 1 is the first, so nothing leads to it.
    pub(super) const TODAY: Self = Self {
        head: SCHEMA,
        migrations: &[Migration {
            to: 2,
            steps: &[Step {
                // Records that an older program can't read get the version that says so;
                // rows of version 1 are read as they stand, and new tables start empty.
                what: "boards of days may be kept in columns",
                run: |_| Ok(()),
            }],
        }],
    };

    /// Copies the file beside itself when a migration is about to begin; `seen` is
    /// what is in it.
    pub(super) fn copy_before(
        &self,
        opener: &Opener,
        seen: &Database,
        meta: &Meta,
    ) -> Result<(), OpenError> {
        if meta.schema >= self.head || meta.migrating.is_some() {
            return Ok(());
        }
        let path = &opener.path;
        let failed = |reason: String| OpenError::Migration {
            path: path.clone(),
            reason,
        };
        let own = guarded(|| Ok(seen.begin_read()?))
            .map_err(StoreError::from)
            .and_then(|tx| identity(&tx))
            .map_err(|error| failed(error.to_string()))?;
        if let Some(copy) = free_name(path, self.head, &own) {
            copy_checked(opener, &copy, self.head)
                .map_err(|error| failed(format!("no copy of it could be made first: {error}")))?;
            tracing::warn!(
                "before the store is brought up to date, a copy was made: {}",
                copy.display()
            );
        }
        Ok(())
    }

    /// Does what is left to do.
    pub(super) fn run(
        &self,
        database: &Database,
        path: &Path,
        meta: &Meta,
    ) -> Result<(), OpenError> {
        let failed = |reason: String| OpenError::Migration {
            path: path.to_owned(),
            reason,
        };
        for migration in self.migrations.iter().filter(|m| m.to > meta.schema) {
            let first = match meta.migrating {
                Some((to, next)) if to == migration.to => next as usize,
                _ => 0,
            };
            for (number, step) in migration.steps.iter().enumerate().skip(first) {
                tracing::info!("to version {} of the store: {}", migration.to, step.what);
                guarded(|| self.take(database, migration, number))
                    .map_err(|error| failed(format!("{}: {error}", step.what)))?;
            }
        }
        Ok(())
    }

    /// One step and the note of it, both or neither.
    fn take(
        &self,
        database: &Database,
        migration: &Migration,
        number: usize,
    ) -> Result<(), redb::Error> {
        let mut tx = database.begin_write()?;
        tx.set_durability(Durability::Immediate)?;
        tx.set_quick_repair(true);
        (migration.steps[number].run)(&tx)?;
        let mut next = Some((migration.to, number as u32 + 1));
        {
            let mut meta = tx.open_table(META)?;
            if number + 1 == migration.steps.len() {
                meta.insert("schema", migration.to.to_le_bytes().as_slice())?;
                // Until the last version is reached the note stays, and with it the copy.
                next = (migration.to < self.head).then_some((migration.to + 1, 0));
            }
            match next {
                Some((to, step)) => {
                    let note = [to, step].map(u32::to_le_bytes).concat();
                    meta.insert("migrating", note.as_slice())?;
                }
                None => drop(meta.remove("migrating")?),
            }
        }
        tx.commit()?;
        Ok(())
    }
}

/// A name for the copy that nothing has; `None` when the copy is there already.
fn free_name(path: &Path, head: u32, own: &Identity) -> Option<PathBuf> {
    let name = |number: u32| match number {
        1 => format!("{BEFORE_SCHEMA}{head}.redb"),
        _ => format!("{BEFORE_SCHEMA}{head}-{number}.redb"),
    };
    let copies = (1..).map(|number| path.with_file_name(name(number)));
    let mut copies = copies.take_while(|copy| identify(copy).as_ref() != Some(own));
    copies.find(|copy| !copy.exists())
}

/// Copies the file, which nobody writes now, and gives the copy its name once every
/// page of it agrees with its checksum.
fn copy_checked(opener: &Opener, copy: &Path, head: u32) -> io::Result<()> {
    let (path, needed) = (&opener.path, fs::metadata(&opener.path)?.len());
    let free = opener.disk.free(path)?;
    if free < needed.saturating_add(SPARE_BYTES) {
        let (needed, free) = (needed >> 20, free >> 20);
        return Err(io::Error::new(
            io::ErrorKind::StorageFull,
            format!("it takes {needed} MB and {free} MB are free; make room"),
        ));
    }
    let partial = copy.with_extension(UNFINISHED_STORE);
    fs::copy(path, &partial)?;
    File::open(&partial)?.sync_all()?;
    let copied = Opener {
        path: partial.clone(),
        ..opener.clone()
    };
    let database = guarded(|| copied.open_overlay(true)).map_err(io::Error::other)?;
    check_meta(&partial, &database, head).map_err(io::Error::other)?;
    drop(database);
    fs::rename(&partial, copy)?;
    sync_directory(path)
}

fn sync_directory(path: &Path) -> io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    File::open(dir)?.sync_all()
}

#[cfg(test)]
mod tests;
