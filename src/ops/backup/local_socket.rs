//! How `afwd backup` gets a backup from the server that has the store open: the
//! questions, the answers, and the side that asks. `socket_server` answers.
//!
//! One process may open a store, so the server listens on a Unix socket in the
//! data directory, which only its owner may use: whoever can connect could read
//! the files anyway. The question is one line; the answer is one line of JSON and
//! the bytes of a plain archive. It is sealed by the one who asked.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{BackupError, Result};
use crate::data_dir::SOCKET;

/// Asks for a backup; the number is that of the protocol.
pub(super) const QUESTION: &str = "backup 1";
/// Has the server's end close.
pub(super) const STOP: &str = "stop";
const MAX_LINE: u64 = 4 << 10;

/// The first line of an answer.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Answer {
    /// Bytes that follow.
    pub(super) bytes: u64,
    /// Why there are none; empty when there are.
    pub(super) error: String,
}

/// Connects to the server that has the store of `data` open.
///
/// # Errors
/// When none listens: says how to get a backup all the same.
pub fn connect(data: &Path) -> Result<UnixStream> {
    let path = data.join(SOCKET);
    short(&path, |path| UnixStream::connect(path)).map_err(|error| {
        BackupError::Server(format!(
            "another afwd has the store open and does not answer at {} ({error}); stop it, or start it as `afwd serve --backup-dir DIR --backup-every 24h`",
            path.display()
        ))
    })
}

/// Asks for a plain archive; gives its size, and leaves its bytes to be read.
pub(super) fn ask(stream: &mut UnixStream) -> Result<u64> {
    let failed = |error: io::Error| BackupError::Server(error.to_string());
    writeln!(stream, "{QUESTION}").map_err(failed)?;
    let line = read_line(stream).map_err(failed)?;
    let answer: Answer =
        serde_json::from_str(&line).map_err(|error| BackupError::Server(error.to_string()))?;
    if answer.error.is_empty() {
        Ok(answer.bytes)
    } else {
        Err(BackupError::Server(answer.error))
    }
}

/// Reads a line and not a byte more.
pub(super) fn read_line(stream: &mut UnixStream) -> io::Result<String> {
    let mut line = String::new();
    let mut bytes = BufReader::with_capacity(1, stream).take(MAX_LINE);
    bytes.read_line(&mut line)?;
    Ok(line.trim_end().to_owned())
}

/// A socket's path may have 107 bytes, a directory's many more: reaches the
/// directory through its open handle.
pub(super) fn short<T>(path: &Path, f: impl FnOnce(&Path) -> io::Result<T>) -> io::Result<T> {
    let dir = fs::File::open(super::scratch::directory(path))?;
    f(&PathBuf::from(format!(
        "/proc/self/fd/{}/{SOCKET}",
        dir.as_raw_fd()
    )))
}
