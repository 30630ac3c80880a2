//! The index: its files, its one committed state, and searches over that.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};
use tantivy::index::SegmentId;
use tantivy::indexer::NoMergePolicy;
use tantivy::schema::{BytesOptions, Field, Schema, Value};
use tantivy::{DocAddress, Index, IndexReader, IndexWriter, ReloadPolicy, TantivyDocument};

use super::error::Error;
use super::facets::{self, Faceted};
use super::grams;
use super::postings::{Names, Postings};
use super::query::Query;
use super::retrieve::{Scratch, candidates};
use super::roster::Roster;
use super::score::ranked;
use super::{Entry, Hit};
use crate::domain::ProspectId;

/// Memory the writer may hold while rebuilding, at least and for each name:
/// several times what it needs, so that all names land in one segment.
const WRITER_BYTES: usize = 16 << 20;
const WRITER_BYTES_PER_NAME: usize = 400;

/// All names, searchable. Cheap to clone; searches go on during a rebuild and
/// see either the old names or the new.
#[derive(Clone)]
pub struct SearchIndex {
    shared: Arc<Shared>,
}

struct Shared {
    on_disk: bool,
    index: Index,
    reader: IndexReader,
    fields: Fields,
    writing: Mutex<()>,
    current: RwLock<Arc<Snapshot>>,
}

/// Document `i` carries the grams of name `i` and those of word `i`; the first
/// document also carries the packed roster they are numbered by.
#[derive(Clone, Copy)]
struct Fields {
    roster: Field,
    name_grams: Field,
    word_grams: Field,
}

/// One committed state of the index.
#[derive(Default)]
struct Snapshot {
    names: Names,
    applied: Option<u64>,
    /// Working memory of past searches, reused.
    scratch: Mutex<Vec<Scratch>>,
}

impl SearchIndex {
    /// Opens the index in `dir`, or creates an empty one when `dir` is absent
    /// or empty.
    ///
    /// # Errors
    /// When `dir` holds anything else or a file of the index has changed.
    pub fn open_or_create(dir: &Path) -> Result<Self, Error> {
        std::fs::create_dir_all(dir)?;
        if std::fs::read_dir(dir)?.next().is_none() {
            return Self::over(Index::create_in_dir(dir, schema())?, true);
        }
        let index = Index::open_in_dir(dir)?;
        if index.schema() != schema() {
            return Err(Error::Damaged("another version wrote it"));
        }
        if !is_whole(&index, dir)? {
            return Err(Error::Damaged("a checksum does not match"));
        }
        Self::over(index, true)
    }

    /// Opens the index in `dir`; when it cannot be used, removes its files and
    /// starts an empty one, whose [`Self::applied_seq`] is `None`.
    ///
    /// # Errors
    /// When `dir` cannot be written, or holds files that are not an index's.
    pub fn open_or_reset(dir: &Path) -> Result<Self, Error> {
        // tantivy may panic on files made to mislead it; they are only removed for that.
        let opened = catch_unwind(AssertUnwindSafe(|| Self::open_or_create(dir)));
        let opened = opened.unwrap_or(Err(Error::Damaged("its files contradict each other")));
        opened.or_else(|error| {
            tracing::warn!(%error, dir = %dir.display(), "starting a new search index");
            Self::reset(dir)
        })
    }

    /// An empty index in `dir`, whatever index is there.
    ///
    /// # Errors
    /// As [`Self::open_or_reset`].
    pub fn reset(dir: &Path) -> Result<Self, Error> {
        if dir.exists() {
            remove_index(dir)?;
        }
        Self::open_or_create(dir)
    }

    /// An empty index held in memory.
    ///
    /// # Errors
    /// Never in practice; tantivy's own types allow for it.
    pub fn in_memory() -> Result<Self, Error> {
        Self::over(Index::create_in_ram(schema()), false)
    }

    /// False when the index goes with the process.
    pub fn is_on_disk(&self) -> bool {
        self.shared.on_disk
    }

    fn over(index: Index, on_disk: bool) -> Result<Self, Error> {
        let reader = (index.reader_builder())
            .reload_policy(ReloadPolicy::Manual)
            .try_into()?;
        let fields = fields(&index.schema())?;
        let current = RwLock::new(Arc::new(Snapshot::load(&index, &reader, fields)?));
        Ok(Self {
            shared: Arc::new(Shared {
                on_disk,
                index,
                reader,
                fields,
                writing: Mutex::new(()),
                current,
            }),
        })
    }

