//! Do two sources count the same?

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::row::our_level;
use crate::domain::{
    Check, Finding, History, LeaderLine, Level, ProspectId, Role, Season, Severity,
};
use crate::ingest::sources::FANGRAPHS;

/// Difference that is explained by rounding, resumed games and late corrections.
const TOLERATED_SHARE: f64 = 0.03;
const TOLERATED_COUNT: u32 = 5;
/// Days apart at which two countings of a running season are of the same games.
const SAME_DAYS: i32 = 2;

/// A count of ours and the newest day it is true for.
#[derive(Clone, Copy, Default)]
struct Ours {
    faced: u32,
    outs: u32,
    as_of: Option<Date>,
}

type Key = (ProspectId, Role, Option<Level>);

/// Players whose plate appearances, batters faced or outs differ between
/// FanGraphs and us in `season`; nothing while they agree.
///
/// Figures are compared only where both are of the same days, or the season was
/// over for both.
pub fn compare(season: Season, leaders: &[LeaderLine], histories: &[History]) -> Vec<Finding> {
    let ours = ours(season, histories);
    let names: BTreeMap<ProspectId, &str> = histories
        .iter()
        .map(|history| (history.prospect.id, history.prospect.name.as_str()))
        .collect();
    let mut count = 0;
    let mut examples = Vec::new();
    for (key, theirs) in theirs(season, leaders) {
        let Some(held) = ours
            .get(&key)
            .filter(|held| comparable(season, theirs.as_of, held.as_of))
        else {
            continue;
        };
        let Some((what, a, b)) = difference(&theirs, held) else {
            continue;
        };
        count += 1;
        if examples.len() < Finding::EXAMPLES {
            let name = names.get(&key.0).copied().unwrap_or_default();
            let level = key
                .2
                .map_or("all levels".to_owned(), |level| level.to_string());
            examples.push(format!(
                "{name} ({}, {level}): {a} {what} there, {b} here",
                key.0
            ));
        }
    }
    if count == 0 {
        return Vec::new();
    }
    vec![Finding {
        check: Check::Agreement,
        severity: Severity::Warning,
        source: FANGRAPHS.name.to_owned(),
        what: format!(
            "FanGraphs counts {season} otherwise than we do, for {count} players at a level"
        ),
        count,
        examples,
    }]
}

fn ours(season: Season, histories: &[History]) -> BTreeMap<Key, Ours> {
    let mut ours: BTreeMap<Key, Ours> = BTreeMap::new();
    let mut add = |id, role, level, faced: u16, outs: u16, as_of| {
        for level in [Some(level), None] {
            let held = ours.entry((id, role, level)).or_default();
            held.faced += u32::from(faced);
            held.outs += u32::from(outs);
            held.as_of = held.as_of.max(Some(as_of));
        }
    };
    for history in histories {
        let id = history.prospect.id;
        for line in history.batting.iter().filter(|line| line.season == season) {
            add(id, Role::Hitter, line.level, line.counts.pa, 0, line.as_of);
        }
        for line in history.pitching.iter().filter(|line| line.season == season) {
            add(
                id,
                Role::Pitcher,
                line.level,
                line.counts.bf,
                line.counts.outs,
                line.as_of,
            );
        }
    }
    ours
}

/// Their rows by our levels: complex and Dominican ball are one level here.
fn theirs(season: Season, leaders: &[LeaderLine]) -> BTreeMap<Key, Ours> {
    let mut theirs: BTreeMap<Key, Ours> = BTreeMap::new();
    for row in leaders.iter().filter(|row| row.season == season) {
        let held = theirs
            .entry((row.player, row.role, our_level(&row.level)))
            .or_default();
        held.faced += u32::from(row.counts.plate_appearances.unwrap_or(0));
        held.outs += u32::from(row.counts.outs.unwrap_or(0));
        // Of rows of several days the oldest decides whether they can be compared.
        let day = row.counts.published;
        held.as_of = Some(held.as_of.map_or(day, |held| held.min(day)));
    }
    theirs
}

