//! Ranges of seasons as people write them: `2012..2017`, `2005..`, `2024`.

use std::ops::RangeInclusive;
use std::str::FromStr;

use crate::domain::Season;

/// A range of seasons as typed: `2012..2017` (both ends included) or `2015`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seasons(pub(super) RangeInclusive<Season>);

impl FromStr for Seasons {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let last = last.strip_prefix('=').unwrap_or(last);
        let (first, last): (Season, Season) = (first.parse()?, last.parse()?);
        if first > last {
            return Err(format!(
                "`{text}` is empty: write the earlier season first, as in 2012..2017"
            ));
        }
        Ok(Self(first..=last))
    }
}

/// A range of seasons that may be open at its end: `2005..`, `2012..2017` or `2015`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OpenSeasons {
    first: Season,
    last: Option<Season>,
}

impl OpenSeasons {
    /// The seasons, up to `newest` when the range is open.
    ///
    /// # Errors
    /// When the range begins or ends after `newest`.
    pub(super) fn until(&self, newest: Season) -> anyhow::Result<RangeInclusive<Season>> {
        let last = self.last.unwrap_or(newest);
        anyhow::ensure!(
            self.first <= newest && last <= newest,
            "{} has not been played yet: the newest season is {newest}",
            self.first.max(last)
        );
        Ok(self.first..=last)
    }
}

impl FromStr for OpenSeasons {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(first) = text.strip_suffix("..") {
            return Ok(Self {
                first: first.parse()?,
                last: None,
            });
        }
        let Seasons(range) = text.parse()?;
        Ok(Self {
            first: *range.start(),
            last: Some(*range.end()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{OpenSeasons, Seasons};
    use crate::domain::Season;

    #[test]
    fn both_ends_belong_to_the_range() {
        let range: Seasons = "2012..2017".parse().expect("a range");
        assert_eq!(range.0, Season(2012)..=Season(2017));
        assert_eq!(
            "2015".parse::<Seasons>().expect("one season").0,
            Season(2015)..=Season(2015)
        );
    }

    #[test]
    fn an_open_range_ends_with_the_newest_season() {
        let open: OpenSeasons = "2005..".parse().expect("a range");
        assert_eq!(
            open.until(Season(2026)).expect("played"),
            Season(2005)..=Season(2026)
        );
        let closed: OpenSeasons = "2019..2021".parse().expect("a range");
        assert_eq!(
            closed.until(Season(2026)).expect("played"),
            Season(2019)..=Season(2021)
        );
        assert!(closed.until(Season(2020)).is_err() && open.until(Season(2004)).is_err());
    }

    #[test]
    fn refuses_what_is_not_a_range() {
        for text in ["", "2017..2012", "12..17", "2012-2017", "a..b", "2012.."] {
            assert!(text.parse::<Seasons>().is_err(), "{text}");
        }
    }
}
