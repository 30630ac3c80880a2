//! Damage to closed files of each kind: flipped bits, cut-off files, zeroed pages.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::bench::{Bench, names};
use super::load::{self, Seen};
use crate::data_dir::STORE;
use crate::domain::ProspectId;
use crate::ml::Model;
use crate::ops::backup::{BackupJob, Manifest, Origin, unwatched, verify};
use crate::search::{Entry, Hit, Place, SearchIndex};
use crate::store::TableSum;

const CHAPTERS: u32 = 300;
const PAGE: usize = 4096;
/// Names in the index.
const NAMES: u32 = 300;
const ARCHIVE: &str = "backup.tar.zst";

/// What became of damage.
enum Fate {
    Noticed,
    Harmless,
    Wrong(String),
}

#[derive(Clone, Copy)]
enum Damage {
    Flip,
    Cut,
    Zero,
}

pub(super) fn run(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let files = Files::make(bench)?;
    let few = bench.times(4, 20, 200);
    let kinds = [
        (Damage::Flip, bench.times(16, 100, 2000)),
        (Damage::Cut, few),
        (Damage::Zero, few),
    ];
    for (damage, times) in kinds {
        for turn in 0..times {
            bench.tried += 1;
            // Half of it to the store: it is what answers.
            let (kind, fate) = match turn % 6 {
                0 => ("archive", files.archive(bench, damage)?),
                1 => ("model", files.model(bench, damage)?),
                2 => ("index", files.index(bench, damage)?),
                _ => ("store", files.store(bench, damage)?),
            };
            match fate {
                Fate::Noticed => bench.count("noticed"),
                Fate::Harmless => bench.count("harmless"),
                Fate::Wrong(what) => bench.break_promise(format!("{kind}: {what}")),
            }
        }
    }
    Ok(())
}

/// Good files, and a place for their damaged copies.
struct Files {
    store: Vec<u8>,
    /// Every table of it.
    tables: Vec<TableSum>,
    archive: Vec<u8>,
    manifest: Manifest,
    model: PathBuf,
    index: PathBuf,
    answers: Vec<Hit>,
    target: PathBuf,
}

impl Files {
    fn make(bench: &mut Bench<'_>) -> anyhow::Result<Self> {
        let dir = bench.fresh()?;
        let store = load::open(&dir)?;
        for n in 0..CHAPTERS {
            load::write(&store, n)?;
        }
        let archive = dir.join(ARCHIVE);
        let made = BackupJob {
            origin: Origin::Store(&store),
            data: &dir,
            key: None,
            now: Timestamp::UNIX_EPOCH,
            watch: &unwatched,
        }
        .to_file(&archive)?;
        if bench.config.planted {
            load::write_wrongly(&store, 1)?;
        }
        // A copy has no room to spare: most of its bytes count.
        let copy = dir.join("copy.redb");
        let copied = store.export(&copy)?;
        let (model, index) = (bench.fresh()?, bench.fresh()?);
        Model::embedded()?.save(&model)?;
        let found = SearchIndex::open_or_create(&index)?;
        found.rebuild((0..NAMES).map(entry), 1)?;
        Ok(Self {
            store: fs::read(copy)?,
            tables: copied.tables,
            archive: fs::read(archive)?,
            manifest: made.verified.manifest,
            answers: answers(&found)?,
            model,
            index,
            target: bench.fresh()?,
        })
    }

    fn store(&self, bench: &mut Bench<'_>, damage: Damage) -> anyhow::Result<Fate> {
        fs::write(self.target.join(STORE), damage.done(&self.store, bench))?;
        Ok(match load::look(&self.target) {
            Seen::Refused(_) => Fate::Noticed,
            Seen::Chapters(CHAPTERS) => self.every_table(),
            Seen::Chapters(held) => Fate::Wrong(format!("{held} of {CHAPTERS} chapters")),
            Seen::Wrong(what) => Fate::Wrong(what),
        })
    }

    /// The chapters are whole: is every row of every table?
    fn every_table(&self) -> Fate {
        guarded(|| {
            let opened = load::open(&self.target).map_err(|error| error.to_string());
            let found = opened.and_then(|store| store.contents().map_err(|e| e.to_string()));
            match found {
                Err(_) => Fate::Noticed,
                Ok(found) if found.tables == self.tables => Fate::Harmless,
                Ok(_) => Fate::Wrong("a row that is not what was written".to_owned()),
            }
        })
    }

