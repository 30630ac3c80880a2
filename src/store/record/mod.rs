//! Records as stored, and their way to and from domain values.
//!
//! A record's fields are never reordered: a changed shape gets a new version
//! byte and the old record stays readable.

pub(super) mod player_facts;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::store::tx::read::Affiliation;
use crate::domain::{
    BattingCounts, BattingLine, Club, Code, Confidence, Grade, Hand, Level, MlbSeason, OtherIds,
    PitchingCounts, PitchingLine, Position, Prediction, Prospect, ProspectId, RookieLimits, Sample,
    Season, Tool,
};

/// Days since 1970-01-01.
pub(in crate::store) type Day = i32;

/// The day number of a date.
pub(in crate::store) fn day(date: Date) -> Day {
    let epoch = jiff::civil::date(1970, 1, 1);
    // Dates of years -9999 to 9999 differ by less than eight million days.
    epoch.until(date).map_or(0, |span| span.get_days())
}

/// The date of a day number.
pub(in crate::store) fn date(day: Day) -> Date {
    jiff::civil::date(1970, 1, 1)
        .saturating_add(jiff::Span::new().days(day.clamp(-2_000_000, 2_000_000)))
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::store) struct PlayerRecord {
    pub(in crate::store) name: String,
    /// How good the source of the name is; a better one replaces it.
    pub(in crate::store) name_rank: u16,
    pub(in crate::store) birth: Option<Day>,
    pub(in crate::store) birth_rank: u16,
    pub(in crate::store) bats: Option<Hand>,
    pub(in crate::store) throws: Option<Hand>,
    pub(in crate::store) other_ids: OtherIds,
}

impl PlayerRecord {
    pub(in crate::store) fn prospect(self, id: ProspectId) -> Prospect {
        Prospect {
            id,
            mlbam_id: id.mlbam(),
            name: self.name,
            birth_date: self.birth.map(date),
            bats: self.bats,
            throws: self.throws,
            other_ids: self.other_ids,
        }
    }
}

macro_rules! line_record {
    ($record:ident, $line:ident, $counts:ty) => {
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub(in crate::store) struct $record {
            level: u8,
            league: Code,
            team_id: u32,
            team: Code,
            organisation: Code,
            position: Option<u8>,
            as_of: Day,
            counts: $counts,
        }

        impl $record {
            /// What tells one club's line from another's inside a partition.
            pub(in crate::store) fn key(&self) -> (u8, Code, u32, Code, Code) {
                (
                    self.level,
                    self.league,
                    self.team_id,
                    self.team,
                    self.organisation,
                )
            }

            pub(in crate::store) fn line(&self, season: Season) -> Result<$line, String> {
                Ok($line {
                    season,
                    level: nth(Level::ALL, self.level)?,
                    club: Club {
                        league: self.league,
                        team_id: self.team_id,
                        team: self.team,
                        organisation: self.organisation,
                    },
                    position: self.position.map(|at| nth(Position::ALL, at)).transpose()?,
                    as_of: date(self.as_of),
                    counts: self.counts,
                })
            }
        }

        impl From<&$line> for $record {
            fn from(line: &$line) -> Self {
                Self {
                    level: line.level as u8,
                    league: line.club.league,
                    team_id: line.club.team_id,
                    team: line.club.team,
                    organisation: line.club.organisation,
                    position: line.position.map(|position| position as u8),
                    as_of: day(line.as_of),
                    counts: line.counts,
                }
            }
        }
    };
}

line_record!(BattingRecord, BattingLine, BattingCounts);
line_record!(PitchingRecord, PitchingLine, PitchingCounts);

fn nth<T: Copy>(all: &[T], at: u8) -> Result<T, String> {
    all.get(usize::from(at))
        .copied()
        .ok_or_else(|| format!("{at} names no value"))
}

/// A major-league season; the season itself is in the key.
pub(in crate::store) type MlbRecord = MlbSeason;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(in crate::store) struct LimitsRecord {
    pub(in crate::store) debut: Option<Day>,
    pub(in crate::store) passed_on: Option<Day>,
    pub(in crate::store) passed_by: Option<u16>,
}

