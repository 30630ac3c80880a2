//! One line of a board as it is shown.

use super::data::Line;
use crate::domain::{Code, Role};
use crate::rankings::views::BoardRow;

/// The line as a board shows it.
pub(in crate::rankings) fn row(line: &Line) -> BoardRow {
    let facts = &line.facts;
    let known = |code: &Code| (!code.is_unknown()).then(|| code.to_string());
    BoardRow {
        rank: line.rank,
        id: facts.id.0,
        name: facts.name.clone(),
        role: facts.role.to_string(),
        position: facts.position.map(|p| p.to_string()),
        level: facts.level.to_string(),
        league: known(&facts.league),
        organisation: known(&facts.organisation),
        club: known(&facts.club),
        age: (!facts.age.is_nan()).then(|| (facts.age * 10.0).round() / 10.0),
        playing_time: facts.playing_time,
        probability: line.prediction.probability,
        lower: line.prediction.lower,
        upper: line.prediction.upper,
        confidence: line.prediction.confidence.to_string(),
        thin_data: !line.prediction.evaluated,
        tier: line.tier,
        rank_change: line.previous_rank.map(|was| was as i32 - line.rank as i32),
        two_way_note: line.other_role.map(|p| two_way_note(facts.role, p)),
    }
}

fn two_way_note(role: Role, other_probability: f64) -> String {
    let percent = other_probability * 100.0;
    format!(
        "Two-way player: shown as a {role}, his higher probability; as a {} it is {percent:.1} %.",
        other(role)
    )
}

/// The other of the two roles.
pub(in crate::rankings) fn other(role: Role) -> Role {
    match role {
        Role::Hitter => Role::Pitcher,
        Role::Pitcher => Role::Hitter,
    }
}
