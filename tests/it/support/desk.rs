//! A store of one's own, and files put into it.

use std::path::{Path, PathBuf};

use afwd::domain::{Grade, History, ProspectId};
use afwd::ingest::lists::{ListOptions, import_list};
use afwd::ingest::{FileKind, FileReport, ImportError, Options, Silent, import};
use afwd::store::{Config, Opening, Store};
use jiff::civil::Date;

/// An empty store in a directory of its own. Every import is checked to account for
/// each of its rows.
pub(crate) struct Desk {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) store: Store,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let store =
            Store::open(&Config::new(dir.path()), Opening::CreateIfAbsent).expect("a store");
        Self { dir, store }
    }

    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path
    }

    pub(crate) fn import(
        &self,
        kind: FileKind,
        bytes: impl AsRef<[u8]>,
    ) -> Result<FileReport, ImportError> {
        self.import_file(kind, &self.file("rows.csv", bytes))
    }

    pub(crate) fn import_file(
        &self,
        kind: FileKind,
        path: &Path,
    ) -> Result<FileReport, ImportError> {
        import(&self.store, kind, path, &Options::default(), &Silent).map(all_accounted)
    }

    /// An import in which every row lands.
    pub(crate) fn must(&self, kind: FileKind, text: &str) -> FileReport {
        let report = self.import(kind, text).expect("an import");
        assert_eq!(report.quarantined, 0, "{report:?}");
        report
    }

    pub(crate) fn list(
        &self,
        bytes: impl AsRef<[u8]>,
        options: &ListOptions,
    ) -> Result<FileReport, ImportError> {
        import_list(&self.store, &self.file("list.csv", bytes), options).map(all_accounted)
    }

    pub(crate) fn history(&self, id: u32) -> History {
        let history = self.store.read(|tx| tx.history(ProspectId(id)));
        history.expect("a read").expect("a player")
    }

    pub(crate) fn grades(&self, id: u32) -> Vec<Grade> {
        self.history(id).grades
    }

    pub(crate) fn digest(&self) -> String {
        self.store.read(|tx| tx.digest()).expect("a digest").hash
    }
}

/// A list that `paper` published on a day.
pub(crate) fn of_paper(list: &str, day: Date) -> ListOptions {
    ListOptions {
        source: "paper".to_owned(),
        list: list.to_owned(),
        published: Some(day),
        ..ListOptions::default()
    }
}

/// The report, of which each row is in one of the counts.
pub(crate) fn all_accounted(report: FileReport) -> FileReport {
    let counted = report.added
        + report.updated
        + report.unchanged
        + report.duplicates
        + report.unmatched
        + report.left_out
        + report.quarantined;
    assert_eq!(report.rows, counted, "{report:?}");
    report
}
