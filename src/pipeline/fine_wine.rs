//! The late bloomers of a season, and what became of earlier ones.
//!
//! Shares of the log-odds come from one model for every season, so that a rise
//! is the player's and not the model's. Past probabilities of that model are
//! in-sample and are not used: past seasons are chosen by the rise alone and
//! counted by what happened in windows closed by the end of the season.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::domain::{Grade, History, MlbSeason, ProspectId, Role, Sample, Season};
use crate::ml::{self, FeatureTable, Model, Snapshot};
use crate::rankings::{
    AgeCount, AgeingCurve, FineWine, LateBloomer, MIN_AGE, PastBloomer, SKILLS, meets,
};

/// Seasons before the snapshot whose lists count, with its own.
const LIST_YEARS: u16 = 2;
/// Closed seasons counted at most.
const LOOK_BACK: u16 = 15;
/// Oldest age with a row of its own; older players are counted there.
const OLDEST: u8 = 30;
/// Past players named per role.
const EXAMPLES: usize = 8;
/// What success needs more of, in plate appearances and outs.
const LINE: (u32, u32) = (500, 300);

/// The late bloomers at the end of `season`, seen by `model`.
///
/// # Errors
/// When the model does not belong to this program's features.
pub(super) fn of(
    histories: &[History],
    model: &Model,
    season: Season,
) -> Result<FineWine, ml::Error> {
    let by_id: HashMap<ProspectId, &History> =
        histories.iter().map(|h| (h.prospect.id, h)).collect();
    let mut wine = FineWine {
        lists_known: histories.iter().any(|h| listed(h, season, true)),
        ..FineWine::default()
    };
    for &role in Role::ALL {
        let first = season.minus(Season::WINDOW + LOOK_BACK);
        let cellar = Cellar {
            table: ml::extract(histories, first..=season, role),
            histories: &by_id,
            model,
        };
        let seen = cellar.ripe()?;
        wine.bloomers
            .extend(seen.iter().filter_map(|one| one.bloomer(season)));
        wine.curves.extend(curve(role, season, &seen));
    }
    Ok(wine)
}

/// Snapshots of one role with the model that weighs them.
struct Cellar<'a> {
    table: FeatureTable,
    histories: &'a HashMap<ProspectId, &'a History>,
    model: &'a Model,
}

/// An evaluated snapshot old enough, with the change since an earlier one.
struct Ripe<'a> {
    snapshot: Snapshot,
    since: Season,
    rises: [f64; SKILLS.len()],
    history: &'a History,
}

impl<'a> Cellar<'a> {
    fn ripe(&self) -> Result<Vec<Ripe<'a>>, ml::Error> {
        let rows = || self.table.snapshots.iter().enumerate();
        let evaluated: HashMap<(ProspectId, Season), usize> = rows()
            .filter(|(_, s)| s.evaluated)
            .map(|(row, s)| ((s.id.prospect, s.id.season), row))
            .collect();
        let mut shares = HashMap::new();
        let mut found = Vec::new();
        for (row, snapshot) in rows() {
            if !snapshot.evaluated || snapshot.age.is_none_or(|age| age < MIN_AGE) {
                continue;
            }
            let at = snapshot.id;
            let earlier = (1..=2)
                .map(|back| at.season.minus(back))
                .find_map(|s| Some((s, *evaluated.get(&(at.prospect, s))?)));
            let (Some((since, before)), Some(history)) =
                (earlier, self.histories.get(&at.prospect))
            else {
                continue;
            };
            let (now, before) = (
                self.skills(row, &mut shares)?,
                self.skills(before, &mut shares)?,
            );
            found.push(Ripe {
                snapshot: *snapshot,
                since,
                rises: std::array::from_fn(|skill| now[skill] - before[skill]),
                history,
            });
        }
        Ok(found)
    }

    /// What each skill adds to the log-odds of a row; kept, since a season is
    /// compared with the one before and the one after.
    fn skills(
        &self,
        row: usize,
        known: &mut HashMap<usize, [f64; SKILLS.len()]>,
    ) -> Result<[f64; SKILLS.len()], ml::Error> {
        if let Some(&shares) = known.get(&row) {
            return Ok(shares);
        }
        let attribution = self.model.explain(self.table.role, self.table.row(row))?;
        let definitions = ml::definitions(self.table.role);
        let mut shares = [0.0; SKILLS.len()];
        for share in &attribution.contributions {
            let group = definitions[usize::from(share.feature)].group;
            if let Some(skill) = SKILLS.iter().position(|&skill| skill == group) {
                shares[skill] += share.log_odds;
            }
        }
        known.insert(row, shares);
        Ok(shares)
    }
}

