//! All players on one day: averages, standings, and what each had played.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use jiff::civil::Date;

use super::calendar::{self, Reached};
use super::facts::{Career, Facts, Surroundings};
use super::league::Leagues;
use super::pedigree::Surveys;
use super::peers::{self, Peers};
use super::rates::{RATES, bat, pit};
use super::roster::Rosters;
use super::sight::Sight;
use super::stint::{self, Stint};
use super::table::{CARRIED, Snapshot, definitions};
use super::year::{self, Year};
use super::{population, thin};
use crate::domain::{History, Role, Season, SnapshotId};

/// Everything shared by the players: averages, standings, coverage.
pub(super) struct Scene<'a> {
    role: Role,
    /// By player.
    histories: Vec<&'a History>,
    years: Vec<Vec<Year>>,
    leagues: Leagues,
    surveys: Surveys,
    rosters: Rosters,
    reached: Reached,
    covered: Vec<u16>,
    played: Vec<u16>,
    prior: &'static [f32; RATES],
}

/// A season on a day of it, as all players stood.
pub(super) struct Sitting {
    pub(super) sight: Sight,
    /// What each player had played of the season.
    running: Vec<Option<Year>>,
    peers: Peers,
}

impl<'a> Scene<'a> {
    pub(super) fn new(histories: &'a [History], role: Role) -> Self {
        let prior = match role {
            Role::Hitter => &bat::PRIOR,
            Role::Pitcher => &pit::PRIOR,
        };
        let mut ordered: Vec<&History> = histories.iter().collect();
        ordered.sort_by_key(|h| h.prospect.id);
        let stints: Vec<Vec<Stint>> = ordered
            .iter()
            .map(|h| stint::stints(&h.batting, &h.pitching, role))
            .collect();
        let mut leagues = Leagues::default();
        for (history, stints) in ordered.iter().zip(&stints) {
            for stint in stints {
                let age = Season(stint.season).age(history.prospect.birth_date);
                leagues.count(stint, age);
            }
        }
        let leagues = leagues.finish();
        let years = stints.iter().zip(&ordered);
        let years = years.map(|(s, h)| year::years(s, &leagues, h.prospect.birth_date));
        let majors = || {
            histories
                .iter()
                .flat_map(|h| h.mlb.iter().map(|m| m.season))
        };
        Self {
            role,
            years: years.collect(),
            histories: ordered,
            leagues,
            surveys: Surveys::of(histories),
            rosters: Rosters::of(histories),
            reached: Reached::of(histories),
            covered: seasons(majors()),
            played: seasons(histories.iter().flat_map(line_seasons)),
            prior,
        }
    }

    /// Places of the players, by id.
    pub(super) fn players(&self) -> std::ops::Range<usize> {
        0..self.histories.len()
    }

