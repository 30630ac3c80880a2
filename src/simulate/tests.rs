//! Whether the simulated league looks like baseball.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use super::{LeagueSettings, affiliations, league, organisations, team_name, teams};
use crate::domain::{BattingCounts, History, Level, PitchingCounts, Position, Season};

static LEAGUE: LazyLock<Vec<History>> = LazyLock::new(|| league(&LeagueSettings::default()));

fn small(seed: u64) -> Vec<History> {
    league(&LeagueSettings {
        players: 200,
        seed,
        ..LeagueSettings::default()
    })
}

#[test]
fn one_seed_is_one_league() {
    assert_eq!(small(7), small(7));
    assert_ne!(small(7), small(8));
}

#[test]
fn counts_add_up() {
    for history in LEAGUE.iter() {
        for line in &history.batting {
            assert!(batting_adds_up(&line.counts), "{line:?}");
        }
        for line in &history.pitching {
            assert!(pitching_adds_up(&line.counts), "{line:?}");
        }
        for year in &history.mlb {
            assert!(
                year.ab <= year.pa && year.hr <= year.h && year.h <= year.ab,
                "{year:?}"
            );
            assert!(year.gs <= year.g_pit && year.p_so <= year.outs, "{year:?}");
        }
    }
}

fn batting_adds_up(c: &BattingCounts) -> bool {
    c.pa == c.ab + c.bb + c.hbp + c.sh + c.sf
        && c.h + c.so <= c.ab
        && c.b2 + c.b3 + c.hr <= c.h
        && c.ibb <= c.bb
        && c.whiffs <= c.swings
        && c.swings <= c.pitches
        && c.g > 0
}

fn pitching_adds_up(c: &PitchingCounts) -> bool {
    c.bf >= c.h + c.bb + c.hbp + c.so
        && c.so <= c.outs
        && c.er <= c.r
        && c.hr <= c.h
        && c.gs <= c.g
        && c.w + c.l + c.sv + c.hld <= c.g
        && c.sho <= c.cg
        && c.whiffs <= c.strikes
        && c.strikes <= c.pitches
}

#[test]
fn calendar_and_ages_are_those_of_affiliated_ball() {
    for history in LEAGUE.iter() {
        let born = history.prospect.birth_date;
        let bats = history.batting.iter().map(|line| (line.season, line.level));
        let throws = history
            .pitching
            .iter()
            .map(|line| (line.season, line.level));
        for (season, level) in bats.chain(throws) {
            assert!((2009..=2026).contains(&season.0) && season.0 != 2020);
            assert!(level != Level::ShortSeasonA || season.0 <= 2019);
            let age = season.age(born).expect("every player has a birth date");
            assert!(
                (15.5..45.0).contains(&age),
                "{} is {age}",
                history.prospect.name
            );
        }
    }
}

/// Hitter snapshots with enough playing time and a closed window, each with
/// its label and a plain score of on-base plus slugging, level and age.
fn hitter_snapshots() -> Vec<(bool, f64)> {
    let mut snapshots = Vec::new();
    for history in LEAGUE.iter() {
        let mut seasons = BTreeMap::<Season, Vec<_>>::new();
        for line in &history.batting {
            seasons.entry(line.season).or_default().push(line);
        }
        for (season, lines) in seasons.range(..=Season(2022)) {
            let pa: u16 = lines.iter().map(|line| line.counts.pa).sum();
            if pa >= 75 && still_rookie(history, *season) {
                let best = lines
                    .iter()
                    .max_by_key(|line| line.level)
                    .expect("not empty");
                let score = plain_score(
                    &best.counts,
                    best.level,
                    season.age(history.prospect.birth_date),
                );
                snapshots.push((succeeds(history, *season), score));
            }
        }
    }
    snapshots
}

fn still_rookie(history: &History, season: Season) -> bool {
    let before = || history.mlb.iter().filter(|year| year.season <= season);
    before().map(|year| u32::from(year.ab)).sum::<u32>() <= 130
        && before().map(|year| u32::from(year.outs)).sum::<u32>() <= 150
}

fn succeeds(history: &History, season: Season) -> bool {
    let window = || {
        (history.mlb.iter())
            .filter(|year| year.season > season && year.season <= season.plus(Season::WINDOW))
    };
    window().map(|year| u32::from(year.pa)).sum::<u32>() > 500
        || window().map(|year| u32::from(year.outs)).sum::<u32>() > 300
}

fn plain_score(c: &BattingCounts, level: Level, age: Option<f32>) -> f64 {
    let bases = f64::from(c.h + c.b2 + 2 * c.b3 + 3 * c.hr) / f64::from(c.ab.max(1));
    let on_base = f64::from(c.h + c.bb + c.hbp) / f64::from(c.pa);
    5.0 * (bases + on_base) + 1.3 * level as u8 as f64 - 0.5 * f64::from(age.unwrap_or(22.0))
}