impl Ripe<'_> {
    fn season(&self) -> Season {
        self.snapshot.id.season
    }

    fn rose(&self) -> bool {
        meets(self.snapshot.age, self.rises.iter().sum())
    }

    fn bloomer(&self, season: Season) -> Option<LateBloomer> {
        let now = self.season() == season && self.rose() && !listed(self.history, season, true);
        now.then(|| LateBloomer {
            id: self.snapshot.id.prospect,
            role: self.snapshot.id.role,
            since: self.since,
            rises: self.rises,
            last_list: last_list(self.history, season),
        })
    }

    fn age(&self) -> u8 {
        let years = self.snapshot.age.map_or(0.0, f32::floor) as u8;
        years.min(OLDEST)
    }
}

/// True when a list of `season` or the one before holds the player. For
/// counting the past, lists that kept only players who were still prospects
/// later are left out: to be on one foretells.
fn listed(history: &History, season: Season, survivors: bool) -> bool {
    let window = season.minus(LIST_YEARS - 1)..=season;
    let counts = |grade: &&Grade| survivors || grade.sample != Sample::Survivor;
    professional(history)
        .filter(counts)
        .any(|grade| window.contains(&year(grade)))
}

fn last_list(history: &History, season: Season) -> Option<(u16, String)> {
    let past = professional(history).filter(|grade| year(grade) <= season);
    let last = past.max_by_key(|grade| (year(grade), grade.published));
    last.map(|grade| (year(grade).0, grade.source.clone()))
}

/// Lists of professionals; amateur boards say nothing of the minors.
fn professional(history: &History) -> impl Iterator<Item = &Grade> {
    let grades = history.grades.iter();
    grades.filter(|grade| grade.sample != Sample::Amateur)
}

fn year(grade: &Grade) -> Season {
    grade
        .published
        .map_or(grade.list_year, |day| Season(day.year() as u16))
}

