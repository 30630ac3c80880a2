//! Writing results: to stdout or a file that appears only when complete.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Serialize;

/// Prints a line of results; unlike `println!` it returns an error, so that a
/// reader such as `head` may leave early.
macro_rules! line {
    ($($argument:tt)*) => {
        std::io::Write::write_fmt(&mut std::io::stdout().lock(), format_args!("{}\n", format_args!($($argument)*)))
    };
}
pub(super) use line;

/// Prints `value` as one line of JSON.
pub(super) fn print_json(value: &impl Serialize) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, value)?;
    writeln!(out)?;
    Ok(())
}

/// Calls `write` with stdout when `path` is absent or `-`, else with a
/// temporary file beside `path` that takes its name once everything is on disk.
pub(super) fn write_to(
    path: Option<&Path>,
    write: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    match path.filter(|path| *path != Path::new("-")) {
        None => {
            let mut out = BufWriter::new(io::stdout().lock());
            write(&mut out)?;
            Ok(out.flush()?)
        }
        Some(path) => write_file(path, write),
    }
}

fn write_file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let partial = partial_path(path);
    let file =
        File::create(&partial).with_context(|| format!("can't write {}", partial.display()))?;
    let mut out = BufWriter::new(file);
    let written = write(&mut out)
        .and_then(|()| Ok(out.flush()?))
        .and_then(|()| Ok(out.get_ref().sync_all()?))
        .and_then(|()| Ok(std::fs::rename(&partial, path)?));
    if written.is_err() {
        // Best effort: the error that brought us here is the one to report.
        let _ = std::fs::remove_file(&partial);
    }
    written.with_context(|| format!("{} was not written", path.display()))
}

fn partial_path(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    path.with_file_name(name)
}
