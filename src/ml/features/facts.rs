//! Everything a feature may look at: one player in one role on the last day of
//! a season. Built from rows dated on or before that day, and from nothing else.

use super::majors::MajorRates;
use super::pedigree::{Pedigree, Surveys};
use super::rates::RATES;
use super::roster::{Roster, Rosters};
use super::sight::Sight;
use super::stint::RUNGS;
use super::year::Year;
use crate::domain::History;

/// Weight of a season against the one after it in accumulated records.
const RECENCY: f32 = 0.75;

/// Successes, expectation and chances of several seasons.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Record {
    pub(super) num: [f32; RATES],
    pub(super) expected: [f32; RATES],
    pub(super) den: [f32; RATES],
    pub(super) playing_time: f32,
    /// Age against the level's mean, weighted like everything else.
    age_gap: f32,
    rung: f32,
}

/// Major-league time through the season.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct MajorTime {
    pub(super) debuted: bool,
    /// Playing time in the role; NaN when he debuted and the season is not covered.
    pub(super) season: f32,
    pub(super) career: f32,
}

/// What is known on the last day of the season.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    /// Age on 1 July of the season, less the part of a year that is still to be played;
    /// NaN when unknown.
    pub(super) age: f32,
    /// The same of the latest season played.
    pub(super) age_then: f32,
    /// Part of the season still to be played.
    pub(super) wait: f32,
    /// Mean rung of what was played of a running season minus that of the year.
    pub(super) risen: f32,
    /// The latest season played.
    pub(super) now: &'a Year,
    /// The season played before it.
    pub(super) previous: Option<&'a Year>,
    pub(super) first: &'a Year,
    /// Everything before `now`, recency-weighted.
    pub(super) before: Record,
    /// Everything through `now`, recency-weighted.
    pub(super) career: Record,
    pub(super) by_rung: [f32; RUNGS],
    pub(super) seasons_played: f32,
    /// Seasons with minor-league ball that he missed since `now`.
    pub(super) missed: f32,
    pub(super) major: MajorTime,
    pub(super) majors: MajorRates,
    pub(super) pedigree: Pedigree,
    pub(super) roster: Roster,
    pub(super) percentile: super::peers::Standing,
    pub(super) prior: &'static [f32; RATES],
}

/// What is known of one player's seasons in the role on the day.
pub(super) struct Career<'a> {
    /// His seasons, each with what it leaves of the one before; at least one.
    pub(super) years: &'a [Year],
    /// What was played of a running season.
    pub(super) running: Option<&'a Year>,
    /// Seasons with minor-league ball missed since the latest.
    pub(super) missed: f32,
}

/// What the whole data set says about a season, for facts of one player.
pub(super) struct Surroundings<'a> {
    pub(super) surveys: &'a Surveys,
    pub(super) rosters: &'a Rosters,
    pub(super) prior: &'static [f32; RATES],
}

impl<'a> Facts<'a> {
    /// Facts of `history` on the day of `sight`.
    pub(super) fn new(
        history: &History,
        career: &Career<'a>,
        sight: &Sight,
        major: MajorTime,
        around: &Surroundings<'_>,
    ) -> Option<Self> {
        let (now, earlier) = career.years.split_last()?;
        let birth = history.prospect.birth_date;
        let wait = 1.0 - sight.played;
        let mut by_rung = [0.0; RUNGS];
        for year in career.years {
            for (sum, time) in by_rung.iter_mut().zip(year.by_rung) {
                *sum += time;
            }
        }
        let risen = career
            .running
            .map(|year| year.mean_rung() - now.mean_rung());
        let begun = career.running.is_some() && !sight.is_over();
        Some(Self {
            age: sight.season.age(birth).unwrap_or(f32::NAN) - wait,
            age_then: now.age,
            wait,
            risen: risen.unwrap_or(0.0),
            now,
            previous: earlier.last(),
            first: &career.years[0],
            before: Record::of(earlier, now.season),
            career: Record::of(career.years, now.season),
            by_rung,
            seasons_played: career.years.len() as f32 - if begun { wait } else { 0.0 },
            missed: career.missed,
            major,
            majors: MajorRates::through(&history.mlb, |season| sight.knows(season)),
            pedigree: Pedigree::new(history, sight, around.surveys),
            roster: around.rosters.standing(history, sight.day),
            percentile: super::peers::Standing::default(),
            prior: around.prior,
        })
    }

