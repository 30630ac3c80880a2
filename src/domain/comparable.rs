//! Past players like a present one.

use serde::{Deserialize, Serialize};

use super::{Level, SnapshotId};

/// A player's major-league seasons in the four-season window after a snapshot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aftermath {
    /// Plate appearances in the window, 2020 as played.
    pub pa: u32,
    /// Outs recorded in the window, 2020 as played.
    pub outs: u32,
    /// First season of the window, 1 to 4, in which he played in the majors; 0
    /// when he had debuted before.
    pub debut: Option<u8>,
    /// Season of the window, 1 to 4, in which he passed 500 PA or 100 IP.
    pub success: Option<u8>,
    /// The same with the 60 games of 2020 counted as a full season.
    pub success_in_full_seasons: Option<u8>,
}

/// A past snapshot near another one, and what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparable {
    /// The past snapshot; its window has closed.
    pub id: SnapshotId,
    /// Age on 1 July of its season, when known.
    pub age: Option<f32>,
    /// Highest level of its season.
    pub level: Level,
    /// Distance in log-odds, over the display groups of the explanation.
    pub distance: f32,
    /// What he did in the window.
    pub aftermath: Aftermath,
}
