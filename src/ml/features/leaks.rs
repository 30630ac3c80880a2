//! No feature may know the future: these tests replace it and compare bits.

use jiff::civil::date;

use super::{FeatureTable, definitions, extract};
use crate::domain::{History, MlbSeason, Role, RosterMove, RosterStep, Sample, Season};
use crate::ml::fixture::{FIRST, LAST, grade, league};

const CUT: Season = Season(2012);

/// What a feature extractor is to these tests.
type Extract = fn(&[History], Season, Role) -> FeatureTable;

fn honest(histories: &[History], season: Season, role: Role) -> FeatureTable {
    extract(histories, Season(FIRST)..=season, role)
}

/// Adds a glimpse of the future to the first feature.
fn leaking(histories: &[History], season: Season, role: Role) -> FeatureTable {
    let mut table = honest(histories, season, role);
    let width = table.width();
    for (i, snapshot) in table.snapshots.iter().enumerate() {
        let history = histories
            .iter()
            .find(|h| h.prospect.id == snapshot.id.prospect);
        let later = history.map_or(0, |h| h.mlb.iter().filter(|m| m.season > season).count());
        table.values[i * width] += later as f32;
    }
    table
}

/// Every row after the cut is replaced by another player's, and the last
/// players lose theirs; grades, drafts and debuts of later years appear.
fn another_future(histories: &[History]) -> Vec<History> {
    let shift = histories.len() / 3;
    let donors = histories.iter().cycle().skip(shift);
    histories
        .iter()
        .zip(donors)
        .enumerate()
        .map(|(i, (history, donor))| {
            let mut h = history.clone();
            h.batting.retain(|l| l.season <= CUT);
            h.pitching.retain(|l| l.season <= CUT);
            h.mlb.retain(|m| m.season <= CUT);
            if i % 7 > 0 {
                h.batting
                    .extend(donor.batting.iter().filter(|l| l.season > CUT));
                h.pitching
                    .extend(donor.pitching.iter().filter(|l| l.season > CUT));
                h.mlb.extend(donor.mlb.iter().filter(|m| m.season > CUT));
            }
            h.grades.push(grade(CUT.0 + 1, Sample::Full, 70.0));
            h.rookie_limits.debut = h.rookie_limits.debut.or(Some(date(2013, 5, 1)));
            h.rookie_limits.passed_by = Some(CUT.plus(1));
            h.roster.retain(|step| step.day <= CUT.last_day());
            h.roster.push(RosterMove {
                day: date(2013, 1, 1),
                step: RosterStep::Added,
            });
            h
        })
        .collect()
}

/// A league with a log of moves that reaches the cut and goes on.
fn logged(players: u32) -> Vec<History> {
    let mut histories = league(players);
    for (i, history) in histories.iter_mut().enumerate() {
        let month = 1 + (i % 12) as i8;
        for year in 2010..=2014 {
            let step = [RosterStep::Added, RosterStep::Held, RosterStep::Removed][i % 3];
            let day = date(year, month, 20);
            history.roster.push(RosterMove { day, step });
        }
    }
    histories
}

fn same_features(extract: Extract, histories: &[History]) -> bool {
    let changed = another_future(histories);
    [Role::Hitter, Role::Pitcher].into_iter().all(|role| {
        let (a, b) = (extract(histories, CUT, role), extract(&changed, CUT, role));
        assert!(a.len() > 100, "too few snapshots to say anything");
        let ids = |t: &FeatureTable| t.snapshots.iter().map(|s| s.id).collect::<Vec<_>>();
        let bits = |t: &FeatureTable| t.values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        ids(&a) == ids(&b) && bits(&a) == bits(&b)
    })
}

#[test]
fn another_future_leaves_every_feature_as_it_was() {
    let histories = logged(600);
    let on = column(&histories, "on_roster");
    assert!(on.contains(&1.0) && on.contains(&0.0), "rosters are told");
    assert!(same_features(honest, &histories));
}

#[test]
fn a_planted_leak_is_noticed() {
    assert!(!same_features(leaking, &league(600)));
}

#[test]
fn the_order_of_players_and_lines_does_not_matter() {
    let histories = league(300);
    let mut shuffled: Vec<History> = histories.iter().rev().cloned().collect();
    shuffled.iter_mut().for_each(|h| h.batting.reverse());
    let bits = |h: &[History]| {
        let table = honest(h, Season(LAST), Role::Hitter);
        table.values.iter().map(|v| v.to_bits()).collect::<Vec<_>>()
    };
    assert_eq!(bits(&histories), bits(&shuffled));
}

fn column(histories: &[History], name: &str) -> Vec<f32> {
    let table = extract(histories, CUT..=CUT, Role::Hitter);
    let at = definitions(Role::Hitter)
        .iter()
        .position(|d| d.name == name)
        .expect("is a feature");
    (0..table.len()).map(|i| table.row(i)[at]).collect()
}

#[test]
fn survivors_and_later_or_undated_grades_are_ignored() {
    let plain = league(1000);
    let with = |change: &dyn Fn(usize, &mut History)| {
        let mut histories = plain.clone();
        histories
            .iter_mut()
            .enumerate()
            .for_each(|(i, h)| change(i, h));
        column(&histories, "scouting_grade")
    };
    let survivors = with(&|_, h| h.grades.push(grade(CUT.0, Sample::Survivor, 60.0)));
    let later = with(&|_, h| h.grades.push(grade(CUT.0 + 1, Sample::Full, 60.0)));
    let undated = with(&|_, h| {
        h.grades.push(grade(CUT.0, Sample::Full, 60.0));
        h.grades[0].published = None;
    });
    for ignored in [survivors, later, undated] {
        assert!(ignored.iter().all(|v| v.is_nan()));
    }
    let listed = with(&|i, h| {
        if i % 2 == 0 || i % 3 == 0 {
            h.grades.push(grade(CUT.0, Sample::Full, 60.0));
        }
    });
    assert!(listed.contains(&60.0), "a board of the season counts");
}

