//! What another service counts.

use jiff::civil::Date;

use super::shape::{Record, record};
use crate::domain::LeaderCounts;

record! {
    /// A row of a leaderboard; player, season, role and level are in the key.
    LeaderRecord of LeaderCounts {
        published: Date,
        plate_appearances: Option<u16>,
        outs: Option<u16>,
        strikeouts: Option<f64>,
        walks: Option<f64>,
        wrc_plus: Option<f64>,
        fip: Option<f64>,
    }
}

impl Record for LeaderRecord {}
