//! What one caller asked within the last minute.

use std::collections::VecDeque;
use std::time::Duration;

/// What is counted is what was asked within this time.
pub(in crate::web) const WINDOW: Duration = Duration::from_mins(1);
/// [`WINDOW`] in milliseconds.
pub(super) const WINDOW_MS: u32 = WINDOW.as_millis() as u32;
/// Requests held without an allocation.
const FEW: usize = 3;

/// Moments, in milliseconds, oldest first. Most callers ask seldom: 16 bytes do for them.
pub(super) enum Log {
    Few { held: u8, at: [u32; FEW] },
    Many(Box<Many>),
}

/// Many requests of one caller.
pub(super) struct Many {
    units: u32,
    runs: VecDeque<Run>,
}

/// What was asked within one millisecond.
struct Run {
    at: u32,
    units: u32,
}

impl Log {
    pub(super) const EMPTY: Self = Self::Few {
        held: 0,
        at: [0; FEW],
    };

    /// Forgets what is a minute old.
    pub(super) fn forget(&mut self, now: u32) {
        match self {
            Self::Few { held, at } => {
                let kept = at.iter().take(usize::from(*held));
                let gone = kept.filter(|then| is_over(**then, now)).count();
                at.rotate_left(gone);
                *held -= gone as u8;
            }
            Self::Many(many) => {
                while let Some(run) = many.runs.front().filter(|run| is_over(run.at, now)) {
                    many.units -= run.units;
                    many.runs.pop_front();
                }
                if many.runs.is_empty() {
                    *self = Self::EMPTY;
                }
            }
        }
    }

    /// Adds units asked now.
    pub(super) fn add(&mut self, now: u32, units: u32) {
        if let Self::Few { held, at } = self {
            if usize::from(*held) < FEW && units == 1 {
                at[usize::from(*held)] = now;
                *held += 1;
                return;
            }
            let runs = at.iter().take(usize::from(*held));
            let runs = runs.map(|&at| Run { at, units: 1 }).collect();
            *self = Self::Many(Box::new(Many {
                units: u32::from(*held),
                runs,
            }));
        }
        let Self::Many(many) = self else { return };
        many.units += units;
        match many.runs.back_mut() {
            Some(last) if last.at == now => last.units += units,
            _ => many.runs.push_back(Run { at: now, units }),
        }
    }

    /// Units held.
    pub(super) fn units(&self) -> u32 {
        match self {
            Self::Few { held, .. } => u32::from(*held),
            Self::Many(many) => many.units,
        }
    }

    /// Milliseconds until `units` of those held are a minute old.
    pub(super) fn wait(&self, units: u32, now: u32) -> u32 {
        let due = |at: u32| WINDOW_MS.saturating_sub(now.wrapping_sub(at));
        match self {
            Self::Few { held, at } => {
                let last = u32::from(*held).min(units).saturating_sub(1);
                at.get(last as usize).map_or(0, |&at| due(at))
            }
            Self::Many(many) => {
                let mut freed = 0;
                let last = many.runs.iter().find(|run| {
                    freed += run.units;
                    freed >= units
                });
                last.map_or(0, |run| due(run.at))
            }
        }
    }

    /// Bytes on the heap.
    pub(super) fn heap(&self) -> usize {
        match self {
            Self::Few { .. } => 0,
            Self::Many(many) => size_of::<Many>() + many.runs.capacity() * size_of::<Run>(),
        }
    }
}

fn is_over(then: u32, now: u32) -> bool {
    now.wrapping_sub(then) >= WINDOW_MS
}
