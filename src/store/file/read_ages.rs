//! How long reads have been going on.
//!
//! A snapshot keeps every page alive that was in use when it began, so that a
//! read that goes on for long while others write makes the file grow, and it does
//! not shrink again by itself. The policy: a read is a closure that ends before
//! its answer is sent to anybody; nothing slow is done in one; only a backup reads
//! for more than a moment, and copies to the local disk. One that is older than
//! [`LONG`] when somebody writes is named in the log, once.

use std::collections::BTreeMap;
use std::panic::Location;
use std::time::{Duration, Instant};

use parking_lot::{Mutex, MutexGuard};

/// From this age on a read is worth a warning.
pub const LONG: Duration = Duration::from_secs(30);

/// The reads under way, the oldest first.
#[derive(Debug, Default)]
pub(in crate::store) struct ReadAges {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    reads: BTreeMap<u64, Begun>,
}

#[derive(Debug)]
struct Begun {
    at: Instant,
    by: &'static Location<'static>,
    named: bool,
}

/// A read under way; it is over when this is dropped.
pub(in crate::store) struct Reading<'a> {
    ages: &'a ReadAges,
    number: u64,
}

impl ReadAges {
    /// Notes a read that begins now.
    pub(in crate::store) fn begin(&self, by: &'static Location<'static>) -> Reading<'_> {
        let mut state = self.state();
        let number = state.next;
        state.next += 1;
        let begun = Begun {
            at: Instant::now(),
            by,
            named: false,
        };
        state.reads.insert(number, begun);
        Reading { ages: self, number }
    }

    /// Age of the oldest read under way.
    pub(in crate::store) fn oldest(&self) -> Option<Duration> {
        let state = self.state();
        let (_, begun) = state.reads.first_key_value()?;
        Some(begun.at.elapsed())
    }

    /// Names the oldest read in the log when it is old and was not named yet.
    pub(in crate::store) fn warn(&self) {
        let mut state = self.state();
        let Some(mut oldest) = state.reads.first_entry() else {
            return;
        };
        let begun = oldest.get_mut();
        let age = begun.at.elapsed();
        if age >= LONG && !begun.named {
            begun.named = true;
            tracing::warn!(
                seconds = age.as_secs(),
                "a read of the store that began at {} is still going on: the file grows while \
                 others write",
                begun.by
            );
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        self.ages.state().reads.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use std::panic::Location;

    use super::ReadAges;

    #[test]
    fn the_oldest_read_counts_until_it_is_over() {
        let ages = ReadAges::default();
        assert_eq!(ages.oldest(), None);
        let first = ages.begin(Location::caller());
        std::thread::sleep(std::time::Duration::from_millis(5));
        let second = ages.begin(Location::caller());
        let both = ages.oldest().expect("two reads");
        drop(first);
        let one = ages.oldest().expect("a read");
        assert!(one < both, "{one:?} {both:?}");
        drop(second);
        assert_eq!(ages.oldest(), None);
    }
}