#[test]
fn success_is_as_rare_as_in_life_and_follows_talent() {
    let snapshots = hitter_snapshots();
    let good: Vec<f64> = snapshots.iter().filter(|s| s.0).map(|s| s.1).collect();
    let rest: Vec<f64> = snapshots.iter().filter(|s| !s.0).map(|s| s.1).collect();
    let rate = good.len() as f64 / snapshots.len() as f64;
    assert!((0.03..0.08).contains(&rate), "base rate {rate}");
    let wins: usize = good
        .iter()
        .map(|g| rest.iter().filter(|r| *r < g).count())
        .sum();
    let auc = wins as f64 / (good.len() * rest.len()) as f64;
    assert!(auc > 0.75, "AUC {auc}");
}

#[test]
fn every_level_has_plausible_rates() {
    for &level in Level::ALL {
        let lines = || {
            LEAGUE
                .iter()
                .flat_map(|h| &h.batting)
                .filter(move |line| line.level == level)
        };
        let sum = |count: fn(&BattingCounts) -> u16| {
            lines()
                .map(|line| f64::from(count(&line.counts)))
                .sum::<f64>()
        };
        let pa = sum(|c| c.pa);
        let (so, bb, hr) = (sum(|c| c.so) / pa, sum(|c| c.bb) / pa, sum(|c| c.hr) / pa);
        assert!((0.17..0.25).contains(&so), "{level} strikeouts {so}");
        assert!((0.075..0.125).contains(&bb), "{level} walks {bb}");
        assert!((0.007..0.032).contains(&hr), "{level} home runs {hr}");
    }
}

#[test]
fn there_is_somebody_for_every_page() {
    let named = |part: &str| LEAGUE.iter().any(|h| h.prospect.name.contains(part));
    assert!(["ñ", "-", " Jr.", " II", "O'"].into_iter().all(named));
    let two_way = |h: &History| !h.batting.is_empty() && !h.pitching.is_empty();
    assert!(
        LEAGUE
            .iter()
            .any(|h| two_way(h) && h.batting[0].position == Some(Position::TWP))
    );
    assert!(LEAGUE.iter().any(|h| h.rookie_limits.passed_on.is_some()));
    assert!(LEAGUE.iter().filter(|h| !h.draft.is_empty()).count() > 2000);
    let listed = LEAGUE
        .iter()
        .flat_map(|h| &h.grades)
        .filter(|g| g.list_year == Season(2026));
    assert_eq!(listed.count(), 100);
    assert!(affiliations(&LEAGUE, Season(2026)).len() > 700);
}

#[test]
fn rookie_limits_agree_with_the_seasons() {
    for history in LEAGUE.iter() {
        let limits = history.rookie_limits;
        assert_eq!(limits.debut.is_some(), !history.mlb.is_empty());
        assert!(limits.passed_on.is_none() || limits.passed_on >= limits.debut);
        for year in &history.mlb {
            let passed = !still_rookie(history, year.season);
            assert_eq!(
                limits.passed_through(year.season),
                passed,
                "{}",
                history.prospect.name
            );
        }
    }
}

#[test]
fn clubs_are_distinct_and_named() {
    let teams = teams();
    assert_eq!(teams.len(), 84);
    assert_eq!(organisations().len(), 12);
    assert_eq!(
        teams.iter().map(|t| &t.name).collect::<HashSet<_>>().len(),
        84
    );
    for team in &teams {
        assert_eq!(team_name(team.team_id).as_ref(), Some(&team.name));
        assert!(!team.club.team.is_unknown() && !team.club.league.is_unknown());
    }
    assert_eq!(team_name(900_085), None);
}

#[test]
fn no_draft_pick_is_spent_twice() {
    let picks = || {
        LEAGUE
            .iter()
            .flat_map(|h| &h.draft)
            .map(|pick| (pick.year, pick.pick))
    };
    assert_eq!(picks().collect::<HashSet<_>>().len(), picks().count());
    assert!(picks().all(|(year, pick)| year != Season(2020) || pick <= 300));
}

#[test]
fn names_are_mostly_distinct_and_never_famous() {
    let names: HashSet<_> = LEAGUE.iter().map(|h| &h.prospect.name).collect();
    assert!(
        names.len() * 100 > LEAGUE.len() * 90,
        "{} distinct",
        names.len()
    );
    assert!(LEAGUE.iter().all(|h| h.prospect.name != "Javier Báez"));
}

#[test]
fn a_club_has_one_line_of_a_player_and_season() {
    for history in league(&LeagueSettings::default()) {
        let mut keys: Vec<_> = history
            .batting
            .iter()
            .map(|l| (l.season, l.level, l.club))
            .collect();
        let lines = keys.len();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), lines, "{}", history.prospect.name);
    }
}