/// What became of the snapshots of seasons whose windows closed by `season`.
fn curve(role: Role, season: Season, seen: &[Ripe<'_>]) -> Option<AgeingCurve> {
    let closed: Vec<&Ripe<'_>> = seen
        .iter()
        .filter(|one| one.season().plus(Season::WINDOW) <= season)
        .filter(|one| one.snapshot.label.is_some())
        .filter(|one| !listed(one.history, one.season(), false))
        .collect();
    let seasons = || closed.iter().map(|one| one.season());
    let mut curve = AgeingCurve {
        role,
        seasons: (seasons().min()?, seasons().max()?),
        by_age: by_age(&closed),
        players: 0,
        crossed_at: Vec::new(),
        crossed_after: [0; 4],
        examples: Vec::new(),
    };
    count_crossings(&closed, &mut curve);
    Some(curve)
}

fn by_age(closed: &[&Ripe<'_>]) -> Vec<AgeCount> {
    let mut ages: BTreeMap<u8, AgeCount> = BTreeMap::new();
    for one in closed {
        let count = ages.entry(one.age()).or_default();
        count.age = one.age();
        let side = if one.rose() {
            &mut count.risen
        } else {
            &mut count.others
        };
        side.0 += 1;
        side.1 += u32::from(one.snapshot.label == Some(true));
    }
    ages.into_values().collect()
}

/// Counts each player once, at his first season that met the definition.
fn count_crossings(closed: &[&Ripe<'_>], curve: &mut AgeingCurve) {
    let mut counted = HashSet::new();
    let mut ages: BTreeMap<u8, u32> = BTreeMap::new();
    // Snapshots come in order of season.
    for one in closed.iter().filter(|one| one.rose()) {
        if !counted.insert(one.snapshot.id.prospect) {
            continue;
        }
        curve.players += 1;
        let Some((crossed, became)) = crossing(&one.history.mlb, one.season()) else {
            continue;
        };
        curve.crossed_after[usize::from(crossed.0 - one.season().0 - 1)] += 1;
        let age = crossed.age(one.history.prospect.birth_date);
        *ages.entry(age.map_or(0.0, f32::floor) as u8).or_default() += 1;
        curve.examples.push(PastBloomer {
            id: one.snapshot.id.prospect,
            name: one.history.prospect.name.clone(),
            season: one.season(),
            age: one.snapshot.age.unwrap_or(f32::NAN),
            level: one.snapshot.level,
            crossed,
            became,
        });
    }
    curve.crossed_at = ages.into_iter().collect();
    let far = |past: &PastBloomer| {
        let (pa, outs) = past.became;
        (u64::from(pa) * u64::from(LINE.1)).max(u64::from(outs) * u64::from(LINE.0))
    };
    curve
        .examples
        .sort_by_key(|past| (std::cmp::Reverse(far(past)), past.id));
    curve.examples.truncate(EXAMPLES);
}

/// The season in which the line was crossed within the window after `season`,
/// with the whole window's plate appearances and outs.
fn crossing(mlb: &[MlbSeason], season: Season) -> Option<(Season, (u32, u32))> {
    let window = season.plus(1)..=season.plus(Season::WINDOW);
    let mut years: Vec<&MlbSeason> = mlb.iter().filter(|m| window.contains(&m.season)).collect();
    years.sort_by_key(|m| m.season);
    let (mut sum, mut crossed) = ((0, 0), None);
    for year in years {
        sum = (sum.0 + u32::from(year.pa), sum.1 + u32::from(year.outs));
        if crossed.is_none() && (sum.0 > LINE.0 || sum.1 > LINE.1) {
            crossed = Some(year.season);
        }
    }
    crossed.map(|crossed| (crossed, sum))
}

#[cfg(test)]
mod tests {
    use super::{crossing, listed, of};
    use crate::domain::{Grade, History, MlbSeason, Sample, Season};
    use crate::ml::Model;
    use crate::simulate::{self, LeagueSettings};

    const SEASON: Season = Season(2019);

    fn upto(mut history: History) -> History {
        history.batting.retain(|line| line.season <= SEASON);
        history.pitching.retain(|line| line.season <= SEASON);
        history.mlb.retain(|line| line.season <= SEASON);
        history.draft.retain(|pick| pick.year <= SEASON);
        history.grades.retain(|grade| super::year(grade) <= SEASON);
        history
    }

    #[test]
    fn the_future_changes_nothing() {
        let settings = LeagueSettings {
            players: 3000,
            ..LeagueSettings::default()
        };
        let league = simulate::league(&settings);
        let model = Model::embedded().expect("the shipped model");
        let known = of(&league, &model, SEASON).expect("explains");
        assert!(!known.bloomers.is_empty() && !known.curves.is_empty());
        let past: Vec<History> = league.into_iter().map(upto).collect();
        assert_eq!(of(&past, &model, SEASON).expect("explains"), known);
        for curve in &known.curves {
            assert!(curve.seasons.1.plus(Season::WINDOW) <= SEASON);
            let crossed: u32 = curve.crossed_after.iter().sum();
            assert_eq!(crossed, curve.crossed_at.iter().map(|at| at.1).sum::<u32>());
        }
    }

    fn history() -> History {
        simulate::league(&LeagueSettings {
            players: 40,
            ..LeagueSettings::default()
        })
        .swap_remove(0)
    }

    #[test]
    fn lists_count_for_their_year_and_the_next() {
        let grade = |year: u16, sample| Grade {
            source: "demo_board".into(),
            list: "board".into(),
            list_year: Season(year),
            published: None,
            sample,
            rank: Some(1),
            org_rank: None,
            future_value: None,
            tools: Vec::new(),
        };
        let on = |grades: Vec<Grade>, survivors| {
            let history = History {
                grades,
                ..history()
            };
            [2019, 2020, 2021, 2022].map(|season| listed(&history, Season(season), survivors))
        };
        assert_eq!(
            on(vec![grade(2020, Sample::Full)], true),
            [false, true, true, false]
        );
        assert_eq!(on(vec![grade(2020, Sample::Amateur)], true), [false; 4]);
        assert_eq!(on(vec![grade(2020, Sample::Survivor)], false), [false; 4]);
    }

    #[test]
    fn the_line_is_crossed_beyond_500_and_not_at_it() {
        let line = |year: u16, pa: u16, outs: u16| MlbSeason {
            pa,
            outs,
            ..MlbSeason::empty(Season(year))
        };
        let at = |mlb: &[MlbSeason]| crossing(mlb, Season(2010)).map(|found| found.0.0);
        assert_eq!(at(&[line(2011, 500, 300)]), None);
        assert_eq!(at(&[line(2011, 500, 0), line(2013, 1, 0)]), Some(2013));
        assert_eq!(at(&[line(2012, 0, 301)]), Some(2012));
        assert_eq!(at(&[line(2010, 400, 0), line(2015, 600, 0)]), None);
    }
}
