//! The doorway: how `afwd backup` gets a backup from the server that has the
//! store open.
//!
//! One process may open a store, so the server listens on a Unix socket in the
//! data directory, which only its owner may use: whoever can connect could read
//! the files anyway. The question is one line; the answer is one line of JSON and
//! the bytes of a plain archive. It is sealed by the one who asked.

use std::fs::{self, Permissions};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::create::plain_archive;
use super::scratch::remove;
use super::{BackupError, Result};
use crate::clock::Clock;
use crate::store::Store;

const NAME: &str = "afwd.sock";
const QUESTION: &str = "backup 1";
const STOP: &str = "stop";
/// A client that neither asks nor reads is let go.
const PATIENCE: Duration = Duration::from_secs(60);
const MAX_LINE: u64 = 4 << 10;

/// The first line of an answer.
#[derive(Debug, Serialize, Deserialize)]
struct Answer {
    /// Bytes that follow.
    bytes: u64,
    /// Why there are none; empty when there are.
    error: String,
}

/// The server's end: a thread that answers one question at a time.
pub struct Doorway {
    path: PathBuf,
    thread: JoinHandle<()>,
}

impl Doorway {
    /// Listens in `data`.
    ///
    /// # Errors
    /// When the socket can't be made.
    pub fn open(store: Store, data: &Path, clock: Arc<dyn Clock>) -> Result<Self> {
        let path = data.join(NAME);
        let at = BackupError::at(&path);
        // The store is ours alone, so a socket that is there is nobody's.
        remove(&path)?;
        let listener = short(&path, |path| UnixListener::bind(path)).map_err(&at)?;
        fs::set_permissions(&path, Permissions::from_mode(0o600)).map_err(&at)?;
        let data = data.to_owned();
        let thread = std::thread::Builder::new()
            .name("backup-door".into())
            .spawn(move || {
                for stream in listener.incoming().flatten() {
                    match answer(stream, &store, &data, &*clock) {
                        Ok(true) => return,
                        Ok(false) => {}
                        Err(error) => {
                            tracing::warn!("a backup was asked for and not given: {error}")
                        }
                    }
                }
            })
            .map_err(&at)?;
        drop(at);
        Ok(Self { path, thread })
    }

    /// Stops listening; waits for a backup under way.
    pub fn close(self) {
        let told = short(&self.path, |path| UnixStream::connect(path))
            .and_then(|mut stream| writeln!(stream, "{STOP}"));
        if told.is_ok() && self.thread.join().is_err() {
            tracing::error!("the thread that answers backups panicked");
        }
        // Best effort: the next server makes it anew.
        let _ = fs::remove_file(&self.path);
    }
}

/// Connects to the server that has the store of `data` open.
///
/// # Errors
/// When none listens: says how to get a backup all the same.
pub fn connect(data: &Path) -> Result<UnixStream> {
    let path = data.join(NAME);
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

/// Answers one question; true when it was to stop.
fn answer(
    mut stream: UnixStream,
    store: &Store,
    data: &Path,
    clock: &dyn Clock,
) -> io::Result<bool> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    match read_line(&mut stream)?.as_str() {
        STOP => return Ok(true),
        QUESTION => {}
        other => {
            reply(&mut stream, 0, &format!("unknown question {other:?}"))?;
            return Ok(false);
        }
    }
    match plain_archive(store, data, clock.now()) {
        Err(error) => reply(&mut stream, 0, &error.to_string())?,
        Ok(mut archive) => {
            reply(&mut stream, archive.file.metadata()?.len(), "")?;
            io::copy(&mut archive.file, &mut stream)?;
        }
    }
    Ok(false)
}

fn reply(stream: &mut UnixStream, bytes: u64, error: &str) -> io::Result<()> {
    let answer = Answer {
        bytes,
        error: error.to_owned(),
    };
    writeln!(stream, "{}", serde_json::to_string(&answer)?)
}

/// Reads a line and not a byte more.
fn read_line(stream: &mut UnixStream) -> io::Result<String> {
    let mut line = String::new();
    let mut bytes = BufReader::with_capacity(1, stream).take(MAX_LINE);
    bytes.read_line(&mut line)?;
    Ok(line.trim_end().to_owned())
}

/// A socket's path may have 107 bytes, a directory's many more: reaches the
/// directory through its open handle.
fn short<T>(path: &Path, f: impl FnOnce(&Path) -> io::Result<T>) -> io::Result<T> {
    let dir = fs::File::open(super::scratch::directory(path))?;
    f(&PathBuf::from(format!(
        "/proc/self/fd/{}/{NAME}",
        dir.as_raw_fd()
    )))
}
