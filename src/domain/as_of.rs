//! The day or season whose knowledge is asked for.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use super::Season;

/// What a question is asked as of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// The end of a season, by its newest board: `2015`.
    Season(Season),
    /// A day, by the board shown on it: `2026-07-03`.
    Day(Date),
}

impl fmt::Display for AsOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Season(season) => season.fmt(f),
            Self::Day(day) => day.fmt(f),
        }
    }
}

impl FromStr for AsOf {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let day = || text.parse().map(Self::Day);
        text.parse()
            .map(Self::Season)
            .or_else(|_: String| day())
            .map_err(|_: jiff::Error| {
                format!("`{text}` is neither a season such as 2015 nor a day such as 2026-07-03")
            })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{AsOf, Season};

    #[test]
    fn seasons_and_days_are_read() {
        assert_eq!("2015".parse(), Ok(AsOf::Season(Season(2015))));
        assert_eq!("2026-07-03".parse(), Ok(AsOf::Day(date(2026, 7, 3))));
        for text in ["", "15", "2026-7-3x", "2026-13-01", "yesterday"] {
            assert!(text.parse::<AsOf>().is_err(), "{text}");
        }
    }
}
