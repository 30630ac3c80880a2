//! A simulated league of fictional players, for the demo and for tests.
//!
//! Every person, club and publisher is invented; MLBAM ids are numbers MLB does
//! not use. Players have latent talent that grows, declines and gets hurt; they
//! sign or are drafted, rise and fall with what they show, and some reach the
//! majors. Rates per level are of the size affiliated ball has (see
//! `data/demo-league.toml`); no real record is used.

mod batting;
mod career;
mod clubs;
mod majors;
mod names;
mod pitching;
mod random;
mod scouting;
mod settings;
mod talent;

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use crate::domain::{Club, Hand, History, MlbamId, OtherIds, Prospect, ProspectId, Season};

use career::Career;
use random::Random;
use scouting::View;
use settings::{MAJORS, rung};

pub use clubs::{Team, organisations, team_name, teams};
pub use scouting::PUBLISHER;
pub use settings::LeagueSettings;

/// Seasons before the first in which players may already have signed, so that
/// the first season has every age.
const WARM_UP: u16 = 9;

/// The league: the same settings give the same players, in order of id.
pub fn league(settings: &LeagueSettings) -> Vec<History> {
    let mut players: Vec<(History, Vec<View>)> = Vec::with_capacity(settings.players);
    let entries =
        usize::from((settings.last_season.0 + 1 + WARM_UP).saturating_sub(settings.first_season.0));
    let mut taken = HashSet::new();
    let mut candidate = 0;
    while players.len() < settings.players && entries > usize::from(WARM_UP) {
        candidate += 1;
        let mut random = Random::new(settings.seed, candidate);
        let entry = Season(settings.first_season.0 - WARM_UP + random.below(entries) as u16);
        let career = Career::play(random, entry, settings.last_season);
        let number = ProspectId::FIRST_SIMULATED + players.len() as u32;
        players.extend(finish(career, number, settings.first_season, &mut taken));
    }
    scouting::separate_picks(&mut players);
    let mut random = Random::new(settings.seed, 0);
    scouting::publish(
        &mut random,
        &mut players,
        settings.first_season,
        settings.last_season,
    );
    players.into_iter().map(|(history, _)| history).collect()
}

/// Each player's newest club of a season; players without a line are left out.
pub fn affiliations(histories: &[History], season: Season) -> Vec<(ProspectId, Club)> {
    (histories.iter())
        .filter_map(|history| Some((history.prospect.id, club_of(history, season)?)))
        .collect()
}

fn club_of(history: &History, season: Season) -> Option<Club> {
    let batted = history.batting.iter().rfind(|line| line.season == season);
    let pitched = history.pitching.iter().rfind(|line| line.season == season);
    batted
        .map(|line| line.club)
        .or(pitched.map(|line| line.club))
}

/// The career as a history under `number`, or `None` when none of it was
/// played in the minors from `first` on.
fn finish(
    mut career: Career,
    number: u32,
    first: Season,
    taken: &mut HashSet<String>,
) -> Option<(History, Vec<View>)> {
    career.batting.retain(|line| line.season >= first);
    career.pitching.retain(|line| line.season >= first);
    if career.batting.is_empty() && career.pitching.is_empty() {
        return None;
    }
    let random = &mut career.random;
    let history = History {
        prospect: Prospect {
            id: ProspectId(number),
            mlbam_id: Some(MlbamId(number)),
            name: names::rare_name(random, career.origin, taken),
            birth_date: Some(career.birth),
            bats: Some(random.pick(&[
                Hand::Right,
                Hand::Right,
                Hand::Right,
                Hand::Left,
                Hand::Left,
                Hand::Switch,
            ])),
            throws: Some(random.pick(&[Hand::Right, Hand::Right, Hand::Right, Hand::Left])),
            other_ids: OtherIds::default(),
        },
        rookie_limits: majors::rookie_limits(random, &career.mlb, rung(MAJORS).pa),
        batting: career.batting,
        pitching: career.pitching,
        mlb: career.mlb,
        draft: career.draft,
        grades: Vec::new(),
        roster: Vec::new(),
    };
    Some((history, career.views))
}
