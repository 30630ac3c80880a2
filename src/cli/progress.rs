//! Progress of an import: a bar with rate and time left on a terminal, a plain
//! line every five seconds otherwise.

use std::cell::Cell;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::ingest::Progress;

const PLAIN_EVERY: Duration = Duration::from_secs(5);

/// Shows how far a file is, on stderr.
pub(super) struct Shown {
    label: String,
    bar: Option<ProgressBar>,
    said: Cell<Instant>,
}

impl Shown {
    pub(super) fn new(label: String) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| bar(&label));
        Self {
            label,
            bar,
            said: Cell::new(Instant::now()),
        }
    }

    /// Takes the bar away, so that the report stands alone.
    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Shown {
    fn advance(&self, read: u64, size: u64, rows: u64) {
        match &self.bar {
            Some(bar) => {
                bar.set_length(size);
                bar.set_position(read);
            }
            None if self.said.get().elapsed() >= PLAIN_EVERY => {
                self.said.set(Instant::now());
                eprintln!(
                    "{}: {rows} rows, {} %",
                    self.label,
                    100 * read / size.max(1)
                );
            }
            None => {}
        }
    }
}

fn bar(label: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr())
        .with_message(label.to_owned());
    // A template that indicatif can't read would only cost the looks of the bar.
    if let Ok(style) = ProgressStyle::with_template(
        "{msg} {wide_bar} {percent:>3} % {bytes_per_sec:>12} {eta:>4} left",
    ) {
        bar.set_style(style);
    }
    bar
}
