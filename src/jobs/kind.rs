//! Kinds of work: who does it, on which thread, and how often it is tried.

use super::context::Context;

/// Pauses after the first, second, ... failure, in minutes, where a kind names none.
const PAUSES: [i64; 4] = [2, 10, 30, 120];

/// The thread that does a job: each lane has its own, so that one never waits for
/// the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Big transactions and training: minutes to hours.
    Heavy,
    /// Seconds, such as a mail.
    Light,
}

impl Lane {
    /// Every lane.
    pub const ALL: [Self; 2] = [Self::Heavy, Self::Light];
}

/// A kind of work.
pub struct JobKind {
    /// Name of its jobs.
    pub(super) name: &'static str,
    /// Does it.
    pub(super) run: Box<Run>,
    pub(super) lane: Lane,
    pub(super) pauses: &'static [i64],
    pub(super) forgets: bool,
}

/// The function of a kind.
pub type Run = dyn Fn(&mut Context<'_>) -> anyhow::Result<()> + Send + Sync;

impl JobKind {
    /// Jobs called `name`, which `run` does: in the heavy lane, and given up after
    /// five failures in some three hours.
    pub fn new(
        name: &'static str,
        run: impl Fn(&mut Context<'_>) -> anyhow::Result<()> + Send + Sync + 'static,
    ) -> Self {
        Self {
            name,
            run: Box::new(run),
            lane: Lane::Heavy,
            pauses: &PAUSES,
            forgets: false,
        }
    }

    /// In another lane.
    pub fn in_lane(self, lane: Lane) -> Self {
        Self { lane, ..self }
    }

    /// Tried again after these pauses, in minutes; given up when all have passed.
    pub fn tried_again_after(self, pauses: &'static [i64]) -> Self {
        Self { pauses, ..self }
    }

    /// What was to be done is forgotten once it is: it may be somebody's private matter.
    pub fn forgets_payloads(self) -> Self {
        Self {
            forgets: true,
            ..self
        }
    }
}
