//! How the groups of reasons are spoken of: the noun, and the one figure that
//! shows what is meant, when it points the way the group does.

use super::explain::GroupShare;
use crate::domain::{Level, Position, Role};
use crate::rankings::board::entry::{Facts, RATES};

/// Playing time of a season that counts as much.
const FULL: u32 = 300;

/// What sentences may quote of a player.
pub(in crate::rankings) struct Quotable<'a> {
    pub(in crate::rankings) facts: &'a Facts,
    /// Share of players of his level and age who are worse, per rate.
    pub(in crate::rankings) better_than: [Option<f32>; RATES],
}

/// `power`, `age for his level`: the group inside a sentence.
pub(in crate::rankings) fn noun(group: &str, role: Role) -> &'static str {
    match (group, role) {
        ("Age for level", _) => "his age for the level",
        ("Level", _) => "the level he has reached",
        ("Power", _) => "his power",
        ("Contact", _) => "his contact",
        ("Discipline", _) => "his plate discipline",
        ("Speed", _) => "his speed",
        ("Stuff", _) => "his stuff",
        ("Command", _) => "his command",
        ("Run prevention", _) => "his run prevention",
        ("Role", Role::Hitter) => "his position",
        ("Role", Role::Pitcher) => "his role on the staff",
        ("Durability", _) => "his playing time",
        ("Pedigree", _) => "his pedigree",
        _ => "his track record",
    }
}

/// The figure behind a group's share; `None` when none is known or it points
/// the other way, as a season's rate does when the record before outweighs it.
pub(in crate::rankings) fn figure(
    share: &GroupShare<'_>,
    quotable: &Quotable<'_>,
) -> Option<String> {
    let facts = quotable.facts;
    let helps = share.log_odds > 0.0;
    let rate = |rate: usize| quotable.rate(rate, helps);
    match (share.group, facts.role) {
        ("Age for level", _) => age(share, facts, helps),
        ("Level", _) if (facts.level >= Level::DoubleA) == helps => {
            Some(level(facts.level).to_owned())
        }
        ("Contact", Role::Hitter) | ("Stuff", Role::Pitcher) => rate(0),
        ("Discipline", Role::Hitter) | ("Command", Role::Pitcher) => rate(1),
        ("Power", Role::Hitter) => rate(3),
        ("Speed", Role::Hitter) => rate(4),
        ("Run prevention", Role::Pitcher) => rate(3),
        ("Role", Role::Hitter) => position(facts.position?, helps).map(str::to_owned),
        ("Role", Role::Pitcher) => staff(share.value("start_share_career")?, helps),
        ("Durability", _) if (facts.playing_time >= FULL) == helps => Some(format!(
            "{} {} in the season",
            facts.playing_time,
            trials(facts)
        )),
        ("Pedigree", _) => pedigree(share),
        _ => None,
    }
}

/// `plate appearances` or `batters faced`.
pub(in crate::rankings) fn trials(facts: &Facts) -> &'static str {
    match (facts.role, facts.playing_time) {
        (Role::Hitter, 1) => "plate appearance",
        (Role::Hitter, _) => "plate appearances",
        (Role::Pitcher, 1) => "batter faced",
        (Role::Pitcher, _) => "batters faced",
    }
}

/// The level's name in a sentence.
pub(in crate::rankings) fn level(level: Level) -> &'static str {
    match level {
        Level::Rookie => "rookie ball",
        Level::ShortSeasonA => "short-season A",
        Level::A => "Single-A",
        Level::HighA => "High-A",
        Level::DoubleA => "Double-A",
        Level::TripleA => "Triple-A",
    }
}

impl Quotable<'_> {
    /// A rate of the season with its standing, when better (or worse) than both
    /// his leagues' average and half of his peers, as `helps` says.
    fn rate(&self, rate: usize, helps: bool) -> Option<String> {
        let facts = self.facts;
        let (own, average) = (facts.rates[rate], facts.averages[rate]);
        if own.is_nan() || average.is_nan() {
            return None;
        }
        let higher = crate::rankings::board::entry::rate_labels(facts.role)[rate].1;
        let better = if higher { own > average } else { own < average };
        let standing = self.better_than[rate];
        let half = standing.is_none_or(|share| (share >= 0.5) == helps);
        if better != helps || !half {
            return None;
        }
        let spoken = spoken(facts.role, rate, own);
        Some(match standing {
            Some(share) => format!("{spoken}, {}", beside(share, helps, facts.role)),
            None => spoken,
        })
    }
}

