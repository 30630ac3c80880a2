//! Is everything there that a source has when it is well?

use std::collections::BTreeSet;

use jiff::civil::{Date, date};

use super::ask::Ask;
use super::clubs::Clubs;
use super::findings::{finding, plain};
use super::harvest::Harvest;
use super::plan;
use super::sport::Sport;
use crate::domain::{Check, Finding, Season, Severity};
use crate::store::{ReadTx, StoreError};

/// Share of the players known of a season that a good answer has at least.
const LEAST_PERCENT: usize = 80;

/// What a complete source has at least.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Clubs of each full-season level.
    pub full_season_clubs: u32,
    /// Clubs of the rookie leagues, from 2021 on.
    pub rookie_clubs: u32,
    /// True when an answer with lines of a season must come with those of every
    /// level and side of it: a player's lines replace what was known of his season.
    pub whole_seasons: bool,
}

impl Default for Rules {
    /// The rules for the real source.
    fn default() -> Self {
        Self {
            full_season_clubs: 25,
            rookie_clubs: 50,
            whole_seasons: true,
        }
    }
}

impl Rules {
    /// Rules for a small league, or for single answers.
    pub fn lenient() -> Self {
        Self {
            full_season_clubs: 0,
            rookie_clubs: 0,
            whole_seasons: false,
        }
    }

    /// Levels with fewer clubs than a season has.
    pub(super) fn clubs(&self, season: Season, clubs: &Clubs) -> Vec<Finding> {
        let short = Sport::of(season).filter_map(|sport| {
            let (found, least) = (clubs.count(season, sport), self.least(season, sport));
            let what = format!("{season} {sport} has {found} clubs, at least {least} are expected");
            (found < least).then(|| plain(Check::Completeness, Severity::Critical, what))
        });
        short.collect()
    }

    fn least(&self, season: Season, sport: Sport) -> u32 {
        match sport {
            Sport::Rookie if season.0 >= 2021 => self.rookie_clubs,
            sport if sport.full_season() => self.full_season_clubs,
            _ => 0,
        }
    }

    /// Answers without which those of the same season may not be used.
    pub(super) fn absent(&self, asks: &BTreeSet<&Ask>) -> Option<Finding> {
        let with_lines = asks.iter().filter(|ask| matches!(ask, Ask::Lines { .. }));
        let seasons: BTreeSet<Season> = with_lines.filter_map(|ask| ask.season()).collect();
        let needed = seasons.into_iter().flat_map(parts);
        let absent: Vec<String> = needed
            .filter(|ask| self.whole_seasons && !asks.contains(ask))
            .map(|ask| ask.to_string())
            .collect();
        (!absent.is_empty()).then(|| {
            finding(
                Check::Completeness,
                Severity::Critical,
                "answers of a season are missing".to_owned(),
                absent.len() as u32,
                absent,
            )
        })
    }
}

/// The clubs and the lines of every level and side of a season.
fn parts(season: Season) -> impl Iterator<Item = Ask> {
    std::iter::once(Ask::Teams { season }).chain(plan::lines(season))
}

/// A season with far fewer players than are stored for it: the source has lost
/// some, whatever it declares. Nobody is deleted when such a harvest is applied,
/// but it should not be.
///
/// # Errors
/// When the store fails.
pub fn shrunk(harvest: &Harvest, tx: &ReadTx) -> Result<Vec<Finding>, StoreError> {
    let mut found = Vec::new();
    for (season, players) in harvest.players_by_season() {
        let stored = tx.players_of(season)?;
        if players * 100 < stored * LEAST_PERCENT {
            let what = format!("{season} has {players} players, {stored} are known");
            found.push(plain(Check::Completeness, Severity::Critical, what));
        }
    }
    Ok(found)
}

/// An answer without rows: as it should be before the level has begun to play,
/// a failure of the source afterwards.
pub(super) fn empty(ask: &Ask, as_of: Date, opening: Option<Date>) -> Option<Finding> {
    let (season, level) = match ask {
        Ask::Lines { season, level, .. } | Ask::People { season, level } => (*season, *level),
        Ask::Teams { season } => (*season, Sport::Majors),
        // Days without transactions, drafts not held and rosters not given occur.
        _ => return None,
    };
    let year = season.0 as i16;
    let first = match level {
        Sport::AdvancedRookie => return None,
        level if level.full_season() => opening.unwrap_or(date(year, 4, 1)),
        // Rookie and short-season leagues begin in May or June.
        _ => date(year, 6, 15),
    };
    // The minors open within two weeks of the majors.
    let begun = first.saturating_add(jiff::Span::new().days(14));
    // Lines are whole without swings, and players known without bios.
    let severity = match ask {
        Ask::People { .. } | Ask::Lines { advanced: true, .. } => Severity::Warning,
        _ => Severity::Critical,
    };
    let (severity, when) = if as_of < begun {
        (Severity::Info, "before the season has begun")
    } else {
        (severity, "though the season has begun")
    };
    let what = format!("there is nothing in {ask}, {when}");
    Some(plain(Check::Completeness, severity, what))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::civil::date;

    use super::{Rules, empty};
    use crate::domain::{Season, Severity};
    use crate::ingest::mlb::clubs::Clubs;
    use crate::ingest::mlb::{Ask, Side, Sport, backfill};

    fn hitting(level: Sport) -> Ask {
        Ask::Lines {
            season: Season(2026),
            level,
            side: Side::Hitting,
            advanced: false,
        }
    }

    #[test]
    fn nobody_plays_in_january() {
        let opening = Some(date(2026, 3, 26));
        let severity = |level, day| empty(&hitting(level), day, opening).map(|f| f.severity);
        for (level, day, wanted) in [
            (Sport::DoubleA, date(2026, 1, 10), Severity::Info),
            (Sport::DoubleA, date(2026, 4, 8), Severity::Info),
            (Sport::DoubleA, date(2026, 4, 9), Severity::Critical),
            (Sport::Rookie, date(2026, 6, 1), Severity::Info),
            (Sport::Rookie, date(2026, 7, 1), Severity::Critical),
        ] {
            assert_eq!(severity(level, day), Some(wanted), "{level} {day}");
        }
    }

    #[test]
    fn lines_without_swings_are_used() {
        let swings = Ask::Lines {
            season: Season(2026),
            level: Sport::DoubleA,
            side: Side::Hitting,
            advanced: true,
        };
        let finding = empty(&swings, date(2026, 7, 1), None).expect("a finding");
        assert_eq!(finding.severity, Severity::Warning);
    }

    #[test]
    fn a_season_is_whole_or_not_used() {
        let asks = backfill(Season(2026));
        let all: BTreeSet<&Ask> = asks.iter().collect();
        assert_eq!(Rules::default().absent(&all), None);
        let without: BTreeSet<&Ask> = asks
            .iter()
            .filter(|ask| **ask != hitting(Sport::HighA))
            .collect();
        let finding = Rules::default().absent(&without).expect("a finding");
        assert_eq!(finding.examples, ["2026 A+ hitting"]);
        assert_eq!(Rules::lenient().absent(&without), None);
    }

    #[test]
    fn a_season_has_its_clubs() {
        let findings = Rules::default().clubs(Season(2026), &Clubs::default());
        assert_eq!(findings.len(), 6);
        assert_eq!(Rules::lenient().clubs(Season(2026), &Clubs::default()), []);
    }
}
