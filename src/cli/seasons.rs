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

#[cfg(test)]
mod tests {
    use super::Seasons;
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
    fn refuses_what_is_not_a_range() {
        for text in ["", "2017..2012", "12..17", "2012-2017", "a..b", "2012.."] {
            assert!(text.parse::<Seasons>().is_err(), "{text}");
        }
    }
}
