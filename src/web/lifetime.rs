//! How long rendered answers are kept.

use std::time::Duration;

/// How long a response may be served from the cache. A handler inserts it into
/// the extensions of a response that depends on nothing but path, query and boards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lifetime {
    /// Boards, filters, comparisons: 30 minutes.
    Rankings,
    /// Profiles: an hour.
    Profile,
    /// Predictions and explanations: a day.
    Prediction,
    /// Search results: 15 minutes.
    Search,
    /// What will soon be said better: not kept at all.
    Unkept,
}

impl Lifetime {
    /// That of search results, which are not kept while the index lags behind.
    pub(super) fn of_search(stale: bool) -> Self {
        if stale { Self::Unkept } else { Self::Search }
    }

    /// The lifetime in the cache.
    pub(super) fn duration(self) -> Duration {
        Duration::from_secs(
            60 * match self {
                Self::Rankings => 30,
                Self::Profile => 60,
                Self::Prediction => 24 * 60,
                Self::Search => 15,
                Self::Unkept => 0,
            },
        )
    }

    /// Boards are few and read by everybody, so they get the densest form.
    pub(super) fn brotli_quality(self) -> i32 {
        if self == Self::Rankings { 11 } else { 9 }
    }
}