    /// Rate of the latest season minus the league's, shrunk.
    pub(super) fn season_rate(&self, rate: usize) -> f32 {
        let den = self.now.tally.den[rate];
        shrunk(
            self.now.tally.num[rate],
            self.now.expected[rate],
            den,
            self.prior[rate],
        )
    }

    /// Accumulated rate minus the leagues', shrunk.
    pub(super) fn career_rate(&self, rate: usize) -> f32 {
        let r = &self.career;
        shrunk(r.num[rate], r.expected[rate], r.den[rate], self.prior[rate])
    }

    /// Change of the rate from everything before to the latest season; 0 for a
    /// first season.
    pub(super) fn trend(&self, rate: usize) -> f32 {
        let b = &self.before;
        if b.playing_time == 0.0 {
            return 0.0;
        }
        self.season_rate(rate)
            - shrunk(b.num[rate], b.expected[rate], b.den[rate], self.prior[rate])
    }

    /// The accumulated rate where the park records it, missing elsewhere.
    pub(super) fn recorded_rate(&self, rate: usize) -> f32 {
        if self.career.den[rate] < 10.0 {
            f32::NAN
        } else {
            self.career_rate(rate)
        }
    }

    /// Age against the mean of the level's players, in years.
    pub(super) fn age_gap(&self) -> f32 {
        self.age_then - self.now.level_age
    }

    /// Recency-weighted mean of the age gap over the career.
    pub(super) fn career_age_gap(&self) -> f32 {
        self.career.age_gap / self.career.playing_time
    }

    /// Recency-weighted mean rung over the career.
    pub(super) fn career_rung(&self) -> f32 {
        self.career.rung / self.career.playing_time
    }

    /// Years since the first season.
    pub(super) fn years_since_first(&self) -> f32 {
        self.now.at - self.first.at
    }

    /// Playing time at or above a rung over the career.
    pub(super) fn time_from(&self, rung: usize) -> f32 {
        self.by_rung[rung..].iter().sum()
    }

    /// Playing time before this season at this season's main rung or above.
    pub(super) fn repeated(&self) -> f32 {
        let this: f32 = self.now.by_rung[self.now.main_rung..].iter().sum();
        (self.time_from(self.now.main_rung) - this).max(0.0)
    }

    /// Mean rung minus the previous season's; 0 for a first season.
    pub(super) fn rise(&self) -> f32 {
        self.previous
            .map_or(0.0, |p| self.now.mean_rung() - p.mean_rung())
    }
}

impl Record {
    fn of(years: &[Year], now: u16) -> Self {
        let mut record = Self::default();
        for year in years {
            let weight = RECENCY.powi(i32::from(now - year.season));
            for rate in 0..RATES {
                record.num[rate] += weight * year.tally.num[rate];
                record.expected[rate] += weight * year.expected[rate];
                record.den[rate] += weight * year.tally.den[rate];
            }
            let time = weight * (year.playing_time + 0.01);
            record.playing_time += time;
            record.age_gap += time * (year.age - year.level_age);
            record.rung += time * year.mean_rung();
        }
        record
    }
}

fn shrunk(num: f32, expected: f32, den: f32, prior: f32) -> f32 {
    (num - expected) / (den + prior)
}

/// `ln(1 + x)`, the scale on which playing time matters.
pub(super) fn log1p(x: f32) -> f32 {
    x.max(0.0).ln_1p()
}
