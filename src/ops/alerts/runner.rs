//! The thread that looks, compares and tells.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::Timestamp;
use parking_lot::{Condvar, Mutex};

use super::message::{Message, Sink};
use super::raised::{Book, Raised};
use super::rules::{Signals, conditions};
use crate::clock::Clock;
use crate::data_dir::ALERTS;

/// Messages that wait for a way to be sent; the oldest go first.
const LONGEST_QUEUE: usize = 100;

/// How to tell the operator.
pub struct AlertsConfig {
    /// The data directory.
    pub data: PathBuf,
    /// Ways to tell him; there may be none, and the page still shows what is raised.
    pub sinks: Vec<Box<dyn Sink>>,
    /// Time from one look to the next.
    pub every: Duration,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// How the alerts stand.
#[derive(Clone, Debug, Default)]
pub struct AlertStatus {
    /// Raised alerts, with their rules.
    pub raised: Vec<(String, Raised)>,
    /// When they were last looked at.
    pub looked: Option<Timestamp>,
    /// Why a message waits; empty when none does.
    pub error: String,
}

/// The alerts and their thread.
pub struct Alerts {
    shared: Arc<Shared>,
    thread: JoinHandle<()>,
}

struct Shared {
    sinks: Vec<String>,
    status: Mutex<AlertStatus>,
    stopping: Mutex<bool>,
    wake: Condvar,
}

impl Alerts {
    /// Starts the thread, which looks at what `look` gives.
    ///
    /// # Errors
    /// When there is no thread to be had.
    pub fn start(
        config: AlertsConfig,
        look: impl FnMut() -> Signals + Send + 'static,
    ) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            sinks: config.sinks.iter().map(|sink| sink.name()).collect(),
            status: Mutex::default(),
            stopping: Mutex::default(),
            wake: Condvar::new(),
        });
        let seen = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("alerts".into())
            .spawn(move || run(config, look, &seen))?;
        Ok(Self { shared, thread })
    }

    /// A handle that tells how they stand, and the names of the ways to tell.
    pub fn watcher(&self) -> impl Fn() -> (AlertStatus, Vec<String>) + Send + Sync + 'static {
        let shared = Arc::clone(&self.shared);
        move || (shared.status.lock().clone(), shared.sinks.clone())
    }

    /// Stops; waits for a message under way.
    pub fn stop(self) {
        *self.shared.stopping.lock() = true;
        self.shared.wake.notify_all();
        if self.thread.join().is_err() {
            tracing::error!("the thread of the alerts panicked");
        }
    }
}

impl Shared {
    /// Waits until it is time to look again; true when it is time to stop.
    fn rest(&self, time: Duration) -> bool {
        let mut stopping = self.stopping.lock();
        self.wake
            .wait_while_for(&mut stopping, |stopping| !*stopping, time);
        *stopping
    }
}

fn run(config: AlertsConfig, mut look: impl FnMut() -> Signals, shared: &Shared) {
    let path = config.data.join(ALERTS);
    let mut book = read(&path);
    let mut posts: Vec<Post> = config.sinks.into_iter().map(Post::new).collect();
    // The first look comes after a rest, when the server has begun to answer.
    while !shared.rest(config.every) {
        let now = config.clock.now();
        let before = book.clone();
        let messages = book.compare(now, &conditions(&look()));
        for message in &messages {
            tracing::warn!(rule = message.rule, "alert: {}", message.headline());
        }
        let errors: Vec<String> = posts
            .iter_mut()
            .filter_map(|post| post.deliver(&messages))
            .collect();
        if book != before
            && let Err(error) = write(&path, &book)
        {
            tracing::warn!("the alerts are not kept, a restart may repeat them: {error}");
        }
        *shared.status.lock() = AlertStatus {
            raised: book.raised.clone().into_iter().collect(),
            looked: Some(now),
            error: errors.join("; "),
        };
    }
}

/// A way to tell the operator, and what waits for it.
struct Post {
    sink: Box<dyn Sink>,
    waiting: Vec<Message>,
}

impl Post {
    fn new(sink: Box<dyn Sink>) -> Self {
        Self {
            sink,
            waiting: Vec::new(),
        }
    }

    /// Sends what waits and `messages`, in order; gives why something still waits.
    fn deliver(&mut self, messages: &[Message]) -> Option<String> {
        self.waiting.extend_from_slice(messages);
        let excess = self.waiting.len().saturating_sub(LONGEST_QUEUE);
        self.waiting.drain(..excess);
        while let Some(message) = self.waiting.first() {
            if let Err(error) = self.sink.send(message) {
                let error = format!("{}: {error}", self.sink.name());
                tracing::warn!("an alert could not be sent and is tried again: {error}");
                return Some(error);
            }
            self.waiting.remove(0);
        }
        None
    }
}

/// The book as it was kept; an unreadable one is begun anew.
fn read(path: &Path) -> Book {
    let Ok(text) = fs::read(path) else {
        return Book::default();
    };
    serde_json::from_slice(&text).unwrap_or_default()
}

fn write(path: &Path, book: &Book) -> std::io::Result<()> {
    let unfinished = path.with_extension("json.new");
    let mut file = fs::File::create(&unfinished)?;
    file.write_all(&serde_json::to_vec_pretty(book)?)?;
    file.sync_all()?;
    fs::rename(&unfinished, path)
}
