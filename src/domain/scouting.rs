//! Published grades and ranks.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Season;
use super::level::{UnknownName, named};
use std::fmt;
use std::str::FromStr;

named!(
    /// A scouting tool graded from 20 to 80.
    Tool, "tool" {
        /// Hit.
        Hit = "hit",
        /// Game power.
        GamePower = "game_power",
        /// Raw power.
        RawPower = "raw_power",
        /// Speed.
        Speed = "speed",
        /// Fielding.
        Field = "field",
        /// Arm.
        Arm = "arm",
        /// Pitch selection.
        PitchSelection = "pitch_select",
        /// Bat control.
        BatControl = "bat_control",
        /// Fastball.
        Fastball = "fastball",
        /// Slider.
        Slider = "slider",
        /// Curveball.
        Curve = "curve",
        /// Changeup.
        Changeup = "changeup",
        /// Cutter.
        Cutter = "cutter",
        /// Splitter.
        Splitter = "splitter",
        /// Command or control.
        Command = "command",
    }
);

named!(
    /// How a list's rows were selected; decides what they may be used for.
    Sample, "sample" {
        /// The whole list.
        Full = "full",
        /// Only listed players who had stats that year.
        WithStats = "with_stats",
        /// An incomplete copy.
        Partial = "partial",
        /// Amateur board (draft or international).
        Amateur = "amateur",
        /// The whole top 100 only.
        FullTop100 = "full_top100",
        /// Kept only because the player was still a prospect later: leaks the
        /// future, so never a feature.
        Survivor = "survivor",
    }
);

/// One player's entry in one publisher's list or board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grade {
    /// Publisher (`fangraphs`, `mlb_pipeline`, or the operator's own name).
    pub source: String,
    /// Name of the list (`top100`, `org_top30`, `board`).
    pub list: String,
    /// Year the list is for.
    pub list_year: Season,
    /// Publication date; a grade without one is never a feature.
    pub published: Option<Date>,
    /// How rows were selected.
    pub sample: Sample,
    /// Overall rank, 1 is best.
    pub rank: Option<u16>,
    /// Rank inside the organisation.
    pub org_rank: Option<u16>,
    /// Future value or overall grade, 20 to 80.
    pub future_value: Option<f32>,
    /// Tool grades, 20 to 80.
    pub tools: Vec<(Tool, f32)>,
}

impl Grade {
    /// Which entry of which list it is: two grades of one entry are the same
    /// said twice.
    pub fn entry(&self) -> (&str, &str, Season, Option<Date>) {
        (&self.source, &self.list, self.list_year, self.published)
    }

    /// Takes from an earlier reading of the entry what this one does not say: a
    /// publisher's list may come in several files.
    pub fn complete(&mut self, earlier: &Self) {
        self.rank = self.rank.or(earlier.rank);
        self.org_rank = self.org_rank.or(earlier.org_rank);
        self.future_value = self.future_value.or(earlier.future_value);
        for &(tool, value) in &earlier.tools {
            if !self.tools.iter().any(|(held, _)| *held == tool) {
                self.tools.push((tool, value));
            }
        }
        self.tools.sort_by_key(|(tool, _)| *tool);
    }

    /// True when both speak of one entry.
    pub fn same_entry(&self, other: &Self) -> bool {
        self.entry() == other.entry()
    }
}

/// A selection in the amateur draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftPick {
    /// Draft year.
    pub year: Season,
    /// Round as published (`1`, `1C`, `CB-A`).
    pub round: String,
    /// Overall pick, from 1.
    pub pick: u16,
    /// Drafting club as published.
    pub team: String,
    /// Position announced.
    pub position: String,
    /// School as published.
    pub school: String,
}