#[test]
fn an_open_window_has_no_label() {
    for role in [Role::Hitter, Role::Pitcher] {
        let table = extract(&league(300), Season(FIRST)..=Season(LAST), role);
        for s in &table.snapshots {
            assert_eq!(s.label.is_some(), s.id.season.0 + 4 <= LAST, "{:?}", s.id);
            assert_eq!(s.progress.is_some(), s.label.is_some());
        }
    }
}

#[test]
fn major_leaguers_past_the_rookie_limits_are_no_prospects() {
    let mut histories = league(300);
    let hitter = histories
        .iter_mut()
        .find(|h| h.batting.iter().any(|l| l.season == CUT));
    let hitter = hitter.expect("somebody batted");
    let id = hitter.prospect.id;
    hitter.mlb = vec![MlbSeason {
        season: CUT,
        ab: 131,
        outs: 0,
        ..some_season()
    }];
    let present = |h: &[History]| {
        let table = extract(h, CUT..=CUT, Role::Hitter);
        table.snapshots.iter().any(|s| s.id.prospect == id)
    };
    assert!(!present(&histories));
    let hitter = histories
        .iter_mut()
        .find(|h| h.prospect.id == id)
        .expect("is there");
    hitter.mlb[0].ab = 130;
    assert!(present(&histories));
}

fn some_season() -> MlbSeason {
    let histories = league(300);
    histories
        .iter()
        .find_map(|h| h.mlb.first().copied())
        .expect("somebody made it")
}

#[test]
fn both_roles_have_more_than_fifty_features_with_distinct_names() {
    for role in [Role::Hitter, Role::Pitcher] {
        let mut names: Vec<_> = definitions(role).iter().map(|d| d.name).collect();
        assert!(names.len() > 50);
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), definitions(role).len());
    }
}

/// The same league in the middle of a season: lines to a day, half of them.
fn midway(histories: &[History], season: Season, day: jiff::civil::Date) -> Vec<History> {
    let mut cut = histories.to_vec();
    for h in &mut cut {
        h.batting.retain(|l| l.season <= season);
        h.pitching.retain(|l| l.season <= season);
        for line in h.batting.iter_mut().filter(|l| l.season == season) {
            line.as_of = day;
            line.counts.pa /= 2;
        }
        for line in h.pitching.iter_mut().filter(|l| l.season == season) {
            line.as_of = day;
            line.counts.bf /= 2;
        }
    }
    cut
}

#[test]
fn a_running_season_knows_its_own_day_and_not_the_season_in_the_majors() {
    let day = date(2012, 6, 20);
    let now = midway(&logged(600), CUT, day);
    let mut changed = now.clone();
    for h in &mut changed {
        for major in h.mlb.iter_mut().filter(|m| m.season >= CUT) {
            (major.pa, major.ab, major.outs, major.so) = (3, 3, 1, 3);
        }
        h.roster.retain(|step| step.day <= day);
        h.grades.push(grade(CUT.0, Sample::Full, 60.0));
        h.rookie_limits.passed_by = Some(CUT);
    }
    for role in [Role::Hitter, Role::Pitcher] {
        let of = |h: &[History]| {
            let table = extract(h, CUT..=CUT, role);
            assert!(table.len() > 50 && table.snapshots.iter().all(|s| s.played < 1.0));
            let bits = |v: &f32| v.to_bits();
            (
                table.len(),
                table.values.iter().map(bits).collect::<Vec<_>>(),
            )
        };
        assert!(of(&now) == of(&changed), "{role}");
    }
}

#[test]
fn the_first_line_of_a_season_leaves_everybody_where_he_was() {
    let before: Vec<History> = midway(&league(600), CUT.minus(1), CUT.minus(1).last_day());
    let mut opened = before.clone();
    let hitter = opened
        .iter_mut()
        .find(|h| h.batting.iter().any(|l| l.season.0 == CUT.0 - 1));
    let hitter = hitter.expect("somebody batted");
    let mut line = *hitter.batting.last().expect("has a line");
    (line.season, line.as_of, line.counts.pa) = (CUT, date(2012, 4, 8), 4);
    hitter.batting.push(line);
    let winter = extract(&before, CUT.minus(1)..=CUT.minus(1), Role::Hitter);
    let spring = extract(&opened, CUT..=CUT, Role::Hitter);
    let current = |t: &FeatureTable, years: u8| {
        let there = t.snapshots.iter().filter(|s| s.carried_years <= years);
        there.map(|s| s.id.prospect).collect::<Vec<_>>()
    };
    assert_eq!(current(&winter, 0), current(&spring, 1));
    let at = |name: &str| {
        definitions(Role::Hitter)
            .iter()
            .position(|d| d.name == name)
    };
    let k = at("k_rate_career").expect("is a feature");
    let age = at("age").expect("is a feature");
    for (i, s) in winter
        .snapshots
        .iter()
        .enumerate()
        .filter(|(_, s)| s.carried_years == 0)
    {
        let then = spring
            .snapshots
            .iter()
            .position(|t| t.id.prospect == s.id.prospect);
        let then = spring.row(then.expect("is there"));
        assert!((winter.row(i)[age] - then[age]).abs() < 0.02);
        if s.id.prospect != opened[0].prospect.id {
            assert!((winter.row(i)[k] - then[k]).abs() < 0.02, "{:?}", s.id);
        }
    }
}
