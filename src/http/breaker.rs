//! A host that keeps failing is left alone for a while, then tried once.

use std::time::Duration;

use jiff::Timestamp;
use parking_lot::Mutex;

/// Counts failures in a row of one host.
pub(super) struct Breaker {
    tolerated: u32,
    rest: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    failures: u32,
    resting_until: Option<Timestamp>,
}

impl Breaker {
    pub(super) fn new(tolerated: u32, rest: Duration) -> Self {
        Self {
            tolerated: tolerated.max(1),
            rest,
            state: Mutex::default(),
        }
    }

    /// `Err` with the end of the rest while the host rests. The first request
    /// after a rest is a trial: one failure more and the host rests again.
    pub(super) fn check(&self, now: Timestamp) -> Result<(), Timestamp> {
        let mut state = self.state.lock();
        match state.resting_until {
            Some(until) if now < until => Err(until),
            Some(_) => {
                state.resting_until = None;
                state.failures = self.tolerated - 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    pub(super) fn succeeded(&self) {
        *self.state.lock() = State::default();
    }

    pub(super) fn failed(&self, now: Timestamp) {
        let mut state = self.state.lock();
        state.failures += 1;
        if state.failures >= self.tolerated {
            state.resting_until = Some(later(now, self.rest));
        }
    }

    /// The host asked to be left alone for `rest`.
    pub(super) fn rest_for(&self, now: Timestamp, rest: Duration) {
        let mut state = self.state.lock();
        state.resting_until = Some(later(now, rest));
    }
}

fn later(now: Timestamp, by: Duration) -> Timestamp {
    now.saturating_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::Breaker;

    #[test]
    fn rests_after_failures_in_a_row_and_tries_once_afterwards() {
        let at = |second| Timestamp::from_second(second).expect("in range");
        let breaker = Breaker::new(3, Duration::from_secs(60));
        breaker.failed(at(0));
        breaker.failed(at(1));
        breaker.succeeded();
        breaker.failed(at(2));
        breaker.failed(at(3));
        assert_eq!(breaker.check(at(4)), Ok(()));
        breaker.failed(at(4));
        assert_eq!(breaker.check(at(5)), Err(at(64)));
        assert_eq!(breaker.check(at(64)), Ok(()));
        breaker.failed(at(65));
        assert_eq!(
            breaker.check(at(66)),
            Err(at(125)),
            "one failed trial is enough"
        );
    }
}
