//! The draft, and the yearly list of a fictional publisher.

use jiff::civil::date;

use crate::domain::{DraftPick, Grade, History, Position, Sample, Season, Tool};

use super::clubs;
use super::random::Random;

/// Name of the fictional publisher.
pub const PUBLISHER: &str = "demo_board";

const LIST_LENGTH: usize = 100;
const SCHOOLS: [&str; 16] = [
    "Alder Valley",
    "Blue Mesa",
    "Cape Northam",
    "Central Prairie",
    "Copper Hills",
    "East Harlow",
    "Fort Linden",
    "Grand Marsh",
    "Lake Corbin",
    "Mount Ferris",
    "North Tamarack",
    "Pacific Heights",
    "Red Canyon",
    "Southern Pines",
    "Three Rivers",
    "West Garland",
];

/// What scouts could see at the end of a season.
#[derive(Clone, Copy, Debug)]
pub(super) struct View {
    pub(super) season: Season,
    pub(super) ability: f64,
    pub(super) ceiling: f64,
    pub(super) age: f64,
}

/// What the draft knows of an amateur.
pub(super) struct Signing {
    pub(super) entry: Season,
    pub(super) peak: f64,
    pub(super) college: bool,
    pub(super) organisation: usize,
    pub(super) position: Position,
}

/// An amateur's selection, if he was selected; better players go earlier.
pub(super) fn draft_pick(random: &mut Random, signing: &Signing) -> Option<DraftPick> {
    if random.chance(0.07) {
        return None;
    }
    let picks = f64::from(draft_length(signing.entry));
    let seen = signing.peak + random.normal(0.55);
    let place = 1.0 / (1.0 + ((seen - 1.05) * 2.1).exp());
    let pick = (place * picks).ceil().clamp(1.0, picks) as u16;
    let kind = if signing.college { "University" } else { "HS" };
    Some(DraftPick {
        year: signing.entry,
        round: round(pick),
        pick,
        team: clubs::organisation_name(signing.organisation),
        position: announced(random, signing.position).to_owned(),
        school: format!("{} {kind}", random.pick(&SCHOOLS)),
    })
}

/// Moves selections that fell on one pick of one year to the next free pick.
pub(super) fn separate_picks(players: &mut [(History, Vec<View>)]) {
    let mut picks: Vec<&mut DraftPick> = (players.iter_mut())
        .flat_map(|(history, _)| &mut history.draft)
        .collect();
    picks.sort_by_key(|pick| (pick.year, pick.pick));
    let mut last = (Season(0), 0);
    for pick in picks {
        if pick.year == last.0 && pick.pick <= last.1 {
            pick.pick = last.1 + 1;
            pick.round = round(pick.pick);
        }
        last = (pick.year, pick.pick);
    }
}

/// Selections in a year's draft, thirty to a round.
fn draft_length(year: Season) -> u16 {
    match year.0 {
        ..2012 => 1500,
        2012..2020 => 1200,
        2020 => 150,
        _ => 600,
    }
}

fn round(pick: u16) -> String {
    ((pick - 1) / 30 + 1).to_string()
}

fn announced(random: &mut Random, position: Position) -> &'static str {
    match position {
        Position::P if random.chance(0.28) => "LHP",
        Position::P => "RHP",
        Position::LF | Position::CF | Position::RF => "OF",
        other => other.as_str(),
    }
}

/// Adds the list of every February from the third season on: players still
/// rookies with a line in the season before, by ability and ceiling as seen
/// through noise.
pub(super) fn publish(
    random: &mut Random,
    players: &mut [(History, Vec<View>)],
    first: Season,
    last: Season,
) {
    for year in first.0 + 2..=last.0 {
        let season = Season(year - 1);
        let mut ranked: Vec<(usize, f64)> = (players.iter().enumerate())
            .filter_map(|(index, player)| {
                Some((index, value(player, season)? + random.normal(0.33)))
            })
            .collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
        ranked.truncate(LIST_LENGTH);
        let mut listed = std::collections::BTreeMap::<_, u16>::new();
        for (place, &(index, seen)) in ranked.iter().enumerate() {
            let organisation = organisation(&players[index].0, season);
            let org_rank = listed.entry(organisation).or_default();
            *org_rank += 1;
            let grade = grade(
                random,
                &players[index].0,
                Season(year),
                place,
                seen,
                *org_rank,
            );
            players[index].0.grades.push(grade);
        }
    }
}

fn value((history, views): &(History, Vec<View>), season: Season) -> Option<f64> {
    let played = history.batting.iter().any(|line| line.season == season)
        || history.pitching.iter().any(|line| line.season == season);
    let view = views.iter().find(|view| view.season == season)?;
    let rookie = !history.rookie_limits.passed_through(season);
    (played && rookie)
        .then(|| 0.5 * view.ability + 0.5 * view.ceiling - 0.05 * (view.age - 22.0).max(0.0))
}

fn organisation(history: &History, season: Season) -> crate::domain::Code {
    let bats = history
        .batting
        .iter()
        .rfind(|line| line.season == season)
        .map(|line| line.club);
    let throws = history
        .pitching
        .iter()
        .rfind(|line| line.season == season)
        .map(|line| line.club);
    bats.or(throws).unwrap_or_default().organisation
}

fn grade(
    random: &mut Random,
    history: &History,
    year: Season,
    place: usize,
    seen: f64,
    org_rank: u16,
) -> Grade {
    use Tool::{Changeup, Command, Fastball, Field, GamePower, Hit, RawPower, Slider, Speed};
    let overall = 45.0 + 13.0 * (seen - 1.75);
    let tools: &[Tool] = if history.pitching.is_empty() {
        &[Hit, GamePower, RawPower, Speed, Field]
    } else {
        &[Fastball, Slider, Changeup, Command]
    };
    Grade {
        source: PUBLISHER.to_owned(),
        list: "top100".to_owned(),
        list_year: year,
        published: Some(date(year.0 as i16, 2, 10)),
        sample: Sample::Full,
        rank: Some(place as u16 + 1),
        org_rank: Some(org_rank),
        future_value: Some(to_five(overall.clamp(45.0, 70.0))),
        tools: tools
            .iter()
            .map(|&tool| (tool, to_five(overall + random.normal(6.0))))
            .collect(),
    }
}

/// The scouting scale moves in steps of five from 20 to 80.
fn to_five(grade: f64) -> f32 {
    ((grade / 5.0).round() * 5.0).clamp(20.0, 80.0) as f32
}
