//! A player's seasons, made of his lines.

use jiff::civil::Date;

use super::league::Leagues;
use super::rates::{RATES, Tally};
use super::stint::{RUNGS, Stint, level_of, main_position};
use crate::domain::{Level, Position, Season};

/// One player's season in one role, clubs summed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Year {
    pub(super) season: u16,
    pub(super) playing_time: f32,
    pub(super) games: f32,
    pub(super) position: Option<Position>,
    pub(super) level: Level,
    pub(super) tally: Tally,
    /// Successes a league-average player would have had in the same chances.
    pub(super) expected: [f32; RATES],
    pub(super) by_rung: [f32; RUNGS],
    /// Playing-time-weighted mean ages of the levels and leagues played in.
    pub(super) level_age: f32,
    pub(super) league_age: f32,
    /// Rung with the most playing time.
    pub(super) main_rung: usize,
    /// When it was, and how old he was on 1 July of it; NaN when unknown. In whole
    /// years for a season, between them for parts of two.
    pub(super) at: f32,
    pub(super) age: f32,
}

/// Sums stints, ordered by season, into one [`Year`] per season.
pub(super) fn years(stints: &[Stint], leagues: &Leagues, birth: Option<Date>) -> Vec<Year> {
    stints
        .chunk_by(|a, b| a.season == b.season)
        .map(|season| year(season, leagues, birth))
        .collect()
}

fn year(season: &[Stint], leagues: &Leagues, birth: Option<Date>) -> Year {
    let number = season[0].season;
    let mut year = Year {
        season: number,
        at: f32::from(number),
        age: Season(number).age(birth).unwrap_or(f32::NAN),
        playing_time: 0.0,
        games: 0.0,
        position: main_position(season),
        level: Level::Rookie,
        tally: Tally::default(),
        expected: [0.0; RATES],
        by_rung: [0.0; RUNGS],
        level_age: 0.0,
        league_age: 0.0,
        main_rung: 0,
    };
    for stint in season {
        let league = leagues.league(stint);
        year.playing_time += stint.playing_time;
        year.games += stint.games;
        year.tally.add(&stint.tally);
        for rate in 0..RATES {
            year.expected[rate] += league.rate[rate] * stint.tally.den[rate];
        }
        // A line without playing time still says where he was.
        let weight = stint.playing_time + 0.01;
        year.by_rung[stint.rung] += weight;
        year.level_age += leagues.level(stint).age * weight;
        year.league_age += league.age * weight;
    }
    let total: f32 = year.by_rung.iter().sum();
    year.level_age /= total;
    year.league_age /= total;
    year.level = level_of(
        (0..RUNGS)
            .rev()
            .find(|&r| year.by_rung[r] > 0.0)
            .unwrap_or(0),
    );
    year.main_rung = main_rung(&year.by_rung);
    year
}

fn main_rung(by_rung: &[f32; RUNGS]) -> usize {
    (0..RUNGS)
        .max_by(|&a, &b| by_rung[a].total_cmp(&by_rung[b]))
        .unwrap_or(0)
}

/// A player's seasons on a day on which `played` of a season has been: each holds what
/// was played of it and the part of the one before that this does not outweigh, so that
/// every one is worth a whole season. Before the first game they are the seasons before;
/// once all is played, they are the seasons.
///
/// `before` are the seasons before the running one, `running` is what was played of it.
pub(super) fn trailing(before: &[Year], running: Option<&Year>, played: f32) -> Vec<Year> {
    let Some(running) = running else {
        return before.to_vec();
    };
    if played >= 1.0 {
        return before.iter().chain([running]).copied().collect();
    }
    let older = std::iter::once(None).chain(before.iter().map(Some));
    let mut years: Vec<Year> = before
        .iter()
        .zip(older)
        .map(|(year, older)| year.with(played, older, played))
        .collect();
    years.push(running.with(1.0, before.last(), played));
    years
}

