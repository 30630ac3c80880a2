//! The open connections: how many there may be, and which must go.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use tokio::task::{AbortHandle, JoinHandle};
use tokio::time::Instant;

use super::activity::{Activity, Phase};
use super::limits::{Limits, holder};

/// What became of connections since the start, for whoever watches.
#[derive(Debug, Default)]
pub struct Connections {
    /// Open ones.
    pub open: AtomicU64,
    /// Taken in all.
    pub accepted: AtomicU64,
    /// Turned away because there were too many.
    pub refused_full: AtomicU64,
    /// Turned away because their address had too many.
    pub refused_address: AtomicU64,
    /// Closed because the peer was too slow.
    pub closed_slow: AtomicU64,
    /// Closed because nothing was asked for long.
    pub closed_idle: AtomicU64,
}

/// Why a connection is turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Full,
    Address,
}

pub(super) struct ConnectionSet {
    pub(super) limits: Limits,
    pub(super) now: Arc<AtomicU32>,
    /// Answers are the last of their connections.
    pub(super) stopping: AtomicBool,
    /// Idle connections are closed.
    pub(super) emptying: AtomicBool,
    pub(super) counts: Arc<Connections>,
    start: Instant,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    next: u64,
    open: HashMap<u64, Open>,
    by_holder: HashMap<IpAddr, usize>,
}

struct Open {
    activity: Arc<Activity>,
    task: AbortHandle,
}

/// A place among the open connections; leaves it when dropped.
pub(super) struct Place {
    set: Arc<ConnectionSet>,
    id: u64,
    holder: Option<IpAddr>,
    trusted: bool,
    peer: Option<IpAddr>,
}

impl ConnectionSet {
    pub(super) fn new(limits: Limits, counts: Arc<Connections>) -> Self {
        Self {
            limits,
            now: Arc::default(),
            stopping: AtomicBool::new(false),
            emptying: AtomicBool::new(false),
            counts,
            start: Instant::now(),
            held: Mutex::default(),
        }
    }

    /// Gives a connection from `peer`, or from a process of this machine, its place and
    /// starts its task.
    pub(super) fn admit(
        self: &Arc<Self>,
        peer: Option<IpAddr>,
        phase: Phase,
        start: impl FnOnce(Place, Arc<Activity>) -> JoinHandle<()>,
    ) -> Result<(), Refused> {
        let stranger = peer.filter(|peer| !self.limits.trusted.contains(*peer));
        let limited = stranger.filter(|_| self.limits.per_address > 0);
        let holder = limited.map(holder);
        // Kept until the task is listed: a task that is over at once waits for it.
        let mut held = self.held();
        if held.open.len() >= self.limits.connections {
            return Err(Refused::Full);
        }
        if let Some(holder) = holder {
            let count = held.by_holder.entry(holder).or_default();
            if *count >= self.limits.per_address {
                return Err(Refused::Address);
            }
            *count += 1;
        }
        let id = held.next;
        held.next += 1;
        let activity = Arc::new(Activity::new(phase, Arc::clone(&self.now)));
        let place = Place {
            set: Arc::clone(self),
            id,
            holder,
            trusted: stranger.is_none(),
            peer,
        };
        let task = start(place, Arc::clone(&activity)).abort_handle();
        held.open.insert(id, Open { activity, task });
        self.counts.accepted.fetch_add(1, Ordering::Relaxed);
        self.counts.open.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Moves the clock and closes what is over its time.
    pub(super) fn look(&self) {
        let now = u32::try_from(self.start.elapsed().as_millis()).unwrap_or(u32::MAX);
        self.now.store(now, Ordering::Relaxed);
        let held = self.held();
        let crowded = held.open.len() >= self.limits.connections / 4 * 3;
        for open in held.open.values() {
            let (phase, _) = open.activity.read();
            let Some(longest) = self.longest(phase, crowded) else {
                continue;
            };
            if Duration::from_millis(open.activity.age().into()) >= longest {
                self.close(open, phase);
            }
        }
    }

    /// Longest time in a phase; `None` for any time.
    fn longest(&self, phase: Phase, crowded: bool) -> Option<Duration> {
        let limits = &self.limits;
        let emptying = self.emptying.load(Ordering::Relaxed);
        Some(match phase {
            Phase::Opening | Phase::Head => limits.head,
            Phase::Idle if emptying => Duration::ZERO,
            Phase::Idle if crowded => limits.idle_when_full,
            Phase::Idle => limits.idle,
            Phase::Body => limits.body,
            Phase::Working => limits.answer,
            Phase::Sending | Phase::Flushing | Phase::Stalled => limits.stalled,
            Phase::Streaming | Phase::Closing => return None,
        })
    }

    fn close(&self, open: &Open, phase: Phase) {
        // A request that has just come in wins.
        if !open.activity.change(phase, Phase::Closing) {
            return;
        }
        let count = match phase {
            Phase::Idle => &self.counts.closed_idle,
            _ => &self.counts.closed_slow,
        };
        count.fetch_add(1, Ordering::Relaxed);
        open.task.abort();
    }

    /// Closes everything.
    pub(super) fn clear(&self) -> usize {
        let held = self.held();
        for open in held.open.values() {
            open.task.abort();
        }
        held.open.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.held().open.is_empty()
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock()
    }
}

impl Place {
    /// Whether the peer speaks for others, as a proxy does.
    pub(super) fn is_trusted(&self) -> bool {
        self.trusted
    }

    /// Address of the peer; none for a process of this machine.
    pub(super) fn peer(&self) -> Option<IpAddr> {
        self.peer
    }

    pub(super) fn set(&self) -> &ConnectionSet {
        &self.set
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self.set.held();
        held.open.remove(&self.id);
        self.set.counts.open.fetch_sub(1, Ordering::Relaxed);
        let Some(holder) = self.holder else { return };
        if let Some(count) = held.by_holder.get_mut(&holder) {
            *count -= 1;
            if *count == 0 {
                held.by_holder.remove(&holder);
            }
        }
    }
}
