//! Rows that sum a player's clubs of a season at a level.

use super::{BattingLine, Club, Code, Level, PitchingLine};

/// A season's line of one club, or of all of them together.
pub trait ClubLine {
    /// Level.
    fn level(&self) -> Level;
    /// Club.
    fn club(&self) -> &Club;
    /// Plate appearances or batters faced.
    fn playing_time(&self) -> u32;
}

impl ClubLine for BattingLine {
    fn level(&self) -> Level {
        self.level
    }

    fn club(&self) -> &Club {
        &self.club
    }

    fn playing_time(&self) -> u32 {
        self.counts.pa.into()
    }
}

impl ClubLine for PitchingLine {
    fn level(&self) -> Level {
        self.level
    }

    fn club(&self) -> &Club {
        &self.club
    }

    fn playing_time(&self) -> u32 {
        self.counts.bf.into()
    }
}

impl Club {
    /// What stands for the club in a line that sums several.
    pub const TOTAL: &'static str = "TOT";

    /// Several clubs together, as sources write a traded player's sum.
    pub fn total(league: Code, organisation: Code) -> Self {
        Self {
            league,
            team_id: 0,
            team: Code::new(Self::TOTAL).unwrap_or_default(),
            organisation,
        }
    }

    /// True for the sum of several clubs.
    pub fn is_total(&self) -> bool {
        self.team_id == 0 && self.team.as_str() == Self::TOTAL
    }
}

/// What counts of lines and their sum, so that no game is counted twice: the lines of
/// the clubs where they are complete, else the sum.
pub fn counts_sum(total: u32, parts: impl Iterator<Item = u32>) -> bool {
    parts.sum::<u32>() < total
}

/// Drops the sums from a season's lines where the lines of the clubs are complete, and
/// the lines of the clubs where they are not: a source may give both, or several
/// files may.
pub fn without_totals<L: ClubLine>(lines: &mut Vec<L>) {
    if lines.len() < 2 || !lines.iter().any(|line| line.club().is_total()) {
        return;
    }
    for &level in Level::ALL {
        let of = |total: bool| {
            lines
                .iter()
                .filter(move |line| line.level() == level && line.club().is_total() == total)
                .map(ClubLine::playing_time)
        };
        let Some(total) = of(true).max() else {
            continue;
        };
        let parts_count = of(false).next().is_some() && !counts_sum(total, of(false));
        let mut largest = true;
        lines.retain(|line| {
            if line.level() != level {
                return true;
            }
            if !line.club().is_total() {
                return parts_count;
            }
            // Of several sums the largest has all clubs in it.
            let kept = !parts_count && line.playing_time() == total && largest;
            largest &= !kept;
            kept
        });
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::without_totals;
    use crate::domain::{BattingCounts, BattingLine, Club, Code, Level, Season};

    fn line(level: Level, team: &str, pa: u16) -> BattingLine {
        BattingLine {
            season: Season(2025),
            level,
            club: Club {
                team: Code::new(team).expect("short"),
                ..Club::default()
            },
            position: None,
            as_of: date(2025, 12, 31),
            counts: BattingCounts {
                pa,
                ..BattingCounts::default()
            },
        }
    }

    fn left(lines: &[(Level, &str, u16)]) -> Vec<(Level, u16)> {
        let mut lines: Vec<_> = lines.iter().map(|(l, t, pa)| line(*l, t, *pa)).collect();
        without_totals(&mut lines);
        lines
            .iter()
            .map(|line| (line.level, line.counts.pa))
            .collect()
    }

    #[test]
    fn no_game_counts_twice_and_none_is_lost() {
        use Level::{DoubleA, TripleA};
        assert_eq!(
            left(&[
                (DoubleA, "HFD", 240),
                (DoubleA, "REA", 160),
                (DoubleA, "TOT", 400)
            ]),
            [(DoubleA, 240), (DoubleA, 160)]
        );
        assert_eq!(
            left(&[(DoubleA, "HFD", 240), (DoubleA, "TOT", 400)]),
            [(DoubleA, 400)]
        );
        assert_eq!(left(&[(DoubleA, "TOT", 400)]), [(DoubleA, 400)]);
        assert_eq!(
            left(&[(DoubleA, "TOT", 400), (TripleA, "IND", 90)]),
            [(DoubleA, 400), (TripleA, 90)]
        );
        assert_eq!(
            left(&[(DoubleA, "TOT", 300), (DoubleA, "TOT", 400)]),
            [(DoubleA, 400)]
        );
    }
}