fn comparable(season: Season, theirs: Option<Date>, ours: Option<Date>) -> bool {
    let (Some(theirs), Some(ours)) = (theirs, ours) else {
        return false;
    };
    let over = jiff::civil::Date::new(i16::try_from(season.0).unwrap_or(i16::MAX), 10, 15);
    let both_over = over.is_ok_and(|over| theirs >= over && ours >= over);
    let apart = ours.until(theirs).map_or(i32::MAX, |span| span.get_days());
    both_over || apart.abs() <= SAME_DAYS
}

fn difference(theirs: &Ours, ours: &Ours) -> Option<(&'static str, u32, u32)> {
    let (what, a, b) = match theirs.faced {
        0 => ("outs", theirs.outs, ours.outs),
        faced => ("plate appearances", faced, ours.faced),
    };
    let apart = a.abs_diff(b);
    let share = f64::from(apart) / f64::from(a.max(b).max(1));
    (apart > TOLERATED_COUNT && share > TOLERATED_SHARE).then_some((what, a, b))
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::compare;
    use crate::domain::{
        BattingCounts, BattingLine, Club, Code, History, LeaderCounts, LeaderLine, Level, OtherIds,
        Prospect, ProspectId, Role, Season,
    };

    const SEASON: Season = Season(2024);

    fn history(pa: u16, as_of: Date) -> History {
        History {
            prospect: Prospect {
                id: ProspectId(7),
                mlbam_id: None,
                name: "Ana Gram".to_owned(),
                birth_date: None,
                bats: None,
                throws: None,
                other_ids: OtherIds::default(),
            },
            batting: vec![BattingLine {
                season: SEASON,
                level: Level::Rookie,
                club: Club {
                    league: Code::default(),
                    team_id: 1,
                    team: Code::default(),
                    organisation: Code::default(),
                },
                position: None,
                as_of,
                counts: BattingCounts {
                    pa,
                    ..BattingCounts::default()
                },
            }],
            pitching: Vec::new(),
            mlb: Vec::new(),
            rookie_limits: Default::default(),
            draft: Vec::new(),
            grades: Vec::new(),
            roster: Vec::new(),
        }
    }

    fn leader(level: &str, pa: u16, published: Date) -> LeaderLine {
        LeaderLine {
            player: ProspectId(7),
            season: SEASON,
            role: Role::Hitter,
            level: level.to_owned(),
            counts: LeaderCounts {
                published,
                plate_appearances: Some(pa),
                outs: None,
                strikeouts: None,
                walks: None,
                wrc_plus: None,
                fip: None,
            },
        }
    }

    #[test]
    fn a_difference_needs_three_per_cent_and_five() {
        let day = date(2024, 12, 31);
        let found = |theirs, ours| {
            compare(SEASON, &[leader("CPX", theirs, day)], &[history(ours, day)]).len()
        };
        assert_eq!(found(100, 105), 0, "five are tolerated");
        assert_eq!(found(100, 106), 1);
        assert_eq!(found(400, 410), 0, "under three per cent");
        assert_eq!(found(400, 420), 1);
    }

    #[test]
    fn complex_and_dominican_rows_add_up_and_a_whole_season_is_compared_whole() {
        let day = date(2024, 12, 31);
        let both = [
            leader("CPX", 60, day),
            leader("DSL", 40, day),
            leader("", 100, day),
        ];
        assert!(compare(SEASON, &both, &[history(100, day)]).is_empty());
        let finding = compare(SEASON, &both[2..], &[history(200, day)]).remove(0);
        assert!(
            finding.examples[0].contains("all levels: ")
                || finding.examples[0].contains("all levels)")
        );
    }

    #[test]
    fn figures_of_other_days_are_not_compared() {
        let theirs = [leader("CPX", 50, date(2024, 5, 14))];
        assert!(compare(SEASON, &theirs, &[history(200, date(2024, 8, 1))]).is_empty());
        assert_eq!(
            compare(SEASON, &theirs, &[history(200, date(2024, 5, 15))]).len(),
            1
        );
        let unknown: [History; 0] = [];
        assert!(compare(SEASON, &theirs, &unknown).is_empty());
    }
}