impl From<LimitsRecord> for RookieLimits {
    fn from(record: LimitsRecord) -> Self {
        Self {
            debut: record.debut.map(date),
            passed_on: record.passed_on.map(date),
            passed_by: record.passed_by.map(Season),
        }
    }
}

impl From<&RookieLimits> for LimitsRecord {
    fn from(limits: &RookieLimits) -> Self {
        Self {
            debut: limits.debut.map(day),
            passed_on: limits.passed_on.map(day),
            passed_by: limits.passed_by.map(|season| season.0),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::store) struct GradeRecord {
    source: String,
    list: String,
    list_year: u16,
    published: Option<Day>,
    sample: Sample,
    rank: Option<u16>,
    org_rank: Option<u16>,
    future_value: Option<f32>,
    tools: Vec<(Tool, f32)>,
}

impl From<GradeRecord> for Grade {
    fn from(record: GradeRecord) -> Self {
        Self {
            source: record.source,
            list: record.list,
            list_year: Season(record.list_year),
            published: record.published.map(date),
            sample: record.sample,
            rank: record.rank,
            org_rank: record.org_rank,
            future_value: record.future_value,
            tools: record.tools,
        }
    }
}

impl From<&Grade> for GradeRecord {
    fn from(grade: &Grade) -> Self {
        Self {
            source: grade.source.clone(),
            list: grade.list.clone(),
            list_year: grade.list_year.0,
            published: grade.published.map(day),
            sample: grade.sample,
            rank: grade.rank,
            org_rank: grade.org_rank,
            future_value: grade.future_value,
            tools: grade.tools.clone(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct AffiliationRecord {
    pub(in crate::store) organisation: Code,
    pub(in crate::store) organisation_name: String,
    pub(in crate::store) club: String,
    pub(in crate::store) level: Option<Level>,
    pub(in crate::store) position: Option<Position>,
}

impl AffiliationRecord {
    pub(in crate::store) fn affiliation(self, as_of: Day) -> Affiliation {
        Affiliation {
            as_of: date(as_of),
            organisation: self.organisation,
            organisation_name: self.organisation_name,
            club: self.club,
            level: self.level,
            position: self.position,
        }
    }
}

impl From<&Affiliation> for AffiliationRecord {
    fn from(at: &Affiliation) -> Self {
        Self {
            organisation: at.organisation,
            organisation_name: at.organisation_name.clone(),
            club: at.club.clone(),
            level: at.level,
            position: at.position,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct RosterRecord {
    pub(in crate::store) code: String,
    pub(in crate::store) club: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::store) struct PredictionRecord {
    /// Seconds since 1970-01-01 UTC.
    pub(in crate::store) made_at: i64,
    pub(in crate::store) probability: f64,
    pub(in crate::store) lower: f64,
    pub(in crate::store) upper: f64,
    pub(in crate::store) confidence: Confidence,
    pub(in crate::store) evaluated: bool,
}

impl PredictionRecord {
    pub(in crate::store) fn new(prediction: &Prediction, made_at: i64) -> Self {
        let &Prediction {
            probability,
            lower,
            upper,
            confidence,
            evaluated,
        } = prediction;
        Self {
            made_at,
            probability,
            lower,
            upper,
            confidence,
            evaluated,
        }
    }

    pub(in crate::store) fn prediction(&self) -> Prediction {
        let &Self {
            probability,
            lower,
            upper,
            confidence,
            evaluated,
            ..
        } = self;
        Prediction {
            probability,
            lower,
            upper,
            confidence,
            evaluated,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct BoardRecord {
    pub(in crate::store) model_id: String,
    pub(in crate::store) data_seq: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct QuarantineRecord {
    pub(in crate::store) kind: String,
    pub(in crate::store) reason: String,
    pub(in crate::store) row: String,
}

#[cfg(test)]
mod tests {
    use super::{date, day};

    #[test]
    fn days_and_dates_agree() {
        for (y, m, d) in [
            (1970, 1, 1),
            (1969, 12, 31),
            (2000, 2, 29),
            (2026, 11, 22),
            (1890, 5, 4),
        ] {
            let given = jiff::civil::date(y, m, d);
            assert_eq!(date(day(given)), given);
        }
        assert_eq!(day(jiff::civil::date(1970, 1, 2)), 1);
    }
}