impl Year {
    /// `part` of the season with what `played` of it leaves of the one before.
    fn with(&self, part: f32, before: Option<&Self>, played: f32) -> Self {
        let mut sum = *self;
        sum.scale(part);
        let Some(before) = before else {
            return sum;
        };
        let left = 1.0 - played;
        let mut rest = *before;
        rest.scale(left);
        let (own, other) = (sum.weight(), rest.weight());
        let mean = |a: f32, b: f32| (own * a + other * b) / (own + other);
        sum.level_age = mean(sum.level_age, rest.level_age);
        sum.league_age = mean(sum.league_age, rest.league_age);
        sum.at = played * self.at + left * before.at;
        sum.age = played * self.age + left * before.age;
        sum.position = self.position.or(before.position);
        sum.playing_time += rest.playing_time;
        sum.games += rest.games;
        sum.tally.add(&rest.tally);
        for (sum, rest) in sum.expected.iter_mut().zip(rest.expected) {
            *sum += rest;
        }
        for (sum, rest) in sum.by_rung.iter_mut().zip(rest.by_rung) {
            *sum += rest;
        }
        sum.main_rung = main_rung(&sum.by_rung);
        sum
    }

    fn scale(&mut self, by: f32) {
        self.playing_time *= by;
        self.games *= by;
        self.tally.scale(by);
        self.expected.iter_mut().for_each(|x| *x *= by);
        self.by_rung.iter_mut().for_each(|x| *x *= by);
    }

    fn weight(&self) -> f32 {
        self.by_rung.iter().sum()
    }

    /// Mean rung, weighted by playing time.
    pub(super) fn mean_rung(&self) -> f32 {
        let total: f32 = self.by_rung.iter().sum();
        self.by_rung
            .iter()
            .enumerate()
            .map(|(r, w)| r as f32 * w)
            .sum::<f32>()
            / total
    }

    /// Highest rung with at least 20 plate appearances or batters faced, or the
    /// main one.
    pub(super) fn top_rung(&self) -> usize {
        (0..RUNGS)
            .rev()
            .find(|&r| self.by_rung[r] >= 20.0)
            .unwrap_or(self.main_rung)
    }

    /// Share of the season's playing time on a rung.
    pub(super) fn share(&self, rung: usize) -> f32 {
        self.by_rung[rung] / self.by_rung.iter().sum::<f32>()
    }
}

#[cfg(test)]
mod tests {
    use super::{Year, trailing, years};
    use crate::ml::features::league::Leagues;
    use crate::ml::features::stint::stints;
    use crate::ml::fixture::league;

    /// A career of several seasons.
    fn career() -> Vec<Year> {
        let histories = league(40);
        let history = histories.iter().find(|h| h.batting.len() >= 4);
        let history = history.expect("somebody played long");
        let stints = stints(&history.batting, &[], crate::domain::Role::Hitter);
        let mut leagues = Leagues::default();
        stints.iter().for_each(|s| leagues.count(s, Some(20.0)));
        years(&stints, &leagues.finish(), history.prospect.birth_date)
    }

    #[test]
    fn a_season_begins_as_the_one_before_and_ends_as_itself() {
        let career = career();
        let (running, before) = career.split_last().expect("has played");
        let at = |played: f32| {
            let mut part = *running;
            part.scale(played);
            trailing(before, Some(&part), played).pop().expect("a year")
        };
        let last = before.last().expect("an earlier season");
        let first_day = at(0.0001);
        assert!((first_day.playing_time - last.playing_time).abs() < 0.5);
        assert!((first_day.mean_rung() - last.mean_rung()).abs() < 0.01);
        assert!((first_day.at - last.at).abs() < 0.01 && (first_day.age - last.age).abs() < 0.01);
        let end = at(1.0);
        assert_eq!(end.playing_time, running.playing_time);
        assert_eq!((end.at, end.age), (running.at, running.age));
        let half = at(0.5).playing_time;
        let mean = (running.playing_time + last.playing_time) / 2.0;
        assert!((half - mean).abs() < 0.5, "{half} {mean}");
    }

    #[test]
    fn who_has_not_played_keeps_his_seasons() {
        let career = career();
        let kept = trailing(&career, None, 0.3);
        assert_eq!(kept.len(), career.len());
        assert_eq!(kept[0].playing_time, career[0].playing_time);
    }
}
