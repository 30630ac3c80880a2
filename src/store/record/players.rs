//! Who a player is, his seasons in the majors, his draft selections.

use serde::{Deserialize, Serialize};

use super::numbers::Number;
use super::shape::{Day, Form, Record, record};
use crate::domain::{DraftPick, Hand, MlbSeason, OtherIds, Prospect, ProspectId, RookieLimits};

/// A player; his id is in the key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::store) struct PlayerRecord {
    pub(in crate::store) name: String,
    /// How good the source of the name is; a better one replaces it.
    pub(in crate::store) name_rank: u16,
    pub(in crate::store) birth: Option<Day>,
    pub(in crate::store) birth_rank: u16,
    pub(in crate::store) bats: Option<Number<Hand>>,
    pub(in crate::store) throws: Option<Number<Hand>>,
    pub(in crate::store) other_ids: OtherIdsRecord,
}

impl Record for PlayerRecord {}

impl PlayerRecord {
    /// The player with an id.
    pub(in crate::store) fn prospect(self, id: ProspectId) -> Prospect {
        Prospect {
            id,
            mlbam_id: id.mlbam(),
            name: self.name,
            birth_date: self.birth.value(),
            bats: self.bats.value(),
            throws: self.throws.value(),
            other_ids: self.other_ids.value(),
        }
    }
}

record! {
    /// Ids in other services.
    OtherIdsRecord of OtherIds {
        fangraphs: Option<String>,
        bref_minors: Option<String>,
        bref: Option<String>,
        chadwick: Option<String>,
        fantrax: Option<String>,
    }
}

record! {
    /// A major-league season.
    MlbRecord of MlbSeason {
        season: u16,
        pa: u16,
        ab: u16,
        h: u16,
        hr: u16,
        bb: u16,
        so: u16,
        outs: u16,
        bf: u16,
        p_so: u16,
        p_bb: u16,
        g: u16,
        g_pit: u16,
        gs: u16,
    }
}

impl Record for MlbRecord {}

record! {
    /// When he stopped being a rookie.
    LimitsRecord of RookieLimits {
        debut: Option<Day>,
        passed_on: Option<Day>,
        passed_by: Option<u16>,
    }
}

impl Record for LimitsRecord {}

record! {
    /// A draft selection.
    DraftRecord of DraftPick {
        year: u16,
        round: String,
        pick: u16,
        team: String,
        position: String,
        school: String,
    }
}

impl Record for DraftRecord {}
