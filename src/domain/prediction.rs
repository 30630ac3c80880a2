//! A prediction and its exact explanation.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Season;
use super::level::{UnknownName, named};

named!(
    /// How much a probability can be relied on, from its interval's width and
    /// the playing time behind it.
    Confidence, "confidence" {
        /// Thin data or a wide interval.
        Low = "low",
        /// In between.
        Medium = "medium",
        /// Ample data and a narrow interval.
        High = "high",
    }
);

named!(
    /// Display group of features; explanations are shown as one bar per group.
    Group, "feature group" {
        /// Age against level and league.
        AgeForLevel = "Age for level",
        /// How high he has played, and how fast he rose.
        Level = "Level",
        /// Home runs and extra bases.
        Power = "Power",
        /// Strikeouts avoided, balls in play, swing-and-miss.
        Contact = "Contact",
        /// Walks.
        Discipline = "Discipline",
        /// Steals and triples.
        Speed = "Speed",
        /// Strikeouts and misses a pitcher causes.
        Stuff = "Stuff",
        /// Walks, hit batters and wild pitches of a pitcher.
        Command = "Command",
        /// Home runs allowed, ground balls, runs prevented.
        RunPrevention = "Run prevention",
        /// Accumulated record, trend, major-league time.
        TrackRecord = "Track record",
        /// Position or starter share.
        Role = "Role",
        /// Playing time and gaps.
        Durability = "Durability",
        /// Draft and published scouting.
        Pedigree = "Pedigree",
    }
);

/// A prediction of one snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// Probability of success, 0 to 1.
    pub probability: f64,
    /// Lower end of the 80 % interval, 0 to 1.
    pub lower: f64,
    /// Upper end of the 80 % interval, 0 to 1.
    pub upper: f64,
    /// How far to rely on it.
    pub confidence: Confidence,
    /// True when the season had enough playing time to be evaluated; false is
    /// shown as *thin data*.
    pub evaluated: bool,
}

/// Seasons of the outcome window.
pub const SEASONS: usize = Season::WINDOW as usize;

/// Probabilities by each season of the window, first to last. Both run upwards,
/// success never exceeds debut, and success by the last season is the
/// prediction's probability.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Horizons {
    /// Probability of having succeeded by the end of each season.
    pub success: [f64; SEASONS],
    /// Probability of having played in the majors by the end of each season; 1
    /// for a player who already had.
    pub debut: [f64; SEASONS],
}

/// One feature's exact share of a prediction.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contribution {
    /// Index into the role's feature definitions.
    pub feature: u16,
    /// The feature's value; NaN when missing.
    pub value: f32,
    /// Calibrated log-odds added by it.
    pub log_odds: f64,
}

/// The exact explanation of a prediction: `base` plus every contribution is the
/// log-odds of the shown probability.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attribution {
    /// Calibrated log-odds of the average training snapshot.
    pub base: f64,
    /// One entry per feature of the role, in the order of its definitions.
    pub contributions: Vec<Contribution>,
}

impl Attribution {
    /// Log-odds that base and contributions add up to.
    pub fn log_odds(&self) -> f64 {
        self.base + self.contributions.iter().map(|c| c.log_odds).sum::<f64>()
    }

    /// Probability that base and contributions add up to.
    pub fn probability(&self) -> f64 {
        1.0 / (1.0 + (-self.log_odds()).exp())
    }
}
