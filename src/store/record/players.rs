//! Who a player is, and when he stopped being a rookie.

use serde::{Deserialize, Serialize};

use super::{Day, date, day};
use crate::domain::{Hand, MlbSeason, OtherIds, Prospect, ProspectId, RookieLimits, Season};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::store) struct PlayerRecord {
    pub(in crate::store) name: String,
    /// How good the source of the name is; a better one replaces it.
    pub(in crate::store) name_rank: u16,
    pub(in crate::store) birth: Option<Day>,
    pub(in crate::store) birth_rank: u16,
    pub(in crate::store) bats: Option<Hand>,
    pub(in crate::store) throws: Option<Hand>,
    pub(in crate::store) other_ids: OtherIds,
}

impl PlayerRecord {
    pub(in crate::store) fn prospect(self, id: ProspectId) -> Prospect {
        Prospect {
            id,
            mlbam_id: id.mlbam(),
            name: self.name,
            birth_date: self.birth.map(date),
            bats: self.bats,
            throws: self.throws,
            other_ids: self.other_ids,
        }
    }
}

/// A major-league season; the season itself is in the key.
pub(in crate::store) type MlbRecord = MlbSeason;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(in crate::store) struct LimitsRecord {
    pub(in crate::store) debut: Option<Day>,
    pub(in crate::store) passed_on: Option<Day>,
    pub(in crate::store) passed_by: Option<u16>,
}

impl From<LimitsRecord> for RookieLimits {
    fn from(record: LimitsRecord) -> Self {
        Self {
            debut: record.debut.map(date),
            passed_on: record.passed_on.map(date),
            passed_by: record.passed_by.map(Season),
        }
    }
}

impl From<&RookieLimits> for LimitsRecord {
    fn from(limits: &RookieLimits) -> Self {
        Self {
            debut: limits.debut.map(day),
            passed_on: limits.passed_on.map(day),
            passed_by: limits.passed_by.map(|season| season.0),
        }
    }
}
