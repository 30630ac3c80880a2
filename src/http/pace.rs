//! Not more requests a second to a host than it may be sent.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

/// Spaces the requests to one host evenly.
pub(super) struct Pace {
    gap: Duration,
    next: Mutex<Instant>,
}

impl Pace {
    pub(super) fn new(per_second: f64) -> Self {
        let gap = if per_second > 0.0 {
            1.0 / per_second
        } else {
            60.0
        };
        Self {
            gap: Duration::from_secs_f64(gap.min(3600.0)),
            next: Mutex::new(Instant::now()),
        }
    }

    /// Returns when the next request may be sent.
    pub(super) async fn wait(&self) {
        let at = {
            let mut next = self.next.lock().await;
            let at = (*next).max(Instant::now());
            *next = at + self.gap;
            at
        };
        sleep_until(at).await;
    }
}

#[cfg(test)]
mod tests {
    use super::Pace;

    #[tokio::test(start_paused = true)]
    async fn requests_are_a_second_apart_and_idle_time_is_not_saved_up() {
        let pace = Pace::new(1.0);
        let start = tokio::time::Instant::now();
        for _ in 0..3 {
            pace.wait().await;
        }
        assert_eq!(start.elapsed().as_secs(), 2);
        tokio::time::sleep(std::time::Duration::from_secs(10)).await;
        pace.wait().await;
        pace.wait().await;
        assert_eq!(start.elapsed().as_secs(), 13);
    }
}