/// `better than 91 % of hitters at his level and age`.
fn beside(better_than: f32, helps: bool, role: Role) -> String {
    // Rounded down and never all or none: the peers are a sample.
    let whole = (better_than * 100.0).floor().min(99.0);
    let people = format!("of {role}s at his level and age");
    if helps {
        format!("better than {whole:.0} % {people}")
    } else if whole < 1.0 {
        format!("better than fewer than 1 % {people}")
    } else {
        format!("better than only {whole:.0} % {people}")
    }
}

/// A rate the way baseball people write it.
pub(in crate::rankings) fn spoken(role: Role, rate: usize, value: f32) -> String {
    let percent = value * 100.0;
    match (role, rate) {
        (_, 0) => format!("a strikeout rate of {percent:.1} %"),
        (_, 1) => format!("a walk rate of {percent:.1} %"),
        (Role::Hitter, 3) => format!(
            "an isolated power of {}",
            format!("{value:.3}").trim_start_matches('0')
        ),
        (Role::Hitter, 4) => format!("{:.0} steals per 600 plate appearances", value * 600.0),
        (Role::Hitter, _) => format!("home runs in {percent:.1} % of plate appearances"),
        (Role::Pitcher, 2) => format!("strikeouts minus walks of {percent:.1} %"),
        (Role::Pitcher, 3) => format!("home runs to {percent:.1} % of batters"),
        (Role::Pitcher, _) => format!("hits to {percent:.1} % of batters"),
    }
}

fn age(share: &GroupShare<'_>, facts: &Facts, helps: bool) -> Option<String> {
    let gap = share.value("age_vs_level")?;
    // A gap that rounds to nothing is no reason either way.
    if facts.age.is_nan() || gap.abs() < 0.05 || (gap < 0.0) != helps {
        return None;
    }
    let side = if gap < 0.0 { "younger" } else { "older" };
    let gap = format!("{:.1}", gap.abs());
    let years = if gap == "1.0" { "year" } else { "years" };
    Some(format!(
        "{:.1} years old, {gap} {years} {side} than the average where he played",
        facts.age
    ))
}

/// The draft pick or the published grade, when that part points the same way.
fn pedigree(share: &GroupShare<'_>) -> Option<String> {
    let points_there = |names: &[&str]| {
        let part = share.part(names);
        part != 0.0 && (part > 0.0) == (share.log_odds > 0.0)
    };
    let draft = ["drafted", "draft_pick", "draft_fading"];
    let survey = ["scouting_listed", "scouting_grade"];
    let listed = share.value("scouting_listed") == Some(1.0);
    let grade = share.value("scouting_grade").filter(|_| listed);
    let first = share.part(&survey).abs() > share.part(&draft).abs();
    if let Some(grade) = grade.filter(|_| first && points_there(&survey)) {
        return Some(format!("a published future value of {grade:.0}"));
    }
    if share.value("drafted") == Some(1.0) && points_there(&draft) {
        let pick = share.value("draft_pick")?.exp().round();
        return Some(format!("pick {pick:.0} of his draft"));
    }
    None
}

/// A position that speaks for him, or one that asks more of his bat.
fn position(position: Position, helps: bool) -> Option<&'static str> {
    let (demanding, name) = match position {
        Position::C => (true, "catcher"),
        Position::SS => (true, "shortstop"),
        Position::CF => (true, "center field"),
        Position::B2 => (true, "second base"),
        Position::B3 => (true, "third base"),
        Position::B1 => (false, "first base"),
        Position::LF => (false, "left field"),
        Position::RF => (false, "right field"),
        Position::OF => (false, "the outfield"),
        Position::DH => (false, "designated hitter"),
        Position::IF | Position::P | Position::TWP => return None,
    };
    (demanding == helps).then_some(name)
}

/// How a pitcher was used over his career, where it is clear.
fn staff(starts: f32, helps: bool) -> Option<String> {
    match helps {
        true if starts > 0.6 => Some("mostly a starter".to_owned()),
        false if starts < 0.25 => Some("mostly a reliever".to_owned()),
        _ => None,
    }
}