    /// Replaces every name at once, as of change sequence `seq` of the store.
    ///
    /// # Errors
    /// When the index cannot be written, also because another process writes
    /// it. The names searched stay as they were.
    pub fn rebuild(&self, entries: impl IntoIterator<Item = Entry>, seq: u64) -> Result<(), Error> {
        let shared = &*self.shared;
        let _one_writer = shared.writing.lock();
        let roster = Roster::new(entries.into_iter().collect());
        write(&shared.index, shared.fields, &roster, seq)?;
        shared.reader.reload()?;
        let snapshot = Snapshot::load(&shared.index, &shared.reader, shared.fields)?;
        let mut current = shared.current.write();
        *current = Arc::new(snapshot);
        Ok(())
    }

    /// The change sequence of the last rebuild; `None` before the first.
    pub fn applied_seq(&self) -> Option<u64> {
        self.snapshot().applied
    }

    /// Number of names.
    pub fn len(&self) -> usize {
        self.snapshot().names.roster.len()
    }

    /// True when there is no name.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Players whose name may be meant by `query`, the best match first and
    /// the more relevant player first among equals.
    ///
    /// Any text is a valid query; only its first 64 letters count.
    ///
    /// # Errors
    /// When a file of the index can no longer be read.
    pub fn search(&self, query: &str, limit: usize) -> Result<Vec<Hit>, Error> {
        let snapshot = self.snapshot();
        if limit == 0 {
            return Ok(Vec::new());
        }
        let plain = by_name(&snapshot, query, limit)?;
        let found = match facets::read(query) {
            None => plain,
            Some(faceted) => beside(plain, by_facets(&snapshot, &faceted, limit)?, faceted.sure),
        };
        let roster = &snapshot.names.roster;
        Ok(found
            .into_iter()
            .take(limit)
            .map(|(name, score)| hit(roster, name, score))
            .collect())
    }

    fn snapshot(&self) -> Arc<Snapshot> {
        let current = self.shared.current.read();
        Arc::clone(&current)
    }
}

