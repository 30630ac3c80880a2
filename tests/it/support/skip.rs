//! Tests that can't be made where they run: said aloud, and counted.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

/// What a machine may lack.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Lack {
    /// Data that is measured on and never part of the repository.
    OutsideData,
    /// A headless browser.
    Browser,
    /// The right to mount a disk of limited size.
    Mount,
}

impl Lack {
    /// The word by which `.ci/run` allows it.
    fn word(self) -> &'static str {
        match self {
            Self::OutsideData => "outside-data",
            Self::Browser => "browser",
            Self::Mount => "mount",
        }
    }
}

/// A file or folder of the outside data, which lies beside the repository on machines
/// that measure; says that the running test is skipped where it is absent.
pub(crate) fn outside_data(path: &str) -> Option<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared")
        .join(path);
    if found.exists() {
        return Some(found);
    }
    skipped(Lack::OutsideData, &format!("{} is absent", found.display()));
    None
}

/// Says that the running test is skipped for want of something. `scripts/test` names
/// the file that collects these, prints them with their number, and fails when
/// one is not expected.
pub(crate) fn skipped(lack: Lack, detail: &str) {
    let test = std::env::var("NEXTEST_TEST_NAME")
        .ok()
        .or_else(|| std::thread::current().name().map(str::to_owned))
        .unwrap_or_default();
    let line = format!("{}\t{test}\t{detail}\n", lack.word());
    print!("skipped: {line}");
    if let Some(path) = std::env::var_os("SKIPPED_TESTS") {
        let file = OpenOptions::new().create(true).append(true).open(path);
        file.and_then(|mut file| file.write_all(line.as_bytes()))
            .expect("skipped tests are noted");
    }
}
