//! The logs of many callers, in bounded memory.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, BuildHasherDefault, Hash, Hasher};
use std::time::Duration;

use parking_lot::Mutex;

use super::log::{Log, WINDOW, WINDOW_MS};

/// Parts with a lock of their own.
const SHARDS: usize = 64;
/// Callers held in one part: a million in all.
const MOST_CALLERS: usize = (1 << 20) / SHARDS;
/// Bytes that the longer logs of one part take: 24 MiB in all.
const MOST_HEAP: usize = (24 << 20) / SHARDS;
/// Callers who asked no more than this are forgotten first where there is no room.
const EASILY_FORGOTTEN: u32 = 4;

/// Logs by caller.
pub(super) struct Table {
    /// Secret, so that nobody can make callers share a log.
    hasher: RandomState,
    shards: Box<[Mutex<Shard>]>,
}

/// Why units are refused.
pub(super) struct Full {
    /// Units held.
    pub(super) used: u32,
    /// Until none of them is held any more.
    pub(super) whole_in: Duration,
    /// Until there is room for those asked; `None` when there never is.
    pub(super) wait: Option<Duration>,
}

#[derive(Default)]
struct Shard {
    /// By the caller's hash: of a million callers, two share one in 3 of 10^8 cases.
    logs: HashMap<u64, Log, BuildHasherDefault<Hashed>>,
    heap: usize,
    swept: u32,
}

/// A key that is a hash already.
#[derive(Default)]
struct Hashed(u64);

impl Default for Table {
    fn default() -> Self {
        Self {
            hasher: RandomState::new(),
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
        }
    }
}

impl Table {
    /// Adds units of a caller, unless that would be more than `limit` within the minute
    /// before `now`; gives the units held then.
    pub(super) fn ask(
        &self,
        caller: &impl Hash,
        units: u32,
        limit: u32,
        now: u32,
    ) -> Result<u32, Full> {
        let key = self.hasher.hash_one(caller);
        // The map itself goes by the lowest and the highest bits.
        let shard = &self.shards[(key >> 32) as usize % SHARDS];
        shard.lock().ask(key, units, limit, now)
    }

    /// Bytes taken in all.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        let bytes = |shard: &Mutex<Shard>| {
            let shard = shard.lock();
            // One byte more and a filling of 7 in 8 (hashbrown).
            shard.heap + shard.logs.capacity() * 8 / 7 * (size_of::<(u64, Log)>() + 1)
        };
        self.shards.iter().map(bytes).sum()
    }
}

impl Shard {
    fn ask(&mut self, key: u64, units: u32, limit: u32, now: u32) -> Result<u32, Full> {
        if now.wrapping_sub(self.swept) >= WINDOW_MS {
            self.sweep(now);
        }
        let is_new = !self.logs.contains_key(&key);
        if is_new && self.is_full() && !self.make_room(now) {
            return Err(Full {
                used: limit,
                whole_in: WINDOW,
                wait: Some(WINDOW),
            });
        }
        let log = self.logs.entry(key).or_insert(Log::EMPTY);
        let before = log.heap();
        log.forget(now);
        let used = log.units();
        let over = used.saturating_add(units).saturating_sub(limit);
        if over > 0 {
            let after = |units| Duration::from_millis(log.wait(units, now).into());
            return Err(Full {
                used,
                whole_in: after(used),
                wait: (units <= limit).then(|| after(over)),
            });
        }
        log.add(now, units);
        self.heap = self.heap + log.heap() - before;
        Ok(used + units)
    }

    fn is_full(&self) -> bool {
        self.logs.len() >= MOST_CALLERS || self.heap >= MOST_HEAP
    }

    /// Drops callers who asked nothing for a minute.
    fn sweep(&mut self, now: u32) {
        self.swept = now;
        self.logs.retain(|_, log| {
            log.forget(now);
            log.units() > 0
        });
        self.heap = self.logs.values().map(Log::heap).sum();
        if self.logs.len() < self.logs.capacity() / 4 {
            self.logs.shrink_to_fit();
        }
    }

    /// Forgets callers far from any limit, those who asked least first; false when
    /// there is none.
    fn make_room(&mut self, now: u32) -> bool {
        self.sweep(now);
        for least in 1..=EASILY_FORGOTTEN {
            if self.logs.len() < MOST_CALLERS / 8 * 7 && self.heap < MOST_HEAP / 8 * 7 {
                break;
            }
            self.logs.retain(|_, log| log.units() > least);
            self.heap = self.logs.values().map(Log::heap).sum();
        }
        !self.is_full()
    }
}

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {}

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}
