//! The draft, and the yearly list of a fictional publisher.

use jiff::civil::date;

use crate::domain::{DraftPick, Grade, History, Position, Sample, Season, Tool};

use super::career::View;
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

/// His selection, when he came through the draft; better players go earlier.
pub(super) fn draft_pick(
    random: &mut Random,
    entry: Season,
    peak: f64,
    amateur: bool,
    college: bool,
    position: Position,
) -> Option<DraftPick> {
    if !amateur || random.chance(0.07) {
        return None;
    }
    let rounds: f64 = match entry.0 {
        ..2012 => 50.0,
        2012..2020 => 40.0,
        2020 => 5.0,
        _ => 20.0,
    };
    let seen = peak + random.normal(0.55);
    let place = 1.0 / (1.0 + ((seen - 1.05) * 2.1).exp());
    let pick = (place * rounds * 30.0).ceil().clamp(1.0, rounds * 30.0) as u16;
    let (school, kind) = (
        random.pick(&SCHOOLS),
        if college { "University" } else { "HS" },
    );
    let announced = match position {
        Position::P if random.chance(0.28) => "LHP",
        Position::P => "RHP",
        Position::TWP => "TWP",
        Position::LF | Position::CF | Position::RF => "OF",
        other => other.as_str(),
    };
    Some(DraftPick {
        year: entry,
        round: ((pick - 1) / 30 + 1).to_string(),
        pick,
        team: clubs::organisation_name(random.below(clubs::organisation_count())),
        position: announced.to_owned(),
        school: format!("{school} {kind}"),
    })
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
    let overall = 45.0 + 7.0 * (seen - 1.9);
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
