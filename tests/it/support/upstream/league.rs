//! The players of the fake source: simulated careers, cut into stints with days.

use std::collections::HashMap;

use afwd::domain::{DraftPick, Hand, History, MlbSeason, Position, ProspectId, Season};
use afwd::simulate::{self, LeagueSettings};
use jiff::civil::{Date, date};

use super::clubs::{Club, MAJOR};
use super::counts::{self, Counts};

/// First id given to players: ids of this size are those of real people.
const FIRST_ID: u32 = 600_001;
/// Team ids of the simulation begin here, seven to an organisation.
const FIRST_SIMULATED_TEAM: u32 = 900_001;
const RUNGS: u32 = 7;

/// Some weeks of a player with a club, and what he did there.
#[derive(Clone, Debug)]
pub(crate) struct Stint {
    pub(crate) season: u16,
    pub(crate) club: Club,
    /// First and last day of play.
    pub(crate) from: Date,
    pub(crate) to: Date,
    pub(crate) hitting: Option<Counts>,
    pub(crate) pitching: Option<Counts>,
}

/// A player.
#[derive(Clone, Debug)]
pub(crate) struct Player {
    pub(crate) id: u32,
    pub(crate) name: String,
    pub(crate) birth_date: Option<Date>,
    pub(crate) bats: Option<Hand>,
    pub(crate) throws: Option<Hand>,
    pub(crate) position: Position,
    pub(crate) debut: Option<Date>,
    pub(crate) draft: Vec<DraftPick>,
    /// In the order played.
    pub(crate) stints: Vec<Stint>,
}

/// Everybody.
pub(crate) struct League {
    pub(crate) players: Vec<Player>,
    pub(crate) last_season: u16,
}

impl League {
    /// The league of the settings. Seasons are complete; the day is for the
    /// questions.
    pub(crate) fn new(settings: &LeagueSettings) -> Self {
        let histories = simulate::league(settings);
        let players = histories.iter().enumerate();
        Self {
            players: players.map(|(at, history)| player(at, history)).collect(),
            last_season: settings.last_season.0,
        }
    }
}

impl Stint {
    /// The share played by the end of a day, from 0 to 1.
    pub(crate) fn share(&self, today: Date) -> f64 {
        let days = |until: Date| f64::from(self.from.until(until).map_or(0, |s| s.get_days()) + 1);
        (days(today) / days(self.to)).clamp(0.0, 1.0)
    }

    fn weight(&self) -> f64 {
        let of = |counts: &Option<Counts>, key| {
            counts
                .as_ref()
                .and_then(|counts| counts.get(key))
                .map_or(0.0, |&n| f64::from(n))
        };
        of(&self.hitting, "plateAppearances")
            .max(of(&self.pitching, "battersFaced"))
            .max(1.0)
    }
}

impl Player {
    /// The club of a day: that of the newest stint begun.
    pub(crate) fn club(&self, today: Date) -> Option<Club> {
        let begun = self.stints.iter().rfind(|stint| stint.from <= today);
        begun.or(self.stints.first()).map(|stint| stint.club)
    }
}

fn player(at: usize, history: &History) -> Player {
    let mut stints = stints(at, history);
    let debut = history.rookie_limits.debut;
    place_in_time(&mut stints, debut);
    let prospect = &history.prospect;
    let newest = history.batting.last().and_then(|line| line.position);
    Player {
        id: FIRST_ID + (prospect.id.0 - ProspectId::FIRST_SIMULATED),
        name: prospect.name.clone(),
        birth_date: prospect.birth_date,
        bats: prospect.bats,
        throws: prospect.throws,
        position: newest.unwrap_or(Position::P),
        debut,
        draft: history.draft.clone(),
        stints,
    }
}

