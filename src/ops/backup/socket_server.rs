//! The server's end of the socket that `afwd backup` asks.

use std::fs::{self, File, Permissions};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::Timestamp;

use super::create::{BackupJob, LOCAL, Origin};
use super::local_socket::{Answer, QUESTION, STOP, read_line, short};
use super::scratch::{Scratch, remove};
use super::{BackupError, Result, unwatched};
use crate::clock::Clock;
use crate::data_dir::SOCKET;
use crate::store::Store;

/// A client that neither asks nor reads is let go.
const PATIENCE: Duration = Duration::from_secs(60);

/// The server's end: a thread that answers one question at a time.
pub struct SocketServer {
    path: PathBuf,
    thread: JoinHandle<()>,
}

impl SocketServer {
    /// Listens in `data`.
    ///
    /// # Errors
    /// When the socket can't be made.
    pub fn open(store: Store, data: &Path, clock: Arc<dyn Clock>) -> Result<Self> {
        let path = data.join(SOCKET);
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

/// The archive of `store`, plain, in a temporary directory of `data`.
fn plain_archive(store: &Store, data: &Path, now: Timestamp) -> Result<PlainArchive> {
    let job = BackupJob {
        origin: Origin::Store(store),
        data,
        key: None,
        now,
        watch: &unwatched,
    };
    let scratch = Scratch::new(data)?;
    let path = scratch.path().join(LOCAL);
    let mut file = File::create_new(&path).map_err(BackupError::at(&path))?;
    job.write(&file, scratch.path())?;
    file.seek(SeekFrom::Start(0))
        .map_err(BackupError::at(&path))?;
    Ok(PlainArchive {
        file,
        _scratch: scratch,
        _path: path,
    })
}

/// A plain archive that lasts as long as this value.
struct PlainArchive {
    file: File,
    _scratch: Scratch,
    _path: PathBuf,
}