    pub(super) fn history(&self, slot: usize) -> &'a History {
        self.histories[slot]
    }

    /// The seasons of the range in which anybody may have a snapshot.
    pub(super) fn seasons_of(
        &self,
        range: &RangeInclusive<Season>,
    ) -> impl Iterator<Item = Season> + use<> {
        let first = self.played.first().copied().unwrap_or(u16::MAX);
        let last = self.played.last().copied().unwrap_or(0);
        (first.max(range.start().0)..=last.min(range.end().0)).map(Season)
    }

    /// The season on the newest day its lines reach.
    pub(super) fn standing(&self, season: Season) -> Sitting {
        let reached = self.reached.day(season);
        let played = calendar::share(season, reached);
        // Once it is over, all that is dated in its year is known.
        let day = if played < 1.0 {
            reached
        } else {
            season.last_day()
        };
        let running = self.years.iter();
        let running = running.map(|years| years.iter().find(|y| y.season == season.0).copied());
        self.sitting(season, day, played, running.collect())
    }

    /// The season after a share of it, made of its totals.
    pub(super) fn thinned(&self, season: Season, played: f32) -> Sitting {
        let cut = |history: &&History| {
            let (batting, pitching) = thin::lines(history, season, played);
            let stints = stint::stints(&batting, &pitching, self.role);
            year::years(&stints, &self.leagues, history.prospect.birth_date).pop()
        };
        let running = self.histories.iter().map(cut).collect();
        self.sitting(season, calendar::day(season, played), played, running)
    }

    fn sitting(
        &self,
        season: Season,
        day: Date,
        played: f32,
        running: Vec<Option<Year>>,
    ) -> Sitting {
        let sight = Sight {
            season,
            day,
            played,
            // A season's line is whole once later seasons have lines.
            to_date: self.covered.last().is_none_or(|newest| *newest <= season.0),
        };
        let mut peers = Peers::default();
        for (slot, running) in running.iter().enumerate() {
            let years = self.trailing(slot, &sight, running.as_ref());
            let recent = |year: &&Year| self.is_current(year, &sight);
            if let Some(year) = years.last().filter(recent) {
                peers.count(year, peers::score(year, self.role, self.prior));
            }
        }
        Sitting {
            sight,
            running,
            peers: peers.finish(),
        }
    }

    /// True when a player's latest year is of the season, or of the one before while
    /// that still counts.
    fn is_current(&self, year: &Year, sight: &Sight) -> bool {
        let oldest = if sight.is_over() {
            sight.season
        } else {
            sight.season.minus(1)
        };
        year.season >= oldest.0
    }

    fn trailing(&self, slot: usize, sight: &Sight, running: Option<&Year>) -> Vec<Year> {
        let all = &self.years[slot];
        let before = &all[..all.partition_point(|y| y.season < sight.season.0)];
        year::trailing(before, running, sight.played)
    }

    pub(super) fn snapshot(&self, slot: usize, sitting: &Sitting) -> Option<(Snapshot, Vec<f32>)> {
        let (history, sight) = (self.history(slot), &sitting.sight);
        let running = sitting.running[slot].as_ref();
        let years = self.trailing(slot, sight, running);
        let now = years.last()?;
        let latest = running.map_or(now.season, |year| year.season);
        let carried = sight.season.0 - latest;
        let elsewhere =
            || line_seasons(history).any(|s| s > Season(latest) && self.is_known(s, sight));
        if carried > CARRIED
            || sight.season.0 > *self.played.last()?
            || !population::eligible(history, sight)
            || (carried > 0 && elsewhere())
        {
            return None;
        }
        let around = Surroundings {
            surveys: &self.surveys,
            rosters: &self.rosters,
            prior: self.prior,
        };
        let career = Career {
            missed: self.missed(slot, sight, running),
            years: &years,
            running,
        };
        let major = population::major_time(history, self.role, sight, &self.covered);
        let mut facts = Facts::new(history, &career, sight, major, &around)?;
        let score = peers::score(now, self.role, self.prior);
        facts.percentile = sitting.peers.standing(now, score);
        let values = definitions(self.role)
            .iter()
            .map(|d| (d.value)(&facts))
            .collect();
        Some((self.describe(history, sitting, now, carried), values))
    }

    /// The player's snapshot of a day of a season at whose end he has one too; what
    /// became of him is that one's.
    pub(super) fn earlier(
        &self,
        slot: usize,
        end: &Sitting,
        day: &Sitting,
    ) -> Option<(Snapshot, Vec<f32>)> {
        let (after, _) = self.snapshot(slot, end)?;
        let (then, values) = self.snapshot(slot, day)?;
        Some((after.seen_on(&then), values))
    }

    /// True when the lines of a season are known on the day, if only to that day.
    fn is_known(&self, season: Season, sight: &Sight) -> bool {
        season < sight.season || (season == sight.season && sight.played > 0.0)
    }

    /// Seasons with minor-league ball that he missed since his latest; of a running one
    /// as much as has been played.
    fn missed(&self, slot: usize, sight: &Sight, running: Option<&Year>) -> f32 {
        let mut before = self.years[slot].iter().map(|y| y.season);
        let last = before.rfind(|&season| season < sight.season.0);
        let Some(last) = last else {
            return 0.0;
        };
        let silent = self
            .played
            .iter()
            .filter(|&&s| s > last && s < sight.season.0);
        let silent = silent.count() as f32;
        match running {
            Some(_) => (1.0 - sight.played) * silent,
            None if self.played.contains(&sight.season.0) => silent + sight.played,
            None => silent,
        }
    }

    fn describe(&self, history: &History, sitting: &Sitting, now: &Year, carried: u16) -> Snapshot {
        let (sight, season) = (&sitting.sight, sitting.sight.season);
        let newest = self.covered.last().copied().unwrap_or(0);
        let closed = season.plus(Season::WINDOW).0 <= newest;
        // What a season still to come has not yet outweighed counts as played.
        let counts = match carried {
            0 => now.playing_time,
            1 => now.playing_time * (1.0 - sight.played),
            _ => 0.0,
        };
        Snapshot {
            id: SnapshotId {
                prospect: history.prospect.id,
                season,
                role: self.role,
            },
            played: sight.played,
            label: closed.then(|| population::progress(history, season) > 1.0),
            progress: closed.then(|| population::progress_in_full_seasons(history, season)),
            seen: std::array::from_fn(|k| {
                let until = season.plus(k as u16 + 1);
                let over = until.0 <= newest;
                if over {
                    population::progress_by(history, season, until)
                } else {
                    f32::NAN
                }
            }),
            aftermath: closed.then(|| population::aftermath(history, season)),
            evaluated: counts >= population::evaluated_from(self.role),
            age: season.age(history.prospect.birth_date),
            level: now.level,
            carried_years: carried as u8,
        }
    }
}

fn line_seasons(history: &History) -> impl Iterator<Item = Season> {
    let batting = history
        .batting
        .iter()
        .filter(|l| !l.club.is_unaffiliated())
        .map(|l| l.season);
    let pitching = history
        .pitching
        .iter()
        .filter(|l| !l.club.is_unaffiliated())
        .map(|l| l.season);
    batting.chain(pitching)
}

fn seasons(all: impl Iterator<Item = Season>) -> Vec<u16> {
    all.map(|s| s.0)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}
