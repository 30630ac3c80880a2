//! The day whose knowledge features are made of.

use jiff::civil::Date;

use crate::domain::Season;

/// How far a season is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sight {
    pub(super) season: Season,
    /// The day whose knowledge it is.
    pub(super) day: Date,
    /// Share of the season's calendar that has been played by then.
    pub(super) played: f32,
    /// True when the season's major-league lines count up to the day, and not to its
    /// end.
    pub(super) to_date: bool,
}

impl Sight {
    /// True when a major-league season is known on the day: a past one, or the running
    /// one as far as it goes.
    pub(super) fn knows(&self, major: Season) -> bool {
        major < self.season || (major == self.season && (self.is_over() || self.to_date))
    }

    /// True once all of the season has been played.
    pub(super) fn is_over(&self) -> bool {
        self.played >= 1.0
    }
}
