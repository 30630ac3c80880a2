//! Seasons, and ages in them.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A baseball season, named by its calendar year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Season(pub u16);

impl Season {
    /// Seasons between a snapshot and the end of its outcome window.
    pub const WINDOW: u16 = 4;

    /// The last day of the season for our purposes: a snapshot of the season
    /// knows everything dated on or before it and nothing later.
    pub fn last_day(self) -> Date {
        jiff::civil::date(self.0 as i16, 12, 31)
    }

    /// The reference day for ages, 1 July.
    pub fn midpoint(self) -> Date {
        jiff::civil::date(self.0 as i16, 7, 1)
    }

    /// Age in years on 1 July of the season, or `None` without a birth date.
    pub fn age(self, birth_date: Option<Date>) -> Option<f32> {
        let days = birth_date?.until(self.midpoint()).ok()?.get_days();
        Some(days as f32 / 365.25)
    }

    /// The season `years` later.
    pub fn plus(self, years: u16) -> Self {
        Self(self.0 + years)
    }

    /// The season `years` earlier.
    pub fn minus(self, years: u16) -> Self {
        Self(self.0 - years)
    }
}

impl fmt::Display for Season {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Season {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse::<u16>() {
            Ok(year) if (1871..=2200).contains(&year) => Ok(Self(year)),
            _ => Err(format!(
                "`{text}` is not a season: give a year such as 2024"
            )),
        }
    }
}
