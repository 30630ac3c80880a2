//! Who a player is.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::level::{UnknownName, named};
use super::{MlbamId, ProspectId};
use std::fmt;
use std::str::FromStr;

named!(
    /// A hand. Known only where a source gives it for everybody: filled-in
    /// handedness leaks who reached the majors, so it is never a feature.
    Hand, "hand" {
        /// Left.
        Left = "L",
        /// Right.
        Right = "R",
        /// Both (switch hitter).
        Switch = "S",
    }
);

/// Who a player is: the facts that do not change from season to season.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prospect {
    /// Our own id.
    pub id: ProspectId,
    /// MLBAM id, when one is known.
    pub mlbam_id: Option<MlbamId>,
    /// Full name as shown.
    pub name: String,
    /// Birth date, when known.
    pub birth_date: Option<Date>,
    /// Batting side.
    pub bats: Option<Hand>,
    /// Throwing hand.
    pub throws: Option<Hand>,
    /// Ids in other services: keys for joins, never features.
    pub other_ids: OtherIds,
}

/// Ids in other services.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OtherIds {
    /// FanGraphs id (`1234` or `sa1234567`).
    pub fangraphs: Option<String>,
    /// Baseball-Reference minors id.
    pub bref_minors: Option<String>,
    /// Baseball-Reference id.
    pub bref: Option<String>,
    /// Chadwick register id.
    pub chadwick: Option<String>,
    /// Fantrax id.
    pub fantrax: Option<String>,
}