/// The lines of a career as stints without days yet, in the order played: the
/// simulation sends nobody down after his major-league games of a season.
fn stints(at: usize, history: &History) -> Vec<Stint> {
    let mut stints: Vec<Stint> = Vec::new();
    let batted = history.batting.iter();
    for (season, team, counts) in batted.map(|line| {
        (
            line.season,
            line.club.team_id,
            counts::hitting(&line.counts),
        )
    }) {
        add(&mut stints, season, club(team, at)).hitting = Some(counts);
    }
    let pitched = history.pitching.iter();
    for (season, team, counts) in pitched.map(|line| {
        (
            line.season,
            line.club.team_id,
            counts::pitching(&line.counts),
        )
    }) {
        add(&mut stints, season, club(team, at)).pitching = Some(counts);
    }
    stints.sort_by_key(|stint| stint.season);
    for season in &history.mlb {
        put_majors(&mut stints, season);
    }
    stints
}

/// The stint with the club in the season, made when there is none.
fn add(stints: &mut Vec<Stint>, season: Season, club: Club) -> &mut Stint {
    let found = stints
        .iter()
        .position(|stint| stint.season == season.0 && stint.club == club);
    let at = found.unwrap_or_else(|| {
        let day = season.midpoint();
        stints.push(Stint {
            season: season.0,
            club,
            from: day,
            to: day,
            hitting: None,
            pitching: None,
        });
        stints.len() - 1
    });
    &mut stints[at]
}

fn put_majors(stints: &mut Vec<Stint>, season: &MlbSeason) {
    let at = stints.partition_point(|stint| stint.season <= season.season.0);
    let organisation = at
        .checked_sub(1)
        .map_or(0, |before| stints[before].club.organisation);
    let day = season.season.midpoint();
    let stint = Stint {
        season: season.season.0,
        club: Club {
            organisation,
            rung: MAJOR,
        },
        from: day,
        to: day,
        hitting: (season.g > 0).then(|| counts::major_hitting(season)),
        pitching: (season.g_pit > 0).then(|| counts::major_pitching(season)),
    };
    stints.insert(at, stint);
}

/// Twelve simulated organisations spread over thirty, by player.
fn club(team: u32, player: usize) -> Club {
    let index = team - FIRST_SIMULATED_TEAM;
    Club {
        organisation: ((index / RUNGS) as usize * 5 + player % 5) / 2,
        rung: (index % RUNGS) as usize,
    }
}

/// Gives the stints of each season their days, in proportion to playing time;
/// the first major-league stint begins with the debut.
fn place_in_time(stints: &mut [Stint], debut: Option<Date>) {
    let mut seasons: HashMap<u16, Vec<&mut Stint>> = HashMap::new();
    for stint in stints {
        seasons.entry(stint.season).or_default().push(stint);
    }
    for (season, mut stints) in seasons {
        let debut = debut.filter(|day| day.year() == season as i16);
        match stints.pop_if(|last| last.club.rung == MAJOR) {
            Some(last) if debut.is_some() || stints.is_empty() => {
                let opening = date(season as i16, if season == 2020 { 7 } else { 3 }, 26);
                last.from = debut.unwrap_or(opening);
                last.to = date(season as i16, 9, 28).max(last.from);
                let until = last.from.yesterday().expect("a day before");
                spread(&mut stints, season, until);
            }
            last => {
                stints.extend(last);
                spread(&mut stints, season, date(season as i16, 9, 20));
            }
        }
    }
}

fn spread(stints: &mut [&mut Stint], season: u16, until: Date) {
    let Some(first) = stints.first() else {
        return;
    };
    let opening = match first.club.rung {
        0..=2 => date(season as i16, 6, 4),
        _ => date(season as i16, 4, 4),
    };
    let (opening, until) = (opening.min(until), until);
    let days = f64::from(opening.until(until).map_or(0, |span| span.get_days()));
    let whole: f64 = stints.iter().map(|stint| stint.weight()).sum();
    let mut done = 0.0;
    for stint in stints {
        let day =
            |share: f64| opening.saturating_add(jiff::Span::new().days((days * share) as i64));
        stint.from = day(done / whole);
        done += stint.weight();
        // The next stint begins on the day after.
        stint.to = day(done / whole)
            .yesterday()
            .expect("a day before")
            .max(stint.from);
    }
}