    fn archive(&self, bench: &mut Bench<'_>, damage: Damage) -> anyhow::Result<Fate> {
        let path = self.target.join(ARCHIVE);
        fs::write(&path, damage.done(&self.archive, bench))?;
        Ok(guarded(|| match verify(&path, None, &self.target) {
            Err(_) => Fate::Noticed,
            Ok(found) if found.manifest == self.manifest => Fate::Harmless,
            Ok(_) => Fate::Wrong("another manifest was found good".to_owned()),
        }))
    }

    fn model(&self, bench: &mut Bench<'_>, damage: Damage) -> anyhow::Result<Fate> {
        let copy = self.damaged(bench, damage, &self.model)?;
        let again = bench.fresh()?;
        Ok(guarded(|| {
            let Ok(model) = Model::load(&copy) else {
                return Fate::Noticed;
            };
            let same = model.save(&again).is_ok() && same_files(&self.model, &again);
            match same {
                true => Fate::Harmless,
                false => Fate::Wrong("a damaged model was taken for good".to_owned()),
            }
        }))
    }

    fn index(&self, bench: &mut Bench<'_>, damage: Damage) -> anyhow::Result<Fate> {
        let copy = self.damaged(bench, damage, &self.index)?;
        Ok(guarded(|| {
            // What can't be used is reset, and made again from the store.
            let index = match SearchIndex::open_or_reset(&copy) {
                Ok(index) if index.applied_seq() == Some(1) => index,
                _ => return Fate::Noticed,
            };
            match answers(&index) {
                Err(_) => Fate::Noticed,
                Ok(found) if found == self.answers => Fate::Harmless,
                Ok(_) => Fate::Wrong("other answers".to_owned()),
            }
        }))
    }

    /// A copy of a directory with damage to one of its files.
    fn damaged(
        &self,
        bench: &mut Bench<'_>,
        damage: Damage,
        dir: &Path,
    ) -> anyhow::Result<PathBuf> {
        let copy = bench.fresh()?;
        let files = names(dir)?;
        let hit = bench.dice.usize(..files.len());
        for (at, name) in files.iter().enumerate() {
            let mut bytes = fs::read(dir.join(name))?;
            if at == hit {
                bytes = damage.done(&bytes, bench);
            }
            fs::write(copy.join(name), bytes)?;
        }
        Ok(copy)
    }
}

impl Damage {
    fn done(self, good: &[u8], bench: &mut Bench<'_>) -> Vec<u8> {
        let mut bytes = good.to_vec();
        if bytes.is_empty() {
            return bytes;
        }
        let at = bench.dice.usize(..bytes.len());
        match self {
            Self::Flip => bytes[at] ^= 1 << bench.dice.u8(0..8),
            Self::Cut => bytes.truncate(at),
            Self::Zero => {
                let begin = at / PAGE * PAGE;
                let end = (begin + PAGE).min(bytes.len());
                bytes[begin..end].fill(0);
            }
        }
        bytes
    }
}

fn guarded(look: impl FnOnce() -> Fate) -> Fate {
    let looked = catch_unwind(AssertUnwindSafe(look));
    looked.unwrap_or_else(|_| Fate::Wrong("a panic".to_owned()))
}

fn same_files(a: &Path, b: &Path) -> bool {
    names(a).is_ok_and(|files| {
        let same = |name: &String| fs::read(a.join(name)).ok() == fs::read(b.join(name)).ok();
        files.iter().all(same)
    })
}

fn entry(n: u32) -> Entry {
    const FIRST: [&str; 7] = ["Ana", "Bo", "Cy", "Dag", "Eve", "Finn", "Gus"];
    const LAST: [&str; 5] = ["Gram", "Clone", "Mora", "Quill", "Stave"];
    Entry {
        id: ProspectId(n + 1),
        name: format!("{} {}{n}", FIRST[n as usize % 7], LAST[n as usize % 5]),
        weight: 0.5,
        place: Place::default(),
    }
}

fn answers(index: &SearchIndex) -> anyhow::Result<Vec<Hit>> {
    let mut all = Vec::new();
    for query in ["ana gram0", "bo clone1", "stave", "quil", "finn mora12"] {
        all.extend(index.search(query, 10)?);
    }
    Ok(all)
}
