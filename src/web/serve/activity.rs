//! What a connection is doing and since when, told without a lock or a clock.
//!
//! The connection's own task writes it, the watcher reads it. One number holds both
//! parts, so that they never disagree; time is the watcher's, in milliseconds.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// What a connection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum Phase {
    /// Shaking hands.
    Opening,
    /// Between requests.
    Idle,
    /// A request's head has begun to arrive.
    Head,
    /// A request's body is read.
    Body,
    /// A handler works.
    Working,
    /// An answer of known length is sent.
    Sending,
    /// The last bytes of an answer wait for the peer.
    Flushing,
    /// An answer without an end is sent.
    Streaming,
    /// As before, and the peer takes nothing.
    Stalled,
    /// The watcher has decided to close it.
    Closing,
}

const PHASES: [Phase; 10] = [
    Phase::Opening,
    Phase::Idle,
    Phase::Head,
    Phase::Body,
    Phase::Working,
    Phase::Sending,
    Phase::Flushing,
    Phase::Streaming,
    Phase::Stalled,
    Phase::Closing,
];

/// The state of one connection.
#[derive(Debug)]
pub(super) struct Activity {
    state: AtomicU64,
    now: Arc<AtomicU32>,
}

impl Activity {
    pub(super) fn new(phase: Phase, now: Arc<AtomicU32>) -> Self {
        let activity = Self {
            state: AtomicU64::new(0),
            now,
        };
        activity.enter(phase);
        activity
    }

    pub(super) fn enter(&self, phase: Phase) {
        let since = self.now.load(Ordering::Relaxed);
        self.state.store(packed(phase, since), Ordering::Release);
    }

    pub(super) fn phase(&self) -> Phase {
        self.read().0
    }

    /// Phase and since when.
    pub(super) fn read(&self) -> (Phase, u32) {
        unpacked(self.state.load(Ordering::Acquire))
    }

    /// Milliseconds in the present phase.
    pub(super) fn age(&self) -> u32 {
        let (_, since) = self.read();
        self.now.load(Ordering::Relaxed).saturating_sub(since)
    }

    /// From one phase to another; false when it was in neither, or the watcher came first.
    pub(super) fn change(&self, from: Phase, to: Phase) -> bool {
        let old = self.state.load(Ordering::Acquire);
        let new = packed(to, self.now.load(Ordering::Relaxed));
        unpacked(old).0 == from
            && self
                .state
                .compare_exchange(old, new, Ordering::AcqRel, Ordering::Acquire)
                .is_ok()
    }

    /// Progress in `phase` buys time: `bytes` were moved at a rate of at least
    /// `rate` a millisecond.
    pub(super) fn credit(&self, phase: Phase, bytes: usize, rate: usize) {
        let (present, since) = self.read();
        let now = self.now.load(Ordering::Relaxed);
        if present == phase && since < now {
            let bought = u32::try_from(bytes / rate).unwrap_or(u32::MAX);
            let since = since.saturating_add(bought).min(now);
            self.state.store(packed(phase, since), Ordering::Release);
        }
    }
}

fn packed(phase: Phase, since: u32) -> u64 {
    u64::from(phase as u32) << 32 | u64::from(since)
}

fn unpacked(state: u64) -> (Phase, u32) {
    let phase = PHASES[(state >> 32) as usize % PHASES.len()];
    // The low half is the time.
    (phase, (state & u64::from(u32::MAX)) as u32)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::{Activity, PHASES, Phase, packed, unpacked};

    #[test]
    fn phase_and_time_are_kept_together() {
        for phase in PHASES {
            assert_eq!(unpacked(packed(phase, 77)), (phase, 77));
        }
    }

    #[test]
    fn progress_buys_time_but_never_more_than_there_was() {
        let now = Arc::new(AtomicU32::new(0));
        let activity = Activity::new(Phase::Sending, Arc::clone(&now));
        now.store(5000, Ordering::Relaxed);
        activity.credit(Phase::Sending, 1000, 1);
        assert_eq!(activity.age(), 4000);
        activity.credit(Phase::Body, 1000, 1);
        assert_eq!(activity.age(), 4000, "of another phase");
        activity.credit(Phase::Sending, usize::MAX, 1);
        assert_eq!(activity.age(), 0);
    }

    #[test]
    fn only_one_of_reader_and_watcher_wins() {
        let activity = Activity::new(Phase::Idle, Arc::default());
        assert!(activity.change(Phase::Idle, Phase::Closing));
        assert!(!activity.change(Phase::Idle, Phase::Head));
        assert_eq!(activity.phase(), Phase::Closing);
    }
}
