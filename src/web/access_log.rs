//! One line in the log for each request.
//!
//! Lines are collected in memory and written by a thread of their own, so that a
//! request never waits for whoever reads the log. They name the route's template:
//! no address, no query, nobody's name.

use std::io::Write;
use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};

use crate::clock::Clock;

/// How often lines are written.
const WRITE_EVERY: Duration = Duration::from_millis(100);
/// Bytes of lines that may wait; further lines are counted and left out.
const LARGEST_BACKLOG: usize = 4 << 20;

/// How lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// An object a line.
    Json,
}

/// The access log.
pub struct AccessLog {
    clock: Arc<dyn Clock>,
    format: LogFormat,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    lines: Vec<u8>,
    left_out: u64,
}

/// An answered request.
pub(super) struct Line<'a> {
    pub(super) method: &'a str,
    pub(super) route: &'a str,
    pub(super) status: u16,
    pub(super) took: Duration,
    pub(super) id: &'a str,
}

impl AccessLog {
    /// A log to stderr; its thread ends with it.
    pub fn start(clock: Arc<dyn Clock>, format: LogFormat) -> Arc<Self> {
        let log = Arc::new(Self {
            clock,
            format,
            waiting: Mutex::default(),
        });
        let written = Arc::downgrade(&log);
        let thread = std::thread::Builder::new().name("access-log".into());
        if let Err(error) = thread.spawn(move || write_all(&written)) {
            tracing::warn!(%error, "requests are not logged: no thread for it");
        }
        log
    }

    /// Adds a line.
    pub(super) fn note(&self, line: &Line<'_>) {
        let now = self.clock.now();
        let mut waiting = self.waiting();
        if waiting.lines.len() > LARGEST_BACKLOG {
            waiting.left_out += 1;
            return;
        }
        let (method, route, status, id) = (line.method, line.route, line.status, line.id);
        let millis = line.took.as_secs_f64() * 1e3;
        // Writing to memory cannot fail. None of the texts needs escaping: the method
        // and the id are plain, the route is ours.
        let _ = match self.format {
            LogFormat::Text => writeln!(
                waiting.lines,
                "{now:.3}  INFO access: {method} {route} {status} {millis:.3}ms request_id={id}"
            ),
            LogFormat::Json => writeln!(
                waiting.lines,
                "{{\"timestamp\":\"{now:.3}\",\"level\":\"INFO\",\"target\":\"access\",\"method\":\"{method}\",\
                 \"route\":\"{route}\",\"status\":{status},\"duration_ms\":{millis:.3},\"request_id\":\"{id}\"}}"
            ),
        };
    }

    /// Writes what waits.
    pub fn flush(&self) {
        let Waiting { lines, left_out } = std::mem::take(&mut *self.waiting());
        // Nobody to tell when the log itself can't be written.
        let _ = std::io::stderr().write_all(&lines);
        if left_out > 0 {
            tracing::warn!("{left_out} requests were not logged: the log is read too slowly");
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock()
    }
}

fn write_all(log: &Weak<AccessLog>) {
    while let Some(log) = log.upgrade() {
        log.flush();
        drop(log);
        std::thread::sleep(WRITE_EVERY);
    }
}
