//! Who is told when a newer board lands.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Open pages that are followed; each costs a connection.
const MOST: usize = 2000;

/// Tells listeners of swaps of boards, until the server stops.
pub(super) struct BoardEvents {
    version: watch::Sender<u64>,
    listeners: Arc<AtomicUsize>,
    stop: CancellationToken,
}

/// Hears of swaps.
pub(super) struct Listener {
    version: watch::Receiver<u64>,
    listeners: Arc<AtomicUsize>,
    stop: CancellationToken,
}

impl BoardEvents {
    /// Nobody listens yet; every listener is let go when `stop` is cancelled.
    pub(super) fn new(stop: CancellationToken) -> Self {
        Self {
            version: watch::Sender::new(0),
            listeners: Arc::default(),
            stop,
        }
    }

    /// Tells everybody.
    pub(super) fn tell(&self, version: u64) {
        self.version.send_replace(version);
    }

    /// A listener; `None` when there are as many as can be followed.
    pub(super) fn listen(&self) -> Option<Listener> {
        if self.listeners.fetch_add(1, Ordering::Relaxed) >= MOST {
            self.listeners.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        Some(Listener {
            version: self.version.subscribe(),
            listeners: Arc::clone(&self.listeners),
            stop: self.stop.clone(),
        })
    }
}

impl Listener {
    /// The number of the next swap; `None` once the server stops.
    pub(super) async fn landed(&mut self) -> Option<u64> {
        tokio::select! {
            () = self.stop.cancelled() => None,
            changed = self.version.changed() => changed.ok().map(|()| *self.version.borrow_and_update()),
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.listeners.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use tokio_util::sync::CancellationToken;

    use super::{BoardEvents, MOST};

    #[tokio::test]
    async fn listeners_hear_of_swaps_and_of_the_end() {
        let stop = CancellationToken::new();
        let board_events = BoardEvents::new(stop.clone());
        let mut listener = board_events.listen().expect("room");
        board_events.tell(7);
        assert_eq!(listener.landed().await, Some(7));
        stop.cancel();
        assert_eq!(listener.landed().await, None);
    }

    #[test]
    fn there_is_room_for_so_many_and_for_others_when_they_leave() {
        let board_events = BoardEvents::new(CancellationToken::new());
        let mut all: Vec<_> = (0..MOST)
            .map(|_| board_events.listen().expect("room"))
            .collect();
        assert!(board_events.listen().is_none());
        all.pop();
        assert!(board_events.listen().is_some());
    }
}