/// Whether the files of the segments in `dir` are as they were written. The files
/// themselves are listed: tantivy's own check passes over one that a damaged
/// `.managed.json` no longer names.
fn is_whole(index: &Index, dir: &Path) -> Result<bool, Error> {
    let segments = index.searchable_segment_ids()?;
    for file in std::fs::read_dir(dir)? {
        let name = file?.file_name();
        let name = name.to_string_lossy();
        let used = |id: &SegmentId| name.starts_with(&id.uuid_string());
        if segments.iter().any(used) && !index.directory().validate_checksum(Path::new(&*name))? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Names and their quality, best first.
type Found = Vec<(u32, f32)>;

/// Quality of a name of which every typed word is right or begun.
const RIGHT: f32 = 0.9;
/// Names looked at to find those of a club.
const AMONG: usize = 2_000;

fn by_name(snapshot: &Snapshot, text: &str, limit: usize) -> Result<Found, Error> {
    let roster = &snapshot.names.roster;
    let query = Query::parse(text, roster);
    if query.tokens.is_empty() {
        return Ok(Vec::new());
    }
    let mut scratch = snapshot.take_scratch();
    let found = candidates(&query, &snapshot.names, &mut scratch, limit)?;
    snapshot.give_back(scratch);
    Ok(ranked(&query, roster, &found, limit))
}

/// Those of a club, a position, a level, and of a name if one is left.
fn by_facets(snapshot: &Snapshot, faceted: &Faceted, limit: usize) -> Result<Found, Error> {
    let roster = &snapshot.names.roster;
    let admitted = |name: u32| faceted.wanted.admits(&roster.place(name));
    if faceted.name.is_empty() {
        // Names are numbered by relevance.
        let all = 0..u32::try_from(roster.len()).unwrap_or(u32::MAX);
        let found = all.filter(|&name| admitted(name)).take(limit);
        return Ok(found.map(|name| (name, RIGHT)).collect());
    }
    let mut found = by_name(snapshot, &faceted.name, AMONG.max(limit))?;
    found.retain(|&(name, _)| admitted(name));
    Ok(found)
}

/// Puts what a query means as a name and what it means as a club together: who is
/// called so comes first, unless the words are surely no name; what is only like it
/// counts where nothing else is found.
fn beside(plain: Found, faceted: Found, sure: bool) -> Found {
    if faceted.is_empty() {
        return plain;
    }
    let called: Found = plain
        .into_iter()
        .filter(|&(_, score)| score >= RIGHT)
        .collect();
    let (first, second) = if sure {
        (faceted, called)
    } else {
        (called, faceted)
    };
    let mut found = first;
    for hit in second {
        if !found.iter().any(|(name, _)| *name == hit.0) {
            found.push(hit);
        }
    }
    found
}

impl Snapshot {
    fn load(index: &Index, reader: &IndexReader, fields: Fields) -> Result<Self, Error> {
        let applied = match index.load_metas()?.payload {
            None => None,
            Some(seq) => Some(seq.parse().map_err(|_| Error::Damaged("no sequence"))?),
        };
        let searcher = reader.searcher();
        let segment = match searcher.segment_readers() {
            [] => {
                return Ok(Self {
                    applied,
                    ..Self::default()
                });
            }
            [segment] => segment,
            _ => return Err(Error::Damaged("several segments")),
        };
        let first: TantivyDocument = searcher.doc(DocAddress::new(0, 0))?;
        let bytes = first
            .get_first(fields.roster)
            .and_then(|value| value.as_bytes());
        let roster = Roster::decode(bytes.unwrap_or_default())
            .map_err(|_| Error::Damaged("the names do not decode"))?;
        // No checksum covers the number of documents that `meta.json` claims.
        let documents = roster.len().max(roster.word_count()).max(1);
        if segment.max_doc() as usize != documents || segment.has_deletes() {
            return Err(Error::Damaged("names are missing"));
        }
        Ok(Self {
            names: Names {
                roster,
                name_grams: Postings::new(segment.inverted_index(fields.name_grams)?),
                word_grams: Postings::new(segment.inverted_index(fields.word_grams)?),
            },
            applied,
            scratch: Mutex::default(),
        })
    }

    fn take_scratch(&self) -> Scratch {
        let mut kept = self.scratch.lock();
        kept.pop()
            .unwrap_or_else(|| Scratch::new(&self.names.roster))
    }

    fn give_back(&self, scratch: Scratch) {
        let mut kept = self.scratch.lock();
        if kept.len() < 4 {
            kept.push(scratch);
        }
    }
}

/// Removes what tantivy writes, and nothing else: the path may be mistaken.
fn remove_index(dir: &Path) -> Result<(), Error> {
    for file in std::fs::read_dir(dir)? {
        let path = file?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let (stem, kind) = name.rsplit_once('.').unwrap_or((name, ""));
        let segment = stem.len() >= 32 && stem.bytes().take(32).all(|b| b.is_ascii_hexdigit());
        let temporary = name.starts_with(".tmp");
        let known = matches!(name, "meta.json" | ".managed.json") || kind == "lock";
        if !(segment || temporary || known) {
            return Err(Error::Foreign(path));
        }
        std::fs::remove_file(path)?;
    }
    Ok(())
}

fn schema() -> Schema {
    let mut schema = Schema::builder();
    let stored = BytesOptions::default().set_stored();
    let indexed = BytesOptions::default().set_indexed();
    schema.add_bytes_field("roster", stored);
    schema.add_bytes_field("name_grams", indexed.clone());
    schema.add_bytes_field("word_grams", indexed);
    schema.build()
}

fn fields(schema: &Schema) -> Result<Fields, Error> {
    Ok(Fields {
        roster: schema.get_field("roster")?,
        name_grams: schema.get_field("name_grams")?,
        word_grams: schema.get_field("word_grams")?,
    })
}

fn write(index: &Index, fields: Fields, roster: &Roster, seq: u64) -> Result<(), Error> {
    let memory = WRITER_BYTES + WRITER_BYTES_PER_NAME * roster.len();
    let mut writer: IndexWriter = index.writer_with_num_threads(1, memory)?;
    writer.set_merge_policy(Box::new(NoMergePolicy));
    // Files left behind by a killed process would make a later commit fail:
    // the restarted writer gives out the same file names again.
    writer.garbage_collect_files().wait()?;
    writer.delete_all_documents()?;
    for number in 0..roster.len().max(roster.word_count()).max(1) {
        writer.add_document(document(fields, roster, number))?;
    }
    let mut commit = writer.prepare_commit()?;
    commit.set_payload(&seq.to_string());
    commit.commit()?;
    writer.garbage_collect_files().wait()?;
    writer.wait_merging_threads()?;
    Ok(())
}

fn document(fields: Fields, roster: &Roster, number: usize) -> TantivyDocument {
    let mut document = TantivyDocument::new();
    if number == 0 {
        document.add_bytes(fields.roster, &roster.encode());
    }
    let at = u32::try_from(number).unwrap_or(u32::MAX);
    if number < roster.len() {
        let words = roster.words_of(at).iter();
        let words: Vec<&str> = words.map(|&word| roster.word(word)).collect();
        for gram in grams::of_joined(&words) {
            document.add_bytes(fields.name_grams, &gram);
        }
    }
    if number < roster.word_count() {
        for gram in grams::of_word(roster.word(at).as_bytes()) {
            document.add_bytes(fields.word_grams, &gram);
        }
    }
    document
}

fn hit(roster: &Roster, name: u32, score: f32) -> Hit {
    Hit {
        id: ProspectId(roster.id(name)),
        name: roster.name(name).to_owned(),
        score,
    }
}
